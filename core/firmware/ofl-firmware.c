/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A firmware file opened: read through GFile, hashed, unpacked, its images recognised. */
#include "firmware/ofl-firmware.h"

#include "firmware/ofl-container.h"
#include "scsi/ofl-error.h"

struct _OflFirmware {
  GObject parent_instance;

  char *name;
  char *container;
  GBytes *bytes;
  OflHashes hashes;
  GPtrArray *images;
};

G_DEFINE_FINAL_TYPE (OflFirmware, ofl_firmware, G_TYPE_OBJECT)

static void
ofl_firmware_finalize (GObject *object)
{
  OflFirmware *self = OFL_FIRMWARE (object);

  g_free (self->name);
  g_free (self->container);
  g_bytes_unref (self->bytes);
  g_ptr_array_unref (self->images);
  G_OBJECT_CLASS (ofl_firmware_parent_class)->finalize (object);
}

static void
ofl_firmware_class_init (OflFirmwareClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_firmware_finalize;
}

static void
ofl_firmware_init (OflFirmware *self)
{
  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);
}

/**
 * ofl_firmware_new_from_bytes:
 * @name: the file's name, for people
 * @bytes: (transfer none): its content
 *
 * Returns: (transfer full): a firmware file with its hashes, not yet parsed
 */
OflFirmware *
ofl_firmware_new_from_bytes (const char *name, GBytes *bytes)
{
  OflFirmware *self = g_object_new (OFL_TYPE_FIRMWARE, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  self->name = g_utf8_make_valid (name, -1);
  self->bytes = g_bytes_ref (bytes);
  ofl_hashes_compute (&self->hashes, data, length);
  return self;
}

static gboolean
check_file (GFile *file, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GFileInfo) info
      = g_file_query_info (file,
                           G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                           G_FILE_QUERY_INFO_NONE, cancellable, &local);

  if (info == NULL)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                     "The file “%s” cannot be read: %s. Choose another file.", name,
                     local->message);
      return FALSE;
    }
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                   "“%s” is a folder. Choose the firmware file inside it.", name);
      return FALSE;
    }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                   "“%s” is not an ordinary file. Choose a firmware file.", name);
      return FALSE;
    }
  if (g_file_info_get_size (info) > OFL_FIRMWARE_MAX_SIZE)
    {
      g_autofree char *size = g_format_size ((guint64) g_file_info_get_size (info));

      g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                   "“%s” is %s long. No drive's firmware is larger than %u MiB, so this is "
                   "something else. Choose the firmware file.",
                   name, size, OFL_FIRMWARE_MAX_SIZE / (1024 * 1024));
      return FALSE;
    }
  if (g_file_info_get_size (info) == 0)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                   "“%s” is empty. Download or copy it again.", name);
      return FALSE;
    }
  return TRUE;
}

/* Reads at most the largest size, whatever the file's length was a moment ago. */
static GBytes *
read_bounded (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (256 * 1024);
  gssize got;

  if (stream == NULL)
    return NULL;
  while ((got = g_input_stream_read (G_INPUT_STREAM (stream), chunk, 256 * 1024, cancellable,
                                     error))
         > 0)
    {
      g_byte_array_append (all, chunk, (guint) got);
      if (all->len > OFL_FIRMWARE_MAX_SIZE)
        {
          g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE, "it grew while it was read");
          return NULL;
        }
    }
  if (got < 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

/**
 * ofl_firmware_load:
 * @file: the file
 * @cancellable: (nullable): cancels reading
 * @error: return location
 *
 * Reads and hashes a file; blocks, so call it on a worker thread. Folders, empty files and files
 * above %OFL_FIRMWARE_MAX_SIZE are refused before they are read.
 *
 * Returns: (transfer full): the file, not yet parsed, or %NULL with %OFL_ERROR_BAD_FILE or
 *   %G_IO_ERROR_CANCELLED
 */
OflFirmware *
ofl_firmware_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_utf8_make_valid (base != NULL ? base : "file", -1);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) local = NULL;

  if (!check_file (file, name, cancellable, error))
    return NULL;
  bytes = read_bounded (file, cancellable, &local);
  if (bytes == NULL)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                     "The file “%s” cannot be read: %s. Check its permissions or copy it again.",
                     name, local->message);
      return NULL;
    }
  return ofl_firmware_new_from_bytes (name, bytes);
}

/**
 * ofl_firmware_parse:
 * @self: a loaded file
 * @parser: recognises images in bytes
 * @data: for @parser
 * @error: return location
 *
 * Unpacks the file and asks @parser about every part. A file with nothing recognised in it is no
 * error: it has 0 images.
 *
 * Returns: %FALSE with %OFL_ERROR_BAD_FILE when a container is damaged
 */
gboolean
ofl_firmware_parse (OflFirmware *self, OflImageParser parser, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);

  g_ptr_array_set_size (self->images, 0);
  g_clear_pointer (&self->container, g_free);
  if (!ofl_container_unpack (self->bytes, self->name, parts, &self->container, error))
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    {
      const OflPart *part = g_ptr_array_index (parts, i);
      guint first = self->images->len;

      if (!parser (part->bytes, self->images, data, error))
        return FALSE;
      for (guint k = first; k < self->images->len; k++)
        {
          OflImage *image = g_ptr_array_index (self->images, k);

          if (parts->len > 1 || part->revision != NULL)
            ofl_image_set_fact (image, "part", part->name);
          if (part->revision != NULL && ofl_image_get_fact (image, "revision") == NULL)
            ofl_image_set_fact (image, "revision", part->revision);
          ofl_image_set_fact (image, "note", part->note);
        }
    }
  return TRUE;
}

/**
 * ofl_firmware_get_name:
 * @self: a firmware file
 *
 * Returns: the file's name
 */
const char *
ofl_firmware_get_name (OflFirmware *self)
{
  return self->name;
}

/**
 * ofl_firmware_get_container:
 * @self: a firmware file
 *
 * Returns: what kind of file it is, for people; "" before it is parsed
 */
const char *
ofl_firmware_get_container (OflFirmware *self)
{
  return self->container != NULL ? self->container : "";
}

/**
 * ofl_firmware_get_size:
 * @self: a firmware file
 *
 * Returns: its length in bytes
 */
gsize
ofl_firmware_get_size (OflFirmware *self)
{
  return g_bytes_get_size (self->bytes);
}

/**
 * ofl_firmware_get_bytes:
 * @self: a firmware file
 *
 * Returns: (transfer none): its content
 */
GBytes *
ofl_firmware_get_bytes (OflFirmware *self)
{
  return self->bytes;
}

/**
 * ofl_firmware_get_hashes:
 * @self: a firmware file
 *
 * Returns: (transfer none): hashes of the file itself
 */
const OflHashes *
ofl_firmware_get_hashes (OflFirmware *self)
{
  return &self->hashes;
}

/**
 * ofl_firmware_get_images:
 * @self: a parsed firmware file
 *
 * Returns: (transfer none) (element-type OflImage): its images; who has just parsed it may append
 *   sets that several of them form
 */
GPtrArray *
ofl_firmware_get_images (OflFirmware *self)
{
  return self->images;
}

/**
 * ofl_firmware_get_n_images:
 * @self: a firmware file
 *
 * Returns: number of images recognised in it
 */
guint
ofl_firmware_get_n_images (OflFirmware *self)
{
  return self->images->len;
}

/**
 * ofl_firmware_get_image:
 * @self: a firmware file
 * @index: from 0
 *
 * Returns: (transfer none): an image
 */
OflImage *
ofl_firmware_get_image (OflFirmware *self, guint index)
{
  g_return_val_if_fail (index < self->images->len, NULL);
  return g_ptr_array_index (self->images, index);
}
