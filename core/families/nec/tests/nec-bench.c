/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nec-bench.h"

#include <string.h>

#include "scsi/ofl-bytes.h"

/* What belongs together stands in one line. */
/* clang-format off */
const Variant bench_variants[11] = {
  { "640K", "K110", 0x9b004, FALSE, "", 634888, "c8491e66dba2fcbf", 61,
    { "CC0437740000000000000000", "CC14DEEB0000000000000000" },
    "08a50fe4d130789cf8b334d84b93eb392d31706cf80c4d8e0387ed722373e786", 0x5000, 0x4500, 0x4f00, 0,
    "0.08" },
  { "768K", "L210", 0xb8000, FALSE, "", 753668, "00a874e20dd857ef", 50,
    { "CC042CA80000000020000000" },
    "1496be0c4e8cf7446873005e237f9904457dc46595c6561dc88c87b697228072", 0x8000, 0x4500, 0x4f00, 0,
    "0.00" },
  { "1M", "K352", 0xfa000, FALSE, "08", 1024006, "9d529a187bbdd104", 69,
    { "CC04B21F0000000020000000" },
    "58a2e5a610244e2092b9dd20085a3541064de388eaf109c943e369d6d45ce972", 0x6000, 0x4800, 0x5f00, 0,
    "0.08" },
  { "1M-K2", "K210", 0xfa000, FALSE, "08", 1024006, "6329956e84b06b0f", 70,
    { "CC04FB340000000004000000", "CC04B21F0000000008000000" },
    "eb9da0b08b3fb32c3632196f257a7e4cb0527800427f26ae75240065e675bd06", 0x6000, 0x4800, 0x5f00, 0,
    "0.08" },
  { "2M", "K355", 0x1e0000, TRUE, "08", 1966088, "1e826e9db0998e2b", 124,
    { "CC04AC140000000000000000" },
    "aefc376bf47e172003e2b24173970522f19832dcf7061c2d8838e4ee26cf53a3", 0x10000, 0x4800, 0x5f00,
    0, "0.08" },
  { "2M", "K370", 0x1e0000, TRUE, "08", 1966088, "48c31c1fc0bffada", 124,
    { "CC04AC140000000000000000" },
    "db0fa6baa2b716bf5343434a79890c73962198e349ba880132a0ed45423041c4", 0x10000, 0x4800, 0x5f00,
    0x10000, "0.08" },
  { "2MOpti", "Q175", 0x1c0000, TRUE, "08", 1835016, "069d9d23b8277ad4", 115,
    { "CC04EB680000000000000000" },
    "3342f15314152075940f08700868ddf177695bcd5824a0c3841018293a477842", 0x30000, 0x4800, 0x5f00,
    0x30000, "0.08" },
  { "2MOpti2", "G205", 0x1c0000, TRUE, "08", 1835016, "48a22e85bcc48415", 116,
    { "CC04EB680000000000000000" },
    "f68179ce35e4410cc62cfcb765d04f4bcfd917a62e705f9d6db9e12bd09c24f5", 0x30000, 0x4800, 0x5f00,
    0x30000, "0.08" },
  { "2MOpti3", "G245", 0x1b0000, TRUE, "08", 1769480, "d68d1a1304966568", 112,
    { "CC0473920000000000000000" },
    "551a879b8f056ab9ccfcc52a9b6f2ae121b9f727930c19782a00718b3b76c437", 0x30000, 0x10800, 0x20f00,
    0x30000, "0.08" },
  { "2MOpti4", "G285", 0x1b0000, TRUE, "08", 1769480, "f5b82b7dca787dc2", 112,
    { "CC06E18700001B0000050000", "CC06739200001B0000040000" },
    "fa988faa978c0433fb84f8ab0745e8d19927a8b4cc39afcfd3641335a8ba493b", 0x30000, 0x10800, 0x20f00,
    0x30000, "0.08" },
  { "2MOptiBD", "C505", 0x1d0200, TRUE, "", 1901058, "5dc6f5e4963bb13d", 121,
    { "CC0400000000000000000000", "CC0400000000000100000000" },
    "a18f7a8784261d9ec20281aba63db7858ef5f11e2e8ad812c4b56d7e6278a734", 0, 0x7000, 0x8000, 0,
    "0.08" },
};
/* clang-format on */

const Variant *
bench_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (bench_variants); i++)
    if (g_str_equal (bench_variants[i].id, id))
      return &bench_variants[i];
  g_assert_not_reached ();
}

guint8 *
bench_noise (gsize length)
{
  guint8 *out = g_malloc (length);
  guint64 x = 1;

  for (gsize i = 0; i < length; i++)
    {
      x = (x * 1103515245 + 12345) % 2147483648u;
      out[i] = (guint8) (x >> 16);
    }
  return out;
}

guint16
bench_sum (const guint8 *data, gsize length)
{
  guint sum = 0;

  for (gsize i = 0; i < length; i++)
    sum += i % 2 == 0 ? data[i] * 256u : data[i];
  return (guint16) sum;
}

guint8 *
bench_image (const Variant *variant)
{
  guint8 *image = bench_noise (variant->size);
  guint8 *at = image + variant->payload;
  gboolean bd = g_str_equal (variant->type, "2MOptiBD");

  if (g_str_equal (variant->type, "640K"))
    memcpy (image + 0x7b000, variant->id, 4);
  if (g_str_equal (variant->type, "768K"))
    image[0x400] = 0x84;
  if (bd)
    memcpy (image + 0x42, variant->id, 4);
  if (variant->sum)
    {
      guint16 sum = bench_sum (image, variant->payload);

      *at++ = (guint8) (sum >> 8);
      *at++ = (guint8) sum;
    }
  if (!bd)
    {
      memcpy (at, variant->id, 4);
      memcpy (at + 4, variant->bootcode, strlen (variant->bootcode));
      at += 4 + strlen (variant->bootcode);
    }
  g_assert_true (at == image + variant->size);
  return image;
}

static void
refuse (OflReply *reply)
{
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
}

static void
answer_ready (Bench *self, OflReply *reply)
{
  if (self->busy_left > 0)
    {
      self->busy_left--;
      fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x04, 1);
    }
  else if (!self->disc)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0);
}

static void
answer_safe (Bench *self, const OflCommand *command, OflReply *reply)
{
  if (memcmp (command->cdb + 4, self->safe_id, 4) != 0 || command->cdb[8] != 1)
    {
      refuse (reply);
      return;
    }
  if (self->safe && command->cdb[2] == 0)
    self->busy_left = self->busy;
  self->safe = command->cdb[2] == 1;
}

static void
answer_read (Bench *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint32 address = ofl_get_be (command->cdb + 2, 4);
  guint32 n = ofl_get_be (command->cdb + 7, 2);
  gboolean with_id = command->cdb[9] == 'R' && command->cdb[10] == 'D';

  g_assert_cmpuint (command->length, ==, (n + 3) / 4 * 4);
  if (address + command->length > BENCH_MEMORY || (self->deaf_rid && address == self->rid_area))
    refuse (reply);
  else if (self->dump_id_at != 0 && address >= self->payload_at && n > 1
           && !(self->safe && with_id && command->cdb[11] == self->memory[self->dump_id_at]))
    refuse (reply);
  else
    memcpy (data, self->memory + address, command->length);
}

static void
answer_write (Bench *self, const OflCommand *command, const guint8 *data, OflReply *reply)
{
  guint32 address = ofl_get_be (command->cdb + 2, 4);
  guint8 code = command->cdb[1] & 0x0f;

  if (!self->safe)
    {
      refuse (reply);
      return;
    }
  if (code == 1)
    {
      guint32 n = command->cdb[8] != 0 && command->cdb[7] == 0 && command->cdb[6] == 0
                          && command->cdb[8] <= 8
                      ? command->cdb[8] * 0x1000u
                      : ofl_get_be (command->cdb + 6, 3);

      g_assert_cmpuint (n, <=, command->length);
      g_assert_cmpuint (address + n, <=, BENCH_MEMORY);
      memcpy (self->staged + address, data, n);
    }
  else if (code == 2)
    memcpy (self->memory + self->payload_at, self->staged + self->payload_at,
            BENCH_MEMORY - self->payload_at);
}

static void
fill_inquiry (const Bench *self, guint8 inquiry[96])
{
  memset (inquiry, 0, 96);
  inquiry[0] = 5;
  inquiry[4] = 91;
  memset (inquiry + 8, ' ', 28);
  memcpy (inquiry + 8, self->vendor, strlen (self->vendor));
  memcpy (inquiry + 16, self->product, strlen (self->product));
  memcpy (inquiry + 32, self->safe ? self->safe_revision : self->revision, 4);
}

static void
write_down (Bench *self, const OflCommand *command, const guint8 *data)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < command->cdb_len; i++)
    g_string_append_printf (line, "%02X", command->cdb[i]);
  g_string_append_printf (line, " %c %X", "NIO"[command->dir], command -> length);
  if (command->dir == OFL_DIR_OUT)
    g_string_append_printf (line, " %04X", bench_sum (data, command->length));
  g_ptr_array_add (self->trace, g_string_free (line, FALSE));
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  Bench *self = user_data;
  guint8 inquiry[96];

  write_down (self, command, data);
  if ((int) self->count++ == self->fail_at)
    {
      fake_reply_sense (reply, OFL_KEY_HARDWARE_ERROR, 0x44, 0);
      return;
    }
  switch (command->cdb[0])
    {
    case 0x00:
      answer_ready (self, reply);
      break;
    case 0x12:
      fill_inquiry (self, inquiry);
      memcpy (data, inquiry, MIN (command->length, sizeof inquiry));
      break;
    case 0xcb:
      answer_write (self, command, data, reply);
      break;
    case 0xcc:
      if ((command->cdb[1] & 0x0f) == 0)
        answer_read (self, command, data, reply);
      else if ((command->cdb[1] & 0x0f) == 1)
        answer_safe (self, command, reply);
      break;
    default:
      refuse (reply);
    }
}

/* A drive of the variant whose firmware is all zeros, but for what it is asked for. */
Bench *
bench_new (const Variant *variant)
{
  Bench *self = g_new0 (Bench, 1);

  self->memory = g_malloc0 (BENCH_MEMORY);
  self->staged = g_malloc0 (BENCH_MEMORY);
  self->trace = g_ptr_array_new_with_free_func (g_free);
  self->vendor = "_NEC";
  self->product = "DVD_RW ND-PRACT";
  self->revision = "1.07";
  self->safe_revision = variant->safe_revision;
  self->safe_id = variant->id;
  self->dump_id_at = variant->dump_id_at;
  self->payload_at = variant->base;
  self->rid_area = variant->rid_area;
  self->fail_at = -1;
  memcpy (self->memory + variant->address, variant->id, 4);
  if (variant->dump_id_at != 0)
    self->memory[variant->dump_id_at] = 0xc6;
  if (g_str_equal (variant->type, "768K"))
    self->memory[0x8400] = 0x84;
  return self;
}

void
bench_free (Bench *self)
{
  g_free (self->memory);
  g_free (self->staged);
  g_ptr_array_unref (self->trace);
  g_free (self);
}

/* Puts an image where the drive would have it. */
void
bench_load (Bench *self, const Variant *variant, const guint8 *image)
{
  if (g_str_equal (variant->type, "640K"))
    {
      memcpy (self->memory + 0x5000, image, 0x7b000);
      memcpy (self->memory + 0x240000, image + 0x7b004, 0x20000);
    }
  else
    memcpy (self->memory + variant->base, image, variant->payload);
}

void
bench_clear_trace (Bench *self)
{
  g_ptr_array_set_size (self->trace, 0);
  self->count = 0;
}

FakeTransport *
bench_transport (Bench *self)
{
  return fake_transport_new (answer, self);
}

void
bench_identity (const Bench *self, OflIdentity *identity)
{
  guint8 inquiry[96];

  fill_inquiry (self, inquiry);
  memset (identity, 0, sizeof *identity);
  ofl_identity_parse_inquiry (identity, inquiry, sizeof inquiry);
  identity->reads = 3;
  identity->medium = self->disc;
}

OflSnapshot *
bench_probe (Bench *self, const char *wanted_family)
{
  g_autoptr (FakeTransport) transport = bench_transport (self);
  OflIdentity identity;

  bench_identity (self, &identity);
  return ofl_families_probe (OFL_TRANSPORT (transport), &identity, (gpointer) wanted_family);
}

const OflFamily *
nec_family (void)
{
  return ofl_families_find ("nec");
}
