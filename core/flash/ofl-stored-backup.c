/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Manifests are read as strangers' files: what is wrong in one makes one entry that cannot be read,
 * and nothing else. */
#include "flash/ofl-stored-backup.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "firmware/ofl-firmware.h"
#include "flash/ofl-one-object.h"
#include "scsi/ofl-error.h"

/* Of a manifest: seven parts with a few ranges each need a hundred. */
#define MOST_BRACKETS 1000
#define MOST_BYTES (1024 * 1024)

/* What older manifests say of a practice drive, in "where" */
#define PRACTICE_PLACE "Practice drive"

static void
part_free (gpointer data)
{
  OflStoredPart *self = data;

  g_free (self->name);
  g_free (self->file);
  g_free (self->warning);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_free (self);
}

static void
forget_drive (OflStoredBackup *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->damage, g_free);
  g_clear_pointer (&self->made, g_date_time_unref);
  g_clear_pointer (&self->made_text, g_free);
  g_clear_pointer (&self->vendor, g_free);
  g_clear_pointer (&self->product, g_free);
  g_clear_pointer (&self->revision, g_free);
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->firmware_date, g_free);
  g_clear_pointer (&self->family, g_free);
  g_clear_pointer (&self->mark, g_free);
  g_clear_pointer (&self->where, g_free);
  g_clear_pointer (&self->verified, g_free);
  g_clear_pointer (&self->program, g_free);
  g_ptr_array_set_size (self->parts, 0);
  self->evidence = self->practice = FALSE;
}

/**
 * ofl_stored_backup_free:
 * @self: (transfer full): a stored backup
 */
void
ofl_stored_backup_free (OflStoredBackup *self)
{
  forget_drive (self);
  g_ptr_array_unref (self->parts);
  g_free (self->name);
  g_free (self->manifest_path);
  g_free (self);
}

/* The text of a member; NULL when it is missing or no text. */
static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static char *
copy_of (JsonObject *object, const char *name)
{
  const char *text = text_of (object, name);

  return g_strdup (text != NULL ? text : "");
}

static gboolean
number_of (JsonObject *object, const char *name, guint64 *number)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64
      || json_node_get_int (node) < 0)
    return FALSE;
  *number = (guint64) json_node_get_int (node);
  return TRUE;
}

static JsonArray *
array_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
element_of (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* Leads to no other folder. */
static gboolean
is_file_name (const char *text)
{
  return text != NULL && *text != '\0' && strchr (text, G_DIR_SEPARATOR) == NULL
         && !g_str_equal (text, ".") && !g_str_equal (text, "..");
}

static gboolean
copy_hash (char *to, gsize size, JsonObject *object, const char *name)
{
  const char *text = text_of (object, name);

  if (text == NULL || strlen (text) != size - 1 || strspn (text, "0123456789abcdef") != size - 1)
    return FALSE;
  g_strlcpy (to, text, size);
  return TRUE;
}

static void
read_ranges (OflStoredPart *part, JsonObject *object)
{
  JsonArray *array = array_of (object, "ranges");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *element = element_of (array, i);
      OflStoredRange range;

      if (element != NULL && number_of (element, "start", &range.start)
          && number_of (element, "bytes", &range.bytes))
        g_array_append_val (part->ranges, range);
    }
}

static gboolean
read_part (OflStoredBackup *self, JsonObject *object)
{
  OflStoredPart *part = g_new0 (OflStoredPart, 1);
  const char *kind = text_of (object, "kind");

  part->ranges = g_array_new (FALSE, FALSE, sizeof (OflStoredRange));
  g_ptr_array_add (self->parts, part);
  part->name = copy_of (object, "name");
  part->file = copy_of (object, "file");
  part->warning = copy_of (object, "warning");
  part->kind_told = kind != NULL;
  part->firmware = kind != NULL ? g_str_equal (kind, "firmware") : self->parts->len == 1;
  copy_hash (part->hashes.sha1, sizeof part->hashes.sha1, object, "sha1");
  copy_hash (part->hashes.md5, sizeof part->hashes.md5, object, "md5");
  copy_hash (part->hashes.crc32, sizeof part->hashes.crc32, object, "crc32");
  read_ranges (part, object);
  return is_file_name (part->name) && is_file_name (part->file)
         && number_of (object, "bytes", &part->bytes) && part->bytes <= OFL_FIRMWARE_MAX_SIZE
         && copy_hash (part->hashes.sha256, sizeof part->hashes.sha256, object, "sha256");
}

static gboolean
read_parts (OflStoredBackup *self, JsonObject *manifest)
{
  JsonArray *array = array_of (manifest, "parts");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = element_of (array, i);

      if (object == NULL || !read_part (self, object))
        return FALSE;
    }
  return self->parts->len > 0;
}

static gboolean
read_format (OflStoredBackup *self, JsonObject *manifest)
{
  const char *format = text_of (manifest, "format");

  self->evidence = g_strcmp0 (format, OFL_BACKUP_FORMAT_EVIDENCE) == 0;
  return self->evidence || g_strcmp0 (format, OFL_BACKUP_FORMAT) == 0;
}

static gboolean
read_when (OflStoredBackup *self, JsonObject *manifest)
{
  g_autoptr (GDateTime) at = NULL;

  self->made_text = copy_of (manifest, "made");
  at = g_date_time_new_from_iso8601 (self->made_text, NULL);
  if (at != NULL)
    self->made = g_date_time_to_utc (at);
  return self->made != NULL;
}

static gboolean
is_practice (JsonObject *manifest)
{
  JsonNode *node = json_object_get_member (manifest, "practice");

  if (node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  return g_strcmp0 (text_of (manifest, "where"), PRACTICE_PLACE) == 0;
}

static void
read_drive (OflStoredBackup *self, JsonObject *manifest)
{
  self->damage = copy_of (manifest, "damage");
  self->practice = is_practice (manifest);
  self->vendor = copy_of (manifest, "vendor");
  self->product = copy_of (manifest, "product");
  self->revision = copy_of (manifest, "revision");
  self->serial = copy_of (manifest, "serial");
  self->firmware_date = copy_of (manifest, "firmware_date");
  self->family = copy_of (manifest, "family");
  self->mark = copy_of (manifest, "hardware_mark");
  self->where = copy_of (manifest, "where");
  self->verified = g_strdup (text_of (manifest, "verified"));
  if (self->verified == NULL)
    self->verified = g_strdup (OFL_BACKUP_READ_TWICE);
  self->program = copy_of (manifest, "program");
}

/* Returns what is wrong with it, in English, or NULL. */
static const char *
read_manifest (OflStoredBackup *self, JsonObject *manifest)
{
  g_autofree char *dir = g_path_get_dirname (self->manifest_path);

  if (!read_format (self, manifest))
    return N_ ("Its manifest is of another program, or of a later version of this one.");
  if (!read_when (self, manifest))
    return N_ ("Its manifest is damaged: it does not say when it was made.");
  read_drive (self, manifest);
  if (*self->family == '\0')
    return N_ ("Its manifest is damaged: it does not say of which drive it was made.");
  if (!read_parts (self, manifest))
    return N_ ("Its manifest is damaged: it does not name its files with size and hash.");
  self->path = g_build_filename (dir, ofl_stored_backup_get_part (self, 0)->file, NULL);
  return NULL;
}

/* An ordinary file of a size that a manifest has: a pipe would be waited for. */
static gboolean
is_small_file (const char *path)
{
  GStatBuf st;

  return g_stat (path, &st) == 0 && S_ISREG (st.st_mode) && st.st_size <= MOST_BYTES;
}

/* A manifest is flat: what is nested deeper, or larger, is none, and would cost stack. */
static const char *
read_file (OflStoredBackup *self)
{
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_test (self->manifest_path, G_FILE_TEST_EXISTS))
    return N_ ("It has no manifest: storing it was broken off, or it is no backup.");
  if (!is_small_file (self->manifest_path)
      || !g_file_get_contents (self->manifest_path, &text, &length, NULL))
    return N_ ("Its manifest cannot be read.");
  object = ofl_parse_one_object (text, length, MOST_BRACKETS);
  if (object == NULL)
    return N_ ("Its manifest is damaged: it is no JSON object.");
  return read_manifest (self, object);
}

static char *
name_of (const char *manifest_path, gboolean own_folder)
{
  g_autofree char *dir = g_path_get_dirname (manifest_path);
  g_autofree char *base = g_path_get_basename (manifest_path);

  if (own_folder)
    return g_path_get_basename (dir);
  if (g_str_has_suffix (base, ".json"))
    base[strlen (base) - strlen (".json")] = '\0';
  return g_strdup (base);
}

/**
 * ofl_stored_backup_load:
 * @manifest_path: a manifest, which may be missing or damaged
 *
 * Whether its files are there and whole is not looked at: ofl_stored_backup_verify(). Blocks.
 *
 * Returns: (transfer full): what it tells, or why nothing can be told
 */
OflStoredBackup *
ofl_stored_backup_load (const char *manifest_path)
{
  OflStoredBackup *self = g_new0 (OflStoredBackup, 1);
  g_autofree char *base = g_path_get_basename (manifest_path);

  self->manifest_path = g_strdup (manifest_path);
  self->own_folder = g_str_equal (base, OFL_BACKUP_MANIFEST);
  self->name = name_of (manifest_path, self->own_folder);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->unreadable = read_file (self);
  if (self->unreadable != NULL)
    forget_drive (self);
  return self;
}

/* The one in the same folder, when @path is its main file; the one that would stand beside it. */
static OflStoredBackup *
open_of_file (const char *path, const char *beside)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *manifest = g_build_filename (dir, OFL_BACKUP_MANIFEST, NULL);
  g_autoptr (OflStoredBackup) self = ofl_stored_backup_load (manifest);

  return g_strcmp0 (self->path, path) == 0 ? g_steal_pointer (&self)
                                           : ofl_stored_backup_load (beside);
}

/**
 * ofl_stored_backup_open:
 * @path: a backup's folder, its manifest, or its main file
 *
 * Returns: (transfer full): what its manifest tells, or why nothing can be told. Blocks
 */
OflStoredBackup *
ofl_stored_backup_open (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *beside = ofl_backup_companion (absolute, NULL);
  g_autofree char *inside = g_build_filename (absolute, OFL_BACKUP_MANIFEST, NULL);

  if (g_file_test (absolute, G_FILE_TEST_IS_DIR))
    return ofl_stored_backup_load (inside);
  if (g_str_has_suffix (absolute, ".json"))
    return ofl_stored_backup_load (absolute);
  if (g_file_test (beside, G_FILE_TEST_EXISTS))
    return ofl_stored_backup_load (beside);
  return open_of_file (absolute, beside);
}

static gboolean
holds_backups (const char *name)
{
  return g_str_equal (name, OFL_BACKUP_EVIDENCE_DIR) || g_str_equal (name, OFL_BACKUP_PRACTICE_DIR);
}

static gboolean
add_folder (GPtrArray *list, const char *dir, guint depth, GError **error)
{
  gpointer before = ofl_english_begin ();
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) listing = g_dir_open (dir, 0, &local);
  const char *name;

  ofl_english_end (before);
  if (listing == NULL && g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  if (listing == NULL)
    {
      ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The folder %s cannot be listed: %s."), dir,
                     local->message);
      return FALSE;
    }
  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *manifest = g_build_filename (path, OFL_BACKUP_MANIFEST, NULL);

      if (*name == '.' || !g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      if (depth > 0 && holds_backups (name) && !g_file_test (manifest, G_FILE_TEST_EXISTS))
        {
          if (!add_folder (list, path, depth - 1, error))
            return FALSE;
        }
      else
        g_ptr_array_add (list, ofl_stored_backup_load (manifest));
    }
  return TRUE;
}

/* The newest first; what cannot be read at the end. */
static gint
compare_age (gconstpointer a, gconstpointer b)
{
  const OflStoredBackup *x = *(OflStoredBackup *const *) a, *y = *(OflStoredBackup *const *) b;
  gint order = 0;

  if (x->made != NULL && y->made != NULL)
    order = g_date_time_compare (y->made, x->made);
  else if (x->made != NULL || y->made != NULL)
    order = x->made != NULL ? -1 : 1;
  return order != 0 ? order : strcmp (x->name, y->name);
}

/**
 * ofl_stored_backup_list:
 * @dir: a folder for backups; it need not be there
 * @error: return location
 *
 * Lists the backups in it that have a folder of their own, evidence of damaged drives and the
 * backups of practice drives among them. Blocks.
 *
 * Returns: (transfer full) (element-type OflStoredBackup): the newest first, those that cannot be
 *   read at the end; %NULL with %OFL_ERROR_STORAGE when a folder cannot be listed
 */
GPtrArray *
ofl_stored_backup_list (const char *dir, GError **error)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_stored_backup_free);

  if (!add_folder (list, dir, 2, error))
    return NULL;
  g_ptr_array_sort (list, compare_age);
  return g_steal_pointer (&list);
}

/**
 * ofl_stored_backup_get_part:
 * @self: a stored backup that can be read
 * @index: below the number of its parts
 *
 * Returns: the part
 */
const OflStoredPart *
ofl_stored_backup_get_part (const OflStoredBackup *self, guint index)
{
  return g_ptr_array_index (self->parts, index);
}

/**
 * ofl_stored_backup_is_only:
 * @self: a stored backup
 * @all: (element-type OflStoredBackup): all that there are, @self among them
 *
 * Returns: whether there is no other backup of its drive; of what cannot be read, and of evidence,
 *   %FALSE: it is no backup
 */
gboolean
ofl_stored_backup_is_only (const OflStoredBackup *self, const GPtrArray *all)
{
  guint n = 0;

  if (self->unreadable != NULL || self->evidence)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const OflStoredBackup *other = g_ptr_array_index (all, i);

      n += other->unreadable == NULL && !other->evidence && other->practice == self->practice
           && g_str_equal (other->family, self->family) && g_str_equal (other->serial, self->serial)
           && g_str_equal (other->product, self->product);
    }
  return n <= 1;
}

/* A boot code may show a part of the hardware mark only, its end: the board without the chip. */
static gboolean
marks_differ (const char *stored, const char *seen)
{
  return *stored != '\0' && seen != NULL && *seen != '\0' && !g_str_has_suffix (stored, seen)
         && !g_str_has_suffix (seen, stored);
}

/**
 * ofl_stored_backup_owner:
 * @self: a stored backup that can be read
 * @drive: a drive, as it answers now, perhaps from its boot code
 *
 * Returns: whether it was made of this very drive, as far as serial and hardware mark tell
 */
OflBackupOwner
ofl_stored_backup_owner (const OflStoredBackup *self, const OflSnapshot *drive)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);

  if (g_strcmp0 (self->family, ofl_snapshot_get_family (drive)) != 0)
    return OFL_BACKUP_OWNER_OTHER_FAMILY;
  if (*self->serial != '\0' && *identity->serial != '\0'
      && !g_str_equal (self->serial, identity->serial))
    return OFL_BACKUP_OWNER_OTHER_SERIAL;
  if (marks_differ (self->mark, ofl_snapshot_get_mark (drive)))
    return OFL_BACKUP_OWNER_OTHER_MARK;
  return *self->serial != '\0' && ofl_identity_has_own_serial (identity) ? OFL_BACKUP_OWNER_SAME
                                                                         : OFL_BACKUP_OWNER_UNTOLD;
}
