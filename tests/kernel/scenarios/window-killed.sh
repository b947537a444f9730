# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# A job outlives its window. The window starts a flash and is killed with -9 in the middle of the
# write; the service that the session bus started goes on, and a new window shows the job and its
# end. The drive waits twice: with piece 64 for the kill, with the last for the new window.
if [ ! -x /build/app/optiflash ]; then
  echo "ok - window-killed: not built # SKIP"
  return 0
fi
# shellcheck source=tests/kernel/desktop.sh
. ./desktop.sh
new_drive
# PREPARE is the first WRITE BUFFER; and a piece that hung comes to the drive again
tell fault hang 3b 65
tell fault hang 3b 130
good() { commands | grep -c " 3b $1 .* ok\$"; }

check "a display and a session bus" desktop_up
check "the last piece is waited for as long as it takes to look" be_patient
window GTK_A11Y=none $images/new.bin
check "the window starts a flash" start_flash
check "the drive gets piece 64" wait_for 60 seen ' 3b 06 00 0f c0 00 .* HANG'
service=$(pgrep -x optiflashd)
pkill -KILL -x optiflash
check "kill -9 ends the window" wait_for 5 not_running optiflash
is "in the middle of the write" "$(good 01) $(good 06)" "1 63"
check "the drive answers" tell answer
check "the service goes on, to the last piece" wait_for 30 seen ' 3b 06 00 1f c0 00 .* HANG'
is "the service is the same process" "$(pgrep -x optiflashd)" "$service"

check "a new window" window_to_look_at
# it cannot ask the drive for its name while the job has it
check "a new window has the job in its title" patiently 60 titled '% – Flashing'
check "and shows that it cannot be stopped now" look job "text=This cannot be stopped now"
check "the drive answers the last piece" tell answer
check "the new window shows the end: verified, and the new revision" \
  look "heading=Verified" "text=1\.03"
like "INQUIRY says so" "$(sg_inq /dev/sg0)" "revision level: 1.03"
check "the flash holds the image" tell holds $images/new.bin
is "one PREPARE and 128 pieces: nothing began anew" "$(good 01) $(good 06)" "1 128"
is "and each piece once" \
  "$(commands | grep ' 3b 06 .* ok$' | cut -d' ' -f 5-7 | sort -u | wc -l)" 128
pkill -TERM -x optiflash
check "SIGTERM ends the window" wait_for 10 not_running optiflash
echo "# $scenario: the new window: $(cat $home/beat.json)"
rm -f $home/beat.json
desktop_down
check "the end of the session ends the service" wait_for 10 not_running optiflashd
