/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include "families/ofl-practice-catalog.h"

#include <string.h>

#define SEED 7u
#define MAX_CDB 16u

typedef struct {
  guint8 cdb[MAX_CDB];
  guint cdb_len;
  const guint8 *data;
  gsize length;
} Line;

struct _Script {
  GArray *lines;
};

Wire *
wire_new (const char *id)
{
  return wire_new_unit (id, SEED);
}

Wire *
wire_new_unit (const char *id, guint32 seed)
{
  Wire *self = g_new0 (Wire, 1);
  g_autoptr (GError) error = NULL;

  self->drive = ofl_practice_new (id, seed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wire_ready (self), ==, SENSE_RESET);
  g_assert_cmpuint (wire_ready (self), ==, SENSE_NO_DISC);
  return self;
}

void
wire_free (Wire *self)
{
  g_object_unref (self->drive);
  g_free (self);
}

static guint
parse_cdb (const char *text, guint8 *cdb)
{
  guint digits = 0;

  memset (cdb, 0, MAX_CDB);
  for (; *text != '\0'; text++)
    if (*text != ' ')
      {
        g_assert_true (g_ascii_isxdigit (*text));
        g_assert_cmpuint (digits, <, 2 * MAX_CDB);
        cdb[digits / 2] = (guint8) (cdb[digits / 2] << 4 | g_ascii_xdigit_value (*text));
        digits++;
      }
  g_assert_cmpuint (digits % 2, ==, 0);
  return digits / 2;
}

static guint32
execute (Wire *self, const Line *line, OflDirection dir, gsize in_max)
{
  OflPracticeRequest request = { line->cdb, line->cdb_len, dir };

  request.out = line->data;
  request.out_len = line->length;
  request.in = dir == OFL_DIR_IN ? self->in : NULL;
  request.in_max = in_max;
  memset (self->in, 0xee, sizeof self->in);
  ofl_practice_drive_execute (self->drive, self->now_us, &request, &self->answer);
  self->now_us += self->answer.delay_us;
  if (self->answer.vanish)
    return SENSE_VANISHED;
  if (self->answer.hang)
    return SENSE_HANGS;
  g_assert_true ((self->answer.status == 0) == (self->answer.key == 0));
  return (guint32) self->answer.key << 16 | (guint32) self->answer.asc << 8 | self->answer.ascq;
}

guint32
wire_none (Wire *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  Line line = { 0 };
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line.cdb_len = parse_cdb (text, line.cdb);
  return execute (self, &line, OFL_DIR_NONE, 0);
}

guint32
wire_in (Wire *self, gsize max, const char *format, ...)
{
  g_autofree char *text = NULL;
  Line line = { 0 };
  va_list args;

  g_assert_cmpuint (max, <=, WIRE_ROOM);
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line.cdb_len = parse_cdb (text, line.cdb);
  return execute (self, &line, OFL_DIR_IN, max);
}

guint32
wire_out (Wire *self, const guint8 *data, gsize length, const char *format, ...)
{
  g_autofree char *text = NULL;
  Line line = { .data = data, .length = length };
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line.cdb_len = parse_cdb (text, line.cdb);
  return execute (self, &line, OFL_DIR_OUT, 0);
}

guint32
wire_send (Wire *self, const guint8 *cdb, guint cdb_len, const guint8 *data, gsize length)
{
  Line line = { .cdb_len = cdb_len, .data = data, .length = length };

  g_assert_cmpuint (cdb_len, <=, MAX_CDB);
  memcpy (line.cdb, cdb, cdb_len);
  return execute (self, &line, OFL_DIR_OUT, 0);
}

guint32
wire_ready (Wire *self)
{
  return wire_none (self, "00 00 00 00 00 00");
}

void
wire_power_cycle (Wire *self)
{
  ofl_practice_drive_power_cycle (self->drive, self->now_us);
  wire_ready (self);
}

void
wire_cut_in_burn (Wire *self, guint thousandths)
{
  g_autofree char *fault = g_strdup_printf ("power-loss-burn %u", thousandths);
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (self->drive, fault, &error);
  g_assert_no_error (error);
}

/* Compares the strings of INQUIRY, filled up with blanks. */
void
wire_assert_identity (Wire *self, const char *vendor, const char *product, const char *revision)
{
  g_autofree char *wanted = g_strdup_printf ("%-8s%-16s%-4s", vendor, product, revision);
  g_autofree char *got = NULL;

  g_assert_cmpuint (wire_in (self, 96, "12 00 00 00 60 00"), ==, 0);
  /* an SE-506 sends more than byte 4 says (se506 1) */
  g_assert_cmpuint (self->answer.in_len, >=, 5u + self->in[4]);
  got = g_strndup ((const char *) self->in + 8, 28);
  g_assert_cmpstr (got, ==, wanted);
}

GBytes *
wire_image (const char *id, const char *revision, const char *variant)
{
  g_autoptr (GError) error = NULL;
  GBytes *image = ofl_practice_make_image (id, revision, variant, &error);

  g_assert_no_error (error);
  return image;
}

/* A command first: the chip stands as of the last one. */
gboolean
wire_holds (Wire *self, const char *revision)
{
  g_autoptr (GBytes) image = wire_image (ofl_practice_drive_get_id (self->drive), revision, NULL);

  wire_in (self, 96, "12 00 00 00 60 00");
  return ofl_practice_drive_holds (self->drive, image);
}

Script *
script_new (void)
{
  Script *self = g_new0 (Script, 1);

  self->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  return self;
}

void
script_free (Script *self)
{
  g_array_unref (self->lines);
  g_free (self);
}

/* @data is not copied. */
void
script_add (Script *self, const guint8 *data, gsize length, const char *format, ...)
{
  g_autofree char *text = NULL;
  Line line = { .data = data, .length = length };
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line.cdb_len = parse_cdb (text, line.cdb);
  g_array_append_val (self->lines, line);
}

guint
script_length (const Script *self)
{
  return self->lines->len;
}

/* Sends @n lines; the first refusal ends it and is returned. */
guint32
script_run (const Script *self, Wire *wire, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      guint32 sense = execute (wire, &g_array_index (self->lines, Line, i), OFL_DIR_OUT, 0);

      if (sense != 0)
        return sense;
    }
  return 0;
}

/* What a careless host would do: goes on whatever is answered. */
static gboolean
run_changed (const Script *self, const char *id, GBytes *image, guint command, guint byte,
             guint8 mask)
{
  g_autoptr (Wire) wire = wire_new (id);
  gboolean refused = FALSE;

  for (guint i = 0; i < self->lines->len; i++)
    {
      Line line = g_array_index (self->lines, Line, i);

      if (i == command)
        line.cdb[byte] ^= mask;
      refused |= execute (wire, &line, OFL_DIR_OUT, 0) != 0;
    }
  wire->now_us += 600 * G_USEC_PER_SEC;
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  return refused || !ofl_practice_drive_holds (wire->drive, image);
}

/* Changes each byte of the @commands' CDBs: it must be refused, or not leave the image. */
void
script_assert_every_byte_counts (const Script *self, const char *id, GBytes *image,
                                 const guint *commands, guint n_commands)
{
  static const guint8 masks[] = { 0x01, 0x80 };

  g_assert_false (run_changed (self, id, image, G_MAXUINT, 0, 0));
  for (guint i = 0; i < n_commands; i++)
    for (guint byte = 0; byte < g_array_index (self->lines, Line, commands[i]).cdb_len; byte++)
      for (guint mask = 0; mask < G_N_ELEMENTS (masks); mask++)
        if (!run_changed (self, id, image, commands[i], byte, masks[mask]))
          g_error ("command %u, byte %u, mask %02x: not noticed", commands[i], byte, masks[mask]);
}

/* tests 5 */
void
fact_generate (guint32 seed, guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      seed = seed * 0x41c64e6du + 0x3039u;
      data[i] = (guint8) (seed >> 16);
    }
}

guint
fact_sum (const guint8 *data, gsize length, guint start)
{
  while (length-- > 0)
    start += *data++;
  return start & 0xffff;
}

guint32
fact_sum_words (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i < length / 2; i++)
    sum += fact_be (data + 2 * i, 2);
  return sum & 0xffff;
}

guint32
fact_be (const guint8 *data, guint n)
{
  guint32 value = 0;

  for (guint i = 0; i < n; i++)
    value = value << 8 | data[i];
  return value;
}
