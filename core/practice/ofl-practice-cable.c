/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window lets a drive break while its job runs in the service: both look at this file. It is lines
 * of text: "plugs N", "unplugged", and "fault " with the words of a fault. It is replaced as a
 * whole, so that nobody reads half of it. */
#include "practice/ofl-practice-cable.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "practice/ofl-practice-fault-private.h"

#define PLUGS "plugs "
#define UNPLUGGED "unplugged"
#define FAULT "fault "

/**
 * ofl_practice_cable_new: (skip)
 * @path: its file; it need not exist
 *
 * Returns: (transfer full): the cable as the file has it
 */
OflPracticeCable *
ofl_practice_cable_new (const char *path)
{
  OflPracticeCable *self = g_new0 (OflPracticeCable, 1);

  self->path = g_strdup (path);
  self->faults = g_new0 (char *, 1);
  ofl_practice_cable_look (self);
  return self;
}

/**
 * ofl_practice_cable_free: (skip)
 * @self: (transfer full): a cable
 */
void
ofl_practice_cable_free (OflPracticeCable *self)
{
  g_strfreev (self->faults);
  g_free (self->path);
  g_free (self);
}

/* What nobody understands is left out: it is from another version, or of a hand that erred. */
static void
take_line (OflPracticeCable *self, const char *line, GStrvBuilder *faults)
{
  OflPracticeFault fault;

  if (g_str_has_prefix (line, PLUGS))
    self->plugs = g_ascii_strtoull (line + strlen (PLUGS), NULL, 10);
  else if (g_str_equal (line, UNPLUGGED))
    self->unplugged = TRUE;
  else if (g_str_has_prefix (line, FAULT)
           && ofl_practice_fault_parse (line + strlen (FAULT), &fault, NULL))
    g_strv_builder_add (faults, line + strlen (FAULT));
}

/**
 * ofl_practice_cable_look: (skip)
 * @self: a cable
 *
 * Reads the file when it is another one than at the last look. A drive without a file is sound.
 *
 * Returns: whether it was
 */
gboolean
ofl_practice_cable_look (OflPracticeCable *self)
{
  GStatBuf st = { 0 };
  gboolean there = g_stat (self->path, &st) == 0;
  const guint64 stamp[3]
      = { there ? (guint64) st.st_ino : 0, there ? (guint64) st.st_size : 0,
          there ? (guint64) st.st_mtim.tv_sec * 1000000000u + (guint64) st.st_mtim.tv_nsec : 0 };
  g_autoptr (GStrvBuilder) faults = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (memcmp (stamp, self->stamp, sizeof stamp) == 0)
    return FALSE;
  memcpy (self->stamp, stamp, sizeof stamp);
  if (there && !g_file_get_contents (self->path, &text, NULL, NULL))
    return FALSE;
  self->unplugged = FALSE;
  faults = g_strv_builder_new ();
  lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    take_line (self, lines[i], faults);
  g_strfreev (self->faults);
  self->faults = g_strv_builder_end (faults);
  return TRUE;
}

/**
 * ofl_practice_cable_set: (skip)
 * @self: a cable
 * @faults: what is wrong from now on, in the words of ofl-practice-fault.h
 * @unplugged: whether the drive is pulled out; else a drive that is gone comes back
 * @error: return location
 *
 * Every program that has the drive sees it with its next command, also in the middle of a job.
 *
 * Returns: FALSE with %OFL_ERROR_FAILED for a fault that is not understood, or a %G_FILE_ERROR
 */
gboolean
ofl_practice_cable_set (OflPracticeCable *self, const char *const *faults, gboolean unplugged,
                        GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  ofl_practice_cable_look (self);
  g_string_append_printf (text, PLUGS "%" G_GUINT64_FORMAT "\n", self->plugs + !unplugged);
  if (unplugged)
    g_string_append (text, UNPLUGGED "\n");
  for (guint i = 0; faults[i] != NULL; i++)
    {
      OflPracticeFault fault;

      if (!ofl_practice_fault_parse (faults[i], &fault, error))
        return FALSE;
      g_string_append_printf (text, FAULT "%s\n", faults[i]);
    }
  if (!g_file_set_contents_full (self->path, text->str, (gssize) text->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;
  ofl_practice_cable_look (self);
  return TRUE;
}
