/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a drive's answers a tape has whole without the owner's consent. */
#include <string.h>

#include "flash/ofl-mask.h"
#include "updater/ofl-tape-privacy.h"

#define IN OFL_DIR_IN
#define OUT OFL_DIR_OUT

/* CDB, direction, bytes that came; whether they are kept, when no serial is known and when one is */
static const struct {
  guint8 cdb[12];
  guint8 cdb_len;
  OflDirection dir;
  gsize length;
  const char *behind; /* the standard's 36 bytes */
  gboolean unknown, known;
} rows[] = {
  { { 0x03 }, 6, IN, 18, NULL, TRUE, TRUE },
  { { 0x03 }, 6, IN, 96, NULL, TRUE, TRUE },
  { { 0x03 }, 6, IN, 97, NULL, FALSE, FALSE },
  { { 0x03 }, 6, OUT, 18, NULL, FALSE, FALSE },
  { { 0x25 }, 10, IN, 8, NULL, TRUE, TRUE },
  { { 0x4a, 0x01 }, 10, IN, 8, NULL, TRUE, TRUE },
  { { 0xbd }, 12, IN, 8, NULL, TRUE, TRUE },
  /* INQUIRY: of the maker's own bytes only what is blank, as long as nobody knows the serial */
  { { 0x12 }, 6, IN, 36, NULL, TRUE, TRUE },
  { { 0x12 }, 6, IN, 96, NULL, TRUE, TRUE },
  { { 0x12 }, 6, IN, 96, "    ", TRUE, TRUE },
  { { 0x12 }, 6, IN, 96, "2004", FALSE, TRUE },
  { { 0x12, 0x01, 0x80 }, 6, IN, 24, NULL, FALSE, FALSE },
  { { 0x12, 0x01, 0x00 }, 6, IN, 8, NULL, FALSE, FALSE },
  /* READ BUFFER: only the descriptor */
  { { 0x3c, 0x03 }, 10, IN, 4, NULL, TRUE, TRUE },
  { { 0x3c, 0xe3 }, 10, IN, 4, NULL, TRUE, TRUE },
  { { 0x3c, 0x02 }, 10, IN, 4, NULL, FALSE, FALSE },
  { { 0x3c, 0x0b }, 10, IN, 4, NULL, FALSE, FALSE },
  { { 0x3b, 0x03 }, 10, OUT, 4, NULL, FALSE, FALSE },
  /* MODE SENSE: only page 2A, whichever of its values */
  { { 0x1a, 0, 0x2a }, 6, IN, 32, NULL, TRUE, TRUE },
  { { 0x5a, 0, 0x2a }, 10, IN, 64, NULL, TRUE, TRUE },
  { { 0x5a, 0, 0x6a }, 10, IN, 64, NULL, TRUE, TRUE },
  { { 0x5a, 0, 0x3f }, 10, IN, 64, NULL, FALSE, FALSE },
  { { 0x1a, 0, 0x01 }, 6, IN, 16, NULL, FALSE, FALSE },
  /* GET CONFIGURATION: a single feature that is not the serial's */
  { { 0x46, 0x02, 0x00, 0x1e }, 10, IN, 16, NULL, TRUE, TRUE },
  { { 0x46, 0x02, 0x01, 0x0c }, 10, IN, 24, NULL, TRUE, TRUE },
  { { 0x46, 0x02, 0x01, 0x08 }, 10, IN, 24, NULL, FALSE, FALSE },
  { { 0x46, 0x00, 0x00, 0x00 }, 10, IN, 24, NULL, FALSE, FALSE },
  { { 0x46, 0x01, 0x00, 0x1e }, 10, IN, 24, NULL, FALSE, FALSE },
  /* what is not listed */
  { { 0x28 }, 10, IN, 16, NULL, FALSE, FALSE },
  { { 0xa4 }, 12, IN, 8, NULL, FALSE, FALSE },
  { { 0xad }, 12, IN, 16, NULL, FALSE, FALSE },
  { { 0xa1, 0x08 }, 12, IN, 64, NULL, FALSE, FALSE },
  { { 0xdf }, 12, IN, 1, NULL, FALSE, FALSE },
};

static void
test_may_keep (void)
{
  g_autoptr (GPtrArray) none = ofl_mask_new ();
  g_autoptr (GPtrArray) one = ofl_mask_new ();

  ofl_tape_add_serial (one, "K9JF41A3139");
  g_assert_cmpuint (one->len, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflCommand command = ofl_command_raw (rows[i].cdb, rows[i].cdb_len, rows[i].dir,
                                            (guint32) rows[i].length, 1000);
      guint8 data[128] = { 0 };

      if (rows[i].behind != NULL)
        memcpy (data + 36, rows[i].behind, strlen (rows[i].behind));
      g_test_message ("row %u: %02x %02x", i, (guint) rows[i].cdb[0], (guint) rows[i].cdb[1]);
      g_assert_true (ofl_tape_may_keep (none, &command, data, rows[i].length) == rows[i].unknown);
      g_assert_true (ofl_tape_may_keep (one, &command, data, rows[i].length) == rows[i].known);
      /* what a writer keeps a reader takes */
      g_assert_true (ofl_tape_is_harmless (&command, rows[i].length) == rows[i].known);
    }
}

/* A text that is too short to be a serial has no other forms, either. */
static void
test_add_serial (void)
{
  static const struct {
    const char *text;
    guint forms;
  } texts[] = { { "", 0 },     { " ", 0 },     { "A", 0 },      { "A1", 0 },
                { "0000", 0 }, { "A1B2C", 3 }, { "  A1B2 ", 3 } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) secrets = ofl_mask_new ();

      ofl_tape_add_serial (secrets, texts[i].text);
      ofl_tape_add_serial (secrets, texts[i].text);
      g_assert_cmpuint (secrets->len, ==, texts[i].forms);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tape-privacy/add-serial", test_add_serial);
  g_test_add_func ("/tape-privacy/may-keep", test_may_keep);
  return g_test_run ();
}
