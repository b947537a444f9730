/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A family for everybody outside core/family/, and the gate before every write plan. */
#include "family/ofl-family-private.h"

#include <glib/gi18n-lib.h>
#include "plan/ofl-action.h"
#include "scsi/ofl-error.h"

/**
 * ofl_family_id:
 * @self: a family
 *
 * Returns: its short name
 */
const char *
ofl_family_id (const OflFamily *self)
{
  return self->id;
}

/**
 * ofl_family_can_read:
 * @self: a family
 *
 * Returns: whether a way to read some of its drives is known
 */
gboolean
ofl_family_can_read (const OflFamily *self)
{
  return self->plan_read != NULL;
}

/**
 * ofl_family_can_write:
 * @self: a family
 *
 * Returns: whether a way to write its drives is known
 */
gboolean
ofl_family_can_write (const OflFamily *self)
{
  return self->plan_write != NULL;
}

/**
 * ofl_family_can_compare:
 * @self: a family
 *
 * Returns: whether what is read from its drives can be compared with an image
 */
gboolean
ofl_family_can_compare (const OflFamily *self)
{
  return self->compare_read != NULL;
}

/**
 * ofl_family_parse:
 * @self: a family
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what the family recognises in it
 */
void
ofl_family_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  self->parse (self, bytes, images);
}

/**
 * ofl_family_plan_read:
 * @self: a family
 * @drive: a drive of it
 * @choices: (nullable): what the user chose
 * @error: return location
 *
 * Returns: (transfer full): the steps that read the drive; %NULL with %OFL_ERROR_NOT_SUPPORTED when
 *   it cannot be read
 */
OflPlan *
ofl_family_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                      GError **error)
{
  if (self->plan_read != NULL)
    return self->plan_read (self, drive, choices, error);
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("This drive's firmware cannot be read: no way to is public."));
  return NULL;
}

/**
 * ofl_family_plan_unit:
 * @self: a family
 * @drive: a drive of it
 * @choices: (nullable): what the user chose
 * @error: return location
 *
 * Like ofl_family_plan_read(), without the firmware.
 *
 * Returns: (transfer full): the steps that read what belongs to this very drive, every capture a part
 *   of it; %NULL with %OFL_ERROR_NOT_SUPPORTED when it cannot be read, or only with the firmware
 */
OflPlan *
ofl_family_plan_unit (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                      GError **error)
{
  OflCaps caps = ofl_snapshot_get_caps (drive);

  if (self->plan_unit != NULL)
    return self->plan_unit (self, drive, choices, error);
  if ((caps & OFL_CAP_READ_EEPROM) != 0 && (caps & OFL_CAP_READ) == 0)
    return ofl_family_plan_read (self, drive, choices, error);
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("What belongs to this very drive alone is not read apart from the firmware."));
  return NULL;
}

/* A plan that nothing may override is never made, and none for what was not judged. */
static gboolean
pass_gate (const OflFamily *self, const OflJudgement *judgement, GError **error)
{
  const OflSnapshot *drive = ofl_judgement_get_drive (judgement);
  const OflReason *worst = ofl_judgement_get_worst (judgement);
  g_autofree char *remedy = worst != NULL ? ofl_action_word (worst->remedy, NULL) : NULL;

  if (worst != NULL && worst->level >= OFL_LEVEL_RED)
    ofl_set_error (error, OFL_ERROR_WRONG_IMAGE, "%s%s%s", worst->sentence,
                   remedy != NULL ? " " : "", remedy != NULL ? remedy : "");
  else if (self->plan_write == NULL)
    ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                   _ ("How to write this drive's firmware is not publicly known. Use the maker's "
                      "own updater."));
  else if (drive == NULL || ofl_judgement_get_image (judgement) == NULL
           || g_strcmp0 (ofl_snapshot_get_family (drive), self->id) != 0)
    ofl_set_error (error, OFL_ERROR_WRONG_IMAGE,
                   _ ("Whether this file fits this drive was not judged, so nothing is written."));
  else
    return TRUE;
  return FALSE;
}

/**
 * ofl_family_plan_write:
 * @self: a family
 * @judgement: what ofl_families_judge() made of a drive of it, an image and the user's choices
 * @error: return location
 *
 * The last gate before steps are made, and the only way to them: a judgement that is red makes no
 * plan, and the plan is for what was judged and nothing else. What may be overridden the caller has
 * asked about before.
 *
 * Returns: (transfer full): the steps that write; %NULL with %OFL_ERROR_WRONG_IMAGE when the
 *   judgement is %OFL_LEVEL_RED, with %OFL_ERROR_NOT_SUPPORTED when no way is public
 */
OflPlan *
ofl_family_plan_write (const OflFamily *self, const OflJudgement *judgement, GError **error)
{
  if (!pass_gate (self, judgement, error))
    return NULL;
  return self->plan_write (self, ofl_judgement_get_drive (judgement),
                           ofl_judgement_get_image (judgement),
                           ofl_judgement_get_choices (judgement), error);
}

/**
 * ofl_family_compare_read:
 * @self: a family
 * @image: an image of it
 * @dump: a capture of its read plan
 * @choices: (nullable): what the user chose
 * @comparison: where to count; nothing is compared when @dump is not of the part of the drive that
 *   @image is for, or when the family cannot compare
 */
void
ofl_family_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                         const OflChoices *choices, OflComparison *comparison)
{
  if (self->compare_read != NULL)
    self->compare_read (self, image, dump, choices, comparison);
}

/**
 * ofl_family_confirm:
 * @self: a family
 * @proof: what is known once every step of a write has run
 *
 * Returns: the verdict; unknown when the drive is gone, or when the family writes nothing
 */
OflVerdict
ofl_family_confirm (const OflFamily *self, const OflProof *proof)
{
  if (self->confirm == NULL || proof->after == NULL)
    return OFL_VERDICT_UNKNOWN;
  return self->confirm (self, proof);
}
