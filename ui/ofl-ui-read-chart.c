/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read pass, drawn: how fast the disc came from its begin to its end, and where it did not. What a
 * colour says a sign says, too, and the numbers stand below. */
#include "ofl-ui-read-chart.h"

#include <glib/gi18n.h>

#define HEIGHT 180
#define BLOCKS_IN_MIB 512
#define HATCH 5.0 /* pixels between two lines */

/* Signs of stretches that did not come at once, in the chart and in its legend */
#define SIGN_FAILED "✗"
#define SIGN_SECOND "!"
#define SIGN_SKIPPED "·"

typedef struct {
  GArray *stretches;
  guint32 blocks;
  guint fastest; /* kB/s */
} Chart;

typedef struct {
  cairo_t *cr;
  GtkWidget *widget;
  double left, top, width, height;
} Plot;

static guint
count (const GArray *stretches, OflStretchState state)
{
  guint n = 0;

  for (guint i = 0; i < stretches->len; i++)
    n += g_array_index (stretches, OflStretch, i).state == state;
  return n;
}

static guint
find_speeds (const GArray *stretches, guint *slowest)
{
  guint fastest = 0;

  *slowest = 0;
  for (guint i = 0; i < stretches->len; i++)
    {
      guint speed = ofl_stretch_speed (&g_array_index (stretches, OflStretch, i));

      fastest = MAX (fastest, speed);
      if (speed > 0 && (*slowest == 0 || speed < *slowest))
        *slowest = speed;
    }
  return fastest;
}

static char *
say_speed (guint kb)
{
  g_autofree char *size = g_format_size (kb * G_GUINT64_CONSTANT (1000));

  /* Translators: an amount of bytes, each second */
  return g_strdup_printf (_ ("%s/s"), size);
}

static void
set_colour (Plot *plot, const char *name, double alpha)
{
  GtkStyleContext *style = gtk_widget_get_style_context (plot->widget);
  GdkRGBA colour;

  if (name == NULL || !gtk_style_context_lookup_color (style, name, &colour))
    gtk_style_context_get_color (style, &colour);
  cairo_set_source_rgba (plot->cr, colour.red, colour.green, colour.blue, colour.alpha * alpha);
}

/* @align: 0: @x is where the text begins, 0.5: its middle, 1: its end */
static void
draw_text (Plot *plot, const char *text, double x, double y, double align)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (plot->widget, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  cairo_move_to (plot->cr, x - align * width, y);
  pango_cairo_show_layout (plot->cr, layout);
}

static int
text_height (Plot *plot)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (plot->widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static void
draw_axes (Plot *plot, const Chart *chart)
{
  g_autofree char *speed = say_speed (chart->fastest);
  g_autofree char *middle = g_strdup_printf ("%u", chart->blocks / 2 / BLOCKS_IN_MIB);
  /* Translators: size of a disc */
  g_autofree char *end = g_strdup_printf (_ ("%u MiB"), chart->blocks / BLOCKS_IN_MIB);
  double bottom = plot->top + plot->height;

  set_colour (plot, NULL, 0.2);
  cairo_set_line_width (plot->cr, 1);
  for (guint i = 0; i <= 2; i++)
    {
      double y = (int) (plot->top + plot->height * i / 2) + 0.5;

      cairo_move_to (plot->cr, plot->left, y);
      cairo_line_to (plot->cr, plot->left + plot->width, y);
    }
  cairo_stroke (plot->cr);
  set_colour (plot, NULL, 0.9);
  if (chart->fastest > 0)
    draw_text (plot, speed, plot->left, 0, 0);
  draw_text (plot, "0", plot->left, bottom + 4, 0);
  draw_text (plot, middle, plot->left + plot->width / 2, bottom + 4, 0.5);
  draw_text (plot, end, plot->left + plot->width, bottom + 4, 1);
}

static void
draw_hatched (Plot *plot, double x, double width)
{
  double bottom = plot->top + plot->height;

  cairo_save (plot->cr);
  cairo_rectangle (plot->cr, x, plot->top, width, plot->height);
  cairo_clip (plot->cr);
  set_colour (plot, "error_color", 0.25);
  cairo_paint (plot->cr);
  set_colour (plot, "error_color", 1);
  cairo_set_line_width (plot->cr, 1.5);
  for (double y = plot->top; y < bottom + width; y += HATCH)
    {
      cairo_move_to (plot->cr, x, y);
      cairo_line_to (plot->cr, x + width, y - width);
    }
  cairo_stroke (plot->cr);
  cairo_restore (plot->cr);
}

static void
draw_bar (Plot *plot, const Chart *chart, const OflStretch *stretch, double x, double width)
{
  gboolean second = stretch->state == OFL_STRETCH_SECOND_TRY;
  double height = chart->fastest > 0 ? plot->height * ofl_stretch_speed (stretch) / chart->fastest
                                     : 0;

  set_colour (plot, second ? "warning_color" : "accent_color", 1);
  cairo_rectangle (plot->cr, x, plot->top + plot->height - height, width, height);
  cairo_fill (plot->cr);
}

/* Neighbours in trouble share a sign: more would not be told apart. */
static void
draw_signs (Plot *plot, const Chart *chart)
{
  double step = plot->width / chart->stretches->len;
  double free_from = 0;

  for (guint i = 0; i < chart->stretches->len; i++)
    {
      OflStretchState state = g_array_index (chart->stretches, OflStretch, i).state;
      double x = plot->left + (i + 0.5) * step;
      const char *sign = state == OFL_STRETCH_FAILED       ? SIGN_FAILED
                         : state == OFL_STRETCH_SECOND_TRY ? SIGN_SECOND
                         : state == OFL_STRETCH_SKIPPED    ? SIGN_SKIPPED
                                                           : NULL;

      if (sign == NULL || x < free_from)
        continue;
      set_colour (plot, NULL, 1);
      draw_text (plot, sign, x, plot->top - text_height (plot) - 1, 0.5);
      free_from = x + 12;
    }
}

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const Chart *chart = data;
  Plot plot = { .cr = cr, .widget = GTK_WIDGET (area), .left = 2, .width = width - 4 };
  int line = text_height (&plot);
  double step = plot.width / chart->stretches->len;

  plot.top = 2 * line + 4; /* the highest speed, and the signs below it */
  plot.height = height - plot.top - line - 6;
  if (plot.height <= 0 || plot.width <= 0)
    return;
  draw_axes (&plot, chart);
  for (guint i = 0; i < chart->stretches->len; i++)
    {
      const OflStretch *stretch = &g_array_index (chart->stretches, OflStretch, i);
      double x = plot.left + i * step;

      if (stretch->state == OFL_STRETCH_FAILED)
        draw_hatched (&plot, x, MAX (step, 2));
      else
        draw_bar (&plot, chart, stretch, x, step > 3 ? step - 1 : step);
    }
  draw_signs (&plot, chart);
}

static void
append_count (GString *text, guint n, const char *sentence)
{
  if (n == 0)
    return;
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, sentence);
}

/**
 * ofl_ui_read_chart_has_data:
 * @found: an examination
 *
 * Returns: whether anything of a disc was tried
 */
gboolean
ofl_ui_read_chart_has_data (const OflExamination *found)
{
  return found->stretches->len > count (found->stretches, OFL_STRETCH_UNREAD);
}

/**
 * ofl_ui_read_chart_describe:
 * @found: an examination of a drive with a disc in
 *
 * What the chart shows, for who does not see it, and for who wants it exactly.
 *
 * Returns: (transfer full): lines
 */
char *
ofl_ui_read_chart_describe (const OflExamination *found)
{
  const GArray *stretches = found->stretches;
  guint slowest, fastest = find_speeds (stretches, &slowest);
  guint read = count (stretches, OFL_STRETCH_READ), failed = count (stretches, OFL_STRETCH_FAILED);
  guint second = count (stretches, OFL_STRETCH_SECOND_TRY);
  guint skipped = count (stretches, OFL_STRETCH_SKIPPED);
  guint unread = count (stretches, OFL_STRETCH_UNREAD);
  g_autofree char *from = say_speed (slowest);
  g_autofree char *to = say_speed (fastest);
  /* Translators: of a disc that was read, in the following five lines too; the sign is the one in
   * the chart */
  g_autofree char *read_text = g_strdup_printf (_ ("Stretches that were read: %u"), read);
  g_autofree char *second_text = g_strdup_printf (
      _ ("%s Read with trouble, or only when asked for again: %u"), SIGN_SECOND, second);
  g_autofree char *failed_text = g_strdup_printf (_ ("%s Not readable: %u"), SIGN_FAILED, failed);
  g_autofree char *skipped_text
      = g_strdup_printf (_ ("%s Not for reading this way: %u"), SIGN_SKIPPED, skipped);
  g_autofree char *unread_text = g_strdup_printf (_ ("Not reached: %u"), unread);
  g_autofree char *speeds = g_strdup_printf (_ ("From %s to %s"), from, to);
  GString *text = g_string_new (read_text);

  append_count (text, second, second_text);
  append_count (text, failed, failed_text);
  append_count (text, skipped, skipped_text);
  append_count (text, unread, unread_text);
  append_count (text, fastest, speeds);
  return g_string_free (text, FALSE);
}

static void
chart_free (gpointer data)
{
  Chart *chart = data;

  g_array_unref (chart->stretches);
  g_free (chart);
}

/**
 * ofl_ui_read_chart_new:
 * @found: an examination with stretches
 *
 * Returns: (transfer floating): its chart
 */
GtkWidget *
ofl_ui_read_chart_new (const OflExamination *found)
{
  GtkWidget *area
      = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
  g_autofree char *text = ofl_ui_read_chart_describe (found);
  Chart *chart = g_new0 (Chart, 1);
  guint slowest;

  chart->stretches = g_array_ref (found->stretches);
  chart->blocks = found->blocks;
  chart->fastest = find_speeds (found->stretches, &slowest);
  gtk_widget_add_css_class (area, "chart");
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw, chart, chart_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("How fast the disc came, from its begin to its end"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  return area;
}
