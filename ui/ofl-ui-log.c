/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tail of a job's log. The whole log is in the job's journal file. */
#include "ofl-ui-log.h"

#include <glib/gi18n.h>

#include "ofl-ui-text.h"

struct _OflUiLogItem {
  GObject parent_instance;

  char *text;
  OflLogLevel level;
};

G_DEFINE_FINAL_TYPE (OflUiLogItem, ofl_ui_log_item, G_TYPE_OBJECT)

static void
ofl_ui_log_item_finalize (GObject *object)
{
  g_free (OFL_UI_LOG_ITEM (object)->text);
  G_OBJECT_CLASS (ofl_ui_log_item_parent_class)->finalize (object);
}

static void
ofl_ui_log_item_class_init (OflUiLogItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_ui_log_item_finalize;
}

static void
ofl_ui_log_item_init (OflUiLogItem *self)
{
}

static OflUiLogItem *
item_new (char *text, OflLogLevel level)
{
  OflUiLogItem *self = g_object_new (OFL_UI_TYPE_LOG_ITEM, NULL);

  self->text = text;
  self->level = level;
  return self;
}

static OflUiLogItem *
item_from_line (const OflLogLine *line)
{
  g_autofree char *time = ofl_ui_text_elapsed (line->time_us);

  /* the longest word has seven letters */
  return item_new (g_strdup_printf ("%s  %-7s  %s", time, ofl_log_level_id (line->level),
                                    line->text),
                   line->level);
}

/**
 * ofl_ui_log_item_get_text:
 * @self: a line
 *
 * Returns: time, level and text, in English: what is shown, searched, copied and saved
 */
const char *
ofl_ui_log_item_get_text (OflUiLogItem *self)
{
  return self->text;
}

/**
 * ofl_ui_log_item_get_level:
 * @self: a line
 *
 * Returns: how loud it is
 */
OflLogLevel
ofl_ui_log_item_get_level (OflUiLogItem *self)
{
  return self->level;
}

/**
 * ofl_ui_log_new:
 *
 * Returns: (transfer full): an empty log
 */
GListStore *
ofl_ui_log_new (void)
{
  return g_list_store_new (OFL_UI_TYPE_LOG_ITEM);
}

/**
 * ofl_ui_log_append:
 * @log: a log
 * @lines: (element-type OflLogLine): lines that follow @after_seq
 * @after_seq: number of the last line that is in @log, 0 for none
 *
 * Appends them in one go, says where lines were lost, and drops what is too old.
 *
 * Returns: the number of the last line that is in @log now
 */
guint64
ofl_ui_log_append (GListStore *log, GPtrArray *lines, guint64 after_seq)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint length;

  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      if (line->seq > after_seq + 1)
        g_ptr_array_add (items,
                         item_new (g_strdup (_ ("… lines left out here: the journal file has "
                                                "them all")),
                                   OFL_LOG_WARNING));
      g_ptr_array_add (items, item_from_line (line));
      after_seq = line->seq;
    }
  length = g_list_model_get_n_items (G_LIST_MODEL (log));
  g_list_store_splice (log, length, 0, items->pdata, items->len);
  length += items->len;
  if (length > OFL_UI_LOG_MAX_LINES)
    g_list_store_splice (log, 0, length - OFL_UI_LOG_MAX_LINES, NULL, 0);
  return after_seq;
}

/**
 * ofl_ui_log_dup_text:
 * @log: a list of #OflUiLogItem
 * @max_lines: at most so many of the last lines
 *
 * Returns: (transfer full): the lines, each with its line end
 */
char *
ofl_ui_log_dup_text (GListModel *log, guint max_lines)
{
  GString *text = g_string_new (NULL);
  guint length = g_list_model_get_n_items (log);

  for (guint i = length > max_lines ? length - max_lines : 0; i < length; i++)
    {
      g_autoptr (OflUiLogItem) item = g_list_model_get_item (log, i);

      g_string_append (text, item->text);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

/**
 * ofl_ui_log_new_level_names:
 *
 * Returns: (transfer full): what can be shown of a log: at the place of each #OflLogLevel all lines
 *   from that level on, in words
 */
GtkStringList *
ofl_ui_log_new_level_names (void)
{
  const char *const names[] = { [OFL_LOG_COMMAND] = C_ ("log", "Everything"),
                                [OFL_LOG_INFO] = _ ("No commands"),
                                [OFL_LOG_WARNING] = _ ("Warnings and errors"),
                                [OFL_LOG_ERROR] = _ ("Errors"),
                                NULL };

  return gtk_string_list_new (names);
}
