/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives of many kinds, images of discs and packed single files, through libarchive, out of memory
 * into memory. */
#include "firmware/ofl-container-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>

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

/* Which of libarchive's readers a mark calls for. */
typedef enum {
  READS_WINDOWS, /* ZIP, RAR, 7z, CAB */
  READS_PACKED,  /* one file, or a tar or cpio, that was packed */
  READS_TAR,
  READS_CPIO,
  READS_ISO,
  READS_XAR,
  READS_LHA,
} ReaderKind;

typedef struct {
  guint offset;
  const char *mark;
  guint n_bytes;
  ReaderKind reader;
  gboolean behind_programs;
} ArchiveMark;

/* Only formats with a mark of their own: libarchive also guesses, and a guess would take a firmware
 * image for a tape. */
static const ArchiveMark marks[] = {
  { 0, "PK\003\004", 4, READS_WINDOWS, TRUE },
  { 0, "Rar!\032\007", 6, READS_WINDOWS, TRUE },
  { 0, "7z\274\257\047\034", 6, READS_WINDOWS, TRUE },
  { 0, "MSCF", 4, READS_WINDOWS, TRUE },
  { 0, "PK\005\006", 4, READS_WINDOWS, FALSE },
  { 0, "\037\213\010", 3, READS_PACKED, FALSE },
  { 0, "BZh", 3, READS_PACKED, FALSE },
  { 0, "\3757zXZ", 5, READS_PACKED, FALSE },
  { 0, "(\265/\375", 4, READS_PACKED, FALSE },
  { 0, "LZIP\001", 5, READS_PACKED, FALSE },
  { 257, "ustar", 5, READS_TAR, FALSE },
  { 0, "070701", 6, READS_CPIO, FALSE },
  { 0, "070702", 6, READS_CPIO, FALSE },
  { 0, "070707", 6, READS_CPIO, FALSE },
  { 0x8001, "CD001", 5, READS_ISO, FALSE },
  { 0, "xar!\0\034", 6, READS_XAR, FALSE },
};

/* What has no mark of text: how LZMA's own files and LHA's begin. */
static const ArchiveMark lzma_mark = { .reader = READS_PACKED };
static const ArchiveMark lha_mark = { .reader = READS_LHA };

/* The 13 bytes in front of an LZMA stream, as its own tool writes them: the usual properties, a
 * dictionary of a power of two from 64 KiB to 64 MiB, and a length that is not told or possible. */
static gboolean
is_lzma (OflSlice span)
{
  guint32 dictionary;

  if (!ofl_slice_has (span, 0, 14) || span.data[0] != 0x5D || span.data[13] != 0)
    return FALSE;
  dictionary = ofl_get_le (span.data + 1, 4);
  if (dictionary < 0x10000 || dictionary > 0x4000000 || (dictionary & (dictionary - 1)) != 0)
    return FALSE;
  return ofl_slice_equals (span, 5, "\377\377\377\377\377\377\377\377", 8)
         || (ofl_get_le (span.data + 9, 4) == 0 && ofl_get_le (span.data + 5, 4) > 0);
}

/* A header of LHA: "-lh5-" or the like behind its length and sum, and a level that exists. */
static gboolean
is_lha (OflSlice span)
{
  return ofl_slice_has (span, 0, 22) && memcmp (span.data + 2, "-l", 2) == 0
         && strchr ("hz", span.data[4]) != NULL && span.data[4] != '\0'
         && (g_ascii_isdigit (span.data[5]) || strchr ("sd", span.data[5]) != NULL)
         && span.data[5] != '\0' && span.data[6] == '-' && span.data[20] <= 3;
}

static const ArchiveMark *
find_mark (OflSlice span)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (ofl_slice_equals (span, marks[i].offset, marks[i].mark, marks[i].n_bytes))
      return &marks[i];
  if (is_lzma (span))
    return &lzma_mark;
  return is_lha (span) ? &lha_mark : NULL;
}

/* Where an archive begins behind a self-unpacking program: soon after its last section, because
 * some put a few words of settings in front. */
static gboolean
find_behind_program (OflSlice program, OflSlice *archive)
{
  OflSlice overlay = ofl_container_get_overlay (program);
  OflSlice head = { overlay.data, MIN (overlay.length, 4096u) };
  gsize first = G_MAXSIZE, at;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (marks[i].behind_programs && ofl_slice_find (head, 0, marks[i].mark, marks[i].n_bytes, &at))
      first = MIN (first, at);
  if (first == G_MAXSIZE)
    return FALSE;
  *archive = (OflSlice){ overlay.data + first, overlay.length - first };
  return TRUE;
}

static void
support_packed (ArchiveReader *reader)
{
  archive_read_support_format_tar (reader);
  archive_read_support_format_cpio (reader);
  archive_read_support_format_raw (reader);
  archive_read_support_filter_gzip (reader);
  archive_read_support_filter_bzip2 (reader);
  archive_read_support_filter_xz (reader);
  archive_read_support_filter_lzma (reader);
  archive_read_support_filter_lzip (reader);
  archive_read_support_filter_zstd (reader);
}

static void
support_windows (ArchiveReader *reader)
{
  archive_read_support_format_zip (reader);
  archive_read_support_format_rar (reader);
  archive_read_support_format_rar5 (reader);
  archive_read_support_format_7zip (reader);
  archive_read_support_format_cab (reader);
}

static ArchiveReader *
new_reader (ReaderKind kind)
{
  ArchiveReader *reader = archive_read_new ();

  switch (kind)
    {
    case READS_WINDOWS:
      support_windows (reader);
      break;
    case READS_PACKED:
      support_packed (reader);
      break;
    case READS_TAR:
      archive_read_support_format_tar (reader);
      break;
    case READS_CPIO:
      archive_read_support_format_cpio (reader);
      break;
    case READS_ISO:
      archive_read_support_format_iso9660 (reader);
      break;
    case READS_XAR:
      archive_read_support_format_xar (reader);
      break;
    case READS_LHA:
      archive_read_support_format_lha (reader);
      break;
    }
  return reader;
}

/* Reads the first entry's header too, because only then libarchive has chosen a format. */
static ArchiveReader *
open_span (OflSlice span, ReaderKind kind, struct archive_entry **first, int *status)
{
  g_autoptr (ArchiveReader) reader = new_reader (kind);

  if (archive_read_open_memory (reader, span.data, span.length) != ARCHIVE_OK)
    return NULL;
  *status = archive_read_next_header (reader, first);
  /* Three bytes of a packer's mark are no proof; nor is a "raw" file that nothing was packed into. */
  if (kind == READS_PACKED && (archive_format (reader) == 0 || archive_filter_count (reader) < 2))
    return NULL;
  return g_steal_pointer (&reader);
}

/* A program is not called a damaged archive because some bytes in it look like one: what libarchive
 * finds in it must be readable, or stand where self-unpacking programs keep theirs. */
static ArchiveReader *
open_program (OflSlice span, struct archive_entry **first, int *status)
{
  g_autoptr (ArchiveReader) reader = open_span (span, READS_WINDOWS, first, status);
  OflSlice behind;

  if (reader != NULL && (*status == ARCHIVE_OK || *status == ARCHIVE_WARN))
    return g_steal_pointer (&reader);
  if (!find_behind_program (span, &behind))
    return NULL;
  return open_span (behind, READS_WINDOWS, first, status);
}

static ArchiveReader *
open_reader (OflSlice span, struct archive_entry **first, int *status)
{
  const ArchiveMark *mark;

  if (ofl_container_is_program (span, NULL))
    return open_program (span, first, status);
  mark = find_mark (span);
  return mark != NULL ? open_span (span, mark->reader, first, status) : NULL;
}

static const char *
name_format (int format)
{
  static const struct {
    int format;
    const char *name;
  } names[] = {
    { ARCHIVE_FORMAT_ZIP, N_ ("ZIP archive") },
    { ARCHIVE_FORMAT_RAR, N_ ("RAR archive") },
    { ARCHIVE_FORMAT_RAR_V5, N_ ("RAR archive") },
    { ARCHIVE_FORMAT_7ZIP, N_ ("7z archive") },
    { ARCHIVE_FORMAT_CAB, N_ ("CAB archive") },
    { ARCHIVE_FORMAT_TAR, N_ ("tar archive") },
    { ARCHIVE_FORMAT_CPIO, N_ ("cpio archive") },
    { ARCHIVE_FORMAT_ISO9660, N_ ("Disc image (ISO 9660)") },
    { ARCHIVE_FORMAT_XAR, N_ ("xar archive") },
    { ARCHIVE_FORMAT_LHA, N_ ("LHA archive") },
    { ARCHIVE_FORMAT_RAW, N_ ("Packed file") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].format == (format & ARCHIVE_FORMAT_BASE_MASK))
      return _ (names[i].name);
  return _ ("Archive");
}

static char *
describe_reader (ArchiveReader *reader, OflSlice span)
{
  const char *name = name_format (archive_format (reader));

  if (ofl_container_is_program (span, NULL))
    /* Translators: %s is the kind of archive: "ZIP archive" */
    return g_strdup_printf (_ ("Self-unpacking program (%s)"), name);
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
  ofl_set_error (error, OFL_ERROR_BAD_FILE,
                 _ ("“%s” is locked with a password. Unpack it with your archive program and open "
                    "the firmware file inside."),
                 name);
  return OFL_UNPACKED_DAMAGED;
}

static char *
say_damaged (guint64 offset, const char *reason)
{
  /* Translators: the second %s is a clause that says what is wrong */
  return g_strdup_printf (_ ("This archive is damaged at offset 0x%" PRIX64 ": %s. "
                             "Download it again, "
                             "or use another file."),
                          offset, reason);
}

static OflUnpacked
refuse_unreadable (ArchiveReader *reader, const char *entry_name, GError **error)
{
  const char *reason = archive_error_string (reader);
  g_autofree char *valid = g_utf8_make_valid (reason != NULL ? reason : _ ("unreadable"), -1);
  gint64 at = MAX (archive_read_header_position (reader), 0);

  if (entry_name == NULL)
    return ofl_container_damaged (error, say_damaged, (guint64) at, "%s", valid);
  return ofl_container_damaged (error, say_damaged, (guint64) at, _ ("the file “%s” in it (%s)"),
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
  g_autoptr (ArchiveReader) reader = open_reader (ofl_slice_of_bytes (bytes), &entry, &status);

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
  OflSlice span = ofl_slice_of_bytes (input->bytes);
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
