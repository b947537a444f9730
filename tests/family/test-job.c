/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole jobs, from opening the drive to the verdict, on the practice BU40N and the standard one. */
#include <json-glib/json-glib.h>
#include <string.h>

#include "scsi/ofl-error.h"
#include "workbench.h"

/* Where the practice image's integrity table points (annex-containers.md 9). */
#define CODE_START 0x11000
#define CODE_END 0x180000

static void
test_flash_verified (gconstpointer dialect)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflSnapshot) after = NULL;
  g_autoptr (OflResult) result = NULL;
  g_autofree char *journal = NULL;

  bench->options->choices = ofl_choices_new ();
  ofl_choices_set (bench->options->choices, "dialect", dialect);
  g_assert_false (workbench_holds (bench, image, CODE_START, CODE_END));
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  g_assert_true (workbench_holds (bench, image, CODE_START, CODE_END));
  g_assert_cmpstr (result->revision_before, ==, "1.00");
  g_assert_cmpstr (result->revision_after, ==, "1.03");
  g_assert_nonnull (result->what);
  g_assert_nonnull (result->meaning);
  g_assert_nonnull (result->next);
  g_assert_nonnull (result->proof);
  after = workbench_look (bench);
  g_assert_cmpstr (ofl_snapshot_identity (after)->revision, ==, "1.03");
  /* journal and backup stood before the first dangerous command */
  journal = workbench_journal (bench);
  g_assert_nonnull (strstr (journal, "\"event\":\"backup\""));
  g_assert_true (strstr (journal, "\"event\":\"backup\"") < strstr (journal, "write-begins"));
  g_assert_true (strstr (journal, "write-begins") < strstr (journal, "\"cdb\":\"3b"));
  g_assert_nonnull (strstr (journal, "point-of-no-return"));
  g_assert_nonnull (strstr (journal, "\"verdict\":\"verified\""));
}

static void
test_backup_is_the_flash (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (bench->device);
  g_autofree char *path = g_build_filename (bench->dir, "dump.bin", NULL);
  g_autofree char *manifest = g_strconcat (path, ".json", NULL);
  g_autofree char *content = NULL;
  g_autoptr (OflResult) result = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  const guint8 *real = g_bytes_get_data (flash, NULL);
  JsonObject *object, *part;
  OflHashes hashes;
  gsize length;

  bench->options->backup_file = g_strdup (path);
  result = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "done");
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_cmpuint (length, ==, 0x200000);
  /* protocols.md 3.3: page 0 reads back as a copy of 10000; everything behind it is the flash */
  g_assert_cmpmem (content + 0x400, length - 0x400, real + 0x400, length - 0x400);
  g_assert_cmpmem (content, 0x400, real + 0x10000, 0x400);
  g_assert_true (json_parser_load_from_file (parser, manifest, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (object, "product"), ==, "BD-RE BU40N");
  g_assert_cmpuint (strlen (json_object_get_string_member (object, "serial")), >, 0);
  part = json_array_get_object_element (json_object_get_array_member (object, "parts"), 0);
  ofl_hashes_compute (&hashes, (const guint8 *) content, length);
  g_assert_cmpstr (json_object_get_string_member (part, "sha256"), ==, hashes.sha256);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

static void
test_identical (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.00", NULL);
  g_autoptr (OflResult) result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_autoptr (OflResult) again = NULL;

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "identical");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
  bench->options->rewrite_identical = TRUE;
  again = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (again->verdict), ==, "verified");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), >, 0);
}

static void
test_compare (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) same = workbench_image (bench, "1.00", NULL);
  g_autoptr (OflImage) other = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) a = workbench_run (bench, OFL_JOB_VERIFY, same);
  g_autoptr (OflResult) b = workbench_run (bench, OFL_JOB_VERIFY, other);

  g_assert_cmpstr (ofl_verdict_id (a->verdict), ==, "verified");
  g_assert_cmpstr (ofl_verdict_id (b->verdict), ==, "different");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

static void
test_refused (gconstpointer variant)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", variant);
  g_autoptr (OflResult) result = NULL;

  g_assert_nonnull (image);
  bench->options->accept_warnings = TRUE;
  bench->options->accept_no_backup = TRUE;
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "refused");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
  g_assert_cmpuint (strlen (result->what), >, 20);
  g_assert_cmpuint (strlen (result->next), >, 10);
}

static void
test_disc_in_drive (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) result = NULL;

  ofl_practice_drive_set_disc (bench->device, TRUE);
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "refused");
  g_assert_nonnull (strstr (result->what, "disc"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

static void
test_another_drive_answers (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (Workbench) other = workbench_new ("standard");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflSnapshot) chosen = workbench_look (other);
  g_autoptr (OflJob) job = ofl_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive), chosen,
                                        image, bench->options);
  g_autoptr (OflResult) result = ofl_job_run_blocking (job, NULL);

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "refused");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

static void
test_standard (void)
{
  g_autoptr (Workbench) bench = workbench_new ("standard");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) refused = NULL;
  g_autoptr (OflResult) result = NULL;

  g_assert_nonnull (image);
  /* it cannot be read: without the user's word nothing is sent */
  refused = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (refused->verdict), ==, "refused");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
  bench->options->accept_no_backup = TRUE;
  bench->options->accept_warnings = TRUE;
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "confirmed");
  g_assert_cmpstr (result->revision_after, ==, "1.03");
}

typedef struct {
  GMainLoop *loop;
  GCancellable *cancellable;
  OflJob *job;
  OflResult *result;
  GError *error;
  double last_fraction;
  gboolean cancel_in_send;
  guint64 seen;
} Async;

static void
on_done (GObject *source, GAsyncResult *res, gpointer data)
{
  Async *a = data;

  a->result = ofl_job_run_finish (OFL_JOB (source), res, &a->error);
  g_main_loop_quit (a->loop);
}

static gboolean
on_tick (gpointer data)
{
  Async *a = data;
  g_autoptr (GPtrArray) lines = ofl_job_read_log (a->job, a->seen, 60);
  OflProgressView view;

  ofl_job_read_progress (a->job, &view);
  g_assert_cmpfloat (view.fraction, >=, a->last_fraction);
  a->last_fraction = view.fraction;
  if (!view.finished)
    g_assert_cmpfloat (view.fraction, <, 1);
  if (lines->len > 0)
    a->seen = ((const OflLogLine *) g_ptr_array_index (lines, lines->len - 1))->seq;
  return G_SOURCE_CONTINUE;
}

static void
async_run (Async *a, Workbench *bench, OflImage *image)
{
  guint tick;

  a->loop = g_main_loop_new (NULL, FALSE);
  a->job = ofl_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive), NULL, image,
                        bench->options);
  ofl_job_run_async (a->job, a->cancellable, on_done, a);
  tick = g_timeout_add (2, on_tick, a);
  g_main_loop_run (a->loop);
  g_source_remove (tick);
  on_tick (a);
}

static void
async_clear (Async *a)
{
  g_clear_pointer (&a->result, ofl_result_unref);
  g_clear_error (&a->error);
  g_clear_object (&a->job);
  g_clear_object (&a->cancellable);
  g_clear_pointer (&a->loop, g_main_loop_unref);
}

static void
test_async (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  Async a = { 0 };

  async_run (&a, bench, image);
  g_assert_no_error (a.error);
  g_assert_cmpstr (ofl_verdict_id (a.result->verdict), ==, "verified");
  g_assert_cmpfloat (a.last_fraction, ==, 1);
  g_assert_cmpuint (a.seen, >, 0);
  async_clear (&a);
}

static void
cancel_on_stream (const OflCommand *command, gpointer data)
{
  GCancellable *cancellable = data;

  /* the 11th chunk of 4000h */
  if (command->cdb[0] == 0x3b && (command->cdb[1] & 0x1f) == 6
      && command->cdb[3] == 0x02 && command->cdb[4] == 0x80)
    g_cancellable_cancel (cancellable);
}

static void
test_cancel_while_sending (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflImage) old = workbench_image (bench, "1.00", NULL);
  Async a = { .cancellable = g_cancellable_new () };

  ofl_practice_port_set_watch (bench->port, cancel_on_stream, a.cancellable);
  async_run (&a, bench, image);
  g_assert_cmpstr (ofl_verdict_id (a.result->verdict), ==, "cancelled");
  g_assert_true (workbench_holds (bench, old, CODE_START, CODE_END));
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  async_clear (&a);
}

static void
cancel_on_last_chunk (const OflCommand *command, gpointer data)
{
  if (command->cdb[0] == 0x3b && command->cdb[3] == 0x1f && command->cdb[4] == 0xc0)
    g_cancellable_cancel (data);
}

static void
test_no_cancel_after_the_point (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  Async a = { .cancellable = g_cancellable_new () };

  ofl_practice_port_set_watch (bench->port, cancel_on_last_chunk, a.cancellable);
  async_run (&a, bench, image);
  g_assert_true (g_cancellable_is_cancelled (a.cancellable));
  g_assert_cmpstr (ofl_verdict_id (a.result->verdict), ==, "verified");
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  async_clear (&a);
}

static void
test_one_job_a_drive (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflJob) first = ofl_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive), NULL,
                                          image, bench->options);
  g_autoptr (OflJob) second = ofl_job_new (OFL_JOB_BACKUP, ofl_drive_get_target (bench->drive),
                                           NULL, NULL, bench->options);
  Async a = { .loop = g_main_loop_new (NULL, FALSE) };
  Async b = { .loop = g_main_loop_new (NULL, FALSE) };

  ofl_job_run_async (first, NULL, on_done, &a);
  ofl_job_run_async (second, NULL, on_done, &b);
  while (a.result == NULL || (b.result == NULL && b.error == NULL))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (ofl_verdict_id (a.result->verdict), ==, "verified");
  g_assert_null (b.result);
  g_assert_error (b.error, OFL_ERROR, OFL_ERROR_BUSY);
  async_clear (&a);
  async_clear (&b);
}

static void
test_backup_folder_refused (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) result = NULL;

  g_free (bench->options->backup_dir);
  bench->options->backup_dir = g_strdup ("/proc/self/no-such");
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "failed-untouched");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/job/flash-verified/oem", "oem", test_flash_verified);
  g_test_add_data_func ("/job/flash-verified/redumper", "redumper", test_flash_verified);
  g_test_add_func ("/job/backup", test_backup_is_the_flash);
  g_test_add_func ("/job/identical", test_identical);
  g_test_add_func ("/job/compare", test_compare);
  g_test_add_data_func ("/job/refused/bad-cmac", "bad-cmac", test_refused);
  g_test_add_data_func ("/job/refused/truncated", "truncated", test_refused);
  g_test_add_data_func ("/job/refused/wrong-family", "wrong-family", test_refused);
  g_test_add_data_func ("/job/refused/raw-dump", "raw-dump", test_refused);
  g_test_add_func ("/job/disc-in-drive", test_disc_in_drive);
  g_test_add_func ("/job/another-drive-answers", test_another_drive_answers);
  g_test_add_func ("/job/standard", test_standard);
  g_test_add_func ("/job/async", test_async);
  g_test_add_func ("/job/cancel-while-sending", test_cancel_while_sending);
  g_test_add_func ("/job/no-cancel-after-the-point", test_no_cancel_after_the_point);
  g_test_add_func ("/job/one-job-a-drive", test_one_job_a_drive);
  g_test_add_func ("/job/backup-folder-refused", test_backup_folder_refused);
  return g_test_run ();
}
