/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stored backups on the command line: listed, held against their manifests, copied, deleted. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kit/scratch.h"
#include "run-ctl.h"
#include "run-terminal.h"

typedef struct {
  char *dir;
} Fixture;

static void
back_up (Fixture *f, const char *drive)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "backup", drive, NULL);
  g_assert_cmpint (ran.status, ==, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = scratch_new ();
  back_up (f, "practice:bu40n");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
}

/* The objects that "backups" prints, with @arg or NULL */
static GPtrArray *
list (Fixture *f, const char *arg)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "--json", "backups", arg, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  return ctl_events (ran.out, "backup");
}

static char *
member (GPtrArray *backups, guint index, const char *name)
{
  return g_strdup (json_object_get_string_member (g_ptr_array_index (backups, index), name));
}

static gboolean
flag (GPtrArray *backups, guint index, const char *name)
{
  return json_object_get_boolean_member (g_ptr_array_index (backups, index), name);
}

/* Of the newest backup */
static char *
newest (Fixture *f, const char *name)
{
  g_autoptr (GPtrArray) backups = list (f, NULL);

  g_assert_cmpuint (backups->len, >, 0);
  return member (backups, 0, name);
}

static void
flip (const char *path)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  content[length / 2] ^= 0x10;
  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
}

/* All that issue 11 wants to be told of a backup. */
static void
test_list (Fixture *f, gconstpointer data)
{
  g_auto (Ran) text = { 0 };
  g_autoptr (GPtrArray) backups = NULL, of_one = NULL, of_serial = NULL;
  g_autofree char *name = NULL, *program = NULL, *serial = NULL;
  JsonObject *part, *range;

  back_up (f, "practice:nd3550");
  backups = list (f, NULL);
  g_assert_cmpuint (backups->len, ==, 2);
  of_one = list (f, "practice:bu40n");
  g_assert_cmpuint (of_one->len, ==, 1);
  g_assert_true (flag (of_one, 0, "readable"));
  g_assert_true (flag (of_one, 0, "practice"));
  g_assert_false (flag (of_one, 0, "evidence"));
  name = member (of_one, 0, "name");
  serial = member (of_one, 0, "serial");
  program = member (of_one, 0, "program");
  g_assert_true (g_str_has_prefix (program, "Optiflash "));
  /* by its serial a drive is known that is not there any more */
  of_serial = list (f, serial);
  g_assert_cmpuint (of_serial->len, ==, 1);
  part = json_array_get_object_element (
      json_object_get_array_member (g_ptr_array_index (of_one, 0), "parts"), 0);
  g_assert_true (json_object_get_boolean_member (part, "firmware"));
  g_assert_cmpint (json_object_get_int_member (part, "bytes"), ==, 0x200000);
  range = json_array_get_object_element (json_object_get_array_member (part, "ranges"), 0);
  g_assert_cmpint (json_object_get_int_member (range, "start"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (range, "bytes"), ==, 0x200000);
  ctl_run (f->dir, &text, "backups", NULL);
  g_assert_cmpint (text.status, ==, 0);
  assert_has (text.out, name);
  assert_has (text.out, "backup, practice");
}

/* The seed's drive: its EEPROM is kept with what is to be known of the way in which it was read. */
static void
test_warning (Fixture *f, gconstpointer data)
{
  g_auto (Ran) made = { 0 }, text = { 0 };
  g_autoptr (GPtrArray) backups = NULL;
  g_autofree char *name = NULL;
  JsonArray *parts;

  ctl_run (f->dir, &made, "backup", "practice:sohw812s", "--set", "experimental=yes", NULL);
  g_assert_cmpint (made.status, ==, 0);
  backups = list (f, "practice:sohw812s");
  g_assert_cmpuint (backups->len, ==, 1);
  name = member (backups, 0, "name");
  parts = json_object_get_array_member (g_ptr_array_index (backups, 0), "parts");
  g_assert_cmpuint (json_array_get_length (parts), ==, 2);
  ctl_run (f->dir, &text, "backups", NULL);
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *part = json_array_get_object_element (parts, i);
      const char *said = json_object_get_string_member (part, "warning");
      g_autofree char *line
          = g_strdup_printf ("%s, %s: ", name, json_object_get_string_member (part, "name"));

      assert_has (said, "one author");
      assert_has (text.out, line);
    }
  assert_has (text.out, "never write it to another one");
}

static void
test_none (Fixture *f, gconstpointer data)
{
  g_auto (Ran) other = { 0 }, empty = { 0 }, nothing = { 0 };

  ctl_run (f->dir, &other, "backups", "practice:nd3550", NULL);
  g_assert_cmpint (other.status, ==, 1);
  assert_has (other.err, "No backup of this drive");
  ctl_run (f->dir, &empty, "--backup-dir=nowhere", "backups", NULL);
  g_assert_cmpint (empty.status, ==, 0);
  assert_has (empty.out, "No backup is stored");
  ctl_run (f->dir, &nothing, "backups", "--delete", "no-such-backup", NULL);
  ctl_assert_error (&nothing, 2);
}

/* What cannot be read is shown as such, and nothing else suffers from it. */
static void
test_damaged_manifest (Fixture *f, gconstpointer data)
{
  g_autofree char *manifest = newest (f, "manifest"), *name = newest (f, "name");
  g_auto (Ran) text = { 0 }, restore = { 0 }, named = { 0 }, verify = { 0 };
  g_autoptr (GPtrArray) backups = NULL;

  back_up (f, "practice:nd3550");
  g_assert_true (g_file_set_contents (manifest, "{\"format\":", -1, NULL));
  backups = list (f, NULL);
  g_assert_cmpuint (backups->len, ==, 2);
  g_assert_true (flag (backups, 0, "readable"));
  g_assert_false (flag (backups, 1, "readable"));
  ctl_run (f->dir, &text, "backups", NULL);
  assert_has (text.out, "cannot be read");
  assert_has (text.out, "damaged: it is no JSON object");
  ctl_run (f->dir, &verify, "backups", "--verify", NULL);
  g_assert_cmpint (verify.status, ==, 1);
  assert_has (verify.out, "all as they were stored");
  ctl_run (f->dir, &restore, "restore", "practice:bu40n", "--yes", NULL);
  ctl_assert_error (&restore, 1);
  assert_has (restore.err, "No backup is stored here that is surely of this drive");
  ctl_run (f->dir, &named, "restore", "practice:bu40n", name, "--yes", NULL);
  ctl_assert_error (&named, 2);
  assert_has (named.err, "cannot be read");
}

static void
test_verify (Fixture *f, gconstpointer data)
{
  g_autofree char *path = newest (f, "path"), *name = newest (f, "name");
  g_auto (Ran) good = { 0 }, bad = { 0 }, one = { 0 };

  ctl_run (f->dir, &good, "backups", "--verify", NULL);
  g_assert_cmpint (good.status, ==, 0);
  assert_has (good.out, "7 files, all as they were stored");
  flip (path);
  ctl_run (f->dir, &bad, "backups", "--verify", NULL);
  g_assert_cmpint (bad.status, ==, 1);
  assert_has (bad.out, "not as it was stored");
  assert_has (bad.out, "SHA-256");
  ctl_run (f->dir, &one, "--json", "backups", "--verify", name, NULL);
  g_assert_cmpint (one.status, ==, 1);
  assert_has (one.out, "\"whole\":false");
}

/* Nothing that is written may be longer than half of the drive's flash. A block alone would be less than what
 * the thread sanitizer writes for itself, and maps, when a program starts. */
static void
run_on_full_disk (Fixture *f, Ran *ran, const char *export, const char *name)
{
  void (*before) (int) = signal (SIGXFSZ, SIG_IGN);
  struct rlimit limit, small;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 1024 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  ctl_run (f->dir, ran, "backups", export, name, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  signal (SIGXFSZ, before);
}

static void
assert_nothing_begins_with (Fixture *f, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (name, prefix));
}

static void
test_export (Fixture *f, gconstpointer data)
{
  g_autofree char *name = newest (f, "name"), *path = newest (f, "path");
  g_autofree char *copy = ctl_path (f->dir, "copy.bin");
  g_autofree char *folder = ctl_path (f->dir, "mine");
  g_autofree char *in_folder = g_strdup_printf ("%s/%s.bin", folder, name);
  g_autofree char *a = NULL, *b = NULL;
  g_auto (Ran) done = { 0 }, again = { 0 }, said = { 0 }, into = { 0 }, whole = { 0 }, bad = { 0 };
  g_auto (Ran) full = { 0 };
  gsize length, copied;

  ctl_run (f->dir, &done, "backups", "--export=copy.bin", name, NULL);
  g_assert_cmpint (done.status, ==, 0);
  g_assert_true (g_file_get_contents (path, &a, &length, NULL));
  g_assert_true (g_file_get_contents (copy, &b, &copied, NULL));
  g_assert_cmpmem (a, length, b, copied);
  ctl_run (f->dir, &whole, "backups", "--verify", "copy.bin", NULL);
  g_assert_cmpint (whole.status, ==, 0);
  /* what is there is not replaced, a companion alone included */
  g_assert_true (g_file_set_contents (copy, "precious", -1, NULL));
  ctl_run (f->dir, &again, "backups", "--export=copy.bin", name, NULL);
  ctl_assert_error (&again, 2);
  assert_has (again.err, "--overwrite");
  g_free (g_steal_pointer (&b));
  g_assert_true (g_file_get_contents (copy, &b, NULL, NULL));
  g_assert_cmpstr (b, ==, "precious");
  ctl_run (f->dir, &said, "backups", "--export=copy.bin", name, "--overwrite", NULL);
  g_assert_cmpint (said.status, ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  ctl_run (f->dir, &into, "backups", "--export=mine/", name, NULL);
  g_assert_cmpint (into.status, ==, 0);
  g_assert_true (g_file_test (in_folder, G_FILE_TEST_IS_REGULAR));
  run_on_full_disk (f, &full, "--export=full.bin", name);
  ctl_assert_error (&full, 1);
  assert_has (full.err, "The stored backup is untouched.");
  assert_nothing_begins_with (f, "full.bin");
  flip (path);
  ctl_run (f->dir, &bad, "backups", "--export=bad.bin", name, NULL);
  ctl_assert_error (&bad, 3);
  assert_has (bad.err, "damaged");
}

static void
test_delete_asks (Fixture *f, gconstpointer data)
{
  static const char *const no[] = { "no", NULL }, *const yes[] = { "yes", NULL };
  g_autofree char *name = newest (f, "name"), *path = newest (f, "path");
  const char *const args[] = { "backups", "--delete", name, NULL };
  g_autofree char *refused = NULL, *agreed = NULL;
  g_auto (Ran) unasked = { 0 };
  int status;

  ctl_run (f->dir, &unasked, "backups", "--delete", name, NULL);
  ctl_assert_error (&unasked, 2);
  assert_has (unasked.err, "--yes");
  refused = run_on_terminal (f->dir, &status, no, args);
  g_assert_cmpint (status, ==, 1);
  assert_has (refused, "It is the only backup of this drive here.");
  assert_has (refused, "Nothing was deleted.");
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  agreed = run_on_terminal (f->dir, &status, yes, args);
  g_assert_cmpint (status, ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  g_autofree char *first = newest (f, "name");
  g_autofree char *copy = ctl_path (f->dir, "elsewhere/copy.bin");
  g_autofree char *elsewhere = ctl_path (f->dir, "elsewhere");
  g_autoptr (GPtrArray) left = NULL;
  g_auto (Ran) export = { 0 }, outside = { 0 }, both = { 0 }, none = { 0 }, done = { 0 };
  g_autofree char *kept = NULL;

  back_up (f, "practice:bu40n");
  g_assert_cmpint (g_mkdir (elsewhere, 0700), ==, 0);
  ctl_run (f->dir, &export, "backups", "--export=elsewhere/copy.bin", first, NULL);
  g_assert_cmpint (export.status, ==, 0);
  ctl_run (f->dir, &outside, "backups", "--delete", copy, "--yes", NULL);
  ctl_assert_error (&outside, 3);
  assert_has (outside.err, "no backup in the folder for backups");
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  ctl_run (f->dir, &both, "backups", "--delete", "--verify", first, NULL);
  ctl_assert_error (&both, 2);
  ctl_run (f->dir, &none, "backups", "--delete", "--yes", NULL);
  ctl_assert_error (&none, 2);
  ctl_run (f->dir, &done, "--json", "backups", "--delete", first, "--yes", NULL);
  g_assert_cmpint (done.status, ==, 0);
  assert_has (done.out, "\"deleted\"");
  left = list (f, NULL);
  g_assert_cmpuint (left->len, ==, 1);
  kept = member (left, 0, "name");
  g_assert_cmpstr (kept, !=, first);
}

/* A write that a crash broke off may have to be mended with the backup that it began with. */
static void
test_delete_needed (Fixture *f, gconstpointer data)
{
  g_autofree char *name = newest (f, "name"), *path = newest (f, "path");
  g_autofree char *dir = ctl_path (f->dir, "state/journal");
  g_autofree char *journal = ctl_path (dir, "20260101T000000-1-0.jsonl");
  g_autofree char *text = g_strdup_printf (
      "{\"event\":\"job\",\"kind\":\"flash\",\"at\":\"2026-11-26T11:20:04Z\",\"drive\":\"D\","
      "\"drive_id\":\"practice:bu40n\",\"serial\":\"\",\"image\":\"I\"}\n"
      "{\"event\":\"backup\",\"path\":\"%s\"}\n{\"event\":\"write-begins\"}\n",
      path);
  g_auto (Ran) refused = { 0 }, dismissed = { 0 }, done = { 0 };

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (journal, text, -1, NULL));
  ctl_run (f->dir, &refused, "backups", "--delete", name, "--yes", NULL);
  g_assert_cmpint (refused.status, ==, 3);
  assert_has (refused.err, "never ended");
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  ctl_run (f->dir, &dismissed, "log", "--dismiss", "all", NULL);
  g_assert_cmpint (dismissed.status, ==, 0);
  ctl_run (f->dir, &done, "backups", "--delete", name, "--yes", NULL);
  g_assert_cmpint (done.status, ==, 0);
}

#define ADD(path, func) g_test_add ("/ctl-backups/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("list", test_list);
  ADD ("warning", test_warning);
  ADD ("none", test_none);
  ADD ("damaged-manifest", test_damaged_manifest);
  ADD ("verify", test_verify);
  ADD ("export", test_export);
  ADD ("delete-asks", test_delete_asks);
  ADD ("delete", test_delete);
  ADD ("delete-needed", test_delete_needed);
  return g_test_run ();
}
