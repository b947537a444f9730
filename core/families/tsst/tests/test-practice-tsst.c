/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TSST MT1339 and SD-616F, device side, against tsst 2 and tsst 3.2. */
#include "kit/wire.h"

#include <string.h>

typedef struct {
  const char *id;
  const char *vendor, *product;
  gsize size; /* of the file */
  gsize block;
  guint end_mode;
  guint n_blocks;
} Case;

static const Case cases[] = {
  { "shd163", "TSSTcorp", "DVD-ROM SH-D163B", 0x40000, 0xfc00, 0x04, 5 },
  { "sd616", "SAMSUNG", "DVD-ROM SD-616F", 0x20000, 0x10000, 0x02, 3 },
};

/* tsst 3.2, as it is written there */
static guint8 *
rearrange (const guint8 *in)
{
  guint8 *out = g_malloc0 (0x30000);

  memcpy (out, in, 0x10000);
  memcpy (out + 0x10400, in + 0x10000, 0x1f800 - 0x10000);
  memcpy (out + 0x20000, in + 0x1f800, 0x800);
  memcpy (out + 0x20800, in + 0x10400, 0x1f800 - 0x10400);
  return out;
}

/* What goes over the wire, and the commands for it. */
typedef struct {
  guint8 *sent;
  gsize size;
  Script *script;
} Transfer;

static void
transfer_free (Transfer *self)
{
  script_free (self->script);
  g_free (self->sent);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Transfer, transfer_free)

static Transfer *
make_transfer (const Case *c, GBytes *image)
{
  Transfer *self = g_new0 (Transfer, 1);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);
  gboolean banks = g_str_equal (c->id, "sd616") && size == c->size;

  self->size = banks ? 0x30000 : size;
  self->sent = banks ? rearrange (data) : g_memdup2 (data, size);
  self->script = script_new ();
  for (gsize at = 0; at < self->size; at += c->block)
    {
      gsize length = MIN (c->block, self->size - at);
      guint mode = at == 0 ? 0x00 : at + length == self->size ? c->end_mode : 0xff;

      script_add (self->script, self->sent + at, length, "ff 00 01 00 00 %02x 00 00 00 00 00 00",
                  mode);
    }
  return self;
}

static void
test_good (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (Wire) wire = wire_new (c->id);
  g_autoptr (GBytes) image = wire_image (c->id, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (c, image);

  wire_assert_identity (wire, c->vendor, c->product, "1.00");
  g_assert_cmpuint (script_length (transfer->script), ==, c->n_blocks);
  g_assert_cmphex (script_run (transfer->script, wire, 0, c->n_blocks - 1), ==, 0);
  g_assert_true (wire_holds (wire, "1.00"));
  g_assert_cmphex (script_run (transfer->script, wire, c->n_blocks - 1, 1), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, >, G_USEC_PER_SEC);
  wire_assert_identity (wire, c->vendor, c->product, "1.03");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
  g_assert_true (wire_holds (wire, "1.03"));
  g_assert_false (wire_holds (wire, "1.00"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, c->n_blocks);
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  wire_assert_identity (wire, c->vendor, c->product, "1.03");
}

static void
test_image (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) image = wire_image (c->id, "2.00", NULL);
  g_autoptr (GBytes) half = wire_image (c->id, "2.00", "truncated");
  g_autofree char *id = g_strdup_printf ("%-8s%-16s2.00", c->vendor, c->product);
  const guint8 *bytes = g_bytes_get_data (image, NULL);

  g_assert_cmpuint (g_bytes_get_size (image), ==, c->size);
  g_assert_cmpuint (g_bytes_get_size (half), ==, c->size / 2);
  g_assert_cmpmem (bytes + 0x100, 28, id, 28);
  g_assert_cmphex (fact_sum (bytes, c->size - 2, 0), ==,
                   (guint) bytes[c->size - 2] << 8 | bytes[c->size - 1]);
}

/* The rearrangement of this test against the written vector. */
static void
test_vector (void)
{
  g_autofree guint8 *in = g_malloc (0x20000);
  g_autofree guint8 *out = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  fact_generate (0x616, in, 0x20000);
  out = rearrange (in);
  before = g_compute_checksum_for_data (G_CHECKSUM_SHA256, in, 0x20000);
  after = g_compute_checksum_for_data (G_CHECKSUM_SHA256, out, 0x30000);
  g_assert_cmpstr (before, ==, "104699dbe41b9172bbdefb3847e0fe8e6e8f47847eac0c084885a60d779bf991");
  g_assert_cmpstr (after, ==, "0fc1c68128db6a7e91b907d81daaeadc9e886572bfc6bdcea1d12943a94327e8");
}

static void
assert_untouched (const Case *c, Wire *wire)
{
  wire_assert_identity (wire, c->vendor, c->product, "1.00");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (wire_holds (wire, "1.00"));
}

static void
test_bad_images (gconstpointer data)
{
  static const char *const variants[] = { "bad-sum", "wrong-family", "truncated" };
  const Case *c = data;

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (Wire) wire = wire_new (c->id);
      g_autoptr (GBytes) image = wire_image (c->id, "1.03", variants[i]);
      g_autoptr (Transfer) transfer = make_transfer (c, image);
      guint32 sense = script_run (transfer->script, wire, 0, script_length (transfer->script));

      /* half an image of a SD-616F is one whole block, and nothing ends it */
      if (g_str_equal (c->id, "sd616") && g_str_equal (variants[i], "truncated"))
        g_assert_cmphex (sense, ==, 0);
      else
        g_assert_cmphex (sense, >, 0x050000);
      assert_untouched (c, wire);
    }
}

static void
test_order (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (Wire) wire = wire_new (c->id);
  g_autoptr (GBytes) image = wire_image (c->id, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (c, image);
  const guint8 *sent = transfer->sent;
  guint n = c->n_blocks;

  g_assert_cmphex (script_run (transfer->script, wire, 1, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (script_run (transfer->script, wire, n - 1, 1), ==, SENSE_SEQUENCE);
  /* the end mode too early, the other family's end mode, a middle one at the end */
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, 0);
  g_assert_cmphex (wire_out (wire, sent, c->block, "ff 00 01 00 00 %02x 00 00 00 00 00 00",
                             c->end_mode),
                   ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (transfer->script, wire, 0, n - 1), ==, 0);
  g_assert_cmphex (wire_out (wire, sent, transfer->size - (n - 1) * c->block,
                             "ff 00 01 00 00 %02x 00 00 00 00 00 00", c->end_mode ^ 0x06),
                   ==, SENSE_BAD_FIELD);
  g_assert_cmphex (script_run (transfer->script, wire, 0, n - 1), ==, 0);
  g_assert_cmphex (wire_out (wire, sent, transfer->size - (n - 1) * c->block,
                             "ff 00 01 00 00 ff 00 00 00 00 00 00"),
                   ==, SENSE_BAD_FIELD);
  /* another block size, and after a refusal all begins anew */
  g_assert_cmphex (wire_out (wire, sent, 0x8000, "ff 00 01 00 00 00 00 00 00 00 00 00"), ==,
                   SENSE_BAD_DATA);
  g_assert_cmphex (script_run (transfer->script, wire, 1, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_none (wire, "ff 00 ff 00 00 00 00 00 00 00 00 aa"), ==, SENSE_BAD_FIELD);
  assert_untouched (c, wire);
  /* a bus reset forgets what has come */
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (script_run (transfer->script, wire, 1, 1), ==, SENSE_SEQUENCE);
  g_assert_cmphex (script_run (transfer->script, wire, 0, n), ==, 0);
  g_assert_true (wire_holds (wire, "1.03"));
}

/* The banks of a SD-616F have to fit together. */
static void
test_banks (void)
{
  static const guint32 places[] = { 0x10000, 0x1fc00, 0x20800, 0x2fbff, 0x2fc00, 0x2ffff };
  const Case *c = &cases[1];
  g_autoptr (GBytes) image = wire_image (c->id, "1.03", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (Wire) wire = wire_new (c->id);
      g_autoptr (Transfer) transfer = make_transfer (c, image);

      transfer->sent[places[i]] ^= 0x40;
      g_assert_cmphex (script_run (transfer->script, wire, 0, 3), ==, SENSE_BAD_DATA);
      assert_untouched (c, wire);
    }
}

static void
test_every_byte_counts (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) image = wire_image (c->id, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (c, image);
  const guint commands[] = { 0, 1, c->n_blocks - 1 };

  script_assert_every_byte_counts (transfer->script, c->id, image, commands,
                                   G_N_ELEMENTS (commands));
}

static void
test_disc (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (Wire) wire = wire_new (c->id);
  g_autoptr (GBytes) image = wire_image (c->id, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (c, image);

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  g_assert_cmphex (wire_ready (wire), ==, 0x062800);
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  g_assert_cmphex (script_run (transfer->script, wire, 0, c->n_blocks), ==, 0);
}

static void
test_power_loss (gconstpointer data)
{
  static const char *const faults[]
      = { "power-loss-burn 1", "power-loss-burn 500", "power-loss-burn 999" };
  const Case *c = data;

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Wire) wire = wire_new (c->id);
      g_autoptr (GBytes) image = wire_image (c->id, "1.03", NULL);
      g_autoptr (Transfer) transfer = make_transfer (c, image);

      g_assert_true (ofl_practice_drive_add_fault (wire->drive, faults[i], NULL));
      g_assert_cmphex (script_run (transfer->script, wire, 0, c->n_blocks), ==, SENSE_VANISHED);
      ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
      wire_assert_identity (wire, c->vendor, "", "");
      g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
      g_assert_cmphex (wire_ready (wire), ==, SENSE_DEAD);
      g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, SENSE_DEAD);
      g_assert_false (wire_holds (wire, "1.03"));
    }
}

/* Faults that strike writes know the vendor's command. */
static void
test_faults (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (Wire) wire = wire_new (c->id);
  g_autoptr (GBytes) image = wire_image (c->id, "1.03", NULL);
  g_autoptr (Transfer) transfer = make_transfer (c, image);

  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "refuse 2", NULL));
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, 0);
  g_assert_cmphex (script_run (transfer->script, wire, 1, 1), ==, SENSE_BAD_FIELD);
  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "vanish-byte 70000 500", NULL));
  g_assert_cmphex (script_run (transfer->script, wire, 0, 1), ==, 0);
  g_assert_cmphex (script_run (transfer->script, wire, 1, 1), ==, SENSE_VANISHED);
}

static void
add (const char *name, GTestDataFunc func)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/tsst/%s/%s", cases[i].id, name);

      g_test_add_data_func (path, &cases[i], func);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("good", test_good);
  add ("image", test_image);
  add ("bad-images", test_bad_images);
  add ("order", test_order);
  add ("every-byte-counts", test_every_byte_counts);
  add ("disc", test_disc);
  add ("power-loss", test_power_loss);
  add ("faults", test_faults);
  g_test_add_func ("/tsst/vector", test_vector);
  g_test_add_func ("/tsst/sd616/banks", test_banks);
  return g_test_run ();
}
