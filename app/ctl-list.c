/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl list: the drives there are. */
#include "ctl-output.h"

#include <glib/gi18n.h>

#include "ctl-holders.h"
#include "ctl-unfinished.h"

enum {
  COLUMN_ID,
  COLUMN_NAME,
  COLUMN_REVISION,
  COLUMN_WHERE,
  COLUMN_STATE,
  COLUMN_FLASHABLE,
  N_COLUMNS,
};

static char **
make_row (OflDrive *drive)
{
  gboolean flashable = ofl_ctl_is_flashable (drive, NULL);
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[COLUMN_ID] = g_strdup (ofl_drive_get_id (drive));
  g_object_get (drive, "name", &row[COLUMN_NAME], "revision", &row[COLUMN_REVISION], "where",
                &row[COLUMN_WHERE], "state-title", &row[COLUMN_STATE], NULL);
  row[COLUMN_FLASHABLE] = g_strdup (flashable ? _ ("yes") : _ ("no"));
  return row;
}

static void
print_table (GListModel *drives)
{
  const char *titles[] = { _ ("DRIVE"),     _ ("NAME"), _ ("REVISION"), _ ("WHERE"), _ ("STATE"),
                           _ ("FLASHABLE"), NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < g_list_model_get_n_items (drives); i++)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (drives, i);

      g_ptr_array_add (rows, make_row (drive));
    }
  ofl_ctl_print_table (titles, rows);
}

/* A user's own file stands in for a table of the program: nobody should find that out later. */
static void
print_own_table (OflDrive *drive)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const char *path = snapshot != NULL ? ofl_snapshot_get_fact (snapshot, OFL_FACT_OWN_TABLE) : NULL;

  if (path != NULL)
    g_print (_ ("\n%s: not the program's own table of these drives is used, but the one in %s\n"),
             ofl_drive_get_id (drive), path);
}

/* Under the table, so that the table stays one line a drive. */
static void
print_problem (OflDrive *drive)
{
  OflAccess access = ofl_drive_get_access (drive);
  g_autofree char *remedy = ofl_access_remedy (access, NULL);
  g_autofree char *reason = NULL;

  print_own_table (drive);
  if (ofl_ctl_is_flashable (drive, &reason))
    return;
  g_print ("\n%s: %s\n", ofl_drive_get_id (drive), reason);
  if (remedy != NULL)
    g_print ("  %s\n", remedy);
}

static void
print_drives (GListModel *drives, gboolean json)
{
  guint n = g_list_model_get_n_items (drives);

  if (!json && n == 0)
    g_print (_ ("No drive was found. “optiflashctl --practice list” adds practice drives.\n"));
  else if (!json)
    print_table (drives);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (drives, i);

      if (json)
        {
          JsonBuilder *builder = ofl_ctl_json_begin ("drive");

          ofl_ctl_json_drive (builder, drive);
          ofl_ctl_json_end (builder);
        }
      else
        print_problem (drive);
    }
}

/* What is no drive to anybody and perhaps is one. */
static void
print_hidden (OflCtl *ctl)
{
  g_autofree char *text = ofl_ctl_describe_hidden (ctl);
  JsonBuilder *builder;

  if (text[0] == '\0')
    return;
  if (!ctl->json)
    {
      g_print ("\n%s\n", text);
      return;
    }
  builder = ofl_ctl_json_begin ("notice");
  ofl_ctl_json_string (builder, "text", text);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_list:
 * @ctl: the command line
 * @args: nothing
 *
 * Returns: exit status
 */
int
ofl_ctl_list (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;

  if (!ofl_ctl_find_all (ctl, &error))
    return ofl_ctl_fail_error (ctl, error);
  ofl_ctl_tell_unfinished (ctl, NULL);
  print_drives (G_LIST_MODEL (ctl->monitor), ctl->json);
  print_hidden (ctl);
  return OFL_EXIT_DONE;
}
