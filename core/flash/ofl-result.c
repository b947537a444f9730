/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-result.h"

/**
 * ofl_result_new:
 * @verdict: how the job ended
 *
 * Returns: (transfer full): a result whose sentences are still to be filled in
 */
OflResult *
ofl_result_new (OflVerdict verdict)
{
  OflResult *self = g_new0 (OflResult, 1);

  g_atomic_ref_count_init (&self->refs);
  self->verdict = verdict;
  return self;
}

/**
 * ofl_result_ref:
 * @self: a result
 *
 * Returns: (transfer full): @self
 */
OflResult *
ofl_result_ref (OflResult *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_result_unref:
 * @self: (transfer full): a result
 */
void
ofl_result_unref (OflResult *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->what);
  g_free (self->meaning);
  g_free (self->next);
  g_free (self->technical);
  g_free (self->proof);
  g_free (self->backup_path);
  g_free (self->journal_path);
  g_free (self->revision_before);
  g_free (self->revision_after);
  g_free (self);
}
