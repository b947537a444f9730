# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# Programs that are not ours meet the practice drives through the kernel: sg_write_buffer of
# sg3-utils, cdvdcontrol of qpxtool, pxfw. What they think of the drives does not depend on how we
# read the protocols.

sg_image=$images/standard.bin
as_user $ctl practice image --overwrite standard 1.03 $sg_image >/dev/null

# written_by_sg TEXT WANTED ARGUMENTS...: sg_write_buffer flashes the standard drive, as the user
written_by_sg() {
  local what=$1 wanted=$2
  shift 2
  new_drive standard
  status=0
  as_user sg_write_buffer "$@" --in=$sg_image /dev/sg0 >$out 2>$err || status=$?
  is "sg_write_buffer, $what: status" $status 0
  same "sg_write_buffer, $what: what arrived" "$(lines)" "$wanted"
  like "sg_write_buffer, $what: INQUIRY says so" "$(sg_inq /dev/sg0)" "revision level: 1.03"
  check "sg_write_buffer, $what: the flash holds the image" tell holds $sg_image
  run info /dev/sr0
  is "sg_write_buffer, $what: we see the same" "$(text state) $(text revision)" "normal 1.03"
}

pieces() {
  local at
  for ((at = 0; at < 0x10000; at += 0x1000)); do
    printf '3b 07 00 %02x %02x 00 00 10 00 00 out 4096 ok\n' $((at >> 16)) $((at >> 8))
  done
}

written_by_sg "mode 5" "3b 05 00 00 00 00 01 00 00 00 out 65536 ok" --mode=5 --length=65536
written_by_sg "mode 7, in pieces" "$(pieces)" --mode=7 --bpw=4k

# the EEPROM of a Plextor drive: 256 bytes, or four times as many with a block number
eeprom() { lines | grep '^f1'; }
blocks() {
  for n in 0 1 2 3; do echo "f1 01 00 00 00 00 00 0$n 01 00 00 00 out 0 ok"; done
}

new_drive px716
like "cdvdcontrol finds a Plextor drive" "$(as_user cdvdcontrol --scanbus 2>&1)" \
  "/dev/sr0': 'PLEXTOR ' 'DVDR   PX-716A  ' '1.00'"
mark
as_user cdvdcontrol -d /dev/sr0 --current >$out 2>&1
is "cdvdcontrol, as an ordinary user: the kernel keeps its vendor commands" "$(eeprom)" ""
cdvdcontrol -d /dev/sr0 --current >/tmp/cdvdcontrol 2>&1
like "cdvdcontrol, as root: the TLA number" "$(cat /tmp/cdvdcontrol)" \
  "'DVDR   PX-716A  ' \(TLA#0304\)"
same "cdvdcontrol, as root: then the EEPROM" "$(eeprom | tail -n 4)" "$(blocks)"
run backup /dev/sr0 $home/eeprom.bin
is "cdvdcontrol, as root: the discs it counts are in the EEPROM that we read" \
  "$(sed -n 's/^Discs loaded: *//p' /tmp/cdvdcontrol)" \
  "$((0x$(od -An -tx1 -j 288 -N 2 $home/eeprom.bin | tr -d ' ')))"
like "cdvdcontrol, as root: as many discs as a drive can have seen" \
  "$(sed -n 's/^Discs loaded: *//p' /tmp/cdvdcontrol)" "^[2-9][0-9][0-9]$"

# pxfw flashes Plextor drives
plextor_image=$images/px716.bin
as_user $ctl practice image --overwrite px716 1.03 $plextor_image >/dev/null

plextor_pieces() {
  local at
  for ((at = 0; at < 0xf0000; at += 0x1000)); do
    printf '3b %02x 00 %02x %02x 00 00 10 00 00 00 00 out 4096 ok\n' \
      $((at == 0xef000 ? 5 : 4)) $((at >> 16)) $((at >> 8 & 255))
  done
}

flash_with_pxfw() {
  pxfw -d /dev/sr0 -e -oe /tmp/eeprom.pxfw >$out 2>&1
  like "pxfw: the drive" "$(cat $out)" "'DVDR   PX-716A *' \(TLA#0304\)"
  check "pxfw: the EEPROM as we read it" cmp /tmp/eeprom.pxfw $home/eeprom.bin

  mark
  as_user pxfw -d /dev/sr0 -u -if $plextor_image >$out 2>&1
  is "pxfw, as an ordinary user: nothing arrives that writes" "$(writes)" 0

  mark
  status=0
  pxfw -d /dev/sr0 -u -if $plextor_image >$out 2>&1 || status=$?
  is "pxfw: status" $status 0
  same "pxfw: all pieces in its order" "$(lines | grep '^3b')" "$(plextor_pieces)"
  like "pxfw: it shows the new revision" "$(cat $out)" "New INQUIRY data.*'1\.03"
  like "pxfw: INQUIRY says so" "$(sg_inq /dev/sg0)" "revision level: 1.03"
  check "pxfw: the flash holds the image" tell holds $plextor_image
}

if command -v pxfw >/dev/null; then
  flash_with_pxfw
else
  pass "pxfw # SKIP it is not installed"
fi
