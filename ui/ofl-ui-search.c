/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Is my drive served?": the search of the tables, in a window of its own. It asks no drive. */
#include "ofl-ui-search.h"

#include <glib/gi18n.h>

#include "ofl-ui-rows.h"
#include "ofl-ui-stack.h"

#define MOST_ROWS 40u

struct _OflUiSearch {
  AdwWindow parent_instance;

  GtkEditable *entry;
  GtkStack *stack;
  GtkWidget *start;
  AdwStatusPage *nothing;
  GtkWidget *found;
  GtkListBox *list;
  GtkLabel *more;
};

G_DEFINE_FINAL_TYPE (OflUiSearch, ofl_ui_search, ADW_TYPE_WINDOW)

static OflUiLook
look_of (const OflFound *found)
{
  if (found->by == OFL_FOUND_NOT_SERVED)
    return (OflUiLook){ "dialog-error-symbolic", "error", _ ("Not served") };
  if (found->by == OFL_FOUND_MAKER)
    return (OflUiLook){ "dialog-question-symbolic", "dim-label", _ ("Its answers decide") };
  if (!found->writes)
    return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Not written") };
  if (found->doubt != NULL)
    return (OflUiLook){ "dialog-information-symbolic", "warning", _ ("Not confirmed") };
  return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("Served") };
}

static GtkWidget *
make_row (const OflFound *found)
{
  OflUiLook look = look_of (found);
  g_autofree char *text = ofl_found_describe (found);
  /* Translators: a family of drives, then whether its drives are served */
  g_autofree char *subtitle = g_strdup_printf (_ ("%s\n%s"), ofl_family_name (found->family), text);
  GtkWidget *row = ofl_ui_rows_look (&look, found->name, subtitle);
  GtkWidget *word = gtk_label_new (look.word);

  gtk_widget_add_css_class (word, "caption");
  ofl_ui_look_set_css (&look, word);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), word);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
clear_list (OflUiSearch *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
}

static void
show_found (OflUiSearch *self, GPtrArray *found)
{
  guint more = found->len > MOST_ROWS ? found->len - MOST_ROWS : 0;
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u more drive has this in its name: type more of it.",
                "%u more drives have this in their name: type more of it.", more),
      more);

  clear_list (self);
  for (guint i = 0; i < MIN (found->len, MOST_ROWS); i++)
    gtk_list_box_append (self->list, make_row (g_ptr_array_index (found, i)));
  gtk_label_set_label (self->more, text);
  gtk_widget_set_visible (GTK_WIDGET (self->more), more > 0);
  ofl_ui_stack_show (self->stack, self->found);
}

static void
show_nothing (OflUiSearch *self, const char *text)
{
  g_autofree char *what = ofl_families_say_not_found (text);
  g_autofree char *both = g_strdup_printf ("%s\n\n%s", what, ofl_families_say_instead ());
  g_autofree char *escaped = g_markup_escape_text (both, -1);

  adw_status_page_set_description (self->nothing, escaped);
  ofl_ui_stack_show (self->stack, GTK_WIDGET (self->nothing));
}

static void
on_search_changed (OflUiSearch *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  g_autoptr (GPtrArray) found = ofl_families_search (text);

  if (found->len > 0)
    show_found (self, found);
  else if (g_utf8_strlen (text, -1) < OFL_SEARCH_SHORTEST)
    ofl_ui_stack_show (self->stack, self->start);
  else
    show_nothing (self, text);
}

static void
on_stop_search (OflUiSearch *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
ofl_ui_search_class_init (OflUiSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-search.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiSearch, entry);
  gtk_widget_class_bind_template_child (widget_class, OflUiSearch, stack);
  gtk_widget_class_bind_template_child (widget_class, OflUiSearch, start);
  gtk_widget_class_bind_template_child (widget_class, OflUiSearch, nothing);
  gtk_widget_class_bind_template_child (widget_class, OflUiSearch, found);
  gtk_widget_class_bind_template_child (widget_class, OflUiSearch, list);
  gtk_widget_class_bind_template_child (widget_class, OflUiSearch, more);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
}

static void
ofl_ui_search_init (OflUiSearch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ofl_ui_stack_show (self->stack, self->start);
}

/**
 * ofl_ui_search_present:
 * @parent: the window
 *
 * Asks for a drive's name and says whether it is served.
 */
void
ofl_ui_search_present (GtkWindow *parent)
{
  OflUiSearch *self = g_object_new (OFL_UI_TYPE_SEARCH, "transient-for", parent, NULL);

  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
