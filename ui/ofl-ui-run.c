/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-run.h"

#include <glib/gi18n.h>

#include "ofl-ui-log.h"
#include "ofl-ui-text.h"
#include "service/ofl-client.h"

/* 20 looks a second and 60 lines a look: more stalls frames (core 6). */
#define TICK_MS 50
#define LINES_PER_TICK 60

struct _OflUiRun {
  GObject parent_instance;

  OflJob *job;
  OflDrive *drive; /* is being looked at: the job begins when that is over; else NULL */
  char *name;
  char *title;
  char *line;

  GCancellable *cancellable;
  OflProgressView view;
  OflResult *result;
  GError *error;
  gboolean finished;
  gboolean cancelling; /* at the last look: a wish to end the maker's program may be dropped */

  GListStore *log;
  guint64 log_seq;
  guint tick;
};

G_DEFINE_FINAL_TYPE (OflUiRun, ofl_ui_run, G_TYPE_OBJECT)

enum { SIGNAL_TICKED, SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static guint
read_log (OflUiRun *self)
{
  g_autoptr (GPtrArray) lines = ofl_job_read_log (self->job, self->log_seq, LINES_PER_TICK);

  if (lines == NULL || lines->len == 0)
    return 0;
  self->log_seq = ofl_ui_log_append (self->log, lines, self->log_seq);
  return lines->len;
}

static void
on_job_done (GObject *source, GAsyncResult *async_result, gpointer data)
{
  g_autoptr (OflUiRun) self = data;

  self->result = ofl_job_run_finish (self->job, async_result, &self->error);
  self->finished = TRUE;
  ofl_job_read_progress (self->job, &self->view);
  self->view.danger = FALSE;
  self->view.cancelable = FALSE;
  self->view.question = 0;
  read_log (self);
  g_signal_emit (self, signals[SIGNAL_TICKED], 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* A look that is under way holds the drive open, and in the service the job would find it in use. */
static void
begin_when_free (OflUiRun *self)
{
  if (self->drive == NULL || ofl_drive_is_looking (self->drive))
    return;
  g_clear_object (&self->drive);
  ofl_job_run_async (self->job, self->cancellable, on_job_done, g_object_ref (self));
}

/* Whether what the user can do or has to know is another. */
static gboolean
is_other (const OflProgressView *before, const OflProgressView *now)
{
  return before->danger != now->danger || before->cancelable != now->cancelable
         || before->unreadable != now->unreadable || before->question != now->question;
}

/* A wish that came too late was dropped by the job. In the service it has a cancellable of its own: the one
 * here still stood for that wish, and the button for another one shut. */
static void
drop_late_wish (OflUiRun *self)
{
  const OflProgressView *view = &self->view;

  if (ofl_job_outlives_program (self->job) && view->danger && !view->cancelable
      && g_cancellable_is_cancelled (self->cancellable))
    g_cancellable_reset (self->cancellable);
}

static gboolean
on_tick (gpointer data)
{
  g_autoptr (OflUiRun) self = g_object_ref (data);
  const OflProgressView before = self->view;
  gboolean cancelling = self->cancelling;
  guint n_lines;

  begin_when_free (self);
  ofl_job_read_progress (self->job, &self->view);
  drop_late_wish (self);
  self->cancelling = ofl_ui_run_is_cancelling (self);
  n_lines = read_log (self);
  g_signal_emit (self, signals[SIGNAL_TICKED], 0);
  if (is_other (&before, &self->view) || cancelling != self->cancelling)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  /* After the end it only goes on until the log is complete. */
  if (!self->finished || n_lines == LINES_PER_TICK)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
ofl_ui_run_dispose (GObject *object)
{
  OflUiRun *self = OFL_UI_RUN (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->job);
  g_clear_object (&self->drive);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->log);
  g_clear_pointer (&self->result, ofl_result_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->line, g_free);
  G_OBJECT_CLASS (ofl_ui_run_parent_class)->dispose (object);
}

static void
ofl_ui_run_class_init (OflUiRunClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_run_dispose;
  signals[SIGNAL_TICKED] = g_signal_new ("ticked", OFL_UI_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_ui_run_init (OflUiRun *self)
{
  self->cancellable = g_cancellable_new ();
  self->log = ofl_ui_log_new ();
}

static char *
describe_drive (OflJobKind kind, OflDrive *drive, const char *to_revision)
{
  g_autofree char *serial = ofl_ui_text_serial (drive);
  g_autofree char *revision = ofl_ui_text_drive (drive, "revision");
  gboolean practice = ofl_target_is_practice (ofl_drive_get_target (drive));

  /* a window that comes to a job of the service has not asked the drive anything */
  if (*revision == '\0')
    return g_strdup (practice ? _ ("practice drive") : "");
  if (ofl_job_kind_writes (kind) && to_revision != NULL)
    /* Translators: from revision to revision, and a serial number, of both */
    return g_strdup_printf (practice ? _ ("%s → %s · serial %s · practice drive")
                                     : _ ("%s → %s · serial %s"),
                            revision, to_revision, serial);
  /* Translators: a revision and a serial number, of both */
  return g_strdup_printf (practice ? _ ("Revision %s · serial %s · practice drive")
                                   : _ ("Revision %s · serial %s"),
                          revision, serial);
}

/**
 * ofl_ui_run_new:
 * @job: a job that has not begun
 * @drive: the drive it works on, for its name and serial
 * @to_revision: (nullable): revision that is to be written
 *
 * Returns: (transfer full): a run; ofl_ui_run_start() begins it
 */
OflUiRun *
ofl_ui_run_new (OflJob *job, OflDrive *drive, const char *to_revision)
{
  OflUiRun *self = g_object_new (OFL_UI_TYPE_RUN, NULL);
  OflJobKind kind = ofl_job_get_kind (job);

  self->job = g_object_ref (job);
  self->name = ofl_ui_text_model (drive);
  self->title = ofl_ui_text_job (kind, self->name);
  self->line = describe_drive (kind, drive, to_revision);
  return self;
}

/**
 * ofl_ui_run_start:
 * @self: a run
 * @drive: the drive it works on, at which no new look begins
 *
 * Begins the job, or lets it begin as soon as a look at the drive that is under way is over. Returns at
 * once; "changed" says when it is over.
 */
void
ofl_ui_run_start (OflUiRun *self, OflDrive *drive)
{
  g_return_if_fail (self->tick == 0 && !self->finished);

  self->drive = g_object_ref (drive);
  begin_when_free (self);
  ofl_job_read_progress (self->job, &self->view);
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
}

/**
 * ofl_ui_run_cancel:
 * @self: a run
 *
 * Asks the job to stop; the job itself knows when that is no longer possible.
 */
void
ofl_ui_run_cancel (OflUiRun *self)
{
  if (self->finished || !self->view.cancelable)
    return;
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * ofl_ui_run_get_kind:
 * @self: a run
 *
 * Returns: kind of its job
 */
OflJobKind
ofl_ui_run_get_kind (OflUiRun *self)
{
  return ofl_job_get_kind (self->job);
}

/**
 * ofl_ui_run_get_view:
 * @self: a run
 *
 * Returns: the progress as last looked at
 */
const OflProgressView *
ofl_ui_run_get_view (OflUiRun *self)
{
  return &self->view;
}

/**
 * ofl_ui_run_is_cancelling:
 * @self: a run
 *
 * Returns: whether a cancel was asked for and the job goes on still
 */
gboolean
ofl_ui_run_is_cancelling (OflUiRun *self)
{
  return !self->finished && g_cancellable_is_cancelled (self->cancellable);
}

/**
 * ofl_ui_run_is_finished:
 * @self: a run
 *
 * Returns: whether it is over
 */
gboolean
ofl_ui_run_is_finished (OflUiRun *self)
{
  return self->finished;
}

/**
 * ofl_ui_run_get_result:
 * @self: a run
 *
 * Returns: (nullable): how it ended; %NULL while it runs, or when it could not begin
 */
OflResult *
ofl_ui_run_get_result (OflUiRun *self)
{
  return self->result;
}

/**
 * ofl_ui_run_get_error:
 * @self: a run
 *
 * Returns: (nullable): why it could not begin
 */
const GError *
ofl_ui_run_get_error (OflUiRun *self)
{
  return self->error;
}

/**
 * ofl_ui_run_get_verdict:
 * @self: a finished run
 *
 * Returns: how it ended; a job that could not begin has left the drive untouched
 */
OflVerdict
ofl_ui_run_get_verdict (OflUiRun *self)
{
  return self->result != NULL ? self->result->verdict : OFL_VERDICT_FAILED_UNTOUCHED;
}

/**
 * ofl_ui_run_get_title:
 * @self: a run
 *
 * Returns: what it does, translated: "Flashing BD-RE BU40N"
 */
const char *
ofl_ui_run_get_title (OflUiRun *self)
{
  return self->title;
}

/**
 * ofl_ui_run_get_drive_name:
 * @self: a run
 *
 * Returns: the drive's model when the job began
 */
const char *
ofl_ui_run_get_drive_name (OflUiRun *self)
{
  return self->name;
}

/**
 * ofl_ui_run_get_drive_line:
 * @self: a run
 *
 * Returns: revisions and serial number in a line
 */
const char *
ofl_ui_run_get_drive_line (OflUiRun *self)
{
  return self->line;
}

/**
 * ofl_ui_run_get_percent:
 * @self: a run
 *
 * Rounds down, so that 100 stands only at the end.
 *
 * Returns: 0 to 100
 */
guint
ofl_ui_run_get_percent (OflUiRun *self)
{
  return ofl_progress_view_percent (&self->view);
}

/**
 * ofl_ui_run_tells_percent:
 * @self: a run
 *
 * How much the maker's program will send nobody knows before its end.
 *
 * Returns: whether there is a percentage that means something
 */
gboolean
ofl_ui_run_tells_percent (OflUiRun *self)
{
  return !self->view.unreadable && !self->view.by_other
         && ofl_job_get_kind (self->job) != OFL_JOB_UPDATER;
}

/**
 * ofl_ui_run_get_stage_title:
 * @self: a run
 *
 * Returns: what the stage is called that it is in
 */
const char *
ofl_ui_run_get_stage_title (OflUiRun *self)
{
  return ofl_progress_view_stage_title (&self->view, self->view.current);
}

/**
 * ofl_ui_run_dup_question:
 * @self: a run
 *
 * Returns: (nullable) (transfer full): what its job asks, and waits for
 */
OflQuestion *
ofl_ui_run_dup_question (OflUiRun *self)
{
  return self->finished ? NULL : ofl_job_dup_question (self->job);
}

/**
 * ofl_ui_run_is_asking:
 * @self: a run
 *
 * Returns: whether its job waits for an answer
 */
gboolean
ofl_ui_run_is_asking (OflUiRun *self)
{
  return !self->finished && self->view.question != 0;
}

/**
 * ofl_ui_run_answer:
 * @self: a run
 * @number: of the question that was shown
 * @yes: whether it is agreed to
 *
 * An answer to a question that waits no longer is dropped by the job.
 */
void
ofl_ui_run_answer (OflUiRun *self, guint number, gboolean yes)
{
  if (!self->finished)
    ofl_job_answer (self->job, number, yes);
}

/**
 * ofl_ui_run_get_log:
 * @self: a run
 *
 * Returns: (transfer none) (element-type OflUiLogItem): the last lines of its log
 */
GListModel *
ofl_ui_run_get_log (OflUiRun *self)
{
  return G_LIST_MODEL (self->log);
}

/**
 * ofl_ui_run_outlives_program:
 * @self: a run
 *
 * Returns: whether its job is in the service and goes on when this program ends
 */
gboolean
ofl_ui_run_outlives_program (OflUiRun *self)
{
  return ofl_job_outlives_program (self->job);
}

/**
 * ofl_ui_run_get_path:
 * @self: a run
 *
 * Returns: (nullable): its job's object in the service
 */
const char *
ofl_ui_run_get_path (OflUiRun *self)
{
  return ofl_job_get_path (self->job);
}

/**
 * ofl_ui_run_dismiss:
 * @self: a run
 *
 * Its end has been seen: the service need not keep it.
 */
void
ofl_ui_run_dismiss (OflUiRun *self)
{
  if (self->finished)
    ofl_job_dismiss (self->job);
}
