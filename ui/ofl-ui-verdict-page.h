/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* How a job ended: what happened, what it means, what to do next, and the proof. */
#define OFL_UI_TYPE_VERDICT_PAGE (ofl_ui_verdict_page_get_type ())
G_DECLARE_FINAL_TYPE (OflUiVerdictPage, ofl_ui_verdict_page, OFL_UI, VERDICT_PAGE, GtkBox)

void ofl_ui_verdict_page_show (OflUiVerdictPage *self, OflUiSession *session);
void ofl_ui_verdict_page_focus (OflUiVerdictPage *self);
void ofl_ui_verdict_page_toggle_log (OflUiVerdictPage *self);

G_END_DECLS
