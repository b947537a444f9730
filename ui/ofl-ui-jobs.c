/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-jobs.h"

#include <glib/gi18n.h>

#include "ofl-ui-job-row.h"

/* Numbers that change faster are not read. */
#define PERIOD_MS 200
/* Of a run: its end was in sight */
#define SEEN "ofl-seen"

struct _OflUiJobs {
  AdwBin parent_instance;

  OflUiSessionList *sessions;
  OflUiSession *shown;
  guint timer; /* as long as a job runs */

  GtkButton *button;
  GtkLabel *text;
  GtkPopover *popover;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (OflUiJobs, ofl_ui_jobs, ADW_TYPE_BIN)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* All jobs at one moment */
typedef struct {
  guint running; /* those that follow, and those that no longer or not yet are in danger */
  guint danger;
  guint flashing;
  guint hidden; /* of the running, those whose drive is not shown */
  guint ended;
  guint unseen;
  guint asking;
  guint untold; /* of the running, those that have no percentage */
  guint least; /* percent, of those that run and tell */
  guint most;
  OflUiRun *last; /* of the running */
} Sum;

static void
add_running (Sum *sum, OflUiRun *run, gboolean shown)
{
  const OflProgressView *view = ofl_ui_run_get_view (run);
  guint percent = ofl_ui_run_get_percent (run);

  sum->running++;
  sum->hidden += !shown;
  sum->danger += view->danger;
  sum->asking += ofl_ui_run_is_asking (run);
  sum->flashing += ofl_job_kind_writes (ofl_ui_run_get_kind (run));
  sum->untold += !ofl_ui_run_tells_percent (run);
  sum->least = MIN (sum->least, percent);
  sum->most = MAX (sum->most, percent);
  sum->last = run;
}

static Sum
sum_up (OflUiJobs *self)
{
  Sum sum = { .least = 100 };
  GListModel *model = G_LIST_MODEL (self->sessions);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (OflUiSession) session = g_list_model_get_item (model, i);
      OflUiRun *run = ofl_ui_session_get_run (session);

      if (run == NULL)
        continue;
      if (!ofl_ui_run_is_finished (run))
        add_running (&sum, run, session == self->shown);
      else
        {
          sum.ended++;
          sum.unseen += g_object_get_data (G_OBJECT (run), SEEN) == NULL;
        }
    }
  return sum;
}

/* "2 drives are being written: do not unplug them · 1 job has ended" */
static char *
describe (const Sum *sum)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  guint others = sum->running - sum->danger;

  if (sum->danger > 0)
    g_ptr_array_add (parts,
                     g_strdup_printf (ngettext ("%u drive is being written: do not unplug it",
                                                "%u drives are being written: do not unplug them",
                                                sum->danger),
                                      sum->danger));
  if (others > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u drive is being worked on",
                                                       "%u drives are being worked on", others),
                                             others));
  if (sum->asking > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u job waits for your answer",
                                                       "%u jobs wait for your answer", sum->asking),
                                             sum->asking));
  if (sum->ended > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u job has ended", "%u jobs have ended",
                                                       sum->ended),
                                             sum->ended));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
show_sum (OflUiJobs *self, const Sum *sum)
{
  g_autofree char *what = describe (sum);
  /* Translators: %s says how many jobs run and have ended */
  g_autofree char *text = g_strdup_printf (_ ("_Jobs: %s"), what);
  g_autofree char *spoken = g_strdup_printf (_ ("Jobs: %s"), what);

  if (g_strcmp0 (text, gtk_label_get_label (self->text)) == 0)
    return;
  gtk_label_set_label (self->text, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

static OflUiJobRow *
get_row (OflUiJobs *self, guint index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) index);

  return row != NULL ? OFL_UI_JOB_ROW (row) : NULL;
}

/* In the order of the drives. Rows that stay keep their focus. */
static void
show_rows (OflUiJobs *self)
{
  GListModel *model = G_LIST_MODEL (self->sessions);
  guint at = 0;
  OflUiJobRow *row;

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (OflUiSession) session = g_list_model_get_item (model, i);

      row = get_row (self, at);
      if (ofl_ui_session_get_run (session) == NULL)
        { /* nothing runs there any more, and its end is read */
          if (row != NULL && ofl_ui_job_row_get_session (row) == session)
            gtk_list_box_remove (self->list, GTK_WIDGET (row));
          continue;
        }
      if (row == NULL || ofl_ui_job_row_get_session (row) != session)
        gtk_list_box_insert (self->list, ofl_ui_job_row_new (session), (int) at);
      else
        ofl_ui_job_row_refresh (row);
      at++;
    }
  while ((row = get_row (self, at)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

/* The end of a job that is shown in a window that is in front is seen. */
static void
note_seen (OflUiJobs *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  OflUiRun *run = self->shown != NULL ? ofl_ui_session_get_run (self->shown) : NULL;

  if (run != NULL && ofl_ui_run_is_finished (run) && root != NULL
      && gtk_window_is_active (GTK_WINDOW (root)))
    g_object_set_data (G_OBJECT (run), SEEN, GINT_TO_POINTER (1));
}

static gboolean on_timer (gpointer data);

static void
refresh (OflUiJobs *self)
{
  Sum sum;

  if (self->sessions == NULL)
    return;
  note_seen (self);
  sum = sum_up (self);
  if (sum.running > 0 && self->timer == 0)
    self->timer = g_timeout_add (PERIOD_MS, on_timer, self);
  else if (sum.running == 0)
    g_clear_handle_id (&self->timer, g_source_remove);
  if (sum.running + sum.ended > 0)
    show_sum (self, &sum);
  show_rows (self);
  if (sum.running + sum.ended == 0)
    gtk_popover_popdown (self->popover);
  gtk_widget_set_visible (GTK_WIDGET (self), sum.running > 1 || sum.hidden > 0 || sum.unseen > 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
on_timer (gpointer data)
{
  refresh (data);
  return G_SOURCE_CONTINUE;
}

static void
on_row_activated (OflUiJobs *self, GtkListBoxRow *row)
{
  g_autoptr (OflUiSession) session
      = g_object_ref (ofl_ui_job_row_get_session (OFL_UI_JOB_ROW (row)));

  gtk_popover_popdown (self->popover);
  gtk_widget_activate_action (GTK_WIDGET (self), "app.show-drive", "s",
                              ofl_ui_session_get_id (session));
}

static void
on_root (OflUiJobs *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL)
    g_signal_connect_object (root, "notify::is-active", G_CALLBACK (refresh), self,
                             G_CONNECT_SWAPPED);
}

static void
ofl_ui_jobs_dispose (GObject *object)
{
  OflUiJobs *self = OFL_UI_JOBS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->shown);
  g_clear_object (&self->sessions);
  G_OBJECT_CLASS (ofl_ui_jobs_parent_class)->dispose (object);
}

static void
ofl_ui_jobs_class_init (OflUiJobsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_jobs_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-jobs.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiJobs, button);
  gtk_widget_class_bind_template_child (widget_class, OflUiJobs, text);
  gtk_widget_class_bind_template_child (widget_class, OflUiJobs, popover);
  gtk_widget_class_bind_template_child (widget_class, OflUiJobs, list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, ofl_ui_jobs_open);
}

static void
ofl_ui_jobs_init (OflUiJobs *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_mnemonic_widget (self->text, GTK_WIDGET (self->button));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_HAS_POPUP,
                                  TRUE, -1);
  g_signal_connect (self, "notify::root", G_CALLBACK (on_root), NULL);
}

/**
 * ofl_ui_jobs_set_sessions:
 * @self: the overview
 * @sessions: the drives, for its whole life
 */
void
ofl_ui_jobs_set_sessions (OflUiJobs *self, OflUiSessionList *sessions)
{
  g_return_if_fail (self->sessions == NULL);

  self->sessions = g_object_ref (sessions);
  g_signal_connect_object (sessions, "phase-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (sessions, "items-changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  refresh (self);
}

/**
 * ofl_ui_jobs_set_shown:
 * @self: the overview
 * @session: (nullable): the drive that is in sight
 */
void
ofl_ui_jobs_set_shown (OflUiJobs *self, OflUiSession *session)
{
  if (g_set_object (&self->shown, session))
    refresh (self);
}

/**
 * ofl_ui_jobs_open:
 * @self: the overview
 *
 * Opens the list of jobs, where there is one.
 */
void
ofl_ui_jobs_open (OflUiJobs *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_popover_popup (self->popover);
}

/**
 * ofl_ui_jobs_dup_title:
 * @self: the overview
 *
 * Returns: (nullable) (transfer full): what runs and how far it is, for the window's title: of one job
 *   its own words, of several the percentage of the one that is least far and of the one that is
 *   farthest; %NULL when nothing runs
 */
char *
ofl_ui_jobs_dup_title (OflUiJobs *self)
{
  Sum sum = sum_up (self);
  g_autofree char *what = NULL;

  if (sum.running == 0)
    return NULL;
  if (sum.running == 1 && sum.untold > 0)
    return g_strdup (ofl_ui_run_get_title (sum.last));
  if (sum.running == 1)
    /* Translators: percentage and job: "62 % – Flashing BD-RE BU40N" */
    return g_strdup_printf (_ ("%u %% – %s"), sum.least, ofl_ui_run_get_title (sum.last));
  what = g_strdup_printf (
      sum.flashing == sum.running
          ? ngettext ("%u drive is being flashed", "%u drives are being flashed", sum.running)
          : ngettext ("%u drive is being worked on", "%u drives are being worked on", sum.running),
      sum.running);
  if (sum.untold > 0)
    return g_steal_pointer (&what);
  if (sum.least == sum.most)
    /* Translators: percentage and jobs: "62 % – 2 drives are being flashed" */
    return g_strdup_printf (_ ("%u %% – %s"), sum.least, what);
  /* Translators: the percentage of the job that is least far, of the one that is farthest, and the jobs:
   * "12 % to 62 % – 3 drives are being flashed" */
  return g_strdup_printf (_ ("%u %% to %u %% – %s"), sum.least, sum.most, what);
}
