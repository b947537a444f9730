/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is around the drive before a write, for log and journal: what the user was told before he agreed
 * is looked at again by the one who writes. Nothing is refused here. */
#include "flash/ofl-work.h"

#include "flash/ofl-preflight.h"

/**
 * ofl_work_look_around:
 * @self: a job's work; the drive has said who it is
 *
 * Before a write, and only then: what is worth a caution goes into the log, in English.
 */
void
ofl_work_look_around (OflWork *self)
{
  g_autoptr (OflPreflight) preflight = NULL;

  if (!ofl_job_kind_writes (self->kind))
    return;
  preflight = ofl_preflight_new (self->target, self->before, self->image, self->options);
  self->checks = ofl_preflight_run (preflight, OFL_PREFLIGHT_AROUND);
  for (guint i = 0; i < self->checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (self->checks, i);

      if (check->level >= OFL_CHECK_CAUTION)
        ofl_progress_log (self->progress, OFL_LOG_WARNING, "Before the write: %s",
                          check->sentence.english);
    }
}

/**
 * ofl_work_note_checks:
 * @self: a job's work with its journal open
 *
 * Writes what was worth a caution into the journal.
 */
void
ofl_work_note_checks (OflWork *self)
{
  for (guint i = 0; self->journal != NULL && self->checks != NULL && i < self->checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (self->checks, i);

      if (check->level >= OFL_CHECK_CAUTION)
        ofl_journal_write (self->journal, "check", "id", check->id, "level",
                           ofl_check_level_id (check->level), "what", check->sentence.english,
                           NULL);
    }
}
