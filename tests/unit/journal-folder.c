/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal-folder.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "kit/scratch.h"

void
journal_folder_up (JournalFolder *f, gconstpointer data)
{
  f->dir = scratch_new ();
  f->journals = g_build_filename (f->dir, "journal", NULL);
  g_assert_cmpint (g_mkdir (f->journals, 0700), ==, 0);
}

void
journal_folder_down (JournalFolder *f, gconstpointer data)
{
  scratch_free (f->dir);
  g_free (f->journals);
}

char *
journal_put (JournalFolder *f, const char *name, const char *content, gssize length)
{
  char *path = g_build_filename (f->journals, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
  return path;
}

const OflUnfinished *
journal_find_one (JournalFolder *f, GPtrArray **found)
{
  *found = ofl_journal_find_unfinished (f->dir);
  g_assert_cmpuint ((*found)->len, ==, 1);
  return g_ptr_array_index (*found, 0);
}

void
journal_assert_none (JournalFolder *f)
{
  g_autoptr (GPtrArray) found = ofl_journal_find_unfinished (f->dir);

  g_assert_cmpuint (found->len, ==, 0);
}

guint
journal_assert_all_json (const char *path)
{
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  lines = g_strsplit (content, "\n", -1);
  for (; lines[n] != NULL && (lines[n][0] != '\0' || lines[n + 1] != NULL); n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = json_from_string (lines[n], &error);

      g_assert_no_error (error);
      g_assert_true (json_object_has_member (json_node_get_object (node), "event"));
    }
  return n;
}

void
journal_write_job (OflJournal *journal)
{
  ofl_journal_write (journal, "job", "kind", "flash", "drive", "A \"drive\"\n", "drive_id",
                     "/dev/sr0", "image", "X 1.0", "serial", NULL, NULL);
  ofl_journal_write (journal, "backup", "path", "/b/flash.bin", NULL);
  ofl_journal_write (journal, "write-begins", NULL);
}
