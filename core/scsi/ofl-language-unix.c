/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gettext translates into the language of the calling thread, so a sentence is had in English by
 * making it while the thread has none. Numbers, dates and letters stay the user's. */
#include <libintl.h>
#include <locale.h>

#include "scsi/ofl-sentence.h"

/**
 * ofl_language_init:
 * @locale_dir: the folder of the installed catalogues
 *
 * Takes the user's language from the environment, at the beginning of a program. A translator's own
 * catalogues are found through TEXTDOMAINDIR, as those of shell scripts are.
 */
void
ofl_language_init (const char *locale_dir)
{
  const char *own = g_getenv ("TEXTDOMAINDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, own != NULL && *own != '\0' ? own : locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static locale_t
english_locale (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      locale_t base = duplocale (LC_GLOBAL_LOCALE);
      locale_t made = base != (locale_t) 0 ? newlocale (LC_MESSAGES_MASK, "C", base) : base;

      if (made == (locale_t) 0) /* no memory: better no job than one in two languages */
        g_error ("The locale of records cannot be made");
      g_once_init_leave (&once, (gsize) made);
    }
  return (locale_t) once;
}

/**
 * ofl_english_begin:
 *
 * What this thread says from now on is English, whatever the user's language: for what goes into a
 * journal or a log. After ofl_language_init(). Pairs may lie in one another.
 *
 * Returns: for ofl_english_end()
 */
gpointer
ofl_english_begin (void)
{
  return (gpointer) uselocale (english_locale ());
}

/**
 * ofl_english_end:
 * @before: what ofl_english_begin() returned
 *
 * Back to the language that was spoken before.
 */
void
ofl_english_end (gpointer before)
{
  uselocale ((locale_t) before);
}

/**
 * ofl_english:
 *
 * Returns: whether this thread speaks English now because a record is being made
 */
gboolean
ofl_english (void)
{
  return uselocale ((locale_t) 0) == english_locale ();
}
