/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-core.h"

G_BEGIN_DECLS

char *ofl_ui_text_date (const char *digits);
char *ofl_ui_text_left (gint64 left_ms);
char *ofl_ui_text_elapsed (gint64 time_us);
char *ofl_ui_text_drive (OflDrive *drive, const char *property);
char *ofl_ui_text_model (OflDrive *drive);
char *ofl_ui_text_in_mnemonic (const char *name);
char *ofl_ui_text_at_start (const char *text);
char *ofl_ui_text_serial (OflDrive *drive);
char *ofl_ui_text_bridge (const OflTopology *topology);
char *ofl_ui_text_nodes (const OflTarget *target);
char *ofl_ui_text_job (OflJobKind kind, const char *name);

G_END_DECLS
