/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: which part of the flash must hold what was sent, which belongs to the drive, and of which
 * nobody says. mt1959 2.9, 3.1, 3.3. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

/* The rules in the order in which they count: a later one takes from those before it. */
enum {
  RULE_ALL,
  RULE_TABLE,
  RULE_CODE_PAGES,
  RULE_DESCRIPTOR,
  RULE_UHD_LIST,
  RULE_BD_LIST,
  RULE_SETTINGS,
  RULE_UNIT,
  RULE_REMAPPED,
  RULE_BOOT_AREA,
  N_RULES,
};

static const OflStretch rules[N_RULES] = {
  /* no source compares it, none says that the drive writes it */
  [RULE_ALL] = { 0, OFL_MT1959_SIZE, OFL_CLAIM_NOTE, NULL },
  /* the image's own; what freemkv reads back (mt1959 2.9) */
  [RULE_TABLE] = { 0, 0, OFL_CLAIM_MUST, NULL },
  /* the integrity table at 10400, the eight bytes behind it that make another firmware of it, the
   * key at 10FF0 (mt1959 3.1) */
  [RULE_CODE_PAGES] = { OFL_MT1959_CODE_AT, 0x11000, OFL_CLAIM_MUST, NULL },
  /* the identity, with the mark of an image that may be downgraded (mt1959 3.3) */
  [RULE_DESCRIPTOR] = { OFL_MT1959_DESCRIPTOR_AT,
                        OFL_MT1959_DESCRIPTOR_AT + OFL_MT1959_DESCRIPTOR_LEN, OFL_CLAIM_MUST,
                        NULL },
  /* mt1959 3.1: these the drive writes itself */
  [RULE_UHD_LIST]
  = { 0x1d8000, 0x1e0000, OFL_CLAIM_LEFT_OUT,
      N_ ("the list of revoked keys for UHD discs, which the drive writes itself") },
  [RULE_BD_LIST] = { 0x1e0000, 0x1e8000, OFL_CLAIM_LEFT_OUT,
                     N_ ("the list of revoked keys for BD discs, which the drive writes itself") },
  [RULE_SETTINGS] = { 0x1e8000, OFL_MT1959_DESCRIPTOR_AT, OFL_CLAIM_LEFT_OUT,
                      N_ ("settings, which the drive writes itself") },
  /* mt1959 3.1: updates do not overwrite it */
  [RULE_UNIT] = { OFL_MT1959_UNIT_AT, OFL_MT1959_UNIT_AT + OFL_MT1959_UNIT_LEN, OFL_CLAIM_LEFT_OUT,
                  N_ ("this very drive's calibration") },
  /* mt1959 2.9 */
  [RULE_REMAPPED] = { 0, 0x1000, OFL_CLAIM_LEFT_OUT,
                      N_ ("the boot page, in whose place the drive shows another one") },
  /* mt1959 2.5 row 3 */
  [RULE_BOOT_AREA] = { 0, OFL_MT1959_CODE_AT, OFL_CLAIM_LEFT_OUT,
                       N_ ("the boot area, which this way of writing does not send") },
};

static void
paint (guint8 *map, guint32 start, guint32 end, guint8 rule)
{
  memset (map + start, rule, end - start);
}

/* An image without an integrity table must be there from its code on. */
static void
paint_table (guint8 *map, const guint8 *data)
{
  OflMt1959Range ranges[OFL_MT1959_TABLE_ENTRIES];
  guint n = ofl_mt1959_table_ranges (data, ranges);

  for (guint i = 0; i < n; i++)
    paint (map, ranges[i].start, ranges[i].end, RULE_TABLE);
  if (n == 0)
    paint (map, OFL_MT1959_CODE_AT, OFL_MT1959_SIZE, RULE_TABLE);
}

/* The banner is always a part by itself, for a read that begins there may not go beyond it
 * (mt1959 1.1). */
static guint32
find_part_end (const guint8 *map, guint32 start)
{
  guint32 banner_end = OFL_MT1959_BANNER_AT + OFL_MT1959_BANNER_LEN;
  guint32 stop = OFL_MT1959_SIZE;
  guint32 at = start + 1;

  if (start < banner_end)
    stop = start < OFL_MT1959_BANNER_AT ? OFL_MT1959_BANNER_AT : banner_end;
  while (at < stop && map[at] == map[start])
    at++;
  return at;
}

/**
 * ofl_mt1959_parts:
 * @image: an image of full size
 * @boot_area_kept: the first 64 KiB are not sent as they stand in the image
 *
 * The whole flash, each byte once: what a drive must hold after a write of @image, what is worth
 * comparing although no source says whether the drive keeps it, and what cannot be compared.
 *
 * Returns: (transfer full) (element-type OflStretch): parts, ascending, without gaps; none when
 *   @image is not of full size
 */
GArray *
ofl_mt1959_parts (const OflImage *image, gboolean boot_area_kept)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (OflStretch));
  g_autofree guint8 *map = NULL;
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  g_return_val_if_fail (length == OFL_MT1959_SIZE, parts);
  map = g_malloc0 (OFL_MT1959_SIZE);
  paint_table (map, data);
  for (guint rule = RULE_CODE_PAGES; rule < N_RULES; rule++)
    if (rule != RULE_BOOT_AREA || boot_area_kept)
      paint (map, rules[rule].start, rules[rule].end, (guint8) rule);
  for (guint32 start = 0, end; start < OFL_MT1959_SIZE; start = end)
    {
      OflStretch part = rules[map[start]];

      end = find_part_end (map, start);
      part.start = start;
      part.end = end;
      g_array_append_val (parts, part);
    }
  return parts;
}
