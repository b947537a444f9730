/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user prefers. Each row does what it says at once. */
#include "ofl-ui-preferences.h"

#include <glib/gi18n.h>

#include "flash/ofl-backup-place.h"
#include "ofl-ui-dialogs.h"
#include "ofl-ui-log.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-settings.h"

#define OFL_UI_TYPE_PREFERENCES (ofl_ui_preferences_get_type ())
G_DECLARE_FINAL_TYPE (OflUiPreferences, ofl_ui_preferences, OFL_UI, PREFERENCES,
                      AdwPreferencesWindow)

struct _OflUiPreferences {
  AdwPreferencesWindow parent_instance;

  AdwActionRow *folder;
  GtkWidget *usual;
  AdwComboRow *keep;
};

G_DEFINE_FINAL_TYPE (OflUiPreferences, ofl_ui_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* How many backups can be chosen to be kept; 0 is all. */
static const guint keeps[] = { 0, 2, 3, 5, 10, 20 };

static void
say (OflUiPreferences *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (escaped));
}

static void
on_set (GObject *settings, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiPreferences) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (ofl_ui_settings_set_finish (OFL_UI_SETTINGS (settings), result, &error))
    return;
  /* Translators: %s says why, as the system does */
  text = g_strdup_printf (_ ("It holds until Optiflash ends; it cannot be kept: %s"),
                          error->message);
  say (self, text);
}

static void
set (OflUiPreferences *self, OflSetting setting, guint value)
{
  ofl_ui_settings_set (ofl_ui_settings_get (), setting, value, on_set, g_object_ref (self));
}

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title, const char *description)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, description);
  adw_preferences_page_add (page, group);
  return group;
}

static void
add_row (AdwPreferencesGroup *group, GtkWidget *row, const char *title, const char *subtitle)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (group, row);
}

static void
on_switch (GtkSwitch *widget, GParamSpec *pspec, OflUiPreferences *self)
{
  OflSetting setting
      = (OflSetting) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (widget), "setting"));

  set (self, setting, gtk_switch_get_active (widget));
}

static void
add_switch (OflUiPreferences *self, AdwPreferencesGroup *group, OflSetting setting,
            const char *title, const char *subtitle)
{
  GtkSwitch *widget;
  GtkWidget *row = ofl_ui_rows_switch (title, subtitle, &widget);

  gtk_switch_set_active (widget, ofl_ui_settings_value (ofl_ui_settings_get (), setting) != 0);
  g_object_set_data (G_OBJECT (widget), "setting", GINT_TO_POINTER (setting));
  g_signal_connect_object (widget, "notify::active", G_CALLBACK (on_switch), self, 0);
  adw_preferences_group_add (group, row);
}

/* What the file says, which somebody may have written by hand. */
static guint
read_keep (void)
{
  guint now = ofl_settings_get (OFL_SETTING_KEEP_BACKUPS);

  ofl_ui_settings_override (ofl_ui_settings_get (), OFL_SETTING_KEEP_BACKUPS, now);
  return now;
}

static char *
name_keep (guint keep)
{
  if (keep == 0)
    return g_strdup (C_ ("backups", "All"));
  /* Translators: how many backups of a drive are kept */
  return g_strdup_printf (ngettext ("The newest", "The newest %u", keep), keep);
}

static guint
find_keep (guint keep)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (keeps) && keeps[i] != keep)
    i++;
  return i;
}

/* What could not be kept is what it was. */
static void
on_keep_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiPreferences) self = data;
  OflUiSettings *settings = OFL_UI_SETTINGS (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (ofl_ui_settings_set_finish (settings, result, &error))
    return;
  /* Translators: %s says why, as the system does */
  text = g_strdup_printf (_ ("It was not changed: %s"), error->message);
  say (self, text);
  adw_combo_row_set_selected (
      self->keep, find_keep (ofl_ui_settings_value (settings, OFL_SETTING_KEEP_BACKUPS)));
}

static void
on_keep (AdwComboRow *row, GParamSpec *pspec, OflUiPreferences *self)
{
  OflUiSettings *settings = ofl_ui_settings_get ();
  guint selected = adw_combo_row_get_selected (row);

  if (selected < G_N_ELEMENTS (keeps)
      && keeps[selected] != ofl_ui_settings_value (settings, OFL_SETTING_KEEP_BACKUPS))
    ofl_ui_settings_set (settings, OFL_SETTING_KEEP_BACKUPS, keeps[selected], on_keep_set,
                         g_object_ref (self));
}

static void
add_keep (OflUiPreferences *self, AdwPreferencesGroup *group)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint now = read_keep ();
  guint selected = find_keep (now);

  for (guint i = 0; i <= G_N_ELEMENTS (keeps); i++)
    {
      g_autofree char *name = name_keep (i < G_N_ELEMENTS (keeps) ? keeps[i] : now);

      if (i < G_N_ELEMENTS (keeps) || selected == i)
        gtk_string_list_append (names, name);
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_keep), self, 0);
  self->keep = ADW_COMBO_ROW (row);
  add_row (group, row, _ ("Keep of each drive"), "");
}

static void
on_level (AdwComboRow *row, GParamSpec *pspec, OflUiPreferences *self)
{
  set (self, OFL_SETTING_LOG_LEVEL, adw_combo_row_get_selected (row));
}

static void
add_level (OflUiPreferences *self, AdwPreferencesGroup *group)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = ofl_ui_log_new_level_names ();

  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), ofl_ui_settings_value (ofl_ui_settings_get (),
                                                                          OFL_SETTING_LOG_LEVEL));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_level), self, 0);
  add_row (group, row, _ ("Show"), "");
}

static void
show_folder (OflUiPreferences *self)
{
  g_autofree char *chosen = ofl_settings_read_backup_dir ();
  g_autofree char *usual = ofl_backup_usual_dir ();
  g_autofree char *shown = g_filename_display_name (chosen != NULL ? chosen : usual);

  adw_action_row_set_subtitle (self->folder, shown);
  gtk_widget_set_visible (self->usual, chosen != NULL);
}

static void
on_folder_set (GObject *settings, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiPreferences) self = data;
  g_autoptr (GError) error = NULL;

  if (!ofl_ui_settings_set_finish (OFL_UI_SETTINGS (settings), result, &error))
    say (self, error->message);
  show_folder (self);
}

static void
set_folder (OflUiPreferences *self, const char *path)
{
  ofl_ui_settings_set_backup_dir (ofl_ui_settings_get (), path, on_folder_set, g_object_ref (self));
}

static void
on_folder (const char *path, gpointer data)
{
  set_folder (OFL_UI_PREFERENCES (data), path);
}

static void
on_choose (OflUiPreferences *self)
{
  ofl_ui_dialogs_choose_folder (GTK_WINDOW (self), _ ("Choose the folder for backups"), on_folder,
                                self);
}

static void
on_usual (OflUiPreferences *self)
{
  set_folder (self, NULL);
}

static GtkWidget *
add_button_row (OflUiPreferences *self, AdwPreferencesGroup *group, const char *title,
                const char *subtitle, const char *label, void (*clicked) (OflUiPreferences *self))
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  add_row (group, row, title, subtitle);
  return row;
}

static void
add_backups (OflUiPreferences *self, AdwPreferencesPage *page)
{
  AdwPreferencesGroup *group = add_group (
      page, _ ("Backups"),
      _ ("Before each write, and whenever you ask for it. What is in a former folder "
         "stays there and is no longer listed. A job that begins beside another, or at "
         "once after it, may still use the former one."));

  self->folder
      = ADW_ACTION_ROW (add_button_row (self, group, _ ("Folder"), "", _ ("_Choose…"), on_choose));
  self->usual = add_button_row (self, group, _ ("Another folder than usual"), "",
                                _ ("Back to the _usual"), on_usual);
  show_folder (self);
  add_keep (
      self,
      add_group (page, _ ("Old backups"),
                 _ ("More than you want to keep are deleted when a new backup of the same drive "
                    "has been stored. Always kept: the first of each drive, damaged ones, "
                    "those of drives without a serial number, and what a write needs that "
                    "never ended.")));
}

static void
ofl_ui_preferences_class_init (OflUiPreferencesClass *klass)
{
}

static void
ofl_ui_preferences_init (OflUiPreferences *self)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *drives = add_group (page, _ ("Drives"), NULL);

  gtk_window_set_title (GTK_WINDOW (self), _ ("Preferences"));
  gtk_window_set_default_size (GTK_WINDOW (self), 600, 720);
  gtk_widget_set_size_request (GTK_WIDGET (self), 340, 300);
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (self), FALSE);
  add_switch (self, drives, OFL_SETTING_PRACTICE, _ ("Practice drives"),
              _ ("They exist only in this program: nothing you do with one can break anything."));
  add_switch (self, drives, OFL_SETTING_EXPERIMENTAL, _ ("Offer experimental ways"),
              _ ("What only one author tells, and nobody has confirmed. Off for each drive until "
                 "you switch it on under its “Expert choices”; without this they are not there."));
  add_backups (self, page);
  add_switch (self, add_group (page, _ ("Jobs"), NULL), OFL_SETTING_SOUND, _ ("Sound at the end"),
              _ ("When a job ends while you are in another window: beside the notification the "
                 "desktop’s bell, as loud as the desktop has it."));
  add_level (self, add_group (page, _ ("Log"),
                              _ ("What the log of a job shows. A saved log has what is hidden, "
                                 "too, and the journal has everything.")));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), page);
}

/**
 * ofl_ui_preferences_present:
 * @application: the application, over whose active window it opens
 */
void
ofl_ui_preferences_present (GtkApplication *application)
{
  static OflUiPreferences *only;

  if (only == NULL)
    {
      only = g_object_new (OFL_UI_TYPE_PREFERENCES, "modal", TRUE, "transient-for",
                           gtk_application_get_active_window (application), NULL);
      g_signal_connect_swapped (only, "destroy", G_CALLBACK (g_nullify_pointer), &only);
    }
  gtk_window_present (GTK_WINDOW (only));
}
