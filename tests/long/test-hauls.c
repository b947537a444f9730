/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One service for a long time: flashes of practice drives, one after the other, under the adversary's
 * schedules. Every verdict is held against the drive's cells as there, and what the service holds at the
 * end against what it held at the begin.
 *
 *   test-hauls [N]   N (300) flashes, or the number in OFL_FLASHES; schedules from OFL_SEED (1) on
 *
 * The seed chooses drive, faults and what a person does; at which command the plug is pulled or a cancel
 * arrives is the machine's own. */
#include <glib/gstdio.h>
#include <string.h>

#include "../adversary/trial.h"
#include "../service/bus.h"
#include "kit/scratch.h"
#include "meter.h"
#include "practice/ofl-practice-port.h"

#define FEWEST 240
#define POLL_MS 2
/* What a schedule does at the Nth command somebody does here after N times as long: about what a command
 * takes at full speed, with its line in the journal. */
#define COMMAND_US 60
/* Of so many jobs one is mended at once, and must then be good again. */
#define MEND_ONE_IN 4
/* A job that was dismissed stays on the bus for 5 s, for others who watch it. */
#define LINGER_LOOKS 600
#define LINGER_LOOK_MS 100
/* Two images of 2 MiB: from look to look the service was seen to hold one more or one less, 55.4 to 57.6 MB
 * without a trend. */
#define NOISE (4 << 20)

/**
 * Haul:
 * @top: where the service's state is; in it "practice"
 * @gone: jobs whose client went away at once
 * @looks: of MeterLook
 */
typedef struct {
  Bus *bus;
  char *top, *practice;
  Campaign *campaigns;
  guint n_campaigns;
  GRand *rand;
  guint pid;
  guint flashes, jobs, journals, gone, cancels, pulls, mended;
  GArray *looks;
} Haul;

static guint
number_from (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
learn_all (Haul *haul)
{
  haul->campaigns = g_new0 (Campaign, practice_n_cases ());
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      Campaign *campaign = &haul->campaigns[haul->n_campaigns++];

      campaign->which = practice_case (i);
      campaign->id = campaign->which->id;
      campaign_learn (campaign);
    }
}

static char *
state_path (const Haul *haul, const char *id)
{
  g_autofree char *name = g_strconcat (id, ".state", NULL);

  return g_build_filename (haul->practice, name, NULL);
}

static void
set_cable (const Haul *haul, const Trial *trial, const char *const *faults, gboolean unplugged)
{
  g_autoptr (GError) error = NULL;

  ofl_core_set_practice_faults (trial->campaign->id, haul->practice, faults, unplugged, &error);
  g_assert_no_error (error);
}

/* The drive as its file has it, just switched on, and as it answers then. */
static OflSnapshot *
take_drive (const Haul *haul, Trial *trial)
{
  g_clear_pointer (&trial->bench, workbench_free);
  trial->bench = workbench_new_kept (trial->campaign->id, haul->top);
  return workbench_look (trial->bench);
}

static OflDBusJob *
attach (Haul *haul, const char *path)
{
  g_autoptr (GError) error = NULL;
  OflDBusJob *job = ofl_dbus_job_proxy_new_sync (haul->bus->connection,
                                                 G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS
                                                     | G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                                                 OFL_SERVICE_NAME, path, NULL, &error);

  g_assert_no_error (error);
  return job;
}

static char *
start_job (GDBusConnection *connection, const Trial *trial, OflImage *image, OflSnapshot *seen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDBusManager) manager = ofl_dbus_manager_proxy_new_sync (
      connection,
      G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS | G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
      OFL_SERVICE_NAME, OFL_SERVICE_PATH, NULL, &error);
  g_autoptr (GUnixFDList) fds = ofl_wire_pack_image (image, &error);
  g_autofree char *drive = g_strconcat ("practice:", trial->campaign->id, NULL);
  char *path = NULL;

  g_assert_no_error (error);
  ofl_dbus_manager_call_start_job_sync (manager, "flash", drive, ofl_wire_pack_expected (seen),
                                        ofl_wire_pack_options (trial->bench->options, image, 0), 0,
                                        fds, &path, NULL, NULL, &error);
  g_assert_no_error (error);
  return path;
}

/* By a client that is gone while its job runs. */
static char *
start_and_go (Haul *haul, const Trial *trial, OflSnapshot *seen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_for_address_sync (
      haul->bus->address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  char *path;

  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  path = start_job (connection, trial, trial->campaign->image, seen);
  g_usleep (trial->schedule->kill_at * COMMAND_US);
  g_dbus_connection_close_sync (connection, NULL, NULL);
  haul->gone++;
  return path;
}

/* What a person does meanwhile. The job may be over before. */
static void
meddle (Haul *haul, const Trial *trial, OflDBusJob *job)
{
  const Schedule *schedule = trial->schedule;
  const char *const *faults = (const char *const *) schedule->faults;

  if (schedule->unplug_at != 0)
    {
      g_usleep (schedule->unplug_at * COMMAND_US);
      set_cable (haul, trial, faults, TRUE);
      haul->pulls++;
      g_usleep (schedule->replug_after * COMMAND_US);
      if (schedule->replug_after != 0)
        set_cable (haul, trial, faults, FALSE);
    }
  if (schedule->cancel_at != 0)
    {
      g_usleep (schedule->cancel_at * COMMAND_US);
      haul->cancels += ofl_dbus_job_call_cancel_sync (job, NULL, NULL);
    }
}

static OflResult *
wait_end (OflDBusJob *job, OflProgressView *view)
{
  OflResult *result;

  while ((result = bus_poll (job, view)) == NULL)
    sleep_ms (POLL_MS);
  return result;
}

/* Held against the cells, written down, and forgotten: a history of thousands is another test's subject. */
static void
judge (Haul *haul, Trial *trial, const OflResult *result, const OflProgressView *view,
       const Before *before)
{
  g_autoptr (OflSnapshot) after = NULL;

  set_cable (haul, trial, (const char *const[]){ NULL }, FALSE);
  after = take_drive (haul, trial);
  trial->campaign->tally.jobs++;
  trial->campaign->tally.verdicts[result->verdict]++;
  claims_check (trial, trial->campaign->image, result, view, before);
  witness_check_journal (trial, result);
  if (result->journal_path != NULL)
    {
      haul->journals++;
      g_assert_cmpint (g_unlink (result->journal_path), ==, 0);
    }
}

/* One job from its start to the moment that its client has seen the end. */
static OflResult *
run_job (Haul *haul, Trial *trial, gboolean faults)
{
  g_autoptr (OflSnapshot) seen = take_drive (haul, trial);
  g_autoptr (OflDBusJob) job = NULL;
  g_autoptr (OflResult) result = NULL;
  g_autofree char *path = NULL;
  g_auto (Before) before = { 0 };
  OflProgressView view;

  practice_switch_on (trial->bench);
  trial->bench->options->accept_warnings = TRUE;
  trial->bench->options->accept_no_backup = TRUE;
  trial->bench->options->rewrite_identical = faults ? trial->schedule->rewrite : TRUE;
  before_take (&before, trial);
  if (faults)
    set_cable (haul, trial, (const char *const *) trial->schedule->faults, FALSE);
  path = faults && trial->schedule->kill_at != 0
             ? start_and_go (haul, trial, seen)
             : start_job (haul->bus->connection, trial, trial->campaign->image, seen);
  job = attach (haul, path);
  if (faults)
    meddle (haul, trial, job);
  result = wait_end (job, &view);
  g_assert_true (ofl_dbus_job_call_dismiss_sync (job, NULL, NULL));
  haul->jobs++;
  judge (haul, trial, result, &view, &before);
  return g_steal_pointer (&result);
}

/* The job that the schedule is for; now and then what it left is mended, where that is known to help. */
static void
run_flash (Haul *haul, guint seed)
{
  Campaign *campaign = &haul->campaigns[haul->flashes % haul->n_campaigns];
  g_autoptr (Schedule) schedule = schedule_new (&campaign->lesson, seed, campaign->readable);
  Trial trial = { .campaign = campaign, .schedule = schedule, .job = "first" };
  g_autoptr (OflResult) result = NULL;
  g_autoptr (OflResult) mended = NULL;

  if (schedule->pre == PRE_NEW)
    {
      g_autofree char *path = state_path (haul, campaign->id);

      g_unlink (path);
    }
  result = run_job (haul, &trial, TRUE);
  haul->flashes++;
  if (campaign->which->recovers && g_rand_int_range (haul->rand, 0, MEND_ONE_IN) == 0)
    {
      trial.job = "recovery";
      mended = run_job (haul, &trial, FALSE);
      haul->flashes++;
      haul->mended++;
      claims_check_recovery (&trial, campaign->image, mended);
    }
  workbench_free (trial.bench);
}

static guint
count_objects (Haul *haul)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      haul->bus->connection, OFL_SERVICE_NAME, OFL_SERVICE_PATH "/jobs",
      "org.freedesktop.DBus.Introspectable", "Introspect", NULL, G_VARIANT_TYPE ("(s)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  const char *xml;
  guint n = 0;

  g_assert_no_error (error);
  g_variant_get (reply, "(&s)", &xml);
  while ((xml = strstr (xml, "<node name=")) != NULL)
    {
      xml++;
      n++;
    }
  return n;
}

/* The drives and their backups are the test's own litter. */
static void
clean_up (Haul *haul)
{
  g_autofree char *data = g_build_filename (haul->bus->dir, "data", "optiflash", NULL);
  g_autoptr (GDir) dir = g_dir_open (data, 0, NULL);
  const char *name;

  for (guint i = 0; i < haul->n_campaigns; i++)
    {
      g_autofree char *path = state_path (haul, haul->campaigns[i].id);

      g_unlink (path);
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    scratch_free (g_build_filename (data, name, NULL));
}

/* Once no object of a job is left. */
static void
look (Haul *haul)
{
  MeterLook now = { .at = haul->flashes };

  for (guint i = 0; count_objects (haul) > 0 && i < LINGER_LOOKS; i++)
    sleep_ms (LINGER_LOOK_MS);
  clean_up (haul);
  g_assert_cmpuint (bus_service_pid (haul->bus), ==, haul->pid);
  meter_read_process (&now, haul->pid);
  now.value[METER_OBJECTS] = count_objects (haul);
  now.value[METER_FILES] = meter_count_files (haul->bus->state);
  meter_print (&now);
  g_array_append_val (haul->looks, now);
}

/* At the begin and at the end often, in between now and then. */
static gboolean
is_time_to_look (const Haul *haul, guint warm, guint window, guint total)
{
  guint last = g_array_index (haul->looks, MeterLook, haul->looks->len - 1).at;
  gboolean often = haul->flashes <= warm + window || haul->flashes >= total - window;

  return haul->flashes - last >= (often ? window / 5 : window) || haul->flashes >= total;
}

static void
haul_begin (Haul *haul, guint seed)
{
  haul->bus = bus_new (NULL, 600);
  haul->top = g_build_filename (haul->bus->state, "optiflash", NULL);
  haul->practice = g_build_filename (haul->top, "practice", NULL);
  scratch_put (haul->bus->dir, "config/optiflash/settings.ini", "[optiflash]\nkeep-backups=2\n");
  g_strfreev (bus_list_jobs (haul->bus));
  haul->pid = bus_service_pid (haul->bus);
  haul->rand = g_rand_new_with_seed (seed);
  haul->looks = g_array_new (FALSE, FALSE, sizeof (MeterLook));
  learn_all (haul);
}

/* Returns: how many words were wrong */
static guint
haul_end (Haul *haul, guint from, guint to)
{
  guint wrong = 0;

  for (guint i = 0; i < haul->n_campaigns; i++)
    {
      tally_print (&haul->campaigns[i].tally, haul->campaigns[i].id, from, to, 0);
      wrong += tally_sum (&haul->campaigns[i].tally);
      campaign_clear (&haul->campaigns[i]);
    }
  g_print (
      "# %u flashes, %u journals; %u clients gone, %u cancels taken, %u times pulled, %u mended; "
      "%u words wrong\n",
      haul->flashes, haul->journals, haul->gone, haul->cancels, haul->pulls, haul->mended, wrong);
  g_free (haul->campaigns);
  g_array_unref (haul->looks);
  g_rand_free (haul->rand);
  g_free (haul->top);
  g_free (haul->practice);
  bus_free (haul->bus);
  return wrong;
}

static void
test_hauls (gconstpointer data)
{
  const guint total = MAX (number_from ("OFL_FLASHES", GPOINTER_TO_UINT (data)), FEWEST);
  const guint from = number_from ("OFL_SEED", 1);
  const guint window = MIN (total / 4, 1000);
  guint warm;
  guint seed = from;
  Haul haul = { 0 };

  g_print ("# OFL_FLASHES=%u OFL_SEED=%u\n", total, from);
  haul_begin (&haul, from);
  /* what a model's factory writes is kept once it was made: each has had its turn, new and not new */
  warm = MAX (total / 10, 4 * haul.n_campaigns);
  look (&haul);
  while (haul.flashes < total)
    {
      run_flash (&haul, seed++);
      if (is_time_to_look (&haul, warm, window, total))
        look (&haul);
    }
  meter_assert_flat (haul.looks, warm, window, haul.flashes, NOISE);
  g_assert_cmpuint (haul_end (&haul, from, seed - 1), ==, 0);
}

int
main (int argc, char **argv)
{
  guint flashes = 300;

  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    flashes = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  g_test_add_data_func ("/hauls", GUINT_TO_POINTER (flashes), test_hauls);
  return g_test_run ();
}
