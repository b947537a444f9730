/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives that umockdev makes up, for programs that run through umockdev-wrapper. */
#pragma once

#include <umockdev.h>

G_BEGIN_DECLS

/* What @description says is there; nobody is told. */
void udev_bed_add (UMockdevTestbed *bed, const char *description);
/* The two nodes of a drive, below @device. @from_udevd: it has been named by udevd */
void udev_bed_add_block (UMockdevTestbed *bed, const char *device, const char *name, guint minor,
                         gboolean from_udevd);
void udev_bed_add_sg (UMockdevTestbed *bed, const char *device, const char *name, guint minor);
/* An event of the node @child ("/block/sr0") */
void udev_bed_tell (UMockdevTestbed *bed, const char *device, const char *child,
                    const char *action);
/* It goes, and that is told. */
void udev_bed_remove (UMockdevTestbed *bed, const char *device, const char *child);

G_END_DECLS
