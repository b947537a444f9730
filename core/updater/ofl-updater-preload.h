/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the parts of the preload library: ofl-updater-preload.c turns what Wine asks of a
 * node into commands, ofl-updater-ask.c brings a command to the broker,
 * ofl-updater-time64.c has the names by which 32-bit programs with a 64-bit time call. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* One command with all that comes back; data is read by the broker's side or filled in. */
typedef struct {
  uint8_t cdb[16];
  uint8_t cdb_len;
  uint8_t direction; /* OflUpdaterWireDirection */
  uint32_t length;
  uint32_t timeout_ms;
  void *data;
  uint8_t status;
  uint16_t host_status, driver_status;
  uint32_t residual, duration_ms;
  uint8_t sense_len;
  uint8_t sense[96];
} UpdaterCommand;

#define UPDATER_DRIVE_MAJOR 11 /* the kernel's sr */
#define UPDATER_HIDDEN __attribute__ ((visibility ("hidden")))

UPDATER_HIDDEN int updater_ask (const char *socket_path, UpdaterCommand *command);
UPDATER_HIDDEN int updater_is_drive (int fd);
UPDATER_HIDDEN int updater_take (int fd, unsigned long request, void *argument, int *status);
