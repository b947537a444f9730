/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The images for the HL-DT-ST Renesas practice drive, checked against renesas 3.1 by
 * code of its own. */
#include <string.h>

#include "kit/wire.h"

#define ID "gma4082n"

/* The checks of renesas 3.1, by their numbers; 0 when all are right */
static guint
check (const guint8 *image, gsize size)
{
  if (memcmp (image + 0x20, "REV LVL ", 8) != 0)
    return 1;
  if (memcmp (image + 0x30, "ROM REV ", 8) != 0)
    return 2;
  if (fact_be (image + 0x44, 4) != size - 0x400)
    return 3;
  if (memcmp (image + 0x18, "MAIN", 4) == 0 && memcmp (image + 0x400, image + size - 16, 16) != 0)
    return 7;
  return fact_sum_words (image, size) == 0xffff ? 0 : 8;
}

/* The vectors of renesas 11: they hold the check above against the original's. */
static GByteArray *
component (gboolean core, guint32 x, gsize n)
{
  GByteArray *file = g_byte_array_new ();
  guint8 *p;
  guint32 sum;

  g_byte_array_set_size (file, (guint) (0x400 + n));
  p = file->data;
  memset (p, 0, 0x400);
  for (gsize i = 0; i < n; i++)
    {
      x = x * 0x41c64e6du + 0x3039u;
      p[0x400 + i] = (guint8) (x >> 16);
    }
  memcpy (p + 0x18, core ? "CORE    REV LVL 1.00" : "MAIN    REV LVL 1.00", 20);
  memcpy (p + 0x30, "ROM REV ", 8);
  p[0x41] = core ? 0x30 : 0x40;
  for (guint i = 0; i < 4; i++)
    p[0x44 + i] = (guint8) (n >> (24 - 8 * i));
  if (!core)
    memcpy (p + 0x400 + n - 16, p + 0x400, 16);
  sum = 0xffff - fact_sum_words (p, file->len);
  p[0] = (guint8) (sum >> 8);
  p[1] = (guint8) sum;
  return file;
}

static void
assert_component (gboolean core, guint32 seed, gsize n, guint32 word, const char *sha256)
{
  g_autoptr (GByteArray) file = component (core, seed, n);
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, file->data, file->len);

  g_assert_cmphex (fact_be (file->data, 2), ==, word);
  g_assert_cmpstr (sum, ==, sha256);
  g_assert_cmpuint (check (file->data, file->len), ==, 0);
}

static void
test_vectors (void)
{
  assert_component (FALSE, 0x4d, 0x4000, 0x89f6,
                    "bc9d986d19d8ed5b4a7c8173d6b649bc69a2781f6029e0dba0d6f1c72acfee9c");
  assert_component (TRUE, 0x43, 0x2000, 0xb32f,
                    "b3fda53793f7b5213e4f09f5754819ab8707a01c552457fbb5bd7cfbe7e670c1");
}

static void
test_images (void)
{
  g_autoptr (GBytes) main_image = wire_image (ID, "1.03", NULL);
  g_autoptr (GBytes) core_image = wire_image (ID, "1.03", "core");
  g_autoptr (GBytes) set = wire_image (ID, "1.03", "set");
  g_autoptr (GBytes) bad = wire_image (ID, "1.03", "bad-sum");
  g_autoptr (GBytes) cut = wire_image (ID, "1.03", "truncated");
  gsize main_size, core_size;
  const guint8 *m = g_bytes_get_data (main_image, &main_size);
  const guint8 *c = g_bytes_get_data (core_image, &core_size);
  const guint8 *both = g_bytes_get_data (set, NULL);

  g_assert_cmpuint (check (m, main_size), ==, 0);
  g_assert_cmpuint (check (c, core_size), ==, 0);
  g_assert_cmpmem (m + 0x18, 20, "MAIN    REV LVL 1.03", 20);
  g_assert_cmpmem (c + 0x18, 20, "CORE    REV LVL 1.03", 20);
  g_assert_cmphex (fact_be (m + 0x4a0, 4), ==, fact_be (m + 0x40, 4));
  g_assert_cmphex (fact_be (m + 0x4a4, 4), ==, fact_be (m + 0x44, 4));
  g_assert_cmpuint (g_bytes_get_size (set), ==, main_size + core_size);
  g_assert_cmpmem (both, main_size, m, main_size);
  g_assert_cmpmem (both + main_size, core_size, c, core_size);
  g_assert_cmpuint (check (g_bytes_get_data (bad, NULL), main_size), ==, 8);
  g_assert_cmpuint (check (g_bytes_get_data (cut, NULL), g_bytes_get_size (cut)), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/renesas-images/vectors", test_vectors);
  g_test_add_func ("/practice/renesas-images/images", test_images);
  return g_test_run ();
}
