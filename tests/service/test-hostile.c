/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For a minute a client sends what no client should, a thousand calls a second, while a drive is
 * written: the write ends verified, the service answers all the time, and it does not grow. */
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bus.h"

#define SECONDS 60
#define CALLS_A_SECOND 1000
#define BATCH 25
/* A flood of which the service has not seen to more than this waits for it: the machine can't carry it, and what
 * is queued would only grow. A service that is itself as slow as that is found by what the other client waits. */
#define MOST_AHEAD (5 * CALLS_A_SECOND)
/* 40 s of programming take 67 s at this speed: longer than the minute. */
#define SPEED "0.6"
/* What waits in queues while a machine is busy, and what the job's end needs, is given back. */
#define MAX_PEAK_KB (32 * 1024)

/* A sanitizer is slow, and its own memory grows with what it watches. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) \
    || __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NO_SANITIZER FALSE
#else
#define NO_SANITIZER TRUE
#endif

typedef struct {
  char *address;
  char *image;
  char *job;
  GRand *random;
  GDBusConnection *connection;
  /* by g_atomic_* alone: of the calls that were sent, how many were before one of the other client's that has its
   * answer */
  gint sent, seen_to;
  gint stop;
} Hostile;

static gboolean
one_in (Hostile *h, gint n)
{
  return g_rand_int_range (h->random, 0, n) == 0;
}

static const char *
pick (Hostile *h, const char *const *list, guint n)
{
  return list[g_rand_int_range (h->random, 0, (gint32) n)];
}

#define PICK(h, list) pick (h, list, G_N_ELEMENTS (list))

/* Valid UTF-8, for the bus daemon itself throws out the rest. */
static char *
random_text (Hostile *h)
{
  guint length = one_in (h, 20) ? 60000 : (guint) g_rand_int_range (h->random, 0, 80);
  GString *text = g_string_sized_new (length);

  while (text->len < length)
    g_string_append_unichar (text, one_in (h, 4)
                                       ? (gunichar) g_rand_int_range (h->random, 1, 0xd7ff)
                                       : (gunichar) g_rand_int_range (h->random, 32, 126));
  return g_string_free (text, FALSE);
}

static GVariant *
random_value (Hostile *h, guint depth)
{
  g_autofree char *text = random_text (h);

  switch (g_rand_int_range (h->random, 0, depth > 0 ? 9 : 7))
    {
    case 0:
      return g_variant_new_string (text);
    case 1:
      return g_variant_new_int32 ((gint32) g_rand_int (h->random));
    case 2:
      return g_variant_new_uint64 (((guint64) g_rand_int (h->random) << 32) | 7);
    case 3:
      return g_variant_new_boolean (one_in (h, 2));
    case 4:
      return g_variant_new_double (one_in (h, 2) ? -1e300 : (double) NAN);
    case 5:
      return g_variant_new_object_path ("/");
    case 6:
      return g_variant_new_byte ((guint8) g_rand_int (h->random));
    case 7:
      return g_variant_new_variant (random_value (h, depth - 1));
    default:
      return g_variant_new_tuple ((GVariant *[]){ random_value (h, depth - 1) }, 1);
    }
}

static GVariant *
random_options (Hostile *h)
{
  static const char *const names[] = { "image-sha256",    "name",    "family",         "choices",
                                       "accept-warnings", "rewrite", "practice-speed", "image-file",
                                       "image-with",      "bogus" };
  GVariantBuilder builder;
  guint n = (guint) g_rand_int_range (h->random, 0, one_in (h, 30) ? 2000 : 6);

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&builder, "{sv}", PICK (h, names), random_value (h, 2));
  return g_variant_builder_end (&builder);
}

static GVariant *
random_expected (Hostile *h)
{
  static const char *const names[] = { "vendor", "product", "serial", "x" };
  GVariantBuilder builder;
  guint n = (guint) g_rand_int_range (h->random, 0, 4);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = random_text (h);

      g_variant_builder_add (&builder, "{ss}", PICK (h, names), text);
    }
  return g_variant_builder_end (&builder);
}

/* Files that are none, or too large, or other people's devices. */
static int
open_something (Hostile *h)
{
  static const char *const paths[]
      = { "/dev/zero", "/dev/null", "/dev/urandom", "/proc/self/status", "/", "/etc/passwd" };
  int fd, ends[2];

  switch (g_rand_int_range (h->random, 0, 5))
    {
    case 0:
      if (pipe2 (ends, O_CLOEXEC) != 0)
        return -1;
      close (ends[1]);
      return ends[0];
    case 1: /* huge, and all holes */
      fd = memfd_create ("huge", MFD_CLOEXEC);
      if (fd >= 0 && ftruncate (fd, G_GINT64_CONSTANT (1) << 40) != 0)
        g_test_message ("no huge file");
      return fd;
    case 2: /* random bytes */
      fd = memfd_create ("noise", MFD_CLOEXEC);
      if (fd >= 0)
        {
          guint32 noise[1024];

          for (guint i = 0; i < G_N_ELEMENTS (noise); i++)
            noise[i] = g_rand_int (h->random);
          if (write (fd, noise, sizeof noise) < 0)
            g_test_message ("no noise");
        }
      return fd;
    case 3:
      return open (h->image, O_RDONLY | O_CLOEXEC);
    default:
      return open (PICK (h, paths), O_RDONLY | O_CLOEXEC);
    }
}

static GDBusMessage *
new_call (const char *path, const char *interface, const char *method, GVariant *body)
{
  GDBusMessage *message
      = g_dbus_message_new_method_call (OFL_SERVICE_NAME, path, interface, method);

  if (body != NULL)
    g_dbus_message_set_body (message, body);
  g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  return message;
}

static GDBusMessage *
make_start (Hostile *h)
{
  static const char *const kinds[] = { "flash", "backup", "verify", "erase", "" };
  static const char *const drives[]
      = { BU40N,       "practice:standard", "practice:../../x", "/dev/sda",
          "/dev/sr99", "/dev/sr0/../sda",   "/etc/passwd",      "",
          "practice:", "/dev/sr00" };
  gint32 index
      = (gint32[]){ 0, 0, 0, -1, 1, G_MAXINT32, G_MININT32 }[g_rand_int_range (h->random, 0, 7)];
  GDBusMessage *message = new_call (
      OFL_SERVICE_PATH, OFL_SERVICE_NAME ".Manager", "StartJob",
      g_variant_new ("(ss@a{ss}@a{sv}i)", PICK (h, kinds), PICK (h, drives), random_expected (h),
                     one_in (h, 2) ? random_options (h)
                                   : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0),
                     index));
  int fd = one_in (h, 4) ? -1 : open_something (h);

  if (fd >= 0)
    {
      g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);

      g_dbus_message_set_unix_fd_list (message, fds);
    }
  return message;
}

/* A job that may really run: a backup of the other practice drive, as fast as it goes. */
static GDBusMessage *
make_valid (Hostile *h)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "practice-speed", g_variant_new_double (0));
  return new_call (OFL_SERVICE_PATH, OFL_SERVICE_NAME ".Manager", "StartJob",
                   g_variant_new ("(ss@a{ss}@a{sv}i)", "backup", "practice:standard",
                                  g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0),
                                  g_variant_builder_end (&options), -1));
}

static GDBusMessage *
make_job_call (Hostile *h)
{
  static const char *const methods[] = { "Cancel", "Dismiss", "Poll" };
  static const char *const paths[] = { OFL_SERVICE_PATH "/jobs/0", OFL_SERVICE_PATH "/jobs/2",
                                       OFL_SERVICE_PATH "/jobs/4294967295", OFL_SERVICE_PATH, "/" };
  const char *method = PICK (h, methods);
  GVariant *body = NULL;

  if (g_str_equal (method, "Poll"))
    body = g_variant_new ("(tu)",
                          one_in (h, 2) ? G_MAXUINT64 : (guint64) g_rand_int (h->random) % 99,
                          g_rand_int (h->random));
  return new_call (one_in (h, 2) ? h->job : PICK (h, paths), OFL_SERVICE_NAME ".Job", method, body);
}

/* Any method of any interface with any arguments. */
static GDBusMessage *
make_malformed (Hostile *h)
{
  static const char *const methods[]
      = { "StartJob", "ListJobs", "Poll",   "Cancel",   "Dismiss",
          "Get",      "Set",      "GetAll", "Nonsense", "Introspect" };
  static const char *const interfaces[]
      = { OFL_SERVICE_NAME ".Manager",           OFL_SERVICE_NAME ".Job",
          "org.freedesktop.DBus.Properties",     "org.freedesktop.DBus.Peer",
          "org.freedesktop.DBus.Introspectable", "a.b" };
  GVariant *items[5];
  guint n = (guint) g_rand_int_range (h->random, 0, 6);

  for (guint i = 0; i < n; i++)
    items[i] = random_value (h, 3);
  return new_call (one_in (h, 2) ? OFL_SERVICE_PATH : h->job, PICK (h, interfaces),
                   PICK (h, methods), g_variant_new_tuple (items, n));
}

static GDBusMessage *
make_message (Hostile *h)
{
  switch (g_rand_int_range (h->random, 0, 40))
    {
    case 0:
      return make_valid (h);
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
      return make_start (h);
    default:
      return one_in (h, 3) ? make_malformed (h) : make_job_call (h);
    }
}

static void
connect_anew (Hostile *h)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&h->connection);
  h->connection = g_dbus_connection_new_for_address_sync (
      h->address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (h->connection, FALSE);
}

/* Vanishes with a call that expects an answer under way. */
static void
vanish (Hostile *h)
{
  g_autoptr (GDBusMessage) message = make_start (h);

  g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NONE);
  g_dbus_connection_send_message (h->connection, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL,
                                  NULL);
  g_dbus_connection_flush_sync (h->connection, NULL, NULL);
  g_dbus_connection_close_sync (h->connection, NULL, NULL);
  connect_anew (h);
}

/* Bytes that are no message: the bus ends the connection, and the service never hears of it. */
static void
send_garbage (Hostile *h)
{
  GOutputStream *stream
      = g_io_stream_get_output_stream (g_dbus_connection_get_stream (h->connection));
  static const char garbage[64] = "l\1\0\1\xff\xff\xff\x7f garbage";

  g_output_stream_write_all (stream, garbage, sizeof garbage, NULL, NULL, NULL);
  connect_anew (h);
}

static void
send_batch (Hostile *h)
{
  for (guint i = 0; i < BATCH; i++)
    {
      g_autoptr (GDBusMessage) message = make_message (h);

      /* a message that the bus refuses costs the connection: that is part of it */
      if (!g_dbus_connection_send_message (h->connection, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE,
                                           NULL, NULL))
        connect_anew (h);
      g_atomic_int_inc (&h->sent);
    }
  g_dbus_connection_flush_sync (h->connection, NULL, NULL);
  if (one_in (h, 40))
    vanish (h);
  if (one_in (h, 200))
    send_garbage (h);
}

static gpointer
hostile_thread (gpointer data)
{
  Hostile *h = data;
  gint64 begun = g_get_monotonic_time ();

  connect_anew (h);
  while (!g_atomic_int_get (&h->stop))
    {
      gint sent = g_atomic_int_get (&h->sent);
      gint64 due = begun + (gint64) sent * G_USEC_PER_SEC / CALLS_A_SECOND;
      gint64 now = g_get_monotonic_time ();

      if (now < due)
        g_usleep ((gulong) (due - now));
      while (sent - g_atomic_int_get (&h->seen_to) > MOST_AHEAD && !g_atomic_int_get (&h->stop))
        sleep_ms (10);
      send_batch (h);
    }
  g_clear_object (&h->connection);
  return NULL;
}

static guint
read_memory_kb (guint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/status", pid);
  g_autofree char *text = NULL;
  const char *found;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  found = strstr (text, "VmRSS:");
  g_assert_nonnull (found);
  return (guint) g_ascii_strtoull (found + strlen ("VmRSS:"), NULL, 10);
}

/* How long the bus itself takes for an answer now: what is slow there is not the service. */
static gint64
ask_bus (GDBusConnection *connection)
{
  gint64 asked = g_get_monotonic_time ();
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "GetId", NULL, NULL,
                                     G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, NULL);

  g_assert_nonnull (reply);
  return g_get_monotonic_time () - asked;
}

/* A well-behaved client among it all: how long does it wait at most? */
static gint64
watch (OflDBusJob *job, guint pid, Hostile *hostile, guint *most_kb, gint64 *worst_bus)
{
  gint64 end = g_get_monotonic_time () + (gint64) SECONDS * G_USEC_PER_SEC;
  g_autoptr (OflResult) result = NULL;
  gint64 worst = 0;
  gboolean gone = FALSE; /* the flood dismisses it when it has ended */

  /* where an answer takes long, the job may be over before the minute is */
  while (result == NULL && !gone && g_get_monotonic_time () < end)
    {
      gint64 asked = g_get_monotonic_time ();
      gint sent = g_atomic_int_get (&hostile->sent);
      OflProgressView view;

      g_clear_pointer (&result, ofl_result_free);
      result = bus_poll_unless_gone (job, &view, &gone);
      if (gone)
        break;
      g_atomic_int_set (&hostile->seen_to, sent);
      worst = MAX (worst, g_get_monotonic_time () - asked);
      *worst_bus = MAX (*worst_bus, ask_bus (g_dbus_proxy_get_connection (G_DBUS_PROXY (job))));
      g_assert_true (view.danger || result != NULL || view.current > OFL_STAGE_PROGRAM);
      *most_kb = MAX (*most_kb, read_memory_kb (pid));
      sleep_ms (50);
    }
  return worst;
}

static void
test_hostile (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  Hostile hostile = { 0 };
  GThread *thread;
  g_auto (Ran) ran = { 0 };
  guint pid, before, most = 0;
  gint64 worst, worst_bus = 0;

  g_assert_true (bus_wait_danger (job));
  pid = bus_service_pid (bus);
  before = read_memory_kb (pid);
  hostile.address = bus->address;
  hostile.image = bus->image;
  hostile.job = (char *) g_dbus_proxy_get_object_path (G_DBUS_PROXY (job));
  hostile.random = g_rand_new_with_seed (20250101);
  thread = g_thread_new ("hostile", hostile_thread, &hostile);
  worst = watch (job, pid, &hostile, &most, &worst_bus);
  g_atomic_int_set (&hostile.stop, 1);
  g_thread_join (thread);
  g_rand_free (hostile.random);
  g_test_message ("%d calls in %d s; memory %u kB before, %u kB at most; a call "
                  "took %.0f ms at most, one to the bus itself %.0f ms",
                  hostile.sent, SECONDS, before, most, (double) worst / 1000,
                  (double) worst_bus / 1000);
  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_nonnull (strstr (ran.out, "Verified: read back and equal"));
  g_assert_cmpuint (bus_service_pid (bus), ==, pid);
  /* how long a sanitizer's service takes under a flood, the machine says */
  if (NO_SANITIZER)
    g_assert_cmpint (worst, <, MAX (5 * G_USEC_PER_SEC, 20 * worst_bus));
  /* It sends without a rest when it is late: how many calls that makes, the machine says. */
  g_assert_cmpint (hostile.sent, >=, 2 * CALLS_A_SECOND);
  g_assert_cmpint (hostile.seen_to, >, 0);
  if (NO_SANITIZER)
    {
      guint after = read_memory_kb (pid);

      g_test_message ("%u kB after the job", after);
      g_assert_cmpuint (most, <, before + MAX_PEAK_KB);
      /* in the middle of a write it held image and backup, too */
      g_assert_cmpuint (after, <=, before);
    }
  bus_assert_drive_holds_image (bus);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hostile/minute", test_hostile);
  return g_test_run ();
}
