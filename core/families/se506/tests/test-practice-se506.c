/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SE-506, device side, against se506 1, se506 2, se506 3. */
#include "kit/wire.h"

#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "practice/ofl-practice-transport.h"

#define ID "se506"
#define SIZE 0x200000u
#define N_BLOCKS 34u
#define STALL_BLOCK 16u

static const guint8 version[] = { 0x00, 0x06, 0x01, 0x01, 0x54, 0x53, 0x20, 0x00 };

/* 33 blocks of F800 and one of 800: se506 2.4 to 2.6. */
static Script *
make_script (const guint8 *data, gsize size)
{
  Script *script = script_new ();

  script_add (script, data, 0xf800, "ff 00 01 00 00 00 00 00 00 00 00 00");
  for (gsize at = 0xf800; at + 0xf800 <= size; at += 0xf800)
    script_add (script, data + at, 0xf800, "ff 00 01 00 00 ff 00 00 00 00 00 00");
  script_add (script, data + size - 0x800, 0x800, "ff 00 01 00 00 02 00 00 00 00 00 00");
  return script;
}

static Script *
script_of (GBytes *image)
{
  return make_script (g_bytes_get_data (image, NULL), g_bytes_get_size (image));
}

static void
assert_version (Wire *wire)
{
  g_assert_cmphex (wire_in (wire, 8, "ff 00 ff 00 00 00 00 00 00 00 00 aa"), ==, 0);
  g_assert_cmpmem (wire->in, wire->answer.in_len, version, sizeof version);
}

static void
assert_identity (Wire *wire, const char *revision)
{
  gboolean boot = g_str_equal (revision, "BOOT");

  wire_assert_identity (wire, "TSSTcorp", "BDDVDW SE-506CB", revision);
  for (guint i = 36; i < 56 && boot; i++)
    g_assert_cmphex (wire->in[i], ==, 0);
  if (!boot)
    for (guint i = 38; i < 42; i++)
      g_assert_true (g_ascii_isdigit (wire->in[i]));
}

/* After the last block: off the bus, then back. */
static void
wait_return (Wire *wire)
{
  g_assert_true (wire->answer.leaves);
  g_assert_cmpint (wire->answer.return_us, >, 0);
  g_assert_cmphex (wire_in (wire, 96, "12 00 00 00 60 00"), ==, SENSE_VANISHED);
  g_assert_cmpint (wire->answer.return_us, >, 0);
  wire->now_us += 4 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
}

static void
test_good (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  g_autoptr (Script) script = script_of (image);

  assert_identity (wire, "TS00");
  assert_version (wire);
  g_assert_cmpuint (script_length (script), ==, N_BLOCKS);
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      gboolean stalls = i == STALL_BLOCK || i == N_BLOCKS - 1;

      g_assert_cmphex (script_run (script, wire, i, 1), ==, 0);
      g_assert_cmpuint (wire->answer.residual, ==, i == N_BLOCKS - 1 ? 0x800 : 0);
      if (stalls)
        g_assert_cmpint (wire->answer.delay_us / G_USEC_PER_SEC, >=, 8);
      else
        g_assert_cmpint (wire->answer.delay_us, <, G_USEC_PER_SEC);
      g_assert_cmpint (wire->answer.delay_us / G_USEC_PER_SEC, <=, 12);
    }
  wait_return (wire);
  assert_identity (wire, "TS01");
  assert_version (wire);
  g_assert_true (wire_holds (wire, "TS01"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, N_BLOCKS);
}

static void
test_image (void)
{
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  const guint8 *bytes = g_bytes_get_data (image, NULL);
  g_autofree guint8 *vector = g_malloc (SIZE);

  fact_generate (0x506, vector, SIZE);
  g_assert_cmphex (fact_sum (vector + 0x10000, 0x1d2000, 0), ==, 0xb303);
  memset (vector + 0x10400, 0xff, 4);
  g_assert_cmphex (fact_sum (vector + 0x10000, 0x1d2000, 0), ==, 0xb5a7);
  g_assert_cmpuint (g_bytes_get_size (image), ==, SIZE);
  g_assert_cmpmem (bytes + 0x1fffd0, 28, "TSSTcorpBDDVDW SE-506CB TS01", 28);
  g_assert_cmpmem (bytes + 0x1fffec, 8, "\x3e\x22\x04\x00TS \xff", 8);
  g_assert_cmpmem (bytes + 0x1ffff8, 6, "\xaa\xaa\xff\xff\xff\xff", 6);
  g_assert_cmpmem (bytes + 0x10400, 4, "\xff\xff\xff\xff", 4);
  g_assert_cmphex (fact_sum (bytes + 0x10000, 0x1d2000, 0), ==,
                   (guint) bytes[0x1ffffe] << 8 | bytes[0x1fffff]);
}

/* The first 10000 bytes are not programmed. */
static void
test_boot_area (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  g_autoptr (GBytes) before = ofl_practice_drive_get_flash (wire->drive);
  g_autoptr (GBytes) after = NULL;
  g_autofree guint8 *changed = g_memdup2 (g_bytes_get_data (image, NULL), SIZE);
  g_autoptr (Script) script = make_script (changed, SIZE);

  memset (changed, 0x55, 0x10000);
  g_assert_cmphex (script_run (script, wire, 0, N_BLOCKS), ==, 0);
  wait_return (wire);
  after = ofl_practice_drive_get_flash (wire->drive);
  g_assert_cmpmem (g_bytes_get_data (after, NULL), 0x10000, g_bytes_get_data (before, NULL),
                   0x10000);
  g_assert_true (wire_holds (wire, "TS01"));
}

static void
test_memory (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "TS00", NULL);
  const guint8 *bytes = g_bytes_get_data (image, NULL);

  for (guint at = 0; at < SIZE; at += 0x10000)
    {
      g_assert_cmphex (wire_in (wire, 0x10000, "3c 06 00 %06x 010000 00", at), ==, 0);
      g_assert_cmpmem (wire->in, wire->answer.in_len, bytes + at, 0x10000);
    }
  g_assert_cmphex (wire_in (wire, 0x10, "3c 06 00 1ffff8 000010 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 06 01 000000 000010 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 06 00 000000 000010 01"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 02 00 000000 000010 00"), ==, SENSE_BAD_FIELD);
}

/* Unknown subcommands are accepted and nothing is done. */
static void
test_unknown (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  const guint8 *bytes = g_bytes_get_data (image, NULL);

  g_assert_cmphex (wire_none (wire, "ff 00 77 00 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_in (wire, 8, "ff 00 ff 00 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 0);
  for (guint i = 0; i < N_BLOCKS; i++)
    g_assert_cmphex (wire_out (wire, bytes, 0xf800, "ff 00 01 00 00 %02x 00 00 00 00 00 00",
                               i == 0 ? 0x10u : 0x77u),
                     ==, 0);
  assert_identity (wire, "TS00");
  g_assert_true (wire_holds (wire, "TS00"));
}

static void
test_select (void)
{
  g_autoptr (Wire) wire = wire_new (ID);

  g_assert_cmphex (wire_none (wire, "ff 00 04 00 00 01 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_in (wire, 2, "ff 00 05 00 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 2);
  g_assert_cmphex (wire->in[1], ==, 0x01);
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (wire_in (wire, 2, "ff 00 05 00 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire->in[1], ==, 0x00);
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  g_autoptr (Script) script = script_of (image);
  const guint8 *bytes = g_bytes_get_data (image, NULL);

  g_assert_cmphex (script_run (script, wire, 1, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (script_run (script, wire, N_BLOCKS - 1, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_out (wire, bytes, 0x8000, "ff 00 01 00 00 00 00 00 00 00 00 00"), ==,
                   SENSE_BAD_DATA);
  /* ended before the first stall: nothing is burned */
  g_assert_cmphex (script_run (script, wire, 0, STALL_BLOCK), ==, 0);
  g_assert_cmphex (script_run (script, wire, N_BLOCKS - 1, 1), ==, SENSE_SEQUENCE);
  assert_identity (wire, "TS00");
  g_assert_true (wire_holds (wire, "TS00"));
  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (script_run (script, wire, 0, 1), ==, SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  /* after it: the drive restarts in its boot code */
  g_assert_cmphex (script_run (script, wire, 0, STALL_BLOCK + 2), ==, 0);
  g_assert_cmphex (script_run (script, wire, N_BLOCKS - 1, 1), ==, SENSE_SEQUENCE);
  wait_return (wire);
  assert_identity (wire, "BOOT");
}

/* From the boot code all goes as from the firmware. */
static void
assert_recovers (Wire *wire)
{
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  g_autoptr (Script) script = script_of (image);

  assert_identity (wire, "BOOT");
  assert_version (wire);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 06 00 010000 000010 00"), ==, 0);
  g_assert_false (wire_holds (wire, "TS00"));
  g_assert_cmphex (script_run (script, wire, 0, N_BLOCKS), ==, 0);
  wait_return (wire);
  assert_identity (wire, "TS01");
  g_assert_true (wire_holds (wire, "TS01"));
}

static void
test_boot_mode (gconstpointer data)
{
  const char *variant = data;
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "TS01", variant);
  g_autoptr (Script) script = script_of (image);

  g_assert_cmphex (script_run (script, wire, 0, N_BLOCKS), ==, 0);
  wait_return (wire);
  assert_recovers (wire);
}

/* An image of all ones is accepted and brings the boot code (se506 5). */
static void
test_erase (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autofree guint8 *ones = g_malloc (SIZE);
  g_autoptr (Script) script = make_script (ones, SIZE);

  memset (ones, 0xff, SIZE);
  g_assert_cmphex (script_run (script, wire, 0, N_BLOCKS), ==, 0);
  wait_return (wire);
  assert_recovers (wire);
}

static void
test_power_loss (void)
{
  static const char *const faults[]
      = { "power-loss-burn 10", "power-loss-burn 700", "power-loss 25", "power-loss 34" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
      g_autoptr (Script) script = script_of (image);

      g_assert_true (ofl_practice_drive_add_fault (wire->drive, faults[i], NULL));
      g_assert_cmphex (script_run (script, wire, 0, N_BLOCKS), ==, SENSE_VANISHED);
      ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
      g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
      assert_recovers (wire);
    }
}

/* Before the first stall nothing was burned. */
static void
test_early_power_loss (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  g_autoptr (Script) script = script_of (image);

  g_assert_cmphex (script_run (script, wire, 0, STALL_BLOCK), ==, 0);
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  assert_identity (wire, "TS00");
  g_assert_true (wire_holds (wire, "TS00"));
}

static void
test_every_byte_counts (void)
{
  static const guint commands[] = { 0, 1, STALL_BLOCK, N_BLOCKS - 1 };
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  g_autoptr (Script) script = script_of (image);

  script_assert_every_byte_counts (script, ID, image, commands, G_N_ELEMENTS (commands));
}

static OflReply *
send_block (OflTransport *transport, const guint8 *data, gsize length, guint8 mode)
{
  OflCommand command = { .cdb = { 0xff, 0x00, 0x01, 0x00, 0x00, mode },
                         .cdb_len = 12,
                         .dir = OFL_DIR_OUT,
                         .length = (guint32) length,
                         .timeout_ms = 60000 };
  OflReply *reply = g_new0 (OflReply, 1);
  g_autofree guint8 *copy = g_memdup2 (data, length);

  ofl_transport_execute (transport, &command, copy, reply);
  return reply;
}

/* The port sees the drive leave after its answer and come back by itself. */
static void
test_port (void)
{
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new (ID, 3, NULL);
  g_autoptr (OflPracticePort) port = ofl_practice_port_new (drive, OFL_PRACTICE_VIRTUAL, 1.0);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTransport) transport = ofl_practice_port_open (port, OFL_OPEN_EXCLUSIVE, &error);
  g_autoptr (GBytes) image = wire_image (ID, "TS01", NULL);
  const guint8 *bytes = g_bytes_get_data (image, NULL);
  gint64 left_us;

  g_assert_no_error (error);
  g_free (send_block (transport, bytes, 0xf800, 0x00)); /* takes the unit attention */
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      gboolean last = i == N_BLOCKS - 1;
      g_autofree OflReply *reply = send_block (transport, bytes + (gsize) i * 0xf800,
                                               last ? 0x800 : 0xf800,
                                               i == 0 ? 0x00
                                               : last ? 0x02
                                                      : 0xff);

      g_assert_cmpint (ofl_reply_ok (reply), ==, TRUE);
      g_assert_cmpuint (reply->transferred, ==, last ? 0 : 0xf800);
    }
  left_us = ofl_transport_now_us (transport);
  {
    g_autofree OflReply *reply = send_block (transport, bytes, 0xf800, 0x00);

    g_assert_cmpint (ofl_reply_ok (reply), ==, FALSE);
  }
  g_assert_true (ofl_transport_reopen (transport, 20000, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (ofl_transport_now_us (transport) - left_us, >=, G_USEC_PER_SEC);
  {
    g_autofree OflReply *reply = send_block (transport, bytes, 0xf800, 0x00);

    g_assert_cmphex (reply->sense.key, ==, 0x06);
    g_assert_cmphex (reply->sense.asc, ==, 0x29);
  }
  g_assert_true (ofl_practice_drive_holds (drive, image));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/se506/good", test_good);
  g_test_add_func ("/se506/image", test_image);
  g_test_add_func ("/se506/boot-area", test_boot_area);
  g_test_add_func ("/se506/memory", test_memory);
  g_test_add_func ("/se506/unknown", test_unknown);
  g_test_add_func ("/se506/select", test_select);
  g_test_add_func ("/se506/order", test_order);
  g_test_add_data_func ("/se506/boot-mode/bad-sum", "bad-sum", test_boot_mode);
  g_test_add_data_func ("/se506/boot-mode/wrong-family", "wrong-family", test_boot_mode);
  g_test_add_func ("/se506/erase", test_erase);
  g_test_add_func ("/se506/power-loss", test_power_loss);
  g_test_add_func ("/se506/early-power-loss", test_early_power_loss);
  g_test_add_func ("/se506/every-byte-counts", test_every_byte_counts);
  g_test_add_func ("/se506/port", test_port);
  return g_test_run ();
}
