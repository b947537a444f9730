/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: the steps that write. mt1959 2, in whose rows the steps are numbered. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define STATUS_LEN 0x10
#define REDUMPER_EVERY_MS 1000
#define REDUMPER_PARTS 32 /* of which the drive reports how many are done (mt1959 2.7) */
#define FATAL_KEYS \
  ((1u << OFL_KEY_MEDIUM_ERROR) | (1u << OFL_KEY_HARDWARE_ERROR) | (1u << OFL_KEY_ABORTED))

/* What a write plan is made of. */
typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflImage *image;
  OflPlan *plan;
  gboolean redumper;
  gboolean boot;
  int plain; /* buffers */
  int sent;
  guint usual_ms; /* the chip's times for a whole image */
  guint max_ms;
  guint burn_limit_ms;
} Writer;

/* The dialects differ in the length of their CDBs and in what stands behind byte 8. */
static OflCommand
make_command (const Writer *w, const guint8 cdb[12], OflDirection dir, guint32 length,
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
    ofl_family_add_disc_gate (w->plan, OFL_MT1959_COMMAND_MS, "scsi 3.1");
  step = ofl_plan_read (w->plan, OFL_STAGE_CHECK, N_ ("See that the board is the same"),
                        ofl_mt1959_read_flash (OFL_MT1959_BANNER_AT, OFL_MT1959_BANNER_LEN),
                        ofl_plan_add_capture (w->plan, "banner", OFL_MT1959_BANNER_LEN), 0,
                        OFL_MT1959_COMMAND_MS);
  ofl_family_gate (w->plan, step, "the drive's banner", banner, "mt1959 2.5 row 2");
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
  OflStep *step = ofl_plan_read (w->plan, OFL_STAGE_CHECK, N_ ("See that the chip is the same"),
                                 probe, capture, 0, OFL_MT1959_COMMAND_MS);

  step->source = "mt1959 2.2 row 2";
  if (descriptor != NULL)
    ofl_family_gate (w->plan, step, "the drive's descriptor", descriptor, step->source);
  else
    {
      step->expect = OFL_EXPECT_IGNORE;
      step->residual_ok = TRUE;
    }
  step = ofl_plan_command (w->plan, OFL_STAGE_CHECK, N_ ("See that the drive is ready"),
                           make_ready (w, OFL_TIMEOUT_PROBE), OFL_EXPECT_OK_OR_NO_MEDIUM,
                           OFL_MT1959_COMMAND_MS);
  step->source = "mt1959 2.2 row 3";
}

/* redumper tries the "slim unlock" first, and the plain way in only where that is refused. */
static void
add_prepare (const Writer *w)
{
  static const guint8 oem[12] = { 0x3b, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x0b };
  static const guint8 unlock[12] = { 0x3b, 0x06, 0x67 };
  static const guint8 redumper[12] = { 0x3b, 0x01 };
  OflStep *step;

  if (w->redumper)
    {
      step = ofl_plan_command (w->plan, OFL_STAGE_SEND,
                               N_ ("Prepare a slim drive for its firmware"),
                               make_command (w, unlock, OFL_DIR_OUT, 0, OFL_TIMEOUT_TRANSFER),
                               OFL_EXPECT_IGNORE, OFL_MT1959_COMMAND_MS);
      step->skip_if_good = 1;
      step->source = "mt1959 2.6 row 1";
    }
  step = ofl_plan_command (w->plan, OFL_STAGE_SEND, N_ ("Prepare the drive for its firmware"),
                           make_command (w, w->redumper ? redumper : oem, OFL_DIR_OUT, 0,
                                         OFL_TIMEOUT_TRANSFER),
                           OFL_EXPECT_OK, OFL_MT1959_COMMAND_MS);
  step->source = w->redumper ? "mt1959 2.6 row 2" : "mt1959 2.3 row 1";
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
                       N_ ("The last piece lets the drive begin to program"))
            ->source
            = w->redumper ? "mt1959 2.6 row 3" : "mt1959 2.3 row 2";
      step = ofl_plan_send (w->plan, OFL_STAGE_SEND, N_ ("Send the firmware"),
                            make_command (w, cdb, OFL_DIR_OUT, OFL_MT1959_CHUNK, limit), w->sent,
                            at, OFL_MT1959_CHUNK_MS);
      step->source = w->redumper ? "mt1959 2.6 row 3" : "mt1959 2.3 row 2";
    }
}

/* The drive's answer to STATUS is sense data as data: row 3 of mt1959 2.4 says which keys mean
 * failure. */
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
  ofl_set_error (error, OFL_ERROR_REJECTED,
                 _ ("The drive says that programming failed (%s). It needs recovery: leave it "
                    "connected and write the firmware, or the backup, again."),
                 text);
  return FALSE;
}

/* Asks for the sense as data, which is all that a drive says about how programming went. */
static void
add_status (const Writer *w, const char *capture_name, const char *source)
{
  static const guint8 status[12] = { 0x03, 0x00, 0x00, 0x10, 0x80 };
  int capture = ofl_plan_add_capture (w->plan, capture_name, STATUS_LEN);
  OflStep *step = ofl_plan_read (w->plan, OFL_STAGE_PROGRAM, N_ ("Ask how programming went"),
                                 make_command (w, status, OFL_DIR_IN, STATUS_LEN, w->burn_limit_ms),
                                 capture, 0, OFL_MT1959_COMMAND_MS);

  step->expect = OFL_EXPECT_IGNORE;
  step->residual_ok = TRUE;
  step->source = source;
  ofl_family_add_check (w->plan, OFL_STAGE_PROGRAM, N_ ("See how programming went"), status_is_good,
                        GUINT_TO_POINTER ((guint) capture), source);
}

/* Right after the last piece, before the wait (mt1959 2.4). */
static void
add_close (const Writer *w)
{
  static const guint8 commit[12] = { 0x3b, 0x07, 0, 0, 0, 0, 0, 0, 0, 0, 0x1b, 0x12 };
  OflStep *step;

  step = ofl_plan_command (w->plan, OFL_STAGE_PROGRAM, N_ ("Commit"),
                           make_command (w, commit, OFL_DIR_OUT, 0, w->burn_limit_ms),
                           OFL_EXPECT_IGNORE, OFL_MT1959_COMMAND_MS);
  step->source = "mt1959 2.4 row 1";
  step = ofl_plan_command (w->plan, OFL_STAGE_PROGRAM, N_ ("Ask whether the drive is ready"),
                           make_ready (w, w->burn_limit_ms), OFL_EXPECT_IGNORE,
                           OFL_MT1959_COMMAND_MS);
  step->source = "mt1959 2.4 row 2";
  add_status (w, "status", "mt1959 2.4 row 3");
}

/* A drive that is ready at once has refused the file; one that programs says so. */
static void
add_at_work (const Writer *w)
{
  ofl_plan_command (w->plan, OFL_STAGE_PROGRAM, N_ ("See that the drive took the file"),
                    make_ready (w, w->burn_limit_ms), OFL_EXPECT_AT_WORK, OFL_MT1959_COMMAND_MS)
      ->source
      = "mt1959 2.7 row 1";
  ofl_plan_settle (w->plan, OFL_STAGE_PROGRAM, N_ ("Let the drive program"), REDUMPER_EVERY_MS)
      ->source
      = "mt1959 2.7 row 2";
}

/* Neither source waits longer than its limit. A drive that says at its end that it is still at work
 * is watched on by the executor all the same, up to the chip's own most: a caution of our own, so
 * that a drive which is programming is not asked for its flash (mt1959 4). */
static void
add_wait (const Writer *w)
{
  OflStep *step
      = ofl_plan_poll (w->plan, OFL_STAGE_PROGRAM, N_ ("Wait while the drive programs its flash"),
                       make_ready (w, w->burn_limit_ms), OFL_EXPECT_OK_OR_NO_MEDIUM,
                       w->redumper ? REDUMPER_EVERY_MS : 500, w->redumper ? 60000 : 45000, 1);

  step->usual_ms = w->usual_ms - (w->redumper ? REDUMPER_EVERY_MS : 0);
  step->max_ms = w->max_ms - (w->redumper ? REDUMPER_EVERY_MS : 0);
  step->source = w->redumper ? "mt1959 2.7 row 2" : "mt1959 2.4 row 4";
  if (!w->redumper)
    return;
  step->poll_only_at_work = TRUE;
  step->report_parts = REDUMPER_PARTS;
  step->report_bytes = OFL_MT1959_SIZE;
}

static void
add_program (const Writer *w)
{
  if (w->redumper)
    add_at_work (w);
  else
    add_close (w);
  add_wait (w);
  if (!w->redumper)
    add_status (w, "status after the wait", "mt1959 2.4 row 5");
}

static void
add_verify_part (const Writer *w, const OflStretch *part, int capture)
{
  for (guint32 at = part->start; at < part->end;)
    {
      guint32 length = ofl_mt1959_next_read (w->family, at, part->end);
      OflStep *step = ofl_plan_read (w->plan, OFL_STAGE_VERIFY, N_ ("Read back and compare"),
                                     ofl_mt1959_read_flash (at, length), capture, at,
                                     OFL_MT1959_CHUNK_MS);

      ofl_family_compare_with (step, part->claim == OFL_CLAIM_MUST, w->plain, at, "mt1959 2.9");
      at += length;
    }
}

static void
add_verify (const Writer *w)
{
  g_autoptr (GArray) parts = ofl_mt1959_parts (w->image, w->redumper);
  int capture = ofl_plan_add_capture (w->plan, "read back", OFL_MT1959_SIZE);

  for (guint i = 0; i < parts->len; i++)
    {
      const OflStretch *part = &g_array_index (parts, OflStretch, i);

      if (part->claim == OFL_CLAIM_LEFT_OUT)
        ofl_plan_leave_out (w->plan, part->start, part->end - part->start, part->why);
      else
        add_verify_part (w, part, capture);
    }
}

/* redumper sends FF for the first 64 KiB, but for the board's name (mt1959 2.5 row 3). */
static GBytes *
without_boot_area (const Writer *w, GBytes *image)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (image, &length);
  guint8 *copy = g_memdup2 (data, length);

  memset (copy, 0xff, OFL_MT1959_CODE_AT);
  ofl_mt1959_boot_string (w->family, w->drive, copy + OFL_MT1959_BANNER_AT);
  return g_bytes_new_take (copy, length);
}

/* What goes over the wire; encrypted after the boot area was edited (mt1959 3.4). */
static void
add_buffers (Writer *w, gboolean enc)
{
  GBytes *image = ofl_image_get_bytes (w->image);
  g_autoptr (GBytes) sent = w->redumper ? without_boot_area (w, image) : g_bytes_ref (image);

  w->plain = w->sent = ofl_plan_add_buffer (w->plan, "image", image);
  if (enc)
    {
      g_autoptr (GBytes) encrypted = ofl_mt1959_encrypt (sent);

      w->sent = ofl_plan_add_buffer (w->plan, "encrypted image", encrypted);
    }
  else if (w->redumper)
    w->sent = ofl_plan_add_buffer (w->plan, "image without its boot area", sent);
}

/**
 * ofl_mt1959_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): "dialect" (oem, redumper; unset: what @image needs), "enc" (auto, no, yes)
 * @error: return location
 *
 * mt1959 2.2 to 2.7.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_mt1959_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                       const OflChoices *choices, GError **error)
{
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { .family = self, .drive = drive, .image = image };
  gboolean verify;

  w.redumper = ofl_mt1959_keeps_boot_area (self, image, ofl_mt1959_drive_banner (drive), choices);
  w.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  w.usual_ms = ofl_family_number (self, "timing", "usual-ms");
  w.max_ms = ofl_family_number (self, "timing", "max-ms");
  w.burn_limit_ms = ofl_family_number (self, "timing", "burn-limit-ms");
  plan = ofl_plan_new (w.redumper ? N_ ("Write the firmware (MT1959, redumper's way)")
                                  : N_ ("Write the firmware (MT1959, the maker's way)"));
  w.plan = plan;
  add_buffers (&w, ofl_mt1959_form (self, drive, choices).enc);
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
                 N_ ("The firmware is complete"));
  return g_steal_pointer (&plan);
}
