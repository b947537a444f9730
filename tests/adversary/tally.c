/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally.h"

static const char *const titles[N_WRONGS] = {
  "false success", "false unchanged", "false identical", "false untouched",
  "wrong backup",  "not recovered",   "wrong order",     "bar",
  "given up",      "journal",         "words",
};

/**
 * tally_count:
 * @self: a tally
 * @wrong: of which kind
 * @format: what exactly, for who looks for it
 *
 * Counts something that is wrong and says it, as a comment of the test protocol.
 */
void
tally_count (Tally *self, Wrong wrong, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  self->wrong[wrong]++;
  g_print ("# WRONG (%s): %s\n", titles[wrong], text);
}

/**
 * tally_sum:
 * @self: a tally
 *
 * Returns: how much is wrong
 */
guint
tally_sum (const Tally *self)
{
  guint sum = 0;

  for (guint i = 0; i < N_WRONGS; i++)
    sum += self->wrong[i];
  return sum;
}

/**
 * tally_print:
 * @self: a tally
 * @id: the drive
 * @from: first seed
 * @to: last seed
 * @seconds: what it took
 *
 * Prints the drive's row of the table.
 */
void
tally_print (const Tally *self, const char *id, guint from, guint to, double seconds)
{
  g_autoptr (GString) verdicts = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (self->verdicts); i++)
    if (self->verdicts[i] > 0)
      g_string_append_printf (verdicts, " %s %u", ofl_verdict_id ((OflVerdict) i),
                              self->verdicts[i]);
  g_print (
      "# drive | seeds | jobs | kills | journals spoilt | ended busy | journal lines | backups");
  for (guint i = 0; i < N_WRONGS; i++)
    g_print (" | %s", titles[i]);
  g_print (" | verdicts | jobs/s\n# %s | %u-%u | %u | %u | %u | %u | %u | %u", id, from, to,
           self->jobs, self->kills, self->spoilt, self->busy, self->journal_lines, self->backups);
  for (guint i = 0; i < N_WRONGS; i++)
    g_print (" | %u", self->wrong[i]);
  g_print (" |%s | %.1f\n", verdicts->str, seconds > 0 ? self->jobs / seconds : 0.0);
}
