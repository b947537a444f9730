/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole jobs, from opening the drive to the verdict, on the practice BU40N and the standard one. */
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "flash/ofl-backup-place.h"
#include "flash/ofl-journal.h"
#include "flash/ofl-local-job.h"
#include "scsi/ofl-error.h"
#include "workbench.h"

/* Where the practice image's integrity table points (mt1959 3.2). */
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
  /* mt1959 3.1: page 0 reads back as a copy of 10000; everything behind it is the flash */
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
count_command (const OflCommand *command, gpointer data)
{
  ++*(guint *) data;
}

/* Through the job's own interface as through the command line: what is there stays. */
static void
test_f6_in_the_way (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autofree char *path = g_build_filename (bench->dir, "dump.bin", NULL);
  g_autofree char *manifest = g_strconcat (path, ".json", NULL);
  g_autoptr (OflResult) refused = NULL, replaced = NULL;
  g_autofree char *content = NULL;
  guint executed = 0;

  g_assert_true (g_file_set_contents (manifest, "precious", -1, NULL));
  bench->options->backup_file = g_strdup (path);
  ofl_practice_port_set_watch (bench->port, count_command, &executed);
  refused = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  g_assert_cmpstr (ofl_verdict_id (refused->verdict), ==, "refused");
  g_assert_nonnull (strstr (refused->what, manifest));
  g_assert_nonnull (strstr (refused->next, OFL_DO ("overwrite")));
  /* who the drive is was asked, its firmware not */
  g_assert_cmpuint (executed, <, 40);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (manifest, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "precious");
  bench->options->overwrite = TRUE;
  replaced = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_assert_cmpstr (ofl_verdict_id (replaced->verdict), ==, "done");
}

/* What the client does with a service's backup: all parts, under the names the file gives them. */
static void
test_f6_copy (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autofree char *path = g_build_filename (bench->dir, "dump.bin", NULL);
  OflBackupPlace place = { .file = path };
  g_autoptr (OflResult) result = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *manifest = ofl_backup_companion (path, NULL);
  g_autofree char *copy = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *parts;

  copy = ofl_backup_copy (result->backup_path, &place, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (copy, ==, path);
  g_assert_true (json_parser_load_from_file (parser, manifest, NULL));
  parts = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                        "parts");
  g_assert_cmpuint (json_array_get_length (parts), ==, 7);
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonObject *part = json_array_get_object_element (parts, i);
      g_autofree char *file
          = g_build_filename (bench->dir, json_object_get_string_member (part, "file"), NULL);
      g_autofree char *content = NULL;
      OflHashes hashes;
      gsize length;

      g_assert_true (g_file_get_contents (file, &content, &length, NULL));
      ofl_hashes_compute (&hashes, (const guint8 *) content, length);
      g_assert_cmpstr (json_object_get_string_member (part, "sha256"), ==, hashes.sha256);
    }
  again = ofl_backup_copy (result->backup_path, &place, &error);
  g_assert_null (again);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_EXISTS);
}

/* From the point of no return on there is no room in any file. */
static void
fill_disk (const OflCommand *command, gpointer data)
{
  OflProgressView progress;
  struct rlimit limit;

  ofl_job_read_progress (data, &progress);
  if (!progress.danger)
    return;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = 600;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static gboolean
log_has (OflJob *job, OflLogLevel level, const char *text)
{
  g_autoptr (GPtrArray) lines = ofl_job_read_log (job, 0, G_MAXUINT);

  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      if (line->level == level && strstr (line->text, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* F11: the disk is full behind the point of no return. The write goes on, that the journal has a gap
 * is said at once and at the end, and the next start finds no job that never ended. */
static void
test_f11_disk_full (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflJob) job = ofl_local_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive),
                                              NULL, image, bench->options);
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
  g_autoptr (OflResult) result = NULL;
  g_autoptr (GPtrArray) unfinished = NULL;

  signal (SIGXFSZ, SIG_IGN);
  ofl_practice_port_set_watch (bench->port, fill_disk, job);
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  g_assert_nonnull (strstr (result->what, "The journal of this job is not whole: File too large."));
  g_assert_null (strstr (result->what, "never ended"));
  g_assert_true (log_has (job, OFL_LOG_WARNING, "The journal cannot be written any more"));
  unfinished = ofl_journal_find_unfinished (bench->dir);
  g_assert_cmpuint (unfinished->len, ==, 0);
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

/* A file that was read from a drive is written so that the boot area stays the drive's; only who
 * insists on the other way is refused. */
static void
test_raw_dump (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", "raw-dump");
  g_autoptr (OflResult) insisted = NULL, result = NULL;
  g_autoptr (GBytes) before = ofl_practice_drive_get_flash (bench->device), after = NULL;

  bench->options->choices = ofl_choices_new ();
  ofl_choices_set (bench->options->choices, "dialect", "oem");
  insisted = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (insisted->verdict), ==, "refused");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
  g_clear_pointer (&bench->options->choices, ofl_choices_unref);
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  after = ofl_practice_drive_get_flash (bench->device);
  g_assert_cmpmem (g_bytes_get_data (before, NULL), 0x400, g_bytes_get_data (after, NULL), 0x400);
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
  g_autoptr (OflJob) job = ofl_local_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive),
                                              chosen, image, bench->options);
  g_autoptr (OflResult) result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);

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
  a->job = ofl_local_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive), NULL, image,
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
  g_clear_pointer (&a->result, ofl_result_free);
  g_clear_error (&a->error);
  g_clear_object (&a->job);
  g_clear_object (&a->cancellable);
  g_clear_pointer (&a->loop, g_main_loop_unref);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;
  return n;
}

/* A NEC leaves safe mode twice in a whole job, each time by a restart: behind both readings of the
 * backup, and behind the write. It is out of it while the backup is stored. */
static void
test_safe_mode_stays (void)
{
  g_autoptr (Workbench) bench = workbench_new ("nd3500");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_autofree char *journal = workbench_journal (bench);
  char *write = strstr (journal, "\"event\":\"backup\"");

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  g_assert_nonnull (write);
  g_assert_cmpuint (count (journal, "\"cdb\":\"cc 01 00"), ==, 2);
  g_assert_cmpuint (count (write, "\"cdb\":\"cc 01 00"), ==, 1);
  *write = '\0';
  g_assert_cmpuint (count (journal, "\"cdb\":\"cc 01 01"), ==, 1);
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
  if (command->cdb[0] == 0x3b && (command->cdb[1] & 0x1f) == 6 && command->cdb[3] == 0x02
      && command->cdb[4] == 0x80)
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
  g_autoptr (OflJob) first = ofl_local_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive),
                                                NULL, image, bench->options);
  g_autoptr (OflJob) second = ofl_local_job_new (OFL_JOB_BACKUP,
                                                 ofl_drive_get_target (bench->drive), NULL, NULL,
                                                 bench->options);
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

/* What only a job of the service has, one of this process answers too. */
static void
test_local_manners (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflSnapshot) seen = workbench_look (bench);
  g_autoptr (OflJob) job = ofl_local_job_new (OFL_JOB_BACKUP, ofl_drive_get_target (bench->drive),
                                              seen, NULL, bench->options);
  g_autoptr (OflResult) result = NULL;

  g_assert_cmpint (ofl_job_get_kind (job), ==, OFL_JOB_BACKUP);
  g_assert_cmpstr (ofl_job_get_drive (job), ==, ofl_drive_get_id (bench->drive));
  g_assert_cmpstr (ofl_job_get_title (job), ==, "Back up HL-DT-ST BD-RE BU40N");
  g_assert_cmpstr (ofl_job_get_verdict (job), ==, "none");
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
  g_assert_cmpstr (ofl_job_get_verdict (job), ==, ofl_verdict_id (result->verdict));
  g_assert_false (ofl_job_outlives_program (job));
  g_assert_null (ofl_job_get_path (job));
  g_assert_false (ofl_job_leave (job));
  ofl_job_dismiss (job);
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
  g_test_add_func ("/job/f6-in-the-way", test_f6_in_the_way);
  g_test_add_func ("/job/f6-copy", test_f6_copy);
  g_test_add_func ("/job/f11-disk-full", test_f11_disk_full);
  g_test_add_func ("/job/identical", test_identical);
  g_test_add_func ("/job/compare", test_compare);
  g_test_add_data_func ("/job/refused/bad-cmac", "bad-cmac", test_refused);
  g_test_add_data_func ("/job/refused/truncated", "truncated", test_refused);
  g_test_add_data_func ("/job/refused/wrong-family", "wrong-family", test_refused);
  g_test_add_func ("/job/a4-raw-dump", test_raw_dump);
  g_test_add_func ("/job/disc-in-drive", test_disc_in_drive);
  g_test_add_func ("/job/another-drive-answers", test_another_drive_answers);
  g_test_add_func ("/job/standard", test_standard);
  g_test_add_func ("/job/safe-mode-stays", test_safe_mode_stays);
  g_test_add_func ("/job/async", test_async);
  g_test_add_func ("/job/cancel-while-sending", test_cancel_while_sending);
  g_test_add_func ("/job/no-cancel-after-the-point", test_no_cancel_after_the_point);
  g_test_add_func ("/job/one-job-a-drive", test_one_job_a_drive);
  g_test_add_func ("/job/local-manners", test_local_manners);
  g_test_add_func ("/job/backup-folder-refused", test_backup_folder_refused);
  return g_test_run ();
}
