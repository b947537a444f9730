/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice NEC and Optiarc drives refuse, and what is left of them when an update breaks:
 * the order of nec 2.3 to 2.12, and safe mode. */
#include <string.h>

#include "nec-host.h"

typedef void (*DriveTest) (const NecFacts *facts);

typedef struct {
  const NecFacts *facts;
  Wire *wire;
  GBytes *image;
  NecBurn *burn;
} Bench;

static Bench *
bench_new (const NecFacts *facts)
{
  Bench *self = g_new0 (Bench, 1);

  self->facts = facts;
  self->wire = wire_new (facts->drive);
  self->image = wire_image (facts->drive, "1.03", NULL);
  self->burn = nec_burn_new (facts->flash, facts->id4, self->image);
  return self;
}

static void
bench_free (Bench *self)
{
  wire_free (self->wire);
  g_bytes_unref (self->image);
  nec_burn_free (self->burn);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

static guint32
run (Bench *self, guint first, guint end)
{
  return nec_burn_run (self->burn, self->wire, first, end);
}

static guint32
run_all (Bench *self)
{
  return run (self, 0, self->burn->lines->len);
}

static guint
find (Bench *self, const char *start)
{
  return nec_burn_find (self->burn, start, 0);
}

static guint
find_erase (Bench *self)
{
  return find (self, self->facts->flash == NEC_OPTI4 ? "CB14" : "CB04");
}

static guint
find_program (Bench *self)
{
  return find (self, self->facts->flash == NEC_OPTI4 ? "CB12" : "CB02");
}

static guint
find_write (Bench *self)
{
  return find (self, self->facts->flash == NEC_OPTI4 ? "CB11" : "CB01");
}

static guint
find_check (Bench *self)
{
  return find (self, self->facts->flash == NEC_OPTI4 ? "CC06" : "CC04");
}

static void
assert_recovers (Bench *self)
{
  wire_assert_identity (self->wire, self->facts->vendor, self->facts->product, self->facts->safe);
  g_assert_false (wire_holds (self->wire, "1.03"));
  g_assert_cmphex (run_all (self), ==, 0);
  wire_assert_identity (self->wire, self->facts->vendor, self->facts->product, "1.03");
  g_assert_true (wire_holds (self->wire, "1.03"));
}

/* Every bit of every command */

/* A command that has its own place, or reads: the last CK of 1.2.10 is a bit away from that. */
static gboolean
is_other_command (const NecBurn *burn, const char *cdb)
{
  if (g_str_has_prefix (cdb, "CC0000000000000100"))
    return TRUE;
  for (guint i = 0; i < burn->lines->len; i++)
    if (strcmp (nec_burn_line (burn, i)->cdb, cdb) == 0)
      return TRUE;
  return FALSE;
}

/* The hex of a command with one bit changed */
static char *
change_bit (const char *cdb, guint bit)
{
  char *changed = g_strdup (cdb);
  guint digit = (guint) g_ascii_xdigit_value (cdb[bit / 4]) ^ 1u << bit % 4;

  changed[bit / 4] = "0123456789ABCDEF"[digit];
  return changed;
}

static void
assert_bits_count (Bench *self, guint index)
{
  const NecLine *line = nec_burn_line (self->burn, index);

  for (guint bit = 0; bit < 96; bit++)
    {
      g_autofree char *changed = change_bit (line->cdb, bit);

      if (is_other_command (self->burn, changed))
        continue; /* a good one, too early or too late: see the tests of the order */
      if (wire_out (self->wire, line->data, line->length, "%s", changed) == 0)
        g_error ("%s: %s instead of %s was not refused", self->facts->drive, changed, line->cdb);
    }
}

static void
test_every_bit (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);

  for (guint i = 0; i < self->burn->lines->len; i++)
    {
      assert_bits_count (self, i);
      g_assert_cmphex (nec_burn_send (self->burn, self->wire, i), ==, 0);
    }
  g_assert_true (wire_holds (self->wire, "1.03"));
}

/* Also where one command is mistaken for another, it must show. */
static void
test_every_byte (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);
  g_autoptr (Script) script = script_new ();
  guint commands[2] = { find_erase (self) + 1, find_program (self) };

  for (guint i = 0; i < self->burn->lines->len; i++)
    {
      const NecLine *line = nec_burn_line (self->burn, i);

      script_add (script, line->data, line->length, "%s", line->cdb);
    }
  script_assert_every_byte_counts (script, facts->drive, self->image, commands, 2);
}

/* Order */

/* Leaves out one command: a later one must be refused. */
static void
assert_needed (const NecFacts *facts, guint index)
{
  g_autoptr (Bench) self = bench_new (facts);

  g_assert_cmphex (run (self, 0, index), ==, 0);
  g_assert_cmphex (run (self, index + 1, self->burn->lines->len), !=, 0);
}

static void
test_order (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);
  guint program = find_program (self);

  assert_needed (facts, 0);
  assert_needed (facts, find_write (self));
  assert_needed (facts, find_write (self) + 1);
  assert_needed (facts, find_check (self));
  assert_needed (facts, find_erase (self));
  assert_needed (facts, find_erase (self) + 3);
  /* a block that is programmed twice, an erase too late */
  g_assert_cmphex (run (self, 0, program + 1), ==, 0);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, program), ==, SENSE_SEQUENCE);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, find_erase (self)), ==, SENSE_SEQUENCE);
  g_assert_cmphex (run (self, program + 1, self->burn->lines->len), ==, 0);
  g_assert_true (wire_holds (self->wire, "1.03"));
  /* nothing outside of safe mode */
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, find_write (self)), ==, SENSE_SEQUENCE);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, find_erase (self)), ==, SENSE_SEQUENCE);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, self->burn->lines->len - 1), ==,
                   SENSE_SEQUENCE);
}

static void
test_last_program (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);
  guint last = self->burn->lines->len
               - (facts->flash == NEC_OPTI4 || facts->flash == NEC_OPTI_BD ? 3 : 2);

  g_assert_cmphex (run (self, 0, last), ==, 0);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, self->burn->lines->len - 1), ==, 0);
  assert_recovers (self);
}

/* Data */

static void
test_data (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);
  guint write = find_write (self);
  const NecLine *line = nec_burn_line (self->burn, write);
  g_autofree guint8 *data = g_malloc0 (line->length + 0x1000);

  memcpy (data, line->data, line->length);
  g_assert_cmphex (run (self, 0, write), ==, 0);
  g_assert_cmphex (wire_out (self->wire, data, line->length + 2, "%s", line->cdb), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (self->wire, data, line->length - 2, "%s", line->cdb), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (self->wire, data, 0, "%s", line->cdb), ==, SENSE_BAD_FIELD);
  if (facts->flash == NEC_OPTI)
    g_assert_cmphex (wire_out (self->wire, data, 0x8000, "%s", line->cdb), ==, SENSE_BAD_FIELD);
  data[0x300] ^= 0x10;
  if (facts->flash == NEC_OPTI4)
    {
      g_assert_cmphex (wire_out (self->wire, data, line->length, "%s", line->cdb), ==,
                       SENSE_BAD_DATA);
      return;
    }
  /* what arrives wrong is found by the sum, before anything is lost */
  g_assert_cmphex (wire_out (self->wire, data, line->length, "%s", line->cdb), ==, 0);
  g_assert_cmphex (run (self, write + 1, find_check (self)), ==, 0);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, find_check (self)), ==, SENSE_BAD_DATA);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, find_erase (self)), ==, SENSE_SEQUENCE);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, self->burn->lines->len - 1), ==,
                   facts->flash == NEC_640K ? SENSE_SEQUENCE : 0);
  g_assert_cmphex (run_all (self), ==, 0);
}

static void
test_wrong_images (const NecFacts *facts)
{
  static const char *const variants[] = { "bad-sum", "wrong-family" };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (Wire) wire = wire_new (facts->drive);
      g_autoptr (GBytes) image = wire_image (facts->drive, "1.03", variants[i]);
      const guint8 *data = g_bytes_get_data (image, NULL);
      gsize id_at = facts->flash == NEC_OPTI_BD ? 0x42 : facts->image_size - 6;
      g_autofree char *id4 = NULL;
      g_autoptr (NecBurn) burn = NULL;

      if (facts->flash <= NEC_768K)
        id_at = facts->image_size - 4;
      id4 = g_strndup ((const char *) data + id_at, 4);
      burn = nec_burn_new (facts->flash, id4, image);
      g_assert_cmphex (nec_burn_run (burn, wire, 0, burn->lines->len), !=, 0);
      g_assert_false (ofl_practice_drive_holds (wire->drive, image));
    }
}

static void
test_disc (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);
  guint write = find_write (self);

  g_assert_cmphex (run (self, 0, write), ==, 0);
  ofl_practice_drive_set_disc (self->wire->drive, TRUE);
  g_assert_cmphex (wire_ready (self->wire), ==, 0x062800);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, write), ==, SENSE_SEQUENCE);
  ofl_practice_drive_set_disc (self->wire->drive, FALSE);
  g_assert_cmphex (run (self, write, self->burn->lines->len), ==, 0);
}

/* Broken updates */

/* Leaves safe mode after the first half of the erases, as a tool does after an error (1.3). */
static void
test_broken (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);
  const char *off = nec_burn_line (self->burn, 0)->cdb;
  g_autofree char *leave = g_strdup (off);

  leave[5] = '0';
  g_assert_cmphex (run (self, 0, find_erase (self) + 5), ==, 0);
  g_assert_cmphex (wire_none (self->wire, "%s", leave), ==, 0);
  assert_recovers (self);
}

static void
lose_power (Bench *self, guint index, const char *fault)
{
  g_assert_cmphex (run (self, 0, index), ==, 0);
  g_assert_true (ofl_practice_drive_add_fault (self->wire->drive, fault, NULL));
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, index), ==, SENSE_VANISHED);
  self->wire->now_us += 60 * G_USEC_PER_SEC;
  ofl_practice_drive_power_cycle (self->wire->drive, self->wire->now_us);
  g_assert_cmphex (wire_ready (self->wire), ==, SENSE_RESET);
}

static void
test_power_loss (const NecFacts *facts)
{
  g_autoptr (Bench) erasing = bench_new (facts);
  g_autoptr (Bench) programming = bench_new (facts);
  g_autoptr (Bench) sending = bench_new (facts);

  lose_power (erasing, find_erase (erasing), "power-loss-burn 500");
  assert_recovers (erasing);
  lose_power (programming, find_program (programming) + 1,
              facts->flash == NEC_OPTI4 ? "power-loss 1" : "power-loss-burn 500");
  assert_recovers (programming);
  lose_power (sending, find_write (sending) + 1, "power-loss 1");
  if (facts->flash == NEC_OPTI4)
    {
      assert_recovers (sending); /* all was erased before anything was sent */
      return;
    }
  wire_assert_identity (sending->wire, facts->vendor, facts->product, "1.00");
  g_assert_true (wire_holds (sending->wire, "1.00"));
}

static void
test_reset (const NecFacts *facts)
{
  g_autoptr (Bench) self = bench_new (facts);
  guint write = find_write (self);

  g_assert_cmphex (run (self, 0, write + 1), ==, 0);
  ofl_practice_drive_bus_reset (self->wire->drive, self->wire->now_us);
  g_assert_cmphex (wire_ready (self->wire), ==, SENSE_RESET);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, write + 1), ==, SENSE_SEQUENCE);
  wire_assert_identity (self->wire, facts->vendor, facts->product, facts->safe);
  g_assert_cmphex (run_all (self), ==, 0);
  g_assert_true (wire_holds (self->wire, "1.03"));
}

/* Weak cells are found when the drive starts; a chip that does nothing leaves what there was. */
static void
test_weak_flash (const NecFacts *facts)
{
  g_autoptr (Bench) lying = bench_new (facts);
  g_autoptr (Bench) silent = bench_new (facts);

  g_assert_true (ofl_practice_drive_add_fault (lying->wire->drive, "lie", NULL));
  g_assert_cmphex (run_all (lying), ==, 0);
  g_assert_false (wire_holds (lying->wire, "1.03"));
  ofl_practice_drive_clear_faults (lying->wire->drive);
  assert_recovers (lying);
  g_assert_true (ofl_practice_drive_add_fault (silent->wire->drive, "silent", NULL));
  g_assert_cmphex (run_all (silent), ==, 0);
  wire_assert_identity (silent->wire, facts->vendor, facts->product, "1.00");
  g_assert_true (wire_holds (silent->wire, "1.00"));
}

/* 640K: between its banks the drive has the new one and the old one (nec 2.3). */
static void
test_half_way (void)
{
  g_autoptr (Bench) self = bench_new (&nec_facts[0]);
  guint second = find (self, "CC11");

  g_assert_cmpstr (self->facts->drive, ==, "nd1100");
  g_assert_cmphex (run (self, 0, second), ==, 0);
  wire_assert_identity (self->wire, "_NEC", "DVD+RW ND-1100A", "1.03");
  g_assert_false (wire_holds (self->wire, "1.03"));
  g_assert_false (wire_holds (self->wire, "1.00"));
  g_assert_cmphex (run (self, second, self->burn->lines->len), ==, 0);
  g_assert_true (wire_holds (self->wire, "1.03"));
  /* one bank at a time, and no third */
  g_assert_cmphex (run (self, 0, 1), ==, 0);
  g_assert_cmphex (nec_burn_send (self->burn, self->wire, second), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_none (self->wire, "CC2101004B31313001000000"), ==, SENSE_BAD_FIELD);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    DriveTest test;
  } tests[] = {
    { "every-bit", test_every_bit },
    { "every-byte", test_every_byte },
    { "order", test_order },
    { "last-program", test_last_program },
    { "data", test_data },
    { "wrong-images", test_wrong_images },
    { "disc", test_disc },
    { "broken", test_broken },
    { "power-loss", test_power_loss },
    { "reset", test_reset },
    { "weak-flash", test_weak_flash },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint j = 0; j < n_nec_facts; j++)
      {
        g_autofree char *path
            = g_strdup_printf ("/practice-nec/%s/%s", tests[i].name, nec_facts[j].drive);

        g_test_add_data_func (path, &nec_facts[j], (GTestDataFunc) (void (*) (void)) tests[i].test);
      }
  g_test_add_func ("/practice-nec/half-way", test_half_way);
  return g_test_run ();
}
