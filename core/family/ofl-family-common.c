/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the families with a plain image have in common: finding a model, the reasons that follow
 * from an image's own checks and revision, the verdict by identity alone. */
#include "family/ofl-family-private.h"

#include <string.h>

static gboolean
same_words (const char *a, const char *b)
{
  g_autofree char *one = ofl_family_text ((const guint8 *) a, strlen (a));
  g_autofree char *other = ofl_family_text ((const guint8 *) b, strlen (b));

  return g_str_equal (one, other);
}

/**
 * ofl_family_model_of:
 * @self: a family
 * @vendor: (nullable): a maker as INQUIRY has it; %NULL: any
 * @product: a product as INQUIRY has it
 *
 * Blanks in a row count as one.
 *
 * Returns: (transfer full) (nullable): the group of that very model in the family's table
 */
char *
ofl_family_model_of (const OflFamily *self, const char *vendor, const char *product)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (self);

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);

      if ((vendor == NULL || same_words (vendor, model->vendor)) &&
          same_words (product, model->product))
        return g_strdup (model->group);
    }
  return NULL;
}

/**
 * ofl_family_word:
 * @self: a family
 * @group: a group of its table
 * @key: a key of text
 *
 * Returns: (transfer full) (nullable): the text, or %NULL when it is missing
 */
char *
ofl_family_word (const OflFamily *self, const char *group, const char *key)
{
  return g_key_file_get_string (ofl_family_table (self), group, key, NULL);
}

/**
 * ofl_family_judge_checks:
 * @image: an image
 * @judgement: where to add reasons
 *
 * Every check that the file fails is final: %OFL_LEVEL_RED under the check's name for "size", else
 * under "integrity".
 *
 * Returns: whether the image has the right size, so that more can be judged
 */
gboolean
ofl_family_judge_checks (const OflImage *image, OflJudgement *judgement)
{
  guint n = ofl_image_get_n_checks (image);
  gboolean right_size = TRUE;

  for (guint i = 0; i < n; i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);
      gboolean size = g_str_equal (check->name, "size");

      if (check->result != OFL_IMAGE_CHECK_CHANGED)
        continue;
      right_size = right_size && !size;
      ofl_judgement_add (judgement, OFL_LEVEL_RED, size ? "size" : "integrity",
                         size ? "Download or copy the file again."
                              : "Download the file again, or take an unaltered one.",
                         "The file fails its own check: %s.", check->detail);
    }
  if (!ofl_image_is_changed (image))
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "integrity", NULL,
                       "No check of the file fails.");
  return right_size;
}

/**
 * ofl_family_judge_revision:
 * @drive: a drive
 * @image: an image
 * @judgement: where to add reasons
 *
 * Compares revisions, where the image tells its own.
 */
void
ofl_family_judge_revision (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const char *has = ofl_snapshot_identity (drive)->revision;
  const char *brings = ofl_image_get_fact (image, "revision");

  if (brings == NULL)
    return;
  if (g_str_equal (has, brings))
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "revision", NULL,
                       "The file has revision %s, which the drive has already.", brings);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "revision", NULL,
                       "The file has revision %s; the drive has %s.", brings, has);
}

/**
 * ofl_family_confirm_identity:
 * @self: a family
 * @proof: what is known after a write
 *
 * For families whose firmware cannot be read back: the revision is all there is. That the drive
 * still has the revision which the image brings tells nothing.
 *
 * Returns: confirmed, unchanged, failed (the boot code answers) or unknown
 */
OflVerdict
ofl_family_confirm_identity (const OflFamily *self, const OflProof *proof)
{
  const char *expected = ofl_image_get_fact (proof->image, "revision");
  const char *before, *after;

  if (proof->after == NULL)
    return OFL_VERDICT_UNKNOWN;
  if (ofl_snapshot_get_state (proof->after) == OFL_DRIVE_STATE_BOOT)
    return OFL_VERDICT_FAILED_RECOVERY;
  if (ofl_snapshot_get_state (proof->after) != OFL_DRIVE_STATE_NORMAL)
    return OFL_VERDICT_UNKNOWN;
  before = ofl_snapshot_identity (proof->before)->revision;
  after = ofl_snapshot_identity (proof->after)->revision;
  if (g_str_equal (before, after))
    return g_strcmp0 (expected, before) == 0 ? OFL_VERDICT_UNKNOWN : OFL_VERDICT_UNCHANGED;
  if (expected != NULL && !g_str_equal (expected, after))
    return OFL_VERDICT_UNKNOWN;
  return OFL_VERDICT_CONFIRMED;
}

/**
 * ofl_family_confirm_read_back:
 * @self: a family
 * @proof: what is known after a write
 *
 * For families whose firmware can be read back: what was read decides, and not what the drive
 * answered. A drive that comes back in its boot mode has no firmware that it would run, whatever
 * was read. Where nothing could be read, the revision is all there is.
 *
 * Returns: the verdict
 */
OflVerdict
ofl_family_confirm_read_back (const OflFamily *self, const OflProof *proof)
{
  OflDriveState after;

  if (proof->after == NULL)
    return OFL_VERDICT_UNKNOWN;
  after = ofl_snapshot_get_state (proof->after);
  if (proof->compared == 0 || after != OFL_DRIVE_STATE_NORMAL)
    return ofl_family_confirm_identity (self, proof);
  if (proof->different == 0)
    return OFL_VERDICT_VERIFIED;
  return proof->equals_backup ? OFL_VERDICT_UNCHANGED : OFL_VERDICT_FAILED_RECOVERY;
}
