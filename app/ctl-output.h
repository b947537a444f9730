/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the command line speaks: to people, and one JSON object a line to machines. */
#pragma once

#include <json-glib/json-glib.h>

#include "ctl.h"
#include "ctl-out.h"

G_BEGIN_DECLS

/* JSON */
JsonBuilder *ofl_ctl_json_begin (const char *event);
void ofl_ctl_json_string (JsonBuilder *builder, const char *name, const char *value);
void ofl_ctl_json_int (JsonBuilder *builder, const char *name, gint64 value);
void ofl_ctl_json_double (JsonBuilder *builder, const char *name, double value);
void ofl_ctl_json_bool (JsonBuilder *builder, const char *name, gboolean value);
void ofl_ctl_json_end (JsonBuilder *builder);
void ofl_ctl_json_drive (JsonBuilder *builder, OflDrive *drive);
void ofl_ctl_json_judgement (const OflJudgement *judgement);

/* Text */
void ofl_ctl_print_field (const char *name, const char *value);
void ofl_ctl_print_table (const char *const *titles, GPtrArray *rows);
const char *ofl_ctl_level_mark (OflLevel level);
void ofl_ctl_print_judgement (const OflJudgement *judgement);
void ofl_ctl_print_image (const OflImage *image, guint number);
void ofl_ctl_print_result (OflCtl *ctl, const OflResult *result);

/* A sentence of the core, its actions as options of the command line (ctl-words.c). */
char *ofl_ctl_words (const char *text);

/* The end of a verb that could not do what it was asked: says why, in either form. */
int ofl_ctl_fail (OflCtl *ctl, OflExit exit_status, const char *what, const char *next);
int ofl_ctl_fail_error (OflCtl *ctl, const GError *error);

G_END_DECLS
