#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Debian's own sg3_utils for Windows: programs that nobody here wrote, for OFL_UPDATER_SG3. Needs the
# packages dpkg-dev, make and gcc-mingw-w64-x86-64, and the network for the source. Of the computer's apt nothing
# is changed: lists and sources stand in a folder of their own, which is removed.
# usage: build-sg3.sh FOLDER
set -euo pipefail
[[ $# == 1 ]] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial"
key=/usr/share/keyrings/debian-archive-keyring.gpg
apt-get indextargets --format "deb-src [signed-by=$key] \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
  'Origin: Debian' 'Created-By: Packages' | sort -u > "$work/sources.list"
apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$work/lists"
     -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache=" -o APT::Sandbox::User=root)
"${apt[@]}" update
(cd "$work" && "${apt[@]}" source sg3-utils)
cd "$work"/sg3-utils-*/
./configure -q --host=x86_64-w64-mingw32 --disable-shared
make -s -C include
make -s -C lib
make -s -C src sg_inq.exe sg_write_buffer.exe
cp src/sg_inq.exe src/sg_write_buffer.exe "$out"
"$(command -v x86_64-w64-mingw32-strip || echo true)" "$out"/*.exe
ls -l "$out"
