/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl practice: drives that exist only in this program. */
#include "ctl-run.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "ctl-output.h"
#include "families/ofl-practice-catalog.h"

#define DEMO_DRIVE "bu40n"

static int
list (OflCtl *ctl)
{
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);

      if (ctl->json)
        {
          JsonBuilder *builder = ofl_ctl_json_begin ("practice");

          ofl_ctl_json_string (builder, "id", id);
          ofl_ctl_json_string (builder, "title", ofl_practice_get_title (i));
          ofl_ctl_json_string (builder, "variants", ofl_practice_get_variants (i));
          ofl_ctl_json_end (builder);
        }
      else
        ofl_ctl_print_field (id, ofl_practice_get_title (i));
    }
  return OFL_EXIT_DONE;
}

static int
make_image (OflCtl *ctl, char **args)
{
  const char *path = args[2];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = NULL;
  gsize length;
  const char *data;
  int exit_status;

  if (!ofl_ctl_check_output (ctl, path, &exit_status))
    return exit_status;
  image = ofl_practice_make_image (args[0], args[1], args[3], &error);
  if (image == NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, error->message, NULL);
  data = g_bytes_get_data (image, &length);
  if (!ofl_ctl_write_file (ctl, path, data, length, &error))
    return ofl_ctl_fail_error (ctl, error);
  if (!ctl->json)
    g_print (ngettext ("%s: %zu byte\n", "%s: %zu bytes\n", length), path, length);
  return OFL_EXIT_DONE;
}

static int
reset (OflCtl *ctl, const char *only)
{
  g_autofree char *dir = ofl_ctl_practice_dir (ctl);
  gboolean found = FALSE;

  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);
      g_autoptr (GError) error = NULL;

      if (only != NULL && strcmp (only, id) != 0)
        continue;
      found = TRUE;
      if (!ofl_core_reset_practice_drive (id, dir, &error))
        return ofl_ctl_fail_error (ctl, error);
      if (!ctl->json)
        g_print (_ ("practice:%s is as it left the factory.\n"), id);
    }
  if (!found)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("There is no practice drive of this name."), NULL);
  return OFL_EXIT_DONE;
}

/* Another revision than the one the drive holds, so that a second demo shows a write again. */
static const char *
choose_revision (OflDrive *drive)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);

  return strcmp (ofl_snapshot_identity (snapshot)->revision, "1.03") == 0 ? "1.04" : "1.03";
}

static int
flash_demo (OflCtl *ctl, OflDrive *drive, const char *dir)
{
  const char *revision = choose_revision (drive);
  g_autofree char *path = g_strdup_printf ("%s/BU40N_%s.bin", dir, revision);
  char *image_args[] = { (char *) DEMO_DRIVE, (char *) revision, path, NULL };
  int exit_status = make_image (ctl, image_args);

  if (exit_status != OFL_EXIT_DONE)
    return exit_status;
  ctl->yes = TRUE;
  exit_status = ofl_ctl_flash_drive (ctl, drive, path);
  g_unlink (path);
  return exit_status;
}

static int
demo (OflCtl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = ofl_ctl_find_drive (ctl, "practice:" DEMO_DRIVE, &error);
  g_autofree char *dir = NULL;
  int exit_status;

  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  dir = g_dir_make_tmp ("optiflash-XXXXXX", &error);
  if (dir == NULL)
    return ofl_ctl_fail_error (ctl, error);
  exit_status = flash_demo (ctl, drive, dir);
  g_rmdir (dir);
  return exit_status;
}

/**
 * ofl_ctl_practice_help:
 *
 * Returns: (transfer full): what follows "practice", explained
 */
char *
ofl_ctl_practice_help (void)
{
  GString *text = g_string_new (
      _ ("  list                                 the practice drives there are\n"
         "  image ID REVISION OUT [VARIANT]      make a firmware file for one, at OUT\n"
         "  reset [ID]                           as it left the factory; without ID all of them\n"
         "  demo                                 flash one, shown live\n\n"
         "ID is a practice drive's name without “practice:”, such as bu40n.\n"
         "REVISION has four characters, such as 1.03; se506 takes TSxx and sohw812s USxx.\n"
         "VARIANT makes a file that is wrong or special on purpose, to see what is said of it:\n"));

  for (guint i = 0; i < ofl_practice_count (); i++)
    g_string_append_printf (text, "  %-10s %s\n", ofl_practice_get_id (i),
                            ofl_practice_get_variants (i));
  return g_string_free (text, FALSE);
}

/**
 * ofl_ctl_practice:
 * @ctl: the command line
 * @args: list, image ID REVISION OUT [VARIANT], reset [ID] or demo
 *
 * Returns: exit status
 */
int
ofl_ctl_practice (OflCtl *ctl, char **args)
{
  guint n = g_strv_length (args);

  if (strcmp (args[0], "list") == 0 && n == 1)
    return list (ctl);
  if (strcmp (args[0], "image") == 0 && (n == 4 || n == 5))
    return make_image (ctl, args + 1);
  if (strcmp (args[0], "reset") == 0 && n <= 2)
    return reset (ctl, args[1]);
  if (strcmp (args[0], "demo") == 0 && n == 1)
    return demo (ctl);
  return ofl_ctl_fail (ctl, OFL_EXIT_USAGE,
                       _ ("practice is followed by one of: list, image ID REVISION OUT [VARIANT], "
                          "reset [ID], demo."),
                       NULL);
}
