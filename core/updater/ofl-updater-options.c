/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-options.h"

#include "ofl-config.h"
#include "scsi/ofl-fd.h"

/**
 * ofl_updater_options_new:
 * @files: (array zero-terminated=1): the maker's program, and what has to lie beside it
 *
 * Returns: (transfer full): options as they are where nobody says otherwise
 */
OflUpdaterOptions *
ofl_updater_options_new (const char *const *files)
{
  OflUpdaterOptions *self = g_new0 (OflUpdaterOptions, 1);

  self->files = g_strdupv ((char **) files);
  self->arguments = g_new0 (char *, 1);
  self->shown = TRUE;
  self->cache = g_build_filename (g_get_user_cache_dir (), "optiflash", "wine", NULL);
  /* a program that was not installed has it elsewhere */
  self->libdir = g_getenv ("OFL_UPDATER_LIBDIR") != NULL
                     ? g_strdup (g_getenv ("OFL_UPDATER_LIBDIR"))
                     : g_build_filename (OFL_LIBDIR, "optiflash", NULL);
  self->quiet_ms = OFL_UPDATER_QUIET_MS;
  self->tape_fd = -1;
  self->keeper = -1;
  return self;
}

/**
 * ofl_updater_options_free:
 * @self: (transfer full): options
 */
void
ofl_updater_options_free (OflUpdaterOptions *self)
{
  g_strfreev (self->files);
  g_strfreev (self->arguments);
  g_free (self->cache);
  g_free (self->libdir);
  g_free (self->tape);
  ofl_fd_clear (&self->tape_fd);
  ofl_fd_clear (&self->keeper);
  g_free (self);
}
