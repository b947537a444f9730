#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-ui.sh [-s WIDTHxHEIGHT] COMMAND…
#
# Runs COMMAND on a display, a session bus and XDG folders of its own, so that a test sees nothing
# of the user's session and leaves nothing behind. Ends with COMMAND's status; 77 (skipped) where
# the programs it needs are missing.
set -u

size=1100x900
while getopts s: option; do
  case $option in
    s) size=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))

for program in Xvfb dbus-run-session xdotool import; do
  if ! command -v "$program" >/dev/null; then
    echo "1..0 # SKIP $program is not installed"
    exit 77
  fi
done

work=$(mktemp -d "${TMPDIR:-/tmp}/optiflash-ui.XXXXXX")
xvfb=
session=
clean_up () {
  # what a test that broke off has left would hold its output open, and whoever reads that would wait for ever
  [ -n "$session" ] && kill -- "-$session" 2>/dev/null
  [ -n "$xvfb" ] && kill "$xvfb" 2>/dev/null && wait "$xvfb" 2>/dev/null
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 143' TERM INT

# -noreset: else the server is away for a moment whenever its last client has gone
Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset 3>"$work/display" >"$work/xvfb.log" 2>&1 &
xvfb=$!
for _ in $(seq 200); do
  [ -s "$work/display" ] && break
  sleep 0.05
done
if ! [ -s "$work/display" ]; then
  echo "Bail out! Xvfb did not start: $(tail -1 "$work/xvfb.log")"
  exit 1
fi

unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS NO_AT_BRIDGE
# what this computer's battery, lid and sleep are is no test's business
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent/system-bus
DISPLAY=:$(cat "$work/display")
export DISPLAY
export GDK_BACKEND=x11 GSK_RENDERER=cairo LIBGL_ALWAYS_SOFTWARE=1
export GTK_A11Y=atspi GTK_USE_PORTAL=0 GSETTINGS_BACKEND=memory
export HOME=$work/home UI_WORK=$work
export XDG_RUNTIME_DIR=$work/run XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
export XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state
(umask 077 && mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_DATA_HOME" \
  "$XDG_STATE_HOME")


# GNOME's font, where it is there: a bare display has no desktop that names one.
if fc-list 2>/dev/null | grep -q Cantarell; then
  mkdir -p "$XDG_CONFIG_HOME/gtk-4.0"
  printf '[Settings]\ngtk-font-name=Cantarell 11\n' >"$XDG_CONFIG_HOME/gtk-4.0/settings.ini"
fi

# What the bus starts writes to stderr: stdout is the test's own, it is TAP.
setsid dbus-run-session -- bash -c '"$@" >&3 3>&-' _ "$@" 3>&1 >&2 &
session=$!
wait "$session"
