/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  OFL_BUS_UNKNOWN,
  OFL_BUS_SATA,
  OFL_BUS_IDE,
  OFL_BUS_USB,
  OFL_BUS_SCSI,
  OFL_BUS_PRACTICE,
} OflBus;

/**
 * OflNumberBy:
 * @OFL_NUMBER_UNKNOWN: the drive does not tell
 * @OFL_NUMBER_JUMPER: its jumper
 * @OFL_NUMBER_CABLE_SELECT: its place on the cable, as its jumper asks for
 */
typedef enum {
  OFL_NUMBER_UNKNOWN,
  OFL_NUMBER_JUMPER,
  OFL_NUMBER_CABLE_SELECT,
} OflNumberBy;

/**
 * OflTopology:
 * @bus: how the drive is plugged in
 * @slave: IDE: device 1 of its channel
 * @number_by: IDE: what the drive says has made it master or slave
 * @channel: port as the system counts it ("ata3", "usb 1-2.4"), or ""
 * @usb_mbps: USB: speed of the link, Mbit/s; else 0
 * @bridge_vid: USB: vendor id of the bridge
 * @bridge_pid: USB: its product id
 * @device_path: the drive's device in sysfs up to its port: stays the same over a replug
 */
typedef struct {
  OflBus bus;
  gboolean slave;
  OflNumberBy number_by;
  char channel[48];
  guint usb_mbps;
  guint16 bridge_vid, bridge_pid;
  char device_path[256];
} OflTopology;

const char *ofl_bus_id (OflBus bus);
char *ofl_topology_describe (const OflTopology *self);
void ofl_topology_from_sysfs (OflTopology *self, const char *sysfs_device_path);

G_END_DECLS
