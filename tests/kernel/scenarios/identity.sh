# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# The practice BU40N behind the kernel's own drivers is found and described, by both finders and
# through both transports, by an ordinary user.
new_drive

port=$(readlink -f /sys/block/sr0/device | grep -o '/[0-9]*-[0-9.]*/' | tr -d /)

check_drive() {
  is "$1: status" $status 0
  is "$1: nodes" "$(text id) $(text sr) $(text sg)" "/dev/sr0 /dev/sr0 /dev/sg0"
  is "$1: bus and bridge" "$(text bus) $(text bridge)" "usb 0e8d:1887"
  like "$1: port" "$(text channel)" "$port\$"
  is "$1: name" "$(text vendor)|$(text product)|$(text revision)" "HL-DT-ST|BD-RE BU40N|1.00"
  is "$1: family and state" "$(text family) $(text state) $(text access)" "mt1959 normal usable"
}

run list
check_drive "list"
is "list: one drive" "$(grep -c '"event":"drive"' $out)" 1
is "list: it can be flashed" "$(value flashable)" true
like "list: serial number" "$(text serial)" "^[A-Z0-9]+"
is "list: only commands that read" "$(writes)" 0

run info /dev/sr0
check_drive "info"
run info /dev/sg0
is "info: found by its sg node, too" "$(text id)" /dev/sr0

run --finder=cdio list
check_drive "list by libcdio"
run --transport=cdio info /dev/sr0
is "info through libcdio: status" $status 0
is "info through libcdio: same drive" "$(text product) $(text revision) $(text family)" \
  "BD-RE BU40N 1.00 mt1959"
mark
run --transport=cdio flash /dev/sr0 $images/new.bin --yes
like "libcdio does not flash" $status '^[1356]$'
is "and sends nothing that writes" "$(writes)" 0
