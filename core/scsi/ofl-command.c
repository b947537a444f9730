/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-command.h"

#include <string.h>

#include "scsi/ofl-bytes.h"

#define CDB_MIN 6
#define MAX_24_BIT 0xffffffu
#define BUFFER_CAPACITY_LEN 12

#define OP_MODE_SENSE_10 0x5a
#define OP_REPORT_KEY 0xa4
#define KEY_FORMAT_REGION 0x08
#define REGION_LEN 8

typedef struct {
  guint8 opcode;
  gboolean read_only;
  const char *name;
} Opcode;

/* Sorted by opcode. Read-only means that the drive keeps no trace of it: what START STOP moves and
 * PREVENT ALLOW locks is not read-only. */
static const Opcode opcodes[] = {
  { 0x00, TRUE, "TEST UNIT READY" },
  { 0x01, FALSE, "REZERO UNIT" },
  { 0x03, TRUE, "REQUEST SENSE" },
  { 0x04, FALSE, "FORMAT UNIT" },
  { 0x12, TRUE, "INQUIRY" },
  { 0x15, FALSE, "MODE SELECT(6)" },
  { 0x1a, TRUE, "MODE SENSE(6)" },
  { 0x1b, FALSE, "START STOP UNIT" },
  { 0x1d, FALSE, "SEND DIAGNOSTIC" },
  { 0x1e, FALSE, "PREVENT ALLOW MEDIUM REMOVAL" },
  { 0x23, TRUE, "READ FORMAT CAPACITIES" },
  { 0x25, TRUE, "READ CAPACITY" },
  { 0x28, TRUE, "READ(10)" },
  { 0x2a, FALSE, "WRITE(10)" },
  { 0x2b, FALSE, "SEEK(10)" },
  { 0x35, FALSE, "SYNCHRONIZE CACHE" },
  { 0x3b, FALSE, "WRITE BUFFER" },
  { 0x3c, TRUE, "READ BUFFER" },
  { 0x42, TRUE, "READ SUB-CHANNEL" },
  { 0x43, TRUE, "READ TOC/PMA/ATIP" },
  { 0x44, TRUE, "READ HEADER" },
  { 0x46, TRUE, "GET CONFIGURATION" },
  { 0x4a, TRUE, "GET EVENT STATUS" },
  { 0x51, TRUE, "READ DISC INFORMATION" },
  { 0x52, TRUE, "READ TRACK INFORMATION" },
  { 0x55, FALSE, "MODE SELECT(10)" },
  { 0x5a, TRUE, "MODE SENSE(10)" },
  { 0x5c, TRUE, "READ BUFFER CAPACITY" },
  { 0xa0, TRUE, "REPORT LUNS" },
  { 0xa3, FALSE, "SEND KEY" },
  { 0xa4, FALSE, "REPORT KEY" },
  { 0xa8, TRUE, "READ(12)" },
  { 0xac, TRUE, "GET PERFORMANCE" },
  { 0xad, TRUE, "READ DISC STRUCTURE" },
  { 0xb9, TRUE, "READ CD MSF" },
  { 0xbb, FALSE, "SET CD SPEED" },
  { 0xbd, TRUE, "MECHANISM STATUS" },
  { 0xbe, TRUE, "READ CD" },
};

static const Opcode *
find_opcode (guint8 opcode)
{
  for (gsize i = 0; i < G_N_ELEMENTS (opcodes); i++)
    if (opcodes[i].opcode == opcode)
      return &opcodes[i];
  return NULL;
}

/**
 * ofl_command_raw:
 * @cdb: (array length=cdb_len): the command descriptor block
 * @cdb_len: its length, 6 to 16 bytes
 * @dir: direction of the data phase
 * @length: bytes of the data phase; 0 when @dir is %OFL_DIR_NONE
 * @timeout_ms: limit for the answer, ms; 0 means %OFL_TIMEOUT_TRANSFER, since a command without a
 *   limit could never be reported as unanswered
 *
 * Returns: the command; one that no transport sends when an argument is out of range
 */
OflCommand
ofl_command_raw (const guint8 *cdb, guint cdb_len, OflDirection dir, guint32 length,
                 guint timeout_ms)
{
  OflCommand command = { 0 };

  g_return_val_if_fail (cdb != NULL && cdb_len >= CDB_MIN && cdb_len <= OFL_CDB_MAX, command);
  g_return_val_if_fail (dir != OFL_DIR_NONE || length == 0, command);
  memcpy (command.cdb, cdb, cdb_len);
  command.cdb_len = (guint8) cdb_len;
  command.dir = dir;
  command.length = length;
  command.timeout_ms = timeout_ms != 0 ? timeout_ms : OFL_TIMEOUT_TRANSFER;
  return command;
}

/* An IN command whose data phase may be empty: without one it has no direction either. */
static OflCommand
make_in (const guint8 *cdb, guint cdb_len, guint32 length, guint timeout_ms)
{
  return ofl_command_raw (cdb, cdb_len, length != 0 ? OFL_DIR_IN : OFL_DIR_NONE, length,
                          timeout_ms);
}

/**
 * ofl_command_test_unit_ready:
 *
 * Six zero bytes (scsi 1.5). Before a flash the wanted answer is 02/3A/xx, no disc.
 *
 * Returns: the command
 */
OflCommand
ofl_command_test_unit_ready (void)
{
  const guint8 cdb[6] = { 0x00 };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_NONE, 0, OFL_TIMEOUT_PROBE);
}

/**
 * ofl_command_inquiry:
 * @length: allocation length, bytes; every family's tools ask for 96 (scsi 1.3)
 *
 * Returns: the command for standard INQUIRY data
 */
OflCommand
ofl_command_inquiry (guint8 length)
{
  const guint8 cdb[6] = { 0x12, 0, 0, 0, length, 0 };

  return make_in (cdb, sizeof cdb, length, OFL_TIMEOUT_PROBE);
}

/**
 * ofl_command_get_configuration:
 * @feature: number of the feature, for example 0x0108, the serial number
 * @length: allocation length, bytes
 *
 * Asks for this one feature, RT = 2 (scsi 1.4). The reply is an 8-byte header, then
 * code (2), flags (1), additional length (1) and data.
 *
 * Returns: the command
 */
OflCommand
ofl_command_get_configuration (guint16 feature, guint16 length)
{
  guint8 cdb[10] = { 0x46, 0x02 };

  ofl_put_be (cdb + 2, 2, feature);
  ofl_put_be (cdb + 7, 2, length);
  return make_in (cdb, sizeof cdb, length, OFL_TIMEOUT_PROBE);
}

static gboolean
fill_buffer_cdb (guint8 cdb[10], guint8 opcode, OflBufferMode mode, guint8 id, guint32 offset,
                 guint32 length)
{
  g_return_val_if_fail (offset <= MAX_24_BIT && length <= MAX_24_BIT, FALSE);
  cdb[0] = opcode;
  cdb[1] = (guint8) mode;
  cdb[2] = id;
  ofl_put_be (cdb + 3, 3, offset);
  ofl_put_be (cdb + 6, 3, length);
  return TRUE;
}

/**
 * ofl_command_read_buffer:
 * @mode: what to read (scsi 1.2)
 * @id: buffer id
 * @offset: first byte, 24 bits
 * @length: bytes, 24 bits
 *
 * Returns: the command; one that no transport sends when a field does not fit
 */
OflCommand
ofl_command_read_buffer (OflBufferMode mode, guint8 id, guint32 offset, guint32 length)
{
  guint8 cdb[10] = { 0 };

  if (!fill_buffer_cdb (cdb, 0x3c, mode, id, offset, length))
    return (OflCommand){ 0 };
  return make_in (cdb, sizeof cdb, length, OFL_TIMEOUT_TRANSFER);
}

/**
 * ofl_command_write_buffer:
 * @mode: what to do with the data (scsi 1.1)
 * @id: buffer id
 * @offset: where it belongs, 24 bits
 * @length: bytes, 24 bits; 0 stays an OUT command
 *
 * Returns: the command; one that no transport sends when a field does not fit
 */
OflCommand
ofl_command_write_buffer (OflBufferMode mode, guint8 id, guint32 offset, guint32 length)
{
  guint8 cdb[10] = { 0 };

  if (!fill_buffer_cdb (cdb, 0x3b, mode, id, offset, length))
    return (OflCommand){ 0 };
  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_OUT, length, OFL_TIMEOUT_TRANSFER);
}

/**
 * ofl_command_name:
 * @command: a command
 *
 * Returns: the standard's name of its opcode, or "vendor command"; static
 */
const char *
ofl_command_name (const OflCommand *command)
{
  const Opcode *opcode = find_opcode (command->cdb[0]);

  if (opcode != NULL)
    return opcode->name;
  return command->cdb[0] >= 0xc0 ? "vendor command" : "other command";
}

/**
 * ofl_command_is_named:
 * @command: a command
 *
 * Returns: whether the standard has a name for its opcode
 */
gboolean
ofl_command_is_named (const OflCommand *command)
{
  return find_opcode (command->cdb[0]) != NULL;
}

/**
 * ofl_command_print:
 * @command: a command
 * @text: (out caller-allocates): room for its bytes as on the wire, hexadecimal with blanks
 */
void
ofl_command_print (const OflCommand *command, char text[OFL_COMMAND_TEXT_MAX])
{
  static const char digits[] = "0123456789abcdef";
  char *p = text;

  for (guint i = 0; i < MIN (command->cdb_len, OFL_CDB_MAX); i++)
    {
      if (i > 0)
        *p++ = ' ';
      *p++ = digits[command->cdb[i] >> 4];
      *p++ = digits[command->cdb[i] & 0x0f];
    }
  *p = '\0';
}

/**
 * ofl_command_format:
 * @command: a command
 *
 * Returns: (transfer full): its bytes as on the wire, hexadecimal with blanks
 */
char *
ofl_command_format (const OflCommand *command)
{
  char text[OFL_COMMAND_TEXT_MAX];

  ofl_command_print (command, text);
  return g_strdup (text);
}

/* REPORT KEY asks for keys, which the drive remembers having given; not so for the state of the
 * region code (scsi 1.10). */
static gboolean
is_region_question (const OflCommand *command)
{
  return command->cdb[0] == OP_REPORT_KEY && command->dir == OFL_DIR_IN && command->cdb[7] == 0
         && (command->cdb[10] & 0x3f) == KEY_FORMAT_REGION;
}

/**
 * ofl_command_report_region:
 *
 * REPORT KEY for the state of the region code. Source: scsi 1.10.
 *
 * Returns: the command
 */
OflCommand
ofl_command_report_region (void)
{
  static const guint8 cdb[12] = { OP_REPORT_KEY, [9] = REGION_LEN, [10] = KEY_FORMAT_REGION };

  return make_in (cdb, sizeof cdb, REGION_LEN, OFL_TIMEOUT_PROBE);
}

/**
 * ofl_command_mode_sense:
 * @page: a page's code
 * @length: bytes that are asked for
 *
 * MODE SENSE(10) for the values that hold now. Source: scsi 1.9.
 *
 * Returns: the command
 */
OflCommand
ofl_command_mode_sense (guint8 page, guint16 length)
{
  guint8 cdb[10] = { OP_MODE_SENSE_10, 0, page };

  ofl_put_be (cdb + 7, 2, length);
  return make_in (cdb, sizeof cdb, length, OFL_TIMEOUT_PROBE);
}

/**
 * ofl_command_is_read_only:
 * @command: a command
 *
 * A list of what is known to be harmless, not of what is known to be dangerous: every vendor
 * command and every opcode that is not listed counts as one that may write.
 *
 * Returns: whether it only asks
 */
gboolean
ofl_command_is_read_only (const OflCommand *command)
{
  const Opcode *opcode = find_opcode (command->cdb[0]);

  if (is_region_question (command))
    return TRUE;
  return opcode != NULL && opcode->read_only && command->dir != OFL_DIR_OUT;
}
