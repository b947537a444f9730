/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959 images: the integrity table and the encrypted form. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <nettle/aes.h>
#include <nettle/cmac.h>
#include <string.h>

#include "scsi/ofl-bytes.h"

#define TABLE_AT 0x10400
#define TABLE_ENTRIES OFL_MT1959_TABLE_ENTRIES
#define ENTRY_LEN 0x1c
#define ENTRY_MAC 0xc
#define ENTRY_DISABLED 0xffffffffu
#define TABLE_END (TABLE_AT + TABLE_ENTRIES * ENTRY_LEN)

/* mt1959 3.2, 3.4 */
static const guint8 cmac_key[16] = { 0xbd, 0x20, 0x94, 0x08, 0xe3, 0x5e, 0x52, 0x6a,
                                     0x36, 0x23, 0x52, 0x34, 0x43, 0x4f, 0xe8, 0xab };
static const guint8 enc_key[16] = { 0x5e, 0x9e, 0x4f, 0x00, 0x94, 0xef, 0x20, 0xab,
                                    0x52, 0xe3, 0x5e, 0x73, 0x6a, 0xcb, 0x23, 0x24 };

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
 * own length), the result reversed likewise. mt1959 3.2.
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
 * AES-128-ECB over the whole image. mt1959 3.4.
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
                           _ ("its range, from %06X, does not lie inside the image"), entry->start);
      return;
    }
  /* its code would be a part of what it covers, in a state that nobody knows */
  if (entry->start < TABLE_END && entry->end > TABLE_AT)
    {
      ofl_image_add_check (image, name, OFL_IMAGE_CHECK_WARNING,
                           _ ("%06X to %06X covers the table itself and cannot be checked"),
                           entry->start, entry->end - 1);
      return;
    }
  ofl_mt1959_cmac (data + entry->start, entry->end - entry->start, mac);
  if (memcmp (mac, entry->mac, sizeof mac) == 0)
    ofl_image_add_check (image, name, OFL_IMAGE_CHECK_OK, _ ("%06X to %06X as its maker left it"),
                         entry->start, entry->end - 1);
  else
    ofl_image_add_check (image, name, OFL_IMAGE_CHECK_CHANGED,
                         _ ("%06X to %06X is damaged or was edited"), entry->start, entry->end - 1);
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
                         _ ("this image carries no code to check it by"));
}

/**
 * ofl_mt1959_table_ranges:
 * @data: an image of full size
 * @ranges: (out caller-allocates): room for %OFL_MT1959_TABLE_ENTRIES
 *
 * Returns: number of ranges that its integrity table covers: enabled, and within the image
 */
guint
ofl_mt1959_table_ranges (const guint8 *data, OflMt1959Range *ranges)
{
  guint n = 0;

  for (guint i = 0; i < TABLE_ENTRIES; i++)
    {
      Entry entry;

      read_entry (data, i, &entry);
      if (entry.enabled && entry_is_inside (&entry))
        ranges[n++] = (OflMt1959Range){ entry.start, entry.end };
    }
  return n;
}
