# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# QEMU's own CD drives: found on the right bus, judged not flashable, and left alone.
tracing=/sys/kernel/tracing

modprobe -a ahci ata_piix virtio_scsi xhci_pci usb-storage
four_drives() { [ "$(ls -d /sys/block/sr* 2>/dev/null | wc -l)" = 4 ]; }
wait_for 20 four_drives
udevadm settle -t 20
for file in /sys/block/sr*/events_poll_msecs; do echo 0 >$file; done

echo 1 >$tracing/events/scsi/scsi_dispatch_cmd_start/enable
# what the kernel sent to any drive since the last clear, opcodes
clear_trace() { echo >$tracing/trace; }
sent() { sed -n 's/.* raw=\([0-9a-f][0-9a-f]\) .*/\1/p' $tracing/trace | sort -u | tr '\n' ' '; }
# INQUIRY, TUR, REQUEST SENSE, GET CONFIGURATION, READ BUFFER; and what sr, udev and the kernel ask
only_reads='^((00|03|12|1a|25|28|3c|43|46|4a|51|5a|5c|a0|ad|be) )*$'

clear_trace
run list
is "status" $status 0
is "four drives" "$(grep -c '"event":"drive"' $out)" 4
cp $out /tmp/drives
like "only commands that read" "$(sent)" "$only_reads"
like "and INQUIRY among them" "$(sent)" "12 "

# drive BUS: its line of the list
drive() { grep "\"bus\":\"$1\"" /tmp/drives >/tmp/line; }
for bus in sata ide scsi usb; do
  drive $bus
  is "$bus: listed once" "$(wc -l </tmp/line)" 1
  is "$bus: usable, no family" "$(text access /tmp/line) $(value flashable /tmp/line)" \
    "usable false"
  like "$bus: the reason is a sentence" "$(text reason /tmp/line)" "[a-z]+ [a-z]+ .*\."
  clear_trace
  run flash "$(text id /tmp/line)" $images/new.bin --yes --accept-warnings
  is "$bus: refused" "$status" 3
  like "$bus: only commands that read" "$(sent)" "$only_reads"
done
# Is it broken? No: and asking does no harm. A disc is in each of them.
for bus in sata ide scsi usb; do
  drive $bus
  node=$(text id /tmp/line)
  before=$(md5sum <"$node")
  clear_trace
  run doctor "$node"
  like "$bus: doctor: nothing speaks of a defect" "$status $(text worst)" "^0 (good|remark)$"
  is "$bus: doctor: the drive answers" "$(text state)" normal
  check "$bus: doctor: it has read of the disc" grep -q '"id":"read' $out
  like "$bus: doctor: only commands that read" "$(sent)" "$only_reads"
  is "$bus: doctor: the disc reads as before" "$(md5sum <"$node")" "$before"
done
drive sata
like "sata: the port" "$(text channel /tmp/line)" "^ata[0-9]+"
drive ide
like "ide: second on its channel" "$(grep -o '"[a-z_]*":\("slave"\|true\|"[^"]*slave[^"]*"\)' \
  /tmp/line)" "slave"

# a mounted disc
modprobe isofs
drive scsi
node=$(text id /tmp/line)
mkdir -p "/mnt/a disc"
check "mounted: the kernel mounts it" mount -o ro "$node" "/mnt/a disc"
run info "$node"
grep -o '{"kind":"mount"[^}]*}' $out >/tmp/holder
is "mounted: where" "$(text name /tmp/holder) $(text weight /tmp/holder)" "/mnt/a disc blocks"
is "mounted: the remedy" "$(text remedy /tmp/holder)" "sudo umount '/mnt/a disc'"
run flash "$node" $images/new.bin --yes --accept-warnings
like "mounted: flash is refused" "$status" '^[13]$'
bash -c "sudo() { \"\$@\"; }; $(text remedy /tmp/holder)"
run info "$node"
is "mounted: the remedy works" "$(grep -c '"kind":"mount"' $out)" 0

# plugged in and out while we look
five_drives() { [ "$(ls -d /sys/block/sr* 2>/dev/null | wc -l)" = 5 ]; }
check "QEMU plugs in another one" \
  ask_qemu device_add driver=usb-storage bus=xhci.0 drive=cd4 removable=true id=late
wait_for 20 five_drives
udevadm settle -t 20
run list
is "plugged in: five drives" "$(grep -c '"event":"drive"' $out)" 5
check "QEMU takes it away" ask_qemu device_del id=late
wait_for 20 four_drives
udevadm settle -t 20
run list
is "taken away: four drives" "$(grep -c '"event":"drive"' $out)" 4
echo 0 >$tracing/events/scsi/scsi_dispatch_cmd_start/enable
