/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup goes back to the drive that it was made of, by the way its family has; to another drive, and
 * when a bit of it is wrong, it does not. Every practice drive of the catalogue. */
#include <string.h>

#include "../family/practice-table.h"
#include "families/ofl-practice-catalog.h"
#include "flash/ofl-stored-backup.h"
#include "kit/scratch.h"
#include "run-ctl.h"
#include "run-terminal.h"

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

/* A verb on a practice drive, with what is off until it is switched on */
typedef struct {
  const char *id;
  char *drive;
  gboolean experimental;
  char *revision;
} Subject;

static void
subject_clear (Subject *self)
{
  g_free (self->drive);
  g_free (self->revision);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

static JsonObject *
one_event (const char *text, const char *event)
{
  g_autoptr (GPtrArray) events = ctl_events (text, event);

  g_assert_cmpuint (events->len, ==, 1);
  return json_object_ref (g_ptr_array_index (events, 0));
}

static void
meet (Fixture *f, Subject *self, const char *id)
{
  g_auto (Ran) info = { 0 };
  g_autoptr (JsonObject) drive = NULL;
  const OflFamily *family;

  self->id = id;
  self->drive = g_strconcat ("practice:", id, NULL);
  ctl_run (f->dir, &info, "--json", "info", self->drive, NULL);
  drive = one_event (info.out, "drive");
  self->revision = g_strdup (json_object_get_string_member (drive, "revision"));
  family = ofl_families_find (json_object_get_string_member (drive, "family"));
  g_assert_nonnull (family);
  self->experimental = *ofl_family_choice (family, NULL, "experimental") != '\0';
}

/* @more: one more option, or NULL */
static void
run (Fixture *f, Ran *ran, const Subject *subject, const char *verb, const char *file,
     const char *more)
{
  g_autoptr (GPtrArray) args = g_ptr_array_new ();

  g_ptr_array_add (args, (gpointer) "--json");
  g_ptr_array_add (args, (gpointer) verb);
  g_ptr_array_add (args, subject->drive);
  if (file != NULL)
    g_ptr_array_add (args, (gpointer) file);
  if (subject->experimental)
    g_ptr_array_add (args, (gpointer) "--set=experimental=yes");
  if (more != NULL)
    g_ptr_array_add (args, (gpointer) more);
  if (g_str_equal (verb, "flash") || g_str_equal (verb, "restore"))
    g_ptr_array_add (args, (gpointer) "--yes");
  g_ptr_array_add (args, NULL);
  ctl_run_argv (f->dir, ran, (const char *const *) args->pdata);
}

static char *
result_text (const Ran *ran, const char *name)
{
  g_autoptr (JsonObject) result = one_event (ran->out, "result");

  return g_strdup (json_object_get_string_member (result, name));
}

/* Of a drive that can be written, but not read: there is nothing, or nothing but its own part. */
static void
assert_nothing_to_restore (Fixture *f, const Subject *subject, const Ran *backup)
{
  g_auto (Ran) restore = { 0 };

  run (f, &restore, subject, "restore", NULL, NULL);
  if (backup->status == 0)
    {
      g_assert_cmpint (restore.status, ==, 3);
      assert_has (restore.out, "holds no firmware");
    }
  else
    {
      g_assert_cmpint (restore.status, ==, 1);
      assert_has (restore.out, "No backup is stored here");
    }
  ctl_assert_revision (f->dir, subject->drive, subject->revision);
}

/* The same questions as a flash of that file: where its family asks something, so does this. */
static void
restore (Fixture *f, Ran *ran, const Subject *subject)
{
  g_auto (Ran) first = { 0 };

  run (f, &first, subject, "restore", NULL, NULL);
  if (first.status == 3 && strstr (first.out, "say --accept-warnings") != NULL)
    run (f, ran, subject, "restore", NULL, "--accept-warnings");
  else
    {
      *ran = first;
      first = (Ran){ 0 };
    }
}

/* Where the manifest is lost, only the names tell that a folder is a backup. */
static void
assert_known_names (const Ran *backup)
{
  g_autofree char *path = result_text (backup, "backup");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (listing)) != NULL)
    if (!g_str_equal (name, OFL_BACKUP_MANIFEST))
      {
        g_assert_true (ofl_stored_backup_is_part_file (name));
        n++;
      }
  g_assert_cmpuint (n, >, 0);
}

/* Back up, flash another, restore without a name: the backup of before. */
static void
test_back (Fixture *f, gconstpointer data)
{
  const char *id = data;
  const PracticeCase *which = practice_find (id);
  g_auto (Subject) subject = { 0 };
  g_auto (Ran) backup = { 0 }, flash = { 0 }, back = { 0 }, verify = { 0 };
  g_autofree char *verdict = NULL, *path = NULL;

  meet (f, &subject, id);
  run (f, &backup, &subject, "backup", NULL, NULL);
  if (backup.status == 0)
    assert_known_names (&backup);
  if (which == NULL)
    {
      /* can be read, and no way to write it is public */
      g_assert_cmpint (backup.status, ==, 0);
      run (f, &back, &subject, "restore", NULL, NULL);
      g_assert_cmpint (back.status, ==, 3);
      ctl_assert_revision (f->dir, subject.drive, subject.revision);
      return;
    }
  if (!which->readable)
    {
      assert_nothing_to_restore (f, &subject, &backup);
      return;
    }
  g_assert_cmpint (backup.status, ==, 0);
  path = result_text (&backup, "backup");
  ctl_make_image (f->dir, id, which->revision, "other.bin", which->variant);
  run (f, &flash, &subject, "flash", "other.bin", "--accept-warnings");
  g_assert_cmpint (flash.status, ==, 0);
  ctl_assert_revision (f->dir, subject.drive, which->revision);
  restore (f, &back, &subject);
  verdict = result_text (&back, "verdict");
  if (which->not_back)
    {
      g_assert_cmpstr (verdict, ==, "refused");
      assert_has (back.out, "cannot be written");
      ctl_assert_revision (f->dir, subject.drive, which->revision);
      return;
    }
  g_assert_cmpstr (verdict, ==, ofl_verdict_id (which->verdict));
  assert_has (back.out, "made of this very drive");
  ctl_assert_revision (f->dir, subject.drive, subject.revision);
  run (f, &verify, &subject, "verify", path, NULL);
  g_assert_cmpint (verify.status, ==, 0);
}

/* --- On drives that stand for the ways in which a drive is known: by hardware and serial, by a type
 * that the drive tells, by name */

static char *
back_up (Fixture *f, const char *drive)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "--json", "backup", drive, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  return result_text (&ran, "backup");
}

/* A member of the manifest, as another drive or another time would have made it */
static void
set_member (const char *path, const char *name, const char *value)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *manifest = ctl_path (dir, "manifest.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;

  g_assert_true (json_parser_load_from_file (parser, manifest, NULL));
  json_object_set_string_member (json_node_get_object (json_parser_get_root (parser)), name, value);
  text = json_to_string (json_parser_get_root (parser), TRUE);
  g_assert_true (g_file_set_contents (manifest, text, -1, NULL));
}

/* Another drive of the same model, where nobody can be asked: refused in words, and nothing is sent. */
static void
test_other_drive (Fixture *f, gconstpointer data)
{
  g_autofree char *drive = g_strconcat ("practice:", data, NULL);
  g_autofree char *path = back_up (f, drive);
  g_auto (Ran) found = { 0 }, named = { 0 }, asked = { 0 }, accepted = { 0 };

  set_member (path, "serial", "ANOTHER-4711");
  ctl_run (f->dir, &found, "restore", drive, "--yes", NULL);
  ctl_assert_error (&found, 1);
  ctl_run (f->dir, &named, "restore", drive, path, "--yes", "--accept-warnings", NULL);
  g_assert_cmpint (named.status, ==, 3);
  assert_has (named.err, "made of another drive: that one has the serial ANOTHER-4711");
  assert_has (named.err, "--accept-other-drive");
  assert_has_not (named.out, "What happened");
  /* what is agreed to is agreed to, and no more: the last question is still asked */
  ctl_run (f->dir, &asked, "restore", drive, path, "--accept-other-drive", NULL);
  g_assert_cmpint (asked.status, ==, 2);
  assert_has (asked.err, "--yes");
  ctl_run (f->dir, &accepted, "--json", "restore", drive, path, "--accept-other-drive", "--yes",
           NULL);
  ctl_assert_result (&accepted, 0, "identical");
}

/* On a terminal it is a question of its own. */
static void
test_other_drive_asks (Fixture *f, gconstpointer data)
{
  static const char *const no[] = { "no", NULL }, *const yes[] = { "yes", "yes", NULL };
  g_autofree char *path = back_up (f, "practice:bu40n");
  const char *const args[] = { "restore", "practice:bu40n", path, NULL };
  const char *const by_yes[] = { "restore", "practice:bu40n", path, "--yes", NULL };
  g_autofree char *refused = NULL, *agreed = NULL, *unmoved = NULL;
  int status;

  set_member (path, "serial", "ANOTHER-4711");
  refused = run_on_terminal (f->dir, &status, no, args);
  g_assert_cmpint (status, ==, 1);
  assert_has (refused, "(--accept-other-drive)");
  assert_has (refused, "Nothing was written to the drive.");
  unmoved = run_on_terminal (f->dir, &status, no, by_yes);
  g_assert_cmpint (status, ==, 1);
  agreed = run_on_terminal (f->dir, &status, yes, args);
  g_assert_cmpint (status, ==, 0);
  assert_has (agreed, "Flash HL-DT-ST BD-RE BU40N, practice:bu40n (practice drive), serial ");
}

/* No serial, other hardware, another family: said, and the last is not to be had at all. */
static void
test_owner_words (Fixture *f, gconstpointer data)
{
  g_autofree char *path = back_up (f, "practice:bu40n");
  g_autofree char *nec = back_up (f, "practice:nd3550");
  g_auto (Ran) untold = { 0 }, mark = { 0 }, family = { 0 };

  ctl_run (f->dir, &family, "restore", "practice:bu40n", nec, "--yes", "--accept-other-drive",
           "--accept-warnings", NULL);
  ctl_assert_error (&family, 3);
  assert_has (family.err, "another family");
  set_member (path, "serial", "");
  ctl_run (f->dir, &untold, "restore", "practice:bu40n", path, "--yes", NULL);
  g_assert_cmpint (untold.status, ==, 3);
  assert_has (untold.err, "there is no serial that tells it from another drive");
  set_member (path, "hardware_mark", "MTEKMT1959 / another board");
  ctl_run (f->dir, &mark, "restore", "practice:bu40n", path, "--yes", NULL);
  g_assert_cmpint (mark.status, ==, 3);
  assert_has (mark.err, "made of other hardware: that was “MTEKMT1959 / another board”");
}

/* Whatever is agreed to: a drive of another type does not get it, for the reason that a flash of the
 * same file has. */
static void
test_red_is_red (Fixture *f, gconstpointer data)
{
  g_autofree char *path = back_up (f, "practice:nd3550");
  g_auto (Ran) restore = { 0 }, flash = { 0 };
  g_autofree char *why = NULL;

  ctl_run (f->dir, &flash, "--json", "flash", "practice:nd1100", path, "--yes", "--accept-warnings",
           "--accept-no-backup", NULL);
  ctl_assert_result (&flash, 3, "refused");
  why = result_text (&flash, "what");
  ctl_run (f->dir, &restore, "restore", "practice:nd1100", path, "--yes", "--accept-other-drive",
           "--accept-warnings", "--accept-no-backup", NULL);
  ctl_assert_error (&restore, 3);
  assert_has (restore.err, why);
  ctl_assert_revision (f->dir, "practice:nd1100", "1.00");
}

/* One bit, in the firmware or in what belongs to the drive; named, or found. */
static void
test_flipped (Fixture *f, gconstpointer data)
{
  static const char *const files[] = { "flash.bin", "1F0000.bin" };
  g_autofree char *path = back_up (f, "practice:bu40n");
  g_autofree char *dir = g_path_get_dirname (path);

  ctl_make_image (f->dir, "bu40n", "1.03", "other.bin", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = ctl_path (dir, files[i]);
      g_autofree char *content = NULL;
      g_auto (Ran) found = { 0 }, named = { 0 };
      gsize length;

      g_assert_true (g_file_get_contents (file, &content, &length, NULL));
      content[length - 100] ^= 1;
      g_assert_true (g_file_set_contents (file, content, (gssize) length, NULL));
      ctl_run (f->dir, &found, "restore", "practice:bu40n", "--yes", NULL);
      ctl_assert_error (&found, 3);
      assert_has (found.err, "is not what was stored");
      assert_has (found.err, files[i]);
      ctl_run (f->dir, &named, "restore", "practice:bu40n", path, "--yes", "--accept-warnings",
               "--accept-other-drive", NULL);
      ctl_assert_error (&named, 3);
      content[length - 100] ^= 1;
      g_assert_true (g_file_set_contents (file, content, (gssize) length, NULL));
    }
}

/* A write that lost its power: the backup of before mends the drive, the evidence does not. */
static void
test_evidence (Fixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *path = back_up (f, "practice:bu40n");
  g_auto (Ran) lost = { 0 }, evidence = { 0 }, list = { 0 }, refused = { 0 }, mended = { 0 };
  g_autoptr (GPtrArray) backups = NULL;
  const char *name = NULL;

  ctl_make_image (f->dir, "bu40n", "1.03", "other.bin", NULL);
  g_setenv ("OFL_PRACTICE_FAULTS", "bu40n=power-loss-burn 500", TRUE);
  ctl_run (f->dir, &lost, "flash", "practice:bu40n", "other.bin", "--yes", NULL);
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  g_assert_cmpint (lost.status, ==, 4);
  ctl_run (f->dir, &evidence, "backup", "practice:bu40n", NULL);
  ctl_run (f->dir, &list, "--json", "backups", NULL);
  backups = ctl_events (list.out, "backup");
  for (guint i = 0; i < backups->len; i++)
    if (json_object_get_boolean_member (g_ptr_array_index (backups, i), "evidence"))
      name = json_object_get_string_member (g_ptr_array_index (backups, i), "name");
  g_assert_nonnull (name);
  ctl_run (f->dir, &refused, "restore", "practice:bu40n", name, "--yes", "--accept-warnings",
           "--accept-other-drive", NULL);
  g_assert_cmpint (refused.status, ==, 3);
  assert_has (refused.err, "This is no backup");
  ctl_run (f->dir, &mended, "--json", "restore", "practice:bu40n", "--yes", NULL);
  ctl_assert_result (&mended, 0, "verified");
  ctl_assert_revision (f->dir, "practice:bu40n", "1.00");
}

/* What goes back and what does not, before anybody agrees to it. */
static void
test_says_parts (Fixture *f, gconstpointer data)
{
  g_autofree char *path = back_up (f, "practice:bu40n");
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "restore", "practice:bu40n", path, NULL);
  g_assert_cmpint (ran.status, ==, 2);
  assert_has (ran.out,
              "Goes back, as any firmware is written to this drive: flash, 2097152 bytes.");
  assert_has (ran.out, "Is not written back apart: 003000, 1EC000, 1F0000, ");
}

#define ADD(path, data, func) \
  g_test_add ("/ctl-restore/" path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ctl-restore/back/%s", ofl_practice_get_id (i));

      g_test_add (path, Fixture, ofl_practice_get_id (i), set_up, test_back, tear_down);
    }
  ADD ("other-drive/bu40n", "bu40n", test_other_drive);
  ADD ("other-drive/nd3500", "nd3500", test_other_drive);
  ADD ("other-drive/se506", "se506", test_other_drive);
  ADD ("other-drive-asks", NULL, test_other_drive_asks);
  ADD ("owner-words", NULL, test_owner_words);
  ADD ("red-is-red", NULL, test_red_is_red);
  ADD ("flipped", NULL, test_flipped);
  ADD ("evidence", NULL, test_evidence);
  ADD ("says-parts", NULL, test_says_parts);
  return g_test_run ();
}
