/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "flash/ofl-journal.h"
#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* The writes of this user that never ended, as last looked for. There is one for the program; signal
 * "changed" says that it was looked for again. */
#define OFL_UI_TYPE_UNFINISHED (ofl_ui_unfinished_get_type ())
G_DECLARE_FINAL_TYPE (OflUiUnfinished, ofl_ui_unfinished, OFL_UI, UNFINISHED, GObject)

OflUiUnfinished *ofl_ui_unfinished_get (void);
void ofl_ui_unfinished_look (OflUiUnfinished *self);
void ofl_ui_unfinished_dismiss (OflUiUnfinished *self, const char *path);
const OflUnfinished *ofl_ui_unfinished_find (OflUiUnfinished *self, OflUiSession *session);
const OflUnfinished *ofl_ui_unfinished_first (OflUiUnfinished *self);
gboolean ofl_ui_unfinished_needs_recovery (OflUiUnfinished *self, OflUiSession *session);

G_END_DECLS
