/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-core.h"
#include "updater/ofl-updater-job.h"

G_BEGIN_DECLS

/* The maker's program that was chosen for one drive, and how it is to be run. Outlives its window, so that
 * it can be run again. Signal "changed": anything of it. */
#define OFL_UI_TYPE_PROGRAM (ofl_ui_program_get_type ())
G_DECLARE_FINAL_TYPE (OflUiProgram, ofl_ui_program, OFL_UI, PROGRAM, GObject)

OflUiProgram *ofl_ui_program_new (void);
void ofl_ui_program_set_file (OflUiProgram *self, GFile *file);
void ofl_ui_program_offer_file (OflUiProgram *self, GFile *file);
GFile *ofl_ui_program_get_file (OflUiProgram *self);
gboolean ofl_ui_program_is_reading (OflUiProgram *self);
const GError *ofl_ui_program_get_error (OflUiProgram *self);
OflFirmware *ofl_ui_program_get_firmware (OflUiProgram *self);
void ofl_ui_program_add_beside (OflUiProgram *self, GFile *file);
void ofl_ui_program_remove_beside (OflUiProgram *self, GFile *file);
GPtrArray *ofl_ui_program_get_beside (OflUiProgram *self);
void ofl_ui_program_set_arguments (OflUiProgram *self, const char *arguments);
const char *ofl_ui_program_get_arguments (OflUiProgram *self);
void ofl_ui_program_set_hidden (OflUiProgram *self, gboolean hidden);
gboolean ofl_ui_program_is_hidden (OflUiProgram *self);
void ofl_ui_program_set_tape (OflUiProgram *self, const char *path);
const char *ofl_ui_program_get_tape (OflUiProgram *self);
void ofl_ui_program_set_tape_whole (OflUiProgram *self, gboolean whole);
gboolean ofl_ui_program_is_tape_whole (OflUiProgram *self);
char *ofl_ui_program_dup_missing (OflUiProgram *self);
char *ofl_ui_program_why_not (OflUiProgram *self);
OflUpdaterOptions *ofl_ui_program_make_options (OflUiProgram *self);

G_END_DECLS
