/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files find their drive: those that are given are read, and each drive is asked how they fit. The drive
 * that is shown comes first, then the one that fits; between several the user chooses. */
#include "ofl-ui-intake.h"

#include <glib/gi18n.h>

#include "ofl-ui-drive-chooser.h"
#include "ofl-ui-text.h"

/* What takes no longer is not worth a word. */
#define PATIENCE_MS 400
/* So many images are named in a sentence. */
#define MOST_NAMES 3

struct _OflUiIntake {
  AdwBin parent_instance;

  OflDriveMonitor *monitor;
  OflUiSessionList *sessions;
  OflUiSession *shown;

  GCancellable *reading; /* NULL: nothing is being read */
  OflUiOpened *opened;   /* was read, and has no drive yet */
  gboolean waiting;      /* the user knows that its drive is not here */
  OflUiSession *told;    /* what is said is of this drive, until a job begins there */
  guint patience;
  GtkWindow *offer; /* asks which drive; NULL: not open */

  GtkInfoBar *bar;
  GtkSpinner *spinner;
  GtkLabel *text;
  GtkWidget *close;
};

G_DEFINE_FINAL_TYPE (OflUiIntake, ofl_ui_intake, ADW_TYPE_BIN)

static void look (OflUiIntake *self);

/* To close what is said of a file that has no drive yet is to give it up. */
static void
name_close (OflUiIntake *self)
{
  const char *name = self->reading != NULL || self->opened != NULL ? _ ("Do not open this file")
                                                                   : _ ("Close this message");

  gtk_widget_set_tooltip_text (self->close, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->close), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
say (OflUiIntake *self, GtkMessageType type, gboolean at_work, const char *text)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  gtk_info_bar_set_message_type (self->bar, type);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), at_work);
  gtk_spinner_set_spinning (self->spinner, at_work);
  gtk_label_set_label (self->text, text);
  name_close (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
say_nothing (OflUiIntake *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->told);
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
say_at_work (OflUiIntake *self)
{
  say (self, GTK_MESSAGE_INFO, TRUE,
       self->opened == NULL ? _ ("The file is being read and checked…")
                            : _ ("The file is read. The drives are still being looked at…"));
}

static gboolean
on_patience (gpointer data)
{
  OflUiIntake *self = data;

  self->patience = 0;
  say_at_work (self);
  return G_SOURCE_REMOVE;
}

/* Where it was said already what is being done, it is said of the next step at once. */
static void
be_patient (OflUiIntake *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    {
      if (gtk_widget_get_visible (GTK_WIDGET (self->spinner)))
        say_at_work (self);
    }
  else if (self->patience == 0)
    self->patience = g_timeout_add (PATIENCE_MS, on_patience, self);
}

/* What was given before is no longer wanted. */
static void
forget (OflUiIntake *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->opened, ofl_ui_opened_free);
  self->waiting = FALSE;
  if (self->offer != NULL)
    gtk_window_destroy (self->offer);
  say_nothing (self);
}

/* Another file was chosen for the drive in sight by other means: it is the later one. */
static void
on_file_chosen (OflUiIntake *self, OflUiSession *session)
{
  if (session == self->shown || session == self->told)
    forget (self);
}

static void
on_close (OflUiIntake *self)
{
  forget (self);
}

/* %OFL_LEVEL_RED where nobody can say yes. */
static OflLevel
ask (OflUiSession *session, OflFirmware *firmware)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  OflChoices *choices = ofl_ui_session_get_choices (session);
  g_autoptr (OflJudgement) judgement = NULL;
  int image;

  if (snapshot == NULL || firmware == NULL || !ofl_ui_session_is_present (session))
    return OFL_LEVEL_RED;
  image = ofl_families_choose_image (snapshot, firmware, choices);
  if (image < 0)
    return OFL_LEVEL_RED;
  judgement
      = ofl_families_judge (snapshot, ofl_firmware_get_image (firmware, (guint) image), choices);
  return ofl_judgement_get_level (judgement);
}

/* The drives that it fits: where one of them takes it as it is, those that would take it only by
 * somebody's word are none. (transfer container) */
static GPtrArray *
find_fitting (OflUiIntake *self, OflLevel *best)
{
  GListModel *model = G_LIST_MODEL (self->sessions);
  GPtrArray *fitting = g_ptr_array_new_with_free_func (g_object_unref);

  *best = OFL_LEVEL_RED;
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (OflUiSession) session = g_list_model_get_item (model, i);
      OflLevel level = MAX (ask (session, self->opened->firmware), OFL_LEVEL_YELLOW);

      if (level == OFL_LEVEL_RED || level > *best)
        continue;
      if (level < *best)
        g_ptr_array_set_size (fitting, 0);
      *best = level;
      g_ptr_array_add (fitting, g_object_ref (session));
    }
  return fitting;
}

/* A file that waits was not given now: what the user has before his eyes since stays. */
static gboolean
takes_none (OflUiIntake *self, OflUiSession *session)
{
  OflUiPhase phase = ofl_ui_session_get_phase (session);

  return phase == OFL_UI_PHASE_RUNNING
         || (self->waiting
             && (phase == OFL_UI_PHASE_FINISHED || ofl_ui_session_get_file (session) != NULL));
}

/* Drives on which a job runs take no file. Gives one of those that take none, or NULL.
 * (transfer full) */
static OflUiSession *
drop_unready (OflUiIntake *self, GPtrArray *fitting)
{
  OflUiSession *unready = NULL;

  for (guint i = fitting->len; i > 0; i--)
    if (takes_none (self, g_ptr_array_index (fitting, i - 1)))
      {
        g_clear_object (&unready);
        unready = g_object_ref (g_ptr_array_index (fitting, i - 1));
        g_ptr_array_remove_index (fitting, i - 1);
      }
  return unready;
}

/* "“a.bin”, “b.bin”" */
static char *
join_names (GPtrArray *files)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *name = ofl_ui_opened_dup_name (g_ptr_array_index (files, i));

      /* Translators: a file's name in quotes, as in "“a.bin”, “b.bin”" */
      g_string_append_printf (text, _ ("%s“%s”"), i > 0 ? ", " : "", name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Of several files that hold nothing for any drive no one is more to blame than the others. */
static char *
describe_useless (const OflUiOpened *opened)
{
  g_autofree char *name = ofl_ui_opened_dup_name (opened->file);
  g_autofree char *others = join_names (opened->left);

  /* Translators: a file's name; then one or several, in quotes */
  return g_strdup_printf (_ ("None of these files can be used: “%s”, %s."), name, others);
}

/* What is not seen by looking at the drive: that it is another one, and what was not taken.
 * (nullable) */
static char *
describe_taken (OflUiSession *other, const OflUiOpened *opened)
{
  g_autofree char *name = ofl_ui_opened_dup_name (opened->file);
  g_autofree char *left = join_names (opened->left);
  g_autofree char *with = opened->with != NULL ? ofl_ui_opened_dup_name (opened->with) : NULL;
  g_autofree char *model = NULL;

  if (opened->left->len > 0 && !ofl_ui_opened_is_usable (opened))
    return describe_useless (opened);
  if (opened->left->len > 0 && with != NULL)
    /* Translators: two file names; then one or several, in quotes */
    return g_strdup_printf (_ ("Opened: “%s” and “%s”, which belong together. Not opened: %s. One "
                               "firmware file is taken at a time, or the two files of an update."),
                            name, with, left);
  if (opened->left->len > 0)
    /* Translators: a file name; then one or several, in quotes */
    return g_strdup_printf (
        _ ("Opened: “%s”. Not opened: %s. One firmware file is taken at a time, or "
           "the two files of an update."),
        name, left);
  if (other == NULL)
    return NULL;
  model = ofl_ui_text_model (ofl_ui_session_get_drive (other));
  /* Translators: a file's name, then a drive's model */
  return g_strdup_printf (_ ("“%s” fits %s: that drive was chosen."), name, model);
}

static void
take (OflUiIntake *self, OflUiSession *session, gboolean fits)
{
  g_autoptr (OflUiOpened) opened = g_steal_pointer (&self->opened);
  g_autofree char *text = describe_taken (fits && session != self->shown ? session : NULL, opened);

  self->waiting = FALSE;
  say_nothing (self);
  ofl_ui_session_take (session, opened);
  gtk_widget_activate_action (GTK_WIDGET (self), "app.show-drive", "s",
                              ofl_ui_session_get_id (session));
  if (text == NULL)
    return;
  say (self, opened->left->len > 0 ? GTK_MESSAGE_WARNING : GTK_MESSAGE_INFO, FALSE, text);
  g_set_object (&self->told, session);
}

static void
on_drive_chosen (OflUiSession *session, gpointer data)
{
  OflUiIntake *self = data;

  g_clear_weak_pointer (&self->offer);
  if (self->opened == NULL)
    return;
  if (session == NULL)
    {
      forget (self);
      return;
    }
  if (ofl_ui_session_list_contains (self->sessions, session) && ofl_ui_session_is_present (session)
      && ofl_ui_session_get_phase (session) != OFL_UI_PHASE_RUNNING)
    take (self, session, TRUE);
  else
    look (self);
}

static void
offer (OflUiIntake *self, GPtrArray *fitting)
{
  g_autofree char *name = ofl_ui_opened_dup_name (self->opened->file);

  say_nothing (self);
  g_set_weak_pointer (&self->offer, ofl_ui_drive_chooser_present (
                                        GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), name,
                                        fitting, on_drive_chosen, self));
}

/* "HL-DT-ST BD-RE BU40N 1.03 (family MT1959)": of several images, the first few. */
static char *
describe_images (OflFirmware *firmware)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    {
      OflImage *image = ofl_firmware_get_image (firmware, i);
      const OflFamily *family = ofl_families_find (ofl_image_get_family (image));
      g_autofree char *what = ofl_image_describe (image);
      /* Translators: what an image says of itself, and its family of drives */
      char *name = g_strdup_printf (_ ("%s (%s)"), what,
                                    family != NULL ? ofl_family_name (family)
                                                   : ofl_image_get_family (image));

      if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_free (name);
      else
        g_ptr_array_add (names, name);
    }
  for (guint i = 0; i < MIN (names->len, MOST_NAMES); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (names, i));
  if (names->len > MOST_NAMES)
    g_string_append (text, ", …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @unready: a drive that it fits, and that does not take it now */
static char *
describe_not_now (OflUiSession *unready, const char *name, const char *what)
{
  g_autofree char *model = ofl_ui_text_model (ofl_ui_session_get_drive (unready));

  if (ofl_ui_session_get_phase (unready) == OFL_UI_PHASE_RUNNING)
    /* Translators: a file's name, what firmware is in it, a drive's model */
    return g_strdup_printf (
        _ ("“%s” holds %s. It fits %s, and a job runs on that drive. Open the file "
           "again when the job is over."),
        name, what, model);
  if (ofl_ui_session_get_phase (unready) == OFL_UI_PHASE_FINISHED)
    /* Translators: a file's name, what firmware is in it, a drive's model */
    return g_strdup_printf (_ ("“%s” holds %s. It fits %s, where the end of a job is still shown. "
                               "Open the file again to choose it for that drive."),
                            name, what, model);
  /* Translators: a file's name, what firmware is in it, a drive's model */
  return g_strdup_printf (_ ("“%s” holds %s. It fits %s, for which another file is chosen. Open the "
                             "file again to choose it for that drive."),
                          name, what, model);
}

static char *
describe_waiting (OflUiIntake *self, OflUiSession *unready)
{
  OflFirmware *firmware = self->opened->firmware;
  g_autofree char *name = ofl_ui_opened_dup_name (self->opened->file);
  g_autofree char *what = NULL;

  if (firmware == NULL)
    /* Translators: a file's name, and a sentence that says why */
    return g_strdup_printf (_ ("“%s” cannot be used: %s"), name, self->opened->error->message);
  if (ofl_firmware_get_n_images (firmware) == 0)
    return g_strdup_printf (_ ("No firmware that Optiflash knows is in “%s”."), name);
  what = describe_images (firmware);
  if (unready != NULL)
    return describe_not_now (unready, name, what);
  /* Translators: a file's name, then what firmware is in it */
  return g_strdup_printf (_ ("“%s” holds %s. No drive is here that takes it. Connect one, and it is "
                             "chosen for that drive."),
                          name, what);
}

/* @unready: (nullable): a drive that it fits, and that does not take it now */
static char *
describe_none (OflUiIntake *self, OflUiSession *unready)
{
  const OflUiOpened *opened = self->opened;
  g_autofree char *text = NULL;
  g_autofree char *left = NULL;

  if (opened->left->len > 0 && !ofl_ui_opened_is_usable (opened))
    return describe_useless (opened);
  text = describe_waiting (self, unready);
  if (opened->left->len == 0)
    return g_steal_pointer (&text);
  left = join_names (opened->left);
  /* Translators: a sentence about a file; then the names of others, in quotes */
  return g_strdup_printf (_ ("%s Not opened: %s."), text, left);
}

static gboolean
can_show (OflUiSession *session)
{
  return session != NULL && ofl_ui_session_is_present (session)
         && ofl_ui_session_get_phase (session) != OFL_UI_PHASE_RUNNING;
}

/* Shown at the drive in sight, refused with the reason; without one it waits for its drive. */
static void
refuse (OflUiIntake *self, OflUiSession *unready)
{
  g_autofree char *text = NULL;

  if (unready == NULL && !self->waiting && can_show (self->shown))
    {
      take (self, self->shown, FALSE);
      return;
    }
  text = describe_none (self, unready);
  say (self, GTK_MESSAGE_WARNING, FALSE, text);
  self->waiting = unready == NULL && self->opened->firmware != NULL
                  && ofl_firmware_get_n_images (self->opened->firmware) > 0;
  if (!self->waiting)
    g_clear_pointer (&self->opened, ofl_ui_opened_free);
  name_close (self);
}

static void
look (OflUiIntake *self)
{
  g_autoptr (GPtrArray) fitting = NULL;
  g_autoptr (OflUiSession) unready = NULL;
  OflLevel best;

  if (self->told != NULL && ofl_ui_session_get_phase (self->told) == OFL_UI_PHASE_RUNNING)
    say_nothing (self);
  if (self->opened == NULL || self->offer != NULL)
    return;
  fitting = find_fitting (self, &best);
  unready = drop_unready (self, fitting);
  if (best < OFL_LEVEL_RED_SOFT && g_ptr_array_find (fitting, self->shown, NULL))
    take (self, self->shown, TRUE);
  else if (!ofl_drive_monitor_is_settled (self->monitor))
    be_patient (self);
  else if (g_ptr_array_find (fitting, self->shown, NULL))
    take (self, self->shown, TRUE);
  else if (fitting->len == 1)
    take (self, g_ptr_array_index (fitting, 0), TRUE);
  else if (fitting->len > 1)
    offer (self, fitting);
  else
    refuse (self, unready);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiIntake *self = OFL_UI_INTAKE (source);
  OflUiOpened *opened = ofl_ui_opened_read_finish (result);

  /* Others were given meanwhile: these are nobody's any more. */
  if (opened == NULL || g_task_get_cancellable (G_TASK (result)) != self->reading)
    {
      g_clear_pointer (&opened, ofl_ui_opened_free);
      return;
    }
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->patience, g_source_remove);
  self->opened = opened;
  look (self);
}

static void
on_items_changed (OflUiIntake *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (OflUiSession) session = g_list_model_get_item (G_LIST_MODEL (self->sessions), i);

      g_signal_connect_object (session, "changed", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "file-chosen", G_CALLBACK (on_file_chosen), self,
                               G_CONNECT_SWAPPED);
    }
  look (self);
}

static void
ofl_ui_intake_dispose (GObject *object)
{
  OflUiIntake *self = OFL_UI_INTAKE (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->opened, ofl_ui_opened_free);
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_weak_pointer (&self->offer);
  g_clear_object (&self->shown);
  g_clear_object (&self->told);
  g_clear_object (&self->sessions);
  g_clear_object (&self->monitor);
  G_OBJECT_CLASS (ofl_ui_intake_parent_class)->dispose (object);
}

static void
ofl_ui_intake_class_init (OflUiIntakeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_intake_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-intake.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiIntake, bar);
  gtk_widget_class_bind_template_child (widget_class, OflUiIntake, spinner);
  gtk_widget_class_bind_template_child (widget_class, OflUiIntake, text);
  gtk_widget_class_bind_template_child (widget_class, OflUiIntake, close);
  gtk_widget_class_bind_template_callback (widget_class, on_close);
}

static void
ofl_ui_intake_init (OflUiIntake *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_intake_set_drives:
 * @self: the intake
 * @monitor: tells when every drive has been looked at
 * @sessions: the drives
 */
void
ofl_ui_intake_set_drives (OflUiIntake *self, OflDriveMonitor *monitor, OflUiSessionList *sessions)
{
  g_return_if_fail (self->sessions == NULL);

  self->monitor = g_object_ref (monitor);
  self->sessions = g_object_ref (sessions);
  g_signal_connect_object (sessions, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (monitor, "settled", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  on_items_changed (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (sessions)));
}

/**
 * ofl_ui_intake_set_shown:
 * @self: the intake
 * @session: (nullable): the drive that is shown: what fits it goes there
 */
void
ofl_ui_intake_set_shown (OflUiIntake *self, OflUiSession *session)
{
  if (!g_set_object (&self->shown, session))
    return;
  if (self->told != NULL && self->told != session)
    say_nothing (self);
  look (self);
}

/**
 * ofl_ui_intake_open:
 * @self: the intake
 * @files: (element-type GFile): one file at least, given together
 *
 * Reads them on a worker thread and finds their drive. What was given before and has no drive yet gives
 * way.
 */
void
ofl_ui_intake_open (OflUiIntake *self, GPtrArray *files)
{
  g_return_if_fail (files->len > 0);

  forget (self);
  self->reading = g_cancellable_new ();
  be_patient (self);
  ofl_ui_opened_read_async (self, files, self->reading, on_read, NULL);
}
