/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Updaters of Lite-On's first CD writers: 256 KiB of image between two text marks, of which one
 * forum report tells (liteon 3.8). The report does not say how long the
 * marks are, so both must be there, and the image is what ends where the second one begins. */
#include "families/liteon/ofl-xflash.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define START_MARK "BIN-START-AD"
#define ANY_MARK "BIN-"
#define IMAGE_SIZE 0x40000u
/* How much text a mark may have; more would let the image slide over bytes that are no mark. */
#define LONGEST_MARK 64u

static gboolean
is_mark_text (OflSlice file, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    {
      guint8 c = file.data[i];

      if (!g_ascii_isprint (c) && c != 0 && c != '\r' && c != '\n')
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_end_mark (OflSlice file, gsize start, gsize *end)
{
  gsize from = start + sizeof START_MARK - 1 + IMAGE_SIZE;

  return ofl_slice_find (file, from, ANY_MARK, sizeof ANY_MARK - 1, end)
         && *end - start <= IMAGE_SIZE + LONGEST_MARK
         && is_mark_text (file, start, *end - IMAGE_SIZE);
}

static char *
say_damaged (guint64 offset, const char *reason)
{
  /* Translators: the second %s is a clause that says what is wrong */
  return g_strdup_printf (_ ("This Lite-On CD writer updater is damaged at offset 0x%" PRIX64
                             ": %s. "
                             "Download it again, "
                             "or use another file."),
                          offset, reason);
}

/**
 * ofl_container_bracket:
 * @input: a file
 * @output: the image is appended
 * @error: return location
 *
 * Takes the image out of an early CD writer's updater.
 *
 * Returns: what came of it
 */
OflUnpacked
ofl_container_bracket (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSlice file = ofl_slice_of_bytes (input->bytes);
  g_autoptr (GBytes) image = NULL;
  gsize start, end;

  if (!ofl_slice_find (file, 0, START_MARK, sizeof START_MARK - 1, &start))
    return OFL_UNPACKED_NOT_MINE;
  if (!find_end_mark (file, start, &end))
    return ofl_container_damaged (error, say_damaged, start,
                                  _ ("no end mark follows 256 KiB behind the text %s"), START_MARK);
  image = g_bytes_new_from_bytes (input->bytes, end - IMAGE_SIZE, IMAGE_SIZE);
  ofl_container_add (
      output, "image", image, NULL,
      _ ("This kind of updater is known from one report only. Compare the hashes with "
         "another source before you flash it."));
  output->title = g_strdup (_ ("Lite-On CD writer updater (image between text marks)"));
  return OFL_UNPACKED_DONE;
}
