/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do after a job has ended. Which buttons there are is told by the sentence that the core gives
 * (OFL_DO()); here stands only what each of them does. */
#include "ofl-ui-next-box.h"

#include <glib/gi18n.h>

#include "ofl-ui-dialogs.h"
#include "ofl-ui-looks.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-recovery.h"
#include "ofl-ui-text.h"
#include "ofl-ui-updater.h"

struct _OflUiNextBox {
  AdwBin parent_instance;

  OflUiSession *session;
  gulong handler;
  gboolean looked; /* the user has asked how the drive is now */
  OflDrive *drive; /* whose answer is waited for */
  gulong drive_handler;
  gboolean present;
  GDateTime *answered; /* when it answered last; NULL: not since it was asked */

  GtkWidget *buttons; /* made anew for each end */
  GtkWidget *seen;
};

G_DEFINE_FINAL_TYPE (OflUiNextBox, ofl_ui_next_box, ADW_TYPE_BIN)

static GtkWindow *
get_window (OflUiNextBox *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* Same drive, same file. What was accepted before is asked for again. */
static void
try_again (OflUiNextBox *self)
{
  g_autoptr (OflUiSession) session = g_object_ref (self->session);
  GtkWindow *window = get_window (self);
  OflJobKind kind = ofl_ui_run_get_kind (ofl_ui_session_get_run (session));
  g_autofree char *why_not = NULL;

  ofl_ui_session_reset (session, TRUE);
  if (kind == OFL_JOB_BACKUP)
    {
      if (ofl_ui_session_can_backup (session))
        ofl_ui_dialogs_choose_backup (window, session);
      return;
    }
  if (kind == OFL_JOB_UPDATER)
    {
      ofl_ui_updater_present (window, session);
      return;
    }
  why_not = ofl_ui_session_why_not_flash (session);
  /* of a job that was found running the file is not known here */
  if (ofl_ui_session_get_file (session) == NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.open", NULL);
  else if (why_not == NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.flash", "s",
                                ofl_ui_session_get_id (session));
}

static void
write_backup (OflUiNextBox *self)
{
  g_autoptr (OflUiSession) session = g_object_ref (self->session);
  const OflResult *result = ofl_ui_run_get_result (ofl_ui_session_get_run (session));
  g_autofree char *path = g_strdup (result != NULL ? result->backup_path : NULL);

  ofl_ui_session_reset (session, FALSE);
  if (path != NULL)
    ofl_ui_session_open_backup_at (session, path);
}

static void
recover (OflUiNextBox *self)
{
  g_autoptr (OflUiSession) session = g_object_ref (self->session);
  GtkWindow *window = get_window (self);

  ofl_ui_session_reset (session, TRUE);
  ofl_ui_recovery_present (window, session);
}

static void
rewrite (OflUiNextBox *self)
{
  g_autoptr (OflUiSession) session = g_object_ref (self->session);
  GtkWindow *window = get_window (self);

  ofl_ui_session_reset_for_rewrite (session);
  /* of a job that was found running the file is not known here */
  if (ofl_ui_session_get_file (session) == NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.open", NULL);
}

/* What was known before the drive was asked is no answer. */
static char *
describe_seen (OflUiNextBox *self)
{
  OflDrive *drive = self->drive;
  OflUiLook look = ofl_ui_look_of_drive (self->present ? drive : NULL);
  g_autofree char *name = ofl_ui_text_drive (drive, "name");
  g_autofree char *revision = ofl_ui_text_drive (drive, "revision");
  g_autofree char *time = NULL;

  if (self->answered == NULL || (self->present && ofl_drive_is_looking (drive)))
    return g_strdup (_ ("The drive is being looked at…"));
  time = g_date_time_format (self->answered, "%X");
  if (!self->present)
    /* Translators: %s is a time */
    return g_strdup_printf (_ ("%s: the drive is not connected."), time);
  if (ofl_drive_get_error (drive) != NULL)
    /* Translators: a time, and a sentence that says why the drive could not be looked at */
    return g_strdup_printf (_ ("%s: %s"), time, ofl_drive_get_error (drive)->message);
  /* Translators: a time, a drive, its revision, its state in a word or two */
  return g_strdup_printf (_ ("%s: the drive answers. %s, revision %s: %s"), time, name, revision,
                          look.word);
}

static void
show_seen (OflUiNextBox *self)
{
  g_autofree char *text = NULL;

  if (self->looked && ofl_ui_session_get_phase (self->session) == OFL_UI_PHASE_FINISHED)
    text = describe_seen (self);
  gtk_label_set_label (GTK_LABEL (self->seen), text != NULL ? text : "");
  gtk_widget_set_visible (self->seen, text != NULL);
}

/* From now on the drive's next answer is waited for; that it is not there is known at once. */
static void
await_answer (OflUiNextBox *self)
{
  g_clear_pointer (&self->answered, g_date_time_unref);
  if (!self->present)
    self->answered = g_date_time_new_now_local ();
}

/* Shown when the session says that something of it is another: there may be another look by then. */
static void
on_answered (OflUiNextBox *self)
{
  g_clear_pointer (&self->answered, g_date_time_unref);
  self->answered = g_date_time_new_now_local ();
}

/* A drive that was plugged in again may be another object, and answers anew. */
static void
follow_drive (OflUiNextBox *self)
{
  OflDrive *drive = ofl_ui_session_get_drive (self->session);
  gboolean present = ofl_ui_session_is_present (self->session);

  if (drive == self->drive && present == self->present)
    return;
  if (drive != self->drive)
    {
      g_clear_signal_handler (&self->drive_handler, self->drive);
      g_set_object (&self->drive, drive);
      self->drive_handler
          = g_signal_connect_swapped (drive, "notify::ready", G_CALLBACK (on_answered), self);
    }
  self->present = present;
  await_answer (self);
}

static void
look_again (OflUiNextBox *self)
{
  self->looked = TRUE;
  await_answer (self);
  ofl_ui_session_refresh (self->session);
  show_seen (self);
}

/* How an action is done here; one that is not in the table is only said. */
static const struct {
  OflAction action;
  const char *label; /* for _() */
  void (*act) (OflUiNextBox *self);
  gboolean drive; /* the drive has to be there */
} acts[] = {
  { OFL_ACTION_TRY_AGAIN, N_ ("_Try again"), try_again, TRUE },
  { OFL_ACTION_LOOK_AGAIN, N_ ("_Look again"), look_again, FALSE },
  { OFL_ACTION_FLASH_AGAIN, N_ ("_Recover…"), recover, TRUE },
  { OFL_ACTION_WRITE_BACKUP, N_ ("_Write the backup again"), write_backup, TRUE },
  { OFL_ACTION_REWRITE, N_ ("_Write it all the same…"), rewrite, TRUE },
};

static void
on_clicked (OflUiNextBox *self, GtkWidget *button)
{
  acts[GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "act"))].act (self);
}

static GtkWidget *
get_button (GtkWidget *child)
{
  return gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child));
}

/* A drive that is not there cannot be written; it can be waited for. */
static void
on_session_changed (OflUiNextBox *self)
{
  gboolean present = ofl_ui_session_is_present (self->session);

  follow_drive (self);
  for (GtkWidget *child = gtk_widget_get_first_child (self->buttons); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *button = get_button (child);
      guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "act"));
      gboolean may = present || !acts[i].drive;

      gtk_widget_set_sensitive (button, may);
      gtk_widget_set_tooltip_text (button, may ? NULL : _ ("The drive is unplugged."));
    }
  show_seen (self);
}

/* A comparison is begun by the command line only. */
static gboolean
can_do (OflUiNextBox *self, OflAction action)
{
  OflJobKind kind = ofl_ui_run_get_kind (ofl_ui_session_get_run (self->session));

  return action != OFL_ACTION_TRY_AGAIN || kind != OFL_JOB_VERIFY;
}

static gboolean
has_button (OflUiNextBox *self, guint act)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->buttons); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (get_button (child)), "act")) == act)
      return TRUE;
  return FALSE;
}

static void
add_button (OflUiNextBox *self, guint act, gboolean suggested)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_ (acts[act].label));

  g_object_set_data (G_OBJECT (button), "act", GUINT_TO_POINTER (act));
  gtk_widget_add_css_class (button, "pill");
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_clicked), self, G_CONNECT_SWAPPED);
  gtk_flow_box_insert (GTK_FLOW_BOX (self->buttons), button, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
}

static void
ofl_ui_next_box_dispose (GObject *object)
{
  OflUiNextBox *self = OFL_UI_NEXT_BOX (object);

  g_clear_signal_handler (&self->handler, self->session);
  g_clear_object (&self->session);
  g_clear_signal_handler (&self->drive_handler, self->drive);
  g_clear_object (&self->drive);
  g_clear_pointer (&self->answered, g_date_time_unref);
  G_OBJECT_CLASS (ofl_ui_next_box_parent_class)->dispose (object);
}

static void
ofl_ui_next_box_class_init (OflUiNextBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_next_box_dispose;
}

static void
ofl_ui_next_box_init (OflUiNextBox *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->buttons = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->buttons), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->buttons), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->buttons), 8);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->buttons), 8);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->buttons), TRUE);
  self->seen = gtk_label_new ("");
  gtk_label_set_wrap (GTK_LABEL (self->seen), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->seen), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), self->buttons);
  gtk_box_append (GTK_BOX (box), self->seen);
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * ofl_ui_next_box_show:
 * @self: the box
 * @session: a drive whose job is over
 * @next: (nullable): what to do next, as the core says it
 *
 * Makes a button for each action that is named there, in their order.
 */
void
ofl_ui_next_box_show (OflUiNextBox *self, OflUiSession *session, const char *next)
{
  gboolean success
      = ofl_verdict_is_success (ofl_ui_run_get_verdict (ofl_ui_session_get_run (session)));
  GtkWidget *child;
  OflAction action;

  g_clear_signal_handler (&self->handler, self->session);
  g_set_object (&self->session, session);
  self->handler
      = g_signal_connect_swapped (session, "changed", G_CALLBACK (on_session_changed), self);
  self->looked = FALSE;
  while ((child = gtk_widget_get_first_child (self->buttons)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->buttons), child);
  while (ofl_action_next (&next, &action))
    for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
      if (acts[i].action == action && can_do (self, action) && !has_button (self, i))
        add_button (self, i, !success && !ofl_ui_next_box_has_any (self));
  gtk_widget_set_visible (GTK_WIDGET (self), ofl_ui_next_box_has_any (self));
  /* one alone takes the whole line, as those below it do in a narrow window */
  gtk_flow_box_set_max_children_per_line (
      GTK_FLOW_BOX (self->buttons),
      gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (self->buttons), 1) != NULL ? 2 : 1);
  on_session_changed (self);
}

/**
 * ofl_ui_next_box_has_any:
 * @self: the box
 *
 * Returns: whether there is something to press
 */
gboolean
ofl_ui_next_box_has_any (OflUiNextBox *self)
{
  return gtk_widget_get_first_child (self->buttons) != NULL;
}
