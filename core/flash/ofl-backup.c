/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup: read twice, compared, hashed, stored with the drive's serial before anything
 * dangerous happens. */
#include "flash/ofl-backup.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "families/ofl-families.h"
#include "firmware/ofl-evidence.h"
#include "firmware/ofl-hashes.h"
#include "flash/ofl-folder.h"
#include "flash/ofl-stored-backup.h"
#include "ofl-config.h"
#include "scsi/ofl-error.h"

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
  ofl_sentence_clear (&self->damage);
  g_free (self);
}

static gboolean
was_done (const OflRun *run, GError **error)
{
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
      ofl_set_error (error, OFL_ERROR_MISMATCH,
                     _ ("Two reads of “%s” differ at byte %Xh. Either the link to the drive (a "
                        "cable, a USB bridge or its power) is not reliable, or the drive itself "
                        "does not answer twice the same. Nothing was written. Test the link, and "
                        "try again."),
                     ofl_plan_get_capture_name (plan, (int) i), at);
      return FALSE;
    }
  return TRUE;
}

/* Two reads that are short alike are equal, and still not what was planned. */
static gboolean
whole_parts (const OflPlan *plan, const GPtrArray *parts, GError **error)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const GByteArray *part = g_ptr_array_index (parts, i);
      guint32 planned = ofl_plan_get_capture_size (plan, (int) i);

      if (part->len >= planned)
        continue;
      ofl_set_error (error, OFL_ERROR_MISMATCH,
                     g_dngettext (GETTEXT_PACKAGE,
                                  "Of “%s” only %u of %u byte came, in both reads. Nothing was "
                                  "written. Switch the drive's power off and on and try again.",
                                  "Of “%s” only %u of %u bytes came, in both reads. Nothing was "
                                  "written. Switch the drive's power off and on and try again.",
                                  planned),
                     ofl_plan_get_capture_name (plan, (int) i), part->len, planned);
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
 * Where reading needs a mode, the drive enters it once for both (ofl_run_execute_twice()).
 *
 * Returns: (transfer full) (element-type GByteArray): the captures, or %NULL with the executor's
 *   error, %OFL_ERROR_MISMATCH when two reads differ or both are short, or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
ofl_backup_read_twice (OflRun *run, const OflPlan *plan, GError **error)
{
  g_autoptr (GPtrArray) second = ofl_run_execute_twice (run, plan);

  if (!was_done (run, error) || !equal_parts (plan, run->data.captures, second, error)
      || !whole_parts (plan, run->data.captures, error))
    return NULL;
  return g_steal_pointer (&run->data.captures);
}

static gboolean
not_stored (const GError *why, GError **error)
{
  /* Translators: %s is a sentence */
  ofl_set_error (error, why->code,
                 _ ("The backup cannot be stored, and nothing was written to the drive: %s"),
                 ofl_error_text (why));
  return FALSE;
}

static gboolean
write_file (const OflBackupPlace *place, const char *path, const void *data, gsize length,
            GError **error)
{
  g_autoptr (GError) local = NULL;

  if (ofl_file_write (path, data, length, 0600, place->file != NULL && place->overwrite, &local))
    return TRUE;
  return not_stored (local, error);
}

/* What GLib says of a failure is kept as the reason, in English. */
static gboolean
read_file (const char *path, char **content, gsize *length, GError **error)
{
  gpointer before = ofl_english_begin ();
  gboolean done = g_file_get_contents (path, content, length, error);

  ofl_english_end (before);
  return done;
}

/* What is on the disk is what counts: read it back. */
static gboolean
stored_equals (const char *path, const GByteArray *data, GError **error)
{
  g_autofree char *content = NULL;
  gsize length;

  if (!read_file (path, &content, &length, error))
    return FALSE;
  if (length == data->len && memcmp (content, data->data, length) == 0)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NO_BACKUP,
                 _ ("The stored backup %s does not equal what was read. The disk may be failing; "
                    "choose another folder."),
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
  gpointer before = ofl_english_begin ();
  g_autofree char *where = ofl_topology_describe (ofl_target_get_topology (target));

  ofl_english_end (before);
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
  json_builder_set_member_name (builder, "practice");
  json_builder_add_boolean_value (builder, ofl_target_is_practice (target));
  member (builder, "verified", OFL_BACKUP_READ_TWICE);
  member (builder, "program", "Optiflash " OFL_VERSION);
}

/* Whether a part is firmware, which can be written by itself; all else belongs to this very drive. */
static gboolean
is_firmware (const OflSnapshot *drive, guint index, const GByteArray *data)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);
  g_autoptr (GBytes) bytes = NULL;

  if ((ofl_snapshot_get_caps (drive) & OFL_CAP_READ) == 0)
    return FALSE;
  if (index == 0 || family == NULL)
    return index == 0;
  bytes = g_bytes_new (data->data, data->len);
  ofl_family_parse (family, bytes, images);
  return images->len > 0;
}

/* That a way of reading is not proven stays with what was read so. */
static void
add_warning (JsonBuilder *builder, const OflSnapshot *drive, gboolean firmware)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  g_autofree char *warning
      = family != NULL ? ofl_family_warning (family, firmware ? "reads" : "eeprom") : NULL;

  if (warning != NULL)
    member (builder, "warning", warning);
}

static void
add_range (JsonBuilder *builder, guint32 start, guint32 end)
{
  if (end <= start)
    return;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "start");
  json_builder_add_int_value (builder, start);
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, end - start);
  json_builder_end_object (builder);
}

/* Which bytes of a part the drive was asked for, neighbours as one. */
static void
add_ranges (JsonBuilder *builder, const OflPlan *plan, guint capture, guint32 length)
{
  guint32 start = 0, end = 0;

  json_builder_set_member_name (builder, "ranges");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);
      guint32 at = step->capture_offset;

      if (step->kind != OFL_STEP_COMMAND || step->capture != (int) capture || at >= length)
        continue;
      if (at < start || at > end)
        {
          add_range (builder, start, end);
          start = end = at;
        }
      end = MAX (end, MIN (length, at + step->command.length));
    }
  add_range (builder, start, end);
  json_builder_end_array (builder);
}

/* Leaves the object open. */
static void
begin_part (JsonBuilder *builder, const char *name, const char *path, const GByteArray *data)
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
}

static gboolean
write_manifest (JsonBuilder *builder, const OflBackupPlace *place, const char *path, GError **error)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  return write_file (place, path, text, strlen (text), error);
}

/* Why what was read is not what a healthy drive holds; NULL when it is, or when nobody can tell
 * because the family knows no image in what it reads, or writes none. */
static char *
find_damage (const OflSnapshot *drive, const GByteArray *flash)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  OflCaps both = OFL_CAP_READ | OFL_CAP_WRITE;
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);
  g_autoptr (GBytes) bytes = NULL;

  if (family == NULL || (ofl_snapshot_get_caps (drive) & both) != both)
    return NULL;
  if (ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT)
    /* Translators: stands in brackets behind a sentence: "… is damaged (%s)." */
    return g_strdup (_ ("the drive runs its boot code only"));
  bytes = g_bytes_new (flash->data, flash->len);
  ofl_family_parse (family, bytes, images);
  if (images->len == 0)
    /* Translators: stands in brackets behind a sentence: "… is damaged (%s)." */
    return g_strdup (_ ("what was read is no whole firmware"));
  for (guint i = 0; i < ofl_image_get_n_checks (g_ptr_array_index (images, 0)); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (g_ptr_array_index (images, 0), i);

      if (check->result == OFL_IMAGE_CHECK_CHANGED)
        /* Translators: stands in brackets behind a sentence: "… is damaged (%s)."; the id of a
         * check, and what was found */
        return g_strdup_printf (_ ("it fails its own check “%s”: %s"), check->name,
                                ofl_image_check_text (check));
    }
  return NULL;
}

/* What goes into a part's file: the bytes, or the bytes as evidence. */
static gboolean
write_part (const OflBackupPlace *place, const char *path, const GByteArray *data,
            gboolean evidence, GError **error)
{
  g_autoptr (GBytes) wrapped = NULL;

  if (!evidence)
    return write_file (place, path, data->data, data->len, error);
  wrapped = ofl_evidence_wrap (data->data, data->len);
  return write_file (place, path, g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped),
                     error);
}

static char *
part_path (const char *prefix, const char *file, const char *name, guint index)
{
  if (file != NULL)
    return index == 0 ? g_strdup (file) : ofl_backup_companion (file, name);
  return g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s" OFL_BACKUP_PART_END, prefix, name);
}

/* Writes every part, and tells of it in the manifest; the path of the main one, or NULL. A @prefix is
 * the folder; without one the place names a file. */
static char *
store_parts (JsonBuilder *builder, const OflPlan *plan, const GPtrArray *parts,
             const OflSnapshot *drive, const OflBackupPlace *place, const char *prefix,
             gboolean damaged, GError **error)
{
  const char *file = prefix == NULL ? place->file : NULL;
  g_autofree char *main_path = NULL;

  json_builder_set_member_name (builder, "parts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < parts->len; i++)
    {
      const GByteArray *data = g_ptr_array_index (parts, i);
      const char *name = ofl_plan_get_capture_name (plan, (int) i);
      gboolean firmware = is_firmware (drive, i, data);
      g_autofree char *title = g_strconcat (damaged ? OFL_BACKUP_EVIDENCE_PART : "", name, NULL);
      g_autofree char *path = part_path (prefix, file, title, i);

      if (!write_part (place, path, data, damaged, error)
          || (!damaged && !stored_equals (path, data, error)))
        return NULL;
      begin_part (builder, name, path, data);
      member (builder, "kind", firmware ? "firmware" : "unit");
      add_warning (builder, drive, firmware);
      add_ranges (builder, plan, i, data->len);
      json_builder_end_object (builder);
      if (i == 0)
        main_path = g_strdup (path);
    }
  json_builder_end_array (builder);
  return g_steal_pointer (&main_path);
}

static char *
make_folder (const OflSnapshot *drive, const char *dir, GError **error)
{
  g_autofree char *name = ofl_backup_name (drive);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (GError) local = NULL;
  guint n = 1;

  while (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_free (path);
      path = g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s-%u", dir, name, ++n);
    }
  if (ofl_folder_make (path, &local))
    return g_steal_pointer (&path);
  not_stored (local, error);
  return NULL;
}

/**
 * ofl_backup_store:
 * @plan: the plan that read it
 * @parts: (element-type GByteArray): what was read, one entry a capture
 * @drive: whose it is
 * @target: where it is plugged in
 * @place: where it goes
 * @error: return location
 *
 * Stores every part and a manifest with the drive's identity, all hashes and the warnings that are
 * due, synced to the disk, and reads every part back. What was read from a damaged flash is stored as evidence: in the
 * folder "evidence" of the place's, behind a page of text, with the reason; its hashes are those of the
 * bytes as read.
 *
 * Returns: (transfer full): the backup, or %NULL with %OFL_ERROR_EXISTS, %OFL_ERROR_STORAGE or
 *   %OFL_ERROR_NO_BACKUP
 */
OflBackup *
ofl_backup_store (const OflPlan *plan, const GPtrArray *parts, const OflSnapshot *drive,
                  const OflTarget *target, const OflBackupPlace *place, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const GByteArray *flash = g_ptr_array_index (parts, 0);
  g_auto (OflSentence) damage = OFL_SENTENCE (find_damage (drive, flash));
  gboolean damaged = damage.shown != NULL;
  g_autofree char *apart = damaged ? g_build_filename (place->dir, OFL_BACKUP_EVIDENCE_DIR, NULL)
                                   : NULL;
  const char *file = !damaged ? place->file : NULL;
  g_autofree char *prefix = NULL;
  g_autofree char *main_path = NULL;
  g_autofree char *manifest = NULL;
  OflBackup *backup;

  if (file == NULL)
    prefix = make_folder (drive, apart != NULL ? apart : place->dir, error);
  if (file == NULL && prefix == NULL)
    return NULL;
  json_builder_begin_object (builder);
  member (builder, "format", damaged ? OFL_BACKUP_FORMAT_EVIDENCE : OFL_BACKUP_FORMAT);
  if (damaged)
    member (builder, "damage", damage.english);
  add_drive (builder, drive, target);
  main_path = store_parts (builder, plan, parts, drive, place, prefix, damaged, error);
  if (main_path == NULL)
    return NULL;
  json_builder_end_object (builder);
  manifest = file != NULL ? ofl_backup_companion (file, NULL)
                          : g_build_filename (prefix, OFL_BACKUP_MANIFEST, NULL);
  if (!write_manifest (builder, place, manifest, error))
    return NULL;
  backup = g_new0 (OflBackup, 1);
  backup->path = g_steal_pointer (&main_path);
  backup->manifest_path = g_steal_pointer (&manifest);
  backup->flash = g_bytes_new (flash->data, flash->len);
  backup->damage = ofl_sentence_copy (&damage);
  return backup;
}
