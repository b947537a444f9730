# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What udev says of each practice drive is what its model can do: the list is written down in
# tests/practice/udev.txt, which is also held in process. Left out are MRW and MRW_W: the kernel says
# of every drive that it has Mount Rainier.

# the words behind ID_CDROM_ of what is there, sorted, in a line
udev_words() {
  udevadm info --query=property --name=/dev/sr0 | sed -n 's/^ID_CDROM_\([A-Z_]*\)=1$/\1/p' \
    | grep -vx -e MRW -e MRW_W | sort | tr '\n' ' '
}

n=0
models=$(grep -v -e '^#' -e '^$' ../practice/udev.txt)
while read -r -u 3 id words; do
  new_drive "$id"
  is "$id: what udev says is what it can do" "$(udev_words)" \
    "$(tr ' ' '\n' <<<"$words" | sort | tr '\n' ' ')"
  n=$((n + 1))
done 3<<<"$models"
like "all drives were asked" $n "^[1-9][0-9]+$"
