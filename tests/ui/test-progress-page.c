/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job's page in the window, with a job that says what the test wants and when: a real one says some of it
 * for a moment only. Needs a display. */
#include <adwaita.h>
#include <string.h>

#include "kit/scratch.h"
#include "ofl-core.h"
#include "ofl-ui-progress-page.h"

#define PLAYED_TYPE_JOB (played_job_get_type ())
G_DECLARE_FINAL_TYPE (PlayedJob, played_job, PLAYED, JOB, OflJob)

struct _PlayedJob {
  OflJob parent_instance;

  OflProgressView view;
  GTask *task;
  GCancellable *cancellable;
  guint answered; /* the number of the question to which it was said yes */
};

/* Stands for one in the service; see below for one of this process. */
G_DEFINE_TYPE (PlayedJob, played_job, OFL_TYPE_JOB)

static void
run_async (OflJob *job, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  PlayedJob *self = PLAYED_JOB (job);

  self->task = g_task_new (self, NULL, callback, data);
  self->cancellable = cancellable;
}

static OflResult *
run_finish (OflJob *job, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_progress (OflJob *job, OflProgressView *view)
{
  *view = PLAYED_JOB (job)->view;
}

static GPtrArray *
read_log (OflJob *job, guint64 after_seq, guint max_lines)
{
  return g_ptr_array_new ();
}

static OflQuestion *
dup_question (OflJob *job)
{
  guint number = PLAYED_JOB (job)->view.question;

  return number != 0 ? ofl_question_new (number, "This was found.", "Go on?") : NULL;
}

static gboolean
take_answer (OflJob *job, guint number, gboolean yes)
{
  PLAYED_JOB (job)->answered = yes ? number : 0;
  return TRUE;
}

static void
played_job_class_init (PlayedJobClass *klass)
{
  OflJobClass *job_class = OFL_JOB_CLASS (klass);

  job_class->outlives_program = TRUE;
  job_class->run_async = run_async;
  job_class->run_finish = run_finish;
  job_class->read_progress = read_progress;
  job_class->read_log = read_log;
  job_class->dup_question = dup_question;
  job_class->answer = take_answer;
}

static void
played_job_init (PlayedJob *self)
{
  self->view.by_other = TRUE;
  self->view.cancelable = TRUE;
  self->view.left_ms = -1;
}

/* In the window's own process a wish is the job's own: nobody takes it back. */
typedef PlayedJob OwnJob;
typedef PlayedJobClass OwnJobClass;
GType own_job_get_type (void);
G_DEFINE_FINAL_TYPE (OwnJob, own_job, PLAYED_TYPE_JOB)

static void
own_job_class_init (OwnJobClass *klass)
{
  OFL_JOB_CLASS (klass)->outlives_program = FALSE;
}

static void
own_job_init (OwnJob *self)
{
  self->view.by_other = FALSE;
}

typedef struct {
  Scratch *state;
  OflDrive *drive;
  PlayedJob *job;
  OflUiRun *run;
  GtkWindow *window;
  GtkWidget *elsewhere; /* something else that can have the focus, as the list of drives */
  GtkWidget *page;
} Scene;

/* By then the page has seen what the job says now. */
static void
look (Scene *self)
{
  guint n = 0;
  gulong handler
      = g_signal_connect_swapped (self->run, "ticked", G_CALLBACK (g_atomic_int_inc), &n);

  while (n < 2)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (self->run, handler);
}

static gpointer
part (Scene *self, const char *name)
{
  return gtk_widget_get_template_child (self->page, OFL_UI_TYPE_PROGRESS_PAGE, name);
}

static void
assert_says (Scene *self, const char *label, const char *words)
{
  const char *text = gtk_label_get_label (part (self, label));

  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, words));
}

#define OUT_OF_SIGHT "out of sight"
#define FLASH "flash" /* the job is no maker's program, but one of ours */

static void
up (Scene *self, gconstpointer data)
{
  gboolean flash = g_strcmp0 (data, FLASH) == 0;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->state = scratch_new ();
  self->drive = ofl_core_new_practice_drive ("bu40n", 0, self->state, NULL);
  self->job = g_object_new (flash ? own_job_get_type () : PLAYED_TYPE_JOB, NULL);
  ofl_job_set_up (OFL_JOB (self->job), flash ? OFL_JOB_FLASH : OFL_JOB_UPDATER, "practice:bu40n",
                  "The title");
  self->run = ofl_ui_run_new (OFL_JOB (self->job), self->drive, NULL);
  ofl_ui_run_start (self->run, self->drive);
  self->elsewhere = gtk_button_new_with_label ("elsewhere");
  self->page = g_object_new (OFL_UI_TYPE_PROGRESS_PAGE, "visible", FALSE, "vexpand", TRUE, NULL);
  gtk_box_append (GTK_BOX (box), self->elsewhere);
  gtk_box_append (GTK_BOX (box), self->page);
  self->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_child (self->window, box);
  gtk_window_present (self->window);
  gtk_widget_grab_focus (self->elsewhere);
  ofl_ui_progress_page_set_run (OFL_UI_PROGRESS_PAGE (self->page), self->run);
  if (g_strcmp0 (data, OUT_OF_SIGHT) != 0)
    gtk_widget_set_visible (self->page, TRUE);
  while (!gtk_widget_get_mapped (self->elsewhere) || self->job->task == NULL)
    g_main_context_iteration (NULL, TRUE);
  look (self);
}

static void
down (Scene *self, gconstpointer data)
{
  g_task_return_pointer (self->job->task, ofl_result_new (OFL_VERDICT_UNKNOWN),
                         (GDestroyNotify) ofl_result_free);
  while (!ofl_ui_run_is_finished (self->run))
    g_main_context_iteration (NULL, TRUE);
  gtk_window_destroy (self->window);
  g_object_unref (self->job->task);
  g_object_unref (self->run);
  g_object_unref (self->job);
  g_object_unref (self->drive);
  scratch_free (self->state);
}

/* The program has sent all that it sends, and the drive is at work. */
static void
play_write (Scene *self)
{
  self->job->view.danger = TRUE;
  self->job->view.cancelable = FALSE;
  self->job->view.current = OFL_STAGE_PROGRAM;
  look (self);
}

/* Nobody is told that a program writes which is no more, nor that it is being ended. */
static void
test_ended (Scene *self, gconstpointer data)
{
  const OflStage after[] = { OFL_STAGE_CONFIRM, OFL_STAGE_VERIFY };

  play_write (self);
  assert_says (self, "notice_text", "program writes");
  self->job->view.cancelable = TRUE;
  look (self);
  ofl_ui_run_cancel (self->run);
  look (self);
  assert_says (self, "notice_text", "is being ended");
  for (guint i = 0; i < G_N_ELEMENTS (after); i++)
    {
      self->job->view.current = after[i];
      look (self);
      assert_says (self, "notice_text", "any more; the drive is being asked");
      assert_says (self, "notice_text", "Do not unplug it.");
    }
}

/* One that came too late is dropped by the job, and can be told anew. */
static void
test_late_wish (Scene *self, gconstpointer data)
{
  GtkWidget *cancel = part (self, "cancel");

  play_write (self);
  self->job->view.cancelable = TRUE;
  look (self);
  ofl_ui_run_cancel (self->run);
  look (self);
  g_assert_true (ofl_ui_run_is_cancelling (self->run));
  g_assert_false (gtk_widget_get_sensitive (cancel));
  self->job->view.cancelable = FALSE;
  look (self);
  g_assert_false (ofl_ui_run_is_cancelling (self->run));
  g_assert_false (g_cancellable_is_cancelled (self->job->cancellable));
  assert_says (self, "notice_text", "program writes");
  self->job->view.cancelable = TRUE;
  look (self);
  g_assert_true (gtk_widget_get_sensitive (cancel));
  ofl_ui_run_cancel (self->run);
  g_assert_true (g_cancellable_is_cancelled (self->job->cancellable));
}

/* Before anything can change, a wish that the job has not seen to yet is a wish still. */
static void
test_early_wish (Scene *self, gconstpointer data)
{
  ofl_ui_run_cancel (self->run);
  self->job->view.cancelable = FALSE;
  look (self);
  g_assert_true (ofl_ui_run_is_cancelling (self->run));
  assert_says (self, "notice_text", "is being ended");
}

/* A flash that begins to write before it has seen the wish can't be stopped, and the page does not say that it is. */
static void
test_flash_begins (Scene *self, gconstpointer data)
{
  assert_says (self, "notice_text", "Nothing has been written yet.");
  ofl_ui_run_cancel (self->run);
  look (self);
  assert_says (self, "notice_text", "Cancelling");
  self->job->view.danger = TRUE;
  self->job->view.cancelable = FALSE;
  self->job->view.current = OFL_STAGE_SEND;
  look (self);
  assert_says (self, "notice_text", "This cannot be stopped now");
  g_assert_false (gtk_widget_get_visible (part (self, "cancel")));
}

static GtkWidget *
find_button (GtkWidget *below, const char *label)
{
  if (GTK_IS_BUTTON (below) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (below)), label) == 0)
    return below;
  for (GtkWidget *child = gtk_widget_get_first_child (below); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* By the keyboard: the button that has the focus is shut, and is no place for it. */
static void
test_answer (Scene *self, gconstpointer data)
{
  GtkWidget *yes = find_button (part (self, "question"), "_Yes");

  self->job->view.question = 1;
  look (self);
  g_assert_true (gtk_window_get_focus (self->window) == part (self, "question"));
  g_assert_true (gtk_widget_grab_focus (yes));
  gtk_widget_activate (yes);
  while (self->job->answered == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->job->answered, ==, 1);
  g_assert_false (gtk_widget_get_sensitive (yes));
  g_assert_true (gtk_window_get_focus (self->window) == part (self, "heading"));
  self->job->view.question = 0;
  look (self);
  g_assert_true (gtk_window_get_focus (self->window) == part (self, "heading"));
}

/* Whoever comes to a drive in the list stays in the list; what comes up before the user's eyes takes the focus. */
static void
test_first_sight (Scene *self, gconstpointer data)
{
  GtkWidget *question = part (self, "question");

  self->job->view.question = 1;
  look (self);
  gtk_widget_set_visible (self->page, TRUE);
  while (!gtk_widget_get_mapped (question))
    g_main_context_iteration (NULL, TRUE);
  look (self);
  g_assert_true (gtk_window_get_focus (self->window) == self->elsewhere);
  self->job->view.question = 2;
  look (self);
  g_assert_true (gtk_window_get_focus (self->window) == question);
}

/* What the maker's program sent last, whatever else the log has. */
static void
test_silence (Scene *self, gconstpointer data)
{
  self->job->view.idle_us = 5 * G_USEC_PER_SEC;
  look (self);
  assert_says (self, "watchdog_text", "It has sent the drive nothing yet.");
  g_strlcpy (self->job->view.idle_command, "READ BUFFER", sizeof self->job->view.idle_command);
  look (self);
  assert_says (self, "watchdog_text", "Its last command: READ BUFFER");
  g_assert_true (gtk_widget_get_visible (part (self, "watchdog")));
  self->job->view.idle_us = 0;
  look (self);
  g_assert_false (gtk_widget_get_visible (part (self, "watchdog")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/progress-page/ended", Scene, NULL, up, test_ended, down);
  g_test_add ("/progress-page/late-wish", Scene, NULL, up, test_late_wish, down);
  g_test_add ("/progress-page/early-wish", Scene, NULL, up, test_early_wish, down);
  g_test_add ("/progress-page/flash-begins", Scene, FLASH, up, test_flash_begins, down);
  g_test_add ("/progress-page/answer", Scene, NULL, up, test_answer, down);
  g_test_add ("/progress-page/first-sight", Scene, OUT_OF_SIGHT, up, test_first_sight, down);
  g_test_add ("/progress-page/silence", Scene, NULL, up, test_silence, down);
  return g_test_run ();
}
