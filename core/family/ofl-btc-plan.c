/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTC: the steps that write. annex-sequences.md 8, in whose rows the steps are numbered. */
#include "family/ofl-btc.h"

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
 * Returns: the sum of all its bytes (annex-containers.md 6)
 */
guint16
ofl_btc_sum (const guint8 *data)
{
  guint32 sum = 0;

  for (guint32 at = 0; at < OFL_BTC_SIZE; at++)
    sum += data[at];
  return (guint16) sum;
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

/* Fills the drive's buffer; nothing of it is kept before the drive is told to save. */
static void
add_pieces (OflPlan *plan, GBytes *image)
{
  int buffer = ofl_plan_add_buffer (plan, "image", image);
  guint8 header[HEADER_LEN] = { 0 };
  g_autoptr (GBytes) bytes = NULL;

  for (guint32 at = 0; at < OFL_BTC_SIZE; at += PIECE)
    ofl_plan_send (
        plan, OFL_STAGE_SEND, "Send the firmware",
        ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, at + HEADER_LEN, PIECE), buffer,
        at, PIECE_MS)
        ->source = "annex-sequences.md 8 row 3";
  ofl_put_be (header + SUM_AT, 2, ofl_btc_sum (g_bytes_get_data (image, NULL)));
  bytes = g_bytes_new (header, sizeof header);
  buffer = ofl_plan_add_buffer (plan, "checksum", bytes);
  ofl_plan_send (plan, OFL_STAGE_SEND, "Send the checksum",
                 ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, HEADER_LEN), buffer,
                 0, PIECE_MS)
      ->source = "annex-sequences.md 8 row 4";
}

static void
add_save (OflPlan *plan, const OflFamily *self)
{
  static const guint8 save[10] = { 0x3b, 0x07 };
  guint limit = ofl_family_number (self, "timing", "burn-limit-ms");
  guint ready_limit = ofl_family_number (self, "timing", "ready-limit-ms");
  OflCommand ready = ofl_command_test_unit_ready ();
  OflStep *step;

  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_DANGER_BEGINS,
                 "The drive saves the firmware into its flash")
      ->source = "annex-sequences.md 8 row 5";
  step = ofl_plan_command (plan, OFL_STAGE_PROGRAM, "Save the firmware",
                           ofl_command_raw (save, sizeof save, OFL_DIR_NONE, 0, limit),
                           OFL_EXPECT_OK, COMMAND_MS);
  /* whether the drive programs within this command or in the pause behind it is not known */
  step->max_ms = ofl_family_number (self, "timing", "max-ms");
  step->source = "annex-sequences.md 8 row 5";
  step = ofl_plan_settle (plan, OFL_STAGE_PROGRAM, "Wait while the drive programs its flash",
                          ofl_family_number (self, "timing", "save-settle-ms"));
  step->source = "annex-sequences.md 8 row 6";
  ready.timeout_ms = ready_limit;
  step = ofl_plan_poll (plan, OFL_STAGE_PROGRAM, "Wait until the drive is ready", ready,
                        OFL_EXPECT_OK_OR_NO_MEDIUM, READY_EVERY_MS, ready_limit, 1);
  step->poll_limit_ok = TRUE;
  step->source = "annex-sequences.md 8 row 6";
  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN, "The drive had time to save");
}

/**
 * ofl_btc_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): not used
 * @error: return location
 *
 * annex-sequences.md 8.
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_WRONG_IMAGE when the judgement is
 *   %OFL_LEVEL_RED
 */
OflPlan *
ofl_btc_plan_write (const OflFamily *self,
                    const OflSnapshot *drive,
                    const OflImage *image,
                    const OflChoices *choices,
                    GError **error)
{
  OflPlan *plan;

  if (!ofl_family_may_plan (self, drive, image, choices, error))
    return NULL;
  plan = ofl_plan_new ("Write the firmware (BTC)");
  add_gates (plan);
  add_pieces (plan, ofl_image_get_bytes (image));
  add_save (plan, self);
  return plan;
}
