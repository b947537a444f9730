/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/firmware-encoders/encode.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "scsi/ofl-bytes.h"

/* libarchive's own writer, into memory. A folder has no content (NULL). @options as archive_write_set_options(), or NULL. */
GBytes *
encode_archive (int format, int filter, const char *options, ...)
{
  gsize room = 8 * 1024 * 1024, used = 0;
  guint8 *buffer = g_malloc (room);
  struct archive *writer = archive_write_new ();
  const char *name;
  va_list args;

  archive_write_set_format (writer, format);
  archive_write_add_filter (writer, filter);
  if (options != NULL && archive_write_set_options (writer, options) != ARCHIVE_OK)
    g_error ("%s", archive_error_string (writer));
  archive_write_set_passphrase (writer, "secret");
  archive_write_open_memory (writer, buffer, room, &used);
  va_start (args, options);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      GBytes *content = va_arg (args, GBytes *);
      struct archive_entry *entry = archive_entry_new ();
      gsize length = 0;
      const void *data = content != NULL ? g_bytes_get_data (content, &length) : "";

      archive_entry_set_pathname (entry, name);
      archive_entry_set_filetype (entry, g_str_has_suffix (name, "/") ? AE_IFDIR : AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      archive_entry_set_size (entry, (gint64) length);
      archive_entry_set_mtime (entry, 0, 0);
      if (archive_write_header (writer, entry) != ARCHIVE_OK
          || archive_write_data (writer, data, length) != (gssize) length)
        g_error ("%s", archive_error_string (writer));
      archive_entry_free (entry);
    }
  va_end (args);
  archive_write_close (writer);
  archive_write_free (writer);
  return g_bytes_new_take (buffer, used);
}

static guint32
crc32_of (const guint8 *data, gsize length)
{
  guint32 crc = 0xFFFFFFFFu;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
  return crc ^ 0xFFFFFFFFu;
}

static void
append_rar_block (GByteArray *file, guint8 *block, gsize length)
{
  ofl_put_le (block + 5, 2, (guint32) length);
  ofl_put_le (block, 2, crc32_of (block + 2, length - 2) & 0xFFFF);
  g_byte_array_append (file, block, (guint) length);
}

/* An LHA archive with one stored file, its header of level 0: length, sum, method, sizes, time,
 * attribute, level, name, CRC-16. */
GBytes *
encode_lha (const char *name, GBytes *content)
{
  GByteArray *file = g_byte_array_new ();
  gsize length, name_length = strlen (name);
  const guint8 *data = g_bytes_get_data (content, &length);
  guint8 header[24 + 255] = { 0, 0, '-', 'l', 'h', '0', '-' };
  guint16 crc = 0;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
    }
  ofl_put_le (header + 7, 4, (guint32) length);
  ofl_put_le (header + 11, 4, (guint32) length);
  header[19] = 0x20;
  header[21] = (guint8) name_length;
  memcpy (header + 22, name, name_length);
  ofl_put_le (header + 22 + name_length, 2, crc);
  header[0] = (guint8) (22 + name_length);
  for (gsize i = 2; i < 24 + name_length; i++)
    header[1] = (guint8) (header[1] + header[i]);
  g_byte_array_append (file, header, (guint) (24 + name_length));
  g_byte_array_append (file, data, (guint) length);
  g_byte_array_append (file, (const guint8 *) "", 1);
  return g_byte_array_free_to_bytes (file);
}

/* A RAR archive of version 3 with one stored file; nobody but RAR itself may compress one. */
GBytes *
encode_rar (const char *name, GBytes *content, gboolean locked)
{
  GByteArray *file = g_byte_array_new ();
  guint8 main_block[13] = { 0, 0, 0x73 }, end_block[7] = { 0, 0, 0x7B, 0x00, 0x40 };
  guint8 file_block[32 + 256] = { 0, 0, 0x74 };
  gsize length, name_length = strlen (name);
  const guint8 *data = g_bytes_get_data (content, &length);

  g_assert_cmpuint (name_length, <, 256);
  g_byte_array_append (file, (const guint8 *) "Rar!\032\007", 7);
  append_rar_block (file, main_block, sizeof main_block);
  ofl_put_le (file_block + 3, 2, 0x8000 | (locked ? 0x0004 : 0));
  ofl_put_le (file_block + 7, 4, (guint32) length);
  ofl_put_le (file_block + 11, 4, (guint32) length);
  file_block[15] = 2;
  ofl_put_le (file_block + 16, 4, crc32_of (data, length));
  ofl_put_le (file_block + 20, 4, 0x21000000);
  file_block[24] = 20;
  file_block[25] = 0x30;
  ofl_put_le (file_block + 26, 2, (guint32) name_length);
  ofl_put_le (file_block + 28, 4, 0x20);
  memcpy (file_block + 32, name, name_length);
  append_rar_block (file, file_block, 32 + name_length);
  g_byte_array_append (file, data, (guint) length);
  append_rar_block (file, end_block, sizeof end_block);
  return g_byte_array_free_to_bytes (file);
}

/* A cabinet with one stored file of less than 32 KiB blocks; a checksum of 0 is not checked. */
GBytes *
encode_cab (const char *name, GBytes *content)
{
  GByteArray *file = g_byte_array_new ();
  guint8 header[36] = "MSCF", folder[8] = { 0 }, entry[16] = { 0 };
  gsize length, name_length = strlen (name) + 1;
  const guint8 *data = g_bytes_get_data (content, &length);
  guint n_blocks = (guint) ((length + 0x7FFF) / 0x8000);
  guint32 first = (guint32) (sizeof header + sizeof folder + sizeof entry + name_length);

  ofl_put_le (header + 8, 4, first + 8 * n_blocks + (guint32) length);
  ofl_put_le (header + 16, 4, sizeof header + sizeof folder);
  header[24] = 3;
  header[25] = 1;
  ofl_put_le (header + 26, 2, 1);
  ofl_put_le (header + 28, 2, 1);
  ofl_put_le (folder, 4, first);
  ofl_put_le (folder + 4, 2, n_blocks);
  ofl_put_le (entry, 4, (guint32) length);
  ofl_put_le (entry + 10, 2, 0x21);
  ofl_put_le (entry + 14, 2, 0x20);
  g_byte_array_append (file, header, sizeof header);
  g_byte_array_append (file, folder, sizeof folder);
  g_byte_array_append (file, entry, sizeof entry);
  g_byte_array_append (file, (const guint8 *) name, (guint) name_length);
  for (guint i = 0; i < n_blocks; i++)
    {
      guint8 block[8] = { 0 };
      guint32 size = (guint32) MIN (length - i * 0x8000u, 0x8000u);

      ofl_put_le (block + 4, 2, size);
      ofl_put_le (block + 6, 2, size);
      g_byte_array_append (file, block, sizeof block);
      g_byte_array_append (file, data + i * 0x8000u, size);
    }
  return g_byte_array_free_to_bytes (file);
}
