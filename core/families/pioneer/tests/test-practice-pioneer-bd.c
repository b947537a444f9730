/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pioneer BD practice drive, by commands typed from pioneer 2.7, 2.8 and the captured replies
 * of a BDR-S09. */
#include <string.h>

#include "families/pioneer/ofl-practice-pioneer-bd.h"
#include "kit/scratch.h"
#include "pioneer-bd-host.h"

static void
flash (Wire *wire, const char *revision)
{
  g_autoptr (GBytes) file = wire_image (ID, revision, NULL);

  g_assert_cmphex (bd_enter (wire), ==, 0);
  bd_assert_revision (wire, "0001");
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, 0);
  bd_wait_for_normal (wire);
  bd_assert_revision (wire, revision);
}

static guint32
read_memory (Wire *wire, guint32 at, guint32 length)
{
  return wire_in (wire, length, "3c 02 b0 %02x %02x %02x %02x %02x %02x 00", at >> 16,
                  at >> 8 & 0xff, at & 0xff, length >> 16, length >> 8 & 0xff, length & 0xff);
}

/* One byte after the other as the real drive gave them; zeros fill up. */
static void
assert_bytes (const Wire *wire, guint from, gsize length, const char *hex)
{
  gsize digits = strlen (hex);

  g_assert_cmpuint (wire->answer.in_len, ==, from + length);
  for (gsize i = 0; i < length; i++)
    {
      guint wanted = 2 * i < digits ? (guint) (g_ascii_xdigit_value (hex[2 * i]) << 4
                                               | g_ascii_xdigit_value (hex[2 * i + 1]))
                                    : 0;

      g_assert_cmphex (wire->in[from + i], ==, wanted);
    }
}

/* With the revision of the captured drive its replies are those that were captured. */
static void
test_identity (void)
{
  g_autoptr (Wire) wire = wire_new (ID);

  bd_assert_revision (wire, "1.00");
  flash (wire, "1.34");
  g_assert_cmphex (wire_in (wire, 0x60, INQUIRY_60), ==, 0);
  assert_bytes (wire, 0, 0x60,
                "058000325b00000050494f4e4545522042442d52572020204244522d53303920"
                "312e33342031362f30342f3235202050494f4e4545522020");
  g_assert_cmphex (wire_in (wire, 0x40, "46 02 01 0c 00 00 00 00 40 00"), ==, 0);
  assert_bytes (wire, 8, 0x14, "010c031032303136303432353030303000000000");
  g_assert_cmphex (wire_in (wire, 0x40, "46 02 01 08 00 00 00 00 40 00"), ==, 0);
  assert_bytes (wire, 8, 0x10, "0108030c505241433030303030303037");
  g_assert_cmphex (wire_in (wire, 0x30, IDENTITY), ==, 0);
  assert_bytes (wire, 0, 0x30,
                "50524143303030303030303720202020"
                "534154203836303049443433202020204944343320202020"
                "3030303020202020");
  /* in update mode serial and normal type are blank */
  g_assert_cmphex (bd_enter (wire), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x30, IDENTITY), ==, 0);
  assert_bytes (wire, 0, 0x30,
                "20202020202020202020202020202020"
                "534154203836303049443433202020202020202020202020"
                "3030303020202020");
}

static void
test_memory (void)
{
  g_autoptr (Wire) wire = wire_new (ID);

  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, NULL, 0, "3b 02 41 a5 aa ab 00 00 00 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, SENSE_BAD_FIELD);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
      g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, 0);
      g_assert_cmpmem (wire->in, wire->answer.in_len, BD_DESCRIPTOR, 16);
      /* a second read wants a knock of its own */
      g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, SENSE_BAD_FIELD);
    }
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
  wire_power_cycle (wire);
  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, SENSE_BAD_FIELD);
  /* not readable in update mode */
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
  g_assert_cmphex (bd_enter (wire), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, SENSE_BAD_FIELD);
}

static void
test_memory_limits (void)
{
  static const struct {
    guint32 at, length;
    guint32 sense;
  } reads[] = {
    { 0x000000, 0x10, SENSE_BAD_FIELD },
    { 0x3fffff, 0x10, SENSE_BAD_FIELD },
    { 0x3ffff0, 0x20, SENSE_BAD_FIELD },
    { 0x400000, 0x10, 0 },
    { 0x400000, 0, SENSE_BAD_FIELD },
    { 0x40fff0, 0x20, 0 },
    { 0x5f8000, 0x8000, 0 },
    { 0x5ffff0, 0x11, SENSE_BAD_FIELD },
    { 0x600000, 0x01, SENSE_BAD_FIELD },
    { 0x880000, 0x10, SENSE_BAD_FIELD },
    { 0xfffff0, 0x20, SENSE_BAD_FIELD },
  };
  g_autoptr (Wire) wire = wire_new (ID);

  for (guint i = 0; i < G_N_ELEMENTS (reads); i++)
    {
      g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
      g_assert_cmphex (read_memory (wire, reads[i].at, reads[i].length), ==, reads[i].sense);
      g_assert_cmpuint (wire->answer.in_len, ==, reads[i].sense == 0 ? reads[i].length : 0);
    }
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x10, "3c 02 b0 41 00 00 00 00 10 01"), ==, SENSE_BAD_FIELD);
}

/* A part of the memory, a knock before each read */
static GByteArray *
dump (Wire *wire, guint32 at, guint32 length)
{
  GByteArray *part = g_byte_array_new ();

  for (guint32 done = 0; done < length; done += PIECE)
    {
      guint32 step = MIN (PIECE, length - done);

      g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
      g_assert_cmphex (read_memory (wire, at + done, step), ==, 0);
      g_byte_array_append (part, wire->in, (guint) wire->answer.in_len);
    }
  return part;
}

static guint32
total (const GByteArray *part)
{
  guint32 sum = 0;

  for (guint i = 0; i < part->len; i += 4)
    sum += fact_be (part->data + i, 4);
  return sum;
}

static void
test_parts (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GByteArray) kernel = dump (wire, 0x400000, 0x10000);
  g_autoptr (GByteArray) normal = dump (wire, 0x410000, NORMAL_SIZE);

  g_assert_cmphex (total (kernel), ==, 0);
  g_assert_cmphex (total (normal), ==, 0);
  g_assert_cmphex (fact_be (normal->data + 0x14, 4), ==, NORMAL_SIZE);
  kernel->data[0x1234] ^= 1;
  g_assert_cmphex (total (kernel), !=, 0);
}

static void
test_short_read (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, "short 3c", &error);
  g_assert_no_error (error);
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 8);
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 0x10);
}

/* The whole write, typed by hand; read back, what is there is what was in the file. */
static void
test_write (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) file = wire_image (ID, "1.03", NULL);
  g_autoptr (GByteArray) kernel = dump (wire, 0x400000, 0x10000);
  g_autoptr (GByteArray) normal = NULL;
  g_autoptr (GByteArray) kernel_after = NULL;
  const guint8 *bytes = g_bytes_get_data (file, NULL);
  guint8 control[CONTROL] = { 0 };

  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x10, READ_DESCRIPTOR), ==, 0);
  memcpy (control, wire->in, 16);
  memcpy (control + 16, "\x9a\x78\x23\x61", 4);
  g_assert_cmphex (wire_out (wire, control, 0x100, "3b 04 ff 00 00 00 00 01 00 00"), ==, 0);
  wire->now_us += G_USEC_PER_SEC;
  bd_assert_revision (wire, "0001");
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
  g_assert_cmphex (wire_out (wire, bytes, 0x8000, "3b 07 f0 00 00 00 00 80 00 00"), ==, 0);
  g_assert_cmphex (wire_out (wire, bytes + 0x8000, 0x8000, "3b 07 f0 00 80 00 00 80 00 00"), ==, 0);
  for (guint at = 0x10000; at < 0x178000; at += 0x8000)
    g_assert_cmphex (wire_out (wire, bytes + at, 0x8000, "3b 07 f0 %02x %02x 00 00 80 00 00",
                               at >> 16, at >> 8 & 0xff),
                     ==, 0);
  g_assert_cmphex (wire_out (wire, bytes + 0x178000, 0x2500, "3b 07 f0 17 80 00 00 25 00 00"), ==,
                   0);
  g_assert_cmphex (wire_out (wire, control, 0x100, "3b 05 ff 00 00 00 00 01 00 00"), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, <, G_USEC_PER_SEC);
  wire->now_us += 2 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_BURNING);
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, SENSE_BURNING);
  bd_assert_revision (wire, "0001");
  bd_wait_for_normal (wire);
  bd_assert_revision (wire, "1.03");
  g_assert_true (ofl_practice_drive_holds (wire->drive, file));
  normal = dump (wire, 0x410000, NORMAL_SIZE);
  g_assert_cmphex (total (normal), ==, 0);
  kernel_after = dump (wire, 0x400000, 0x10000);
  g_assert_cmpmem (kernel->data, kernel->len, kernel_after->data, kernel_after->len);
  wire_power_cycle (wire);
  bd_assert_revision (wire, "1.03");
}

static void
test_handshake (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  guint8 data[0x400] = { 0 };

  g_assert_cmphex (wire_out (wire, NULL, 0, "3b 01 f3 00 00 00 00 00 00 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 0x400, "3c 01 f2 00 00 00 00 04 00 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, data, 0x100, "3b 01 f2 00 00 00 00 01 00 00"), ==,
                   SENSE_BAD_FIELD);
}

/* The other kind of receiver looks at the descriptor only. */
static void
test_descriptor_only (void)
{
  static const PioneerBdModel model = { .product = "BD-RW   BDR-209 ",
                                        .hardware = "SAT 8410",
                                        .kernel_tag = "GENERAL ",
                                        .descriptor = "PIONEER  BDR-209" };
  static const OflPracticeEntry entry
      = { "bdr209", "", "", "1.00", ofl_practice_pioneer_bd_get_type, ofl_practice_pioneer_bd_image,
          &model };
  static const guint8 no_key[4] = { 0 };
  g_autoptr (GBytes) file = ofl_practice_pioneer_bd_image (&entry, "1.03", NULL);
  const guint8 *keys[] = { no_key, bd_universal_key, bd_own_key };
  g_autoptr (Wire) wire = g_new0 (Wire, 1);
  guint8 control[CONTROL];

  wire->drive = ofl_practice_make (&entry, 1);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  bd_make_control (control, no_key);
  g_assert_cmphex (wire_out (wire, control, CONTROL, ENTER), ==, SENSE_BAD_FIELD);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      bd_make_control (control, keys[i]);
      memcpy (control, model.descriptor, 16);
      g_assert_cmphex (wire_out (wire, control, CONTROL, ENTER), ==, 0);
      wire_assert_identity (wire, "PIONEER", model.product, "0001");
      g_assert_cmphex (bd_send_file (wire, file), ==, 0);
      g_assert_cmphex (wire_out (wire, control, CONTROL, COMMIT), ==, 0);
      bd_wait_for_normal (wire);
      wire_assert_identity (wire, "PIONEER", model.product, "1.03");
    }
}

/* A burn that was broken off: the Kernel is alive, and takes the file without being asked to. */
static void
test_recovery (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) file = wire_image (ID, "1.03", NULL);

  g_assert_cmphex (bd_enter (wire), ==, 0);
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  wire_cut_in_burn (wire, 600);
  g_assert_cmphex (bd_commit (wire), ==, 0);
  wire->now_us += 60 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_in (wire, 0x60, INQUIRY_60), ==, SENSE_VANISHED);
  wire_power_cycle (wire);
  bd_assert_revision (wire, "0001");
  g_assert_cmphex (wire_in (wire, 0x30, IDENTITY), ==, 0);
  g_assert_cmpmem (wire->in + 16, 16, "SAT 8600ID43    ", 16);
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, 0);
  bd_wait_for_normal (wire);
  bd_assert_revision (wire, "1.03");
  g_assert_true (ofl_practice_drive_holds (wire->drive, file));
}

static void
test_power_between_pieces (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (Wire) other = wire_new (ID);
  g_autoptr (GBytes) file = wire_image (ID, "1.03", NULL);
  g_autoptr (Scratch) dir = scratch_new ();
  g_autofree char *path = g_build_filename (dir, "state", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmphex (bd_enter (wire), ==, 0);
  g_assert_cmphex (bd_send_piece (wire, g_bytes_get_data (file, NULL), 0, PIECE), ==, 0);
  g_assert_true (ofl_practice_drive_save (wire->drive, path, &error));
  wire_power_cycle (wire);
  bd_assert_revision (wire, "0001");
  /* the kept state is the flash */
  g_assert_true (ofl_practice_drive_load (other->drive, path, &error));
  bd_assert_revision (other, "0001");
  g_assert_cmphex (bd_enter (wire), ==, 0); /* harmless when it is there already */
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, 0);
  bd_wait_for_normal (wire);
  bd_assert_revision (wire, "1.03");
}

/* What the sum and the comparison are for: a burn that lies, one that does nothing */
static void
test_faults (void)
{
  static const char *const faults[] = { "lie-once", "silent" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) file = wire_image (ID, "1.03", NULL);
      g_autoptr (GByteArray) normal = NULL;
      g_autoptr (GError) error = NULL;

      ofl_practice_drive_add_fault (wire->drive, faults[i], &error);
      g_assert_no_error (error);
      g_assert_cmphex (bd_enter (wire), ==, 0);
      g_assert_cmphex (bd_send_file (wire, file), ==, 0);
      g_assert_cmphex (bd_commit (wire), ==, 0);
      bd_wait_for_normal (wire);
      bd_assert_revision (wire, i == 0 ? "1.03" : "1.00");
      g_assert_false (ofl_practice_drive_holds (wire->drive, file));
      normal = dump (wire, 0x410000, NORMAL_SIZE);
      g_assert_true ((total (normal) == 0) == (i == 1));
    }
}

static void
test_slow (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) file = wire_image (ID, "1.03", NULL);
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, "slow 10", &error);
  g_assert_no_error (error);
  g_assert_cmphex (bd_enter (wire), ==, 0);
  g_assert_cmphex (bd_send_file (wire, file), ==, 0);
  g_assert_cmphex (bd_commit (wire), ==, 0);
  wire->now_us += 90 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_BURNING);
  wire->now_us += 600 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  bd_assert_revision (wire, "1.03");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/pioneer-bd/identity", test_identity);
  g_test_add_func ("/practice/pioneer-bd/memory", test_memory);
  g_test_add_func ("/practice/pioneer-bd/memory-limits", test_memory_limits);
  g_test_add_func ("/practice/pioneer-bd/parts", test_parts);
  g_test_add_func ("/practice/pioneer-bd/short-read", test_short_read);
  g_test_add_func ("/practice/pioneer-bd/write", test_write);
  g_test_add_func ("/practice/pioneer-bd/handshake", test_handshake);
  g_test_add_func ("/practice/pioneer-bd/descriptor-only", test_descriptor_only);
  g_test_add_func ("/practice/pioneer-bd/recovery", test_recovery);
  g_test_add_func ("/practice/pioneer-bd/power-between-pieces", test_power_between_pieces);
  g_test_add_func ("/practice/pioneer-bd/faults", test_faults);
  g_test_add_func ("/practice/pioneer-bd/slow", test_slow);
  return g_test_run ();
}
