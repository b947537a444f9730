/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images for the practice SOHW-812S: the documented structure around bytes that mean nothing.
 * Sources: liteon 3.1, 3.2, 3.4. */
#include "families/liteon/ofl-practice-liteon.h"

#include <string.h>

#define PROBE_AT 0x4800u
#define ID_AT 0x5678u
#define COPY_AT 0x5800u
#define INTERNAL_AT 0x8000u
#define INTERNAL_GROUPS 16u
#define INTERNAL_GAP 20u
#define BAD_BANK 5u

const guint8 ofl_practice_liteon_header[LITEON_HEADER_SIZE]
    = { 0x05, 0x80, 0x00, 0x32, 0x5b, 0x00, 0x00, 0x00 };

/**
 * ofl_practice_liteon_put_stamp: (skip)
 * @field: (array fixed-size=16): where to put it
 * @revision: 4 characters
 *
 * Writes the time stamp of an ID block: it grows with the last character of the revision, so that
 * a newer one looks newer.
 */
void
ofl_practice_liteon_put_stamp (guint8 *field, const char *revision)
{
  g_autofree char *stamp
      = g_strdup_printf ("2004/%02u/14 12:34", (guint) (guint8) revision[3] % 12 + 1);

  OFL_PRACTICE_PUT_TEXT (field, stamp);
}

/* The strings of ATA IDENTIFY: revision, vendor, product, the bytes of each word swapped. */
static void
put_copy (guint8 *field, const char *product, const char *revision)
{
  guint8 id[ID_SIZE];
  guint8 text[32];

  ofl_practice_put_id (id, LITEON_VENDOR, product, revision);
  memset (text, ' ', sizeof text);
  memcpy (text, id + ID_REVISION, ID_SIZE - ID_REVISION);
  memcpy (text + 8, id, ID_REVISION);
  for (guint i = 0; i < sizeof text; i++)
    field[i] = text[i ^ 1];
}

/* The internal revision stands in the operands of sixteen instructions, one character each. */
static void
put_internal (guint8 *field, const char *revision)
{
  for (guint i = 0; i < INTERNAL_GROUPS; i++)
    {
      guint8 *group = field + (gsize) i * (3 + INTERNAL_GAP);

      group[0] = 0x7d;
      group[1] = i < 4 ? (guint8) revision[i] : i < 10 ? ' ' : 0;
      group[2] = 0x90;
      memset (group + 3, 0xe0, INTERNAL_GAP);
    }
}

static void
put_structure (guint8 *image, const char *product, const char *revision)
{
  static const guint8 probe[] = { 0xe5, 0x90, 0x54, 0x0f, 0xb4, 0x00 };

  for (guint32 bank = 0; bank < LITEON_SIZE; bank += LITEON_BANK)
    image[bank] = LITEON_BANK_BYTE;
  memcpy (image + PROBE_AT, probe, sizeof probe);
  memcpy (image + ID_AT, ofl_practice_liteon_header, LITEON_HEADER_SIZE);
  ofl_practice_put_id (image + ID_AT + LITEON_HEADER_SIZE, LITEON_VENDOR, product, revision);
  ofl_practice_liteon_put_stamp (image + ID_AT + LITEON_HEADER_SIZE + ID_SIZE, revision);
  put_copy (image + COPY_AT, product, revision);
  put_internal (image + INTERNAL_AT, revision);
}

/**
 * ofl_practice_liteon_image: (skip)
 * @entry: the SOHW-812S
 * @revision: 4 characters; real ones of this family begin with U
 * @variant: (nullable): NULL or "" for a good image; "bad-bank", with a bank that does not begin
 *   as banks do; "truncated"; "wrong-family", for a SOHW-1633S
 *
 * Makes an image for the practice SOHW-812S: 16 banks of 64 KiB, boot code, call probe, ID block
 * with time stamp, its copy for ATA, internal revision.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_liteon_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  gboolean wrong = g_strcmp0 (variant, "wrong-family") == 0;
  g_autofree guint8 *image = g_malloc (LITEON_SIZE);

  ofl_practice_fill_body (image, LITEON_BOOT_SIZE, entry->id, "boot");
  ofl_practice_fill_body (image + LITEON_BOOT_SIZE, LITEON_SIZE - LITEON_BOOT_SIZE, entry->id,
                          revision);
  put_structure (image, wrong ? "DVDRW SOHW-1633S" : LITEON_PRODUCT, wrong ? "BS0N" : revision);
  return ofl_practice_finish_image (image, LITEON_SIZE, BAD_BANK * LITEON_BANK, "bad-bank",
                                    variant);
}
