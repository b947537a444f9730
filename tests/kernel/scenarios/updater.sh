# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2086,SC2154
# A Windows program, under Wine in our cage, flashes the practice drive through the real kernel: its pass-through
# comes to /dev/sg0 by way of the broker. Wine's prefix is made outside (share "wine"): an emulated machine
# would take very long for it.

image=$images/image.bin # the program looks for a file of this name beside it
exe=/build/tests/updater/test-updater-x86_64.exe
as_user $ctl practice image --overwrite standard 1.03 $image >/dev/null

mkdir -p /tmp/wine/upper /tmp/wine/work /tmp/cache/optiflash/wine
mount -t overlay overlay -o lowerdir=/wine,upperdir=/tmp/wine/upper,workdir=/tmp/wine/work \
  /tmp/cache/optiflash/wine
chown -R 1000:1000 /tmp/cache/optiflash/wine/lock /tmp/cache 2>/dev/null
chown 1000:1000 /tmp/cache /tmp/cache/optiflash /tmp/cache/optiflash/wine

as_updater() {
  as_user env XDG_CACHE_HOME=/tmp/cache OFL_UPDATER_LIBDIR=/build/core/updater "$@"
}

# let_write WAY MANNER: the program by one of its ways to a drive
let_write() {
  new_drive standard
  run_as as_updater updater /dev/sr0 $exe $image --argument="$1" --argument="$2" --argument= --hidden \
    --yes --accept-no-backup
  echo "# $1 $2: $took_ms ms, $(text verdict): $(text what)"
}

let_write direct flash
is "direct: revisions" "$(text revision_before) $(text revision_after)" "1.00 1.03"
check "direct: the flash holds the image" tell holds $image
like "direct: INQUIRY says so" "$(sg_inq /dev/sg0)" "revision level: 1.03"
is "direct: nobody but the program sent data" "$(lines | grep -c ' out [1-9]')" 2

let_write indirect jump
check "indirect, with a bar that is full at once: the flash holds the image" tell holds $image

let_write aspi flash
check "ASPI: the flash holds the image" tell holds $image

let_write direct crash
is "crash: verdict" "$(text verdict)" unknown
is "crash: the drive is what it was" "$(text revision_after)" 1.00
like "crash: it is told" "$(text what)" crashed
