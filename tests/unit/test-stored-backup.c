/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What manifests tell, also damaged ones, and whose a backup is. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "backup-folder.h"
#include "flash/ofl-backup.h"
#include "scsi/ofl-error.h"

static OflStoredBackup *
load (const char *folder)
{
  g_autofree char *path = backup_path (folder, "manifest.json");

  return ofl_stored_backup_load (path);
}

static const OflStoredBackup *
find (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((OflStoredBackup *) g_ptr_array_index (list, i))->name, name))
      return g_ptr_array_index (list, i);
  g_error ("%s is not in the list", name);
}

static void
test_list (BackupFolder *f, gconstpointer data)
{
  const Manifest old = { .made = "2020-01-02T03:04:05Z" };
  const Manifest evidence
      = { .format = "optiflash-evidence-1", .more = "\"damage\":\"no whole\"," };
  G_GNUC_UNUSED g_autofree char *one = backup_put (f, "one", NULL);
  G_GNUC_UNUSED g_autofree char *two = backup_put (f, "two", &old);
  G_GNUC_UNUSED g_autofree char *three = backup_put (f, "evidence/three", &evidence);
  G_GNUC_UNUSED g_autofree char *four = backup_put (f, "practice/four", NULL);
  G_GNUC_UNUSED g_autofree char *five = backup_put (f, "practice/evidence/five", &evidence);
  G_GNUC_UNUSED g_autofree char *none = backup_put_text (f, "broken-off", NULL);
  g_autofree char *file = backup_path (f->dir, "a-file");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  list = ofl_stored_backup_list (f->dir, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 6);
  /* by age, and what cannot be read at the end */
  g_assert_cmpstr (((OflStoredBackup *) g_ptr_array_index (list, 4))->name, ==, "two");
  g_assert_cmpstr (((OflStoredBackup *) g_ptr_array_index (list, 5))->name, ==, "broken-off");
  g_assert_null (find (list, "one")->unreadable);
  g_assert_false (find (list, "one")->evidence);
  g_assert_true (find (list, "three")->evidence);
  g_assert_cmpstr (find (list, "three")->damage, ==, "no whole");
  g_assert_true (find (list, "five")->evidence);
  g_assert_nonnull (find (list, "four"));
  g_assert_nonnull (find (list, "broken-off")->unreadable);
  g_assert_null (find (list, "broken-off")->path);
}

static void
test_no_folder (BackupFolder *f, gconstpointer data)
{
  g_autofree char *missing = backup_path (f->dir, "missing");
  g_autofree char *file = backup_path (f->dir, "a-file");
  g_autoptr (GPtrArray) empty = ofl_stored_backup_list (missing, NULL);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (empty);
  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  none = ofl_stored_backup_list (file, &error);
  g_assert_null (none);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
}

/* Manifests of before: nothing of what came later. */
static void
test_old (BackupFolder *f, gconstpointer data)
{
  const Manifest practice = { .where = "Practice drive" };
  g_autofree char *real = backup_put (f, "real", NULL);
  g_autofree char *drill = backup_put (f, "drill", &practice);
  g_autoptr (OflStoredBackup) a = load (real), b = load (drill);
  const OflStoredPart *part;

  g_assert_null (a->unreadable);
  g_assert_false (a->practice);
  g_assert_true (b->practice);
  g_assert_cmpstr (a->program, ==, "");
  g_assert_cmpstr (a->verified, ==, OFL_BACKUP_READ_TWICE);
  g_assert_cmpstr (a->revision, ==, "1.00");
  g_assert_cmpuint (a->parts->len, ==, 2);
  part = ofl_stored_backup_get_part (a, 0);
  g_assert_false (part->kind_told);
  g_assert_true (part->firmware);
  g_assert_cmpuint (part->ranges->len, ==, 0);
  g_assert_cmpuint (part->bytes, ==, 1000);
  g_assert_cmpstr (part->warning, ==, "");
  g_assert_false (ofl_stored_backup_get_part (a, 1)->firmware);
  g_assert_true (g_str_has_suffix (a->path, "real/flash.bin"));
}

/* What came later counts where it stands, whatever "where" says. */
static void
test_new (BackupFolder *f, gconstpointer data)
{
  const Manifest manifest
      = { .more = "\"practice\":true,\"program\":\"Optiflash 9\",\"verified\":\"read thrice\"," };
  g_autofree char *folder = backup_put (f, "new", &manifest);
  g_autoptr (OflStoredBackup) self = load (folder);

  g_assert_true (self->practice);
  g_assert_cmpstr (self->program, ==, "Optiflash 9");
  g_assert_cmpstr (self->verified, ==, "read thrice");
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD \
  "{\"format\":\"optiflash-backup-1\",\"made\":\"2026-11-26T11:20:04Z\",\"family\":\"mt1959\","
#define PART(name, file, bytes, hash) \
  "\"parts\":[{\"name\":" name ",\"file\":" file ",\"bytes\":" bytes ",\"sha256\":" hash "}]}"
#define GOOD HEAD PART ("\"flash\"", "\"flash.bin\"", "5", "\"" HASH "\"")

static const char *const damaged[] = {
  "",
  "nonsense",
  "[]",
  "{}",
  "\xff\xfe{}",
  "{\"format\":\"optiflash-backup-1\"}",
  "{\"format\":\"optiflash-backup-2\",\"made\":\"2026-11-26T11:20:04Z\",\"family\":\"mt1959\"," PART (
      "\"flash\"", "\"flash.bin\"", "5", "\"" HASH "\""),
  "{\"format\":\"optiflash-backup-1\",\"made\":\"yesterday\",\"family\":\"mt1959\"," PART (
      "\"flash\"", "\"flash.bin\"", "5", "\"" HASH "\""),
  "{\"format\":\"optiflash-backup-1\",\"made\":\"2026-11-26T11:20:04Z\"," PART (
      "\"flash\"", "\"flash.bin\"", "5", "\"" HASH "\""),
  "{\"format\":\"optiflash-backup-1\",\"made\":7,\"family\":[\"mt1959\"]," PART (
      "\"flash\"", "\"flash.bin\"", "5", "\"" HASH "\""),
  HEAD "\"parts\":[]}",
  HEAD "\"parts\":{}}",
  HEAD "\"parts\":[7]}",
  HEAD "\"parts\":[{}]}",
  HEAD "\"parts\":\"flash.bin\"}",
  HEAD PART ("\"flash\"", "\"../flash.bin\"", "5", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"/etc/passwd\"", "5", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"..\"", "5", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"\"", "5", "\"" HASH "\""),
  HEAD PART ("\"a/b\"", "\"flash.bin\"", "5", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "7", "5", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"flash.bin\"", "-5", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"flash.bin\"", "\"5\"", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"flash.bin\"", "5.5", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"flash.bin\"", "9000000000000", "\"" HASH "\""),
  HEAD PART ("\"flash\"", "\"flash.bin\"", "5", "\"0123\""),
  HEAD PART ("\"flash\"", "\"flash.bin\"", "5", "\"" HASH "0\""),
  HEAD PART ("\"flash\"", "\"flash.bin\"", "5", "null"),
};

static void
assert_unreadable (const char *folder)
{
  g_autoptr (OflStoredBackup) self = load (folder);
  g_autoptr (GError) error = NULL;

  if (self->unreadable == NULL)
    g_error ("%s is read as a backup", self->manifest_path);
  g_assert_null (self->path);
  g_assert_cmpuint (self->parts->len, ==, 0);
  g_assert_false (ofl_stored_backup_verify (self, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
}

/* Each is an entry that cannot be read, and is never what a drive is restored from. */
static void
test_damaged (BackupFolder *f, gconstpointer data)
{
  g_autoptr (OflSnapshot) drive = backup_drive (SERIAL, MARK);
  g_autofree char *good = backup_put_text (f, "good", GOOD);
  g_autoptr (OflStoredBackup) read = load (good);
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *found = NULL;

  g_assert_null (read->unreadable); /* else nothing below would show anything */
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *name = g_strdup_printf ("damaged-%u", i);
      g_autofree char *folder = backup_put_text (f, name, damaged[i]);
      g_autofree char *part = backup_path (folder, "flash.bin");

      g_assert_true (g_file_set_contents (part, "12345", 5, NULL));
      assert_unreadable (folder);
    }
  list = ofl_stored_backup_list (f->dir, NULL);
  g_assert_cmpuint (list->len, ==, 1 + G_N_ELEMENTS (damaged));
  found = ofl_backup_find (f->dir, drive);
  g_assert_null (found);
}

/* Cut anywhere, a manifest is either whole or cannot be read. */
static void
test_cut (BackupFolder *f, gconstpointer data)
{
  g_autofree char *folder = backup_put (f, "cut", NULL);
  g_autofree char *path = backup_path (folder, "manifest.json");
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize i = 0; i < length; i++)
    {
      g_assert_true (g_file_set_contents (path, text, (gssize) i, NULL));
      assert_unreadable (folder);
    }
}

/* A pipe would be waited for, and what is deep or huge costs the parser more than it is worth. */
static void
test_no_manifest (BackupFolder *f, gconstpointer data)
{
  g_autofree char *pipe = backup_put_text (f, "pipe", NULL);
  g_autofree char *folder = backup_put_text (f, "folder", NULL);
  g_autofree char *huge_text = g_strnfill (2 * 1024 * 1024, ' ');
  g_autofree char *deep_text = g_strnfill (100000, '[');
  g_autofree char *huge = NULL, *deep = NULL;
  g_autofree char *pipe_path = backup_path (pipe, "manifest.json");
  g_autofree char *folder_path = backup_path (folder, "manifest.json");

  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder_path, 0700), ==, 0);
  memcpy (huge_text, GOOD, strlen (GOOD));
  huge = backup_put_text (f, "huge", huge_text);
  deep = backup_put_text (f, "deep", deep_text);
  assert_unreadable (pipe);
  assert_unreadable (folder);
  assert_unreadable (huge);
  assert_unreadable (deep);
}

static void
assert_owner (const OflStoredBackup *backup, const char *serial, const char *mark,
              OflBackupOwner owner)
{
  g_autoptr (OflSnapshot) drive = backup_drive (serial, mark);

  g_assert_cmpint (ofl_stored_backup_owner (backup, drive), ==, owner);
}

static void
test_owner (BackupFolder *f, gconstpointer data)
{
  const Manifest unnamed = { .serial = "" }, zeros = { .serial = "000000" };
  g_autofree char *one = backup_put (f, "one", NULL);
  g_autofree char *two = backup_put (f, "two", &unnamed);
  g_autofree char *three = backup_put (f, "three", &zeros);
  g_autoptr (OflStoredBackup) backup = load (one), nameless = load (two), shared = load (three);
  g_autoptr (OflSnapshot) stranger = backup_drive (SERIAL, MARK);

  assert_owner (backup, SERIAL, MARK, OFL_BACKUP_OWNER_SAME);
  /* a boot code shows the end of the mark, or none */
  assert_owner (backup, SERIAL, "Board 5", OFL_BACKUP_OWNER_SAME);
  assert_owner (backup, SERIAL, NULL, OFL_BACKUP_OWNER_SAME);
  assert_owner (backup, "K9ABD", MARK, OFL_BACKUP_OWNER_OTHER_SERIAL);
  assert_owner (backup, SERIAL, "CHIP / Board 6", OFL_BACKUP_OWNER_OTHER_MARK);
  assert_owner (backup, "", MARK, OFL_BACKUP_OWNER_UNTOLD);
  assert_owner (nameless, SERIAL, MARK, OFL_BACKUP_OWNER_UNTOLD);
  assert_owner (nameless, "", MARK, OFL_BACKUP_OWNER_UNTOLD);
  /* what a bridge says for every drive behind it */
  assert_owner (shared, "000000", MARK, OFL_BACKUP_OWNER_UNTOLD);
  ofl_snapshot_set_family (stranger, "nec", OFL_CAP_READ);
  g_assert_cmpint (ofl_stored_backup_owner (backup, stranger), ==, OFL_BACKUP_OWNER_OTHER_FAMILY);
}

static void
assert_found (BackupFolder *f, const char *serial, const char *mark, const char *name)
{
  g_autoptr (OflSnapshot) drive = backup_drive (serial, mark);
  g_autofree char *found = ofl_backup_find (f->dir, drive);
  g_autofree char *end = name != NULL ? g_strdup_printf ("/%s/flash.bin", name) : NULL;

  if (end == NULL)
    g_assert_null (found);
  else
    g_assert_true (found != NULL && g_str_has_suffix (found, end));
}

static void
test_find (BackupFolder *f, gconstpointer data)
{
  const Manifest newer = { .made = "2026-11-27T00:00:00Z" };
  const Manifest other = { .made = "2026-11-28T00:00:00Z", .serial = "K9ABD" };
  const Manifest evidence = { .format = "optiflash-evidence-1", .made = "2026-11-29T00:00:00Z" };
  const Manifest zone = { .made = "2026-11-27T02:00:00+05:00" }; /* before midnight, UTC */
  g_autofree char *one = NULL, *two = NULL, *three = NULL, *four = NULL, *five = NULL, *gone = NULL;

  assert_found (f, SERIAL, MARK, NULL);
  one = backup_put (f, "one", NULL);
  two = backup_put (f, "two", &newer);
  four = backup_put (f, "four", &evidence);
  five = backup_put (f, "five", &zone);
  assert_found (f, SERIAL, MARK, "two");
  assert_found (f, SERIAL, "Board 5", "two");
  assert_found (f, SERIAL, NULL, "two");
  assert_found (f, "", MARK, "two"); /* all there are, are of one drive */
  assert_found (f, "", NULL, NULL);
  assert_found (f, SERIAL, "CHIP / Board 6", NULL);
  three = backup_put (f, "three", &other);
  assert_found (f, SERIAL, MARK, "two");
  assert_found (f, "K9ABD", MARK, "three");
  assert_found (f, "", MARK, NULL); /* of two drives, and nobody knows which */
  gone = backup_path (two, "flash.bin");
  g_assert_cmpint (g_unlink (gone), ==, 0);
  assert_found (f, SERIAL, MARK, "five");
}

#define ADD(path, func) \
  g_test_add ("/stored-backup/" path, BackupFolder, NULL, backup_folder_up, func, \
              backup_folder_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("list", test_list);
  ADD ("no-folder", test_no_folder);
  ADD ("old", test_old);
  ADD ("new", test_new);
  ADD ("damaged", test_damaged);
  ADD ("cut", test_cut);
  ADD ("no-manifest", test_no_manifest);
  ADD ("owner", test_owner);
  ADD ("find", test_find);
  return g_test_run ();
}
