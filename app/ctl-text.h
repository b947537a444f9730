/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text on its way to a terminal, as pure functions. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a line has come to, so that it can be wrapped piece by piece. */
typedef struct {
  guint columns; /* of the terminal */
  guint column;
  guint indent;   /* blanks that the line began with */
  guint blanks;   /* blanks that stand before the next word */
  gboolean begun; /* the line has a word already */
  gboolean gap;   /* and ends in a blank that is printed */
} OflCtlWrap;

guint ofl_ctl_text_width (const char *text);
char *ofl_ctl_text_escape (const char *text, gboolean json);
char *ofl_ctl_text_wrap (OflCtlWrap *wrap, const char *text);
char *ofl_ctl_text_cut (const char *text, guint columns);
char *ofl_ctl_text_to_charset (const char *text, const char *charset);

G_END_DECLS
