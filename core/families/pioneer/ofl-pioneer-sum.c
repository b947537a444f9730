/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer files of the DVR-106 to DVR-108 are scrambled with a key that they carry themselves, and
 * hold a sum under it. Only for looking: the drive takes the file as it is.
 * pioneer 3.3. */
#include "families/pioneer/ofl-pioneer.h"

#include "scsi/ofl-bytes.h"

/* A scrambled region and the key behind or before it; two words in it are rotated only. */
typedef struct {
  gsize file_length;
  guint32 region;
  guint32 region_length;
  guint32 key;
  guint32 key_length;
} Layout;

static const Layout normal_layout = { 0x100000, 0x10000, 0xc3000, 0xe0000, 0xc300 };
static const Layout kernel_layout = { 0x10000, 0xb000, 0x5000, 0x9000, 0x500 };

#define PLAIN_WORD_1 0x8000u
#define PLAIN_WORD_2 0x70000u

static guint32
rotate_right (guint32 word, guint bits)
{
  return bits == 0 ? word : (word >> bits) | (word << (32 - bits));
}

static guint32
unscramble_word (guint32 word, guint32 key, guint32 at)
{
  if (at != PLAIN_WORD_1 && at != PLAIN_WORD_2)
    word ^= key;
  return rotate_right (word, key & 31);
}

/**
 * ofl_pioneer_unscramble:
 * @part: (array length=length): a kernel or a normal part as it is in a file
 * @length: its length
 * @kernel: it is a kernel
 *
 * Returns: (transfer full) (nullable): its @length bytes in the clear; %NULL when the length is
 *   not that of such a file
 */
guint8 *
ofl_pioneer_unscramble (const guint8 *part, gsize length, gboolean kernel)
{
  const Layout *layout = kernel ? &kernel_layout : &normal_layout;
  guint8 *clear;

  if (length != layout->file_length)
    return NULL;
  clear = g_memdup2 (part, length);
  for (guint32 i = 0; i < layout->region_length; i += 4)
    {
      guint32 key = ofl_get_le (part + layout->key + i % layout->key_length, 4);
      guint8 *word = clear + layout->region + i;

      ofl_put_le (word, 4, unscramble_word (ofl_get_le (word, 4), key, i));
    }
  return clear;
}

static guint32
add_words (const guint8 *data, guint32 from, guint32 to)
{
  guint32 sum = 0;

  for (guint32 at = from; at < to; at += 4)
    sum += ofl_get_le (data + at, 4);
  return sum;
}

/**
 * ofl_pioneer_check_sum:
 * @part: (array length=length): a kernel or a normal part as it is in a file
 * @length: its length
 * @kernel: it is a kernel
 * @stored: (out): the sum it carries
 * @computed: (out): the sum it should carry
 *
 * Returns: whether the part has a length at which the sum's place is known
 */
gboolean
ofl_pioneer_check_sum (const guint8 *part, gsize length, gboolean kernel, guint32 *stored,
                       guint32 *computed)
{
  g_autofree guint8 *clear = ofl_pioneer_unscramble (part, length, kernel);

  if (clear == NULL)
    return FALSE;
  if (kernel)
    {
      *stored = ofl_get_le (clear + 0xb000, 4);
      *computed = -add_words (clear, 0xc000, 0x10000);
    }
  else
    {
      *stored = ofl_get_le (clear + 0xd2000, 4);
      *computed = -(add_words (clear, 0x10000, 0xcbffc) + add_words (clear, 0xd0000, 0xd1000));
    }
  return TRUE;
}
