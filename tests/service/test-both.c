/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole of service and client in one process, where a sanitizer sees both. */
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "kit/locks.h"
#include "kit/ran.h"
#include "kit/scratch.h"
#include "kit/tape-bench.h"
#include "ofl-core.h"
#include "scsi/ofl-error.h"
#include "service/ofl-client.h"
#include "service/ofl-service-start.h"
#include "service/ofl-service.h"
#include "service/ofl-wire.h"

typedef struct {
  GTestDBus *dbus;
  char *dir;
  OflDrive *drive;
  OflDrive *slow; /* its backup is not over while a test asks, on any machine */
  GDBusConnection *connection;
  OflService *service;
  OflClient *client;
} Both;

static OflTarget *
open_drive (const char *path, double practice_speed, gpointer data, GError **error)
{
  Both *both = data;

  if (strcmp (path, "/dev/sr0") == 0)
    return ofl_target_ref (ofl_drive_get_target (both->slow));
  if (strcmp (path, "practice:bu40n") == 0)
    return ofl_target_ref (ofl_drive_get_target (both->drive));
  g_set_error (error, OFL_ERROR, OFL_ERROR_LOST, "There is no such drive.");
  return NULL;
}

static void
set_up (Both *both, gconstpointer data)
{
  OflServiceDrives drives = { open_drive, both };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GError) error = NULL;

  both->dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (both->dbus);
  both->dir = scratch_new ();
  both->drive = ofl_core_new_practice_drive ("bu40n", 0, NULL, &error);
  g_assert_no_error (error);
  both->slow = ofl_core_new_practice_drive ("bu40n", 0.02, NULL, &error);
  g_assert_no_error (error);
  both->service = ofl_service_new (&drives, both->dir);
  both->connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (both->dbus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ofl_service_export (both->service, both->connection, &error));
  owned = g_dbus_connection_call_sync (both->connection, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", OFL_SERVICE_NAME, 4),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  ofl_client_connect_async (FALSE, NULL, await_keep, &result);
  await_result (&result);
  both->client = ofl_client_connect_finish (result, &error);
  g_assert_no_error (error);
  g_assert_true (ofl_client_is_remote (both->client));
}

static void
tear_down (Both *both, gconstpointer data)
{
  g_clear_object (&both->client);
  ofl_service_unexport (both->service);
  g_assert_false (ofl_service_is_busy (both->service));
  g_clear_object (&both->service);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_dbus_connection_close_sync (both->connection, NULL, NULL);
  g_clear_object (&both->connection);
  g_clear_object (&both->drive);
  g_clear_object (&both->slow);
  g_test_dbus_down (both->dbus);
  g_clear_object (&both->dbus);
  scratch_free (both->dir);
}

static GPtrArray *
list_jobs (Both *both)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *jobs;

  ofl_client_list_jobs_async (both->client, NULL, await_keep, &result);
  await_result (&result);
  jobs = ofl_client_list_jobs_finish (both->client, result, &error);
  g_assert_no_error (error);
  return jobs;
}

static OflResult *
run_job (OflJob *job, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ofl_job_run_async (job, NULL, await_keep, &result);
  await_result (&result);
  return ofl_job_run_finish (job, result, error);
}

static OflJob *
new_flash (Both *both)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ofl_practice_make_image ("bu40n", "1.03", NULL, &error);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("new.bin", bytes);
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();

  g_assert_true (ofl_families_recognise (firmware, &error));
  return ofl_client_new_job (both->client, OFL_JOB_FLASH, ofl_drive_get_target (both->drive), NULL,
                             ofl_firmware_get_image (firmware, 0), options, 0);
}

static void
test_flash_and_attach (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflJob) job = new_flash (both);
  g_autoptr (OflResult) result = NULL;
  g_autoptr (OflResult) again = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  g_assert_null (ofl_job_get_path (job));
  g_assert_cmpstr (ofl_job_get_verdict (job), ==, "none");
  result = run_job (job, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  g_assert_cmpstr (ofl_job_get_verdict (job), ==, "verified");
  g_assert_true (ofl_job_outlives_program (job));
  jobs = list_jobs (both);
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_cmpstr (ofl_job_get_verdict (g_ptr_array_index (jobs, 0)), ==, "verified");
  g_assert_cmpstr (ofl_job_get_path (g_ptr_array_index (jobs, 0)), ==, ofl_job_get_path (job));
  g_assert_cmpstr (ofl_job_get_title (g_ptr_array_index (jobs, 0)), ==, ofl_job_get_title (job));
  again = run_job (g_ptr_array_index (jobs, 0), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->proof, ==, result->proof);
  lines = ofl_job_read_log (g_ptr_array_index (jobs, 0), 0, 10);
  g_assert_cmpuint (((OflLogLine *) g_ptr_array_index (lines, 0))->seq, ==, 1);
  ofl_job_dismiss (job);
  after = list_jobs (both);
  g_assert_cmpuint (after->len, ==, 0);
}

static gboolean
log_says (OflJob *job, const char *words)
{
  g_autoptr (GPtrArray) lines = ofl_job_read_log (job, 0, G_MAXUINT);

  for (guint i = 0; i < lines->len; i++)
    if (strstr (((OflLogLine *) g_ptr_array_index (lines, i))->text, words) != NULL)
      return TRUE;
  return FALSE;
}

/* What cannot be stopped any more goes on, and who wanted to stop it can read that. */
static void
test_cancel_too_late (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) async = NULL;
  g_autoptr (OflJob) job = NULL;
  g_autoptr (OflResult) result = NULL;
  OflProgressView view = { 0 };

  g_clear_object (&both->drive);
  both->drive = ofl_core_new_practice_drive ("bu40n", 20, NULL, &error);
  g_assert_no_error (error);
  job = new_flash (both);
  ofl_job_run_async (job, cancellable, await_keep, &async);
  while (!view.danger)
    {
      g_assert_null (async);
      g_main_context_iteration (NULL, TRUE);
      ofl_job_read_progress (job, &view);
    }
  g_cancellable_cancel (cancellable);
  await_result (&async);
  result = ofl_job_run_finish (job, async, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  g_assert_true (log_says (job, "The cancel was not taken"));
}

static void
test_refusals (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) other = ofl_core_new_practice_drive ("standard", 0, NULL, &error);
  g_autoptr (OflJob) job = ofl_client_new_job (both->client, OFL_JOB_BACKUP,
                                               ofl_drive_get_target (other), NULL, NULL, NULL, 0);
  g_autoptr (OflResult) result = run_job (job, &error);

  g_assert_null (result);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_LOST);
  g_assert_cmpstr (error->message, ==, "There is no such drive.");
}

static void
start_job (Both *both, const char *drive, const char *product, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) reply = NULL;

  g_dbus_connection_call (
      both->connection, OFL_SERVICE_NAME, OFL_SERVICE_PATH, OFL_SERVICE_NAME ".Manager", "StartJob",
      g_variant_new_parsed ("('backup', %s, {'vendor': 'HL-DT-ST', 'product': %s, 'serial': "
                            "'0000'}, @a{sv} {}, -1)",
                            drive, product),
      NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, await_keep, &result);
  await_result (&result);
  reply = g_dbus_connection_call_finish (both->connection, result, error);
}

/* A7: a real drive that was replugged has another node; another model with the same serial is
 * another drive. Errors keep their domain on the way. */
static void
test_very_drive (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) same = NULL;
  g_autoptr (GError) other = NULL;

  start_job (both, "/dev/sr0", "BD-RE BU40N", &error);
  g_assert_no_error (error);
  start_job (both, "/dev/sr1", "BD-RE BU40N", &same);
  g_assert_error (same, OFL_ERROR, OFL_ERROR_BUSY);
  start_job (both, "/dev/sr1", "DVDRAM GH24", &other);
  g_assert_error (other, OFL_ERROR, OFL_ERROR_LOST);
  ofl_service_wind_down (both->service);
  while (ofl_service_is_busy (both->service))
    g_main_context_iteration (NULL, TRUE);
}

/* Everything under way at once when the session ends. */
static void
test_wind_down (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflJob) job = ofl_client_new_job (both->client, OFL_JOB_BACKUP,
                                               ofl_drive_get_target (both->drive), NULL, NULL, NULL,
                                               0);
  g_autoptr (OflResult) result = NULL;

  ofl_service_wind_down (both->service);
  result = run_job (job, &error);
  g_assert_null (result);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BUSY);
}

/* Of a drive from a tape the service knows nothing: its job runs where the tape is. */
static void
test_tape (Both *both, gconstpointer data)
{
  g_autofree char *path = g_build_filename (both->dir, "tape", NULL);
  g_autofree char *id = g_strconcat ("tape:", path, NULL);
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflJob) job = NULL;
  g_autoptr (GError) error = NULL;

  tape_bench_record ("standard", "1.01", TRUE, path);
  drive = ofl_core_new_practice_drive (id, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ofl_client_runs_here (both->client, ofl_drive_get_target (drive)));
  g_assert_false (ofl_client_runs_here (both->client, ofl_drive_get_target (both->drive)));
  job = ofl_client_new_job (both->client, OFL_JOB_BACKUP, ofl_drive_get_target (drive), NULL, NULL,
                            NULL, 0);
  g_assert_false (ofl_job_outlives_program (job));
}

int
main (int argc, char **argv)
{
  if (!LOCKS_ARE_SEEN)
    {
      g_print ("1..0 # SKIP the thread sanitizer does not see GLib's locks\n");
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system-bus", TRUE);
  g_test_add ("/both/flash-and-attach", Both, NULL, set_up, test_flash_and_attach, tear_down);
  g_test_add ("/both/cancel-too-late", Both, NULL, set_up, test_cancel_too_late, tear_down);
  g_test_add ("/both/refusals", Both, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/both/very-drive", Both, NULL, set_up, test_very_drive, tear_down);
  g_test_add ("/both/tape", Both, NULL, set_up, test_tape, tear_down);
  g_test_add ("/both/wind-down", Both, NULL, set_up, test_wind_down, tear_down);
  return g_test_run ();
}
