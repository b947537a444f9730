/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* The desktop's notifications, for whoever does not look at the window: one for each drive, which brings the
 * drive into sight. */
void ofl_ui_notices_tell_end (GApplication *application, OflUiSession *session);
void ofl_ui_notices_tell_question (GApplication *application, OflUiSession *session);
void ofl_ui_notices_withdraw (GApplication *application, OflUiSession *session);

G_END_DECLS
