/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* Who a drive is, where it is plugged in, what can be done with it, and what is missing. */
#define OFL_UI_TYPE_IDENTITY_CARD (ofl_ui_identity_card_get_type ())
G_DECLARE_FINAL_TYPE (OflUiIdentityCard, ofl_ui_identity_card, OFL_UI, IDENTITY_CARD, GtkBox)

void ofl_ui_identity_card_show (OflUiIdentityCard *self, OflUiSession *session);

G_END_DECLS
