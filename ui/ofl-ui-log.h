/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-core.h"

G_BEGIN_DECLS

/* More than any job is known to have; tests/bench/bench-log.c measures what so many cost. */
#define OFL_UI_LOG_MAX_LINES 20000

/* One line of a log: a #GObject, because list views want one. */
#define OFL_UI_TYPE_LOG_ITEM (ofl_ui_log_item_get_type ())
G_DECLARE_FINAL_TYPE (OflUiLogItem, ofl_ui_log_item, OFL_UI, LOG_ITEM, GObject)

const char *ofl_ui_log_item_get_text (OflUiLogItem *self);
OflLogLevel ofl_ui_log_item_get_level (OflUiLogItem *self);

/* The last lines of a job's log, at most %OFL_UI_LOG_MAX_LINES: a list of #OflUiLogItem. */
GListStore *ofl_ui_log_new (void);
guint64 ofl_ui_log_append (GListStore *log, GPtrArray *lines, guint64 after_seq);
char *ofl_ui_log_dup_text (GListModel *log, guint max_lines);
/* What can be shown of a log, by the level that it begins with; %NULL-terminated, translated. */
GtkStringList *ofl_ui_log_new_level_names (void);

G_END_DECLS
