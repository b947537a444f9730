# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The window's main loop goes on while a drive does not answer.
if [ ! -x /build/app/optiflash ]; then
  echo "ok - window: not built # SKIP"
  return 0
fi
new_drive
tell fault hang 12 1 100

Xvfb :7 -screen 0 1024x768x24 -nolisten tcp >/dev/null 2>&1 &
xvfb=$!
wait_for 20 test -e /tmp/.X11-unix/X7
as_user env DISPLAY=:7 GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory \
  GTK_A11Y=none OFL_HEARTBEAT=$home/beat.json \
  /build/app/optiflash --finder=udev >$out 2>$err </dev/null &
check "the window asks the drive, which hangs" wait_for 60 seen ' 12 .* HANG'
sleep 12
pkill -TERM -x optiflash
ended() { ! pgrep -x optiflash >/dev/null; }
check "SIGTERM ends it" wait_for 10 ended
kill $xvfb
wait 2>/dev/null
check "the heartbeat was written" test -s $home/beat.json
worst=$(value worst_ms $home/beat.json)
beats=$(value beats $home/beat.json)
# a main loop that waits for the drive would miss 10 s; drawing in an emulated machine is slow, too
check "the main loop never stood still for long (worst $worst ms, $beats beats)" \
  test "${worst%.*}" -lt 3000 -a "$beats" -gt 300
