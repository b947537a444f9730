/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ZIP, RAR, 7z, CAB, tar and packed single files, through libarchive, out of memory into memory. */
#include "firmware/ofl-container-private.h"

#include <archive.h>
#include <archive_entry.h>

#include "scsi/ofl-error.h"

/* Folders and links of a package cost time too, though they are no parts. */
#define MAX_ENTRIES 4096
#define CHUNK 65536

typedef struct archive ArchiveReader;
static void
close_reader (ArchiveReader *reader)
{
  archive_read_free (reader);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveReader, close_reader)

/* Only formats with a mark of their own: libarchive also guesses, and a guess would take a firmware
 * image for a tape. */
static const struct {
  guint offset;
  const char *mark;
  guint n_bytes;
  gboolean behind_programs;
} marks[] = {
  { 0, "PK\003\004", 4, TRUE },
  { 0, "Rar!\032\007", 6, TRUE },
  { 0, "7z\274\257\047\034", 6, TRUE },
  { 0, "MSCF", 4, TRUE },
  { 0, "PK\005\006", 4, FALSE },
  { 0, "\037\213\010", 3, FALSE },
  { 0, "BZh", 3, FALSE },
  { 0, "\3757zXZ", 5, FALSE },
  { 257, "ustar", 5, FALSE },
};

static gboolean
has_archive_mark (OflSpan span)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (ofl_span_equals (span, marks[i].offset, marks[i].mark, marks[i].n_bytes))
      return TRUE;
  return FALSE;
}

/* Where an archive begins behind a self-unpacking program: soon after its last section, because
 * some put a few words of settings in front. */
static gboolean
find_behind_program (OflSpan program, OflSpan *archive)
{
  OflSpan overlay = ofl_container_get_overlay (program);
  OflSpan head = { overlay.data, MIN (overlay.length, 4096u) };
  gsize first = G_MAXSIZE, at;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (marks[i].behind_programs
        && ofl_span_find (head, 0, marks[i].mark, marks[i].n_bytes, &at))
      first = MIN (first, at);
  if (first == G_MAXSIZE)
    return FALSE;
  *archive = (OflSpan){ overlay.data + first, overlay.length - first };
  return TRUE;
}

static gboolean
is_packed_file (OflSpan span)
{
  return ofl_span_equals (span, 0, "\037\213\010", 3) || ofl_span_equals (span, 0, "BZh", 3)
         || ofl_span_equals (span, 0, "\3757zXZ", 5);
}

static ArchiveReader *
new_reader (OflSpan span)
{
  ArchiveReader *reader = archive_read_new ();

  if (ofl_span_equals (span, 257, "ustar", 5) || is_packed_file (span))
    archive_read_support_format_tar (reader);
  else
    {
      archive_read_support_format_zip (reader);
      archive_read_support_format_rar (reader);
      archive_read_support_format_rar5 (reader);
      archive_read_support_format_7zip (reader);
      archive_read_support_format_cab (reader);
    }
  if (is_packed_file (span))
    {
      archive_read_support_format_raw (reader);
      archive_read_support_filter_gzip (reader);
      archive_read_support_filter_bzip2 (reader);
      archive_read_support_filter_xz (reader);
    }
  return reader;
}

/* Reads the first entry's header too, because only then libarchive has chosen a format. */
static ArchiveReader *
open_span (OflSpan span, struct archive_entry **first, int *status)
{
  g_autoptr (ArchiveReader) reader = new_reader (span);

  if (archive_read_open_memory (reader, span.data, span.length) != ARCHIVE_OK)
    return NULL;
  *status = archive_read_next_header (reader, first);
  /* Three bytes of a packer's mark are no proof; nor is a "raw" file that nothing was packed into. */
  if (is_packed_file (span) && (archive_format (reader) == 0 || archive_filter_count (reader) < 2))
    return NULL;
  return g_steal_pointer (&reader);
}

/* A program is not called a damaged archive because some bytes in it look like one: what libarchive
 * finds in it must be readable, or stand where self-unpacking programs keep theirs. */
static ArchiveReader *
open_program (OflSpan span, struct archive_entry **first, int *status)
{
  g_autoptr (ArchiveReader) reader = open_span (span, first, status);
  OflSpan behind;

  if (reader != NULL && (*status == ARCHIVE_OK || *status == ARCHIVE_WARN))
    return g_steal_pointer (&reader);
  return find_behind_program (span, &behind) ? open_span (behind, first, status) : NULL;
}

static ArchiveReader *
open_reader (OflSpan span, struct archive_entry **first, int *status)
{
  if (ofl_container_is_program (span, NULL))
    return open_program (span, first, status);
  return has_archive_mark (span) ? open_span (span, first, status) : NULL;
}

static char *
describe_reader (ArchiveReader *reader, OflSpan span)
{
  const char *name = "Archive";

  switch (archive_format (reader) & ARCHIVE_FORMAT_BASE_MASK)
    {
    case ARCHIVE_FORMAT_ZIP:
      name = "ZIP archive";
      break;
    case ARCHIVE_FORMAT_RAR:
    case ARCHIVE_FORMAT_RAR_V5:
      name = "RAR archive";
      break;
    case ARCHIVE_FORMAT_7ZIP:
      name = "7z archive";
      break;
    case ARCHIVE_FORMAT_CAB:
      name = "CAB archive";
      break;
    case ARCHIVE_FORMAT_TAR:
      name = "tar archive";
      break;
    case ARCHIVE_FORMAT_RAW:
      name = "Packed file";
      break;
    default:
      break;
    }
  if (ofl_container_is_program (span, NULL))
    return g_strdup_printf ("Self-unpacking program (%s)", name);
  return g_strdup (name);
}

/* An entry's name is shown and may become a file's name: no way up, no root, no control bytes. */
static char *
clean_name (const char *name, guint number)
{
  g_autofree char *valid = name != NULL ? g_utf8_make_valid (name, -1) : g_strdup ("");
  g_auto (GStrv) pieces = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_strdelimit (valid, "\\", '/');
  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  pieces = g_strsplit (valid, "/", 0);
  for (guint i = 0; pieces[i] != NULL; i++)
    {
      if (pieces[i][0] == '\0' || g_str_equal (pieces[i], ".") || g_str_equal (pieces[i], ".."))
        continue;
      if (text->len > 0)
        g_string_append_c (text, '/');
      g_string_append (text, pieces[i]);
    }
  if (text->len == 0)
    g_string_printf (text, "file %u", number);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A packed single file has no name inside: its own, without the last ending. */
static char *
name_entry (ArchiveReader *reader, struct archive_entry *entry, const char *outer, guint number)
{
  const char *name = archive_entry_pathname_utf8 (entry);
  const char *dot = strrchr (outer, '.');

  if (name == NULL)
    name = archive_entry_pathname (entry);
  if (archive_format (reader) != ARCHIVE_FORMAT_RAW)
    return clean_name (name, number);
  if (dot == NULL || dot == outer)
    return clean_name ("content", number);
  {
    g_autofree char *stem = g_strndup (outer, (gsize) (dot - outer));

    return clean_name (stem, number);
  }
}

static OflUnpacked
refuse_locked (GError **error, const char *name)
{
  g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
               "“%s” is locked with a password. Unpack it with your archive program and open the "
               "firmware file inside.",
               name);
  return OFL_UNPACKED_DAMAGED;
}

static OflUnpacked
refuse_unreadable (ArchiveReader *reader, const char *entry_name, GError **error)
{
  const char *reason = archive_error_string (reader);
  g_autofree char *valid = g_utf8_make_valid (reason != NULL ? reason : "unreadable", -1);
  gint64 at = MAX (archive_read_header_position (reader), 0);

  if (entry_name == NULL)
    return ofl_container_damaged (error, "This archive", (guint64) at, "%s", valid);
  return ofl_container_damaged (error, "This archive", (guint64) at, "the file “%s” in it (%s)",
                                entry_name, valid);
}

/* Unpacked sizes in headers are claims; only what really comes out counts. */
static OflUnpacked
read_entry (ArchiveReader *reader, const OflContainerInput *input, guint64 budget,
            const char *entry_name, GBytes **bytes, GError **error)
{
  guint64 limit = MIN (budget, OFL_CONTAINER_MAX_PART);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  gssize got;

  while ((got = archive_read_data (reader, chunk, CHUNK)) > 0)
    {
      if (all->len + (guint64) got > limit)
        return ofl_container_too_big (error, input->name);
      g_byte_array_append (all, chunk, (guint) got);
    }
  if (got < 0)
    return refuse_unreadable (reader, entry_name, error);
  *bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  return OFL_UNPACKED_DONE;
}

static OflUnpacked
take_entry (ArchiveReader *reader, struct archive_entry *entry, const OflContainerInput *input,
            guint number, guint64 *budget, OflContainerOutput *output, GError **error)
{
  g_autofree char *name = name_entry (reader, entry, input->name, number);
  g_autoptr (GBytes) bytes = NULL;

  if (archive_entry_filetype (entry) != AE_IFREG)
    return OFL_UNPACKED_DONE;
  if (archive_entry_is_encrypted (entry))
    return refuse_locked (error, input->name);
  if (output->parts->len >= input->max_parts)
    return ofl_container_too_many (error, input->name);
  if (read_entry (reader, input, *budget, name, &bytes, error) != OFL_UNPACKED_DONE)
    return OFL_UNPACKED_DAMAGED;
  *budget -= g_bytes_get_size (bytes);
  ofl_container_add (output, name, bytes, NULL, NULL);
  return OFL_UNPACKED_DONE;
}

/**
 * ofl_container_is_archive:
 * @bytes: a file
 *
 * Returns: %TRUE when ofl_container_archive() would take it
 */
gboolean
ofl_container_is_archive (GBytes *bytes)
{
  struct archive_entry *entry = NULL;
  int status = ARCHIVE_OK;
  g_autoptr (ArchiveReader) reader = open_reader (ofl_span_of_bytes (bytes), &entry, &status);

  return reader != NULL;
}

/**
 * ofl_container_archive:
 * @input: a file
 * @output: its files are appended, by their own names
 * @error: return location
 *
 * Unpacks an archive, or an archive behind a self-unpacking program, without running anything.
 * Folders and links in it are passed over. Archives with a password are refused in words.
 *
 * Returns: what came of it
 */
OflUnpacked
ofl_container_archive (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  OflSpan span = ofl_span_of_bytes (input->bytes);
  struct archive_entry *entry = NULL;
  int status = ARCHIVE_OK;
  guint64 budget = input->budget;
  guint number = 0;
  g_autoptr (ArchiveReader) reader = open_reader (span, &entry, &status);

  if (reader == NULL)
    return OFL_UNPACKED_NOT_MINE;
  while (status == ARCHIVE_OK || status == ARCHIVE_WARN)
    {
      if (++number > MAX_ENTRIES)
        return ofl_container_too_many (error, input->name);
      if (take_entry (reader, entry, input, number, &budget, output, error) != OFL_UNPACKED_DONE)
        return OFL_UNPACKED_DAMAGED;
      status = archive_read_next_header (reader, &entry);
    }
  if (archive_read_has_encrypted_entries (reader) > 0)
    return refuse_locked (error, input->name);
  if (status != ARCHIVE_EOF)
    return refuse_unreadable (reader, NULL, error);
  output->title = describe_reader (reader, span);
  return OFL_UNPACKED_DONE;
}
