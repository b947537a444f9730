/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoes UPX, also where an updater disguises it. Lite-On overwrote the section names and most of
 * the packer's mark; nothing of that is needed here, because the header's own checksum tells it. */
#include "firmware/ofl-upx.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <ucl/ucl.h>

#include "firmware/ofl-container-private.h"

/* libucl looks at its end of input only after it took the next four bytes; they must be there. */
#define UCL_MARGIN 64u
#define FORMAT_WIN32_PE 9

typedef int (*Decompressor) (const ucl_bytep, ucl_uint, ucl_bytep, ucl_uintp, ucl_voidp);

static Decompressor
get_decompressor (guint8 method)
{
  switch (method)
    {
    case 2:
      return ucl_nrv2b_decompress_safe_le32;
    case 5:
      return ucl_nrv2d_decompress_safe_le32;
    case 8:
      return ucl_nrv2e_decompress_safe_le32;
    default:
      return NULL;
    }
}

static guint8
sum_header (const guint8 *p)
{
  guint sum = 0;

  for (guint i = 4; i <= 0x1E; i++)
    sum += p[i];
  return (guint8) (sum % 0xFB);
}

/**
 * ofl_upx_read_header:
 * @file: a packed program
 * @offset: where its pack header may stand
 * @header: (out): what it says
 *
 * Reads a pack header. Of the mark `UPX!` only the last character is asked for, because updaters
 * overwrite the others; the checksum decides (firmware 2.1).
 *
 * Returns: %TRUE when a header of a known method stands there and its block lies in the file
 */
gboolean
ofl_upx_read_header (OflSlice file, gsize offset, OflUpxHeader *header)
{
  const guint8 *p = file.data + offset;

  if (!ofl_slice_has (file, offset, OFL_UPX_HEADER_SIZE) || p[3] != '!' || p[5] != FORMAT_WIN32_PE
      || p[0x1F] != sum_header (p) || get_decompressor (p[6]) == NULL)
    return FALSE;
  header->offset = offset;
  header->method = p[6];
  header->unpacked_adler = ofl_get_le (p + 8, 4);
  header->packed_adler = ofl_get_le (p + 0xC, 4);
  header->unpacked_length = ofl_get_le (p + 0x10, 4);
  header->packed_length = ofl_get_le (p + 0x14, 4);
  header->filter = p[0x1C];
  header->cto = p[0x1D];
  return header->packed_length > 0 && header->unpacked_length > 0
         && ofl_slice_has (file, offset + OFL_UPX_HEADER_SIZE, header->packed_length);
}

/**
 * ofl_upx_find_header:
 * @file: a file
 * @header: (out): its pack header
 *
 * Looks for a pack header where UPX puts it: from 40h before the second section's bytes on
 * (firmware 2.1).
 *
 * Returns: %TRUE when the file is a program packed with UPX
 */
gboolean
ofl_upx_find_header (OflSlice file, OflUpxHeader *header)
{
  gsize pe, second, from;

  if (!ofl_container_is_program (file, &pe) || !ofl_slice_has (file, pe, 0x18)
      || ofl_get_le (file.data + pe + 6, 2) < 2)
    return FALSE;
  second = pe + 0x18 + ofl_get_le (file.data + pe + 0x14, 2) + 0x28;
  if (!ofl_slice_has (file, second, 0x28))
    return FALSE;
  from = ofl_get_le (file.data + second + 0x14, 4);
  from -= MIN (from, 0x40u);
  for (gsize at = from; at < from + 0x400; at++)
    if (ofl_upx_read_header (file, at, header))
      return TRUE;
  return FALSE;
}

/**
 * ofl_upx_decompress:
 * @method: 2, 5 or 8
 * @packed: the packed block
 * @unpacked_length: how long it was before
 *
 * Unpacks an NRV block (firmware 2.2).
 *
 * Returns: (transfer full) (nullable): @unpacked_length bytes, or %NULL when the block is damaged
 */
guint8 *
ofl_upx_decompress (guint8 method, OflSlice packed, gsize unpacked_length)
{
  Decompressor decompress = get_decompressor (method);
  g_autofree guint8 *input = NULL;
  g_autofree guint8 *block = NULL;
  ucl_uint length = (ucl_uint) unpacked_length;

  if (decompress == NULL || packed.length > G_MAXUINT32 - UCL_MARGIN || packed.length == 0
      || unpacked_length == 0 || unpacked_length > G_MAXUINT32)
    return NULL;
  input = g_malloc0 (packed.length + UCL_MARGIN);
  memcpy (input, packed.data, packed.length);
  block = g_malloc (unpacked_length);
  if (decompress (input, (ucl_uint) packed.length, block, &length, NULL) != UCL_E_OK
      || length != unpacked_length)
    return NULL;
  return g_steal_pointer (&block);
}

static char *
say_damaged (guint64 offset, const char *reason)
{
  /* Translators: the second %s is a clause that says what is wrong */
  return g_strdup_printf (_ ("This compressed program is damaged at offset 0x%" PRIX64 ": %s. "
                             "Download it again, "
                             "or use another file."),
                          offset, reason);
}

/**
 * ofl_container_upx:
 * @input: a file
 * @output: the program as it was before it was packed is appended
 * @error: return location
 *
 * Undoes UPX once. Programs packed by methods that no updater uses are left as they are.
 *
 * Returns: what came of it
 */
OflUnpacked
ofl_container_upx (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSlice file = ofl_slice_of_bytes (input->bytes);
  gsize limit = (gsize) MIN (input->budget, OFL_CONTAINER_MAX_PART);
  OflUpxHeader header;
  g_autofree guint8 *block = NULL;
  g_autoptr (GBytes) program = NULL;
  OflSlice packed;

  if (input->decompressed || !ofl_upx_find_header (file, &header))
    return OFL_UNPACKED_NOT_MINE;
  if (header.unpacked_length > limit)
    return ofl_container_too_big (error, input->name);
  packed = (OflSlice){ file.data + header.offset + OFL_UPX_HEADER_SIZE, header.packed_length };
  if (ucl_adler32 (1, packed.data, header.packed_length) != header.packed_adler)
    return ofl_container_damaged (error, say_damaged, header.offset + OFL_UPX_HEADER_SIZE,
                                  _ ("its 0x%X compressed bytes do not fit their own checksum"),
                                  header.packed_length);
  block = ofl_upx_decompress (header.method, packed, header.unpacked_length);
  if (block == NULL || ucl_adler32 (1, block, header.unpacked_length) != header.unpacked_adler)
    return ofl_container_damaged (error, say_damaged, header.offset + OFL_UPX_HEADER_SIZE,
                                  _ ("its compressed bytes do not give the 0x%X bytes they should"),
                                  header.unpacked_length);
  program = ofl_upx_rebuild (file, &header, block, limit);
  ofl_container_add (output, input->name, program, NULL, NULL);
  return OFL_UNPACKED_DONE;
}
