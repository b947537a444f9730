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
  OFL_EXIT_UNKNOWN = 5,
  OFL_EXIT_PERMISSION = 6,
} OflExit;

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
  int image; /* from 1; 0: the best */
  gboolean accept_warnings;
  gboolean accept_no_backup;
  gboolean rewrite;
  gboolean yes;
  gboolean every_step;
  gboolean in_process;
  gboolean follow;
  gboolean markdown;
  gboolean with_serial;
  gboolean overwrite;
  char *output;
  char *extract_dir;
  char *with; /* a second file that belongs to the first */

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
int ofl_ctl_inspect (OflCtl *ctl, char **args);
int ofl_ctl_plan (OflCtl *ctl, char **args);
int ofl_ctl_backup (OflCtl *ctl, char **args);
int ofl_ctl_flash (OflCtl *ctl, char **args);
int ofl_ctl_verify (OflCtl *ctl, char **args);
int ofl_ctl_log (OflCtl *ctl, char **args);
int ofl_ctl_practice (OflCtl *ctl, char **args);

/* Where jobs run (ctl-connect.c): the session service, or this process. */
OflClient *ofl_ctl_connect (OflCtl *ctl, GError **error);

/* Finding (ctl-find.c) */
char *ofl_ctl_practice_dir (OflCtl *ctl);
gboolean ofl_ctl_find_all (OflCtl *ctl, GError **error);
OflDrive *ofl_ctl_find_drive (OflCtl *ctl, const char *name, GError **error);
gboolean ofl_ctl_check_usable (OflCtl *ctl, OflDrive *drive, int *exit_status);
gboolean ofl_ctl_is_flashable (OflDrive *drive, char **reason);
OflFirmware *ofl_ctl_open_firmware (OflCtl *ctl, const char *path, GError **error);
OflImage *ofl_ctl_choose_image (OflCtl *ctl, OflDrive *drive, OflFirmware *firmware,
                                GError **error);

/* Writing files (ctl-extract.c) */
gboolean ofl_ctl_write_file (OflCtl *ctl, const char *path, const char *data, gsize length,
                             GError **error);
int ofl_ctl_extract (OflCtl *ctl, OflFirmware *firmware);

G_END_DECLS
