/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "gadget-device.h"

G_BEGIN_DECLS

/* The USB side: a mass-storage function in user space (FunctionFS) and its cable. */
typedef struct {
  OflGadgetDevice *device;
  char *udc_file; /* the gadget's UDC attribute in configfs: the cable */
  char *udc;      /* the controller it is plugged into */
  gboolean plugged;
  int control_fd, in_fd, out_fd;
} OflGadgetBus;

/* The sub-class of the interface: packet commands of 12 bytes, as a bridge to a drive has it, or
 * commands as long as the host sends them. */
typedef enum {
  OFL_GADGET_ATAPI = 0x02,
  OFL_GADGET_SCSI = 0x06,
} OflGadgetKind;

gboolean ofl_gadget_bus_open (OflGadgetBus *self, const char *ffs_dir, OflGadgetKind kind,
                              GError **error);
gboolean ofl_gadget_bus_plug (OflGadgetBus *self, GError **error);
gboolean ofl_gadget_bus_unplug (OflGadgetBus *self, GError **error);

/* gadget-bulk.c */
void ofl_gadget_bulk_run (OflGadgetBus *self);

G_END_DECLS
