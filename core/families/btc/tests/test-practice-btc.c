/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTC, device side, against btc 2 and btc 3. */
#include "kit/wire.h"

#include <string.h>

#define ID "drw1008"
#define SIZE 0x100000u
#define N_PIECES 0x100u

typedef struct {
  guint8 head[0x20];
  Script *script;
} Transfer;

static void
transfer_free (Transfer *self)
{
  script_free (self->script);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Transfer, transfer_free)

/* 100 pieces from buffer offset 20 on, the head with the sum, save. */
static Transfer *
make_transfer (GBytes *image)
{
  Transfer *self = g_new0 (Transfer, 1);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);
  guint sum = fact_sum (data, size, 0);

  self->script = script_new ();
  for (guint at = 0; at < size; at += 0x1000)
    script_add (self->script, data + at, 0x1000, "3b 06 00 %06x 001000 00", at + 0x20);
  self->head[0x1e] = (guint8) (sum >> 8);
  self->head[0x1f] = (guint8) sum;
  script_add (self->script, self->head, 0x20, "3b 06 00 000000 000020 00");
  script_add (self->script, NULL, 0, "3b 07 00 000000 000000 00");
  return self;
}

static void
test_good (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (image);

  wire_assert_identity (wire, "DVDRW", "IDE1008", "1.00");
  g_assert_cmpuint (script_length (transfer->script), ==, N_PIECES + 2);
  g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES + 1), ==, 0);
  g_assert_true (wire_holds (wire, "1.00"));
  /* saving answers at once; the drive is busy for a while, at most the 50 s of the source */
  g_assert_cmphex (script_run (transfer->script, wire, N_PIECES + 1, 1), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, <, G_USEC_PER_SEC);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_BURNING);
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, SENSE_BURNING);
  wire->now_us += 10 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_BURNING);
  wire->now_us += 40 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  wire_assert_identity (wire, "DVDRW", "IDE1008", "1.03");
  g_assert_true (wire_holds (wire, "1.03"));
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  wire_assert_identity (wire, "DVDRW", "IDE1008", "1.03");
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, N_PIECES + 3);
}

/* Case 02: INQUIRY as a real one answers it (btc 1), and bytes 8 to 31 of it are in the
 * image at 40BCh. */
static void
test_inquiry (void)
{
  static const guint8 head[8] = { 0x05, 0x80, 0x00, 0x32, 0x1f, 0x00, 0x00, 0x00 };
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.00", NULL);

  g_assert_cmphex (wire_in (wire, 96, "12 00 00 00 60 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 36);
  g_assert_cmpmem (wire->in, 8, head, sizeof head);
  g_assert_cmpmem (wire->in + 8, 24, "DVDRW   IDE1008         ", 24);
  g_assert_cmpmem (wire->in + 8, 24, (const guint8 *) g_bytes_get_data (image, NULL) + 0x40bc, 24);
}

static void
test_image (void)
{
  g_autoptr (GBytes) image = wire_image (ID, "2.00", NULL);
  g_autoptr (GBytes) half = wire_image (ID, "2.00", "truncated");
  const guint8 *bytes = g_bytes_get_data (image, NULL);
  g_autofree guint8 *vector = g_malloc (SIZE);

  fact_generate (0xb7c, vector, SIZE);
  g_assert_cmphex (fact_sum (vector, SIZE, 0), ==, 0xe6b0);
  g_assert_cmpuint (g_bytes_get_size (image), ==, SIZE);
  g_assert_cmpuint (g_bytes_get_size (half), ==, SIZE / 2);
  g_assert_cmpmem (bytes + 0x40bc, 28, "DVDRW   IDE1008         2.00", 28);
  g_assert_cmphex (fact_sum (bytes, SIZE - 2, 0), ==,
                   (guint) bytes[SIZE - 2] << 8 | bytes[SIZE - 1]);
}

static void
assert_untouched (Wire *wire)
{
  wire_assert_identity (wire, "DVDRW", "IDE1008", "1.00");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (wire_holds (wire, "1.00"));
}

/* The sum that is sent fits them; the drive looks at the image itself. */
static void
test_bad_images (void)
{
  static const char *const variants[] = { "bad-sum", "wrong-family", "truncated" };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "1.03", variants[i]);
      g_autoptr (Transfer) transfer = make_transfer (image);
      guint n = script_length (transfer->script);

      g_assert_cmphex (script_run (transfer->script, wire, 0, n), ==,
                       i == 2 ? SENSE_SEQUENCE : SENSE_BAD_DATA);
      g_assert_cmphex (script_run (transfer->script, wire, n - 1, 1), ==, SENSE_SEQUENCE);
      assert_untouched (wire);
    }
}

static void
test_sum (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

  for (guint byte = 0; byte < 0x20; byte++)
    {
      g_autoptr (Transfer) transfer = make_transfer (image);

      transfer->head[byte] ^= 0x10;
      g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES + 1), ==, SENSE_BAD_DATA);
    }
  assert_untouched (wire);
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (image);
  const guint8 *bytes = g_bytes_get_data (image, NULL);

  g_assert_cmphex (script_run (transfer->script, wire, 1, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (transfer->script, wire, N_PIECES, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (script_run (transfer->script, wire, N_PIECES + 1, 1), ==, SENSE_SEQUENCE);
  /* a gap; the sum too early; save without the sum; a piece too many */
  g_assert_cmphex (script_run (transfer->script, wire, 0, 4), ==, 0);
  g_assert_cmphex (script_run (transfer->script, wire, 5, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES - 1), ==, 0);
  g_assert_cmphex (script_run (transfer->script, wire, N_PIECES, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES), ==, 0);
  g_assert_cmphex (script_run (transfer->script, wire, N_PIECES + 1, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES), ==, 0);
  g_assert_cmphex (wire_out (wire, bytes, 0x1000, "3b 06 00 100020 001000 00"), ==,
                   SENSE_BAD_FIELD);
  /* without the offset of the head; another length; a length that is not that of the data */
  g_assert_cmphex (wire_out (wire, bytes, 0x1000, "3b 06 00 000000 001000 00"), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_out (wire, bytes, 0x800, "3b 06 00 000020 000800 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, bytes, 0x1000, "3b 06 00 000020 001001 00"), ==,
                   SENSE_BAD_FIELD);
  /* a sum that fits is forgotten when another image begins */
  g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES + 1), ==, 0);
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, 0);
  g_assert_cmphex (script_run (transfer->script, wire, N_PIECES + 1, 1), ==, SENSE_SEQUENCE);
  /* or the bus is reset */
  g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES + 1), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (script_run (transfer->script, wire, N_PIECES + 1, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 06 00 000000 000010 00"), ==, SENSE_BAD_OPCODE);
  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  assert_untouched (wire);
}

static void
test_every_byte_counts (void)
{
  static const guint commands[] = { 0, 1, N_PIECES - 1, N_PIECES, N_PIECES + 1 };
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (image);

  script_assert_every_byte_counts (transfer->script, ID, image, commands, G_N_ELEMENTS (commands));
}

static void
test_power_loss (void)
{
  static const char *const faults[]
      = { "power-loss-burn 1", "power-loss-burn 500", "power-loss-burn 999", "lie" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
      g_autoptr (Transfer) transfer = make_transfer (image);

      g_assert_true (ofl_practice_drive_add_fault (wire->drive, faults[i], NULL));
      g_assert_cmphex (script_run (transfer->script, wire, 0, N_PIECES + 2), ==, 0);
      wire->now_us += 60 * G_USEC_PER_SEC;
      if (!g_str_equal (faults[i], "lie"))
        g_assert_cmphex (wire_ready (wire), ==, SENSE_VANISHED);
      ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
      wire_assert_identity (wire, "DVDRW", "", "");
      g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
      g_assert_cmphex (wire_ready (wire), ==, SENSE_DEAD);
      g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, SENSE_DEAD);
      g_assert_false (wire_holds (wire, "1.03"));
      g_assert_false (wire_holds (wire, "1.00"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/btc/good", test_good);
  g_test_add_func ("/btc/case-02-inquiry", test_inquiry);
  g_test_add_func ("/btc/image", test_image);
  g_test_add_func ("/btc/bad-images", test_bad_images);
  g_test_add_func ("/btc/sum", test_sum);
  g_test_add_func ("/btc/order", test_order);
  g_test_add_func ("/btc/every-byte-counts", test_every_byte_counts);
  g_test_add_func ("/btc/power-loss", test_power_loss);
  return g_test_run ();
}
