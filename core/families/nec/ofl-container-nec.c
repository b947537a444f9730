/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: several images in one file, to be found from its end (nec 3.2). Whether
 * an image has the two bytes of a bootcode is found out for each by itself; the source keeps the
 * first answer for all and so loses some. */
#include "families/nec/ofl-nec.h"
#include "family/ofl-family-private.h"

#include <glib/gi18n-lib.h>

#define BOOTCODE_SIZE 2u
#define SMALLEST 6u

typedef struct {
  gsize start;
  gsize length;
} Piece;

/* What an image with this ID looks like; NULL when no image has it. */
static const OflNecLayout *
find_layout (const guint8 *id)
{
  g_autoptr (OflNecModel) model = ofl_nec_model_by_id (&ofl_family_nec, id, 0);

  return model != NULL && model->layout->writes ? model->layout : NULL;
}

static gboolean
match_tail (OflSlice file, gsize end, gsize bootcode, Piece *piece)
{
  const OflNecLayout *layout;

  if (end < OFL_NEC_ID_LEN + bootcode)
    return FALSE;
  layout = find_layout (file.data + end - OFL_NEC_ID_LEN - bootcode);
  if (layout == NULL || layout->id_at != layout->length - OFL_NEC_ID_LEN
      || end < layout->length + bootcode)
    return FALSE;
  *piece = (Piece){ end - layout->length - bootcode, layout->length + bootcode };
  return TRUE;
}

/* The BD type ends with its sum and has its ID near its beginning. */
static gboolean
match_head (OflSlice file, gsize end, Piece *piece)
{
  const OflNecLayout *bd = ofl_nec_layout ("2MOptiBD");

  if (end < bd->length || find_layout (file.data + end - bd->length + bd->id_at) != bd)
    return FALSE;
  *piece = (Piece){ end - bd->length, bd->length };
  return TRUE;
}

static GArray *
find_pieces (OflSlice file)
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
 * ofl_nec_unpack:
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
ofl_nec_unpack (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSlice file = ofl_slice_of_bytes (input->bytes);
  g_autoptr (GArray) pieces = find_pieces (file);
  const Piece *first = pieces->len > 0 ? &g_array_index (pieces, Piece, 0) : NULL;

  if (first == NULL || first->length == file.length)
    return OFL_UNPACKED_NOT_MINE;
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);
      g_autofree char *name = g_strdup_printf ("image %u", i + 1);
      g_autofree char *note = NULL;
      g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (input->bytes, piece->start, piece->length);

      if (i == 0 && piece->start > 0)
        note = g_strdup_printf (
            g_dngettext (GETTEXT_PACKAGE, "0x%zX byte in front of this image belongs to none.",
                         "0x%zX bytes in front of this image belong to none.", piece->start),
            piece->start);
      ofl_container_add (output, name, bytes, NULL, note);
    }
  if (pieces->len > 1)
    output->title = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u NEC or Optiarc image",
                                                  "%u NEC or Optiarc images", pieces->len),
                                     pieces->len);
  else
    output->title = g_strdup (_ ("NEC or Optiarc image behind other bytes"));
  return OFL_UNPACKED_DONE;
}
