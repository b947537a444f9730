/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds a drive or hides one, as fields, as JSON, and as a part of a message. */
#include "ctl-holders.h"

#include <glib/gi18n.h>

#include "ctl-output.h"

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/**
 * ofl_ctl_find_holders:
 * @target: (nullable): a drive; %NULL: devices that are no drive to any program
 *
 * Looks on a worker thread; the main loop runs meanwhile.
 *
 * Returns: (transfer full) (element-type OflHolder): the most serious first
 */
GPtrArray *
ofl_ctl_find_holders (OflTarget *target)
{
  g_autoptr (GAsyncResult) result = NULL;

  ofl_holders_find_async (target, NULL, on_found, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_holders_find_finish (result, NULL);
}

static const char *
title_of (const OflHolder *holder)
{
  switch (holder->weight)
    {
    case OFL_HOLDER_BLOCKS:
      return _ ("In the way");
    case OFL_HOLDER_WARNING:
      return _ ("Perhaps so");
    case OFL_HOLDER_REMARK:
    default:
      return _ ("Note");
    }
}

/**
 * ofl_ctl_print_holders:
 * @holders: (element-type OflHolder): what holds a drive
 *
 * A field for each, and one for its remedy.
 */
void
ofl_ctl_print_holders (const GPtrArray *holders)
{
  for (guint i = 0; i < holders->len; i++)
    {
      const OflHolder *holder = g_ptr_array_index (holders, i);
      g_autofree char *words = ofl_holder_describe (holder);

      ofl_ctl_print_field (title_of (holder), words);
      ofl_ctl_print_field (_ ("To mend it"), holder->remedy);
    }
}

/**
 * ofl_ctl_json_holders:
 * @builder: an open object
 * @holders: (element-type OflHolder): what holds a drive
 *
 * Adds them as a list.
 */
void
ofl_ctl_json_holders (JsonBuilder *builder, const GPtrArray *holders)
{
  json_builder_set_member_name (builder, "holders");
  json_builder_begin_array (builder);
  for (guint i = 0; i < holders->len; i++)
    {
      const OflHolder *holder = g_ptr_array_index (holders, i);
      g_autofree char *words = ofl_holder_describe (holder);

      json_builder_begin_object (builder);
      ofl_ctl_json_string (builder, "kind", ofl_holder_kind_id (holder->kind));
      ofl_ctl_json_string (builder, "weight", ofl_holder_weight_id (holder->weight));
      ofl_ctl_json_string (builder, "where", holder->where);
      ofl_ctl_json_string (builder, "name", holder->name);
      ofl_ctl_json_int (builder, "pid", (gint64) holder->pid);
      ofl_ctl_json_string (builder, "sentence", words);
      ofl_ctl_json_string (builder, "remedy", holder->remedy);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * ofl_ctl_describe_hidden:
 * @ctl: the command line
 *
 * For when a drive is not found.
 *
 * Returns: (transfer full): which devices may be a drive that is hidden, each with a remedy; "" when
 *   there are none, or when drives were not looked for
 */
char *
ofl_ctl_describe_hidden (OflCtl *ctl)
{
  g_autoptr (GPtrArray) hidden = NULL;
  GString *text = g_string_new (NULL);

  if (g_strcmp0 (ctl->finder, "none") == 0)
    return g_string_free (text, FALSE);
  hidden = ofl_ctl_find_holders (NULL);
  for (guint i = 0; i < hidden->len; i++)
    {
      const OflHolder *holder = g_ptr_array_index (hidden, i);
      g_autofree char *words = ofl_holder_describe (holder);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", words);
      if (holder->remedy == NULL)
        continue;
      g_string_append_c (text, ' ');
      /* Translators: a line to be typed */
      g_string_append_printf (text, _ ("In a terminal: %s"), holder->remedy);
    }
  return g_string_free (text, FALSE);
}
