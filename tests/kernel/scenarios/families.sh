# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# An ordinary user flashes practice drives of further families through the kernel. The bridge hands
# commands on as they come, so that the drive's own log shows them as they were sent, to the byte.
# From the first command of a write to the last it is held against the families'
# READMEs: nothing else arrives, though the kernel is told to poll the drive twice a second.

# family ID OLD NEW VERDICT FIRST LAST [ARGUMENTS...]: flashes the drive ID; its write begins with
# the command FIRST, ends with LAST, and must be what wanted_ID prints
family() {
  local id=$1 old=$2 new=$3 verdict=$4 first=$5 last=$6 begin=$SECONDS
  shift 6
  image=$images/$id.bin
  as_user $ctl practice image --overwrite "$id" "$new" "$image" ${variant:+"$variant"} >/dev/null
  new_drive "$id"
  echo 500 >/sys/block/sr0/events_poll_msecs
  mark
  check "$id: without our hold the kernel polls" wait_for 5 seen '^[0-9]* \(4a\|00\) '

  mark
  run flash /dev/sr0 "$image" --yes "$@"
  is "$id: status" $status "${wanted_status:-0}"
  is "$id: verdict" "$(text verdict)" "$verdict"
  is "$id: revisions" "$(text revision_before) $(text revision_after)" \
    "$old $([ -n "${shown_later:-}" ] && echo "$old" || echo "$new")"
  like "$id: through the sg node" "$(cat $out)" "through Linux sg, /dev/sg0, exclusive"
  same "$id: the write in the family's order, and nothing between" "$(span "$first" "$last")" \
    "$(wanted_"$id")"
  check "$id: the flash holds the image" tell holds "$image"
  if [ -n "${shown_later:-}" ]; then
    check "$id: it is switched off" unplug
    check "$id: and on" plug
    run info /dev/sr0
    is "$id: then it shows the new revision" "$(text revision)" "$new"
  fi
  like "$id: INQUIRY says so" "$(sg_inq "$(sg_node)")" "revision level: $new"
  echo "# $id: $((SECONDS - begin)) s"
}

# of the only drive there is; after it left the bus it may have another
sg_node() { echo /dev/"$(ls /sys/class/scsi_generic)"; }

# tsst 2: FC00 at a time, twelve bytes a command, the last one shorter
wanted_shd163() {
  echo "ff 00 01 00 00 00 00 00 00 00 00 00 out 64512 ok"
  for _ in 1 2 3; do echo "ff 00 01 00 00 ff 00 00 00 00 00 00 out 64512 ok"; done
  echo "ff 00 01 00 00 04 00 00 00 00 00 00 out 4096 ok"
}

# pioneer 2.2 to 2.4: arm, enter the kernel mode, a kernel of 10000, a normal of 100000
wanted_dvr104() {
  local at
  printf '%s ok\n' "3b 01 f3 00 00 00 00 00 00 00 out 0" "3c 01 f2 00 00 00 00 04 00 00 out 0" \
    "3b 01 f2 00 00 00 00 01 00 00 out 256" "3b 01 f2 00 00 00 00 04 00 00 out 1024" \
    "12 00 00 00 60 00 out 0" "3b 04 ff 00 00 00 00 01 00 00 out 256" "12 00 00 00 60 00 out 0"
  for ((at = 0; at < 0x10000; at += 0x8000)); do
    printf '3b 07 fe %02x %02x 00 00 80 00 00 out 32768 ok\n' $((at >> 16)) $((at >> 8 & 255))
  done
  for ((at = 0; at < 0x100000; at += 0x8000)); do
    printf '3b 07 f0 %02x %02x 00 00 80 00 00 out 32768 ok\n' $((at >> 16)) $((at >> 8 & 255))
  done
  echo "3b 05 ff 00 00 00 00 01 00 00 out 256 ok"
}

# plextor 2: 1000 at a time, and 05 instead of 04 in the last
wanted_px716() {
  local at
  for ((at = 0; at < 0xf0000; at += 0x1000)); do
    printf '3b %02x 00 %02x %02x 00 00 10 00 00 out 4096 ok\n' $((at == 0xef000 ? 5 : 4)) \
      $((at >> 16)) $((at >> 8 & 255))
  done
}

# renesas 2.2: 8000 at a time, and 05 instead of 02 in the last, which is shorter
wanted_gma4082n() {
  local at size n
  size=$(stat -c %s "$image")
  for ((at = 0; at < size; at += n)); do
    n=$((size - at > 0x8000 ? 0x8000 : size - at))
    printf '3b %02x %02x %02x %02x %02x 00 %02x %02x 44 out %d ok\n' \
      $((at + n == size ? 5 : 2)) $((at >> 24)) $((at >> 16 & 255)) $((at >> 8 & 255)) \
      $((at & 255)) $((n >> 8)) $((n & 255)) $n
  done
}

# se506 2: 33 blocks of F800 and one of 800, of which the bridge counts no byte
wanted_se506() {
  echo "ff 00 01 00 00 00 00 00 00 00 00 00 out 63488 ok"
  for _ in $(seq 32); do echo "ff 00 01 00 00 ff 00 00 00 00 00 00 out 63488 ok"; done
  echo "ff 00 01 00 00 02 00 00 00 00 00 00 out 0 ok"
}

# nec_blocks CODE: a command each for the blocks 2 to 18, a bit each in bytes 8, 7, 6
nec_blocks() {
  local block byte
  for ((block = 2; block <= 18; block++)); do
    printf 'cb %s' "$1"
    for ((byte = 2; byte < 12; byte++)); do
      printf ' %02x' $((byte == 8 - block / 8 ? 1 << block % 8 : 0))
    done
    echo " out 0 ok"
  done
}

# nec 2.1 and 2.5: safe mode, 31 writes of 8000 and one of 2000, the checksum that the
# file has at F9FFE, erase, flash, safe mode off
wanted_nd3500() {
  local at
  echo "cc 01 01 00 4b 33 31 30 01 00 00 00 out 0 ok"
  for ((at = 0x6000; at <= 0xf6000; at += 0x8000)); do
    printf 'cb 01 00 %02x %02x 00 00 00 08 00 00 00 out 32768 ok\n' $((at >> 16)) \
      $((at >> 8 & 255))
  done
  echo "cb 01 00 0f e0 00 00 00 02 00 00 00 out 8192 ok"
  echo "cc 04$(od -An -tx1 -j $((0xf9ffe)) -N 2 "$image") 00 00 00 00 20 00 00 00 out 0 ok"
  nec_blocks 04
  nec_blocks 02
  echo "cc 01 00 00 4b 33 31 30 01 00 00 00 out 0 ok"
}

# mt1959 2.6, the newest form: slim unlock, then 4000 at a time
wanted_bu40n() {
  local at
  echo "3b 06 67 00 00 00 00 00 00 00 out 0 ok"
  for ((at = 0; at < 0x200000; at += 0x4000)); do
    printf '3b 06 00 %02x %02x %02x 00 40 00 00 out 16384 ok\n' $((at >> 16)) $((at >> 8 & 255)) \
      $((at & 255))
  done
}

# pioneer 2.8: control data, a look, the whole file 8000 at a time, control data
wanted_bdr() {
  local at size n
  size=$(stat -c %s "$image")
  printf '%s ok\n' "3b 04 ff 00 00 00 00 01 00 00 out 256" "12 00 00 00 60 00 out 0"
  for ((at = 0; at < size; at += n)); do
    n=$((size - at > 0x8000 ? 0x8000 : size - at))
    printf '3b 07 f0 %02x %02x %02x %02x %02x %02x 00 out %d ok\n' $((at >> 16)) $((at >> 8 & 255)) \
      $((at & 255)) $((n >> 16)) $((n >> 8 & 255)) $((n & 255)) $n
  done
  echo "3b 05 ff 00 00 00 00 01 00 00 out 256 ok"
}

# matshita 2: the payload 400 at a time behind a header of 30, the first piece what is left over; each
# read back; then the burn
wanted_uj870() {
  local at=0 size n
  size=$(($(stat -c %s "$image") - 0x30))
  for ((n = size % 0x400; at < size; at += n, n = 0x400)); do
    printf 'e%s 00 00 %02x %02x %02x %02x %02x %02x 00 00 00 out %d ok\n' \
      a $((at >> 16)) $((at >> 8 & 255)) $((at & 255)) 0 $((n + 0x30 >> 8)) $((n + 0x30 & 255)) $((n + 0x30)) \
      8 $((at >> 16)) $((at >> 8 & 255)) $((at & 255)) 0 $((n + 0x30 >> 8)) $((n + 0x30 & 255)) 0
  done
  echo "f5 00 00 00 00 00 00 00 00 00 00 80 out 0 ok"
}

family shd163 1.00 1.03 confirmed "ff 00 01 00 00 00" "ff 00 01" --accept-no-backup
variant="set" family dvr104 1.00 1.03 confirmed "3b 01 f3" "3b 05 ff" --accept-no-backup
family px716 1.00 1.03 confirmed "3b 04 00 00 00 00" "3b" --accept-no-backup
family gma4082n 1.00 1.03 verified "3b 02 00 00 00 00" "3b"
like "gma4082n: proof" "$(text proof)" "^[1-9][0-9]* of [1-9][0-9]* bytes .* 0 differ[.] Not compared: "
family nd3500 1.00 1.03 verified "cc 01 01" "cc 01 00"
like "nd3500: proof" "$(text proof)" "^[1-9][0-9]* bytes .* 0 differ"

family bu40n 1.00 1.03 verified "3b 06 67" "3b 06 00" --set=dialect=redumper
like "bu40n: proof" "$(text proof)" "^[1-9][0-9]* of 2097152 bytes .* 0 differ[.] Not compared: "
family bdr 1.00 1.03 verified "3b 04 ff" "3b 05 ff" --set=experimental=yes
like "bdr: proof" "$(text proof)" "^[1-9][0-9]* bytes .* 0 differ"

# this one shows what it was given only after it was without power, and until then nobody knows
wanted_status=5 shown_later=yes family uj870 1.00 1.03 unknown "ea 00 00 00 00 00" "f5" \
  --accept-no-backup --accept-warnings

# this one restarts with its bridge: the job waits for it and goes on
family se506 TS00 TS01 verified "ff 00 01 00 00 00" "ff 00 01"
like "se506: proof" "$(text proof)" "^[1-9][0-9]* of 2097152 bytes .* 0 differ[.] Not compared: "
came_back=$(since | sed '1,/-- burn done/d')
like "se506: it left the bus and came back" "$(grep -e '-- power' <<<"$came_back")" \
  "power off.*power on"
is "se506: asked for its version before anything is read back" \
  "$(grep -o ' ff 00 ff .* aa \| 3c 06 ' <<<"$came_back" | head -n 1)" \
  " ff 00 ff 00 00 00 00 00 00 00 00 aa "
is "se506: what was read back after that is what the proof counts" \
  "$(sed '1,/ ff 00 ff /d' <<<"$came_back" | awk '$2 == "3c" { n += $(NF - 1) } END { print n }')" \
  "$(text proof | cut -d' ' -f1)"
