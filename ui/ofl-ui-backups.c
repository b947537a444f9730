/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stored backups, those of this drive first: written back, exported, shown, deleted. All that
 * touches the disk is done on a worker thread. */
#include "ofl-ui-backups.h"

#include <glib/gi18n.h>

#include "ofl-ui-backup-row.h"
#include "ofl-ui-dialogs.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-tool-window.h"

#define OFL_UI_TYPE_BACKUPS (ofl_ui_backups_get_type ())
G_DECLARE_FINAL_TYPE (OflUiBackups, ofl_ui_backups, OFL_UI, BACKUPS, OflUiToolWindow)

struct _OflUiBackups {
  OflUiToolWindow parent_instance;

  GCancellable *closed;
  GPtrArray *backups;  /* of OflUiBackup */
  char *chosen;        /* manifest of the one that is asked about */
  OflSnapshot *shown;  /* of the drive that the list was made for */
  GPtrArray *restores; /* buttons that write one back */

  GtkWidget *status;
  GtkWidget *groups; /* made anew with each list */
};

G_DEFINE_FINAL_TYPE (OflUiBackups, ofl_ui_backups, OFL_UI_TYPE_TOOL_WINDOW)

/* What is to be done with one backup, on a worker thread */
typedef struct {
  char *manifest_path;
  char *to; /* NULL: delete it */
} Act;

static void list (OflUiBackups *self);

static OflUiToolWindow *
tool (OflUiBackups *self)
{
  return OFL_UI_TOOL_WINDOW (self);
}

static void
act_free (gpointer data)
{
  Act *act = data;

  g_free (act->manifest_path);
  g_free (act->to);
  g_free (act);
}

static gboolean export(const OflStoredBackup *backup, const char *to, GError **error)
{
  /* the dialog has asked about this file; where it is new, what lies beside it is not replaced */
  OflBackupPlace place = { .file = (char *) to, .overwrite = g_file_test (to, G_FILE_TEST_EXISTS) };
  g_autofree char *path = NULL;

  if (!ofl_stored_backup_verify (backup, error))
    return FALSE;
  path = ofl_stored_backup_export (backup, &place, error);
  return path != NULL;
}

static gboolean delete (const OflStoredBackup *backup, GError **error)
{
  g_autofree char *dir = ofl_backup_default_dir (FALSE);
  gboolean folder_stays;

  return ofl_stored_backup_delete (backup, dir, NULL, &folder_stays, error);
}

static void
act_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Act *act = data;
  g_autoptr (OflStoredBackup) backup = ofl_stored_backup_load (act->manifest_path);
  GError *error = NULL;

  if (act->to != NULL ? export(backup, act->to, &error) : delete (backup, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiBackups *self = OFL_UI_BACKUPS (source);
  const Act *act = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (g_cancellable_is_cancelled (self->closed))
    return;
  gtk_label_set_label (GTK_LABEL (self->status), error != NULL ? error->message : "");
  gtk_widget_set_visible (self->status, error != NULL);
  if (error == NULL)
    ofl_ui_tool_window_toast (tool (self),
                              act->to != NULL ? _ ("Copied, with its manifest") : _ ("Deleted"));
  list (self);
}

/* @to: (nullable): where to copy it; %NULL: delete it */
static void
begin (OflUiBackups *self, const char *to)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_acted, NULL);
  Act *act = g_new0 (Act, 1);

  act->manifest_path = g_strdup (self->chosen);
  act->to = g_strdup (to);
  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, act, act_free);
  g_task_run_in_thread (task, act_in_thread);
}

static void
on_export_chosen (const char *path, gpointer data)
{
  begin (data, path);
}

static void
on_delete_confirmed (gpointer data)
{
  begin (data, NULL);
}

static gboolean
is_only_one (OflUiBackups *self, const OflStoredBackup *backup)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (guint i = 0; i < self->backups->len; i++)
    g_ptr_array_add (all, ((const OflUiBackup *) g_ptr_array_index (self->backups, i))->stored);
  return ofl_stored_backup_is_only (backup, all);
}

static void
ask_delete (OflUiBackups *self, const OflStoredBackup *about)
{
  gboolean only = is_only_one (self, about);
  g_autofree char *body
      = g_strdup_printf ("%s\n\n%s%s%s", about->name,
                         only ? _ ("It is the only backup of this drive here.") : "",
                         only ? "\n" : "", _ ("It cannot be brought back."));

  ofl_ui_dialogs_confirm (GTK_WINDOW (self), _ ("Delete this backup?"), body, _ ("_Delete"),
                          on_delete_confirmed, self);
}

static const OflStoredBackup *
take_chosen (OflUiBackups *self, GtkWidget *button)
{
  const OflStoredBackup *about = g_object_get_data (G_OBJECT (button), "backup");

  g_free (self->chosen);
  self->chosen = g_strdup (about->manifest_path);
  return about;
}

/* What becomes of it is the same as of any file that is chosen: it is judged, and the user flashes. */
static void
on_restore (OflUiBackups *self, GtkWidget *button)
{
  ofl_ui_session_open_backup (ofl_ui_tool_window_get_session (tool (self)),
                              take_chosen (self, button));
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_export (OflUiBackups *self, GtkWidget *button)
{
  const OflStoredBackup *about = take_chosen (self, button);
  g_autofree char *name = g_strconcat (about->name, OFL_BACKUP_PART_END, NULL);

  ofl_ui_dialogs_choose_save (GTK_WINDOW (self), _ ("Export a backup"), name, on_export_chosen,
                              self);
}

static void
on_show (OflUiBackups *self, GtkWidget *button)
{
  g_autofree char *folder = g_path_get_dirname (take_chosen (self, button)->manifest_path);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
on_delete (OflUiBackups *self, GtkWidget *button)
{
  ask_delete (self, take_chosen (self, button));
}

static GtkWidget *
add_button (OflUiBackups *self, GtkWidget *box, const OflUiBackup *backup, const char *label,
            void (*clicked) (OflUiBackups *self, GtkWidget *button))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_object_set_data (G_OBJECT (button), "backup", backup->stored);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  gtk_flow_box_insert (GTK_FLOW_BOX (box), button, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
  return button;
}

static GtkWidget *
make_row (OflUiBackups *self, const OflUiBackup *backup, gboolean own)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), 4);
  if (own)
    g_ptr_array_add (self->restores, add_button (self, box, backup, _ ("_Restore"), on_restore));
  if (backup->stored->unreadable == NULL)
    add_button (self, box, backup, _ ("_Export…"), on_export);
  add_button (self, box, backup, _ ("_Show folder"), on_show);
  gtk_widget_add_css_class (add_button (self, box, backup, _ ("_Delete…"), on_delete),
                            "destructive-action");
  return ofl_ui_backup_row_new (backup, session, box);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *dir = ofl_backup_default_dir (FALSE);
  OflSnapshot *drive = data;
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_ui_backup_free);
  GError *error = NULL;
  g_autoptr (GPtrArray) backups = ofl_stored_backup_list (dir, &error);

  while (backups != NULL && backups->len > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      OflStoredBackup *backup = g_ptr_array_steal_index (backups, 0);
      gboolean own = drive != NULL && backup->unreadable == NULL
                     && ofl_stored_backup_owner (backup, drive) <= OFL_BACKUP_OWNER_UNTOLD;

      g_ptr_array_add (found, ofl_ui_backup_new (backup, own));
    }
  if (error != NULL)
    {
      g_ptr_array_unref (found);
      g_task_return_error (task, error);
    }
  else
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

/* Practice drives' backups are kept apart, and shown apart. */
static void
add_group (OflUiBackups *self, const char *title, const char *empty, gboolean own)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  GtkWidget *group = adw_preferences_group_new ();
  guint n = 0;

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  for (guint i = 0; i < self->backups->len; i++)
    {
      const OflUiBackup *backup = g_ptr_array_index (self->backups, i);

      if (ofl_ui_backup_is_of (backup, session) != own
          || (backup->stored->unreadable == NULL
              && backup->stored->practice != ofl_ui_session_is_practice (session)))
        continue;
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (self, backup, own));
      n++;
    }
  if (n == 0)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), empty);
  gtk_box_append (GTK_BOX (self->groups), group);
}

static void
show_restores (OflUiBackups *self)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  g_autofree char *why_not = ofl_ui_session_why_not_ask (session);
  gboolean may = why_not == NULL && ofl_ui_session_get_phase (session) == OFL_UI_PHASE_SETUP;

  for (guint i = 0; i < self->restores->len; i++)
    {
      gtk_widget_set_sensitive (g_ptr_array_index (self->restores, i), may);
      gtk_widget_set_tooltip_text (g_ptr_array_index (self->restores, i), why_not);
    }
}

static void
fill (OflUiBackups *self)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  GtkWidget *child;

  g_ptr_array_set_size (self->restores, 0);
  while ((child = gtk_widget_get_first_child (self->groups)) != NULL)
    gtk_box_remove (GTK_BOX (self->groups), child);
  g_clear_pointer (&self->shown, ofl_snapshot_unref);
  self->shown = snapshot != NULL ? ofl_snapshot_ref (snapshot) : NULL;
  add_group (self, _ ("Of this drive"),
             _ ("No backup of this drive is stored here. One is made before every write to a drive "
                "that can be read, and by the button “Back up firmware…”."),
             TRUE);
  add_group (self, _ ("Of other drives"), _ ("There are none."), FALSE);
  show_restores (self);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiBackups *self = OFL_UI_BACKUPS (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (self->closed))
    return;
  ofl_ui_tool_window_show_progress (tool (self), 0, NULL);
  if (found == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->status), error->message);
      gtk_widget_set_visible (self->status, TRUE);
      return;
    }
  g_ptr_array_set_size (self->restores, 0);
  g_clear_pointer (&self->backups, g_ptr_array_unref);
  self->backups = g_steal_pointer (&found);
  fill (self);
}

static void
list (OflUiBackups *self)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  g_autoptr (GTask) task = g_task_new (self, self->closed, on_listed, NULL);

  g_task_set_source_tag (task, list);
  if (snapshot != NULL)
    g_task_set_task_data (task, ofl_snapshot_ref (snapshot), (GDestroyNotify) ofl_snapshot_unref);
  g_task_run_in_thread (task, list_in_thread);
}

/* Whose they are, and whether one can go back, depends on the drive as it is now. */
static void
refresh (OflUiToolWindow *window)
{
  OflUiBackups *self = OFL_UI_BACKUPS (window);
  OflUiSession *session = ofl_ui_tool_window_get_session (window);

  if (self->backups == NULL)
    return;
  if (ofl_drive_get_snapshot (ofl_ui_session_get_drive (session)) != self->shown)
    fill (self);
  else
    show_restores (self);
}

static void
ofl_ui_backups_dispose (GObject *object)
{
  OflUiBackups *self = OFL_UI_BACKUPS (object);

  g_cancellable_cancel (self->closed);
  G_OBJECT_CLASS (ofl_ui_backups_parent_class)->dispose (object);
}

static void
ofl_ui_backups_finalize (GObject *object)
{
  OflUiBackups *self = OFL_UI_BACKUPS (object);

  g_clear_object (&self->closed);
  g_free (self->chosen);
  g_clear_pointer (&self->shown, ofl_snapshot_unref);
  g_ptr_array_unref (self->restores);
  g_clear_pointer (&self->backups, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_backups_parent_class)->finalize (object);
}

static void
ofl_ui_backups_class_init (OflUiBackupsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_backups_dispose;
  G_OBJECT_CLASS (klass)->finalize = ofl_ui_backups_finalize;
  OFL_UI_TOOL_WINDOW_CLASS (klass)->refresh = refresh;
}

static void
ofl_ui_backups_init (OflUiBackups *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _ ("Backups"));
  self->closed = g_cancellable_new ();
  self->restores = g_ptr_array_new ();
  self->status = ofl_ui_tool_window_add_status (tool (self));
  self->groups = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  ofl_ui_tool_window_add (tool (self), self->groups);
}

/**
 * ofl_ui_backups_present:
 * @parent: the window
 * @session: a drive
 *
 * Shows the stored backups.
 */
void
ofl_ui_backups_present (GtkWindow *parent, OflUiSession *session)
{
  OflUiBackups *self = g_object_new (OFL_UI_TYPE_BACKUPS, NULL);

  ofl_ui_tool_window_present (tool (self), parent, session);
  list (self);
}
