/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup: read twice, compared, hashed, stored with the drive's serial before anything
 * dangerous happens. */
#include "flash/ofl-backup.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "firmware/ofl-hashes.h"
#include "scsi/ofl-error.h"

/**
 * ofl_backup_default_dir:
 *
 * Returns: (transfer full): the user's folder for backups
 */
char *
ofl_backup_default_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "optiflash", "backups", NULL);
}

/**
 * ofl_backup_free:
 * @self: (transfer full): a backup
 */
void
ofl_backup_free (OflBackup *self)
{
  g_free (self->path);
  g_free (self->manifest_path);
  g_bytes_unref (self->flash);
  g_free (self);
}

static gboolean
run_once (OflRun *run, const OflPlan *plan, GError **error)
{
  ofl_run_execute (run, plan);
  if (run->end == OFL_RUN_DONE)
    return TRUE;
  if (run->end == OFL_RUN_CANCELLED)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  else
    g_propagate_error (error, g_error_copy (run->error));
  return FALSE;
}

static gboolean
equal_parts (const OflPlan *plan, const GPtrArray *a, const GPtrArray *b, GError **error)
{
  for (guint i = 0; i < a->len; i++)
    {
      const GByteArray *x = g_ptr_array_index (a, i);
      const GByteArray *y = g_ptr_array_index (b, i);
      guint at = 0;

      while (at < MIN (x->len, y->len) && x->data[at] == y->data[at])
        at++;
      if (x->len == y->len && at == x->len)
        continue;
      g_set_error (error, OFL_ERROR, OFL_ERROR_MISMATCH,
                   "Two reads of “%s” differ at byte %Xh. The link to the drive is not reliable: a "
                   "cable, a USB bridge or its power. Nothing was written. Mend the connection and "
                   "try again.",
                   ofl_plan_get_capture_name (plan, (int) i), at);
      return FALSE;
    }
  return TRUE;
}

/**
 * ofl_backup_read_twice:
 * @run: a run with its first five fields set
 * @plan: a family's plan_read
 * @error: return location
 *
 * Returns: (transfer full) (element-type GByteArray): the captures, or %NULL with the executor's
 *   error, %OFL_ERROR_MISMATCH when two reads differ, or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
ofl_backup_read_twice (OflRun *run, const OflPlan *plan, GError **error)
{
  g_autoptr (GPtrArray) first = NULL;

  if (!run_once (run, plan, error))
    return NULL;
  first = g_steal_pointer (&run->data.captures);
  if (!run_once (run, plan, error) || !equal_parts (plan, first, run->data.captures, error))
    return NULL;
  return g_steal_pointer (&first);
}

static void
append_safe (GString *name, const char *text)
{
  if (*text == '\0')
    return;
  if (name->len > 0)
    g_string_append_c (name, '_');
  for (const char *p = text; *p != '\0'; p++)
    g_string_append_c (name, g_ascii_isalnum (*p) || *p == '-' || *p == '.' ? *p : '-');
}

static char *
folder_name (const OflSnapshot *drive)
{
  const OflIdentity *id = ofl_snapshot_identity (drive);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d-%H%M%S");
  GString *name = g_string_new (NULL);

  append_safe (name, id->vendor);
  append_safe (name, id->product);
  append_safe (name, id->serial);
  append_safe (name, id->revision);
  append_safe (name, stamp);
  return g_string_free (name, FALSE);
}

/* GLib writes to a temporary file, syncs it and renames it: all or nothing. */
static gboolean
write_file (const char *path, const void *data, gsize length, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents_full (path, data, (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &local))
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_NO_BACKUP,
               "The backup cannot be stored: %s. Nothing was written to the drive. Make room there "
               "or choose another folder.",
               local->message);
  return FALSE;
}

/* What is on the disk is what counts: read it back. */
static gboolean
stored_equals (const char *path, const GByteArray *data, GError **error)
{
  g_autofree char *content = NULL;
  gsize length;

  if (!g_file_get_contents (path, &content, &length, error))
    return FALSE;
  if (length == data->len && memcmp (content, data->data, length) == 0)
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_NO_BACKUP,
               "The stored backup %s does not equal what was read. The disk may be failing; choose "
               "another folder.",
               path);
  return FALSE;
}

static void
member (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

static void
add_drive (JsonBuilder *builder, const OflSnapshot *drive, const OflTarget *target)
{
  const OflIdentity *id = ofl_snapshot_identity (drive);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *at = g_date_time_format_iso8601 (now);
  g_autofree char *where = ofl_topology_describe (ofl_target_get_topology (target));

  member (builder, "made", at);
  member (builder, "vendor", id->vendor);
  member (builder, "product", id->product);
  member (builder, "revision", id->revision);
  member (builder, "serial", id->serial);
  member (builder, "firmware_date", id->firmware_date);
  member (builder, "family", ofl_snapshot_get_family (drive));
  member (builder, "hardware_mark", ofl_snapshot_get_mark (drive));
  member (builder, "state", ofl_drive_state_id (ofl_snapshot_get_state (drive)));
  member (builder, "where", where);
}

static void
add_part (JsonBuilder *builder, const char *name, const char *path, const GByteArray *data)
{
  g_autofree char *base = g_path_get_basename (path);
  OflHashes hashes;

  ofl_hashes_compute (&hashes, data->data, data->len);
  json_builder_begin_object (builder);
  member (builder, "name", name);
  member (builder, "file", base);
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, data->len);
  member (builder, "sha256", hashes.sha256);
  member (builder, "sha1", hashes.sha1);
  member (builder, "md5", hashes.md5);
  member (builder, "crc32", hashes.crc32);
  json_builder_end_object (builder);
}

static gboolean
write_manifest (JsonBuilder *builder, const char *path, GError **error)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  return write_file (path, text, strlen (text), error);
}

static char *
part_path (const char *prefix, const char *file, const char *name, guint index)
{
  if (file != NULL)
    return index == 0 ? g_strdup (file) : g_strdup_printf ("%s.%s.bin", file, name);
  return g_strdup_printf ("%s/%s.bin", prefix, name);
}

static char *
make_folder (const OflSnapshot *drive, const char *dir, GError **error)
{
  g_autofree char *name = folder_name (drive);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  guint n = 1;

  while (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_free (path);
      path = g_strdup_printf ("%s/%s-%u", dir, name, ++n);
    }
  if (g_mkdir_with_parents (path, 0700) == 0)
    return g_steal_pointer (&path);
  g_set_error (error, OFL_ERROR, OFL_ERROR_NO_BACKUP,
               "The folder %s cannot be made. Nothing was written to the drive. Choose another "
               "folder for backups.",
               path);
  return NULL;
}

/**
 * ofl_backup_store:
 * @plan: the plan that read it
 * @parts: (element-type GByteArray): what was read, one entry a capture
 * @drive: whose it is
 * @target: where it is plugged in
 * @dir: folder for backups
 * @file: (nullable): this file instead
 * @error: return location
 *
 * Stores every part and a manifest with the drive's identity and all hashes, synced to the disk,
 * and reads the main part back.
 *
 * Returns: (transfer full): the backup, or %NULL with %OFL_ERROR_NO_BACKUP
 */
OflBackup *
ofl_backup_store (const OflPlan *plan,
                  const GPtrArray *parts,
                  const OflSnapshot *drive,
                  const OflTarget *target,
                  const char *dir,
                  const char *file,
                  GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *prefix = file == NULL ? make_folder (drive, dir, error) : NULL;
  g_autofree char *main_path = NULL;
  g_autofree char *manifest = NULL;
  const GByteArray *flash = g_ptr_array_index (parts, 0);
  OflBackup *backup;

  if (file == NULL && prefix == NULL)
    return NULL;
  json_builder_begin_object (builder);
  member (builder, "format", "optiflash-backup-1");
  add_drive (builder, drive, target);
  json_builder_set_member_name (builder, "parts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < parts->len; i++)
    {
      const GByteArray *data = g_ptr_array_index (parts, i);
      const char *name = ofl_plan_get_capture_name (plan, (int) i);
      g_autofree char *path = part_path (prefix, file, name, i);

      if (!write_file (path, data->data, data->len, error)
          || (i == 0 && !stored_equals (path, data, error)))
        return NULL;
      add_part (builder, name, path, data);
      if (i == 0)
        main_path = g_strdup (path);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  manifest = file != NULL ? g_strconcat (file, ".json", NULL)
                          : g_build_filename (prefix, "manifest.json", NULL);
  if (!write_manifest (builder, manifest, error))
    return NULL;
  backup = g_new0 (OflBackup, 1);
  backup->path = g_steal_pointer (&main_path);
  backup->manifest_path = g_steal_pointer (&manifest);
  backup->flash = g_bytes_new (flash->data, flash->len);
  return backup;
}
