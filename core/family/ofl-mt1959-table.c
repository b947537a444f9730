/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959 images: the integrity table, what is to be read back by it, and the encrypted form. */
#include "family/ofl-mt1959.h"

#include <nettle/aes.h>
#include <nettle/cmac.h>
#include <string.h>

#include "scsi/ofl-bytes.h"

#define TABLE_AT 0x10400
#define TABLE_ENTRIES 16
#define ENTRY_LEN 0x1c
#define ENTRY_MAC 0xc
#define ENTRY_DISABLED 0xffffffffu
#define TABLE_END (TABLE_AT + TABLE_ENTRIES * ENTRY_LEN)
/* below this the drive remaps what is read (protocols.md 3.2) */
#define REMAPPED_END 0x1000

/* protocols.md 3.3 */
static const guint8 cmac_key[16] = { 0xbd, 0x20, 0x94, 0x08, 0xe3, 0x5e, 0x52, 0x6a,
                                     0x36, 0x23, 0x52, 0x34, 0x43, 0x4f, 0xe8, 0xab };
static const guint8 enc_key[16] = { 0x5e, 0x9e, 0x4f, 0x00, 0x94, 0xef, 0x20, 0xab,
                                    0x52, 0xe3, 0x5e, 0x73, 0x6a, 0xcb, 0x23, 0x24 };

/* What a flashed drive need not hold as it was sent: the drive writes 1D8000 to 1EBFFF itself
 * (revocation lists, settings), and 1F0000 to 1FFFFF is its own calibration, which updates do not
 * overwrite (protocols.md 3.3). */
static const OflMt1959Range kept_by_drive[]
    = { { 0x1d8000, 0x1ec000 },
        { OFL_MT1959_UNIT_AT, OFL_MT1959_UNIT_AT + OFL_MT1959_UNIT_LEN } };

typedef struct {
  gboolean enabled;
  guint32 start;
  guint32 end; /* the one after the last */
  const guint8 *mac;
} Entry;

static void
cmac_update_reversed (struct cmac_aes128_ctx *ctx, const guint8 *data, gsize length)
{
  guint8 group[16];

  for (gsize i = 0; i < length; i++)
    group[i] = data[length - 1 - i];
  cmac_aes128_update (ctx, length, group);
}

/**
 * ofl_mt1959_cmac:
 * @data: (array length=length): a range of an image
 * @length: its length
 * @stored: (out caller-allocates): the code as the table keeps it
 *
 * AES-128-CMAC over @data with the bytes of each group of 16 reversed (a short last group in its
 * own length), the result reversed likewise. annex-containers.md 9.
 */
void
ofl_mt1959_cmac (const guint8 *data, gsize length, guint8 stored[16])
{
  struct cmac_aes128_ctx ctx;
  guint8 mac[16];

  cmac_aes128_set_key (&ctx, cmac_key);
  for (gsize at = 0; at < length; at += 16)
    cmac_update_reversed (&ctx, data + at, MIN (length - at, 16));
  cmac_aes128_digest (&ctx, sizeof mac, mac);
  for (guint i = 0; i < sizeof mac; i++)
    stored[i] = mac[sizeof mac - 1 - i];
}

/**
 * ofl_mt1959_encrypt:
 * @plain: an image, its length a multiple of 16
 *
 * AES-128-ECB over the whole image. annex-containers.md 9.
 *
 * Returns: (transfer full): what goes over the wire when "enc" is chosen
 */
GBytes *
ofl_mt1959_encrypt (GBytes *plain)
{
  struct aes128_ctx ctx;
  gsize length;
  const guint8 *data = g_bytes_get_data (plain, &length);
  guint8 *out = g_malloc (length);

  aes128_set_encrypt_key (&ctx, enc_key);
  aes128_encrypt (&ctx, length, out, data);
  return g_bytes_new_take (out, length);
}

static void
read_entry (const guint8 *data, guint index, Entry *entry)
{
  const guint8 *p = data + TABLE_AT + index * ENTRY_LEN;
  guint32 last = ofl_get_le (p + 8, 4);

  entry->enabled = ofl_get_le (p, 4) != ENTRY_DISABLED;
  entry->start = ofl_get_le (p + 4, 4);
  entry->end = last < OFL_MT1959_SIZE ? last + 1 : 0;
  entry->mac = p + ENTRY_MAC;
}

static gboolean
entry_is_inside (const Entry *entry)
{
  return entry->start < entry->end;
}

static void
check_entry (OflImage *image, const guint8 *data, guint index, const Entry *entry)
{
  g_autofree char *name = g_strdup_printf ("integrity %u", index);
  guint8 mac[16];

  if (!entry_is_inside (entry))
    {
      ofl_image_add_check (image, name, OFL_IMAGE_CHECK_CHANGED,
                           "its range, from %06X, does not lie inside the image", entry->start);
      return;
    }
  /* its code would be a part of what it covers, in a state that nobody knows */
  if (entry->start < TABLE_END && entry->end > TABLE_AT)
    {
      ofl_image_add_check (image, name, OFL_IMAGE_CHECK_WARNING,
                           "%06X to %06X covers the table itself and cannot be checked",
                           entry->start, entry->end - 1);
      return;
    }
  ofl_mt1959_cmac (data + entry->start, entry->end - entry->start, mac);
  if (memcmp (mac, entry->mac, sizeof mac) == 0)
    ofl_image_add_check (image, name, OFL_IMAGE_CHECK_OK, "%06X to %06X as its maker left it",
                         entry->start, entry->end - 1);
  else
    ofl_image_add_check (image, name, OFL_IMAGE_CHECK_CHANGED,
                         "%06X to %06X is damaged or was edited", entry->start, entry->end - 1);
}

/**
 * ofl_mt1959_check_table:
 * @image: an image of full size being parsed
 * @data: its bytes
 *
 * Adds a check for each enabled entry of the integrity table, "integrity 0" to "integrity 15".
 */
void
ofl_mt1959_check_table (OflImage *image, const guint8 *data)
{
  guint enabled = 0;

  for (guint i = 0; i < TABLE_ENTRIES; i++)
    {
      Entry entry;

      read_entry (data, i, &entry);
      if (!entry.enabled)
        continue;
      check_entry (image, data, i, &entry);
      enabled++;
    }
  if (enabled == 0)
    ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                         "this image carries no code to check it by");
}

static void
add_outside (GArray *ranges, OflMt1959Range range, const OflMt1959Range *holes, guint n_holes)
{
  for (guint i = 0; i < n_holes && range.start < range.end; i++)
    {
      OflMt1959Range before = { range.start, MIN (range.end, holes[i].start) };

      if (range.end <= holes[i].start || range.start >= holes[i].end)
        continue;
      if (before.start < before.end)
        g_array_append_val (ranges, before);
      range.start = holes[i].end;
    }
  if (range.start < range.end)
    g_array_append_val (ranges, range);
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const OflMt1959Range *left = a, *right = b;

  return (left->start > right->start) - (left->start < right->start);
}

/* So that no byte is read and counted twice. */
static void
merge_ranges (GArray *ranges)
{
  guint kept = 0;

  g_array_sort (ranges, compare_ranges);
  for (guint i = 1; i < ranges->len; i++)
    {
      OflMt1959Range *last = &g_array_index (ranges, OflMt1959Range, kept);
      OflMt1959Range next = g_array_index (ranges, OflMt1959Range, i);

      if (next.start <= last->end)
        last->end = MAX (last->end, next.end);
      else
        g_array_index (ranges, OflMt1959Range, ++kept) = next;
    }
  g_array_set_size (ranges, kept + 1);
}

/**
 * ofl_mt1959_verify_ranges:
 * @image: an image of full size
 * @boot_area_kept: the first 64 KiB are not sent as they stand in the image
 *
 * What a drive must hold after a write: the enabled ranges of the image's integrity table from
 * 1000 on (annex-sequences.md 7.2 row 10), without what the drive keeps for itself, and the
 * identity descriptor, which proves the revision. An image without such a table is compared from
 * 10000 on.
 *
 * Returns: (transfer full) (element-type OflMt1959Range): ranges, ascending, apart, at least one
 */
GArray *
ofl_mt1959_verify_ranges (const OflImage *image, gboolean boot_area_kept)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (OflMt1959Range));
  OflMt1959Range descriptor
      = { OFL_MT1959_DESCRIPTOR_AT, OFL_MT1959_DESCRIPTOR_AT + OFL_MT1959_DESCRIPTOR_LEN };
  OflMt1959Range code = { OFL_MT1959_CODE_AT, OFL_MT1959_SIZE };
  guint32 lowest = boot_area_kept ? OFL_MT1959_CODE_AT : REMAPPED_END;
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  g_return_val_if_fail (length == OFL_MT1959_SIZE, ranges);
  for (guint i = 0; i < TABLE_ENTRIES; i++)
    {
      OflMt1959Range range;
      Entry entry;

      read_entry (data, i, &entry);
      if (!entry.enabled || !entry_is_inside (&entry))
        continue;
      range.start = MAX (entry.start, lowest);
      range.end = entry.end;
      add_outside (ranges, range, kept_by_drive, G_N_ELEMENTS (kept_by_drive));
    }
  if (ranges->len == 0)
    add_outside (ranges, code, kept_by_drive, G_N_ELEMENTS (kept_by_drive));
  g_array_append_val (ranges, descriptor);
  merge_ranges (ranges);
  return ranges;
}
