/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* No drive was found: why that may be, and what can be done. */
#define OFL_UI_TYPE_EMPTY_PAGE (ofl_ui_empty_page_get_type ())
G_DECLARE_FINAL_TYPE (OflUiEmptyPage, ofl_ui_empty_page, OFL_UI, EMPTY_PAGE, AdwBin)

void ofl_ui_empty_page_look (OflUiEmptyPage *self);

G_END_DECLS
