/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders: room for the backup, and a journal that can be written. */
#include "flash/ofl-preflight-private.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-journal.h"
#include "scsi/ofl-error.h"

/**
 * ofl_preflight_backup_dir:
 * @target: a drive
 * @options: a job's options
 *
 * Practice drives have a folder of their own: what they hold must not be taken for a backup.
 *
 * Returns: (transfer full): the folder for its backups, as an absolute path
 */
char *
ofl_preflight_backup_dir (const OflTarget *target, const OflJobOptions *options)
{
  g_autofree char *dir = options->backup_dir != NULL
                             ? g_strdup (options->backup_dir)
                             : ofl_backup_default_dir (ofl_target_is_practice (target));

  return g_canonicalize_filename (dir, NULL);
}

static guint64
count_bytes (const OflPlan *plan)
{
  guint64 bytes = 0;

  for (guint i = 0; i < ofl_plan_get_n_captures (plan); i++)
    bytes += ofl_plan_get_capture_size (plan, (int) i);
  return bytes;
}

static gboolean
check_room (const OflBackupPlace *place, const OflPlan *read_plan, guint64 taken, GError **error)
{
  return ofl_backup_place_check (place, count_bytes (read_plan) + taken, error);
}

/**
 * ofl_preflight_room:
 * @place: where a backup goes
 * @read_plan: how the drive is read
 * @error: return location
 *
 * Whether what is read can be stored there, before anything is read.
 *
 * Returns: %FALSE with the error of ofl_backup_place_check()
 */
gboolean
ofl_preflight_room (const OflBackupPlace *place, const OflPlan *read_plan, GError **error)
{
  return check_room (place, read_plan, 0, error);
}

/**
 * ofl_preflight_room_remedy:
 *
 * Returns: what to do when a folder for backups has no room or is closed
 */
const char *
ofl_preflight_room_remedy (void)
{
  return _ ("Make room in that folder or mend its permissions, or "
            "⟦backup-dir⟧, and start again. The drive is as it was.");
}

/* Where nothing is read nothing is stored. */
void
ofl_preflight_add_room (GPtrArray *checks, const OflPreflight *self)
{
  const char *id = ofl_snapshot_get_family (self->drive);
  const OflFamily *family = id != NULL ? ofl_families_find (id) : NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_auto (OflBackupPlace) place = { 0 };
  g_autofree char *size = NULL;
  g_autoptr (GError) error = NULL;
  guint64 taken;

  if (family == NULL
      || !ofl_preflight_may_read (self->drive, self->options->choices,
                                  OFL_CAP_READ | OFL_CAP_READ_EEPROM))
    return;
  plan = ofl_family_plan_read (family, self->drive, self->options->choices, &error);
  if (plan == NULL)
    {
      ofl_checks_add (checks, "room", OFL_CHECK_BLOCKS, OFL_SAY ("%s", ofl_error_text (error)),
                      NULL);
      return;
    }
  place.dir = ofl_preflight_backup_dir (self->target, self->options);
  taken = self->sources != NULL ? self->sources->taken : 0;
  if (!check_room (&place, plan, taken, &error))
    {
      ofl_checks_add (checks, "room", OFL_CHECK_BLOCKS, OFL_SAY ("%s", ofl_error_text (error)),
                      ofl_preflight_room_remedy ());
      return;
    }
  size = g_format_size (count_bytes (plan));
  /* Translators: a folder, and a size */
  ofl_checks_add (checks, "room", OFL_CHECK_OK,
                  OFL_SAY (_ ("The folder for backups, %s, has room for the %s of this drive."),
                           place.dir, size),
                  NULL);
}

/* A job is refused where not a block can be written, and may run out of room later. */
void
ofl_preflight_add_journal (GPtrArray *checks, const char *state_dir, guint64 taken)
{
  g_autofree char *dir = ofl_journal_dir (state_dir);
  g_autoptr (GError) error = NULL;

  if (!ofl_journal_check (state_dir, &error))
    ofl_checks_add (checks, "journal", OFL_CHECK_BLOCKS, OFL_SAY ("%s", ofl_error_text (error)),
                    _ ("Mend the permissions of that folder, or make room in it."));
  else if (!ofl_journal_check_room (state_dir, taken, &error))
    ofl_checks_add (checks, "journal", OFL_CHECK_CAUTION, OFL_SAY ("%s", ofl_error_text (error)),
                    _ ("Make room in that folder: the journal of the write may lose its end."));
  else
    ofl_checks_add (checks, "journal", OFL_CHECK_OK,
                    OFL_SAY (_ ("The journal of the write can be kept in %s."), dir), NULL);
}
