/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The preload library in a small native program that asks a drive as Wine does, against the broker and
 * a practice drive; so the way is held where there is no Wine. */
#include <string.h>

#include "cage-kit.h"
#include "kit/ran.h"
#include "kit/scratch.h"

typedef struct {
  Scratch *folder;
  char *socket;
  char *drive;
  Bench *bench;
} Fixture;

static void
fixture_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = scratch_new ();
  self->socket = g_build_filename (self->folder, "broker", NULL);
  self->drive = g_build_filename (self->folder, "drive", NULL);
  scratch_put (self->folder, "drive", "");
  self->bench = bench_new ();
  self->bench->handler->rule = RULE_RUN;
  ofl_updater_broker_listen (self->bench->broker, self->socket, &error);
  g_assert_no_error (error);
}

static void
fixture_down (Fixture *self, gconstpointer data)
{
  bench_close (self->bench);
  bench_free (self->bench);
  g_free (self->socket);
  g_free (self->drive);
  scratch_free (self->folder);
}

static GSubprocess *
start (Fixture *self, const char *what, const char *more)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "LD_PRELOAD", g_getenv ("UPDATER_PRELOAD"), TRUE);
  g_subprocess_launcher_setenv (launcher, OFL_UPDATER_WIRE_SOCKET, self->socket, TRUE);
  g_subprocess_launcher_setenv (launcher, OFL_UPDATER_WIRE_DRIVE, self->drive, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("UPDATER_NATIVE"), self->drive,
                                         what, more, NULL);
  g_assert_no_error (error);
  return process;
}

static void
assert_says (Fixture *self, const char *what, const char *more, const char *expected)
{
  g_autoptr (GSubprocess) process = start (self, what, more);
  g_auto (Ran) ran = { NULL, NULL, 0 };

  ran_wait_and_answer (&ran, process);
  g_assert_cmpstr (ran.err, ==, "");
  if (expected != NULL)
    g_assert_cmpstr (ran.out, ==, expected);
  g_assert_cmpint (ran.status, ==, 0);
}

static void
test_inquiry (Fixture *self, gconstpointer data)
{
  assert_says (self, "inquiry", NULL, "OPTIFLSHPRACTICE STD    1.00\n");
  assert_says (self, "packet", NULL, "OPTIFLSHPRACTICE STD    1.00\n");
  g_assert_cmpuint (bench_n_answered (self->bench), ==, 2);
}

/* What Wine looks at before it sends anything. */
static void
test_address (Fixture *self, gconstpointer data)
{
  assert_says (self, "address", NULL, "block 11:0 id 0 version 30536 bus 0\n");
  assert_says (self, "other", NULL, "untouched, ENOTTY\n");
  g_assert_cmpuint (bench_n_seen (self->bench), ==, 0);
}

/* UNIT ATTENTIONs come first. */
static void
assert_status (Fixture *self, const char *expected)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GSubprocess) process = start (self, "status", NULL);
      g_auto (Ran) ran = { NULL, NULL, 0 };

      ran_wait_and_answer (&ran, process);
      g_assert_cmpint (ran.status, ==, 0);
      if (strcmp (ran.out, expected) == 0)
        return;
      g_assert_cmpstr (ran.out, ==, "0\n");
    }
  g_assert_not_reached ();
}

/* CDROM_DRIVE_STATUS: 1 no disc, 2 the tray is open, 4 a disc */
static void
test_status (Fixture *self, gconstpointer data)
{
  assert_status (self, "1\n");
  ofl_practice_drive_set_disc (self->bench->drive, TRUE);
  assert_status (self, "4\n");
}

static void
test_write (Fixture *self, gconstpointer data)
{
  const guint size = 60000;
  const GByteArray *sent = self->bench->handler->sent;
  const char *argument = "60000";

  assert_says (self, "inquiry", NULL, NULL);
  assert_says (self, "write", argument, NULL);
  g_assert_cmpuint (sent->len, ==, size);
  for (guint i = 0; i < size; i++)
    g_assert_cmphex (sent->data[i], ==, (guint8) (i * 7 + i / 256));
}

static void
test_bad (Fixture *self, gconstpointer data)
{
  g_autoptr (GSubprocess) process = start (self, "bad", NULL);
  g_auto (Ran) ran = { NULL, NULL, 0 };

  ran_wait_and_answer (&ran, process);
  g_assert_nonnull (strstr (ran.out, "refused 8\n"));
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (self->bench->drive), ==, 0);
  assert_says (self, "inquiry", NULL, NULL);
}

static void
test_threads (Fixture *self, gconstpointer data)
{
  assert_says (self, "threads", "8", NULL);
  g_assert_cmpuint (bench_n_answered (self->bench), ==, 160);
}

/* A program that is killed while it waits: what it asked never reaches the drive. */
static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_auto (Ran) ran = { NULL, NULL, 0 };

  self->bench->handler->rule = RULE_DEFAULT;
  process = start (self, "write", "100");
  bench_wait_held (self->bench);
  g_subprocess_force_exit (process);
  ran_wait_and_answer (&ran, process);
  while (self->bench->handler->n_withdrawn == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->bench->handler->sent->len, ==, 0);
  assert_says (self, "inquiry", NULL, NULL);
}

/* Nobody listens any more: the program is told that its drive has gone. */
static void
test_no_broker (Fixture *self, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_auto (Ran) ran = { NULL, NULL, 0 };

  bench_close (self->bench);
  process = start (self, "inquiry", NULL);
  ran_wait_and_answer (&ran, process);
  g_assert_cmpstr (ran.out, ==, "errno ENODEV\n");
  g_assert_cmpint (ran.status, ==, 1);
  bench_free (self->bench);
  self->bench = bench_new ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/updater/preload/" name, Fixture, NULL, fixture_up, function, fixture_down)
  ADD ("inquiry", test_inquiry);
  ADD ("address", test_address);
  ADD ("status", test_status);
  ADD ("write", test_write);
  ADD ("bad", test_bad);
  ADD ("threads", test_threads);
  ADD ("killed", test_killed);
  ADD ("no-broker", test_no_broker);
  return g_test_run ();
}
