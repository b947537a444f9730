/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that several groups make while they are filled. */
#include "ofl-ui-rows.h"
#include "ofl-ui-text.h"
#include "ofl-ui-words.h"

/* So many rows are in sight; more are scrolled. */
#define MOST_IN_SIGHT 5

/**
 * ofl_ui_rows_set_words:
 * @row: an #AdwActionRow or #AdwExpanderRow
 * @title: (nullable): its title; %NULL: as it is
 * @subtitle: (nullable): its subtitle; %NULL: as it is
 *
 * Both stand where the row begins, in whatever letters they are.
 */
void
ofl_ui_rows_set_words (GtkWidget *row, const char *title, const char *subtitle)
{
  g_autofree char *placed = ofl_ui_text_at_start (title);
  g_autofree char *below = ofl_ui_text_at_start (subtitle);

  if (placed != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), placed);
  if (below != NULL && ADW_IS_EXPANDER_ROW (row))
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), below);
  else if (below != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), below);
}

static GtkWidget *
plain_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  /* What a file or a drive says is text, never markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  ofl_ui_rows_set_words (row, title, subtitle);
  return row;
}

/**
 * ofl_ui_rows_switch:
 * @title: what is switched
 * @subtitle: what that means, as a screen reader describes it, too
 * @set: (out) (transfer none): its switch, which the row keeps
 *
 * Returns: (transfer floating): a row with a switch, which anywhere in it moves
 */
GtkWidget *
ofl_ui_rows_switch (const char *title, const char *subtitle, GtkSwitch **set)
{
  GtkWidget *row = plain_row (title, subtitle);
  GtkWidget *widget = gtk_switch_new ();

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), widget);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  *set = GTK_SWITCH (widget);
  return row;
}

static void
on_word_setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer width_chars)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (GPOINTER_TO_INT (width_chars) >= 0)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), GPOINTER_TO_INT (width_chars));
    }
  gtk_list_item_set_child (item, label);
}

static void
on_word_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *word = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (word));
}

/**
 * ofl_ui_rows_word_factory:
 * @width_chars: how many letters it has room for at least, where it may be cut; -1: shown whole
 *
 * Returns: (transfer full): what shows the chosen one of a list of strings
 */
GtkListItemFactory *
ofl_ui_rows_word_factory (int width_chars)
{
  GtkListItemFactory *self = gtk_signal_list_item_factory_new ();

  g_signal_connect (self, "setup", G_CALLBACK (on_word_setup), GINT_TO_POINTER (width_chars));
  g_signal_connect (self, "bind", G_CALLBACK (on_word_bind), NULL);
  return self;
}

/**
 * ofl_ui_rows_property:
 * @title: what it is
 * @value: the value, selectable
 * @monospace: show it in a fixed width
 *
 * Returns: (transfer floating): a row with the value under its title, so that a long one fits a
 *   narrow window
 */
GtkWidget *
ofl_ui_rows_property (const char *title, const char *value, gboolean monospace)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *caption = gtk_label_new (title);
  GtkWidget *label = gtk_label_new (value);

  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_widget_add_css_class (box, "property");
  if (monospace)
    gtk_widget_add_css_class (label, "hash");
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  /* selected and copied it is the bare value, so no mark places it */
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  caption, NULL, -1);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

/**
 * ofl_ui_rows_look:
 * @look: a state
 * @title: a sentence
 * @subtitle: (nullable): what to do about it
 *
 * Returns: (transfer floating): an #AdwActionRow with the state's icon before the sentence
 */
GtkWidget *
ofl_ui_rows_look (const OflUiLook *look, const char *title, const char *subtitle)
{
  g_autofree char *worded = ofl_ui_words (title);
  g_autofree char *worded_subtitle = ofl_ui_words (subtitle);
  GtkWidget *row = plain_row (worded, worded_subtitle);
  GtkWidget *icon = gtk_image_new ();

  ofl_ui_look_apply (look, GTK_IMAGE (icon));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

/**
 * ofl_ui_rows_add:
 * @expander: where to
 * @rows: (element-type GtkWidget): list of the rows added so far
 * @row: one more
 */
void
ofl_ui_rows_add (AdwExpanderRow *expander, GPtrArray *rows, GtkWidget *row)
{
  adw_expander_row_add_row (expander, row);
  g_ptr_array_add (rows, row);
}

/**
 * ofl_ui_rows_scroll:
 * @list: the rows of a dialog
 * @n: how many they are
 *
 * Returns: (transfer floating): @list, or, where the rows are many, what scrolls it
 */
GtkWidget *
ofl_ui_rows_scroll (GtkWidget *list, guint n)
{
  GtkWidget *scrolled;

  if (n <= MOST_IN_SIGHT)
    return list;
  scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 300);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  return scrolled;
}

/**
 * ofl_ui_rows_clear:
 * @expander: an expander
 * @rows: (element-type GtkWidget): the rows that ofl_ui_rows_add() added
 *
 * Takes them all away.
 */
void
ofl_ui_rows_clear (AdwExpanderRow *expander, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_expander_row_remove (expander, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}
