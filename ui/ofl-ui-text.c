/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of the core in words for people. */
#include "ofl-ui-text.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <string.h>

/**
 * ofl_ui_text_date:
 * @digits: (nullable): a date as a drive or an image says it, "yyyymmdd…" or free text
 *
 * Returns: (transfer full): "yyyy-mm-dd" where it begins with eight digits, else as it is;
 *   "" for %NULL
 */
char *
ofl_ui_text_date (const char *digits)
{
  if (digits == NULL)
    return g_strdup ("");
  if (strlen (digits) < 8 || strspn (digits, "0123456789") < 8)
    return g_strdup (digits);
  return g_strdup_printf ("%.4s-%.2s-%.2s", digits, digits + 4, digits + 6);
}

/**
 * ofl_ui_text_left:
 * @left_ms: milliseconds left, -1 when nothing honest can be said
 *
 * Rounded up and coarse on purpose: a second that jumps back and forth says less than "about".
 *
 * Returns: (transfer full): a phrase, "" for -1
 */
char *
ofl_ui_text_left (gint64 left_ms)
{
  guint seconds = left_ms < 0 ? 0 : (guint) ((left_ms + 999) / 1000);
  guint minutes = (seconds + 59) / 60;

  if (left_ms < 0)
    return g_strdup ("");
  if (seconds <= 3)
    return g_strdup (_ ("almost done"));
  if (seconds < 90)
    {
      guint step = seconds < 20 ? 1 : 5;

      seconds = (seconds + step - 1) / step * step;
      return g_strdup_printf (ngettext ("about %u second left", "about %u seconds left", seconds),
                              seconds);
    }
  return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes),
                          minutes);
}

/**
 * ofl_ui_text_elapsed:
 * @time_us: microseconds since a job began
 *
 * Returns: (transfer full): "m:ss.mmm"
 */
char *
ofl_ui_text_elapsed (gint64 time_us)
{
  gint64 ms = time_us / 1000;

  return g_strdup_printf ("%u:%02u.%03u", (guint) (ms / 60000), (guint) (ms / 1000 % 60),
                          (guint) (ms % 1000));
}

/**
 * ofl_ui_text_drive:
 * @drive: a drive
 * @property: one of its string properties: "name" "revision" "where" "state-title"
 *
 * Returns: (transfer full): its value, never %NULL
 */
char *
ofl_ui_text_drive (OflDrive *drive, const char *property)
{
  char *value = NULL;

  g_object_get (drive, property, &value, NULL);
  return value != NULL ? value : g_strdup ("");
}

/**
 * ofl_ui_text_model:
 * @drive: a drive
 *
 * Returns: (transfer full): the short name that a button can carry: the model without its maker
 */
char *
ofl_ui_text_model (OflDrive *drive)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const OflIdentity *identity = snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL;

  if (identity == NULL || !identity->printable || identity->product[0] == '\0')
    return ofl_ui_text_drive (drive, "name");
  return g_strdup (identity->product);
}

/**
 * ofl_ui_text_in_mnemonic:
 * @name: a name
 *
 * In a label with a mnemonic an underscore marks a letter and is not seen.
 *
 * Returns: (transfer full): the name for such a label, in which it reads as it is
 */
char *
ofl_ui_text_in_mnemonic (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);

  return g_strjoinv ("__", parts);
}

/**
 * ofl_ui_text_serial:
 * @drive: a drive
 *
 * Returns: (transfer full): its serial number, or a phrase where it has none
 */
char *
ofl_ui_text_serial (OflDrive *drive)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const OflIdentity *identity = snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL;

  if (identity == NULL || identity->serial[0] == '\0')
    return g_strdup (_ ("not reported"));
  return g_utf8_make_valid (identity->serial, -1);
}

/**
 * ofl_ui_text_bridge:
 * @topology: where a drive is plugged in
 *
 * Returns: (transfer full): USB bridge and speed, "" for a drive that has no bridge
 */
char *
ofl_ui_text_bridge (const OflTopology *topology)
{
  if (topology->bridge_vid == 0 && topology->bridge_pid == 0)
    return g_strdup ("");
  if (topology->usb_mbps == 0)
    return g_strdup_printf ("%04x:%04x", topology->bridge_vid, topology->bridge_pid);
  /* Translators: a USB bridge's numbers and the speed of its link */
  return g_strdup_printf (_ ("%04x:%04x, %u Mbit/s"), topology->bridge_vid, topology->bridge_pid,
                          topology->usb_mbps);
}

/**
 * ofl_ui_text_nodes:
 * @target: where a drive is
 *
 * Returns: (transfer full): its device nodes, "" when it has none
 */
char *
ofl_ui_text_nodes (const OflTarget *target)
{
  const char *sr = ofl_target_get_sr_node (target);
  const char *sg = ofl_target_get_sg_node (target);

  if (sr != NULL && sg != NULL)
    return g_strdup_printf ("%s, %s", sr, sg);
  if (sr != NULL)
    return g_strdup (sr);
  return g_strdup (sg != NULL ? sg : "");
}

/**
 * ofl_ui_text_job:
 * @kind: kind of a job
 * @name: the drive's name
 *
 * Returns: (transfer full): what it does
 */
char *
ofl_ui_text_job (OflJobKind kind, const char *name)
{
  switch (kind)
    {
    case OFL_JOB_BACKUP:
      /* Translators: %s is a drive's name */
      return g_strdup_printf (_ ("Backing up %s"), name);
    case OFL_JOB_VERIFY:
      /* Translators: %s is a drive's name */
      return g_strdup_printf (_ ("Comparing %s"), name);
    case OFL_JOB_UPDATER:
      /* Translators: %s is a drive's name */
      return g_strdup_printf (_ ("Running the maker’s program on %s"), name);
    case OFL_JOB_FLASH:
    default:
      /* Translators: %s is a drive's name */
      return g_strdup_printf (_ ("Flashing %s"), name);
    }
}

/* Which way a line runs its first letter says. */
static gboolean
begins_latin (const char *line)
{
  for (const char *c = line; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isalpha (g_utf8_get_char (c)))
      return g_unichar_get_script (g_utf8_get_char (c)) == G_UNICODE_SCRIPT_LATIN;
  return FALSE;
}

/**
 * ofl_ui_text_at_start:
 * @text: (nullable): some lines, of a file, a drive, or a sentence
 *
 * Where people read from right to left, a line in Latin letters would stand at the left of its place,
 * away from what it belongs to.
 *
 * Returns: (transfer full) (nullable): the same, each line at the side where this language begins
 */
char *
ofl_ui_text_at_start (const char *text)
{
  g_auto (GStrv) lines = NULL;

  if (text == NULL || gtk_widget_get_default_direction () != GTK_TEXT_DIR_RTL)
    return g_strdup (text);
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (begins_latin (*line))
      {
        /* the paragraph runs from the right; what is in it stays as it is, from the left, which is the end of
         * the other literal: NOLINTNEXTLINE(misc-misleading-bidirectional) */
        char *placed = g_strconcat ("\u200f\u2066", *line, "\u2069", NULL);

        g_free (*line);
        *line = placed;
      }
  return g_strjoinv ("\n", lines);
}
