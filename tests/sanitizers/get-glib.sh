#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Debian's GLib with clang's thread sanitizer and installs it as DIR. GLib's locks are
# futexes of its own: only a GLib that was compiled with the sanitizer lets it see what they order,
# and without that each GTask looks like a race. Does nothing when DIR is there already.
# usage: get-glib.sh DIR
set -eu

dir=$1
[ -e "$dir" ] && exit 0
mkdir -p "$(dirname "$dir")"
dir=$(cd "$(dirname "$dir")" && pwd)/$(basename "$dir")
work=$(mktemp -d "$dir.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# the sources of where this machine has its packages from, beside apt's own lists
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] && signed="[signed-by=$keyring]" || signed=
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
  'Created-By: Packages' 'Origin: Debian' | sort -u | sed "s|^|deb-src $signed |" >sources.list
mkdir -p lists/partial
apt=(apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=-
  -o Dir::State::lists="$work/lists" -o APT::Sandbox::User=root)
"${apt[@]}" update
"${apt[@]}" source glib2.0 >source.log 2>&1 || { tail source.log >&2; exit 1; }

CC=clang meson setup build glib2.0-*/ --prefix "$dir" --libdir lib -Dbuildtype=debugoptimized \
  -Db_sanitize=thread -Db_lundef=false -Dtests=false -Dselinux=disabled -Dlibmount=disabled \
  -Dnls=disabled -Dman=false -Ddtrace=false -Dxattr=false >build.log 2>&1 \
  && meson install -C build >>build.log 2>&1 || { tail -n 30 build.log >&2; exit 1; }
