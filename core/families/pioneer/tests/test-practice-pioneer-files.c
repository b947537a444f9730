/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files for the Pioneer practice drives, checked against pioneer 3 by code of
 * their own. */
#include <string.h>

#include "pioneer-host.h"
#include "families/pioneer/ofl-practice-pioneer.h"

static guint32
le (const guint8 *p)
{
  return (guint32) p[0] | (guint32) p[1] << 8 | (guint32) p[2] << 16 | (guint32) p[3] << 24;
}

static void
put_le (guint8 *p, guint32 word)
{
  for (guint i = 0; i < 4; i++)
    p[i] = (guint8) (word >> (8 * i));
}

static void
assert_field (const guint8 *header, guint offset, const char *label, const char *value)
{
  g_assert_cmpmem (header + offset - strlen (label), strlen (label), label, strlen (label));
  g_assert_cmpmem (header + offset, strlen (value), value, strlen (value));
  g_assert_cmphex (header[offset + strlen (value)], ==, 0);
}

static void
test_header (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (GBytes) normal = wire_image (drive->id, "1.03", NULL);
  g_autoptr (GBytes) kernel = wire_image (drive->id, "1.03", "kernel");
  g_autoptr (GBytes) set = wire_image (drive->id, "1.03", "set");
  g_autofree char *description = g_strconcat ("PIONEER ", drive->product, NULL);
  const guint8 *header = g_bytes_get_data (normal, NULL);
  const guint8 *kernel_header = g_bytes_get_data (kernel, NULL);
  const guint8 *both = g_bytes_get_data (set, NULL);

  g_assert_cmpuint (g_bytes_get_size (normal), ==, drive->normal_size);
  g_assert_cmpuint (g_bytes_get_size (kernel), ==, drive->kernel_size);
  g_assert_cmpmem (both, drive->kernel_size, kernel_header, drive->kernel_size);
  g_assert_cmpmem (both + drive->kernel_size, g_bytes_get_size (set) - drive->kernel_size, header,
                   drive->normal_size);
  g_assert_true (g_str_has_prefix ((const char *) header,
                                   "********  Copyright(c) 2000 Pioneer Corporation  ********     "
                                   "\r\nThis is microcode file.  \r\nID : PIONEER "));
  assert_field (header, 0x60, "\r\nID : ", description);
  assert_field (header, 0x90, "\r\nRevision Level : ", "1.03 ");
  assert_field (header, 0xb0, "\r\nHardware Version : ", drive->hardware);
  assert_field (header, 0xd0, "\r\nKernel Version : ", "GENERAL ");
  assert_field (header, 0xf0, "\r\nDestination : ", "GENERAL ");
  assert_field (header, 0x110, "\r\nFile Type : ", "Normal  ");
  assert_field (kernel_header, 0x110, "\r\nFile Type : ", "Kernel  ");
  assert_field (header, 0x130, "\r\nGenerated Date : ", "2011/08/15");
  assert_field (header, 0x150, "\r\nKernel Version2 : ", "1.03");
  g_assert_cmpmem (header + 0x15d, 3, "\r\n\x1a", 3);
}

static guint8 *
synthetic (guint32 seed, gsize size, const char *type)
{
  guint8 *file = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    file[i] = pioneer_next_byte (&seed);
  memset (file, ' ', 0x160);
  memcpy (file + 0x60, "PIONEER         DVR-106 ", 24);
  memcpy (file + 0x70, "DVR-106", 7);
  memcpy (file + 0x110, type, 6);
  return file;
}

static void
assert_sha256 (const guint8 *data, gsize size, const char *expected)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, size);

  g_assert_cmpstr (sum, ==, expected);
}

/* The vectors of pioneer 11 */
static void
test_scrambling (void)
{
  g_autofree guint8 *normal = synthetic (0x6a, 0x100000, "Normal");
  g_autofree guint8 *kernel = synthetic (0x6b, 0x10000, "Kernel");

  memcpy (normal + 0x10000, "PIONEER  DVR-106", 16);
  assert_sha256 (normal, 0x100000,
                 "4a3ebaf3c3f8dd0a498e4a32e43b38cd3017a61e12c43eddd0cecce9f679545f");
  assert_sha256 (kernel, 0x10000,
                 "b07049aedc633d1e7c9e65ea7fd5ecda088ed246db9884429d8a5847ef59912d");
  ofl_practice_pioneer_seal (normal, FALSE);
  ofl_practice_pioneer_seal (kernel, TRUE);
  assert_sha256 (normal, 0x100000,
                 "1d915a842a267f44ec1fbd81a5f2041a1291dd4be7a914b10eb989575af270f0");
  assert_sha256 (kernel, 0x10000,
                 "065a3fab61fb291f20d55ce4aa589848e28773cefec9b5d13a15a42fcf94b62c");
  g_assert_true (ofl_practice_pioneer_check_sum (normal, FALSE));
  g_assert_true (ofl_practice_pioneer_check_sum (kernel, TRUE));
  kernel[0xc000] ^= 0x10;
  g_assert_false (ofl_practice_pioneer_check_sum (kernel, TRUE));
}

/* Unscrambles a Normal of generation 107 and adds up, by the text of pioneer 3.3. */
static guint32
total_of_normal (const guint8 *scrambled)
{
  g_autofree guint8 *file = g_memdup2 (scrambled, 0x100000);
  guint32 total;

  for (guint32 i = 0; i < 0xc3000; i += 4)
    {
      guint32 w = le (file + 0xe0000 + i % 0xc300);
      guint32 word = le (file + 0x10000 + i);
      guint r = w & 31;

      if (i != 0x8000 && i != 0x70000)
        word ^= w;
      put_le (file + 0x10000 + i, r == 0 ? word : word >> r | word << (32 - r));
    }
  g_assert_cmpmem (file + 0x10000, 16, "PIONEER  DVR-107", 16);
  total = le (file + 0xd2000);
  for (guint32 at = 0x10000; at < 0xcbffc; at += 4)
    total += le (file + at);
  for (guint32 at = 0xd0000; at < 0xd1000; at += 4)
    total += le (file + at);
  return total;
}

static void
test_sum (void)
{
  const Case *drive = &pioneer_cases[1];
  g_autoptr (GBytes) good = wire_image (drive->id, "1.03", NULL);
  g_autoptr (GBytes) bad = wire_image (drive->id, "1.03", "bad-sum");

  g_assert_cmphex (total_of_normal (g_bytes_get_data (good, NULL)), ==, 0);
  g_assert_cmphex (total_of_normal (g_bytes_get_data (bad, NULL)), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < PIONEER_N_CASES; i++)
    {
      const Case *drive = &pioneer_cases[i];

      pioneer_add_test ("pioneer-files", "header", drive, test_header);
    }
  g_test_add_func ("/practice/pioneer-files/scrambling", test_scrambling);
  g_test_add_func ("/practice/pioneer-files/sum", test_sum);
  return g_test_run ();
}
