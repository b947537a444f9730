/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that the command line makes: what is there is never replaced without --overwrite, and what
 * is in the way is found before a drive is asked anything. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kit/scratch.h"
#include "run-ctl.h"

#define PRECIOUS "precious"

typedef struct {
  char *dir;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = scratch_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
}

static void
put_precious (Fixture *f, const char *name)
{
  g_autofree char *path = ctl_path (f->dir, name);

  g_assert_true (g_file_set_contents (path, PRECIOUS, -1, NULL));
}

static gboolean
is_precious (Fixture *f, const char *name)
{
  g_autofree char *path = ctl_path (f->dir, name);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strcmp (text, PRECIOUS) == 0;
}

static gboolean
is_there (Fixture *f, const char *name)
{
  g_autofree char *path = ctl_path (f->dir, name);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static void
assert_refused (const Ran *ran, const char *name)
{
  g_assert_cmpint (ran->status, ==, 2);
  g_assert_cmpstr (ran->out, ==, "");
  assert_has (ran->err, name);
  assert_has (ran->err, "exists already");
  assert_has (ran->err, "--overwrite");
}

/* The file, each of its companions, a part that this drive's backup would not have, and a link that
 * leads nowhere. The drive is not even there: nothing of it was asked. */
static void
test_f6_in_the_way (Fixture *f, gconstpointer data)
{
  static const char *const names[]
      = { "old.bin", "old.bin.json", "old.bin.1F0000.bin", "old.bin.other.bin" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = ctl_path (f->dir, names[i]);
      g_auto (Ran) ran = { 0 };

      put_precious (f, names[i]);
      ctl_run (f->dir, &ran, "backup", "practice:nothing-like-it", "old.bin", NULL);
      assert_refused (&ran, names[i]);
      g_assert_true (is_precious (f, names[i]));
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static void
test_f6_dangling_link (Fixture *f, gconstpointer data)
{
  g_autofree char *path = ctl_path (f->dir, "link.bin");
  g_auto (Ran) ran = { 0 };

  g_assert_cmpint (symlink ("nowhere", path), ==, 0);
  ctl_run (f->dir, &ran, "backup", "practice:bu40n", "link.bin", NULL);
  assert_refused (&ran, "link.bin");
}

/* Case 03: backup, flash, the same command again: the first backup is what one wants to have. */
static void
test_case_03_twice (Fixture *f, gconstpointer data)
{
  g_autofree char *path = ctl_path (f->dir, "original.bin");
  g_autofree char *first = NULL, *after = NULL, *replaced = NULL;
  g_auto (Ran) image = { 0 }, one = { 0 }, flash = { 0 }, two = { 0 }, said = { 0 };
  gsize length, later;

  ctl_run (f->dir, &image, "practice", "image", "bu40n", "1.03", "new.bin", NULL);
  ctl_run (f->dir, &one, "backup", "practice:bu40n", "original.bin", NULL);
  g_assert_cmpint (one.status, ==, 0);
  g_assert_true (is_there (f, "original.bin.json"));
  g_assert_true (is_there (f, "original.bin.1F0000.bin"));
  g_assert_true (g_file_get_contents (path, &first, &length, NULL));
  ctl_run (f->dir, &flash, "flash", "practice:bu40n", "new.bin", "--yes", NULL);
  g_assert_cmpint (flash.status, ==, 0);
  ctl_run (f->dir, &two, "backup", "practice:bu40n", "original.bin", NULL);
  assert_refused (&two, "original.bin");
  g_assert_true (g_file_get_contents (path, &after, &later, NULL));
  g_assert_cmpmem (first, length, after, later);
  ctl_run (f->dir, &said, "backup", "practice:bu40n", "original.bin", "--overwrite", NULL);
  g_assert_cmpint (said.status, ==, 0);
  g_assert_true (g_file_get_contents (path, &replaced, &later, NULL));
  g_assert_cmpint (memcmp (first, replaced, MIN (length, later)), !=, 0);
}

/* Not even over the file that is about to be flashed. */
static void
test_case_03_over_the_image (Fixture *f, gconstpointer data)
{
  g_auto (Ran) image = { 0 }, again = { 0 }, said = { 0 }, backup = { 0 };

  ctl_run (f->dir, &image, "practice", "image", "bu40n", "1.03", "new.bin", NULL);
  g_assert_cmpint (image.status, ==, 0);
  ctl_run (f->dir, &backup, "backup", "practice:bu40n", "new.bin", NULL);
  assert_refused (&backup, "new.bin");
  ctl_run (f->dir, &again, "practice", "image", "bu40n", "1.04", "new.bin", NULL);
  assert_refused (&again, "new.bin");
  ctl_run (f->dir, &said, "practice", "image", "bu40n", "1.04", "new.bin", "--overwrite", NULL);
  g_assert_cmpint (said.status, ==, 0);
}

/* What is no ordinary file is not replaced whatever was said. */
static void
test_f6_no_file (Fixture *f, gconstpointer data)
{
  g_auto (Ran) backup = { 0 }, image = { 0 };
  g_autofree char *path = ctl_path (f->dir, "folder.json");

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  ctl_run (f->dir, &backup, "backup", "practice:bu40n", "folder", "--overwrite", NULL);
  g_assert_cmpint (backup.status, ==, 2);
  g_assert_cmpstr (backup.out, ==, "");
  assert_has (backup.err, "no ordinary file");
  assert_has_not (backup.err, "--overwrite");
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
  ctl_run (f->dir, &image, "practice", "image", "bu40n", "1.04", path, "--overwrite", NULL);
  g_assert_cmpint (image.status, ==, 2);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
}

/* A report's file is looked for before the drive. */
static void
test_f6_report (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  put_precious (f, "report.txt");
  ctl_run (f->dir, &ran, "report", "practice:nothing-like-it", "--output=report.txt", NULL);
  assert_refused (&ran, "report.txt");
  g_assert_true (is_precious (f, "report.txt"));
}

/* A10: a folder gets a file that says whose it is; one that is missing is told before the reads. */
static void
test_a10_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *path = ctl_path (f->dir, "mine");
  g_auto (Ran) into = { 0 }, missing = { 0 }, below = { 0 };
  g_autoptr (GDir) listing = NULL;
  const char *name;
  guint n = 0;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  ctl_run (f->dir, &into, "backup", "practice:nd3550", "mine/", NULL);
  g_assert_cmpint (into.status, ==, 0);
  listing = g_dir_open (path, 0, NULL);
  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_assert_true (g_str_has_prefix (name, "NEC_"));
      n++;
    }
  g_assert_cmpuint (n, >=, 2);
  ctl_run (f->dir, &missing, "backup", "practice:bu40n", "nowhere/", NULL);
  g_assert_cmpint (missing.status, ==, 2);
  assert_has (missing.err, "nowhere");
  ctl_run (f->dir, &below, "backup", "practice:bu40n", "nowhere/x.bin", NULL);
  g_assert_cmpint (below.status, ==, 2);
  g_assert_cmpstr (below.out, ==, "");
}

/* F10, A9: what is told of files holds in every folder. */
static void
test_f10_relative_folders (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autofree char *backup = g_strconcat ("\"backup\":\"", f->dir, "/kept/", NULL);
  g_autofree char *journal = g_strconcat ("\"journal\":\"", f->dir, "/here/journal/", NULL);

  ctl_run (f->dir, &ran, "--state-dir=here", "--backup-dir=kept", "--json", "backup",
           "practice:bu40n", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  assert_has (ran.out, backup);
  assert_has (ran.out, journal);
}

/* Case 17: a job that only reads is not refused for want of a journal; a write is, with the
 * system's reason and a step that fits. */
static void
test_case_17_no_journal (Fixture *f, gconstpointer data)
{
  g_auto (Ran) image = { 0 }, backup = { 0 }, verify = { 0 }, flash = { 0 };

  ctl_run (f->dir, &image, "practice", "image", "bu40n", "1.03", "new.bin", NULL);
  put_precious (f, "blocked");
  ctl_run (f->dir, &backup, "--state-dir=blocked", "backup", "practice:bu40n", NULL);
  g_assert_cmpint (backup.status, ==, 0);
  assert_has (backup.out, "only reads");
  assert_has (backup.out, "Not a directory");
  ctl_run (f->dir, &verify, "--state-dir=blocked", "verify", "practice:bu40n", "new.bin", NULL);
  g_assert_cmpint (verify.status, ==, 1);
  assert_has (verify.out, "differ");
  ctl_run (f->dir, &flash, "--state-dir=blocked", "flash", "practice:bu40n", "new.bin", "--yes",
           NULL);
  g_assert_cmpint (flash.status, ==, 1);
  assert_has (flash.out, "Not a directory");
  assert_has (flash.out, "Make room in that folder or mend its permissions");
  assert_has_not (flash.out, "power off and on");
}

/* F14: the folder for backups is tried before the reads, and what is to be done fits. */
static void
test_f14_backup_folder (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  put_precious (f, "blocked");
  ctl_run (f->dir, &ran, "--backup-dir=blocked", "--verbose", "backup", "practice:bu40n", NULL);
  g_assert_cmpint (ran.status, ==, 1);
  assert_has (ran.out, "Not a directory");
  assert_has (ran.out, "--backup-dir");
  assert_has_not (ran.out, "power off and on");
  assert_has_not (ran.out, "3c 06");
}

#define ADD(path, func) g_test_add ("/ctl-backup/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("f6-in-the-way", test_f6_in_the_way);
  ADD ("f6-dangling-link", test_f6_dangling_link);
  ADD ("case-03-twice", test_case_03_twice);
  ADD ("case-03-over-the-image", test_case_03_over_the_image);
  ADD ("f6-no-file", test_f6_no_file);
  ADD ("f6-report", test_f6_report);
  ADD ("a10-folder", test_a10_folder);
  ADD ("f10-relative-folders", test_f10_relative_folders);
  ADD ("case-17-no-journal", test_case_17_no_journal);
  ADD ("f14-backup-folder", test_f14_backup_folder);
  return g_test_run ();
}
