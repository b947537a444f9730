# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# The window's main loop goes on while a drive does not answer: neither the window's own question,
# nor, for 60 s, the last piece of a flash that the service writes.
if [ ! -x /build/app/optiflash ]; then
  echo "ok - window: not built # SKIP"
  return 0
fi
# shellcheck source=tests/kernel/desktop.sh
. ./desktop.sh

# From here on the heartbeat counts, not the building of the window, which takes an emulated
# machine seconds. Beside it beats a program that does nothing else.
count_beats() {
  pkill -USR1 -x optiflash
  ./control-beat.py $home/control.json &
  control=$!
}

# steady TEXT: what the window that was just ended wrote about its main loop. It never stood still
# for longer than 3 s, or ten times as long as the control did, where this machine is that slow; and
# it did not beat once where the control beats fifty times. An emulated machine draws slowly.
steady() {
  local worst beats most least
  check "$1: SIGTERM ends the window" wait_for 10 not_running optiflash
  kill -TERM $control
  wait $control
  check "$1: the heartbeat was written" test -s $home/beat.json
  worst=$(value worst_ms $home/beat.json)
  beats=$(value beats $home/beat.json)
  most=$(($(value worst_ms $home/control.json | cut -d. -f1) * 10))
  most=$((most > 3000 ? most : 3000))
  least=$(($(value beats $home/control.json) / 50))
  echo "# $scenario: $1: $(cat $home/beat.json); control $(cat $home/control.json)"
  check "$1: the main loop never stood still for long (worst $worst ms of $most)" \
    test "${worst%.*}" -lt $most
  check "$1: and beat all the time ($beats of at least $least)" \
    test "$beats" -ge $least -a $least -gt 0
  rm -f $home/beat.json $home/control.json
}

check "a display and a session bus" desktop_up
new_drive
tell fault hang 12 1 100
# nobody asks this one anything; the next one is to be the first that the accessibility bus sees
window GTK_A11Y=none
check "INQUIRY hangs: the drive got it" wait_for 60 seen ' 12 .* HANG'
sleep 1
count_beats
sleep 12
pkill -TERM -x optiflash
# a main loop that waits for the drive would miss the 9 s that are left of the command's limit
steady "INQUIRY hangs"

new_drive
check "the last piece is waited for as long as it takes to look" be_patient
# PREPARE is the first WRITE BUFFER, so this is the last of 128 pieces
tell fault hang 3b 129
check "a write hangs: the window" window_to_look_at $images/new.bin
check "a write hangs: the window started it" start_flash
check "a write hangs: the drive got it" wait_for 60 seen ' 3b 06 .* HANG'
hung=$SECONDS
count_beats
check "a write hangs: the window says so" look "text=The drive has not answered for"
left=$((60 - (SECONDS - hung)))
[ $left -le 0 ] || sleep $left
check "a write hangs: and counts on, at 60 s" look "text=has not answered for (([6-9]|1[01])[0-9] s|[0-9]+ min)"
check "a write hangs: then it is answered ($((SECONDS - hung)) s)" tell answer
check "a write hangs: the job goes on to its end" look "heading=Verified"
check "a write hangs: the flash holds the image" tell holds $images/new.bin
pkill -TERM -x optiflash
# a main loop that waits for the drive would miss a minute
steady "a write hangs"
desktop_down
