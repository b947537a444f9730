/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl recover: killed in the middle of a burn, and brought back; what it says when nothing is
 * to be done, and when nothing can be. */
#include <glib/gstdio.h>

#include "families/ofl-practice-catalog.h"
#include "kit/scratch.h"
#include "run-ctl.h"

#define DRIVE "practice:bu40n"
/* ends what hangs */
#define WAIT_SECONDS 100
#define TOLD "An earlier job never ended."
#define SERIAL "OFL00000001"
/* of one practice drive alone: practice:bdr */
#define OWN_SERIAL "PRAC00000001"

/* Whether the drive's flash is another one than it left the factory with, as its file has it. */
static gboolean
has_changed (const CtlFixture *f, GBytes *factory)
{
  g_autofree char *path = g_build_filename (f->dir, "state", "practice", "bu40n.state", NULL);
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new ("bu40n", 1, NULL);
  g_autoptr (GBytes) flash = NULL;

  if (!ofl_practice_drive_load (drive, path, NULL))
    return FALSE;
  flash = ofl_practice_drive_get_flash (drive);
  return !g_bytes_equal (flash, factory);
}

/* The program dies while the drive burns, as by kill -9. What the flash holds decides when. */
static void
kill_in_burn (CtlFixture *f)
{
  g_autoptr (OflPracticeDrive) fresh = ofl_practice_new ("bu40n", 1, NULL);
  g_autoptr (GBytes) factory = ofl_practice_drive_get_flash (fresh);
  g_autoptr (GSubprocess) process
      = ctl_begin (f->dir, "1", "flash", DRIVE, f->image, "--yes", NULL);
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;

  while (!has_changed (f, factory))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
    }
  g_subprocess_force_exit (process);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (process));
}

static JsonObject *
one_event (const Ran *ran, const char *event)
{
  g_autoptr (GPtrArray) events = ctl_events (ran->out, event);

  g_assert_cmpuint (events->len, ==, 1);
  return json_object_ref (g_ptr_array_index (events, 0));
}

static void
assert_way (const Ran *ran, const char *need, const char *way)
{
  g_autoptr (JsonObject) found = one_event (ran, "recovery");

  g_assert_cmpstr (json_object_get_string_member (found, "need"), ==, need);
  g_assert_cmpstr (json_object_get_string_member (found, "way"), ==, way);
}

/* Image and backup are known: nothing has to be named. */
static void
test_killed (CtlFixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_auto (Ran) info = { 0 }, unasked = { 0 }, mended = { 0 }, again = { 0 };

  kill_in_burn (f);
  ctl_run (f->dir, &info, "info", DRIVE, NULL);
  assert_has (info.err, TOLD);
  assert_has (info.err, "To go on: optiflashctl recover " DRIVE);
  ctl_run (f->dir, &unasked, "recover", DRIVE, NULL);
  g_assert_cmpint (unasked.status, ==, 2);
  assert_has (unasked.out, f->image);
  assert_has (unasked.err, "Nothing was written.");

  ctl_run (f->dir, &mended, "--json", "recover", DRIVE, "--yes", NULL);
  ctl_assert_result (&mended, 0, "verified");
  assert_way (&mended, "mend", "same-image");
  ctl_assert_revision (f->dir, DRIVE, "1.03");
  ctl_run (f->dir, &again, "recover", DRIVE, NULL);
  g_assert_cmpint (again.status, ==, 0);
  assert_has (again.out, "nothing needs to be mended");
  assert_has_not (again.out, "--dismiss");
}

/* What is needed is said; another file in the image's place is not taken for it. */
static void
test_image_lost (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) nothing = { 0 }, foreign = { 0 }, mended = { 0 };
  g_autofree char *backups = ctl_path (f->dir, "backups");
  g_autofree char *away = ctl_path (f->dir, "away");

  kill_in_burn (f);
  g_assert_cmpint (g_remove (f->image), ==, 0);
  g_assert_cmpint (g_rename (backups, away), ==, 0);
  ctl_run (f->dir, &nothing, "recover", DRIVE, "--yes", NULL);
  g_assert_cmpint (nothing.status, ==, 4);
  assert_has (nothing.out, "The file that was being written is not there any more.");
  assert_has (nothing.out, "The backup that was made of it is not there any more.");
  assert_has (nothing.err, "recover " DRIVE " --file FILE");

  ctl_make_image (f->dir, "bu40n", "1.04", "new.bin", NULL);
  ctl_run (f->dir, &foreign, "recover", DRIVE, "--yes", NULL);
  g_assert_cmpint (foreign.status, ==, 4);
  assert_has (foreign.out, "is not the file any more that was being written");

  g_assert_cmpint (g_rename (away, backups), ==, 0);
  ctl_run (f->dir, &mended, "--json", "recover", DRIVE, "--yes", NULL);
  ctl_assert_result (&mended, 0, "verified");
  assert_way (&mended, "mend", "backup");
  ctl_assert_revision (f->dir, DRIVE, "1.00");
}

/* The job's own backup is lost with the image; an earlier one of the same drive is there. */
static void
test_earlier_backup (CtlFixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_auto (Ran) made = { 0 }, list = { 0 }, mended = { 0 };
  g_autoptr (GPtrArray) backups = NULL;
  const char *newest;

  ctl_run (f->dir, &made, "backup", DRIVE, NULL);
  g_assert_cmpint (made.status, ==, 0);
  kill_in_burn (f);
  ctl_run (f->dir, &list, "--json", "backups", NULL);
  backups = ctl_events (list.out, "backup");
  g_assert_cmpuint (backups->len, ==, 2);
  newest = json_object_get_string_member (g_ptr_array_index (backups, 0), "path");
  g_assert_cmpint (g_remove (newest), ==, 0);
  g_assert_cmpint (g_remove (f->image), ==, 0);
  ctl_run (f->dir, &mended, "--json", "recover", DRIVE, "--yes", NULL);
  ctl_assert_result (&mended, 0, "verified");
  assert_way (&mended, "mend", "backup");
}

/* A journal as a job leaves it that had come so far. */
static void
put_journal (CtlFixture *f, const char *name, const char *drive, const char *serial,
             const char *rest)
{
  g_autofree char *dir = g_build_filename (f->dir, "state", "journal", NULL);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"event\":\"job\",\"kind\":\"flash\",\"drive\":\"HL-DT-ST BD-RE BU40N\",\"drive_id\":\"%s\","
      "\"serial\":\"%s\",\"revision\":\"1.00\",\"family\":\"mt1959\","
      "\"image\":\"HL-DT-ST BD-RE BU40N 1.03\"}\n%s",
      drive, serial, rest);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Broken off while the drive was only read: the record is all that is left to be done. */
static void
test_fine (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) nothing = { 0 }, offered = { 0 }, closed = { 0 }, after = { 0 };

  ctl_run (f->dir, &nothing, "recover", DRIVE, NULL);
  g_assert_cmpint (nothing.status, ==, 0);
  assert_has (nothing.out, "No write to it is known that broke off");

  put_journal (f, "20260101T000000-1-0.jsonl", DRIVE, SERIAL, "{\"event\":\"write-begins\"}\n");
  ctl_run (f->dir, &offered, "recover", DRIVE, NULL);
  g_assert_cmpint (offered.status, ==, 0);
  assert_has (offered.out, "before the point of no return");
  assert_has (offered.out, "optiflashctl log --dismiss " DRIVE);
  ctl_run (f->dir, &closed, "--json", "recover", DRIVE, "--yes", NULL);
  g_assert_cmpint (closed.status, ==, 0);
  assert_way (&closed, "close", "");
  json_object_unref (one_event (&closed, "dismissed"));
  ctl_run (f->dir, &after, "info", DRIVE, NULL);
  assert_has_not (after.err, TOLD);
  ctl_assert_revision (f->dir, DRIVE, "1.00");
}

/* A record of another drive, which was at the same place, stays. */
static void
test_close_one (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) offered = { 0 }, closed = { 0 }, after = { 0 };

  put_journal (f, "20260101T000000-1-0.jsonl", DRIVE, "ANOTHER",
               "{\"event\":\"write-begins\"}\n{\"event\":\"point-of-no-return\"}\n");
  put_journal (f, "20260102T000000-1-0.jsonl", DRIVE, SERIAL, "{\"event\":\"write-begins\"}\n");
  ctl_run (f->dir, &offered, "recover", DRIVE, NULL);
  assert_has (offered.out, "optiflashctl log --dismiss 2\n");
  ctl_run (f->dir, &closed, "recover", DRIVE, "--yes", NULL);
  g_assert_cmpint (closed.status, ==, 0);
  assert_has (closed.out, "20260102T000000-1-0.jsonl");
  assert_has_not (closed.out, "20260101T000000-1-0.jsonl");
  ctl_run (f->dir, &after, "log", NULL);
  assert_has (after.out, "may need recovery");
}

/* It ended, and left the drive in need of something: recover knows of it, too. */
static void
test_ended (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  put_journal (f, "20260101T000000-1-0.jsonl", DRIVE, SERIAL,
               "{\"event\":\"write-begins\"}\n{\"event\":\"point-of-no-return\"}\n"
               "{\"event\":\"end\",\"verdict\":\"failed-recovery\"}\n");
  ctl_run (f->dir, &ran, "recover", DRIVE, NULL);
  g_assert_cmpint (ran.status, ==, 4);
  assert_has (ran.out, "ended without success");
  assert_has (ran.out, "past the point of no return");
}

static void
test_gone (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) gone = { 0 }, never = { 0 }, moved = { 0 };

  ctl_run (f->dir, &never, "recover", "/dev/sr7", NULL);
  ctl_assert_error (&never, 2);
  put_journal (f, "20260101T000000-1-0.jsonl", "/dev/sr7", SERIAL,
               "{\"event\":\"write-begins\"}\n{\"event\":\"point-of-no-return\"}\n");
  ctl_run (f->dir, &gone, "recover", "/dev/sr7", "--yes", NULL);
  g_assert_cmpint (gone.status, ==, 5);
  assert_has (gone.err, "The drive is gone");
  assert_has (gone.err, "some minutes");
  assert_has (gone.out, "external programmer");
  /* a drive that is connected has its serial */
  put_journal (f, "20260102T000000-1-0.jsonl", "/dev/sr8", OWN_SERIAL,
               "{\"event\":\"write-begins\"}\n");
  ctl_run (f->dir, &moved, "--practice", "recover", "/dev/sr8", NULL);
  g_assert_cmpint (moved.status, ==, 2);
  assert_has (moved.err, "is at practice:bdr now");
}

static void
test_usage (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) both = { 0 }, file = { 0 };

  ctl_run (f->dir, &both, "recover", DRIVE, "--file", f->image, "--from-backup", NULL);
  ctl_assert_error (&both, 2);
  ctl_run (f->dir, &file, "--json", "recover", DRIVE, "--file", f->image, "--yes", NULL);
  ctl_assert_result (&file, 0, "verified");
}

#define ADD(path, func) \
  g_test_add ("/ctl-recover/" path, CtlFixture, NULL, ctl_fixture_up, func, ctl_fixture_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("killed", test_killed);
  ADD ("image-lost", test_image_lost);
  ADD ("fine", test_fine);
  ADD ("ended", test_ended);
  ADD ("close-one", test_close_one);
  ADD ("earlier-backup", test_earlier_backup);
  ADD ("gone", test_gone);
  ADD ("usage", test_usage);
  return g_test_run ();
}
