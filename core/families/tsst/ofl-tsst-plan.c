/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TSST: the steps that write. tsst 2. */
#include "families/tsst/ofl-tsst.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"

#define COMMAND_MS 20
#define BLOCK_MS 30
#define MODE_FIRST 0x00
#define MODE_MIDDLE 0xff

/* What a write plan is made of. */
typedef struct {
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
 * tsst 3.2.
 *
 * Returns: (transfer full): the bytes in the order in which they are sent, %OFL_TSST_SD616_SENT of
 *   them
 */
GBytes *
ofl_tsst_rearrange (GBytes *file)
{
  static const struct {
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
add_blocks (const Writer *w)
{
  ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS,
                 N_ ("The first block may already be programmed"))
      ->source
      = "tsst 2.2";
  for (guint32 at = 0; at < w->length; at += w->block)
    {
      guint32 length = MIN (w->block, w->length - at);
      gboolean last = at + length == w->length;
      guint8 mode = last ? w->end : at == 0 ? MODE_FIRST : MODE_MIDDLE;
      OflStep *step = ofl_plan_send (w->plan, last ? OFL_STAGE_PROGRAM : OFL_STAGE_SEND,
                                     last ? N_ ("Send the last block") : N_ ("Send the firmware"),
                                     make_block (mode, length), w->buffer, at,
                                     last ? w->usual_ms : BLOCK_MS);

      if (last)
        step->max_ms = w->max_ms;
      step->source = last ? "tsst 2.4" : at == 0 ? "tsst 2.2" : "tsst 2.3";
    }
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
fill_writer (Writer *w, const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
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
  w->usual_ms = ofl_family_time_of (self, "usual-ms-per-64k", g_bytes_get_size (bytes));
  w->max_ms = ofl_family_time_of (self, "max-ms-per-64k", g_bytes_get_size (bytes));
  if (g_key_file_get_boolean (ofl_family_table (self), class, "rearranged", NULL)
      && g_bytes_get_size (bytes) == OFL_TSST_SD616_FILE)
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
 * tsst 2: the first block with 00, the next with FF, the last with an end code.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_tsst_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                     const OflChoices *choices, GError **error)
{
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { 0 };

  plan = ofl_plan_new (N_ ("Write the firmware (TSST)"));
  w.plan = plan;
  fill_writer (&w, self, drive, image, choices);
  if (!ofl_family_check_piece (w.block, error))
    return NULL;
  if (w.length <= w.block)
    {
      /* a single block would be sent as a first one and never be ended */
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("The file fits into a single block, and such a file cannot be ended."));
      return NULL;
    }
  ofl_family_add_disc_gate (plan, COMMAND_MS, "tsst 2.1");
  add_blocks (&w);
  /* the source waits for nothing: a caution of our own */
  ofl_family_add_wait (plan, OFL_STAGE_PROGRAM, 0, 500,
                       ofl_family_number (self, "timing", "ready-limit-ms"), "tsst 2.5");
  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN, N_ ("The drive is ready again"));
  return g_steal_pointer (&plan);
}
