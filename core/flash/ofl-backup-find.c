/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups that are stored already: which one is this drive's. */
#include "flash/ofl-backup.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "flash/ofl-one-object.h"

#define MOST_BRACKETS 1000

/* The text of a member; NULL when it is missing or no text. */
static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

/* A boot code may show a part of the hardware mark only, its end: the board without the chip. */
static gboolean
same_mark (const char *stored, const char *seen)
{
  return stored != NULL && seen != NULL && *seen != '\0'
         && (g_str_has_suffix (stored, seen) || g_str_has_suffix (seen, stored));
}

/* The serial decides; where a boot code does not tell it, the place where the drive is plugged in
 * is not known to be the same, so two drives of one kind cannot be told apart. */
static gboolean
is_of_drive (JsonObject *manifest, const OflSnapshot *drive)
{
  const char *serial = ofl_snapshot_identity (drive)->serial;

  return g_strcmp0 (text_of (manifest, "format"), "optiflash-backup-1") == 0
         && g_strcmp0 (text_of (manifest, "family"), ofl_snapshot_get_family (drive)) == 0
         && same_mark (text_of (manifest, "hardware_mark"), ofl_snapshot_get_mark (drive))
         && (*serial == '\0' || g_strcmp0 (text_of (manifest, "serial"), serial) == 0);
}

/* The file with the firmware: the first part. */
static char *
main_file (JsonObject *manifest, const char *folder)
{
  JsonNode *node = json_object_get_member (manifest, "parts");
  JsonArray *parts = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                  : NULL;
  JsonNode *first = parts != NULL && json_array_get_length (parts) > 0
                        ? json_array_get_element (parts, 0)
                        : NULL;
  const char *name = first != NULL && JSON_NODE_HOLDS_OBJECT (first)
                         ? text_of (json_node_get_object (first), "file")
                         : NULL;
  g_autofree char *path = NULL;

  if (name == NULL || strchr (name, G_DIR_SEPARATOR) != NULL)
    return NULL;
  path = g_build_filename (folder, name, NULL);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

/* A manifest is flat: what is nested deeper, or larger, is none, and would cost stack. */
static JsonNode *
load_manifest (JsonParser *parser, const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL)
      || !ofl_is_one_object (text, length, MOST_BRACKETS)
      || !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  return json_parser_get_root (parser);
}

typedef struct {
  char *path;
  char *made;
  char *serial;
  gboolean ambiguous; /* two drives' backups fit */
} Best;

static void
look_into (const char *folder, const OflSnapshot *drive, Best *best)
{
  g_autofree char *manifest = g_build_filename (folder, "manifest.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *path = NULL;
  const char *made, *serial;
  JsonNode *root;

  root = load_manifest (parser, manifest);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)
      || !is_of_drive (json_node_get_object (root), drive))
    return;
  path = main_file (json_node_get_object (root), folder);
  made = text_of (json_node_get_object (root), "made");
  serial = text_of (json_node_get_object (root), "serial");
  if (path == NULL || made == NULL)
    return;
  if (best->path != NULL && g_strcmp0 (best->serial, serial) != 0)
    best->ambiguous = TRUE;
  if (best->path != NULL && strcmp (best->made, made) >= 0)
    return;
  g_free (best->path);
  g_free (best->made);
  g_free (best->serial);
  best->path = g_steal_pointer (&path);
  best->made = g_strdup (made);
  best->serial = g_strdup (serial);
}

/**
 * ofl_backup_find:
 * @dir: folder for backups
 * @drive: a drive, as it answers now, perhaps from its boot code
 *
 * Looks for a backup with the family, serial and hardware mark of @drive. Where the drive does not
 * tell its serial now, the backups must all be of one drive. Blocks: reads files.
 *
 * Returns: (transfer full) (nullable): path of the newest one's firmware
 */
char *
ofl_backup_find (const char *dir, const OflSnapshot *drive)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  Best best = { 0 };
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *folder = g_build_filename (dir, name, NULL);

      look_into (folder, drive, &best);
    }
  g_free (best.made);
  g_free (best.serial);
  if (best.ambiguous)
    g_clear_pointer (&best.path, g_free);
  return best.path;
}
