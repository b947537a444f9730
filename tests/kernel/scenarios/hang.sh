# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# A command that is never answered is a timeout at its own limit, and the program can be ended.
new_drive

# how slow this machine is
run info /dev/sr0
usual_ms=$took_ms

# INQUIRY's limit is 10 s; the kernel's own recovery may follow, but is not waited for
tell fault hang 12
run info /dev/sr0
check "INQUIRY hangs: the drive got it" seen ' 12 .* HANG'
like "INQUIRY hangs: not a success" "$status $(text state)" "^([1-6] .*|0 silent)\$"
like "INQUIRY hangs: said to be a timeout" "$(cat $out $err)" "did not answer|no answer|within"
check "INQUIRY hangs: at its limit of 10 s ($took_ms ms; without $usual_ms ms)" \
  test $took_ms -ge 9900 -a $took_ms -lt $((25000 + 10 * usual_ms))

# the kernel has reset the port by now, or does so soon: the drive must be usable again
tell clear
usable_again() { run info /dev/sr0 && [ "$(text state) $(text revision)" = "normal 1.00" ]; }
check "after the reset the drive is there again" wait_for 3 usable_again

# killed while a piece of the firmware hangs
new_drive
tell fault hang 3b 5
as_user $ctl --json flash /dev/sr0 $images/new.bin --yes >$out 2>$err </dev/null &
check "WRITE BUFFER hangs: the drive got it" wait_for 90 seen ' 3b .* HANG'
sleep 1
gone() { [ ! -e "/proc/$victim" ]; }
# kill_at_once PID: and how long that takes
kill_at_once() {
  local begin=${EPOCHREALTIME/./}
  victim=$1
  kill -9 "$victim"
  wait_for 5 gone
  took_ms=$(((${EPOCHREALTIME/./} - begin) / 1000))
}
as_user sleep 3600 &
wait_for 5 pgrep -x sleep >/dev/null
kill_at_once "$(pgrep -x sleep)"
usual_ms=$took_ms
victim=$(pgrep -x optiflashctl)
check "WRITE BUFFER hangs: the program waits for it" kill -0 "$victim"
kill_at_once "$victim"
check "kill -9 ends it within 1 s ($took_ms ms; what waits for nothing: $usual_ms ms)" \
  test $took_ms -lt $((1000 + 10 * usual_ms))
wait 2>/dev/null
check "what was sent so far changed nothing" test "$(seen 'burn begins' && echo yes)" = ""
like "the journal is on the disk" "$(find $home -name '*.jsonl*' -o -name '*journal*' | head -n 3)" "."
