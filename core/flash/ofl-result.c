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

  self->verdict = verdict;
  return self;
}

/**
 * ofl_result_free:
 * @self: (transfer full): a result
 */
void
ofl_result_free (OflResult *self)
{
  g_free (self->what);
  g_free (self->meaning);
  g_free (self->next);
  g_free (self->technical);
  g_free (self->proof);
  g_free (self->record_what);
  g_free (self->record_proof);
  g_free (self->backup_path);
  g_free (self->journal_path);
  g_free (self->revision_before);
  g_free (self->revision_after);
  g_free (self);
}
