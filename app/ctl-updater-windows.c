/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl updater, which is for Linux: its cage is made of Wine and bubblewrap. */
#include <glib/gi18n.h>

#include "ctl-output.h"

/**
 * ofl_ctl_updater_help:
 *
 * Returns: (transfer full): what the verb's --help says below its options
 */
char *
ofl_ctl_updater_help (void)
{
  return g_strdup (_ ("The maker's program is watched on Linux only."));
}

/**
 * ofl_ctl_updater:
 * @ctl: the command line
 * @args: drive and files
 *
 * Returns: the exit status for what cannot be done here
 */
int
ofl_ctl_updater (OflCtl *ctl, char **args)
{
  return ofl_ctl_fail (
      ctl, OFL_EXIT_USAGE, _ ("The maker's program is watched on Linux only."),
      _ ("Nothing was sent to the drive. On Windows the program runs by itself, and "
         "nothing here watches it; “optiflashctl backup” reads first what can be read."));
}
