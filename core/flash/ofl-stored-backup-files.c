/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a stored backup: read and held against the manifest, copied, deleted. */
#include "flash/ofl-stored-backup.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/ofl-evidence.h"
#include "flash/ofl-folder.h"
#include "scsi/ofl-error.h"

static char *
folder_of (const OflStoredBackup *self)
{
  return g_path_get_dirname (self->manifest_path);
}

static char *
part_path (const OflStoredBackup *self, const OflStoredPart *part)
{
  g_autofree char *folder = folder_of (self);

  return g_build_filename (folder, part->file, NULL);
}

static gboolean
check_size (const OflStoredBackup *self, const OflStoredPart *part, const char *path,
            GError **error)
{
  guint64 want = part->bytes + (self->evidence ? OFL_EVIDENCE_HEADER_LEN : 0);
  GStatBuf st;

  if (g_stat (path, &st) != 0 || !S_ISREG (st.st_mode))
    ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The backup is not whole: its file %s is missing."),
                   path);
  else if ((guint64) st.st_size != want)
    ofl_set_error (error, OFL_ERROR_MISMATCH,
                   _ ("The backup is damaged: the size of its file %s, in bytes, is %zu and was %zu "
                      "when it was stored."),
                   path, (gsize) st.st_size, (gsize) want);
  else
    return TRUE;
  return FALSE;
}

/* The file's content, once it is what the manifest says. */
static GBytes *
read_file (const OflStoredBackup *self, const OflStoredPart *part, GError **error)
{
  g_autofree char *path = part_path (self, part);
  gsize header = self->evidence ? OFL_EVIDENCE_HEADER_LEN : 0;
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GBytes) whole = NULL;
  const guint8 *data;
  char sha256[65];
  char *content;
  gsize length;

  if (!check_size (self, part, path, error))
    return NULL;
  if (!g_file_get_contents (path, &content, &length, NULL))
    {
      ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The backup's file %s cannot be read."), path);
      return NULL;
    }
  raw = g_bytes_new_take (content, length);
  data = g_bytes_get_data (raw, NULL);
  if (length >= header)
    {
      ofl_sha256_compute (data + header, length - header, sha256);
      whole = self->evidence ? ofl_evidence_wrap (data + header, length - header)
                             : g_bytes_ref (raw);
      if (g_str_equal (sha256, part->hashes.sha256) && g_bytes_equal (whole, raw))
        return g_steal_pointer (&raw);
    }
  ofl_set_error (error, OFL_ERROR_MISMATCH,
                 _ ("The backup is damaged: its file %s is not what was stored; its SHA-256 is "
                    "another one than the manifest tells."),
                 path);
  return NULL;
}

/**
 * ofl_stored_backup_read:
 * @self: a stored backup that can be read
 * @index: which part
 * @error: return location
 *
 * Returns: (transfer full): the bytes as they were read from the drive, with the size and the hash
 *   that the manifest tells; %NULL with %OFL_ERROR_STORAGE when the file is missing or cannot be
 *   read, %OFL_ERROR_MISMATCH when it is another one. Blocks
 */
GBytes *
ofl_stored_backup_read (const OflStoredBackup *self, guint index, GError **error)
{
  const OflStoredPart *part = ofl_stored_backup_get_part (self, index);
  g_autoptr (GBytes) raw = read_file (self, part, error);

  if (raw == NULL || !self->evidence)
    return g_steal_pointer (&raw);
  return g_bytes_new_from_bytes (raw, OFL_EVIDENCE_HEADER_LEN, part->bytes);
}

/**
 * ofl_stored_backup_verify:
 * @self: a stored backup
 * @error: return location
 *
 * Whether every file that the manifest names is there and has its size and its hash. Blocks.
 *
 * Returns: %FALSE with the error of ofl_stored_backup_read(), or with %OFL_ERROR_BAD_FILE when the
 *   manifest tells nothing
 */
gboolean
ofl_stored_backup_verify (const OflStoredBackup *self, GError **error)
{
  if (self->unreadable != NULL)
    {
      ofl_set_error (error, OFL_ERROR_BAD_FILE, _ ("The backup %s cannot be read: %s"), self->name,
                     _ (self->unreadable));
      return FALSE;
    }
  for (guint i = 0; i < self->parts->len; i++)
    {
      g_autoptr (GBytes) bytes = ofl_stored_backup_read (self, i, error);

      if (bytes == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The name that a part has in the new place: the main one that of the place. */
static char *
exported_path (const OflStoredBackup *self, guint index, const char *to)
{
  return index == 0 ? g_strdup (to)
                    : ofl_backup_companion (to, ofl_stored_backup_get_part (self, index)->name);
}

/* The manifest names its files, which have other names now. */
static char *
make_manifest (const OflStoredBackup *self, const char *to)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *parts;

  if (!json_parser_load_from_file (parser, self->manifest_path, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;
  parts = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                        "parts");
  if (parts == NULL || json_array_get_length (parts) != self->parts->len)
    return NULL;
  for (guint i = 0; i < self->parts->len; i++)
    {
      g_autofree char *path = exported_path (self, i, to);
      g_autofree char *name = g_path_get_basename (path);

      json_object_set_string_member (json_array_get_object_element (parts, i), "file", name);
    }
  return json_to_string (json_parser_get_root (parser), TRUE);
}

static gboolean
put (const char *path, const void *data, gsize length, const OflBackupPlace *to, GPtrArray *made,
     GError **error)
{
  if (!ofl_file_write (path, data, length, 0600, to->overwrite, error))
    return FALSE;
  g_ptr_array_add (made, g_strdup (path));
  return TRUE;
}

static gboolean
put_all (const OflStoredBackup *self, const OflBackupPlace *to, GPtrArray *made, GError **error)
{
  g_autofree char *manifest = make_manifest (self, to->file);
  g_autofree char *path = ofl_backup_companion (to->file, NULL);

  if (manifest == NULL)
    {
      ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The manifest %s cannot be read any more."),
                     self->manifest_path);
      return FALSE;
    }
  for (guint i = 0; i < self->parts->len; i++)
    {
      g_autoptr (GBytes) raw = read_file (self, ofl_stored_backup_get_part (self, i), error);
      g_autofree char *part = exported_path (self, i, to->file);

      if (raw == NULL
          || !put (part, g_bytes_get_data (raw, NULL), g_bytes_get_size (raw), to, made, error))
        return FALSE;
    }
  return put (path, manifest, strlen (manifest), to, made, error);
}

static guint64
count_bytes (const OflStoredBackup *self)
{
  guint64 bytes = 0;

  for (guint i = 0; i < self->parts->len; i++)
    bytes += ofl_stored_backup_get_part (self, i)->bytes;
  return bytes;
}

/**
 * ofl_stored_backup_export:
 * @self: a stored backup
 * @to: a place with a file
 * @error: return location
 *
 * Copies it with all its parts and its manifest, as ofl_backup_store() would have stored them there;
 * only when every file is what the manifest says. Nothing is left there when it cannot be copied as
 * a whole, but for files that replaced others. Blocks.
 *
 * Returns: (transfer full): the new main file, or %NULL with the error of
 *   ofl_stored_backup_verify() or of ofl_backup_place_check()
 */
char *
ofl_stored_backup_export (const OflStoredBackup *self, const OflBackupPlace *to, GError **error)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);

  if (!ofl_stored_backup_verify (self, error)
      || !ofl_backup_place_check (to, count_bytes (self), error))
    return NULL;
  if (put_all (self, to, made, error))
    return g_strdup (to->file);
  for (guint i = 0; !to->overwrite && i < made->len; i++)
    g_unlink (g_ptr_array_index (made, i));
  return NULL;
}

/* Where the folder really is, links resolved; among the backups of @dir, or not. */
static gboolean
is_inside (const char *folder, const char *dir)
{
  static const char *const places[]
      = { "", OFL_BACKUP_EVIDENCE_DIR, OFL_BACKUP_PRACTICE_DIR,
          OFL_BACKUP_PRACTICE_DIR G_DIR_SEPARATOR_S OFL_BACKUP_EVIDENCE_DIR };
  char *real_folder = realpath (folder, NULL);
  char *real_dir = realpath (dir, NULL);
  gboolean inside = FALSE;

  if (real_folder != NULL && real_dir != NULL)
    {
      g_autofree char *parent = g_path_get_dirname (real_folder);

      for (guint i = 0; i < G_N_ELEMENTS (places); i++)
        {
          g_autofree char *place = g_build_filename (real_dir, places[i], NULL);

          inside |= g_str_equal (parent, place);
        }
    }
  free (real_folder);
  free (real_dir);
  return inside;
}

/* What it leads to is another backup, or the same one by another name. */
static gboolean
is_link (const char *path)
{
  GStatBuf st;

  return g_lstat (path, &st) == 0 && S_ISLNK (st.st_mode);
}

/**
 * ofl_stored_backup_may_delete:
 * @self: a stored backup; it need not be readable
 * @dir: the folder for backups
 * @error: return location
 *
 * Returns: whether it has a folder of its own in @dir, with links resolved, that is no link itself;
 *   %FALSE with %OFL_ERROR_NOT_SUPPORTED
 */
gboolean
ofl_stored_backup_may_delete (const OflStoredBackup *self, const char *dir, GError **error)
{
  g_autofree char *folder = folder_of (self);

  if (self->own_folder && is_link (folder))
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("%s is no folder, but a link to one. Nothing was deleted."), folder);
      return FALSE;
    }
  if (self->own_folder && is_inside (folder, dir))
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("%s is no backup in the folder for backups, %s. Nothing was deleted."),
                 self->own_folder ? folder : self->manifest_path, dir);
  return FALSE;
}

static gboolean
fail_to_delete (const char *path, int code, GError **error)
{
  ofl_set_error (error, OFL_ERROR_STORAGE, _ ("%s cannot be deleted: %s."), path,
                 ofl_errno_words (code));
  return FALSE;
}

/**
 * ofl_stored_backup_is_part_file:
 * @file: a file's name
 *
 * Returns: whether a part of a backup with a folder of its own, or of evidence, has that name: what
 *   the families' plans call what they read
 */
gboolean
ofl_stored_backup_is_part_file (const char *file)
{
  static const char *const names[] = { "flash",  "eeprom",       "firmware",    "MAIN",
                                       "CORE",   "inquiry",      "003000",      "1EC000",
                                       "1F0000", "feature-010C", "feature-0108" };
  gsize prefix
      = g_str_has_prefix (file, OFL_BACKUP_EVIDENCE_PART) ? strlen (OFL_BACKUP_EVIDENCE_PART) : 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *part = g_strconcat (names[i], OFL_BACKUP_PART_END, NULL);

      if (g_str_equal (file + prefix, part))
        return TRUE;
    }
  return FALSE;
}

/* The names of the files to delete. Without a manifest nobody can tell what somebody has put beside a
 * backup, or whether it is one. */
static GPtrArray *
list_files (const OflStoredBackup *self, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) listing = NULL;
  const char *name;

  for (guint i = 0; self->unreadable == NULL && i < self->parts->len; i++)
    g_ptr_array_add (files, g_strdup (ofl_stored_backup_get_part (self, i)->file));
  if (self->unreadable == NULL)
    return g_steal_pointer (&files);
  listing = g_dir_open (folder, 0, NULL);
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (ofl_stored_backup_is_part_file (name))
      g_ptr_array_add (files, g_strdup (name));
    else if (!g_str_equal (name, OFL_BACKUP_MANIFEST))
      {
        ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                       _ ("The folder %s has no manifest that can be read, and holds “%s”, which "
                          "is no file of a backup. Nothing was deleted."),
                       folder, name);
        return NULL;
      }
  return g_steal_pointer (&files);
}

/* What is deleted is what a backup is made of, and nothing that somebody has put beside it. */
static gboolean
delete_parts (const OflStoredBackup *self, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) files = list_files (self, folder, error);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (files, i), NULL);

      if (g_unlink (path) != 0 && errno != ENOENT)
        return fail_to_delete (path, errno, error);
    }
  return files != NULL;
}

/**
 * ofl_stored_backup_delete:
 * @self: a stored backup; it need not be readable
 * @dir: the folder for backups that it has to be in
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 * @folder_stays: (out): whether its folder holds other files, too, and was left there with them
 * @error: return location
 *
 * Deletes the files that its manifest names, the manifest last. Without a manifest that can be read
 * the folder goes only when it holds nothing but files that are named as those of a backup. Blocks.
 *
 * Returns: %FALSE with the error of ofl_stored_backup_may_delete(), with %OFL_ERROR_BUSY and the
 *   sentence of ofl_stored_backup_why_needed(), with %OFL_ERROR_NOT_SUPPORTED when there is no
 *   manifest and something else is in the folder, or with %OFL_ERROR_STORAGE
 */
gboolean
ofl_stored_backup_delete (const OflStoredBackup *self, const char *dir, const char *state_dir,
                          gboolean *folder_stays, GError **error)
{
  g_autofree char *folder = folder_of (self);
  g_autofree char *parent = g_path_get_dirname (folder);
  const char *why_needed;

  *folder_stays = FALSE;
  if (!ofl_stored_backup_may_delete (self, dir, error))
    return FALSE;
  /* here, and not only before anybody is asked: a job may have begun meanwhile */
  why_needed = ofl_stored_backup_why_needed (self, state_dir);
  if (why_needed != NULL)
    {
      ofl_set_error (error, OFL_ERROR_BUSY, "%s", why_needed);
      return FALSE;
    }
  if (!delete_parts (self, folder, error))
    return FALSE;
  if (g_unlink (self->manifest_path) != 0 && errno != ENOENT)
    return fail_to_delete (self->manifest_path, errno, error);
  if (g_rmdir (folder) != 0)
    {
      if (errno != ENOTEMPTY && errno != EEXIST)
        return fail_to_delete (folder, errno, error);
      *folder_stays = TRUE;
    }
  ofl_folder_sync (parent);
  return TRUE;
}
