# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# What udev says of each practice drive is what its model can do: the list is written down in
# tests/practice/udev.txt, which is also held in process. Left out are MRW and MRW_W: the kernel says
# of every drive that it has Mount Rainier. wodim reads another page (2A, MODE SENSE), which knows of no
# plus formats, and must come to the same.

# the words behind ID_CDROM_ of what is there, sorted, in a line
udev_words() {
  udevadm info --query=property --name=/dev/sr0 | sed -n 's/^ID_CDROM_\([A-Z_]*\)=1$/\1/p' \
    | grep -vx -e MRW -e MRW_W | sort | tr '\n' ' '
}

# of those words, the ones page 2A has: a line of wodim's each
wodim_lines=(
  "CD_R=write CD-R media" "CD_RW=write CD-RW media" "DVD=read DVD-ROM media" "DVD_R=write DVD-R media"
  "DVD_RAM=write DVD-RAM media"
)

# the words that wodim says of what is there
wodim_words() {
  local line
  wodim -prcap dev=/dev/sr0 >/tmp/wodim 2>&1
  for line in "${wodim_lines[@]}"; do
    ! grep -q "^ *Does ${line#*=}\$" /tmp/wodim || echo "${line%%=*}"
  done
}

# the words of a model that page 2A has
page_words() {
  local line
  for line in "${wodim_lines[@]}"; do
    ! [[ " $1 " == *" ${line%%=*} "* ]] || echo "${line%%=*}"
  done
}

n=0
models=$(grep -v -e '^#' -e '^$' ../practice/udev.txt)
while read -r -u 3 id words; do
  new_drive "$id"
  is "$id: what udev says is what it can do" "$(udev_words)" \
    "$(tr ' ' '\n' <<<"$words" | sort | tr '\n' ' ')"
  is "$id: so does wodim" "$(wodim_words)" "$(page_words "$words")"
  n=$((n + 1))
done 3<<<"$models"
like "all drives were asked" $n "^[1-9][0-9]+$"
