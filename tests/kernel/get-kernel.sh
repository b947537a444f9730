#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches Debian's kernel package and unpacks it as DIR without installing it: no boot loader and
# no initramfs of this machine is touched. Does nothing when DIR is there already.
# usage: get-kernel.sh DIR
set -eu

dir=$1
[ -e "$dir" ] && exit 0
package=$(apt-cache depends linux-image-amd64 | awk '/Depends:/ { print $2; exit }')
if [ -z "$package" ]; then
  echo "apt knows no package linux-image-amd64; try: apt-get update" >&2
  exit 1
fi
mkdir -p "$(dirname "$dir")"
work=$(mktemp -d "$dir.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/package" "$work/tree"
(cd "$work/package" && apt-get -qq -o APT::Sandbox::User=root download "$package" >&2)
dpkg -x "$work"/package/*.deb "$work/tree"
depmod -b "$work/tree" "$(ls "$work/tree/lib/modules")"
mv "$work/tree" "$dir"
