/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* A drive before a job: identity, firmware, match, and the button. */
#define OFL_UI_TYPE_SETUP_PAGE (ofl_ui_setup_page_get_type ())
G_DECLARE_FINAL_TYPE (OflUiSetupPage, ofl_ui_setup_page, OFL_UI, SETUP_PAGE, GtkBox)

void ofl_ui_setup_page_focus (OflUiSetupPage *self);
void ofl_ui_setup_page_set_session (OflUiSetupPage *self, OflUiSession *session);

G_END_DECLS
