#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds a small initramfs: busybox, init, and the modules that are needed to reach a 9p share.
# usage: mkinitramfs.sh KERNEL_TREE OUT
set -eu

tree=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$(ls "$tree/lib/modules")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/{bin,proc,sys,dev,lower,upper,root,mod}
cp "$(command -v busybox)" "$work/bin/busybox"
install -m 755 "$here/init" "$work/init"

# in the order in which they depend on each other, numbered so that the shell keeps it
n=0
for name in virtio_pci 9pnet_virtio 9p overlay; do
  modprobe -d "$tree" -S "$version" --show-depends "$name"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
  n=$((n + 1))
  cp "$path" "$work/mod/$(printf %02d $n)-${path##*/}"
done

# whole or not at all: two runs may build it at the same time
(cd "$work" && find . | cpio -o -H newc --quiet | gzip -1) >"$out.$$"
mv "$out.$$" "$out"
