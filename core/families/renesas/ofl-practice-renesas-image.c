/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images for the HL-DT-ST Renesas practice drive, made by code: MAIN and CORE with the documented
 * header and sum around bytes that mean nothing. Source: renesas 3.1. */
#include "families/renesas/ofl-practice-renesas.h"

#include <string.h>

/* No multiples of a chunk */
#define CORE_CODE_SIZE 0x1f200u
#define MAIN_CODE_SIZE 0x83c10u

#define OTHER_DEVICE "GDR8164B"
#define OTHER_SHIFT 0x1000u
#define SPOILT 0x2000u

#define SUM_OF_ALL 0xffffu

/* For another body than that of a MAIN of the same revision */
#define CORE_MIX_START 0x9e3779b9u

static guint32
load_address (RenesasImage kind)
{
  return (kind == RENESAS_IMAGE_CORE ? RENESAS_CORE : RENESAS_MAIN) + RENESAS_HEADER_SIZE;
}

static void
put_header (guint8 *image, RenesasImage kind, const char *revision, gboolean other)
{
  guint32 size = kind == RENESAS_IMAGE_CORE ? CORE_CODE_SIZE : MAIN_CODE_SIZE;
  guint32 load = load_address (kind) + (other ? OTHER_SHIFT : 0);

  memset (image, 0, RENESAS_HEADER_SIZE);
  memcpy (image + RENESAS_DEVICE, other ? OTHER_DEVICE : GMA4082N_DEVICE, 8);
  memcpy (image + RENESAS_KIND, kind == RENESAS_IMAGE_CORE ? "CORE    " : "MAIN    ", 8);
  memcpy (image + RENESAS_REV_LVL, "REV LVL ", 8);
  memcpy (image + RENESAS_REVISION, revision, 4);
  memcpy (image + RENESAS_ROM_REV, "ROM REV ", 8);
  ofl_put_be (image + RENESAS_LOAD, 4, load);
  ofl_put_be (image + RENESAS_SIZE, 4, size);
  if (kind == RENESAS_IMAGE_CORE)
    return;
  ofl_put_be (image + RENESAS_SECOND_LOAD, 4, load);
  ofl_put_be (image + RENESAS_SECOND_SIZE, 4, size);
}

static void
append_image (GByteArray *file, RenesasImage kind, const char *revision, const char *variant)
{
  gsize size = RENESAS_HEADER_SIZE + (kind == RENESAS_IMAGE_CORE ? CORE_CODE_SIZE : MAIN_CODE_SIZE);
  g_autofree guint8 *image = g_malloc (size);
  guint32 start = kind == RENESAS_IMAGE_CORE ? CORE_MIX_START : OFL_PRACTICE_MIX_START;
  guint32 random = ofl_practice_mix (start, revision);

  ofl_practice_random_fill (&random, image + RENESAS_HEADER_SIZE, size - RENESAS_HEADER_SIZE);
  put_header (image, kind, revision, g_str_equal (variant, "wrong-family"));
  if (kind == RENESAS_IMAGE_MAIN)
    memcpy (image + size - RENESAS_TAIL_SIZE, image + RENESAS_HEADER_SIZE, RENESAS_TAIL_SIZE);
  ofl_put_be (image + RENESAS_SUM, 2, SUM_OF_ALL - ofl_practice_sum_words (image, size));
  if (g_str_equal (variant, "bad-sum"))
    image[SPOILT] ^= 0x01;
  if (g_str_equal (variant, "truncated"))
    size -= RENESAS_CHUNK;
  g_byte_array_append (file, image, (guint) size);
}

/**
 * ofl_practice_renesas_image: (skip)
 * @entry: the GMA-4082N
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good MAIN; "core", a good CORE; "set", a MAIN and a CORE,
 *   one behind the other; "bad-sum", with a byte changed; "truncated", a chunk too short;
 *   "wrong-family", a good MAIN for another model
 *
 * Makes an image for the practice GMA-4082N. Source: renesas 3.1; device text, load
 * addresses and sizes are our own.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_renesas_image (const OflPracticeEntry *entry, const char *revision,
                            const char *variant)
{
  static const char *const known[]
      = { "", "core", "set", "bad-sum", "truncated", "wrong-family", NULL };
  const char *word = variant != NULL ? variant : "";
  g_autoptr (GByteArray) file = NULL;

  if (!g_strv_contains (known, word))
    return NULL;
  file = g_byte_array_new ();
  if (!g_str_equal (word, "core"))
    append_image (file, RENESAS_IMAGE_MAIN, revision, word);
  if (g_str_equal (word, "core") || g_str_equal (word, "set"))
    append_image (file, RENESAS_IMAGE_CORE, revision, word);
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}

/**
 * ofl_practice_renesas_kind: (skip)
 * @header: (array): the first %RENESAS_HEADER_USED bytes of an image, in a file or in memory
 *
 * Looks whether this is the header of an image for the practice drive.
 *
 * Returns: what it is a header of; %RENESAS_IMAGE_NONE when it is none
 */
RenesasImage
ofl_practice_renesas_kind (const guint8 *header)
{
  RenesasImage kind;

  if (memcmp (header + RENESAS_KIND, "MAIN    ", 8) == 0)
    kind = RENESAS_IMAGE_MAIN;
  else if (memcmp (header + RENESAS_KIND, "CORE    ", 8) == 0)
    kind = RENESAS_IMAGE_CORE;
  else
    return RENESAS_IMAGE_NONE;
  if (memcmp (header + RENESAS_DEVICE, GMA4082N_DEVICE, 8) != 0
      || memcmp (header + RENESAS_REV_LVL, "REV LVL ", 8) != 0
      || memcmp (header + RENESAS_ROM_REV, "ROM REV ", 8) != 0
      || ofl_get_be (header + RENESAS_LOAD, 4) != load_address (kind))
    return RENESAS_IMAGE_NONE;
  return kind;
}

/**
 * ofl_practice_renesas_check: (skip)
 * @image: (array length=size): what was received
 * @size: bytes of it
 *
 * Checks an image as the drive is taken to do before it burns it: header, size, the end of a MAIN
 * and the sum, all of renesas 3.1.
 *
 * Returns: whether all are right
 */
gboolean
ofl_practice_renesas_check (const guint8 *image, gsize size)
{
  RenesasImage kind;
  guint32 room;

  if (size < RENESAS_SECOND_SIZE + 4)
    return FALSE;
  kind = ofl_practice_renesas_kind (image);
  room = kind == RENESAS_IMAGE_CORE ? RENESAS_MAIN - RENESAS_CORE
                                    : RENESAS_FLASH_SIZE - RENESAS_MAIN;
  return kind != RENESAS_IMAGE_NONE && size <= room
         && ofl_get_be (image + RENESAS_SIZE, 4) == size - RENESAS_HEADER_SIZE
         && (kind == RENESAS_IMAGE_CORE
             || memcmp (image + size - RENESAS_TAIL_SIZE, image + RENESAS_HEADER_SIZE,
                        RENESAS_TAIL_SIZE)
                    == 0)
         && ofl_practice_sum_words (image, size) == SUM_OF_ALL;
}

/**
 * ofl_practice_renesas_to_memory: (skip)
 * @header: (array): the first %RENESAS_HEADER_USED bytes of an image
 *
 * Gives a header the form that it has in the drive's memory (renesas 3.1): a MAIN
 * keeps its size in the code only, and a CORE has no revision.
 */
void
ofl_practice_renesas_to_memory (guint8 *header)
{
  if (ofl_practice_renesas_kind (header) == RENESAS_IMAGE_CORE)
    memset (header + RENESAS_REVISION, 0, 8);
  else
    memset (header + RENESAS_SIZE, 0xff, 4);
}
