/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matshita, device side, against the README: raw commands, no plan. */
#include "matshita-wire.h"

#include <string.h>

#include "kit/scratch.h"
#include "practice/ofl-practice-transport.h"

static void
test_identity (void)
{
  static const guint8 head[] = { 0x05, 0x80, 0x00, 0x32, 0x5b, 0x00, 0x00, 0x00 };
  g_autoptr (Wire) wire = wire_new (ID);

  wire_assert_identity (wire, VENDOR, PRODUCT, "1.00");
  g_assert_cmphex (wire_in (wire, 0x24, "12 00 00 00 24 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 0x24);
  g_assert_cmpmem (wire->in, 8, head, 8);
  g_assert_cmphex (wire_in (wire, 8, "4a 01 00 00 10 00 00 00 08 00"), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
}

static void
test_image (void)
{
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (GBytes) twin = wire_image (ID, "1.03", "twin");
  g_autoptr (GBytes) bad = wire_image (ID, "1.03", "bad-sum");
  g_autoptr (GBytes) other = wire_image (ID, "1.03", "wrong-family");
  g_autoptr (GBytes) half = wire_image (ID, "1.03", "truncated");
  static const char strings[] = "MATSHITADVD-RAM UJ870BJ 1.03   \x1a";
  static const guint8 rest[]
      = { 0, 0, 0, 0, 0x00, 0x0c, 0xa1, 0xf8, 0x00, 0x01, 0xf6, 0xb2, 0, 0, 0, 0x27 };
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);

  g_assert_cmphex (size, ==, SIZE);
  g_assert_cmpmem (data, 0x20, strings, 0x20);
  g_assert_cmpmem (data + 0x20, 0x10, rest, 0x10);
  g_assert_cmphex (fact_be (data + 0x24, 4), ==, size - 0x30);
  /* the payload shows nothing */
  g_assert_null (g_strstr_len ((const char *) data + HEADER, PAYLOAD, "MATSHITA"));
  g_assert_cmpmem (g_bytes_get_data (twin, NULL), HEADER, data, HEADER);
  g_assert_false (g_bytes_equal (twin, image));
  g_assert_cmpmem (g_bytes_get_data (bad, NULL), HEADER, data, HEADER);
  g_assert_false (g_bytes_equal (bad, image));
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (other, NULL) + 8, 16, "DVD-RAM UJ880AS ", 16);
  g_assert_cmphex (g_bytes_get_size (half), ==, SIZE / 2);
}

static void
test_unlock (void)
{
  static const char *const good[] = {
    UNLOCK, "ed 00 ff ff 59 a4 10 76 65 10 00 3c", /* 0, 0 */
    "ed 00 c4 c4 1e 69 10 3b 2a 10 00 3c",         /* 59, 59 */
    "ed 00 a5 5a 00 00 10 1c c0 10 00 3c",         /* 90, 165: bytes 4 and 5 would both be FF */
  };
  static const char *const bad[] = {
    "ed 01 e0 df 3a 84 10 57 45 10 00 3c", "ed 00 e1 df 3a 84 10 57 45 10 00 3c",
    "ed 00 e0 de 3a 84 10 57 45 10 00 3c", "ed 00 e0 df 3b 84 10 57 45 10 00 3c",
    "ed 00 e0 df 3a 85 10 57 45 10 00 3c", "ed 00 e0 df 3a 84 11 57 45 10 00 3c",
    "ed 00 e0 df 3a 84 10 56 45 10 00 3c", "ed 00 e0 df 3a 84 10 57 44 10 00 3c",
    "ed 00 e0 df 3a 84 10 57 45 11 00 3c", "ed 00 e0 df 3a 84 10 57 45 10 01 3c",
    "ed 00 e0 df 3a 84 10 57 45 10 00 3d", "ed 00 e0 df 00 00 10 57 45 10 00 3c",
    "ed 00 a5 5a ff ff 10 1c c0 10 00 3c",
  };
  g_autoptr (Wire) wire = wire_new (ID);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_cmphex (wire_in (wire, 0x1000, "%s", good[i]), ==, 0);
      g_assert_cmphex (wire->answer.in_len, ==, 0x1000);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmphex (wire_in (wire, 0x1000, "%s", bad[i]), ==, SENSE_BAD_FIELD);
  matshita_assert_untouched (wire);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
}

/* As recorded: ready with no disc in. Pieces are taken as without it. */
static void
test_enter (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

  g_assert_cmphex (wire_none (wire, ENTER), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_cmphex (wire_none (wire, ENTER), ==, 0);
  g_assert_cmpuint (matshita_send_pairs (wire, image), ==, N_PAIRS);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  wire_power_cycle (wire);
  matshita_assert_untouched (wire);
  g_assert_cmphex (wire_none (wire, ENTER), ==, 0);
  g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  matshita_assert_burned (wire, image);
}

/* The maker's whole write. */
static void
test_maker (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

  g_assert_cmphex (wire_in (wire, 0x1000, UNLOCK), ==, 0);
  g_assert_cmphex (wire_in (wire, 8, "4a 01 00 00 10 00 00 00 08 00"), ==, 0);
  g_assert_cmpuint (matshita_send_pairs (wire, image), ==, N_PAIRS);
  g_assert_true (wire_holds (wire, "1.00"));
  g_assert_cmphex (wire_none (wire, COMMIT), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, >, HOST_LIMIT_US);
  g_assert_cmpint (wire->answer.delay_us, <, BURN_US);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, N_PAIRS + 1);
  matshita_assert_burned (wire, image);
}

/* The other source: no unlock, large pieces, F5 with data. */
static void
test_other_source (void)
{
  static const guint8 zeros[0x400] = { 0 };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

  g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x400, COMMIT_IN), ==, 0);
  g_assert_cmpmem (wire->in, wire->answer.in_len, zeros, 0x400);
  g_assert_cmpint (wire->answer.delay_us, >, HOST_LIMIT_US);
  matshita_assert_burned (wire, image);
}

/* The maker's host gives up after 30 s and resets; the drive finishes alone. */
static void
test_late_error (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  gint64 begun_us;
  Piece piece;

  matshita_cut (&piece, image, 0, 0x1f8);
  g_assert_cmphex (wire_in (wire, 0x1000, UNLOCK), ==, 0);
  g_assert_cmpuint (matshita_send_pairs (wire, image), ==, N_PAIRS);
  begun_us = wire->now_us;
  g_assert_cmphex (wire_none (wire, COMMIT), ==, 0);
  wire->now_us = begun_us + HOST_LIMIT_US;
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_BURNING);
  g_assert_cmphex (matshita_send (wire, &piece), ==, SENSE_BURNING);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_BURNING);
  g_assert_cmphex (matshita_read_back (wire, 0, 0x400), ==, SENSE_BURNING);
  g_assert_cmphex (wire_in (wire, 0x1000, UNLOCK), ==, SENSE_BURNING);
  g_assert_cmphex (wire_none (wire, "2d 00 81 7d 00 00 00 00 00 00 00 00"), ==, SENSE_BURNING);
  wire_assert_identity (wire, VENDOR, PRODUCT, "1.00");
  g_assert_false (ofl_practice_drive_holds (wire->drive, image));
  wire->now_us += BURN_US;
  matshita_assert_burned (wire, image);
}

static void
send_through (OflTransport *transport, GBytes *image)
{
  for (gsize at = 0; at < PAYLOAD; at += 0x8000)
    {
      guint8 cdb[12] = { 0xea, 0, 0, (guint8) (at >> 16), (guint8) (at >> 8), (guint8) at };
      OflCommand command;
      OflReply reply;
      Piece piece;

      matshita_cut (&piece, image, at, MIN (0x8000, PAYLOAD - at));
      cdb[7] = (guint8) ((HEADER + piece.length) >> 8);
      cdb[8] = (guint8) (HEADER + piece.length);
      command = ofl_command_raw (cdb, 12, OFL_DIR_OUT, (guint32) (HEADER + piece.length), 0);
      ofl_transport_execute (transport, &command, piece.data, &reply);
      g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_OK);
    }
}

/* The same as a host sees it, through its transport: the host's error, not an answer. */
static void
test_host_limit (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new (ID, 7, &error);
  g_autoptr (OflPracticePort) port = ofl_practice_port_new (drive, OFL_PRACTICE_VIRTUAL, 1);
  g_autoptr (OflTransport) transport = ofl_practice_port_open (port, OFL_OPEN_EXCLUSIVE, &error);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  const guint8 commit[] = { 0xf5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 };
  OflCommand ready = ofl_command_test_unit_ready ();
  OflCommand command = ofl_command_raw (commit, 12, OFL_DIR_NONE, 0, 30000);
  OflReply reply;

  g_assert_no_error (error);
  ofl_transport_execute (transport, &ready, NULL, &reply);
  send_through (transport, image);
  ofl_transport_execute (transport, &command, NULL, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_TIMEOUT);
  g_assert_cmpint (reply.duration_us, >=, HOST_LIMIT_US);
  ofl_transport_execute (transport, &ready, NULL, &reply);
  ofl_transport_execute (transport, &ready, NULL, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_SENSE);
  g_assert_true (ofl_reply_getting_ready (&reply));
  ofl_transport_sleep_ms (transport, BURN_US / 1000, NULL);
  ofl_transport_execute (transport, &ready, NULL, &reply);
  g_assert_true (ofl_reply_no_medium (&reply));
  g_assert_true (ofl_practice_drive_holds (drive, image));
}

/* Memory as the one source reads it. */
static void
open_memory (Wire *wire)
{
  static const guint8 zeros[0x430] = { 0 };

  g_assert_cmphex (wire_in (wire, 0x1000, UNLOCK), ==, 0);
  g_assert_cmphex (wire_none (wire, "2d 00 81 7d 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_none (wire, "2d 00 82 00 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_none (wire, "2d 00 82 10 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_out (wire, zeros, 0x430, PRIME), ==, 0);
}

static void
test_read (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (wire->drive);
  static const guint8 zeros[0x430] = { 0 };
  gsize size = 0;
  const guint8 *cells = g_bytes_get_data (flash, &size);

  g_assert_cmphex (size, ==, 0x100000);
  open_memory (wire);
  for (gsize at = 0; at < 0x200000; at += 0x400)
    {
      g_assert_cmphex (matshita_read_back (wire, at, 0x400), ==, 0);
      g_assert_cmphex (wire->answer.in_len, ==, 0x430);
      g_assert_cmpmem (wire->in, 0x30, zeros, 0x30);
      g_assert_cmpmem (wire->in + 0x30, 0x400, at < size ? cells + at : zeros, 0x400);
    }
  /* an error ends it; primed again it goes on */
  g_assert_cmphex (matshita_read_back (wire, 0x1ffc01, 0x400), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (matshita_read_back (wire, 0, 0x400), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_out (wire, zeros, 0x430, PRIME), ==, 0);
  g_assert_cmphex (matshita_read_back (wire, 0x1ffc00, 0x400), ==, 0);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
  matshita_assert_untouched (wire);
}

/* Not without the unlock, not in another order, not after a reset */
static void
test_read_order (void)
{
  static const guint8 zeros[0x430] = { 0 };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  Piece piece;

  g_assert_cmphex (wire_none (wire, "2d 00 81 7d 00 00 00 00 00 00 00 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x1000, UNLOCK), ==, 0);
  g_assert_cmphex (wire_none (wire, "2d 00 82 00 00 00 00 00 00 00 00 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_none (wire, "2d 00 81 7d 00 00 00 00 00 00 00 01"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_none (wire, "2d 00 81 7d 00 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_none (wire, "2d 00 82 10 00 00 00 00 00 00 00 00"), ==, SENSE_BAD_FIELD);
  /* zeros are no piece, and the memory stays closed */
  g_assert_cmphex (wire_out (wire, zeros, 0x430, PRIME), ==, SENSE_SEQUENCE);
  g_assert_cmphex (matshita_read_back (wire, 0, 0x400), ==, SENSE_SEQUENCE);
  open_memory (wire);
  g_assert_cmphex (matshita_read_back (wire, 0x400, 0x400), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (matshita_read_back (wire, 0x400, 0x400), ==, SENSE_SEQUENCE);
  /* an update after reading: its first piece closes the memory */
  open_memory (wire);
  matshita_cut (&piece, image, 0, 0x8000);
  g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
  g_assert_true (matshita_is_same (wire, &piece));
  g_assert_cmphex (matshita_read_back (wire, 0x8000, 0x400), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, zeros, 0x430, PRIME), ==, SENSE_SEQUENCE);
  g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, 0);
  matshita_assert_burned (wire, image);
}

static void
test_power_loss (void)
{
  static const guint moments[] = { 1, 500, 999 };

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

      g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
      wire_cut_in_burn (wire, moments[i]);
      g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_VANISHED);
      g_assert_cmphex (wire_ready (wire), ==, SENSE_VANISHED);
      wire_power_cycle (wire);
      wire_assert_identity (wire, VENDOR, "", "");
      g_assert_cmphex (wire_ready (wire), ==, SENSE_DEAD);
      g_assert_cmphex (matshita_send_all (wire, image), ==, SENSE_DEAD);
      g_assert_cmphex (wire_in (wire, 0x1000, UNLOCK), ==, SENSE_DEAD);
      g_assert_false (wire_holds (wire, "1.00"));
      g_assert_false (wire_holds (wire, "1.03"));
    }
}

/* What the flash holds is kept, what has arrived is not. */
static void
test_store (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (Wire) other = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (Scratch) dir = scratch_new ();
  g_autofree char *path = g_build_filename (dir, "drive", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, 0);
  wire_ready (wire);
  g_assert_true (ofl_practice_drive_save (wire->drive, path, &error));
  g_assert_true (ofl_practice_drive_load (other->drive, path, &error));
  g_assert_no_error (error);
  g_assert_true (ofl_practice_drive_holds (other->drive, image));
  wire_assert_identity (other, VENDOR, PRODUCT, "1.03");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matshita/identity", test_identity);
  g_test_add_func ("/matshita/image", test_image);
  g_test_add_func ("/matshita/unlock", test_unlock);
  g_test_add_func ("/matshita/enter", test_enter);
  g_test_add_func ("/matshita/maker", test_maker);
  g_test_add_func ("/matshita/other-source", test_other_source);
  g_test_add_func ("/matshita/late-error", test_late_error);
  g_test_add_func ("/matshita/host-limit", test_host_limit);
  g_test_add_func ("/matshita/read", test_read);
  g_test_add_func ("/matshita/read-order", test_read_order);
  g_test_add_func ("/matshita/power-loss", test_power_loss);
  g_test_add_func ("/matshita/store", test_store);
  return g_test_run ();
}
