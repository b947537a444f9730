/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* The images in a firmware file: what each is, whether it fits, which of them is chosen; each can be
 * saved as a file of its own. */
#define OFL_UI_TYPE_IMAGES_ROW (ofl_ui_images_row_get_type ())
G_DECLARE_FINAL_TYPE (OflUiImagesRow, ofl_ui_images_row, OFL_UI, IMAGES_ROW, AdwExpanderRow)

void ofl_ui_images_row_show (OflUiImagesRow *self, OflUiSession *session);

G_END_DECLS
