/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plextor: the steps that read the EEPROM and those that write. plextor 2. */
#include "families/plextor/ofl-plextor.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define COMMAND_MS 20
#define PIECE_MS 20

/**
 * ofl_plextor_read_eeprom:
 * @in_blocks: the form of the PX-714A and later, which counts in blocks
 * @block: which one; 0 in the other form
 * @length: bytes to read
 *
 * Returns: the command that reads a part of the EEPROM (plextor 2.7)
 */
OflCommand
ofl_plextor_read_eeprom (gboolean in_blocks, guint8 block, guint16 length)
{
  guint8 cdb[12] = { 0xf1, in_blocks ? 0x01 : 0x00 };

  cdb[7] = block;
  ofl_put_be (cdb + 8, 2, length);
  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, length, OFL_TIMEOUT_PROBE);
}

static void
add_eeprom (OflPlan *plan, gboolean in_blocks, guint blocks, guint16 length)
{
  int capture = ofl_plan_add_capture (plan, "eeprom", blocks * length);

  for (guint i = 0; i < blocks; i++)
    ofl_plan_read (plan, OFL_STAGE_BACKUP, N_ ("Read the EEPROM"),
                   ofl_plextor_read_eeprom (in_blocks, (guint8) i, length), capture, i * length,
                   COMMAND_MS)
        ->source
        = "plextor 2.7";
}

/**
 * ofl_plextor_plan_read:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): not used
 * @error: return location
 *
 * plextor 2.7: the EEPROM, in one piece or in four, which is all that can be read.
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when this model's
 *   EEPROM cannot be read
 */
OflPlan *
ofl_plextor_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                       GError **error)
{
  g_autofree char *model = ofl_plextor_model (self, drive);
  g_autofree char *eeprom = model != NULL ? ofl_family_word (self, model, "eeprom") : NULL;
  OflPlan *plan;

  if (eeprom == NULL)
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("How this model's EEPROM is read is not public, and its firmware cannot be "
                        "read."));
      return NULL;
    }
  plan = ofl_plan_new (N_ ("Read the EEPROM (Plextor)"));
  ofl_family_add_pending (plan, OFL_STAGE_BACKUP, COMMAND_MS);
  if (g_str_equal (eeprom, "blocks"))
    add_eeprom (plan, TRUE, OFL_PLEXTOR_EEPROM_BLOCKS, OFL_PLEXTOR_EEPROM_BLOCK);
  else
    add_eeprom (plan, FALSE, 1, (guint16) ofl_family_number (self, model, "eeprom"));
  return plan;
}

/* What a write plan is made of. */
typedef struct {
  const OflFamily *family;
  OflPlan *plan;
  gboolean redumper;
  int buffer;
  guint32 length;
  guint32 chunk;
  guint usual_ms; /* the chip's times for the whole image */
  guint max_ms;
  guint burn_limit_ms;
  guint restart_limit_ms;
} Writer;

/* What the chosen way of writing sends to this model, or what the user says. */
static guint32
chunk_of (const OflFamily *self, const OflChoices *choices, const char *model, gboolean redumper)
{
  const char *chunk = ofl_family_choice (self, choices, "chunk");

  if (!g_str_equal (chunk, "own"))
    return (guint32) g_ascii_strtoull (chunk, NULL, 10);
  return ofl_family_number (self, model, redumper ? "chunk-redumper" : "chunk-pxfw");
}

static void
add_gates (const Writer *w)
{
  OflStep *step;

  ofl_family_add_disc_gate (w->plan, COMMAND_MS, "plextor 2.1");
  if (w->redumper)
    return;
  step = ofl_plan_poll (w->plan, OFL_STAGE_CHECK, N_ ("See that the drive is ready"),
                        ofl_command_test_unit_ready (), OFL_EXPECT_OK_OR_NO_MEDIUM, 100, 2000, 1);
  step->usual_ms = COMMAND_MS;
  step->source = "plextor 2.2";
}

static void
add_last (const Writer *w, guint32 at)
{
  OflCommand command = ofl_command_write_buffer (OFL_BUFFER_MICROCODE_SAVE, 0, at, w->length - at);
  OflStep *step;

  command.timeout_ms = w->burn_limit_ms;
  step = ofl_plan_send (w->plan, OFL_STAGE_PROGRAM, N_ ("Send the last piece"), command, w->buffer,
                        at, w->usual_ms);
  step->max_ms = w->max_ms;
  if (!w->redumper)
    step->expect = OFL_EXPECT_ANYTHING;
  step->source = "plextor 2.5";
}

/* From which piece on the drive changes its flash is not known, so the first counts. */
static void
add_pieces (const Writer *w)
{
  ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS,
                 N_ ("The first piece may already be programmed"))
      ->source
      = "plextor 2.4";
  for (guint32 at = 0; at < w->length; at += w->chunk)
    {
      gboolean last = w->length - at <= w->chunk;
      OflStep *step;

      if (w->redumper)
        ofl_plan_command (w->plan, last ? OFL_STAGE_PROGRAM : OFL_STAGE_SEND,
                          N_ ("Ask whether the drive is ready"), ofl_command_test_unit_ready (),
                          OFL_EXPECT_IGNORE, 1)
            ->source
            = "plextor 2.3";
      if (last)
        {
          add_last (w, at);
          return;
        }
      step = ofl_plan_send (w->plan, OFL_STAGE_SEND, N_ ("Send the firmware"),
                            ofl_command_write_buffer (OFL_BUFFER_MICROCODE, 0, at, w->chunk),
                            w->buffer, at, PIECE_MS);
      step->source = "plextor 2.4";
    }
}

/* The drive resets itself. No source says how long that takes, nor how it ends: waiting until it
 * answers again is a caution of our own. */
static void
add_restart (const Writer *w)
{
  ofl_plan_reenumerate (w->plan, N_ ("Wait until the drive is back"), 1000, w->restart_limit_ms)
      ->source
      = "plextor 2.6";
  ofl_family_add_wait (w->plan, OFL_STAGE_RESTART, OFL_TIMEOUT_TRANSFER, 500, w->restart_limit_ms,
                       "plextor 2.6");
  ofl_plan_mark (w->plan, OFL_STAGE_RESTART, OFL_MARK_SAFE_AGAIN, N_ ("The drive runs again"));
}

/**
 * ofl_plextor_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): "dialect" (pxfw, redumper), "chunk" (own, 4096, 16384)
 * @error: return location
 *
 * plextor 2, in both ways. pxfw sends whole pieces only, for in its pairing every size is a
 * multiple of a piece; what is left over in another pairing is sent as a shorter last piece.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_plextor_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                        const OflChoices *choices, GError **error)
{
  g_autofree char *model = ofl_plextor_model (self, drive);
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { .family = self };

  w.redumper = ofl_family_chose (self, choices, "dialect", "redumper");
  w.chunk = model != NULL ? chunk_of (self, choices, model, w.redumper) : 0;
  if (!ofl_family_check_piece (w.chunk, error))
    return NULL;
  plan = ofl_plan_new (w.redumper ? N_ ("Write the firmware (Plextor, redumper's way)")
                                  : N_ ("Write the firmware (Plextor, pxfw's way)"));
  w.plan = plan;
  w.length = (guint32) g_bytes_get_size (ofl_image_get_bytes (image));
  w.buffer = ofl_plan_add_buffer (plan, "image", ofl_image_get_bytes (image));
  w.usual_ms = ofl_family_time_of (self, "usual-ms-per-64k", w.length);
  w.max_ms = ofl_family_time_of (self, "max-ms-per-64k", w.length);
  w.burn_limit_ms = ofl_family_number (self, "timing", "burn-limit-ms");
  w.restart_limit_ms = ofl_family_number (self, "timing", "restart-limit-ms");
  add_gates (&w);
  add_pieces (&w);
  add_restart (&w);
  return g_steal_pointer (&plan);
}
