/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maker's program as a job: Windows programs of the tests' own, in the cage, with the manners of real ones,
 * on the practice drive "standard". */
#include <string.h>

#include "cage-missing.h"
#include "cage-processes.h"
#include "families/ofl-practice-catalog.h"
#include "flash/ofl-local-job.h"
#include "kit/ran.h"
#include "kit/scratch.h"
#include "ofl-core.h"
#include "updater/ofl-tape.h"
#include "updater/ofl-updater-job.h"

typedef struct Bench Bench;

struct Bench {
  Scratch *folder;
  char *image_path;
  GBytes *bytes;
  OflImage *image;
  OflDrive *drive;
  OflPracticeDrive *device;
  OflJobOptions *options;
  OflJob *job;
  GCancellable *cancellable;
  gboolean yes;     /* what is answered */
  gboolean silent;  /* nobody answers */
  gboolean unasked; /* with --yes */
  guint look;
  guint n_asked;
  char *question;
  char *tape;
  guint quiet_ms;
  void (*meanwhile) (Bench *self); /* while it is asked */
};

static Scratch *scratch;
static char *cache; /* of Wine's prefix, made once for all tests */

/* It is said that the job waits, and not for how long that is usual. */
static void
assert_waits (OflJob *job)
{
  g_autofree char *text = NULL;
  OflProgressView view;

  ofl_job_read_progress (job, &view);
  text = ofl_progress_view_stage_text (&view, view.current);
  if (view.question != 0) /* of a program that has died meanwhile nobody need answer */
    g_assert_cmpstr (text, ==, "waits for your answer");
}

/* As somebody would who watches the job. */
static gboolean
on_look (gpointer data)
{
  Bench *bench = data;
  g_autoptr (OflQuestion) question = ofl_job_dup_question (bench->job);
  char *all;

  if (question == NULL || question->number == bench->n_asked)
    return G_SOURCE_CONTINUE;
  all = g_strdup_printf ("%s%s %s\n", bench->question != NULL ? bench->question : "",
                         question->text, question->asked);
  bench->n_asked = question->number;
  g_free (bench->question);
  bench->question = all;
  assert_waits (bench->job);
  if (bench->meanwhile != NULL)
    bench->meanwhile (bench);
  if (!bench->silent)
    ofl_job_answer (bench->job, question->number, bench->yes);
  return G_SOURCE_CONTINUE;
}

static void
up (Bench *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = scratch_new ();
  self->bytes = ofl_practice_make_image ("standard", "1.01", NULL, &error);
  g_assert_no_error (error);
  self->image_path = g_build_filename (self->folder, "image.bin", NULL);
  g_file_set_contents (self->image_path, g_bytes_get_data (self->bytes, NULL),
                       (gssize) g_bytes_get_size (self->bytes), &error);
  g_assert_no_error (error);
  self->image = ofl_families_raw_image ("standard", self->bytes);
  self->drive = ofl_core_new_practice_drive ("standard", 0, NULL, &error);
  g_assert_no_error (error);
  self->device = ofl_practice_port_get_drive (ofl_core_get_practice_port (self->drive));
  self->options = ofl_job_options_new ();
  self->options->state_dir = g_strdup (self->folder);
  self->options->backup_dir = g_build_filename (self->folder, "backups", NULL);
  self->cancellable = g_cancellable_new ();
  self->yes = TRUE;
  self->quiet_ms = 500;
}

static void
down (Bench *self, gconstpointer data)
{
  g_clear_object (&self->job);
  g_object_unref (self->cancellable);
  ofl_job_options_free (self->options);
  g_object_unref (self->drive);
  ofl_image_unref (self->image);
  g_bytes_unref (self->bytes);
  g_free (self->image_path);
  g_free (self->question);
  g_free (self->tape);
  scratch_free (self->folder);
}

static void
start (Bench *self, const char *what, GAsyncResult **result)
{
  const char *const files[] = { g_getenv ("UPDATER_EXE_X86_64"), self->image_path, NULL };
  const char *const arguments[] = { "direct", what, "", NULL };
  OflUpdaterOptions *run = ofl_updater_options_new (files);

  g_strfreev (run->arguments);
  run->arguments = g_strdupv ((char **) arguments);
  g_free (run->cache);
  run->cache = g_strdup (cache);
  g_free (run->libdir);
  run->libdir = g_strdup (g_getenv ("UPDATER_LIBDIR"));
  run->tape = g_strdup (self->tape);
  run->unattended = self->unasked;
  run->quiet_ms = self->quiet_ms;
  self->job = ofl_updater_job_new (ofl_drive_get_target (self->drive), NULL, self->image,
                                   self->options, run);
  ofl_job_run_async (self->job, self->cancellable, await_keep, result);
  self->look = g_timeout_add (10, on_look, self);
}

static OflResult *
finish (Bench *self, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  OflResult *end;

  await_result (result);
  g_clear_handle_id (&self->look, g_source_remove);
  end = ofl_job_run_finish (self->job, *result, &error);
  g_assert_no_error (error);
  g_test_message ("%s: %s | %s | %s", ofl_verdict_id (end->verdict), end->what, end->meaning,
                  end->next);
  g_clear_object (result);
  return end;
}

static OflResult *
run (Bench *self, const char *what)
{
  GAsyncResult *result = NULL;

  start (self, what, &result);
  return finish (self, &result);
}

static gboolean
holds_image (Bench *self)
{
  return ofl_practice_drive_holds (self->device, self->bytes);
}

static char *
read_journal (const OflResult *result)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (result->journal_path, &text, NULL, NULL));
  return text;
}

static gboolean
has_logged (OflJob *job, const char *part)
{
  g_autoptr (GPtrArray) lines = ofl_job_read_log (job, 0, G_MAXUINT);

  for (guint i = 0; i < lines->len; i++)
    if (strstr (((OflLogLine *) g_ptr_array_index (lines, i))->text, part) != NULL)
      return TRUE;
  return FALSE;
}

/* The good case, and a bar that is full before anything was sent: only the drive is believed. */
static void
test_flash (Bench *self, gconstpointer what)
{
  g_autoptr (OflResult) result = NULL;
  g_autofree char *journal = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (OflTape) tape = NULL;
  OflProgressView view;

  self->tape = g_build_filename (self->folder, "tape", NULL);
  result = run (self, what);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "confirmed");
  g_assert_cmpstr (result->revision_before, ==, "1.00");
  g_assert_cmpstr (result->revision_after, ==, "1.01");
  g_assert_true (holds_image (self));
  /* a missing backup has a question of its own */
  g_assert_cmpuint (self->n_asked, ==, 2);
  g_assert_nonnull (strstr (self->question, "WRITE BUFFER"));
  g_assert_nonnull (strstr (self->question, "No backup"));
  ofl_job_read_progress (self->job, &view);
  g_assert_cmpuint (view.stages[OFL_STAGE_SEND].bytes_done, ==, g_bytes_get_size (self->bytes));
  g_assert_cmpint (view.stages[OFL_STAGE_CHECK].state, ==, OFL_STAGE_STATE_DONE);
  journal = read_journal (result);
  g_assert_nonnull (strstr (journal, "\"event\":\"data-out\""));
  g_assert_nonnull (strstr (journal, "\"event\":\"updater-held\""));
  g_assert_true (has_logged (self->job, "Point of no return"));
  file = g_file_new_for_path (self->tape);
  tape = ofl_tape_load (file, NULL, NULL);
  g_assert_nonnull (tape);
}

/* Who does not agree has a drive that was only looked at. */
static void
test_disagreed (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = NULL;

  self->yes = FALSE;
  result = run (self, "flash");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "cancelled");
  g_assert_cmpuint (self->n_asked, ==, 1);
  g_assert_false (holds_image (self));
}

/* With --yes there is nobody to accept that there is no backup. */
static void
test_unasked (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = NULL;

  self->unasked = TRUE;
  result = run (self, "flash");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "refused");
  g_assert_nonnull (strstr (result->next, "accept-no-backup"));
  g_assert_cmpuint (self->n_asked, ==, 0);
  g_assert_false (holds_image (self));
}

/* It looks, and ends. */
static void
test_only_looks (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = run (self, "inquiry");

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "failed-untouched");
  g_assert_nonnull (strstr (result->what, "has sent nothing that could change the drive"));
  g_assert_cmpuint (self->n_asked, ==, 0);
}

/* A crash in the middle is a state of the program; the drive says what it is. */
static void
test_crash (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = run (self, "crash");
  g_autofree char *journal = read_journal (result);

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "unknown");
  g_assert_nonnull (strstr (result->what, "crashed"));
  g_assert_cmpstr (result->revision_after, ==, "1.00");
  g_assert_nonnull (strstr (journal, "crashed"));
}

static gboolean
is_cancelable (gpointer data)
{
  OflProgressView view;

  ofl_job_read_progress (OFL_JOB (data), &view);
  return view.cancelable && view.danger;
}

/* One that asks for ever can be ended once the drive is idle, and not before. */
static void
test_hang (Bench *self, gconstpointer data)
{
  GAsyncResult *result = NULL;
  g_autoptr (OflResult) end = NULL;

  start (self, "hang", &result);
  while (!is_cancelable (self->job))
    {
      g_assert_null (result);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
    }
  g_assert_true (has_logged (self->job, "may be ended"));
  cage_assert_own_session ();
  g_cancellable_cancel (self->cancellable);
  end = finish (self, &result);
  g_assert_cmpstr (ofl_verdict_id (end->verdict), ==, "unknown");
  g_assert_nonnull (strstr (end->what, "was ended"));
}

/* Before its first command that could change the drive it can be ended at any time. */
static void
test_cancelled (Bench *self, gconstpointer data)
{
  GAsyncResult *result = NULL;
  g_autoptr (OflResult) end = NULL;

  start (self, "flash", &result);
  g_cancellable_cancel (self->cancellable);
  end = finish (self, &result);
  g_assert_cmpstr (ofl_verdict_id (end->verdict), ==, "cancelled");
  g_assert_false (holds_image (self));
}

static void
kill_program (Bench *self)
{
  cage_kill ();
}

static void
cancel (Bench *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* A yes is to the request that was shown: of a program that has died meanwhile nothing is sent. */
static void
test_died_while_asked (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = NULL;
  g_autofree char *journal = NULL;

  self->options->accept_no_backup = TRUE;
  self->meanwhile = kill_program;
  result = run (self, "flash");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "failed-untouched");
  g_assert_cmpuint (self->n_asked, ==, 1);
  journal = read_journal (result);
  g_assert_null (strstr (journal, "point-of-no-return"));
  g_assert_null (strstr (journal, "\"cdb\":\"3b 07"));
  g_assert_false (holds_image (self));
}

/* Nor need anybody answer: the question goes with the program. */
static void
test_died_unanswered (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = NULL;

  self->silent = TRUE;
  self->meanwhile = kill_program;
  result = run (self, "flash");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "failed-untouched");
  g_assert_cmpuint (self->n_asked, ==, 1);
  g_assert_null (ofl_job_dup_question (self->job));
  g_assert_false (holds_image (self));
}

/* Whoever cancels while it is asked is not taken for one who agreed. */
static void
test_cancelled_while_asked (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = NULL;

  self->meanwhile = cancel;
  result = run (self, "flash");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "cancelled");
  g_assert_nonnull (strstr (result->what, "Cancelled"));
  g_assert_false (holds_image (self));
}

/* Also for a job that has ended: it is for the caller to find that it is not as it should be. */
static gboolean
is_in_danger (OflJob *job)
{
  OflProgressView view;

  ofl_job_read_progress (job, &view);
  return view.danger || view.finished;
}

/* A cancel that comes too late ends nothing, neither now nor later; what kills the program is told. */
static void
test_too_late (Bench *self, gconstpointer data)
{
  GAsyncResult *result = NULL;
  g_autoptr (OflResult) end = NULL;

  self->quiet_ms = G_MAXINT;
  start (self, "hang", &result);
  while (!is_in_danger (self->job))
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (self->cancellable);
  while (!has_logged (self->job, "cannot be ended now") && is_in_danger (self->job))
    g_main_context_iteration (NULL, TRUE);
  kill_program (self);
  end = finish (self, &result);
  g_assert_cmpstr (ofl_verdict_id (end->verdict), ==, "unknown");
  g_assert_nonnull (strstr (end->what, "killed by something else"));
}

/* A disc in the drive refuses the write, and the program is ended. */
static void
test_disc (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = NULL;

  ofl_practice_drive_set_disc (self->device, TRUE);
  result = run (self, "flash");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "refused");
  g_assert_cmpuint (self->n_asked, ==, 0);
  g_assert_false (holds_image (self));
}

/* The drive takes everything, and keeps what it had: nothing is confirmed. */
static void
test_silent (Bench *self, gconstpointer data)
{
  g_autoptr (OflResult) result = NULL;

  g_assert_true (ofl_practice_drive_add_fault (self->device, "silent", NULL));
  result = run (self, "flash");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "unknown");
  g_assert_nonnull (strstr (result->what, "as before"));
}

/* optiflashctl, in the folder of the test; its cache is the tests' own. */
static void
ctl (Bench *self, const char *const *arguments, Ran *ran)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (argv, g_strdup (g_getenv ("OPTIFLASHCTL")));
  g_ptr_array_add (argv, g_strdup ("--finder=none"));
  g_ptr_array_add (argv, g_strdup ("--practice-speed=0"));
  g_ptr_array_add (argv, g_strdup_printf ("--state-dir=%s", self->folder));
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (arguments[i]));
  g_ptr_array_add (argv, NULL);
  g_subprocess_launcher_setenv (launcher, "OFL_UPDATER_LIBDIR", g_getenv ("UPDATER_LIBDIR"), TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CACHE_HOME", scratch, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  ran_wait (ran, process);
  g_test_message ("status %d: %s%s", ran->status, ran->out, ran->err);
}

/* As a person types it: what is missing, nobody to ask, and the whole. */
static void
test_command_line (Bench *self, gconstpointer data)
{
  const char *exe = g_getenv ("UPDATER_EXE_X86_64");
  const char *const none[] = { "updater", "practice:standard", "/nonexistent.exe", "--yes", NULL };
  const char *const unasked[] = { "updater", "practice:standard", exe, NULL };
  const char *const whole[] = {
    "updater",          "practice:standard", exe,     self->image_path,     "--argument=direct",
    "--argument=flash", "--argument=",       "--yes", "--accept-no-backup", NULL
  };
  g_auto (Ran) missing_file = { 0 }, nobody = { 0 }, flashed = { 0 };

  ctl (self, none, &missing_file);
  g_assert_cmpint (missing_file.status, ==, 2);
  g_assert_nonnull (strstr (missing_file.err, "/nonexistent.exe"));
  ctl (self, unasked, &nobody);
  g_assert_cmpint (nobody.status, ==, 2);
  g_assert_nonnull (strstr (nobody.err, "--yes"));
  ctl (self, whole, &flashed);
  g_assert_cmpint (flashed.status, ==, 5); /* the program holds no image that could be looked for */
  g_assert_nonnull (strstr (flashed.out, "The maker's program sends: done, 65.5"));
  g_assert_nonnull (strstr (flashed.out, "1.00 before, 1.01 now"));
  g_assert_null (strstr (flashed.out, "%]"));
}

/* Of what it cannot do without. */
static void
test_no_preload (Bench *self, gconstpointer data)
{
  const char *const files[] = { self->image_path, NULL };
  OflUpdaterOptions *run = ofl_updater_options_new (files);
  g_autoptr (OflResult) result = NULL;

  g_free (run->libdir);
  run->libdir = g_strdup (self->folder);
  self->job
      = ofl_updater_job_new (ofl_drive_get_target (self->drive), NULL, NULL, self->options, run);
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (self->job), NULL);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "failed-untouched");
  g_assert_nonnull (strstr (result->what, "optiflash-updater-preload.so"));
}

static void
add (const char *name, gconstpointer data, void (*test) (Bench *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/updater/job/", name, NULL);

  g_test_add_vtable (path, sizeof (Bench), data, (GTestFixtureFunc) up, (GTestFixtureFunc) test,
                     (GTestFixtureFunc) down);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (cage_skip_all ())
    return 0;
  scratch = scratch_new ();
  cache = g_build_filename (scratch, "optiflash", "wine", NULL);
  add ("flash", "flash", test_flash);
  add ("jump", "jump", test_flash);
  add ("disagreed", NULL, test_disagreed);
  add ("unasked", NULL, test_unasked);
  add ("only-looks", NULL, test_only_looks);
  add ("crash", NULL, test_crash);
  add ("hang", NULL, test_hang);
  add ("cancelled", NULL, test_cancelled);
  add ("died-while-asked", NULL, test_died_while_asked);
  add ("died-unanswered", NULL, test_died_unanswered);
  add ("cancelled-while-asked", NULL, test_cancelled_while_asked);
  add ("too-late", NULL, test_too_late);
  add ("disc", NULL, test_disc);
  add ("silent", NULL, test_silent);
  add ("command-line", NULL, test_command_line);
  add ("no-preload", NULL, test_no_preload);
  status = g_test_run ();
  g_free (cache);
  scratch_free (scratch);
  return status;
}
