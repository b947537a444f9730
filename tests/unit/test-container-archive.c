/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives, what is nested in them, and archives made to do harm. */
#include <archive.h>
#include <string.h>

#include "firmware/ofl-container-private.h"
#include "tests/firmware-encoders/encode.h"
#include "tests/firmware-encoders/expect.h"

#define ZIP ARCHIVE_FORMAT_ZIP
#define PLAIN ARCHIVE_FILTER_NONE

static GBytes *
make_updater (void)
{
  g_autoptr (GBytes) image = encode_banked_noise (0x99, 0x20000);
  EncodeXFlash xflash = { .version = "rrX\0v2.0.0\0",
                          .version_length = 12,
                          .count = "HOW_MANY_BIN=1",
                          .size = { 0x20000 },
                          .revision = { "US0N" },
                          .body = image };

  return encode_xflash (&xflash);
}

static void
check_pair (GBytes *archive, const char *name, const char *title, GBytes *one, GBytes *two)
{
  g_autoptr (Unpacked) unpacked = expect_unpacks (archive, name, two != NULL ? 2 : 1, title);
  g_autofree char *first = g_strdup_printf ("kernel.bin in %s", name);
  g_autofree char *second = g_strdup_printf ("normal.bin in %s", name);

  g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, first);
  expect_equal (unpacked_get (unpacked, 0)->bytes, one);
  if (two == NULL)
    return;
  g_assert_cmpstr (unpacked_get (unpacked, 1)->name, ==, second);
  expect_equal (unpacked_get (unpacked, 1)->bytes, two);
}

static void
test_kinds (void)
{
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x10000);
  g_autoptr (GBytes) two = encode_noise_bytes (2, 0x18000);
  static const struct {
    int format, filter;
    const char *name, *title;
  } kinds[] = {
    { ZIP, PLAIN, "a.zip", "ZIP archive" },
    { ARCHIVE_FORMAT_7ZIP, PLAIN, "a.7z", "7z archive" },
    { ARCHIVE_FORMAT_TAR_USTAR, PLAIN, "a.tar", "tar archive" },
    { ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, "a.tar.gz", "tar archive" },
    { ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2, "a.tar.bz2", "tar archive" },
    { ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ, "a.tar.xz", "tar archive" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GBytes) archive = encode_archive (kinds[i].format, kinds[i].filter, NULL,
                                                   "kernel.bin", one, "normal.bin", two, NULL);

      check_pair (archive, kinds[i].name, kinds[i].title, one, two);
    }
}

static void
test_rar_and_cab (void)
{
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x11000);
  g_autoptr (GBytes) rar = encode_rar ("kernel.bin", one, FALSE);
  g_autoptr (GBytes) cab = encode_cab ("kernel.bin", one);

  check_pair (rar, "a.rar", "RAR archive", one, NULL);
  check_pair (cab, "a.cab", "CAB archive", one, NULL);
}

static void
test_packed_file (void)
{
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x10000);
  g_autoptr (GBytes) gz
      = encode_archive (ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, NULL, "kernel.bin", one, NULL);
  g_autoptr (Unpacked) unpacked = expect_unpacks (gz, "kernel.bin.gz", 1, "Packed file");
  g_autoptr (GBytes) shred = g_bytes_new ("\037\213\010 nothing that was ever packed", 32);
  g_autoptr (Unpacked) raw = expect_unpacks (shred, "x.bin", 1, "Raw image");

  g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, "kernel.bin in kernel.bin.gz");
  expect_equal (unpacked_get (unpacked, 0)->bytes, one);
  expect_equal (unpacked_get (raw, 0)->bytes, shred);
}

/* A program with an archive behind it is opened like the archive, and one without is not. */
static void
test_self_unpacking (void)
{
  g_autoptr (GBytes) code = encode_noise_bytes (1, 0x800);
  g_autoptr (GBytes) program = encode_program (code, code);
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x10000);
  g_autoptr (GBytes) rar = encode_rar ("kernel.bin", one, FALSE);
  g_autoptr (GBytes) exe = encode_join (program, rar, NULL);
  g_autoptr (GBytes) cab = encode_cab ("kernel.bin", one);
  g_autoptr (GBytes) cab_exe = encode_join (program, cab, NULL);

  check_pair (exe, "setup.exe", "Self-unpacking program (RAR archive)", one, NULL);
  check_pair (cab_exe, "setup.exe", "Self-unpacking program (CAB archive)", one, NULL);
}

static void
test_nested (void)
{
  g_autoptr (GBytes) updater = make_updater ();
  g_autoptr (GBytes) image = encode_banked_noise (0x99, 0x20000);
  g_autoptr (GBytes) readme = g_bytes_new ("Read me first.\n", 15);
  g_autoptr (GBytes) bin = encode_noise_bytes (4, 0x10000);
  g_autoptr (GBytes) inner = encode_archive (ZIP, PLAIN, NULL, "us0n.exe", updater, NULL);
  g_autoptr (GBytes) outer = encode_archive (ARCHIVE_FORMAT_7ZIP, PLAIN, NULL, "read.txt", readme,
                                             "us0n.zip", inner, "drive.bin", bin, NULL);
  g_autoptr (Unpacked) unpacked = expect_unpacks (
      outer, "pack.7z", 3, "7z archive › ZIP archive › Lite-On updater (XFlash 2.0.0, method 0)");

  g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, "read.txt in pack.7z");
  g_assert_cmpstr (unpacked_get (unpacked, 0)->note, ==, "a text file");
  g_assert_cmpstr (unpacked_get (unpacked, 1)->name, ==,
                   "slot 1 in us0n.exe in us0n.zip in pack.7z");
  g_assert_cmpstr (unpacked_get (unpacked, 1)->revision, ==, "US0N");
  expect_equal (unpacked_get (unpacked, 1)->bytes, image);
  g_assert_cmpstr (unpacked_get (unpacked, 2)->name, ==, "drive.bin in pack.7z");
}

static void
test_names (void)
{
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x10);
  g_autoptr (GBytes) archive = encode_archive (ARCHIVE_FORMAT_TAR_USTAR, PLAIN, NULL,
                                               "../../etc/passwd", one, "/root/x.bin", one,
                                               "a\\..\\b.bin", one, "bell\007.bin", one, "folder/",
                                               NULL, NULL);
  static const char *names[]
      = { "etc/passwd in a.tar", "root/x.bin in a.tar", "a/b.bin in a.tar", "bell?.bin in a.tar" };
  g_autoptr (Unpacked) unpacked = expect_unpacks (archive, "a.tar", 4, "tar archive");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (unpacked_get (unpacked, i)->name, ==, names[i]);
}

static void
test_locked (void)
{
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x1000);
  g_autoptr (GBytes) zip
      = encode_archive (ZIP, PLAIN, "zip:encryption=traditional", "kernel.bin", one, NULL);
  g_autoptr (GBytes) aes
      = encode_archive (ZIP, PLAIN, "zip:encryption=aes256", "kernel.bin", one, NULL);
  g_autoptr (GBytes) rar = encode_rar ("kernel.bin", one, TRUE);

  expect_refused (zip, "locked with a password", NULL);
  expect_refused (aes, "locked with a password", NULL);
  expect_refused (rar, "locked with a password", NULL);
}

static void
test_damaged (void)
{
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x10000);
  g_autoptr (GBytes) zip = encode_archive (ZIP, PLAIN, NULL, "kernel.bin", one, NULL);
  g_autoptr (GBytes) changed = expect_patch (zip, 0x4000, "changed!", 8);
  g_autoptr (GBytes) cut = expect_cut (zip, 0x8000);
  g_autoptr (GBytes) mark = g_bytes_new ("PK\003\004\024\0\0\0\010\0", 10);
  g_autoptr (GBytes) rar = encode_rar ("kernel.bin", one, FALSE);
  g_autoptr (GBytes) rar_cut = expect_cut (rar, 0x8000);
  g_autoptr (GBytes) seven
      = encode_archive (ARCHIVE_FORMAT_7ZIP, PLAIN, NULL, "kernel.bin", one, NULL);
  g_autoptr (GBytes) seven_cut = expect_cut (seven, 0x8000);

  expect_refused (changed, "This archive is damaged at offset", "kernel.bin", NULL);
  expect_refused (cut, "This archive is damaged at offset", "kernel.bin", NULL);
  expect_refused (mark, "This archive is damaged at offset", NULL);
  expect_refused (rar_cut, "This archive is damaged at offset", "kernel.bin", NULL);
  expect_refused (seven_cut, "This archive is damaged at offset", NULL);
}

/* A damaged updater is the error when there is nothing else, and a note beside other firmware. */
static void
test_damaged_inside (void)
{
  g_autoptr (GBytes) updater = make_updater ();
  g_autoptr (GBytes) broken = expect_cut (updater, 0x10000);
  g_autoptr (GBytes) readme = g_bytes_new ("Read me first.\n", 15);
  g_autoptr (GBytes) icon = encode_noise_bytes (5, 0x400);
  g_autoptr (GBytes) bin = encode_noise_bytes (4, 0x10000);
  g_autoptr (GBytes) only
      = encode_archive (ZIP, PLAIN, NULL, "a.exe", broken, "read.txt", readme, "a.ico", icon, NULL);
  g_autoptr (GBytes) beside
      = encode_archive (ZIP, PLAIN, NULL, "a.exe", broken, "drive.bin", bin, NULL);
  g_autoptr (Unpacked) unpacked = NULL;

  expect_refused (only, "a.exe in file: This Lite-On updater", "offset 0x10000", NULL);
  unpacked = expect_unpacks (beside, "a.zip", 2, NULL);
  g_assert_nonnull (strstr (unpacked_get (unpacked, 0)->note, "not unpacked: This Lite-On"));
  expect_equal (unpacked_get (unpacked, 1)->bytes, bin);
  g_assert_null (unpacked_get (unpacked, 1)->note);
}

static void
test_too_many (void)
{
  g_autoptr (GByteArray) tar = g_byte_array_new ();
  g_autoptr (GBytes) one = encode_noise_bytes (1, 0x10);
  g_autoptr (GBytes) single
      = encode_archive (ARCHIVE_FORMAT_TAR_USTAR, PLAIN, NULL, "x.bin", one, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (single, &length);
  g_autoptr (GBytes) most = NULL;
  g_autoptr (GBytes) more = NULL;
  g_autoptr (Unpacked) unpacked = NULL;

  for (guint i = 0; i < OFL_CONTAINER_MAX_PARTS; i++)
    g_byte_array_append (tar, data, 1024);
  most = g_bytes_new (tar->data, tar->len);
  unpacked = expect_unpacks (most, "a.tar", OFL_CONTAINER_MAX_PARTS, NULL);
  g_byte_array_append (tar, data, 1024);
  more = g_bytes_new (tar->data, tar->len);
  expect_refused (more, "more than 256 files", NULL);
}

/* 65 MiB of zeros take few bytes; five files of 60 MiB are each small enough, together too much. */
static void
test_bombs (void)
{
  g_autoptr (GBytes) big = encode_zeros (65u << 20);
  g_autoptr (GBytes) large = encode_zeros (60u << 20);
  g_autoptr (GBytes) one = encode_archive (ZIP, PLAIN, NULL, "a", big, NULL);
  g_autoptr (GBytes) all = encode_archive (ZIP, PLAIN, NULL, "a", large, "b", large, "c", large,
                                           "d", large, "e", large, NULL);

  g_assert_cmpuint (g_bytes_get_size (all), <, 1u << 20);
  expect_refused (one, "far more than any firmware", "64 MiB", NULL);
  expect_refused (all, "far more than any firmware", "256 MiB", NULL);
}

static void
test_depth (void)
{
  g_autoptr (GBytes) bin = encode_noise_bytes (4, 0x10000);
  g_autoptr (GBytes) nested = g_bytes_ref (bin);

  for (guint depth = 1; depth <= OFL_CONTAINER_MAX_DEPTH + 1; depth++)
    {
      GBytes *outer = encode_archive (ZIP, PLAIN, NULL, "x", nested, NULL);

      g_bytes_unref (nested);
      nested = outer;
      if (depth <= OFL_CONTAINER_MAX_DEPTH)
        {
          g_autoptr (Unpacked) unpacked = expect_unpacks (nested, "a.zip", 1, "ZIP archive");

          expect_equal (unpacked_get (unpacked, 0)->bytes, bin);
        }
    }
  expect_refused (nested, "inside more than 3 others", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/archive/kinds", test_kinds);
  g_test_add_func ("/container/archive/rar-and-cab", test_rar_and_cab);
  g_test_add_func ("/container/archive/packed-file", test_packed_file);
  g_test_add_func ("/container/archive/self-unpacking", test_self_unpacking);
  g_test_add_func ("/container/archive/nested", test_nested);
  g_test_add_func ("/container/archive/names", test_names);
  g_test_add_func ("/container/archive/locked", test_locked);
  g_test_add_func ("/container/archive/damaged", test_damaged);
  g_test_add_func ("/container/archive/damaged-inside", test_damaged_inside);
  g_test_add_func ("/container/archive/too-many", test_too_many);
  g_test_add_func ("/container/archive/bombs", test_bombs);
  g_test_add_func ("/container/archive/depth", test_depth);
  return g_test_run ();
}
