/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys, in a list: GTK's own window of shortcuts is wider than a narrow screen. */
#include "ofl-ui-shortcuts.h"

#include <adwaita.h>

/* The keys at the end of a row; a screen reader is told them with its title. */
static void
add_keys (GtkApplication *application, GtkWidget *row)
{
  const char *name = gtk_widget_get_name (row);
  g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, name);
  const char *accel = accels[0] != NULL ? accels[0] : name;
  g_autofree char *spoken = NULL;
  GtkWidget *keys;
  GdkModifierType modifiers;
  guint key;

  if (!gtk_accelerator_parse (accel, &key, &modifiers))
    {
      g_warning ("No key leads to the action “%s”", name);
      return;
    }
  spoken = gtk_accelerator_get_label (key, modifiers);
  keys = gtk_shortcut_label_new (accel);
  gtk_widget_set_valign (keys, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), keys);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken,
                                  -1);
}

/**
 * ofl_ui_shortcuts_present:
 * @application: the application, over whose active window they are shown
 *
 * Shows which keys do what, as the application has them now. The window is made each time that it is
 * asked for: a screen reader may ask for the n-th window when there are not so many any more; GTK 4.8
 * then tells of the last one that it has, and crashes if that is hidden. So no window of this program
 * is kept hidden, neither this one nor the main one.
 */
void
ofl_ui_shortcuts_present (GtkApplication *application)
{
  static GtkWindow *only;
  g_autoptr (GtkBuilder) builder = NULL;
  g_autoptr (GSList) objects = NULL;

  if (only == NULL)
    {
      builder = gtk_builder_new_from_resource ("/org/optiflash/Optiflash/ofl-ui-shortcuts.ui");
      objects = gtk_builder_get_objects (builder);
      for (GSList *l = objects; l != NULL; l = l->next)
        if (ADW_IS_ACTION_ROW (l->data))
          add_keys (application, l->data);
      only = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
      g_signal_connect_swapped (only, "destroy", G_CALLBACK (g_nullify_pointer), &only);
      gtk_window_set_transient_for (only, gtk_application_get_active_window (application));
    }
  gtk_window_present (only);
}
