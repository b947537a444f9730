/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows programs of the tests' own in the cage, against the practice drive "standard": their commands
 * arrive, byte for byte; they see nothing of the computer; however they end, it is told. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cage-kit.h"
#include "families/ofl-practice-catalog.h"
#include "kit/ran.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-file-lock.h"
#include "updater/ofl-updater-cage-private.h"
#include "updater/ofl-updater-cage.h"

typedef struct {
  Scratch *folder;
  char *socket;
  char *image_path;
  GBytes *image;
  const char *exe;
  gboolean shown;
  GCancellable *cancellable; /* not owned */
  Bench *bench;
  OflUpdaterCage *cage;
} Fixture;

/* Wine's prefix, made once for all tests of this program */
static Scratch *cache;

/* Where something is missing, the reason; else NULL. Users may be forbidden to close anything off. */
static const char *missing;

static void
fixture_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = scratch_new ();
  self->socket = g_build_filename (self->folder, "broker", NULL);
  self->image = ofl_practice_make_image ("standard", "1.01", NULL, &error);
  g_assert_no_error (error);
  self->image_path = g_build_filename (self->folder, "image.bin", NULL);
  g_file_set_contents (self->image_path, g_bytes_get_data (self->image, NULL),
                       (gssize) g_bytes_get_size (self->image), &error);
  g_assert_no_error (error);
  self->exe = g_getenv ("UPDATER_EXE_X86_64");
  self->shown = TRUE; /* without Xvfb; where there is no display, there is none in the cage */
  self->bench = bench_new ();
  self->bench->handler->rule = RULE_RUN;
  ofl_updater_broker_listen (self->bench->broker, self->socket, &error);
  g_assert_no_error (error);
  self->cage = ofl_updater_cage_new (cache, g_getenv ("UPDATER_LIBDIR"));
}

static void
fixture_down (Fixture *self, gconstpointer data)
{
  bench_close (self->bench);
  g_object_unref (self->cage);
  bench_free (self->bench);
  g_bytes_unref (self->image);
  g_free (self->image_path);
  g_free (self->socket);
  scratch_free (self->folder);
}

static void
start (Fixture *self, const char *way, const char *what, const char *more, GAsyncResult **result)
{
  const char *const files[] = { self->exe, self->image_path, NULL };
  const char *const arguments[] = { way, what, more, NULL };

  ofl_updater_cage_run_async (self->cage, files, arguments, self->socket, self->shown,
                              self->cancellable, await_keep, result);
}

/* One program leaves nothing for the next, from the moment at which its end is told. */
static void
assert_left_nothing (void)
{
  g_autoptr (GDir) dir = g_dir_open (cache, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (name, "run-"));
}

static OflUpdaterEnd *
finish (Fixture *self, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  OflUpdaterEnd *end;

  await_result (result);
  assert_left_nothing ();
  end = ofl_updater_cage_run_finish (self->cage, *result, &error);
  g_assert_no_error (error);
  g_test_message ("status %d: %s", end->status, end->output);
  g_clear_object (result);
  return end;
}

static OflUpdaterEnd *
run (Fixture *self, const char *way, const char *what, const char *more)
{
  GAsyncResult *result = NULL;

  start (self, way, what, more, &result);
  return finish (self, &result);
}

static gboolean
skipped (const Fixture *self)
{
  if (missing != NULL)
    g_test_skip (missing);
  else if (self->exe == NULL)
    g_test_skip ("There is no compiler for Windows programs (Debian: gcc-mingw-w64).");
  else
    return FALSE;
  return TRUE;
}

static void
assert_sent_image (Fixture *self)
{
  gsize size;
  const guint8 *image = g_bytes_get_data (self->image, &size);

  g_assert_cmpmem (self->bench->handler->sent->data, self->bench->handler->sent->len, image, size);
}

static void
assert_inquiry (Fixture *self, const char *way)
{
  g_autoptr (OflUpdaterEnd) end = run (self, way, "inquiry", NULL);

  g_assert_nonnull (strstr (end->output, "drive D status 00: OPTIFLSHPRACTICE STD    1.00"));
  g_assert_cmpint (end->status, ==, 0);
  g_assert_false (end->crashed);
}

static void
test_inquiry (Fixture *self, gconstpointer data)
{
  Seen aspi;

  if (skipped (self))
    return;
  assert_inquiry (self, "direct");
  assert_inquiry (self, "indirect");
  assert_inquiry (self, "aspi");
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

  if (skipped (self))
    return;
  end = run (self, "direct", "address", NULL);
  g_assert_nonnull (strstr (end->output, "address 1: 2 0 0 0"));
  g_assert_nonnull (strstr (end->output, "adapter 1: 1 bus, OPTIFLSH"));
}

/* By every way, with a window; the drive holds what the program sent. */
static void
test_flash (Fixture *self, gconstpointer way)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (skipped (self))
    return;
  end = run (self, way, "flash", NULL);
  g_assert_cmpint (end->status, ==, 0);
  assert_sent_image (self);
  g_assert_true (ofl_practice_drive_holds (self->bench->drive, self->image));
}

/* Whoever does not ask for its windows gets them on a display that nobody sees, though there is another. */
static void
test_hidden (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflUpdaterEnd) asked = NULL, end = NULL;
  g_autofree char *before = g_strdup (g_getenv ("DISPLAY"));

  if (skipped (self))
    return;
  if (!ofl_updater_cage_check (FALSE, &error))
    {
      g_test_skip (error->message);
      return;
    }
  self->shown = FALSE;
  g_setenv ("DISPLAY", ":7777", TRUE);
  asked = run (self, "direct", "display", NULL);
  g_assert_nonnull (strstr (asked->output, "display :0 1024x768"));
  g_assert_cmpint (asked->status, ==, 0);
  /* with a bar that lies */
  end = run (self, "direct", "jump", NULL);
  g_assert_cmpint (end->status, ==, 0);
  assert_sent_image (self);
  if (before != NULL)
    g_setenv ("DISPLAY", before, TRUE);
  else
    g_unsetenv ("DISPLAY");
}

/* Whether somebody runs a program on the template */
static gboolean
cache_is_in_use (void)
{
  g_autofree char *path = g_build_filename (cache, "lock", NULL);
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

  if (skipped (self))
    return;
  self->bench->handler->rule = RULE_DEFAULT;
  start (self, "direct", "flash", NULL, &result);
  serial = bench_wait_held (self->bench)->serial;
  g_assert_true (cache_is_in_use ());
  bench_run (500);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (self->bench->drive), ==, 0);
  self->bench->handler->rule = RULE_RUN;
  ofl_updater_broker_release (self->bench->broker, serial, OFL_UPDATER_RUN, NULL);
  end = finish (self, &result);
  g_assert_false (cache_is_in_use ());
  g_assert_cmpint (end->status, ==, 0);
  assert_sent_image (self);
}

/* The child works on when its parent has ended; the cage stands until it has. */
static void
test_child (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (skipped (self))
    return;
  end = run (self, "direct", "child", NULL);
  g_assert_cmpint (end->status, ==, 0);
  assert_sent_image (self);
}

static void
test_crash (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (skipped (self))
    return;
  end = run (self, "direct", "crash", NULL);
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

  if (skipped (self))
    return;
  end = run (self, "direct", "cover", NULL);
  g_assert_cmpint (end->status, ==, 0);
  g_assert_cmpuint (bench_n_answered (self->bench), ==, 1);
}

/* What says that the cage has begun is out of the program's reach, for saying it and for unsaying it. */
static void
test_begun (Fixture *self, gconstpointer data)
{
  const char *const forge[] = { "sh", "-c", "echo forged >&9", NULL };
  g_autofree char *program
      = g_build_filename (self->folder, "drive_c", OFL_CAGE_PROGRAM_FOLDER, NULL);
  const OflCageLayout layout = { .prefix = self->folder };
  const OflCageLayout broken = { .prefix = "/nonexistent" };
  g_autoptr (GSubprocess) process = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  char said[32] = "";
  int begun;

  if (skipped (self))
    return;
  g_assert_cmpint (g_mkdir_with_parents (program, 0700), ==, 0);
  process = ofl_cage_spawn (&layout, forge, &begun, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (process, NULL, NULL, NULL, NULL, NULL));
  g_assert_false (g_subprocess_get_successful (process));
  g_assert_cmpint (read (begun, said, sizeof said - 1), >, 0);
  g_assert_cmpstr (said, ==, "begun\n");
  close (begun);
  none = ofl_cage_spawn (&broken, forge, &begun, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (none, NULL, NULL, NULL, NULL, NULL));
  g_assert_false (ofl_cage_has_begun (begun));
  close (begun);
}

static void
test_ended (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;
  GAsyncResult *result = NULL;
  guint n;

  if (skipped (self))
    return;
  start (self, "direct", "hang", NULL, &result);
  while (ofl_practice_drive_get_n_writes (self->bench->drive) == 0)
    g_main_context_iteration (NULL, TRUE);
  bench_run (2000);
  ofl_updater_cage_end (self->cage);
  end = finish (self, &result);
  g_assert_true (end->ended_by_us);
  g_assert_cmpint (end->status, ==, -1);
  n = bench_n_seen (self->bench);
  bench_run (1000);
  g_assert_cmpuint (bench_n_seen (self->bench), ==, n);
}

/* A cancellable ends the run that it was given to, and none that comes after it. */
static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) first = g_cancellable_new (), second = g_cancellable_new ();
  g_autoptr (OflUpdaterEnd) refused = NULL, ended = NULL;
  GAsyncResult *result = NULL;

  if (skipped (self))
    return;
  self->bench->handler->rule = RULE_DEFAULT;
  self->cancellable = first;
  assert_inquiry (self, "direct");
  self->cancellable = second;
  start (self, "direct", "flash", NULL, &result);
  bench_wait_held (self->bench);
  g_cancellable_cancel (first);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  self->bench->handler->rule = RULE_REFUSE;
  ofl_updater_broker_release (self->bench->broker,
                              ofl_updater_broker_get_held (self->bench->broker)->serial,
                              OFL_UPDATER_REFUSE, NULL);
  refused = finish (self, &result);
  g_assert_false (refused->ended_by_us);
  g_assert_cmpint (refused->status, ==, 1);
  self->bench->handler->rule = RULE_DEFAULT;
  start (self, "direct", "flash", NULL, &result);
  bench_wait_held (self->bench);
  g_cancellable_cancel (second);
  ended = finish (self, &result);
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

  if (skipped (self))
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

static void
assert_says (Fixture *self, const char *what, const char *more, const char *expected)
{
  g_autoptr (OflUpdaterEnd) end = run (self, "direct", what, more);

  g_assert_nonnull (strstr (end->output, expected));
}

/* A file of ours that every program outside can read, and a port that every one can reach */
static void
test_walls (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *port = NULL;

  if (skipped (self))
    return;
  port = g_strdup_printf ("%u", g_socket_listener_add_any_inet_port (listener, NULL, NULL));
  assert_says (self, "second", NULL, "others 0, drive 1");
  assert_says (self, "network", port, "network none");
  assert_says (self, "home", self->image_path, "home read 0, system written 0");
  g_assert_cmpuint (bench_n_seen (self->bench), ==, 1); /* the one drive's own INQUIRY */
}

/* Of Linux' processes it sees those of the cage alone: fewer than thirty, and no others' numbers. */
static void
test_processes (Fixture *self, gconstpointer data)
{
  g_autoptr (OflUpdaterEnd) end = NULL;
  const char *found;
  int n_windows = 0, n_linux = 0;

  if (skipped (self))
    return;
  end = run (self, "direct", "processes", NULL);
  found = strstr (end->output, "windows ");
  g_assert_nonnull (found);
  g_assert_cmpint (sscanf (found, "windows %d linux %d", &n_windows, &n_linux), ==, 2);
  g_assert_cmpint (n_linux, >, 0);
  g_assert_cmpint (n_linux, <=, n_windows + 6);
}

/* One program leaves nothing for the next: of the cache's files all are the template's and the lock's. */
static void
test_leaves_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (skipped (self))
    return;
  assert_inquiry (self, "direct");
  dir = g_dir_open (cache, 0, NULL);
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
  if (skipped (self))
    return;
  if (!g_file_test (wine_32, G_FILE_TEST_EXISTS))
    g_test_skip ("Wine runs no 32-bit programs here (Debian: wine32:i386).");
  else if (!g_file_test (preload, G_FILE_TEST_EXISTS))
    g_test_skip ("There is no 32-bit preload library (Debian: gcc-i686-linux-gnu).");
  else
    {
      assert_inquiry (self, "direct");
      assert_inquiry (self, "indirect");
      assert_inquiry (self, "aspi");
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
  return finish (self, &result);
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

  if (skipped (self))
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
  assert_sent_image (self);
  bench_wait_burn (self->bench);
  g_assert_true (ofl_practice_drive_holds (self->bench->drive, self->image));
}

/* Without Wine: what the cage is told to show is all there is. */
static void
test_arguments (void)
{
  const OflCageLayout layout = { .prefix = "/outside/run",
                                 .windows = "/outside/windows",
                                 .drive = "/outside/drive",
                                 .socket = "/outside/broker",
                                 .libdir = "/nowhere",
                                 .display = ":7.1",
                                 .xauthority = "/outside/xauthority" };
  const char *const command[] = { "wine", "x.exe", NULL };
  g_auto (GStrv) argv = ofl_cage_arguments (&layout, command);
  g_autofree char *line = g_strjoinv (" ", argv);
  const char *const must[] = { "--unshare-net",
                               "--unshare-pid",
                               "--unshare-ipc",
                               "--cap-drop ALL",
                               "--clearenv",
                               "--die-with-parent",
                               "--new-session",
                               "--bind /outside/run /cage/prefix",
                               "--ro-bind /outside/windows /cage/prefix/drive_c/windows",
                               "--bind /outside/broker /cage/broker",
                               "--ro-bind-try /tmp/.X11-unix/X7 /tmp/.X11-unix/X7" };
  const char *const sources[] = { "/outside/",         "/usr",       "/etc/ld.so.cache",
                                  "/etc/alternatives", "/etc/fonts", "/tmp/.X11-unix/X7" };

  for (guint i = 0; i < G_N_ELEMENTS (must); i++)
    g_assert_nonnull (strstr (line, must[i]));
  g_assert_null (strstr (line, "--share-net"));
  g_assert_null (strstr (line, "--dev-bind"));
  for (guint i = 0; argv[i] != NULL; i++)
    if (strstr (argv[i], "bind") != NULL && g_str_has_prefix (argv[i], "--"))
      {
        guint n = 0;

        for (guint k = 0; k < G_N_ELEMENTS (sources); k++)
          n += g_str_has_prefix (argv[i + 1], sources[k]);
        g_assert_cmpuint (n, ==, 1);
        if (strcmp (argv[i], "--bind") == 0)
          g_assert_true (g_str_has_prefix (argv[i + 1], "/outside/"));
      }
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

/* Some computers of CI let nobody make a namespace, though bubblewrap is there. */
static const char *
find_missing (void)
{
  static char *reason;
  g_autoptr (GError) error = NULL;
  g_auto (Ran) ran = { NULL, NULL, 0 };
  g_autoptr (GSubprocess) process = NULL;

  if (!ofl_updater_cage_check (TRUE, &error))
    return reason = g_strdup (error->message);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                              &error, "bwrap", "--ro-bind", "/", "/", "--unshare-net",
                              "--unshare-pid", "true", NULL);
  g_assert_no_error (error);
  ran_wait (&ran, process);
  if (ran.status != 0)
    reason = g_strdup (ran.err);
  return reason;
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  missing = find_missing ();
  cache = scratch_new ();
#define ADD(name, data, function) \
  g_test_add ("/updater/cage/" name, Fixture, data, fixture_up, function, fixture_down)
  g_test_add_func ("/updater/cage/arguments", test_arguments);
  g_test_add_func ("/updater/cage/missing", test_missing);
  g_test_add_func ("/updater/cage/no-namespaces", test_no_namespaces);
  ADD ("inquiry", NULL, test_inquiry);
  ADD ("address", NULL, test_address);
  ADD ("flash/direct", "direct", test_flash);
  ADD ("flash/indirect", "indirect", test_flash);
  ADD ("flash/aspi", "aspi", test_flash);
  ADD ("hidden", NULL, test_hidden);
  ADD ("held", NULL, test_held);
  ADD ("child", NULL, test_child);
  ADD ("crash", NULL, test_crash);
  ADD ("cover", NULL, test_cover);
  ADD ("begun", NULL, test_begun);
  ADD ("ended", NULL, test_ended);
  ADD ("cancel", NULL, test_cancel);
  ADD ("cancel-making", NULL, test_cancel_making);
  ADD ("walls", NULL, test_walls);
  ADD ("processes", NULL, test_processes);
  ADD ("leaves-nothing", NULL, test_leaves_nothing);
  ADD ("32-bit", NULL, test_32_bit);
  ADD ("foreign", NULL, test_foreign);
  status = g_test_run ();
  scratch_free (cache);
  return status;
}
