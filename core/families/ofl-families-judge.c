/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The judgement that every way to a write goes through: what needs no family, then the family. */
#include "families/ofl-families.h"

#include <glib/gi18n-lib.h>

#include "family/ofl-family-private.h"
#include "firmware/ofl-evidence.h"
#include "scsi/ofl-error.h"

static const char *
sentence_of (OflDriveState state)
{
  switch (state)
    {
    case OFL_DRIVE_STATE_GARBLED:
      return _ ("What the drive says of itself is garbled.");
    case OFL_DRIVE_STATE_SILENT:
      return _ ("The drive does not answer.");
    case OFL_DRIVE_STATE_BUSY:
      return _ ("Another program uses the drive.");
    default:
      return _ ("The drive has not been looked at yet.");
    }
}

static gboolean
judge_presence (const OflSnapshot *drive, OflJudgement *judgement)
{
  const char *reason = ofl_snapshot_get_reason (drive);
  OflDriveState state = ofl_snapshot_get_state (drive);

  if (state == OFL_DRIVE_STATE_NORMAL || state == OFL_DRIVE_STATE_BOOT)
    return TRUE;
  ofl_judgement_add (judgement, OFL_LEVEL_RED, ofl_drive_state_id (state),
                     state == OFL_DRIVE_STATE_BUSY
                         ? _ ("Close the program that uses it, then look again.")
                         : _ ("Check cable, adapter and power, then look again."),
                     "%s", reason != NULL ? reason : sentence_of (state));
  return FALSE;
}

static gboolean
judge_family (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const char *reason = ofl_snapshot_get_reason (drive);
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  const OflFamily *of_image = image != NULL ? ofl_families_find (ofl_image_get_family (image))
                                            : NULL;

  if (family == NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family",
                       _ ("“optiflashctl report” writes down everything that can be read of it, so "
                          "that it can be added."),
                       "%s",
                       reason != NULL ? reason : _ ("No family of drives recognises this drive."));
  else if (image != NULL && of_image != family)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("This is a firmware for %s drives; the drive is of the family %s."),
                       of_image != NULL ? ofl_family_name (of_image) : _ ("other"),
                       ofl_family_name (family));
  else
    return TRUE;
  return FALSE;
}

/* A model that is in the table and that no public record of a real drive has; and a name that an
 * adapter has changed. */
static void
judge_name (const OflFamily *family, const OflSnapshot *drive, OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_autofree char *name = ofl_identity_name (identity);
  g_autofree char *model = ofl_family_model_of (family, identity->vendor, identity->product);
  g_autofree char *shifted = ofl_families_shifted_name (identity);
  const char *doubt = ofl_family_doubt (family, model);

  if (doubt != NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "name",
                       _ ("If yours is such a drive, send what “optiflashctl report” writes down, "
                          "so that it can be confirmed."),
                       /* Translators: a drive, and what of it is not confirmed */
                       _ ("%s: %s."), name, doubt);
  if (shifted != NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "adapter",
                       _ ("Connect the drive without the adapter if you can."), "%s", shifted);
}

/* Whatever its family makes of it: what was read from a damaged flash is never written. */
static void
judge_evidence (const OflImage *image, OflJudgement *judgement)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    if (g_str_equal (ofl_image_get_check (image, i)->name, OFL_EVIDENCE_CHECK))
      ofl_judgement_add (
          judgement, OFL_LEVEL_RED, OFL_EVIDENCE_CHECK,
          _ ("Choose a backup that was made while the drive was well, or the maker's "
             "firmware."),
          _ ("The file is no backup: it keeps, for study, what was read from a drive "
             "whose firmware is damaged."));
}

static void
judge_known (const OflImage *image, OflJudgement *judgement)
{
  g_autofree char *known = ofl_known_image_find (ofl_image_get_hashes (image));

  if (known != NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "known", NULL,
                       _ ("The file is a known stock image: %s."), known);
}

/**
 * ofl_families_judge:
 * @drive: a drive
 * @image: (nullable): what would be written; %NULL judges the drive alone
 * @choices: (nullable): what the user chose
 *
 * Pure: no command is sent. Any thread.
 *
 * Returns: (transfer full): how they match, at least one reason
 */
OflJudgement *
ofl_families_judge (const OflSnapshot *drive, const OflImage *image, const OflChoices *choices)
{
  OflJudgement *judgement = ofl_judgement_new_about (drive, image, choices);
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  g_autoptr (GError) error = NULL;

  if (!judge_presence (drive, judgement) || !judge_family (drive, image, judgement))
    return judgement;
  if (!ofl_family_check_choices (family, choices, &error))
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "choice", NULL, "%s", ofl_error_text (error));
  ofl_family_judge_drive (family, drive, judgement);
  judge_name (family, drive, judgement);
  family->judge (family, drive, image, choices, judgement);
  if (image == NULL)
    return judgement;
  judge_evidence (image, judgement);
  judge_known (image, judgement);
  return judgement;
}

/**
 * ofl_families_image_revision:
 * @drive: (nullable): a drive
 * @image: an image
 *
 * Returns: (transfer full) (nullable): the revision that the drive will have after it was written,
 *   where the image states it, or where the drive helps to find it in the image
 */
char *
ofl_families_image_revision (const OflSnapshot *drive, const OflImage *image)
{
  const char *stated = ofl_image_get_fact (image, "revision");
  const OflFamily *family = ofl_families_find (ofl_image_get_family (image));

  if (stated != NULL && *stated != '\0')
    return g_strdup (stated);
  if (drive == NULL || family == NULL || family->image_revision == NULL)
    return NULL;
  return family->image_revision (drive, image);
}

/**
 * ofl_families_choose_image:
 * @drive: a drive
 * @firmware: a parsed firmware file
 * @choices: (nullable): what the user chose
 *
 * Returns: index of the image that fits @drive best, the first among equals; -1 when none is of
 *   the drive's family
 */
int
ofl_families_choose_image (const OflSnapshot *drive, OflFirmware *firmware,
                           const OflChoices *choices)
{
  const char *family = ofl_snapshot_get_family (drive);
  OflLevel best_level = OFL_LEVEL_RED;
  int best = -1;

  for (guint i = 0; family != NULL && i < ofl_firmware_get_n_images (firmware); i++)
    {
      const OflImage *image = ofl_firmware_get_image (firmware, i);
      g_autoptr (OflJudgement) judgement = NULL;
      OflLevel level;

      if (g_strcmp0 (ofl_image_get_family (image), family) != 0)
        continue;
      judgement = ofl_families_judge (drive, image, choices);
      level = ofl_judgement_get_level (judgement);
      if (best >= 0 && level >= best_level)
        continue;
      best = (int) i;
      best_level = level;
    }
  return best;
}
