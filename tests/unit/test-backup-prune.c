/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings, and backups that are more than they say: which go, and which never do. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "backup-folder.h"
#include "flash/ofl-backup.h"
#include "flash/ofl-settings.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"

/* So many backups of one drive, "0" the first. */
static void
put_days (BackupFolder *f, guint n, const Manifest *like)
{
  for (guint i = 0; i < n; i++)
    {
      Manifest manifest = *like;
      g_autofree char *made = g_strdup_printf ("2026-11-%02uT11:20:04Z", i + 1);
      g_autofree char *name = g_strdup_printf ("%u", i);
      G_GNUC_UNUSED g_autofree char *folder = NULL;

      manifest.made = made;
      folder = backup_put (f, name, &manifest);
    }
}

/* The names of the folders that are there still, in their order */
static void
assert_there (BackupFolder *f, const char *names)
{
  g_autoptr (GString) there = g_string_new (NULL);

  for (char name[] = "0"; *name <= '9'; (*name)++)
    {
      g_autofree char *path = backup_path (f->dir, name);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        g_string_append (there, name);
    }
  g_assert_cmpstr (there->str, ==, names);
}

/* Just after @stored was */
static guint
prune_after (BackupFolder *f, const char *stored, guint keep, const char *in_use)
{
  g_autoptr (OflSnapshot) drive = backup_drive (SERIAL, MARK);
  g_autofree char *manifest = g_build_filename (f->dir, stored, "manifest.json", NULL);

  return ofl_backup_prune (f->dir, drive, manifest, keep, in_use, f->dir);
}

static guint
prune (BackupFolder *f, guint keep, const char *in_use)
{
  char name[] = "9";
  g_autofree char *path = backup_path (f->dir, name);

  for (; !g_file_test (path, G_FILE_TEST_IS_DIR); path[strlen (path) - 1]--)
    g_assert_cmpint (--*name, >=, '0');
  return prune_after (f, name, keep, in_use);
}

static const Manifest plain = { 0 };

static void
test_newest_and_first_stay (BackupFolder *f, gconstpointer data)
{
  put_days (f, 6, &plain);
  g_assert_cmpuint (prune (f, 0, NULL), ==, 0);
  assert_there (f, "012345");
  g_assert_cmpuint (prune (f, 6, NULL), ==, 0);
  g_assert_cmpuint (prune (f, 5, NULL), ==, 0);
  g_assert_cmpuint (prune (f, 3, NULL), ==, 2);
  assert_there (f, "0345");
  g_assert_cmpuint (prune (f, 1, NULL), ==, 2);
  assert_there (f, "05");
  g_assert_cmpuint (prune (f, 1, NULL), ==, 0);
}

/* A backup that is damaged counts for none, and is not deleted either. */
static void
test_damaged (BackupFolder *f, gconstpointer data)
{
  g_autofree char *newer = backup_path (f->dir, "4");
  g_autofree char *middle = backup_path (f->dir, "2");

  put_days (f, 6, &plain);
  backup_flip (newer, "unit.bin", 3);
  backup_flip (middle, "flash.bin", 3);
  g_assert_cmpuint (prune (f, 1, NULL), ==, 2);
  assert_there (f, "0245");
}

/* Through a link the first is there twice; deleting the one would be deleting the other. */
static void
test_links (BackupFolder *f, gconstpointer data)
{
  g_autofree char *first = backup_path (f->dir, "0");
  g_autofree char *link = backup_path (f->dir, "factory");
  g_autofree char *all = backup_path (f->dir, "practice");
  g_autoptr (OflStoredBackup) self = NULL;

  put_days (f, 3, &plain);
  g_assert_cmpint (symlink (first, link), ==, 0);
  g_assert_cmpint (symlink (".", all), ==, 0);
  g_assert_cmpuint (prune (f, 1, NULL), ==, 1);
  assert_there (f, "02");
  self = ofl_stored_backup_open (first);
  g_assert_true (ofl_stored_backup_verify (self, NULL));
}

/* The one that was stored last says that it was made before the others, or another says that it will be
 * made: nobody knows which was the first. */
static void
test_clock (BackupFolder *f, gconstpointer data)
{
  static const Manifest behind = { .made = "2020-01-01T00:00:00Z" },
                        ahead = { .made = "2031-01-01T00:00:00Z" },
                        later = { .made = "2026-12-01T00:00:00Z" },
                        of_other = { .made = "2031-01-01T00:00:00Z", .serial = "OTHER" };
  g_autofree char *five = NULL, *six = NULL, *seven = NULL, *eight = NULL;

  put_days (f, 5, &plain);
  five = backup_put (f, "5", &behind);
  g_assert_cmpuint (prune_after (f, "5", 1, NULL), ==, 0);
  six = backup_put (f, "6", &ahead);
  seven = backup_put (f, "7", &later);
  g_assert_cmpuint (prune_after (f, "7", 1, NULL), ==, 0);
  assert_there (f, "01234567");
  scratch_free (g_steal_pointer (&six));
  eight = backup_put (f, "8", &of_other);
  g_assert_cmpuint (prune_after (f, "7", 1, NULL), ==, 0);
  scratch_free (g_steal_pointer (&eight));
  /* right again: the one of the wrong clock is not taken for the first */
  g_assert_true (g_file_test (five, G_FILE_TEST_IS_DIR));
  g_assert_cmpuint (prune_after (f, "7", 1, NULL), ==, 4);
  assert_there (f, "057");
}

static void
test_not_its_own (BackupFolder *f, gconstpointer data)
{
  put_days (f, 5, data);
  g_assert_cmpuint (prune (f, 1, NULL), ==, 0);
  assert_there (f, "01234");
}

/* What a broken-off write began with, what it was writing, and what is being written now. */
static void
test_needed (BackupFolder *f, gconstpointer data)
{
  g_autofree char *in_use = g_build_filename (f->dir, "4", "flash.bin", NULL);
  g_autofree char *journal = g_strdup_printf (
      "{\"event\":\"job\",\"kind\":\"flash\",\"at\":\"2026-11-26T11:20:04Z\",\"drive\":\"D\","
      "\"drive_id\":\"/dev/sr0\",\"serial\":\"K9\",\"image\":\"I\",\"image_file\":\"%s/2/flash.bin\"}\n"
      "{\"event\":\"backup\",\"path\":\"%s/1/flash.bin\"}\n{\"event\":\"write-begins\"}\n",
      f->dir, f->dir);

  put_days (f, 7, &plain);
  scratch_put (f->dir, "journal/one.jsonl", journal);
  g_assert_cmpuint (prune (f, 1, in_use), ==, 2);
  assert_there (f, "01246");
  scratch_put (f->dir, "journal/one.jsonl", "");
  g_assert_cmpuint (prune (f, 1, NULL), ==, 3);
  assert_there (f, "06");
}

static void
test_settings (BackupFolder *f, gconstpointer data)
{
  g_autofree char *path = ofl_settings_path ();
  g_autofree char *usual = ofl_backup_default_dir (FALSE);
  g_autofree char *chosen = NULL, *practice = NULL, *back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_str_has_prefix (path, g_get_user_config_dir ()));
  g_unlink (path);
  g_assert_cmpuint (ofl_settings_get (OFL_SETTING_EXPERIMENTAL), ==, 1);
  g_assert_cmpuint (ofl_settings_get (OFL_SETTING_KEEP_BACKUPS), ==, 0);
  g_assert_true (ofl_settings_set (OFL_SETTING_KEEP_BACKUPS, 5, &error));
  g_assert_true (ofl_settings_set_backup_dir ("/somewhere/else", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ofl_settings_get (OFL_SETTING_KEEP_BACKUPS), ==, 5);
  chosen = ofl_backup_default_dir (FALSE);
  practice = ofl_backup_default_dir (TRUE);
  g_assert_cmpstr (chosen, ==, "/somewhere/else");
  g_assert_cmpstr (practice, ==, "/somewhere/else/practice");
  g_assert_false (ofl_settings_set_backup_dir ("relative", &error));
  g_assert_nonnull (error);
  g_assert_true (ofl_settings_set_backup_dir (NULL, NULL));
  back = ofl_backup_default_dir (FALSE);
  g_assert_cmpstr (back, ==, usual);
  /* what a hand has put there and makes no sense is as if it were not there */
  g_assert_true (
      g_file_set_contents (path, "[optiflash]\nkeep-backups=-3\nbackup-folder=here\n", -1, NULL));
  g_assert_cmpuint (ofl_settings_get (OFL_SETTING_KEEP_BACKUPS), ==, 0);
  g_assert_null (ofl_settings_get_backup_dir ());
  g_unlink (path);
}

static void
assert_text (const char *path, const char *text)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, text);
}

/* What is in it and cannot be read is not written away, and a job can tell of it. */
static void
test_settings_damaged (BackupFolder *f, gconstpointer data)
{
  static const char text[] = "[optiflash]\nkeep-backups=5\nwhat\nbackup-folder=/chosen\n";
  g_autofree char *path = ofl_settings_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_unlink (path);
  g_assert_true (ofl_settings_check_backup_dir (NULL));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_false (ofl_settings_check_backup_dir (&error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_false (ofl_settings_set (OFL_SETTING_LOG_LEVEL, 1, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_false (ofl_settings_set_backup_dir (NULL, NULL));
  assert_text (path, text);
  g_assert_cmpint (g_unlink (path), ==, 0);
  /* no file at all */
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_false (ofl_settings_check_backup_dir (NULL));
  g_assert_false (ofl_settings_set (OFL_SETTING_LOG_LEVEL, 1, NULL));
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* Somebody keeps the file elsewhere. */
static void
test_settings_link (BackupFolder *f, gconstpointer data)
{
  g_autofree char *path = ofl_settings_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *kept = backup_path (f->dir, "kept.ini");

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (kept, path), ==, 0);
  g_assert_false (ofl_settings_set (OFL_SETTING_KEEP_BACKUPS, 3, NULL));
  g_assert_true (g_file_set_contents (kept, "", 0, NULL));
  g_assert_true (ofl_settings_set (OFL_SETTING_KEEP_BACKUPS, 3, NULL));
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
  assert_text (kept, "[optiflash]\nkeep-backups=3\n");
  g_unlink (path);
}

/* A service that may write nowhere else stays with the folder that it began with. */
static void
test_held (BackupFolder *f, gconstpointer data)
{
  g_autofree char *path = ofl_settings_path ();
  g_autofree char *dir = NULL;

  g_assert_true (ofl_settings_set_backup_dir ("/first", NULL));
  ofl_settings_hold_backup_dir ();
  g_assert_true (ofl_settings_set_backup_dir ("/second", NULL));
  dir = ofl_backup_default_dir (FALSE);
  g_assert_cmpstr (dir, ==, "/first");
  /* what it was when it was held counts */
  g_assert_true (g_file_set_contents (path, "what\n", -1, NULL));
  g_assert_true (ofl_settings_check_backup_dir (NULL));
  ofl_settings_hold_backup_dir ();
  g_unlink (path);
  g_assert_false (ofl_settings_check_backup_dir (NULL));
}

/* GLib is built without frame pointers: only the slow way up the stack finds the function that
 * lsan.supp names. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}

int
main (int argc, char **argv)
{
  static const Manifest other = { .serial = "OTHER" }, none = { .serial = "" },
                        evidence = { .format = "optiflash-evidence-1" };

  /* the settings that it writes are its own */
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name, data, function) \
  g_test_add ("/backup-prune/" name, BackupFolder, data, backup_folder_up, function, \
              backup_folder_down)
  ADD ("newest-and-first-stay", NULL, test_newest_and_first_stay);
  ADD ("damaged", NULL, test_damaged);
  ADD ("links", NULL, test_links);
  ADD ("clock", NULL, test_clock);
  ADD ("other-drive", &other, test_not_its_own);
  ADD ("no-serial", &none, test_not_its_own);
  ADD ("evidence", &evidence, test_not_its_own);
  ADD ("needed", NULL, test_needed);
  ADD ("settings", NULL, test_settings);
  ADD ("settings-damaged", NULL, test_settings_damaged);
  ADD ("settings-link", NULL, test_settings_link);
  ADD ("held", NULL, test_held);
  return g_test_run ();
}
