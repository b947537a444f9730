# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# The cable is pulled out while a drive is being written, and the way back.

# in the middle of sending: nothing has been burnt, but the drive is gone
new_drive
tell fault vanish-byte 1048576
run flash /dev/sr0 $images/new.bin --yes
like "while sending: no success" "$status $(text verdict)" "^(5 unknown|1 failed-untouched)\$"
like "while sending: said to be gone" "$(text what)" "no longer connected"
check "while sending: a next step" test -n "$(text next)"
check "while sending: nothing was burnt" test "$(seen 'burn begins' && echo yes)" = ""
tell clear
check "while sending: plugged in again" plug
run info /dev/sr0
is "plugged in again: the drive is as it was" "$(text state) $(text revision)" "normal 1.00"

# in the middle of the burn, which takes long enough for a slow machine to be in time
new_drive
tell fault slow 8
run_flash() { run flash /dev/sr0 $images/new.bin --yes; echo "$status" >/tmp/flash.status; }
run_flash &
check "the burn begins" wait_for 120 seen 'burn begins'
sleep 1
check "the cable is pulled out" unplug
wait
status=$(cat /tmp/flash.status)
check "the burn was broken" seen 'burn broken'
is "while burning: verdict" "$(text verdict) $status" "failed-recovery 4"
like "while burning: what to do" "$(text next)" "optiflashctl recover DRIVE"
like "while burning: the backup is named" "$(text backup)" "."
tell clear
check "the flash does not hold the image" test "$(tell holds $images/new.bin && echo yes)" = ""

check "while burning: plugged in again" plug
run list
is "plugged in again: boot code" "$(text state) $(text revision)" "boot BOOT"
is "plugged in again: can be flashed" "$(value flashable)" true
echo 0 >/sys/block/sr0/events_poll_msecs
mark
run flash /dev/sr0 $images/new.bin --yes --accept-warnings --accept-no-backup
is "recovery: verdict" "$(text verdict) $status" "verified 0"
is "recovery: revision" "$(text revision_after)" 1.03
check "recovery: the flash holds the image" tell holds $images/new.bin
like "recovery: INQUIRY says so" "$(sg_inq /dev/sg0)" "revision level: 1.03"
