/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the preload library in the cage and the broker outside say to each other, over a stream
 * socket of the UNIX family. Both are on one machine, so numbers are in its own byte order; every
 * field has a fixed size, so that 32-bit and 64-bit programs say the same.
 *
 * A request is OflUpdaterWireRequest, and with OFL_UPDATER_WIRE_OUT its length bytes of data. An
 * answer is OflUpdaterWireAnswer and its length bytes of data. A connection carries one request at a
 * time, as many as it likes one after the other. What breaks a rule of these is not answered: the
 * broker closes the connection. No GLib here: the library is loaded into a stranger's process. */
#pragma once

#include <stdint.h>

#define OFL_UPDATER_WIRE_MAGIC 0x31555046u /* "FPU1" */
#define OFL_UPDATER_WIRE_VERSION 1

#define OFL_UPDATER_WIRE_CDB_MIN 6
#define OFL_UPDATER_WIRE_CDB_MAX 16
/* Most bytes of one data phase. Windows programs are told 32 KiB by Wine. */
#define OFL_UPDATER_WIRE_DATA_MAX (1024u * 1024u)
#define OFL_UPDATER_WIRE_SENSE_MAX 96

/* Environment of a process in the cage: the socket's path, and the path of the file that is the one
 * drive there. Without one of them the library does nothing. */
#define OFL_UPDATER_WIRE_SOCKET "OPTIFLASH_UPDATER_SOCKET"
#define OFL_UPDATER_WIRE_DRIVE "OPTIFLASH_UPDATER_DRIVE"

typedef enum {
  OFL_UPDATER_WIRE_NONE = 0,
  OFL_UPDATER_WIRE_IN = 1,  /* drive to host */
  OFL_UPDATER_WIRE_OUT = 2, /* host to drive; length may be 0 */
} OflUpdaterWireDirection;

/* @timeout_ms: what the program asked for; the broker may wait longer, never less. Bytes of @cdb
 * from @cdb_len on are zero. */
typedef struct {
  uint32_t magic;
  uint16_t version;
  uint8_t cdb_len;
  uint8_t direction;
  uint32_t length;
  uint32_t timeout_ms;
  uint8_t cdb[OFL_UPDATER_WIRE_CDB_MAX];
} OflUpdaterWireRequest;

/* @os_error: an errno when the command was not sent; then all that follows is 0. @status,
 * @host_status, @driver_status: as in Linux' sg_io_hdr. @length: bytes of data that follow, with
 * OFL_UPDATER_WIRE_IN only, and no more than were asked for. */
typedef struct {
  uint32_t magic;
  uint16_t version;
  uint8_t status;
  uint8_t sense_len;
  uint32_t os_error;
  uint16_t host_status;
  uint16_t driver_status;
  uint32_t residual;
  uint32_t duration_ms;
  uint32_t length;
  uint8_t sense[OFL_UPDATER_WIRE_SENSE_MAX];
} OflUpdaterWireAnswer;

_Static_assert(sizeof (OflUpdaterWireRequest) == 32, "one layout for 32 and 64 bit");
_Static_assert(sizeof (OflUpdaterWireAnswer) == 124, "one layout for 32 and 64 bit");
