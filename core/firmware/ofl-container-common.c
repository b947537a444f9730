/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every format needs: parts, the words of refusals, and what a Windows program looks like. */
#include "firmware/ofl-container-private.h"

#include "scsi/ofl-error.h"

/**
 * ofl_part_new:
 * @name: where it was found
 * @bytes: (transfer none): the plain image
 * @revision: (nullable): the revision its container names
 * @note: (nullable): how it was unpacked, for people
 *
 * Returns: (transfer full): a part; free it with ofl_part_free()
 */
OflPart *
ofl_part_new (const char *name, GBytes *bytes, const char *revision, const char *note)
{
  OflPart *part = g_new0 (OflPart, 1);

  part->name = g_strdup (name);
  part->bytes = g_bytes_ref (bytes);
  part->revision = g_strdup (revision);
  part->note = g_strdup (note);
  return part;
}

/**
 * ofl_part_free:
 * @part: (transfer full) (nullable): a part
 */
void
ofl_part_free (OflPart *part)
{
  if (part == NULL)
    return;
  g_free (part->name);
  g_bytes_unref (part->bytes);
  g_free (part->revision);
  g_free (part->note);
  g_free (part);
}

/**
 * ofl_container_add:
 * @output: what a format found so far
 * @name: the part's name inside the container
 * @bytes: (transfer none): the part
 * @revision: (nullable): its revision
 * @note: (nullable): how it was unpacked
 *
 * Appends a part.
 */
void
ofl_container_add (OflContainerOutput *output, const char *name, GBytes *bytes,
                   const char *revision, const char *note)
{
  g_ptr_array_add (output->parts, ofl_part_new (name, bytes, revision, note));
}

/**
 * ofl_container_damaged:
 * @error: return location
 * @what: the kind of file, as the subject of a sentence: "This ZIP archive"
 * @offset: where in the file the damage was noticed
 * @reason_format: a clause that says what is wrong there
 *
 * Words the error of a damaged container.
 *
 * Returns: %OFL_UNPACKED_DAMAGED, with %OFL_ERROR_BAD_FILE set
 */
OflUnpacked
ofl_container_damaged (GError **error, const char *what, guint64 offset, const char *reason_format,
                       ...)
{
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, reason_format);
  reason = g_strdup_vprintf (reason_format, args);
  va_end (args);
  g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
               "%s is damaged at offset 0x%" G_GINT64_MODIFIER "X: %s. "
               "Download it again, or use another file.",
               what, offset, reason);
  return OFL_UNPACKED_DAMAGED;
}

/**
 * ofl_container_too_many:
 * @error: return location
 * @name: the file that holds too many parts
 *
 * Words the refusal of a file with more than %OFL_CONTAINER_MAX_PARTS parts.
 *
 * Returns: %OFL_UNPACKED_DAMAGED, with %OFL_ERROR_BAD_FILE set
 */
OflUnpacked
ofl_container_too_many (GError **error, const char *name)
{
  g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
               "“%s” holds more than %d files, which no firmware package does. "
               "Unpack it yourself and open the firmware file.",
               name, OFL_CONTAINER_MAX_PARTS);
  return OFL_UNPACKED_DAMAGED;
}

/**
 * ofl_container_too_big:
 * @error: return location
 * @name: the file that unpacks to too much
 *
 * Words the refusal of a file that unpacks to more than the bounds allow.
 *
 * Returns: %OFL_UNPACKED_DAMAGED, with %OFL_ERROR_BAD_FILE set
 */
OflUnpacked
ofl_container_too_big (GError **error, const char *name)
{
  g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
               "“%s” unpacks to far more than any firmware (the limits are %u MiB a file and %u MiB "
               "in all). Unpack it yourself and open the firmware file.",
               name, OFL_CONTAINER_MAX_PART >> 20, OFL_CONTAINER_MAX_TOTAL >> 20);
  return OFL_UNPACKED_DAMAGED;
}

/**
 * ofl_container_is_program:
 * @span: a file
 * @pe_offset: (out) (optional): where its PE header begins
 *
 * Whether a file is a Windows program: `MZ`, and `PE\0\0` either where the DOS header points to or
 * anywhere in the first 400h bytes (annex-containers §1.1; hand-made updaters have no good pointer).
 *
 * Returns: %TRUE for a Windows program
 */
gboolean
ofl_container_is_program (OflSpan span, gsize *pe_offset)
{
  static const char signature[4] = { 'P', 'E', 0, 0 };
  OflSpan head = { span.data, MIN (span.length, 0x400u - 8) };
  gsize at = 0;

  if (!ofl_span_equals (span, 0, "MZ", 2))
    return FALSE;
  if (ofl_span_has (span, 0x3C, 4))
    at = ofl_get_le (span.data + 0x3C, 4);
  if (!ofl_span_equals (span, at, signature, 4) && !ofl_span_find (head, 2, signature, 4, &at))
    return FALSE;
  if (!ofl_span_has (span, at, 12))
    return FALSE;
  if (pe_offset != NULL)
    *pe_offset = at;
  return TRUE;
}

/**
 * ofl_container_get_overlay:
 * @program: a file
 *
 * Finds what stands behind a Windows program's last section, where packers keep their data.
 *
 * Returns: those bytes, none for other files
 */
OflSpan
ofl_container_get_overlay (OflSpan program)
{
  gsize pe, table;
  guint64 end = 0;
  guint n_sections;

  if (!ofl_container_is_program (program, &pe) || !ofl_span_has (program, pe, 0x40))
    return (OflSpan){ program.data, 0 };
  n_sections = ofl_get_le (program.data + pe + 6, 2);
  table = pe + 0x18 + ofl_get_le (program.data + pe + 0x14, 2);
  for (guint i = 0; i < n_sections; i++, table += 0x28)
    {
      const guint8 *section = program.data + table;

      if (!ofl_span_has (program, table, 0x28))
        break;
      end = MAX (end, (guint64) ofl_get_le (section + 0x14, 4) + ofl_get_le (section + 0x10, 4));
    }
  end = ofl_span_round_up (end, MIN (ofl_get_le (program.data + pe + 0x3C, 4), 0x10000u));
  end = MIN (end, program.length);
  return (OflSpan){ program.data + end, program.length - (gsize) end };
}
