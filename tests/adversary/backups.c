/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup that a job under faults has made is the one that is made without faults. */
#include <string.h>

#include "trial.h"

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
hash_file (const char *path)
{
  g_autofree char *contents = NULL;
  char sha256[65];
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return g_strdup ("?");
  ofl_sha256_compute ((const guint8 *) contents, length, sha256);
  return g_strdup (sha256);
}

/* "MAIN.bin:HASH inquiry.bin:HASH" of all parts. */
static char *
hash_parts (const char *folder)
{
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (g_str_has_suffix (name, ".bin"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autofree char *hash = hash_file (path);

        g_ptr_array_add (parts, g_strdup_printf ("%s:%s", name, hash));
      }
  g_ptr_array_sort (parts, by_name);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" ", (char **) parts->pdata);
}

/**
 * backups_hash:
 * @dir: a folder of backups
 * @found: (out) (optional): its folder
 *
 * Returns: (transfer full) (nullable): the parts of the only backup that is whole, with their
 *   hashes; %NULL when there is none: evidence is no backup
 */
char *
backups_hash (const char *dir, char **found)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  char *hash = NULL;
  const char *name;

  while (listing != NULL && hash == NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *folder = g_build_filename (dir, name, NULL);
      g_autofree char *manifest = g_build_filename (folder, "manifest.json", NULL);

      if (!g_file_test (manifest, G_FILE_TEST_EXISTS))
        continue;
      hash = hash_parts (folder);
      if (found != NULL)
        *found = g_steal_pointer (&folder);
    }
  return hash;
}

/**
 * backups_check:
 * @trial: a trial whose job has ended
 * @result: how
 *
 * Holds the backup that the job has made, if any, against that of a job without faults.
 */
void
backups_check (const Trial *trial, const OflResult *result)
{
  g_autofree char *made = backups_hash (trial->bench->options->backup_dir, NULL);

  if (made == NULL)
    return;
  trial->campaign->tally.backups++;
  if (trial->backup == NULL)
    trial_wrong (trial, WRONG_BACKUP, "a backup of what cannot be backed up: %s", made);
  else if (strcmp (made, trial->backup) != 0)
    trial_wrong (trial, WRONG_BACKUP, "%s, not %s", made, trial->backup);
}
