#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# In the guest, as root: makes a USB optical drive out of a practice drive and waits for its nodes.
# usage: gadget-up.sh PROGRAM DRIVE SPEED [more arguments of the program]
# Leaves /run/gadget/log (the drive's own log), /run/gadget/control (commands) and /run/gadget/pid.
set -eu

program=$1 drive=$2 speed=$3
shift 3
state=/run/gadget
config=/sys/kernel/config/usb_gadget/optiflash
controller=dummy_udc.0

modprobe configfs
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
modprobe -a dummy_hcd libcomposite usb_f_fs sr_mod
# the kernel waits a second for a fresh drive to settle; this one needs no such wait
modprobe usb-storage delay_use=0

mkdir -p $state/ffs $config/strings/0x409 $config/configs/c.1 $config/functions/ffs.optiflash
echo 0x0e8d >$config/idVendor
echo 0x1887 >$config/idProduct
echo PRACTICE00000001 >$config/strings/0x409/serialnumber
echo Optiflash >$config/strings/0x409/manufacturer
echo "Practice drive" >$config/strings/0x409/product
ln -s $config/functions/ffs.optiflash $config/configs/c.1/
mount -t functionfs optiflash $state/ffs

mkfifo $state/control
setsid "$program" --ffs $state/ffs --udc-file $config/UDC --udc $controller --drive "$drive" \
  --speed "$speed" --log $state/log --control $state/control "$@" </dev/null \
  >$state/out 2>&1 &
echo $! >$state/pid
