/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window lets a drive break while its job runs in the service: both look at this file. It is lines
 * of text: "plugs N", "pulls N", "unplugged", and "fault " with the words of a fault. It is replaced as a
 * whole, so that nobody reads half of it. */
#include "practice/ofl-practice-cable.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "practice/ofl-practice-fault-private.h"

#define PLUGS "plugs "
#define PULLS "pulls "
#define UNPLUGGED "unplugged"
#define FAULT "fault "

/* More is no such file. */
#define MOST_BYTES (1 << 20)

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
  else if (g_str_has_prefix (line, PULLS))
    self->pulls = g_ascii_strtoull (line + strlen (PULLS), NULL, 10);
  else if (g_str_equal (line, UNPLUGGED))
    self->unplugged = TRUE;
  else if (g_str_has_prefix (line, FAULT)
           && ofl_practice_fault_parse (line + strlen (FAULT), &fault, NULL))
    g_strv_builder_add (faults, line + strlen (FAULT));
}

static gboolean
read_all (int fd, char *text, gsize length)
{
  for (gsize done = 0; done < length;)
    {
      gssize n = read (fd, text + done, length - done);

      if (n == 0 || (n < 0 && errno != EINTR))
        return FALSE;
      done += (gsize) MAX (n, 0);
    }
  return TRUE;
}

/* The file's text when it is another one than at the last look, NULL when it is not, or cannot be told:
 * the next look tells. Stamp and text are of one file, whatever replaces it meanwhile. */
static char *
read_other (OflPracticeCable *self)
{
  int fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean gone = fd < 0 && errno == ENOENT;
  struct stat st = { 0 };
  guint64 stamp[3] = { 0 };
  g_autofree char *text = NULL;

  if (!gone && (fd < 0 || fstat (fd, &st) != 0 || !S_ISREG (st.st_mode) || st.st_size > MOST_BYTES))
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (!gone)
    {
      stamp[0] = (guint64) st.st_ino;
      stamp[1] = (guint64) st.st_size;
      stamp[2] = (guint64) st.st_mtim.tv_sec * 1000000000u + (guint64) st.st_mtim.tv_nsec;
    }
  if (memcmp (stamp, self->stamp, sizeof stamp) != 0)
    text = g_malloc0 ((gsize) st.st_size + 1);
  if (text != NULL && !gone && !read_all (fd, text, (gsize) st.st_size))
    g_clear_pointer (&text, g_free);
  if (fd >= 0)
    close (fd);
  if (text != NULL)
    memcpy (self->stamp, stamp, sizeof stamp);
  return g_steal_pointer (&text);
}

static void
take_faults (OflPracticeCable *self, GStrv faults, OflPracticeCableNews *news)
{
  if (!g_strv_equal ((const char *const *) faults, (const char *const *) self->faults))
    *news |= OFL_PRACTICE_CABLE_OTHER_FAULTS;
  g_strfreev (self->faults);
  self->faults = faults;
}

/**
 * ofl_practice_cable_look: (skip)
 * @self: a cable
 *
 * Reads the file when it is another one than at the last look. A drive without a file is sound.
 *
 * Returns: what is to be done with the drive
 */
OflPracticeCableNews
ofl_practice_cable_look (OflPracticeCable *self)
{
  g_autofree char *text = read_other (self);
  g_autoptr (GStrvBuilder) faults = NULL;
  g_auto (GStrv) lines = NULL;
  const guint64 plugs = self->plugs, pulls = self->pulls;
  OflPracticeCableNews news = 0;

  if (text == NULL)
    return 0;
  self->unplugged = FALSE;
  faults = g_strv_builder_new ();
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    take_line (self, lines[i], faults);
  take_faults (self, g_strv_builder_end (faults), &news);
  if (self->unplugged || self->pulls != pulls)
    news |= OFL_PRACTICE_CABLE_PULLED;
  if (!self->unplugged && (self->plugs != plugs || self->pulls != pulls))
    news |= OFL_PRACTICE_CABLE_PLUGGED;
  return news;
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
  g_string_append_printf (text, PULLS "%" G_GUINT64_FORMAT "\n",
                          self->pulls + (unplugged && !self->unplugged));
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
