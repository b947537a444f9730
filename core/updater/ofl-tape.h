/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program and a drive said to each other, as it was recorded: README.md, the tape. */
#pragma once

#include <gio/gio.h>

#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/* A tape is refused beyond these, and none is written beyond them. */
#define OFL_TAPE_MOST_BYTES (64 * 1024 * 1024)
#define OFL_TAPE_MOST_LENGTH 0xffffffu /* of a data phase */
#define OFL_TAPE_MOST_LENGTHS (G_GUINT64_CONSTANT (4) << 30) /* of all data phases */
#define OFL_TAPE_MOST_WHOLE (1024 * 1024)
#define OFL_TAPE_SHA256_LEN 64

/**
 * OflTapeEnd:
 * @OFL_TAPE_BROKE_OFF: the tape has no last line: whoever recorded it was ended, or the disk was full
 * @OFL_TAPE_ENDED: the program that talked to the drive ended by itself
 * @OFL_TAPE_KILLED: it was ended
 * @OFL_TAPE_CRASHED: it crashed
 *
 * How a recorded conversation ended.
 */
typedef enum {
  OFL_TAPE_BROKE_OFF,
  OFL_TAPE_ENDED,
  OFL_TAPE_KILLED,
  OFL_TAPE_CRASHED,
  OFL_N_TAPE_ENDS,
} OflTapeEnd;

/**
 * OflTapeHeader:
 * @program: what recorded it, with its version
 * @began: when, ISO 8601, UTC
 * @vendor: of the drive, as INQUIRY has it
 * @product: same
 * @revision: same, before anything was sent
 * @link: how it was plugged in, as ofl_bus_id(); "" when nobody knows
 * @serial: its serial, on a tape masked but for its first two characters; "" when it has none
 * @file_name: the program that talked, without its folder; "" when there was none
 * @file_length: its bytes
 * @file_sha256: its hash
 * @whole: the owner allowed that all data is kept
 *
 * Who talked to whom. Texts are never %NULL on a tape that was read; a writer takes %NULL for "".
 */
typedef struct {
  char *program;
  char *began;
  char *vendor;
  char *product;
  char *revision;
  char *link;
  char *serial;
  char *file_name;
  gint64 file_length;
  char *file_sha256;
  gboolean whole;
} OflTapeHeader;

/**
 * OflTapeEntry:
 * @at_ms: when it was sent, ms after the first
 * @command: what was sent
 * @reply: what became of it
 * @sha256: of the data that was handed over (OUT) or came (IN), after masking; "" when there was none
 * @data: (nullable): that data, where it was kept whole
 * @masked: a serial was masked in it
 *
 * One command and its answer. Of an OUT command the data is all that was handed over, whether or not
 * the drive took it.
 */
typedef struct {
  gint64 at_ms;
  OflCommand command;
  OflReply reply;
  char sha256[OFL_TAPE_SHA256_LEN + 1];
  GBytes *data;
  gboolean masked;
} OflTapeEntry;

/**
 * OflTape:
 *
 * A tape that was read. Immutable and reference counted; may be shared between threads.
 */
typedef struct _OflTape OflTape;

OflTape *ofl_tape_load (GFile *file, GCancellable *cancellable, GError **error);
OflTape *ofl_tape_parse (const char *text, gsize length, GError **error);
OflTape *ofl_tape_ref (OflTape *self);
void ofl_tape_unref (OflTape *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflTape, ofl_tape_unref)

const OflTapeHeader *ofl_tape_get_header (const OflTape *self);
guint ofl_tape_get_n_entries (const OflTape *self);
const OflTapeEntry *ofl_tape_get_entry (const OflTape *self, guint index);
OflTapeEnd ofl_tape_get_end (const OflTape *self);
const char *ofl_tape_get_ended_at (const OflTape *self);
gboolean ofl_tape_is_torn (const OflTape *self);
int ofl_tape_find_missing (const OflTape *self, OflDirection dir);

gboolean ofl_tape_same_command (const OflCommand *a, const OflCommand *b);
gboolean ofl_tape_is_poll (const OflCommand *command);

const char *ofl_tape_end_id (OflTapeEnd end);
const char *ofl_tape_end_title (OflTapeEnd end);

G_END_DECLS
