/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: what is made of one that is damaged, of another kind, or none at all. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "flash/ofl-one-object.h"
#include "journal-folder.h"

/* F7: what a power cut leaves at the end of the file costs that line only. */
static void
test_damaged_tail (JournalFolder *f, gconstpointer data)
{
  static const struct {
    const char *tail;
    gssize length;
  } tails[] = {
    { "\0\0\0\0\0\0\0\0", 8 },
    { "\xe2", 1 },
    { "{\"event\":\"comm", -1 },
    { "\n\n\xff\xfe\n", -1 },
    { "{\"event\":\"com\0mand\"}\n", 20 },
    { "/* \n 'x' # \n", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autoptr (GString) text = g_string_new (JOB BACKUP BEGINS DANGER);
      g_autoptr (GPtrArray) found = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *path = NULL;
      const OflUnfinished *job;

      g_string_append_len (text, tails[i].tail, tails[i].length);
      path = journal_put (f, "a.jsonl", text->str, (gssize) text->len);
      job = journal_find_one (f, &found);
      g_assert_cmpint (job->stage, ==, OFL_UNFINISHED_DANGER);
      g_assert_cmpstr (job->backup_path, ==, "/b/flash.bin");
      g_assert_cmpuint (job->damaged, >, 0);
      /* and what is written behind it is read again */
      g_assert_true (ofl_journal_dismiss (path, &error));
      journal_assert_none (f);
    }
}

/* F7: the same within the file. */
static void
test_damaged_middle (JournalFolder *f, gconstpointer data)
{
  static const char text[] = "\0\0\0\n" JOB "\xe2\n" BACKUP "\0\n[1,2]\n5\nnull\n" BEGINS
                             "{\"event\":\"point-of-no-return\"} trailing\n";
  G_GNUC_UNUSED g_autofree char *path = journal_put (f, "a.jsonl", text, sizeof text - 1);
  g_autoptr (GPtrArray) found = NULL;
  const OflUnfinished *job = journal_find_one (f, &found);
  g_autofree char *words = ofl_unfinished_describe (job);

  g_assert_cmpstr (job->drive, ==, "HL-DT-ST BD-RE BU40N");
  g_assert_cmpstr (job->backup_path, ==, "/b/flash.bin");
  g_assert_cmpint (job->stage, ==, OFL_UNFINISHED_BEGUN);
  g_assert_nonnull (strstr (words, "may have gone further"));
  g_assert_true (g_utf8_validate (words, -1, NULL));
}

/* F8: a member of another type than ours, or a line that is no object. */
static void
test_wrong_types (JournalFolder *f, gconstpointer data)
{
  static const char text[]
      = "{\"event\":5}\n{\"event\":null}\n{\"event\":{}}\n{\"event\":[]}\n{}\n\"event\"\n" JOB
        "{\"event\":\"job\",\"drive\":5,\"serial\":[],\"image\":{},\"at\":true,\"kind\":7}\n"
        "{\"event\":\"backup\",\"path\":{\"a\":1}}\n" BEGINS DANGER "{\"event\":5}\n";
  G_GNUC_UNUSED g_autofree char *path = journal_put (f, "a.jsonl", text, -1);
  g_autoptr (GPtrArray) found = NULL;
  const OflUnfinished *job = journal_find_one (f, &found);

  g_assert_cmpstr (job->drive, ==, "HL-DT-ST BD-RE BU40N");
  g_assert_cmpstr (job->serial, ==, "K9");
  g_assert_cmpstr (job->backup_path, ==, "");
  g_assert_cmpint (job->stage, ==, OFL_UNFINISHED_DANGER);
}

static void *
find_in_thread (void *dir)
{
  return ofl_journal_find_unfinished (dir);
}

/* On a stack as small as a thread's may be. */
static GPtrArray *
find_on_small_stack (JournalFolder *f)
{
  pthread_attr_t attr;
  pthread_t thread;
  void *found;

  pthread_attr_init (&attr);
  g_assert_cmpint (pthread_attr_setstacksize (&attr, 256 * 1024), ==, 0);
  g_assert_cmpint (pthread_create (&thread, &attr, find_in_thread, f->dir), ==, 0);
  g_assert_cmpint (pthread_join (thread, &found), ==, 0);
  pthread_attr_destroy (&attr);
  return found;
}

/* What may reach the parser: of two values in a line it loses the first. */
static void
test_one_object (void)
{
  static const struct {
    const char *text;
    gboolean one;
  } rows[] = {
    { "{}", TRUE },
    { " {\"event\":\"end\",\"n\":[1,-2.5e3,true,null]} \n", TRUE },
    { "{\"what\":\"}{ \\\" ' /* # \\\\\"}", TRUE },
    { "{\"a\":1}{\"b\":2}", FALSE },
    { "{\"a\":1} 2", FALSE },
    { "{\"a\":1}}", FALSE },
    { "{\"a\":\"b", FALSE },
    { "{\"a\":\"b\\", FALSE },
    { "{'}{':1}", FALSE },
    { "{/*}*/}", FALSE },
    { "\"a\"", FALSE },
    { "{{{{{}}}}}", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].text);
      g_assert_true (ofl_is_one_object (rows[i].text, strlen (rows[i].text), 4) == rows[i].one);
    }
  g_assert_false (ofl_is_one_object ("{\"a\":1\0}", 9, 4));
}

/* F8: the parser calls itself for every level, and a hundred thousand are too many; so are those of
 * a line that is not too long. */
static void
test_nesting (JournalFolder *f, gconstpointer data)
{
  static const char *const openings[] = { "[", "{\"a\":", "['\"',[", "/*\"*/[" };

  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autoptr (GString) text = g_string_new (JOB BEGINS);
      g_autoptr (GPtrArray) found = NULL;
      g_autofree char *path = NULL;
      const OflUnfinished *job;

      for (gsize n = 0; n < 65000 / strlen (openings[i]); n++)
        g_string_append (text, openings[i]);
      g_string_append (text, "\n");
      for (guint n = 0; n < 100000; n++)
        g_string_append (text, openings[i]);
      g_string_append (text, "\n" DANGER);
      path = journal_put (f, "a.jsonl", text->str, -1);
      found = find_on_small_stack (f);
      g_assert_cmpuint (found->len, ==, 1);
      job = g_ptr_array_index (found, 0);
      g_assert_cmpint (job->stage, ==, OFL_UNFINISHED_DANGER);
    }
}

/* F7: a line of megabytes, and a file of more of them than are looked at. */
static void
test_too_much (JournalFolder *f, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (7 * 1024 * 1024, 'x');
  g_autofree char *text = g_strconcat (JOB BACKUP BEGINS, filler, "\n" DANGER, NULL);
  g_autofree char *ended = g_strconcat (JOB BACKUP BEGINS DANGER, filler, "\n" END, NULL);
  G_GNUC_UNUSED g_autofree char *path = journal_put (f, "a.jsonl", text, -1);
  g_autofree char *again = NULL;
  g_autoptr (GPtrArray) found = NULL;
  const OflUnfinished *job = journal_find_one (f, &found);

  g_assert_cmpint (job->stage, ==, OFL_UNFINISHED_DANGER);
  g_assert_cmpstr (job->backup_path, ==, "/b/flash.bin");
  again = journal_put (f, "a.jsonl", ended, -1);
  journal_assert_none (f);
}

/* What only looks like a journal must not be waited for. */
static void
test_no_file (JournalFolder *f, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (f->journals, "a.jsonl", NULL);
  g_autofree char *folder = g_build_filename (f->journals, "b.jsonl", NULL);
  G_GNUC_UNUSED g_autofree char *garbage = journal_put (f, "c.jsonl", "\0\0\0", 3);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  journal_assert_none (f);
}

#define ADD(path, func) \
  g_test_add ("/journal/" path, JournalFolder, NULL, journal_folder_up, func, journal_folder_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/one-object", test_one_object);
  ADD ("f7-damaged-tail", test_damaged_tail);
  ADD ("f7-damaged-middle", test_damaged_middle);
  ADD ("f7-too-much", test_too_much);
  ADD ("f8-wrong-types", test_wrong_types);
  ADD ("f8-nesting", test_nesting);
  ADD ("no-file", test_no_file);
  return g_test_run ();
}
