/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link test's short form before a write: a bad link is refused, a doubtful one is spoken of. */
#include "flash/ofl-work.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-command.h"

#define LINK_USUAL_MS 500
#define LINK_MAX_MS 5000

static gint64
now_us (const OflWork *self)
{
  return ofl_transport_now_us (self->transport);
}

static OflResult *
refuse_link (OflWork *self)
{
  OflResult *result = ofl_work_refuse (self, ofl_link_say (self->link), self->link->advice.shown);

  result->technical = g_strdup (self->link->technical);
  return result;
}

/* A log and a journal are in English. */
static void
log_link (const OflWork *self)
{
  OflLogLevel level = self->link->verdict == OFL_LINK_SOUND ? OFL_LOG_INFO : OFL_LOG_WARNING;

  ofl_progress_log (self->progress, level, "Link test: %s.",
                    ofl_link_verdict_id (self->link->verdict));
  for (guint i = 0; i < self->link->findings->len; i++)
    ofl_progress_log (self->progress, level, "Link test: %s",
                      g_array_index (self->link->findings, OflSentence, i).english);
}

/**
 * ofl_work_check_link:
 * @self: a job's work; the drive has said who it is
 *
 * Before a write, and only then: asks the drive some dozens of times the same and compares. A cancel
 * ends the asking, and is the next phase's to see.
 *
 * Returns: (transfer full) (nullable): a refusal when the link is bad
 */
OflResult *
ofl_work_check_link (OflWork *self)
{
  if (!ofl_job_kind_writes (self->kind))
    return NULL;
  ofl_progress_plan_stage (self->progress, OFL_STAGE_CHECK, 0, LINK_USUAL_MS, LINK_MAX_MS);
  ofl_progress_begin_stage (self->progress, OFL_STAGE_CHECK, now_us (self));
  ofl_progress_begin_command (self->progress, "Test the link to the drive", LINK_MAX_MS,
                              OFL_TIMEOUT_PROBE, now_us (self));
  self->link = ofl_link_test (self->transport, self->target, self->before, OFL_LINK_SHORT,
                              self->cancellable, NULL);
  ofl_progress_end_command (self->progress, now_us (self));
  if (self->link == NULL)
    return NULL;
  log_link (self);
  return self->link->verdict == OFL_LINK_BAD ? refuse_link (self) : NULL;
}

/**
 * ofl_work_note_link:
 * @self: a job's work with its journal open
 *
 * Writes what the link test found into the journal.
 */
void
ofl_work_note_link (OflWork *self)
{
  g_auto (OflSentence) found = { 0 };

  if (self->link == NULL || self->journal == NULL)
    return;
  found = ofl_link_say (self->link);
  ofl_journal_write (self->journal, "link", "verdict", ofl_link_verdict_id (self->link->verdict),
                     "what", found.english, NULL);
}

static char *
say_doubt (const OflLink *link)
{
  g_auto (OflSentence) found = ofl_link_say (link);

  return g_strdup_printf (
      /* Translators: what a test found, and what to do about it; sentences */
      _ ("The link to the drive was doubtful before the write: %s %s"), ofl_sentence_text (&found),
      ofl_sentence_text (&link->advice));
}

/**
 * ofl_work_mention_link:
 * @self: a job's work
 * @result: how it ended
 *
 * A link that was doubtful is mentioned whatever the end.
 */
void
ofl_work_mention_link (OflWork *self, OflResult *result)
{
  if (self->link != NULL && self->link->verdict == OFL_LINK_DOUBTFUL)
    ofl_work_append (result, OFL_SENTENCE (say_doubt (self->link)));
}
