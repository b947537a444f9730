/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nec-host.h"

#include <string.h>

#define STEP 0x8000u
#define BLOCK 0x10000u

/* nec 1.1, 2.3 to 2.12, 2.14, 11 */
const NecFacts nec_facts[] = {
  { "nd1100", NEC_640K, "K110", "K110", "0.08", "_NEC", "DVD+RW ND-1100A", 0x4500, 0x4f00, 0x5000,
    0x80000, 0, 61, 634888, FALSE, "K110",
    "08a50fe4d130789cf8b334d84b93eb392d31706cf80c4d8e0387ed722373e786", "c8491e66dba2fcbf" },
  { "nd6500", NEC_768K, "L210", "L250", "0.00", "_NEC", "DVD+-RW ND-6500A", 0x4500, 0x4f00, 0x8000,
    0xc0000, 0, 50, 753668, FALSE, "L210",
    "1496be0c4e8cf7446873005e237f9904457dc46595c6561dc88c87b697228072", "00a874e20dd857ef" },
  { "nd3500", NEC_1M, "K310", "K350", "0.08", "_NEC", "DVD_RW ND-3500AG", 0x4800, 0x5f00, 0x6000,
    0x100000, 0, 69, 1024006, FALSE, "K352",
    "58a2e5a610244e2092b9dd20085a3541064de388eaf109c943e369d6d45ce972", "9d529a187bbdd104" },
  { "nd2500", NEC_K2, "K210", "K250", "0.08", "_NEC", "DVD_RW ND-2500A", 0x4800, 0x5f00, 0x6000,
    0x100000, 0, 70, 1024006, FALSE, "K210",
    "eb9da0b08b3fb32c3632196f257a7e4cb0527800427f26ae75240065e675bd06", "6329956e84b06b0f" },
  { "nd3550", NEC_2M, "K355", "K355", "0.08", "_NEC", "DVD_RW ND-3550A", 0x4800, 0x5f00, 0x10000,
    0x1f0000, 0, 124, 1966088, FALSE, "K355",
    "aefc376bf47e172003e2b24173970522f19832dcf7061c2d8838e4ee26cf53a3", "1e826e9db0998e2b" },
  { "nd3570", NEC_2M, "K370", "K370", "0.08", "_NEC", "DVD_RW ND-3570A", 0x4800, 0x5f00, 0x10000,
    0x1f0000, 0, 124, 1966088, TRUE, "K370",
    "db0fa6baa2b716bf5343434a79890c73962198e349ba880132a0ed45423041c4", "48c31c1fc0bffada" },
  { "ad7170", NEC_OPTI, "D770", "D770", "0.08", "Optiarc", "DVD RW AD-7170A", 0x4800, 0x5f00,
    0x30000, 0x1f0000, 0, 115, 1835016, TRUE, "Q175",
    "3342f15314152075940f08700868ddf177695bcd5824a0c3841018293a477842", "069d9d23b8277ad4" },
  { "ad7200", NEC_OPTI2, "G205", "G205", "0.08", "Optiarc", "DVD RW AD-7200S", 0x4800, 0x5f00,
    0x30000, 0x1f0000, 0, 116, 1835016, TRUE, "G205",
    "f68179ce35e4410cc62cfcb765d04f4bcfd917a62e705f9d6db9e12bd09c24f5", "48a22e85bcc48415" },
  { "ad7240", NEC_OPTI3, "G245", "G245", "0.08", "Optiarc", "DVD RW AD-7240S", 0x10800, 0x20f00,
    0x30000, 0x1e0000, 0, 112, 1769480, TRUE, "G245",
    "551a879b8f056ab9ccfcc52a9b6f2ae121b9f727930c19782a00718b3b76c437", "d68d1a1304966568" },
  { "ad7280", NEC_OPTI4, "G285", "G285", "0.08", "Optiarc", "DVD RW AD-7280S", 0x10800, 0x20f00,
    0x30000, 0x1e0000, 0, 112, 1769480, TRUE, "G285",
    "fa988faa978c0433fb84f8ab0745e8d19927a8b4cc39afcfd3641335a8ba493b", "f5b82b7dca787dc2" },
  { "bc5500", NEC_OPTI_BD, "C505", "C505", "0.08", "Optiarc", "BD ROM BC-5500S", 0x7000, 0x8000,
    0x30000, 0x200000, 0x200, 121, 1901058, FALSE, "C505",
    "a18f7a8784261d9ec20281aba63db7858ef5f11e2e8ad812c4b56d7e6278a734", "5dc6f5e4963bb13d" },
};

const guint n_nec_facts = G_N_ELEMENTS (nec_facts);

guint
nec_word (const guint8 *data)
{
  return (guint) data[0] << 8 | data[1];
}

/* nec 3.3 */
guint
nec_sum (const guint8 *data, gsize length)
{
  guint sum = 0;

  for (; length > 1; length -= 2, data += 2)
    sum += nec_word (data);
  return sum & 0xffff;
}

static void G_GNUC_PRINTF (4, 5)
    add (NecBurn *self, const guint8 *data, gsize length, const char *format, ...)
{
  NecLine line = { .data = data, .length = length };
  va_list args;

  va_start (args, format);
  line.cdb = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_cmpuint (strlen (line.cdb), ==, 24);
  g_array_append_val (self->lines, line);
}

static const guint8 *
source (NecBurn *self, gsize at, gsize length)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->image, &size);

  g_assert_cmpuint (at + length, <=, size);
  return data + at;
}

/* The templates of nec 2.1 */

static void
safe (NecBurn *self, guint bank, guint on)
{
  add (self, NULL, 0, "CC%X1%02X00%08X01000000", bank, on, self->id4);
}

static void
write_units (NecBurn *self, guint bank, guint32 address, guint units, gsize at)
{
  add (self, source (self, at, units * 0x1000), units * 0x1000, "CB%X1%08X0000%02X000000", bank,
       address, units);
}

static void
write_padded (NecBurn *self, guint32 address, gsize at)
{
  guint8 *buffer = g_malloc0 (STEP + 0x20);

  memcpy (buffer, source (self, at, STEP), STEP);
  g_ptr_array_add (self->buffers, buffer);
  add (self, buffer, STEP + 0x20, "CB01%08X000008000000", address);
}

static void
write_length (NecBurn *self, guint bank, guint32 address, guint length, gsize at, gboolean summed)
{
  const guint8 *data = source (self, at, length);

  add (self, data, length, "CB%X1%08X%06X00%04X", bank, address, length,
       summed ? nec_sum (data, length) : 0);
}

static void
check (NecBurn *self, guint bank, guint index, guint sum, guint bd)
{
  add (self, NULL, 0, "CC%X4%04X000000%02X%02X000000", bank, sum, bd, 4 * index);
}

static void
check_word (NecBurn *self, guint bank, guint index, gsize at)
{
  check (self, bank, index, nec_word (source (self, at, 2)), 0);
}

static void
check_area (NecBurn *self, gsize at, guint area)
{
  add (self, NULL, 0, "CC06%04X00001B0000%02X0000", nec_word (source (self, at, 2)), area);
}

/* @what: 4 erases, 2 programs; blocks @first to @last */
static void
by_bit (NecBurn *self, guint bank, guint what, guint first, guint last)
{
  for (guint n = first; n <= last; n++)
    add (self, NULL, 0, "CB%X%X%014" G_GINT64_MODIFIER "X000000", bank, what,
         G_GUINT64_CONSTANT (1) << n);
}

static void
by_number (NecBurn *self, guint what, guint first, guint last)
{
  for (guint n = first; n <= last; n++)
    add (self, NULL, 0, "CB0%X000000000000%02X000000", what, n);
}

static void
by_range (NecBurn *self, guint bank, guint what, guint32 first, guint32 last)
{
  for (guint32 address = first; address <= last; address += BLOCK)
    add (self, NULL, 0, "CB%X%X%08X010000000000", bank, what, address);
}

/* The sequences of nec 2.3 to 2.12 */

static void
burn_640k (NecBurn *self)
{
  static const struct {
    gsize at;
    guint32 address;
    guint units;
  } second[] = { { 0x7b004, 0x240000, 2 }, { 0x7d004, 0x242000, 1 }, { 0x7e004, 0x243000, 1 },
                 { 0x7f004, 0x244000, 4 }, { 0x83004, 0x248000, 8 }, { 0x8b004, 0x250000, 8 },
                 { 0x93004, 0x258000, 8 } };

  safe (self, 0, 1);
  for (guint i = 0; i < 3; i++)
    write_units (self, 0, 0x5000 + i * 0x1000, 1, i * 0x1000);
  for (guint32 at = 0x3000; at <= 0x73000; at += STEP)
    write_units (self, 0, 0x5000 + at, 8, at);
  check_word (self, 0, 0, 0x7affe);
  by_bit (self, 0, 4, 13, 15);
  by_bit (self, 0, 4, 0, 7);
  by_bit (self, 0, 2, 13, 15);
  by_bit (self, 0, 2, 0, 7);
  safe (self, 0, 0);
  safe (self, 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (second); i++)
    write_units (self, 1, second[i].address, second[i].units, second[i].at);
  check_word (self, 1, 0, 0x9b002);
  add (self, NULL, 0, "CB1800000000000000000000");
  by_bit (self, 1, 2, 8, 14);
  safe (self, 1, 0);
}

static void
burn_768k (NecBurn *self)
{
  safe (self, 0, 1);
  for (guint32 i = 0; i <= 0xb0000; i += STEP)
    write_units (self, 0, 0x8000 + i, 8, i);
  check_word (self, 0, 8, 0xb7ffe);
  by_bit (self, 0, 4, 8, 19);
  by_bit (self, 0, 2, 8, 19);
  safe (self, 0, 0);
}

static void
burn_1m (NecBurn *self)
{
  safe (self, 0, 1);
  for (guint32 i = 0; i <= 0xf0000; i += STEP)
    write_units (self, 0, 0x6000 + i, 8, i);
  write_units (self, 0, 0xfe000, 2, 0xf8000);
  if (self->flash == NEC_K2)
    {
      check_word (self, 0, 1, 0x29ffe);
      check_word (self, 0, 2, 0xf9ffe);
    }
  else
    check_word (self, 0, 8, 0xf9ffe);
  by_bit (self, 0, 4, 2, 18);
  by_bit (self, 0, 2, 2, 18);
  safe (self, 0, 0);
}

static void
burn_2m (NecBurn *self)
{
  safe (self, 0, 1);
  for (guint32 i = 0; i <= 0x1d8000; i += STEP)
    write_units (self, 0, 0x10000 + i, 8, i);
  check_word (self, 0, 0, 0x1e0000);
  by_bit (self, 0, 4, 4, 34);
  by_bit (self, 0, 2, 4, 33);
  safe (self, 0, 0);
}

static void
burn_opti (NecBurn *self)
{
  safe (self, 0, 1);
  for (guint32 i = 0; i <= 0x1b8000; i += STEP)
    if (self->flash == NEC_OPTI)
      write_padded (self, 0x30000 + i, i);
    else
      write_units (self, 0, 0x30000 + i, 8, i);
  check_word (self, 0, 0, 0x1c0000);
  if (self->flash == NEC_OPTI)
    {
      by_bit (self, 0, 4, 3, 30);
      by_bit (self, 0, 2, 3, 30);
    }
  else
    {
      by_number (self, 4, 3, 31);
      by_number (self, 2, 3, 30);
    }
  safe (self, 0, 0);
}

static void
burn_opti3 (NecBurn *self)
{
  safe (self, 0, 1);
  for (guint32 i = 0; i <= 0x1a8000; i += STEP)
    write_length (self, 0, 0x30000 + i, STEP, i, FALSE);
  check_word (self, 0, 0, 0x1b0000);
  by_range (self, 0, 4, 0x30000, 0x1e0000);
  by_range (self, 0, 2, 0x30000, 0x1d0000);
  safe (self, 0, 0);
}

static void
burn_opti4 (NecBurn *self)
{
  safe (self, 0, 1);
  check_area (self, 0xe, 5);
  by_range (self, 1, 4, 0x30000, 0x1d0000);
  for (guint32 i = 0; i <= 0x1a0000; i += BLOCK)
    {
      write_length (self, 1, 0x30000 + i, STEP, i, TRUE);
      write_length (self, 1, 0x38000 + i, STEP, i + STEP, TRUE);
      by_range (self, 1, 2, 0x30000 + i, 0x30000 + i);
    }
  check_area (self, 0x1b0000, 4);
  safe (self, 0, 0);
}

static void
burn_opti_bd (NecBurn *self)
{
  safe (self, 0, 1);
  for (guint32 i = 0; i <= 0x1c8000; i += STEP)
    write_length (self, 0, i, STEP, i, FALSE);
  write_length (self, 0, 0x1d0000, 0x200, 0x1d0000, FALSE);
  check (self, 0, 0, 0, 0);
  by_bit (self, 0, 4, 3, 31);
  by_bit (self, 0, 2, 3, 31);
  check (self, 0, 0, 0, 1);
  safe (self, 0, 0);
}

static void
clear_line (gpointer line)
{
  g_free (((NecLine *) line)->cdb);
}

NecBurn *
nec_burn_new (NecFlash flash, const char *id4, GBytes *image)
{
  static void (*const burns[]) (NecBurn *) = { burn_640k,  burn_768k,   burn_1m,   burn_1m,
                                               burn_2m,    burn_opti,   burn_opti, burn_opti3,
                                               burn_opti4, burn_opti_bd };
  NecBurn *self = g_new0 (NecBurn, 1);

  self->lines = g_array_new (FALSE, FALSE, sizeof (NecLine));
  g_array_set_clear_func (self->lines, clear_line);
  self->buffers = g_ptr_array_new_with_free_func (g_free);
  self->image = g_bytes_ref (image);
  self->flash = flash;
  for (guint i = 0; i < 4; i++)
    self->id4 = self->id4 << 8 | (guint8) id4[i];
  burns[flash](self);
  return self;
}

void
nec_burn_free (NecBurn *self)
{
  g_array_unref (self->lines);
  g_ptr_array_unref (self->buffers);
  g_bytes_unref (self->image);
  g_free (self);
}

const NecLine *
nec_burn_line (const NecBurn *self, guint index)
{
  g_assert_cmpuint (index, <, self->lines->len);
  return &g_array_index (self->lines, NecLine, index);
}

/* The first command from @from on whose hex begins with @start */
guint
nec_burn_find (const NecBurn *self, const char *start, guint from)
{
  while (!g_str_has_prefix (nec_burn_line (self, from)->cdb, start))
    from++;
  return from;
}

guint32
nec_burn_send (const NecBurn *self, Wire *wire, guint index)
{
  const NecLine *line = nec_burn_line (self, index);

  if (line->length == 0)
    return wire_none (wire, "%s", line->cdb);
  return wire_out (wire, line->data, line->length, "%s", line->cdb);
}

/* Sends the commands from @first to before @end; the first refusal ends it and is returned. */
guint32
nec_burn_run (const NecBurn *self, Wire *wire, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    {
      guint32 sense = nec_burn_send (self, wire, i);

      if (sense != 0)
        return sense;
    }
  return 0;
}

/* nec 11: the SHA-256 of the trace. */
char *
nec_burn_trace (const NecBurn *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    {
      const NecLine *line = nec_burn_line (self, i);

      if (line->length == 0)
        g_string_append_printf (text, "%s N 0\n", line->cdb);
      else
        g_string_append_printf (text, "%s O %" G_GSIZE_MODIFIER "X %04X\n", line->cdb, line->length,
                                nec_sum (line->data, line->length));
    }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
}
