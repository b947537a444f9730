/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error scans of the practice SOHW-812S, device side, against liteon 7.4: of a CD the old way, and
 * of a DVD. What they must find is what the model says is the matter with the disc. */
#include "kit/wire.h"

#include <string.h>

#define ID "sohw812s"
#define N_BLOCKS 0x10000u
#define N_OLD 0x100u
#define N_NEW 0x10u
#define CD_INTERVAL 75u
#define DVD_INTERVAL 128u

#define MEASURE "df 82 09 00 00 00 00 00 00 00 00 00"
#define RESULT "df 82 05 00 00 00 00 00 00 00 00 00"
#define RESET "df 97 00 00 00 00 00 00 00 00 00 00"
#define END "df a3 01 00 00 00 00 00 00 00 00 00"
#define CD_NEW "f3 0e 00 00 00 00 00 00 00 00 00 00"
#define DVD "f3 0e 00 00 00 00 00 00 10 00 00 00"
#define SEEK_0 "2b 00 00 00 00 00 00 00 00 00"

static const char *const begin[] = {
  "df a3 00 00 00 00 00 00 00 00 00 00", "df a0 00 00 02 00 00 00 00 00 00 00",
  "df a0 00 00 00 00 00 00 00 00 00 00", "df a0 00 00 04 00 00 00 00 00 00 00",
  "df a0 00 00 02 00 00 00 00 00 00 00",
};

static const char *const round_trip[] = { MEASURE, RESULT, RESET };

static void
put_disc (Wire *wire, const char *disc)
{
  g_assert_true (ofl_practice_drive_put_disc (wire->drive, disc, NULL));
  wire_ready (wire);
  g_assert_cmphex (wire_ready (wire), ==, 0);
}

static Wire *
with_disc (const char *disc, const char *fault)
{
  Wire *wire = wire_new (ID);

  put_disc (wire, disc);
  if (fault != NULL)
    g_assert_true (ofl_practice_drive_add_fault (wire->drive, fault, NULL));
  return wire;
}

static guint32
ask (Wire *wire, const char *cdb)
{
  guint32 sense = wire_in (wire, N_OLD, "%s", cdb);
  gsize length = g_str_has_prefix (cdb, "df") ? N_OLD : N_NEW;

  g_assert_cmpuint (wire->answer.in_len, ==, sense == 0 ? length : 0);
  return sense;
}

static void
begin_cd (Wire *wire)
{
  for (guint i = 0; i < G_N_ELEMENTS (begin); i++)
    g_assert_cmphex (ask (wire, begin[i]), ==, 0);
}

static void
begin_dvd (Wire *wire)
{
  g_assert_cmphex (wire_none (wire, SEEK_0), ==, 0);
  g_assert_cmphex (ask (wire, DVD), ==, 0);
  g_assert_true (wire->in[0] == 0 && memcmp (wire->in, wire->in + 1, N_NEW - 1) == 0);
}

static gint64
reading_us (Wire *wire, guint first, guint count)
{
  g_autoptr (Wire) other = with_disc ("cd-rom", NULL);

  g_assert_cmphex (wire_in (other, WIRE_ROOM, "28 00 %08x 00 %04x 00", first, MIN (count, 32u)), ==,
                   0);
  return other->answer.delay_us * count / MIN (count, 32u);
}

static OflPracticeErrors
truth (Wire *wire, guint first, guint count)
{
  OflPracticeErrors errors;

  ofl_practice_drive_count_errors (wire->drive, first, count, &errors);
  return errors;
}

/* One interval, whose counts are those of @at and the blocks behind it. */
static void
scan_cd (Wire *wire, guint at, OflPracticeErrors *sum)
{
  OflPracticeErrors expected = truth (wire, at, CD_INTERVAL);
  guint count = MIN (CD_INTERVAL, N_BLOCKS - MIN (at, N_BLOCKS));
  guint8 c1_c2_e32[5];

  g_assert_cmphex (ask (wire, MEASURE), ==, 0);
  if (at % 7500 == 0)
    g_assert_cmpint (ABS (wire->answer.delay_us - reading_us (wire, at, count)), <, 1000);
  g_assert_cmphex (ask (wire, RESULT), ==, 0);
  memcpy (c1_c2_e32, wire->in, sizeof c1_c2_e32);
  g_assert_cmpuint (fact_be (c1_c2_e32, 2), ==, expected.c1);
  g_assert_cmpuint (fact_be (c1_c2_e32 + 2, 2), ==, expected.c2);
  g_assert_cmpuint (c1_c2_e32[4], ==, expected.e32);
  g_assert_cmphex (ask (wire, RESET), ==, 0);
  sum->c1 += expected.c1;
  sum->c2 += expected.c2;
  sum->e32 += expected.e32;
}

/* The whole disc, its last interval of 61 blocks, and on behind its end. */
static void
test_cd (void)
{
  g_autoptr (Wire) wire = with_disc ("cd-rom", "scratched 30000 3000");
  OflPracticeErrors sum = { 0 }, all = truth (wire, 0, N_BLOCKS);
  guint at = 0;

  begin_cd (wire);
  for (; at < N_BLOCKS; at += CD_INTERVAL)
    scan_cd (wire, at, &sum);
  g_assert_cmpuint (sum.c1, ==, all.c1);
  g_assert_cmpuint (sum.c2, ==, all.c2);
  g_assert_cmpuint (sum.e32, ==, all.e32);
  g_assert_cmpuint (all.e32, >, 0);
  for (guint i = 0; i < 3; i++, at += CD_INTERVAL)
    scan_cd (wire, at, &sum);
  g_assert_cmpuint (sum.c1, ==, all.c1);
  g_assert_cmphex (ask (wire, END), ==, 0);
  g_assert_cmphex (ask (wire, MEASURE), ==, SENSE_BAD_FIELD);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
}

static void
test_dvd (void)
{
  g_autoptr (Wire) wire = with_disc ("pressed", "scratched 30000 3000");
  OflPracticeErrors all = truth (wire, 0, N_BLOCKS);
  guint pi = 0, pif = 0;

  begin_dvd (wire);
  for (guint at = 0; at < N_BLOCKS; at += DVD_INTERVAL)
    {
      OflPracticeErrors expected = truth (wire, at, DVD_INTERVAL);

      g_assert_cmphex (ask (wire, DVD), ==, 0);
      g_assert_cmpuint (fact_be (wire->in, 4), ==, at + DVD_INTERVAL - 1);
      g_assert_cmpuint (fact_be (wire->in + 4, 2), ==, expected.pi);
      g_assert_cmpuint (fact_be (wire->in + 6, 2), ==, expected.pif);
      pi += fact_be (wire->in + 4, 2);
      pif += fact_be (wire->in + 6, 2);
    }
  g_assert_cmpuint (pi, ==, all.pi);
  g_assert_cmpuint (pif, ==, all.pif);
  g_assert_cmpuint (all.pif, >, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmphex (ask (wire, DVD), ==, 0);
      g_assert_cmpuint (fact_be (wire->in, 4), ==, N_BLOCKS - 1);
      g_assert_cmpuint (fact_be (wire->in + 4, 4), ==, 0);
    }
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
}

/* From wherever SEEK put it, and again after another SEEK; one behind the end changes nothing. */
static void
test_seek (void)
{
  g_autoptr (Wire) wire = with_disc ("pressed", NULL);

  g_assert_cmphex (wire_none (wire, "2b 00 00 00 ff 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (ask (wire, DVD), ==, 0);
  g_assert_cmpuint (fact_be (wire->in, 4), ==, 0xff00);
  g_assert_cmphex (wire_none (wire, "2b 00 00 01 00 00 00 00 00 00"), ==, 0x052100);
  g_assert_cmphex (ask (wire, DVD), ==, 0);
  g_assert_cmpuint (fact_be (wire->in, 4), ==, 0xff7f);
  g_assert_cmpuint (fact_be (wire->in + 4, 2), ==, truth (wire, 0xff00, 0x80).pi);
  begin_dvd (wire);
}

/* Each place of the begin takes one question alone, but the first begins anew. */
static void
test_begin_order (void)
{
  for (guint place = 0; place < G_N_ELEMENTS (begin); place++)
    for (guint wrong = 1; wrong < G_N_ELEMENTS (begin) - 1; wrong++)
      {
        g_autoptr (Wire) wire = with_disc ("cd-rom", NULL);

        for (guint i = 0; i < place; i++)
          g_assert_cmphex (ask (wire, begin[i]), ==, 0);
        if (g_str_equal (begin[wrong], begin[place]))
          continue;
        g_assert_cmphex (ask (wire, begin[wrong]), ==, SENSE_BAD_FIELD);
        if (place > 0)
          g_assert_cmphex (ask (wire, begin[place]), ==, SENSE_BAD_FIELD);
        g_assert_cmphex (ask (wire, MEASURE), ==, SENSE_BAD_FIELD);
        g_assert_cmphex (ask (wire, END), ==, 0);
        begin_cd (wire);
        g_assert_cmphex (ask (wire, MEASURE), ==, 0);
      }
}

/* Nothing is measured before the last question of the begin, and there is none after it. */
static void
test_begin_whole (void)
{
  g_autoptr (Wire) wire = with_disc ("cd-rom", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (begin); i++)
    {
      g_assert_cmphex (ask (wire, MEASURE), ==, SENSE_BAD_FIELD);
      g_assert_cmphex (ask (wire, begin[i]), ==, 0);
    }
  for (guint i = 1; i < G_N_ELEMENTS (begin); i++)
    {
      g_assert_cmphex (ask (wire, MEASURE), ==, 0);
      g_assert_cmphex (ask (wire, begin[i]), ==, SENSE_BAD_FIELD);
      g_assert_cmphex (ask (wire, RESULT), ==, SENSE_BAD_FIELD);
      begin_cd (wire);
    }
}

/* What is refused in the middle of an interval leaves it where it was. */
static void
test_order (void)
{
  g_autoptr (Wire) wire = with_disc ("cd-rom", NULL);
  guint n = G_N_ELEMENTS (round_trip);
  OflPracticeErrors sum = { 0 };

  for (guint i = 0; i < n; i++)
    g_assert_cmphex (ask (wire, round_trip[i]), ==, SENSE_BAD_FIELD);
  begin_cd (wire);
  for (guint i = 0; i < 2 * n; i++)
    {
      g_assert_cmphex (ask (wire, round_trip[(i + 1) % n]), ==, SENSE_BAD_FIELD);
      g_assert_cmphex (ask (wire, round_trip[(i + 2) % n]), ==, SENSE_BAD_FIELD);
      g_assert_cmphex (ask (wire, round_trip[i % n]), ==, 0);
    }
  scan_cd (wire, 2 * CD_INTERVAL, &sum);
  begin_cd (wire);
  scan_cd (wire, 0, &sum);
}

/* Every byte of a CDB counts. */
static void
test_bytes (void)
{
  static const char *const cdbs[] = { MEASURE, END, DVD };

  for (guint i = 0; i < G_N_ELEMENTS (cdbs); i++)
    for (guint byte = 5; byte < 12; byte++)
      {
        g_autoptr (Wire) wire = with_disc (cdbs[i] == cdbs[2] ? "pressed" : "cd-rom", NULL);
        g_autofree char *changed = g_strdup (cdbs[i]);

        if (cdbs[i] == cdbs[2])
          begin_dvd (wire);
        else
          begin_cd (wire);
        changed[(gsize) byte * 3 + 1] = '1';
        g_assert_cmphex (ask (wire, changed), ==,
                         cdbs[i] == cdbs[2] ? SENSE_BAD_OPCODE : SENSE_BAD_FIELD);
        g_assert_cmphex (ask (wire, cdbs[i]), ==, 0);
      }
}

/* Neither without a disc, nor of the other kind, nor of a blank one; the new way of a CD at no time. */
static void
test_disc (gconstpointer data)
{
  const char *disc = data;
  g_autoptr (Wire) wire = wire_new (ID);
  guint32 why = disc != NULL ? SENSE_BAD_FIELD : SENSE_NO_DISC;

  if (disc != NULL)
    put_disc (wire, disc);
  g_assert_cmphex (wire_none (wire, SEEK_0), ==,
                   disc == NULL                       ? SENSE_NO_DISC
                   : g_str_equal (disc, "blank-cd-r") ? 0x052100
                                                      : 0);
  g_assert_cmphex (ask (wire, CD_NEW), ==, SENSE_BAD_OPCODE);
  if (g_strcmp0 (disc, "pressed") != 0)
    g_assert_cmphex (ask (wire, DVD), ==, why);
  if (g_strcmp0 (disc, "cd-rom") != 0)
    {
      g_assert_cmphex (ask (wire, begin[0]), ==, why);
      for (guint i = 0; i < G_N_ELEMENTS (round_trip); i++)
        g_assert_cmphex (ask (wire, round_trip[i]), ==, why);
    }
  g_assert_cmphex (ask (wire, END), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, disc != NULL ? 0 : SENSE_NO_DISC);
}

static void
by_power (Wire *wire, const char *disc)
{
  wire_power_cycle (wire);
}

static void
by_reset (Wire *wire, const char *disc)
{
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
}

/* Taken out and put in, and nobody asked meanwhile */
static void
by_disc (Wire *wire, const char *disc)
{
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  put_disc (wire, disc);
}

typedef void (*Happen) (Wire *wire, const char *disc);

static void
test_forgotten (gconstpointer data)
{
  Happen happen = *(const Happen *) data;
  g_autoptr (Wire) wire = with_disc ("cd-rom", NULL);
  OflPracticeErrors sum = { 0 };

  begin_cd (wire);
  scan_cd (wire, 0, &sum);
  happen (wire, "cd-rom");
  g_assert_cmphex (ask (wire, MEASURE), ==, SENSE_BAD_FIELD);
  begin_cd (wire);
  scan_cd (wire, 0, &sum);
  put_disc (wire, "pressed");
  begin_dvd (wire);
  happen (wire, "pressed");
  g_assert_cmphex (ask (wire, DVD), ==, SENSE_BAD_FIELD);
  begin_dvd (wire);
}

/* Reads between the intervals change neither: EEPROM, flash and disc are as before. */
static void
test_beside (void)
{
  static const char *const reads[]
      = { "df 89 00 00 00 00 00 00 80 00 00 00", "df 83 00 00 ff 00 00 40 00 00 00 00" };
  g_autoptr (Wire) wire = with_disc ("cd-rom", "scratched 100 300");
  OflPracticeErrors sum = { 0 };
  guint8 before[2][0x80];

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmphex (wire_in (wire, 0x80, "%s", reads[i]), ==, 0);
      memcpy (before[i], wire->in, 0x80);
    }
  begin_cd (wire);
  for (guint at = 0; at < 8 * CD_INTERVAL; at += CD_INTERVAL)
    {
      scan_cd (wire, at, &sum);
      g_assert_cmphex (wire_in (wire, 0x80, "%s", reads[at % 2]), ==, 0);
      g_assert_cmpmem (wire->in, 0x80, before[at % 2], 0x80);
      g_assert_cmphex (wire_in (wire, 2048, "28 00 00 00 00 c8 00 00 01 00"), ==, 0);
      g_assert_cmphex (wire_none (wire, SEEK_0), ==, 0);
    }
  g_assert_true (wire_holds (wire, "US0N"));
}

/* A drive that is being scanned takes an update once its disc is out, and scans when it is burned. */
static void
test_flash (void)
{
  g_autoptr (Wire) wire = with_disc ("cd-rom", NULL);
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);
  OflPracticeErrors sum = { 0 };

  begin_cd (wire);
  scan_cd (wire, 0, &sum);
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  g_assert_cmphex (wire_out (wire, data, size, "3b 05 00 000000 %06x 00", (guint) size), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  g_assert_true (wire_holds (wire, "US0Q"));
  put_disc (wire, "cd-rom");
  g_assert_cmphex (ask (wire, MEASURE), ==, SENSE_BAD_FIELD);
  begin_cd (wire);
  scan_cd (wire, 0, &sum);
}

/* The boot code alone scans nothing. */
static void
test_down (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "US0Q", NULL);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);

  wire_cut_in_burn (wire, 500);
  g_assert_cmphex (wire_out (wire, data, size, "3b 05 00 000000 %06x 00", (guint) size), ==,
                   SENSE_VANISHED);
  wire_power_cycle (wire);
  put_disc (wire, "cd-rom");
  g_assert_cmphex (ask (wire, begin[0]), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (ask (wire, END), ==, SENSE_BAD_FIELD);
  put_disc (wire, "pressed");
  g_assert_cmphex (wire_none (wire, SEEK_0), ==, 0);
  g_assert_cmphex (ask (wire, DVD), ==, SENSE_BAD_OPCODE);
}

int
main (int argc, char **argv)
{
  static const Happen power = by_power, reset = by_reset, disc = by_disc;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liteon/scan/cd", test_cd);
  g_test_add_func ("/liteon/scan/dvd", test_dvd);
  g_test_add_func ("/liteon/scan/seek", test_seek);
  g_test_add_func ("/liteon/scan/begin-order", test_begin_order);
  g_test_add_func ("/liteon/scan/begin-whole", test_begin_whole);
  g_test_add_func ("/liteon/scan/order", test_order);
  g_test_add_func ("/liteon/scan/bytes", test_bytes);
  g_test_add_data_func ("/liteon/scan/no-disc", NULL, test_disc);
  g_test_add_data_func ("/liteon/scan/of-a-dvd", "pressed", test_disc);
  g_test_add_data_func ("/liteon/scan/of-a-cd", "cd-rom", test_disc);
  g_test_add_data_func ("/liteon/scan/of-a-blank-cd", "blank-cd-r", test_disc);
  g_test_add_data_func ("/liteon/scan/power", &power, test_forgotten);
  g_test_add_data_func ("/liteon/scan/reset", &reset, test_forgotten);
  g_test_add_data_func ("/liteon/scan/other-disc", &disc, test_forgotten);
  g_test_add_func ("/liteon/scan/beside", test_beside);
  g_test_add_func ("/liteon/scan/flash", test_flash);
  g_test_add_func ("/liteon/scan/down", test_down);
  return g_test_run ();
}
