/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What crosses the bus, checked as if hostile; and the whole of service and client in one process,
 * where a sanitizer sees both. */
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ofl-core.h"
#include "scsi/ofl-error.h"
#include "service/ofl-client.h"
#include "service/ofl-service-start.h"
#include "service/ofl-service.h"
#include "service/ofl-wire.h"

/* A thread sanitizer does not see GLib's own locks, and the tests with two threads are made of them;
 * what of ours threads share is under locks that it sees, and tested in other suites. */
#ifdef __SANITIZE_THREAD__
#define LOCKS_ARE_SEEN FALSE
#else
#define LOCKS_ARE_SEEN TRUE
#endif

static void
test_paths (void)
{
  static const char *const good[] = { "/dev/sr0", "/dev/sr17", "practice:bu40n" };
  static const char *const bad[]
      = { "",           "/dev/sr",     "/dev/sr00",       "/dev/sr01",     "/dev/sr0/../sda",
          "/dev/sr-1",  "/dev/sr12345", "/dev/sda",       "/dev/sg0",      "sr0",
          "/dev/sr0 ",  "practice:",   "practice:../x",   "practice:A",    "practice:a b",
          "/etc/passwd", "/dev/sr\xd9\xa1", "practice:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (ofl_wire_check_drive_path (good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ofl_wire_check_drive_path (bad[i], &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
    }
}

static gboolean
takes_option (const char *name, GVariant *value)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autofree char *sha256 = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GVariant) dict = NULL;
  g_autoptr (GError) error = NULL;
  GVariantBuilder builder;
  double speed;
  gboolean taken;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", name, value);
  dict = g_variant_ref_sink (g_variant_builder_end (&builder));
  taken = ofl_wire_unpack_options (dict, options, &sha256, &file, &speed, &error);
  g_assert_true (taken == (error == NULL));
  return taken;
}

static void
test_options (void)
{
  g_autofree char *hash = g_strnfill (64, 'a');
  g_autofree char *no_hash = g_strnfill (64, 'g');
  g_autofree char *long_text = g_strnfill (5000, 'x');

  g_assert_true (takes_option ("image-sha256", g_variant_new_string (hash)));
  g_assert_false (takes_option ("image-sha256", g_variant_new_string (no_hash)));
  g_assert_false (takes_option ("image-sha256", g_variant_new_string ("aa")));
  g_assert_true (takes_option ("name", g_variant_new_string ("x.bin")));
  g_assert_false (takes_option ("name", g_variant_new_string (long_text)));
  g_assert_false (takes_option ("name", g_variant_new_int32 (1)));
  g_assert_true (takes_option ("rewrite", g_variant_new_boolean (TRUE)));
  g_assert_false (takes_option ("rewrite", g_variant_new_string ("yes")));
  g_assert_true (takes_option ("practice-speed", g_variant_new_double (1e6)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double (1e7)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double (-1)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double ((double) NAN)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double ((double) INFINITY)));
  g_assert_false (takes_option ("state-dir", g_variant_new_string ("/tmp")));
  g_assert_false (takes_option ("choices", g_variant_new_string ("a=b")));
  g_assert_true (takes_option ("choices", g_variant_new_parsed ("{'enc': 'off'}")));
}

static OflStartRequest *
request (const char *kind, GVariant *expected, int fd, GError **error)
{
  g_autoptr (GVariant) identity
      = g_variant_ref_sink (expected != NULL ? expected : g_variant_new_parsed ("@a{ss} {}"));
  g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {}"));

  return ofl_start_request_new (kind, "practice:bu40n", identity, options, fd, error);
}

static void
test_requests (void)
{
  g_autofree char *serial = g_strnfill (500, '1');
  g_autoptr (GError) error = NULL;

  g_assert_null (request ("erase", NULL, -1, &error));
  g_clear_error (&error);
  g_assert_null (request ("flash", NULL, -1, &error));
  g_clear_error (&error);
  g_assert_null (request ("backup", NULL, open ("/dev/null", O_RDONLY | O_CLOEXEC), &error));
  g_clear_error (&error);
  g_assert_null (request ("backup", g_variant_new_parsed ("{'serial': %s}", serial), -1, &error));
  g_assert_nonnull (strstr (error->message, "longer than any drive's"));
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

static void
assert_file_refused (int fd)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OflStartRequest *start = request ("flash", NULL, fd, &error);

  g_assert_no_error (error);
  ofl_start_request_load_async (start, on_loaded, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (ofl_start_request_load_finish (result, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
  ofl_start_request_free (start);
}

/* A pipe would be read for ever, a device too, and a huge file would fill the memory. */
static void
test_files (void)
{
  int ends[2];
  int huge = memfd_create ("huge", MFD_CLOEXEC);

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  assert_file_refused (ends[0]);
  close (ends[1]);
  g_assert_cmpint (ftruncate (huge, G_GINT64_CONSTANT (1) << 40), ==, 0);
  assert_file_refused (huge);
  assert_file_refused (memfd_create ("empty", MFD_CLOEXEC));
  assert_file_refused (open ("/dev/zero", O_RDONLY | O_CLOEXEC));
  assert_file_refused (open ("/", O_RDONLY | O_CLOEXEC));
  assert_file_refused (open ("/dev/null", O_WRONLY | O_CLOEXEC));
}

/* A service that sends nonsense must not break a window either. */
static void
test_views (void)
{
  OflProgressView view = { .current = OFL_STAGE_SEND, .fraction = 0.5, .left_ms = 1000 };
  OflProgressView back;
  g_autoptr (GVariant) packed = g_variant_ref_sink (ofl_wire_pack_view (&view));
  g_autoptr (GVariant) other = g_variant_ref_sink (g_variant_new_string ("x"));
  g_autoptr (GVariant) bad = NULL;

  g_assert_true (ofl_wire_unpack_view (packed, &back));
  g_assert_cmpint (back.current, ==, OFL_STAGE_SEND);
  g_assert_false (ofl_wire_unpack_view (other, &back));
  view.current = OFL_N_STAGES;
  bad = g_variant_ref_sink (ofl_wire_pack_view (&view));
  g_assert_false (ofl_wire_unpack_view (bad, &back));
}

/* Service and client in one process */

typedef struct {
  GTestDBus *dbus;
  char *dir;
  OflDrive *drive;
  GDBusConnection *connection;
  OflService *service;
  OflClient *client;
} Both;

static OflTarget *
open_drive (const char *path, double practice_speed, gpointer data, GError **error)
{
  Both *both = data;

  if (strcmp (path, "practice:bu40n") == 0)
    return ofl_target_ref (ofl_drive_get_target (both->drive));
  g_set_error (error, OFL_ERROR, OFL_ERROR_LOST, "There is no such drive.");
  return NULL;
}

static void
wait_result (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Both *both, gconstpointer data)
{
  OflServiceDrives drives = { open_drive, NULL, both };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GError) error = NULL;

  both->dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (both->dbus);
  both->dir = g_dir_make_tmp ("ofl-wire-XXXXXX", &error);
  g_assert_no_error (error);
  both->drive = ofl_core_new_practice_drive ("bu40n", 0, NULL, &error);
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
  ofl_client_connect_async (FALSE, NULL, on_loaded, &result);
  wait_result (&result);
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
  g_test_dbus_down (both->dbus);
  g_clear_object (&both->dbus);
  g_free (both->dir);
}

static GPtrArray *
list_jobs (Both *both)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *jobs;

  ofl_client_list_jobs_async (both->client, NULL, on_loaded, &result);
  wait_result (&result);
  jobs = ofl_client_list_jobs_finish (both->client, result, &error);
  g_assert_no_error (error);
  return jobs;
}

static OflResult *
run_job (OflJob *job, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ofl_job_run_async (job, NULL, on_loaded, &result);
  wait_result (&result);
  return ofl_job_run_finish (job, result, error);
}

static void
test_flash_and_attach (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ofl_practice_make_image ("bu40n", "1.03", NULL, &error);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("new.bin", bytes);
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflJob) job = NULL;
  g_autoptr (OflResult) result = NULL;
  g_autoptr (OflResult) again = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  g_assert_true (ofl_firmware_parse (firmware, ofl_families_parse, NULL, &error));
  job = ofl_client_new_job (both->client, OFL_JOB_FLASH, ofl_drive_get_target (both->drive), NULL,
                            ofl_firmware_get_image (firmware, 0), options, 0);
  result = run_job (job, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  jobs = list_jobs (both);
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_cmpstr (ofl_client_job_get_verdict (g_ptr_array_index (jobs, 0)), ==, "verified");
  again = run_job (g_ptr_array_index (jobs, 0), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->proof, ==, result->proof);
  lines = ofl_job_read_log (g_ptr_array_index (jobs, 0), 0, 10);
  g_assert_cmpuint (((OflLogLine *) g_ptr_array_index (lines, 0))->seq, ==, 1);
  ofl_client_job_dismiss (job);
  after = list_jobs (both);
  g_assert_cmpuint (after->len, ==, 0);
}

static void
test_refusals (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) other = ofl_core_new_practice_drive ("standard", 0, NULL, &error);
  g_autoptr (OflJob) job = ofl_client_new_job (
      both->client, OFL_JOB_BACKUP, ofl_drive_get_target (other), NULL, NULL, NULL, 0);
  g_autoptr (OflResult) result = run_job (job, &error);

  g_assert_null (result);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_LOST);
  g_assert_cmpstr (error->message, ==, "There is no such drive.");
}

/* Everything under way at once when the session ends. */
static void
test_wind_down (Both *both, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflJob) job = ofl_client_new_job (
      both->client, OFL_JOB_BACKUP, ofl_drive_get_target (both->drive), NULL, NULL, NULL, 0);
  g_autoptr (OflResult) result = NULL;

  ofl_service_wind_down (both->service);
  result = run_job (job, &error);
  g_assert_null (result);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BUSY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system-bus", TRUE);
  g_test_add_func ("/wire/paths", test_paths);
  g_test_add_func ("/wire/options", test_options);
  g_test_add_func ("/wire/requests", test_requests);
  g_test_add_func ("/wire/views", test_views);
  if (!LOCKS_ARE_SEEN)
    return g_test_run ();
  g_test_add_func ("/wire/files", test_files);
  g_test_add ("/wire/flash-and-attach", Both, NULL, set_up, test_flash_and_attach, tear_down);
  g_test_add ("/wire/refusals", Both, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/wire/wind-down", Both, NULL, set_up, test_wind_down, tear_down);
  return g_test_run ();
}
