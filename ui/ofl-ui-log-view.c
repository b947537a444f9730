/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-log-view.h"

#include <glib/gi18n.h>

#include "ofl-ui-dialogs.h"
#include "ofl-ui-log.h"
#include "ofl-ui-looks.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-settings.h"

struct _OflUiLogView {
  GtkBox parent_instance;

  OflUiRun *run;
  GtkFilter *filter;
  GtkFilterListModel *filtered;
  guint frames;

  GtkEditable *search;
  GtkDropDown *level;
  GtkToggleButton *follow;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (OflUiLogView, ofl_ui_log_view, GTK_TYPE_BOX)

static gboolean
matches (gpointer item, gpointer data)
{
  OflUiLogView *self = data;
  const char *wanted = gtk_editable_get_text (self->search);
  guint level = ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_LOG_LEVEL);

  if ((guint) ofl_ui_log_item_get_level (item) < level)
    return FALSE;
  return wanted[0] == '\0' || strcasestr (ofl_ui_log_item_get_text (item), wanted) != NULL;
}

static void
scroll_to_end (OflUiLogView *self)
{
  guint length = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));

  if (length > 0 && gtk_toggle_button_get_active (self->follow)
      && gtk_widget_get_mapped (GTK_WIDGET (self->list)))
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", length - 1);
}

/* Two frames after it was opened the page has its new height: then it is scrolled to the log. */
static gboolean
bring_into_view (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  OflUiLogView *self = OFL_UI_LOG_VIEW (widget);
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;

  if (++self->frames < 2 || scrolled == NULL)
    return scrolled != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  scroll_to_end (self);
  return G_SOURCE_REMOVE;
}

static void
on_map (OflUiLogView *self)
{
  self->frames = 0;
  gtk_widget_add_tick_callback (GTK_WIDGET (self), bring_into_view, NULL, NULL);
}

static void
on_search (OflUiLogView *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  scroll_to_end (self);
}

/* What cannot be kept holds in this window. */
static void
on_level_set (GObject *settings, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiLogView) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (ofl_ui_settings_set_finish (OFL_UI_SETTINGS (settings), result, &error))
    return;
  /* Translators: %s says why, as the system does */
  text = g_strdup_printf (_ ("It holds until Optiflash ends; it cannot be kept: %s"),
                          error->message);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* The same as the row of the preferences. */
static void
on_level (OflUiLogView *self)
{
  OflUiSettings *settings = ofl_ui_settings_get ();
  guint selected = gtk_drop_down_get_selected (self->level);

  if (selected != GTK_INVALID_LIST_POSITION
      && selected != ofl_ui_settings_value (settings, OFL_SETTING_LOG_LEVEL))
    ofl_ui_settings_set (settings, OFL_SETTING_LOG_LEVEL, selected, on_level_set,
                         g_object_ref (self));
}

static void
on_settings (OflUiLogView *self)
{
  gtk_drop_down_set_selected (self->level, ofl_ui_settings_value (ofl_ui_settings_get (),
                                                                  OFL_SETTING_LOG_LEVEL));
  on_search (self);
}

static void
on_follow (OflUiLogView *self)
{
  scroll_to_end (self);
}

static void
on_copy (OflUiLogView *self)
{
  g_autofree char *text = ofl_ui_log_dup_text (G_LIST_MODEL (self->filtered), G_MAXUINT);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
on_save (OflUiLogView *self)
{
  g_autofree char *text = ofl_ui_log_dup_text (ofl_ui_run_get_log (self->run), G_MAXUINT);
  g_autofree char *name
      = g_strdup_printf ("optiflash-%s.log", ofl_ui_run_get_drive_name (self->run));

  g_strdelimit (name, " /\\:*?\"<>|", '-');
  ofl_ui_dialogs_save_text (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), name, text);
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_direction (box, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  gtk_image_set_pixel_size (GTK_IMAGE (image), 12);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "log-line");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, box);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *image = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *label = gtk_widget_get_next_sibling (image);
  OflUiLogItem *line = gtk_list_item_get_item (item);
  OflUiLook look = ofl_ui_look_of_log (ofl_ui_log_item_get_level (line));

  gtk_label_set_label (GTK_LABEL (label), ofl_ui_log_item_get_text (line));
  ofl_ui_look_apply (&look, GTK_IMAGE (image));
  ofl_ui_look_set_css (&look, label);
}

static void
set_up_levels (OflUiLogView *self)
{
  /* on the button a name may be cut: a narrow window has no room for the longest */
  g_autoptr (GtkListItemFactory) shown = ofl_ui_rows_word_factory (5);
  g_autoptr (GtkStringList) names = ofl_ui_log_new_level_names ();
  GtkListItemFactory *usual;

  /* the list itself has room: it keeps what a drop-down of strings comes with */
  gtk_drop_down_set_model (self->level, G_LIST_MODEL (names));
  usual = gtk_drop_down_get_factory (self->level);
  gtk_drop_down_set_list_factory (self->level, usual);
  gtk_drop_down_set_factory (self->level, shown);
  /* the button in it is what has the focus */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->level))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("What is shown of the log"), -1);
  gtk_drop_down_set_selected (self->level, ofl_ui_settings_value (ofl_ui_settings_get (),
                                                                  OFL_SETTING_LOG_LEVEL));
  g_signal_connect_swapped (self->level, "notify::selected", G_CALLBACK (on_level), self);
}

static void
ofl_ui_log_view_dispose (GObject *object)
{
  OflUiLogView *self = OFL_UI_LOG_VIEW (object);

  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (GTK_CUSTOM_FILTER (self->filter), NULL, NULL, NULL);
  g_clear_object (&self->filter);
  g_clear_object (&self->filtered);
  g_clear_object (&self->run);
  G_OBJECT_CLASS (ofl_ui_log_view_parent_class)->dispose (object);
}

static void
ofl_ui_log_view_class_init (OflUiLogViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_log_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiLogView, search);
  gtk_widget_class_bind_template_child (widget_class, OflUiLogView, level);
  gtk_widget_class_bind_template_child (widget_class, OflUiLogView, follow);
  gtk_widget_class_bind_template_child (widget_class, OflUiLogView, list);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_follow);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
}

static void
ofl_ui_log_view_init (OflUiLogView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSelectionModel) selection = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  /* the log stays English, whatever the window speaks: its lines begin at the left */
  gtk_widget_set_direction (GTK_WIDGET (self->list), GTK_TEXT_DIR_LTR);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->filtered = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
  /* many lines are looked at piece by piece, and the window goes on meanwhile */
  gtk_filter_list_model_set_incremental (self->filtered, TRUE);
  selection
      = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->filtered))));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, selection);
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
  set_up_levels (self);
  g_signal_connect_object (ofl_ui_settings_get (), "changed", G_CALLBACK (on_settings), self,
                           G_CONNECT_SWAPPED);
}

/**
 * ofl_ui_log_view_set_run:
 * @self: the view
 * @run: the job whose log to show
 */
void
ofl_ui_log_view_set_run (OflUiLogView *self, OflUiRun *run)
{
  if (!g_set_object (&self->run, run))
    return;
  gtk_filter_list_model_set_model (self->filtered, ofl_ui_run_get_log (run));
  g_signal_connect_object (run, "ticked", G_CALLBACK (scroll_to_end), self, G_CONNECT_SWAPPED);
}
