/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Pioneer practice drives refuse: wrong order, wrong data, wrong files, wrong bytes. */
#include <string.h>

#include "pioneer-host.h"

static void
test_order (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) file = wire_image (drive->id, "1.03", NULL);
  g_autoptr (GBytes) old = wire_image (drive->id, "1.00", NULL);
  const guint8 *bytes = g_bytes_get_data (file, NULL);

  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes, 0, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, SENSE_BAD_FIELD);
  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes, CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xfe, bytes, 0, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, SENSE_BAD_FIELD);
  g_assert_true (ofl_practice_drive_holds (wire->drive, old));
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes, 0, CHUNK), ==, 0);
  g_assert_false (ofl_practice_drive_holds (wire->drive, old));
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes, 2 * CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes, CHUNK, CHUNK / 2), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes, CHUNK, CHUNK + 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, CHUNK / 2, "3b 07 f0 00 80 00 00 80 00 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes, CHUNK, CHUNK), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, SENSE_BAD_FIELD);
  wire_assert_identity (wire, "PIONEER", drive->product, drive->kernel_revision);
}

static void
test_half_kernel (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) set = wire_image (drive->id, "1.05", "set");
  const guint8 *bytes = g_bytes_get_data (set, NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xfe, bytes, 0, CHUNK), ==, 0);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes + drive->kernel_size, 0, CHUNK), ==,
                   SENSE_BAD_FIELD);
}

static void
test_bad_files (gconstpointer data)
{
  static const char *const at_once[] = { "wrong-family", "other-type" };
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) old = wire_image (drive->id, "1.00", NULL);
  g_autoptr (GBytes) old_kernel = wire_image (drive->id, "1.00", "kernel");
  g_autoptr (GBytes) bad_kernel = wire_image (drive->id, "1.03", "kernel-bad-sum");
  g_autoptr (GBytes) bad = wire_image (drive->id, "1.03", "bad-sum");
  g_autoptr (GBytes) cut = wire_image (drive->id, "1.03", "truncated");

  pioneer_enter_well (wire, drive);
  for (guint i = 0; i < G_N_ELEMENTS (at_once); i++)
    {
      g_autoptr (GBytes) file = wire_image (drive->id, "1.03", at_once[i]);

      g_assert_cmphex (pioneer_send_normal (wire, file), ==, SENSE_BAD_FIELD);
    }
  g_assert_true (ofl_practice_drive_holds (wire->drive, old));
  g_assert_cmphex (pioneer_send_part (wire, 0xfe, g_bytes_get_data (bad_kernel, NULL),
                                      drive->kernel_size),
                   ==, SENSE_BAD_FIELD);
  g_assert_true (ofl_practice_drive_holds (wire->drive, old_kernel));
  g_assert_cmpuint (g_bytes_get_size (cut), ==, drive->normal_size - CHUNK);
  g_assert_cmphex (pioneer_send_normal (wire, cut), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_normal (wire, bad), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, SENSE_BAD_FIELD);
  wire_assert_identity (wire, "PIONEER", drive->product, drive->kernel_revision);
  g_assert_false (ofl_practice_drive_holds (wire->drive, bad));
}

/* Each byte of the control buffer matters. */
static void
test_control (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  guint8 control[CONTROL];

  if (drive->arms)
    pioneer_arm (wire, FALSE);
  for (guint i = 0; i < CONTROL; i++)
    {
      pioneer_make_control (drive, control);
      control[i] ^= 0x01;
      g_assert_cmphex (wire_out (wire, control, CONTROL, PIONEER_ENTER_KERNEL), ==,
                       SENSE_BAD_FIELD);
    }
  pioneer_make_control (drive, control);
  g_assert_cmphex (wire_out (wire, control, CONTROL - 1, PIONEER_ENTER_KERNEL), ==,
                   SENSE_BAD_FIELD);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.00");
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0);
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
test_each_byte (gconstpointer data)
{
  static const guint8 enter_cdb[10] = { 0x3b, 0x04, 0xff, 0, 0, 0, 0, 0x01 };
  static const guint8 commit_cdb[10] = { 0x3b, 0x05, 0xff, 0, 0, 0, 0, 0x01 };
  static const guint8 identity_cdb[10] = { 0x3c, 0x02, 0xf1, 0, 0, 0, 0, 0, 0x30 };
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) set = wire_image (drive->id, "1.03", "set");
  const guint8 *kernel = g_bytes_get_data (set, NULL);
  const guint8 *normal = kernel + drive->kernel_size;
  guint8 control[CONTROL];
  guint8 cdb[10];

  pioneer_make_control (drive, control);
  assert_no_change_taken (wire, identity_cdb, 1, NULL, 0);
  if (drive->arms)
    pioneer_arm (wire, TRUE);
  assert_no_change_taken (wire, enter_cdb, 1, control, CONTROL);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0);
  pioneer_chunk_cdb (cdb, 0xfe, 0, CHUNK);
  assert_no_change_taken (wire, cdb, 1, kernel, CHUNK);
  pioneer_chunk_cdb (cdb, 0xf0, 0, CHUNK);
  assert_no_change_taken (wire, cdb, 1, normal, CHUNK);
  g_assert_cmphex (pioneer_send_part (wire, 0xf0, normal, 4 * CHUNK), ==, 0);
  pioneer_chunk_cdb (cdb, 0xf0, 4 * CHUNK, CHUNK);
  assert_no_change_taken (wire, cdb, 1, normal + 4 * CHUNK, CHUNK);
  for (gsize at = 4 * CHUNK; at < drive->normal_size; at += CHUNK)
    g_assert_cmphex (
        pioneer_send_chunk (wire, 0xf0, normal, at, MIN (CHUNK, drive->normal_size - at)), ==, 0);
  assert_no_change_taken (wire, commit_cdb, 2, control, CONTROL);
  control[0xff] = 1;
  g_assert_cmphex (wire_out (wire, control, CONTROL, PIONEER_COMMIT), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
}

/* A commit whose mode has become 04 enters once more, and what was sent is gone. */
static void
test_commit_mode (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) file = wire_image (drive->id, "1.03", NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, SENSE_BAD_FIELD);
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
}

static void
test_disc (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  if (drive->arms)
    pioneer_arm (wire, TRUE);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, SENSE_BAD_FIELD);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.00");
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 02 00"), ==, 0);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0);
}

/* The handshake of generation 3 */
static void
test_arm (void)
{
  const Case *drive = &pioneer_cases[0];
  g_autoptr (Wire) wire = wire_new_unit (drive->id, 3);
  guint8 first[0x400];
  guint8 data[0x400];

  g_assert_cmphex (pioneer_enter (wire, drive), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x400, PIONEER_CHALLENGE), ==, SENSE_BAD_FIELD);
  memset (data, 0x6c, sizeof data);
  g_assert_cmphex (wire_out (wire, data, 0x100, PIONEER_RESPONSE_1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, NULL, 0, PIONEER_ASK), ==, 0);
  g_assert_cmphex (wire_out (wire, data, 0x100, PIONEER_RESPONSE_1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, NULL, 0, PIONEER_ASK), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x400, PIONEER_CHALLENGE), ==, 0);
  memcpy (first, wire->in, sizeof first);
  memset (data, pioneer_respond (wire->in), sizeof data);
  data[0xff] ^= 1; /* the last byte counts as much as the first */
  g_assert_cmphex (wire_out (wire, data, 0x100, PIONEER_RESPONSE_1), ==, SENSE_BAD_FIELD);
  data[0xff] ^= 1;
  /* a wrong response ends the handshake; the next challenge is another */
  g_assert_cmphex (wire_out (wire, data, 0x100, PIONEER_RESPONSE_1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, NULL, 0, PIONEER_ASK), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x400, PIONEER_CHALLENGE), ==, 0);
  g_assert_cmpint (memcmp (first, wire->in, sizeof first), !=, 0);
  memset (data, pioneer_respond (wire->in), sizeof data);
  g_assert_cmphex (wire_out (wire, data, 0x400, PIONEER_RESPONSE_2), ==, SENSE_BAD_FIELD);
  pioneer_arm (wire, TRUE);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, SENSE_BAD_FIELD);
  pioneer_arm (wire, FALSE);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0);
  /* in kernel mode there is nothing to arm */
  g_assert_cmphex (wire_out (wire, NULL, 0, PIONEER_ASK), ==, SENSE_BAD_FIELD);
}

static void
test_no_arm (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new_unit (drive->id, 3);

  g_assert_cmphex (wire_out (wire, NULL, 0, PIONEER_ASK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x400, PIONEER_CHALLENGE), ==, SENSE_BAD_FIELD);
}

/* Only the drive's own key opens it, not the one that older models have. */
static void
test_other_key (void)
{
  Case other = pioneer_cases[2];
  g_autoptr (Wire) wire = wire_new (other.id);

  other.key = 0x9a782361;
  g_assert_cmphex (pioneer_enter (wire, &other), ==, SENSE_BAD_FIELD);
  other.key = 0x51b7dac2;
  g_assert_cmphex (pioneer_enter (wire, &other), ==, SENSE_BAD_FIELD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < PIONEER_N_CASES; i++)
    {
      const Case *drive = &pioneer_cases[i];

      pioneer_add_test ("pioneer-refusals", "order", drive, test_order);
      pioneer_add_test ("pioneer-refusals", "half-kernel", drive, test_half_kernel);
      pioneer_add_test ("pioneer-refusals", "bad-files", drive, test_bad_files);
      pioneer_add_test ("pioneer-refusals", "control", drive, test_control);
      pioneer_add_test ("pioneer-refusals", "each-byte", drive, test_each_byte);
      pioneer_add_test ("pioneer-refusals", "commit-mode", drive, test_commit_mode);
      pioneer_add_test ("pioneer-refusals", "disc", drive, test_disc);
      if (!drive->arms)
        pioneer_add_test ("pioneer-refusals", "no-arm", drive, test_no_arm);
    }
  g_test_add_func ("/practice/pioneer-refusals/arm", test_arm);
  g_test_add_func ("/practice/pioneer-refusals/other-key", test_other_key);
  return g_test_run ();
}
