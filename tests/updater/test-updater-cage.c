/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows programs of the tests' own in the cage, against the practice drive "standard": their commands
 * arrive, byte for byte; however they end, it is told. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cage-fixture.h"
#include "kit/ran.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-file-lock.h"
#include "updater/ofl-updater-cage-private.h"

static void
test_inquiry (Fixture *self, gconstpointer data)
{
  Seen aspi;

  if (fixture_skipped (self))
    return;
  fixture_assert_inquiry (self, "direct");
  fixture_assert_inquiry (self, "indirect");
  fixture_assert_inquiry (self, "aspi");
  g_assert_cmpuint (bench_n_answered (self->bench), ==, 3);
  /* ASPI has no limit: ours counts, not one that was made up on the way */
  aspi = bench_seen (self->bench, 2);
  g_assert_cmpuint (aspi.asked_ms, ==, 0);
  g_assert_cmpuint (aspi.timeout_ms, ==, OFL_TIMEOUT_TRANSFER);
}

static void
test_address (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (fixture_skipped (self))
    return;
  end = fixture_run (self, "direct", "address", NULL);
  g_assert_nonnull (strstr (end->output, "address 1: 2 0 0 0"));
  g_assert_nonnull (strstr (end->output, "adapter 1: 1 bus, OPTIFLSH"));
}

/* By every way, with a window; the drive holds what the program sent. */
static void
test_flash (Fixture *self, gconstpointer way)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (fixture_skipped (self))
    return;
  end = fixture_run (self, way, "flash", NULL);
  g_assert_cmpint (end->status, ==, 0);
  fixture_assert_sent_image (self);
  g_assert_true (ofl_practice_drive_holds (self->bench->drive, self->image));
}

/* Whether somebody runs a program on the template */
static gboolean
cache_is_in_use (void)
{
  g_autofree char *path = g_build_filename (cage_cache, "lock", NULL);
  int lock = ofl_file_lock (path, TRUE, FALSE, 0, NULL);

  if (lock < 0)
    return errno == EWOULDBLOCK;
  close (lock);
  return FALSE;
}

/* The first dangerous command waits outside; the program is none the wiser. */
static void
test_held (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;
  GAsyncResult *result = NULL;
  guint64 serial;

  if (fixture_skipped (self))
    return;
  self->bench->handler->rule = RULE_DEFAULT;
  fixture_start (self, "direct", "flash", NULL, &result);
  serial = bench_wait_held (self->bench)->serial;
  g_assert_true (cache_is_in_use ());
  bench_run (500);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (self->bench->drive), ==, 0);
  self->bench->handler->rule = RULE_RUN;
  ofl_updater_broker_release (self->bench->broker, serial, OFL_UPDATER_RUN, NULL);
  end = fixture_finish (self, &result);
  g_assert_false (cache_is_in_use ());
  g_assert_cmpint (end->status, ==, 0);
  fixture_assert_sent_image (self);
}

/* The child works on when its parent has ended; the cage stands until it has. */
static void
test_child (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (fixture_skipped (self))
    return;
  end = fixture_run (self, "direct", "child", NULL);
  g_assert_cmpint (end->status, ==, 0);
  fixture_assert_sent_image (self);
}

static void
test_crash (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (fixture_skipped (self))
    return;
  end = fixture_run (self, "direct", "crash", NULL);
  g_assert_true (end->crashed);
  g_assert_false (end->ended_by_us);
  g_assert_cmpuint (self->bench->handler->sent->len, >, 0);
  g_assert_cmpuint (self->bench->handler->sent->len, <, g_bytes_get_size (self->image));
}

/* A program that removes what it finds has sent something all the same: no error says that it did not. */
static void
test_cover (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (fixture_skipped (self))
    return;
  end = fixture_run (self, "direct", "cover", NULL);
  g_assert_cmpint (end->status, ==, 0);
  g_assert_cmpuint (bench_n_answered (self->bench), ==, 1);
}

/* Whether the last three that came only ask whether the drive is ready, after something was written */
static gboolean
asks_for_ever (Fixture *self)
{
  guint n = bench_n_seen (self->bench);

  if (n < 3 || ofl_practice_drive_get_n_writes (self->bench->drive) == 0)
    return FALSE;
  for (guint i = 1; i <= 3; i++)
    if (bench_seen (self->bench, n - i).cdb[0] != 0)
      return FALSE;
  return TRUE;
}

/* It would not stop by itself. When its end is told, no process of it is left that asks the drive anything. */
static void
test_ended (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;
  GAsyncResult *result = NULL;
  guint n;

  if (fixture_skipped (self))
    return;
  fixture_start (self, "direct", "hang", NULL, &result);
  while (!asks_for_ever (self))
    g_main_context_iteration (NULL, TRUE);
  ofl_updater_cage_end (self->cage);
  end = fixture_finish (self, &result);
  g_assert_true (end->ended_by_us);
  g_assert_cmpint (end->status, ==, -1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  n = bench_n_answered (self->bench);
  bench_run (1000);
  g_assert_cmpuint (bench_n_answered (self->bench), <=, n + 1); /* one may be at the drive */
}

/* A cancellable ends the run that it was given to, and none that comes after it. */
static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) first = g_cancellable_new (), second = g_cancellable_new ();
  g_autoptr (OflUpdaterEnd) refused = NULL, ended = NULL;
  GAsyncResult *result = NULL;

  if (fixture_skipped (self))
    return;
  self->bench->handler->rule = RULE_DEFAULT;
  self->cancellable = first;
  fixture_assert_inquiry (self, "direct");
  self->cancellable = second;
  fixture_start (self, "direct", "flash", NULL, &result);
  bench_wait_held (self->bench);
  g_cancellable_cancel (first);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  self->bench->handler->rule = RULE_REFUSE;
  ofl_updater_broker_release (self->bench->broker,
                              ofl_updater_broker_get_held (self->bench->broker)->serial,
                              OFL_UPDATER_REFUSE, NULL);
  refused = fixture_finish (self, &result);
  g_assert_false (refused->ended_by_us);
  g_assert_cmpint (refused->status, ==, 1);
  self->bench->handler->rule = RULE_DEFAULT;
  fixture_start (self, "direct", "flash", NULL, &result);
  bench_wait_held (self->bench);
  g_cancellable_cancel (second);
  ended = fixture_finish (self, &result);
  g_assert_true (ended->ended_by_us);
}

/* While Wine makes its prefix: nobody has a half one for a whole, and what it means is said. */
static void
test_cancel_making (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (OflUpdaterCage) cage
      = ofl_updater_cage_new (self->folder, g_getenv ("UPDATER_LIBDIR"));
  g_autofree char *begun = g_build_filename (self->folder, "wine", "drive_c", "windows", NULL);
  g_autofree char *stamp = g_build_filename (self->folder, "wine", "optiflash-ready", NULL);
  const char *const files[] = { self->exe, NULL }, *const none[] = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (fixture_skipped (self))
    return;
  ofl_updater_cage_run_async (cage, files, none, self->socket, TRUE, cancellable, await_keep,
                              &result);
  while (!g_file_test (begun, G_FILE_TEST_EXISTS))
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (1000);
    }
  g_cancellable_cancel (cancellable);
  await_result (&result);
  g_assert_null (ofl_updater_cage_run_finish (cage, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "Nothing was sent to the drive"));
  g_assert_false (g_file_test (stamp, G_FILE_TEST_EXISTS));
}

/* One program leaves nothing for the next: of the cache's files all are the template's and the lock's. */
static void
test_leaves_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (fixture_skipped (self))
    return;
  fixture_assert_inquiry (self, "direct");
  dir = g_dir_open (cage_cache, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (strcmp (name, "lock") != 0)
      g_assert_cmpstr (name, ==, "wine");
}

/* 32-bit programs, where Wine can run them: Debian's loader for them has this name. */
static void
test_32_bit (Fixture *self, gconstpointer data)
{
  g_autofree char *preload
      = g_build_filename (g_getenv ("UPDATER_LIBDIR"), OFL_CAGE_PRELOAD_32, NULL);
  const char *const wine_32 = "/usr/lib/wine/wine";

  self->exe = g_getenv ("UPDATER_EXE_I686");
  if (fixture_skipped (self))
    return;
  if (!g_file_test (wine_32, G_FILE_TEST_EXISTS))
    g_test_skip ("Wine runs no 32-bit programs here (Debian: wine32:i386).");
  else if (!g_file_test (preload, G_FILE_TEST_EXISTS))
    g_test_skip ("There is no 32-bit preload library (Debian: gcc-i686-linux-gnu).");
  else
    {
      fixture_assert_inquiry (self, "direct");
      fixture_assert_inquiry (self, "indirect");
      fixture_assert_inquiry (self, "aspi");
    }
}

static OflUpdaterEnd *
run_foreign (Fixture *self, const char *folder, const char *program, const char *const *arguments)
{
  g_autofree char *path = g_build_filename (folder, program, NULL);
  const char *const files[] = { path, self->image_path, NULL };
  GAsyncResult *result = NULL;

  ofl_updater_cage_run_async (self->cage, files, arguments, self->socket, TRUE, NULL, await_keep,
                              &result);
  return fixture_finish (self, &result);
}

/* Programs that nobody here wrote, by hand: sg3_utils built for Windows. */
static void
test_foreign (Fixture *self, gconstpointer data)
{
  const char *folder = g_getenv ("OFL_UPDATER_SG3");
  const char *const inquiry[] = { "-r", "D:", NULL };
  const char *const text[] = { "D:", NULL };
  const char *const flash[] = { "--mode=7", "--bpw=32768", "--in=image.bin", "D:", NULL };
  g_autoptr (OflUpdaterEnd) raw = NULL, told = NULL, flashed = NULL;

  if (fixture_skipped (self))
    return;
  if (folder == NULL)
    {
      g_test_skip ("OFL_UPDATER_SG3 names no folder with sg_inq.exe and sg_write_buffer.exe.");
      return;
    }
  told = run_foreign (self, folder, "sg_inq.exe", text);
  g_assert_nonnull (strstr (told->output, "PRACTICE STD"));
  raw = run_foreign (self, folder, "sg_inq.exe", inquiry);
  g_assert_cmpint (raw->status, ==, 0);
  flashed = run_foreign (self, folder, "sg_write_buffer.exe", flash);
  g_assert_cmpint (flashed->status, ==, 0);
  fixture_assert_sent_image (self);
  bench_wait_burn (self->bench);
  g_assert_true (ofl_practice_drive_holds (self->bench->drive, self->image));
}

static void
test_missing (void)
{
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_autoptr (GError) error = NULL;

  g_setenv ("PATH", "/nonexistent", TRUE);
  g_assert_false (ofl_updater_cage_check (TRUE, &error));
  g_setenv ("PATH", path, TRUE);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "install the package wine"));
}

/* A program that the kernel lets nobody close off is no program that ran. */
static void
test_no_namespaces (void)
{
  g_autoptr (GError) error = NULL, other = NULL;

  ofl_cage_set_error ("bwrap: No permissions to create new namespace", &error);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "unprivileged_userns_clone"));
  ofl_cage_set_error ("bwrap: \xff\xfe", &other);
  g_assert_true (g_utf8_validate (other->message, -1, NULL));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  fixture_begin ();
  cage_walls_add ();
  g_test_add_func ("/updater/cage/missing", test_missing);
  g_test_add_func ("/updater/cage/no-namespaces", test_no_namespaces);
  CAGE_ADD ("inquiry", NULL, test_inquiry);
  CAGE_ADD ("address", NULL, test_address);
  CAGE_ADD ("flash/direct", "direct", test_flash);
  CAGE_ADD ("flash/indirect", "indirect", test_flash);
  CAGE_ADD ("flash/aspi", "aspi", test_flash);
  CAGE_ADD ("held", NULL, test_held);
  CAGE_ADD ("child", NULL, test_child);
  CAGE_ADD ("crash", NULL, test_crash);
  CAGE_ADD ("cover", NULL, test_cover);
  CAGE_ADD ("ended", NULL, test_ended);
  CAGE_ADD ("cancel", NULL, test_cancel);
  CAGE_ADD ("cancel-making", NULL, test_cancel_making);
  CAGE_ADD ("leaves-nothing", NULL, test_leaves_nothing);
  CAGE_ADD ("32-bit", NULL, test_32_bit);
  CAGE_ADD ("foreign", NULL, test_foreign);
  status = g_test_run ();
  fixture_end ();
  return status;
}
