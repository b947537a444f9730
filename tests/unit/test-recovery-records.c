/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of a drive's jobs is the one to be mended, and whether a backup is its own. */
#include "flash/ofl-recovery.h"

#include <string.h>

#include "backup-folder.h"
#include "journal-folder.h"

#define BY(kind, serial) \
  "{\"event\":\"job\",\"kind\":\"" kind "\",\"drive\":\"MAKER MODEL\",\"drive_id\":\"/dev/sr0\"," \
  "\"serial\":\"" serial "\",\"revision\":\"1.00\"}\n"
#define OF(serial) BY ("flash", serial)
#define ENDED(verdict) "{\"event\":\"end\",\"verdict\":\"" verdict "\"}\n"
#define A OF ("A1")
#define B OF ("B2")
#define PROGRAM BY ("updater", "A1") /* the maker's */
#define NONE (-1)

typedef struct {
  const char *name;
  const char *serial; /* that the drive tells; NULL: it does not answer */
  const char *journals[3];
  int expected;
} Story;

static const Story stories[] = {
  { "one", "A1", { A BEGINS DANGER }, 0 },
  { "harmless", "A1", { A }, 0 },
  { "program-harmless", "A1", { PROGRAM }, 0 },
  { "program", "A1", { PROGRAM BEGINS DANGER, A }, 0 },
  { "newest", "A1", { A BEGINS DANGER, A BEGINS DANGER }, 1 },
  /* a try that broke off before it wrote mends nothing, nor does it to be rid of its record */
  { "read-since", "A1", { A BEGINS DANGER, A }, 0 },
  { "begun-since", "A1", { A BEGINS DANGER SAFE, A BEGINS }, 0 },
  { "dismissed-since", "A1", { A BEGINS DANGER, A ENDED ("dismissed") }, 0 },
  { "failed-before", "A1", { A BEGINS DANGER ENDED ("failed-recovery"), A ENDED ("dismissed") }, 0 },
  { "refused-since", "A1", { A BEGINS DANGER, A ENDED ("refused") }, 0 },
  /* seen to, or made good */
  { "dismissed", "A1", { A BEGINS DANGER ENDED ("dismissed") }, NONE },
  { "program-closed",
    "A1",
    { A BEGINS DANGER ENDED ("unknown"), PROGRAM BEGINS DANGER ENDED ("closed-by-a-later-job") },
    NONE },
  { "verified", "A1", { A BEGINS DANGER, A BEGINS DANGER SAFE ENDED ("verified") }, NONE },
  { "identical", "A1", { A BEGINS DANGER ENDED ("unknown"), A ENDED ("identical") }, NONE },
  /* what happened to another drive at the same place is no news of this one */
  { "other-verified", NULL, { A BEGINS DANGER, B BEGINS DANGER SAFE ENDED ("verified") }, 0 },
  { "own-verified", NULL, { A BEGINS DANGER, A BEGINS DANGER SAFE ENDED ("verified") }, NONE },
  { "other", "B2", { A BEGINS DANGER, B BEGINS DANGER }, 1 },
  { "own", "A1", { A BEGINS DANGER, B BEGINS DANGER }, 0 },
  { "stranger", "C3", { A BEGINS DANGER, B BEGINS DANGER }, NONE },
};

static void
test_story (JournalFolder *f, gconstpointer data)
{
  const Story *story = data;
  g_autofree char *expected = NULL;
  g_autoptr (OflSnapshot) drive = backup_drive (story->serial != NULL ? story->serial : "", NULL);
  OflUnfinished *job;
  gboolean ended = FALSE;

  for (int i = 0; i < 3 && story->journals[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("2026112%dT112004-1-0.jsonl", i);
      g_autofree char *path = journal_put (f, name, story->journals[i], -1);

      if (i == story->expected)
        expected = g_steal_pointer (&path);
    }
  job = ofl_recovery_find_job (f->dir, story->serial != NULL ? ofl_snapshot_identity (drive) : NULL,
                               "/dev/sr0", &ended);
  if (story->expected == NONE)
    {
      g_assert_null (job);
      return;
    }
  g_assert_nonnull (job);
  g_assert_cmpstr (job->path, ==, expected);
  g_assert_true (ended == (strstr (story->journals[story->expected], "\"end\"") != NULL));
  ofl_unfinished_free (job);
}

static gboolean
takes_for_own (BackupFolder *f, const char *serial, const char *named)
{
  g_autoptr (OflSnapshot) drive = backup_drive (serial, MARK);
  OflUnfinished job = { .backup_path = (char *) (named != NULL ? named : "") };
  OflRecoveryCase about = { .drive = drive,
                            .present = TRUE,
                            .state = OFL_DRIVE_STATE_BOOT,
                            .job = &job,
                            .backup_dir = f->dir };
  g_auto (OflRecoveryFile) file = { 0 };

  ofl_recovery_find_backup (&about, &file);
  g_assert_true (g_str_has_suffix (file.path, "flash.bin"));
  return file.own;
}

/* A boot code tells no serial. Then a backup of the same hardware may be a sibling's: only the one
 * that the job itself made is taken for the drive's own. */
static void
test_own (BackupFolder *f, gconstpointer data)
{
  g_autofree char *folder = backup_put (f, "one", NULL);
  g_autofree char *path = backup_path (folder, "flash.bin");

  g_assert_true (takes_for_own (f, SERIAL, NULL));
  g_assert_true (takes_for_own (f, SERIAL, path));
  g_assert_true (takes_for_own (f, "", path));
  g_assert_false (takes_for_own (f, "", NULL));
}

/* The backup that the job made is gone or damaged; an earlier one is whole. */
static void
test_other_backup (BackupFolder *f, gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = backup_put (f, "one", NULL);
  g_autoptr (OflSnapshot) drive = backup_drive (SERIAL, MARK);
  OflUnfinished job = { .backup_path = (char *) "/nowhere/flash.bin" };
  OflRecoveryCase about = { .drive = drive, .present = TRUE, .job = &job };
  g_auto (OflRecoveryFile) alone = { 0 };
  g_auto (OflRecoveryFile) file = { 0 };

  ofl_recovery_find_backup (&about, &alone);
  g_assert_cmpstr (alone.path, ==, "/nowhere/flash.bin");
  g_assert_nonnull (strstr (alone.problem, "not there any more"));
  about.backup_dir = f->dir;
  ofl_recovery_find_backup (&about, &file);
  /* the other one is no firmware of this family, so the first one's reason stays */
  g_assert_cmpstr (file.path, ==, "/nowhere/flash.bin");
  g_assert_null (file.image);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strconcat ("/recovery-records/", stories[i].name, NULL);

      g_test_add (path, JournalFolder, &stories[i], journal_folder_up, test_story,
                  journal_folder_down);
    }
  g_test_add ("/recovery-records/own-backup", BackupFolder, NULL, backup_folder_up, test_own,
              backup_folder_down);
  g_test_add ("/recovery-records/other-backup", BackupFolder, NULL, backup_folder_up,
              test_other_backup, backup_folder_down);
  return g_test_run ();
}
