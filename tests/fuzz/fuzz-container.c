/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: any file, opened as a container. It is refused or opened within the bounds, and
 * nothing is read or written where it should not (which the sanitizers see). */
#include "fuzz.h"

#include <archive.h>
#include <string.h>

#include "firmware/ofl-container-private.h"
#include "families/ofl-families.h"
#include "scsi/ofl-error.h"
#include "tests/firmware-encoders/encode.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  g_autoptr (GBytes) file = g_bytes_new_static (data, length);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;
  guint64 total = 0;

  if (!ofl_container_unpack (file, "file", ofl_families_containers (), parts, &title, &error))
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

static GBytes *
make_xflash (guint method)
{
  static const char *versions[]
      = { "rrX\0v2.0.0\0", "rrX\0v2.0.5\0", "rrX\0v2.1.1\0", "rrX\0v2.2.0\0" };
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

static GBytes *
make_packed (int filter)
{
  g_autoptr (GBytes) small = encode_noise_bytes (1, 0x1000);

  return encode_archive (ARCHIVE_FORMAT_RAW, filter, NULL, "kernel.bin", small, NULL);
}

typedef struct {
  const char *name;
  GBytes *file;
} Sample;

void
fuzz_make_seeds (FuzzTake take, gpointer user)
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
    { "lha", encode_lha ("kernel.bin", small) },
    { "iso", make_archive (ARCHIVE_FORMAT_ISO9660, ARCHIVE_FILTER_NONE) },
    { "xar", make_archive (ARCHIVE_FORMAT_XAR, ARCHIVE_FILTER_NONE) },
    { "cpio", make_archive (ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, ARCHIVE_FILTER_NONE) },
    { "lzma", make_packed (ARCHIVE_FILTER_LZMA) },
    { "lzip", make_packed (ARCHIVE_FILTER_LZIP) },
    { "zstd", make_packed (ARCHIVE_FILTER_ZSTD) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      take (samples[i].name, g_bytes_get_data (samples[i].file, NULL),
            g_bytes_get_size (samples[i].file), user);
      g_bytes_unref (samples[i].file);
    }
}
