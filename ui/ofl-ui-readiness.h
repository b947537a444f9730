/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-session.h"

G_BEGIN_DECLS

gboolean ofl_ui_session_needs_backup_consent (OflUiSession *self);
gboolean ofl_ui_session_can_backup (OflUiSession *self);
char *ofl_ui_session_why_not_backup (OflUiSession *self);
char *ofl_ui_session_dup_new_revision (OflUiSession *self);
char *ofl_ui_session_why_not_flash (OflUiSession *self);
char *ofl_ui_session_why_not_flash_too (OflUiSession *self, OflJudgement *judgement);
char *ofl_ui_session_why_not_ask (OflUiSession *self);
gboolean ofl_ui_session_is_unwritable (OflUiSession *self);
gboolean ofl_ui_session_has_program (OflUiSession *self);
OflImage *ofl_ui_session_dup_program_image (OflUiSession *self);
char *ofl_ui_session_why_not_program (OflUiSession *self);

G_END_DECLS
