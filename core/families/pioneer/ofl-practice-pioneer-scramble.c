/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scrambling and the sums of files for the generations 106 to 108, as the drive's side of an
 * update knows them. Source: pioneer 3.3. */
#include "families/pioneer/ofl-practice-pioneer.h"

#include <string.h>

#define NORMAL_SIZE 0x100000u
#define KERNEL_SIZE 0x10000u

/* The words that are not XORed, counted from the start of the region */
#define PLAIN_1 0x8000u
#define PLAIN_2 0x70000u

/* The Normal's table of running sums is at the same time the key. */
#define TABLE_STEP 0x80u
#define TABLE_SOURCE_START 0x10000u
#define TABLE_SOURCE_END 0xd3000u

typedef struct {
  guint32 region, region_size;
  guint32 key, key_size;
  guint32 sum;
  guint32 summed[2][2]; /* start, end */
} Layout;

static const Layout normal_layout = {
  .region = 0x10000,
  .region_size = 0xc3000,
  .key = 0xe0000,
  .key_size = 0xc300,
  .sum = 0xd2000,
  .summed = { { 0x10000, 0xcbffc }, { 0xd0000, 0xd1000 } },
};

static const Layout kernel_layout = {
  .region = 0xb000,
  .region_size = 0x5000,
  .key = 0x9000,
  .key_size = 0x500,
  .sum = 0xb000,
  .summed = { { 0xc000, 0x10000 } },
};

static guint32
rotate_left (guint32 word, guint by)
{
  return by == 0 ? word : word << by | word >> (32 - by);
}

static guint32
sum_words (const guint8 *file, guint32 start, guint32 end)
{
  guint32 sum = 0;

  for (guint32 at = start; at < end; at += 4)
    sum += ofl_get_le (file + at, 4);
  return sum;
}

static guint32
sum_of (const guint8 *file, const Layout *layout)
{
  guint32 sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (layout->summed); i++)
    sum += sum_words (file, layout->summed[i][0], layout->summed[i][1]);
  return sum;
}

/* The running sum after each 80 bytes, the final sum, then its distance to the words before. */
static void
put_table (guint8 *file, const Layout *layout)
{
  guint32 at = layout->key;
  guint32 again = layout->key;
  guint32 sum = 0;

  for (guint32 from = TABLE_SOURCE_START; from < TABLE_SOURCE_END; from += TABLE_STEP, at += 4)
    {
      sum += sum_words (file, from, from + TABLE_STEP);
      ofl_put_le (file + at, 4, sum);
    }
  ofl_put_le (file + at, 4, sum);
  for (at += 4; at < layout->key + layout->key_size; at += 4, again += 4)
    ofl_put_le (file + at, 4, sum - ofl_get_le (file + again, 4));
}

static gboolean
is_plain (guint32 offset)
{
  return offset == PLAIN_1 || offset == PLAIN_2;
}

static void
scramble (guint8 *file, const Layout *layout)
{
  for (guint32 i = 0; i < layout->region_size; i += 4)
    {
      guint32 key = ofl_get_le (file + layout->key + i % layout->key_size, 4);
      guint32 word = rotate_left (ofl_get_le (file + layout->region + i, 4), key & 0x1f);

      ofl_put_le (file + layout->region + i, 4, is_plain (i) ? word : word ^ key);
    }
}

static void
unscramble (guint8 *file, const Layout *layout)
{
  for (guint32 i = 0; i < layout->region_size; i += 4)
    {
      guint32 key = ofl_get_le (file + layout->key + i % layout->key_size, 4);
      guint32 word = ofl_get_le (file + layout->region + i, 4);

      word = is_plain (i) ? word : word ^ key;
      ofl_put_le (file + layout->region + i, 4, rotate_left (word, (32 - (key & 0x1f)) & 0x1f));
    }
}

/**
 * ofl_practice_pioneer_seal: (skip)
 * @file: (array): a Normal of 100000 hex bytes or a Kernel of 10000, not scrambled
 * @kernel: which of the two
 *
 * Puts in the sum, and in a Normal the table; then scrambles. Source: pioneer 3.3.
 */
void
ofl_practice_pioneer_seal (guint8 *file, gboolean kernel)
{
  const Layout *layout = kernel ? &kernel_layout : &normal_layout;

  ofl_put_le (file + layout->sum, 4, 0 - sum_of (file, layout));
  if (!kernel)
    put_table (file, layout);
  scramble (file, layout);
}

/**
 * ofl_practice_pioneer_check_sum: (skip)
 * @file: (array): a Normal or a Kernel, scrambled, as it came over the wire
 * @kernel: which of the two
 *
 * Checks the sum as the drive is taken to do before it keeps a file. Source: pioneer 3.3
 * for the sum; that the drive looks at it is assumed.
 *
 * Returns: whether the sum is right
 */
gboolean
ofl_practice_pioneer_check_sum (const guint8 *file, gboolean kernel)
{
  const Layout *layout = kernel ? &kernel_layout : &normal_layout;
  g_autofree guint8 *plain = g_memdup2 (file, kernel ? KERNEL_SIZE : NORMAL_SIZE);

  unscramble (plain, layout);
  return ofl_get_le (plain + layout->sum, 4) + sum_of (plain, layout) == 0;
}
