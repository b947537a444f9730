/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MAIN and CORE, one behind the other: renesas 3.1 and 3.2 row 6. */
#include "families/renesas/ofl-hlds.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define SIZE_FIELD 0x44u
/* Beyond any such drive's memory; a length above it is no length. */
#define LONGEST 0x1000000u

/**
 * ofl_hlds_get_kind:
 * @component: a component, or at least its first 400h bytes
 *
 * Returns: (nullable): "MAIN" or "CORE", whichever word comes first in the header, or %NULL
 */
const char *
ofl_hlds_get_kind (OflSlice component)
{
  OflSlice header = { component.data, MIN (component.length, OFL_HLDS_HEADER_SIZE) };
  gsize main_at = G_MAXSIZE, core_at = G_MAXSIZE;

  ofl_slice_find (header, 0, "MAIN", 4, &main_at);
  ofl_slice_find (header, 0, "CORE", 4, &core_at);
  if (main_at == core_at)
    return NULL;
  return main_at < core_at ? "MAIN" : "CORE";
}

/* The checksum word makes the sum of all words FFFF. */
static gboolean
check_sum (OflSlice component)
{
  guint32 sum = 0;

  for (gsize i = 0; i + 1 < component.length; i += 2)
    sum += ofl_get_be (component.data + i, 2);
  return (sum & 0xFFFF) == 0xFFFF;
}

/* Four characters behind `REV LVL `. */
static char *
dup_revision (OflSlice component)
{
  const char *text = (const char *) component.data + 0x28;

  if (!ofl_slice_equals (component, 0x20, "REV LVL ", 8) || !ofl_slice_has (component, 0x28, 4))
    return NULL;
  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isprint (text[i]))
      return NULL;
  return g_strndup (text, 4);
}

/* The source fills up with zeros what the last component lacks. */
static GBytes *
take_piece (GBytes *flat, gsize from, gsize length, gsize *missing)
{
  OflSlice span = ofl_slice_of_bytes (flat);
  gsize there = MIN (length, span.length - from);
  guint8 *copy;

  *missing = length - there;
  if (*missing == 0)
    return g_bytes_new_from_bytes (flat, from, length);
  copy = g_malloc0 (length);
  memcpy (copy, span.data + from, there);
  return g_bytes_new_take (copy, length);
}

static void
add_piece (OflContainerOutput *output, const char *kind, GBytes *piece, gsize missing)
{
  OflSlice span = ofl_slice_of_bytes (piece);
  g_autofree char *revision = dup_revision (span);
  g_autoptr (GString) note = g_string_new (NULL);

  if (!check_sum (span))
    g_string_append (note, _ ("Its bytes do not fit its checksum."));
  if (missing > 0)
    {
      if (note->len > 0)
        g_string_append_c (note, ' ');
      g_string_append_printf (
          note,
          g_dngettext (GETTEXT_PACKAGE, "The file ends 0x%zX byte early; it was taken for zero.",
                       "The file ends 0x%zX bytes early; they were taken for zeros.", missing),
          missing);
    }
  ofl_container_add (output, kind, piece, revision, note->len > 0 ? note->str : NULL);
}

/**
 * ofl_hlds_split:
 * @flat: components, one behind the other
 * @say: the error for this kind of file
 * @offset: where in the file @flat begins
 * @input: the file's bounds
 * @output: the components are appended as "MAIN" and "CORE"
 * @error: return location
 *
 * Splits components by the sizes in their headers. One that fails its checksum is kept and noted.
 *
 * Returns: %OFL_UNPACKED_DONE or %OFL_UNPACKED_DAMAGED
 */
OflUnpacked
ofl_hlds_split (GBytes *flat, OflSayDamaged say, guint64 offset, const OflContainerInput *input,
                OflContainerOutput *output, GError **error)
{
  OflSlice span = ofl_slice_of_bytes (flat);
  gsize from = 0;

  while (ofl_slice_has (span, from, OFL_HLDS_HEADER_SIZE))
    {
      OflSlice rest = { span.data + from, span.length - from };
      guint32 size = ofl_get_be (rest.data + SIZE_FIELD, 4);
      const char *kind = ofl_hlds_get_kind (rest);
      g_autoptr (GBytes) piece = NULL;
      gsize missing;

      if (size == 0)
        break;
      if (size > LONGEST)
        return ofl_container_damaged (error, say, offset + from + SIZE_FIELD,
                                      _ ("a component claims to have 0x%X bytes"), size);
      if (kind == NULL)
        return ofl_container_damaged (error, say, offset + from,
                                      _ ("a component is named neither MAIN nor CORE"));
      if (output->parts->len >= input->max_parts)
        return ofl_container_too_many (error, input->name);
      piece = take_piece (flat, from, OFL_HLDS_HEADER_SIZE + (gsize) size, &missing);
      add_piece (output, kind, piece, missing);
      from += OFL_HLDS_HEADER_SIZE + (gsize) size;
    }
  if (output->parts->len == 0)
    return ofl_container_damaged (error, say, offset, _ ("it holds no component"));
  return OFL_UNPACKED_DONE;
}

/* Whether a component's header stands there: both texts that every one has. */
static gboolean
has_header (OflSlice span, guint64 offset)
{
  return ofl_slice_has (span, offset, OFL_HLDS_HEADER_SIZE)
         && ofl_slice_equals (span, offset + 0x20, "REV LVL ", 8)
         && ofl_slice_equals (span, offset + 0x30, "ROM REV ", 8);
}

static char *
say_damaged (guint64 offset, const char *reason)
{
  /* Translators: the second %s is a clause that says what is wrong */
  return g_strdup_printf (_ ("This Hitachi-LG image is damaged at offset 0x%" PRIX64 ": %s. "
                             "Download it again, "
                             "or use another file."),
                          offset, reason);
}

/**
 * ofl_container_hlds_flat:
 * @input: a file
 * @output: its components are appended
 * @error: return location
 *
 * Splits a plain file of several components. A file of one component is left to the family's
 * parser as it is.
 *
 * Returns: what came of it
 */
OflUnpacked
ofl_container_hlds_flat (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSlice span = ofl_slice_of_bytes (input->bytes);
  guint32 size;

  if (!has_header (span, 0))
    return OFL_UNPACKED_NOT_MINE;
  size = ofl_get_be (span.data + SIZE_FIELD, 4);
  if (size == 0 || !has_header (span, OFL_HLDS_HEADER_SIZE + (guint64) size))
    return OFL_UNPACKED_NOT_MINE;
  if (ofl_hlds_split (input->bytes, say_damaged, 0, input, output, error) != OFL_UNPACKED_DONE)
    return OFL_UNPACKED_DAMAGED;
  output->title = g_strdup (_ ("Hitachi-LG firmware components"));
  return OFL_UNPACKED_DONE;
}
