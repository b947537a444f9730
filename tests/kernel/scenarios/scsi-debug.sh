# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# The kernel's scsi_debug as a CD drive: it accepts every microcode download and changes nothing.
# A device nobody here wrote, and the proof that a good status is no proof.
modprobe scsi_debug ptype=5 removable=1 inq_vendor=DEBUG inq_product="PAPER DRIVE" inq_rev=0001
wait_for 10 test -e /dev/sg0
wait_for 10 test -e /dev/sr0
udevadm settle -t 20
echo 0 >/sys/block/sr0/events_poll_msecs

run list
is "listed" "$(text id) $(text product) $(text revision)" "/dev/sr0 PAPER DRIVE 0001"
is "by itself not flashable" "$(value flashable)" false
check "with the reason" test -n "$(text reason)"
# the program, not the function below: shellcheck takes "run" for that of bats
# shellcheck disable=SC2218
run flash /dev/sr0 $images/unknown.bin --yes --accept-warnings
is "by itself refused" $status 3

# the doctor, of a device that answers to everything
run doctor /dev/sr0
like "doctor: it came to an end" $status '^[01]$'
is "doctor: the drive answers" "$(text state)" normal
run list
is "doctor: the drive is as it was" "$(text id) $(text product) $(text revision)" "/dev/sr0 PAPER DRIVE 0001"

# flash WAY: by the standard's way, which must be asked for
flash() {
  run flash /dev/sr0 $images/unknown.bin --family standard --set mode="$1" --accept-warnings \
    --accept-no-backup --yes
  is "mode $1: a revision that stays proves neither success nor an untouched drive" \
    "$status $(text verdict)" "5 unknown"
  is "mode $1: the revision is the old one" "$(text revision_after)" 0001
  check "mode $1: a next step" test -n "$(text next)"
}
flash 07
flash 05
flash 0E
udevadm settle -t 20
modprobe -r scsi_debug
