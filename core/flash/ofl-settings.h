/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a user prefers, the same for window, service and command line. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers and switches; what is not set has the first value of its kind that the comment names. */
typedef enum {
  OFL_SETTING_PRACTICE,     /* 0, 1: practice drives are shown */
  OFL_SETTING_EXPERIMENTAL, /* 1, 0: experimental ways are offered */
  OFL_SETTING_KEEP_BACKUPS, /* 0: all; else how many of a drive */
  OFL_SETTING_LOG_LEVEL,    /* an #OflLogLevel: the lowest that is shown */
  OFL_SETTING_SOUND,        /* 1, 0: the end of a job that nobody looks at is heard */
  OFL_N_SETTINGS,
} OflSetting;

/* Each reads the file anew: another program may have changed it. They block for a moment. */
char *ofl_settings_path (void);
guint ofl_settings_get (OflSetting setting);
gboolean ofl_settings_set (OflSetting setting, guint value, GError **error);
char *ofl_settings_get_backup_dir (void);
char *ofl_settings_read_backup_dir (void);
gboolean ofl_settings_set_backup_dir (const char *dir, GError **error);
gboolean ofl_settings_check_backup_dir (GError **error);
void ofl_settings_hold_backup_dir (void);

G_END_DECLS
