/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flash/ofl-stored-backup.h"
#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* Shared by the two halves of the type: what is known of a drive, and its jobs. */
struct _OflUiSession {
  GObject parent_instance;

  OflDriveMonitor *monitor;
  OflClient *client; /* NULL until it is known where jobs run */
  double practice_speed;
  OflDrive *drive;
  gulong drive_handler;
  guint notify_idle;
  OflSnapshot *judged;
  gboolean present;
  char *id;

  GFile *file;
  GFile *with; /* a second one that belongs to it; else NULL */
  GCancellable *opening;
  OflFirmware *firmware;
  OflStoredBackup *backup; /* where @firmware is one; else NULL */
  GError *file_error;
  int image_index;

  OflChoices *choices;
  gboolean experimental; /* the preference, as it was when a judgement was shown last */
  OflJudgement *judgement;
  gboolean accepted_warnings;
  gboolean accepted_no_backup;
  gboolean accepted_owner;
  gboolean rewrite; /* also when the drive holds the image already */

  char *refusal; /* what was seen before a write and would refuse it now, a sentence; or NULL */

  OflUiProgram *program; /* NULL: nobody has asked for it yet */

  guint holds; /* the drive is asked something, outside of a job */
  OflUiRun *run;
};

void ofl_ui_session_emit (OflUiSession *self, gboolean phase);
void ofl_ui_session_emit_chosen (OflUiSession *self);
void ofl_ui_session_judge (OflUiSession *self);
void ofl_ui_session_choose_image (OflUiSession *self);
void ofl_ui_session_forget_file (OflUiSession *self);
void ofl_ui_session_drop_file (OflUiSession *self);

G_END_DECLS
