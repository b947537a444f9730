# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034,SC2086,SC2206
# For the scenarios, in the guest: checks in TAP, the program as an ordinary user, the gadget. Paths of the guest
# have no blanks, here and in the scenarios; what is set here, those use.

ctl=/build/app/optiflashctl
gadget=/run/gadget
home=/tmp/user        # of the ordinary user
images=/tmp/images
cdrom_gid=$(getent group cdrom | cut -d: -f3)
out=/tmp/out err=/tmp/err # what the program said last
status=0 took_ms=0
scenario=

# --- checks -------------------------------------------------------------------------------------

# What a failed check needs to be understood.
explain() {
  printf '%s\n' "$@" | sed 's/^/#   /'
  [ ! -s "$out" ] || tail -n 4 "$out" | cut -c1-600 | sed 's/^/#   out: /'
  [ ! -s "$err" ] || tail -n 4 "$err" | cut -c1-600 | sed 's/^/#   err: /'
  [ ! -e "$gadget/log" ] || tail -n 6 "$gadget/log" | sed 's/^/#   drive: /'
}

pass() { echo "ok - $scenario: $1"; }
fail() {
  echo "not ok - $scenario: $1"
  shift
  explain "$@"
}

# check TEXT COMMAND...: the command succeeds
check() {
  local text=$1
  shift
  if "$@"; then pass "$text"; else fail "$text" "failed: $*"; fi
}

# is TEXT GOT WANTED
is() {
  if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got    $2" "wanted $3"; fi
}

# like TEXT GOT REGEX
like() {
  if [[ $2 =~ $3 ]]; then pass "$1"; else fail "$1" "got  $2" "like $3"; fi
}

# same TEXT GOT WANTED: many lines; a failure shows what differs
same() {
  if [ "$2" = "$3" ]; then pass "$1"; else
    echo "$2" >/tmp/got && echo "$3" >/tmp/wanted
    fail "$1" "got < and wanted >:" "$(diff /tmp/got /tmp/wanted | head -n 8)"
  fi
}

# --- the program --------------------------------------------------------------------------------

user=(setpriv --reuid=1000 --regid=1000 --groups="$cdrom_gid"
  env HOME=$home XDG_RUNTIME_DIR=$home)
as_user() { "${user[@]}" "$@"; }

# the same user, not a member of cdrom
as_stranger() {
  setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=$home XDG_RUNTIME_DIR=$home "$@"
}

# run ARGUMENTS...: optiflashctl as an ordinary user; sets $status, $took_ms and fills $out, $err
run() { run_as as_user "$@"; }

run_as() {
  local who=$1 begin=${EPOCHREALTIME/./}
  shift
  status=0
  "$who" timeout 1500 $ctl --json "$@" >$out 2>$err </dev/null || status=$?
  took_ms=$(((${EPOCHREALTIME/./} - begin) / 1000))
}

# text NAME [FILE]: the string NAME in the last line that has it
text() {
  sed -n "s/.*\"$1\":\"\(\([^\"\\\\]\|\\\\.\)*\)\".*/\1/p" "${2:-$out}" | tail -n 1
}

# value NAME [FILE]: the number, true or false
value() {
  sed -n "s/.*\"$1\":\([^\",}]*\).*/\1/p" "${2:-$out}" | tail -n 1
}

# --- the drive behind the gadget ----------------------------------------------------------------

# tell COMMAND...: to the gadget, and wait until it has done it; the word is no counter, which would be
# counted in vain where this is called in a subshell
tell() {
  local answer word=told-$scenario-${EPOCHREALTIME//[.,]/}
  echo "$word $*" >$gadget/control
  for _ in $(seq 1200); do
    answer=$(grep -a "^== $word " $gadget/log) && break
    sleep 0.05
  done
  [ "$answer" = "== $word ok" ]
}

# wait_for SECONDS COMMAND...: on a machine that is not slow; only what hangs waits five times that
wait_for() {
  local n=$(($1 * 100))
  shift
  while ! "$@"; do
    n=$((n - 1))
    [ $n -gt 0 ] || return 1
    sleep 0.05
  done
}

# is_program PID NAME: a process that has just been started is setpriv and env first
is_program() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]; }

# ask_qemu COMMAND [KEY=VALUE...]: of QEMU, outside; run.sh hands it on
ask_qemu() {
  rm -f /xchg/answer
  echo "$*" >/xchg/request.new
  mv /xchg/request.new /xchg/request
  wait_for 30 test -e /xchg/answer && grep -q '^status 0$' /xchg/answer
}

# known NODE: udev has been told of it and is done with it; the node itself is there before that, and
# as long as the kernel has not told, settling has nothing to wait for
known() { udevadm info --query=property --name="$1" 2>/dev/null | grep -q '^USEC_INITIALIZED='; }
nodes_there() { known /dev/sr0 && { [ ! -e /sys/module/sg ] || known /dev/sg0; }; }
# udev, too, has forgotten them: what it knew of the old drive would stand for the next one
nodes_gone() {
  [ ! -e /sys/block/sr0 ] && [ ! -e /dev/sg0 ] && [ ! -e /run/udev/data/b11:0 ] \
    && [ ! -e /run/udev/data/c21:0 ]
}

plug() {
  tell plug && wait_for 60 nodes_there && udevadm settle -t 20
}

unplug() {
  tell unplug && wait_for 90 nodes_gone && udevadm settle -t 20
}

# new_drive [ID]: as it left the factory, plugged in, nobody asking it anything by himself; of the
# model that was there before, or of another
new_drive() {
  unplug && tell factory "$@" && wait_for 60 nodes_there && udevadm settle -t 20
  echo 0 >/sys/block/sr0/events_poll_msecs
  mark
}

# mark: from here on; since: the drive's log from there on; commands: its commands only
mark() { marked=$(wc -l <$gadget/log); }
since() { tail -n +$((marked + 1)) $gadget/log; }
commands() { since | grep -v -e '^==' -e ' -- '; }
# seen REGEX: in the log since the mark
seen() { since | grep -q -e "$1"; }
# opcodes: of the commands since the mark, each once, on a line
opcodes() { commands | awk '{ print $2 }' | sort -u | tr '\n' ' ' | sed 's/ $//'; }
# lines: the commands since the mark without their times, each with the bytes sent and the answer
lines() { commands | sed 's/^[0-9]* //; s/ in [0-9]* / /'; }
# span FIRST LAST: of those, from the last FIRST to the last LAST behind it
span() {
  lines | awk -v first="^$1" -v last="^$2" '
    $0 ~ first { n = end = 0; on = 1 }
    on { line[n++] = $0 }
    on && $0 ~ last { end = n }
    END { for (i = 0; i < end; i++) print line[i] }'
}
writes() { commands | grep -c -e '^[0-9]* 3b' -e '^[0-9]* 1b' -e '^[0-9]* 04'; }
