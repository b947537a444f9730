/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-window-private.h"

#include "ofl-ui-dialogs.h"
#include "ofl-ui-drive-row.h"
#include "ofl-ui-empty-page.h"
#include "ofl-ui-practice.h"
#include "ofl-ui-stack.h"
#include "ofl-ui-titles.h"
#include "ofl-ui-unfinished-bar.h"

G_DEFINE_FINAL_TYPE (OflUiWindow, ofl_ui_window, ADW_TYPE_APPLICATION_WINDOW)

/**
 * ofl_ui_window_find_page:
 * @self: the window
 * @session: a drive
 *
 * Returns: (nullable) (transfer none): its page, if it has been in sight
 */
OflUiDrivePage *
ofl_ui_window_find_page (OflUiWindow *self, OflUiSession *session)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (OFL_UI_IS_DRIVE_PAGE (child)
        && ofl_ui_drive_page_get_session (OFL_UI_DRIVE_PAGE (child)) == session)
      return OFL_UI_DRIVE_PAGE (child);
  return NULL;
}

static void
show_title (OflUiWindow *self)
{
  ofl_ui_titles_show (self->drive_title, self->session);
  ofl_ui_titles_show_window (GTK_WINDOW (self), self->drive_title, self->jobs);
}

static void
show_practice (OflUiWindow *self)
{
  g_autofree char *wrong = ofl_ui_practice_dup_wrong (self->session);

  gtk_widget_set_visible (GTK_WIDGET (self->worst), ofl_ui_session_is_practice (self->session));
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self),
                                                                          "practice-fault")),
                             g_variant_new_string (wrong));
}

static void
on_session_changed (OflUiWindow *self)
{
  show_practice (self);
  show_title (self);
}

static void
forget_session (OflUiWindow *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_func (self->session, on_session_changed, self);
  g_clear_object (&self->session);
}

static void
choose_session (OflUiWindow *self, OflUiSession *session)
{
  OflUiDrivePage *page;

  if (session == self->session)
    return;
  forget_session (self);
  ofl_ui_intake_set_shown (self->intake, session);
  ofl_ui_jobs_set_shown (self->jobs, session);
  if (session == NULL)
    {
      ofl_ui_stack_show (self->pages, self->nothing);
      gtk_widget_set_visible (GTK_WIDGET (self->worst), FALSE);
      show_title (self);
      return;
    }
  self->session = g_object_ref (session);
  g_signal_connect_swapped (session, "changed", G_CALLBACK (on_session_changed), self);
  page = ofl_ui_window_find_page (self, session);
  if (page == NULL)
    {
      page = OFL_UI_DRIVE_PAGE (ofl_ui_drive_page_new (session));
      gtk_stack_add_child (self->pages, GTK_WIDGET (page));
    }
  ofl_ui_stack_show (self->pages, GTK_WIDGET (page));
  on_session_changed (self);
}

static void
on_row_selected (OflUiWindow *self, GtkListBoxRow *row)
{
  if (row != NULL && !self->by_itself)
    self->picked = TRUE;
  choose_session (self, row != NULL ? ofl_ui_drive_row_get_session (OFL_UI_DRIVE_ROW (row)) : NULL);
}

/* Side by side both are in sight, and the leaflet would take the focus out of the list. */
static void
show_drive (OflUiWindow *self)
{
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child (self->leaflet, self->drive_box);
}

static void
on_row_activated (OflUiWindow *self, GtkListBoxRow *row)
{
  on_row_selected (self, row);
  show_drive (self);
}

static void
on_back (OflUiWindow *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
show_folded (OflUiWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet)
                    || !gtk_widget_get_visible (self->drive_box);

  adw_header_bar_set_show_end_title_buttons (self->list_bar, folded);
  adw_header_bar_set_show_start_title_buttons (self->drive_bar, folded);
  gtk_widget_set_visible (self->back, folded);
  /* A narrow window shows the job, the file, or what is said of one. */
  if (gtk_widget_get_visible (self->drive_box)
      && (gtk_widget_get_visible (GTK_WIDGET (self->intake))
          || (self->session != NULL
              && (ofl_ui_session_get_run (self->session) != NULL
                  || ofl_ui_session_get_file (self->session) != NULL))))
    show_drive (self);
}

/* A window that was made narrow goes on to show the drive; one that begins narrow shows the list. */
static void
on_folded (OflUiWindow *self)
{
  gboolean was_seen = gtk_widget_get_width (self->drive_box) > 0;

  show_folded (self);
  if (was_seen && gtk_widget_get_visible (self->drive_box))
    show_drive (self);
}

/* What is said of files that were given stands where the user looks: beside the drive, or, without
 * one, on the only page there is. */
static void
place_intake (OflUiWindow *self, gboolean beside_drive)
{
  GtkWidget *intake = GTK_WIDGET (self->intake);
  GtkWidget *box = beside_drive ? self->drive_box : self->list_page;
  GtkWidget *bar = GTK_WIDGET (beside_drive ? self->drive_bar : self->list_bar);

  if (gtk_widget_get_parent (intake) == box)
    return;
  g_object_ref (intake);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (intake)), intake);
  gtk_box_insert_child_after (GTK_BOX (box), intake, bar);
  g_object_unref (intake);
}

static void
show_list_state (OflUiWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));

  /* without a drive the list is all there is to see: one page that says why, not two */
  gtk_widget_set_visible (self->separator, n > 0);
  gtk_widget_set_visible (self->drive_box, n > 0);
  gtk_widget_set_hexpand (self->list_page, n == 0);
  place_intake (self, n > 0);
  show_folded (self);
  ofl_ui_empty_page_look (OFL_UI_EMPTY_PAGE (self->list_none));
  if (n > 0)
    ofl_ui_stack_show (self->list_stack, self->list_full);
  else if (ofl_drive_monitor_is_settled (self->monitor))
    ofl_ui_stack_show (self->list_stack, self->list_none);
  else
    ofl_ui_stack_show (self->list_stack, self->list_looking);
}

static void
drop_gone_pages (OflUiWindow *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->pages));

  while (child != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (child);

      if (OFL_UI_IS_DRIVE_PAGE (child)
          && !ofl_ui_session_list_contains (self->sessions, ofl_ui_drive_page_get_session (
                                                                OFL_UI_DRIVE_PAGE (child))))
        gtk_stack_remove (self->pages, child);
      child = next;
    }
}

/* The first drive is chosen by itself: most people have one. */
static void
choose_some (OflUiWindow *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);

  if (gtk_list_box_get_selected_row (self->list) != NULL || first == NULL)
    return;
  self->by_itself = TRUE;
  gtk_list_box_select_row (self->list, first);
  self->by_itself = FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (first));
}

static void
on_sessions_changed (OflUiWindow *self)
{
  if (self->session != NULL && !ofl_ui_session_list_contains (self->sessions, self->session))
    {
      self->picked = FALSE;
      choose_session (self, NULL);
    }
  drop_gone_pages (self);
  show_list_state (self);
  choose_some (self);
}

static GtkWidget *
make_row (gpointer item, gpointer data)
{
  return ofl_ui_drive_row_new (OFL_UI_SESSION (item));
}

static void
on_warning_response (OflUiWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->warning), FALSE);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  OflUiWindow *self = data;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  if (G_VALUE_HOLDS (value, G_TYPE_FILE))
    g_ptr_array_add (files, g_value_dup_object (value));
  else
    for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
      g_ptr_array_add (files, g_object_ref (l->data));
  if (files->len == 0)
    return FALSE;
  ofl_ui_intake_open (self->intake, files);
  return TRUE;
}

/* Wherever in the window they are dropped. */
static void
add_drop_target (OflUiWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self->leaflet), GTK_EVENT_CONTROLLER (target));
}

static gboolean
on_idle_close (gpointer data)
{
  gtk_window_destroy (GTK_WINDOW (data));
  return G_SOURCE_REMOVE;
}

/* Not before the dialog has gone whose parent it is. */
static void
on_close_answer (gpointer data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_idle_close, g_object_ref (data), g_object_unref);
}

/* While a job runs the user is told that it goes on: the application holds itself and makes another
 * window when it is called or the job ends. None is kept hidden meanwhile: see shortcuts_action() of
 * the application. */
static gboolean
ofl_ui_window_close_request (GtkWindow *window)
{
  OflUiWindow *self = OFL_UI_WINDOW (window);

  if (ofl_ui_session_list_count_running (self->sessions) == 0)
    return GTK_WINDOW_CLASS (ofl_ui_window_parent_class)->close_request (window);
  ofl_ui_dialogs_explain_close (window, self->sessions, on_close_answer, self);
  return GDK_EVENT_STOP;
}

static void
ofl_ui_window_dispose (GObject *object)
{
  OflUiWindow *self = OFL_UI_WINDOW (object);

  g_clear_weak_pointer (&self->notice);
  forget_session (self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->sessions);
  G_OBJECT_CLASS (ofl_ui_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, list_page);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, list_bar);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, warning);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, warning_text);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, list_stack);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, list_full);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, list_none);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, list_looking);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, list);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, drive_box);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, drive_bar);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, drive_title);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, back);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, intake);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, jobs);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, separator);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, worst);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, OflUiWindow, nothing);
}

static void
ofl_ui_window_class_init (OflUiWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (OFL_UI_TYPE_INTAKE);
  g_type_ensure (OFL_UI_TYPE_JOBS);
  g_type_ensure (OFL_UI_TYPE_EMPTY_PAGE);
  g_type_ensure (OFL_UI_TYPE_UNFINISHED_BAR);
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = ofl_ui_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_folded);
  gtk_widget_class_bind_template_callback (widget_class, on_warning_response);
  gtk_widget_class_bind_template_callback (widget_class, show_drive);
}

static void
ofl_ui_window_init (OflUiWindow *self)
{
  g_autoptr (GMenuModel) worst = ofl_ui_practice_make_menu ("win.practice-fault");

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->worst, worst);
  ofl_ui_window_add_actions (self);
  add_drop_target (self);
  on_folded (self);
}

/**
 * ofl_ui_window_new:
 * @application: the application
 * @monitor: where drives come from
 * @sessions: the drives
 *
 * Returns: (transfer none): a window; the application owns it
 */
OflUiWindow *
ofl_ui_window_new (GtkApplication *application, OflDriveMonitor *monitor,
                   OflUiSessionList *sessions)
{
  OflUiWindow *self = g_object_new (OFL_UI_TYPE_WINDOW, "application", application, NULL);

  self->monitor = g_object_ref (monitor);
  self->sessions = g_object_ref (sessions);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (sessions), make_row, NULL, NULL);
  g_signal_connect_object (sessions, "items-changed", G_CALLBACK (on_sessions_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (monitor, "settled", G_CALLBACK (show_list_state), self,
                           G_CONNECT_SWAPPED);
  ofl_ui_intake_set_drives (self->intake, monitor, sessions);
  ofl_ui_jobs_set_sessions (self->jobs, sessions);
  g_signal_connect_object (self->jobs, "changed", G_CALLBACK (show_title), self, G_CONNECT_SWAPPED);
  on_sessions_changed (self);
  return self;
}

/**
 * ofl_ui_window_open_files:
 * @self: the window
 * @files: (array length=n_files): firmware files that were given together
 * @n_files: how many
 *
 * Chooses them for the drive that is shown, or for the one that they fit.
 */
void
ofl_ui_window_open_files (OflUiWindow *self, GFile **files, int n_files)
{
  g_autoptr (GPtrArray) given = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < n_files; i++)
    g_ptr_array_add (given, g_object_ref (files[i]));
  if (given->len > 0)
    ofl_ui_intake_open (self->intake, given);
}

/**
 * ofl_ui_window_show_session:
 * @self: the window
 * @id: a drive's id
 *
 * Brings the drive into sight, if it is there.
 */
void
ofl_ui_window_show_session (OflUiWindow *self, const char *id)
{
  for (int i = 0;; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

      if (row == NULL)
        return;
      if (g_strcmp0 (ofl_ui_session_get_id (ofl_ui_drive_row_get_session (OFL_UI_DRIVE_ROW (row))),
                     id)
          != 0)
        continue;
      gtk_list_box_select_row (self->list, row);
      show_drive (self);
      return;
    }
}

/**
 * ofl_ui_window_show_warning:
 * @self: the window
 * @text: a sentence
 *
 * Shows it above the drives, below those that stand there, until the user closes it.
 */
void
ofl_ui_window_show_warning (OflUiWindow *self, const char *text)
{
  gboolean more = gtk_widget_get_visible (GTK_WIDGET (self->warning));
  g_autofree char *all
      = more ? g_strdup_printf ("%s\n%s", gtk_label_get_label (self->warning_text), text)
             : g_strdup (text);

  gtk_label_set_label (self->warning_text, all);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), TRUE);
}

/**
 * ofl_ui_window_show_job:
 * @self: the window
 * @session: a drive on which a job runs
 *
 * Brings a job that was found running into sight, unless the user has picked the drive that is shown, or
 * is busy with it.
 */
void
ofl_ui_window_show_job (OflUiWindow *self, OflUiSession *session)
{
  if (self->session != NULL
      && (self->picked || ofl_ui_session_get_phase (self->session) != OFL_UI_PHASE_SETUP
          || ofl_ui_session_get_file (self->session) != NULL))
    return;
  self->by_itself = TRUE;
  ofl_ui_window_show_session (self, ofl_ui_session_get_id (session));
  self->by_itself = FALSE;
}
