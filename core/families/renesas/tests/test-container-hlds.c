/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hitachi-LG's updaters and images: every vector of renesas 11, and damaged ones. */
#include <string.h>

#include "families/renesas/ofl-hlds.h"
#include "tests/firmware-encoders/encode.h"
#include "tests/firmware-encoders/expect.h"

#define STUB 0x1000u
#define TRAILER 0x2Cu

static const guint16 seeds[] = { 0x1234, 0xBEEF, 0x8000 };
static const guint32 holes[][2] = { { 0x80, 0x300 }, { 0x4480, 0x300 } };

static void
test_streams (void)
{
  static const struct {
    guint cipher;
    guint16 seed;
    const char *first, *sha256;
  } cases[] = {
    { 1, 0x0001, "6c056a02ba12ddaec9dc972249f1145a",
      "61bc3c8c13da9fc9a8831445a1877c15a4e0bd270bb9a286d9b00538d79ba6ae" },
    { 1, 0x1234, "79cc68ed099c70f00ff3522f724fb5e1",
      "8c6f7989cddaabcc15ec6477af761199b065924a86b27226c14b4b9b5bd03e41" },
    { 1, 0xBEEF, "73d409beb11f882bed08a4aea4325837",
      "7ff58b88c6dc631aa4abb80b1f884763dc496fe805954968bb3986dde6cab325" },
    { 1, 0x8000, "c4a08df4223ff14a122904f86d99dd76",
      "47106bd67ea19a31a548cd2545d54d6d85754174459bed6cb1dc6ce52ed65bd5" },
    { 2, 0x0001, "05454fedc7aa35f6712464051018318a",
      "c29b26acc7fd0cbbb5f9ef7c7d5d4645d957530b56f1d075a7c7bf7b93868e41" },
    { 2, 0x1234, "c550788a0c257051f94ea3e9bc1aa095",
      "df54c291d89e6ebe3e6b51b86f5b748865f3b236f127e1878a5b159db8a26688" },
    { 2, 0xBEEF, "eadfbd16b28b0c2c8446961fe3aaffcb",
      "29de8354dd37333c272a746ec4a3a5769455f3b96d7dccb7b69c84fcd9edf052" },
    { 2, 0x8000, "00040d28796ca2f9f8f40a6e4be2a7f6",
      "5937ad1ea30e3e9ca78fd0d6bb63954c72e031570824b62a5ab8bec4711b770f" },
    { 3, 0x0001, "0545596e4b1dd1efbbe9bb99fff9f56d",
      "1dd68aa75baa7cbd3474e5252a4cf6ab546bfda23b59ca162cd7e56d37976262" },
    { 3, 0x1234, "c199ccfcc8350cda63194cf2c131eda1",
      "aacf519a778fe7fcd44e70c45ae86741870a2fc7a3677ad8467378d7b6467847" },
    { 3, 0xBEEF, "e61abb6943c95c8abbd28cbfb90b45ed",
      "53bd443315b919cf808f896c6e37d2859a63d8c5568bfc63657b5bfd03d17795" },
    { 3, 0x8000, "022a34375a65cb4af79656af994d8f4a",
      "b58d3a4a2e7a728dabfdcb160bec65f2e7d954fe5bebe578ec17b090b572bc82" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 *stream = g_malloc0 (0x1000), *theirs = g_malloc0 (0x1000);
      g_autoptr (GBytes) bytes = g_bytes_new_take (stream, 0x1000);
      g_autoptr (GBytes) encoded = g_bytes_new_take (theirs, 0x1000);
      g_autoptr (GString) first = g_string_new (NULL);

      ofl_hlds_crypt (cases[i].cipher, cases[i].seed, stream, stream, 0x1000);
      encode_hlds_stream (cases[i].cipher, cases[i].seed, theirs, 0x1000);
      for (guint k = 0; k < 16; k++)
        g_string_append_printf (first, "%02x", stream[k]);
      g_assert_cmpstr (first->str, ==, cases[i].first);
      expect_sha256 (bytes, cases[i].sha256);
      expect_sha256 (encoded, cases[i].sha256);
    }
}

static void
test_seed_zero (void)
{
  for (guint cipher = 1; cipher <= 3; cipher++)
    {
      guint8 zero[64] = { 0 }, one[64] = { 0 };

      ofl_hlds_crypt (cipher, 0, zero, zero, sizeof zero);
      ofl_hlds_crypt (cipher, 1, one, one, sizeof one);
      g_assert_cmpmem (zero, sizeof zero, one, sizeof one);
    }
}

static void
test_components (void)
{
  g_autoptr (GBytes) main_part = encode_hlds_component ("MAIN", 0x4D, 0x4000);
  g_autoptr (GBytes) core_part = encode_hlds_component ("CORE", 0x43, 0x2000);

  g_assert_cmphex (ofl_get_be (g_bytes_get_data (main_part, NULL), 2), ==, 0x89F6);
  g_assert_cmphex (ofl_get_be (g_bytes_get_data (core_part, NULL), 2), ==, 0xB32F);
  expect_sha256 (main_part, "bc9d986d19d8ed5b4a7c8173d6b649bc69a2781f6029e0dba0d6f1c72acfee9c");
  expect_sha256 (core_part, "b3fda53793f7b5213e4f09f5754819ab8707a01c552457fbb5bd7cfbe7e670c1");
  g_assert_cmpstr (ofl_hlds_get_kind (ofl_slice_of_bytes (main_part)), ==, "MAIN");
  g_assert_cmpstr (ofl_hlds_get_kind (ofl_slice_of_bytes (core_part)), ==, "CORE");
  g_assert_null (ofl_hlds_get_kind ((OflSlice){ (const guint8 *) "none", 4 }));
}

typedef struct {
  GBytes *main_part, *core_part, *flat;
} Images;

static void
set_up (Images *self, gconstpointer data)
{
  self->main_part = encode_hlds_component ("MAIN", 0x4D, 0x4000);
  self->core_part = encode_hlds_component ("CORE", 0x43, 0x2000);
  self->flat = encode_join (self->main_part, self->core_part, NULL);
}

static void
tear_down (Images *self, gconstpointer data)
{
  g_bytes_unref (self->main_part);
  g_bytes_unref (self->core_part);
  g_bytes_unref (self->flat);
}

static void
check_parts (const Images *i, const Unpacked *unpacked)
{
  g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, "MAIN");
  g_assert_cmpstr (unpacked_get (unpacked, 1)->name, ==, "CORE");
  g_assert_cmpstr (unpacked_get (unpacked, 0)->revision, ==, "1.00");
  g_assert_null (unpacked_get (unpacked, 0)->note);
  g_assert_null (unpacked_get (unpacked, 1)->note);
  expect_equal (unpacked_get (unpacked, 0)->bytes, i->main_part);
  expect_equal (unpacked_get (unpacked, 1)->bytes, i->core_part);
}

static void
test_exe (Images *i, gconstpointer data)
{
  const char *sha256[] = { "51a9174ed7c019ef76febf12d118420a9fe47df1a864e987c9f88c40155c1c81",
                           "825578e8bfa692273ff3cf2de4b9b761abdb9078c03936329f607f5f510bdfb3",
                           "37f9a91e1e8fe11233fe21db4445bfd4698e69037025f85c7092d8ba0bf4cf8f" };

  for (guint cipher = 1; cipher <= 3; cipher++)
    {
      g_autoptr (GBytes) exe = encode_hlds_exe (i->flat, cipher, seeds[cipher - 1], holes, 2);
      g_autofree char *title = g_strdup_printf ("Hitachi-LG updater (encryption %u)", cipher);
      g_autoptr (Unpacked) unpacked = NULL;

      g_assert_cmphex (g_bytes_get_size (exe), ==, 0x7430);
      expect_sha256 (exe, sha256[cipher - 1]);
      unpacked = expect_unpacks (exe, "t21n.exe", 2, title);
      check_parts (i, unpacked);
    }
}

/* No hole; and a hole where the data end, which the source does not reach: the last component is
 * then filled up. */
static void
test_holes (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) none = encode_hlds_exe (i->flat, 1, 7, NULL, 0);
  g_autoptr (Unpacked) whole = expect_unpacks (none, "x.exe", 2, NULL);
  guint8 *blank_end = g_memdup2 (g_bytes_get_data (i->flat, NULL), 0x6800);
  g_autoptr (GBytes) flat = NULL;
  g_autoptr (GBytes) exe = NULL;
  g_autoptr (Unpacked) unpacked = NULL;

  check_parts (i, whole);
  memset (blank_end + 0x6700, 0, 0x100);
  flat = g_bytes_new_take (blank_end, 0x6800);
  exe = encode_hlds_exe (flat, 1, 7, (const guint32[][2]){ { 0x6700, 0x100 } }, 1);
  unpacked = expect_unpacks (exe, "x.exe", 2, NULL);
  g_assert_cmphex (g_bytes_get_size (unpacked_get (unpacked, 1)->bytes), ==, 0x2400);
  g_assert_nonnull (strstr (unpacked_get (unpacked, 1)->note, "0x100 bytes early"));
}

static void
test_flat (Images *i, gconstpointer data)
{
  g_autoptr (Unpacked) both
      = expect_unpacks (i->flat, "x.bin", 2, "Hitachi-LG firmware components");
  g_autoptr (Unpacked) one = expect_unpacks (i->core_part, "core.bin", 1, "Raw image");

  check_parts (i, both);
  g_assert_cmpstr (unpacked_get (one, 0)->name, ==, "core.bin");
  expect_equal (unpacked_get (one, 0)->bytes, i->core_part);
}

/* The source reports a wrong checksum and keeps the piece. */
static void
test_changed (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) changed = expect_patch (i->flat, 0x5000, "changed!", 8);
  g_autoptr (GBytes) exe = encode_hlds_exe (changed, 3, 0x8000, holes, 2);
  g_autoptr (Unpacked) unpacked = expect_unpacks (exe, "x.exe", 2, NULL);

  g_assert_null (unpacked_get (unpacked, 0)->note);
  g_assert_nonnull (strstr (unpacked_get (unpacked, 1)->note, "checksum"));
}

/* Encrypts a field of a trailer or block anew. */
static GBytes *
patch_encrypted (GBytes *exe, guint cipher, gsize start, gsize offset, guint32 value)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (exe, &length);
  guint8 *copy = g_memdup2 (data, length);
  guint16 seed = (guint16) ofl_get_be (copy + start, 2);

  encode_hlds_stream (cipher, seed, copy + start + 2, offset + 2);
  ofl_put_be (copy + start + offset, 4, value);
  encode_hlds_stream (cipher, seed, copy + start + 2, offset + 2);
  return g_bytes_new_take (copy, length);
}

static void
test_damaged (Images *i, gconstpointer data)
{
  g_autoptr (GBytes) exe = encode_hlds_exe (i->flat, 2, 0xBEEF, NULL, 0);
  gsize tail = g_bytes_get_size (exe) - TRAILER;
  g_autoptr (GBytes) start = patch_encrypted (exe, 2, tail, 2, 0x1001);
  g_autoptr (GBytes) empty = patch_encrypted (exe, 2, tail, 6, 0);
  g_autoptr (GBytes) huge = patch_encrypted (exe, 2, STUB, 0x204 + 0x44, 0x7FFFFFFF);
  g_autoptr (GBytes) nameless = patch_encrypted (exe, 2, STUB, 0x204 + 0x18, 0x20202020);
  g_autoptr (GBytes) nothing = patch_encrypted (exe, 2, STUB, 0x204 + 0x44, 0);
  g_autofree char *tail_text = g_strdup_printf ("offset 0x%X", (guint) tail);

  expect_refused (start, tail_text, "should end at", NULL);
  expect_refused (empty, tail_text, "no data", NULL);
  expect_refused (huge, "offset 0x1248", "0x7FFFFFFF bytes", NULL);
  expect_refused (nameless, "offset 0x1204", "neither MAIN nor CORE", NULL);
  expect_refused (nothing, "offset 0x1204", "no component", NULL);
}

/* Holes in the table are only zeros in the file and may claim 16 MiB each. */
static void
test_bomb (Images *i, gconstpointer data)
{
  g_autofree guint32 (*many)[2] = g_malloc0 (64 * sizeof *many);
  guint8 *zeros = g_malloc0 (0x6800);
  g_autoptr (GBytes) flat = g_bytes_new_take (zeros, 0x6800);
  g_autoptr (GBytes) exe = NULL;
  g_autoptr (GBytes) bomb = NULL;

  for (guint k = 0; k < 64; k++)
    {
      many[k][0] = 0x100 + k * 4;
      many[k][1] = 1;
    }
  exe = encode_hlds_exe (flat, 1, 1, (const guint32 (*)[2]) many, 64);
  bomb = g_bytes_ref (exe);
  for (guint k = 0; k < 64; k++)
    {
      GBytes *next = patch_encrypted (bomb, 1, STUB, 0x104 + 4 * k, 0xFFFFFF);

      g_bytes_unref (bomb);
      bomb = next;
    }
  expect_refused (bomb, "far more than any firmware", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/hlds/streams", test_streams);
  g_test_add_func ("/container/hlds/seed-zero", test_seed_zero);
  g_test_add_func ("/container/hlds/components", test_components);
  g_test_add ("/container/hlds/exe", Images, NULL, set_up, test_exe, tear_down);
  g_test_add ("/container/hlds/holes", Images, NULL, set_up, test_holes, tear_down);
  g_test_add ("/container/hlds/flat", Images, NULL, set_up, test_flat, tear_down);
  g_test_add ("/container/hlds/changed", Images, NULL, set_up, test_changed, tear_down);
  g_test_add ("/container/hlds/damaged", Images, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/container/hlds/bomb", Images, NULL, set_up, test_bomb, tear_down);
  return g_test_run ();
}
