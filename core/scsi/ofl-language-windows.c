/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread has no language of its own on Windows, and records must be English whatever the user's is.
 * So here all is English: no catalogue is opened. */
#include "scsi/ofl-sentence.h"

#include <locale.h>

static GPrivate speaks_english;

/**
 * ofl_language_init:
 * @locale_dir: not used
 *
 * Takes the user's form of numbers and dates from the system.
 */
void
ofl_language_init (const char *locale_dir)
{
  setlocale (LC_ALL, "");
}

/**
 * ofl_english_begin:
 *
 * What this thread says from now on is for a record. Pairs may lie in one another.
 *
 * Returns: for ofl_english_end()
 */
gpointer
ofl_english_begin (void)
{
  gpointer before = g_private_get (&speaks_english);

  g_private_set (&speaks_english, GINT_TO_POINTER (TRUE));
  return before;
}

/**
 * ofl_english_end:
 * @before: what ofl_english_begin() returned
 */
void
ofl_english_end (gpointer before)
{
  g_private_set (&speaks_english, before);
}

/**
 * ofl_english:
 *
 * Returns: whether this thread makes a record now
 */
gboolean
ofl_english (void)
{
  return GPOINTER_TO_INT (g_private_get (&speaks_english));
}
