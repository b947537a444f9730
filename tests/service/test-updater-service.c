/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maker's program as a job of the service, which limits itself so much that a keeper makes the cage:
 * asked over the bus, left by its client, with a keeper that dies or is none. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../updater/cage-missing.h"
#include "bus.h"
#include "families/ofl-families.h"
#include "firmware/ofl-firmware.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape.h"
#include "updater/ofl-updater-keeper.h"

#define DRIVE "practice:standard"

typedef struct {
  Bus *bus;
  char *image_path;
  OflUpdaterOptions *run;
  OflImage *image; /* NULL: nobody knows one */
  int tape;
} Bench;

static Scratch *cache; /* of Wine's prefix, made once for all tests */

static OflImage *
load_image (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (OflFirmware) firmware = ofl_firmware_load (file, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ofl_families_recognise (firmware, &error));
  return ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

static void
up (Bench *self, gconstpointer what)
{
  const char *const arguments[] = { "direct", what, "", NULL };
  g_auto (Ran) ran = { 0 };
  const char *files[] = { g_getenv ("UPDATER_EXE_X86_64"), NULL, NULL };

  self->bus = bus_new (NULL, 600);
  self->image_path = g_build_filename (self->bus->dir, "image.bin", NULL);
  bus_run_ctl (self->bus, &ran, "practice", "image", "standard", "1.01", self->image_path, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  files[1] = self->image_path;
  self->run = ofl_updater_options_new (files);
  g_strfreev (self->run->arguments);
  self->run->arguments = g_strdupv ((char **) arguments);
  g_free (self->run->cache);
  self->run->cache = g_build_filename (cache, "optiflash", "wine", NULL);
  g_free (self->run->libdir);
  self->run->libdir = g_strdup (g_getenv ("UPDATER_LIBDIR"));
  self->run->shown = FALSE;
  self->tape = -1;
}

static void
down (Bench *self, gconstpointer data)
{
  g_clear_pointer (&self->image, ofl_image_unref);
  ofl_updater_options_free (self->run);
  g_free (self->image_path);
  bus_free (self->bus);
}

static int
append (GUnixFDList *fds, int fd)
{
  int index = fd >= 0 ? g_unix_fd_list_append (fds, fd, NULL) : -1;

  if (fd >= 0)
    close (fd);
  return index;
}

/* As a client does it; @keeper: the job's end of whatever stands there as a keeper, -1 for none. */
static OflDBusJob *
try_start (Bench *self, int keeper, GVariant *program, GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflDBusManager) manager = ofl_dbus_manager_proxy_new_sync (
      self->bus->connection,
      G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS | G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
      OFL_SERVICE_NAME, OFL_SERVICE_PATH, NULL, NULL);
  g_autofree char *path = NULL;
  int firmware = -1, tape;

  options->accept_no_backup = TRUE;
  if (self->image != NULL)
    {
      g_clear_object (&fds);
      fds = ofl_wire_pack_image (self->image, NULL);
      firmware = 0;
    }
  keeper = append (fds, keeper);
  tape = append (fds, self->tape);
  if (!ofl_dbus_manager_call_start_updater_sync (manager, DRIVE, g_variant_new_parsed ("@a{ss} {}"),
                                                 ofl_wire_pack_options (options, self->image, 0),
                                                 firmware, program, keeper, tape, fds, &path, NULL,
                                                 NULL, error))
    return NULL;
  return ofl_dbus_job_proxy_new_sync (self->bus->connection,
                                      G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS
                                          | G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                                      OFL_SERVICE_NAME, path, NULL, error);
}

static OflDBusJob *
start (Bench *self)
{
  g_autoptr (GError) error = NULL;
  int keeper = ofl_updater_keeper_spawn (g_getenv ("OPTIFLASH_CAGE"), self->run, &error);
  OflDBusJob *job;

  g_assert_no_error (error);
  job = try_start (self, keeper, ofl_wire_pack_updater (self->run), &error);
  g_assert_no_error (error);
  return job;
}

/* NULL when the job ended before it had asked anything. */
static OflQuestion *
wait_question (OflDBusJob *job)
{
  for (;;)
    {
      g_autoptr (GVariant) view = NULL, lines = NULL, result = NULL;
      g_autoptr (OflResult) end = NULL;
      g_autoptr (GError) error = NULL;
      OflQuestion *question;

      ofl_dbus_job_call_poll_sync (job, G_MAXINT64, 1, &view, &lines, &result, NULL, &error);
      g_assert_no_error (error);
      question = ofl_wire_unpack_question (view);
      end = ofl_wire_unpack_result (result);
      if (question != NULL || end != NULL)
        return question;
      sleep_ms (20);
    }
}

static gboolean
answer (OflDBusJob *job, guint number, gboolean yes)
{
  return ofl_dbus_job_call_answer_sync (job, number, yes, NULL, NULL);
}

static void
assert_end (OflDBusJob *job, const char *verdict, const char *part)
{
  g_autoptr (OflResult) end = bus_wait_end (job);

  g_test_message ("%s: %s | %s", ofl_verdict_id (end->verdict), end->what, end->next);
  g_assert_cmpstr (ofl_verdict_id (end->verdict), ==, verdict);
  g_assert_nonnull (strstr (end->what, part));
}

/* What the drive says to another process. */
static void
assert_revision (Bench *self, const char *revision)
{
  g_auto (Ran) ran = { 0 };
  g_autofree char *part = g_strdup_printf ("Revision      %s\n", revision);

  bus_run_ctl (self->bus, &ran, "--in-process", "--practice-speed=0", "info", DRIVE, NULL);
  g_test_message ("%s", ran.out);
  g_assert_nonnull (strstr (ran.out, part));
}

/* Its question crosses the bus, an answer to another one is none, and the tape is the user's own file. */
static void
test_answered (Bench *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->bus->dir, "tape", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (OflDBusJob) job = NULL;
  g_autoptr (OflQuestion) question = NULL;
  g_autoptr (OflTape) tape = NULL;
  OflProgressView view;

  self->image = load_image (self->image_path);
  self->run->tape = g_strdup (path);
  self->tape = open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  job = start (self);
  question = wait_question (job);
  g_assert_nonnull (question);
  g_assert_nonnull (strstr (question->text, "WRITE BUFFER"));
  g_assert_null (bus_poll (job, &view));
  g_assert_true (view.by_other && view.held && view.cancelable);
  g_assert_false (answer (job, question->number + 1, TRUE));
  g_assert_true (answer (job, question->number, TRUE));
  assert_end (job, "confirmed", "1.01");
  g_assert_false (answer (job, question->number, TRUE));
  assert_revision (self, "1.01");
  tape = ofl_tape_load (file, NULL, NULL);
  g_assert_nonnull (tape);
}

static void
test_disagreed (Bench *self, gconstpointer data)
{
  g_autoptr (OflDBusJob) job = start (self);
  g_autoptr (OflQuestion) question = wait_question (job);

  g_assert_nonnull (question);
  g_assert_true (answer (job, question->number, FALSE));
  assert_end (job, "cancelled", "not agreed");
  assert_revision (self, "1.00");
}

/* The command line is killed in the middle; the job goes on without it, and the program in its cage. */
static void
test_left (Bench *self, gconstpointer data)
{
  g_autofree char *direct = g_strdup ("--argument=direct");
  g_autoptr (GSubprocess) client = bus_start_ctl (self->bus, "--practice-speed=0", "updater", DRIVE,
                                                  g_getenv ("UPDATER_EXE_X86_64"), self->image_path,
                                                  direct, "--argument=flash",
                                                  "--argument=", "--hidden", "--yes",
                                                  "--accept-no-backup", NULL);
  g_autoptr (OflDBusJob) job = bus_wait_job (self->bus);

  g_subprocess_force_exit (client);
  assert_end (job, "unknown", "1.01"); /* the program holds no image that could be looked for */
  assert_revision (self, "1.01");
}

static int
find_keeper (void)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "exe", NULL);
      g_autofree char *exe = g_file_read_link (path, NULL);
      g_autofree char *status_path = g_build_filename ("/proc", name, "status", NULL);
      g_autofree char *parent = g_strdup_printf ("PPid:\t%d\n", getpid ());
      g_autofree char *status = NULL;

      if (g_strcmp0 (exe, g_getenv ("OPTIFLASH_CAGE")) == 0
          && g_file_get_contents (status_path, &status, NULL, NULL)
          && strstr (status, parent) != NULL)
        return atoi (name);
    }
  return 0;
}

/* With the keeper the program goes, and nothing of it reaches the drive any more. */
static void
test_keeper_killed (Bench *self, gconstpointer data)
{
  g_autoptr (OflDBusJob) job = start (self);
  g_autoptr (OflQuestion) question = wait_question (job);
  g_autofree char *log = NULL;
  int keeper = find_keeper ();

  g_assert_nonnull (question);
  g_assert_cmpint (keeper, >, 0);
  kill (keeper, SIGKILL);
  assert_end (job, "failed-untouched", "has ended, and the program with it");
  log = bus_read_log (job);
  g_assert_nonnull (strstr (log, "has ended, and the program with it"));
  assert_revision (self, "1.00");
}

static void
up_impatient (Bench *self, gconstpointer what)
{
  g_setenv ("OPTIFLASHD_OPTIONS", "--answer-seconds=1", TRUE);
  up (self, what);
  g_unsetenv ("OPTIFLASHD_OPTIONS");
}

static gboolean
is_finished (Bench *self, OflDBusJob *job)
{
  g_autoptr (GVariant) boxed = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->bus->connection, OFL_SERVICE_NAME, g_dbus_proxy_get_object_path (G_DBUS_PROXY (job)),
      "org.freedesktop.DBus.Properties", "Get",
      g_variant_new ("(ss)", OFL_SERVICE_NAME ".Job", "Finished"), G_VARIANT_TYPE ("(v)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_assert_nonnull (reply);
  boxed = g_variant_get_child_value (reply, 0);
  value = g_variant_get_variant (boxed);
  return g_variant_get_boolean (value);
}

/* Nobody looks at the job any more: the drive is not held for ever. */
static void
test_unwatched (Bench *self, gconstpointer data)
{
  g_autoptr (OflDBusJob) job = start (self);
  g_autoptr (OflQuestion) question = wait_question (job);

  g_assert_nonnull (question);
  /* a property is no look at the job */
  while (!is_finished (self, job))
    sleep_ms (20);
  assert_end (job, "cancelled", "Nobody looked");
}

/* A keeper that says nothing is not waited for by whoever cancels, and the end is the cancel's. */
static void
test_cancelled_early (Bench *self, gconstpointer data)
{
  g_autoptr (OflDBusJob) job = NULL;
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  job = try_start (self, fds[0], ofl_wire_pack_updater (self->run), &error);
  g_assert_no_error (error);
  g_assert_true (ofl_dbus_job_call_cancel_sync (job, NULL, &error));
  assert_end (job, "cancelled", "");
  close (fds[1]);
}

static void
assert_refused (Bench *self, int keeper, GVariant *program, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDBusJob) job = try_start (self, keeper, program, &error);

  g_assert_null (job);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

/* Nothing of what comes in is believed. */
static void
test_hostile (Bench *self, gconstpointer data)
{
  g_autoptr (OflDBusJob) deaf = NULL;
  g_autoptr (OflDBusJob) junk = NULL;
  g_autoptr (GError) error = NULL;
  int fds[2];

  assert_refused (self, -1, ofl_wire_pack_updater (self->run), "not handed over");
  assert_refused (self, open ("/dev/null", O_RDWR | O_CLOEXEC), g_variant_new_parsed ("@a{sv} {}"),
                  "not handed over");
  assert_refused (self, open ("/dev/null", O_RDWR | O_CLOEXEC),
                  g_variant_new_parsed ("{'file': <'x.exe'>, 'tape': <'x'>}"), "not handed over");
  assert_refused (self, open ("/dev/null", O_RDWR | O_CLOEXEC),
                  g_variant_new_parsed ("{'file': <'x.exe'>, 'shell': <true>}"), "shell");
  deaf = try_start (self, open ("/dev/null", O_RDWR | O_CLOEXEC), ofl_wire_pack_updater (self->run),
                    &error);
  g_assert_no_error (error);
  assert_end (deaf, "failed-untouched", "does not answer");
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_cmpint (write (fds[1], "junk", 4), ==, 4);
  junk = try_start (self, fds[0], ofl_wire_pack_updater (self->run), &error);
  g_assert_no_error (error);
  assert_end (junk, "failed-untouched", "does not answer");
  close (fds[1]);
}

#define ADD(name, before, test) \
  g_test_add ("/service/updater/" name, Bench, "flash", before, test, down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (cage_skip_all ())
    return 0;
  cache = scratch_new ();
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_setenv ("OFL_UPDATER_LIBDIR", g_getenv ("UPDATER_LIBDIR"), TRUE);
  ADD ("answered", up, test_answered);
  ADD ("disagreed", up, test_disagreed);
  ADD ("left", up, test_left);
  ADD ("keeper-killed", up, test_keeper_killed);
  ADD ("unwatched", up_impatient, test_unwatched);
  ADD ("cancelled-early", up, test_cancelled_early);
  ADD ("hostile", up, test_hostile);
  status = g_test_run ();
  scratch_free (cache);
  return status;
}
