/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice NEC and Optiarc drives: whole updates, what can be read, and their images, with the
 * commands and the test vectors of nec 11. */
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "kit/scratch.h"
#include "nec-host.h"

#define SENSE_STARTING 0x020401u
#define BOOT_WORD 0x7ffeu

typedef void (*DriveTest) (const NecFacts *facts);

/* The host itself against the traces of nec 11. */

static guint8 *
generate_p2 (gsize size)
{
  guint8 *data = g_malloc (size);
  guint32 x = 1;

  for (gsize i = 0; i < size; i++)
    {
      x = (x * 1103515245u + 12345u) & 0x7fffffffu;
      data[i] = (guint8) (x >> 16);
    }
  return data;
}

/* Puts tail parts behind each other. */
static GBytes *
make_p2_image (const NecFacts *facts)
{
  g_autofree guint8 *image = generate_p2 (facts->image_size);
  gboolean no_tail = facts->flash <= NEC_768K || facts->flash == NEC_OPTI_BD;
  gsize id_at = facts->image_size - (no_tail ? 4 : 6);
  guint sum;

  if (facts->flash == NEC_640K)
    memcpy (image + 0x7b000, facts->vector, 4);
  if (facts->flash == NEC_768K)
    image[0x400] = 0x84;
  if (facts->flash == NEC_OPTI_BD)
    {
      memcpy (image + 0x42, facts->vector, 4);
      id_at += 4;
    }
  else
    memcpy (image + id_at, facts->vector, 4);
  if (!no_tail)
    memcpy (image + id_at + 4, "08", 2);
  if (facts->flash >= NEC_2M)
    {
      sum = nec_sum (image, id_at - 2);
      image[id_at - 2] = (guint8) (sum >> 8);
      image[id_at - 1] = (guint8) sum;
    }
  return g_bytes_new (image, facts->image_size);
}

static void
test_trace (const NecFacts *facts)
{
  g_autoptr (GBytes) image = make_p2_image (facts);
  g_autoptr (NecBurn) burn = nec_burn_new (facts->flash, facts->vector, image);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, image);
  g_autofree char *trace = nec_burn_trace (burn);

  g_assert_true (g_str_has_prefix (sum, facts->image));
  g_assert_cmpuint (burn->lines->len, ==, facts->n_commands);
  g_assert_cmpstr (trace, ==, facts->trace);
}

/* Whole updates */

/* What lies below the firmware is the boot code's and the unit's. */
static void
assert_settings_kept (const NecFacts *facts, GBytes *before, GBytes *after)
{
  guint32 size = facts->base;

  g_assert_cmpmem (g_bytes_get_data (before, NULL), size, g_bytes_get_data (after, NULL), size);
}

static void
assert_erased (GBytes *flash, gsize from, gsize to)
{
  const guint8 *cells = g_bytes_get_data (flash, NULL);

  for (gsize i = from; i < to; i++)
    g_assert_cmphex (cells[i], ==, 0xff);
}

static void
test_update (const NecFacts *facts)
{
  g_autoptr (Wire) wire = wire_new (facts->drive);
  g_autoptr (GBytes) before = ofl_practice_drive_get_flash (wire->drive);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GBytes) image = wire_image (facts->drive, "1.03", NULL);
  g_autoptr (NecBurn) burn = nec_burn_new (facts->flash, facts->id4, image);
  guint n = burn->lines->len;

  wire_assert_identity (wire, facts->vendor, facts->product, "1.00");
  g_assert_true (wire_holds (wire, "1.00"));
  g_assert_cmpuint (nec_burn_run (burn, wire, 0, n - 1), ==, 0);
  wire_assert_identity (wire, facts->vendor, facts->product, facts->safe);
  g_assert_cmpuint (nec_burn_send (burn, wire, n - 1), ==, 0);
  wire_assert_identity (wire, facts->vendor, facts->product, "1.03");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_STARTING);
  wire->now_us += 2 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (wire_holds (wire, "1.03"));
  g_assert_false (wire_holds (wire, "1.00"));
  after = ofl_practice_drive_get_flash (wire->drive);
  assert_settings_kept (facts, before, after);
  if (facts->flash == NEC_2M || facts->flash == NEC_OPTI2)
    assert_erased (after, 0x1f0000, 0x200000);
  if (facts->flash == NEC_OPTI3)
    assert_erased (after, 0x1e0000, 0x1f0000);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==,
                    n - (facts->flash == NEC_640K ? 4 : 2));
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  wire_assert_identity (wire, facts->vendor, facts->product, "1.03");
}

/* Reading */

static void
safe_mode (Wire *wire, const NecFacts *facts, guint on)
{
  const guint8 *id4 = (const guint8 *) facts->id4;

  g_assert_cmphex (wire_none (wire, "CC01%02X00%04X%04X01000000", on, nec_word (id4),
                              nec_word (id4 + 2)),
                   ==, 0);
}

static void
test_identification (const NecFacts *facts)
{
  static const guint32 addresses[] = { 0x4500, 0x4800, 0x10800, 0x7000, 0x5000 };
  g_autoptr (Wire) wire = wire_new (facts->drive);
  guint found = 0;

  for (guint safe = 0; safe < 2; safe++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
        if (wire_in (wire, 0x20, "CC00%08X000020000000", addresses[i]) == 0
            && memcmp (wire->in, facts->shown, 4) == 0)
          {
            gboolean also = facts->flash == NEC_OPTI2 && addresses[i] == 0x10800;

            g_assert_cmpuint (wire->answer.in_len, ==, 0x20);
            g_assert_true (also || addresses[i] == facts->id_at);
            found += also ? 0 : 1;
          }
      g_assert_cmpuint (found, ==, safe + 1);
      g_assert_cmpuint (wire_in (wire, 0x80, "CC00%08X000080000000", facts->rid_at), ==, 0);
      g_assert_true (memcmp (wire->in + 0x20, "NEC", 3) == 0
                     || memcmp (wire->in + 0x20, "Sony", 4) == 0);
      g_assert_true (g_ascii_isdigit (wire->in[0x43]) && wire->in[0x42] == '-');
      safe_mode (wire, facts, 1);
    }
}

static void
assert_reads_as (Wire *wire, const char *cdb_end, guint bank, guint32 from, guint32 to,
                 const guint8 *wanted)
{
  for (guint32 at = from; at < to; at += 0x1000)
    {
      g_assert_cmphex (wire_in (wire, 0x1000, "CC%X0%08X001000%s", bank, at, cdb_end), ==, 0);
      g_assert_cmpmem (wire->in, wire->answer.in_len, wanted + (at - from), 0x1000);
    }
}

/* nec 2.14: with RD and the firmware's first byte, in safe mode only. */
static void
test_guarded_reading (const NecFacts *facts)
{
  g_autoptr (Wire) wire = wire_new (facts->drive);
  g_autoptr (GBytes) image = wire_image (facts->drive, "1.00", NULL);
  const guint8 *data = g_bytes_get_data (image, NULL);
  g_autofree char *end = g_strdup_printf ("5244%02X", (guint) data[0]);

  g_assert_cmphex (wire_in (wire, 0x20, "CC00%08X000001000000", facts->base), ==, 0);
  g_assert_cmpmem (wire->in, wire->answer.in_len, data, 4);
  g_assert_cmphex (wire_in (wire, 0x1000, "CC00%08X001000%s", facts->base, end), ==,
                   SENSE_BAD_FIELD);
  safe_mode (wire, facts, 1);
  g_assert_cmphex (wire_in (wire, 0x1000, "CC00%08X001000000000", facts->base), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x1000, "CC00%08X0010005244%02X", facts->base, data[0] ^ 1u), ==,
                   SENSE_BAD_FIELD);
  assert_reads_as (wire, end, 0, facts->base, facts->end, data);
  safe_mode (wire, facts, 0);
  wire_assert_identity (wire, facts->vendor, facts->product, "1.00");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
}

static void
test_open_reading (const NecFacts *facts)
{
  g_autoptr (Wire) wire = wire_new (facts->drive);
  g_autoptr (GBytes) image = wire_image (facts->drive, "1.00", NULL);
  const guint8 *data = g_bytes_get_data (image, NULL);

  assert_reads_as (wire, "000000", 0, facts->base, facts->end, data);
  g_assert_cmphex (wire_in (wire, 0x1000, "CC00%08X0010005244C6", facts->base), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x20, "CC00%08X000001000000", facts->base), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 4);
  if (facts->flash == NEC_640K)
    assert_reads_as (wire, "000000", 1, 0x240000, 0x260000, data + 0x7b004);
  else
    g_assert_cmphex (wire_in (wire, 0x1000, "CC1000240000001000000000"), ==, SENSE_BAD_FIELD);
}

static void
test_reading (const NecFacts *facts)
{
  g_autoptr (Wire) wire = NULL;

  if (facts->guarded)
    test_guarded_reading (facts);
  else if (facts->flash != NEC_OPTI_BD)
    test_open_reading (facts);
  else
    {
      wire = wire_new (facts->drive);
      g_assert_cmphex (wire_in (wire, 0x1000, "CC0000030000001000000000"), ==, SENSE_BAD_FIELD);
    }
}

static void
test_reading_refused (const NecFacts *facts)
{
  g_autoptr (Wire) wire = wire_new (facts->drive);

  g_assert_cmphex (wire_in (wire, 0x20, "CC00%08X000020000000", facts->id_at), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x20, "CC00%08X000000000000", facts->id_at), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x20, "CC00%08X010020000000", facts->id_at), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x2000, "CC00%08X001001000000", facts->id_at), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x20, "CC0000200000000020000000"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x20, "CC00FFFFFFF0000020000000"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x20, "CC20%08X000020000000", facts->id_at), ==, SENSE_BAD_FIELD);
  for (guint op = 2; op < 16; op++)
    if (op != 4 && op != 6)
      g_assert_cmphex (wire_none (wire, "CC%02X00000000000000000000", op), ==, SENSE_BAD_FIELD);
  /* nec 2.1: what a firmware's flash does not use */
  g_assert_cmphex (wire_none (wire, "CB0545524153450300000000"), !=, 0);
  g_assert_cmphex (wire_none (wire, "CB0000450000002000000000"), !=, 0);
}

/* nec 2.15 */
static void
test_boot_code (const NecFacts *facts)
{
  g_autoptr (Wire) wire = wire_new (facts->drive);
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (wire->drive);
  gsize size = facts->flash < NEC_OPTI ? 0x4000 : 0x8000;
  gboolean has = facts->flash != NEC_OPTI_BD;

  g_assert_cmphex (wire_in (wire, size, "CD005244424F4F5400000000"), ==,
                   has ? SENSE_SEQUENCE : SENSE_BAD_FIELD);
  safe_mode (wire, facts, 1);
  if (has)
    {
      g_assert_cmphex (wire_in (wire, size, "CD005244424F4F5400000000"), ==, 0);
      g_assert_cmpmem (wire->in, wire->answer.in_len, g_bytes_get_data (flash, NULL), size);
    }
  g_assert_cmphex (wire_in (wire, size, "CD005244424F4F5500000000"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, size, "CD105244424F4F5400000000"), ==, SENSE_BAD_FIELD);
}

/* Images */

static const guint8 *
find_strings (const guint8 *data, gsize size)
{
  static const guint8 pattern[] = { 7, 0, 3, 0, 0x78, 0, 0x78, 0, 0x78, 0 };

  for (gsize i = 0; i + 0x1c9 < size; i++)
    if (memcmp (data + i, pattern, sizeof pattern) == 0)
      return data + i;
  return NULL;
}

/* The sums that nec 2.3 to 2.12 send, and the tail of 2.14. */
static gboolean
is_good_image (const NecFacts *facts, const guint8 *data, gsize size)
{
  const char *id = (const char *) data + size - 6;

  if (size != facts->image_size)
    return FALSE;
  switch (facts->flash)
    {
    case NEC_640K:
      return memcmp (data + 0x7b000, facts->id4, 4) == 0
             && memcmp (data + 0x9b004, facts->id4, 4) == 0
             && nec_sum (data, 0x7affe) == nec_word (data + 0x7affe)
             && nec_sum (data + 0x7b004, 0x1fffe) == nec_word (data + 0x9b002);
    case NEC_768K:
      return memcmp (data + 0xb8000, facts->id4, 4) == 0
             && nec_sum (data, 0xb7ffe) == nec_word (data + 0xb7ffe);
    case NEC_1M:
      return memcmp (id, facts->id4, 4) == 0 && memcmp (id + 4, "08", 2) == 0
             && nec_sum (data, 0xf9ffe) == nec_word (data + 0xf9ffe);
    case NEC_K2:
      return memcmp (id, facts->id4, 4) == 0 && memcmp (id + 4, "08", 2) == 0
             && nec_sum (data, 0x29ffe) == nec_word (data + 0x29ffe)
             && nec_sum (data + 0x2a000, 0xcfffe) == nec_word (data + 0xf9ffe);
    case NEC_OPTI_BD:
      return memcmp (data + 0x42, facts->id4, 4) == 0
             && nec_sum (data, 0x1d0200) == nec_word (data + 0x1d0200);
    case NEC_2M:
    case NEC_OPTI:
    case NEC_OPTI2:
    case NEC_OPTI3:
    case NEC_OPTI4:
    default:
      return memcmp (id, facts->id4, 4) == 0 && memcmp (id + 4, "08", 2) == 0
             && nec_sum (data, size - 8) == nec_word (data + size - 8);
    }
}

static gboolean
is_good (const NecFacts *facts, const char *variant)
{
  g_autoptr (GBytes) image = wire_image (facts->drive, "1.03", variant);
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);

  return is_good_image (facts, data, size);
}

static void
test_image (const NecFacts *facts)
{
  g_autoptr (GBytes) image = wire_image (facts->drive, "1.03", NULL);
  g_autoptr (GBytes) again = wire_image (facts->drive, "1.03", "");
  g_autoptr (GBytes) bare = NULL;
  const guint8 *strings;
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  g_autofree char *wanted = g_strdup_printf ("%-8s%-16s1.03", facts->vendor, facts->product);

  g_assert_true (g_bytes_equal (image, again));
  g_assert_true (is_good_image (facts, data, size));
  strings = find_strings (data, size);
  g_assert_nonnull (strings);
  g_assert_cmpmem (strings + 0x18a, 28, wanted, 28);
  g_assert_false (is_good (facts, "truncated"));
  g_assert_false (is_good (facts, "wrong-family"));
  g_assert_false (is_good (facts, "bad-sum"));
  g_assert_null (ofl_practice_make_image (facts->drive, "1.03", "no-such-word", NULL));
  if (facts->flash <= NEC_768K || facts->flash == NEC_OPTI_BD)
    {
      g_assert_null (ofl_practice_make_image (facts->drive, "1.03", "no-bootcode", NULL));
      return;
    }
  bare = wire_image (facts->drive, "1.03", "no-bootcode");
  g_assert_cmpmem (g_bytes_get_data (bare, NULL), g_bytes_get_size (bare), data, size - 2);
  g_assert_false (is_good (facts, "wrong-bootcode"));
}

/* What 2MOpti4's boot code wants to see is in the image that fits, and only there. */
static void
test_boot_word (void)
{
  g_autoptr (Wire) wire = wire_new ("ad7280");
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (wire->drive);
  const guint8 *cells = g_bytes_get_data (flash, NULL);
  g_autoptr (GBytes) good = wire_image ("ad7280", "1.03", NULL);
  g_autoptr (GBytes) bad = wire_image ("ad7280", "1.03", "wrong-bootcode");
  g_autoptr (NecBurn) burn = nec_burn_new (NEC_OPTI4, "G285", bad);

  g_assert_cmphex (nec_word (cells + BOOT_WORD), ==,
                   nec_word ((const guint8 *) g_bytes_get_data (good, NULL) + 0xe));
  g_assert_cmphex (nec_burn_run (burn, wire, 0, burn->lines->len), ==, SENSE_BAD_DATA);
  g_assert_true (wire_holds (wire, "1.00"));
}

static void
test_saved (void)
{
  g_autoptr (Scratch) dir = scratch_new ();
  g_autofree char *path = g_build_filename (dir, "state", NULL);
  g_autoptr (Wire) wire = wire_new ("nd1100");
  g_autoptr (Wire) other = wire_new ("nd1100");
  g_autoptr (GBytes) image = wire_image ("nd1100", "1.03", NULL);
  g_autoptr (NecBurn) burn = nec_burn_new (NEC_640K, "K110", image);

  g_assert_cmphex (nec_burn_run (burn, wire, 0, burn->lines->len), ==, 0);
  g_assert_true (ofl_practice_drive_save (wire->drive, path, NULL));
  g_assert_true (ofl_practice_drive_load (other->drive, path, NULL));
  wire_assert_identity (other, "_NEC", "DVD+RW ND-1100A", "1.03");
  g_assert_true (wire_holds (other, "1.03"));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    DriveTest test;
  } tests[] = {
    { "trace", test_trace },
    { "update", test_update },
    { "identification", test_identification },
    { "reading", test_reading },
    { "reading-refused", test_reading_refused },
    { "boot-code", test_boot_code },
    { "image", test_image },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint j = 0; j < n_nec_facts; j++)
      {
        g_autofree char *path
            = g_strdup_printf ("/practice-nec/%s/%s", tests[i].name, nec_facts[j].drive);

        g_test_add_data_func (path, &nec_facts[j], (GTestDataFunc) (void (*) (void)) tests[i].test);
      }
  g_test_add_func ("/practice-nec/boot-word", test_boot_word);
  g_test_add_func ("/practice-nec/saved", test_saved);
  return g_test_run ();
}
