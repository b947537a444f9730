/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl inspect --extract: the images of a file, written out. */
#include "ctl-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#include "flash/ofl-folder.h"

#define LONGEST_NAME 80

/**
 * ofl_ctl_check_output:
 * @ctl: the command line; --overwrite counts
 * @path: a file that is to be made
 * @exit_status: (out): what to end with when it may not be made
 *
 * Asked before any work is done for it.
 *
 * Returns: %FALSE when something is there that would be replaced, and says so
 */
gboolean
ofl_ctl_check_output (OflCtl *ctl, const char *path, int *exit_status)
{
  g_autoptr (GError) error = NULL;

  if (ofl_file_may_be_made (path, ctl->overwrite, &error))
    return TRUE;
  *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_USAGE, error->message,
                               ctl->overwrite ? _ ("Choose another name.")
                                              : _ ("Choose another name, or say --overwrite."));
  return FALSE;
}

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
 * Returns: %FALSE with the error of ofl_file_write()
 */
gboolean
ofl_ctl_write_file (OflCtl *ctl, const char *path, const char *data, gsize length, GError **error)
{
  return ofl_file_write (path, data, length, 0666, ctl->overwrite, error);
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
static gboolean
check_all (OflCtl *ctl, GPtrArray *paths, int *exit_status)
{
  for (guint i = 0; i < paths->len; i++)
    if (!ofl_ctl_check_output (ctl, g_ptr_array_index (paths, i), exit_status))
      return FALSE;
  return TRUE;
}

static void
say_written (OflCtl *ctl, const char *path, guint number, gsize length)
{
  JsonBuilder *builder;

  if (!ctl->json)
    {
      g_print (ngettext ("%s: %zu byte\n", "%s: %zu bytes\n", length), path, length);
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
 * Returns: exit status; usage, and nothing written, when a file is in the way
 */
int
ofl_ctl_extract (OflCtl *ctl, OflFirmware *firmware)
{
  g_autoptr (GPtrArray) paths = make_paths (ctl->extract_dir, firmware);
  g_autoptr (GError) error = NULL;
  int exit_status;

  if (!check_all (ctl, paths, &exit_status))
    return exit_status;
  if (g_mkdir_with_parents (ctl->extract_dir, 0777) != 0)
    {
      g_autofree char *what = g_strdup_printf ("%s: %s", ctl->extract_dir, g_strerror (errno));

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
