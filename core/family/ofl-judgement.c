/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a drive and an image match: reasons with levels. */
#include "family/ofl-family-private.h"

struct _OflJudgement {
  gatomicrefcount refs;
  GArray *reasons;
  OflSnapshot *drive; /* what it is about */
  OflImage *image;
  OflChoices *choices;
};

static void
reason_clear (gpointer data)
{
  OflReason *reason = data;

  g_free (reason->check);
  g_free (reason->sentence);
  g_free (reason->remedy);
}

/**
 * ofl_judgement_new:
 *
 * Returns: (transfer full): a judgement without reasons, which is green
 */
OflJudgement *
ofl_judgement_new (void)
{
  OflJudgement *self = g_new0 (OflJudgement, 1);

  g_atomic_ref_count_init (&self->refs);
  self->reasons = g_array_new (FALSE, TRUE, sizeof (OflReason));
  g_array_set_clear_func (self->reasons, reason_clear);
  return self;
}

/**
 * ofl_judgement_new_about:
 * @drive: a drive
 * @image: (nullable): what would be written to it
 * @choices: (nullable): what the user chose; a copy is kept
 *
 * Returns: (transfer full): a judgement without reasons, by which ofl_family_plan_write() knows
 *   what was judged
 */
OflJudgement *
ofl_judgement_new_about (const OflSnapshot *drive, const OflImage *image, const OflChoices *choices)
{
  OflJudgement *self = ofl_judgement_new ();

  self->drive = ofl_snapshot_ref ((OflSnapshot *) drive);
  self->image = image != NULL ? ofl_image_ref ((OflImage *) image) : NULL;
  self->choices = ofl_choices_copy (choices);
  return self;
}

/**
 * ofl_judgement_get_drive:
 * @self: a judgement
 *
 * Returns: (nullable): the drive that was judged
 */
const OflSnapshot *
ofl_judgement_get_drive (const OflJudgement *self)
{
  return self->drive;
}

/**
 * ofl_judgement_get_image:
 * @self: a judgement
 *
 * Returns: (nullable): the image that was judged with it
 */
const OflImage *
ofl_judgement_get_image (const OflJudgement *self)
{
  return self->image;
}

/**
 * ofl_judgement_get_choices:
 * @self: a judgement
 *
 * Returns: (nullable): the choices with which it was judged
 */
const OflChoices *
ofl_judgement_get_choices (const OflJudgement *self)
{
  return self->choices;
}

/**
 * ofl_judgement_ref:
 * @self: a judgement
 *
 * Returns: (transfer full): @self
 */
OflJudgement *
ofl_judgement_ref (OflJudgement *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_judgement_unref:
 * @self: (transfer full): a judgement
 */
void
ofl_judgement_unref (OflJudgement *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->reasons);
  g_clear_pointer (&self->drive, ofl_snapshot_unref);
  g_clear_pointer (&self->image, ofl_image_unref);
  g_clear_pointer (&self->choices, ofl_choices_unref);
  g_free (self);
}

/**
 * ofl_judgement_add:
 * @self: a judgement being made
 * @level: how much the reason weighs
 * @check: a word for machines ("size", "chip" …)
 * @remedy: (nullable): what to do about it
 * @sentence_format: printf format of what was found
 * @...: its arguments
 */
void
ofl_judgement_add (OflJudgement *self, OflLevel level, const char *check, const char *remedy,
                   const char *sentence_format, ...)
{
  OflReason reason = { level, g_strdup (check), NULL, g_strdup (remedy) };
  va_list args;

  va_start (args, sentence_format);
  reason.sentence = g_strdup_vprintf (sentence_format, args);
  va_end (args);
  g_array_append_val (self->reasons, reason);
}

/**
 * ofl_judgement_get_level:
 * @self: a judgement
 *
 * Returns: the worst level of its reasons; %OFL_LEVEL_GREEN without any
 */
OflLevel
ofl_judgement_get_level (const OflJudgement *self)
{
  const OflReason *worst = ofl_judgement_get_worst (self);

  return worst != NULL ? worst->level : OFL_LEVEL_GREEN;
}

/**
 * ofl_judgement_get_n_reasons:
 * @self: a judgement
 *
 * Returns: number of reasons
 */
guint
ofl_judgement_get_n_reasons (const OflJudgement *self)
{
  return self->reasons->len;
}

/**
 * ofl_judgement_get_reason:
 * @self: a judgement
 * @index: from 0, in the order in which the checks were made
 *
 * Returns: (transfer none): a reason
 */
const OflReason *
ofl_judgement_get_reason (const OflJudgement *self, guint index)
{
  g_return_val_if_fail (index < self->reasons->len, NULL);
  return &g_array_index (self->reasons, OflReason, index);
}

/**
 * ofl_judgement_get_worst:
 * @self: a judgement
 *
 * Returns: (transfer none) (nullable): the first reason of the worst level, %NULL without reasons
 */
const OflReason *
ofl_judgement_get_worst (const OflJudgement *self)
{
  const OflReason *worst = NULL;

  for (guint i = 0; i < self->reasons->len; i++)
    {
      const OflReason *reason = &g_array_index (self->reasons, OflReason, i);

      if (worst == NULL || reason->level > worst->level)
        worst = reason;
    }
  return worst;
}

/**
 * ofl_judgement_allows:
 * @self: a judgement
 * @override_soft: the user has overridden soft refusals in words
 *
 * Returns: whether a write may go on
 */
gboolean
ofl_judgement_allows (const OflJudgement *self, gboolean override_soft)
{
  return ofl_judgement_get_level (self) <= (override_soft ? OFL_LEVEL_RED_SOFT : OFL_LEVEL_YELLOW);
}

/**
 * ofl_level_id:
 * @level: a level
 *
 * Returns: its word for machines
 */
const char *
ofl_level_id (OflLevel level)
{
  switch (level)
    {
    case OFL_LEVEL_GREEN:
      return "green";
    case OFL_LEVEL_YELLOW:
      return "yellow";
    case OFL_LEVEL_RED_SOFT:
      return "red-soft";
    case OFL_LEVEL_RED:
    default:
      return "red";
    }
}
