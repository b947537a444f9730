/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-looks.h"

G_BEGIN_DECLS

GtkWidget *ofl_ui_rows_property (const char *title, const char *value, gboolean monospace);
GtkWidget *ofl_ui_rows_look (const OflUiLook *look, const char *title, const char *subtitle);
GtkWidget *ofl_ui_rows_switch (const char *title, const char *subtitle, GtkSwitch **set);
GtkListItemFactory *ofl_ui_rows_word_factory (int width_chars);
void ofl_ui_rows_set_words (GtkWidget *row, const char *title, const char *subtitle);
void ofl_ui_rows_add (AdwExpanderRow *expander, GPtrArray *rows, GtkWidget *row);
GtkWidget *ofl_ui_rows_scroll (GtkWidget *list, guint n);
void ofl_ui_rows_clear (AdwExpanderRow *expander, GPtrArray *rows);

G_END_DECLS
