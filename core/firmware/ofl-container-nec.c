/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: several images in one file, to be found from its end (annex-nec §3.5). Whether
 * an image has the two bytes of a bootcode is found out for each by itself; the source keeps the
 * first answer for all and so loses some. */
#include "firmware/ofl-container-private.h"
#include "firmware/ofl-nec-ids.h"

#define BOOTCODE_SIZE 2u
#define SMALLEST 6u

typedef struct {
  const OflNecType *type;
  gsize start;
  gsize length;
} Piece;

static gboolean
match_tail (OflSpan file, gsize end, gsize bootcode, Piece *piece)
{
  const OflNecType *type;

  if (end < 4 + bootcode)
    return FALSE;
  type = ofl_nec_find_type (file.data + end - 4 - bootcode);
  if (type == NULL || type->id_offset != type->length - 4 || end < type->length + bootcode)
    return FALSE;
  *piece = (Piece){ type, end - type->length - bootcode, type->length + bootcode };
  return TRUE;
}

/* The BD type ends with its sum and has its ID near its beginning. */
static gboolean
match_head (OflSpan file, gsize end, Piece *piece)
{
  static const guint32 length = 1901058, id_offset = 0x42;
  const OflNecType *type;

  if (end < length)
    return FALSE;
  type = ofl_nec_find_type (file.data + end - length + id_offset);
  if (type == NULL || type->length != length || type->id_offset != id_offset)
    return FALSE;
  *piece = (Piece){ type, end - length, length };
  return TRUE;
}

static GArray *
find_pieces (OflSpan file)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  gsize end = file.length;
  Piece piece;

  while (end >= SMALLEST
         && (match_tail (file, end, 0, &piece) || match_tail (file, end, BOOTCODE_SIZE, &piece)
             || match_head (file, end, &piece)))
    {
      g_array_prepend_val (pieces, piece);
      end = piece.start;
    }
  return pieces;
}

/**
 * ofl_container_nec:
 * @input: a file
 * @output: its images are appended as "image 1", "image 2", … from the beginning of the file
 * @error: return location
 *
 * Splits a file of several NEC or Optiarc images; bytes in front of the first are passed over. A
 * file that is one image is left as it is.
 *
 * Returns: %OFL_UNPACKED_DONE or %OFL_UNPACKED_NOT_MINE
 */
OflUnpacked
ofl_container_nec (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSpan file = ofl_span_of_bytes (input->bytes);
  g_autoptr (GArray) pieces = find_pieces (file);
  const Piece *first = pieces->len > 0 ? &g_array_index (pieces, Piece, 0) : NULL;

  if (first == NULL || first->length == file.length)
    return OFL_UNPACKED_NOT_MINE;
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);
      g_autofree char *name = g_strdup_printf ("image %u", i + 1);
      g_autofree char *note = NULL;
      g_autoptr (GBytes) bytes
          = g_bytes_new_from_bytes (input->bytes, piece->start, piece->length);

      if (i == 0 && piece->start > 0)
        note = g_strdup_printf ("0x%" G_GSIZE_MODIFIER
                                "X bytes in front of this image belong to none.",
                                piece->start);
      ofl_container_add (output, name, bytes, NULL, note);
    }
  output->title = pieces->len > 1 ? g_strdup_printf ("%u NEC or Optiarc images", pieces->len)
                                  : g_strdup ("NEC or Optiarc image behind other bytes");
  return OFL_UNPACKED_DONE;
}
