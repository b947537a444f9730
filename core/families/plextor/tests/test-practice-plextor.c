/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plextor, device side, against plextor 2 and plextor 3.1. */
#include "kit/wire.h"

#include <string.h>

#include "kit/scratch.h"

#define NEW_REVISION "1.03"

typedef struct {
  const char *id;
  const char *product;
  gsize size;
  gsize sum_at;
  guint sum_start;
  gsize chunk;
} Case;

static const Case cases[] = {
  { "px716", "DVDR   PX-716A", 0xf0000, 0xefffe, 0, 0x1000 },
  { "px716", "DVDR   PX-716A", 0xf0000, 0xefffe, 0, 0x4000 },
  { "premium", "CD-R   PREMIUM", 0x80000, 0x7c7fe, 0x8000, 0x1000 },
};

static Script *
make_script (GBytes *image, gsize chunk)
{
  Script *script = script_new ();
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);

  for (gsize at = 0; at < size; at += chunk)
    script_add (script, data + at, chunk, "3b %02x 00 %06x %06x 00",
                at + chunk == size ? 0x05u : 0x04u, (guint) at, (guint) chunk);
  return script;
}

static void
test_good (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (Wire) wire = wire_new (c->id);
  g_autoptr (GBytes) image = wire_image (c->id, NEW_REVISION, NULL);
  g_autoptr (Script) script = make_script (image, c->chunk);
  guint n = script_length (script);

  wire_assert_identity (wire, "PLEXTOR", c->product, "1.00");
  g_assert_cmpuint (script_run (script, wire, 0, n - 1), ==, 0);
  g_assert_true (wire_holds (wire, "1.00"));
  wire_assert_identity (wire, "PLEXTOR", c->product, "1.00");
  g_assert_cmpuint (script_run (script, wire, n - 1, 1), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, >, 5 * G_USEC_PER_SEC);
  wire_assert_identity (wire, "PLEXTOR", c->product, NEW_REVISION);
  g_assert_cmpuint (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmpuint (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (ofl_practice_drive_holds (wire->drive, image));
  g_assert_false (wire_holds (wire, "1.00"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, n);
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  wire_assert_identity (wire, "PLEXTOR", c->product, NEW_REVISION);
}

/* The format by itself; the sum also against the written vectors. */
static void
test_image (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) image = wire_image (c->id, "2.00", NULL);
  g_autoptr (GBytes) again = wire_image (c->id, "2.00", "");
  g_autoptr (GBytes) other = wire_image (c->id, "2.00", "wrong-family");
  g_autoptr (GBytes) bad = wire_image (c->id, "2.00", "bad-sum");
  g_autoptr (GBytes) half = wire_image (c->id, "2.00", "truncated");
  g_autofree guint8 *vector = g_malloc (c->size);
  g_autofree char *id = g_strdup_printf ("PLEXTOR %-16s2.00", c->product);
  const guint8 *bytes = g_bytes_get_data (image, NULL);
  const guint8 *broken = g_bytes_get_data (bad, NULL);

  fact_generate (0x504c, vector, c->size);
  g_assert_cmphex (fact_sum (vector, c->sum_at, c->sum_start), ==,
                   c->sum_start != 0 ? 0xec6b : 0xf0be);
  g_assert_cmpuint (g_bytes_get_size (image), ==, c->size);
  g_assert_cmpmem (bytes, 28, id, 28);
  g_assert_cmphex (fact_sum (bytes, c->sum_at, c->sum_start), ==,
                   (guint) bytes[c->sum_at] << 8 | bytes[c->sum_at + 1]);
  g_assert_cmphex (fact_sum (broken, c->sum_at, c->sum_start), !=,
                   (guint) broken[c->sum_at] << 8 | broken[c->sum_at + 1]);
  g_assert_true (g_bytes_equal (image, again));
  g_assert_cmpmem (g_bytes_get_data (other, NULL), 8, "PLEXTOR ", 8);
  g_assert_cmpint (memcmp (g_bytes_get_data (other, NULL), id, 24), !=, 0);
  g_assert_cmpuint (g_bytes_get_size (half), ==, c->size / 2);
}

/* After a refusal nothing is burned and the drive is as before. */
static void
assert_untouched (Wire *wire)
{
  wire_assert_identity (wire, "PLEXTOR", "DVDR   PX-716A", "1.00");
  g_assert_cmpuint (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (wire_holds (wire, "1.00"));
}

static void
test_bad_images (void)
{
  static const char *const variants[] = { "bad-sum", "wrong-family" };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (Wire) wire = wire_new ("px716");
      g_autoptr (GBytes) image = wire_image ("px716", "1.03", variants[i]);
      g_autoptr (Script) script = make_script (image, 0x4000);

      g_assert_cmphex (script_run (script, wire, 0, script_length (script)), ==, SENSE_BAD_DATA);
      assert_untouched (wire);
    }
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new ("px716");
  g_autoptr (GBytes) image = wire_image ("px716", "1.03", NULL);
  g_autoptr (Script) script = make_script (image, 0x4000);
  const guint8 *data = g_bytes_get_data (image, NULL);
  guint n = script_length (script);

  /* in the middle, with a gap, twice, the last one too early */
  g_assert_cmphex (script_run (script, wire, 1, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 3), ==, 0);
  g_assert_cmphex (script_run (script, wire, 4, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 3, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 3), ==, 0);
  g_assert_cmphex (script_run (script, wire, 2, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 3), ==, 0);
  g_assert_cmphex (script_run (script, wire, n - 1, 1), ==, SENSE_BAD_FIELD);
  /* 04 where 05 has to stand; another chunk size than the first; one that nobody uses */
  g_assert_cmphex (script_run (script, wire, 0, n - 1), ==, 0);
  g_assert_cmphex (wire_out (wire, data + 0xec000, 0x4000, "3b 04 00 0ec000 004000 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 1), ==, 0);
  g_assert_cmphex (wire_out (wire, data + 0x4000, 0x1000, "3b 04 00 004000 001000 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, data, 0x8000, "3b 04 00 000000 008000 00"), ==, SENSE_BAD_FIELD);
  /* a length that is not that of the data */
  g_assert_cmphex (wire_out (wire, data, 0x1000, "3b 04 00 000000 004000 00"), ==, SENSE_BAD_FIELD);
  assert_untouched (wire);
  g_assert_cmphex (script_run (script, wire, 0, n), ==, 0);
  g_assert_true (wire_holds (wire, "1.03"));
}

static void
test_every_byte_counts (void)
{
  g_autoptr (GBytes) image = wire_image ("px716", "1.03", NULL);
  g_autoptr (Script) script = make_script (image, 0x4000);
  guint n = script_length (script);
  const guint commands[] = { 0, 1, n / 2, n - 1 };

  script_assert_every_byte_counts (script, "px716", image, commands, G_N_ELEMENTS (commands));
}

/* What happens with a disc is in the facts of all families: no update. */
static void
test_disc (void)
{
  g_autoptr (Wire) wire = wire_new ("premium");
  g_autoptr (GBytes) image = wire_image ("premium", "1.03", NULL);
  g_autoptr (Script) script = make_script (image, 0x1000);

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  g_assert_cmphex (script_run (script, wire, 0, 1), ==, SENSE_BAD_FIELD);
  /* as the known program goes about it: stop, locked, allow, then out with it */
  g_assert_cmphex (wire_none (wire, "1e 00 00 00 01 00"), ==, 0);
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 02 00"), ==, 0x055302);
  g_assert_cmphex (wire_none (wire, "1e 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 02 00"), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, 0x023a02);
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 03 00"), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_cmphex (script_run (script, wire, 0, script_length (script)), ==, 0);
}

/* The answer to the last piece is lost in the restart; what was burned is there. */
static void
test_abrupt (void)
{
  g_autoptr (Wire) wire = wire_new ("premium");
  g_autoptr (GBytes) image = wire_image ("premium", "1.03", NULL);
  g_autoptr (Script) script = make_script (image, 0x1000);

  g_object_set (wire->drive, "abrupt", TRUE, NULL);
  g_assert_cmphex (script_run (script, wire, 0, script_length (script)), ==, SENSE_RESET);
  wire_assert_identity (wire, "PLEXTOR", "CD-R   PREMIUM", "1.03");
  g_assert_true (wire_holds (wire, "1.03"));
}

static void
test_eeprom (void)
{
  g_autoptr (Wire) dvd = wire_new ("px716");
  g_autoptr (Wire) cd = wire_new ("premium");
  guint8 first[0x100];

  /* 4.3: block numbers on the later ones, and the other form fails there */
  g_assert_cmphex (wire_in (dvd, 0x100, "f1 00 00 00 00 00 00 00 01 00 00 00"), ==,
                   SENSE_BAD_FIELD);
  for (guint block = 0; block < 4; block++)
    {
      g_assert_cmphex (wire_in (dvd, 0x100, "f1 01 00 00 00 00 00 %02x 01 00 00 00", block), ==, 0);
      g_assert_cmpuint (dvd->answer.in_len, ==, 0x100);
      if (block == 0)
        {
          memcpy (first, dvd->in, sizeof first);
          g_assert_cmpmem (dvd->in + 0x29, 4, "0304", 4);
        }
      else
        g_assert_cmpint (memcmp (dvd->in, first, sizeof first), !=, 0);
    }
  g_assert_cmphex (wire_in (dvd, 0x100, "f1 01 00 00 00 00 00 00 01 00 00 00"), ==, 0);
  g_assert_cmpmem (dvd->in, 0x100, first, sizeof first);
  g_assert_cmphex (wire_in (dvd, 0x100, "f1 01 00 00 00 00 00 04 01 00 00 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (dvd, 0x200, "f1 01 00 00 00 00 00 00 02 00 00 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (dvd, 0x100, "f1 01 00 00 00 00 00 00 01 00 00 01"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (cd, 0x100, "f1 00 00 00 00 00 00 00 01 00 00 00"), ==, 0);
  g_assert_cmpmem (cd->in + 0x29, 4, "0102", 4);
  g_assert_cmphex (wire_in (cd, 0x100, "f1 00 00 00 00 00 00 01 01 00 00 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (cd, 0x100, "f1 01 00 00 00 00 00 00 01 00 00 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (dvd->drive), ==, 0);
}

static void
test_restart (void)
{
  g_autoptr (Wire) wire = wire_new ("px716");
  g_autoptr (GBytes) image = wire_image ("px716", "1.03", NULL);
  g_autoptr (Script) script = make_script (image, 0x1000);

  g_assert_cmphex (wire_none (wire, "ee 00 00 00 00 00 00 00 00 00 00 01"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 2), ==, 0);
  g_assert_cmphex (wire_none (wire, "ee 00 00 00 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  /* what had come is forgotten */
  g_assert_cmphex (script_run (script, wire, 2, 1), ==, SENSE_BAD_FIELD);
  assert_untouched (wire);
  g_assert_cmphex (wire_none (wire, "df 83 00 00 ff 00 00 00 00 00 00 00"), ==, SENSE_BAD_OPCODE);
}

/* The disc type as the known program asks for it, and the serial number. */
static void
test_recognised (void)
{
  g_autoptr (Wire) wire = wire_new ("px716");

  g_assert_cmphex (wire_in (wire, 8, "46 00 00 00 00 00 00 00 08 00"), ==, 0);
  g_assert_cmpuint (wire->in[6] << 8 | wire->in[7], ==, 0);
  g_assert_cmphex (wire_in (wire, 0x1c, "46 02 01 08 00 00 00 00 1c 00"), ==, 0);
  g_assert_cmpmem (wire->in + 12, 12, "OFLPRACTICE-", 12);
}

static void
test_power_loss (void)
{
  static const char *const faults[]
      = { "power-loss-burn 1", "power-loss-burn 500", "power-loss-burn 999", "lie" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Wire) wire = wire_new ("px716");
      g_autoptr (GBytes) image = wire_image ("px716", "1.03", NULL);
      g_autoptr (Script) script = make_script (image, 0x4000);
      guint n = script_length (script);

      g_assert_true (ofl_practice_drive_add_fault (wire->drive, faults[i], NULL));
      g_assert_cmphex (script_run (script, wire, 0, n), ==,
                       g_str_equal (faults[i], "lie") ? 0 : SENSE_VANISHED);
      ofl_practice_drive_clear_faults (wire->drive);
      ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
      wire_assert_identity (wire, "PLEXTOR", "", "");
      g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
      g_assert_cmphex (wire_ready (wire), ==, SENSE_DEAD);
      g_assert_cmphex (script_run (script, wire, 0, 1), ==, SENSE_DEAD);
      g_assert_false (wire_holds (wire, "1.00"));
      g_assert_false (wire_holds (wire, "1.03"));
    }
}

/* Everything is accepted and nothing kept. */
static void
test_silent (void)
{
  g_autoptr (Wire) wire = wire_new ("px716");
  g_autoptr (GBytes) image = wire_image ("px716", "1.03", NULL);
  g_autoptr (Script) script = make_script (image, 0x4000);

  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "silent", NULL));
  g_assert_cmphex (script_run (script, wire, 0, script_length (script)), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  assert_untouched (wire);
}

static void
test_state (void)
{
  g_autoptr (Wire) wire = wire_new ("premium");
  g_autoptr (Wire) later = wire_new ("premium");
  g_autoptr (GBytes) image = wire_image ("premium", "1.03", NULL);
  g_autoptr (Script) script = make_script (image, 0x1000);
  g_autoptr (Scratch) dir = scratch_new ();
  g_autofree char *path = g_build_filename (dir, "state", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmphex (script_run (script, wire, 0, script_length (script)), ==, 0);
  wire_assert_identity (wire, "PLEXTOR", "CD-R   PREMIUM", "1.03");
  ofl_practice_drive_save (wire->drive, path, &error);
  g_assert_no_error (error);
  ofl_practice_drive_load (later->drive, path, &error);
  g_assert_no_error (error);
  wire_assert_identity (later, "PLEXTOR", "CD-R   PREMIUM", "1.03");
  g_assert_true (wire_holds (later, "1.03"));
}

/* plextor 2.10: a life that a drive can have had, another for another unit. */
static void
assert_life (const guint8 *eeprom, guint discs_at, const guint *times_at, guint n_times)
{
  guint discs = fact_be (eeprom + discs_at, 2);

  g_assert_cmpuint (discs, >, 100);
  g_assert_cmpuint (discs, <, 2000);
  for (guint i = 0; i < n_times; i++)
    {
      g_assert_cmpuint (fact_be (eeprom + times_at[i], 4), >, 0);
      g_assert_cmpuint (fact_be (eeprom + times_at[i], 4), <, discs * 3600);
    }
}

static void
test_life (void)
{
  static const guint cd_times[] = { 0x6c, 0x7a };
  static const guint dvd_times[] = { 0x22, 0x26, 0x2a, 0x2e };
  guint last = 0;

  for (guint32 unit = 1; unit < 20; unit++)
    {
      g_autoptr (Wire) dvd = wire_new_unit ("px716", unit);
      g_autoptr (Wire) cd = wire_new_unit ("premium", unit);

      g_assert_cmphex (wire_in (dvd, 0x100, "f1 01 00 00 00 00 00 01 01 00 00 00"), ==, 0);
      assert_life (dvd->in, 0x20, dvd_times, G_N_ELEMENTS (dvd_times));
      g_assert_cmpuint (fact_be (dvd->in + 0x22, 4), !=, last);
      last = fact_be (dvd->in + 0x22, 4);
      g_assert_cmphex (wire_in (cd, 0x100, "f1 00 00 00 00 00 00 00 01 00 00 00"), ==, 0);
      assert_life (cd->in, 0x78, cd_times, G_N_ELEMENTS (cd_times));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *good
          = g_strdup_printf ("/plextor/good/%s-%x", cases[i].id, (guint) cases[i].chunk);
      g_autofree char *image
          = g_strdup_printf ("/plextor/image/%s-%x", cases[i].id, (guint) cases[i].chunk);

      g_test_add_data_func (good, &cases[i], test_good);
      g_test_add_data_func (image, &cases[i], test_image);
    }
  g_test_add_func ("/plextor/bad-images", test_bad_images);
  g_test_add_func ("/plextor/order", test_order);
  g_test_add_func ("/plextor/every-byte-counts", test_every_byte_counts);
  g_test_add_func ("/plextor/disc", test_disc);
  g_test_add_func ("/plextor/abrupt", test_abrupt);
  g_test_add_func ("/plextor/eeprom", test_eeprom);
  g_test_add_func ("/plextor/life", test_life);
  g_test_add_func ("/plextor/restart", test_restart);
  g_test_add_func ("/plextor/recognised", test_recognised);
  g_test_add_func ("/plextor/power-loss", test_power_loss);
  g_test_add_func ("/plextor/silent", test_silent);
  g_test_add_func ("/plextor/state", test_state);
  return g_test_run ();
}
