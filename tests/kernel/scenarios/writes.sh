# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# The same image in the same pieces by sg_write_buffer and by us, taking turns: figures for tests/bench/bench.py, one
# line for each round. Checked is only that both have done the same.
sg_image=$images/standard.bin
as_user $ctl practice image --overwrite standard 1.03 $sg_image >/dev/null
TIMEFORMAT='%R %U %S'

# the drive's own ms from the first piece to the last, and how many commands it got until then
first_to_last() {
  commands | awk '
    / 3b / && !n { first = $1 }
    / 3b / || n { n++ }
    / 3b / { ms = $1 - first; counted = n }
    END { print ms, counted }'
}

# flashed WHAT COMMAND...: sets $took to seconds by the clock, seconds of CPU (the user's, the kernel's) and those two
flashed() {
  local what=$1
  shift
  new_drive standard
  status=0
  took=$( { time as_user "$@" >$out 2>$err </dev/null; } 2>&1) || status=$?
  is "$what: status" $status 0
  took="$took $(first_to_last)"
  pieces=$(lines | grep '^3b')
  like "$what: INQUIRY says so" "$(sg_inq /dev/sg0)" "revision level: 1.03"
  check "$what: the flash holds the image" tell holds $sg_image
}

for _ in 1 2 3 4 5 6 7; do
  flashed "sg_write_buffer" sg_write_buffer --mode=7 --bpw=4k --in=$sg_image /dev/sg0
  by_sg=$pieces round=$took
  flashed "optiflashctl" $ctl --json flash /dev/sr0 $sg_image --yes --accept-no-backup
  same "optiflashctl: the same pieces" "$pieces" "$by_sg"
  echo "# round writes $round $took"
done
