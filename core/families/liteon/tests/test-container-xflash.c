/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On updaters: every vector of liteon 11.1 to 11.3, and damaged ones. */
#include <string.h>

#include "families/liteon/ofl-xflash.h"
#include "tests/firmware-encoders/encode.h"
#include "tests/firmware-encoders/expect.h"

#define TEXT(text) text, sizeof text - 1

typedef struct {
  GBytes *a, *b, *c, *d, *z, *half_z, *key, *key2;
} Images;

static void
set_up (Images *self, gconstpointer data)
{
  self->a = encode_banked_noise (0x1234, 0x100000);
  self->b = encode_banked_noise (0x55, 0x80000);
  self->c = encode_banked_noise (0x77, 0x40000);
  self->d = encode_banked_noise (0x99, 0x20000);
  self->z = encode_sparse_image (0x100000);
  self->half_z = expect_cut (self->z, 0x80000);
  self->key = encode_noise_bytes (0xBEEF, 0x400);
  self->key2 = encode_noise_bytes (0xCAFE, 0x400);
}

static void
tear_down (Images *self, gconstpointer data)
{
  GBytes **all[] = { &self->a, &self->b,      &self->c,   &self->d,
                     &self->z, &self->half_z, &self->key, &self->key2 };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_clear_pointer (all[i], g_bytes_unref);
}

/* Joins and frees the pieces. */
static GBytes *
join3 (GBytes *one, GBytes *two, GBytes *three)
{
  GBytes *all = encode_join (one, two, three, NULL);

  g_bytes_unref (one);
  g_bytes_unref (two);
  g_bytes_unref (three);
  return all;
}

static GBytes *
finish (EncodeXFlash *xflash, GBytes *body)
{
  GBytes *file;

  xflash->body = body;
  file = encode_xflash (xflash);
  g_bytes_unref (body);
  return file;
}

/* The updaters of the table, by the names of liteon 11.3. */
static EncodeXFlash
one_image (void)
{
  return (EncodeXFlash){ .version = "rrX\0v2.0.0\0",
                         .version_length = 12,
                         .count = "HOW_MANY_BIN=1",
                         .size = { 0x100000 },
                         .revision = { "US0N" } };
}

static GBytes *
make_e0 (const Images *i)
{
  EncodeXFlash xflash = one_image ();

  return finish (&xflash, g_bytes_ref (i->a));
}

static GBytes *
make_e0x (const Images *i)
{
  EncodeXFlash xflash = one_image ();

  xflash.version = "Ver XFB-2.1.0\0";
  xflash.version_length = 15;
  xflash.tag = "[01U-CG-XFB-1.0.0]";
  return finish (&xflash, join3 (encode_zeros (0x1000), g_bytes_ref (i->a), encode_zeros (0)));
}

static GBytes *
make_e1a (const Images *i)
{
  EncodeXFlash xflash = one_image ();

  xflash.version = "rrX\0v2.0.5\0";
  return finish (&xflash, encode_swapped (i->a, 0, 0));
}

static GBytes *
blank_run (void)
{
  guint8 *run = g_malloc (256);

  memset (run, 0xFF, 256);
  return g_bytes_new_take (run, 256);
}

static GBytes *
make_e1b (const Images *i)
{
  EncodeXFlash xflash = one_image ();

  xflash.version = "rrX\0v2.1.0\0";
  return finish (&xflash,
                 join3 (encode_swapped (i->a, 0x400, 0x1000), blank_run (), encode_zeros (0)));
}

static GBytes *
make_e2 (const Images *i)
{
  EncodeXFlash xflash = { .version = "rrX\0v2.1.1\0",
                          .version_length = 12,
                          .count = "HOW_MANY_BIN=2",
                          .start = { 0, 0x80000 },
                          .size = { 0x80000, 0x20000 },
                          .revision = { "NS0A", "DS1" } };

  xflash.code = encode_fibonacci_code (&xflash.code_length);
  return finish (&xflash,
                 join3 (join3 (g_bytes_ref (i->key), g_bytes_ref (i->key2), encode_zeros (0x800)),
                        encode_fibonacci (i->b, i->key, "NS0A"),
                        encode_fibonacci (i->d, i->key2, "DS1")));
}

static GBytes *
make_e3 (const Images *i, gboolean second_code)
{
  EncodeXFlash xflash = { .version = "rrX\0v2.2.0\0",
                          .version_length = 12,
                          .count = "PARA_OPT=0",
                          .start = { 0, 0, 0x100000 },
                          .size = { 0x100000, 0, 0x80000 },
                          .revision = { "US0N", NULL, "NS0A" } };

  xflash.code = encode_mask_code (second_code, &xflash.code_length);
  return finish (
      &xflash, join3 (join3 (g_bytes_ref (i->key), encode_zeros (0x400),
                             join3 (g_bytes_ref (i->key2), encode_zeros (0x400), encode_zeros (0))),
                      encode_mask (i->z, i->key, "US0N", 0x7F, 0x5A),
                      encode_mask (i->half_z, i->key2, "NS0A", 0x7F, 0x5A)));
}

static void
test_data (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) first = encode_noise_bytes (1, 16);
  const guint8 *noise = g_bytes_get_data (first, NULL);

  g_assert_cmpmem (noise, 8, "\xc6\x7e\x81\x6b\x4b\xfb\xe2\xfb", 8);
  expect_sha256 (i->a, "11449c7f3bfc6867f69808b8948eb14e3d712be64441576f0f2fb0c0977c3e7b");
  expect_sha256 (i->b, "3fa5a151e70dee873384febc5aa030d303538d9cee42ae83e7ca5612f3fa49f8");
  expect_sha256 (i->c, "de4d4c59f1ec820ac125476a8385683fc925841f455e9676543710b1f20069dd");
  expect_sha256 (i->d, "a3d32207a18bde536cf06e6aa287168ca3d6ac98116c7993e96ba2e5e6aca05c");
  expect_sha256 (i->z, "f3d12e9c16097f9443b7b7f61f390abca16ccf37fde14b3a0fedcb7e8c47254a");
  expect_sha256 (i->key, "44d7d1345cbb0f297eaab2527ef3d1b16fa956f77dae479b9fb10077d39fc4a7");
}

static void
check_swapped (GBytes *stored, guint inverted, guint gap, const char *sha256, GBytes *image)
{
  gsize length = 0;
  guint8 *plain;
  g_autoptr (GBytes) bytes = NULL;

  expect_sha256 (stored, sha256);
  plain = ofl_xflash_undo_swap (ofl_slice_of_bytes (stored), inverted, gap, &length);
  g_assert_nonnull (plain);
  bytes = g_bytes_new_take (plain, length);
  expect_equal (bytes, image);
}

static void
test_swap (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) late = encode_swapped (i->a, 0x400, 0x1000);
  g_autoptr (GBytes) early = encode_swapped (i->a, 0, 0);
  g_autoptr (GBytes) small = encode_swapped (i->c, 0x400, 0x1000);
  g_autoptr (GBytes) other = NULL;
  gsize length = 0;
  guint8 *plain;

  g_assert_cmpmem (g_bytes_get_data (late, NULL), 16,
                   "\xcf\x47\x86\xfe\xa5\x3b\x2c\x5a\x54\xb0\x21\x50\x94\xc9\xe5\x28", 16);
  check_swapped (late, 0x400, 0x1000,
                 "b96297ea695f739b3c14ee6dccface8a6bd117e22f34dd82a3d6b6341051d318", i->a);
  check_swapped (early, 0, 0, "ee15e58d79bfb4b0af0a122e4381c2aa509be51a0fa54126d8c2b7877d6a7ed6",
                 i->a);
  check_swapped (small, 0x400, 0x1000,
                 "759ae86944a1afdaf032db526c8e8d0f16f9ee38845d34bf3fc12f22af236243", i->c);
  plain = ofl_xflash_undo_swap (ofl_slice_of_bytes (i->a), 0x400, 0x1000, &length);
  g_assert_cmpuint (length, ==, 0xFF000);
  other = g_bytes_new_take (plain, length);
  expect_sha256 (other, "0127c952660aa363f66faccb26c8b0bf70b58b8af052b3937b4cf5c8f224bf4d");
}

static void
test_swap_too_short (Images *i, gconstpointer data)
{
  g_autofree guint8 *noise = encode_noise (1, 0x11000);
  gsize length = 0;

  g_assert_null (ofl_xflash_undo_swap ((OflSlice){ noise, 0xFFFF }, 0, 0, &length));
  g_assert_null (ofl_xflash_undo_swap ((OflSlice){ noise, 0x10FFF }, 0x400, 0x1000, &length));
}

/* Our own undoing of both keyed methods does, too, because it is its own inverse. */
static GBytes *
apply (GBytes *image, GBytes *key, guint8 sum, gboolean by_mask, guint8 mask, guint8 extra)
{
  gsize length;
  const guint8 *plain = g_bytes_get_data (image, &length);
  guint8 *copy = g_memdup2 (plain, length);
  const guint8 *k = g_bytes_get_data (key, NULL);

  g_assert_true (by_mask ? ofl_xflash_apply_mask (copy, length, k, sum, mask, extra)
                         : ofl_xflash_apply_fibonacci (copy, length, k, sum));
  return g_bytes_new_take (copy, length);
}

static void
test_fibonacci (Images *i, gconstpointer data)
{
  const struct {
    GBytes *image;
    const char *sha256;
  } cases[] = {
    { i->a, "eba8c09d8c8deee8c0e0c4ccfc6819781b6678e4e9a858c958668403b44fff9a" },
    { i->b, "457afdaa07076202baed321645965f71937bacca0f30c66420a10fc608c731a5" },
    { i->c, "e4a6c43f95a5184d55230ec9b58de97cb40a0be9d9d1b1d43e07513923b1deb8" },
    { i->d, "b3b456fa4c18296c5459138326d6c5cc9b214cc96cf966aec41964fbeda43201" },
  };

  for (guint n = 0; n < G_N_ELEMENTS (cases); n++)
    {
      g_autoptr (GBytes) scrambled = encode_fibonacci (cases[n].image, i->key, "US0N");
      g_autoptr (GBytes) ours = apply (cases[n].image, i->key, 0x26, FALSE, 0, 0);

      expect_sha256 (scrambled, cases[n].sha256);
      expect_sha256 (ours, cases[n].sha256);
    }
}

static void
test_fibonacci_classes (Images *i, gconstpointer data)
{
  g_autofree char *classes = encode_fibonacci_classes ();
  g_autoptr (GBytes) bytes = g_bytes_new (classes, strlen (classes));

  g_assert_true (g_str_has_prefix (
      classes, "RNKKKKKKRKKKKKKKRKKNKRKRRNKKKKKKRKKKKKKKRKKNRNKKKKKKRKKKKKKKRKKNKRKR"
               "RNKKKKKKRKKKKKKKRKKNRNKKKKKK"));
  expect_sha256 (bytes, "2b03c432559cdc0b2930dfdb346664a29ee648f739451894d707f7cbb563f02c");
}

static void
check_vote (GBytes *scrambled, GBytes *key, guint8 mask, guint8 expected, gboolean expect_clear)
{
  guint8 extra = 0;
  gboolean clear = FALSE;

  g_assert_true (ofl_xflash_vote_extra (ofl_slice_of_bytes (scrambled),
                                        g_bytes_get_data (key, NULL), 0x26, mask, &extra, &clear));
  g_assert_cmphex (extra, ==, expected);
  g_assert_cmpint (clear, ==, expect_clear);
}

/* On random data the vote is wrong, as the original's is; but it must not look sure of itself. */
static void
test_mask (Images *i, gconstpointer data)
{
  const struct {
    GBytes *image;
    guint8 mask, extra, vote;
    gboolean clear;
    const char *sha256;
  } cases[] = {
    { i->a, 0x7F, 0x5A, 0x33, FALSE,
      "83dd3ceb187490115e24de3a4d12123553319d32b774e503731d6ee23717c575" },
    { i->b, 0xFF, 0x33, 0x5C, FALSE,
      "9ca1a160e665a8c4b3cb0b326cd09d0d70eede95d25ce3aada7df296707d6ceb" },
    { i->d, 0x7F, 0x00, 0x83, FALSE,
      "d2644064fdfa013b46f199a852bda60607e6d52e088f5c36bcfd4e118b403e05" },
    { i->z, 0x7F, 0x5A, 0x5A, TRUE,
      "a469a5c5bee1c39cd72890dd472c5b2ef56b4dd015ec5d0a582b169c2a118d1b" },
  };

  for (guint n = 0; n < G_N_ELEMENTS (cases); n++)
    {
      g_autoptr (GBytes) scrambled
          = encode_mask (cases[n].image, i->key, "US0N", cases[n].mask, cases[n].extra);
      g_autoptr (GBytes) ours
          = apply (cases[n].image, i->key, 0x26, TRUE, cases[n].mask, cases[n].extra);

      expect_sha256 (scrambled, cases[n].sha256);
      expect_sha256 (ours, cases[n].sha256);
      check_vote (scrambled, i->key, cases[n].mask, cases[n].vote, cases[n].clear);
    }
}

static void
check_file (GBytes *file, gsize length, const char *sha256)
{
  g_assert_cmphex (g_bytes_get_size (file), ==, length);
  expect_sha256 (file, sha256);
}

static void
test_plain (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) e0 = make_e0 (i);
  g_autoptr (GBytes) e0x = make_e0x (i);
  g_autoptr (Unpacked) plain = NULL;
  g_autoptr (Unpacked) rebuilt = NULL;

  check_file (e0, 0x100702, "6c51c9a3b918b834f48d5f7e42a2a5784e9d6fc39bb052fcf04e74564af2d65e");
  plain = expect_unpacks (e0, "us0n.exe", 1, "Lite-On updater (XFlash 2.0.0, method 0)");
  g_assert_cmpstr (unpacked_get (plain, 0)->name, ==, "slot 1");
  g_assert_cmpstr (unpacked_get (plain, 0)->revision, ==, "US0N");
  g_assert_null (unpacked_get (plain, 0)->note);
  expect_equal (unpacked_get (plain, 0)->bytes, i->a);

  check_file (e0x, 0x101702, "ccf191eafa155e92c61efbf73a87f7cddee661671b354ccb9455f8c6e418b3e6");
  rebuilt = expect_unpacks (e0x, "x.exe", 1,
                            "Lite-On updater (third-party rebuild XFB 2.1.0, method 0)");
  expect_equal (unpacked_get (rebuilt, 0)->bytes, i->a);
}

static void
test_swapped (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) e1a = make_e1a (i);
  g_autoptr (GBytes) e1b = make_e1b (i);
  g_autoptr (Unpacked) early = NULL;
  g_autoptr (Unpacked) late = NULL;

  check_file (e1a, 0x100702, "06c0a70a8804dce69ee66137b08cd57ab922b5f892d61a2f5b163cdb5730f316");
  early = expect_unpacks (e1a, "x.exe", 1, "Lite-On updater (XFlash 2.0.5, method 1)");
  expect_equal (unpacked_get (early, 0)->bytes, i->a);
  g_assert_nonnull (strstr (unpacked_get (early, 0)->note, "method 1"));

  check_file (e1b, 0x101802, "f3ababa0fba7da1f637ca601d1c86005e9d4075611caeafc8eaca51c2618ea80");
  late = expect_unpacks (e1b, "x.exe", 1, "Lite-On updater (XFlash 2.1.0, method 1)");
  expect_equal (unpacked_get (late, 0)->bytes, i->a);
}

static void
test_keyed (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) e2 = make_e2 (i);
  g_autoptr (Unpacked) unpacked = NULL;

  check_file (e2, 0xA1702, "e0355928da479782fb8714ad7047e519047bf43f69a53ed4480fef1a4411af2e");
  unpacked = expect_unpacks (e2, "x.exe", 2, "Lite-On updater (XFlash 2.1.1, method 2)");
  expect_equal (unpacked_get (unpacked, 0)->bytes, i->b);
  expect_equal (unpacked_get (unpacked, 1)->bytes, i->d);
  g_assert_cmpstr (unpacked_get (unpacked, 0)->revision, ==, "NS0A");
  g_assert_cmpstr (unpacked_get (unpacked, 1)->revision, ==, "DS1");
}

static void
test_masked (Images *i, gconstpointer data)
{
  const char *sha256[] = { "78eb7f9e254ac0ad23db656a109e54b245765822d82196d5fc8d37df46553083",
                           "38814f474a6211561f76210b995fff6a02cdcfef01177083d6c31d7045753d99" };

  for (guint second = 0; second < 2; second++)
    {
      g_autoptr (GBytes) e3 = make_e3 (i, second == 1);
      g_autoptr (Unpacked) unpacked = NULL;

      check_file (e3, 0x1816FE, sha256[second]);
      unpacked = expect_unpacks (e3, "x.exe", 2, "Lite-On updater (XFlash 2.2.0, method 3)");
      g_assert_cmpstr (unpacked_get (unpacked, 1)->name, ==, "slot 3");
      expect_equal (unpacked_get (unpacked, 0)->bytes, i->z);
      expect_sha256 (unpacked_get (unpacked, 1)->bytes,
                     "6d0276c4179e29a679fffb946fdd0b04e02b93ae0296d97b18b83e58e26ea042");
      g_assert_null (strstr (unpacked_get (unpacked, 0)->note, "may be wrong"));
    }
}

/* The original's own re-packed file: four bytes of image 1 changed, everything else as it was. */
static void
test_patched (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) patched = expect_patch (i->z, 0x4321, "ABCD", 4);
  Images changed = *i;
  g_autoptr (GBytes) e3p = NULL;
  g_autoptr (Unpacked) unpacked = NULL;

  changed.z = patched;
  e3p = make_e3 (&changed, FALSE);
  check_file (e3p, 0x1816FE, "53f09684c92c82a846429fa9f42232a83aa5cd2fa6e34f39a0e6b3dc00da2e4f");
  unpacked = expect_unpacks (e3p, "x.exe", 2, NULL);
  expect_sha256 (unpacked_get (unpacked, 0)->bytes,
                 "b2262e27699431e0465823e52ac9af27ea999d23fd7a1912edef7192dc86724a");
}

/* The original refuses EV because it looks for the directory behind the version; the facts allow
 * to look from the beginning, and then it is told. */
static void
test_odd_versions (Images *i, gconstpointer data)
{
  EncodeXFlash xflash = one_image ();
  g_autoptr (GBytes) ev = NULL;
  g_autoptr (GBytes) eu = NULL;
  g_autoptr (Unpacked) late = NULL;
  g_autoptr (Unpacked) unknown = NULL;

  xflash.version = NULL;
  ev = finish (&xflash,
               join3 (g_bytes_ref (i->a), g_bytes_new ("rrX\0v2.0.0\0", 12), encode_zeros (0)));
  eu = finish (&xflash, g_bytes_ref (i->a));
  check_file (ev, 0x10070E, "a7775d0518c4a2b0e1333abb106242a533134ca23f59e16469bebc429651d7ef");
  late = expect_unpacks (ev, "x.exe", 1, "Lite-On updater (XFlash 2.0.0, method 0)");
  expect_equal (unpacked_get (late, 0)->bytes, i->a);
  g_assert_nonnull (strstr (unpacked_get (late, 0)->note, "unusual place"));

  check_file (eu, 0x100702, "4245f133650d35a7488b2fd113c8b5369bd03a9e184a0a7b06ef89146a1f6d0d");
  unknown = expect_unpacks (eu, "x.exe", 1, "Lite-On updater (XFlash, method 0)");
  expect_equal (unpacked_get (unknown, 0)->bytes, i->a);
}

/* A vote on noise gives an image that passes the bank check and is wrong: the note must warn. */
static void
test_unsure_vote (Images *i, gconstpointer data)
{
  Images noisy = *i;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (Unpacked) unpacked = NULL;

  noisy.z = i->a;
  file = make_e3 (&noisy, FALSE);
  unpacked = expect_unpacks (file, "x.exe", 2, NULL);
  g_assert_nonnull (strstr (unpacked_get (unpacked, 0)->note, "may be wrong"));
}

/* The special case of liteon 3.7: a small image of a late updater whose vote gives FF is done with
 * 00. */
static void
test_blank_vote (Images *i, gconstpointer data)
{
  EncodeXFlash xflash = { .version = "rrX\0v2.2.0\0",
                          .version_length = 12,
                          .count = "PARA_OPT=0",
                          .size = { 0x20000 },
                          .revision = { "US0N" } };
  guint8 *blank = g_malloc (0x20000);
  g_autoptr (GBytes) image = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (Unpacked) unpacked = NULL;

  memset (blank, 0xFF, 0x20000);
  blank[0] = blank[0x10000] = 2;
  image = g_bytes_new_take (blank, 0x20000);
  xflash.code = encode_mask_code (FALSE, &xflash.code_length);
  file = finish (&xflash, join3 (g_bytes_ref (i->key), encode_zeros (0xC00),
                                 encode_mask (image, i->key, "US0N", 0x7F, 0x00)));
  unpacked = expect_unpacks (file, "x.exe", 1, NULL);
  expect_equal (unpacked_get (unpacked, 0)->bytes, image);
}

static void
test_damaged (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) e0 = make_e0 (i);
  g_autoptr (GBytes) cut = expect_cut (e0, 0x80000);
  g_autoptr (GBytes) list = expect_patch (e0, 0x600 + 22, TEXT ("BIN_START1=00000X0000"));
  g_autoptr (GBytes) bank = expect_patch (e0, 0x702 + 0x30000, TEXT ("\x33"));
  g_autoptr (GBytes) none = expect_patch (e0, 0x600 + 22 + 88, TEXT ("BIN_SIZE1=0000000000"));
  g_autoptr (GBytes) far = expect_patch (e0, 0x600 + 22, TEXT ("BIN_START1=9999999999"));

  expect_refused (cut, "offset 0x80000", "ends inside image 1", "0x702", NULL);
  expect_refused (list, "offset 0x626", "breaks off", NULL);
  expect_refused (bank, "offset 0x30702", "no 02", "0x30000", NULL);
  expect_refused (none, "offset 0x702", "names no image", NULL);
  expect_refused (far, "ends inside image 1", NULL);
}

static void
test_unknown_ways (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) e0 = make_e0 (i);
  g_autoptr (GBytes) e0x = make_e0x (i);
  g_autoptr (GBytes) e1b = make_e1b (i);
  g_autoptr (GBytes) version = expect_patch (e0, 0x400, TEXT ("rrX\0v2.0.7\0\0"));
  g_autoptr (GBytes) no_tag = expect_patch (e0x, 0x4C0, TEXT ("[01X"));
  g_autoptr (GBytes) no_run = expect_patch (e1b, 0x101702 + 0x80, TEXT ("\0"));

  expect_refused (version, "2.0.7", "not publicly known", "0x702", NULL);
  expect_refused (no_tag, "offset 0x40F", "tag", NULL);
  expect_refused (no_run, "2.1.0", "not publicly known", NULL);
}

/* One slot's damage is told, and does not take the other's image away. */
static void
test_half_damaged (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) e2 = make_e2 (i);
  g_autoptr (GBytes) cut = expect_cut (e2, 0xA1701);
  g_autoptr (Unpacked) unpacked = expect_unpacks (cut, "x.exe", 1, NULL);

  expect_equal (unpacked_get (unpacked, 0)->bytes, i->b);
  g_assert_nonnull (strstr (unpacked_get (unpacked, 0)->note, "image 2"));
}

static void
test_rebanked (Images *i, gconstpointer data)
{
  g_autofree guint8 *image = encode_noise (7, 0x20000);
  gsize bad = 0;

  image[0] = image[0x4000] = 0x02;
  image[0x10000] = 0x33;
  memcpy (image + 0xFFF8, "LITEONIT", 8);
  g_assert_true (ofl_xflash_verify ((OflSlice){ image, 0x20000 }, &bad));
  image[0x4000] = 0x80;
  g_assert_false (ofl_xflash_verify ((OflSlice){ image, 0x20000 }, &bad));
  g_assert_cmphex (bad, ==, 0x10000);
  image[0x10000] = 0x80;
  g_assert_true (ofl_xflash_verify ((OflSlice){ image, 0x20000 }, &bad));
  image[0] = 0;
  g_assert_true (!ofl_xflash_verify ((OflSlice){ image, 0x100 }, &bad) && bad == 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Images *, gconstpointer);
  } tests[] = {
    { "/container/xflash/data", test_data },
    { "/container/xflash/swap", test_swap },
    { "/container/xflash/swap-too-short", test_swap_too_short },
    { "/container/xflash/fibonacci", test_fibonacci },
    { "/container/xflash/fibonacci-classes", test_fibonacci_classes },
    { "/container/xflash/mask", test_mask },
    { "/container/xflash/plain", test_plain },
    { "/container/xflash/swapped", test_swapped },
    { "/container/xflash/keyed", test_keyed },
    { "/container/xflash/masked", test_masked },
    { "/container/xflash/patched", test_patched },
    { "/container/xflash/odd-versions", test_odd_versions },
    { "/container/xflash/unsure-vote", test_unsure_vote },
    { "/container/xflash/blank-vote", test_blank_vote },
    { "/container/xflash/damaged", test_damaged },
    { "/container/xflash/unknown-ways", test_unknown_ways },
    { "/container/xflash/half-damaged", test_half_damaged },
    { "/container/xflash/rebanked", test_rebanked },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Images, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
