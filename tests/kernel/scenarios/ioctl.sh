# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# What our way to a drive costs above a bare loop of SG_IO: figures for tests/bench/bench.py, one line for each round.
# Checked is only that the drive got as many commands as are counted.
reads=100 rounds=40

new_drive
check "the reads are done" as_user /build/tests/bench/bench-ioctl /dev/sr0 $reads $rounds
is "the drive got each of them" \
  "$(lines | grep -c '^3c 06 00 00 30 00 00 00 20 00 out 0 ok$')" $(((3 * rounds + 1) * reads))
