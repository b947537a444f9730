/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a journal that a crash, a full disk or somebody left in the user's folder. Whatever
 * it holds, the program starts and what it says of it is text. */
#include "fuzz.h"

#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-journal.h"
#include "flash/ofl-local-job.h"
#include "ofl-core.h"

static const char *
journal_path (void)
{
  static char *path;

  if (path == NULL)
    {
      g_autofree char *folder = g_build_filename (fuzz_scratch_dir (), "journal", NULL);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      path = g_build_filename (folder, "a.jsonl", NULL);
    }
  return path;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  g_autoptr (GPtrArray) jobs = NULL;

  fuzz_write_file (journal_path (), data, length);
  jobs = ofl_journal_find_unfinished (fuzz_scratch_dir ());
  for (guint i = 0; i < jobs->len; i++)
    {
      g_autofree char *text = ofl_unfinished_describe (g_ptr_array_index (jobs, i));

      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
  return 0;
}

/* A whole job's journal, by the program itself. */
static char *
make_journal (const char *id, const char *revision)
{
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive (id, 0, NULL, NULL);
  g_autoptr (GBytes) bytes = ofl_practice_make_image (id, revision, NULL, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("image.bin", bytes);
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflJob) job = NULL;
  g_autoptr (OflResult) result = NULL;
  char *content = NULL;

  g_assert_true (ofl_families_recognise (firmware, NULL));
  options->state_dir = g_build_filename (fuzz_scratch_dir (), "seeds", NULL);
  options->backup_dir = g_build_filename (options->state_dir, "backups", NULL);
  options->accept_no_backup = TRUE;
  options->accept_warnings = TRUE;
  job = ofl_local_job_new (OFL_JOB_FLASH, ofl_drive_get_target (drive), NULL,
                           ofl_firmware_get_image (firmware, 0), options);
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
  g_assert_nonnull (result->journal_path);
  g_assert_true (g_file_get_contents (result->journal_path, &content, NULL, NULL));
  return content;
}

static void
take_lines (FuzzTake take, gpointer user, const char *name, const char *text, gsize most)
{
  gsize length = MIN (strlen (text), most);

  take (name, (const guint8 *) text, length, user);
}

void
fuzz_make_seeds (FuzzTake take, gpointer user)
{
  static const char wrong_types[]
      = "{\"event\":5}\n{\"event\":\"job\",\"drive\":[]}\n[]\n{\"event\":\"write-begins\"}\n";
  g_autofree char *small = make_journal ("drw1008", "1.03");
  g_autofree char *larger = make_journal ("bu40n", "1.03");
  const char *end = strstr (small, "\"end\"");

  take_lines (take, user, "whole", small, G_MAXSIZE);
  g_assert_nonnull (end);
  take_lines (take, user, "never-ended", small, (gsize) (end - small));
  take_lines (take, user, "begun", small, 2000);
  take_lines (take, user, "larger", larger, 16000);
  take_lines (take, user, "wrong-types", wrong_types, G_MAXSIZE);
}
