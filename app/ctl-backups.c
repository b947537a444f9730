/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl backups: those that are stored, and which one is meant. */
#include "ctl-backups.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl-output.h"
#include "scsi/ofl-error.h"

/**
 * ofl_ctl_backups_dir:
 * @ctl: the command line
 *
 * Returns: (transfer full): the folder in which all backups are, those of practice drives below it
 */
char *
ofl_ctl_backups_dir (const OflCtl *ctl)
{
  return ctl->backup_dir != NULL ? g_canonicalize_filename (ctl->backup_dir, NULL)
                                 : ofl_backup_default_dir (FALSE);
}

static GPtrArray *
list_all (OflCtl *ctl, GError **error)
{
  g_autofree char *dir = ofl_ctl_backups_dir (ctl);

  return ofl_stored_backup_list (dir, error);
}

static OflStoredBackup *
take_named (GPtrArray *backups, const char *name)
{
  for (guint i = 0; i < backups->len; i++)
    if (g_str_equal (((OflStoredBackup *) g_ptr_array_index (backups, i))->name, name))
      return g_ptr_array_steal_index (backups, i);
  return NULL;
}

static void
set_no_backup (GPtrArray *backups, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *meant;

  for (guint i = 0; i < backups->len; i++)
    g_ptr_array_add (names, ((OflStoredBackup *) g_ptr_array_index (backups, i))->name);
  g_ptr_array_add (names, NULL);
  meant = ofl_ctl_closest (name, (const char *const *) names->pdata);
  if (meant != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("There is no backup “%s”. Did you mean “%s”?"), name, meant);
  else
    g_set_error (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        _ ("There is no backup “%s”. “optiflashctl backups” lists those that there are; one "
           "that is stored elsewhere is named by its file."),
        name);
}

/**
 * ofl_ctl_find_backup:
 * @ctl: the command line
 * @name: a backup's name in the list, or the path of its folder, its manifest or its main file
 * @error: return location
 *
 * Returns: (transfer full): the backup, which need not be readable; %NULL with %G_OPTION_ERROR when
 *   there is none of that name
 */
OflStoredBackup *
ofl_ctl_find_backup (OflCtl *ctl, const char *name, GError **error)
{
  g_autoptr (GPtrArray) backups = list_all (ctl, error);
  OflStoredBackup *found;

  if (backups == NULL)
    return NULL;
  found = take_named (backups, name);
  if (found == NULL && g_file_test (name, G_FILE_TEST_EXISTS))
    found = ofl_stored_backup_open (name);
  if (found == NULL)
    set_no_backup (backups, name, error);
  return found;
}

static char *
describe_time (const OflStoredBackup *backup)
{
  g_autoptr (GDateTime) local = g_date_time_to_local (backup->made);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
}

static char *
describe_drive (const OflStoredBackup *backup)
{
  g_autofree char *name = g_strdup_printf ("%s %s", backup->vendor, backup->product);

  return g_strdup (g_strstrip (name));
}

/**
 * ofl_ctl_describe_backup:
 * @backup: a backup that can be read
 *
 * Returns: (transfer full): of which drive it is, its revision, and when it was made
 */
char *
ofl_ctl_describe_backup (const OflStoredBackup *backup)
{
  g_autofree char *drive = describe_drive (backup);
  g_autofree char *when = describe_time (backup);

  return g_strdup_printf (_ ("%s, serial %s, revision %s, made %s"), drive,
                          *backup->serial != '\0' ? backup->serial : _ ("unknown"),
                          backup->revision, when);
}

static const char *
describe_kind (const OflStoredBackup *backup)
{
  if (backup->unreadable != NULL)
    return _ ("cannot be read");
  if (backup->evidence)
    return backup->practice ? _ ("evidence of damage, practice") : _ ("evidence of damage");
  return backup->practice ? _ ("backup, practice") : _ ("backup");
}

enum {
  COLUMN_MADE,
  COLUMN_DRIVE,
  COLUMN_REVISION,
  COLUMN_SERIAL,
  COLUMN_KIND,
  COLUMN_NAME,
  N_COLUMNS,
};

static char **
make_row (const OflStoredBackup *backup)
{
  gboolean readable = backup->unreadable == NULL;
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[COLUMN_MADE] = readable ? describe_time (backup) : g_strdup ("–");
  row[COLUMN_DRIVE] = readable ? describe_drive (backup) : g_strdup ("–");
  row[COLUMN_REVISION] = g_strdup (readable ? backup->revision : "–");
  row[COLUMN_SERIAL] = g_strdup (readable ? backup->serial : "–");
  row[COLUMN_KIND] = g_strdup (describe_kind (backup));
  row[COLUMN_NAME] = g_strdup (backup->name);
  return row;
}

static void
print_warnings (const OflStoredBackup *backup)
{
  for (guint i = 0; i < backup->parts->len; i++)
    {
      const OflStoredPart *part = ofl_stored_backup_get_part (backup, i);

      if (*part->warning != '\0')
        g_print ("\n%s, %s: %s\n", backup->name, part->name, _ (part->warning));
    }
}

static void
print_table (GPtrArray *backups)
{
  const char *titles[]
      = { _ ("MADE"), _ ("DRIVE"), _ ("REVISION"), _ ("SERIAL"), _ ("KIND"), _ ("BACKUP"), NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < backups->len; i++)
    g_ptr_array_add (rows, make_row (g_ptr_array_index (backups, i)));
  ofl_ctl_print_table (titles, rows);
  for (guint i = 0; i < backups->len; i++)
    {
      const OflStoredBackup *backup = g_ptr_array_index (backups, i);

      if (backup->unreadable != NULL)
        g_print ("\n%s: %s\n", backup->name, _ (backup->unreadable));
      else if (backup->evidence)
        g_print (_ ("\n%s: kept for study and never written to a drive: %s\n"), backup->name,
                 backup->damage);
      else
        print_warnings (backup);
    }
}

static void
add_ranges (JsonBuilder *builder, const OflStoredPart *part)
{
  json_builder_set_member_name (builder, "ranges");
  json_builder_begin_array (builder);
  for (guint i = 0; i < part->ranges->len; i++)
    {
      const OflStoredRange *range = &g_array_index (part->ranges, OflStoredRange, i);

      json_builder_begin_object (builder);
      ofl_ctl_json_int (builder, "start", (gint64) range->start);
      ofl_ctl_json_int (builder, "bytes", (gint64) range->bytes);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_parts (JsonBuilder *builder, const OflStoredBackup *backup)
{
  json_builder_set_member_name (builder, "parts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < backup->parts->len; i++)
    {
      const OflStoredPart *part = ofl_stored_backup_get_part (backup, i);

      json_builder_begin_object (builder);
      ofl_ctl_json_string (builder, "name", part->name);
      ofl_ctl_json_bool (builder, "firmware", part->firmware);
      ofl_ctl_json_string (builder, "file", part->file);
      ofl_ctl_json_string (builder, "warning", *part->warning != '\0' ? part->warning : NULL);
      ofl_ctl_json_int (builder, "bytes", (gint64) part->bytes);
      ofl_ctl_json_string (builder, "sha256", part->hashes.sha256);
      ofl_ctl_json_string (builder, "sha1", part->hashes.sha1);
      ofl_ctl_json_string (builder, "md5", part->hashes.md5);
      ofl_ctl_json_string (builder, "crc32", part->hashes.crc32);
      add_ranges (builder, part);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * ofl_ctl_json_backup:
 * @builder: an open object
 * @backup: a stored backup
 *
 * Adds all that its manifest tells, or why it tells nothing.
 */
void
ofl_ctl_json_backup (JsonBuilder *builder, const OflStoredBackup *backup)
{
  ofl_ctl_json_string (builder, "name", backup->name);
  ofl_ctl_json_string (builder, "path", backup->path);
  ofl_ctl_json_string (builder, "manifest", backup->manifest_path);
  ofl_ctl_json_bool (builder, "readable", backup->unreadable == NULL);
  ofl_ctl_json_string (builder, "why", backup->unreadable != NULL ? _ (backup->unreadable) : NULL);
  if (backup->unreadable != NULL)
    return;
  ofl_ctl_json_bool (builder, "evidence", backup->evidence);
  ofl_ctl_json_string (builder, "damage", backup->damage);
  ofl_ctl_json_bool (builder, "practice", backup->practice);
  ofl_ctl_json_string (builder, "made", backup->made_text);
  ofl_ctl_json_string (builder, "vendor", backup->vendor);
  ofl_ctl_json_string (builder, "product", backup->product);
  ofl_ctl_json_string (builder, "revision", backup->revision);
  ofl_ctl_json_string (builder, "serial", backup->serial);
  ofl_ctl_json_string (builder, "firmware_date", backup->firmware_date);
  ofl_ctl_json_string (builder, "family", backup->family);
  ofl_ctl_json_string (builder, "hardware_mark", backup->mark);
  ofl_ctl_json_string (builder, "where", backup->where);
  ofl_ctl_json_string (builder, "verified", backup->verified);
  ofl_ctl_json_string (builder, "program", backup->program);
  add_parts (builder, backup);
}

static void
print_all (OflCtl *ctl, GPtrArray *backups)
{
  g_autofree char *dir = ofl_ctl_backups_dir (ctl);

  if (!ctl->json && backups->len == 0)
    g_print (_ ("No backup is stored in %s.\n"), dir);
  else if (!ctl->json)
    print_table (backups);
  for (guint i = 0; ctl->json && i < backups->len; i++)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("backup");

      ofl_ctl_json_backup (builder, g_ptr_array_index (backups, i));
      ofl_ctl_json_end (builder);
    }
}

/* @drive: (nullable): else @serial decides, which a drive has that need not be there */
static gboolean
is_of (const OflStoredBackup *backup, const char *serial, OflDrive *drive)
{
  OflBackupOwner owner;

  if (backup->unreadable != NULL)
    return FALSE;
  if (drive == NULL)
    return g_str_equal (backup->serial, serial);
  owner = ofl_stored_backup_owner (backup, ofl_drive_get_snapshot (drive));
  return owner == OFL_BACKUP_OWNER_SAME || owner == OFL_BACKUP_OWNER_UNTOLD;
}

static guint
drop_others (GPtrArray *backups, const char *serial, OflDrive *drive)
{
  for (guint i = backups->len; i > 0; i--)
    if (!is_of (g_ptr_array_index (backups, i - 1), serial, drive))
      g_ptr_array_remove_index (backups, i - 1);
  return backups->len;
}

static gboolean
has_serial (GPtrArray *backups, const char *serial)
{
  for (guint i = 0; i < backups->len; i++)
    if (is_of (g_ptr_array_index (backups, i), serial, NULL))
      return TRUE;
  return FALSE;
}

/* Leaves those in the list that are the named drive's; a serial may be that of a drive which is not
 * there any more. */
static gboolean
choose_drive (OflCtl *ctl, GPtrArray *backups, const char *name, int *exit_status)
{
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (GError) error = NULL;

  if (!has_serial (backups, name))
    {
      drive = ofl_ctl_find_drive (ctl, name, &error);
      if (drive == NULL)
        {
          *exit_status = ofl_ctl_fail_error (ctl, error);
          return FALSE;
        }
      if (!ofl_ctl_check_usable (ctl, drive, exit_status))
        return FALSE;
    }
  if (drop_others (backups, name, drive) > 0)
    return TRUE;
  *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_FAILED, _ ("No backup of this drive is stored here."),
                               _ ("“optiflashctl backup” makes one."));
  return FALSE;
}

/* Leaves the one that is named, or those of the drive that is named. */
static gboolean
choose (OflCtl *ctl, GPtrArray *backups, const char *name, int *exit_status)
{
  OflStoredBackup *found = take_named (backups, name);

  if (found == NULL && ctl->verify && g_file_test (name, G_FILE_TEST_IS_REGULAR))
    found = ofl_stored_backup_open (name);
  if (found == NULL)
    return choose_drive (ctl, backups, name, exit_status);
  g_ptr_array_set_size (backups, 0);
  g_ptr_array_add (backups, found);
  return TRUE;
}

static int
do_with_one (OflCtl *ctl, const char *name)
{
  g_autoptr (OflStoredBackup) backup = NULL;
  g_autoptr (GError) error = NULL;

  if (name == NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("Which backup is meant?"),
                         _ ("Name one; “optiflashctl backups” lists them."));
  backup = ofl_ctl_find_backup (ctl, name, &error);
  if (backup == NULL)
    return ofl_ctl_fail_error (ctl, error);
  return ctl->delete ? ofl_ctl_delete_backup (ctl, backup) : ofl_ctl_export_backup (ctl, backup);
}

/**
 * ofl_ctl_backups:
 * @ctl: the command line
 * @args: a drive, or a backup, or nothing
 *
 * Lists what is stored; with --verify holds the files against their manifests; with --export copies
 * one; with --delete deletes one.
 *
 * Returns: exit status
 */
int
ofl_ctl_backups (OflCtl *ctl, char **args)
{
  g_autoptr (GPtrArray) backups = NULL;
  g_autoptr (GError) error = NULL;
  int exit_status;

  if (ctl->verify + ctl->delete + (ctl->export != NULL) > 1)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE,
                         _ ("--verify, --export and --delete are done one at a time."), NULL);
  if (ctl->delete || ctl->export != NULL)
    return do_with_one (ctl, args[0]);
  backups = list_all (ctl, &error);
  if (backups == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (args[0] != NULL && !choose (ctl, backups, args[0], &exit_status))
    return exit_status;
  if (ctl->verify && backups->len > 0)
    return ofl_ctl_verify_backups (ctl, backups);
  print_all (ctl, backups);
  return OFL_EXIT_DONE;
}
