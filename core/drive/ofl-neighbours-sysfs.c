/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-neighbours.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * ofl_neighbours_list:
 * @target: a drive
 * @sys: "/sys", or a tree of the same shape
 *
 * Sends nothing.
 *
 * Returns: (transfer full) (element-type utf8): the nodes of all optical drives but this one, in their
 *   order
 */
GPtrArray *
ofl_neighbours_list (const OflTarget *target, const char *sys)
{
  const char *sr_node = ofl_target_get_sr_node (target);
  g_autofree char *own = g_path_get_basename (sr_node != NULL ? sr_node : "");
  g_autofree char *folder = g_build_filename (sys, "class", "block", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *nodes = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "sr") && !g_str_equal (name, own))
      g_ptr_array_add (nodes, g_build_filename ("/dev", name, NULL));
  g_ptr_array_sort (nodes, compare_names);
  return nodes;
}
