# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The window's main loop goes on while a drive does not answer: neither the window's own question,
# nor, for 60 s, the last piece of a flash that the service writes.
if [ ! -x /build/app/optiflash ]; then
  echo "ok - window: not built # SKIP"
  return 0
fi
. ./desktop.sh

# steady TEXT BEATS MS: what the window that was just ended wrote about its main loop: at least so
# many beats, and never so long between two. An emulated machine draws slowly.
steady() {
  local worst beats
  check "$1: SIGTERM ends the window" wait_for 10 not_running optiflash
  check "$1: the heartbeat was written" test -s $home/beat.json
  worst=$(value worst_ms $home/beat.json)
  beats=$(value beats $home/beat.json)
  echo "# $scenario: $1: $(cat $home/beat.json)"
  check "$1: the main loop never stood still for long (worst $worst ms, $beats beats)" \
    test "${worst%.*}" -lt "$3" -a "$beats" -gt "$2"
  rm -f $home/beat.json
}

check "a display and a session bus" desktop_up
new_drive
tell fault hang 12 1 100
# nobody asks this one anything; the next one is to be the first that the accessibility bus sees
window GTK_A11Y=none
check "INQUIRY hangs: the drive got it" wait_for 60 seen ' 12 .* HANG'
# the heartbeat counts from here on, not the building of the window
sleep 1
pkill -USR1 -x optiflash
sleep 12
pkill -TERM -x optiflash
# a main loop that waits for the drive would miss the 9 s that are left of the command's limit
steady "INQUIRY hangs" 300 3000

new_drive
# PREPARE is the first WRITE BUFFER, so this is the last of 128 pieces: its limit is 120 s
tell fault hang 3b 129
window $images/new.bin
check "a write hangs: the window started it" start_flash
check "a write hangs: the drive got it" wait_for 60 seen ' 3b 06 .* HANG'
hung=$SECONDS
# from here on the heartbeat counts: building the window takes an emulated machine seconds
pkill -USR1 -x optiflash
check "a write hangs: the window says so" look "text=The drive has not answered for"
left=$((60 - (SECONDS - hung)))
[ $left -le 0 ] || sleep $left
check "a write hangs: and counts on, at 60 s" look "text=has not answered for ([6-9].|1..) s"
check "a write hangs: then it is answered ($((SECONDS - hung)) s)" tell answer
check "a write hangs: the job goes on to its end" look "heading=Verified"
check "a write hangs: the flash holds the image" tell holds $images/new.bin
pkill -TERM -x optiflash
# a main loop that waits for the drive would miss a minute
steady "a write hangs" 1000 3000
desktop_down
