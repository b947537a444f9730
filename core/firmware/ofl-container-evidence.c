/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dumps of a damaged flash, as Optiflash itself keeps them: a page of text, then the bytes. */
#include "firmware/ofl-container-private.h"
#include "firmware/ofl-evidence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LEAD "OPTIFLASH EVIDENCE 1\n"

static const char header[] = LEAD
    "The bytes from 200h on were read from a drive whose firmware is damaged or missing.\n"
    "They are kept for study. This is no backup, and must not be written to a drive.\n";

G_STATIC_ASSERT (sizeof header <= OFL_EVIDENCE_HEADER_LEN);

/**
 * ofl_evidence_wrap:
 * @data: (array length=length): what was read from a damaged flash
 * @length: its length
 *
 * Returns: (transfer full): the content of a file that keeps it as evidence
 */
GBytes *
ofl_evidence_wrap (const guint8 *data, gsize length)
{
  guint8 *file = g_malloc0 (OFL_EVIDENCE_HEADER_LEN + length);

  memcpy (file, header, sizeof header - 1);
  memcpy (file + OFL_EVIDENCE_HEADER_LEN, data, length);
  return g_bytes_new_take (file, OFL_EVIDENCE_HEADER_LEN + length);
}

/**
 * ofl_container_evidence:
 * @input: a file
 * @output: what was read from the drive is appended
 * @error: return location
 *
 * Returns: %OFL_UNPACKED_DONE or %OFL_UNPACKED_NOT_MINE
 */
OflUnpacked
ofl_container_evidence (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSlice file = ofl_slice_of_bytes (input->bytes);
  g_autoptr (GBytes) dump = NULL;

  if (file.length <= OFL_EVIDENCE_HEADER_LEN || memcmp (file.data, LEAD, sizeof LEAD - 1) != 0)
    return OFL_UNPACKED_NOT_MINE;
  dump = g_bytes_new_from_bytes (input->bytes, OFL_EVIDENCE_HEADER_LEN,
                                 file.length - OFL_EVIDENCE_HEADER_LEN);
  ofl_container_add (output, "dump", dump, NULL,
                     _ ("Read from a drive whose firmware is damaged: no backup, and never "
                        "written."));
  ((OflPart *) g_ptr_array_index (output->parts, output->parts->len - 1))->evidence = TRUE;
  output->title = g_strdup (_ ("Evidence: a dump of a damaged flash"));
  return OFL_UNPACKED_DONE;
}
