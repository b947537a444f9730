# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# Files that must not be written are refused in words before anything is sent.
new_drive

install -m 000 $images/new.bin $images/unreadable.bin
mkdir -p $images/directory
truncate -s 4G $images/huge.bin
: >$images/empty.bin
chmod 755 $images/directory
chmod 644 $images/huge.bin $images/empty.bin

# refused FILE STATUS WORDS
refused() {
  mark
  run flash /dev/sr0 "$images/$1" --yes --accept-warnings
  like "$1: status" $status "^($2)\$"
  like "$1: a sentence" "$(text what)$(cat $err)" "$3"
  is "$1: nothing was sent that writes" "$(writes)" 0
}

refused wrong-family.bin 3 '[A-Za-z]+ [a-z]+'
refused truncated.bin 3 '[A-Za-z]+ [a-z]+'
refused bad-cmac.bin 3 '[A-Za-z]+ [a-z]+'
refused unknown.bin '2|3' '[A-Za-z]+ [a-z]+'
refused unreadable.bin 2 '[A-Za-z]+ [a-z]+'
refused directory 2 '[A-Za-z]+ [a-z]+'
refused huge.bin 2 '[A-Za-z]+ [a-z]+'
refused empty.bin '2|3' '[A-Za-z]+ [a-z]+'
refused missing.bin 2 '[A-Za-z]+ [a-z]+'

# the drive's own no: a disc
tell disc in
mark
run flash /dev/sr0 $images/new.bin --yes
is "a disc in the drive: status" $status 3
is "a disc in the drive: no update was begun" "$(commands | grep -c -e '^[0-9]* 3b')" 0
tell disc out

run info /dev/sr0
is "the drive is as it was" "$(text revision) $(text state)" "1.00 normal"
