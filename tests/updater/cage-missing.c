/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cage-missing.h"

#include "kit/ran.h"
#include "updater/ofl-updater-cage.h"

/* Some computers of CI let nobody make a namespace, though bubblewrap is there. */
const char *
cage_find_missing (void)
{
  static char *reason;
  g_autoptr (GError) error = NULL;
  g_auto (Ran) ran = { NULL, NULL, 0 };
  g_autoptr (GSubprocess) process = NULL;

  if (!ofl_updater_cage_check (TRUE, &error))
    return reason = g_strdup (error->message);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                              &error, "bwrap", "--ro-bind", "/", "/", "--unshare-net",
                              "--unshare-pid", "true", NULL);
  g_assert_no_error (error);
  ran_wait (&ran, process);
  if (ran.status != 0)
    reason = g_strdup (ran.err);
  return reason;
}

gboolean
cage_skip_all (void)
{
  const char *missing = cage_find_missing ();

  if (missing == NULL && g_getenv ("UPDATER_EXE_X86_64") == NULL)
    missing = "There is no mingw-w64.";
  if (missing != NULL)
    g_print ("1..0 # SKIP %s\n", missing);
  return missing != NULL;
}
