/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images that somebody has published the hash of. */
#include "family/ofl-family-private.h"

#include <glib/gi18n-lib.h>

#define GROUP "image "

static GKeyFile *
known_images (void)
{
  static gsize loaded;

  /* read once, never changed, kept for the life of the program */
  if (g_once_init_enter (&loaded))
    g_once_init_leave (&loaded, (gsize) ofl_family_load_table ("known-images"));
  return (GKeyFile *) loaded;
}

static gboolean
has_hash (GKeyFile *table, const char *group, const char *key, const char *hash)
{
  g_autofree char *listed = g_key_file_get_string (table, group, key, NULL);

  return listed != NULL && hash[0] != '\0' && g_ascii_strcasecmp (listed, hash) == 0;
}

/**
 * ofl_known_image_find:
 * @hashes: an image's hashes
 *
 * Looks in core/family/known-images.ini, for which the user's own
 * $XDG_DATA_HOME/optiflash/drives/known-images.ini stands in. A CRC alone names nothing. Any
 * thread.
 *
 * Returns: (transfer full) (nullable): "NAME, as SOURCE says"; %NULL when nobody has listed it
 */
char *
ofl_known_image_find (const OflHashes *hashes)
{
  GKeyFile *table = known_images ();
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *source = NULL;
      const char *name = groups[i] + sizeof GROUP - 1;

      if (!g_str_has_prefix (groups[i], GROUP)
          || !(has_hash (table, groups[i], "sha256", hashes->sha256)
               || has_hash (table, groups[i], "sha1", hashes->sha1)
               || has_hash (table, groups[i], "md5", hashes->md5)))
        continue;
      source = g_key_file_get_string (table, groups[i], "source", NULL);
      return source != NULL ? /* Translators: an image's name, and who lists it */
                 g_strdup_printf (_ ("%s, as %s says"), name, source)
                            : g_strdup (name);
    }
  return NULL;
}
