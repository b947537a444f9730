/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hitachi-LG's updater (EXE) for Renesas drives: an encrypted trailer that only trying out finds,
 * an encrypted block, and holes in it (renesas 3.2). */
#include "families/renesas/ofl-hlds.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define TAG "Update Data for HLDS's Drive"
#define LONGEST_TRAILER 0x100u
#define SHORTEST_TRAILER 0x1Du
#define N_HOLES 64u
#define STARTS 0x4u
#define LENGTHS 0x104u
#define DATA 0x204u

typedef struct {
  OflHldsCipher cipher;
  gsize length;
  guint32 block_start;
  guint32 block_length; /* to the end of the file: with the trailer */
} Trailer;

static gboolean
try_trailer (OflSlice file, OflHldsCipher cipher, gsize length, Trailer *trailer)
{
  const guint8 *p = file.data + file.length - length;
  guint8 plain[LONGEST_TRAILER];
  OflSlice span = { plain, length };
  gsize at;

  memcpy (plain, p, 2);
  ofl_hlds_crypt (cipher, (guint16) ofl_get_be (p, 2), p + 2, plain + 2, length - 2);
  if (!ofl_slice_find (span, 2, TAG, sizeof TAG - 1, &at))
    return FALSE;
  trailer->cipher = cipher;
  trailer->length = length;
  trailer->block_start = ofl_get_be (plain + 2, 4);
  trailer->block_length = ofl_get_be (plain + 6, 4);
  return TRUE;
}

static gboolean
find_trailer (OflSlice file, Trailer *trailer)
{
  gsize longest = MIN (LONGEST_TRAILER, file.length);

  for (guint cipher = OFL_HLDS_CIPHER_MULTIPLY; cipher <= OFL_HLDS_CIPHER_ROTATE_SUM; cipher++)
    for (gsize length = longest; length >= SHORTEST_TRAILER; length--)
      if (try_trailer (file, cipher, length, trailer))
        return TRUE;
  return FALSE;
}

static char *
say_damaged (guint64 offset, const char *reason)
{
  /* Translators: the second %s is a clause that says what is wrong */
  return g_strdup_printf (_ ("This Hitachi-LG updater is damaged at offset 0x%" PRIX64 ": %s. "
                             "Download it again, "
                             "or use another file."),
                          offset, reason);
}

/* Decrypts the block in place of a copy; its first two bytes are the seed and stay. */
static OflUnpacked
decrypt_block (OflSlice file, const Trailer *trailer, guint8 **block, gsize *length, GError **error)
{
  gsize tail_at = file.length - trailer->length;
  const guint8 *p;

  if (trailer->block_length == 0)
    return ofl_container_damaged (error, say_damaged, tail_at, _ ("it says that it holds no data"));
  if ((guint64) trailer->block_start + trailer->block_length != file.length)
    return ofl_container_damaged (
        error, say_damaged, tail_at,
        _ ("its data should end at 0x%" PRIX64 ", but the file ends at 0x%zX"),
        (guint64) trailer->block_start + trailer->block_length, file.length);
  if (trailer->block_length < DATA + trailer->length)
    return ofl_container_damaged (error, say_damaged, trailer->block_start,
                                  _ ("its data are shorter than their own table"));
  *length = trailer->block_length - trailer->length;
  p = file.data + trailer->block_start;
  *block = g_memdup2 (p, *length);
  ofl_hlds_crypt (trailer->cipher, (guint16) ofl_get_be (p, 2), p + 2, *block + 2, *length - 2);
  return OFL_UNPACKED_DONE;
}

/* The source keeps 24 bits of each field, which is enough for any updater. */
static guint32
get_hole (const guint8 *block, guint table, guint index)
{
  return ofl_get_be (block + table + 4 * index, 4) & 0xFFFFFF;
}

/* Copies up to where the next hole begins and puts zeros there; a hole that begins behind its
 * place is never reached, as in the source. */
static GBytes *
fill_holes (const guint8 *block, gsize length, guint32 block_start, guint64 limit)
{
  g_autoptr (GByteArray) flat = g_byte_array_new ();
  gsize at = DATA;
  gsize earliest = DATA;

  for (guint i = 0; i < N_HOLES; i++)
    {
      guint64 start = get_hole (block, STARTS, i);
      guint32 n_zeros = get_hole (block, LENGTHS, i);
      guint old = flat->len;
      gsize run;

      if (n_zeros == 0 || start < (guint64) block_start + earliest
          || start >= (guint64) block_start + length)
        break;
      run = (gsize) (start - block_start) - at;
      if (old + (guint64) run + n_zeros > limit)
        return NULL;
      g_byte_array_append (flat, block + at, (guint) run);
      g_byte_array_set_size (flat, old + (guint) run + n_zeros);
      memset (flat->data + old + run, 0, n_zeros);
      at += run;
      earliest = at + 1;
    }
  if (flat->len + (guint64) (length - at) > limit)
    return NULL;
  g_byte_array_append (flat, block + at, (guint) (length - at));
  return g_byte_array_free_to_bytes (g_steal_pointer (&flat));
}

/**
 * ofl_container_hlds_exe:
 * @input: a file
 * @output: its components are appended as "MAIN" and "CORE"
 * @error: return location
 *
 * Opens a Hitachi-LG updater (renesas 3.2).
 *
 * Returns: what came of it
 */
OflUnpacked
ofl_container_hlds_exe (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSlice file = ofl_slice_of_bytes (input->bytes);
  guint64 limit = MIN (input->budget, OFL_CONTAINER_MAX_PART);
  g_autofree guint8 *block = NULL;
  g_autoptr (GBytes) flat = NULL;
  Trailer trailer;
  gsize length = 0;

  if (!ofl_slice_equals (file, 0, "MZ", 2) || !find_trailer (file, &trailer))
    return OFL_UNPACKED_NOT_MINE;
  if (decrypt_block (file, &trailer, &block, &length, error) != OFL_UNPACKED_DONE)
    return OFL_UNPACKED_DAMAGED;
  flat = fill_holes (block, length, trailer.block_start, limit);
  if (flat == NULL)
    return ofl_container_too_big (error, input->name);
  if (ofl_hlds_split (flat, say_damaged, trailer.block_start + DATA, input, output, error)
      != OFL_UNPACKED_DONE)
    return OFL_UNPACKED_DAMAGED;
  output->title
      = g_strdup_printf (_ ("Hitachi-LG updater (encryption %u)"), (guint) trailer.cipher);
  return OFL_UNPACKED_DONE;
}
