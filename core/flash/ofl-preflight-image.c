/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the drive can be written at all, whether the file fits it, and whether it will have a
 * backup. */
#include "flash/ofl-preflight-private.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"

/**
 * ofl_preflight_accept_remedy:
 *
 * Returns: what to do to go on in spite of a check that may be overridden
 */
const char *
ofl_preflight_accept_remedy (void)
{
  return _ ("To go on in spite of it, ⟦accept-warnings⟧.");
}

static OflCheckLevel
level_of_reason (const OflReason *reason, gboolean accepted)
{
  switch (reason->level)
    {
    case OFL_LEVEL_GREEN:
      return OFL_CHECK_OK;
    case OFL_LEVEL_YELLOW:
      return OFL_CHECK_NOTE;
    case OFL_LEVEL_RED_SOFT:
      return accepted ? OFL_CHECK_CAUTION : OFL_CHECK_BLOCKS;
    case OFL_LEVEL_RED:
    default:
      return OFL_CHECK_BLOCKS;
    }
}

/* A judgement is a pure function: in English it has the same reasons in the same order. */
static void
add_reason (GPtrArray *checks, const OflReason *reason, const OflReason *english, gboolean accepted)
{
  OflSentence sentence = { g_strdup (reason->sentence), g_strdup (english->sentence) };
  g_autofree char *remedy = g_strdup (reason->remedy);

  if (reason->level == OFL_LEVEL_RED_SOFT && !accepted)
    {
      g_autofree char *own = g_steal_pointer (&remedy);

      remedy = g_strjoin (own != NULL ? " " : "", own != NULL ? own : "",
                          ofl_preflight_accept_remedy (), NULL);
    }
  ofl_checks_add (checks, "image", level_of_reason (reason, accepted), sentence, remedy)->technical
      = g_strdup_printf ("check %s: %s", english->check, ofl_level_id (english->level));
}

static void
add_judgement (GPtrArray *checks, const OflPreflight *self, const OflJudgement *judgement)
{
  g_autoptr (OflJudgement) english = NULL;
  gpointer before = ofl_english_begin ();

  english = ofl_families_judge (self->drive, self->image, self->options->choices);
  ofl_english_end (before);
  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    add_reason (checks, ofl_judgement_get_reason (judgement, i),
                ofl_judgement_get_reason (english, i), self->options->accept_warnings);
}

static void
add_plan (GPtrArray *checks, const OflFamily *family, const OflJudgement *judgement)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = ofl_family_plan_write (family, judgement, &error);

  if (plan == NULL)
    ofl_checks_add (checks, "image", OFL_CHECK_BLOCKS, OFL_SAY ("%s", ofl_error_text (error)),
                    NULL);
}

/* Whether the drive can be written at all: of one that cannot nothing more is said. */
gboolean
ofl_preflight_add_image (GPtrArray *checks, const OflPreflight *self)
{
  const char *id = ofl_snapshot_get_family (self->drive);
  const OflFamily *family = id != NULL ? ofl_families_find (id) : NULL;
  g_autoptr (OflJudgement) judgement = NULL;

  if (family == NULL || (ofl_snapshot_get_caps (self->drive) & OFL_CAP_WRITE) == 0)
    {
      const char *reason = ofl_snapshot_get_reason (self->drive);

      ofl_checks_add (checks, "drive", OFL_CHECK_BLOCKS,
                      OFL_SAY ("%s", reason != NULL ? reason : _ ("This drive cannot be flashed.")),
                      NULL);
      return FALSE;
    }
  if (self->image == NULL)
    return TRUE;
  judgement = ofl_families_judge (self->drive, self->image, self->options->choices);
  add_judgement (checks, self, judgement);
  if (ofl_judgement_allows (judgement, TRUE))
    add_plan (checks, family, judgement);
  return TRUE;
}

void
ofl_preflight_add_backup (GPtrArray *checks, const OflPreflight *self)
{
  OflBackupOutlook outlook = ofl_preflight_backup (self->drive, self->options->choices);
  gboolean full = outlook == OFL_BACKUP_FULL;

  ofl_checks_add (checks, "backup", full ? OFL_CHECK_OK : OFL_CHECK_CAUTION,
                  OFL_SAY ("%s", ofl_preflight_backup_sentence (outlook)),
                  full ? NULL : ofl_preflight_no_backup_meaning ());
}
