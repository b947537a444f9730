#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches what Debian has of libraries for another architecture and unpacks it as DIR, without installing it:
# apt gets lists and a state of its own, so this system never hears of that architecture. Does nothing when
# DIR is there already. Needs no root. Where it can't be had, that is said, and it ends with 77.
# usage: get-sysroot.sh ARCHITECTURE DIR     Debian's name for it: i386, s390x
set -eu

arch=$1 dir=$2
packages=(libc6-dev libglib2.0-dev libjson-glib-dev libcdio-dev libarchive-dev nettle-dev libgcrypt20-dev
  zlib1g-dev libucl-dev libudev-dev)

[ -e "$dir" ] && exit 0
mkdir -p "$(dirname "$dir")"
work=$(mktemp -d "$dir.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p lists/partial archives/partial root

# Where this machine has its packages from, but for the security archive: its lists for other architectures
# have been seen not to fit what lies there, and nothing of this is installed or meets a stranger's file.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] && signed="[signed-by=$keyring]" || signed=
# shellcheck disable=SC2016
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' \
  | sort -u | grep -v -e '-security ' | sed "s|^|deb $signed |" >sources.list
: >status
apt=(apt-get -qq -o APT::Architecture="$arch" -o APT::Architectures::="$arch" -o APT::Sandbox::User=root
  -o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::= -o Debug::NoLocking=yes
  -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State="$work"
  -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work")
{ "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends --download-only "${packages[@]}"; } \
  >fetch.log 2>&1 || {
  echo "Debian's libraries for $arch can't be had: $(grep -h '^[EW]:' fetch.log | head -n 1)" >&2
  exit 77
}

for package in archives/*.deb; do dpkg -x "$package" root; done
# a link to /lib/… means this one's
find root -type l -lname '/*' -printf '%p %l\n' | while read -r link target; do
  ln -sfr "root$target" "$link"
done
mv root "$dir"
