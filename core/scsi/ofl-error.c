/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-error.h"

#include <string.h>

/* What an error carries besides its message, which is in the user's language. */
typedef struct {
  char *english;
} OflErrorPrivate;

/* GLib's macro below knows it, or NULL for an error of another domain. */
static void
ofl_error_private_init (OflErrorPrivate *own)
{
  if (own != NULL)
    own->english = NULL;
}

static void
ofl_error_private_copy (const OflErrorPrivate *from, OflErrorPrivate *to)
{
  if (from != NULL && to != NULL)
    to->english = g_strdup (from->english);
}

static void
ofl_error_private_clear (OflErrorPrivate *own)
{
  if (own != NULL)
    g_free (own->english);
}

/* GLib keeps it before the error, aligned, which clang cannot see in the macro's cast. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
/**
 * ofl_error_quark:
 *
 * Returns: the domain of #OflError
 */
G_DEFINE_EXTENDED_ERROR (OflError, ofl_error)
#pragma GCC diagnostic pop

/**
 * ofl_error_take:
 * @error: return location
 * @code: what went wrong
 * @sentence: (transfer full): the same in words
 *
 * What ofl_set_error() calls.
 */
void
ofl_error_take (GError **error, OflError code, OflSentence sentence)
{
  OflErrorPrivate *own;

  if (error != NULL)
    {
      *error = g_error_new_literal (OFL_ERROR, (int) code, sentence.shown);
      own = ofl_error_get_private (*error);
      if (own != NULL)
        own->english = g_steal_pointer (&sentence.english);
    }
  ofl_sentence_clear (&sentence);
}

/**
 * ofl_error_text:
 * @error: an error of any domain
 *
 * Returns: what it says, in the language that is spoken just now: English between
 *   ofl_english_begin() and ofl_english_end()
 */
const char *
ofl_error_text (const GError *error)
{
  return ofl_english () ? ofl_error_english (error) : error->message;
}

/**
 * ofl_error_english:
 * @error: an error of any domain
 *
 * Returns: what it says, in English as far as whoever made it has kept that; for records
 */
const char *
ofl_error_english (const GError *error)
{
  const OflErrorPrivate *own = error->domain == OFL_ERROR ? ofl_error_get_private (error) : NULL;

  return own != NULL && own->english != NULL ? own->english : error->message;
}

/**
 * ofl_errno_text:
 * @code: the system's error number
 *
 * For logs and journals, which are English in every locale: those are sent to people who may not
 * read the writer's language.
 *
 * Returns: its description, not translated where the C library can tell it so
 */
const char *
ofl_errno_text (int code)
{
#ifdef __GLIBC_PREREQ
#if __GLIBC_PREREQ(2, 32)
  const char *text = strerrordesc_np (code);

  if (text != NULL)
    return text;
#endif
#endif
  return g_strerror (code);
}

/**
 * ofl_errno_words:
 * @code: the system's error number
 *
 * For sentences. g_strerror() keeps what it has said first, in whatever language that was.
 *
 * Returns: its description, in the language that is spoken just now
 */
const char *
ofl_errno_words (int code)
{
  g_autofree char *text = NULL;

  if (ofl_english ())
    return ofl_errno_text (code);
  text = g_locale_to_utf8 (strerror (code), -1, NULL, NULL, NULL);
  return text != NULL ? g_intern_string (text) : g_strerror (code);
}
