/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maker's own program: what that is, which one, how it is run. The job itself is on the drive's page. */
#include "ofl-ui-updater.h"

#include <glib/gi18n.h>

#include "ofl-ui-dialogs.h"
#include "ofl-ui-opened.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-text.h"
#include "ofl-ui-tool-window.h"

#define OFL_UI_TYPE_UPDATER (ofl_ui_updater_get_type ())
G_DECLARE_FINAL_TYPE (OflUiUpdater, ofl_ui_updater, OFL_UI, UPDATER, OflUiToolWindow)

struct _OflUiUpdater {
  OflUiToolWindow parent_instance;

  OflUiProgram *program;

  GtkWidget *missing;
  GtkWidget *file;
  GtkWidget *group; /* of the program and what lies beside it */
  GtkWidget *beside;
  GPtrArray *beside_rows;
  GPtrArray *beside_shown; /* the files of these rows */
  GtkSwitch *hidden;
  GtkWidget *arguments;
  GtkWidget *tape;
  GtkWidget *no_tape;
  GtkWidget *whole_row;
  GtkSwitch *whole;
  GtkWidget *start;
};

G_DEFINE_FINAL_TYPE (OflUiUpdater, ofl_ui_updater, OFL_UI_TYPE_TOOL_WINDOW)

static OflUiToolWindow *
tool (OflUiUpdater *self)
{
  return OFL_UI_TOOL_WINDOW (self);
}

/* What the end can be held against. */
static char *
describe_inside (OflUiUpdater *self)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  OflFirmware *firmware = ofl_ui_program_get_firmware (self->program);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  g_autoptr (OflImage) image = ofl_ui_session_dup_program_image (session);
  g_autofree char *revision = image != NULL ? ofl_families_image_revision (snapshot, image) : NULL;

  if (ofl_ui_program_is_reading (self->program))
    return g_strdup (_ ("Reading and checking…"));
  if (ofl_ui_program_get_error (self->program) != NULL)
    return g_strdup (ofl_ui_program_get_error (self->program)->message);
  if (revision != NULL)
    /* Translators: %s is a revision */
    return g_strdup_printf (_ ("In it is firmware for this drive: revision %s. At the end the drive "
                               "is held against it."),
                            revision);
  if (image != NULL)
    return g_strdup (
        _ ("In it is firmware for this drive. At the end the drive is held against it."));
  if (firmware != NULL && ofl_firmware_get_n_images (firmware) > 0)
    return g_strdup (_ ("In it is firmware, and none of it is known to be for this drive, or more "
                        "than one may be. Be sure that the program is made for exactly this model: "
                        "at the end it can only be said which revision the drive names."));
  return g_strdup (_ ("Which firmware is in it could not be seen. Be sure that the program is made "
                      "for exactly this model: at the end it can only be said which revision the "
                      "drive names."));
}

static void
show_file (OflUiUpdater *self)
{
  GFile *file = ofl_ui_program_get_file (self->program);
  g_autofree char *name = file != NULL ? ofl_ui_opened_dup_name (file)
                                       : g_strdup (_ ("No program is chosen yet"));
  g_autofree char *text
      = file != NULL
            ? describe_inside (self)
            : g_strdup (_ ("Choose it, or drop it here. A download that is packed has to be "
                           "unpacked first."));

  ofl_ui_rows_set_words (self->file, name, text);
}

static void
on_remove (OflUiUpdater *self, GtkWidget *button)
{
  ofl_ui_program_remove_beside (self->program, g_object_get_data (G_OBJECT (button), "file"));
}

static void
on_add (OflUiUpdater *self)
{
  ofl_ui_dialogs_choose_beside (GTK_WINDOW (self), self->program);
}

static GtkWidget *
add_suffix (OflUiUpdater *self, GtkWidget *row, GtkWidget *button, GCallback clicked)
{
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

static GtkWidget *
make_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  ofl_ui_rows_set_words (row, title, subtitle);
  return row;
}

static void
name_button (GtkWidget *button, const char *name)
{
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
make_beside_row (OflUiUpdater *self, GFile *file)
{
  g_autofree char *name = ofl_ui_opened_dup_name (file);
  /* Translators: %s is a file's name */
  g_autofree char *remove = g_strdup_printf (_ ("Leave out “%s”"), name);
  GtkWidget *row = make_row (name, NULL);
  GtkWidget *button = add_suffix (self, row, gtk_button_new_from_icon_name ("list-remove-symbolic"),
                                  G_CALLBACK (on_remove));

  g_object_set_data_full (G_OBJECT (button), "file", g_object_ref (file), g_object_unref);
  gtk_widget_add_css_class (button, "flat");
  name_button (button, remove);
  return row;
}

static gboolean
is_shown (OflUiUpdater *self, GPtrArray *files)
{
  if (files->len != self->beside_shown->len)
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    if (g_ptr_array_index (files, i) != g_ptr_array_index (self->beside_shown, i))
      return FALSE;
  return TRUE;
}

static void
show_beside (OflUiUpdater *self)
{
  GPtrArray *files = ofl_ui_program_get_beside (self->program);

  if (is_shown (self, files))
    return;
  for (guint i = 0; i < self->beside_rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->group),
                                  g_ptr_array_index (self->beside_rows, i));
  g_ptr_array_set_size (self->beside_rows, 0);
  g_ptr_array_set_size (self->beside_shown, 0);
  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);

      g_ptr_array_add (self->beside_shown, g_object_ref (file));
      g_ptr_array_add (self->beside_rows, make_beside_row (self, file));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group),
                                 g_ptr_array_index (self->beside_rows, i));
    }
}

static void
show_tape (OflUiUpdater *self)
{
  const char *path = ofl_ui_program_get_tape (self->program);

  ofl_ui_rows_set_words (self->tape, NULL,
                         path != NULL
                             ? path
                             : _ ("Nothing is recorded. A record is how a way of writing becomes "
                                  "public that is not yet: it can be read, compared and sent."));
  gtk_widget_set_visible (self->no_tape, path != NULL);
  gtk_widget_set_sensitive (self->whole_row, path != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->whole), path != NULL);
}

static void
refresh (OflUiToolWindow *window)
{
  OflUiUpdater *self = OFL_UI_UPDATER (window);
  OflUiSession *session = ofl_ui_tool_window_get_session (window);
  g_autofree char *missing = NULL;
  g_autofree char *why_not = NULL;

  if (session == NULL || self->program == NULL)
    return;
  missing = ofl_ui_program_dup_missing (self->program);
  why_not = ofl_ui_session_why_not_program (session);
  show_file (self);
  show_beside (self);
  show_tape (self);
  gtk_label_set_label (GTK_LABEL (self->missing), missing != NULL ? missing : "");
  gtk_widget_set_visible (self->missing, missing != NULL);
  if (why_not == NULL && ofl_ui_session_runs_here (session))
    ofl_ui_tool_window_show_reason (
        window,
        _ ("The job runs in this program: it goes on when the window is closed, and is lost "
           "when you log out or end the program by force."));
  else
    ofl_ui_tool_window_show_reason (window, why_not);
  gtk_widget_set_sensitive (self->start, why_not == NULL);
  gtk_widget_set_tooltip_text (self->start, why_not);
}

static void
on_changed (OflUiUpdater *self)
{
  refresh (tool (self));
}

static void
on_choose (OflUiUpdater *self)
{
  ofl_ui_dialogs_choose_program (GTK_WINDOW (self), self->program);
}

static void
on_hidden (OflUiUpdater *self)
{
  ofl_ui_program_set_hidden (self->program, gtk_switch_get_active (self->hidden));
}

static void
on_arguments (OflUiUpdater *self)
{
  ofl_ui_program_set_arguments (self->program,
                                gtk_editable_get_text (GTK_EDITABLE (self->arguments)));
}

static void
on_tape_chosen (const char *path, gpointer data)
{
  OflUiUpdater *self = data;

  /* the window may have been closed meanwhile */
  if (self->program == NULL)
    return;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    ofl_ui_tool_window_toast (
        tool (self), _ ("A record never replaces a file: choose a name that is not there yet."));
  else
    ofl_ui_program_set_tape (self->program, path);
}

static void
on_tape (OflUiUpdater *self)
{
  ofl_ui_dialogs_choose_save (GTK_WINDOW (self), _ ("Record what both say"), "record.jsonl",
                              on_tape_chosen, self);
}

static void
on_no_tape (OflUiUpdater *self)
{
  ofl_ui_program_set_tape (self->program, NULL);
}

static void
on_whole (OflUiUpdater *self)
{
  ofl_ui_program_set_tape_whole (self->program, gtk_switch_get_active (self->whole));
}

/* The job is seen on the drive's page. */
static void
on_start (OflUiUpdater *self)
{
  g_autoptr (OflUiSession) session = ofl_ui_tool_window_get_session (tool (self));
  g_autofree char *why_not = NULL;

  g_object_ref (session);
  why_not = ofl_ui_session_why_not_program (session);
  if (why_not != NULL)
    {
      refresh (tool (self));
      return;
    }
  gtk_window_close (GTK_WINDOW (self));
  ofl_ui_session_run_program (session);
}

/* Of several the first program is the one, and the others lie beside it. */
static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  OflUiUpdater *self = data;
  gboolean taken = FALSE;

  for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
    {
      g_autofree char *name = ofl_ui_opened_dup_name (l->data);
      g_autofree char *small = g_utf8_strdown (name, -1);

      if (!taken && g_str_has_suffix (small, ".exe"))
        ofl_ui_program_set_file (self->program, l->data);
      else
        ofl_ui_program_add_beside (self->program, l->data);
      taken = taken || g_str_has_suffix (small, ".exe");
    }
  return TRUE;
}

static void
ofl_ui_updater_dispose (GObject *object)
{
  OflUiUpdater *self = OFL_UI_UPDATER (object);

  if (self->program != NULL)
    g_signal_handlers_disconnect_by_data (self->program, self);
  g_clear_object (&self->program);
  g_clear_pointer (&self->beside_rows, g_ptr_array_unref);
  g_clear_pointer (&self->beside_shown, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_updater_parent_class)->dispose (object);
}

static void
ofl_ui_updater_class_init (OflUiUpdaterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_updater_dispose;
  OFL_UI_TOOL_WINDOW_CLASS (klass)->refresh = refresh;
}

static GtkWidget *
add_group (OflUiUpdater *self, const char *title, const char *description)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  ofl_ui_tool_window_add (tool (self), group);
  return group;
}

static void
add_explanation (OflUiUpdater *self)
{
  GtkWidget *group = add_group (
      self, _ ("What this is"),
      _ ("How some drives are written is not public, above all those of Lite-On and PLDS. What writes "
         "them is the program for Windows that their maker gave out. Optiflash runs it under Wine, "
         "closed off from the rest of the computer, and watches it. No maker’s program comes with "
         "Optiflash, and none could be had to try: what was seen to work are programs of our own, on "
         "practice drives."));
  const OflUiLook good = ofl_ui_look_of_check (OFL_IMAGE_CHECK_OK);
  const OflUiLook warning = ofl_ui_look_of_check (OFL_IMAGE_CHECK_WARNING);
  const struct {
    const OflUiLook *look;
    const char *title, *subtitle; /* for _() */
  } rows[] = {
    { &good, N_ ("Your other drives, files and network are protected"),
      N_ ("The program sees this one drive and nothing else that is yours. Its windows are the one gap: "
          "see “Hide the program’s windows”.") },
    { &good, N_ ("You are asked before anything can change"),
      N_ ("Until its first command that could change the drive it only looks. Then what can be read is "
          "backed up, and the job waits for your answer.") },
    { &warning, N_ ("This drive is not protected from a wrong or faulty program"),
      N_ ("After your yes the program alone decides what is sent. It can be ended only while the drive "
          "does not say that it is at work.") },
    { &good, N_ ("The verdict is what the drive says"),
      N_ ("Whatever the program shows, at the end the drive is asked.") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                               ofl_ui_rows_look (rows[i].look, _ (rows[i].title),
                                                 _ (rows[i].subtitle)));
}

static void
add_choice (OflUiUpdater *self)
{
  self->group = add_group (self, _ ("The program"), NULL);
  self->file = make_row (NULL, NULL);
  add_suffix (self, self->file, gtk_button_new_with_mnemonic (_ ("_Choose…")),
              G_CALLBACK (on_choose));
  self->beside = make_row (_ ("Files beside it"),
                           _ ("Only where the maker says that the program needs them"));
  add_suffix (self, self->beside, gtk_button_new_with_mnemonic (_ ("_Add…")), G_CALLBACK (on_add));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->file);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->beside);
}

static void
add_tape_rows (OflUiUpdater *self, AdwExpanderRow *advanced)
{
  self->tape = make_row (_ ("Record what both say"), NULL);
  self->no_tape = add_suffix (self, self->tape,
                              gtk_button_new_from_icon_name ("list-remove-symbolic"),
                              G_CALLBACK (on_no_tape));
  gtk_widget_add_css_class (self->no_tape, "flat");
  name_button (self->no_tape, _ ("Record nothing"));
  add_suffix (self, self->tape, gtk_button_new_with_mnemonic (_ ("_Record to…")),
              G_CALLBACK (on_tape));
  self->whole_row = ofl_ui_rows_switch (
      _ ("Keep all data on the record"),
      _ ("The maker’s firmware, too, which is the maker’s, and whatever the drive says of itself. "
         "Without this only what tells nothing of this very drive is kept. Its serial number is "
         "masked in either case, as far as it is recognised."),
      &self->whole);
  gtk_switch_set_active (self->whole, ofl_ui_program_is_tape_whole (self->program));
  g_signal_connect_swapped (self->whole, "notify::active", G_CALLBACK (on_whole), self);
  adw_expander_row_add_row (advanced, self->tape);
  adw_expander_row_add_row (advanced, self->whole_row);
}

static void
add_manner (OflUiUpdater *self)
{
  GtkWidget *group = add_group (self, _ ("How it is run"), NULL);
  AdwExpanderRow *advanced = ADW_EXPANDER_ROW (adw_expander_row_new ());
  GtkWidget *row = ofl_ui_rows_switch (
      _ ("Hide the program’s windows"),
      _ ("For programs that nobody has to click in. While they are shown, the program can see what "
         "is on your screen and what you type, and can click and type in other windows."),
      &self->hidden);

  gtk_switch_set_active (self->hidden, ofl_ui_program_is_hidden (self->program));
  g_signal_connect_swapped (self->hidden, "notify::active", G_CALLBACK (on_hidden), self);
  self->arguments = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->arguments),
                                 _ ("Arguments for the program"));
  gtk_editable_set_text (GTK_EDITABLE (self->arguments),
                         ofl_ui_program_get_arguments (self->program));
  g_signal_connect_swapped (self->arguments, "changed", G_CALLBACK (on_arguments), self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (advanced), _ ("Advanced"));
  adw_expander_row_add_row (advanced, self->arguments);
  add_tape_rows (self, advanced);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (advanced));
}

static void
ofl_ui_updater_init (OflUiUpdater *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->beside_rows = g_ptr_array_new ();
  self->beside_shown = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_window_set_title (GTK_WINDOW (self), _ ("The maker’s own program"));
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  /* what is missing may be installed while this window is open */
  g_signal_connect (self, "notify::is-active", G_CALLBACK (on_changed), NULL);
}

/**
 * ofl_ui_updater_present:
 * @parent: the window
 * @session: a drive
 *
 * Opens what runs the maker's own program on a drive. A program that was chosen as if it were a firmware
 * file is taken over.
 */
void
ofl_ui_updater_present (GtkWindow *parent, OflUiSession *session)
{
  OflUiUpdater *self = g_object_new (OFL_UI_TYPE_UPDATER, NULL);

  self->program = g_object_ref (ofl_ui_session_get_program (session));
  if (ofl_ui_session_has_program (session))
    ofl_ui_program_offer_file (self->program, ofl_ui_session_get_file (session));
  self->missing = ofl_ui_tool_window_add_status (tool (self));
  add_explanation (self);
  add_choice (self);
  add_manner (self);
  self->start = ofl_ui_tool_window_add_button (tool (self), _ ("_Start the program"));
  gtk_widget_add_css_class (self->start, "suggested-action");
  g_signal_connect_object (self->start, "clicked", G_CALLBACK (on_start), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->program, "changed", G_CALLBACK (on_changed), self);
  ofl_ui_tool_window_present (tool (self), parent, session);
}
