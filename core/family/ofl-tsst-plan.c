/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TSST: the steps that write. annex-sequences.md 5. */
#include "family/ofl-tsst.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"

#define COMMAND_MS 20
#define BLOCK_MS 30
#define MAX_TRANSFER 0x10000 /* what every transport carries in one command */
#define MODE_FIRST 0x00
#define MODE_MIDDLE 0xff

/* What a write plan is made of. */
typedef struct
{
  OflPlan *plan;
  int buffer;
  guint32 length;
  guint32 block;
  guint8 end;
  guint usual_ms; /* the chip's times for the whole image */
  guint max_ms;
} Writer;

/**
 * ofl_tsst_rearrange:
 * @file: an image of the SD-616F, %OFL_TSST_SD616_FILE bytes
 *
 * annex-containers.md 11.
 *
 * Returns: (transfer full): the bytes in the order in which they are sent, %OFL_TSST_SD616_SENT of
 *   them
 */
GBytes *
ofl_tsst_rearrange (GBytes *file)
{
  static const struct
  {
    guint32 to, from, length;
  } moves[] = {
    { 0x00000, 0x00000, 0x10000 },
    { 0x10400, 0x10000, 0x0f800 },
    { 0x20000, 0x1f800, 0x00800 },
    { 0x20800, 0x10400, 0x0f400 },
  };
  gsize length;
  const guint8 *in = g_bytes_get_data (file, &length);
  guint8 *out;

  g_return_val_if_fail (length == OFL_TSST_SD616_FILE, NULL);
  out = g_malloc0 (OFL_TSST_SD616_SENT);
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    memcpy (out + moves[i].to, in + moves[i].from, moves[i].length);
  return g_bytes_new_take (out, OFL_TSST_SD616_SENT);
}

/* Offsets are not sent: the drive counts. */
static OflCommand
make_block (guint8 mode, guint32 length)
{
  guint8 cdb[12] = { 0xff, 0x00, 0x01, 0x00, 0x00, mode };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_OUT, length, OFL_TIMEOUT_TRANSFER);
}

static void
add_gates (OflPlan *plan)
{
  OflCommand ready = ofl_command_test_unit_ready ();

  ofl_plan_command (plan, OFL_STAGE_CHECK, "Let the drive report what is pending", ready,
                    OFL_EXPECT_IGNORE, COMMAND_MS)
      ->source = "protocols.md 1.4";
  ofl_plan_command (plan, OFL_STAGE_CHECK, "See that no disc is in", ready, OFL_EXPECT_NO_MEDIUM,
                    COMMAND_MS)
      ->source = "protocols.md 1.4";
}

static void
add_blocks (const Writer *w)
{
  ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS,
                 "The first block may already be programmed")
      ->source = "annex-sequences.md 5 row 2";
  for (guint32 at = 0; at < w->length; at += w->block)
    {
      guint32 length = MIN (w->block, w->length - at);
      gboolean last = at + length == w->length;
      guint8 mode = last ? w->end : at == 0 ? MODE_FIRST : MODE_MIDDLE;
      OflStep *step =
          ofl_plan_send (w->plan, last ? OFL_STAGE_PROGRAM : OFL_STAGE_SEND,
                         last ? "Send the last block" : "Send the firmware",
                         make_block (mode, length), w->buffer, at, last ? w->usual_ms : BLOCK_MS);

      if (last)
        step->max_ms = w->max_ms;
      step->source = last      ? "annex-sequences.md 5 row 4"
                     : at == 0 ? "annex-sequences.md 5 row 2"
                               : "annex-sequences.md 5 row 3";
    }
}

static guint
time_of (const OflFamily *self, const char *key, guint32 length)
{
  guint per_64k = ofl_family_number (self, "timing", key);

  return (guint) ((guint64) per_64k * length / 0x10000);
}

static guint8
end_of (const OflFamily *self, const OflChoices *choices, const char *class)
{
  const char *end = ofl_family_choice (self, choices, "end");

  if (g_str_equal (end, "own"))
    return (guint8) ofl_family_number (self, class, "end");
  return (guint8) g_ascii_strtoull (end, NULL, 16);
}

static void
fill_writer (Writer *w,
             const OflFamily *self,
             const OflSnapshot *drive,
             const OflImage *image,
             const OflChoices *choices)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_autofree char *model = ofl_family_model_of (self, NULL, identity->product);
  g_autofree char *name = model != NULL ? ofl_family_word (self, model, "class") : NULL;
  g_autofree char *class = g_strconcat ("class ", name, NULL);
  GBytes *bytes = ofl_image_get_bytes (image);
  g_autoptr (GBytes) sent = NULL;

  w->block = ofl_family_number (self, class, "block");
  w->end = end_of (self, choices, class);
  w->usual_ms = time_of (self, "usual-ms-per-64k", (guint32) g_bytes_get_size (bytes));
  w->max_ms = time_of (self, "max-ms-per-64k", (guint32) g_bytes_get_size (bytes));
  if (g_key_file_get_boolean (ofl_family_table (self), class, "rearranged", NULL) &&
      g_bytes_get_size (bytes) == OFL_TSST_SD616_FILE)
    sent = ofl_tsst_rearrange (bytes);
  else
    sent = g_bytes_ref (bytes);
  w->length = (guint32) g_bytes_get_size (sent);
  w->buffer = ofl_plan_add_buffer (w->plan, sent == bytes ? "image" : "image as it is sent", sent);
}

/**
 * ofl_tsst_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): "end" (own, 04, 02)
 * @error: return location
 *
 * annex-sequences.md 5: the first block with 00, the next with FF, the last with an end code.
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_WRONG_IMAGE when the judgement is
 *   %OFL_LEVEL_RED
 */
OflPlan *
ofl_tsst_plan_write (const OflFamily *self,
                     const OflSnapshot *drive,
                     const OflImage *image,
                     const OflChoices *choices,
                     GError **error)
{
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { 0 };
  OflStep *step;

  if (!ofl_family_may_plan (self, drive, image, choices, error))
    return NULL;
  plan = ofl_plan_new ("Write the firmware (TSST)");
  w.plan = plan;
  fill_writer (&w, self, drive, image, choices);
  if (w.block == 0 || w.block > MAX_TRANSFER)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
                   "The table of drives has no usable size of a block for this model.");
      return NULL;
    }
  if (w.length <= w.block)
    {
      /* a single block would be sent as a first one and never be ended */
      g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
                   "The file fits into a single block, and such a file cannot be ended.");
      return NULL;
    }
  add_gates (plan);
  add_blocks (&w);
  /* the source waits for nothing: a caution of our own */
  step = ofl_plan_poll (plan, OFL_STAGE_PROGRAM, "Wait until the drive is ready",
                        ofl_command_test_unit_ready (), OFL_EXPECT_OK_OR_NO_MEDIUM, 500,
                        ofl_family_number (self, "timing", "ready-limit-ms"), 1);
  step->source = "protocols.md 1.3";
  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN, "The drive is ready again");
  return g_steal_pointer (&plan);
}
