/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word that leads nowhere: what it is, and what was probably meant (case 21). */
#include "ctl-holders.h"
#include "families/ofl-practice-catalog.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

/* More letters than this differ by more than a slip of the finger. */
#define MOST_EDITS 2

/* Letters to add, drop, change, or swap with their neighbour. */
static guint
count_edits (const char *a, const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *before = g_new0 (guint, n + 1);
  g_autofree guint *last = g_new0 (guint, n + 1);
  g_autofree guint *row = g_new0 (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    last[j] = (guint) j;
  for (gsize i = 1; a[i - 1] != '\0'; i++)
    {
      row[0] = (guint) i;
      for (gsize j = 1; j <= n; j++)
        {
          guint change = last[j - 1] + (a[i - 1] != b[j - 1]);

          row[j] = MIN (MIN (last[j], row[j - 1]) + 1, change);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = MIN (row[j], before[j - 2] + 1);
        }
      memcpy (before, last, (n + 1) * sizeof *last);
      memcpy (last, row, (n + 1) * sizeof *row);
    }
  return last[n];
}

/**
 * ofl_ctl_closest:
 * @word: what was typed
 * @known: (array zero-terminated=1): the words there are
 *
 * Returns: (nullable): the one that was probably meant; case does not count
 */
const char *
ofl_ctl_closest (const char *word, const char *const *known)
{
  g_autofree char *typed = g_ascii_strdown (word, -1);
  const char *best = NULL;
  guint fewest = MOST_EDITS + 1;

  for (gsize i = 0; known[i] != NULL; i++)
    {
      g_autofree char *candidate = g_ascii_strdown (known[i], -1);
      guint edits = count_edits (typed, candidate);

      /* of a short word nothing would be left */
      if (edits < fewest && edits * 2 < strlen (candidate))
        {
          best = known[i];
          fewest = edits;
        }
    }
  return best;
}

static const char *
closest_practice (const char *word)
{
  g_autofree const char **ids = g_new0 (const char *, ofl_practice_count () + 1);

  for (guint i = 0; i < ofl_practice_count (); i++)
    ids[i] = ofl_practice_get_id (i);
  return ofl_ctl_closest (word, ids);
}

/**
 * ofl_ctl_set_no_practice_error:
 * @id: what stands behind "practice:"
 * @message: why it is none
 * @error: return location
 */
void
ofl_ctl_set_no_practice_error (const char *id, const char *message, GError **error)
{
  const char *meant = closest_practice (id);

  if (meant != NULL && strcmp (meant, id) != 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("There is no practice drive “%s”. Did you mean practice:%s?"), id, meant);
  else
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
}

/* "sr0", "BU40N" and "bu40n" of drives that are there, and the practice drives. */
static char *
guess_meant (OflCtl *ctl, const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_autofree char *node = g_strconcat ("/dev/", name, NULL);
  const char *practice;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (ctl->monitor)); i++)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (G_LIST_MODEL (ctl->monitor), i);
      g_autofree char *title = g_utf8_casefold (ofl_drive_get_name (drive), -1);

      if (ofl_drive_matches (drive, node) != OFL_DRIVE_MATCH_NONE
          || (strlen (name) > 2 && strstr (title, folded) != NULL))
        return g_strdup (ofl_drive_get_id (drive));
    }
  practice = strchr (name, '/') == NULL ? closest_practice (name) : NULL;
  return practice != NULL ? g_strconcat ("practice:", practice, NULL) : NULL;
}

/* What stands at a path, where something does. */
static char *
describe_node (const char *path)
{
  struct stat status;
  const char *base = strrchr (path, '/');
  g_autofree char *partition = NULL;

  if (strchr (path, '/') == NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup_printf (_ ("There is no drive “%s”."), path);
  if (stat (path, &status) != 0)
    return g_strdup_printf (_ ("There is no “%s”."), path);
  partition = g_strdup_printf ("/sys/class/block/%s/partition", base != NULL ? base + 1 : path);
  if (S_ISBLK (status.st_mode) && g_file_test (partition, G_FILE_TEST_EXISTS))
    return g_strdup_printf (_ ("“%s” is a partition of a disk, not an optical drive."), path);
  if (S_ISBLK (status.st_mode))
    return g_strdup_printf (_ ("“%s” is a disk or another block device, not an optical drive."),
                            path);
  if (S_ISCHR (status.st_mode))
    return g_strdup_printf (_ ("“%s” is a device, but not an optical drive."), path);
  if (S_ISDIR (status.st_mode))
    return g_strdup_printf (_ ("“%s” is a folder, not a drive."), path);
  return g_strdup_printf (_ ("“%s” is a file, not a drive."), path);
}

/**
 * ofl_ctl_set_no_drive_error:
 * @ctl: the command line, with a monitor that has settled
 * @name: what was typed for a drive
 * @error: return location
 *
 * Says what it is instead, and what was probably meant.
 */
void
ofl_ctl_set_no_drive_error (OflCtl *ctl, const char *name, GError **error)
{
  g_autofree char *what = describe_node (name);
  g_autofree char *meant = guess_meant (ctl, name);
  g_autofree char *hidden = ofl_ctl_describe_hidden (ctl);

  if (meant == NULL && hidden[0] != '\0')
    /* Translators: the second %s is sentences that say what may hide it */
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("“%s” cannot be used as a drive as it is now. %s"), name, hidden);
  else if (meant != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("%s Did you mean %s?"), what,
                 meant);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("%s “optiflashctl list” shows the drives there are."), what);
}

/**
 * ofl_ctl_check_order:
 * @drive: what stands where the drive should
 * @file: what stands where the file should
 * @error: return location
 *
 * Returns: %FALSE with %G_OPTION_ERROR when the two were swapped
 */
gboolean
ofl_ctl_check_order (const char *drive, const char *file, GError **error)
{
  gboolean looks_like_drive = g_str_has_prefix (file, "practice:")
                              || g_str_has_prefix (file, "/dev/");

  if (!looks_like_drive || !g_file_test (drive, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("The drive comes first, then the file. Did you mean “%s %s”?"), file, drive);
  return FALSE;
}
