/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options there are, and which verb takes which. */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * OflCtlTakes:
 *
 * A verb takes groups of options, a bit each. What a verb does not take its --help does not show.
 */
typedef enum {
  OFL_TAKES_NOTHING = 0,
  OFL_TAKES_DRIVES = 1 << 0,   /* how drives are found, practice drives among them */
  OFL_TAKES_FAMILY = 1 << 1,   /* --family */
  OFL_TAKES_SET = 1 << 2,      /* --set */
  OFL_TAKES_IMAGE = 1 << 3,    /* --image, --with */
  OFL_TAKES_WARNINGS = 1 << 4, /* --accept-warnings */
  OFL_TAKES_WRITE = 1 << 5,    /* what only a write asks */
  OFL_TAKES_STEPS = 1 << 6,
  OFL_TAKES_FOLLOW = 1 << 7,
  OFL_TAKES_MARKDOWN = 1 << 8,
  OFL_TAKES_REPORT = 1 << 9, /* --output, --with-serial */
  OFL_TAKES_EXTRACT = 1 << 10,
  OFL_TAKES_OVERWRITE = 1 << 11,
  OFL_TAKES_BACKUP = 1 << 12,  /* --backup-dir */
  OFL_TAKES_JOB = 1 << 13,     /* --verbose, --in-process */
  OFL_TAKES_STATE = 1 << 14,   /* --state-dir */
  OFL_TAKES_SPEED = 1 << 15,   /* --practice-speed */
  OFL_TAKES_BACKUPS = 1 << 16, /* what is done with stored backups */
  OFL_TAKES_RESTORE = 1 << 17, /* --accept-other-drive */
  OFL_TAKES_HISTORY = 1 << 18, /* --show, --mask */
  OFL_TAKES_LONG = 1 << 19,    /* --long */
  OFL_TAKES_READ = 1 << 20,    /* --read */
  OFL_TAKES_RECOVER = 1 << 21, /* --file, --from-backup */
  OFL_TAKES_DEEP = 1 << 26,    /* --deep */
  OFL_TAKES_UPDATER = 1 << 27, /* --hidden, --argument, --tape, --whole */
} OflCtlTakes;

void ofl_ctl_options_add_global (OflCtl *ctl, GOptionContext *context);
void ofl_ctl_options_add (OflCtl *ctl, GOptionContext *context, OflCtlTakes takes);
gboolean ofl_ctl_options_parse (OflCtl *ctl, GOptionContext *context, char ***args, GError **error);
GArray *ofl_ctl_options_list (OflCtlTakes takes, gboolean before_verb);
char *ofl_ctl_options_describe_choices (void);
char *ofl_ctl_options_advise (const char *verb, OflCtlTakes takes, const GError *error);

G_END_DECLS
