/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On, device side, against liteon 2 and 3. */
#include "kit/wire.h"

#include <string.h>

#define ID "sohw812s"
#define SIZE 0x100000u
#define VENDOR "LITE-ON"
#define PRODUCT "DVDRW SOHW-812S"

static Script *
make_script (GBytes *image, gsize chunk)
{
  Script *script = script_new ();
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);

  for (gsize at = 0; at < size; at += chunk)
    {
      guint length = (guint) MIN (chunk, size - at);

      script_add (script, data + at, length, "3b 07 00 %06x %06x 00", (guint) at, length);
    }
  return script;
}

/* 80 bytes a read: DF 83 with bank and address. */
static guint8 *
read_flash (Wire *wire)
{
  guint8 *flash = g_malloc (SIZE);

  for (guint at = 0; at < SIZE; at += 0x80)
    {
      g_assert_cmphex (wire_in (wire, 0x80, "df 83 00 00 ff 00 %06x 00 00 00", at), ==, 0);
      g_assert_cmpuint (wire->answer.in_len, ==, 0x80);
      memcpy (flash + at, wire->in, 0x80);
    }
  return flash;
}

static void
test_good (gconstpointer data)
{
  gsize chunk = GPOINTER_TO_SIZE (data);
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  g_autoptr (Script) script = make_script (image, chunk);
  g_autofree guint8 *read = NULL;
  guint n = script_length (script);

  wire_assert_identity (wire, VENDOR, PRODUCT, "US0N");
  g_assert_cmphex (script_run (script, wire, 0, n - 1), ==, 0);
  g_assert_true (wire_holds (wire, "US0N"));
  g_assert_cmphex (script_run (script, wire, n - 1, 1), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, >, 5 * G_USEC_PER_SEC);
  wire_assert_identity (wire, VENDOR, PRODUCT, "US0Q");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  g_assert_true (wire_holds (wire, "US0Q"));
  g_assert_false (wire_holds (wire, "US0N"));
  read = read_flash (wire);
  g_assert_cmpmem (read, SIZE, g_bytes_get_data (image, NULL), SIZE);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, n);
}

static void
test_whole (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);

  g_assert_cmphex (
      wire_out (wire, g_bytes_get_data (image, NULL), SIZE, "3b 05 00 000000 100000 00"), ==, 0);
  wire_assert_identity (wire, VENDOR, PRODUCT, "US0Q");
  g_assert_true (wire_holds (wire, "US0Q"));
}

static const guint8 *
find (const guint8 *bytes, gsize from, gsize to, const void *text, gsize length)
{
  for (gsize i = from; i + length <= to; i++)
    if (memcmp (bytes + i, text, length) == 0)
      return bytes + i;
  return NULL;
}

/* Groups 7D ch 90 and a gap of 19 to 23 bytes, sixteen in a row. */
static gboolean
has_internal (const guint8 *bytes, const char *text)
{
  for (gsize i = 0x4000; i + 16 * 26 < SIZE; i++)
    for (gsize gap = 19; gap <= 23; gap++)
      {
        gsize n = 0;

        while (n < 16 && bytes[i + n * (3 + gap)] == 0x7d && bytes[i + n * (3 + gap) + 2] == 0x90
               && bytes[i + n * (3 + gap) + 1] == (n < strlen (text) ? (guint8) text[n] : 0))
          n++;
        if (n == 16)
          return TRUE;
      }
  return FALSE;
}

static void
test_image (void)
{
  static const guint8 header[] = { 0x05, 0x80, 0x00, 0x32, 0x5b, 0x00, 0x00, 0x00 };
  static const guint8 probe[] = { 0xe5, 0x90, 0x54, 0x0f, 0xb4, 0x00 };
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  g_autoptr (GBytes) bad = wire_image (ID, "US0Q", "bad-bank");
  g_autoptr (GBytes) half = wire_image (ID, "US0Q", "truncated");
  const guint8 *bytes = g_bytes_get_data (image, NULL);
  const guint8 *broken = g_bytes_get_data (bad, NULL);
  const guint8 *block;
  guint n_bad = 0;

  g_assert_cmpuint (g_bytes_get_size (image), ==, SIZE);
  for (guint bank = 0; bank < SIZE; bank += 0x10000)
    {
      g_assert_cmphex (bytes[bank], ==, 0x02);
      n_bad += broken[bank] != 0x02;
    }
  g_assert_cmpuint (n_bad, ==, 1);
  g_assert_nonnull (find (bytes, 0x4000, 0x10000, probe, sizeof probe));
  block = find (bytes, 0x4000, SIZE, header, sizeof header);
  g_assert_nonnull (block);
  g_assert_cmpmem (block + 8, 28, "LITE-ON DVDRW SOHW-812S US0Q", 28);
  g_assert_cmpmem (block + 36, 3, "200", 3);
  /* revision, vendor, product, the bytes of each word swapped */
  g_assert_nonnull (find (bytes, 0x4000, SIZE, "SUQ0    ILETO- NVDRD WOSWH8-21 S", 32));
  g_assert_true (has_internal (bytes, "US0Q      "));
  g_assert_cmpuint (g_bytes_get_size (half), ==, SIZE / 2);
}

/* Bytes 36-51 of INQUIRY are the stamp of the ID block. */
static void
test_stamp (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "US0N", NULL);

  g_assert_cmphex (wire_in (wire, 96, "12 00 00 00 60 00"), ==, 0);
  g_assert_cmpmem (wire->in + 36, 3, "200", 3);
  g_assert_nonnull (find (g_bytes_get_data (image, NULL), 0x4000, SIZE, wire->in + 8, 28 + 16));
}

static void
test_reads (void)
{
  static const char *const refused[] = {
    "df 83 00 00 00 00 00 00 00 00 00 00", /* another memory type */
    "df 83 00 00 ff 00 10 00 00 00 00 00", /* a bank that is not there */
    "df 83 00 00 ff 00 00 ff 81 00 00 00", /* beyond the end of the bank */
    "df 83 00 00 ff 01 00 00 00 00 00 00", "df 83 01 00 ff 00 00 00 00 00 00 00",
    "df 83 00 00 ff 00 00 00 00 00 00 01", "df 89 00 00 00 00 00 03 81 00 00 00",
    "df 89 00 00 00 00 01 00 00 00 00 00", "df 89 00 00 01 00 00 00 00 00 00 00",
    "df 84 00 00 01 00 00 00 00 55 00 00", /* a write of newer drives */
    "df 8a 00 00 00 00 00 00 00 00 00 00", "df 00 0a 00 00 00 00 00 00 00 00 00",
  };
  g_autoptr (Wire) wire = wire_new (ID);
  guint8 eeprom[0x400];

  for (guint at = 0; at < 0x400; at += 0x80)
    {
      g_assert_cmphex (wire_in (wire, 0x80, "df 89 00 00 00 00 00 %04x 00 00 00", at), ==, 0);
      g_assert_cmpuint (wire->answer.in_len, ==, 0x80);
      memcpy (eeprom + at, wire->in, 0x80);
    }
  g_assert_nonnull (find (eeprom, 0, sizeof eeprom, "OFLPRACTICE-", 12));
  g_assert_nonnull (find (eeprom, 0, sizeof eeprom, PRODUCT, strlen (PRODUCT)));
  g_assert_cmphex (wire_in (wire, 0x80, "df 89 00 00 00 00 00 01 40 00 00 00"), ==, 0);
  g_assert_cmpmem (wire->in, 0x80, eeprom + 0x140, 0x80);
  g_assert_cmphex (wire_in (wire, 0x80, "df 83 00 00 ff 00 0f ff 80 00 00 00"), ==, 0);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_cmphex (wire_in (wire, 0x80, "%s", refused[i]), ==, SENSE_BAD_FIELD);
  g_assert_true (wire_holds (wire, "US0N"));
}

static void
assert_untouched (Wire *wire)
{
  wire_assert_identity (wire, VENDOR, PRODUCT, "US0N");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (wire_holds (wire, "US0N"));
}

static void
test_bad_images (void)
{
  static const char *const variants[] = { "bad-bank", "wrong-family", "truncated" };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "US0Q", variants[i]);
      g_autoptr (Script) script = make_script (image, 0x8000);

      /* one that is too short is never complete */
      g_assert_cmphex (script_run (script, wire, 0, script_length (script)), ==,
                       i == 2 ? 0 : SENSE_BAD_DATA);
      assert_untouched (wire);
    }
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  g_autoptr (Script) script = make_script (image, 0x8000);
  const guint8 *bytes = g_bytes_get_data (image, NULL);

  g_assert_cmphex (script_run (script, wire, 1, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 2), ==, 0);
  g_assert_cmphex (script_run (script, wire, 3, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 2), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (script_run (script, wire, 2, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, 0x8000, "3b 06 00 000000 008000 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, 0x8000, "3b 05 00 000000 008000 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, 0x8000, "3b 07 00 000000 004000 00"), ==,
                   SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (script_run (script, wire, 0, 1), ==, SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  assert_untouched (wire);
}

static void
test_every_byte_counts (void)
{
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  g_autoptr (Script) script = make_script (image, 0x10000);
  const guint commands[] = { 0, 1, script_length (script) - 1 };

  script_assert_every_byte_counts (script, ID, image, commands, G_N_ELEMENTS (commands));
}

/* The boot code below 4000 stays, whatever the image has there. */
static void
test_boot_code (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  g_autoptr (GBytes) before = ofl_practice_drive_get_flash (wire->drive);
  g_autofree guint8 *changed = g_memdup2 (g_bytes_get_data (image, NULL), SIZE);
  g_autofree guint8 *read = NULL;

  memset (changed + 1, 0x55, 0x3fff);
  g_assert_cmphex (wire_out (wire, changed, SIZE, "3b 05 00 000000 100000 00"), ==, 0);
  g_assert_true (wire_holds (wire, "US0Q"));
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  read = read_flash (wire);
  g_assert_cmpmem (read, 0x4000, g_bytes_get_data (before, NULL), 0x4000);
}

/* With its boot code alone the drive still takes an update. */
static void
test_power_loss (void)
{
  static const char *const faults[]
      = { "power-loss-burn 1", "power-loss-burn 500", "power-loss-burn 999" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
      g_autoptr (Script) script = make_script (image, 0x8000);
      guint n = script_length (script);

      g_assert_true (ofl_practice_drive_add_fault (wire->drive, faults[i], NULL));
      g_assert_cmphex (script_run (script, wire, 0, n), ==, SENSE_VANISHED);
      ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
      wire_assert_identity (wire, VENDOR, PRODUCT, "");
      g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
      g_assert_false (wire_holds (wire, "US0Q"));
      g_assert_false (wire_holds (wire, "US0N"));
      g_assert_cmphex (script_run (script, wire, 0, n), ==, 0);
      wire_assert_identity (wire, VENDOR, PRODUCT, "US0Q");
      g_assert_true (wire_holds (wire, "US0Q"));
    }
}

/* A lie is not noticed by the drive, but can be read back. */
static void
test_lie (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  g_autoptr (Script) script = make_script (image, 0x8000);
  g_autofree guint8 *read = NULL;

  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "lie", NULL));
  g_assert_cmphex (script_run (script, wire, 0, script_length (script)), ==, 0);
  wire_assert_identity (wire, VENDOR, PRODUCT, "US0Q");
  g_assert_false (wire_holds (wire, "US0Q"));
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  read = read_flash (wire);
  g_assert_cmpint (memcmp (read, g_bytes_get_data (image, NULL), SIZE), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/liteon/good/4000", GSIZE_TO_POINTER (0x4000), test_good);
  g_test_add_data_func ("/liteon/good/10000", GSIZE_TO_POINTER (0x10000), test_good);
  g_test_add_func ("/liteon/whole", test_whole);
  g_test_add_func ("/liteon/image", test_image);
  g_test_add_func ("/liteon/stamp", test_stamp);
  g_test_add_func ("/liteon/reads", test_reads);
  g_test_add_func ("/liteon/bad-images", test_bad_images);
  g_test_add_func ("/liteon/order", test_order);
  g_test_add_func ("/liteon/every-byte-counts", test_every_byte_counts);
  g_test_add_func ("/liteon/boot-code", test_boot_code);
  g_test_add_func ("/liteon/power-loss", test_power_loss);
  g_test_add_func ("/liteon/lie", test_lie);
  return g_test_run ();
}
