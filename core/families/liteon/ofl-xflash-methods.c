/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How XFlash updaters hide their images, and how that is undone: liteon 3.6, 3.7. */
#include "families/liteon/ofl-xflash.h"

/* Method 1 exchanges this much at both ends. */
#define SWAP 0x8000u
/* Methods 2 and 3 change one byte in each of this many slots. */
#define STEPS OFL_XFLASH_KEY_SIZE
#define ANY 0x100

/* Finds a pattern in which ANY stands for every byte; returns where it begins. */
static gboolean
find_pattern (OflSlice file, const guint16 *pattern, gsize n_bytes, gsize *at)
{
  guint8 first[2] = { (guint8) pattern[0], (guint8) pattern[1] };

  for (gsize from = 0; ofl_slice_find (file, from, first, 2, at); from = *at + 1)
    {
      gsize i = 2;

      if (!ofl_slice_has (file, *at, n_bytes))
        return FALSE;
      while (i < n_bytes && (pattern[i] == ANY || pattern[i] == file.data[*at + i]))
        i++;
      if (i == n_bytes)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_fibonacci_code (OflSlice file)
{
  guint16 pattern[4 + 12 + 4 + 25 + 2];
  gsize at;

  for (guint i = 0; i < G_N_ELEMENTS (pattern); i++)
    pattern[i] = ANY;
  memcpy (pattern, ((const guint16[]){ 0x30, 0x02, 0xEB, 0x2B }), 8);
  memcpy (pattern + 16, ((const guint16[]){ 0x80, 0x34, 0x02, 0xFF }), 8);
  memcpy (pattern + 45, ((const guint16[]){ 0x30, 0x10 }), 4);
  return find_pattern (file, pattern, G_N_ELEMENTS (pattern), &at);
}

static gboolean
has_mask_code (OflSlice file, guint8 *mask)
{
  static const guint16 one[] = { 0x0F, 0xB6, 0x04, 0x08, 0x25, ANY,  0x00, 0x00,
                                 0x80, 0x79, 0x05, 0x48, 0x83, 0xC8, ANY,  0x40 };
  static const guint16 two[] = { 0x33, 0xC0, 0x8A, 0x04, 0x0A, 0x25, ANY, 0x00, 0x00,
                                 0x80, 0x79, 0x05, 0x48, 0x83, 0xC8, ANY, 0x40 };
  gsize at_one = G_MAXSIZE, at_two = G_MAXSIZE;
  gboolean has_one = find_pattern (file, one, G_N_ELEMENTS (one), &at_one);
  gboolean has_two = find_pattern (file, two, G_N_ELEMENTS (two), &at_two);

  if (has_one && (!has_two || at_one < at_two))
    *mask = file.data[at_one + 5];
  else if (has_two)
    *mask = file.data[at_two + 6];
  return has_one || has_two;
}

static gboolean
has_blank_run (OflSlice file)
{
  guint8 run[256];
  gsize at;

  memset (run, 0xFF, sizeof run);
  return ofl_slice_find (file, 0, run, sizeof run, &at);
}

/**
 * ofl_xflash_choose_method:
 * @file: the (unpacked) updater
 * @version: its version number, 0 when unknown
 * @scrambled: whether its images are scrambled at all
 * @method: (out): the method and its parameters
 *
 * Recognises the method by the version and by the machine code that undoes it
 * (liteon 3.6).
 *
 * Returns: %FALSE when the images are scrambled in no known way
 */
gboolean
ofl_xflash_choose_method (OflSlice file, guint version, gboolean scrambled, OflXFlashMethod *method)
{
  memset (method, 0, sizeof *method);
  if (!scrambled)
    return TRUE;
  method->id = 1;
  if (version == 20005)
    return TRUE;
  if (version < 20100)
    return FALSE;
  if (has_fibonacci_code (file))
    method->id = 2;
  else if (has_mask_code (file, &method->mask))
    method->id = 3;
  else if (has_blank_run (file))
    {
      method->inverted = 0x400;
      method->gap = 0x1000;
    }
  else
    return FALSE;
  return TRUE;
}

/**
 * ofl_xflash_undo_swap:
 * @stored: the bytes as they stand in the updater, @gap more than the image has
 * @inverted: how many of the first are inverted
 * @gap: how many behind these are no part of the image
 * @length: (out): the image's length
 *
 * Undoes method 1, "flip and swap" (liteon 3.7).
 *
 * Returns: (transfer full) (nullable): the image, or %NULL when it is so short that its ends overlap
 */
guint8 *
ofl_xflash_undo_swap (OflSlice stored, guint inverted, guint gap, gsize *length)
{
  guint8 *image;

  if (stored.length < (gsize) gap + 2 * SWAP || stored.length < (gsize) gap + inverted)
    return NULL;
  *length = stored.length - gap;
  image = g_malloc (*length);
  for (gsize i = 0; i < inverted; i++)
    image[i] = (guint8) ~stored.data[i];
  memcpy (image + inverted, stored.data + inverted + gap, *length - inverted);
  for (gsize i = 0; i < SWAP; i++)
    {
      gsize mirror = *length - 1 - i;
      guint8 byte = image[i];

      image[i] = image[mirror];
      image[mirror] = byte;
    }
  return image;
}

/* Slots are a fraction of a byte wider than whole when the length is no multiple of their number;
 * the source multiplies first and cuts afterwards. */
static gsize
find_slot (gsize length, guint step)
{
  return (gsize) ((guint64) step * length / STEPS);
}

/**
 * ofl_xflash_apply_fibonacci:
 * @image: (inout): scrambled or plain bytes
 * @length: how many
 * @key: 400h bytes
 * @sum: the sum of the revision's bytes in the updater's directory
 *
 * Undoes, or does, method 2 (liteon 3.7): a byte in each of 400h slots is changed with
 * the revision's sum, FFh or the key, as a Fibonacci number modulo 9 decides.
 *
 * Returns: %FALSE when the image is too short for its slots
 */
gboolean
ofl_xflash_apply_fibonacci (guint8 *image, gsize length, const guint8 *key, guint8 sum)
{
  guint32 a = 0, b = 1;

  for (guint n = 0; n < STEPS; n++)
    {
      guint k = key[n];
      guint turn = (n + 1) % 3;
      guint inside = turn == 0 ? k & 7 : turn == 1 ? k % 7 : k % 5;
      gsize p = find_slot (length, n) + inside;
      guint32 next = a + b;

      if (p >= length)
        return FALSE;
      a = b;
      b = next;
      if (b % 9 == 1)
        image[p] ^= sum;
      else if (b % 9 == 2)
        image[p] ^= 0xFF;
      else
        image[p] ^= (guint8) k;
      if (b > 0x2AF90C18)
        {
          a = 0;
          b = 1;
        }
    }
  return TRUE;
}

/* The steps whose byte is changed with the revision and the extra byte, not with the key. */
static gboolean
is_extra_step (guint n)
{
  return (n + 1) % 7 == 1 || (n + 1) % 7 == 3;
}

/**
 * ofl_xflash_apply_mask:
 * @image: (inout): scrambled or plain bytes
 * @length: how many
 * @key: 400h bytes
 * @sum: the sum of the revision's bytes in the updater's directory
 * @mask: which bits of a key byte are the position inside a slot
 * @extra: the extra byte, see ofl_xflash_vote_extra()
 *
 * Undoes, or does, method 3 (liteon 3.7).
 *
 * Returns: %FALSE when the image is too short for the mask
 */
gboolean
ofl_xflash_apply_mask (guint8 *image, gsize length, const guint8 *key, guint8 sum, guint8 mask,
                       guint8 extra)
{
  for (guint n = 0; n < STEPS; n++)
    {
      gsize p = find_slot (length, n) + (key[n] & mask);

      if (p >= length)
        return FALSE;
      image[p] ^= is_extra_step (n) ? (guint8) (sum ^ extra) : key[n];
    }
  return TRUE;
}

/**
 * ofl_xflash_vote_extra:
 * @scrambled: an image scrambled by method 3
 * @key: 400h bytes
 * @sum: the sum of the revision's bytes in the updater's directory
 * @mask: which bits of a key byte are a position
 * @extra: (out): the most likely extra byte
 * @clear: (out): whether the vote was won by far
 *
 * Finds method 3's extra byte, which stands nowhere in the updater: firmware is rich in zeros, so
 * the value that most often turns a byte into zero is it; a zero left of the byte makes its vote
 * count three times (liteon 3.7). On data without zeros the vote is worth nothing, and
 * then @clear says so.
 *
 * Returns: %FALSE when the image is too short for the mask
 */
gboolean
ofl_xflash_vote_extra (OflSlice scrambled, const guint8 *key, guint8 sum, guint8 mask,
                       guint8 *extra, gboolean *clear)
{
  guint votes[256] = { 0 };
  guint second = 0;

  for (guint n = 0; n < STEPS; n++)
    {
      gsize p = find_slot (scrambled.length, n) + (key[n] & mask);

      if (p >= scrambled.length)
        return FALSE;
      if (!is_extra_step (n))
        continue;
      votes[scrambled.data[p] ^ sum]
          += p > 0 && p < scrambled.length - 1 && scrambled.data[p - 1] == 0 ? 3 : 1;
    }
  *extra = 0;
  for (guint i = 1; i < G_N_ELEMENTS (votes); i++)
    if (votes[i] > votes[*extra])
      *extra = (guint8) i;
  for (guint i = 0; i < G_N_ELEMENTS (votes); i++)
    if (i != *extra)
      second = MAX (second, votes[i]);
  *clear = votes[*extra] >= 2 * second;
  return TRUE;
}

/**
 * ofl_xflash_verify:
 * @image: an image as it came out
 * @bad: (out): where the first byte stands that is no bank's first
 *
 * Whether each 64 KiB bank begins with 02 (an 8051 jump) or 80, or the image is a rebanked one
 * (liteon 3.7).
 *
 * Returns: %TRUE for an image
 */
gboolean
ofl_xflash_verify (OflSlice image, gsize *bad)
{
  gsize at = 0;

  while (at < image.length && (image.data[at] == 0x02 || image.data[at] == 0x80))
    at += 0x10000;
  if (at >= image.length && image.length > 0)
    return TRUE;
  *bad = at;
  return ofl_slice_equals (image, 0, "\002", 1) && ofl_slice_equals (image, 0x4000, "\002", 1)
         && ofl_slice_equals (image, 0xFFF8, "LITEONIT", 8);
}
