/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: the steps that read, and what was read compared with an image. nec 2.14.
 * What is read is completed to a file of the kind that can be written back. */
#include "families/nec/ofl-nec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define FLASH_CAPTURE 0
#define ID_COPY_AT 0x7b000 /* 640K: behind bank 0 */

/* How a dump ends. */
typedef struct {
  const OflFamily *family;
  const OflNecLayout *layout;
  char id[OFL_NEC_ID_LEN];
  int inquiry; /* -1: the boot code was not asked for */
} Tail;

static guint16
tail_bootcode (const OflRunData *data, const Tail *tail)
{
  const GByteArray *inquiry;
  OflIdentity identity = { 0 };

  if (tail->inquiry < 0)
    return OFL_NEC_BOOTCODE_UNKNOWN;
  inquiry = g_ptr_array_index (data->captures, (guint) tail->inquiry);
  ofl_identity_parse_inquiry (&identity, inquiry->data, inquiry->len);
  return ofl_nec_bootcode (tail->family, &identity);
}

/* The drive's memory holds neither sum nor ID nor the boot code's version at the places where a
 * file has them. */
static gboolean
complete_dump (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Tail *tail = arg;
  const OflNecLayout *layout = tail->layout;
  GByteArray *dump = g_ptr_array_index (data->captures, FLASH_CAPTURE);
  guint16 bootcode = tail_bootcode (data, tail);

  if (dump->len < layout->payload)
    {
      ofl_set_error (error, OFL_ERROR_FAILED, _ ("The firmware was not read to its end."));
      return FALSE;
    }
  g_byte_array_set_size (dump, layout->length);
  if (layout->sum_at != 0)
    ofl_put_be (dump->data + layout->sum_at, 2, ofl_nec_sum (dump->data, layout->payload));
  memcpy (dump->data + layout->id_at, tail->id, OFL_NEC_ID_LEN);
  if (layout->kind == OFL_NEC_640K)
    memcpy (dump->data + ID_COPY_AT, tail->id, OFL_NEC_ID_LEN);
  if (bootcode != OFL_NEC_BOOTCODE_UNKNOWN)
    {
      guint8 version[2];

      ofl_put_be (version, sizeof version, bootcode);
      g_byte_array_append (dump, version, sizeof version);
    }
  return TRUE;
}

static void
add_tail (OflPlan *plan, const OflFamily *family, const OflNecModel *model, int inquiry)
{
  Tail *tail = g_new0 (Tail, 1);
  OflStep *step = ofl_plan_add (plan, OFL_STEP_CHECK, OFL_STAGE_BACKUP,
                                N_ ("Complete the dump with its sum and ID"), 0);

  tail->family = family;
  tail->layout = model->layout;
  tail->inquiry = inquiry;
  memcpy (tail->id, model->id, OFL_NEC_ID_LEN);
  ofl_plan_own (plan, tail, g_free);
  step->check = complete_dump;
  step->arg = tail;
  step->source = "nec 2.14";
}

static void
add_reads (OflPlan *plan, const OflNecModel *model, guint8 dump_id)
{
  guint n;
  const OflNecRange *ranges = ofl_nec_ranges (model->layout, &n);

  for (guint i = 0; i < n; i++)
    for (guint32 at = 0; at < ranges[i].length; at += OFL_NEC_UNIT)
      {
        OflStep *step = ofl_plan_read (plan, OFL_STAGE_BACKUP, N_ ("Read the firmware"),
                                       ofl_nec_command_read (ranges[i].bank, ranges[i].address + at,
                                                             OFL_NEC_UNIT, dump_id),
                                       FLASH_CAPTURE, ranges[i].at + at, OFL_NEC_COMMAND_MS);

        step->source = "nec 2.14";
      }
}

/* The first byte of the firmware, where the type needs it; the probe has read it. */
static guint8
dump_id_of (const OflFamily *self, const OflSnapshot *drive, const OflNecModel *model)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_NEC_BLOB_DUMP_ID);

  if (ofl_family_number (self, model->group, "dump-id") == 0 || blob == NULL)
    return 0;
  return *(const guint8 *) g_bytes_get_data (blob, NULL);
}

/* The boot code is asked for after everything was read: the other way round older drives gave
 * dumps that were wrong (nec 2.14 row 5). */
static void
add_plan (OflPlan *plan, const OflFamily *self, const OflSnapshot *drive, const OflNecModel *model,
          gboolean ask_bootcode)
{
  guint8 dump_id = dump_id_of (self, drive, model);
  gboolean boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  gboolean ask = model->layout->notes_bootcode && (ask_bootcode || boot || dump_id != 0);
  gboolean toggle = dump_id != 0 || (ask && !boot);
  int inquiry = -1;
  guint on = 0;

  if (dump_id != 0)
    on = ofl_nec_add_safe_on (plan, OFL_STAGE_BACKUP, 0, model->id);
  add_reads (plan, model, dump_id);
  if (toggle && dump_id == 0)
    on = ofl_nec_add_safe_on (plan, OFL_STAGE_BACKUP, 0, model->id);
  if (ask)
    inquiry = ofl_nec_add_inquiry (plan, OFL_STAGE_BACKUP, N_ ("Ask for the boot code's version"));
  if (toggle)
    ofl_nec_add_safe_off (plan, OFL_STAGE_BACKUP, 0, model->id, on);
  add_tail (plan, self, model, inquiry);
  if (toggle && !boot)
    ofl_nec_add_ready (plan, OFL_STAGE_BACKUP, OFL_EXPECT_OK_OR_NO_MEDIUM);
}

/**
 * ofl_nec_plan_read:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): "dump-bootcode" (yes, no)
 * @error: return location
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when this drive cannot
 *   be read
 */
OflPlan *
ofl_nec_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                   GError **error)
{
  g_autoptr (OflNecModel) model = ofl_nec_model_of_drive (self, drive);
  g_autoptr (OflPlan) plan = NULL;

  if (model == NULL || (ofl_snapshot_get_caps (drive) & OFL_CAP_READ) == 0)
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED, "%s",
                     model != NULL && model->layout->reads
                         ? _ ("The drive has no firmware that could be read.")
                         : _ ("How to read the firmware of drives of this type is not publicly "
                              "known."));
      return NULL;
    }
  plan = ofl_plan_new (N_ ("Read the firmware (NEC / Optiarc)"));
  ofl_plan_add_capture (plan, "flash", model->layout->length);
  add_plan (plan, self, drive, model, ofl_family_chose (self, choices, "dump-bootcode", "yes"));
  return g_steal_pointer (&plan);
}

/**
 * ofl_nec_compare_read:
 * @self: the family
 * @image: an image
 * @dump: capture 0 of the read plan
 * @choices: (nullable): not used
 * @comparison: where to count; nothing is compared when @dump is of another type
 *
 * Compares the firmware; the sum, the ID and the boot code's version that a file has behind it are
 * not sent to the drive.
 */
void
ofl_nec_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                      const OflChoices *choices, OflComparison *comparison)
{
  g_autoptr (OflNecModel) model = ofl_nec_model_of_image (self, image);
  const guint8 *want = ofl_image_get_data (image, NULL);
  gsize length;
  const guint8 *have = g_bytes_get_data (dump, &length);
  const OflNecRange *ranges;
  guint n;

  if (model == NULL || length < model->layout->length || length > model->layout->length + 2)
    return;
  ranges = ofl_nec_ranges (model->layout, &n);
  for (guint i = 0; i < n; i++)
    ofl_comparison_add (comparison, TRUE, ranges[i].at, want + ranges[i].at, have + ranges[i].at,
                        ranges[i].length);
}
