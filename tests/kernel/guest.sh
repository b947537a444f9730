#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# In the guest, as root: prepares it and runs scenarios one after the other.
# usage: guest.sh [--gadget=SPEED] [--transparent] [--own-images] SCENARIO...
#  --gadget       plug in a practice BU40N that is so many times faster than real time
#  --transparent  behind a bridge that hands commands on as they come
#  --own-images   the scenarios make the images they need
# shellcheck disable=SC2086,SC2034
set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source=tests/kernel/lib.sh
. ./lib.sh

prepare() {
  mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
  id -u 1000 >/dev/null 2>&1 || echo "tester:x:1000:1000::$home:/bin/sh" >>/etc/passwd
  install -d -o 1000 -g 1000 $home $images
  /lib/systemd/systemd-udevd --daemon 2>/dev/null
  modprobe -a sr_mod sg
}

make_images() {
  local image
  for image in new= bad-cmac=bad-cmac truncated=truncated wrong-family=wrong-family; do
    as_user $ctl practice image --overwrite bu40n 1.03 "$images/${image%%=*}.bin" ${image#*=} >/dev/null
  done
  # 64 KiB that no family knows
  head -c 65536 $images/new.bin | tr '\000-\377' '\001-\377\000' >$images/unknown.bin
}

run_scenario() {
  (
    scenario=$1
    # shellcheck source=/dev/null
    . "./scenarios/$1.sh"
  ) || echo "not ok - $1: it ended early"
  echo "# $1: $((SECONDS - began)) s"
  began=$SECONDS
}

began=$SECONDS
speed='' own_images='' bridge=()
while [[ ${1:-} == --* ]]; do
  case $1 in
    --gadget=*) speed=${1#*=} ;;
    --transparent) bridge=("$1") ;;
    --own-images) own_images=yes ;;
    *) fail "the option $1" && exit 1 ;;
  esac
  shift
done
prepare
[ -n "$own_images" ] || make_images
if [ -n "$speed" ]; then
  ./gadget-up.sh /build/tests/kernel/ofl-gadget bu40n "$speed" "${bridge[@]}" && wait_for 20 nodes_there \
    && udevadm settle -t 20 || { fail "the drive appears" "$(cat $gadget/out)"; exit 1; }
fi
echo "# prepared: $((SECONDS - began)) s"
began=$SECONDS
for name in "$@"; do
  run_scenario "$name"
  [ ! -e $gadget/log ] || cp $gadget/log "/xchg/$name.log"
done
[ ! -e $gadget/pid ] || kill "$(cat $gadget/pid)"
exit 0
