/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line's verbs share. */
#pragma once

#include "ofl-core.h"
#include "service/ofl-client.h"

G_BEGIN_DECLS

/* Exit statuses of the program; those of a job come from ofl_verdict_exit_status(). */
typedef enum {
  OFL_EXIT_DONE = 0,
  OFL_EXIT_FAILED = 1,
  OFL_EXIT_USAGE = 2,
  OFL_EXIT_REFUSED = 3,
  OFL_EXIT_RECOVERY = 4,
  OFL_EXIT_UNKNOWN = 5,
  OFL_EXIT_PERMISSION = 6,
} OflExit;

/* No --image was given: the one that fits best. */
#define OFL_CTL_BEST_IMAGE G_MININT

/* No --show was given: the history is listed. */
#define OFL_CTL_NO_JOB G_MININT

/**
 * OflCtl:
 *
 * What was asked for on the command line, and the list of drives once it is needed.
 */
typedef struct {
  gboolean json;
  gboolean verbose;
  gboolean practice;
  double practice_speed;
  char *finder;
  char *transport;
  char *state_dir;
  char *backup_dir;

  char *family;
  char **sets;
  int image; /* from 1 */
  gboolean accept_warnings;
  gboolean accept_no_backup;
  gboolean rewrite;
  gboolean yes;
  gboolean every_step;
  gboolean in_process;
  gboolean start_service;
  gboolean follow;
  gboolean dismiss;
  gboolean markdown;
  gboolean with_serial;
  gboolean overwrite;
  gboolean accept_other_drive;
  char *file; /* to recover with */
  gboolean from_backup;
  gboolean verify; /* backups */
  gboolean delete; /* likewise */
  char *export;    /* likewise: where to */
  gboolean mask;
  int show; /* from 1 */
  gboolean in_full;
  char *output;
  char *read; /* how much of a disc */
  gboolean deep;
  char *extract_dir;
  char *with; /* a second file that belongs to the first */
  gboolean hidden;  /* updater */
  gboolean whole;   /* likewise: a tape with all data */
  char *tape;       /* likewise */
  char **arguments; /* likewise: for the program */
  gboolean asking;  /* a question stands on the terminal: nothing is drawn over it */

  OflChoices *choices;
  OflDriveMonitor *monitor;
  OflClient *client;
} OflCtl;

/* A verb: @args holds what follows it, %NULL-terminated, its number checked already. */
typedef int (*OflCtlVerb) (OflCtl *ctl, char **args);

int ofl_ctl_list (OflCtl *ctl, char **args);
int ofl_ctl_info (OflCtl *ctl, char **args);
int ofl_ctl_families (OflCtl *ctl, char **args);
int ofl_ctl_report (OflCtl *ctl, char **args);
int ofl_ctl_doctor (OflCtl *ctl, char **args);
int ofl_ctl_inspect (OflCtl *ctl, char **args);
int ofl_ctl_plan (OflCtl *ctl, char **args);
int ofl_ctl_preflight (OflCtl *ctl, char **args);
char *ofl_ctl_preflight_help (void);
int ofl_ctl_backup (OflCtl *ctl, char **args);
int ofl_ctl_backups (OflCtl *ctl, char **args);
int ofl_ctl_flash (OflCtl *ctl, char **args);
int ofl_ctl_restore (OflCtl *ctl, char **args);
int ofl_ctl_recover (OflCtl *ctl, char **args);
int ofl_ctl_verify (OflCtl *ctl, char **args);
int ofl_ctl_link (OflCtl *ctl, char **args);
char *ofl_ctl_link_help (void);
int ofl_ctl_log (OflCtl *ctl, char **args);
int ofl_ctl_history (OflCtl *ctl, char **args);
int ofl_ctl_practice (OflCtl *ctl, char **args);
char *ofl_ctl_practice_help (void);
int ofl_ctl_tape (OflCtl *ctl, char **args);
int ofl_ctl_updater (OflCtl *ctl, char **args);
char *ofl_ctl_updater_help (void);
char *ofl_ctl_tape_help (void);

/* Where jobs run (ctl-connect.c): the session service, or this process. */
OflClient *ofl_ctl_connect (OflCtl *ctl, GError **error);
gboolean ofl_ctl_start_service (OflCtl *ctl, GError **error);
const char *ofl_ctl_describe_place (OflClient *client);
GPtrArray *ofl_ctl_list_jobs (OflCtl *ctl, GError **error);
OflJob *ofl_ctl_find_running_job (OflCtl *ctl, const char *drive_id);

/* Finding (ctl-find.c) */
char *ofl_ctl_practice_dir (OflCtl *ctl);
gboolean ofl_ctl_find_all (OflCtl *ctl, GError **error);
OflDrive *ofl_ctl_look_for_drive (OflCtl *ctl, const char *name, GError **error);
OflDrive *ofl_ctl_find_drive (OflCtl *ctl, const char *name, GError **error);
gboolean ofl_ctl_check_usable (OflCtl *ctl, OflDrive *drive, int *exit_status);
gboolean ofl_ctl_is_flashable (OflDrive *drive, char **reason);
OflFirmware *ofl_ctl_open_firmware (OflCtl *ctl, const char *path, GError **error);
OflImage *ofl_ctl_choose_image (OflCtl *ctl, OflDrive *drive, OflFirmware *firmware,
                                GError **error);

/* A name that leads to no drive (ctl-suggest.c): what it is, and what was probably meant */
const char *ofl_ctl_closest (const char *word, const char *const *known);
void ofl_ctl_set_no_drive_error (OflCtl *ctl, const char *name, GError **error);
void ofl_ctl_set_no_practice_error (const char *id, const char *message, GError **error);
gboolean ofl_ctl_check_order (const char *drive, const char *file, GError **error);

/* Where a backup goes (ctl-backup.c) */
gboolean ofl_ctl_check_backup_file (OflCtl *ctl, const char *path, int *exit_status);
char *ofl_ctl_name_backup_file (const char *path, const char *name);

/* Writing files (ctl-extract.c) */
gboolean ofl_ctl_check_output (OflCtl *ctl, const char *path, int *exit_status);
gboolean ofl_ctl_write_file (OflCtl *ctl, const char *path, const char *data, gsize length,
                             GError **error);
int ofl_ctl_extract (OflCtl *ctl, OflFirmware *firmware);

G_END_DECLS
