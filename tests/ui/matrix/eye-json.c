/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in sight, as JSON: an array of windows, each with its texts and what is wrong with them. */
#include "eye-json.h"

#include <json-glib/json-glib.h>
#include <math.h>

/* fractions of a pixel come from rounding */
#define SLACK 1.5

static void
add_classes (JsonBuilder *json, GtkWidget *widget)
{
  json_builder_set_member_name (json, "classes");
  json_builder_begin_array (json);
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      g_auto (GStrv) classes = gtk_widget_get_css_classes (widget);

      for (char **one = classes; *one != NULL; one++)
        json_builder_add_string_value (json, *one);
      json_builder_add_string_value (json, G_OBJECT_TYPE_NAME (widget));
    }
  json_builder_end_array (json);
}

/* A text that is shortened, or has less room than it takes. */
static const char *
fault_of_label (GtkLabel *label)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  int width;
  int height;

  if (pango_layout_is_ellipsized (layout))
    return "shortened";
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width > gtk_widget_get_width (GTK_WIDGET (label)) + SLACK
      || height > gtk_widget_get_height (GTK_WIDGET (label)) + SLACK)
    return "larger than its place";
  return NULL;
}

static gboolean
clips (GtkWidget *widget)
{
  return gtk_widget_get_overflow (widget) == GTK_OVERFLOW_HIDDEN || GTK_IS_NATIVE (widget);
}

/* What an ancestor cuts off at a side. What can be scrolled up and down is no fault. */
static const char *
fault_of_place (GtkWidget *widget)
{
  for (GtkWidget *around = gtk_widget_get_parent (widget); around != NULL;
       around = gtk_widget_get_parent (around))
    {
      graphene_rect_t bounds;
      gboolean scrolls = GTK_IS_SCROLLABLE (around);

      if (!clips (around) || !gtk_widget_compute_bounds (widget, around, &bounds))
        continue;
      if (bounds.origin.x < -SLACK
          || bounds.origin.x + bounds.size.width > gtk_widget_get_width (around) + SLACK)
        return "cut off at a side";
      if (!scrolls
          && (bounds.origin.y < -SLACK
              || bounds.origin.y + bounds.size.height > gtk_widget_get_height (around) + SLACK))
        return "cut off above or below";
      /* scrolled out of sight, what lies further outside is not asked */
      if (scrolls || GTK_IS_NATIVE (around))
        break;
    }
  return NULL;
}

static void
add_text (JsonBuilder *json, GtkWidget *widget, const char *kind, const char *text,
          const char *fault)
{
  graphene_rect_t bounds;

  if (text == NULL || text[0] == '\0')
    return;
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "kind");
  json_builder_add_string_value (json, kind);
  json_builder_set_member_name (json, "text");
  json_builder_add_string_value (json, text);
  json_builder_set_member_name (json, "fault");
  json_builder_add_string_value (json, fault != NULL ? fault : "");
  if (gtk_widget_compute_bounds (widget, GTK_WIDGET (gtk_widget_get_root (widget)), &bounds))
    {
      json_builder_set_member_name (json, "at");
      json_builder_begin_array (json);
      json_builder_add_int_value (json, lround (bounds.origin.x));
      json_builder_add_int_value (json, lround (bounds.origin.y));
      json_builder_add_int_value (json, lround (bounds.size.width));
      json_builder_add_int_value (json, lround (bounds.size.height));
      json_builder_end_array (json);
    }
  add_classes (json, widget);
  json_builder_end_object (json);
}

static void
add_widget (JsonBuilder *json, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget))
    {
      const char *fault = fault_of_label (GTK_LABEL (widget));

      add_text (json, widget, "label", gtk_label_get_text (GTK_LABEL (widget)),
                fault != NULL ? fault : fault_of_place (widget));
    }
  else if (GTK_IS_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_IMAGE (widget))
    {
      const char *fault = fault_of_place (widget);

      if (fault != NULL)
        add_text (json, widget, "control", G_OBJECT_TYPE_NAME (widget), fault);
    }
  else if (GTK_IS_TEXT (widget))
    add_text (json, widget, "hint", gtk_text_get_placeholder_text (GTK_TEXT (widget)), NULL);
  else if (GTK_IS_SCROLLED_WINDOW (widget))
    {
      GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (widget));

      if (gtk_adjustment_get_upper (across) > gtk_adjustment_get_page_size (across) + SLACK)
        add_text (json, widget, "control", G_OBJECT_TYPE_NAME (widget), "wider than its place");
    }
  add_text (json, widget, "tooltip", gtk_widget_get_tooltip_text (widget), NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_widget (json, child);
}

/* Which of what it holds keeps @window from becoming narrower: from the outside to the inside. */
static char *
widest_in (GtkWidget *window)
{
  GString *way = g_string_new (NULL);
  GtkWidget *next;

  for (GtkWidget *widget = window; widget != NULL; widget = next)
    {
      int most = 0;

      next = NULL;
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        {
          int least;

          if (!gtk_widget_get_child_visible (child) || !gtk_widget_get_visible (child))
            continue;
          gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
          if (least > most)
            {
              most = least;
              next = child;
            }
        }
      if (next != NULL)
        g_string_append_printf (way, "%s%s %d", way->len > 0 ? " > " : "",
                                G_OBJECT_TYPE_NAME (next), most);
    }
  return g_string_free (way, FALSE);
}

static void
add_window (JsonBuilder *json, GtkWidget *window)
{
  g_autofree char *widest = widest_in (window);
  int width;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "widest");
  json_builder_add_string_value (json, widest);
  json_builder_set_member_name (json, "title");
  json_builder_add_string_value (json, gtk_window_get_title (GTK_WINDOW (window)));
  json_builder_set_member_name (json, "type");
  json_builder_add_string_value (json, G_OBJECT_TYPE_NAME (window));
  json_builder_set_member_name (json, "width");
  json_builder_add_int_value (json, gtk_widget_get_width (window));
  json_builder_set_member_name (json, "height");
  json_builder_add_int_value (json, gtk_widget_get_height (window));
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  json_builder_set_member_name (json, "least-width");
  json_builder_add_int_value (json, width);
  json_builder_set_member_name (json, "front");
  json_builder_add_boolean_value (json, window == eye_front ());
  json_builder_set_member_name (json, "right-to-left");
  json_builder_add_boolean_value (json, gtk_widget_get_direction (window) == GTK_TEXT_DIR_RTL);
  json_builder_set_member_name (json, "texts");
  json_builder_begin_array (json);
  add_widget (json, window);
  json_builder_end_array (json);
  json_builder_end_object (json);
}

/**
 * eye_json_write:
 * @path: a file that is not there yet
 *
 * Writes all windows that are in sight.
 *
 * Returns: FALSE when it cannot be written
 */
gboolean
eye_json_write (const char *path)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  GListModel *windows = gtk_window_get_toplevels ();

  json_builder_begin_array (json);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (gtk_widget_get_mapped (window))
        add_window (json, window);
    }
  json_builder_end_array (json);
  root = json_builder_get_root (json);
  json_generator_set_root (generator, root);
  return json_generator_to_file (generator, path, NULL);
}
