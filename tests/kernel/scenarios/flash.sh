# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# An ordinary user flashes the practice BU40N through the kernel, in both dialects. The drive's own
# log is held against mt1959 2: nothing but that order arrives, though the kernel is
# told to poll the drive twice a second.

# what the drive got from PREPARE, or the unlock in its place, to the end of what the dialect says, "CDB answer" in each line
conversation() {
  commands | awk '
    / 3b (01|06 67) / { on = 1 }
    on { line = ""
         for (i = 2; $i != "out"; i++) line = line (i > 2 ? " " : "") $i
         print line, $NF }'
}

# the same as it must be: PREPARE, then 128 pieces of 4000h, upwards
expected_begin() {
  printf '%s ok\n' "$1"
  for ((at = 0; at < 0x200000; at += 0x4000)); do
    printf '3b 06 00 %02x %02x %02x 00 40 00 00 00 00 ok\n' \
      $((at >> 16)) $((at >> 8 & 255)) $((at & 255))
  done
}

flash() {
  local dialect=$1 prepare=$2 begin rest
  new_drive
  echo 500 >/sys/block/sr0/events_poll_msecs
  mark
  check "$dialect: without our hold the kernel polls" wait_for 5 seen '^[0-9]* \(4a\|00\) '

  mark
  run flash /dev/sr0 $images/new.bin --yes --set dialect="$dialect"
  is "$dialect: status" $status 0
  is "$dialect: verdict" "$(text verdict)" verified
  is "$dialect: revisions" "$(text revision_before) $(text revision_after)" "1.00 1.03"
  like "$dialect: proof" "$(text proof)" "^[1-9][0-9]* of 2097152 bytes .* 0 differ[.] Not compared: "
  check "$dialect: a backup was stored" test -d "$(text backup)" -o -f "$(text backup)"
  like "$dialect: INQUIRY says so" "$(sg_inq /dev/sg0)" "revision level: 1.03"
  check "$dialect: the flash holds the image" tell holds $images/new.bin

  begin=$(conversation | head -n 129)
  check "$dialect: PREPARE and 128 pieces, upwards, and nothing between" \
    test "$begin" = "$(expected_begin "$prepare")"
  # then the drive burns: it is polled, and each no is followed by the kernel's own REQUEST SENSE
  rest=$(conversation | tail -n +130 | sed -n '1,/^3c/p' | sed '$d')
  is "$dialect: then only polls$3" "$(grep -v -x \
    -e '00 00 00 00 00 00 00 00 00 00 00 00 \(02/.*\|06/.*\|ok\)' \
    -e '03 00 00 00 [0-9a-f]* 00 00 00 00 00 00 00 ok' -e "$4" <<<"$rest")" ""
  is "$dialect: one commit where there is one" \
    "$(grep -c '^3b 07' <<<"$rest") $(grep -c '^3b' <<<"$rest")" "$5 $5"
  # from the first piece to the last byte read back
  is "$dialect: nobody else spoke until all was read back" "$(conversation | sed '/^12/,$d' \
    | awk '{ print $1 }' | sort -u | tr '\n' ' ')" "00 03 3b 3c "
  mark
  check "$dialect: afterwards the kernel polls again" wait_for 5 seen '^[0-9]* \(4a\|00\) '
}

flash oem "3b 01 00 00 00 00 00 00 00 0b 00 00" ", COMMIT and STATUS" \
  '\(3b 07 00 00 00 00 00 00 00 00 1b 12\|03 00 00 10 80 00 00 00 00 00 00 00\) .*' 1
flash redumper "3b 06 67 00 00 00 00 00 00 00 00 00" "" 'x' 0

# the same again: nothing to do
mark
run flash /dev/sr0 $images/new.bin --yes
is "again: identical" "$(text verdict) $status" "identical 0"
is "again: nothing was sent that writes" "$(writes)" 0
run verify /dev/sr0 $images/new.bin
is "verify agrees" "$(text verdict) $status" "verified 0"
run backup /dev/sr0 $home/backup.bin
is "backup: status" $status 0
check "backup: a file of 2 MiB" test "$(stat -c %s $home/backup.bin)" = 2097152
