/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A firmware file opened: read through GFile, hashed, unpacked, its images recognised. */
#include "firmware/ofl-firmware.h"

#include <glib/gi18n-lib.h>

#include "firmware/ofl-container-private.h"
#include "firmware/ofl-evidence.h"
#include "scsi/ofl-error.h"

struct _OflFirmware {
  GObject parent_instance;

  char *name;
  char *location; /* NULL when it came from no file */
  char *container;
  GBytes *bytes;
  OflHashes hashes;
  GPtrArray *images;
  char *unopened_name;
  const char *unopened;
};

G_DEFINE_FINAL_TYPE (OflFirmware, ofl_firmware, G_TYPE_OBJECT)

static void
ofl_firmware_finalize (GObject *object)
{
  OflFirmware *self = OFL_FIRMWARE (object);

  g_free (self->name);
  g_free (self->location);
  g_free (self->container);
  g_free (self->unopened_name);
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
      = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                           G_FILE_QUERY_INFO_NONE, cancellable, &local);

  if (info == NULL)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local));
      else
        ofl_set_error (error, OFL_ERROR_BAD_FILE,
                       _ ("The file “%s” cannot be read: %s. Choose another file."), name,
                       local->message);
      return FALSE;
    }
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    {
      ofl_set_error (error, OFL_ERROR_BAD_FILE,
                     _ ("“%s” is a folder. Choose the firmware file inside it."), name);
      return FALSE;
    }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      ofl_set_error (error, OFL_ERROR_BAD_FILE,
                     _ ("“%s” is not an ordinary file. Choose a firmware file."), name);
      return FALSE;
    }
  if (g_file_info_get_size (info) > OFL_FIRMWARE_MAX_SIZE)
    {
      g_autofree char *size = g_format_size ((guint64) g_file_info_get_size (info));

      ofl_set_error (error, OFL_ERROR_BAD_FILE,
                     _ ("“%s” is %s long. No drive's firmware is larger than %u MiB, so this is "
                        "something else. Choose the firmware file."),
                     name, size, OFL_FIRMWARE_MAX_SIZE / (1024 * 1024));
      return FALSE;
    }
  if (g_file_info_get_size (info) == 0)
    {
      ofl_set_error (error, OFL_ERROR_BAD_FILE, _ ("“%s” is empty. Download or copy it again."),
                     name);
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
  while (
      (got = g_input_stream_read (G_INPUT_STREAM (stream), chunk, 256 * 1024, cancellable, error))
      > 0)
    {
      g_byte_array_append (all, chunk, (guint) got);
      if (all->len > OFL_FIRMWARE_MAX_SIZE)
        {
          ofl_set_error (error, OFL_ERROR_BAD_FILE, _ ("it grew while it was read"));
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
  OflFirmware *self;

  if (!check_file (file, name, cancellable, error))
    return NULL;
  bytes = read_bounded (file, cancellable, &local);
  if (bytes == NULL)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local));
      else
        ofl_set_error (
            error, OFL_ERROR_BAD_FILE,
            _ ("The file “%s” cannot be read: %s. Check its permissions or copy it again."), name,
            local->message);
      return NULL;
    }
  self = ofl_firmware_new_from_bytes (name, bytes);
  self->location = g_file_get_parse_name (file);
  return self;
}

/* What a parser found in a part, with what is known of the part. */
static void
describe_images (OflFirmware *self, guint first, const OflPart *part, gboolean is_only_part)
{
  for (guint k = first; k < self->images->len; k++)
    {
      OflImage *image = g_ptr_array_index (self->images, k);

      if (!is_only_part || part->revision != NULL)
        ofl_image_set_fact (image, N_ ("part"), part->name);
      if (part->revision != NULL && ofl_image_get_fact (image, "revision") == NULL)
        ofl_image_set_fact (image, "revision", part->revision);
      if (part->unopened == NULL)
        ofl_image_set_fact (image, N_ ("note"), part->note);
      if (part->evidence)
        ofl_image_add_check (image, OFL_EVIDENCE_CHECK, OFL_IMAGE_CHECK_CHANGED,
                             _ ("it was read from a drive whose firmware is damaged"));
    }
}

/* Takes the images that a run of a part's bytes holds; only sound ones, since it is a guess. */
static gboolean
take_guess (OflFirmware *self, const OflPart *part, gsize start, gsize length,
            const OflRecogniser *recogniser)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);
  g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (part->bytes, start, length);
  guint first = self->images->len;

  recogniser->parse (bytes, found);
  for (guint i = 0; i < found->len; i++)
    {
      OflImage *image = g_ptr_array_index (found, i);
      g_autofree char *note = NULL;

      if (ofl_image_is_changed (image))
        continue;
      note = g_strdup_printf (_ ("found behind a Windows program, at offset 0x%zX"), start);
      ofl_image_set_fact (image, N_ ("note"), note);
      g_ptr_array_add (self->images, ofl_image_ref (image));
    }
  return self->images->len > first;
}

/* A program that nothing opened may have a plain image behind it: all of what is there, or as much
 * as a flash chip holds, at its begin or its end. A bounded number of guesses. */
static void
look_behind_program (OflFirmware *self, const OflPart *part, const OflRecogniser *recogniser)
{
  static const gsize chips[] = { 0x200000, 0x100000, 0x80000, 0x40000 };
  OflSlice program = ofl_slice_of_bytes (part->bytes);
  OflSlice behind = ofl_container_get_overlay (program);
  gsize start = (gsize) (behind.data - program.data);

  if (behind.length == 0 || take_guess (self, part, start, behind.length, recogniser))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++)
    if (chips[i] < behind.length
        && (take_guess (self, part, start, chips[i], recogniser)
            || take_guess (self, part, program.length - chips[i], chips[i], recogniser)))
      return;
}

/* Names what could not be opened, where nothing was found beside it. */
static void
note_unopened (OflFirmware *self, GPtrArray *parts)
{
  for (guint i = 0; i < parts->len && self->images->len == 0 && self->unopened == NULL; i++)
    {
      const OflPart *part = g_ptr_array_index (parts, i);

      if (part->unopened != NULL)
        self->unopened_name = g_strdup (part->name);
      self->unopened = part->unopened;
    }
}

/**
 * ofl_firmware_parse:
 * @self: a loaded file
 * @recogniser: what can be found in it
 * @error: return location
 *
 * Unpacks the file and asks @recogniser about every part, and about what stands behind a Windows
 * program that could not be opened. A file with nothing recognised in it is no error: it has 0 images; see
 * ofl_firmware_get_unopened().
 *
 * Returns: %FALSE with %OFL_ERROR_BAD_FILE when a container is damaged
 */
gboolean
ofl_firmware_parse (OflFirmware *self, const OflRecogniser *recogniser, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);

  g_ptr_array_set_size (self->images, 0);
  g_clear_pointer (&self->container, g_free);
  g_clear_pointer (&self->unopened_name, g_free);
  self->unopened = NULL;
  if (!ofl_container_unpack (self->bytes, self->name, recogniser->formats, parts, &self->container,
                             error))
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    {
      const OflPart *part = g_ptr_array_index (parts, i);
      guint first = self->images->len;

      /* a program is not itself an image, whatever names stand in it */
      if (part->unopened != NULL
          && ofl_container_is_program (ofl_slice_of_bytes (part->bytes), NULL))
        look_behind_program (self, part, recogniser);
      else
        recogniser->parse (part->bytes, self->images);
      describe_images (self, first, part, parts->len == 1);
    }
  /* here, where it is a worker that waits */
  for (guint i = 0; i < self->images->len; i++)
    ofl_image_get_hashes (g_ptr_array_index (self->images, i));
  note_unopened (self, parts);
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
 * ofl_firmware_get_location:
 * @self: a firmware file
 *
 * Returns: (nullable): where it was read from, for g_file_parse_name(); %NULL when it came from no
 *   file
 */
const char *
ofl_firmware_get_location (OflFirmware *self)
{
  return self->location;
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
 * ofl_firmware_get_unopened:
 * @self: a parsed firmware file
 * @name: (out) (transfer none): the name of what could not be opened: the file's own, or "setup.exe
 *   in drive.zip"
 *
 * Where no image was found, there may still be firmware in a package that nothing here opens.
 *
 * Returns: (nullable): what it is, in the middle of a sentence: "an installer made with NSIS"; %NULL
 *   when there is no such package, or an image was found beside it
 */
const char *
ofl_firmware_get_unopened (OflFirmware *self, const char **name)
{
  *name = self->unopened_name;
  return self->unopened;
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

/**
 * ofl_argument_is_path:
 * @argument: what stands on a command line, in the encoding of file names
 *
 * A URI has "://" in it: "LG:BU40N.bin" is a path, for firmware is called so. What leads to
 * something is a path whatever it looks like.
 *
 * Returns: whether it is a path, and no URI
 */
gboolean
ofl_argument_is_path (const char *argument)
{
  return strstr (argument, "://") == NULL || g_file_test (argument, G_FILE_TEST_EXISTS);
}

/**
 * ofl_file_for_argument:
 * @argument: what stands on a command line, in the encoding of file names
 *
 * Returns: (transfer full): the file of a path or a URI; it need not exist
 */
GFile *
ofl_file_for_argument (const char *argument)
{
  return ofl_argument_is_path (argument) ? g_file_new_for_path (argument)
                                         : g_file_new_for_uri (argument);
}
