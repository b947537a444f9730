/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-empty-page.h"

#include <glib/gi18n.h>

#include "drive/ofl-access.h"

struct _OflUiEmptyPage {
  AdwBin parent_instance;

  GtkWidget *missing;
  GtkLabel *line;
};

G_DEFINE_FINAL_TYPE (OflUiEmptyPage, ofl_ui_empty_page, ADW_TYPE_BIN)

static void
on_copy (OflUiEmptyPage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_label (self->line));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Copied"));
}

static void
ofl_ui_empty_page_class_init (OflUiEmptyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-empty-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiEmptyPage, missing);
  gtk_widget_class_bind_template_child (widget_class, OflUiEmptyPage, line);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
ofl_ui_empty_page_init (OflUiEmptyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_empty_page_look:
 * @self: the page
 *
 * Looks whether the system lacks what a drive will need.
 */
void
ofl_ui_empty_page_look (OflUiEmptyPage *self)
{
  g_autofree char *line = ofl_access_remedy (OFL_ACCESS_NO_SG_MODULE, g_get_user_name ());
  gboolean missing = FALSE;

#ifdef __linux__
  missing = line != NULL && !g_file_test ("/sys/class/scsi_generic", G_FILE_TEST_IS_DIR);
#endif
  gtk_widget_set_visible (self->missing, missing);
  gtk_label_set_label (self->line, line != NULL ? line : "");
}
