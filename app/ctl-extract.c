/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl inspect --extract: the images of a file, written out. */
#include "ctl-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define LONGEST_NAME 80

/**
 * ofl_ctl_write_file:
 * @ctl: the command line; --overwrite counts
 * @path: where to
 * @data: (array length=length): what
 * @length: number of bytes
 * @error: return location
 *
 * Writes a file as a whole. What is there already, a link included, is only replaced with
 * --overwrite, and never written through.
 *
 * Returns: %FALSE with %G_IO_ERROR or %G_FILE_ERROR
 */
gboolean
ofl_ctl_write_file (OflCtl *ctl, const char *path, const char *data, gsize length, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = NULL;

  if (ctl->overwrite)
    return g_file_set_contents (path, data, (gssize) length, error);
  stream = g_file_create (file, G_FILE_CREATE_NONE, NULL, error);
  if (stream == NULL)
    return FALSE;
  if (g_output_stream_write_all (G_OUTPUT_STREAM (stream), data, length, NULL, NULL, error)
      && g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error))
    return TRUE;
  g_unlink (path);
  return FALSE;
}

/* "1-LITE-ON_DVDRW_SOHW-812S_US0N.bin": what an image says of itself cannot lead anywhere else. */
static char *
safe_name (const OflImage *image, guint number)
{
  g_autofree char *title = ofl_image_describe (image);
  g_autoptr (GString) name = g_string_new (NULL);

  g_string_append_printf (name, "%u-", number);
  for (const char *p = title; *p != '\0' && name->len < LONGEST_NAME; p++)
    g_string_append_c (name, g_ascii_isalnum (*p) || *p == '-' || *p == '.' ? *p : '_');
  g_string_append (name, ".bin");
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static GPtrArray *
make_paths (const char *dir, OflFirmware *firmware)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    {
      g_autofree char *name = safe_name (ofl_firmware_get_image (firmware, i), i + 1);

      g_ptr_array_add (paths, g_build_filename (dir, name, NULL));
    }
  return paths;
}

/* All or nothing: one that is in the way is found before any is written. */
static const char *
first_in_the_way (GPtrArray *paths)
{
  GStatBuf unused;

  for (guint i = 0; i < paths->len; i++)
    if (g_lstat (g_ptr_array_index (paths, i), &unused) == 0)
      return g_ptr_array_index (paths, i);
  return NULL;
}

static void
say_written (OflCtl *ctl, const char *path, guint number, gsize length)
{
  JsonBuilder *builder;

  if (!ctl->json)
    {
      g_print (_("%s: %" G_GSIZE_FORMAT " bytes\n"), path, length);
      return;
    }
  builder = ofl_ctl_json_begin ("extracted");
  ofl_ctl_json_int (builder, "number", number);
  ofl_ctl_json_string (builder, "path", path);
  ofl_ctl_json_int (builder, "size", (gint64) length);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_extract:
 * @ctl: the command line, with the folder
 * @firmware: a parsed file
 *
 * Writes every image into a file of its own, named by its number and by what it says of itself.
 *
 * Returns: exit status; failed, and nothing written, when a file is in the way
 */
int
ofl_ctl_extract (OflCtl *ctl, OflFirmware *firmware)
{
  g_autoptr (GPtrArray) paths = make_paths (ctl->extract_dir, firmware);
  const char *in_the_way = ctl->overwrite ? NULL : first_in_the_way (paths);
  g_autoptr (GError) error = NULL;

  if (in_the_way != NULL)
    {
      g_autofree char *what = g_strdup_printf (_("%s exists already. Nothing was written."),
                                               in_the_way);

      return ofl_ctl_fail (ctl, OFL_EXIT_FAILED, what,
                           _("Choose another folder, or say --overwrite."));
    }
  if (g_mkdir_with_parents (ctl->extract_dir, 0777) != 0)
    {
      g_autofree char *what
          = g_strdup_printf ("%s: %s", ctl->extract_dir, g_strerror (errno));

      return ofl_ctl_fail (ctl, OFL_EXIT_FAILED, what, NULL);
    }
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);
      gsize length;
      const guint8 *data = ofl_image_get_data (ofl_firmware_get_image (firmware, i), &length);

      if (!ofl_ctl_write_file (ctl, path, (const char *) data, length, &error))
        return ofl_ctl_fail_error (ctl, error);
      say_written (ctl, path, i + 1, length);
    }
  return OFL_EXIT_DONE;
}
