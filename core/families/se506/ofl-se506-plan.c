/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SE-506: the steps that read and those that write. se506 2. */
#include "families/se506/ofl-se506.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define BLOCK 0xf800
#define LAST_BLOCK_AT 0x1ff800
#define STALLING_BLOCK 16 /* with it the first MiB is programmed */
#define MODE_FIRST 0x00
#define MODE_MIDDLE 0xff
#define MODE_LAST 0x02
#define BLOCK_MS 5
#define REVISION_AT 32
#define SETTLE_MS 1000

/* Everything from 10000 on is sent and programmed. What the sum covers must be there, and so must
 * the trailer with the load word and that sum, by which the boot code finds a firmware
 * (se506 3.2); whether the drive keeps something of its own between the two is not
 * said anywhere. */
static const OflStretch parts[] = {
  { 0, OFL_SE506_LOADED_AT, OFL_CLAIM_LEFT_OUT,
    N_ ("the boot code, which the drive does not program") },
  { OFL_SE506_LOADED_AT, OFL_SE506_LOADED_END, OFL_CLAIM_MUST, NULL },
  { OFL_SE506_LOADED_END, OFL_SE506_TRAILER_AT, OFL_CLAIM_NOTE, NULL },
  { OFL_SE506_TRAILER_AT, OFL_SE506_SIZE, OFL_CLAIM_MUST, NULL },
};

/* What a write plan is made of. */
typedef struct {
  const OflFamily *family;
  OflPlan *plan;
  gboolean boot;
  int buffer;
  guint usual_ms;
  guint max_ms;
  guint limit_ms;
} Writer;

static OflCommand
read_memory (guint32 at, guint32 length)
{
  return ofl_command_read_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, at, length);
}

static guint32
chunk_of (const OflFamily *self)
{
  return CLAMP (ofl_family_number (self, "read", "chunk"), 0x20, 0x10000);
}

/**
 * ofl_se506_plan_read:
 * @self: the family
 * @drive: a drive of it, also one whose boot code runs
 * @choices: (nullable): not used
 * @error: not used: every drive of the family can be read
 *
 * se506 2.8: the memory in which the flash shows.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_se506_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                     GError **error)
{
  OflPlan *plan = ofl_plan_new (N_ ("Read the firmware (SE-506)"));
  int capture = ofl_plan_add_capture (plan, "flash", OFL_SE506_SIZE);
  guint32 chunk = chunk_of (self);

  for (guint32 at = 0; at < OFL_SE506_SIZE; at += chunk)
    ofl_plan_read (plan, OFL_STAGE_BACKUP, N_ ("Read the firmware"),
                   read_memory (at, MIN (chunk, OFL_SE506_SIZE - at)), capture, at, BLOCK_MS)
        ->source
        = "se506 2.8";
  return plan;
}

/**
 * ofl_se506_compare_read:
 * @self: the family
 * @image: an image of it
 * @dump: capture 0 of ofl_se506_plan_read()
 * @choices: (nullable): not used
 * @comparison: where to count; nothing is compared when @image or @dump is not of full size
 */
void
ofl_se506_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                        const OflChoices *choices, OflComparison *comparison)
{
  if (ofl_family_have_size (image, dump, OFL_SE506_SIZE))
    ofl_family_compare_parts (parts, G_N_ELEMENTS (parts), image, dump, comparison);
}

static OflCommand
make_ready (void)
{
  static const guint8 cdb[12] = { 0 };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_NONE, 0, OFL_TIMEOUT_PROBE);
}

/* se506 2.1 and 2.2; 2.7 asks for them again. Unit attentions are fetched first, for a command
 * of the maker's own would fail with them. */
static int
add_identify (const Writer *w, OflStage stage)
{
  static const guint8 inquiry[12] = { 0x12, 0, 0, 0, OFL_SE506_INQUIRY_LEN };
  int capture = ofl_plan_add_capture (w->plan, "inquiry", OFL_SE506_INQUIRY_LEN);
  int version = ofl_plan_add_capture (w->plan, "version", OFL_SE506_VERSION_LEN);
  OflStep *step;

  step = ofl_plan_command (w->plan, stage, N_ ("Let the drive report what is pending"),
                           make_ready (), OFL_EXPECT_IGNORE, OFL_SE506_COMMAND_MS);
  step->source = "scsi 2.2";
  step = ofl_plan_read (w->plan, stage, N_ ("See that it is the same drive"),
                        ofl_command_raw (inquiry, sizeof inquiry, OFL_DIR_IN, OFL_SE506_INQUIRY_LEN,
                                         OFL_TIMEOUT_PROBE),
                        capture, 0, OFL_SE506_COMMAND_MS);
  step->residual_ok = TRUE;
  step->source = "se506 2.1";
  step = ofl_plan_read (w->plan, stage, N_ ("See that it takes updates"), ofl_se506_version (),
                        version, 0, OFL_SE506_COMMAND_MS);
  step->source = "se506 2.2";
  return capture;
}

/* se506 2.1: a revision TSxx, or BOOT. */
static gboolean
revision_is_known (const OflRunData *data, gconstpointer arg, GError **error)
{
  const GByteArray *inquiry = g_ptr_array_index (data->captures, GPOINTER_TO_UINT (arg));
  const guint8 *revision = inquiry->data + REVISION_AT;

  if (inquiry->len >= REVISION_AT + 4
      && (memcmp (revision, "TS", 2) == 0 || memcmp (revision, "BOOT", 4) == 0))
    return TRUE;
  ofl_set_error (error, OFL_ERROR_MISMATCH,
                 _ ("The drive's revision is not one of an SE-506. Nothing was sent to it."));
  return FALSE;
}

/* A boot code is not asked about discs: what it answers is not public. */
static void
add_gates (const Writer *w)
{
  int inquiry = add_identify (w, OFL_STAGE_CHECK);

  ofl_family_add_check (w->plan, OFL_STAGE_CHECK, N_ ("See that its revision is known"),
                        revision_is_known, GUINT_TO_POINTER ((guint) inquiry), "se506 2.1");
  if (w->boot)
    return;
  ofl_plan_command (w->plan, OFL_STAGE_CHECK, N_ ("See that no disc is in"), make_ready (),
                    OFL_EXPECT_NO_MEDIUM, OFL_SE506_COMMAND_MS)
      ->source
      = "se506 2.3";
}

static OflStep *
add_block (const Writer *w, OflStage stage, const char *label, guint8 mode, guint32 at,
           guint32 length)
{
  guint8 cdb[12] = { 0xff, 0x00, 0x01, 0x00, 0x00, mode };

  return ofl_plan_send (w->plan, stage, label,
                        ofl_command_raw (cdb, sizeof cdb, OFL_DIR_OUT, length, w->limit_ms),
                        w->buffer, at, BLOCK_MS);
}

/* Offsets are not sent: the drive counts. */
static void
add_blocks (const Writer *w)
{
  OflStep *step;

  ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS,
                 N_ ("The first block may already be programmed"))
      ->source
      = "se506 2.4";
  for (guint i = 0; i * BLOCK < LAST_BLOCK_AT; i++)
    {
      step = add_block (w, OFL_STAGE_SEND, N_ ("Send the firmware"),
                        i == 0 ? MODE_FIRST : MODE_MIDDLE, i * BLOCK, BLOCK);
      step->source = i == 0 ? "se506 2.4" : "se506 2.5";
      if (i != STALLING_BLOCK)
        continue;
      step->usual_ms = w->usual_ms;
      step->max_ms = w->max_ms;
    }
  step = add_block (w, OFL_STAGE_PROGRAM, N_ ("Send the last block"), MODE_LAST, LAST_BLOCK_AT,
                    OFL_SE506_SIZE - LAST_BLOCK_AT);
  step->usual_ms = w->usual_ms;
  step->max_ms = w->max_ms;
  step->expect = OFL_EXPECT_ANYTHING;
  step->residual_ok = TRUE;
  step->source = "se506 2.6";
}

static void
add_return (const Writer *w)
{
  OflStep *step
      = ofl_plan_settle (w->plan, OFL_STAGE_RESTART, N_ ("Let the drive restart"), SETTLE_MS);

  step->source = "se506 2.7";
  step = ofl_plan_reenumerate (w->plan, N_ ("Wait until the drive is back"),
                               ofl_family_number (w->family, "timing", "return-usual-ms"),
                               ofl_family_number (w->family, "timing", "return-limit-ms"));
  step->source = "se506 2.7";
  add_identify (w, OFL_STAGE_RESTART);
}

static void
add_verify_part (const Writer *w, const OflStretch *part, int capture)
{
  guint32 chunk = chunk_of (w->family);

  for (guint32 at = part->start; at < part->end; at += chunk)
    ofl_family_compare_with (ofl_plan_read (w->plan, OFL_STAGE_VERIFY, N_ ("Read back and compare"),
                                            read_memory (at, MIN (chunk, part->end - at)), capture,
                                            at, BLOCK_MS),
                             part->claim == OFL_CLAIM_MUST, w->buffer, at, "se506 2.8");
}

static void
add_verify (const Writer *w)
{
  int capture = ofl_plan_add_capture (w->plan, "read back", OFL_SE506_SIZE);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].claim == OFL_CLAIM_LEFT_OUT)
      ofl_plan_leave_out (w->plan, parts[i].start, parts[i].end - parts[i].start, parts[i].why);
    else
      add_verify_part (w, &parts[i], capture);
}

/**
 * ofl_se506_plan_write:
 * @self: the family
 * @drive: a drive of it, also one whose boot code runs
 * @image: what to write
 * @choices: (nullable): not used
 * @error: return location
 *
 * se506 2, without the five readiness questions that only the maker's own tool asks.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_se506_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                      const OflChoices *choices, GError **error)
{
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { .family = self };

  plan = ofl_plan_new (N_ ("Write the firmware (SE-506)"));
  w.plan = plan;
  w.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  w.buffer = ofl_plan_add_buffer (plan, "image", ofl_image_get_bytes (image));
  w.usual_ms = ofl_family_number (self, "timing", "commit-usual-ms");
  w.max_ms = ofl_family_number (self, "timing", "commit-max-ms");
  w.limit_ms = ofl_family_number (self, "timing", "burn-limit-ms");
  add_gates (&w);
  add_blocks (&w);
  add_return (&w);
  add_verify (&w);
  ofl_plan_mark (plan, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN, N_ ("The firmware is complete"));
  return g_steal_pointer (&plan);
}
