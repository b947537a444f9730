/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of stored backups: held against the manifest, copied, deleted. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "backup-folder.h"
#include "firmware/ofl-evidence.h"
#include "flash/ofl-folder.h"
#include "flash/ofl-journal.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"

static const Manifest evidence = { .format = "optiflash-evidence-1" };

static OflStoredBackup *
open_whole (const char *path)
{
  OflStoredBackup *self = ofl_stored_backup_open (path);
  g_autoptr (GError) error = NULL;

  g_assert_null (self->unreadable);
  g_assert_true (ofl_stored_backup_verify (self, &error));
  g_assert_no_error (error);
  return self;
}

static void
assert_damaged (const char *folder, int code, const char *file)
{
  g_autoptr (OflStoredBackup) self = ofl_stored_backup_open (folder);
  g_autoptr (GError) error = NULL;

  g_assert_null (self->unreadable);
  g_assert_false (ofl_stored_backup_verify (self, &error));
  g_assert_error (error, OFL_ERROR, code);
  g_assert_nonnull (strstr (error->message, file));
}

/* Every bit counts, in each file; and so does each missing file. */
static void
test_verify (BackupFolder *f, gconstpointer data)
{
  static const char *const files[] = { "flash.bin", "unit.bin" };
  g_autofree char *folder = backup_put (f, "one", data);
  g_autoptr (OflStoredBackup) whole = open_whole (folder);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = backup_path (folder, files[i]);
      g_autofree char *content = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &content, &length, NULL));
      for (gsize at = 0; at < length; at += 97)
        {
          backup_flip (folder, files[i], at);
          assert_damaged (folder, OFL_ERROR_MISMATCH, files[i]);
          backup_flip (folder, files[i], at);
        }
      g_assert_true (g_file_set_contents (path, content, (gssize) length - 1, NULL));
      assert_damaged (folder, OFL_ERROR_MISMATCH, files[i]);
      g_assert_cmpint (g_unlink (path), ==, 0);
      assert_damaged (folder, OFL_ERROR_STORAGE, files[i]);
      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
      assert_damaged (folder, OFL_ERROR_STORAGE, files[i]);
      g_assert_cmpint (g_rmdir (path), ==, 0);
      g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
    }
  g_assert_true (ofl_stored_backup_verify (whole, NULL));
}

/* The bytes as read, without the page of text before them. */
static void
test_read (BackupFolder *f, gconstpointer data)
{
  g_autofree char *one = backup_put (f, "one", NULL);
  g_autofree char *two = backup_put (f, "two", &evidence);
  g_autoptr (OflStoredBackup) a = open_whole (one), b = open_whole (two);
  g_autoptr (GBytes) plain = ofl_stored_backup_read (a, 0, NULL);
  g_autoptr (GBytes) unwrapped = ofl_stored_backup_read (b, 0, NULL);

  g_assert_cmpuint (g_bytes_get_size (plain), ==, 1000);
  g_assert_true (g_bytes_equal (plain, unwrapped));
}

static void
test_open (BackupFolder *f, gconstpointer data)
{
  static const char *const names[] = { "one", "one/manifest.json", "one/flash.bin" };
  static const char *const others[] = { "one/unit.bin", "stray.bin", "missing" };
  G_GNUC_UNUSED g_autofree char *folder = backup_put (f, "one", NULL);
  g_autofree char *stray = backup_path (f->dir, "stray.bin");

  g_assert_true (g_file_set_contents (stray, "x", 1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = backup_path (f->dir, names[i]);
      g_autoptr (OflStoredBackup) self = open_whole (path);

      g_assert_cmpstr (self->name, ==, "one");
      g_assert_true (self->own_folder);
    }
  /* whoever names another file must not get the main one */
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = backup_path (f->dir, others[i]);
      g_autoptr (OflStoredBackup) self = ofl_stored_backup_open (path);

      g_assert_nonnull (self->unreadable);
    }
}

static void
test_export (BackupFolder *f, gconstpointer data)
{
  g_autofree char *folder = backup_put (f, "one", data);
  g_autofree char *to = backup_path (f->dir, "copy.bin");
  g_autofree char *part = backup_path (f->dir, "copy.bin.unit.bin");
  OflBackupPlace place = { .file = to };
  g_autoptr (OflStoredBackup) self = open_whole (folder), copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) a = NULL, b = NULL;
  g_autofree char *path = ofl_stored_backup_export (self, &place, &error);
  g_autofree char *again = NULL, *replaced = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, to);
  copy = open_whole (path);
  g_assert_false (copy->own_folder);
  g_assert_cmpint (copy->evidence, ==, self->evidence);
  g_assert_cmpstr (ofl_stored_backup_get_part (copy, 1)->file, ==, "copy.bin.unit.bin");
  a = ofl_stored_backup_read (self, 1, NULL);
  b = ofl_stored_backup_read (copy, 1, NULL);
  g_assert_true (g_bytes_equal (a, b));
  /* what is there is not replaced, not even a part alone */
  g_assert_cmpint (g_unlink (to), ==, 0);
  again = ofl_stored_backup_export (self, &place, &error);
  g_assert_null (again);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_EXISTS);
  g_assert_false (g_file_test (to, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (part, G_FILE_TEST_EXISTS));
  place.overwrite = TRUE;
  replaced = ofl_stored_backup_export (self, &place, NULL);
  g_assert_nonnull (replaced);
}

/* Of a damaged backup no copy is made that would look like a whole one. */
static void
test_export_damaged (BackupFolder *f, gconstpointer data)
{
  g_autofree char *folder = backup_put (f, "one", NULL);
  g_autofree char *to = backup_path (f->dir, "copy.bin");
  OflBackupPlace place = { .file = to };
  g_autoptr (OflStoredBackup) self = open_whole (folder);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GDir) listing = NULL;
  const char *name;

  backup_flip (folder, "unit.bin", 3);
  path = ofl_stored_backup_export (self, &place, &error);
  g_assert_null (path);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
  listing = g_dir_open (f->dir, 0, NULL);
  while ((name = g_dir_read_name (listing)) != NULL)
    g_assert_cmpstr (name, ==, "one");
}

static void
test_delete (BackupFolder *f, gconstpointer data)
{
  g_autofree char *one = backup_put (f, "one", NULL);
  g_autofree char *two = backup_put (f, "practice/evidence/two", &evidence);
  g_autofree char *three = backup_put (f, "three", NULL);
  g_autofree char *four = backup_put_text (f, "four", "nonsense");
  g_autofree char *note = backup_path (three, "note.txt");
  g_autofree char *other = backup_path (three, "eeprom.bin");
  const char *const folders[] = { one, two, four };
  gboolean stays;

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autoptr (OflStoredBackup) self = ofl_stored_backup_open (folders[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (ofl_stored_backup_delete (self, f->dir, f->dir, &stays, &error));
      g_assert_no_error (error);
      g_assert_false (stays);
      g_assert_false (g_file_test (folders[i], G_FILE_TEST_EXISTS));
    }
  /* what somebody has put beside it stays, whatever it is called */
  g_assert_true (g_file_set_contents (note, "mine", -1, NULL));
  g_assert_true (g_file_set_contents (other, "mine", -1, NULL));
  {
    g_autoptr (OflStoredBackup) self = open_whole (three);
    g_autofree char *manifest = backup_path (three, "manifest.json");

    g_assert_true (ofl_stored_backup_delete (self, f->dir, f->dir, &stays, NULL));
    g_assert_true (stays);
    g_assert_true (g_file_test (note, G_FILE_TEST_EXISTS));
    g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
    g_assert_false (g_file_test (manifest, G_FILE_TEST_EXISTS));
  }
}

/* Without a manifest only the names tell what it was: something else there, and nothing goes. */
static void
test_delete_unreadable (BackupFolder *f, gconstpointer data)
{
  g_autofree char *folder = backup_put_text (f, "one", data);
  g_autofree char *part = backup_path (folder, "flash.bin");
  g_autofree char *evidence_part = backup_path (folder, "evidence-feature-010C.bin");
  g_autofree char *mine = backup_path (folder, "mine.bin");
  g_autoptr (OflStoredBackup) self = NULL;
  g_autoptr (GError) error = NULL;
  gboolean stays;

  g_assert_true (g_file_set_contents (part, "x", 1, NULL));
  g_assert_true (g_file_set_contents (evidence_part, "x", 1, NULL));
  g_assert_true (g_file_set_contents (mine, "x", 1, NULL));
  self = ofl_stored_backup_open (folder);
  g_assert_nonnull (self->unreadable);
  g_assert_false (ofl_stored_backup_delete (self, f->dir, f->dir, &stays, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "mine.bin"));
  g_assert_true (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (mine), ==, 0);
  g_assert_true (ofl_stored_backup_delete (self, f->dir, f->dir, &stays, NULL));
  g_assert_false (stays);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

#define JOB(kind) \
  "{\"event\":\"job\",\"kind\":\"" kind "\",\"drive\":\"MAKER MODEL\",\"drive_id\":\"/dev/sr0\"," \
  "\"serial\":\"" SERIAL "\",\"family\":\"mt1959\",\"image\":\"I\",\"image_file\":\"%s\"}\n"
#define BACKUP "{\"event\":\"backup\",\"path\":\"%s\"}\n"
#define BEGINS "{\"event\":\"write-begins\"}\n"
#define DANGER BEGINS "{\"event\":\"point-of-no-return\"}\n"
#define END(verdict) "{\"event\":\"end\",\"verdict\":\"" verdict "\"}\n"

typedef struct {
  const char *text;  /* of the journal; the file of the image, then that of the backup */
  const char *image; /* below the folder for backups */
  const char *backup;
  const char *later; /* of a later journal; NULL: there is none */
  const char *words; /* NULL: it is not needed */
} Need;

static const Need needs[] = {
  { JOB ("flash") BACKUP BEGINS, "x.bin", "one/flash.bin", NULL, "never ended" },
  { JOB ("flash") BACKUP DANGER END ("failed-recovery"), "x.bin", "one/flash.bin", NULL,
    "ended without success" },
  { JOB ("flash") BACKUP DANGER END ("unknown"), "x.bin", "one/flash.bin", NULL,
    "ended without success" },
  /* another way to the same folder, and its main file by a name that the manifest does not know */
  { JOB ("flash") BACKUP BEGINS, "x.bin", "two/../one/flash.bin", NULL, "never ended" },
  { JOB ("flash") BACKUP BEGINS, "x.bin", "one/other.bin", NULL, "never ended" },
  /* it was being written back */
  { JOB ("flash") BACKUP DANGER, "one/flash.bin", "two/flash.bin", NULL, "never ended" },
  /* the job's own is gone: what there is of the drive is all there is */
  { JOB ("flash") BACKUP DANGER, "x.bin", "gone/flash.bin", NULL, "broke off" },
  /* and what is not needed */
  { JOB ("flash") BACKUP DANGER, "x.bin", "two/flash.bin", NULL, NULL },
  { JOB ("flash") BACKUP DANGER END ("verified"), "x.bin", "one/flash.bin", NULL, NULL },
  { JOB ("flash") BACKUP END ("failed-recovery"), "x.bin", "one/flash.bin", NULL, NULL },
  { JOB ("backup") BACKUP, "x.bin", "one/flash.bin", NULL, NULL },
  { JOB ("flash") BACKUP DANGER, "x.bin", "one/flash.bin", JOB ("flash") BACKUP END ("verified"),
    NULL },
  { JOB ("flash") BACKUP DANGER, "x.bin", "one/flash.bin", JOB ("flash") BACKUP BEGINS,
    "never ended" },
};

static void
put_journal (BackupFolder *f, const char *name, const char *text, const Need *need)
{
  g_autofree char *journals = backup_path (f->dir, "journal");
  g_autofree char *image = backup_path (f->dir, need->image);
  g_autofree char *backup = backup_path (f->dir, need->backup);
  g_autoptr (GString) filled = g_string_new (text);

  g_string_replace (filled, "%s", image, 1);
  g_string_replace (filled, "%s", backup, 1);
  scratch_put (journals, name, filled->str);
}

/* What is said of its deletion; "" when it is gone. */
static char *
try_to_delete (BackupFolder *f, const char *folder)
{
  g_autoptr (OflStoredBackup) self = ofl_stored_backup_open (folder);
  g_autoptr (GError) error = NULL;
  gboolean stays;

  if (ofl_stored_backup_delete (self, f->dir, f->dir, &stays, &error))
    return g_strdup ("");
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BUSY);
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  return g_strdup (error->message);
}

/* The journals tell which backups a drive may have to be mended with. */
static void
test_needed (BackupFolder *f, gconstpointer data)
{
  g_autofree char *two = backup_put (f, "two", NULL);
  g_autofree char *journals = backup_path (f->dir, "journal");

  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    {
      g_autofree char *one = backup_put (f, "one", NULL);
      g_autofree char *said = NULL;
      g_autofree char *later = backup_path (journals, "2.jsonl");

      g_unlink (later);
      put_journal (f, "1.jsonl", needs[i].text, &needs[i]);
      if (needs[i].later != NULL)
        put_journal (f, "2.jsonl", needs[i].later, &needs[i]);
      said = try_to_delete (f, one);
      g_test_message ("%u: %s", i, said);
      if (needs[i].words != NULL)
        g_assert_nonnull (strstr (said, needs[i].words));
      else
        g_assert_cmpstr (said, ==, "");
    }
  g_assert_true (g_file_test (two, G_FILE_TEST_IS_DIR));
}

/* A job that runs: the backup it has made, and one that may be the one it is making. */
static void
test_needed_running (BackupFolder *f, gconstpointer data)
{
  g_autofree char *one = backup_put (f, "one", NULL);
  g_autofree char *flash = backup_path (one, "flash.bin");
  g_autofree char *begun = backup_put_text (f, "begun", NULL);
  g_autofree char *other = backup_put (f, "other", NULL);
  g_autoptr (OflJournal) journal = ofl_journal_open (f->dir, NULL);
  g_autofree char *of_one = NULL, *of_begun = NULL, *of_other = NULL, *after = NULL;

  ofl_journal_write (journal, "job", "kind", "backup", "drive", "D", NULL);
  ofl_journal_write (journal, "backup", "path", flash, NULL);
  of_one = try_to_delete (f, one);
  of_begun = try_to_delete (f, begun);
  of_other = try_to_delete (f, other);
  g_assert_nonnull (strstr (of_one, "A job that is running needs this backup"));
  g_assert_nonnull (strstr (of_begun, "may be the backup that it is storing"));
  g_assert_cmpstr (of_other, ==, "");
  ofl_journal_end (journal, "verified", NULL, NULL, NULL);
  g_clear_pointer (&journal, ofl_journal_close);
  after = try_to_delete (f, one);
  g_assert_cmpstr (after, ==, "");
}

/* To write over a file of a stored backup is a way of deleting it. */
static void
test_overwrite (BackupFolder *f, gconstpointer data)
{
  static const char *const files[] = { "one/flash.bin", "one/unit.bin", "one/manifest.json" };
  g_autofree char *one = backup_put (f, "one", NULL);
  g_autofree char *two = backup_put (f, "two", NULL);
  g_autoptr (OflStoredBackup) self = open_whole (two);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = backup_path (f->dir, files[i]);
      OflBackupPlace place = { .file = file, .overwrite = TRUE };
      g_autofree char *path = NULL;
      g_autoptr (GError) error = NULL;

      path = ofl_stored_backup_export (self, &place, &error);
      g_assert_null (path);
      g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
      g_assert_false (ofl_file_write (file, "x", 1, 0600, TRUE, NULL));
    }
  {
    g_autoptr (OflStoredBackup) whole = open_whole (one);

    g_assert_cmpstr (whole->name, ==, "one");
  }
}

/* The last of a drive is worth a word; practice drives and evidence do not count. */
static void
test_only (BackupFolder *f, gconstpointer data)
{
  static const Manifest practice = { .more = "\"practice\":true," };
  g_autofree char *one = backup_put (f, "one", NULL);
  g_autofree char *two = backup_put (f, "two", &practice);
  g_autofree char *three = backup_put (f, "three", &evidence);
  g_autoptr (OflStoredBackup) self = open_whole (one), bad = open_whole (three);
  g_autoptr (GPtrArray) few = ofl_stored_backup_list (f->dir, NULL), more = NULL;
  g_autofree char *four = backup_put (f, "four", NULL);

  g_assert_cmpuint (few->len, ==, 3);
  g_assert_true (g_file_test (two, G_FILE_TEST_IS_DIR));
  g_assert_true (ofl_stored_backup_is_only (self, few));
  g_assert_false (ofl_stored_backup_is_only (bad, few));
  more = ofl_stored_backup_list (f->dir, NULL);
  g_assert_true (g_file_test (four, G_FILE_TEST_IS_DIR));
  g_assert_false (ofl_stored_backup_is_only (self, more));
}

static void
assert_not_deleted (const char *path, const char *dir)
{
  g_autoptr (OflStoredBackup) self = open_whole (path);
  g_autoptr (GError) error = NULL;
  gboolean stays;

  g_assert_false (ofl_stored_backup_delete (self, dir, dir, &stays, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_true (ofl_stored_backup_verify (self, NULL));
}

/* Only what is in the folder for backups, wherever links lead. */
static void
test_delete_elsewhere (BackupFolder *f, gconstpointer data)
{
  g_autofree char *one = backup_put (f, "outside/one", NULL);
  g_autofree char *two = backup_put (f, "dir/deep/two", NULL);
  g_autofree char *dir = backup_path (f->dir, "dir");
  g_autofree char *link = backup_path (dir, "link");
  g_autofree char *around = backup_path (dir, "../outside/one");
  g_autofree char *lone = backup_path (dir, "lone.bin");
  g_autofree char *three = backup_put (f, "dir/three", NULL);
  g_autofree char *inner = backup_path (dir, "inner");
  OflBackupPlace place = { .file = lone };
  g_autoptr (OflStoredBackup) self = open_whole (one);
  g_autofree char *copy = ofl_stored_backup_export (self, &place, NULL);

  g_assert_cmpint (symlink (one, link), ==, 0);
  assert_not_deleted (one, dir);
  assert_not_deleted (two, dir);
  assert_not_deleted (link, dir);
  g_assert_cmpint (symlink (three, inner), ==, 0);
  assert_not_deleted (inner, dir);
  assert_not_deleted (around, dir);
  assert_not_deleted (copy, dir);
}

#define ADD(path, data, func) \
  g_test_add ("/stored-backup-files/" path, BackupFolder, data, backup_folder_up, func, \
              backup_folder_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("verify", NULL, test_verify);
  ADD ("verify-evidence", &evidence, test_verify);
  ADD ("read", NULL, test_read);
  ADD ("open", NULL, test_open);
  ADD ("export", NULL, test_export);
  ADD ("export-evidence", &evidence, test_export);
  ADD ("export-damaged", NULL, test_export_damaged);
  ADD ("delete", NULL, test_delete);
  ADD ("delete-unreadable", "nonsense", test_delete_unreadable);
  ADD ("delete-broken-off", NULL, test_delete_unreadable);
  ADD ("delete-elsewhere", NULL, test_delete_elsewhere);
  ADD ("needed", NULL, test_needed);
  ADD ("needed-running", NULL, test_needed_running);
  ADD ("overwrite", NULL, test_overwrite);
  ADD ("only", NULL, test_only);
  return g_test_run ();
}
