/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every format needs: parts, the words of refusals, and what a Windows program looks like. */
#include "firmware/ofl-container-private.h"

#include <glib/gi18n-lib.h>

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
 * ofl_container_say_damaged:
 * @say: the sentence for this kind of file
 * @offset: where in the file the damage was noticed
 * @reason: (transfer full): a clause that says what is wrong there
 *
 * Returns: (transfer full): the sentence
 */
char *
ofl_container_say_damaged (OflSayDamaged say, guint64 offset, char *reason)
{
  char *sentence = say (offset, reason);

  g_free (reason);
  return sentence;
}

/**
 * ofl_container_take_damage:
 * @error: return location
 * @sentence: (transfer full): what is wrong
 *
 * What ofl_container_damaged() calls.
 *
 * Returns: %OFL_UNPACKED_DAMAGED, with %OFL_ERROR_BAD_FILE set
 */
OflUnpacked
ofl_container_take_damage (GError **error, OflSentence sentence)
{
  ofl_error_take (error, OFL_ERROR_BAD_FILE, sentence);
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
  ofl_set_error (error, OFL_ERROR_BAD_FILE,
                 _ ("“%s” holds more than %d files, which no firmware package does. Unpack it "
                    "yourself and open the firmware file."),
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
  ofl_set_error (error, OFL_ERROR_BAD_FILE,
                 _ ("“%s” unpacks to far more than any firmware (the limits are %u MiB a file and "
                    "%u MiB in all). Unpack it yourself and open the firmware file."),
                 name, OFL_CONTAINER_MAX_PART >> 20, OFL_CONTAINER_MAX_TOTAL >> 20);
  return OFL_UNPACKED_DAMAGED;
}

/**
 * ofl_container_is_program:
 * @span: a file
 * @pe_offset: (out) (optional): where its PE header begins
 *
 * Whether a file is a Windows program: `MZ`, and `PE\0\0` either where the DOS header points to or
 * anywhere in the first 400h bytes (liteon 3.5; hand-made updaters have no good pointer).
 *
 * Returns: %TRUE for a Windows program
 */
gboolean
ofl_container_is_program (OflSlice span, gsize *pe_offset)
{
  static const char signature[4] = { 'P', 'E', 0, 0 };
  OflSlice head = { span.data, MIN (span.length, 0x400u - 8) };
  gsize at = 0;

  if (!ofl_slice_equals (span, 0, "MZ", 2))
    return FALSE;
  if (ofl_slice_has (span, 0x3C, 4))
    at = ofl_get_le (span.data + 0x3C, 4);
  if (!ofl_slice_equals (span, at, signature, 4) && !ofl_slice_find (head, 2, signature, 4, &at))
    return FALSE;
  if (!ofl_slice_has (span, at, 12))
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
OflSlice
ofl_container_get_overlay (OflSlice program)
{
  gsize pe, table;
  guint64 end = 0;
  guint n_sections;

  if (!ofl_container_is_program (program, &pe) || !ofl_slice_has (program, pe, 0x40))
    return (OflSlice){ program.data, 0 };
  n_sections = ofl_get_le (program.data + pe + 6, 2);
  table = pe + 0x18 + ofl_get_le (program.data + pe + 0x14, 2);
  for (guint i = 0; i < n_sections; i++, table += 0x28)
    {
      const guint8 *section = program.data + table;

      if (!ofl_slice_has (program, table, 0x28))
        break;
      end = MAX (end, (guint64) ofl_get_le (section + 0x14, 4) + ofl_get_le (section + 0x10, 4));
    }
  end = ofl_slice_round_up (end, MIN (ofl_get_le (program.data + pe + 0x3C, 4), 0x10000u));
  end = MIN (end, program.length);
  return (OflSlice){ program.data + end, program.length - (gsize) end };
}
