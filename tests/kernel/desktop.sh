# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# For scenarios with the window: a display and a session bus of the ordinary user.

# The service that the bus starts is the one of this build, wherever that was made.
offer_service() {
  local dir=$home/share/dbus-1/services
  as_user mkdir -p $dir
  sed 's,^Exec=.*,Exec=/build/app/optiflashd,' \
    /build/data/dbus-1/services/org.optiflash.Optiflash1.service >$dir/org.optiflash.Optiflash1.service
}

# The command of a write that may take longest is given up only after half an hour, so that a slow
# machine has the time to look at the window meanwhile. The limit is the table's, and a user's
# table stands in for the one that is built in.
be_patient() {
  local dir=$home/.local/share/optiflash/drives
  as_user mkdir -p $dir
  sed 's/^burn-limit-ms=.*/burn-limit-ms=1800000/' /source/core/families/mt1959/mt1959.ini >$dir/mt1959.ini
  grep -q '^burn-limit-ms=1800000$' $dir/mt1959.ini
}

# patiently SECONDS COMMAND...: until it succeeds, where it takes long itself; what hangs is given
# up after ten times that
patiently() {
  local end=$((SECONDS + 10 * $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# The bus of the assistive technologies is there before a window asks for it: GTK waits for it, and
# an emulated machine starts it slowly.
start_accessibility() {
  local address
  address=$("${desktop[@]}" gdbus call --session -d org.a11y.Bus -o /org/a11y/bus \
    -m org.a11y.Bus.GetAddress | sed "s/^('\(.*\)',)$/\1/")
  desktop+=(AT_SPI_BUS_ADDRESS="$address")
  "${desktop[@]}" gdbus call --address "$address" -d org.a11y.atspi.Registry \
    -o /org/a11y/atspi/registry -m org.a11y.atspi.Registry.GetRegisteredEvents >/dev/null
}

# desktop_up: afterwards "${desktop[@]}" runs a command in it
desktop_up() {
  local run=$home/run-$scenario
  as_user mkdir -p -m 700 "$run"
  offer_service
  # -noreset: else the server is away for a moment whenever its last client has gone
  "${user[@]}" Xvfb :7 -screen 0 1100x900x24 -nolisten tcp -noreset >/dev/null 2>&1 &
  xvfb=$!
  wait_for 30 test -e /tmp/.X11-unix/X7 || return 1
  desktop=("${user[@]}" DISPLAY=:7 GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory
    GTK_USE_PORTAL=0 LC_ALL=C.UTF-8 UI_TESTS=/source/tests/ui PYTHONDONTWRITEBYTECODE=1
    XDG_RUNTIME_DIR="$run" XDG_DATA_DIRS="$home/share:/usr/local/share:/usr/share")
  "${desktop[@]}" dbus-daemon --session --nofork --print-address=3 \
    3>"$run/address" >"$run/out" 2>&1 &
  bus=$!
  wait_for 30 test -s "$run/address" || return 1
  desktop+=(DBUS_SESSION_BUS_ADDRESS="$(cat "$run/address")")
  start_accessibility
}

# what the bus has started goes with it
desktop_down() {
  kill $bus $xvfb
  wait $bus $xvfb 2>/dev/null
}

# window ARGUMENTS...: the window, in the background; environment variables may come first
window() {
  local environment=()
  while [[ ${1:-} == *=* ]]; do
    environment+=("$1")
    shift
  done
  "${desktop[@]}" OFL_HEARTBEAT=9 "${environment[@]}" \
    /build/app/optiflash --finder=udev "$@" \
    >$out 2>$err 9>$home/beat.json </dev/null &
  disown
}

# window_to_look_at ARGUMENTS...: the same, known to the assistive technologies. On a machine that is
# so slow that D-Bus did not wait for it, another window is opened in its place.
window_to_look_at() {
  for _ in 1 2 3 4 5; do
    window "$@"
    patiently 60 in_sight && "${desktop[@]}" ./window.py registered 2>/dev/null && return 0
    echo "# $scenario: another window, this one was not registered in time"
    pkill -TERM -x optiflash
    wait_for 10 not_running optiflash
  done
  return 1
}

windows() { "${desktop[@]}" xdotool search --onlyvisible --class optiflash 2>/dev/null; }
in_sight() { [ "$(windows)" ]; }
# titled REGEX: the window has such a title
titled() {
  "${desktop[@]}" xdotool search --onlyvisible --class optiflash getwindowname 2>/dev/null \
    | grep -q -e "$1"
}

# Alt+F is “Flash…”, and in the dialog “Flash”: until the drive has got PREPARE.
press_flash() {
  local id
  for id in $(windows); do
    "${desktop[@]}" xdotool windowfocus "$id" sleep 0.1 key --clearmodifiers alt+f 2>/dev/null
  done
  sleep 1
  seen ' 3b 01 '
}

# start_flash: with the keyboard, as soon as it is possible, and confirms
start_flash() { patiently 60 in_sight && patiently 90 press_flash; }

# look STEP...: see window.py
look() {
  local begin=$SECONDS status=0
  patiently 60 in_sight && "${desktop[@]}" ./window.py "$@" || status=$?
  echo "# look $*: $((SECONDS - begin)) s"
  return $status
}

running() { pgrep -x "$1" >/dev/null; }
not_running() { ! running "$1"; }
