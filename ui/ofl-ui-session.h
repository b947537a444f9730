/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-core.h"
#include "flash/ofl-stored-backup.h"
#include "ofl-ui-opened.h"
#include "ofl-ui-program.h"
#include "ofl-ui-run.h"
#include "service/ofl-client.h"

G_BEGIN_DECLS

/* The family's choice that switches on what is not confirmed, with the values "yes" and "no" */
#define OFL_UI_EXPERIMENTAL "experimental"

typedef enum {
  OFL_UI_PHASE_SETUP,
  OFL_UI_PHASE_RUNNING,
  OFL_UI_PHASE_FINISHED,
} OflUiPhase;

/* What the window knows of one drive: the drive, the firmware chosen for it, how they match, and
 * the job that runs or ran. Outlives the window and a drive that leaves the bus for a moment.
 * Signals: "changed": anything of it; "phase-changed": the job began, ended, or its danger did;
 * "file-chosen": a file is being opened for it, by its own buttons and not by ofl_ui_session_take(). */
#define OFL_UI_TYPE_SESSION (ofl_ui_session_get_type ())
G_DECLARE_FINAL_TYPE (OflUiSession, ofl_ui_session, OFL_UI, SESSION, GObject)

OflUiSession *ofl_ui_session_new (OflDriveMonitor *monitor, OflDrive *drive);
const char *ofl_ui_session_get_id (OflUiSession *self);
OflDrive *ofl_ui_session_get_drive (OflUiSession *self);
gboolean ofl_ui_session_is_present (OflUiSession *self);
void ofl_ui_session_set_drive (OflUiSession *self, OflDrive *drive);
gboolean ofl_ui_session_is_practice (OflUiSession *self);
void ofl_ui_session_refresh (OflUiSession *self);

void ofl_ui_session_set_client (OflUiSession *self, OflClient *client, double practice_speed);
gboolean ofl_ui_session_has_client (OflUiSession *self);
gboolean ofl_ui_session_runs_here (OflUiSession *self);

void ofl_ui_session_open_file (OflUiSession *self, GFile *file);
void ofl_ui_session_take (OflUiSession *self, const OflUiOpened *opened);
void ofl_ui_session_take_same (OflUiSession *self, OflUiSession *other);
void ofl_ui_session_open_image (OflUiSession *self, GFile *file, GFile *with, OflImage *image);
void ofl_ui_session_open_backup (OflUiSession *self, const OflStoredBackup *backup);
void ofl_ui_session_open_backup_at (OflUiSession *self, const char *path);
const OflStoredBackup *ofl_ui_session_get_backup (OflUiSession *self);
void ofl_ui_session_set_accepted_owner (OflUiSession *self, gboolean accepted);
gboolean ofl_ui_session_has_accepted_owner (OflUiSession *self);
char *ofl_ui_session_dup_file_name (OflUiSession *self);
gboolean ofl_ui_session_is_opening (OflUiSession *self);
GFile *ofl_ui_session_get_file (OflUiSession *self);
OflFirmware *ofl_ui_session_get_firmware (OflUiSession *self);
const GError *ofl_ui_session_get_file_error (OflUiSession *self);
void ofl_ui_session_set_image_index (OflUiSession *self, int index);
int ofl_ui_session_get_image_index (OflUiSession *self);
OflImage *ofl_ui_session_get_image (OflUiSession *self);

OflJudgement *ofl_ui_session_get_judgement (OflUiSession *self);
const OflFamily *ofl_ui_session_get_family (OflUiSession *self);
OflChoices *ofl_ui_session_get_choices (OflUiSession *self);
void ofl_ui_session_set_choice (OflUiSession *self, const char *name, const char *value);
void ofl_ui_session_set_accepted (OflUiSession *self, gboolean warnings, gboolean no_backup);
gboolean ofl_ui_session_has_accepted_warnings (OflUiSession *self);
gboolean ofl_ui_session_has_accepted_no_backup (OflUiSession *self);

void ofl_ui_session_set_refusal (OflUiSession *self, const char *refusal);
const char *ofl_ui_session_get_refusal (OflUiSession *self);

OflUiPhase ofl_ui_session_get_phase (OflUiSession *self);
OflUiRun *ofl_ui_session_get_run (OflUiSession *self);
gboolean ofl_ui_session_is_asking (OflUiSession *self);
void ofl_ui_session_flash (OflUiSession *self);
OflUiProgram *ofl_ui_session_get_program (OflUiSession *self);
void ofl_ui_session_run_program (OflUiSession *self);
void ofl_ui_session_backup (OflUiSession *self, const char *path);
void ofl_ui_session_attach (OflUiSession *self, OflJob *job);
void ofl_ui_session_reset (OflUiSession *self, gboolean keep_file);
void ofl_ui_session_reset_for_rewrite (OflUiSession *self);
gboolean ofl_ui_session_will_rewrite (OflUiSession *self);
void ofl_ui_session_hold (OflUiSession *self);
void ofl_ui_session_release (OflUiSession *self);
gboolean ofl_ui_session_is_held (OflUiSession *self);

G_END_DECLS
