/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* A drive that the question whether to flash is about: what was asked, whether it still holds, and what
 * was looked at since. The first is the drive whose page asks; the file is the one chosen there. Signal
 * "changed": it may be another question now. */
#define OFL_UI_TYPE_ASKED (ofl_ui_asked_get_type ())
G_DECLARE_FINAL_TYPE (OflUiAsked, ofl_ui_asked, OFL_UI, ASKED, GObject)

OflUiAsked *ofl_ui_asked_new (OflUiSession *session, OflUiSession *first);
OflUiSession *ofl_ui_asked_get_session (OflUiAsked *self);
gboolean ofl_ui_asked_fits (OflUiAsked *self);
void ofl_ui_asked_look (OflUiAsked *self);
gboolean ofl_ui_asked_is_looked_at (OflUiAsked *self);
char *ofl_ui_asked_why_not (OflUiAsked *self);
char *ofl_ui_asked_why_moot (OflUiAsked *self);
char *ofl_ui_asked_dup_name (OflUiAsked *self);
char *ofl_ui_asked_dup_new_revision (OflUiAsked *self);
char *ofl_ui_asked_begin (OflUiAsked *self);

G_END_DECLS
