/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firmware files changed at random must be refused or opened within the bounds, and never read or
 * write where they should not (which the sanitizers see). Built with clang's -fsanitize=fuzzer and
 * -DOFL_LIBFUZZER it is a libFuzzer target; otherwise it is a test that changes one sample of each
 * kind OFL_FUZZ_ROUNDS times, always in the same way. */
#include <archive.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/ofl-container-private.h"
#include "scsi/ofl-error.h"
#include "tests/firmware-encoders/encode.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t length);

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  g_autoptr (GBytes) file = g_bytes_new_static (data, length);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;
  guint64 total = 0;

  if (!ofl_container_unpack (file, "file", parts, &title, &error))
    {
      g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (parts->len, ==, 0);
      return 0;
    }
  g_assert_no_error (error);
  g_assert_true (title != NULL && g_utf8_validate (title, -1, NULL));
  g_assert_cmpuint (parts->len, <=, OFL_CONTAINER_MAX_PARTS);
  for (guint i = 0; i < parts->len; i++)
    {
      const OflPart *part = g_ptr_array_index (parts, i);

      total += g_bytes_get_size (part->bytes);
      g_assert_true (g_utf8_validate (part->name, -1, NULL));
      g_assert_true (part->revision == NULL || g_utf8_validate (part->revision, -1, NULL));
      g_assert_true (part->note == NULL || g_utf8_validate (part->note, -1, NULL));
    }
  g_assert_cmpuint (total, <=, length + OFL_CONTAINER_MAX_TOTAL);
  return 0;
}

#ifndef OFL_LIBFUZZER

#define ROUNDS 4000

static GBytes *
make_xflash (guint method)
{
  static const char *versions[] = { "rrX\0v2.0.0\0", "rrX\0v2.0.5\0", "rrX\0v2.1.1\0",
                                    "rrX\0v2.2.0\0" };
  g_autoptr (GBytes) image = encode_sparse_image (0x20000);
  g_autoptr (GBytes) key = encode_noise_bytes (0xBEEF, 0x400);
  g_autoptr (GBytes) rest = encode_zeros (method >= 2 ? 0xC00 : 0);
  g_autoptr (GBytes) stored = method == 0   ? g_bytes_ref (image)
                              : method == 1 ? encode_swapped (image, 0, 0)
                              : method == 2 ? encode_fibonacci (image, key, "US0N")
                                            : encode_mask (image, key, "US0N", 0x7F, 0x5A);
  g_autoptr (GBytes) body = method >= 2 ? encode_join (key, rest, stored, NULL)
                                        : g_bytes_ref (stored);
  EncodeXFlash xflash = { .version = versions[method],
                          .version_length = 12,
                          .count = method == 3 ? "PARA_OPT=0" : "HOW_MANY_BIN=1",
                          .size = { 0x20000 },
                          .revision = { "US0N" },
                          .body = body };

  if (method == 2)
    xflash.code = encode_fibonacci_code (&xflash.code_length);
  if (method == 3)
    xflash.code = encode_mask_code (FALSE, &xflash.code_length);
  return encode_xflash (&xflash);
}

static GBytes *
make_upx (guint method, guint8 filter)
{
  g_autoptr (GBytes) updater = make_xflash (2);
  g_autoptr (GBytes) data
      = g_bytes_new_from_bytes (updater, 0x400, g_bytes_get_size (updater) - 0x400);
  g_autoptr (GBytes) code = encode_zeros (0x400);
  g_autoptr (GBytes) program = encode_program (code, data);

  return encode_upx (program, method, filter, TRUE, code);
}

static GBytes *
make_hlds (guint cipher)
{
  static const guint32 holes[][2] = { { 0x80, 0x300 }, { 0x1480, 0x300 } };
  g_autoptr (GBytes) main_part = encode_hlds_component ("MAIN", 0x4D, 0x1000);
  g_autoptr (GBytes) core_part = encode_hlds_component ("CORE", 0x43, 0x800);
  g_autoptr (GBytes) flat = encode_join (main_part, core_part, NULL);

  return cipher == 0 ? g_bytes_ref (flat) : encode_hlds_exe (flat, cipher, 0x1234, holes, 2);
}

static GBytes *
make_btc (void)
{
  guint8 *image = g_malloc (0x100000);
  g_autoptr (GBytes) bytes = g_bytes_new_take (image, 0x100000);

  memset (image, 0xFF, 0x100000);
  for (gsize i = 0; i < 0x100000; i += 0x8000)
    image[i] = 0x02;
  return encode_btc (bytes, 32);
}

static GBytes *
make_bracket (void)
{
  g_autoptr (GBytes) start = g_bytes_new ("BIN-START-ADDR\0\0", 16);
  g_autoptr (GBytes) image = encode_noise_bytes (0x2B, 0x40000);
  g_autoptr (GBytes) end = g_bytes_new ("BIN-END-ADDR\0", 13);

  return encode_join (start, image, end, NULL);
}

static GBytes *
make_nec (void)
{
  const EncodeNec nec = { .id = "K110", .payload = 0x9B004, .id_inside = 0x7B000 };
  g_autoptr (GBytes) image = encode_nec (&nec);

  return encode_join (image, image, NULL);
}

static GBytes *
make_archive (int format, int filter)
{
  g_autoptr (GBytes) updater = make_xflash (0);
  g_autoptr (GBytes) readme = g_bytes_new ("Read me first.\n", 15);

  return encode_archive (format, filter, NULL, "read.txt", readme, "us0n.exe", updater, NULL);
}

typedef struct {
  const char *name;
  GBytes *file;
} Sample;

static GArray *
make_samples (void)
{
  g_autoptr (GBytes) small = encode_noise_bytes (1, 0x1000);
  const Sample samples[] = {
    { "xflash-0", make_xflash (0) },
    { "xflash-1", make_xflash (1) },
    { "xflash-2", make_xflash (2) },
    { "xflash-3", make_xflash (3) },
    { "upx-2b", make_upx (2, 0) },
    { "upx-2d", make_upx (5, 0x26) },
    { "upx-2e", make_upx (8, 0) },
    { "hlds-1", make_hlds (1) },
    { "hlds-2", make_hlds (2) },
    { "hlds-3", make_hlds (3) },
    { "hlds-flat", make_hlds (0) },
    { "btc", make_btc () },
    { "bracket", make_bracket () },
    { "nec", make_nec () },
    { "zip", make_archive (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE) },
    { "7z", make_archive (ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE) },
    { "tar-gz", make_archive (ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP) },
    { "rar", encode_rar ("kernel.bin", small, FALSE) },
    { "cab", encode_cab ("kernel.bin", small) },
  };
  GArray *array = g_array_new (FALSE, FALSE, sizeof (Sample));

  g_array_append_vals (array, samples, G_N_ELEMENTS (samples));
  return array;
}

/* Half of the changes go where the structure of these files is: the first 2 KiB and the end. */
static gsize
choose_offset (GRand *rand, gsize length)
{
  gsize head = MIN (length, 0x800u), tail = MIN (length, 0x200u);

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      return (gsize) g_rand_int_range (rand, 0, (gint32) head);
    case 1:
      return length - 1 - (gsize) g_rand_int_range (rand, 0, (gint32) tail);
    default:
      return (gsize) g_rand_int_range (rand, 0, (gint32) length);
    }
}

static void
change_number (GRand *rand, guint8 *data, gsize length, gsize offset)
{
  static const guint32 numbers[] = { 0,          1,          0x7F,       0xFF,       0x400,
                                     0x7FFF,     0x8000,     0xFFFF,     0x10000,    0x1000000,
                                     0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF };
  guint32 number = numbers[g_rand_int_range (rand, 0, G_N_ELEMENTS (numbers))];
  guint n_bytes = MIN (4, (guint) (length - offset));

  if (g_rand_boolean (rand))
    ofl_put_le (data + offset, n_bytes, number);
  else
    ofl_put_be (data + offset, n_bytes, number);
}

/* One change; returns the file's new length, which is never greater. */
static gsize
change (GRand *rand, guint8 *data, gsize length)
{
  gsize offset = choose_offset (rand, length);
  gsize other = choose_offset (rand, length);
  gsize longest = (gsize) g_rand_int_range (rand, 1, 64);
  gsize run = MIN (length - MAX (offset, other), longest);

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      return MAX (offset, 1);
    case 1:
      memmove (data + offset, data + other, run);
      return length;
    case 2:
      memset (data + offset, g_rand_boolean (rand) ? 0xFF : 0x00, run);
      return length;
    case 3:
    case 4:
      change_number (rand, data, length, offset);
      return length;
    case 5:
      data[offset] = (guint8) g_rand_int (rand);
      return length;
    default:
      data[offset] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      return length;
    }
}

static void
run_sample (gconstpointer data)
{
  const Sample *sample = data;
  const char *rounds_text = g_getenv ("OFL_FUZZ_ROUNDS");
  guint64 rounds = rounds_text != NULL ? g_ascii_strtoull (rounds_text, NULL, 10) : ROUNDS;
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (sample->name));
  gsize size;
  const guint8 *original = g_bytes_get_data (sample->file, &size);

  for (guint64 i = 0; i < rounds; i++)
    {
      guint n_changes = 1 + (guint) g_rand_int_range (rand, 0, 3);
      guint8 *copy = g_malloc (size);
      gsize length = size;

      memcpy (copy, original, size);
      while (n_changes-- > 0)
        length = change (rand, copy, length);
      /* To its own length, so that a sanitizer sees the first byte behind it. */
      copy = g_realloc (copy, length);
      LLVMFuzzerTestOneInput (copy, length);
      g_free (copy);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GArray) samples = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  samples = make_samples ();
  for (guint i = 0; i < samples->len; i++)
    {
      const Sample *sample = &g_array_index (samples, Sample, i);
      g_autofree char *path = g_strdup_printf ("/fuzz/container/%s", sample->name);

      g_test_add_data_func (path, sample, run_sample);
    }
  result = g_test_run ();
  for (guint i = 0; i < samples->len; i++)
    g_bytes_unref (g_array_index (samples, Sample, i).file);
  return result;
}

#endif
