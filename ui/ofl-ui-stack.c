/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-stack.h"

/**
 * ofl_ui_stack_show:
 * @stack: a stack
 * @page: one of its children
 *
 * Shows @page and hides all others: GTK 4.8 leaves the pages that are out of sight in the
 * accessibility tree as long as they are visible, and a screen reader would read them.
 */
void
ofl_ui_stack_show (GtkStack *stack, GtkWidget *page)
{
  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (stack, page);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (child != page)
      gtk_widget_set_visible (child, FALSE);
}
