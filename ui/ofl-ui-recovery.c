/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A write that broke off: what it was, in which state it left the drive, and the ways back. The files
 * are looked at on a worker thread; what is chosen is judged and written as any firmware is. */
#include "ofl-ui-recovery.h"

#include <glib/gi18n.h>

#include "flash/ofl-backup-place.h"
#include "flash/ofl-recovery.h"
#include "ofl-ui-dialogs.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-tool-window.h"
#include "ofl-ui-unfinished.h"
#include "ofl-ui-words.h"

#define OFL_UI_TYPE_RECOVERY (ofl_ui_recovery_get_type ())
G_DECLARE_FINAL_TYPE (OflUiRecovery, ofl_ui_recovery, OFL_UI, RECOVERY, OflUiToolWindow)

/* One look: what is known of the drive, and, when it is over, what was found. */
typedef struct {
  char *id;
  OflSnapshot *drive; /* NULL: it has never answered */
  gboolean present;
  OflDriveState state;
  gboolean practice;
  char *why;
  OflChoices *choices;

  OflUnfinished *job;
  gboolean ended; /* the job has an end */
  OflRecovery *found;
  OflStoredBackup *backup; /* of the way that is one; NULL: there is none */
} Look;

struct _OflUiRecovery {
  OflUiToolWindow parent_instance;

  GCancellable *closed;
  gboolean looking;
  gboolean outdated; /* what is being found is: the records are others by now */
  Look *seen;        /* NULL: nothing yet, or it is asked for anew */
  GPtrArray *ways;   /* buttons that go a way */

  GtkWidget *result; /* made anew with each look */
  GtkWidget *close_record;
  GtkWidget *again;
};

G_DEFINE_FINAL_TYPE (OflUiRecovery, ofl_ui_recovery, OFL_UI_TYPE_TOOL_WINDOW)

static void look_anew (OflUiRecovery *self);

static OflUiToolWindow *
tool (OflUiRecovery *self)
{
  return OFL_UI_TOOL_WINDOW (self);
}

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->id);
  g_clear_pointer (&look->drive, ofl_snapshot_unref);
  g_free (look->why);
  ofl_choices_unref (look->choices);
  g_clear_pointer (&look->job, ofl_unfinished_free);
  g_clear_pointer (&look->found, ofl_recovery_free);
  g_clear_pointer (&look->backup, ofl_stored_backup_free);
  g_free (look);
}

/* Why it could not be looked at, or not be trusted; NULL when it answered well. */
static const char *
why_unseen (OflDrive *drive)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);

  if (ofl_drive_get_error (drive) != NULL)
    return ofl_drive_get_error (drive)->message;
  if (snapshot == NULL && ofl_drive_get_access (drive) != OFL_ACCESS_USABLE)
    return ofl_access_sentence (ofl_drive_get_access (drive));
  return snapshot != NULL ? ofl_snapshot_get_failed (snapshot) : NULL;
}

static Look *
look_new (OflUiSession *session)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  Look *look = g_new0 (Look, 1);

  look->id = g_strdup (ofl_ui_session_get_id (session));
  look->drive = snapshot != NULL ? ofl_snapshot_ref (snapshot) : NULL;
  look->present = ofl_ui_session_is_present (session);
  look->state = ofl_drive_get_state (drive);
  look->practice = ofl_ui_session_is_practice (session);
  look->why = g_strdup (why_unseen (drive));
  look->choices = ofl_choices_copy (ofl_ui_session_get_choices (session));
  return look;
}

/* Whether the drive is still as it was then. */
static gboolean
is_current (const Look *look, OflUiSession *session)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);

  return look != NULL && look->drive == ofl_drive_get_snapshot (drive)
         && look->present == ofl_ui_session_is_present (session)
         && look->state == ofl_drive_get_state (drive)
         && g_strcmp0 (look->why, why_unseen (drive)) == 0;
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;
  g_autofree char *backup_dir = ofl_backup_default_dir (look->practice);
  OflRecoveryCase about = { .drive = look->drive,
                            .present = look->present,
                            .state = look->state,
                            .practice = look->practice,
                            .why = look->why,
                            .choices = look->choices,
                            .backup_dir = backup_dir };
  const OflIdentity *identity = look->drive != NULL ? ofl_snapshot_identity (look->drive) : NULL;
  const OflRecoveryWay *way;

  look->job = ofl_recovery_find_job (NULL, identity, look->id, &look->ended);
  about.job = look->job;
  look->found = ofl_recovery_examine (&about);
  way = ofl_recovery_get_way (look->found, OFL_RECOVERY_BACKUP);
  if (way != NULL && way->open)
    look->backup = ofl_stored_backup_open (way->path);
  g_task_return_pointer (task, look, look_free);
}

/* What becomes of it is the same as of any file that is chosen: it is judged, and the user flashes. */
static void
on_write_image (OflUiRecovery *self)
{
  const OflRecoveryWay *way = ofl_recovery_get_way (self->seen->found, OFL_RECOVERY_SAME_IMAGE);
  const char *second = self->seen->job->image_with;
  g_autoptr (GFile) file = g_file_parse_name (way->path);
  g_autoptr (GFile) with = *second != '\0' ? g_file_parse_name (second) : NULL;

  ofl_ui_session_open_image (ofl_ui_tool_window_get_session (tool (self)), file, with, way->image);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_write_backup (OflUiRecovery *self)
{
  /* it was whole when it was looked at */
  if (self->seen->backup->unreadable != NULL)
    {
      look_anew (self);
      return;
    }
  ofl_ui_session_open_backup (ofl_ui_tool_window_get_session (tool (self)), self->seen->backup);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_choose (OflUiRecovery *self)
{
  ofl_ui_dialogs_choose_firmware (gtk_window_get_transient_for (GTK_WINDOW (self)),
                                  ofl_ui_tool_window_get_session (tool (self)));
  gtk_window_close (GTK_WINDOW (self));
}

static GtkWidget *
add_group (OflUiRecovery *self, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  gtk_box_append (GTK_BOX (self->result), group);
  return group;
}

static void
add_row (GtkWidget *group, GtkWidget *row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

/* What the job was: one that never ended, or one that ended and left the drive like this. */
static void
show_job (OflUiRecovery *self)
{
  const OflUnfinished *job = self->seen->job;
  OflUiLook look = { "document-open-recent-symbolic", "dim-label", _ ("Earlier") };
  g_autofree char *text = NULL;
  g_autofree char *journal = NULL;

  if (job == NULL)
    return;
  if (self->seen->ended)
    /* Translators: the second %s is a drive, the third where it was */
    text = g_strdup_printf (_ ("The last write of %s to %s (%s) ended without success."),
                            job->image, job->drive, job->drive_id);
  else
    text = ofl_unfinished_describe (job);
  journal = g_filename_display_name (job->path);
  add_row (add_group (self, _ ("The job")), ofl_ui_rows_look (&look, text, journal));
}

static void
show_drive (OflUiRecovery *self)
{
  const OflRecovery *found = self->seen->found;
  OflDrive *drive = ofl_ui_session_get_drive (ofl_ui_tool_window_get_session (tool (self)));
  OflUiLook look = ofl_ui_look_of_drive (self->seen->present ? drive : NULL);

  add_row (add_group (self, _ ("The drive")),
           ofl_ui_rows_look (&look, found->seen, found->meaning));
}

/* How a way is headed, and what its button does. */
typedef struct {
  const char *title, *button; /* for _() */
  void (*clicked) (OflUiRecovery *self);
} Way;

/* In the order of OflRecoveryKind */
static const Way way_rows[] = {
  { N_ ("Same image"), N_ ("Write this _image"), on_write_image },
  { N_ ("Its backup"), N_ ("Write the _backup"), on_write_backup },
  { N_ ("Other image"), N_ ("_Choose a file…"), on_choose },
};

/* A row of its own: beside a sentence it would leave a narrow window no room. */
static GtkWidget *
make_button_row (OflUiRecovery *self, const OflRecoveryWay *way, gboolean best)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ (way_rows[way->kind].button));

  if (best)
    gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect_object (button, "clicked", G_CALLBACK (way_rows[way->kind].clicked), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->ways, button);
  gtk_box_append (GTK_BOX (box), button);
  gtk_widget_add_css_class (box, "property");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static GtkWidget *
make_way_row (const OflRecoveryWay *way)
{
  OflUiLook look = way->open
                       ? (OflUiLook){ "emblem-ok-symbolic", "success", _ ("Possible") }
                       : (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Not possible") };
  g_autofree char *path = g_filename_display_name (way->path);
  g_autoptr (GString) below = g_string_new (way->sentence);

  if (way->remedy != NULL)
    g_string_append_printf (below, "\n%s", way->remedy);
  if (*path != '\0')
    g_string_append_printf (below, "\n%s", path);
  return ofl_ui_rows_look (&look, _ (way_rows[way->kind].title), below->str);
}

static void
show_ways (OflUiRecovery *self)
{
  const OflRecovery *found = self->seen->found;
  const OflRecoveryWay *best = ofl_recovery_get_best (found);
  GtkWidget *group = add_group (self, _ ("Ways back"));

  if (found->ways->len == 0)
    adw_preferences_group_set_description (
        ADW_PREFERENCES_GROUP (group), _ ("Optiflash has no way to write this drive as it is."));
  else if (best == NULL)
    adw_preferences_group_set_description (
        ADW_PREFERENCES_GROUP (group), _ ("Neither the image that was being written nor a backup "
                                          "of the drive can be used."));
  for (guint i = 0; i < found->ways->len; i++)
    {
      const OflRecoveryWay *way = g_ptr_array_index (found->ways, i);

      add_row (group, make_way_row (way));
      if (way->open)
        add_row (group, make_button_row (self, way, way == best));
    }
}

/* What is not this program's to do. */
static void
show_besides (OflUiRecovery *self)
{
  const OflRecovery *found = self->seen->found;
  GtkWidget *group;

  if (found->mends == NULL && found->elsewhere == NULL && found->never == NULL)
    return;
  group = add_group (self, _ ("Drives of this family"));
  if (found->mends != NULL)
    add_row (group, ofl_ui_rows_property (_ ("How they are brought back"), found->mends, FALSE));
  if (found->elsewhere != NULL)
    add_row (group, ofl_ui_rows_property (_ ("What there is besides"), found->elsewhere, FALSE));
  if (found->never != NULL)
    add_row (group, ofl_ui_rows_property (_ ("Never"), found->never, FALSE));
}

static GtkWidget *
make_heading (const Look *seen)
{
  switch (seen->found->need)
    {
    case OFL_RECOVERY_REACH:
      return ofl_ui_tool_window_make_heading (&(OflUiLook){ "dialog-error-symbolic", "error",
                                                            _ ("No answer") },
                                              _ ("The drive has to be reached first"));
    case OFL_RECOVERY_CLOSE:
      return ofl_ui_tool_window_make_heading (&(OflUiLook){ "emblem-ok-symbolic", "success",
                                                            _ ("Fine") },
                                              _ ("Nothing needs to be written"));
    case OFL_RECOVERY_MEND:
    default:
      return ofl_ui_tool_window_make_heading (
          &(OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Needs recovery") },
          seen->state == OFL_DRIVE_STATE_BOOT
              ? _ ("The drive’s firmware does not run")
              : _ ("Nothing shows that the drive holds a whole firmware"));
    }
}

static void
clear_result (OflUiRecovery *self)
{
  GtkWidget *child;

  g_ptr_array_set_size (self->ways, 0);
  while ((child = gtk_widget_get_first_child (self->result)) != NULL)
    gtk_box_remove (GTK_BOX (self->result), child);
}

static void
show_result (OflUiRecovery *self)
{
  const OflRecovery *found = self->seen->found;
  GtkWidget *heading = make_heading (self->seen);

  clear_result (self);
  gtk_box_append (GTK_BOX (self->result), heading);
  show_job (self);
  show_drive (self);
  if (found->need == OFL_RECOVERY_MEND)
    show_ways (self);
  /* of a drive that needs nothing only what this program cannot do is news */
  if (found->need != OFL_RECOVERY_CLOSE || found->ways->len == 0)
    show_besides (self);
  gtk_widget_grab_focus (heading);
}

/* What was found holds only while the drive is as it was then. */
static void
show_buttons (OflUiRecovery *self)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  g_autofree char *why_not = ofl_ui_session_why_not_ask (session);
  gboolean current = !self->looking && is_current (self->seen, session);
  gboolean may = current && why_not == NULL
                 && ofl_ui_session_get_phase (session) == OFL_UI_PHASE_SETUP;

  for (guint i = 0; i < self->ways->len; i++)
    {
      gtk_widget_set_sensitive (g_ptr_array_index (self->ways, i), may);
      gtk_widget_set_tooltip_text (g_ptr_array_index (self->ways, i), why_not);
    }
  gtk_widget_set_sensitive (self->again, !self->looking);
  gtk_widget_set_visible (self->close_record,
                          current && self->seen->found->need == OFL_RECOVERY_CLOSE
                              && ofl_ui_unfinished_find (ofl_ui_unfinished_get (), session)
                                     != NULL);
}

static void look (OflUiRecovery *self);

static void
refresh (OflUiToolWindow *window)
{
  OflUiRecovery *self = OFL_UI_RECOVERY (window);
  OflUiSession *session = ofl_ui_tool_window_get_session (window);
  /* one that is being looked at, or written, is not what it will be */
  gboolean settled = !ofl_ui_session_is_present (session)
                     || (ofl_drive_get_ready (ofl_ui_session_get_drive (session))
                         && ofl_ui_session_get_phase (session) != OFL_UI_PHASE_RUNNING);

  if (settled && !self->looking && !is_current (self->seen, session))
    look (self);
  show_buttons (self);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiRecovery *self = OFL_UI_RECOVERY (source);
  Look *seen = g_task_propagate_pointer (G_TASK (result), NULL);

  if (seen == NULL) /* closed */
    return;
  self->looking = FALSE;
  ofl_ui_tool_window_show_progress (tool (self), 0, NULL);
  g_clear_pointer (&self->seen, look_free);
  self->seen = seen;
  if (self->outdated)
    {
      look_anew (self);
      return;
    }
  show_result (self);
  refresh (tool (self));
}

static void
look (OflUiRecovery *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->closed, on_looked, NULL);

  g_task_set_source_tag (task, look);
  g_task_set_task_data (task, look_new (ofl_ui_tool_window_get_session (tool (self))), NULL);
  self->looking = TRUE;
  ofl_ui_tool_window_show_progress (tool (self), -1,
                                    _ ("Journal, image and backup are being read…"));
  g_task_run_in_thread (task, look_in_thread);
}

/* Without what was found before: files may be there now that were not. */
static void
look_anew (OflUiRecovery *self)
{
  self->outdated = self->looking;
  clear_result (self);
  g_clear_pointer (&self->seen, look_free);
  refresh (tool (self));
}

static void
on_again (OflUiRecovery *self)
{
  ofl_ui_session_refresh (ofl_ui_tool_window_get_session (tool (self)));
  look_anew (self);
}

/* The record of the job that is shown; where that has an end, the one that is told of beside it. */
static void
on_close_record (OflUiRecovery *self)
{
  OflUiUnfinished *all = ofl_ui_unfinished_get ();
  const OflUnfinished *job = self->seen != NULL && !self->seen->ended ? self->seen->job : NULL;

  if (job == NULL)
    job = ofl_ui_unfinished_find (all, ofl_ui_tool_window_get_session (tool (self)));
  if (job != NULL)
    ofl_ui_unfinished_dismiss (all, job->path);
}

static void
ofl_ui_recovery_dispose (GObject *object)
{
  OflUiRecovery *self = OFL_UI_RECOVERY (object);

  g_cancellable_cancel (self->closed);
  G_OBJECT_CLASS (ofl_ui_recovery_parent_class)->dispose (object);
}

static void
ofl_ui_recovery_finalize (GObject *object)
{
  OflUiRecovery *self = OFL_UI_RECOVERY (object);

  g_clear_object (&self->closed);
  g_clear_pointer (&self->seen, look_free);
  g_ptr_array_unref (self->ways);
  G_OBJECT_CLASS (ofl_ui_recovery_parent_class)->finalize (object);
}

static void
ofl_ui_recovery_class_init (OflUiRecoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_recovery_dispose;
  G_OBJECT_CLASS (klass)->finalize = ofl_ui_recovery_finalize;
  OFL_UI_TOOL_WINDOW_CLASS (klass)->refresh = refresh;
}

static void
ofl_ui_recovery_init (OflUiRecovery *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _ ("Recover"));
  self->closed = g_cancellable_new ();
  self->ways = g_ptr_array_new ();
  self->result = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  ofl_ui_tool_window_add (tool (self), self->result);
  self->again = ofl_ui_tool_window_add_button (tool (self), _ ("_Look again"));
  self->close_record = ofl_ui_tool_window_add_button (tool (self), _ ("Close the _record"));
  gtk_widget_add_css_class (self->close_record, "suggested-action");
  g_signal_connect_object (self->again, "clicked", G_CALLBACK (on_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->close_record, "clicked", G_CALLBACK (on_close_record), self,
                           G_CONNECT_SWAPPED);
}

/**
 * ofl_ui_recovery_present:
 * @parent: the window
 * @session: a drive
 *
 * Shows what a write that broke off has left, and the ways back. Sends and writes nothing.
 */
void
ofl_ui_recovery_present (GtkWindow *parent, OflUiSession *session)
{
  OflUiRecovery *self = g_object_new (OFL_UI_TYPE_RECOVERY, NULL);

  ofl_ui_tool_window_present (tool (self), parent, session);
  g_signal_connect_object (ofl_ui_unfinished_get (), "changed", G_CALLBACK (look_anew), self,
                           G_CONNECT_SWAPPED);
}
