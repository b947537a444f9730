# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# Each thing that can hold a drive or hide it, made for real: info names it, and the line that info
# names mends it.
new_drive

# hold NODE [FLAGS] [COMMAND...]: a process that has it open; its number in $holder
hold() {
  local node=$1 flags=$2
  shift 2
  rm -f /tmp/held
  "$@" python3 -c '
import os, sys, time
os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK | int(sys.argv[2], 8))
open("/tmp/held", "w").close()
time.sleep(3600)' "$node" "$flags" &
  holder=$!
  wait_for 20 test -e /tmp/held
}
exclusively=0200
gone() { [ ! -e "/proc/$1" ]; }

# named KIND: what info says of this kind, in /tmp/holder
named() {
  run info "${2:-/dev/sr0}"
  grep -o "{\"kind\":\"$1\"[^}]*}" $out >/tmp/holder
}
# mend: types the remedy; root needs no sudo
mend() { bash -c "sudo() { \"\$@\"; }; $(text remedy /tmp/holder)" >/tmp/mended 2>&1; }
none() { ! named "$1"; }

check "nobody: none is named" none process

# the block device, taken alone
hold /dev/sr0 $exclusively "${user[@]}"
check "sr0 taken: named" named process
is "sr0 taken: by whom and where" "$(text name /tmp/holder) $(value pid /tmp/holder) $(text where /tmp/holder)" \
  "python3 $holder /dev/sr0"
is "sr0 taken: it may be in the way" "$(text weight /tmp/holder)" warning
like "sr0 taken: how" "$(text sentence /tmp/holder)" "open for reading and writing"
cp /tmp/holder /tmp/remedy
mark
run flash /dev/sr0 $images/new.bin --yes
is "sr0 taken: flash is refused" $status 1
like "sr0 taken: and says by whom" "$(text what)" "python3 \(process $holder\) has /dev/sr0 open"
is "sr0 taken: nothing was sent that writes" "$(writes)" 0
cp /tmp/remedy /tmp/holder
is "sr0 taken: the remedy" "$(text remedy /tmp/holder)" "kill $holder"
mend
check "sr0 taken: it works" wait_for 10 gone $holder
check "sr0 taken: none is named any more" none process

# the sg node, taken alone: not even info can ask the drive
hold /dev/sg0 $exclusively "${user[@]}"
check "sg0 taken: named" named process
is "sg0 taken: info cannot ask" $status 1
is "sg0 taken: it blocks" "$(text weight /tmp/holder) $(value pid /tmp/holder)" "blocks $holder"
mend
check "sg0 taken: the remedy works" wait_for 10 gone $holder
run info /dev/sr0
is "sg0 taken: info asks again" $status 0

# by root, whose open files this user may not see
hold /dev/sg0 $exclusively env
check "taken by root: others are told of" named unseen
like "taken by root: how many" "$(text sentence /tmp/holder)" "^[0-9]+ process(es)? (is|are) closed to this user"
is "taken by root: the remedy" "$(text remedy /tmp/holder)" "sudo optiflashctl info /dev/sr0"
run flash /dev/sr0 $images/new.bin --yes
like "taken by root: flash says that it is not seen" "$(text what)" "closed to this user"
run_as env info /dev/sr0
grep -o '{"kind":"process"[^}]*}' $out >/tmp/holder
is "taken by root: root sees it" "$(value pid /tmp/holder)" $holder
check "taken by root: nobody is hidden from root" test "$(grep -c '"kind":"unseen"' $out)" = 0
kill $holder
wait_for 10 gone $holder

# a burner, by its name; it has the node open before it is that program, and ends when it is told to
cp "$(command -v sleep)" /tmp/wodim
"${user[@]}" /tmp/wodim 3600 9<>/dev/sg0 &
holder=$!
remedy_waits() { pgrep -f "tail --pid=$holder" >/dev/null; }
check "burning: it has begun" wait_for 20 is_program $holder wodim
check "burning: named" named burning
is "burning: by whom" "$(text name /tmp/holder) $(text weight /tmp/holder)" "wodim blocks"
mend &
mending=$!
check "burning: the remedy waits" wait_for 20 remedy_waits
check "burning: it is not ended by it" is_program $holder wodim
kill $holder
wait $mending
check "burning: the remedy has waited for its end" gone $holder

# the sg module
modprobe -r sg
check "no sg module: named" named access
is "no sg module: the remedy" "$(text remedy /tmp/holder)" "sudo modprobe sg"
mend
wait_for 10 nodes_there
udevadm settle -t 20
check "no sg module: the remedy works" none access

# polled
echo 3000 >/sys/block/sr0/events_poll_msecs
check "polled: named" named polling
like "polled: how often" "$(text sentence /tmp/holder)" "every 3000 milliseconds"
is "polled: a remark" "$(text weight /tmp/holder)" remark
echo 0 >/sys/block/sr0/events_poll_msecs
check "polled no more: none is named" none polling

# a quirk of usb-storage
device=$(readlink -f /sys/block/sr0/device)
port=${device%%/host*} port=${port%/*}
bridge=$(cat $port/idVendor):$(cat $port/idProduct)
quirks=/sys/module/usb_storage/parameters/quirks
echo "1234:5678:u,$bridge:t" >$quirks
check "quirk: named" named usb-quirk
is "quirk: which" "$(text where /tmp/holder) $(text name /tmp/holder)" "$bridge t"
mend
is "quirk: the remedy leaves the others" "$(cat $quirks)" "1234:5678:u"
check "quirk: none is named any more" none usb-quirk
echo >$quirks

# hidden NAME: what info says of a drive that is not there any more; the line behind its words
hidden() {
  run info /dev/sg0
  line=$(text what)
  line=${line##*In a terminal: }
}
type_line() { bash -c "sudo() { \"\$@\"; }; $line" >/tmp/mended 2>&1; }
no_sr() { [ ! -e /sys/block/sr0 ]; }
back() { wait_for 60 nodes_there && udevadm settle -t 20 && echo 0 >/sys/block/sr0/events_poll_msecs; }

# the driver sr let go of it
echo "${device##*/}" >/sys/bus/scsi/drivers/sr/unbind
wait_for 20 no_sr
udevadm settle -t 20
hidden
like "no driver: named" "$(text what)" "No driver of the kernel has the device ${device##*/}"
type_line
check "no driver: the remedy works" back
run info /dev/sr0
is "no driver: the drive is there again" $status 0

# the kernel was told not to use the device
echo 0 >$port/authorized
wait_for 60 nodes_gone
udevadm settle -t 20
hidden
like "not authorized: named" "$(text what)" "USB device ${port##*/} \(it is not authorized\)"
type_line
check "not authorized: the remedy works" back
run info /dev/sr0
is "not authorized: the drive is there again" $status 0
