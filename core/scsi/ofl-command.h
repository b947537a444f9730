/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  OFL_DIR_NONE, /* no data phase */
  OFL_DIR_IN,   /* drive to host */
  OFL_DIR_OUT,  /* host to drive; a length of 0 is allowed and stays an OUT */
} OflDirection;

#define OFL_CDB_MAX 16

/* Bytes of a CDB in hexadecimal digits: two for each and a blank, or the end, after it. */
#define OFL_COMMAND_TEXT_MAX (3 * OFL_CDB_MAX)

/* Limits for the standard commands, ms. */
#define OFL_TIMEOUT_PROBE 10000
#define OFL_TIMEOUT_TRANSFER 50000

/**
 * OflCommand:
 * @cdb: the command descriptor block, padded with zeros
 * @cdb_len: its length on the wire, 6 to 16 bytes
 * @dir: direction of the data phase
 * @length: bytes of the data phase
 * @timeout_ms: limit after which the command counts as unanswered
 *
 * One SCSI command, without its data. A plain value: copy it freely.
 */
typedef struct {
  guint8 cdb[OFL_CDB_MAX];
  guint8 cdb_len;
  OflDirection dir;
  guint32 length;
  guint timeout_ms;
} OflCommand;

/* READ BUFFER and WRITE BUFFER modes (SPC; scsi 1.1, scsi 1.2) */
typedef enum {
  OFL_BUFFER_VENDOR = 0x01,
  OFL_BUFFER_DATA = 0x02,
  OFL_BUFFER_DESCRIPTOR = 0x03,
  OFL_BUFFER_MICROCODE = 0x04,
  OFL_BUFFER_MICROCODE_SAVE = 0x05,
  OFL_BUFFER_MICROCODE_OFFSETS = 0x06,
  OFL_BUFFER_MICROCODE_OFFSETS_SAVE = 0x07,
  OFL_BUFFER_ECHO = 0x0a,
  OFL_BUFFER_MICROCODE_DEFER = 0x0e,
  OFL_BUFFER_MICROCODE_ACTIVATE = 0x0f,
} OflBufferMode;

OflCommand ofl_command_raw (const guint8 *cdb, guint cdb_len, OflDirection dir, guint32 length,
                            guint timeout_ms);
OflCommand ofl_command_test_unit_ready (void);
OflCommand ofl_command_inquiry (guint8 length);
OflCommand ofl_command_get_configuration (guint16 feature, guint16 length);
OflCommand ofl_command_mode_sense (guint8 page, guint16 length);
OflCommand ofl_command_report_region (void);
OflCommand ofl_command_read_buffer (OflBufferMode mode, guint8 id, guint32 offset, guint32 length);
OflCommand ofl_command_write_buffer (OflBufferMode mode, guint8 id, guint32 offset, guint32 length);

const char *ofl_command_name (const OflCommand *command);
gboolean ofl_command_is_named (const OflCommand *command);
void ofl_command_print (const OflCommand *command, char text[OFL_COMMAND_TEXT_MAX]);
char *ofl_command_format (const OflCommand *command);
char *ofl_command_describe (const OflCommand *command);
char *ofl_command_describe_as (const OflCommand *command, const char *name, guint at, guint width);
gboolean ofl_command_is_read_only (const OflCommand *command);

G_END_DECLS
