/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-updater-group.h"

#include <glib/gi18n.h>

#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"

struct _OflUiUpdaterGroup {
  AdwPreferencesGroup parent_instance;

  GtkWidget *row;
};

G_DEFINE_FINAL_TYPE (OflUiUpdaterGroup, ofl_ui_updater_group, ADW_TYPE_PREFERENCES_GROUP)

static void
ofl_ui_updater_group_class_init (OflUiUpdaterGroupClass *klass)
{
}

static void
ofl_ui_updater_group_init (OflUiUpdaterGroup *self)
{
  self->row = adw_action_row_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("The maker’s own program"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self->row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self->row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->row), "win.tool");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->row), "s", "updater");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->row);
}

static char *
describe (OflUiSession *session)
{
  g_autofree char *name = NULL;

  if (!ofl_ui_session_has_program (session))
    return g_strdup (
        _ ("No public way leads to a write of this drive. The program for Windows that its maker "
           "gave out may know one: Optiflash runs it, closed off from the rest of the computer, "
           "backs up first what can be read, and watches it."));
  name = ofl_ui_session_dup_file_name (session);
  /* Translators: %s is a file's name */
  return g_strdup_printf (_ ("“%s” is a program for Windows. If this drive’s maker gave it out for "
                             "this model, Optiflash can run it, closed off from the rest of the "
                             "computer, and watch it."),
                          name);
}

/**
 * ofl_ui_updater_group_show:
 * @self: the group
 * @session: the drive
 *
 * In sight where no published way leads to a write, or a program was chosen that cannot be flashed as a file.
 */
void
ofl_ui_updater_group_show (OflUiUpdaterGroup *self, OflUiSession *session)
{
  const char *title = _ ("Run the maker’s program…");
  g_autofree char *text = NULL;
  gboolean shown = ofl_ui_session_is_unwritable (session) || ofl_ui_session_has_program (session);

  gtk_widget_set_visible (GTK_WIDGET (self), shown);
  if (!shown)
    return;
  text = describe (session);
  ofl_ui_rows_set_words (self->row, title, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}
