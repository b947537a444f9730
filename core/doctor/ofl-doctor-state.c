/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a drive's state means: whether it can be mended, and what is known of its firmware. Nothing
 * is sent here: it is what the last look found, the families' tables, and backups on the disk. */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>

static void
judge_normal (OflDoctor *self)
{
  const OflIdentity *id = ofl_snapshot_identity (self->drive);
  g_autofree char *name = ofl_identity_name (id);

  ofl_doctor_add (self, OFL_FINDING_GOOD, "state", FALSE, NULL,
                  ngettext ("The drive says who it is, and said the same %u time: %s, revision %s.",
                            "The drive says who it is, and said the same %u times: %s, revision "
                            "%s.",
                            id->reads),
                  id->reads, name, id->revision);
}

/**
 * ofl_doctor_judge_state: (skip)
 * @self: an examination
 * @state: the drive's state
 * @why: (nullable): why it is so, a sentence
 *
 * Adds the finding "state".
 */
void
ofl_doctor_judge_state (OflDoctor *self, OflDriveState state, const char *why)
{
  switch (state)
    {
    case OFL_DRIVE_STATE_NORMAL:
      judge_normal (self);
      break;
    case OFL_DRIVE_STATE_BOOT:
      ofl_doctor_add (self, OFL_FINDING_BAD, "state", FALSE, NULL,
                      _ ("Only the drive's boot code answers: it found no whole firmware to start. "
                         "It is not asked about discs, for it knows none."));
      break;
    case OFL_DRIVE_STATE_GARBLED:
      ofl_doctor_add (self, OFL_FINDING_BAD, "state", FALSE,
                      _ ("Replace the cable, try another port or adapter, and other power; "
                         "then run the doctor again. Do not flash it like this."),
                      _ ("What the drive answers cannot be trusted: %s Nothing more is asked over "
                         "such a link."),
                      why != NULL ? why : "");
      break;
    case OFL_DRIVE_STATE_SILENT:
      ofl_doctor_add (self, OFL_FINDING_BAD, "state", FALSE,
                      _ ("Check power and cable, switch the drive off and on, try another port or "
                         "computer."),
                      _ ("The drive does not answer: %s"), why != NULL ? why : "");
      break;
    case OFL_DRIVE_STATE_UNKNOWN:
    case OFL_DRIVE_STATE_BUSY:
    default:
      ofl_doctor_add (self, OFL_FINDING_BAD, "state", FALSE, NULL,
                      _ ("The drive could not be looked at: %s"), why != NULL ? why : "");
      break;
    }
}

/**
 * ofl_doctor_family: (skip)
 * @self: an examination
 *
 * Returns: (nullable): the family of the drive, when one is known
 */
const OflFamily *
ofl_doctor_family (const OflDoctor *self)
{
  const char *id = self->drive != NULL ? ofl_snapshot_get_family (self->drive) : NULL;

  return id != NULL ? ofl_families_find (id) : NULL;
}

static void
mend_boot (OflDoctor *self, const OflFamily *family, const char *backup)
{
  g_autofree char *own = NULL;

  if (family == NULL || (ofl_snapshot_get_caps (self->drive) & OFL_CAP_RECOVER) == 0)
    {
      ofl_doctor_add (
          self, OFL_FINDING_BAD, "mend", FALSE,
          _ ("What may be left: the maker's own updater, or a programmer clipped to the "
             "flash chip, for somebody who knows both."),
          _ ("Nobody knows a public way to mend it: which commands this boot code takes "
             "is not published."));
      return;
    }
  if (backup != NULL)
    own = g_strdup_printf (_ ("Flash it with its own backup: %s."), backup);
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "mend", FALSE,
                  own != NULL ? own
                              : _ ("Flash it with a firmware for this very model, from its maker."),
                  /* Translators: what a family's knowledge rests on, such as "one source" */
                  _ ("It can probably be mended: its boot code takes a firmware, by a public way "
                     "(evidence: %s). This program has never done it with a real drive."),
                  ofl_family_evidence (family));
}

static void
mend_normal (OflDoctor *self, const OflFamily *family)
{
  OflCaps caps = ofl_snapshot_get_caps (self->drive);
  g_autofree char *reason = NULL;

  if (family == NULL)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "mend", FALSE, NULL,
                    _ ("No family of drives is known that this one belongs to: nobody knows a "
                       "public way to write its firmware. %s"),
                    ofl_snapshot_get_reason (self->drive) != NULL
                        ? ofl_snapshot_get_reason (self->drive)
                        : "");
  else if ((caps & OFL_CAP_WRITE) == 0)
    {
      ofl_family_ability (family, "writes", &reason);
      ofl_doctor_add (self, OFL_FINDING_REMARK, "mend", FALSE, NULL,
                      _ ("Were its firmware damaged, nobody knows a public way to mend it: %s."),
                      reason != NULL ? reason : ofl_family_name (family));
    }
  else if ((caps & OFL_CAP_RECOVER) == 0)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "mend", FALSE, NULL,
                    _ ("Its firmware can be written as long as the drive answers as it does now "
                       "(evidence: %s). Once only its boot code answers, nobody knows a public way "
                       "to mend it."),
                    ofl_family_evidence (family));
  else
    ofl_doctor_add (self, OFL_FINDING_GOOD, "mend", FALSE, NULL,
                    _ ("Were its firmware damaged, there is a public way to mend it, by its boot "
                       "code (evidence: %s)."),
                    ofl_family_evidence (family));
}

/**
 * ofl_doctor_judge_mending: (skip)
 * @self: an examination of a drive in normal or boot state
 * @backup: (nullable): path of its newest backup
 *
 * Adds the finding "mend": whether a damaged firmware can be mended, and how sure that is.
 */
void
ofl_doctor_judge_mending (OflDoctor *self, const char *backup)
{
  if (ofl_snapshot_get_state (self->drive) == OFL_DRIVE_STATE_BOOT)
    mend_boot (self, ofl_doctor_family (self), backup);
  else
    mend_normal (self, ofl_doctor_family (self));
}

static OflFirmware *
open_backup (OflDoctor *self, const char *backup, OflImage **image, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (OflFirmware) firmware = ofl_families_open (file, self->cancellable, error);
  int index;

  if (firmware == NULL)
    return NULL;
  index = ofl_families_choose_image (self->drive, firmware, NULL);
  *image = index >= 0 ? ofl_firmware_get_image (firmware, (guint) index) : NULL;
  return g_steal_pointer (&firmware);
}

static void
judge_image (OflDoctor *self, const OflImage *image)
{
  const char *revision = ofl_snapshot_identity (self->drive)->revision;
  g_autofree char *stored = ofl_families_image_revision (self->drive, image);
  g_autofree char *known = ofl_known_image_find (ofl_image_get_hashes (image));

  if (g_strcmp0 (stored, revision) != 0)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "firmware", FALSE,
                    _ ("Make a new backup and run the doctor again."),
                    _ ("The newest backup has another revision (%s) than the drive (%s): it says "
                       "nothing about the firmware that is in it now."),
                    stored != NULL ? stored : _ ("not told"), revision);
  else if (known != NULL)
    ofl_doctor_add (self, OFL_FINDING_GOOD, "firmware", FALSE, NULL,
                    _ ("The drive's newest backup, of the revision that it names now, is a known "
                       "image: %s."),
                    known);
  else
    ofl_doctor_add (
        self, OFL_FINDING_REMARK, "firmware", FALSE, NULL,
        _ ("The drive's newest backup, of the revision that it names now, equals none of "
           "the images whose hash somebody has published. That is no fault: few are "
           "published, and a backup may hold what belongs to this one drive."));
}

/**
 * ofl_doctor_judge_firmware: (skip)
 * @self: an examination of a drive in normal state
 * @backup: (nullable): path of its newest backup
 *
 * Adds the finding "firmware": what its backup tells. The drive is not read for it.
 */
void
ofl_doctor_judge_firmware (OflDoctor *self, const char *backup)
{
  g_autoptr (OflFirmware) firmware = NULL;
  g_autoptr (GError) error = NULL;
  OflImage *image = NULL;

  if ((ofl_snapshot_get_caps (self->drive) & OFL_CAP_READ) == 0)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "firmware", FALSE, NULL,
                    _ ("Whether its firmware is whole cannot be told: nobody knows a public way to "
                       "read it. That it starts and answers is all there is to go by."));
  else if (backup == NULL)
    ofl_doctor_add (
        self, OFL_FINDING_REMARK, "firmware", FALSE,
        _ ("Make a backup and run the doctor again: it is compared with the images that "
           "are known."),
        _ ("There is no backup of this drive to look at, and reading its firmware takes "
           "too long to be done here."));
  else
    {
      firmware = open_backup (self, backup, &image, &error);
      if (image != NULL)
        judge_image (self, image);
      else
        ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "firmware", FALSE,
                        _ ("Make a new backup and run the doctor again."),
                        _ ("The drive's newest backup, %s, holds nothing that is taken for its "
                           "firmware. %s"),
                        backup, error != NULL ? ofl_error_text (error) : "");
    }
}
