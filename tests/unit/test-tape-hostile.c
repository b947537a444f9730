/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tape comes from a stranger: what is not as the format has it is refused with its line and the reason,
 * on a small stack, too, and nothing is believed that is said in two ways. */
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/scratch.h"
#include "kit/tape-bench.h"
#include "scsi/ofl-error.h"

typedef struct {
  char *dir;
  char *text; /* a good tape of nine commands */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;

  f->dir = scratch_new ();
  path = g_build_filename (f->dir, "a.tape", NULL);
  tape_bench_write_by_hand (path, TRUE);
  g_assert_true (g_file_get_contents (path, &f->text, NULL, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
  g_free (f->text);
}

/* @line from 1; the first @from in it becomes @to */
static char *
change_line (const char *text, guint line, const char *from, const char *to)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  char *at = strstr (lines[line - 1], from);
  char *changed;

  g_assert_nonnull (at);
  *at = '\0';
  changed = g_strconcat (lines[line - 1], to, at + strlen (from), NULL);
  g_free (lines[line - 1]);
  lines[line - 1] = changed;
  return g_strjoinv ("\n", lines);
}

static void
assert_refused (const char *text, gsize length, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTape) tape = ofl_tape_parse (text, length, &error);

  g_assert_null (tape);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (strstr (error->message, part) == NULL)
    g_test_fail_printf ("“%s” is not in “%s”", part, error->message);
}

/* Line, what stands there, what is put in its place, and what is said */
static const struct {
  guint line;
  const char *from, *to, *said;
} changes[] = {
  { 1, "optiflash-tape", "optiflash", "is not a tape" },
  { 1, "\"version\":1", "\"version\":2", "is of version 2" },
  { 1, "\"version\":1", "\"version\":\"1\"", "Line 1 of the tape cannot be read: “version”" },
  { 1, "\"version\":1", "\"version\":99999999999999999999", "“version”" },
  { 1, "\"whole\"", "\"some\"", "“data”" },
  { 1, "\"vendor\":\"HL-DT-ST\"", "\"vendor\":7", "“vendor”" },
  { 1, "\"drive\":{", "\"drive\":[],\"x\":{", "“drive”" },
  { 1, "\"serial\"", "\"cereal\"", "“serial”" },
  { 1, "\"drive\":{", "\"file\":{\"name\":\"x\",\"length\":-1,\"sha256\":\"\"},\"drive\":{",
    "“length”" },
  { 1, "\"drive\":{", "\"file\":{\"name\":\"x\",\"length\":1,\"sha256\":\"AB\"},\"drive\":{",
    "“sha256”" },
  { 1, "\"drive\":{", "\"file\":5,\"drive\":{", "“file”" },
  { 2, "\"n\":1", "\"n\":2", "Line 2 of the tape cannot be read: “n”" },
  { 2, "\"n\":1", "\"n\":1.0", "“n”" },
  { 2, "\"at_ms\":", "\"at_ms\":-1", "“at_ms”" },
  { 2, "\"took_us\":1500", "\"took_us\":86400000001", "“took_us”" },
  { 2, "\"took_us\":1500", "\"took_us\":9007199254740992", "“took_us”" },
  { 2, "12 00 00", "12 00", "“cdb”" },
  { 2, "12 00 00", "12-00 00", "“cdb”" },
  { 2, "12 00 00", "1g 00 00", "“cdb”" },
  { 2, "12 00 00", "12 00 00 00 00 00 00 00 00 00 00 00 00 00 00", "“cdb”" },
  { 2, "\"in\"", "\"sideways\"", "“direction”" },
  { 2, "\"in\"", "\"none\"", "“length”" },
  { 2, "\"length\":36", "\"length\":16777216", "“length”" },
  { 2, "\"length\":36", "\"length\":-36", "“length”" },
  { 2, "\"moved\":36", "\"moved\":37", "“moved”" },
  { 2, "\"moved\":36", "\"moved\":35", "“length”" },
  { 2, "\"moved\":36", "\"moved\":null", "“moved”" },
  { 2, "\"timeout_ms\":10000", "\"timeout_ms\":4294967296", "“timeout_ms”" },
  { 2, "\"outcome\":\"ok\"", "\"outcome\":\"fine\"", "“outcome”" },
  { 2, "\"outcome\":\"ok\"", "\"outcome\":\"sense\"", "“sense”" },
  { 2, "\"status\":0", "\"status\":256", "“status”" },
  { 2, "\"host\":0", "\"host\":65536", "“host”" },
  { 2, "\"driver\":0", "\"driver\":true", "“driver”" },
  { 2, "\"sha256\":\"", "\"sha256\":\"0", "“sha256”" },
  { 2, "\"base64\":\"", "\"base64\":\"AAAA", "“base64”" },
  { 2, "\"base64\":\"A", "\"base64\":\"B", "“base64”" },
  { 2, "\"base64\":", "\"base64\":[],\"x\":", "“base64”" },
  { 2, "\"data\":", "\"date\":", "“data”" },
  { 3, "\"key\":2", "\"key\":3", "Line 3 of the tape cannot be read: “key”" },
  { 3, "\"asc\":58", "\"asc\":59", "“asc”" },
  { 3, "\"ascq\":1", "\"ascq\":300", "“ascq”" },
  { 3, "\"raw\":\"70", "\"raw\":\"00", "“key”" },
  { 3, "\"raw\":\"", "\"raw\":\" ", "“raw”" },
  { 10, "\"errno\":1", "\"errno\":0", "Line 10 of the tape cannot be read: “errno”" },
  { 11, "\"commands\":9", "\"commands\":8", "Line 11 of the tape cannot be read: “commands”" },
  { 11, "\"killed\"", "\"broke-off\"", "“end”" },
  { 11, "\"at\"", "\"it\"", "“at”" },
  { 11, "}", "}\n{\"end\":\"killed\",\"commands\":9,\"at\":\"\"}",
    "Line 12 of the tape cannot be read: “end”" },
  { 11, "}", "}\n{\"n\":10}", "Line 12 of the tape cannot be read: “n”" },
  { 4, "{", "", "Line 4 of the tape cannot be read: it is not one JSON object" },
  { 4, "{", "[{}]{", "not one JSON object" },
  { 4, "{", "{\"x\":\"\xff\",", "not one JSON object" },
  { 4, "}", "}{}", "not one JSON object" },
  { 4, "{", "\n{", "Line 4 of the tape cannot be read: it is not one JSON object" },
};

static void
test_changes (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *text
          = change_line (f->text, changes[i].line, changes[i].from, changes[i].to);
      g_autofree char *printed = g_strescape (changes[i].to, NULL);

      g_test_message ("%u: %s", changes[i].line, printed);
      assert_refused (text, strlen (text), changes[i].said);
    }
}

/* A tape that says that it holds hashes only holds no more than the list of harmless answers. */
static void
test_more_than_it_says (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *cdb, *direction;
    guint length;
    gboolean fine;
  } rows[] = {
    { "03 00 00 00 60 00", "in", 96, TRUE },
    { "03 00 00 00 61 00", "in", 97, FALSE },
    { "12 00 00 00 24 00", "in", 36, TRUE },
    { "12 01 80 00 24 00", "in", 36, FALSE },
    { "03 00 00 00 10 00", "out", 16, FALSE },
    { "3b 05 00 00 00 00 00 00 10 00", "out", 16, FALSE },
    { "3c 02 00 00 00 00 00 00 10 00", "in", 16, FALSE },
    { "df 00 00 00 00 00", "in", 16, FALSE },
  };
  const char *newline = strchr (f->text, '\n');

  for (guint i = 0; i < G_N_ELEMENTS (rows) * 2; i++)
    {
      guint row = i / 2, n = rows[row].length;
      g_autofree guint8 *bytes = g_malloc0 (n);
      g_autofree char *base64 = g_base64_encode (bytes, n);
      g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, n);
      g_autofree char *head = g_strndup (f->text, (gsize) (newline + 1 - f->text));
      g_autofree char *whole = g_strdup_printf (
          "%s{\"n\":1,\"at_ms\":0,\"took_us\":0,\"cdb\":\"%s\",\"direction\":\"%s\","
          "\"length\":%u,\"moved\":%u,\"timeout_ms\":1,\"outcome\":\"ok\",\"status\":0,\"host\":0,"
          "\"driver\":0,\"data\":{\"length\":%u,\"sha256\":\"%s\",\"base64\":\"%s\"}}\n",
          head, rows[row].cdb, rows[row].direction, n, n, n, sha256, base64);
      g_autofree char *hash = change_line (whole, 1, "\"whole\"", "\"hash\"");
      const char *text = i % 2 == 0 ? whole : hash;
      g_autoptr (OflTape) tape = ofl_tape_parse (text, strlen (text), NULL);

      g_test_message ("%s, %u bytes", rows[row].cdb, n);
      g_assert_true ((tape != NULL) == (i % 2 == 0 || rows[row].fine));
      if (tape == NULL)
        assert_refused (text, strlen (text), "Line 2 of the tape cannot be read: “base64”");
    }
}

/* A line of 200 bytes says that 16 MiB were asked for; all of them together have a bound. */
static void
test_lengths (Fixture *f, gconstpointer data)
{
  const char *newline = strchr (f->text, '\n');
  g_autoptr (GString) text = g_string_new_len (f->text, newline + 1 - f->text);
  g_autoptr (OflTape) tape = NULL;
  guint n = 1;

  for (; n <= 257; n++)
    {
      if (n == 257)
        tape = ofl_tape_parse (text->str, text->len, NULL);
      g_string_append_printf (
          text,
          "{\"n\":%u,\"at_ms\":0,\"took_us\":0,\"cdb\":\"28 00 00 00 00 00\",\"direction\":\"in\","
          "\"length\":16777215,\"moved\":0,\"timeout_ms\":1,\"outcome\":\"ok\",\"status\":0,"
          "\"host\":0,\"driver\":0}\n",
          n);
    }
  g_assert_nonnull (tape);
  g_assert_cmpuint (ofl_tape_get_n_entries (tape), ==, 256);
  assert_refused (text->str, text->len, "Line 258 of the tape cannot be read: “length”");
}

/* A member that nobody knows is no reason to refuse. */
static void
test_more_members (Fixture *f, gconstpointer data)
{
  g_autofree char *text = change_line (f->text, 4, "{", "{\"new\":{\"x\":[1]},");
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTape) tape = ofl_tape_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ofl_tape_get_n_entries (tape), ==, 9);
}

static void
test_nul (Fixture *f, gconstpointer data)
{
  gsize length = strlen (f->text);
  char *line = strstr (f->text, "\"n\":3");

  line[3] = '\0';
  assert_refused (f->text, length, "Line 4 of the tape cannot be read: it is not one JSON object");
  assert_refused ("\0\0\0", 3, "is not a tape");
  assert_refused ("", 0, "is not a tape");
  assert_refused ("\n", 1, "is not a tape");
}

static void *
parse_in_thread (void *data)
{
  GError *error = NULL;
  OflTape *tape = ofl_tape_parse (data, strlen (data), &error);

  g_assert_null (tape);
  return error;
}

/* Deep nesting costs no stack, and a line of megabytes no parser. */
static void
test_depth_and_length (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *piece;
    guint times;
    const char *said;
  } rows[] = {
    { "{\"a\":", 200000, "not one JSON object" },
    { "[", 1000000, "not one JSON object" },
    { "xxxxxxxxxxxxxxxx", 200000, "is longer than" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new (f->text);
      g_autoptr (GError) error = NULL;
      pthread_attr_t attr;
      pthread_t thread;
      void *result;

      for (guint n = 0; n < rows[i].times; n++)
        g_string_append (text, rows[i].piece);
      g_string_append (text, "\n");
      pthread_attr_init (&attr);
      g_assert_cmpint (pthread_attr_setstacksize (&attr, 256 * 1024), ==, 0);
      g_assert_cmpint (pthread_create (&thread, &attr, parse_in_thread, text->str), ==, 0);
      g_assert_cmpint (pthread_join (thread, &result), ==, 0);
      pthread_attr_destroy (&attr);
      error = result;
      g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
      g_assert_nonnull (strstr (error->message, "Line 12 of the tape"));
      g_assert_nonnull (strstr (error->message, rows[i].said));
    }
}

/* Cut off anywhere it is a tape that broke off, or none; never more than there was. */
static void
test_cut (Fixture *f, gconstpointer data)
{
  gsize length = strlen (f->text);
  guint before = 0;

  for (gsize n = 0; n < length; n++)
    {
      g_autoptr (OflTape) tape = ofl_tape_parse (f->text, n, NULL);

      if (tape == NULL)
        {
          g_assert_cmpuint (before, ==, 0);
          g_assert_null (memchr (f->text, '\n', n));
          continue;
        }
      g_assert_cmpuint (ofl_tape_get_n_entries (tape), >=, before);
      before = ofl_tape_get_n_entries (tape);
      if (n < length - 1)
        g_assert_cmpint (ofl_tape_get_end (tape), ==, OFL_TAPE_BROKE_OFF);
    }
  g_assert_cmpuint (before, ==, 9);
}

static void
assert_not_loaded (const char *path, const char *part)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTape) tape = ofl_tape_load (file, NULL, &error);

  g_assert_null (tape);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
  g_assert_nonnull (strstr (error->message, part));
}

/* What is no file is not waited for, and one of terabytes is not read. */
static void
test_no_file (Fixture *f, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (f->dir, "fifo", NULL);
  g_autofree char *big = g_build_filename (f->dir, "big", NULL);
  g_autofree char *none = g_build_filename (f->dir, "none", NULL);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_not_loaded (fifo, "not a file");
  assert_not_loaded (f->dir, "not a file");
  assert_not_loaded (none, "cannot be read");
  g_assert_true (g_file_set_contents (big, "x", 1, NULL));
  g_assert_cmpint (truncate (big, (off_t) 1 << 40), ==, 0);
  assert_not_loaded (big, "larger than a tape can be");
}

#define ADD(path, func) g_test_add ("/tape-hostile/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("changes", test_changes);
  ADD ("cut", test_cut);
  ADD ("depth-and-length", test_depth_and_length);
  ADD ("lengths", test_lengths);
  ADD ("more-members", test_more_members);
  ADD ("more-than-it-says", test_more_than_it_says);
  ADD ("no-file", test_no_file);
  ADD ("nul", test_nul);
  return g_test_run ();
}
