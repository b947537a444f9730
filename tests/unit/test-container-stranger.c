/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Case 15: packages that were called "no firmware" though firmware was inside. What can be opened is
 * opened; what cannot is named, and said to be worth unpacking; a plain image behind a program is
 * found. */
#include <archive.h>

#include "families/ofl-practice-catalog.h"
#include "ofl-core.h"
#include "tests/firmware-encoders/encode.h"
#include "tests/firmware-encoders/expect.h"

static GBytes *
make_program (void)
{
  g_autoptr (GBytes) code = encode_noise_bytes (1, 0x800);

  return encode_program (code, code);
}

static void
test_archives (void)
{
  static const struct {
    int format;
    const char *file, *title;
  } kinds[] = {
    { ARCHIVE_FORMAT_ISO9660, "a.iso", "Disc image (ISO 9660)" },
    { ARCHIVE_FORMAT_XAR, "a.xar", "xar archive" },
    { ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, "a.cpio", "cpio archive" },
    { ARCHIVE_FORMAT_CPIO_POSIX, "a.cpio", "cpio archive" },
  };
  g_autoptr (GBytes) image = encode_noise_bytes (3, 0x12345);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GBytes) file
          = encode_archive (kinds[i].format, ARCHIVE_FILTER_NONE, NULL, "drive.bin", image, NULL);
      g_autoptr (Unpacked) unpacked = expect_unpacks (file, kinds[i].file, 1, kinds[i].title);

      g_assert_true (g_str_has_prefix (unpacked_get (unpacked, 0)->name, "drive.bin in a."));
      expect_equal (unpacked_get (unpacked, 0)->bytes, image);
    }
}

static void
test_lha (void)
{
  g_autoptr (GBytes) image = encode_noise_bytes (3, 0x12345);
  g_autoptr (GBytes) file = encode_lha ("DRIVE.BIN", image);
  g_autoptr (Unpacked) unpacked = expect_unpacks (file, "a.lzh", 1, "LHA archive");
  g_autoptr (GBytes) broken = expect_patch (file, 0x400, "\377\376\375", 3);

  expect_equal (unpacked_get (unpacked, 0)->bytes, image);
  expect_refused (broken, "DRIVE.BIN", NULL);
}

static void
test_packed (void)
{
  static const int filters[] = { ARCHIVE_FILTER_LZMA, ARCHIVE_FILTER_LZIP, ARCHIVE_FILTER_ZSTD };
  g_autoptr (GBytes) image = encode_noise_bytes (3, 0x12345);

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (GBytes) file
          = encode_archive (ARCHIVE_FORMAT_RAW, filters[i], NULL, "drive.bin", image, NULL);
      g_autoptr (Unpacked) unpacked = expect_unpacks (file, "drive.bin.packed", 1, "Packed file");

      g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, "drive.bin in drive.bin.packed");
      expect_equal (unpacked_get (unpacked, 0)->bytes, image);
    }
}

/* The first bytes of an LZMA file or of an LHA header are no proof that one follows. */
static void
test_not_packed (void)
{
  g_autoptr (GBytes) noise = encode_noise_bytes (5, 0x10000);
  g_autoptr (GBytes) lzma
      = expect_patch (noise, 0, "\x5D\0\0\x80\0\377\377\377\377\377\377\377\377\1", 14);
  g_autoptr (GBytes) lha = expect_patch (noise, 2, "-lh5-", 5);
  g_autoptr (GBytes) lha_level = expect_patch (lha, 20, "\x09", 1);

  unpacked_free (expect_unpacks (lzma, "x.bin", 1, "Raw image"));
  unpacked_free (expect_unpacks (lha_level, "x.bin", 1, "Raw image"));
}

static void
check_package (GBytes *file, const char *title, const char *kind)
{
  g_autoptr (Unpacked) unpacked = expect_unpacks (file, "a file", 1, title);
  g_autofree char *note = g_strdup_printf ("%s that could not be opened here", kind);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("a file", file);
  const char *name = NULL;

  g_assert_cmpstr (unpacked_get (unpacked, 0)->note, ==, note);
  g_assert_true (ofl_families_recognise (firmware, NULL));
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), ==, 0);
  g_assert_cmpstr (ofl_firmware_get_unopened (firmware, &name), ==, kind);
  g_assert_cmpstr (name, ==, "a file");
}

static void
test_installers (void)
{
  static const struct {
    const char *mark;
    gsize n_bytes;
    const char *title, *kind;
  } installers[] = {
    { "Inno Setup Setup Data (5.5.7)", 29, "Windows program (Inno Setup)",
      "an installer made with Inno Setup" },
    { "\0\0\0\0\xEF\xBE\xAD\xDENullsoftInst", 20, "Windows program (NSIS)",
      "an installer made with NSIS" },
    { "nothing that is known", 21, "Windows program", "a Windows program" },
  };
  g_autoptr (GBytes) program = make_program ();
  g_autoptr (GBytes) noise = encode_noise_bytes (5, 300000);

  for (guint i = 0; i < G_N_ELEMENTS (installers); i++)
    {
      g_autoptr (GBytes) mark = g_bytes_new (installers[i].mark, installers[i].n_bytes);
      g_autoptr (GBytes) file = encode_join (program, mark, noise, NULL);

      check_package (file, installers[i].title, installers[i].kind);
    }
}

static void
test_packages (void)
{
  g_autoptr (GBytes) noise = encode_noise_bytes (5, 0x10000);
  g_autoptr (GBytes) ace = expect_patch (noise, 7, "**ACE**", 7);
  g_autoptr (GBytes) msi = expect_patch (noise, 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);

  check_package (ace, "ACE archive", "an ACE archive");
  check_package (msi, "Windows installer", "a Windows installer package");
}

/* The name is that of what could not be opened, not of the archive around it. */
static void
test_nested (void)
{
  g_autoptr (GBytes) program = make_program ();
  g_autoptr (GBytes) zip
      = encode_archive (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL, "setup.exe", program, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("drive.zip", zip);
  const char *name = NULL;

  g_assert_true (ofl_families_recognise (firmware, NULL));
  g_assert_cmpstr (ofl_firmware_get_unopened (firmware, &name), ==, "a Windows program");
  g_assert_cmpstr (name, ==, "setup.exe in drive.zip");
}

/* What of @file is recognised must be @image, to the byte. */
static void
check_finds (GBytes *file, GBytes *image)
{
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("setup.exe", file);
  const char *name;
  OflImage *found;

  g_assert_true (ofl_families_recognise (firmware, NULL));
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), >, 0);
  g_assert_null (ofl_firmware_get_unopened (firmware, &name));
  found = ofl_firmware_get_image (firmware, 0);
  expect_equal (ofl_image_get_bytes (found), image);
}

/* Which images a family takes from a file that is nothing but one. */
static gboolean
is_plain (GBytes *image)
{
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("plain.bin", image);

  return ofl_families_recognise (firmware, NULL) && ofl_firmware_get_n_images (firmware) == 1
         && !ofl_image_is_changed (ofl_firmware_get_image (firmware, 0))
         && g_bytes_equal (ofl_image_get_bytes (ofl_firmware_get_image (firmware, 0)), image);
}

static void
test_image_behind (void)
{
  g_autoptr (GBytes) program = make_program ();
  guint n_found = 0;

  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);
      const char *revision = g_str_equal (id, "se506") ? "TS02" : "1.03";
      g_autoptr (GBytes) image = ofl_practice_make_image (id, revision, NULL, NULL);
      g_autoptr (GBytes) file = image != NULL ? encode_join (program, image, NULL) : NULL;

      if (image == NULL || !is_plain (image))
        continue;
      g_test_message ("%s", id);
      check_finds (file, image);
      n_found++;
    }
  g_assert_cmpuint (n_found, >=, 12);
}

/* A signature behind the image, or something in front of it. */
static void
test_image_between (void)
{
  g_autoptr (GBytes) program = make_program ();
  g_autoptr (GBytes) image = ofl_practice_make_image ("bu40n", "1.03", NULL, NULL);
  g_autoptr (GBytes) other = encode_noise_bytes (9, 0x1A38);
  g_autoptr (GBytes) signed_file = encode_join (program, image, other, NULL);
  g_autoptr (GBytes) at_end = encode_join (program, other, image, NULL);

  check_finds (signed_file, image);
  check_finds (at_end, image);
}

static void
test_note (void)
{
  g_autoptr (GBytes) program = make_program ();
  g_autoptr (GBytes) image = ofl_practice_make_image ("bu40n", "1.03", NULL, NULL);
  g_autoptr (GBytes) file = encode_join (program, image, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("setup.exe", file);
  g_autofree char *note
      = g_strdup_printf ("found behind a Windows program, at offset 0x%" G_GSIZE_MODIFIER "X",
                         g_bytes_get_size (program));

  g_assert_true (ofl_families_recognise (firmware, NULL));
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), ==, 1);
  g_assert_cmpstr (ofl_image_get_fact (ofl_firmware_get_image (firmware, 0), "note"), ==, note);
}

/* A guess that finds a damaged image has found none. */
static void
test_damaged_behind (void)
{
  g_autoptr (GBytes) program = make_program ();
  g_autoptr (GBytes) image = ofl_practice_make_image ("bu40n", "1.03", "bad-cmac", NULL);
  g_autoptr (GBytes) file = encode_join (program, image, NULL);

  check_package (file, "Windows program", "a Windows program");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/case-15/archives", test_archives);
  g_test_add_func ("/container/case-15/lha", test_lha);
  g_test_add_func ("/container/case-15/packed", test_packed);
  g_test_add_func ("/container/case-15/not-packed", test_not_packed);
  g_test_add_func ("/container/case-15/installers", test_installers);
  g_test_add_func ("/container/case-15/packages", test_packages);
  g_test_add_func ("/container/case-15/nested", test_nested);
  g_test_add_func ("/container/case-15/image-behind", test_image_behind);
  g_test_add_func ("/container/case-15/image-between", test_image_between);
  g_test_add_func ("/container/case-15/note", test_note);
  g_test_add_func ("/container/case-15/damaged-behind", test_damaged_behind);
  return g_test_run ();
}
