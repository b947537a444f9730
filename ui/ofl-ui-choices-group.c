/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-choices-group.h"

#include <glib/gi18n.h>

#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-settings.h"

#define GROUP_PREFIX "choice "

struct _OflUiChoicesGroup {
  AdwPreferencesGroup parent_instance;

  OflUiSession *session;
  const OflFamily *shown;
  gboolean experimental; /* was shown with it */
  AdwExpanderRow *expander;
  GPtrArray *rows;
};

G_DEFINE_FINAL_TYPE (OflUiChoicesGroup, ofl_ui_choices_group, ADW_TYPE_PREFERENCES_GROUP)

/* A choice of "yes" and "no" is a switch; the words stay the terminal's. */
static void
on_switched (GtkSwitch *widget, GParamSpec *pspec, OflUiChoicesGroup *self)
{
  ofl_ui_session_set_choice (self->session, g_object_get_data (G_OBJECT (widget), "choice"),
                             gtk_switch_get_active (widget) ? "yes" : "no");
}

static void
on_selected (AdwComboRow *row, GParamSpec *pspec, OflUiChoicesGroup *self)
{
  const char *name = g_object_get_data (G_OBJECT (row), "choice");
  GtkStringObject *value = adw_combo_row_get_selected_item (row);

  if (value != NULL)
    ofl_ui_session_set_choice (self->session, name, gtk_string_object_get_string (value));
}

static guint
index_of (char **values, const char *value)
{
  for (guint i = 0; values[i] != NULL; i++)
    if (g_strcmp0 (values[i], value) == 0)
      return i;
  return 0;
}

static GtkWidget *
make_switch (OflUiChoicesGroup *self, const char *name, const char *title, const char *why,
             gboolean on)
{
  GtkSwitch *widget;
  GtkWidget *row = ofl_ui_rows_switch (title, why, &widget);

  gtk_switch_set_active (widget, on);
  g_object_set_data_full (G_OBJECT (widget), "choice", g_strdup (name), g_free);
  g_signal_connect_object (widget, "notify::active", G_CALLBACK (on_switched), self, 0);
  return row;
}

/* The chosen value is short, and shown whole: a row of GNOME's cuts it where the title has room to spare. */
static void
show_values_whole (AdwComboRow *row)
{
  g_autoptr (GtkListItemFactory) shown = ofl_ui_rows_word_factory (-1);
  GtkListItemFactory *usual = adw_combo_row_get_factory (row);

  /* the list itself keeps what a row of strings comes with */
  adw_combo_row_set_list_factory (row, usual);
  adw_combo_row_set_factory (row, shown);
}

static GtkWidget *
make_combo (OflUiChoicesGroup *self, const char *name, const char *title, const char *why,
            char **values, const char *current)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new ((const char *const *) values);
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  ofl_ui_rows_set_words (row, title, why);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  show_values_whole (ADW_COMBO_ROW (row));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), index_of (values, current));
  g_object_set_data_full (G_OBJECT (row), "choice", g_strdup (name), g_free);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_selected), self, 0);
  return row;
}

static gboolean
is_yes_or_no (char **values)
{
  return g_strv_length (values) == 2 && g_strv_contains ((const char *const *) values, "yes")
         && g_strv_contains ((const char *const *) values, "no");
}

static void
add_choice (OflUiChoicesGroup *self, const OflFamily *family, const char *group)
{
  GKeyFile *table = ofl_family_table (family);
  const char *name = group + strlen (GROUP_PREFIX);
  g_auto (GStrv) values = g_key_file_get_string_list (table, group, "values", NULL, NULL);
  g_autofree char *title = g_key_file_get_string (table, group, "title", NULL);
  g_autofree char *why = g_key_file_get_string (table, group, "explanation", NULL);
  const char *shown = title != NULL ? _ (title) : name;
  const char *below = why != NULL ? _ (why) : "";
  const char *current
      = ofl_family_choice (family, ofl_ui_session_get_choices (self->session), name);

  if (values == NULL || g_strv_length (values) < 2
      || (!self->experimental && g_str_equal (name, OFL_UI_EXPERIMENTAL)))
    return;
  ofl_ui_rows_add (self->expander, self->rows,
                   is_yes_or_no (values)
                       ? make_switch (self, name, shown, below, g_strcmp0 (current, "yes") == 0)
                       : make_combo (self, name, shown, below, values, current));
}

static void
ofl_ui_choices_group_dispose (GObject *object)
{
  OflUiChoicesGroup *self = OFL_UI_CHOICES_GROUP (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_choices_group_parent_class)->dispose (object);
}

static void
ofl_ui_choices_group_class_init (OflUiChoicesGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_choices_group_dispose;
}

static void
ofl_ui_choices_group_init (OflUiChoicesGroup *self)
{
  self->rows = g_ptr_array_new ();
  self->expander = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->expander), _ ("Expert choices"));
  adw_expander_row_set_subtitle (
      self->expander, _ ("Where public sources disagree. The first answer is the safer."));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->expander));
}

/**
 * ofl_ui_choices_group_show:
 * @self: the group
 * @session: the drive whose family's choices to show
 *
 * Fills the group when the family is another one than before; hides it when there is no choice.
 */
void
ofl_ui_choices_group_show (OflUiChoicesGroup *self, OflUiSession *session)
{
  const OflFamily *family = ofl_ui_session_get_family (session);
  gboolean experimental = ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_EXPERIMENTAL)
                          != 0;
  GKeyFile *table;
  g_auto (GStrv) groups = NULL;
  g_autofree char *why_not = NULL;

  g_set_object (&self->session, session);
  if (family != self->shown || experimental != self->experimental)
    {
      self->experimental = experimental;
      ofl_ui_rows_clear (self->expander, self->rows);
      self->shown = family;
      table = family != NULL ? ofl_family_table (family) : NULL;
      groups = table != NULL ? g_key_file_get_groups (table, NULL) : NULL;
      for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
        if (g_str_has_prefix (groups[i], GROUP_PREFIX))
          add_choice (self, family, groups[i]);
      /* what can be switched on here is all that can be done with the drive */
      why_not = ofl_ui_session_why_not_backup (session);
      if (why_not != NULL)
        adw_expander_row_set_expanded (self->expander, TRUE);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), self->rows->len > 0);
}
