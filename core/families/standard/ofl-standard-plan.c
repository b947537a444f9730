/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard family: the steps of a microcode download. standard 2. */
#include "families/standard/ofl-standard.h"

#include <glib/gi18n-lib.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"

#define MAX_OFFSET 0x1000000  /* offsets have 24 bits */
#define ONLY_OFFSET_ZERO 0xff /* READ BUFFER's descriptor: no offsets at all */
#define COMMAND_MS 20

/* How a file is cut and sent. */
typedef struct {
  guint8 mode;
  guint8 id;
  guint32 chunk;
  guint write_limit_ms;
  guint ready_limit_ms;
} Transfer;

/* The drive's own word on where a piece may begin: a power of two, or only 0. */
static guint8
boundary_of (const OflSnapshot *drive)
{
  GBytes *descriptor = ofl_snapshot_get_blob (drive, OFL_STANDARD_BLOB_DESCRIPTOR);

  return descriptor != NULL ? *(const guint8 *) g_bytes_get_data (descriptor, NULL) : 0;
}

static void
read_transfer (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
               gsize length, Transfer *transfer)
{
  guint8 boundary = boundary_of (drive);
  const char *chunk = ofl_family_choice (self, choices, "chunk");
  const char *mode = ofl_family_choice (self, choices, "mode");

  transfer->mode = (guint8) g_ascii_strtoull (mode, NULL, 16);
  transfer->id = (guint8) ofl_family_number (self, "write", "buffer-id");
  transfer->chunk = (guint32) g_ascii_strtoull (chunk, NULL, 10);
  transfer->write_limit_ms = ofl_family_number (self, "write", "command-limit-ms");
  transfer->ready_limit_ms = ofl_family_number (self, "write", "ready-limit-ms");
  if (transfer->mode == OFL_BUFFER_MICROCODE_SAVE || boundary == ONLY_OFFSET_ZERO)
    transfer->chunk = (guint32) length;
  else if (boundary < 32)
    transfer->chunk = MAX (transfer->chunk, 1u << boundary);
  else
    transfer->chunk = G_MAXUINT32;
}

/**
 * ofl_standard_check_transfer:
 * @self: the family
 * @drive: a drive
 * @image: what to send
 * @choices: (nullable): "mode", "chunk"
 * @error: return location
 *
 * Returns: whether @image can be sent in the chosen way; else %FALSE with
 *   %OFL_ERROR_NOT_SUPPORTED
 */
gboolean
ofl_standard_check_transfer (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                             const OflChoices *choices, GError **error)
{
  gsize length = g_bytes_get_size (ofl_image_get_bytes (image));
  Transfer transfer;

  read_transfer (self, drive, choices, length, &transfer);
  if (length == 0 || length > MAX_OFFSET)
    ofl_set_error (
        error, OFL_ERROR_NOT_SUPPORTED,
        g_dngettext (GETTEXT_PACKAGE, "The file has %zu byte. This way of writing takes 1 to %u.",
                     "The file has %zu bytes. This way of writing takes 1 to %u.", length),
        length, (guint) MAX_OFFSET);
  else if (transfer.chunk > OFL_MAX_TRANSFER && transfer.mode == OFL_BUFFER_MICROCODE_SAVE)
    ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                   _ ("Mode 05 sends the whole file in one transfer, which carries at most %u "
                      "bytes; the file has %zu. Choose mode 07."),
                   (guint) OFL_MAX_TRANSFER, length);
  else if (transfer.chunk > OFL_MAX_TRANSFER)
    ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                   _ ("The drive says that it takes no pieces as small as %u bytes, and one "
                      "transfer cannot carry more. This file cannot be sent to it."),
                   (guint) OFL_MAX_TRANSFER);
  else
    return TRUE;
  return FALSE;
}

/* Erasing and programming of a chip without a name, by what SPI chips take (practice 3). */
static guint
time_of (const OflFamily *self, const char *key, guint32 length)
{
  return MAX (COMMAND_MS, ofl_family_time_of (self, key, length));
}

/* A drive may report after each piece that its microcode changed. It answers the next command with
 * that instead of executing it: the next command must not be a piece. */
static void
add_consume_attention (OflPlan *plan, OflStage stage)
{
  ofl_family_add_pending (plan, stage, COMMAND_MS);
}

/* Where the facts of the chosen mode stand. */
static const char *
source_of (const Transfer *transfer)
{
  if (transfer->mode == OFL_BUFFER_MICROCODE_SAVE)
    return "standard 2.3";
  return transfer->mode == OFL_BUFFER_MICROCODE_DEFER ? "standard 2.4" : "standard 2.2";
}

static void
add_pieces (OflPlan *plan, const OflFamily *self, const Transfer *transfer, GBytes *image)
{
  int buffer = ofl_plan_add_buffer (plan, "image", image);
  guint32 length = (guint32) g_bytes_get_size (image);

  /* which piece first changes the drive is not said anywhere, so the first counts (standard 2.2:
   * each is saved as it comes, or may be) */
  ofl_plan_mark (plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS,
                 N_ ("The first piece may be programmed"));
  for (guint32 at = 0; at < length; at += transfer->chunk)
    {
      guint32 piece = MIN (transfer->chunk, length - at);
      OflCommand command
          = ofl_command_write_buffer ((OflBufferMode) transfer->mode, transfer->id, at, piece);
      OflStep *step;

      command.timeout_ms = transfer->write_limit_ms;
      step = ofl_plan_send (plan, OFL_STAGE_SEND, N_ ("Send the firmware"), command, buffer, at,
                            time_of (self, "usual-ms-per-64k", piece));
      step->max_ms = time_of (self, "max-ms-per-64k", piece);
      step->source = source_of (transfer);
      add_consume_attention (plan, OFL_STAGE_SEND);
    }
}

static void
add_end (OflPlan *plan, const Transfer *transfer)
{
  OflStep *step;

  if (transfer->mode == OFL_BUFFER_MICROCODE_DEFER)
    {
      OflCommand command
          = ofl_command_write_buffer (OFL_BUFFER_MICROCODE_ACTIVATE, transfer->id, 0, 0);

      command.dir = OFL_DIR_NONE;
      command.timeout_ms = transfer->write_limit_ms;
      step = ofl_plan_command (plan, OFL_STAGE_PROGRAM, N_ ("Activate the firmware"), command,
                               OFL_EXPECT_OK, COMMAND_MS);
      step->source = "standard 2.4";
    }
  ofl_family_add_wait (plan, OFL_STAGE_PROGRAM, 0, 500, transfer->ready_limit_ms, "standard 2.5");
  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN, N_ ("The firmware is complete"));
}

/**
 * ofl_standard_plan_write:
 * @self: the family
 * @drive: a drive
 * @image: what to write
 * @choices: (nullable): "mode" (07, 05, 0E), "chunk" (bytes)
 * @error: return location
 *
 * standard 2: pieces with offsets, each saved (07); the whole file in one transfer (05);
 * pieces saved and activated at the end (0E, then 0F). No gate against discs: the standard has
 * none.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_standard_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                         const OflChoices *choices, GError **error)
{
  GBytes *bytes = ofl_image_get_bytes (image);
  g_autoptr (OflPlan) plan = NULL;
  Transfer transfer;

  read_transfer (self, drive, choices, g_bytes_get_size (bytes), &transfer);
  plan = ofl_plan_new (N_ ("Write the firmware (standard download)"));
  add_consume_attention (plan, OFL_STAGE_CHECK);
  add_pieces (plan, self, &transfer, bytes);
  add_end (plan, &transfer);
  return g_steal_pointer (&plan);
}
