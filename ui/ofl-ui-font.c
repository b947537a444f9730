/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A font that has the letters of the language. Where the desktop's has not, another gives them, and each
 * line is as high as the higher of the fonts that it is in: a text may become higher while it becomes
 * wider, GTK 4.8 looks for the least width of a height as if it never did, and what it then shows is wider
 * than its place and cut. */
#include "ofl-ui-font.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

#define EVERY_LETTER "Sans"

static gboolean
has_letters (PangoContext *context, const PangoFontDescription *description, const char *text)
{
  PangoFont *font = pango_context_load_font (context, description);
  gboolean has = font != NULL;

  for (const char *at = text; has && *at != '\0'; at = g_utf8_next_char (at))
    has = !g_unichar_isalpha (g_utf8_get_char (at))
          || pango_font_has_char (font, g_utf8_get_char (at));
  g_clear_object (&font);
  return has;
}

/**
 * ofl_ui_font_suit_language:
 *
 * Takes the system's font for everything where the desktop's lacks the letters of the language that the
 * program speaks, in the size that the desktop has; does nothing where it has them, or where neither does.
 */
void
ofl_ui_font_suit_language (void)
{
  GtkSettings *settings = gtk_settings_get_default (); /* a display is there: GTK has started */
  g_autofree char *name = NULL;
  g_autofree char *other = NULL;
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *description;
  const char *text = _ ("Drop a firmware file here, or choose one");

  g_object_get (settings, "gtk-font-name", &name, NULL);
  description = pango_font_description_from_string (name);
  if (!has_letters (context, description, text))
    {
      pango_font_description_set_family_static (description, EVERY_LETTER);
      if (has_letters (context, description, text))
        {
          other = pango_font_description_to_string (description);
          g_object_set (settings, "gtk-font-name", other, NULL);
        }
    }
  pango_font_description_free (description);
  g_object_unref (context);
}
