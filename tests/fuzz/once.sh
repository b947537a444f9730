#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a libFuzzer target over its seeds and then N inputs made from them, the same in each run:
# counted, not timed, so that a slow machine tries no fewer.
# usage: once.sh PROGRAM N
set -eu -o pipefail
program=$1 count=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/seeds"
OFL_FUZZ_SEEDS=$dir/seeds "$program"
"$program" -runs="$count" -seed=1 -max_len=2300000 -rss_limit_mb=4096 -print_final_stats=1 \
  -artifact_prefix="$dir/" "$dir/seeds" 2>&1 | tail -n 60 || {
  # what broke it, for who looks at the log
  for file in "$dir"/*-*; do
    [ -f "$file" ] && [ "$(stat -c %s "$file")" -le 4096 ] && base64 "$file"
  done
  exit 1
}
