/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer files and keys: what is recognised, sets of two parts, sums, the challenge's answers,
 * against the vectors of pioneer 11. */
#include <string.h>

#include "families/pioneer/ofl-pioneer.h"
#include "kit/specimen.h"
#include "pioneer-specimen.h"
#include "scsi/ofl-bytes.h"

static const OflImageCheck *
find_check (const OflImage *image, const char *name, OflImageCheckResult result)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);

      if (g_str_equal (check->name, name) && check->result == result)
        return check;
    }
  return NULL;
}

static void
test_facts (void)
{
  PioneerHeader header = PIONEER_109_HEADER ("Normal");
  g_autoptr (OflImage) image = pioneer_image (&header, 0x128000, 1);

  g_assert_nonnull (image);
  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "PIONEER");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "DVD-RW DVR-109");
  g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "1.58");
  g_assert_cmpstr (ofl_image_get_fact (image, "date"), ==, "2005/05/13");
  g_assert_cmpstr (ofl_image_get_fact (image, "kernel type"), ==, "GENERAL");
  g_assert_cmpstr (ofl_image_get_fact (image, "component"), ==, "Normal");
  g_assert_cmpstr (ofl_image_get_mark (image), ==, "ATA 9 / GENERAL");
  g_assert_false (ofl_image_is_changed (image));
}

/* Each byte of the header's literal text counts. */
static void
test_strict (void)
{
  static const gsize spoiled[] = { 0x00, 0x3c, 0x5f, 0x8f, 0xae, 0xcd, 0x10e, 0x110, 0x115 };
  PioneerHeader header = PIONEER_109_HEADER ("Normal");
  PioneerHeader other = PIONEER_109_HEADER ("Plane");
  g_autofree guint8 *file = pioneer_file (&header, 0x128000, 1);
  g_autoptr (OflImage) plane = pioneer_image (&other, 0x128000, 1);
  g_autoptr (OflImage) shortest = specimen_parse ("pioneer", file, 0x1ff);

  for (guint i = 0; i < G_N_ELEMENTS (spoiled); i++)
    {
      g_autoptr (OflImage) image = NULL;

      file[spoiled[i]] ^= 0x01;
      image = specimen_parse ("pioneer", file, 0x128000);
      g_assert_null (image);
      file[spoiled[i]] ^= 0x01;
    }
  g_assert_null (plane);
  g_assert_null (shortest);
}

/* pioneer 2.5 */
static void
test_sizes (void)
{
  static const struct {
    const char *version, *type;
    gsize length;
    OflImageCheckResult size;
  } rows[] = {
    { "ATA 0001", "Normal", 0x100000, OFL_IMAGE_CHECK_OK },
    { "ATA 0008", "Normal", 0x100000, OFL_IMAGE_CHECK_OK },
    { "ATA 0008", "Normal", 0x100001, OFL_IMAGE_CHECK_CHANGED },
    { "ATA 0008", "Normal", 0x0fffff, OFL_IMAGE_CHECK_CHANGED },
    { "ATA 0062", "Normal", 0x100000, OFL_IMAGE_CHECK_OK },
    { "ATA 0009", "Normal", 0x127fff, OFL_IMAGE_CHECK_CHANGED },
    { "ATA 0009", "Normal", 0x128000, OFL_IMAGE_CHECK_OK },
    { "ATA 0010", "Normal", 0x200000, OFL_IMAGE_CHECK_WARNING },
    { "ATA 0066", "Normal", 0x200001, OFL_IMAGE_CHECK_CHANGED },
    { "ATA 0008", "Kernel", 0x10000, OFL_IMAGE_CHECK_OK },
    { "ATA 0052", "Kernel", 0x10000, OFL_IMAGE_CHECK_OK },
    { "ATA 0008", "Kernel", 0x20000, OFL_IMAGE_CHECK_CHANGED },
    { "ATA 0011", "Kernel", 0x20000, OFL_IMAGE_CHECK_OK },
    { "ATA 0064", "Kernel", 0x20000, OFL_IMAGE_CHECK_OK },
    { "ATA 0064", "Kernel", 0x10000, OFL_IMAGE_CHECK_CHANGED },
    /* case-25: a whole number of blocks may be right, one byte more never is */
    { "ATA 0009", "Normal", 0x130000, OFL_IMAGE_CHECK_WARNING },
    { "ATA 0009", "Normal", 0x128001, OFL_IMAGE_CHECK_CHANGED },
    { "ATA 0010", "Normal", 0x1fffff, OFL_IMAGE_CHECK_CHANGED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PioneerHeader header = PIONEER_109_HEADER (rows[i].type);
      g_autoptr (OflImage) image = NULL;

      header.version = rows[i].version;
      image = pioneer_image (&header, rows[i].length, 1);
      g_assert_cmpint (ofl_image_is_changed (image), ==, rows[i].size == OFL_IMAGE_CHECK_CHANGED);
      g_assert_nonnull (find_check (image, "size", rows[i].size));
    }
}

static GPtrArray *
combine (OflImage *first, OflImage *second)
{
  GPtrArray *images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);

  g_ptr_array_add (images, ofl_image_ref (first));
  g_ptr_array_add (images, ofl_image_ref (second));
  ofl_families_combine (images);
  return images;
}

static void
test_combine (void)
{
  PioneerHeader kernel_header = PIONEER_109_HEADER ("Kernel");
  PioneerHeader normal_header = PIONEER_109_HEADER ("Normal");
  g_autofree guint8 *kernel_file = pioneer_file (&kernel_header, 0x20000, 21);
  g_autofree guint8 *normal_file = pioneer_file (&normal_header, 0x130000, 22);
  g_autoptr (OflImage) kernel = pioneer_image (&kernel_header, 0x20000, 21);
  g_autoptr (OflImage) normal = pioneer_image (&normal_header, 0x130000, 22);
  g_autoptr (GPtrArray) images = combine (normal, kernel);
  g_autoptr (OflImage) again = NULL;
  const OflImage *set;
  gsize length;
  const guint8 *data;

  g_assert_cmpuint (images->len, ==, 3);
  set = g_ptr_array_index (images, 0); /* in front: the better choice among equals */
  data = ofl_image_get_data (set, &length);
  g_assert_cmphex (length, ==, 0x20000 + 0x130000);
  g_assert_cmpmem (data, 0x20000, kernel_file, 0x20000);
  g_assert_cmpmem (data + 0x20000, 0x130000, normal_file, 0x130000);
  g_assert_cmpstr (ofl_image_get_fact (set, "component"), ==, "Kernel and Normal");
  g_assert_cmpstr (ofl_image_get_fact (set, "revision"), ==, "1.58");
  g_assert_nonnull (find_check (set, "pair", OFL_IMAGE_CHECK_OK));
  again = specimen_parse ("pioneer", data, length);
  g_assert_cmpstr (ofl_image_get_fact (again, "component"), ==, "Kernel and Normal");
  g_assert_false (ofl_image_is_changed (again));
}

/* What does not belong together, or would not be found again, makes no set. */
static void
test_combine_not (void)
{
  static const struct {
    gsize kernel_length;
    const char *description, *version, *kernel_type;
  } rows[] = {
    { 0x10000, "PIONEER DVD-RW  DVR-109 ", "ATA 0009", "GENERAL " },
    { 0x20000, "PIONEER DVD-RW  DVR-109X", "ATA 0009", "GENERAL " },
    { 0x20000, "PIONEER DVD-RW  DVR-109 ", "ATA 0010", "GENERAL " },
    { 0x20000, "PIONEER DVD-RW  DVR-109 ", "ATA 0009", "ASUS    " },
  };
  PioneerHeader normal_header = PIONEER_109_HEADER ("Normal");
  g_autoptr (OflImage) normal = pioneer_image (&normal_header, 0x128000, 22);
  g_autoptr (GPtrArray) twice = combine (normal, normal);

  g_assert_cmpuint (twice->len, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PioneerHeader header
          = { rows[i].description, "1.58", rows[i].version, rows[i].kernel_type, "Kernel" };
      g_autoptr (OflImage) kernel = pioneer_image (&header, rows[i].kernel_length, 21);
      g_autoptr (GPtrArray) images = combine (kernel, normal);

      g_assert_cmpuint (images->len, ==, 2);
    }
}

/* A file in which somebody put two parts together that are for different drives. */
static void
test_wrong_pair (void)
{
  PioneerHeader kernel_header = PIONEER_109_HEADER ("Kernel");
  PioneerHeader normal_header = PIONEER_109_HEADER ("Normal");
  g_autofree guint8 *a = NULL, *b = pioneer_file (&normal_header, 0x128000, 22);
  g_autofree guint8 *both = g_malloc (0x148000);
  g_autoptr (OflImage) image = NULL;

  kernel_header.kernel_type = "ASUS    ";
  a = pioneer_file (&kernel_header, 0x20000, 21);
  memcpy (both, a, 0x20000);
  memcpy (both + 0x20000, b, 0x128000);
  image = specimen_parse ("pioneer", both, 0x148000);
  g_assert_nonnull (find_check (image, "pair", OFL_IMAGE_CHECK_CHANGED));
  g_assert_true (ofl_image_is_changed (image));
}

static void
put_spoken_header (guint8 *file, const char *type)
{
  memset (file, 0x20, 0x160);
  memcpy (file + 0x60, "PIONEER         DVR-106 ", 24);
  memcpy (file + 0x70, "DVR-106", 7);
  memcpy (file + 0x110, type, 6);
}

static guint32
rotate_left (guint32 word, guint bits)
{
  return bits == 0 ? word : (word << bits) | (word >> (32 - bits));
}

/* The other direction, by pioneer 3.3: rotate left, then XOR with the same two exceptions. */
static void
scramble (guint8 *file, guint32 region, guint32 length, guint32 key, guint32 key_length)
{
  for (guint32 i = 0; i < length; i += 4)
    {
      guint32 w = ofl_get_le (file + key + i % key_length, 4);
      guint32 word = rotate_left (ofl_get_le (file + region + i, 4), w & 31);

      if (i != 0x8000 && i != 0x70000)
        word ^= w;
      ofl_put_le (file + region + i, 4, word);
    }
}

static guint32
sum (const guint8 *file, guint32 from, guint32 to)
{
  guint32 total = 0;

  for (; from < to; from += 4)
    total += ofl_get_le (file + from, 4);
  return total;
}

/* The sum and the key table that a maker puts in before scrambling (pioneer 3.3). */
static void
finish_normal (guint8 *file)
{
  guint32 total = 0, at = 0xe0000, final;

  ofl_put_le (file + 0xd2000, 4, -(sum (file, 0x10000, 0xcbffc) + sum (file, 0xd0000, 0xd1000)));
  for (guint32 i = 0x10000; i < 0xd3000; i += 4)
    {
      total += ofl_get_le (file + i, 4);
      if ((i & 0x7f) != 0x7c)
        continue;
      ofl_put_le (file + at, 4, total);
      at += 4;
    }
  final = total;
  ofl_put_le (file + at, 4, final);
  at += 4;
  for (guint32 from = 0xe0000; at < 0xec300; at += 4, from += 4)
    ofl_put_le (file + at, 4, final - ofl_get_le (file + from, 4));
}

static guint8 *
new_scrambled_normal (void)
{
  guint8 *file = specimen_noise (0x6a, 0x100000);

  put_spoken_header (file, "Normal");
  memcpy (file + 0x10000, "PIONEER  DVR-106", 16);
  finish_normal (file);
  scramble (file, 0x10000, 0xc3000, 0xe0000, 0xc300);
  return file;
}

static void
test_sum_normal (void)
{
  g_autofree guint8 *plain = specimen_noise (0x6a, 0x100000);
  g_autofree guint8 *file = new_scrambled_normal ();
  g_autofree guint8 *clear = ofl_pioneer_unscramble (file, 0x100000, FALSE);
  guint32 stored, computed;

  put_spoken_header (plain, "Normal");
  memcpy (plain + 0x10000, "PIONEER  DVR-106", 16);
  specimen_assert_sha256 (plain, 0x100000,
                          "4a3ebaf3c3f8dd0a498e4a32e43b38cd3017a61e12c43eddd0cecce9f679545f");
  specimen_assert_sha256 (file, 0x100000,
                          "1d915a842a267f44ec1fbd81a5f2041a1291dd4be7a914b10eb989575af270f0");
  specimen_assert_sha256 (clear, 0x100000,
                          "56dfd0e4bb3a86551d93f10c739bcdfc88d8191158bab4dc23dbe0c223d0c981");
  g_assert_true (ofl_pioneer_check_sum (file, 0x100000, FALSE, &stored, &computed));
  g_assert_cmphex (stored, ==, 0x22cb82d8);
  g_assert_cmphex (computed, ==, 0x22cb82d8);
  g_assert_false (ofl_pioneer_check_sum (file, 0x0ffffc, FALSE, &stored, &computed));
}

static void
test_sum_kernel (void)
{
  g_autofree guint8 *file = specimen_noise (0x6b, 0x10000);
  g_autofree guint8 *clear = NULL;
  guint32 stored, computed;

  put_spoken_header (file, "Kernel");
  specimen_assert_sha256 (file, 0x10000,
                          "b07049aedc633d1e7c9e65ea7fd5ecda088ed246db9884429d8a5847ef59912d");
  ofl_put_le (file + 0xb000, 4, -sum (file, 0xc000, 0x10000));
  scramble (file, 0xb000, 0x5000, 0x9000, 0x500);
  specimen_assert_sha256 (file, 0x10000,
                          "065a3fab61fb291f20d55ce4aa589848e28773cefec9b5d13a15a42fcf94b62c");
  clear = ofl_pioneer_unscramble (file, 0x10000, TRUE);
  specimen_assert_sha256 (clear, 0x10000,
                          "2d0af820a5b4cb92963db5563c27c608d5d42b2a94a2cd33eaa71601dd9f6b09");
  g_assert_true (ofl_pioneer_check_sum (file, 0x10000, TRUE, &stored, &computed));
  g_assert_cmphex (stored, ==, computed);
}

/* A file that carries its sum, and one that was damaged: a word, no refusal. */
static void
test_integrity (void)
{
  PioneerHeader header = { "PIONEER DVD-RW  DVR-106 ", "1.08", "ATA 0006", "GENERAL ", "Normal" };
  g_autofree guint8 *file = new_scrambled_normal ();
  g_autofree guint8 *headed = pioneer_file (&header, 0x100000, 1);
  g_autoptr (OflImage) good = NULL, bad = NULL, absent = NULL;
  PioneerHeader other = PIONEER_109_HEADER ("Normal");

  memcpy (file, headed, 0x160);
  good = specimen_parse ("pioneer", file, 0x100000);
  g_assert_nonnull (find_check (good, "integrity", OFL_IMAGE_CHECK_OK));
  file[0x54321] ^= 4;
  bad = specimen_parse ("pioneer", file, 0x100000);
  g_assert_nonnull (find_check (bad, "integrity", OFL_IMAGE_CHECK_WARNING));
  g_assert_false (ofl_image_is_changed (bad));
  absent = pioneer_image (&other, 0x128000, 1);
  g_assert_nonnull (find_check (absent, "integrity", OFL_IMAGE_CHECK_ABSENT));
}

static void
test_answer (void)
{
  static const struct {
    guint32 seed;
    guint8 answer;
  } rows[] = { { 0x0000, 0x6c }, { 0x0001, 0x63 }, { 0x1234, 0x55 },
               { 0x4321, 0xb9 }, { 0xbeef, 0xdd }, { 0xffff, 0x09 } };
  static const guint8 nobody[4] = { 0xcb, 0xbe, 0xd3, 0xa7 };
  guint8 answer = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *challenge = specimen_noise (rows[i].seed, 8);

      if (rows[i].seed == 0x1234)
        {
          g_autofree char *hex = specimen_hex (challenge, 8);

          g_assert_cmpstr (hex, ==, "cbbed3a6811058df");
        }
      g_assert_true (ofl_pioneer_answer (challenge, &answer));
      g_assert_cmphex (answer, ==, rows[i].answer);
    }
  g_assert_false (ofl_pioneer_answer (nobody, &answer));
}

/* pioneer 2.6: a line of each kind, each descriptor once, and who is not in it */
static void
test_control (void)
{
  static const struct {
    const char *version, *type, *descriptor;
    guint32 key;
  } rows[] = {
    { "ATA 0001", "GENERAL ", "PIONEER DVR-S301", 0 },
    { "ATA 0003", "GENERAL ", "PIONEER DVD-R104", 0 },
    { "ATA 0004", "GENERAL ", "PIONEER  DVR-105", 0 },
    { "ATA 0006", "ANYTHING", "PIONEER  DVR-106", 0x9a782361 },
    { "ATA 0053", "GENERAL ", "PIONEER  DVR-106", 0x9a782361 },
    { "ATA 0054", "GENERAL ", "PIONEER  DVR-107", 0x9a782361 },
    { "ATA 0062", "GENERAL ", "PIONEER  DVR-108", 0x9a782361 },
    { "ATA 0009", "PIO_ADVX", "PIONEER  DVR-109", 0x51b7dac2 },
    { "ATA 0009", "ASUS    ", "PIONEER  DVR-109", 0x2bd55699 },
    { "ATA 0064", "ASUS_NL ", "PIONEER  DVR-109", 0x9ce45ef6 },
    { "ATA 0066", "PIODATA ", "PIONEER  DVR-109", 0x150000b0 },
    { "ATA 0009", "MEDION  ", "PIONEER  DVR-109", 0xd1a2ed86 },
    { "ATA 0009", "OEM_EXT ", "PIONEER  DVR-109", 0x9a782361 },
    { "ATA 0009", "OEM_EXT2", "PIONEER  DVR-109", 0x9a782361 },
    { "ATA 0009", "OEM_INT ", "PIONEER  DVR-109", 0x1b0000b0 },
    { "ATA 0010", "GENERAL ", "PIONEER  DVR-110", 0x5d6a8fe9 },
    { "ATA 0011", "MEDION  ", "PIONEER  DVR-110", 0xd2a2ed86 },
    { "ATA 0011", "SONYDT  ", "PIONEER  DVR-110", 0x9a782361 },
    { "ATA 0009", "OEM_EXT3", NULL, 0 },
    { "ATA 0009", "ASUSX   ", NULL, 0 },
    { "ATA 0010", "        ", NULL, 0 },
    { "ATA 0012", "GENERAL ", NULL, 0 },
    { "ATA 9ABC", "GENERAL ", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (OflPioneerHardware) hardware = { 0 };
      g_autoptr (GBytes) control = NULL;
      const guint8 *data;
      guint32 key = 1;

      g_test_message ("row %u", i);
      ofl_pioneer_read_hardware (pioneer_family (), (const guint8 *) rows[i].version,
                                 (const guint8 *) rows[i].type, &hardware);
      g_assert_cmpint (ofl_pioneer_key (pioneer_family (), &hardware, &key), ==,
                       rows[i].descriptor != NULL);
      if (rows[i].descriptor == NULL)
        continue;
      g_assert_cmphex (key, ==, rows[i].key);
      control = ofl_pioneer_control (pioneer_family (), &hardware, key);
      data = g_bytes_get_data (control, NULL);
      g_assert_cmpuint (g_bytes_get_size (control), ==, 0x100);
      g_assert_cmpmem (data, 16, rows[i].descriptor, 16);
      g_assert_cmphex (ofl_get_be (data + 16, 4), ==, rows[i].key);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pioneer/image/facts", test_facts);
  g_test_add_func ("/pioneer/image/strict", test_strict);
  g_test_add_func ("/pioneer/image/sizes", test_sizes);
  g_test_add_func ("/pioneer/image/combine", test_combine);
  g_test_add_func ("/pioneer/image/combine-not", test_combine_not);
  g_test_add_func ("/pioneer/image/wrong-pair", test_wrong_pair);
  g_test_add_func ("/pioneer/image/sum-normal", test_sum_normal);
  g_test_add_func ("/pioneer/image/sum-kernel", test_sum_kernel);
  g_test_add_func ("/pioneer/image/integrity", test_integrity);
  g_test_add_func ("/pioneer/answer", test_answer);
  g_test_add_func ("/pioneer/control", test_control);
  return g_test_run ();
}
