/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959, device side: updates command by command, against mt1959 1, 2, 3.3, 3.4, 5. */
#include <nettle/aes.h>
#include <string.h>

#include "families/mt1959/ofl-practice-mt1959-cmac.h"
#include "kit/wire.h"

#define SIZE 0x200000u
#define CHUNK 0x4000u
#define N_CHUNKS (SIZE / CHUNK)
#define SENSE_FLASHING 0x020408u
#define BURN_LIMIT_US (200 * G_USEC_PER_SEC)

static const char oem[] = "3b 01 00 00 00 00 00 00 00 0b 00 00";
static const char plain[] = "3b 01 00 00 00 00 00 00 00 00";
static const char unlock[] = "3b 06 67 00 00 00 00 00 00 00";
static const char trailer[] = "3b 07 00 00 00 00 00 00 00 00 1b 12";

/* @tail: what makes the CDB of a piece 12 bytes long, or nothing */
static Script *
make_script (const guint8 *data, const char *begin, const char *tail)
{
  Script *script = script_new ();

  script_add (script, NULL, 0, "%s", begin);
  for (guint32 at = 0; at < SIZE; at += CHUNK)
    script_add (script, data + at, CHUNK, "3b 06 00 %06x 004000 00 %s", at, tail);
  return script;
}

static guint32
send_bytes (Wire *wire, const guint8 *data, const char *begin)
{
  g_autoptr (Script) script = make_script (data, begin, begin == oem ? "00 00" : "");

  return script_run (script, wire, 0, script_length (script));
}

/* redumper's way: 0 to FFFF is FF, and a board string of 16 bytes at 3000 */
static guint32
send_edited (Wire *wire, GBytes *image, const char *begin, const char *board)
{
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (image, NULL), SIZE);

  memset (data, 0xff, 0x10000);
  memcpy (data + 0x3000, board, 16);
  return send_bytes (wire, data, begin);
}

static guint32
send_image (Wire *wire, GBytes *image, const char *begin)
{
  return send_bytes (wire, g_bytes_get_data (image, NULL), begin);
}

static void
encrypt (guint8 *data)
{
  static const guint8 key[16] = { 0x5e, 0x9e, 0x4f, 0x00, 0x94, 0xef, 0x20, 0xab,
                                  0x52, 0xe3, 0x5e, 0x73, 0x6a, 0xcb, 0x23, 0x24 };
  struct aes128_ctx context;

  aes128_set_encrypt_key (&context, key);
  aes128_encrypt (&context, SIZE, data, data);
}

/* Asks once a second, as redumper does; the progress never goes back. */
static void
wait_burned (Wire *wire)
{
  gint64 began_us = wire->now_us;
  guint32 sense, before = 0;

  while ((sense = wire_ready (wire)) == SENSE_FLASHING)
    {
      g_assert_true (wire->answer.informed);
      g_assert_cmphex (wire->answer.information & 0xff00ffff, ==, 0);
      g_assert_cmphex (wire->answer.information >> 16, <=, 32);
      g_assert_cmphex (wire->answer.information, >=, before);
      before = wire->answer.information;
      wire->now_us += G_USEC_PER_SEC;
      g_assert_cmpint (wire->now_us - began_us, <, BURN_LIMIT_US);
    }
  g_assert_cmphex (before >> 16, >, 16);
  g_assert_cmphex (sense, ==, 0);
}

static void
assert_board (Wire *wire, const char *board)
{
  g_assert_cmphex (wire_in (wire, 0x20, "3c 06 00 003000 000020 00"), ==, 0);
  g_assert_cmpmem (wire->in, 16, board, 16);
}

static void
assert_untouched (Wire *wire, GBytes *before)
{
  g_autoptr (GBytes) now = ofl_practice_drive_get_flash (wire->drive);

  g_assert_true (g_bytes_equal (before, now));
}

typedef struct {
  const char *id, *product, *board, *svc;
  gboolean slim;
} Case;

static const Case cases[] = {
  { "bu40n", "BD-RE BU40N", "MT1959 Boot BU5 ", "BU40", TRUE },
  { "wh16ns60", "BD-RE  WH16NS60", "MT1959 Boot JB9 ", "NS60", FALSE },
  { "bp60nb10", "BD-RE BP60NB10", "MT1959 Boot BUP5", "NB10", TRUE },
  { "bp60nb12", "BD-RE BP60NB10", "MT1959 Boot BP52", "NB12", TRUE },
};

static void
test_identity (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);

  wire_assert_identity (wire, "HL-DT-ST", drive->product, "1.00");
  g_assert_cmpmem (wire->in, 8, "\x05\x80\x00\x32\x5b\0\0\0", 8);
  g_assert_cmpmem (wire->in + 36, 20, "N000700OFL00000007  ", 20);
  g_assert_cmphex (wire_in (wire, 0x1c, "46 02 010c 00 00 00 001c 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 0x1c);
  g_assert_cmpmem (wire->in + 10, 18,
                   "\x03\x10\x32\x31\x31\x37\x30\x34\x31\x31\x31\x32\x30\x30  \0", 18);
  g_assert_cmphex (wire_in (wire, 0x1c, "46 02 0108 00 00 00 001c 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 24);
  g_assert_cmpmem (wire->in + 8, 16, "\x01\x08\x03\x0cOFL00000007 ", 16);
  assert_board (wire, drive->board);
  g_assert_cmphex (wire_in (wire, 4, "3c 06 00 1ec04c 000004 00"), ==, 0);
  g_assert_cmpmem (wire->in, 4, drive->svc, 4);
}

/* mt1959 3.3 */
static void
test_descriptor (void)
{
  g_autoptr (GBytes) image = wire_image ("bu40n", "1.03", NULL);
  g_autoptr (GBytes) modified = wire_image ("bu40n", "1.03", "late-modified");
  g_autoptr (GBytes) other = wire_image ("bu40n", "1.03", "other-board-no-de");
  const guint8 *at = (const guint8 *) g_bytes_get_data (image, NULL) + 0x1ec000;

  g_assert_cmpmem (at, 62, "HL-DT-STBD-RE BU40N     1.03N000700 UNIQUE1704141200MTEKMT1959", 62);
  g_assert_cmpmem (at + 0x4c, 4, "BU40", 4);
  g_assert_cmpmem (at + 0x56, 2, "DE", 2);
  at = (const guint8 *) g_bytes_get_data (modified, NULL) + 0x1ec000;
  g_assert_cmpmem (at + 0x1c, 24, "NM00000 UNIQUE2008181200", 24);
  at = (const guint8 *) g_bytes_get_data (other, NULL);
  g_assert_cmpmem (at + 0x3000, 16, "MT1959 Boot BU51", 16);
  g_assert_cmpmem (at + 0x1ec008, 16, "BD-RE BU50N     ", 16);
  g_assert_cmpmem (at + 0x1ec04c, 4, "    ", 4);
  g_assert_cmphex (at[0x1ec056], ==, 0);
}

/* mt1959 2.3, 2.4: the trailer right behind the last piece */
static void
test_oem (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) image = wire_image (drive->id, "1.03", NULL);

  g_assert_cmphex (send_image (wire, image, oem), ==, 0);
  g_assert_cmphex (wire_none (wire, trailer), ==, 0);
  g_assert_cmphex (wire_none (wire, trailer), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_FLASHING);
  wire->now_us += 10 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_in (wire, 16, "03 00 00 10 80 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmpmem (wire->in, 4, "\xf0\0\x02\0", 4);
  g_assert_cmphex (wire->in[4], >, 0);
  g_assert_cmphex (wire->in[12], ==, 0x04);
  wait_burned (wire);
  wire_assert_identity (wire, "HL-DT-ST", drive->product, "1.03");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (wire_holds (wire, "1.03"));
}

/* mt1959 2.6: the slim unlock where it is taken, else the old way */
static void
test_redumper (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) image = wire_image (drive->id, "1.03", NULL);

  g_assert_cmphex (wire_none (wire, unlock), ==, drive->slim ? 0 : SENSE_BAD_FIELD);
  g_assert_cmphex (send_edited (wire, image, drive->slim ? unlock : plain, drive->board), ==, 0);
  wait_burned (wire);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  wire_assert_identity (wire, "HL-DT-ST", drive->product, "1.03");
  assert_board (wire, drive->board);
  g_assert_true (wire_holds (wire, "1.03"));
  wire_power_cycle (wire);
  wire_assert_identity (wire, "HL-DT-ST", drive->product, "1.03");
}

/* redumper's table has JB8 for a WH16NS60, whose board is JB9 (mt1959 1.4). */
static void
test_half_height (void)
{
  static const char *const boards[] = { "MT1959 Boot JB8 ", "MT1959 Boot JBP6" };

  for (guint i = 0; i < G_N_ELEMENTS (boards); i++)
    {
      g_autoptr (Wire) wire = wire_new ("wh16ns60");
      g_autoptr (GBytes) image = wire_image ("wh16ns60", "1.03", NULL);

      g_assert_cmphex (send_edited (wire, image, plain, boards[i]), ==, 0);
      wait_burned (wire);
      g_assert_true (wire_holds (wire, "1.03"));
      assert_board (wire, "MT1959 Boot JB9 ");
    }
}

/* What is not taken: ready at once, and nothing changes (mt1959 2.7). */
static void
assert_not_taken (Wire *wire, GBytes *image, const char *begin, const char *board)
{
  g_autoptr (GBytes) before = ofl_practice_drive_get_flash (wire->drive);
  guint32 sense = board != NULL ? send_edited (wire, image, begin, board)
                                : send_image (wire, image, begin);

  g_assert_cmphex (sense, ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  g_assert_cmphex (wire_none (wire, trailer), ==, SENSE_BAD_FIELD);
  assert_untouched (wire, before);
  g_assert_cmphex (wire_in (wire, 96, "12 00 00 00 60 00"), ==, 0);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
}

static void
test_not_taken (gconstpointer variant)
{
  g_autoptr (Wire) wire = wire_new ("bu40n");
  g_autoptr (GBytes) image = wire_image ("bu40n", "1.03", variant);

  assert_not_taken (wire, image, oem, NULL);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "1.00");
}

static void
flash (Wire *wire, const char *id, const char *revision, const char *variant, const char *board)
{
  g_autoptr (GBytes) image = wire_image (id, revision, variant);

  g_assert_cmphex (send_edited (wire, image, plain, board), ==, 0);
  wait_burned (wire);
}

/* The mark DE: mt1959 3.3 */
static void
test_downgrade (void)
{
  g_autoptr (Wire) wire = wire_new ("bu40n");
  g_autoptr (GBytes) bare = wire_image ("bu40n", "1.02", "no-de");
  g_autoptr (GBytes) other = wire_image ("bu40n", "1.04", "other-board-no-de");

  flash (wire, "bu40n", "1.03", "no-de", cases[0].board);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "1.03");
  assert_not_taken (wire, bare, plain, cases[0].board);
  assert_not_taken (wire, other, plain, cases[0].board);
  flash (wire, "bu40n", "1.02", NULL, cases[0].board);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "1.02");
}

/* mt1959 3.4: firmware of 2020 or later wants the encrypted form. */
static void
test_encrypted (void)
{
  g_autoptr (Wire) wire = wire_new ("bu40n");
  g_autoptr (GBytes) image = wire_image ("bu40n", "1.04", NULL);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (image, NULL), SIZE);
  g_autoptr (GBytes) late = NULL;
  g_autoptr (GBytes) encrypted = NULL;

  encrypt (data);
  encrypted = g_bytes_new (data, SIZE);
  assert_not_taken (wire, encrypted, unlock, NULL);
  flash (wire, "bu40n", "1.03", "late", cases[0].board);
  g_assert_cmphex (wire_in (wire, 0x1c, "46 02 010c 00 00 00 001c 00"), ==, 0);
  g_assert_cmpmem (wire->in + 12, 4, "2120", 4);
  late = ofl_practice_drive_get_flash (wire->drive);
  g_assert_cmphex (send_image (wire, image, unlock), ==, SENSE_BAD_FIELD);
  assert_untouched (wire, late);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_cmphex (send_image (wire, encrypted, unlock), ==, 0);
  wait_burned (wire);
  g_assert_true (wire_holds (wire, "1.04"));
}

/* MakeMKV's firmware has M in INQUIRY's byte 37 and wants the plain form whatever its date. */
static void
test_modified (void)
{
  g_autoptr (Wire) wire = wire_new ("bu40n");

  flash (wire, "bu40n", "1.03", "late-modified", cases[0].board);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "1.03");
  g_assert_cmpmem (wire->in + 36, 7, "NM00000", 7);
  flash (wire, "bu40n", "1.04", NULL, cases[0].board);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "1.04");
}

/* A cross-flashed drive shows the string of the image in it, and wants that one (mt1959 5). */
static void
test_crossed (void)
{
  g_autoptr (Wire) wire = wire_new ("bu40n");
  g_autoptr (GBytes) image = wire_image ("bu40n", "1.03", NULL);

  flash (wire, "bu40n", "1.03", "other-board", "MT1959 Boot BU5 ");
  wire_power_cycle (wire);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU50N", "1.03");
  assert_board (wire, "MT1959 Boot BU51");
  assert_not_taken (wire, image, unlock, "MT1959 Boot BU5 ");
  wire_cut_in_burn (wire, 500);
  g_assert_cmphex (send_edited (wire, image, unlock, "MT1959 Boot BU51"), ==, 0);
  wire->now_us += BURN_LIMIT_US;
  wire_power_cycle (wire);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "BOOT");
  assert_board (wire, "MT1959 Boot BU5 ");
  flash (wire, "bu40n", "1.03", NULL, "MT1959 Boot BU5 ");
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "1.03");
}

typedef struct {
  const char *id, *board;
  const char *back; /* the string with which it takes its own firmware again */
} Unfit;

static const Unfit unfit[] = { { "bp60nb12", "MT1959 Boot BP52", "MT1959 Boot BU5 " },
                               { "wh16ns60", "MT1959 Boot JB9 ", "MT1959 Boot JB8 " } };

/* It takes the firmware, calls itself by its name, and throws each disc out (mt1959 5). */
static void
test_unfit (gconstpointer data)
{
  const Unfit *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);

  flash (wire, "bu40n", "1.03", NULL, drive->board);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BU40N", "1.03");
  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (wire_ready (wire), ==, 0x023a02);
  flash (wire, drive->id, "1.03", NULL, drive->back);
  g_assert_true (wire_holds (wire, "1.03"));
  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (wire_ready (wire), ==, 0);
}

/* "Silent flash": all is as in a good one, and the old firmware is still there (mt1959 5). */
static void
test_silent (void)
{
  g_autoptr (Wire) wire = wire_new ("bp60nb12");
  g_autoptr (GBytes) before = ofl_practice_drive_get_flash (wire->drive);

  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "silent", NULL));
  flash (wire, "bu40n", "1.03", NULL, "MT1959 Boot BP52");
  wire_power_cycle (wire);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BP60NB10", "1.00");
  assert_untouched (wire, before);
}

/* STATUS after the wait shows a burn that failed (mt1959 2.4), and the boot code takes an image. */
static void
test_failed_burn (void)
{
  g_autoptr (Wire) wire = wire_new ("bp60nb10");
  g_autoptr (GBytes) image = wire_image ("bp60nb10", "1.03", NULL);

  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "fail-burn", NULL));
  g_assert_cmphex (send_image (wire, image, oem), ==, 0);
  g_assert_cmphex (wire_none (wire, trailer), ==, 0);
  wire->now_us += BURN_LIMIT_US;
  g_assert_cmphex (wire_ready (wire), ==, 0);
  g_assert_cmphex (wire_in (wire, 16, "03 00 00 10 80 00 00 00 00 00 00 00"), ==, 0);
  g_assert_cmphex (wire->in[2], ==, 0x04);
  wire_assert_identity (wire, "HL-DT-ST", "BD-RE BP60NB10", "BOOT");
  assert_board (wire, "MT1959 Boot BUP5");
  g_assert_cmphex (send_image (wire, image, oem), ==, 0);
  wait_burned (wire);
  g_assert_true (wire_holds (wire, "1.03"));
}

/* A burn that was broken off: BOOT, the board's own string, and an image of the group again. */
static void
test_boot (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) image = wire_image (drive->id, "1.03", NULL);
  g_autoptr (GBytes) foreign = wire_image (drive->id, "1.03", "wrong-family");

  wire_cut_in_burn (wire, 300);
  g_assert_cmphex (send_edited (wire, image, plain, drive->board), ==, 0);
  wire->now_us += BURN_LIMIT_US;
  wire_power_cycle (wire);
  wire_assert_identity (wire, "HL-DT-ST", drive->product, "BOOT");
  assert_board (wire, drive->board);
  g_assert_cmphex (wire_none (wire, unlock), ==, drive->slim ? 0 : SENSE_BAD_FIELD);
  assert_not_taken (wire, foreign, plain, NULL);
  flash (wire, drive->id, "1.02", "no-de", drive->board);
  wire_assert_identity (wire, "HL-DT-ST", drive->product, "1.02");
}

/* The boot code's form may be another than the firmware's (mt1959 3.4). */
static void
test_boot_encrypted (void)
{
  g_autoptr (Wire) wire = wire_new ("bu40n");
  g_autoptr (GBytes) image = wire_image ("bu40n", "1.03", NULL);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (image, NULL), SIZE);

  g_object_set (wire->drive, "boot-enc", TRUE, NULL);
  encrypt (data);
  wire_cut_in_burn (wire, 300);
  send_image (wire, image, plain);
  wire->now_us += BURN_LIMIT_US;
  wire_power_cycle (wire);
  assert_not_taken (wire, image, plain, NULL);
  g_assert_cmphex (send_bytes (wire, data, plain), ==, 0);
  wait_burned (wire);
  g_assert_true (wire_holds (wire, "1.03"));
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new ("bu40n");
  g_autoptr (GBytes) image = wire_image ("bu40n", "1.03", NULL);
  g_autoptr (Script) script = make_script (g_bytes_get_data (image, NULL), plain, "");

  g_assert_cmphex (script_run (script, wire, 1, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_none (wire, trailer), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 0, 2), ==, 0);
  g_assert_cmphex (script_run (script, wire, 3, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (script, wire, 2, 1), ==, SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (wire_none (wire, plain), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_none (wire, unlock), ==, SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  /* all but the last piece, then a reset: nothing was burned */
  g_assert_cmphex (script_run (script, wire, 0, N_CHUNKS), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (script_run (script, wire, N_CHUNKS, 1), ==, SENSE_BAD_FIELD);
  g_assert_true (wire_holds (wire, "1.00"));
}

static void
test_every_byte_counts (gconstpointer begin)
{
  static const guint commands[] = { 0, 1, N_CHUNKS };
  g_autoptr (GBytes) image = wire_image ("bu40n", "1.03", NULL);
  g_autoptr (Script) script = make_script (g_bytes_get_data (image, NULL), begin, "");

  script_assert_every_byte_counts (script, "bu40n", image, commands, G_N_ELEMENTS (commands));
}

/* mt1959 1.1: reads at the banner, by what the drive allows there */
static void
test_banner_reads (void)
{
  static const guint32 wanted[][3]
      = { { 0, 0, 0 }, { SENSE_BAD_FIELD, 0, 0 }, { SENSE_BAD_FIELD, SENSE_BAD_FIELD, 0 } };

  for (guint mode = 0; mode < G_N_ELEMENTS (wanted); mode++)
    {
      g_autoptr (Wire) wire = wire_new ("bu40n");

      g_object_set (wire->drive, "banner", mode, NULL);
      g_assert_cmphex (wire_in (wire, 0x40, "3c 06 00 003000 000040 00"), ==, wanted[mode][0]);
      g_assert_cmphex (wire_in (wire, 0x40, "3c 06 00 002ff0 000040 00"), ==, wanted[mode][1]);
      g_assert_cmphex (wire_in (wire, 0x20, "3c 06 00 003000 000020 00"), ==, wanted[mode][2]);
    }
}

/* mt1959 11: the table's results, and the encrypted form */
static void
test_vectors (void)
{
  static const guint8 entries[] = "\1\0\0\0\x00\x10\x01\0\xff\x6f\x01\0"
                                  "\1\0\0\0\x00\x70\x01\0\xff\x17\x18\0"
                                  "\1\0\0\0\x00\x00\x1f\0\x08\x00\x1f\0"
                                  "\1\0\0\0\x00\x00\x1e\0\x12\x00\x1e\0";
  g_autofree guint8 *image = g_malloc (SIZE);
  g_autofree char *sum = NULL;
  guint8 block[16] = { 0 };

  fact_generate (0x1959, image, SIZE);
  memcpy (image + 0x3000, "MT1959 Boot JB8 ", 16);
  memset (image + 0x10400, 0xff, 16 * 0x1c);
  for (guint i = 0; i < 4; i++)
    {
      memset (image + 0x10400 + i * 0x1c, 0, 0x1c);
      memcpy (image + 0x10400 + i * 0x1c, entries + i * 12, 12);
    }
  g_assert_true (ofl_practice_mt1959_cmac_seal (image, SIZE));
  g_assert_true (ofl_practice_mt1959_cmac_check (image, SIZE));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, image, SIZE);
  g_assert_cmpstr (sum, ==, "62d6946954c504b0438e4fdcae4ed5cd087de89795cac1028bffb188b21cf247");
  image[0x1e0012] ^= 0x80;
  g_assert_false (ofl_practice_mt1959_cmac_check (image, SIZE));
  memcpy (block, "\x61\xbe\xa3\x74\xde\x74\x34\xb6\xb4\x2b\x30\x7a\x5c\x58\xbe\x72", 16);
  ofl_practice_mt1959_decrypt (block, sizeof block);
  g_assert_cmpmem (block, 16, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
}

static void
add_for (const char *name, const char *what, gconstpointer data, GTestDataFunc func)
{
  g_autofree char *path = g_strdup_printf ("/practice-mt1959/%s/%s", name, what);

  g_test_add_data_func (path, data, func);
}

int
main (int argc, char **argv)
{
  static const char *const not_taken[] = { "wrong-family", "bad-cmac", "other-board" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      add_for ("identity", cases[i].id, &cases[i], test_identity);
      add_for ("oem", cases[i].id, &cases[i], test_oem);
      add_for ("redumper", cases[i].id, &cases[i], test_redumper);
      add_for ("boot", cases[i].id, &cases[i], test_boot);
    }
  for (guint i = 0; i < G_N_ELEMENTS (not_taken); i++)
    add_for ("not-taken", not_taken[i], not_taken[i], test_not_taken);
  for (guint i = 0; i < G_N_ELEMENTS (unfit); i++)
    add_for ("unfit", unfit[i].id, &unfit[i], test_unfit);
  g_test_add_func ("/practice-mt1959/descriptor", test_descriptor);
  g_test_add_func ("/practice-mt1959/half-height", test_half_height);
  g_test_add_func ("/practice-mt1959/downgrade", test_downgrade);
  g_test_add_func ("/practice-mt1959/encrypted", test_encrypted);
  g_test_add_func ("/practice-mt1959/modified", test_modified);
  g_test_add_func ("/practice-mt1959/crossed", test_crossed);
  g_test_add_func ("/practice-mt1959/silent", test_silent);
  g_test_add_func ("/practice-mt1959/failed-burn", test_failed_burn);
  g_test_add_func ("/practice-mt1959/boot-encrypted", test_boot_encrypted);
  g_test_add_func ("/practice-mt1959/order", test_order);
  add_for ("every-byte-counts", "prepare", plain, test_every_byte_counts);
  add_for ("every-byte-counts", "unlock", unlock, test_every_byte_counts);
  g_test_add_func ("/practice-mt1959/banner-reads", test_banner_reads);
  g_test_add_func ("/practice-mt1959/vectors", test_vectors);
  return g_test_run ();
}
