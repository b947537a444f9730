/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job outlives the terminal that it was started in. Its end is in the journal, which nobody looks
 * into who does not know of it: so the next start says it. */
#include "ctl-unseen.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

static char *
unseen_dir (OflCtl *ctl)
{
  if (ctl->state_dir != NULL)
    return g_build_filename (ctl->state_dir, "unseen", NULL);
  return g_build_filename (g_get_user_state_dir (), "optiflash", "unseen", NULL);
}

/**
 * ofl_ctl_unseen_keep:
 * @ctl: the command line
 * @title: what the job was
 * @result: how it ended
 *
 * Keeps it for the next start.
 */
void
ofl_ctl_unseen_keep (OflCtl *ctl, const char *title, const OflResult *result)
{
  g_autofree char *dir = unseen_dir (ctl);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H:%M");
  g_autofree char *name = g_strdup_printf ("%s/%" G_GINT64_FORMAT ".txt", dir, g_get_real_time ());
  g_autofree char *journal = NULL;
  g_autofree char *text = NULL;

  if (result->journal_path != NULL)
    journal = g_strdup_printf (_ ("The journal is %s."), result->journal_path);
  /* Translators: when, the job's title, its verdict, and a sentence of what happened */
  text = g_strdup_printf (_ ("A job that lost its terminal ended on %s. %s: %s. %s"), time, title,
                          ofl_verdict_title (result->verdict), result->what);
  if (journal != NULL)
    {
      char *whole = g_strconcat (text, " ", journal, NULL);

      g_free (text);
      text = whole;
    }
  g_mkdir_with_parents (dir, 0700);
  g_file_set_contents (name, text, -1, NULL);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
give_notice (OflCtl *ctl, const char *text)
{
  JsonBuilder *builder;

  if (!ctl->json)
    {
      g_printerr ("%s\n", text);
      return;
    }
  builder = ofl_ctl_json_begin ("notice");
  ofl_ctl_json_string (builder, "text", text);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_unseen_tell:
 * @ctl: the command line
 *
 * Says what ofl_ctl_unseen_keep() has kept, the oldest first, once.
 */
void
ofl_ctl_unseen_tell (OflCtl *ctl)
{
  g_autofree char *dir = unseen_dir (ctl);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (g_str_has_suffix (name, ".txt"))
      g_ptr_array_add (names, g_build_filename (dir, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *path = g_ptr_array_index (names, i);
      g_autofree char *text = NULL;

      if (!g_file_get_contents (path, &text, NULL, NULL))
        continue;
      give_notice (ctl, text);
      if (!ofl_ctl_out_is_lost ())
        g_unlink (path);
    }
}
