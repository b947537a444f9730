/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What crosses the bus, checked as if hostile; and the whole of service and client in one process,
 * where a sanitizer sees both. */
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "families/ofl-practice-catalog.h"
#include "kit/ran.h"
#include "kit/scratch.h"
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
  static const char *const bad[] = { "",
                                     "/dev/sr",
                                     "/dev/sr00",
                                     "/dev/sr01",
                                     "/dev/sr0/../sda",
                                     "/dev/sr-1",
                                     "/dev/sr12345",
                                     "/dev/sda",
                                     "/dev/sg0",
                                     "sr0",
                                     "/dev/sr0 ",
                                     "practice:",
                                     "practice:../x",
                                     "practice:A",
                                     "practice:a b",
                                     "/etc/passwd",
                                     "/dev/sr\xd9\xa1",
                                     "practice:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

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
  g_assert_true (takes_option ("image-file", g_variant_new_string ("/x/new.bin")));
  g_assert_false (takes_option ("image-file", g_variant_new_string (long_text)));
  g_assert_false (takes_option ("image-with", g_variant_new_int32 (1)));
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
assert_file_refused (int fd)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OflStartRequest *start = request ("flash", NULL, fd, &error);

  g_assert_no_error (error);
  ofl_start_request_load_async (start, await_keep, &result);
  await_result (&result);
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

/* Progress, log and result */

static void
fill_view (OflProgressView *view)
{
  memset (view, 0, sizeof *view);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    view->stages[i] = (OflStageView){
      i % (OFL_STAGE_STATE_FAILED + 1), 10 + i, 20 + i, 30 + i, 40 + i, 50 + i, i / 10.0
    };
  view->current = OFL_STAGE_SEND;
  view->fraction = 0.5;
  view->rate = 1000;
  view->left_ms = 4000;
  view->danger = TRUE;
  g_strlcpy (view->command, "WRITE BUFFER", sizeof view->command);
  view->command_us = 5;
  view->command_usual_ms = 6;
  view->command_limit_ms = 7;
  view->verdict = OFL_VERDICT_DIFFERENT;
}

static void
test_views (void)
{
  OflProgressView view, back;
  g_autoptr (GVariant) packed = NULL;
  g_autoptr (GError) error = NULL;

  fill_view (&view);
  packed = g_variant_ref_sink (ofl_wire_pack_view (&view));
  ofl_wire_unpack_view (packed, &back, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      g_assert_cmpint (back.stages[i].state, ==, view.stages[i].state);
      if (view.stages[i].state != OFL_STAGE_STATE_SKIPPED)
        g_assert_cmpmem (&back.stages[i], sizeof back.stages[i], &view.stages[i],
                         sizeof view.stages[i]);
      memset (&back.stages[i], 0, sizeof back.stages[i]);
      memset (&view.stages[i], 0, sizeof view.stages[i]);
    }
  g_assert_cmpmem (&back, sizeof back, &view, sizeof view);
}

static GVariant *
text_variant (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *variant = g_variant_parse (NULL, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return variant;
}

#define NEEDED \
  "'stage': <'send'>, 'fraction': <0.5>, 'danger': <true>, 'cancelable': <false>, " \
  "'finished': <false>"

/* Names that a newer peer added are passed over, and what is only nice to have may be missing. */
static void
test_readable_views (void)
{
  static const char *const texts[] = {
    "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
    "{'version': <uint32 2>, 'verdict': <'none'>, 'spin': <@ai [1, 2]>, 'stages': <{'send': "
    "{'state': <'running'>, 'fraction': <0.25>, 'colour': <'blue'>}}>, " NEEDED "}",
    "{'version': <uint32 2>, 'verdict': <'none'>, 'rate': <'fast'>, 'left-ms': <1.5>, 'stages': "
    "<@a{sa{sv}} {}>, " NEEDED "}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) variant = text_variant (texts[i]);
      g_autoptr (GError) error = NULL;
      OflProgressView view;

      ofl_wire_unpack_view (variant, &view, &error);
      g_assert_no_error (error);
      g_assert_cmpint (view.current, ==, OFL_STAGE_SEND);
      g_assert_true (view.danger);
      g_assert_cmpint (view.left_ms, ==, -1);
      g_assert_cmpfloat (view.rate, ==, 0);
      g_assert_false (view.unreadable);
    }
}

/* Half of a progress would be a lie: each of these is of another version, and the error says by
 * what. The first is how the first version wrote progress. */
static void
test_unreadable_views (void)
{
  static const struct {
    const char *text;
    const char *why;
  } rows[] = {
    { "([(uint32 1, uint64 2, uint64 3, int64 4, uint32 5, uint32 6, 0.5)], uint32 0, 0.5, 0.0, "
      "int64 1, true, false, '', int64 0, uint32 0, uint32 0, false, uint32 0)",
      "(a(uttxuud)uddxbbsxuubu)" },
    { "'x'", "it writes progress as “s”" },
    { "@a{sv} {}", "it does not say “version”" },
    { "{'version': <uint32 3>, 'verdict': <'none'>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
      "it writes version “3”" },
    { "{'version': <uint32 2>, 'verdict': <'polished'>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
      "it names the verdict “polished”" },
    { "{'version': <uint32 2>, 'verdict': <uint32 1>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
      "it does not say “verdict”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stage': <'polish'>, 'fraction': <0.5>, "
      "'danger': <true>, 'cancelable': <false>, 'finished': <false>, 'stages': <@a{sa{sv}} {}>}",
      "it names the stage “polish”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <{'polish': {'state': <'pending'>, "
      "'fraction': <0.0>}}>, " NEEDED "}",
      "it names the stage “polish”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <{'send': {'state': <'paused'>, "
      "'fraction': <0.0>}}>, " NEEDED "}",
      "it names the state “paused”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <{'send': {'state': <'running'>}}>, " NEEDED
      "}",
      "it does not say “fraction”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, " NEEDED "}", "it does not say “stages”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GVariant) variant = text_variant (rows[i].text);
      g_autoptr (GError) error = NULL;
      OflProgressView view;

      g_assert_false (ofl_wire_unpack_view (variant, &view, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, rows[i].why));
    }
}

static void
assert_line (GPtrArray *lines, guint index, guint64 seq, OflLogLevel level, const char *text)
{
  const OflLogLine *line = g_ptr_array_index (lines, index);

  g_assert_cmpuint (line->seq, ==, seq);
  g_assert_cmpint (line->level, ==, level);
  g_assert_cmpstr (line->text, ==, text);
}

static void
test_lines (void)
{
  static const char *const texts[] = {
    "[(uint64 1, int64 2, uint32 2, 'old'), (uint64 2, int64 2, uint32 9, 'odd')]",
    ("[{'seq': <uint64 3>, 'level': <'error'>, 'text': <'new'>, 'hue': <1>}, {'text': <'lost'>}, "
     "{'seq': <uint64 4>, 'level': <'shout'>, 'text': <'newer'>}]"),
    "'nonsense'",
  };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);
  g_autoptr (GVariant) packed = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) variant = text_variant (texts[i]);

      ofl_wire_unpack_lines (variant, lines);
    }
  packed = g_variant_ref_sink (ofl_wire_pack_lines (lines));
  g_ptr_array_set_size (lines, 0);
  ofl_wire_unpack_lines (packed, lines);
  g_assert_cmpuint (lines->len, ==, 4);
  assert_line (lines, 0, 1, OFL_LOG_WARNING, "old");
  assert_line (lines, 1, 2, OFL_LOG_ERROR, "odd");
  assert_line (lines, 2, 3, OFL_LOG_ERROR, "new");
  assert_line (lines, 3, 4, OFL_LOG_INFO, "newer");
}

static void
test_results (void)
{
  g_autoptr (GVariant) none = text_variant ("@a{sv} {}");
  g_autoptr (GVariant) known = text_variant ("{'verdict': 'verified', 'what': 'old', 'hue': 'x'}");
  g_autoptr (GVariant) newer
      = text_variant ("{'verdict': <'polished'>, 'what': <'It shines.'>, 'hue': <1>}");
  g_autoptr (GVariant) mute = text_variant ("{'what': <'Nothing.'>}");
  g_autoptr (OflResult) first = ofl_wire_unpack_result (known);
  g_autoptr (OflResult) second = ofl_wire_unpack_result (newer);
  g_autoptr (OflResult) third = ofl_wire_unpack_result (mute);

  g_assert_null (ofl_wire_unpack_result (none));
  g_assert_cmpint (first->verdict, ==, OFL_VERDICT_VERIFIED);
  g_assert_cmpstr (first->what, ==, "old");
  g_assert_cmpint (second->verdict, ==, OFL_VERDICT_UNKNOWN);
  g_assert_nonnull (strstr (second->what, "another version"));
  g_assert_nonnull (strstr (second->what, "“polished”"));
  g_assert_cmpstr (second->meaning, ==, "The service says: It shines.");
  g_assert_nonnull (second->next);
  g_assert_cmpint (third->verdict, ==, OFL_VERDICT_UNKNOWN);
  for (OflVerdict v = OFL_VERDICT_NONE; v < OFL_N_VERDICTS; v++)
    {
      g_autoptr (OflResult) one = ofl_result_new (v);
      g_autoptr (GVariant) packed = g_variant_ref_sink (ofl_wire_pack_result (one));
      g_autoptr (OflResult) back = ofl_wire_unpack_result (packed);

      g_assert_cmpint (back->verdict, ==, v);
    }
}

/* Service and client in one process */

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

  g_assert_true (ofl_families_recognise (firmware, &error));
  job = ofl_client_new_job (both->client, OFL_JOB_FLASH, ofl_drive_get_target (both->drive), NULL,
                            ofl_firmware_get_image (firmware, 0), options, 0);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system-bus", TRUE);
  g_test_add_func ("/wire/paths", test_paths);
  g_test_add_func ("/wire/options", test_options);
  g_test_add_func ("/wire/requests", test_requests);
  g_test_add_func ("/wire/views", test_views);
  g_test_add_func ("/wire/readable-views", test_readable_views);
  g_test_add_func ("/wire/unreadable-views", test_unreadable_views);
  g_test_add_func ("/wire/lines", test_lines);
  g_test_add_func ("/wire/results", test_results);
  if (!LOCKS_ARE_SEEN)
    return g_test_run ();
  g_test_add_func ("/wire/files", test_files);
  g_test_add ("/wire/flash-and-attach", Both, NULL, set_up, test_flash_and_attach, tear_down);
  g_test_add ("/wire/refusals", Both, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/wire/very-drive", Both, NULL, set_up, test_very_drive, tear_down);
  g_test_add ("/wire/wind-down", Both, NULL, set_up, test_wind_down, tear_down);
  return g_test_run ();
}
