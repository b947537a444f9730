/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "firmware/ofl-firmware.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"

typedef struct {
  char *dir;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = scratch_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
}

static OflFirmware *
load (Fixture *f, GError **error)
{
  g_autoptr (GFile) file = g_file_new_build_filename (f->dir, "file.bin", NULL);

  return ofl_firmware_load (file, NULL, error);
}

static void
put (Fixture *f, const char *content, gssize length)
{
  g_autofree char *path = g_build_filename (f->dir, "file.bin", NULL);

  g_assert_true (g_file_set_contents (path, content, length, NULL));
}

/* RFC 1321, FIPS 180 and the CRC catalogue's check value, all over "123456789" or "abc". */
static void
test_hashes (void)
{
  OflHashes h;

  ofl_hashes_compute (&h, (const guint8 *) "abc", 3);
  g_assert_cmpstr (h.md5, ==, "900150983cd24fb0d6963f7d28e17f72");
  g_assert_cmpstr (h.sha1, ==, "a9993e364706816aba3e25717850c26c9cd0d89d");
  g_assert_cmpstr (h.sha256, ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ofl_hashes_compute (&h, (const guint8 *) "123456789", 9);
  g_assert_cmpstr (h.crc32, ==, "cbf43926");
}

/* All lengths around a block, and long ones, as GLib computes them. */
static void
test_hashes_lengths (void)
{
  gsize size = 1024 * 1024 + 7;
  g_autofree guint8 *data = g_malloc (size);
  OflHashes h;

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i * 31 + (i >> 8));
  for (gsize length = 0; length <= size; length = length == 200 ? size - 1 : length + 1)
    {
      g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);
      g_autofree char *sha1 = g_compute_checksum_for_data (G_CHECKSUM_SHA1, data, length);
      g_autofree char *md5 = g_compute_checksum_for_data (G_CHECKSUM_MD5, data, length);

      ofl_hashes_compute (&h, data, length);
      g_assert_cmpstr (h.sha256, ==, sha256);
      g_assert_cmpstr (h.sha1, ==, sha1);
      g_assert_cmpstr (h.md5, ==, md5);
    }
}

static void
test_load (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = NULL;

  put (f, "abc", 3);
  firmware = load (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ofl_firmware_get_size (firmware), ==, 3);
  g_assert_cmpstr (ofl_firmware_get_name (firmware), ==, "file.bin");
  g_assert_cmpstr (ofl_firmware_get_hashes (firmware)->md5, ==, "900150983cd24fb0d6963f7d28e17f72");
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), ==, 0);
}

static void
assert_refused (Fixture *f, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = load (f, &error);

  g_assert_null (firmware);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "file.bin", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (f->dir);
  g_autoptr (GFile) null_device = g_file_new_for_path ("/dev/zero");
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = NULL;

  assert_refused (f, "cannot be read");
  put (f, "", 0);
  assert_refused (f, "empty");
  put (f, "x", 1);
  g_assert_cmpint (truncate (path, 4ll * 1024 * 1024 * 1024), ==, 0);
  assert_refused (f, "No drive's firmware");
  firmware = ofl_firmware_load (folder, NULL, &error);
  g_assert_null (firmware);
  g_assert_nonnull (strstr (error->message, "folder"));
  g_clear_error (&error);
  firmware = ofl_firmware_load (null_device, NULL, &error);
  g_assert_null (firmware);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_build_filename (f->dir, "file.bin", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  put (f, "abc", 3);
  g_cancellable_cancel (cancellable);
  g_assert_null (ofl_firmware_load (file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
parse_b (GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *p = g_bytes_get_data (bytes, &length);
  OflImage *image;

  if (length < 1 || p[0] != 'B')
    return;
  image = ofl_image_new ("test", bytes);
  ofl_image_set_fact (image, "vendor", "ACME");
  ofl_image_set_fact (image, "revision", "1.0");
  ofl_image_set_fact (image, "revision", "1.1");
  ofl_image_add_check (image, "sum",
                       p[length - 1] == 'B' ? OFL_IMAGE_CHECK_OK : OFL_IMAGE_CHECK_CHANGED,
                       "ends with %02X", p[length - 1]);
  g_ptr_array_add (images, image);
}

static const OflVendorFormat no_formats[] = { { NULL } };
static const OflRecogniser recogniser_b = { no_formats, parse_b };

static void
test_parse (void)
{
  g_autoptr (GBytes) good = g_bytes_new_static ("B\1\2B", 4);
  g_autoptr (GBytes) changed = g_bytes_new_static ("B\1\2C", 4);
  g_autoptr (GBytes) foreign = g_bytes_new_static ("X", 1);
  g_autoptr (OflFirmware) a = ofl_firmware_new_from_bytes ("a", good);
  g_autoptr (OflFirmware) b = ofl_firmware_new_from_bytes ("b", changed);
  g_autoptr (OflFirmware) c = ofl_firmware_new_from_bytes ("c", foreign);
  g_autofree char *name = NULL;
  OflImage *image;

  g_assert_true (ofl_firmware_parse (a, &recogniser_b, NULL));
  g_assert_true (ofl_firmware_parse (b, &recogniser_b, NULL));
  g_assert_true (ofl_firmware_parse (c, &recogniser_b, NULL));
  g_assert_cmpuint (ofl_firmware_get_n_images (a), ==, 1);
  g_assert_cmpuint (ofl_firmware_get_n_images (c), ==, 0);
  image = ofl_firmware_get_image (a, 0);
  g_assert_false (ofl_image_is_changed (image));
  g_assert_true (ofl_image_is_changed (ofl_firmware_get_image (b, 0)));
  name = ofl_image_describe (image);
  g_assert_cmpstr (name, ==, "ACME 1.1");
  g_assert_cmpuint (ofl_image_list_facts (image)->len, ==, 2);
  g_assert_cmpstr (ofl_image_get_check (image, 0)->detail, ==, "ends with 42");
  /* parsing again does not pile up */
  g_assert_true (ofl_firmware_parse (a, &recogniser_b, NULL));
  g_assert_cmpuint (ofl_firmware_get_n_images (a), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/hashes", test_hashes);
  g_test_add_func ("/firmware/hashes-lengths", test_hashes_lengths);
  g_test_add ("/firmware/load", Fixture, NULL, set_up, test_load, tear_down);
  g_test_add ("/firmware/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/firmware/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add_func ("/firmware/parse", test_parse);
  return g_test_run ();
}
