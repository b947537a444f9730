/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl inspect: what a file holds. No drive is needed or asked. */
#include "ctl-output.h"

#include <glib/gi18n.h>

static void
print_file (OflFirmware *firmware)
{
  const OflHashes *hashes = ofl_firmware_get_hashes (firmware);
  gsize bytes = ofl_firmware_get_size (firmware);
  g_autofree char *size = g_strdup_printf (ngettext ("%zu byte", "%zu bytes", bytes), bytes);

  g_print ("%s\n", ofl_firmware_get_name (firmware));
  ofl_ctl_print_field (_ ("Container"), ofl_firmware_get_container (firmware));
  ofl_ctl_print_field (_ ("Size"), size);
  ofl_ctl_print_field ("SHA-256", hashes->sha256);
  ofl_ctl_print_field ("SHA-1", hashes->sha1);
  ofl_ctl_print_field ("MD5", hashes->md5);
  ofl_ctl_print_field ("CRC-32", hashes->crc32);
  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    {
      g_print ("\n");
      ofl_ctl_print_image (ofl_firmware_get_image (firmware, i), i + 1);
    }
}

static void
add_hashes (JsonBuilder *builder, const OflHashes *hashes)
{
  ofl_ctl_json_string (builder, "sha256", hashes->sha256);
  ofl_ctl_json_string (builder, "sha1", hashes->sha1);
  ofl_ctl_json_string (builder, "md5", hashes->md5);
  ofl_ctl_json_string (builder, "crc32", hashes->crc32);
}

static void
add_facts (JsonBuilder *builder, const OflImage *image)
{
  GPtrArray *facts = ofl_image_list_facts (image);

  json_builder_set_member_name (builder, "facts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < facts->len; i++)
    ofl_ctl_json_string (builder, g_ptr_array_index (facts, i),
                         ofl_image_get_fact (image, g_ptr_array_index (facts, i)));
  json_builder_end_object (builder);
}

static void
add_checks (JsonBuilder *builder, const OflImage *image)
{
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);

      json_builder_begin_object (builder);
      ofl_ctl_json_string (builder, "name", check->name);
      ofl_ctl_json_string (builder, "result", ofl_image_check_result_id (check->result));
      ofl_ctl_json_string (builder, "detail", check->detail);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_image_json (const OflImage *image, guint number)
{
  g_autofree char *title = ofl_image_describe (image);
  g_autofree char *known = ofl_known_image_find (ofl_image_get_hashes (image));
  JsonBuilder *builder = ofl_ctl_json_begin ("image");
  gsize length;

  ofl_image_get_data (image, &length);
  ofl_ctl_json_int (builder, "number", number);
  ofl_ctl_json_string (builder, "title", title);
  ofl_ctl_json_string (builder, "family", ofl_image_get_family (image));
  ofl_ctl_json_int (builder, "size", (gint64) length);
  ofl_ctl_json_string (builder, "mark", ofl_image_get_mark (image));
  ofl_ctl_json_string (builder, "known", known);
  ofl_ctl_json_bool (builder, "changed", ofl_image_is_changed (image));
  add_hashes (builder, ofl_image_get_hashes (image));
  add_facts (builder, image);
  add_checks (builder, image);
  ofl_ctl_json_end (builder);
}

static void
print_json (OflFirmware *firmware)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("file");

  ofl_ctl_json_string (builder, "name", ofl_firmware_get_name (firmware));
  ofl_ctl_json_string (builder, "container", ofl_firmware_get_container (firmware));
  ofl_ctl_json_int (builder, "size", (gint64) ofl_firmware_get_size (firmware));
  add_hashes (builder, ofl_firmware_get_hashes (firmware));
  ofl_ctl_json_int (builder, "images", ofl_firmware_get_n_images (firmware));
  ofl_ctl_json_end (builder);
  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    print_image_json (ofl_firmware_get_image (firmware, i), i + 1);
}

/* The images of a damaged file are written too: looking at them is what they are wanted for. */
static int
extract (OflCtl *ctl, OflFirmware *firmware)
{
  if (ctl->extract_dir == NULL)
    return OFL_EXIT_DONE;
  return ofl_ctl_extract (ctl, firmware);
}

static gboolean
any_changed (OflFirmware *firmware)
{
  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    if (ofl_image_is_changed (ofl_firmware_get_image (firmware, i)))
      return TRUE;
  return FALSE;
}

static int
fail_empty (OflCtl *ctl, OflFirmware *firmware)
{
  const char *name;
  const char *unopened = ofl_firmware_get_unopened (firmware, &name);
  g_autofree char *text = NULL;

  if (unopened == NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED,
                         _ ("No family of drives recognises a firmware in this file."), NULL);
  text = g_strdup_printf (_ ("“%s” is %s that could not be opened here; it may well hold firmware. "
                             "Unpack it and open what is inside."),
                          name, unopened);
  return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, text, NULL);
}

/**
 * ofl_ctl_inspect:
 * @ctl: the command line
 * @args: the file
 *
 * Returns: exit status: refused when nothing is recognised or a check of an image failed
 */
int
ofl_ctl_inspect (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = ofl_ctl_open_firmware (ctl, args[0], &error);
  int exit_status;

  if (firmware == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (ctl->json)
    print_json (firmware);
  else
    print_file (firmware);
  if (ofl_firmware_get_n_images (firmware) == 0)
    return fail_empty (ctl, firmware);
  exit_status = extract (ctl, firmware);
  if (exit_status != OFL_EXIT_DONE)
    return exit_status;
  if (any_changed (firmware))
    return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED,
                         _ ("An image does not pass its own checks: the file is damaged or was "
                            "changed. Get it again."),
                         NULL);
  return OFL_EXIT_DONE;
}
