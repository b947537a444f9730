/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive across processes. The file is one line of text, "optiflash-practice 1 ID SEED
 * DISC", and then all cells of the flash chip; what mode the drive is in follows from them. */
#include "practice/ofl-practice-private.h"
#include "practice/ofl-practice-store.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAGIC "optiflash-practice"
#define VERSION "1"
#define MAX_HEAD 100

/**
 * ofl_practice_state_head: (skip)
 * @drive: a practice drive
 *
 * Returns: (transfer full): the first line of its file
 */
char *
ofl_practice_state_head (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);

  return g_strdup_printf ("%s %s %s %u %u\n", MAGIC, VERSION, common->entry->id, common->seed,
                          common->disc && !common->disc_from_outside ? 1u : 0u);
}

/**
 * ofl_practice_drive_save:
 * @self: a practice drive
 * @path: the file to write
 * @error: return location
 *
 * Keeps what the drive holds without power, and whether a disc is in. A burn that goes on counts
 * as far as it had come with the last command.
 *
 * Returns: FALSE with a %G_FILE_ERROR when the file cannot be written
 */
gboolean
ofl_practice_drive_save (OflPracticeDrive *self, const char *path, GError **error)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  g_autofree char *head = ofl_practice_state_head (self);
  g_autoptr (GString) contents = g_string_new (head);

  g_string_append_len (contents, (const char *) ofl_practice_chip_get_data (common->chip),
                       ofl_practice_chip_get_size (common->chip));
  return g_file_set_contents_full (path, contents->str, (gssize) contents->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* The words of the first line; NULL when there is no such line. */
static char **
split_head (const char *contents, gsize length, gsize *head)
{
  const char *end = memchr (contents, '\n', MIN (length, (gsize) MAX_HEAD));
  g_autofree char *line = NULL;

  if (end == NULL)
    return NULL;
  *head = (gsize) (end - contents) + 1;
  line = g_strndup (contents, *head - 1);
  return g_strsplit (line, " ", -1);
}

/**
 * ofl_practice_state_find_cells: (skip)
 * @drive: a practice drive
 * @contents: (array length=length): a file
 * @length: its bytes
 * @disc: (out): whether a disc was in
 *
 * Returns: (transfer none) (nullable): the cells of its chip in @contents; %NULL when this is not
 *   the state of such a drive
 */
const guint8 *
ofl_practice_state_find_cells (OflPracticeDrive *drive, const char *contents, gsize length,
                               gboolean *disc)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  gsize head = 0;
  g_auto (GStrv) words = split_head (contents, length, &head);

  if (words == NULL || g_strv_length (words) != 5 || !g_str_equal (words[0], MAGIC)
      || !g_str_equal (words[1], VERSION) || !g_str_equal (words[2], common->entry->id)
      || length - head != ofl_practice_chip_get_size (common->chip))
    return NULL;
  *disc = g_str_equal (words[4], "1");
  return (const guint8 *) contents + head;
}

/**
 * ofl_practice_state_put: (skip)
 * @drive: a practice drive
 * @cells: all cells of its chip
 * @disc: whether a disc is in
 * @now_us: the drive's time
 *
 * Puts the contents into the flash chip and the disc into the tray, and lets the drive start.
 */
void
ofl_practice_state_put (OflPracticeDrive *drive, const guint8 *cells, gboolean disc, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (drive);

  ofl_practice_drive_power_off (drive, now_us);
  ofl_practice_chip_put (common->chip, 0, cells, ofl_practice_chip_get_size (common->chip));
  if (!common->disc_from_outside)
    common->disc = disc;
  ofl_practice_drive_power_cycle (drive, now_us);
}

/**
 * ofl_practice_drive_load:
 * @self: a practice drive of the same model
 * @path: a file that ofl_practice_drive_save() wrote
 * @error: return location
 *
 * Puts the contents into the flash chip and the disc into the tray, and lets the drive start with
 * them. The serial number stays that of @self.
 *
 * Returns: FALSE with a %G_FILE_ERROR when the file cannot be read, or %OFL_ERROR_BAD_FILE when
 *   it is not the state of such a drive; @self is then as before
 */
gboolean
ofl_practice_drive_load (OflPracticeDrive *self, const char *path, GError **error)
{
  g_autofree char *contents = NULL;
  const guint8 *cells;
  gboolean disc = FALSE;
  gsize length = 0;

  if (!g_file_get_contents (path, &contents, &length, error))
    return FALSE;
  cells = ofl_practice_state_find_cells (self, contents, length, &disc);
  if (cells == NULL)
    {
      ofl_set_error (error, OFL_ERROR_BAD_FILE,
                     _ ("%s is not the saved state of the practice drive “%s”. Reset the practice "
                        "drive to begin anew."),
                     path, ofl_practice_common (self)->entry->id);
      return FALSE;
    }
  ofl_practice_state_put (self, cells, disc, 0);
  return TRUE;
}
