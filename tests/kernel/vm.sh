#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one bash script as root in a throw-away guest with Debian's kernel.
# usage: vm.sh [-t SECONDS] [-s NAME=DIR]... XCHG_DIR JOB [more QEMU arguments]
#  -t  give up after this time
#  -s  show DIR read-only as /NAME in the guest
# The guest sees this machine's root read-only (what it writes goes to memory) and XCHG_DIR
# writable as /xchg; there the job's output is found as job.out. The status is the job's.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/optiflash/kernel
tree=$cache/tree
limit=180
shares=kernel
virtfs=(-virtfs "local,path=$tree,mount_tag=kernel,security_model=none,readonly=on,id=kernel")
while getopts t:s: option; do
  case $option in
    t) limit=$OPTARG ;;
    s)
      name=${OPTARG%%=*}
      shares=$shares,$name
      virtfs+=(-virtfs
        "local,path=${OPTARG#*=},mount_tag=$name,security_model=none,readonly=on,id=$name")
      ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
xchg=$1 job=$2
shift 2

[ "$job" -ef "$xchg/job" ] || cp "$job" "$xchg/job"
rm -f "$xchg/job.out" "$xchg/job.rc"
initrd=$cache/initrd.gz
if ! [ "$initrd" -nt "$here/init" ] || ! [ "$initrd" -nt "$here/mkinitramfs.sh" ]; then
  "$here/mkinitramfs.sh" "$tree" "$initrd"
fi

# What costs an emulated machine much and a real one nothing: at other addresses in every process the same
# code is translated again, and of a "rep" instruction each turn is emulated by itself.
quick="norandmaps clearcpuid=erms,fsrm,rep_good"

status=0
timeout -k 5 "$limit" qemu-system-x86_64 \
  -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -M q35 \
  -nodefaults -no-user-config -display none -no-reboot \
  -kernel "$tree"/boot/vmlinuz-* -initrd "$initrd" \
  -append "console=ttyS0 quiet panic=-1 net.ifnames=0 mitigations=off nokaslr $quick shares=$shares" \
  -serial "file:$xchg/console" \
  -virtfs local,path=/,mount_tag=hostroot,security_model=none,readonly=on,multidevs=remap,id=root \
  -virtfs "local,path=$xchg,mount_tag=xchg,security_model=none,id=xchg" \
  "${virtfs[@]}" "$@" || status=$?
if [ "$status" != 0 ]; then
  echo "vm.sh: QEMU ended with $status (124 means: not done after $limit s)" >&2
  tail -5 "$xchg/console" >&2 || true
  exit "$status"
fi
exit "$(cat "$xchg/job.rc" 2>/dev/null || echo 1)"
