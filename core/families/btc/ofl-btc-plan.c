/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTC: the steps that write. btc 2. */
#include "families/btc/ofl-btc.h"

#include <glib/gi18n-lib.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define PIECE 0x1000
#define HEADER_LEN 0x20 /* the checksum stands before the image in the drive's buffer */
#define SUM_AT 30
#define COMMAND_MS 20
#define PIECE_MS 5
#define READY_EVERY_MS 1000

/**
 * ofl_btc_sum:
 * @data: an image of %OFL_BTC_SIZE bytes
 *
 * Returns: the sum of all its bytes (btc 2.4)
 */
guint16
ofl_btc_sum (const guint8 *data)
{
  guint32 sum = 0;

  for (guint32 at = 0; at < OFL_BTC_SIZE; at++)
    sum += data[at];
  return (guint16) sum;
}

/* Fills the drive's buffer; nothing of it is kept before the drive is told to save. */
static void
add_pieces (OflPlan *plan, GBytes *image)
{
  int buffer = ofl_plan_add_buffer (plan, "image", image);
  guint8 header[HEADER_LEN] = { 0 };
  g_autoptr (GBytes) bytes = NULL;

  for (guint32 at = 0; at < OFL_BTC_SIZE; at += PIECE)
    ofl_plan_send (plan, OFL_STAGE_SEND, N_ ("Send the firmware"),
                   ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, at + HEADER_LEN,
                                             PIECE),
                   buffer, at, PIECE_MS)
        ->source
        = "btc 2.3";
  ofl_put_be (header + SUM_AT, 2, ofl_btc_sum (g_bytes_get_data (image, NULL)));
  bytes = g_bytes_new (header, sizeof header);
  buffer = ofl_plan_add_buffer (plan, "checksum", bytes);
  ofl_plan_send (plan, OFL_STAGE_SEND, N_ ("Send the checksum"),
                 ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, HEADER_LEN), buffer,
                 0, PIECE_MS)
      ->source
      = "btc 2.4";
}

static void
add_save (OflPlan *plan, const OflFamily *self)
{
  static const guint8 save[10] = { 0x3b, 0x07 };
  guint limit = ofl_family_number (self, "timing", "burn-limit-ms");
  guint ready_limit = ofl_family_number (self, "timing", "ready-limit-ms");
  OflStep *step;

  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_DANGER_BEGINS,
                 N_ ("The drive saves the firmware into its flash"))
      ->source
      = "btc 2.5";
  step = ofl_plan_command (plan, OFL_STAGE_PROGRAM, N_ ("Save the firmware"),
                           ofl_command_raw (save, sizeof save, OFL_DIR_NONE, 0, limit),
                           OFL_EXPECT_OK, COMMAND_MS);
  /* whether the drive programs within this command or in the pause behind it is not known */
  step->max_ms = ofl_family_number (self, "timing", "max-ms");
  step->source = "btc 2.5";
  step = ofl_plan_settle (plan, OFL_STAGE_PROGRAM, N_ ("Wait while the drive programs its flash"),
                          ofl_family_number (self, "timing", "save-settle-ms"));
  step->source = "btc 2.6";
  ofl_family_add_wait (plan, OFL_STAGE_PROGRAM, ready_limit, READY_EVERY_MS, ready_limit,
                       "btc 2.6");
  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN, N_ ("The drive had time to save"));
}

/**
 * ofl_btc_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): not used
 * @error: return location
 *
 * btc 2.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_btc_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                    const OflChoices *choices, GError **error)
{
  OflPlan *plan;

  plan = ofl_plan_new (N_ ("Write the firmware (BTC)"));
  ofl_family_add_disc_gate (plan, COMMAND_MS, "btc 2.2");
  add_pieces (plan, ofl_image_get_bytes (image));
  add_save (plan, self);
  return plan;
}
