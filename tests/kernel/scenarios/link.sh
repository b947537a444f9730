# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# A bad cable behind the kernel's drivers: what it does to a drive's name and to its data is told, keeps
# a write from beginning, and is forgotten once it is replaced.
new_drive

run link /dev/sr0
is "sound: the verdict" "$(text verdict) $status" "sound 0"
is "sound: nothing was sent that writes" "$(writes)" 0

# a bit of every fourth answer
tell fault flip 5 4
mark
run link /dev/sr0
is "bits flip: the verdict" "$(text verdict)" bad
check "bits flip: the status says so" test $status != 0
like "bits flip: what to do" "$(text next)" "cable"
run flash /dev/sr0 $images/new.bin --yes
like "bits flip: flash is refused" $status '^[13]$'
is "bits flip: nothing was sent that writes" "$(writes)" 0
tell clear

# the seed's cable
tell fault garble
tell power-cycle && wait_for 60 nodes_there && udevadm settle -t 20
mark
run flash /dev/sr0 $images/new.bin --yes
like "garbled name: flash is refused" $status '^[13]$'
is "garbled name: nothing was sent that writes" "$(writes)" 0

# replaced
tell clear
tell power-cycle && wait_for 60 nodes_there && udevadm settle -t 20
echo 0 >/sys/block/sr0/events_poll_msecs
run link /dev/sr0
is "replaced: the verdict" "$(text verdict) $status" "sound 0"
run info /dev/sr0
is "replaced: the right name" "$(text product) $(text state)" "BD-RE BU40N normal"
run flash /dev/sr0 $images/new.bin --yes
is "replaced: flashed" "$status $(text verdict)" "0 verified"
