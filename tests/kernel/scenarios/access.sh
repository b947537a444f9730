# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# What is missing is named exactly, with the line that mends it.
new_drive

name=$(id -nu 1000)
run_as as_stranger list
is "not in the group: listed all the same" "$(text id) $status" "/dev/sr0 0"
is "not in the group: access" "$(text access)" no-permission
like "not in the group: the remedy" "$(cat $out)" "sudo usermod -aG cdrom $name"
run_as as_stranger flash /dev/sr0 $images/new.bin --yes
is "not in the group: flash ends with 6" $status 6
like "not in the group: flash names the remedy" "$(cat $out $err)" "usermod -aG cdrom $name"
is "not in the group: nothing was sent that writes" "$(writes)" 0

# a rule that takes the right away: to join the group would not help
rule=/run/udev/rules.d/99-taken.rules
mkdir -p ${rule%/*}
echo 'SUBSYSTEM=="scsi_generic", MODE="0600", OWNER="root"' >$rule
udevadm control --reload
udevadm trigger --settle --subsystem-match=scsi_generic
run list
is "taken by a rule: access" "$(text access) $status" "closed-node 0"
like "taken by a rule: no group is recommended" "$(grep -c usermod $out)" "^0$"
# who is not in the group has to join it as well: opened to the group it would stay closed to him
run_as as_stranger list
is "taken by a rule, not in the group: access" "$(text access) $status" "closed-node-and-group 0"
like "taken by a rule, not in the group: the remedy" "$(cat $out)" "chmod 660 .*usermod -aG cdrom $name"
run info /dev/sr0
# the line has braces and quotes of its own
python3 -c '
import json, sys
objects = [json.loads(line) for line in sys.stdin]
holder = next(h for o in objects for h in o.get("holders", []) if h["kind"] == "access")
print(holder["weight"])
print(holder["remedy"])' <$out >/tmp/holder
is "taken by a rule: it blocks" "$(head -n 1 /tmp/holder)" blocks
mark
run flash /dev/sr0 $images/new.bin --yes
is "taken by a rule: flash ends with 6" $status 6
is "taken by a rule: nothing was sent that writes" "$(writes)" 0
bash -c "sudo() { \"\$@\"; }; $(tail -n 1 /tmp/holder)" >/tmp/mended 2>&1
run list
is "taken by a rule: the remedy works" "$(text access)" usable
rm $rule
udevadm control --reload
udevadm trigger --settle --subsystem-match=scsi_generic

modprobe -r sg
run list
is "without the sg module: access" "$(text access)" no-sg-module
is "without the sg module: no sg node" "$(text sg)" ""
like "without the sg module: the remedy" "$(cat $out)" "sudo modprobe sg"
mark
run flash /dev/sr0 $images/new.bin --yes
is "without the sg module: flash ends with 6" $status 6
like "without the sg module: flash names the remedy" "$(cat $out $err)" "modprobe sg"
is "without the sg module: nothing was sent that writes" "$(writes)" 0

modprobe sg
wait_for 10 nodes_there
udevadm settle -t 20
run list
is "after that line: usable" "$(text access)" usable

"${user[@]}" sleep 3600 9<>/dev/sg0 &
holder=$!
wait_for 20 is_program $holder sleep
mark
run flash /dev/sr0 $images/new.bin --yes
kill $holder
like "in use: flash is refused" $status '^[1356]$'
like "in use: it says by whom" "$(cat $out $err)" "sleep \(process $holder\) has /dev/sg0 open for reading and writing"
is "in use: nothing was sent that writes" "$(writes)" 0
