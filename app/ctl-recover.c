/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl recover: what is known of a write that broke off, in which state its drive is, and the way
 * back, with image and backup already chosen. It is written as any firmware is. */
#include "ctl-run.h"

#include <glib/gi18n.h>

#include "ctl-backups.h"
#include "ctl-output.h"
#include "ctl-unfinished.h"
#include "flash/ofl-recovery.h"
#include "scsi/ofl-error.h"

typedef struct {
  OflCtl *ctl;
  const char *name; /* as it was typed */
  OflDrive *drive;  /* NULL when it is gone */
  OflUnfinished *job;
  gboolean ended; /* the job has an end */
  OflUnfinished *record; /* of a job that never ended, which can be closed; NULL: there is none */
  char *reminder;        /* it, as “log --dismiss” takes it */
  char *backup_dir;
  char *state_dir;
  char *why;
  OflRecovery *found;
} Recover;

static void
recover_clear (Recover *self)
{
  g_clear_object (&self->drive);
  g_clear_pointer (&self->job, ofl_unfinished_free);
  g_clear_pointer (&self->found, ofl_recovery_free);
  g_clear_pointer (&self->record, ofl_unfinished_free);
  g_free (self->reminder);
  g_free (self->backup_dir);
  g_free (self->state_dir);
  g_free (self->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recover, recover_clear)

static OflSnapshot *
snapshot_of (const Recover *self)
{
  return self->drive != NULL ? ofl_drive_get_snapshot (self->drive) : NULL;
}

static gboolean
is_practice (const Recover *self)
{
  return self->drive != NULL && ofl_target_is_practice (ofl_drive_get_target (self->drive));
}

/* Where the drive is, for a command that can be typed. */
static const char *
place_of (const Recover *self)
{
  return self->drive != NULL ? ofl_drive_get_id (self->drive) : self->name;
}

/* The job's own record; where it has an end, that of an earlier one, which a later job that ended as
 * unknown leaves as it is. */
static void
find_record (Recover *self, const OflIdentity *identity)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (self->state_dir);
  guint same_place = 0, number = 0;

  for (guint i = 0; i < jobs->len && number == 0; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);

      if (self->job == NULL || self->ended ? ofl_unfinished_is_of (job, identity, place_of (self))
                                           : g_str_equal (job->path, self->job->path))
        number = i + 1;
    }
  if (number == 0)
    return;
  g_ptr_array_set_free_func (jobs, NULL);
  self->record = g_ptr_array_index (jobs, number - 1);
  for (guint i = 0; i < jobs->len; i++)
    {
      OflUnfinished *job = g_ptr_array_index (jobs, i);

      same_place += g_str_equal (job->drive_id, self->record->drive_id);
      if (job != self->record)
        ofl_unfinished_free (job);
    }
  /* a place says it in words, as long as it says which one */
  self->reminder = same_place == 1 && *self->record->drive_id != '\0'
                       ? g_strdup (self->record->drive_id)
                       : g_strdup_printf ("%u", number);
}

/* Reads files, so not on the main loop. */
static void
examine_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Recover *self = data;
  OflSnapshot *drive = snapshot_of (self);
  const OflIdentity *identity = drive != NULL ? ofl_snapshot_identity (drive) : NULL;
  OflRecoveryCase about = { .drive = drive,
                            .present = self->drive != NULL,
                            .practice = is_practice (self),
                            .why = self->why,
                            .family = self->ctl->family,
                            .choices = self->ctl->choices,
                            .backup_dir = self->backup_dir };

  about.state = self->drive != NULL ? ofl_drive_get_state (self->drive) : OFL_DRIVE_STATE_UNKNOWN;
  self->job = ofl_recovery_find_job (self->state_dir, identity, place_of (self), &self->ended);
  find_record (self, identity);
  about.job = self->job;
  self->found = ofl_recovery_examine (&about);
  g_task_return_boolean (task, TRUE);
}

static void
on_examined (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/* Why it could not be looked at, or not be trusted; NULL when it answered well. */
static const char *
why_unseen (const Recover *self)
{
  const GError *error = self->drive != NULL ? ofl_drive_get_error (self->drive) : NULL;
  const OflSnapshot *drive = snapshot_of (self);

  if (error != NULL)
    return error->message;
  return drive != NULL ? ofl_snapshot_get_failed (drive) : NULL;
}

static void
examine (Recover *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_examined, &result);

  self->state_dir = g_strdup (self->ctl->state_dir);
  self->backup_dir = self->ctl->backup_dir != NULL ? ofl_ctl_backups_dir (self->ctl)
                                                   : ofl_backup_default_dir (is_practice (self));
  self->why = g_strdup (why_unseen (self));
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, examine_in_thread);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static const char *
kind_title (OflRecoveryKind kind)
{
  switch (kind)
    {
    case OFL_RECOVERY_SAME_IMAGE:
      return _ ("Same image");
    case OFL_RECOVERY_BACKUP:
      return _ ("Its backup");
    case OFL_RECOVERY_OTHER_IMAGE:
    default:
      return _ ("Other image");
    }
}

static void
print_way_json (const OflRecoveryWay *way)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("way");

  ofl_ctl_json_string (builder, "way", ofl_recovery_kind_id (way->kind));
  ofl_ctl_json_bool (builder, "open", way->open);
  ofl_ctl_json_string (builder, "file", way->path);
  ofl_ctl_json_string (builder, "sentence", way->sentence);
  ofl_ctl_json_string (builder, "remedy", way->remedy);
  ofl_ctl_json_end (builder);
}

static void
print_json (const Recover *self)
{
  const OflRecovery *found = self->found;
  const OflRecoveryWay *best = found->need == OFL_RECOVERY_MEND ? ofl_recovery_get_best (found)
                                                                : NULL;
  JsonBuilder *builder = ofl_ctl_json_begin ("recovery");

  ofl_ctl_json_string (builder, "drive", place_of (self));
  ofl_ctl_json_string (builder, "state", found->state);
  ofl_ctl_json_string (builder, "need", ofl_recovery_need_id (found->need));
  ofl_ctl_json_string (builder, "way", best != NULL ? ofl_recovery_kind_id (best->kind) : NULL);
  ofl_ctl_json_string (builder, "seen", found->seen);
  ofl_ctl_json_string (builder, "meaning", found->meaning);
  ofl_ctl_json_string (builder, "stage",
                       self->job != NULL ? ofl_unfinished_stage_id (self->job->stage) : NULL);
  ofl_ctl_json_string (builder, "image", self->job != NULL ? self->job->image : NULL);
  ofl_ctl_json_string (builder, "journal", self->job != NULL ? self->job->path : NULL);
  ofl_ctl_json_bool (builder, "ended", self->job != NULL && self->ended);
  ofl_ctl_json_string (builder, "dismiss", self->reminder);
  ofl_ctl_json_string (builder, "mends", found->mends);
  ofl_ctl_json_string (builder, "elsewhere", found->elsewhere);
  ofl_ctl_json_string (builder, "never", found->never);
  ofl_ctl_json_end (builder);
  for (guint i = 0; found->need == OFL_RECOVERY_MEND && i < found->ways->len; i++)
    print_way_json (g_ptr_array_index (found->ways, i));
}

static void
print_way (const OflRecoveryWay *way)
{
  g_autofree char *text
      = g_strconcat (way->open ? "✓ " : "✗ ", way->sentence, way->remedy != NULL ? " " : "",
                     way->remedy != NULL ? way->remedy : "", *way->path != '\0' ? " (" : "",
                     way->path, *way->path != '\0' ? ")" : "", NULL);

  ofl_ctl_print_field (kind_title (way->kind), text);
}

/* What the job was: one that never ended, or one that ended and left the drive like this. */
static void
print_job (const Recover *self)
{
  g_autofree char *text = NULL;

  if (self->job == NULL)
    return;
  if (self->ended)
    /* Translators: the second %s is a drive, the third where it was */
    text = g_strdup_printf (_ ("The last write of %s to %s (%s) ended without success."),
                            self->job->image, self->job->drive, self->job->drive_id);
  else
    text = ofl_unfinished_describe (self->job);
  ofl_ctl_print_field (_ ("Job"), text);
  ofl_ctl_print_field (_ ("Journal"), self->job->path);
}

static void
print_found (const Recover *self)
{
  const OflRecovery *found = self->found;

  if (self->ctl->json)
    {
      print_json (self);
      return;
    }
  g_print ("%s\n", self->drive != NULL ? ofl_drive_get_name (self->drive)
                                       : (self->job != NULL ? self->job->drive : self->name));
  print_job (self);
  ofl_ctl_print_field (_ ("State"), found->seen);
  ofl_ctl_print_field (_ ("Meaning"), found->meaning);
  for (guint i = 0; found->need == OFL_RECOVERY_MEND && i < found->ways->len; i++)
    print_way (g_ptr_array_index (found->ways, i));
  /* of a drive that needs nothing only what this program cannot do is news */
  if (found->need == OFL_RECOVERY_CLOSE && found->ways->len > 0)
    return;
  ofl_ctl_print_field (_ ("This family"), found->mends);
  /* where that is all there is, the end says it */
  if (found->need != OFL_RECOVERY_MEND || found->ways->len > 0)
    ofl_ctl_print_field (_ ("Else there is"), found->elsewhere);
  ofl_ctl_print_field (_ ("Never"), found->never);
}

static void
print_hint (const Recover *self)
{
  const char *name = place_of (self);
  const char *file = *self->job->image_file != '\0' ? self->job->image_file : _ ("FILE");
  gboolean readable = snapshot_of (self) != NULL
                      && (ofl_snapshot_get_caps (snapshot_of (self)) & OFL_CAP_READ) != 0;

  if (self->ctl->json)
    return;
  if (readable && self->job->stage > OFL_UNFINISHED_READING)
    g_print (_ ("  To compare it with the file: optiflashctl verify %s %s\n"), name, file);
  g_print (_ ("  To write all the same: optiflashctl recover %s --file %s\n"), name, file);
}

/* Nothing is written. What is left is the record, and that is its user's. */
static int
offer_to_close (Recover *self)
{
  if (self->job != NULL)
    print_hint (self);
  if (self->reminder == NULL)
    return OFL_EXIT_DONE;
  if (self->ctl->yes
      || (ofl_ctl_can_ask (self->ctl)
          && ofl_ctl_ask_yes (
              _ ("\nNothing is written. Close the record of the job, so that it is not "
                 "told again? Type yes: "),
              NULL)))
    return ofl_ctl_dismiss_job (self->ctl, self->record);
  if (!self->ctl->json)
    g_print (_ ("  When it has been seen to: optiflashctl log --dismiss %s\n"), self->reminder);
  return OFL_EXIT_DONE;
}

/* Neither image nor backup: what would be needed. */
static int
fail_no_way (Recover *self)
{
  g_autofree char *next = NULL;

  if (self->found->ways->len == 0)
    return ofl_ctl_fail (
        self->ctl, OFL_EXIT_RECOVERY,
        _ ("Optiflash has no way to write this drive as it is. Nothing was written."),
        self->found->elsewhere);
  next = g_strdup_printf (
      _ ("Bring back the file or the backup named above, or get a firmware that is "
         "made for exactly this model, and say: optiflashctl recover %s --file %s"),
      place_of (self), _ ("FILE"));
  return ofl_ctl_fail (
      self->ctl, OFL_EXIT_RECOVERY,
      _ ("Neither the image that was being written nor a backup of the drive can be "
         "used. Nothing was written."),
      next);
}

static int
write_backup (Recover *self, const OflRecoveryWay *way)
{
  g_autoptr (OflStoredBackup) backup = ofl_stored_backup_open (way->path);
  g_autoptr (GError) error = NULL;

  /* once more: time has passed since it was looked at */
  if (!ofl_stored_backup_verify (backup, &error))
    return ofl_ctl_fail_error (self->ctl, error);
  self->ctl->accept_other_drive |= way->own;
  return ofl_ctl_restore_backup (self->ctl, self->drive, backup);
}

static int
write_image (Recover *self, const OflRecoveryWay *way)
{
  if (*self->job->image_with != '\0')
    {
      g_free (self->ctl->with);
      self->ctl->with = g_strdup (self->job->image_with);
    }
  return ofl_ctl_flash_image (self->ctl, self->drive, way->image, way->path);
}

static int
go (Recover *self, const OflRecoveryWay *way)
{
  if (!self->ctl->json)
    g_print ("%s\n\n", way->kind == OFL_RECOVERY_BACKUP
                           ? _ ("  To be written: its backup.")
                           : _ ("  To be written: the image of that job."));
  return way->kind == OFL_RECOVERY_BACKUP ? write_backup (self, way) : write_image (self, way);
}

/* What the user chose, or the best way there is. */
static int
mend (Recover *self)
{
  const OflRecoveryWay *way = self->ctl->from_backup
                                  ? ofl_recovery_get_way (self->found, OFL_RECOVERY_BACKUP)
                                  : ofl_recovery_get_best (self->found);

  if (way == NULL)
    return fail_no_way (self);
  if (!way->open)
    return ofl_ctl_fail (self->ctl, OFL_EXIT_REFUSED, way->sentence, way->remedy);
  return go (self, way);
}

/* Of a drive whose boot code alone answers nothing is lost that is not lost already, or kept. */
static void
accept_loss (Recover *self)
{
  const OflRecoveryWay *backup = ofl_recovery_get_way (self->found, OFL_RECOVERY_BACKUP);
  gboolean lost = self->job != NULL && self->job->stage >= OFL_UNFINISHED_DANGER
                  && g_strcmp0 (self->job->family, ofl_snapshot_get_family (snapshot_of (self)))
                         == 0;
  gboolean kept = backup != NULL && backup->image != NULL && backup->own;

  if (g_str_equal (self->found->state, ofl_drive_state_id (OFL_DRIVE_STATE_BOOT)) && (lost || kept))
    self->ctl->accept_no_backup = TRUE;
}

/* It may have come back at another place: its serial tells. */
static OflDrive *
find_moved (const Recover *self)
{
  OflDriveMatch how;
  g_autoptr (GPtrArray) found = NULL;

  if (self->drive != NULL || *self->job->serial == '\0')
    return NULL;
  found = ofl_drive_monitor_find_all (self->ctl->monitor, self->job->serial, &how);
  return found->len == 1 ? g_ptr_array_index (found, 0) : NULL;
}

static int
fail_moved (Recover *self, OflDrive *moved)
{
  g_autofree char *what
      = g_strdup_printf (_ ("The drive is not where it was: one with its serial is at %s now."),
                         ofl_drive_get_id (moved));
  g_autofree char *next = g_strdup_printf (_ ("If it is the same one: optiflashctl recover %s"),
                                           ofl_drive_get_id (moved));

  return ofl_ctl_fail (self->ctl, OFL_EXIT_USAGE, what, next);
}

static int
recover (Recover *self)
{
  OflDrive *moved;

  examine (self);
  if (self->drive == NULL && self->job == NULL)
    return -1;
  moved = find_moved (self);
  if (moved != NULL)
    return fail_moved (self, moved);
  print_found (self);
  if (self->found->need == OFL_RECOVERY_REACH)
    return ofl_ctl_fail (self->ctl, OFL_EXIT_UNKNOWN, self->found->seen, self->found->meaning);
  accept_loss (self);
  if (self->ctl->file != NULL)
    return ofl_ctl_flash_drive (self->ctl, self->drive, self->ctl->file);
  if (self->found->need == OFL_RECOVERY_CLOSE && !self->ctl->from_backup)
    return offer_to_close (self);
  return mend (self);
}

/* Somebody else has it, or it may not be opened: that is told as every verb tells it. */
static gboolean
is_closed (Recover *self, int *exit_status)
{
  return ofl_drive_get_snapshot (self->drive) == NULL
         && (ofl_drive_get_access (self->drive) != OFL_ACCESS_USABLE
             || g_error_matches (ofl_drive_get_error (self->drive), OFL_ERROR, OFL_ERROR_BUSY))
         && !ofl_ctl_check_usable (self->ctl, self->drive, exit_status);
}

static gboolean
is_gone (const Recover *self)
{
  OflDriveMatch how;
  g_autoptr (GPtrArray) found = NULL;

  if (self->ctl->monitor == NULL)
    return FALSE;
  found = ofl_drive_monitor_find_all (self->ctl->monitor, self->name, &how);
  return found->len == 0;
}

/**
 * ofl_ctl_recover:
 * @ctl: the command line
 * @args: the drive
 *
 * Says what is known of a write to it that broke off and in which state it is, and takes the best way
 * back: the same image, its backup, or what the user names. Where nothing needs to be written it says so.
 *
 * Returns: exit status
 */
int
ofl_ctl_recover (OflCtl *ctl, char **args)
{
  g_auto (Recover) self = { .ctl = ctl, .name = args[0] };
  g_autoptr (GError) error = NULL;
  int exit_status;

  if (ctl->file != NULL && ctl->from_backup)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE,
                         _ ("--file and --from-backup name two different things to write."),
                         _ ("Say one of them."));
  self.drive = ofl_ctl_look_for_drive (ctl, args[0], &error);
  if (self.drive == NULL && !is_gone (&self))
    return ofl_ctl_fail_error (ctl, error);
  if (self.drive != NULL && is_closed (&self, &exit_status))
    return exit_status;
  exit_status = recover (&self);
  return exit_status < 0 ? ofl_ctl_fail_error (ctl, error) : exit_status;
}
