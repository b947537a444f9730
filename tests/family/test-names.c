/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the log of a job calls the commands: every line of every practice drive's jobs has a name. */
#include <string.h>

#include "flash/ofl-local-job.h"
#include "practice-table.h"

static GPtrArray *
run (Workbench *bench, OflJobKind kind, OflImage *image)
{
  g_autoptr (OflJob) job
      = ofl_local_job_new (kind, ofl_drive_get_target (bench->drive), NULL, image, bench->options);
  G_GNUC_UNUSED g_autoptr (OflResult) result
      = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);

  return ofl_job_read_log (job, 0, G_MAXUINT);
}

static const char *
find_line (GPtrArray *lines, const char *part)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      if (line->level == OFL_LOG_COMMAND && strstr (line->text, part) != NULL)
        return line->text;
    }
  return NULL;
}

/* Commands without a name of the standard's or of the family's. */
static guint
count_nameless (GPtrArray *lines, guint *n_commands)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      if (line->level != OFL_LOG_COMMAND)
        continue;
      ++*n_commands;
      if (g_str_has_prefix (line->text, "vendor command")
          || g_str_has_prefix (line->text, "other command"))
        {
          g_test_message ("%s", line->text);
          n++;
        }
    }
  return n;
}

static void
test_all_named (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (GPtrArray) backup = run (bench, OFL_JOB_BACKUP, NULL);
  g_autoptr (GPtrArray) flash = run (bench, OFL_JOB_FLASH, image);
  guint n_commands = 0;

  g_assert_cmpuint (count_nameless (backup, &n_commands), ==, 0);
  g_assert_cmpuint (count_nameless (flash, &n_commands), ==, 0);
  g_assert_cmpuint (n_commands, >, 0);
}

/* Word by word, of the drives whose makers have commands of their own. */
static void
test_words (void)
{
  static const struct {
    const char *id, *part;
  } wanted[] = {
    { "bu40n", "WRITE BUFFER, 16384 bytes at 4000h" },
    { "nd3500", "read memory (vendor command CCh), " },
    { "nd3500", "write memory (vendor command CBh), " },
    { "px716", "WRITE BUFFER, " },
    { "px716", "read the EEPROM (vendor command F1h), 256 bytes: ok" },
    { "gma4082n", "READ BUFFER, 32768 bytes at " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const PracticeCase *which = practice_find (wanted[i].id);
      g_autoptr (Workbench) bench = practice_bench (which);
      g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
      g_autoptr (GPtrArray) lines = run (bench, OFL_JOB_FLASH, image);

      g_test_message ("%s: %s", wanted[i].id, wanted[i].part);
      g_assert_nonnull (find_line (lines, wanted[i].part));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/words", test_words);
  practice_add_for_all ("names", test_all_named);
  return g_test_run ();
}
