/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a family's table tells of questions: which commands of a maker's own only ask, and whether a
 * drive counts a disc's errors. */
#include "family/ofl-family-private.h"

/**
 * ofl_family_only_asks:
 * @self: a family
 * @command: a command
 *
 * The group "only-asks" of the table lists the maker's own commands that change nothing. It is a list
 * of what is known to be harmless: what is not on it counts as one that may write.
 *
 * Returns: whether it only asks
 */
gboolean
ofl_family_only_asks (const OflFamily *self, const OflCommand *command)
{
  GKeyFile *table = ofl_family_table (self);
  g_auto (GStrv) keys = g_key_file_get_keys (table, "only-asks", NULL, NULL);

  for (guint i = 0; keys != NULL && command->dir != OFL_DIR_OUT && keys[i] != NULL; i++)
    {
      g_autofree char *pattern = g_key_file_get_string (table, "only-asks", keys[i], NULL);

      if (pattern != NULL && ofl_family_matches_cdb (pattern, command, TRUE))
        return TRUE;
    }
  return FALSE;
}

/**
 * ofl_family_counts_errors:
 * @self: a family
 * @drive: a drive of it
 * @disc: "CD", "DVD" or "BD"
 *
 * A model's key "scan" names a group of the table, in which "discs" lists the kinds of discs.
 *
 * Returns: whether the drive's model is known to have commands that count the errors of such a disc
 */
gboolean
ofl_family_counts_errors (const OflFamily *self, const OflSnapshot *drive, const char *disc)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_autofree char *model = ofl_family_model_of (self, identity->vendor, identity->product);
  g_autofree char *scan = model != NULL ? ofl_family_word (self, model, "scan") : NULL;
  g_autofree char *group = scan != NULL ? g_strconcat ("scan ", scan, NULL) : NULL;

  return group != NULL && ofl_family_lists (self, group, "discs", disc);
}

/**
 * ofl_family_scan_way:
 * @self: a family
 * @disc: "CD", "DVD" or "BD"
 * @n: number of the way, from 0, in the order in which they are tried
 *
 * Which of them a drive knows only its answer to the begin tells.
 *
 * Returns: (nullable) (transfer none): a way in which its drives count the errors of such a disc
 */
const OflScanWay *
ofl_family_scan_way (const OflFamily *self, const char *disc, guint n)
{
  const OflScanWay *const *ways = self->scan_ways != NULL ? self->scan_ways () : NULL;

  for (guint i = 0; ways != NULL && ways[i] != NULL; i++)
    if (g_str_equal (ways[i]->disc, disc) && n-- == 0)
      return ways[i];
  return NULL;
}
