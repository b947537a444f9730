/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fuzz target as a test, for every compiler: each seed as it is, and then changed
 * OFL_FUZZ_ROUNDS times (FUZZ_ROUNDS without that variable), always in the same way. The
 * sanitizers see what goes wrong. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "scsi/ofl-bytes.h"

typedef struct {
  char *name;
  guint8 *data;
  gsize length;
} Seed;

static guint
rounds (void)
{
  const char *text = g_getenv ("OFL_FUZZ_ROUNDS");

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : FUZZ_ROUNDS;
}

/* Half of the changes go where the structure of these files is: the first 2 KiB and the end. */
static gsize
choose_offset (GRand *rand, gsize length)
{
  gsize head = MIN (length, 0x800u), tail = MIN (length, 0x200u);

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      return (gsize) g_rand_int_range (rand, 0, (gint32) head);
    case 1:
      return length - 1 - (gsize) g_rand_int_range (rand, 0, (gint32) tail);
    default:
      return (gsize) g_rand_int_range (rand, 0, (gint32) length);
    }
}

static void
change_number (GRand *rand, guint8 *data, gsize length, gsize offset)
{
  static const guint32 numbers[] = { 0,          1,          0x7F,       0xFF,      0x400,
                                     0x7FFF,     0x8000,     0xFFFF,     0x10000,   0x1000000,
                                     0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF };
  guint32 number = numbers[g_rand_int_range (rand, 0, G_N_ELEMENTS (numbers))];
  guint n_bytes = MIN (4, (guint) (length - offset));

  if (g_rand_boolean (rand))
    ofl_put_le (data + offset, n_bytes, number);
  else
    ofl_put_be (data + offset, n_bytes, number);
}

/* One change; returns the file's new length, which is never greater. */
static gsize
change (GRand *rand, guint8 *data, gsize length)
{
  gsize offset = choose_offset (rand, length);
  gsize other = choose_offset (rand, length);
  gsize longest = (gsize) g_rand_int_range (rand, 1, 64);
  gsize run = MIN (length - MAX (offset, other), longest);

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      return MAX (offset, 1);
    case 1:
      memmove (data + offset, data + other, run);
      return length;
    case 2:
      memset (data + offset, g_rand_boolean (rand) ? 0xFF : 0x00, run);
      return length;
    case 3:
    case 4:
      change_number (rand, data, length, offset);
      return length;
    case 5:
      data[offset] = (guint8) g_rand_int (rand);
      return length;
    default:
      data[offset] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      return length;
    }
}

static void
run_seed (gconstpointer data)
{
  const Seed *seed = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (seed->name));

  LLVMFuzzerTestOneInput (seed->data, seed->length);
  for (guint i = rounds (); i > 0; i--)
    {
      guint n_changes = 1 + (guint) g_rand_int_range (rand, 0, 3);
      guint8 *copy = g_memdup2 (seed->data, seed->length);
      gsize length = seed->length;

      while (n_changes-- > 0)
        length = change (rand, copy, length);
      /* to its own length, so that a sanitizer sees the first byte behind it */
      copy = g_realloc (copy, length);
      LLVMFuzzerTestOneInput (copy, length);
      g_free (copy);
    }
}

static void
take_seed (const char *name, const guint8 *data, gsize length, gpointer user)
{
  Seed *seed = g_new0 (Seed, 1);

  g_assert_cmpuint (length, >, 0);
  seed->name = g_strdup (name);
  seed->data = g_memdup2 (data, length);
  seed->length = length;
  g_ptr_array_add (user, seed);
}

static void
free_seed (gpointer data)
{
  Seed *seed = data;

  g_free (seed->name);
  g_free (seed->data);
  g_free (seed);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) seeds = g_ptr_array_new_with_free_func (free_seed);

  g_test_init (&argc, &argv, NULL);
  fuzz_make_seeds (take_seed, seeds);
  for (guint i = 0; i < seeds->len; i++)
    {
      const Seed *seed = g_ptr_array_index (seeds, i);
      g_autofree char *path = g_strdup_printf ("/fuzz/" FUZZ_NAME "/%s", seed->name);

      g_test_add_data_func (path, seed, run_seed);
    }
  return g_test_run ();
}
