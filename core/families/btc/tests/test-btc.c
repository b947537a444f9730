/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BTC family: every command of a write, sums, names, the maker's text files. From
 * btc 2 and btc 3. */
#include "families/btc/ofl-btc.h"

#include <string.h>

#include "kit/fake-transport.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "scsi/ofl-error.h"

#define SIZE 0x100000
#define TUR "000000000000"
#define NAME_1008 "DVDRW   IDE1008         "
#define NAME_1004 "DVDRW   IDE1004         "

static const OflFamily *
family (void)
{
  return ofl_families_find ("btc");
}

static OflImage *
new_image (const char *name, gsize length)
{
  g_autofree guint8 *data = specimen_noise (0xb7c, SIZE);

  memcpy (data + 0x40bc, name, strlen (name));
  return specimen_parse ("btc", data, length);
}

static OflSnapshot *
new_drive (const char *vendor, const char *product, const char *revision)
{
  Specimen specimen = { vendor, product, revision, "", "" };
  g_autoptr (FakeTransport) transport = fake_transport_new (NULL, NULL);
  OflIdentity identity;
  OflSnapshot *drive;

  specimen_identity (&identity, &specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
  /* its name is all that is asked for; of a stranger's, one question of MMC besides (mt1959 1.6) */
  g_assert_cmpuint (fake_transport_get_count (transport), ==,
                    ofl_snapshot_get_family (drive) != NULL ? 0 : 1);
  return drive;
}

static void
test_probe (void)
{
  static const struct {
    const char *vendor, *product;
    gboolean ours;
  } rows[] = {
    /* case-02: as the author of the source gives his drive's INQUIRY, and not as on the box */
    { "DVDRW", "IDE1008", TRUE },   { "DVDRW", "IDE1004", TRUE },   { "DVDRW", "IDE1108", TRUE },
    { "Memup", "DRW1108IM", TRUE }, { "DVDRW", "IDE1008I", FALSE }, { "EMPREX", "IDE1008", FALSE },
    { "BTC", "DRW1004", FALSE },    { "BTC", "DRW1008", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = new_drive (rows[i].vendor, rows[i].product, "0046");

      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, rows[i].ours ? "btc" : NULL);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, rows[i].ours ? OFL_CAP_WRITE : 0);
      g_assert_cmphex (ofl_snapshot_get_image_size (drive), ==, rows[i].ours ? SIZE : 0);
    }
}

/* The image that the HEX vector of btc 11 stands for: 20 bytes at 1000 of each bank. */
static guint8 *
hex_vector (void)
{
  guint8 *data = g_malloc (SIZE);

  memset (data, 0xff, SIZE);
  for (guint bank = 0; bank < 16; bank++)
    {
      g_autofree guint8 *line = specimen_noise (0x100 + bank, 0x20);

      memcpy (data + bank * 0x10000 + 0x1000, line, 0x20);
    }
  return data;
}

static void
test_vectors (void)
{
  g_autofree guint8 *plain = specimen_noise (0xb7c, SIZE);
  g_autofree guint8 *banks = hex_vector ();
  g_autofree char *of_plain = g_compute_checksum_for_data (G_CHECKSUM_SHA256, plain, SIZE);
  g_autofree char *of_banks = g_compute_checksum_for_data (G_CHECKSUM_SHA256, banks, SIZE);

  g_assert_cmpstr (of_plain, ==,
                   "f4c0015d68a2bcaed21ce3a8fd1b48a6de06b8e2404664c75b3589c1d1a10a9c");
  g_assert_cmphex (ofl_btc_sum (plain), ==, 0xe6b0);
  g_assert_cmpstr (of_banks, ==,
                   "4d58728691ccc141308ab0d31e5088cbdacabdf4c829cc10c015340c48b12c6f");
  g_assert_cmphex (ofl_btc_sum (banks), ==, 0xfc77);
  g_assert_null (specimen_parse ("btc", plain, SIZE));
}

static void
test_parse (void)
{
  g_autoptr (OflImage) image = new_image (NAME_1008 "0059", SIZE);
  g_autoptr (OflImage) untested = new_image (NAME_1004 "0001", SIZE);

  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "DVDRW");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "IDE1008");
  g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "0059");
  g_assert_cmpstr (ofl_image_get_mark (image), ==, "IDE1008");
  g_assert_cmpint (walk_check (image, "size"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (walk_check (image, "integrity"), ==, OFL_IMAGE_CHECK_ABSENT);
  g_assert_cmpstr (ofl_image_get_mark (untested), ==, "IDE1004");
  g_assert_null (new_image (NAME_1008 "0059", SIZE - 1));
  g_assert_null (new_image ("DVDRV   IDE1008         0059", SIZE));
  g_assert_null (new_image ("DVDRW   IDE9999         0059", SIZE));
}

/* A line of text, and a mark of the next bank before it where one belongs. */
static void
append_line (GString *text, guint offset, const char *bytes, guint length)
{
  guint sum = length + offset / 256 + offset % 256;

  g_string_append_printf (text, ":%02X%04X00", length, offset);
  for (guint i = 0; i < length; i++)
    {
      g_string_append_printf (text, "%02X", (guint8) bytes[i]);
      sum += (guint8) bytes[i];
    }
  g_string_append_printf (text, "%02X\n", (256 - sum % 256) % 256);
}

/* The text that BTC's updater unpacks is such an image as well. */
static void
test_text (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (OflFirmware) firmware = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  append_line (text, 0x40bc, NAME_1008 "0059", 28);
  for (guint bank = 1; bank < 16; bank++)
    {
      g_string_append (text, ":00000155AA\n");
      append_line (text, 0, "\1\2\3", 3);
    }
  g_string_append (text, ":00000001FF\n");
  bytes = g_string_free_to_bytes (text);
  firmware = ofl_firmware_new_from_bytes ("V0059.HEX", bytes);
  g_assert_true (ofl_families_recognise (firmware, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), ==, 1);
  g_assert_cmpstr (ofl_image_get_family (ofl_firmware_get_image (firmware, 0)), ==, "btc");
  g_assert_cmpstr (ofl_image_get_fact (ofl_firmware_get_image (firmware, 0), "revision"), ==,
                   "0059");
}

static void
take_checksum (PlanWalk *walk, const guint8 *data)
{
  guint8 header[0x20] = { 0 };
  guint sum = 0;

  for (guint i = 0; i < SIZE; i++)
    sum += data[i];
  header[30] = (guint8) (sum >> 8);
  header[31] = (guint8) sum;
  walk_send (walk, OFL_STAGE_SEND, "3b060000000000002000", 0, 0x20, OFL_EXPECT_OK, header);
}

static void
test_plan (void)
{
  g_autoptr (OflSnapshot) drive = new_drive ("DVDRW", "IDE1008", "0046");
  g_autoptr (OflImage) image = new_image (NAME_1008 "0059", SIZE);
  const guint8 *data = ofl_image_get_data (image, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, NULL, &error);
  PlanWalk walk = { plan, 0 };

  g_assert_no_error (error);
  walk_command (&walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (&walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  for (guint i = 0; i < 0x100; i++)
    {
      g_autofree char *hex = g_strdup_printf ("3b0600%02x%01x02000100000", i / 16, i % 16);

      if (i == 0)
        g_assert_cmpstr (hex, ==, "3b060000002000100000");
      if (i == 0x80)
        g_assert_cmpstr (hex, ==, "3b060008002000100000");
      if (i == 0xff)
        g_assert_cmpstr (hex, ==, "3b06000ff02000100000");
      walk_send (&walk, OFL_STAGE_SEND, hex, i * 4096, 0x1000, OFL_EXPECT_OK, data);
    }
  take_checksum (&walk, data);
  walk_mark (&walk, OFL_STAGE_PROGRAM, OFL_MARK_DANGER_BEGINS);
  walk_command (&walk, OFL_STAGE_PROGRAM, "3b070000000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_OK);
  walk_settle (&walk, OFL_STAGE_PROGRAM, 50000);
  walk_poll (&walk, OFL_STAGE_PROGRAM, TUR, OFL_EXPECT_OK_OR_NO_MEDIUM, 1000, 300000, FALSE);
  walk_mark (&walk, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN);
  walk_end (&walk);
}

static void
test_judge (void)
{
  g_autoptr (OflSnapshot) d1008 = new_drive ("DVDRW", "IDE1008", "0046");
  g_autoptr (OflSnapshot) d1004 = new_drive ("DVDRW", "IDE1004", "0046");
  g_autoptr (OflImage) i1008 = new_image (NAME_1008 "0059", SIZE);
  g_autoptr (OflImage) same = new_image (NAME_1008 "0046", SIZE);
  g_autoptr (OflImage) i1004 = new_image (NAME_1004 "0059", SIZE);
  const struct {
    const OflSnapshot *drive;
    const OflImage *image;
    const char *check;
    OflLevel level, whole;
  } rows[] = {
    { d1008, i1008, "model", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { d1008, i1008, "revision", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { d1008, i1008, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { d1008, i1008, "restart", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { d1008, same, "revision", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { d1008, i1004, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d1004, i1004, "tested", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { d1004, i1004, "model", OFL_LEVEL_GREEN, OFL_LEVEL_RED_SOFT },
    { d1004, i1008, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d1008, NULL, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    specimen_assert_judged (rows[i].drive, rows[i].image, NULL, rows[i].check, rows[i].level,
                            rows[i].whole);
}

static void
test_confirm (void)
{
  static const struct {
    const char *before, *after;
    OflVerdict verdict;
  } rows[] = {
    { "0046", "0059", OFL_VERDICT_CONFIRMED }, { "0046", "0046", OFL_VERDICT_UNKNOWN },
    { "0059", "0059", OFL_VERDICT_UNKNOWN },   { "0046", "0050", OFL_VERDICT_UNKNOWN },
    { "0046", NULL, OFL_VERDICT_UNKNOWN },
  };
  g_autoptr (OflImage) image = new_image (NAME_1008 "0059", SIZE);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) before = new_drive ("DVDRW", "IDE1008", rows[i].before);
      g_autoptr (OflSnapshot) after
          = rows[i].after != NULL ? new_drive ("DVDRW", "IDE1008", rows[i].after) : NULL;
      OflProof proof = { before, after, image, 0, 0, FALSE };

      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
    }
  g_assert_false (ofl_family_can_read (family ()));
  g_assert_false (ofl_family_can_compare (family ()));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/btc/probe", test_probe);
  g_test_add_func ("/btc/vectors", test_vectors);
  g_test_add_func ("/btc/parse", test_parse);
  g_test_add_func ("/btc/text", test_text);
  g_test_add_func ("/btc/plan", test_plan);
  g_test_add_func ("/btc/judge", test_judge);
  g_test_add_func ("/btc/confirm", test_confirm);
  return g_test_run ();
}
