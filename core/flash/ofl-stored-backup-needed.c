/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a stored backup may go away: what the journals tell of jobs that run, and of writes that left
 * their drive in need of something. */
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "flash/ofl-history.h"
#include "flash/ofl-recovery.h"
#include "flash/ofl-stored-backup.h"

/* With links resolved, as far as it is there. */
static char *
real_folder_of (const char *file)
{
  g_autofree char *folder = g_path_get_dirname (file);
  char *real = realpath (folder, NULL);
  char *copy = g_strdup (real != NULL ? real : folder);

  free (real);
  return copy;
}

static gboolean
is_in (const char *file, const char *folder)
{
  g_autofree char *own = file != NULL && *file != '\0' ? real_folder_of (file) : NULL;

  return g_strcmp0 (own, folder) == 0;
}

/* @location: for g_file_parse_name(), or "" */
static gboolean
is_location_in (const char *location, const char *folder)
{
  g_autoptr (GFile) file = *location != '\0' ? g_file_parse_name (location) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  return is_in (path, folder);
}

/* By the folder: what a manifest that is damaged calls its main file nobody knows. */
static gboolean
uses (const OflPastJob *past, const char *folder)
{
  return is_in (past->job->backup_path, folder) || is_in (past->evidence, folder)
         || is_location_in (past->job->image_file, folder)
         || is_location_in (past->job->image_with, folder);
}

/* Where the job's own backup is gone, or none was made, any of the same drive is what it can be mended
 * with. */
static gboolean
may_mend (const OflStoredBackup *self, const OflPastJob *past)
{
  return self->unreadable == NULL && !self->evidence && past->job->stage >= OFL_UNFINISHED_DANGER
         && !past->job->backup_there && *self->serial != '\0'
         && g_str_equal (self->serial, past->job->serial)
         && g_str_equal (self->family, past->job->family);
}

static const char *
why_running (const OflStoredBackup *self, const OflPastJob *past, const char *folder)
{
  if (uses (past, folder))
    return _ ("A job that is running needs this backup. Nothing was deleted.");
  /* a manifest is written last */
  if (self->unreadable != NULL && !g_file_test (self->manifest_path, G_FILE_TEST_EXISTS))
    return _ ("A job is running, and this may be the backup that it is storing. Nothing was "
              "deleted.");
  return NULL;
}

static const char *
why_open (const OflStoredBackup *self, const OflPastJob *past, const char *folder)
{
  if (uses (past, folder) && past->state == OFL_PAST_ENDED)
    return _ (
        "A write that ended without success began with this backup, and its drive may have to "
        "be mended with it. Nothing was deleted.");
  if (uses (past, folder))
    return _ ("A write that never ended began with this backup, and may have to be mended "
              "with it. Nothing was deleted.");
  if (may_mend (self, past))
    return _ (
        "The last write to the drive that this backup was made of broke off, and the drive may "
        "have to be mended with it. Nothing was deleted.");
  return NULL;
}

/**
 * ofl_stored_backup_why_needed:
 * @self: a backup
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 *
 * A job that runs may need its backup at any moment, and a drive whose write broke off, or ended and
 * left it in need of recovery, is mended from it until a later write succeeds. Blocks: it reads the
 * journals.
 *
 * Returns: (nullable): why it must not be deleted now, a sentence; %NULL when it may be
 */
const char *
ofl_stored_backup_why_needed (const OflStoredBackup *self, const char *state_dir)
{
  g_autoptr (GPtrArray) jobs = ofl_history_read (state_dir);
  g_autofree char *folder = real_folder_of (self->manifest_path);
  const char *why = NULL;

  for (guint i = 0; why == NULL && i < jobs->len; i++)
    {
      const OflPastJob *past = g_ptr_array_index (jobs, i);

      if (past->state == OFL_PAST_RUNNING)
        why = why_running (self, past, folder);
      else if (ofl_recovery_is_open (jobs, i))
        why = why_open (self, past, folder);
    }
  return why;
}
