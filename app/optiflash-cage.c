/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflash-cage: runs the maker's program for the service. Started by windows and command lines, never by
 * hand: its socket is descriptor 3. */
#include <signal.h>

#include "ofl-config.h"
#include "ofl-core.h"
#include "updater/ofl-updater-keeper.h"

int
main (int argc, char **argv)
{
  g_autofree char *cache = NULL, *libdir = NULL;
  g_auto (GStrv) arguments = NULL, files = NULL;
  gboolean hidden = FALSE;
  const GOptionEntry entries[] = {
    { "cache", 0, 0, G_OPTION_ARG_FILENAME, &cache, NULL, NULL },
    { "libdir", 0, 0, G_OPTION_ARG_FILENAME, &libdir, NULL, NULL },
    { "hidden", 0, 0, G_OPTION_ARG_NONE, &hidden, NULL, NULL },
    { "argument", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (OflUpdaterOptions) options = NULL;

  ofl_language_init (OFL_LOCALEDIR);
  signal (SIGPIPE, SIG_IGN);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_help_enabled (context, FALSE);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || files == NULL || cache == NULL
      || libdir == NULL)
    return 2;
  options = ofl_updater_options_new ((const char *const *) files);
  options->shown = !hidden;
  g_free (options->cache);
  options->cache = g_steal_pointer (&cache);
  g_free (options->libdir);
  options->libdir = g_steal_pointer (&libdir);
  if (arguments != NULL)
    {
      g_strfreev (options->arguments);
      options->arguments = g_steal_pointer (&arguments);
    }
  return ofl_updater_keeper_main (options, 3);
}
