#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The tests against a real kernel: starts guests, runs the scenarios in them and prints TAP.
# usage: run.sh BUILD_DIR [GUEST...]     guests: usb faults window families foreign others; only when they are
#  asked for: bench, whose figures tests/bench/bench.py makes tables of, and updater: WINE=DIR is then the
#  folder with a prefix, and Wine in an emulated machine takes its time
# KEEP=DIR keeps the guests' folders (output, drive logs, console) there.
set -u

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd) || exit 2
shift
guests=${*:-usb faults window families foreign others}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/optiflash/kernel
work=${KEEP:-$(mktemp -d)}
mkdir -p "$work"

finish() { [ -n "${KEEP:-}" ] || rm -rf "$work"; }
trap finish EXIT

bail() {
  echo "Bail out! $*"
  exit 1
}

# CD drives that come with QEMU: SATA, IDE (second on its channel), SCSI, USB
qemu_drives=()
for i in 0 1 2 3 4; do
  qemu_drives+=(-drive "if=none,id=cd$i,media=cdrom,readonly=on,format=raw,file=$work/cd.img")
done
# shellcheck disable=SC2054
qemu_drives+=(
  -device ide-cd,bus=ide.1,drive=cd0,ver=1.01
  -device piix3-ide,id=piix -device ide-cd,bus=piix.1,unit=1,drive=cd1,ver=1.02
  -device virtio-scsi-pci,id=scsi -device scsi-cd,bus=scsi.0,drive=cd2,ver=1.03
  -device qemu-xhci,id=xhci -device usb-storage,bus=xhci.0,drive=cd3,removable=on
)

# a guest may ask for something to be plugged in or out (lib: ask_qemu)
serve_requests() {
  local dir=$1 pid=$2 words
  while kill -0 "$pid" 2>/dev/null; do
    if [ -e "$dir/request" ]; then
      read -r -a words <"$dir/request"
      rm "$dir/request"
      "$here/qmp.py" "$dir/qmp" "${words[@]}" >"$dir/answer.new" 2>&1
      echo "status $?" >>"$dir/answer.new"
      mv "$dir/answer.new" "$dir/answer"
    fi
    sleep 0.1
  done
}

# run_guest NAME ARGUMENTS_OF_GUEST_SH [-- QEMU_ARGUMENTS...]
run_guest() {
  local name=$1 job=$2 dir=$work/$1 pid
  shift 2
  mkdir -p "$dir"
  echo "exec bash /source/tests/kernel/guest.sh $job" >"$dir/job"
  "$here/vm.sh" -t 5400 -s "build=$build" -s "source=$source" ${WINE:+-s "wine=$WINE"} "$dir" "$dir/job" \
    -qmp "unix:$dir/qmp,server=on,wait=off" "$@" >"$dir/vm.out" 2>&1 &
  pid=$!
  serve_requests "$dir" $pid
  wait $pid || echo "not ok - guest $name: it did not run to its end" >>"$dir/vm.out"
}

run_named() {
  case $1 in
    usb) run_guest usb "--gadget=10 identity access holders refused flash" ;;
    faults) run_guest faults "--gadget=10 hang unplug link" ;;
    window) run_guest window "--gadget=10 window-killed window" ;;
    families) run_guest families "--gadget=30 --transparent --own-images udev families" ;;
    foreign) run_guest foreign "--gadget=10 --transparent --own-images foreign" ;;
    others) run_guest others "scsi-debug qemu-drives" "${qemu_drives[@]}" ;;
    # as fast as a real drive: what is between it and us must not look larger than it is
    bench) run_guest bench "--gadget=1 --transparent --own-images ioctl writes" ;;
    # without SMAP: this QEMU reads the stack of a user's "iret", which Wine has, as if the kernel did
    updater) run_guest updater "--gadget=10 --own-images updater" -m 2048 -cpu max,-smap ;;
    *) bail "there is no guest $1" ;;
  esac
}

# At most two at a time: emulation is slow enough without more.
run_all() {
  local name running=0
  for name in $guests; do
    [ $running -lt 2 ] || { wait -n; running=$((running - 1)); }
    run_named "$name" &
    running=$((running + 1))
  done
  wait
}

# The guests' lines, numbered through, and the plan.
report() {
  local name n=0 failed=0 line
  for name in $guests; do
    while read -r line; do
      case $line in
        "ok - "*) n=$((n + 1)) && line="ok $n ${line#ok }" ;;
        "not ok - "*) n=$((n + 1)) failed=1 && line="not ok $n ${line#not ok }" ;;
        *) line="# ${line#\# }" ;;
      esac
      echo "$line"
    done < <(cat "$work/$name/job.out" "$work/$name/vm.out" 2>/dev/null | tr -d '\r')
  done
  echo "1..$n"
  [ $n -gt 0 ] && [ $failed = 0 ]
}

for program in app/optiflashctl tests/kernel/ofl-gadget; do
  [ -x "$build/$program" ] || bail "$build/$program is not built"
done
"$here/get-kernel.sh" "$cache/tree" || bail "Debian's kernel package cannot be fetched"
"$here/mkinitramfs.sh" "$cache/tree" "$cache/initrd.gz" || bail "the initramfs cannot be built"
"$here/make-iso.py" "$work/cd.img"
run_all
report
