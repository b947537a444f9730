/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps that a DVR's plan and a BD writer's have in common. pioneer 2. */
#include "families/pioneer/ofl-pioneer-steps.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"

#define INQUIRY_LEN 0x60
#define INQUIRY_REVISION 32

/* arg is the answer that was judged; the bytes past its least length may be missing. */
static gboolean
is_same_drive (const OflRunData *data, gconstpointer arg, GError **error)
{
  const GByteArray *now = g_ptr_array_index (data->captures, 0);

  if (now->len >= OFL_PIONEER_IDENTITY_LEAST
      && memcmp (now->data, arg, OFL_PIONEER_IDENTITY_LEAST) == 0)
    return TRUE;
  ofl_set_error (
      error, OFL_ERROR_MISMATCH,
      _ ("The drive does not say the same of itself as when it was looked at. Look again."));
  return FALSE;
}

/**
 * ofl_pioneer_add_same_drive:
 * @plan: a plan that captures nothing yet
 * @drive: the drive as it was judged
 * @read: the row that reads
 * @compare: the row that compares
 *
 * Asks the drive who it is and stops when it is not the one that was judged. pioneer 2.1, 2.8.
 */
void
ofl_pioneer_add_same_drive (OflPlan *plan, const OflSnapshot *drive, const char *read,
                            const char *compare)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_PIONEER_BLOB_IDENTITY);
  OflStep *step = ofl_plan_read (plan, OFL_STAGE_CHECK, N_ ("Read who the drive is"),
                                 ofl_pioneer_identify (),
                                 ofl_plan_add_capture (plan, "identity", OFL_PIONEER_IDENTITY_LEN),
                                 0, OFL_PIONEER_COMMAND_MS);

  step->residual_ok = TRUE;
  step->source = read;
  ofl_family_add_check (plan, OFL_STAGE_CHECK, N_ ("See that the drive is the same"), is_same_drive,
                        g_bytes_get_data (blob, NULL), compare);
  ofl_plan_own (plan, g_bytes_ref (blob), (GDestroyNotify) g_bytes_unref);
}

typedef struct {
  guint capture;
  const char *kernel;
} Look;

static gboolean
is_in_kernel_mode (const OflRunData *data, const Look *look)
{
  const GByteArray *inquiry = g_ptr_array_index (data->captures, look->capture);
  gsize length = strlen (look->kernel);

  return inquiry->len >= INQUIRY_REVISION + length
         && memcmp (inquiry->data + INQUIRY_REVISION, look->kernel, length) == 0;
}

static gboolean
kernel_runs (const OflRunData *data, gconstpointer arg, GError **error)
{
  if (is_in_kernel_mode (data, arg))
    return TRUE;
  ofl_set_error (error, OFL_ERROR_REJECTED,
                 _ ("The drive took the command and is not in its kernel mode."));
  return FALSE;
}

static gboolean
firmware_runs (const OflRunData *data, gconstpointer arg, GError **error)
{
  if (!is_in_kernel_mode (data, arg))
    return TRUE;
  ofl_set_error (error, OFL_ERROR_REJECTED,
                 _ ("The drive took the firmware and is still in its kernel mode. Write it again."));
  return FALSE;
}

static void
add_look (OflPlan *plan, OflStage stage, const char *name, const char *label, const char *kernel,
          OflCheckFunc check, const char *source)
{
  Look *look = g_new0 (Look, 1);
  OflStep *step;

  look->capture = (guint) ofl_plan_add_capture (plan, name, INQUIRY_LEN);
  look->kernel = kernel;
  ofl_plan_own (plan, look, g_free);
  step = ofl_plan_read (plan, stage, N_ ("Read the revision"), ofl_command_inquiry (INQUIRY_LEN),
                        (int) look->capture, 0, OFL_PIONEER_COMMAND_MS);
  step->residual_ok = TRUE;
  step->source = source;
  ofl_family_add_check (plan, stage, label, check, look, source);
}

/**
 * ofl_pioneer_add_kernel_look:
 * @plan: a plan
 * @kernel: how the revision of the kernel mode begins
 * @source: the row
 *
 * Reads the revision and stops when it is not that of the kernel mode.
 */
void
ofl_pioneer_add_kernel_look (OflPlan *plan, const char *kernel, const char *source)
{
  add_look (plan, OFL_STAGE_SEND, "inquiry in kernel mode", N_ ("See that the kernel mode is on"),
            kernel, kernel_runs, source);
}

/**
 * ofl_pioneer_add_firmware_look:
 * @plan: a plan
 * @stage: the stage that it belongs to
 * @kernel: how the revision of the kernel mode begins
 * @source: the row
 *
 * Reads the revision and stops when it is still that of the kernel mode.
 */
void
ofl_pioneer_add_firmware_look (OflPlan *plan, OflStage stage, const char *kernel,
                               const char *source)
{
  add_look (plan, stage, "inquiry after the write", N_ ("See that the firmware runs"), kernel,
            firmware_runs, source);
}
