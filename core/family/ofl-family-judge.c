/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kit for judging: the reasons that mean the same in every family, and the verdicts by identity
 * and by what was read back. */
#include "family/ofl-family-private.h"

#include <glib/gi18n-lib.h>

/**
 * ofl_family_judge_drive:
 * @self: the drive's family
 * @drive: a drive
 * @judgement: where to add reasons
 *
 * The reasons that concern the drive alone and are the same in every family.
 */
void
ofl_family_judge_drive (const OflFamily *self, const OflSnapshot *drive, OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  gboolean writes = (ofl_snapshot_get_caps (drive) & OFL_CAP_WRITE) != 0;

  if (writes)
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "family", NULL,
                       _ ("The drive is of the family %s, whose protocol is known (%s)."),
                       ofl_family_name (self), ofl_family_evidence (self));
  else if (ofl_snapshot_get_reason (drive) != NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family", _ ("Nothing can be done about it here."),
                       "%s", ofl_snapshot_get_reason (drive));
  else
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family", _ ("Nothing can be done about it here."),
                       _ ("How to write the firmware of %s drives is not publicly known."),
                       ofl_family_name (self));
  if (identity->medium && ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_NORMAL)
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "medium",
                       _ ("Take the disc out and close the tray."),
                       _ ("The drive does not say that it is empty."));
  if (g_strcmp0 (ofl_snapshot_get_fact (drive, OFL_FACT_BUS), "usb") == 0
      && !g_key_file_get_boolean (ofl_family_table (self), "family", "native-usb", NULL))
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "bridge",
                       _ ("If the drive refuses commands, connect it to a SATA port."),
                       _ ("The drive is on USB. Some bridges between USB and SATA do not pass the "
                          "commands a firmware update needs."));
}

/**
 * ofl_family_judge_checks:
 * @image: an image
 * @sound: (nullable): what to say when no check fails, marked with N_(); %NULL: nothing
 * @judgement: where to add reasons
 *
 * Every check that the file fails is final: %OFL_LEVEL_RED, "size" for the size and "integrity" for
 * all others.
 *
 * Returns: whether the image has the right size, so that more can be judged
 */
gboolean
ofl_family_judge_checks (const OflImage *image, const char *sound, OflJudgement *judgement)
{
  gboolean right_size = TRUE;

  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);
      gboolean size = g_str_equal (check->name, "size");

      if (check->result != OFL_IMAGE_CHECK_CHANGED)
        continue;
      right_size = right_size && !size;
      ofl_judgement_add (judgement, OFL_LEVEL_RED, size ? "size" : "integrity",
                         size ? _ ("Download or copy the file again.")
                              : _ ("Download the file again, or take an unaltered one."),
                         _ ("The file fails its own check: %s."), ofl_image_check_text (check));
    }
  if (sound != NULL && !ofl_image_is_changed (image))
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "integrity", NULL, "%s", _ (sound));
  return right_size;
}

/**
 * ofl_family_judge_doubts:
 * @image: an image
 * @result: %OFL_IMAGE_CHECK_WARNING, or %OFL_IMAGE_CHECK_ABSENT where the lack of a check matters
 * @apart: (nullable): the check of which the family says more itself
 * @judgement: where to add reasons
 *
 * What speaks against the file and is no proof: %OFL_LEVEL_YELLOW, under the check's name.
 */
void
ofl_family_judge_doubts (const OflImage *image, OflImageCheckResult result, const char *apart,
                         OflJudgement *judgement)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);

      if (check->result == result && g_strcmp0 (check->name, apart) != 0)
        ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, check->name,
                           _ ("Use it only if you know where it comes from."),
                           result == OFL_IMAGE_CHECK_WARNING
                               ? _ ("The file is unusual: %s.")
                               : _ ("The file cannot be checked fully: %s."),
                           ofl_image_check_text (check));
    }
}

/**
 * ofl_family_judge_revision:
 * @drive: a drive
 * @brings: (nullable): the revision that it will have with the image; %NULL: not known
 * @judgement: where to add reasons
 *
 * Compares revisions.
 */
void
ofl_family_judge_revision (const OflSnapshot *drive, const char *brings, OflJudgement *judgement)
{
  const char *has = ofl_snapshot_identity (drive)->revision;

  if (brings == NULL)
    return;
  if (g_str_equal (has, brings))
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "revision", NULL,
                       _ ("The file has revision %s, which the drive has already."), brings);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "revision", NULL,
                       _ ("The file has revision %s; the drive has %s."), brings, has);
}

/**
 * ofl_family_judge_named:
 * @drive: a drive whose name stands in the file
 * @check: the word for machines
 * @judgement: where to add the reason
 */
void
ofl_family_judge_named (const OflSnapshot *drive, const char *check, OflJudgement *judgement)
{
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (drive));

  ofl_judgement_add (judgement, OFL_LEVEL_GREEN, check, NULL, _ ("The file names this model, %s."),
                     name);
}

/**
 * ofl_family_judge_boot:
 * @drive: a drive
 * @judgement: where to add the reason
 *
 * For families whose drives are in their boot state only when they have no firmware that they would
 * run.
 */
void
ofl_family_judge_boot (const OflSnapshot *drive, OflJudgement *judgement)
{
  if (ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT)
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "boot",
                       _ ("Write a firmware that fits; that brings the drive back."),
                       _ ("The drive runs its boot code only: its firmware is damaged or missing."));
}

/**
 * ofl_family_judge_one_way:
 * @judgement: where to add the reason
 *
 * For families that nothing can be read of, and that know no way back.
 */
void
ofl_family_judge_one_way (OflJudgement *judgement)
{
  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "read", NULL,
                     _ ("The firmware of this drive cannot be read: there will be no backup, and "
                        "what is written cannot be read back. No way to mend a failed write is "
                        "public."));
}

/* Whether leaving the state that it was in proves that a drive has got a firmware. It does where
 * only a drive without one is in that state, and its family's table names the revision that it
 * shows then. A mode that a command enters and a restart leaves (Pioneer's kernel mode, NEC's safe
 * mode: family 4) proves nothing: the firmware of before may be whole behind it. */
static gboolean
had_no_firmware (const OflFamily *self, const OflSnapshot *before)
{
  return ofl_snapshot_get_state (before) == OFL_DRIVE_STATE_BOOT
         && ofl_family_lists (self, "family", "void-revisions",
                              ofl_snapshot_identity (before)->revision);
}

/**
 * ofl_family_confirm_identity:
 * @self: a family
 * @proof: what is known after a write
 *
 * For families whose firmware cannot be read back: the revision is all there is. A drive that shows
 * the revision it had before may hold the old firmware, the same revision written once more, or
 * another build that bears the same name; and one that shows the old revision where the image
 * brings a new one may have burned it and not have looked at it yet. None of these can be told
 * apart, so none is called unchanged. Of a drive that was in a boot mode behind which a firmware
 * may have been, nothing tells which revision that was.
 *
 * Returns: confirmed, failed (the boot code answers) or unknown
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
  if (expected != NULL && !g_str_equal (expected, after))
    return OFL_VERDICT_UNKNOWN;
  if (ofl_snapshot_get_state (proof->before) == OFL_DRIVE_STATE_BOOT)
    return had_no_firmware (self, proof->before) ? OFL_VERDICT_CONFIRMED : OFL_VERDICT_UNKNOWN;
  return g_str_equal (before, after) ? OFL_VERDICT_UNKNOWN : OFL_VERDICT_CONFIRMED;
}

/**
 * ofl_family_confirm_read_back:
 * @self: a family
 * @proof: what is known after a write
 *
 * For families whose firmware can be read back: what was read decides, and not what the drive
 * answered. A drive that comes back in its boot mode has no firmware that it would run, whatever
 * was read. Where nothing could be read, the revision is all there is. Bytes that differ only where
 * no source says whether the drive keeps what is sent prove neither success nor damage.
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
  if (proof->different == 0 && proof->unsettled == 0)
    return OFL_VERDICT_VERIFIED;
  if (proof->equals_backup)
    return OFL_VERDICT_UNCHANGED;
  return proof->different > 0 ? OFL_VERDICT_FAILED_RECOVERY : OFL_VERDICT_UNKNOWN;
}
