/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-finder-cdio.h"
#include "drive/ofl-neighbours.h"

/**
 * ofl_neighbours_list:
 * @target: a drive
 * @sys: not looked at: there is no such tree
 *
 * Sends nothing.
 *
 * Returns: (transfer full) (element-type utf8): the letters of all optical drives but this one, in
 *   their order
 */
GPtrArray *
ofl_neighbours_list (const OflTarget *target, const char *sys)
{
  g_auto (GStrv) letters = ofl_finder_cdio_list ();
  GPtrArray *others = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; letters[i] != NULL; i++)
    if (g_strcmp0 (letters[i], ofl_target_get_sr_node (target)) != 0)
      g_ptr_array_add (others, g_strdup (letters[i]));
  return others;
}
