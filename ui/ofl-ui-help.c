/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help: pages at the left, the chosen one at the right; one after the other where it is narrow. It
 * is in the program, so it is there without a network and without another program. */
#include "ofl-ui-help.h"

#include <glib/gi18n.h>

#include "ofl-ui-help-pages.h"

#define OFL_UI_TYPE_HELP (ofl_ui_help_get_type ())
G_DECLARE_FINAL_TYPE (OflUiHelp, ofl_ui_help, OFL_UI, HELP, AdwWindow)

struct _OflUiHelp {
  AdwWindow parent_instance;

  AdwLeaflet *leaflet;
  AdwHeaderBar *list_bar;
  GtkListBox *list;
  GtkWidget *page;
  AdwHeaderBar *page_bar;
  AdwWindowTitle *title;
  GtkWidget *back;
  GtkScrolledWindow *scrolled;
  GtkBox *text;
};

G_DEFINE_FINAL_TYPE (OflUiHelp, ofl_ui_help, ADW_TYPE_WINDOW)

static GtkWidget *
make_label (const char *paragraph)
{
  gboolean heading = g_str_has_prefix (paragraph, "# ");
  GtkWidget *label
      = g_object_new (GTK_TYPE_LABEL, "accessible-role",
                      heading ? GTK_ACCESSIBLE_ROLE_HEADING : GTK_ACCESSIBLE_ROLE_LABEL, NULL);

  gtk_label_set_label (GTK_LABEL (label), heading ? paragraph + 2 : paragraph);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (heading)
    {
      gtk_widget_add_css_class (label, "title-4");
      gtk_widget_set_margin_top (label, 12);
    }
  else
    gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  return label;
}

static void
show_page (OflUiHelp *self, const OflUiHelpPage *page)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->text))) != NULL)
    gtk_box_remove (self->text, child);
  adw_window_title_set_title (self->title, _ (page->title));
  for (guint i = 0; page->paragraphs[i] != NULL; i++)
    gtk_box_append (self->text, make_label (_ (page->paragraphs[i])));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
}

static void
on_row_selected (OflUiHelp *self, GtkListBoxRow *row)
{
  if (row != NULL)
    show_page (self, &ofl_ui_help_pages[gtk_list_box_row_get_index (row)]);
}

static void
on_row_activated (OflUiHelp *self, GtkListBoxRow *row)
{
  on_row_selected (self, row);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child (self->leaflet, self->page);
}

static void
on_back (OflUiHelp *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
on_folded (OflUiHelp *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);

  adw_header_bar_set_show_end_title_buttons (self->list_bar, folded);
  adw_header_bar_set_show_start_title_buttons (self->page_bar, folded);
  gtk_widget_set_visible (self->back, folded);
}

static void
ofl_ui_help_class_init (OflUiHelpClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-help.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, leaflet);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, list_bar);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, list);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, page);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, page_bar);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, title);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, back);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, scrolled);
  gtk_widget_class_bind_template_child (widget_class, OflUiHelp, text);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_folded);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ofl_ui_help_init (OflUiHelp *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < ofl_ui_n_help_pages; i++)
    {
      GtkWidget *row = gtk_list_box_row_new ();
      GtkWidget *label = gtk_label_new (_ (ofl_ui_help_pages[i].title));

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ (ofl_ui_help_pages[i].title), -1);
      gtk_list_box_append (self->list, row);
    }
  on_folded (self);
}

/**
 * ofl_ui_help_present:
 * @parent: (nullable): the window
 * @page: (nullable): the page to show; %NULL: the first
 *
 * Opens the help beside @parent, which stays usable.
 */
void
ofl_ui_help_present (GtkWindow *parent, const char *page)
{
  static OflUiHelp *only;
  int index = 0;

  if (only == NULL)
    {
      only = g_object_new (OFL_UI_TYPE_HELP, "transient-for", parent, "destroy-with-parent", TRUE,
                           NULL);
      g_object_add_weak_pointer (G_OBJECT (only), (gpointer *) &only);
    }
  for (gsize i = 0; page != NULL && i < ofl_ui_n_help_pages; i++)
    if (g_str_equal (ofl_ui_help_pages[i].id, page))
      index = (int) i;
  gtk_list_box_select_row (only->list, gtk_list_box_get_row_at_index (only->list, index));
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (only->list, index)));
  gtk_window_present (GTK_WINDOW (only));
}
