/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice SOHW-812S answers no scan, because how the answers are laid out is not recorded
 * (liteon 7.4): it refuses each of their commands, whatever is in the tray, and is the same after. */
#include "kit/wire.h"

#include <string.h>

#define ID "sohw812s"
#define SCAN_MAX 0x100u
#define FETE_START "df 08 01 00 00 00 00 08 00 00 00 00"

/* liteon 2.6, in the order of a scan of a CD; then FE/TE */
static const char *const old_commands[] = {
  "df a3 00 00 00 00 00 00 00 00 00 00", "df a0 00 00 00 00 00 00 00 00 00 00",
  "df a0 00 00 02 00 00 00 00 00 00 00", "df a0 00 00 04 00 00 00 00 00 00 00",
  "df 82 09 00 00 00 00 00 00 00 00 00", "df 82 05 00 00 00 00 00 00 00 00 00",
  "df 97 00 00 00 00 00 00 00 00 00 00", "df a3 01 00 00 00 00 00 00 00 00 00",
  "df 08 02 00 00 00 00 00 00 00 00 00", "df 02 09 00 00 00 00 00 00 00 00 00",
};

/* The newer scan: of a CD, of a DVD */
static const char *const new_commands[] = {
  "f3 0e 00 00 00 00 00 00 00 00 00 00",
  "f3 0e 00 00 00 00 00 00 10 00 00 00",
};

static void
read_eeprom_begin (Wire *wire, guint8 piece[0x80])
{
  g_assert_cmphex (wire_in (wire, 0x80, "df 89 00 00 00 00 00 00 80 00 00 00"), ==, 0);
  memcpy (piece, wire->in, 0x80);
}

static void
test_refused (gconstpointer data)
{
  const char *disc = data;
  g_autoptr (Wire) wire = wire_new (ID);
  static const guint8 nothing[0x10] = { 0 };
  guint8 before[0x80], after[0x80];
  guint32 ready = disc != NULL ? 0 : SENSE_NO_DISC;

  wire_ready (wire);
  if (disc != NULL)
    {
      g_assert_true (ofl_practice_drive_put_disc (wire->drive, disc, NULL));
      wire_ready (wire);
    }
  read_eeprom_begin (wire, before);
  for (guint i = 0; i < G_N_ELEMENTS (old_commands); i++)
    {
      g_assert_cmphex (wire_in (wire, SCAN_MAX, "%s", old_commands[i]), ==, SENSE_BAD_FIELD);
      g_assert_cmpuint (wire->answer.in_len, ==, 0);
      g_assert_cmphex (wire_ready (wire), ==, ready);
    }
  g_assert_cmphex (wire_out (wire, nothing, sizeof nothing, FETE_START), ==, SENSE_BAD_FIELD);
  for (guint i = 0; i < G_N_ELEMENTS (new_commands); i++)
    {
      g_assert_cmphex (wire_in (wire, 0x10, "%s", new_commands[i]), ==, SENSE_BAD_OPCODE);
      g_assert_cmpuint (wire->answer.in_len, ==, 0);
      g_assert_cmphex (wire_ready (wire), ==, ready);
    }
  if (disc != NULL)
    g_assert_cmphex (wire_in (wire, 2048, "28 00 00 00 00 10 00 00 01 00"), ==, 0);
  read_eeprom_begin (wire, after);
  g_assert_cmpmem (before, sizeof before, after, sizeof after);
  g_assert_true (wire_holds (wire, "US0N"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/liteon/scan/no-disc", NULL, test_refused);
  g_test_add_data_func ("/liteon/scan/cd", "cd-rom", test_refused);
  g_test_add_data_func ("/liteon/scan/dvd", "pressed", test_refused);
  return g_test_run ();
}
