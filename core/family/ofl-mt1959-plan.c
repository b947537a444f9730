/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: the steps that write. annex-sequences.md 7, in whose rows the steps are numbered. */
#include "family/ofl-mt1959.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define STATUS_LEN 0x10
#define FATAL_KEYS ((1u << OFL_KEY_MEDIUM_ERROR) | (1u << OFL_KEY_HARDWARE_ERROR) \
                    | (1u << OFL_KEY_ABORTED))

/* What a write plan is made of. */
typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflImage *image;
  OflPlan *plan;
  gboolean redumper;
  gboolean boot;
  int plain;        /* buffers */
  int sent;
  guint usual_ms;   /* the chip's times for a whole image */
  guint max_ms;
  guint burn_limit_ms;
} Writer;

/* The dialects differ in the length of their CDBs and in what stands behind byte 8. */
static OflCommand
make_command (const Writer *w,
              const guint8 cdb[12],
              OflDirection dir,
              guint32 length,
              guint timeout_ms)
{
  return ofl_command_raw (cdb, w->redumper ? 10 : 12, dir, length, timeout_ms);
}

static OflCommand
make_ready (const Writer *w, guint timeout_ms)
{
  static const guint8 cdb[12] = { 0 };

  return ofl_command_raw (cdb, w->redumper ? 6 : 12, OFL_DIR_NONE, 0, timeout_ms);
}

/* That no disc is in, and that this is still the drive that was judged. A boot code is not asked
 * about discs: what it answers is not public. */
static void
add_gates (const Writer *w)
{
  GBytes *banner = ofl_snapshot_get_blob (w->drive, OFL_MT1959_BLOB_BANNER);
  OflStep *step;

  if (!w->boot)
    {
      OflCommand ready = ofl_command_test_unit_ready ();

      step = ofl_plan_command (w->plan, OFL_STAGE_CHECK, "Let the drive report what is pending",
                               ready, OFL_EXPECT_IGNORE, OFL_MT1959_COMMAND_MS);
      step->source = "protocols.md 1.4";
      step = ofl_plan_command (w->plan, OFL_STAGE_CHECK, "See that no disc is in", ready,
                               OFL_EXPECT_NO_MEDIUM, OFL_MT1959_COMMAND_MS);
      step->source = "protocols.md 1.4";
    }
  step = ofl_plan_read (w->plan, OFL_STAGE_CHECK, "See that the board is the same",
                        ofl_mt1959_read_flash (OFL_MT1959_BANNER_AT, OFL_MT1959_BANNER_LEN),
                        ofl_plan_add_capture (w->plan, "banner", OFL_MT1959_BANNER_LEN), 0,
                        OFL_MT1959_COMMAND_MS);
  step->compare = OFL_COMPARE_GATE;
  step->against.buffer = ofl_plan_add_buffer (w->plan, "the drive's banner", banner);
  step->source = "annex-sequences.md 7.1 row 2";
}

/* The descriptor must be the one that was judged; a boot code that did not show it when it was
 * probed need not show it now. */
static void
add_probe (const Writer *w)
{
  static const guint8 cdb[12] = { 0x3c, 0x06, 0x00, 0x1e, 0xc0, 0x00, 0x00, 0x01 };
  GBytes *descriptor = ofl_snapshot_get_blob (w->drive, OFL_MT1959_BLOB_DESCRIPTOR);
  int capture = ofl_plan_add_capture (w->plan, "descriptor", OFL_MT1959_DESCRIPTOR_LEN);
  OflCommand probe
      = make_command (w, cdb, OFL_DIR_IN, OFL_MT1959_DESCRIPTOR_LEN, OFL_TIMEOUT_TRANSFER);
  OflStep *step = ofl_plan_read (w->plan, OFL_STAGE_CHECK, "See that the chip is the same", probe,
                                 capture, 0, OFL_MT1959_COMMAND_MS);

  step->source = "annex-sequences.md 7.2 row 2";
  if (descriptor != NULL)
    {
      step->compare = OFL_COMPARE_GATE;
      step->against.buffer = ofl_plan_add_buffer (w->plan, "the drive's descriptor", descriptor);
    }
  else
    {
      step->expect = OFL_EXPECT_IGNORE;
      step->residual_ok = TRUE;
    }
  step = ofl_plan_command (w->plan, OFL_STAGE_CHECK, "See that the drive is ready",
                           make_ready (w, OFL_TIMEOUT_PROBE), OFL_EXPECT_OK_OR_NO_MEDIUM,
                           OFL_MT1959_COMMAND_MS);
  step->source = "annex-sequences.md 7.2 row 3";
}

static void
add_prepare (const Writer *w)
{
  static const guint8 oem[12] = { 0x3b, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x0b };
  static const guint8 redumper[12] = { 0x3b, 0x01 };
  OflStep *step = ofl_plan_command (
      w->plan, OFL_STAGE_SEND, "Prepare the drive for its firmware",
      make_command (w, w->redumper ? redumper : oem, OFL_DIR_OUT, 0, OFL_TIMEOUT_TRANSFER),
      OFL_EXPECT_OK, OFL_MT1959_COMMAND_MS);

  step->source = w->redumper ? "annex-sequences.md 7.1 row 4" : "annex-sequences.md 7.2 row 4";
}

/* All but the last chunk only fill the drive's memory; the last lets the burn begin. */
static void
add_stream (const Writer *w)
{
  for (guint32 at = 0; at < OFL_MT1959_SIZE; at += OFL_MT1959_CHUNK)
    {
      guint8 cdb[12] = { 0x3b, 0x06 };
      gboolean last = at + OFL_MT1959_CHUNK == OFL_MT1959_SIZE;
      guint limit = last ? w->burn_limit_ms : OFL_TIMEOUT_TRANSFER;
      OflStep *step;

      ofl_put_be (cdb + 3, 3, at);
      ofl_put_be (cdb + 6, 3, OFL_MT1959_CHUNK);
      if (last)
        ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS,
                       "The last piece lets the drive begin to program")
            ->source = "annex-sequences.md 7";
      step = ofl_plan_send (w->plan, OFL_STAGE_SEND, "Send the firmware",
                            make_command (w, cdb, OFL_DIR_OUT, OFL_MT1959_CHUNK, limit), w->sent,
                            at, OFL_MT1959_CHUNK_MS);
      step->source = w->redumper ? "annex-sequences.md 7.1 row 5" : "annex-sequences.md 7.2 row 5";
    }
}

/* The drive's answer to STATUS is sense data as data: rows 9 says which keys mean failure. */
static gboolean
status_is_good (const OflRunData *data, gconstpointer arg, GError **error)
{
  const GByteArray *status = g_ptr_array_index (data->captures, GPOINTER_TO_UINT (arg));
  OflSense sense = { 0 };
  g_autofree char *text = NULL;

  if (status->len == 0)
    return TRUE;
  ofl_sense_parse (&sense, status->data, status->len);
  if (!sense.valid || (FATAL_KEYS & (1u << sense.key)) == 0)
    return TRUE;
  text = ofl_sense_format (&sense);
  g_set_error (error, OFL_ERROR, OFL_ERROR_REJECTED,
               "The drive says that programming failed (%s). It needs recovery: leave it "
               "connected and write the firmware, or the backup, again.",
               text);
  return FALSE;
}

static void
add_close (const Writer *w)
{
  static const guint8 commit[12] = { 0x3b, 0x07, 0, 0, 0, 0, 0, 0, 0, 0, 0x1b, 0x12 };
  static const guint8 status[12] = { 0x03, 0x00, 0x00, 0x10, 0x80 };
  int capture = ofl_plan_add_capture (w->plan, "status", STATUS_LEN);
  OflStep *step;

  step = ofl_plan_command (w->plan, OFL_STAGE_PROGRAM, "Commit",
                           make_command (w, commit, OFL_DIR_OUT, 0, w->burn_limit_ms),
                           OFL_EXPECT_IGNORE, OFL_MT1959_COMMAND_MS);
  step->source = "annex-sequences.md 7.2 row 7";
  step = ofl_plan_command (w->plan, OFL_STAGE_PROGRAM, "Ask whether the drive is ready",
                           make_ready (w, w->burn_limit_ms), OFL_EXPECT_IGNORE,
                           OFL_MT1959_COMMAND_MS);
  step->source = "annex-sequences.md 7.2 row 8";
  step = ofl_plan_read (w->plan, OFL_STAGE_PROGRAM, "Ask how programming ended",
                        make_command (w, status, OFL_DIR_IN, STATUS_LEN, w->burn_limit_ms),
                        capture, 0, OFL_MT1959_COMMAND_MS);
  step->expect = OFL_EXPECT_IGNORE;
  step->residual_ok = TRUE;
  step->source = "annex-sequences.md 7.2 row 9";
  step = ofl_plan_add (w->plan, OFL_STEP_CHECK, OFL_STAGE_PROGRAM, "See how programming ended", 0);
  step->check = status_is_good;
  step->arg = GUINT_TO_POINTER ((guint) capture);
  step->source = "annex-sequences.md 7.2 row 9";
}

static void
add_program (const Writer *w)
{
  OflCommand ready = make_ready (w, w->burn_limit_ms);
  guint limit = w->redumper ? 15000 : 45000;
  OflStep *step = ofl_plan_poll (w->plan, OFL_STAGE_PROGRAM,
                                 "Wait while the drive programs its flash", ready,
                                 w->redumper ? OFL_EXPECT_OK : OFL_EXPECT_OK_OR_NO_MEDIUM,
                                 w->redumper ? 1000 : 500, limit, w->redumper ? 2 : 1);

  step->poll_limit_ok = TRUE;
  step->usual_ms = MIN (w->usual_ms, limit);
  step->max_ms = MIN (w->max_ms, limit);
  step->source = w->redumper ? "annex-sequences.md 7.1 row 6" : "annex-sequences.md 7.2 row 6";
  if (!w->redumper)
    add_close (w);
  /* Neither source waits longer, but a slow chip may still be at it: a caution of our own, so
   * that a drive which is programming is not asked for its flash. */
  step = ofl_plan_poll (w->plan, OFL_STAGE_PROGRAM, "Wait until the drive is ready", ready,
                        OFL_EXPECT_OK_OR_NO_MEDIUM, 500, w->max_ms, 1);
  step->poll_limit_ok = TRUE;
  step->usual_ms = w->usual_ms - MIN (w->usual_ms, limit);
  step->max_ms = w->max_ms - MIN (w->max_ms, limit);
  step->source = "peers.md E";
}

static void
add_verify_step (const Writer *w, guint32 at, guint32 length, int capture)
{
  OflStep *step = ofl_plan_read (w->plan, OFL_STAGE_VERIFY, "Read back and compare",
                                 ofl_mt1959_read_flash (at, length), capture, at,
                                 OFL_MT1959_CHUNK_MS);

  step->compare = OFL_COMPARE_RECORD;
  step->against.buffer = w->plain;
  step->against.offset = at;
  step->source = "annex-sequences.md 7.2 row 10";
}

static void
add_verify (const Writer *w)
{
  g_autoptr (GArray) ranges = ofl_mt1959_verify_ranges (w->image, w->redumper);
  int capture = ofl_plan_add_capture (w->plan, "read back", OFL_MT1959_SIZE);

  for (guint i = 0; i < ranges->len; i++)
    {
      OflMt1959Range range = g_array_index (ranges, OflMt1959Range, i);

      for (guint32 at = range.start; at < range.end;)
        {
          guint32 length = ofl_mt1959_next_read (w->family, at, range.end);

          add_verify_step (w, at, length, capture);
          at += length;
        }
    }
}

/* redumper sends FF for the first 64 KiB, but for the drive's own banner (7.1 row 3). */
static GBytes *
without_boot_area (GBytes *image, GBytes *banner)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (image, &length);
  guint8 *copy = g_memdup2 (data, length);

  memset (copy, 0xff, OFL_MT1959_CODE_AT);
  memcpy (copy + OFL_MT1959_BANNER_AT, g_bytes_get_data (banner, NULL), OFL_MT1959_BANNER_LEN);
  return g_bytes_new_take (copy, length);
}

static void
add_buffers (Writer *w, gboolean enc)
{
  GBytes *image = ofl_image_get_bytes (w->image);
  g_autoptr (GBytes) other = NULL;

  w->plain = w->sent = ofl_plan_add_buffer (w->plan, "image", image);
  if (w->redumper)
    {
      other = without_boot_area (image,
                                 ofl_snapshot_get_blob (w->drive, OFL_MT1959_BLOB_BANNER));
      w->sent = ofl_plan_add_buffer (w->plan, "image without its boot area", other);
    }
  else if (enc)
    {
      other = ofl_mt1959_encrypt (image);
      w->sent = ofl_plan_add_buffer (w->plan, "encrypted image", other);
    }
}

/**
 * ofl_mt1959_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): "dialect" (oem, redumper), "enc" (no, yes)
 * @error: return location
 *
 * annex-sequences.md 7.1 and 7.2.
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_WRONG_IMAGE when the judgement is
 *   %OFL_LEVEL_RED
 */
OflPlan *
ofl_mt1959_plan_write (const OflFamily *self,
                       const OflSnapshot *drive,
                       const OflImage *image,
                       const OflChoices *choices,
                       GError **error)
{
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { .family = self, .drive = drive, .image = image };
  gboolean verify;

  if (!ofl_family_may_plan (self, drive, image, choices, error))
    return NULL;
  w.redumper = ofl_family_chose (self, choices, "dialect", "redumper");
  w.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  w.usual_ms = ofl_family_number (self, "timing", "usual-ms");
  w.max_ms = ofl_family_number (self, "timing", "max-ms");
  w.burn_limit_ms = ofl_family_number (self, "timing", "burn-limit-ms");
  plan = ofl_plan_new (w.redumper ? "Write the firmware (MT1959, redumper's way)"
                                  : "Write the firmware (MT1959, the maker's way)");
  w.plan = plan;
  add_buffers (&w, ofl_family_chose (self, choices, "enc", "yes"));
  add_gates (&w);
  if (!w.redumper)
    add_probe (&w);
  add_prepare (&w);
  add_stream (&w);
  add_program (&w);
  verify = (ofl_snapshot_get_caps (drive) & OFL_CAP_VERIFY) != 0;
  if (verify)
    add_verify (&w);
  ofl_plan_mark (plan, verify ? OFL_STAGE_VERIFY : OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN,
                 "The firmware is complete");
  return g_steal_pointer (&plan);
}
