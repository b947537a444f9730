/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-session-list.h"

G_BEGIN_DECLS

void ofl_ui_question_present (GtkWindow *parent, OflUiSession *session, OflUiSessionList *sessions);

G_END_DECLS
