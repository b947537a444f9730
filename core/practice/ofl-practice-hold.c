/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drive that waits for a test: it holds its answer back at one command until it is let go, so that
 * what happens in the middle of a write can be tried without a race against time. */
#include "practice/ofl-practice-hold.h"

#include <glib/gstdio.h>
#include <string.h>

#define LOOK_US 5000

typedef struct {
  GByteArray *prefix; /* of the CDB */
  guint64 nth;
  guint64 seen;
  char *path;
} Hold;

static void
hold_free (gpointer data, GObject *port)
{
  Hold *hold = data;

  g_byte_array_unref (hold->prefix);
  g_free (hold->path);
  g_free (hold);
}

static void
watch (const OflCommand *command, gpointer data)
{
  Hold *hold = data;

  if (command->cdb_len < hold->prefix->len
      || memcmp (command->cdb, hold->prefix->data, hold->prefix->len) != 0
      || ++hold->seen != hold->nth)
    return;
  g_file_set_contents (hold->path, "", 0, NULL);
  while (g_file_test (hold->path, G_FILE_TEST_EXISTS))
    g_usleep (LOOK_US);
}

/* "cb 04:3:FILE" */
static Hold *
parse (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  g_auto (GStrv) words = NULL;
  Hold *hold;

  if (g_strv_length (parts) != 3)
    return NULL;
  hold = g_new0 (Hold, 1);
  hold->prefix = g_byte_array_new ();
  hold->path = g_strdup (parts[2]);
  words = g_strsplit (parts[0], " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      guint8 byte = (guint8) g_ascii_strtoull (words[i], NULL, 16);

      g_byte_array_append (hold->prefix, &byte, 1);
    }
  hold->nth = g_ascii_strtoull (parts[1], NULL, 10);
  return hold;
}

/**
 * ofl_practice_hold_install:
 * @port: where a practice drive is plugged in
 * @text: (nullable): "cb 04:3:FILE": when the third command comes whose CDB begins with CB 04, FILE
 *   appears, and the drive answers once it is gone
 *
 * Lets a test stop time in the middle of a job, also when the job runs in another process.
 */
void
ofl_practice_hold_install (OflPracticePort *port, const char *text)
{
  Hold *hold = text != NULL ? parse (text) : NULL;

  if (hold == NULL)
    return;
  g_object_weak_ref (G_OBJECT (port), hold_free, hold);
  ofl_practice_port_set_watch (port, watch, hold);
}
