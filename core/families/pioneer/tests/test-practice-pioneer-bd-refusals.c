/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Pioneer BD practice drive refuses: wrong order, wrong data, wrong files, wrong bytes. */
#include <string.h>

#include "families/pioneer/ofl-practice-pioneer-bd.h"
#include "pioneer-bd-host.h"

/* Each byte of the control buffer matters to a receiver that compares a key. */
static void
test_control (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  guint8 control[CONTROL];

  for (guint i = 0; i < CONTROL; i++)
    {
      bd_make_control (control, bd_universal_key);
      control[i] ^= 0x01;
      g_assert_cmphex (wire_out (wire, control, CONTROL, ENTER), ==, SENSE_BAD_FIELD);
    }
  bd_make_control (control, bd_universal_key);
  g_assert_cmphex (wire_out (wire, control, CONTROL - 1, ENTER), ==, SENSE_BAD_FIELD);
  memset (control + 16, 0, 4);
  g_assert_cmphex (wire_out (wire, control, CONTROL, ENTER), ==, SENSE_BAD_FIELD);
  bd_make_control (control, (const guint8[]){ 0x42, 0x66, 0x23, 0xfd });
  g_assert_cmphex (wire_out (wire, control, CONTROL, ENTER), ==, SENSE_BAD_FIELD);
  bd_assert_revision (wire, "1.00");
  bd_make_control (control, bd_universal_key);
  g_assert_cmphex (wire_out (wire, control, CONTROL, ENTER), ==, 0);
  bd_assert_revision (wire, "0001");
  wire_power_cycle (wire);
  bd_assert_revision (wire, "1.00"); /* nothing was sent */
  g_assert_cmphex (bd_enter (wire), ==, 0);
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) file = wire_image (ID, "1.03", NULL);
  g_autoptr (GBytes) old = wire_image (ID, "1.00", NULL);
  const guint8 *bytes = g_bytes_get_data (file, NULL);

  g_assert_cmphex (bd_send_piece (wire, bytes, 0, PIECE), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (bd_enter (wire), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (bd_send_piece (wire, bytes, PIECE, PIECE), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (bd_send_piece (wire, bytes, 0, PIECE + 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (bd_send_piece (wire, bytes, 0, 0), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, PIECE, "3b 07 fe 00 00 00 00 80 00 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_true (ofl_practice_drive_holds (wire->drive, old));
  g_assert_cmphex (bd_send_piece (wire, bytes, 0, PIECE), ==, 0);
  g_assert_false (ofl_practice_drive_holds (wire->drive, old));
  g_assert_cmphex (bd_send_piece (wire, bytes, 2 * PIECE, PIECE), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, PIECE / 2, "3b 07 f0 00 80 00 00 80 00 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, PIECE, "3b 07 f0 00 80 00 00 80 00 01"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (bd_send_piece (wire, bytes, PIECE, PIECE), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
  bd_assert_revision (wire, "0001");
  /* entering again forgets what came */
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  g_assert_cmphex (bd_enter (wire), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
}

/* More than the flash could hold is not gathered. */
static void
test_endless (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autofree guint8 *zeros = g_malloc0 (0x210000);
  gsize at = 0;

  g_assert_cmphex (bd_enter (wire), ==, 0);
  while (bd_send_piece (wire, zeros, at, PIECE) == 0)
    at += PIECE;
  g_assert_cmphex (at, ==, 0x200000);
  g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
}

static void
assert_refused (Wire *wire, GBytes *file, guint32 sense)
{
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, sense);
  /* what was refused is gone */
  g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
  bd_assert_revision (wire, "0001");
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
}

static void
test_bad_files (void)
{
  static const struct {
    const char *variant;
    guint32 sense;
  } files[] = {
    { "other-sat", SENSE_BAD_FIELD }, { "other-type", SENSE_BAD_FIELD },
    { "spliced", SENSE_BAD_FIELD },   { "wrong-family", SENSE_BAD_FIELD },
    { "bad-sum", SENSE_BAD_FIELD },   { "bad-signature", SENSE_ABORTED },
    { "truncated", SENSE_ABORTED },
  };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) good = wire_image (ID, "1.03", NULL);

  g_assert_cmphex (bd_enter (wire), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = wire_image (ID, "1.03", files[i].variant);

      assert_refused (wire, file, files[i].sense);
    }
  g_assert_cmphex (bd_send_file (wire, good), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, 0);
  bd_wait_for_normal (wire);
  bd_assert_revision (wire, "1.03");
}

/* One bit anywhere behind the header is found by the signature; a length that is no multiple of
 * 100, before it. */
static void
test_damaged_files (void)
{
  static const guint32 bits[] = { 0x170, 0x1bf, 0x200, 0x10200, 0x10214, 0x100000, 0x17a4ff };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) good = wire_image (ID, "1.03", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (good, &size);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, size - 4);

  g_assert_cmphex (bd_enter (wire), ==, 0);
  assert_refused (wire, cut, SENSE_BAD_FIELD);
  for (guint i = 0; i < G_N_ELEMENTS (bits); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) file = NULL;

      copy[bits[i]] ^= 0x04;
      file = g_bytes_new (copy, size);
      g_assert_cmphex (bd_send_file (wire, file), ==, 0);
      g_assert_cmphex (bd_commit (wire), ==, SENSE_ABORTED);
    }
}

/* The fields of the header that the drive compares: each of their bytes */
static void
test_header_fields (void)
{
  static const struct {
    guint at, length;
  } compared[] = { { 0xb0, 8 }, { 0xd0, 8 }, { 0x110, 6 } };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) good = wire_image (ID, "1.03", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (good, &size);

  g_assert_cmphex (bd_enter (wire), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (compared); i++)
    for (guint at = compared[i].at; at < compared[i].at + compared[i].length; at++)
      {
        g_autofree guint8 *copy = g_memdup2 (data, size);
        g_autoptr (GBytes) file = NULL;

        copy[at] ^= 0x01;
        file = g_bytes_new (copy, size);
        g_assert_cmphex (bd_send_file (wire, file), ==, 0);
        g_assert_cmphex (bd_commit (wire), ==, SENSE_BAD_FIELD);
      }
}

/* A file that the practice key signed, with a wrong descriptor or length in it */
static void
test_signed_nonsense (void)
{
  static const guint32 places[] = { 8, 0x17 };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) good = wire_image (ID, "1.03", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (good, &size);

  g_assert_cmphex (bd_enter (wire), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      guint8 *plain = copy + 0x10200;
      g_autoptr (GBytes) file = NULL;

      ofl_practice_pioneer_bd_decipher (copy + 0x200, plain, size - 0x10200);
      plain[places[i]] ^= 0x01;
      /* the same place in another word takes the difference back */
      plain[0x100 + places[i] % 4] += plain[places[i]] & 0x01 ? 0xff : 0x01;
      g_assert_cmphex (ofl_practice_pioneer_bd_sum (plain, size - 0x10200), ==, 0);
      ofl_practice_pioneer_bd_encipher (copy + 0x200, plain, size - 0x10200);
      ofl_practice_pioneer_bd_sign_practice (copy, size);
      file = g_bytes_new (copy, size);
      assert_refused (wire, file, SENSE_BAD_FIELD);
    }
}

/* Each byte of a command matters. */
static void
assert_no_change_taken (Wire *wire, const guint8 good[10], guint first, const guint8 *data,
                        gsize length)
{
  for (guint i = first; i < 10; i++)
    {
      guint8 cdb[10];

      memcpy (cdb, good, sizeof cdb);
      cdb[i] ^= 0x01;
      g_assert_cmphex (wire_send (wire, cdb, sizeof cdb, data, length), ==, SENSE_BAD_FIELD);
    }
}

static void
test_each_byte (void)
{
  static const guint8 knock[10] = { 0x3b, 0x02, 0x41, 0xa5, 0xaa, 0xaa };
  static const guint8 identity[10] = { 0x3c, 0x02, 0xf1, 0, 0, 0, 0, 0, 0x30 };
  static const guint8 entering[10] = { 0x3b, 0x04, 0xff, 0, 0, 0, 0, 0x01 };
  static const guint8 first[10] = { 0x3b, 0x07, 0xf0, 0, 0, 0, 0, 0x80 };
  static const guint8 second[10] = { 0x3b, 0x07, 0xf0, 0, 0x80, 0, 0, 0x80 };
  static const guint8 committing[10] = { 0x3b, 0x05, 0xff, 0, 0, 0, 0, 0x01 };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) file = wire_image (ID, "1.03", NULL);
  const guint8 *bytes = g_bytes_get_data (file, NULL);
  guint8 control[CONTROL];

  bd_make_control (control, bd_own_key);
  assert_no_change_taken (wire, knock, 1, NULL, 0);
  assert_no_change_taken (wire, identity, 1, NULL, 0);
  assert_no_change_taken (wire, entering, 1, control, CONTROL);
  g_assert_cmphex (bd_enter (wire), ==, 0);
  assert_no_change_taken (wire, first, 1, bytes, PIECE);
  g_assert_cmphex (bd_send_piece (wire, bytes, 0, PIECE), ==, 0);
  assert_no_change_taken (wire, second, 1, bytes + PIECE, PIECE);
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  /* with mode 04 it would be another command that is right */
  assert_no_change_taken (wire, committing, 2, control, CONTROL);
  for (guint i = 0; i < CONTROL; i++)
    {
      control[i] ^= 0x01;
      g_assert_cmphex (wire_out (wire, control, CONTROL, COMMIT), ==, SENSE_BAD_FIELD);
      control[i] ^= 0x01;
    }
  g_assert_cmphex (bd_commit (wire), ==, 0);
}

static void
test_disc (void)
{
  g_autoptr (Wire) wire = wire_new (ID);

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (bd_enter (wire), ==, SENSE_BAD_FIELD);
  bd_assert_revision (wire, "1.00");
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 02 00"), ==, 0);
  g_assert_cmphex (bd_enter (wire), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/pioneer-bd-refusals/control", test_control);
  g_test_add_func ("/practice/pioneer-bd-refusals/order", test_order);
  g_test_add_func ("/practice/pioneer-bd-refusals/endless", test_endless);
  g_test_add_func ("/practice/pioneer-bd-refusals/bad-files", test_bad_files);
  g_test_add_func ("/practice/pioneer-bd-refusals/damaged-files", test_damaged_files);
  g_test_add_func ("/practice/pioneer-bd-refusals/header-fields", test_header_fields);
  g_test_add_func ("/practice/pioneer-bd-refusals/signed-nonsense", test_signed_nonsense);
  g_test_add_func ("/practice/pioneer-bd-refusals/each-byte", test_each_byte);
  g_test_add_func ("/practice/pioneer-bd-refusals/disc", test_disc);
  return g_test_run ();
}
