/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives that are plugged in and pulled out all the time, made up by umockdev; run through
 * umockdev-wrapper. At each halt the monitor's list, and the window's that follows it, is what is plugged,
 * and once all is out nothing of it is left.
 *
 *   test-plugs [N [RATE]]   N (192) times, RATE a second; without one as fast as it goes
 *
 * A node here is a file: it opens, and answers no command. The kernel suite has real ones. */
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include "../unit/udev-bed.h"
#include "drive/ofl-drive-monitor.h"
#include "meter.h"
#ifdef HAVE_UI
#include "ofl-ui-session-list.h"
#endif

#define PORTS 8
#define PLUGS 192
/* So often everything is counted in a run, and half of it comes before anything is compared. */
#define HALTS 12
#define PATIENCE_US (120 * G_USEC_PER_SEC)
/* What the allocator, GLib and the device library keep for later. */
#define NOISE (64 << 10)

/**
 * Bench:
 * @plugged: by port, the number of its node; -1: nothing is in
 * @plugs: events of a drive that came, so far
 * @monitor: %NULL while it is measured what umockdev itself keeps
 */
typedef struct {
  UMockdevTestbed *bed;
  OflDriveMonitor *monitor;
#ifdef HAVE_UI
  OflUiSessionList *sessions;
#endif
  int plugged[PORTS];
  guint plugs;
  GRand *rand;
  GArray *looks; /* of MeterLook */
} Bench;

/* Each look at a drive passes here: the linker has put this before the real one. */
static struct {
  GMutex lock;
  GHashTable *open; /* of OflTarget */
  guint opens, twice;
} seen;

OflTransport *__real_ofl_target_open (const OflTarget *self, OflOpenFlags flags, GError **error);
OflTransport *__wrap_ofl_target_open (const OflTarget *self, OflOpenFlags flags, GError **error);

static void
on_closed (gpointer target, GObject *transport)
{
  g_mutex_lock (&seen.lock);
  g_hash_table_remove (seen.open, target);
  g_mutex_unlock (&seen.lock);
}

OflTransport *
__wrap_ofl_target_open (const OflTarget *self, OflOpenFlags flags, GError **error)
{
  OflTransport *transport;

  g_mutex_lock (&seen.lock);
  seen.opens++;
  seen.twice += !g_hash_table_add (seen.open, (gpointer) self);
  g_mutex_unlock (&seen.lock);
  transport = __real_ofl_target_open (self, flags, error);
  if (transport != NULL)
    g_object_weak_ref (G_OBJECT (transport), on_closed, (gpointer) self);
  else
    on_closed ((gpointer) self, NULL);
  return transport;
}

static OflSnapshot *
probe (OflTransport *transport, const OflIdentity *identity, gpointer data)
{
  return ofl_snapshot_new (identity);
}

static char *
device_at (guint port)
{
  return g_strdup_printf ("/devices/pci0000:00/0000:00:14.0/usb1/1-%u/1-%u:1.0/host%u/"
                          "target%u:0:0/%u:0:0:0",
                          port, port, port, port, port);
}

/* The kernel gives the lowest number that is free. Its device numbers follow; umockdev can give each of
 * them once only. */
static int
free_number (const Bench *bench)
{
  for (int number = 0;; number++)
    {
      gboolean taken = FALSE;

      for (guint i = 0; i < PORTS; i++)
        taken |= bench->plugged[i] == number;
      if (!taken)
        return number;
    }
}

static void
plug (Bench *bench, guint port)
{
  g_autofree char *device = device_at (port);
  int number = free_number (bench);
  g_autofree char *sr = g_strdup_printf ("sr%d", number);
  g_autofree char *sg = g_strdup_printf ("sg%d", number);
  g_autofree char *block = g_strconcat ("/block/", sr, NULL);
  g_autofree char *generic = g_strconcat ("/scsi_generic/", sg, NULL);

  bench->plugged[port] = number;
  bench->plugs++;
  udev_bed_add_block (bench->bed, device, sr, bench->plugs, TRUE);
  udev_bed_tell (bench->bed, device, block, "add");
  udev_bed_add_sg (bench->bed, device, sg, bench->plugs);
  udev_bed_tell (bench->bed, device, generic, "add");
}

static void
pull (Bench *bench, guint port)
{
  g_autofree char *device = device_at (port);
  g_autofree char *block = g_strdup_printf ("/block/sr%d", bench->plugged[port]);
  g_autofree char *generic = g_strdup_printf ("/scsi_generic/sg%d", bench->plugged[port]);

  bench->plugged[port] = -1;
  udev_bed_remove (bench->bed, device, generic);
  udev_bed_remove (bench->bed, device, block);
}

/* A queue of the machine's own takes few events before umockdev gives up. */
static void
iterate (const Bench *bench)
{
  while (bench->monitor != NULL && g_main_context_iteration (NULL, FALSE))
    ;
}

/* What must be in the lists, in their order. */
static char *
name_plugged (const Bench *bench)
{
  GString *names = g_string_new (NULL);

  for (int number = 0; number < PORTS; number++)
    for (guint i = 0; i < PORTS; i++)
      if (bench->plugged[i] == number)
        g_string_append_printf (names, "/dev/sr%d ", number);
  return g_string_free (names, FALSE);
}

static char *
name_listed (const Bench *bench)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (bench->monitor)); i++)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (G_LIST_MODEL (bench->monitor), i);

      g_string_append_printf (names, "%s ", ofl_drive_get_id (drive));
    }
  return g_string_free (names, FALSE);
}

#ifdef HAVE_UI
static char *
name_shown (const Bench *bench)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (bench->sessions)); i++)
    {
      g_autoptr (OflUiSession) session = g_list_model_get_item (G_LIST_MODEL (bench->sessions), i);

      g_string_append_printf (names, "%s ", ofl_ui_session_get_id (session));
    }
  return g_string_free (names, FALSE);
}
#endif

/* Everything that was told has arrived. */
static gboolean
is_told (const Bench *bench)
{
  g_autofree char *plugged = name_plugged (bench);
  g_autofree char *listed = name_listed (bench);

  return g_str_equal (plugged, listed) && ofl_drive_monitor_is_settled (bench->monitor);
}

/* A list that never becomes right ends the wait, and the test with it. */
static void
check_lists (const Bench *bench)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  g_autofree char *plugged = name_plugged (bench);
  g_autofree char *listed = NULL;

  while (!is_told (bench) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  listed = name_listed (bench);
  g_assert_cmpstr (listed, ==, plugged);
  g_assert_true (ofl_drive_monitor_is_settled (bench->monitor));
#ifdef HAVE_UI
  {
    g_autofree char *shown = name_shown (bench);

    g_assert_cmpstr (shown, ==, plugged);
  }
#endif
  /* one look for a drive that came, one more for its second node */
  g_assert_cmpuint (seen.twice, ==, 0);
  g_assert_cmpuint (seen.opens, <=, 2 * bench->plugs);
}

/* Sockets are umockdev's own: its preload library makes one for each node that is opened, and now and then
 * keeps it. Nothing of ours makes one for a drive; what leads to a node counts. */
static guint
count_sockets (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *end = g_file_read_link (path, NULL);

      n += end != NULL && g_str_has_prefix (end, "socket:");
    }
  return n;
}

/* All out, so that what is left was left behind. */
static void
halt (Bench *bench, guint at)
{
  MeterLook look = { .at = at };

  if (bench->monitor != NULL)
    check_lists (bench);
  for (guint i = 0; i < PORTS; i++)
    if (bench->plugged[i] >= 0)
      {
        pull (bench, i);
        iterate (bench);
      }
  if (bench->monitor != NULL)
    check_lists (bench);
  meter_read_process (&look, (guint) getpid ());
  look.value[METER_FDS] -= count_sockets ();
  /* what is allocated; pages say less of so little */
  look.value[METER_MEMORY] = (gint64) mallinfo2 ().uordblks;
  look.value[METER_THREADS] = look.value[METER_OBJECTS] = look.value[METER_FILES] = -1;
  meter_print (&look);
  g_array_append_val (bench->looks, look);
}

/* One after the other, at the rate. */
static void
plug_and_pull (Bench *bench, guint n, guint rate)
{
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 1; i <= n; i++)
    {
      guint port = (guint) g_rand_int_range (bench->rand, 0, PORTS);

      if (bench->plugged[port] >= 0)
        pull (bench, port);
      else
        plug (bench, port);
      do
        iterate (bench);
      while (rate > 0 && g_get_monotonic_time () - begin < i * G_USEC_PER_SEC / rate
             && (g_usleep (500), TRUE));
      if (i % (n / HALTS) == 0)
        halt (bench, i);
    }
}

static void
bench_init (Bench *bench)
{
  bench->bed = umockdev_testbed_new ();
  bench->rand = g_rand_new_with_seed (1);
  bench->looks = g_array_new (FALSE, FALSE, sizeof (MeterLook));
  for (guint i = 0; i < PORTS; i++)
    bench->plugged[i] = -1;
}

static void
bench_clear (Bench *bench)
{
#ifdef HAVE_UI
  g_clear_object (&bench->sessions);
#endif
  g_clear_object (&bench->monitor);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&bench->bed);
  g_rand_free (bench->rand);
  g_array_unref (bench->looks);
}

/* What umockdev keeps of a device that is gone is none of ours. */
static gint64
measure_bed (guint n)
{
  Bench bench = { 0 };
  gint64 kept;

  bench_init (&bench);
  plug_and_pull (&bench, n, 0);
  kept = meter_median (bench.looks, n * 3 / 4, n, METER_MEMORY)
         - meter_median (bench.looks, n / 4, n / 2, METER_MEMORY);
  bench_clear (&bench);
  return MAX (kept, 0);
}

static void
test_plugs (gconstpointer data)
{
  const guint *numbers = data;
  guint n = numbers[0] / HALTS * HALTS, rate = numbers[1];
  gint64 of_bed = measure_bed (n);
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  g_print ("# umockdev itself keeps %" G_GINT64_FORMAT " bytes\n", of_bed);
  bench_init (&bench);
  bench.monitor = ofl_drive_monitor_new (probe, NULL);
#ifdef HAVE_UI
  bench.sessions = ofl_ui_session_list_new (bench.monitor);
#endif
  ofl_drive_monitor_start (bench.monitor, OFL_FINDER_UDEV, &error);
  g_assert_no_error (error);
  plug_and_pull (&bench, n, rate);
  g_print ("# %u came, %u looks\n", bench.plugs, seen.opens);
  g_assert_cmpuint (seen.opens, >, 0);
  meter_assert_flat (bench.looks, n / 4, n / 4, n, NOISE + of_bed);
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  guint numbers[2] = { PLUGS, 0 };

  mallopt (M_ARENA_MAX, 1); /* mallinfo2() tells of one only */
  g_test_init (&argc, &argv, NULL);
  for (int i = 1; i < argc && i <= 2; i++)
    numbers[i - 1] = (guint) g_ascii_strtoull (argv[i], NULL, 10);
  seen.open = g_hash_table_new (NULL, NULL);
  g_test_add_data_func ("/plugs", numbers, test_plugs);
  return g_test_run ();
}
