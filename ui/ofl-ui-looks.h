/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-core.h"

G_BEGIN_DECLS

/**
 * OflUiLook:
 * @icon: icon name
 * @css: style class that colours it, or "" for none
 * @word: the same in a word, translated, for screen readers and for those who see no colours
 *
 * How a state looks. A plain value.
 */
typedef struct {
  const char *icon;
  const char *css;
  const char *word;
} OflUiLook;

OflUiLook ofl_ui_look_of_level (OflLevel level);
OflUiLook ofl_ui_look_of_check (OflImageCheckResult result);
OflUiLook ofl_ui_look_of_preflight (OflCheckLevel level);
OflUiLook ofl_ui_look_of_stage (OflStageState state);
OflUiLook ofl_ui_look_of_log (OflLogLevel level);
OflUiLook ofl_ui_look_of_drive (OflDrive *drive);
OflUiLook ofl_ui_look_of_verdict (OflVerdict verdict);
void ofl_ui_look_apply (const OflUiLook *look, GtkImage *image);
void ofl_ui_look_set_css (const OflUiLook *look, GtkWidget *widget);

G_END_DECLS
