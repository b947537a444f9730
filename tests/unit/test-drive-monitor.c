/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives as objects of the main loop: looked at by workers, listed by a monitor. */
#include <string.h>
#include <unistd.h>

#include "drive/ofl-drive-monitor.h"
#include "kit/fake-transport.h"
#include "kit/scratch.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

/* A place where a drive is plugged in, shared with workers: atomics and the gate only. */
typedef struct {
  const char *serial;
  gint fail; /* an OflError to open with, -1 for none */
  gint n_opens;
  gint in_probe;
  gint opened_in_probe;
} Port;

/* Holds probes back until the test lets them go on. */
static struct {
  GMutex lock;
  GCond cond;
  gboolean closed;
  guint waiting;
} gate;

static gint n_probes;
static GThread *main_thread;

static void
gate_set_closed (gboolean closed)
{
  g_mutex_lock (&gate.lock);
  gate.closed = closed;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.lock);
}

static void
gate_pass (void)
{
  g_mutex_lock (&gate.lock);
  gate.waiting++;
  g_cond_broadcast (&gate.cond);
  while (gate.closed)
    g_cond_wait (&gate.cond, &gate.lock);
  gate.waiting--;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.lock);
}

static void
gate_wait_for (guint waiting)
{
  g_mutex_lock (&gate.lock);
  while (gate.waiting != waiting)
    g_cond_wait (&gate.cond, &gate.lock);
  g_mutex_unlock (&gate.lock);
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  const Port *port = user_data;

  if (command->dir == OFL_DIR_IN)
    memset (data, 0, command->length);
  if (command->cdb[0] == 0x12)
    memcpy (data, "\x05\x80\x00\x32\x5b\x00\x00\x00TESTCO  DRIVE           1.00", 36);
  else if (command->cdb[0] == 0x46 && ofl_get_be (command->cdb + 2, 2) == 0x0108)
    {
      data[8] = 0x01;
      data[9] = 0x08;
      data[11] = (guint8) strlen (port->serial);
      memcpy (data + 12, port->serial, strlen (port->serial));
    }
}

static OflTransport *
open_port (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  Port *port = data;

  g_assert_true (g_thread_self () != main_thread);
  g_atomic_int_inc (&port->n_opens);
  if (g_atomic_int_get (&port->in_probe) != 0)
    g_atomic_int_set (&port->opened_in_probe, 1);
  if (port->fail >= 0)
    {
      g_set_error (error, OFL_ERROR, port->fail, "as the test says");
      return NULL;
    }
  return OFL_TRANSPORT (fake_transport_new (answer, port));
}

static OflSnapshot *
probe (OflTransport *transport, const OflIdentity *identity, gpointer data)
{
  Port *port = data;

  g_assert_true (g_thread_self () != main_thread);
  g_atomic_int_inc (&n_probes);
  if (port != NULL)
    g_atomic_int_set (&port->in_probe, 1);
  gate_pass ();
  if (port != NULL)
    g_atomic_int_set (&port->in_probe, 0);
  return ofl_snapshot_new (identity);
}

static OflTarget *
make_target (const char *id, Port *port)
{
  OflTopology topology = { .bus = OFL_BUS_PRACTICE };

  return ofl_target_new (id, NULL, NULL, &topology, open_port, port, NULL);
}

static OflDrive *
make_drive (const char *id, Port *port)
{
  g_autoptr (OflTarget) target = make_target (id, port);

  return ofl_drive_new (target, OFL_ACCESS_USABLE);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
identify (OflDrive *drive, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ofl_drive_identify_async (drive, probe, NULL, cancellable, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_drive_identify_finish (drive, result, error);
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  g_assert_true (g_thread_self () == main_thread);
  (*(guint *) data)++;
}

static void
test_drive_identify (void)
{
  Port port = { .serial = "S1", .fail = -1 };
  g_autoptr (OflDrive) drive = make_drive ("practice:one", &port);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *revision = NULL;
  g_autofree char *title = NULL;
  guint n_notified = 0;

  g_assert_false (ofl_drive_get_ready (drive));
  g_assert_cmpstr (ofl_drive_get_name (drive), ==, "practice:one");
  g_signal_connect (drive, "notify::name", G_CALLBACK (count_notify), &n_notified);
  g_assert_true (identify (drive, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_notified, ==, 1);
  g_object_get (drive, "name", &name, "revision", &revision, "state-title", &title, NULL);
  g_assert_cmpstr (name, ==, "TESTCO DRIVE");
  g_assert_cmpstr (revision, ==, "1.00");
  g_assert_cmpstr (title, ==, "Ready");
  g_assert_cmpint (ofl_drive_get_state (drive), ==, OFL_DRIVE_STATE_NORMAL);
  g_assert_cmpstr (ofl_snapshot_identity (ofl_drive_get_snapshot (drive))->serial, ==, "S1");
}

static void
test_drive_states (void)
{
  static const struct {
    OflError error;
    OflDriveState state;
  } cases[] = {
    { OFL_ERROR_BUSY, OFL_DRIVE_STATE_BUSY },
    { OFL_ERROR_TIMEOUT, OFL_DRIVE_STATE_SILENT },
    { OFL_ERROR_LOST, OFL_DRIVE_STATE_SILENT },
    { OFL_ERROR_NO_ACCESS, OFL_DRIVE_STATE_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Port port = { .serial = "S1", .fail = (gint) cases[i].error };
      g_autoptr (OflDrive) drive = make_drive ("practice:one", &port);
      g_autoptr (GError) error = NULL;

      g_assert_false (identify (drive, NULL, &error));
      g_assert_error (error, OFL_ERROR, (gint) cases[i].error);
      g_assert_true (ofl_drive_get_ready (drive));
      g_assert_cmpint (ofl_drive_get_state (drive), ==, cases[i].state);
      g_assert_error (ofl_drive_get_error (drive), OFL_ERROR, (gint) cases[i].error);
      g_assert_null (ofl_drive_get_snapshot (drive));

      port.fail = -1; /* and it recovers */
      g_assert_true (identify (drive, NULL, NULL));
      g_assert_null (ofl_drive_get_error (drive));
    }
}

static void
test_drive_job (void)
{
  Port port = { .serial = "S1", .fail = -1 };
  g_autoptr (OflDrive) drive = make_drive ("practice:one", &port);
  g_autoptr (GError) error = NULL;

  g_assert_true (identify (drive, NULL, NULL));
  ofl_drive_set_job_running (drive, TRUE);
  g_assert_false (identify (drive, NULL, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BUSY);
  g_assert_cmpint (g_atomic_int_get (&port.n_opens), ==, 1);
  g_assert_cmpint (ofl_drive_get_state (drive), ==, OFL_DRIVE_STATE_NORMAL);
  ofl_drive_set_job_running (drive, FALSE);
  g_assert_true (identify (drive, NULL, NULL));
}

static gpointer
open_exclusive (gpointer data)
{
  return ofl_target_open (data, OFL_OPEN_EXCLUSIVE, NULL);
}

/* A job that starts while we look at the drive waits for us instead of meeting a busy drive. */
static void
test_drive_exclusive_waits (void)
{
  Port port = { .serial = "S1", .fail = -1 };
  g_autoptr (OflDrive) drive = make_drive ("practice:one", &port);
  g_autoptr (OflTransport) transport = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GThread *job;

  gate_set_closed (TRUE);
  ofl_drive_identify_async (drive, probe, &port, NULL, on_result, &result);
  gate_wait_for (1);
  job = g_thread_new ("job", open_exclusive, ofl_drive_get_target (drive));
  g_usleep (50 * 1000); /* the chance to get it wrong */
  gate_set_closed (FALSE);
  transport = g_thread_join (job);
  g_assert_nonnull (transport);
  g_assert_cmpint (g_atomic_int_get (&port.opened_in_probe), ==, 0);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (ofl_drive_identify_finish (drive, result, NULL));
}

static void
test_drive_pending_and_cancel (void)
{
  Port port = { .serial = "S1", .fail = -1 };
  g_autoptr (OflDrive) drive = make_drive ("practice:one", &port);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GError) pending = NULL;
  g_autoptr (GError) cancelled = NULL;

  gate_set_closed (TRUE);
  ofl_drive_identify_async (drive, probe, NULL, cancellable, on_result, &first);
  g_assert_false (identify (drive, NULL, &pending));
  g_assert_error (pending, G_IO_ERROR, G_IO_ERROR_PENDING);
  gate_wait_for (1);
  g_cancellable_cancel (cancellable);
  while (first == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (ofl_drive_identify_finish (drive, first, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (ofl_drive_get_ready (drive));
  gate_set_closed (FALSE);
  gate_wait_for (0);
  g_assert_true (identify (drive, NULL, NULL));
}

static void
test_drive_matches (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *sr = g_build_filename (folder, "sr0", NULL);
  g_autofree char *sg = g_build_filename (folder, "sg0", NULL);
  g_autofree char *link = g_build_filename (folder, "cdrom", NULL);
  OflTopology topology = { .bus = OFL_BUS_USB };
  Port port = { .serial = "S1", .fail = -1 };
  g_autoptr (OflTarget) target
      = ofl_target_new ("the-id", sr, sg, &topology, open_port, &port, NULL);
  g_autoptr (OflDrive) drive = ofl_drive_new (target, OFL_ACCESS_USABLE);

  g_assert_true (g_file_set_contents (sr, "", 0, NULL));
  g_assert_cmpint (symlink ("sr0", link), ==, 0);
  g_assert_false (ofl_drive_matches (drive, "S1"));
  g_assert_true (identify (drive, NULL, NULL));
  g_assert_true (ofl_drive_matches (drive, "the-id"));
  g_assert_true (ofl_drive_matches (drive, sr));
  g_assert_true (ofl_drive_matches (drive, sg));
  g_assert_true (ofl_drive_matches (drive, link));
  g_assert_true (ofl_drive_matches (drive, "S1"));
  g_assert_false (ofl_drive_matches (drive, "S"));
  g_assert_false (ofl_drive_matches (drive, ""));
  g_assert_false (ofl_drive_matches (drive, folder));
}

static OflTransport *
open_other (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  g_assert_not_reached ();
}

/* Only who made a target finds what stands behind it. */
static void
test_target_data (void)
{
  Port port = { .serial = "S1", .fail = -1 };
  g_autoptr (OflTarget) target = make_target ("practice:x", &port);

  g_assert_true (ofl_target_get_data (target, open_port) == &port);
  g_assert_null (ofl_target_get_data (target, open_other));
}

/* Monitor. */

typedef struct {
  OflDriveMonitor *monitor;
  guint n_settled;
  GString *changes; /* "+0 -1" */
} Fixture;

static void
on_settled (OflDriveMonitor *monitor, gpointer data)
{
  ((Fixture *) data)->n_settled++;
}

static void
on_items (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Fixture *fixture = data;

  g_assert_cmpuint (removed + added, ==, 1);
  g_string_append_printf (fixture->changes, "%s%s%u", fixture->changes->len > 0 ? " " : "",
                          added > 0 ? "+" : "-", position);
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->monitor = ofl_drive_monitor_new (probe, NULL);
  fixture->changes = g_string_new (NULL);
  g_signal_connect (fixture->monitor, "settled", G_CALLBACK (on_settled), fixture);
  g_signal_connect (fixture->monitor, "items-changed", G_CALLBACK (on_items), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  g_clear_object (&fixture->monitor);
  g_string_free (fixture->changes, TRUE);
  gate_set_closed (FALSE);
  gate_wait_for (0);
}

static void
wait_settled (Fixture *fixture, guint n_settled)
{
  while (fixture->n_settled < n_settled)
    g_main_context_iteration (NULL, TRUE);
}

/* The one drive that is meant, or %NULL. */
static OflDrive *
find_one (Fixture *fixture, const char *path)
{
  g_autoptr (GPtrArray) found = ofl_drive_monitor_find_all (fixture->monitor, path, NULL);

  return found->len == 1 ? g_ptr_array_index (found, 0) : NULL;
}

static void
test_monitor_list (Fixture *fixture, gconstpointer unused)
{
  Port ports[3] = { { .serial = "S0", .fail = -1 },
                    { .serial = "S1", .fail = -1 },
                    { .serial = "S2", .fail = OFL_ERROR_TIMEOUT } };
  g_autoptr (OflDrive) ten = make_drive ("practice:10", &ports[0]);
  g_autoptr (OflDrive) two = make_drive ("practice:2", &ports[1]);
  g_autoptr (OflDrive) twelve = make_drive ("practice:12", &ports[2]);
  g_autoptr (OflDrive) other_two = make_drive ("practice:2", &ports[1]);
  g_autoptr (OflDrive) first = NULL;
  GListModel *model = G_LIST_MODEL (fixture->monitor);

  ofl_drive_monitor_add (fixture->monitor, ten);
  ofl_drive_monitor_add (fixture->monitor, two);
  ofl_drive_monitor_add (fixture->monitor, twelve);
  g_assert_cmpstr (fixture->changes->str, ==, "+0 +0 +2");
  g_assert_false (ofl_drive_monitor_is_settled (fixture->monitor));
  wait_settled (fixture, 1);
  g_assert_true (ofl_drive_get_ready (ten) && ofl_drive_get_ready (two));
  g_assert_cmpint (ofl_drive_get_state (twelve), ==, OFL_DRIVE_STATE_SILENT);
  g_assert_true (g_list_model_get_item_type (model) == OFL_TYPE_DRIVE);
  first = g_list_model_get_item (model, 0);
  g_assert_true (first == two);
  g_assert_null (g_list_model_get_item (model, 3));
  g_assert_true (find_one (fixture, "practice:10") == ten);
  g_assert_true (find_one (fixture, "S1") == two);
  g_assert_null (find_one (fixture, "/dev/sr0"));

  g_string_truncate (fixture->changes, 0);
  ofl_drive_monitor_remove (fixture->monitor, "practice:10");
  ofl_drive_monitor_remove (fixture->monitor, "practice:10");
  ofl_drive_monitor_add (fixture->monitor, other_two); /* takes the place of its namesake */
  g_assert_cmpstr (fixture->changes->str, ==, "-1 -0 +0");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 2);
  wait_settled (fixture, 2);
}

/* A serial that two drives have names neither; one that says nothing names no drive. */
static void
test_case_04_shared_serial (Fixture *fixture, gconstpointer unused)
{
  Port ports[4] = { { .serial = "S1", .fail = -1 },
                    { .serial = "S1", .fail = -1 },
                    { .serial = "00000000", .fail = -1 },
                    { .serial = "0123456789ABCDEF", .fail = -1 } };
  OflDrive *drives[4];
  OflDriveMatch how;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("practice:%u", i);

      drives[i] = make_drive (id, &ports[i]);
      ofl_drive_monitor_add (fixture->monitor, drives[i]);
    }
  wait_settled (fixture, 1);
  g_assert_null (find_one (fixture, "S1"));
  g_assert_null (find_one (fixture, "00000000"));
  g_assert_null (find_one (fixture, "0123456789ABCDEF"));
  g_assert_true (find_one (fixture, "practice:2") == drives[2]);
  {
    g_autoptr (GPtrArray) both = ofl_drive_monitor_find_all (fixture->monitor, "S1", &how);

    g_assert_cmpuint (both->len, ==, 2);
    g_assert_cmpint (how, ==, OFL_DRIVE_MATCH_SERIAL);
  }
  for (guint i = 0; i < 4; i++)
    g_object_unref (drives[i]);
}

static void
test_own_serial (void)
{
  static const struct {
    const char *serial;
    gboolean own;
  } cases[] = { { "", FALSE },
                { "0", FALSE },
                { "000000000000", FALSE },
                { "FFFF FFFF", FALSE },
                { "........", FALSE },
                { "123456789012", FALSE },
                { "0123456789abcdef", FALSE },
                { "K9JF41A3139", TRUE },
                { "000000000001", TRUE },
                { "1234567890AB", TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OflIdentity identity = { 0 };

      g_strlcpy (identity.serial, cases[i].serial, sizeof identity.serial);
      g_assert_cmpint (ofl_identity_has_own_serial (&identity), ==, cases[i].own);
    }
}

static void
test_monitor_empty (Fixture *fixture, gconstpointer unused)
{
  g_assert_true (ofl_drive_monitor_start (fixture->monitor, OFL_FINDER_NONE, NULL));
  g_assert_cmpuint (fixture->n_settled, ==, 0);
  wait_settled (fixture, 1);
}

static void
test_monitor_refresh (Fixture *fixture, gconstpointer unused)
{
  Port port = { .serial = "S0", .fail = -1 };
  g_autoptr (OflDrive) drive = make_drive ("practice:1", &port);

  g_atomic_int_set (&n_probes, 0);
  gate_set_closed (TRUE);
  ofl_drive_monitor_add (fixture->monitor, drive);
  gate_wait_for (1);
  ofl_drive_monitor_refresh (fixture->monitor, drive); /* during a look: once more after it */
  ofl_drive_monitor_refresh (fixture->monitor, drive);
  gate_set_closed (FALSE);
  wait_settled (fixture, 1);
  g_assert_cmpint (g_atomic_int_get (&n_probes), ==, 2);
  ofl_drive_monitor_refresh (fixture->monitor, drive);
  g_assert_false (ofl_drive_monitor_is_settled (fixture->monitor));
  wait_settled (fixture, 2);
  g_assert_cmpint (g_atomic_int_get (&n_probes), ==, 3);
}

static void
test_monitor_job (Fixture *fixture, gconstpointer unused)
{
  Port port = { .serial = "S0", .fail = -1 };
  g_autoptr (OflDrive) drive = make_drive ("practice:1", &port);

  ofl_drive_set_job_running (drive, TRUE);
  ofl_drive_monitor_add (fixture->monitor, drive);
  wait_settled (fixture, 1);
  g_assert_cmpint (g_atomic_int_get (&port.n_opens), ==, 0);
  ofl_drive_set_job_running (drive, FALSE); /* its revision may be new */
  while (g_atomic_int_get (&port.n_opens) == 0)
    g_main_context_iteration (NULL, TRUE);
  wait_settled (fixture, 2);
  g_assert_true (ofl_drive_get_ready (drive));
}

static void
test_monitor_dispose (Fixture *fixture, gconstpointer unused)
{
  Port port = { .serial = "S0", .fail = -1 };
  OflDrive *drive = make_drive ("practice:1", &port);
  gpointer drive_alive = drive;
  gpointer monitor_alive = fixture->monitor;

  g_object_add_weak_pointer (G_OBJECT (drive), &drive_alive);
  g_object_add_weak_pointer (G_OBJECT (fixture->monitor), &monitor_alive);
  gate_set_closed (TRUE);
  ofl_drive_monitor_add (fixture->monitor, drive);
  g_object_unref (drive);
  gate_wait_for (1);
  g_clear_object (&fixture->monitor);
  g_assert_null (monitor_alive);
  while (drive_alive != NULL)
    g_main_context_iteration (NULL, TRUE);
  gate_set_closed (FALSE); /* the worker ends when nobody is left */
  gate_wait_for (0);
  g_assert_cmpuint (fixture->n_settled, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  main_thread = g_thread_self ();
  g_test_add_func ("/drive/object/identify", test_drive_identify);
  g_test_add_func ("/drive/object/states", test_drive_states);
  g_test_add_func ("/drive/object/job-running", test_drive_job);
  g_test_add_func ("/drive/object/exclusive-waits", test_drive_exclusive_waits);
  g_test_add_func ("/drive/object/pending-and-cancel", test_drive_pending_and_cancel);
  g_test_add_func ("/drive/object/matches", test_drive_matches);
  g_test_add_func ("/drive/object/target-data", test_target_data);
  g_test_add_func ("/drive/object/case-04-own-serial", test_own_serial);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/drive/monitor/list", test_monitor_list);
  ADD ("/drive/monitor/case-04-shared-serial", test_case_04_shared_serial);
  ADD ("/drive/monitor/empty", test_monitor_empty);
  ADD ("/drive/monitor/refresh", test_monitor_refresh);
  ADD ("/drive/monitor/job", test_monitor_job);
  ADD ("/drive/monitor/dispose", test_monitor_dispose);
  return g_test_run ();
}
