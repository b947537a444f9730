/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an image's own checks are called, for people. */
#include "firmware/ofl-image.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *name, *title;
} titles[] = {
  { "ata-name", N_ ("Name for ATA") },
  { "bank-calls", N_ ("Calls between banks") },
  { "banks", N_ ("Banks") },
  /* Translators: the maker's line of text in a firmware, with name and revision */
  { "banner", N_ ("Banner") },
  { "boot-page", N_ ("Boot page") },
  { "bootcode", N_ ("Boot code") },
  { "built", N_ ("Time stamp") },
  { "checksum", N_ ("Checksum") },
  { "chip", N_ ("Chip") },
  { "code-revision", N_ ("Revision in the code") },
  { "end", N_ ("End of the code") },
  /* Translators: what stands in a file before the firmware itself */
  { "header", N_ ("Header") },
  { "id", N_ ("Type of drive") },
  { "id-block", N_ ("Block with the name") },
  { "id-copy", N_ ("Type of drive, the copy") },
  /* Translators: whether the bytes of a file are as its maker left them */
  { "integrity", N_ ("Integrity") },
  { "kernel", N_ ("Kernel part") },
  { "known", N_ ("The maker's own file") },
  /* Translators: of a revision; it tells for which hardware it is */
  { "letter", N_ ("First letter") },
  /* Translators: two files that belong together */
  { "pair", N_ ("Both parts together") },
  { "signature", N_ ("Signature") },
  { "size", N_ ("Size") },
  { "spliced", N_ ("Release") },
  { "sum", N_ ("Checksum") },
  /* Translators: what stands in a file behind the firmware itself */
  { "trailer", N_ ("Trailer") },
};

/**
 * ofl_image_check_title:
 * @check: a check of an image
 *
 * Returns: what it is called, in the user's language; its name for machines where it has no other
 */
const char *
ofl_image_check_title (const OflImageCheck *check)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, check->name))
      return _ (titles[i].title);
  return check->name;
}
