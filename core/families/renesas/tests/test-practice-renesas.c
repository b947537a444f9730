/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HL-DT-ST Renesas practice drive, with the commands of renesas 2. */
#include <string.h>

#include "kit/scratch.h"
#include "kit/wire.h"

#define ID "gma4082n"
#define CHUNK 0x8000u
#define PATTERN 0x48u
#define PRODUCT "DVDRAM GMA-4082N"

#define INQUIRY_24 "12 00 00 00 24 00"

/* The host's side */

static guint32
send_chunk (Wire *wire, guint8 loc, const guint8 *data, gsize at, gsize length)
{
  const guint8 cdb[10]
      = { 0x3b,        loc,  (guint8) (at >> 24),    (guint8) (at >> 16), (guint8) (at >> 8),
          (guint8) at, 0x00, (guint8) (length >> 8), (guint8) length,     0x44 };

  return wire_send (wire, cdb, sizeof cdb, data + at, length);
}

/* Rows 4 and 5 of renesas 2.2 */
static guint32
send_image (Wire *wire, const guint8 *data, gsize size)
{
  gsize at = 0;

  for (; at + CHUNK < size; at += CHUNK)
    {
      guint32 sense = send_chunk (wire, 0x02, data, at, CHUNK);

      if (sense != 0)
        return sense;
    }
  return send_chunk (wire, 0x05, data, at, size - at);
}

static guint32
send_all (Wire *wire, GBytes *image)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);

  return send_image (wire, data, size);
}

static guint32
read_memory (Wire *wire, guint8 loc, guint32 at, guint32 length)
{
  guint32 sense = wire_in (wire, length, "3c %02x %02x %02x %02x %02x 00 %02x %02x 44", loc,
                           at >> 24, at >> 16 & 0xff, at >> 8 & 0xff, at & 0xff, length >> 8,
                           length & 0xff);

  if (sense == 0)
    g_assert_cmpuint (wire->answer.in_len, ==, length);
  return sense;
}

static gboolean
is_zero (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (data[i] != 0)
      return FALSE;
  return TRUE;
}

/* The pattern of renesas 1.1 */
static gboolean
is_header (const guint8 *p, gboolean core)
{
  if (memcmp (p + 0x20, "REV LVL ", 8) != 0 || memcmp (p + 0x30, "ROM REV ", 8) != 0
      || !is_zero (p + 0x38, 8))
    return FALSE;
  if (core)
    return is_zero (p + 2, 14) && memcmp (p + 0x18, "CORE    ", 8) == 0 && is_zero (p + 0x28, 8);
  return is_zero (p + 4, 12) && memcmp (p + 0x18, "MAIN    ", 8) == 0 && is_zero (p + 0x2c, 4);
}

/* renesas 1.1; 0 when there is none */
static guint32
find_header (Wire *wire, gboolean core)
{
  for (guint32 at = 0; read_memory (wire, 0x05, at, CHUNK) == 0; at += CHUNK - PATTERN)
    for (guint32 i = 0; i + PATTERN <= CHUNK; i++)
      if (is_header (wire->in + i, core))
        return at + i;
  return 0;
}

/* renesas 2.4 rows 2 to 4 */
static GByteArray *
dump (Wire *wire, gboolean core)
{
  GByteArray *file = g_byte_array_new ();
  guint32 hit = find_header (wire, core);
  guint8 header[0x400] = { 0 };
  guint32 load, size, sum;

  g_assert_cmphex (hit, !=, 0);
  g_assert_cmphex (read_memory (wire, 0x05, hit, PATTERN), ==, 0);
  memcpy (header, wire->in, PATTERN);
  load = fact_be (header + 0x40, 4);
  size = fact_be (header + 0x44, 4);
  g_assert_true ((size == 0xffffffff) == !core);
  if (size == 0xffffffff)
    {
      g_assert_cmphex (read_memory (wire, 0x05, load + 0xa0, 8), ==, 0);
      g_assert_cmphex (fact_be (wire->in, 4), ==, load);
      size = fact_be (wire->in + 4, 4);
    }
  memset (header, 0, 4);
  for (guint i = 0; i < 4; i++)
    header[0x44 + i] = (guint8) (size >> (24 - 8 * i));
  g_byte_array_append (file, header, sizeof header);
  for (guint32 at = 0; at < size; at += CHUNK)
    {
      g_assert_cmphex (read_memory (wire, 0x05, load + at, MIN (CHUNK, size - at)), ==, 0);
      g_byte_array_append (file, wire->in, (guint) wire->answer.in_len);
    }
  if (!core)
    {
      g_assert_cmphex (wire_in (wire, 0x24, INQUIRY_24), ==, 0);
      memcpy (file->data + 0x28, wire->in + 32, 4);
    }
  sum = 0xffff - fact_sum_words (file->data, file->len);
  file->data[0] = (guint8) (sum >> 8);
  file->data[1] = (guint8) sum;
  return file;
}

/* Whole updates */

static void
test_identity (void)
{
  g_autoptr (Wire) wire = wire_new_unit (ID, 9);

  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
  g_assert_cmpmem (wire->in + 8, 8, "HL-DT-ST", 8);
  g_assert_cmphex (wire->in[0] & 0x1f, ==, 5);
  g_assert_cmphex (wire_in (wire, 0x40, "46 02 01 08 00 00 00 00 40 00"), ==, 0);
  g_assert_cmpmem (wire->in + 12, 20, "OFLPRACTICE-00000009", 20);
}

static void
test_flash_main (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  gsize last = size / CHUNK * CHUNK;

  g_assert_cmphex (wire_ready (wire) >> 8, ==, 0x023a);
  for (gsize at = 0; at < last; at += CHUNK)
    g_assert_cmphex (send_chunk (wire, 0x02, data, at, CHUNK), ==, 0);
  g_assert_cmphex (read_memory (wire, 0x02, 0x400, 0x100), ==, 0);
  g_assert_cmpmem (wire->in, 0x100, data + 0x400, 0x100);
  /* until here nothing has changed */
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
  g_assert_false (ofl_practice_drive_holds (wire->drive, image));
  g_assert_cmphex (send_chunk (wire, 0x05, data, last, size - last), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, >, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (wire->answer.delay_us, <, 60 * G_USEC_PER_SEC);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 1);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.03");
  g_assert_true (ofl_practice_drive_holds (wire->drive, image));
  wire_power_cycle (wire);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.03");
}

/* renesas 2.3 */
static void
test_verify (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  guint32 load = fact_be (data + 0x40, 4);

  g_assert_cmphex (send_all (wire, image), ==, 0);
  for (guint i = 0; i < 4; i++)
    {
      wire->now_us += G_USEC_PER_SEC;
      wire_ready (wire);
    }
  for (guint32 at = 0; at < size - 0x400; at += CHUNK)
    {
      guint32 length = (guint32) MIN (CHUNK, size - 0x400 - at);

      g_assert_cmphex (read_memory (wire, 0x05, load + at, length), ==, 0);
      g_assert_cmpmem (wire->in, length, data + 0x400 + at, length);
    }
}

static void
test_dump_main (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (GBytes) factory = wire_image (ID, "1.00", NULL);
  g_autoptr (GByteArray) before = dump (wire, FALSE);
  g_autoptr (GByteArray) after = NULL;
  g_autoptr (GBytes) found = NULL;

  g_assert_cmpmem (before->data, before->len, g_bytes_get_data (factory, NULL),
                   g_bytes_get_size (factory));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
  g_assert_cmphex (send_all (wire, image), ==, 0);
  wire_ready (wire);
  after = dump (wire, FALSE);
  g_assert_cmpmem (after->data, after->len, g_bytes_get_data (image, NULL),
                   g_bytes_get_size (image));
  /* what was dumped can be written back */
  g_assert_cmphex (send_image (wire, before->data, before->len), ==, 0);
  wire_ready (wire);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
  found = g_bytes_new (before->data, before->len);
  g_assert_true (ofl_practice_drive_holds (wire->drive, found));
}

/* A CORE has no revision in memory, and does not change INQUIRY's. */
static void
test_core (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.05", "core");
  g_autoptr (GBytes) set = wire_image (ID, "1.05", "set");
  g_autoptr (GByteArray) after = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);

  g_assert_cmphex (send_all (wire, image), ==, 0);
  wire_ready (wire);
  g_assert_true (ofl_practice_drive_holds (wire->drive, image));
  g_assert_false (ofl_practice_drive_holds (wire->drive, set));
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
  after = dump (wire, TRUE);
  g_assert_cmpuint (after->len, ==, size);
  g_assert_cmphex (fact_sum_words (after->data, after->len), ==, 0xffff);
  g_assert_cmpmem (after->data + 0x400, size - 0x400, data + 0x400, size - 0x400);
  g_assert_cmphex (send_all (wire, set), ==, SENSE_BAD_FIELD); /* one at a time */
  g_assert_cmphex (send_image (wire, g_bytes_get_data (set, NULL), g_bytes_get_size (set) - size),
                   ==, 0);
  wire_ready (wire);
  g_assert_true (ofl_practice_drive_holds (wire->drive, set));
}

/* What is refused */

static void
test_bad_images (gconstpointer variant)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", variant);
  g_autoptr (GBytes) old = wire_image (ID, "1.00", "set");

  g_assert_cmphex (send_all (wire, image), ==, SENSE_BAD_FIELD);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
  g_assert_true (ofl_practice_drive_holds (wire->drive, old));
  g_assert_false (ofl_practice_drive_holds (wire->drive, image));
}

/* A whole image with one thing wrong in it, its sum right. */
static void
assert_refused_with (guint at, guint8 flip)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  gsize size;
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (image, NULL), g_bytes_get_size (image));
  guint32 sum;

  size = g_bytes_get_size (image);
  data[at] ^= flip;
  memset (data, 0, 2);
  sum = 0xffff - fact_sum_words (data, size);
  data[0] = (guint8) (sum >> 8);
  data[1] = (guint8) sum;
  g_assert_cmphex (send_image (wire, data, size), ==, SENSE_BAD_FIELD);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
}

static void
test_bad_fields (void)
{
  assert_refused_with (0x10, 0x01);  /* device */
  assert_refused_with (0x18, 0x01);  /* kind */
  assert_refused_with (0x20, 0x01);  /* REV LVL */
  assert_refused_with (0x30, 0x01);  /* ROM REV */
  assert_refused_with (0x42, 0x01);  /* load address */
  assert_refused_with (0x47, 0x02);  /* size */
  assert_refused_with (0x400, 0x01); /* the first bytes are no longer the last ones */
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  gsize last = size / CHUNK * CHUNK;

  g_assert_cmphex (send_chunk (wire, 0x05, data, last, size - last), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (send_chunk (wire, 0x02, data, CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (send_chunk (wire, 0x02, data, 0, CHUNK), ==, 0);
  g_assert_cmphex (send_chunk (wire, 0x02, data, 2 * CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
  /* a gap loses all */
  g_assert_cmphex (send_chunk (wire, 0x02, data, CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (send_chunk (wire, 0x02, data, 0, CHUNK / 2), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (send_chunk (wire, 0x02, data, 0, CHUNK + 2), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (send_chunk (wire, 0x01, data, 0, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, data, CHUNK / 2, "3b 02 00 00 00 00 00 80 00 44"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, NULL, 0, "3b 05 00 00 00 00 00 00 00 44"), ==, SENSE_BAD_FIELD);
  /* a reset forgets what has come */
  g_assert_cmphex (send_chunk (wire, 0x02, data, 0, CHUNK), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  wire_ready (wire);
  g_assert_cmphex (send_chunk (wire, 0x02, data, CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (send_all (wire, image), ==, 0);
}

/* Each byte of a command matters. */
static void
test_each_byte (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  const guint8 middle[10] = { 0x3b, 0x02, 0, 0, 0x80, 0, 0, 0x80, 0, 0x44 };

  for (guint i = 1; i < 10; i++)
    {
      guint8 cdb[10];

      g_assert_cmphex (send_chunk (wire, 0x02, data, 0, CHUNK), ==, 0);
      memcpy (cdb, middle, sizeof cdb);
      cdb[i] ^= 0x01;
      g_assert_cmphex (wire_send (wire, cdb, sizeof cdb, data + CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
    }
  /* 02 as 05 ends the image too early */
  g_assert_cmphex (send_chunk (wire, 0x02, data, 0, CHUNK), ==, 0);
  g_assert_cmphex (send_chunk (wire, 0x05, data, CHUNK, CHUNK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 05 00 00 00 00 00 00 10 44"), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 05 00 00 00 00 00 00 10 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 05 00 00 00 00 01 00 10 44"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 04 00 00 00 00 00 00 10 44"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 01 00 00 00 00 00 00 10 44"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 06 00 00 00 00 00 00 10 44"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x08, "3c 05 00 0f ff f8 00 00 08 44"), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x09, "3c 05 00 0f ff f8 00 00 09 44"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x08, "3c 05 00 10 00 00 00 00 08 44"), ==, SENSE_BAD_FIELD);
}

static void
test_disc (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  wire_ready (wire);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  g_assert_cmphex (send_all (wire, image), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire_none (wire, "1b 00 00 00 02 00"), ==, 0);
  g_assert_cmphex (send_all (wire, image), ==, 0);
}

/* Power and faults */

static void
test_power_loss (gconstpointer variant)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", variant);

  wire_cut_in_burn (wire, 700);
  g_assert_cmphex (send_all (wire, image), ==, SENSE_VANISHED);
  wire_power_cycle (wire);
  g_assert_cmphex (wire_in (wire, 0x24, INQUIRY_24), ==, SENSE_VANISHED);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_VANISHED);
  g_assert_false (ofl_practice_drive_holds (wire->drive, image));
}

/* Before the last chunk nothing is lost. */
static void
test_power_between_chunks (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (GBytes) old = wire_image (ID, "1.00", "set");

  g_assert_cmphex (send_chunk (wire, 0x02, g_bytes_get_data (image, NULL), 0, CHUNK), ==, 0);
  wire_power_cycle (wire);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
  g_assert_true (ofl_practice_drive_holds (wire->drive, old));
}

static void
test_reset_in_burn (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  gint64 begun_us;

  g_assert_cmphex (send_all (wire, image), ==, 0);
  begun_us = wire->now_us - wire->answer.delay_us;
  wire->now_us = begun_us + G_USEC_PER_SEC; /* the host did not wait */
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_BURNING);
  g_assert_cmphex (read_memory (wire, 0x05, 0, 8), ==, SENSE_BURNING);
  wire->now_us += 60 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.03");
  g_assert_true (ofl_practice_drive_holds (wire->drive, image));
}

static void
test_silent (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, "silent", &error);
  g_assert_no_error (error);
  g_assert_cmphex (send_all (wire, image), ==, 0);
  wire_ready (wire);
  wire_assert_identity (wire, "HL-DT-ST", PRODUCT, "1.00");
  g_assert_false (ofl_practice_drive_holds (wire->drive, image));
}

static void
test_state (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (Wire) other = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Scratch) dir = scratch_new ();
  g_autofree char *path = g_build_filename (dir, "state", NULL);

  g_assert_cmphex (send_all (wire, image), ==, 0);
  wire_ready (wire);
  g_assert_true (ofl_practice_drive_save (wire->drive, path, &error));
  g_assert_true (ofl_practice_drive_load (other->drive, path, &error));
  wire_assert_identity (other, "HL-DT-ST", PRODUCT, "1.03");
  g_assert_true (ofl_practice_drive_holds (other->drive, image));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/renesas/identity", test_identity);
  g_test_add_func ("/practice/renesas/main", test_flash_main);
  g_test_add_func ("/practice/renesas/verify", test_verify);
  g_test_add_func ("/practice/renesas/dump", test_dump_main);
  g_test_add_func ("/practice/renesas/core", test_core);
  g_test_add_data_func ("/practice/renesas/bad-sum", "bad-sum", test_bad_images);
  g_test_add_data_func ("/practice/renesas/truncated", "truncated", test_bad_images);
  g_test_add_data_func ("/practice/renesas/wrong-family", "wrong-family", test_bad_images);
  g_test_add_func ("/practice/renesas/bad-fields", test_bad_fields);
  g_test_add_func ("/practice/renesas/order", test_order);
  g_test_add_func ("/practice/renesas/each-byte", test_each_byte);
  g_test_add_func ("/practice/renesas/disc", test_disc);
  g_test_add_data_func ("/practice/renesas/power-loss-main", "", test_power_loss);
  g_test_add_data_func ("/practice/renesas/power-loss-core", "core", test_power_loss);
  g_test_add_func ("/practice/renesas/power-between-chunks", test_power_between_chunks);
  g_test_add_func ("/practice/renesas/reset-in-burn", test_reset_in_burn);
  g_test_add_func ("/practice/renesas/silent", test_silent);
  g_test_add_func ("/practice/renesas/state", test_state);
  return g_test_run ();
}
