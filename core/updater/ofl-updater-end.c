/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-end.h"

#include <glib/gi18n-lib.h>

/**
 * ofl_updater_end_free:
 * @self: (transfer full): how a program ended
 */
void
ofl_updater_end_free (OflUpdaterEnd *self)
{
  g_free (self->output);
  g_free (self);
}

/* Of a signal inside the cage only the shell's number is left, 128 and its own; a program may give that itself. */
static gboolean
may_be_killed (const OflUpdaterEnd *self)
{
  return self->status < 0 || (self->status > 128 && self->status <= 192);
}

/**
 * ofl_updater_end_is_clean:
 * @self: (nullable): how a program ended; %NULL: nobody has seen it end
 *
 * Returns: whether it came to its end by itself, as far as that can be told
 */
gboolean
ofl_updater_end_is_clean (const OflUpdaterEnd *self)
{
  return self != NULL && !self->ended_by_us && !self->crashed && !may_be_killed (self);
}

/**
 * ofl_updater_end_say:
 * @self: how a program ended
 *
 * Returns: (transfer full): that, in a sentence
 */
char *
ofl_updater_end_say (const OflUpdaterEnd *self)
{
  if (self->ended_by_us)
    return g_strdup (_ ("The maker's program was ended."));
  if (self->crashed && self->status == 0)
    return g_strdup (_ ("A program in the cage crashed: the maker's, or one of Wine's own."));
  if (self->crashed)
    return g_strdup (_ ("The maker's program crashed."));
  if (self->status < 0)
    return g_strdup (_ ("The maker's program was killed by something else."));
  if (may_be_killed (self))
    return g_strdup_printf (_ ("The maker's program, or Wine under it, was killed by something "
                               "else, or the program itself ended with status %d: nothing here can "
                               "tell which."),
                            self->status);
  if (self->status > 0)
    return g_strdup_printf (_ ("The maker's program ended with status %d."), self->status);
  return g_strdup (_ ("The maker's program has ended."));
}
