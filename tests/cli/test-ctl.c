/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line as a user runs it, on practice drives with a virtual clock. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

typedef struct {
  char *dir;
  char *state;
  char *backups;
  char *image;
} Fixture;

/* What a run printed, and how it ended. */
typedef struct {
  char *out;
  char *err;
  int status;
} Ran;

static void
ran_clear (Ran *ran)
{
  g_free (ran->out);
  g_free (ran->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ran, ran_clear)

static char *
in_dir (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->dir, name, NULL);
}

static GPtrArray *
make_argv (Fixture *fixture, const char *speed, va_list list)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  const char *arg;

  g_ptr_array_add (argv, g_strdup (g_getenv ("OPTIFLASHCTL")));
  g_ptr_array_add (argv, g_strdup ("--finder=none"));
  g_ptr_array_add (argv, g_strdup_printf ("--practice-speed=%s", speed));
  g_ptr_array_add (argv, g_strdup_printf ("--state-dir=%s", fixture->state));
  g_ptr_array_add (argv, g_strdup_printf ("--backup-dir=%s", fixture->backups));
  while ((arg = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, g_strdup (arg));
  g_ptr_array_add (argv, NULL);
  return argv;
}

static GSubprocess *
start (Fixture *fixture, const char *speed, va_list list)
{
  g_autoptr (GPtrArray) argv = make_argv (fixture, speed, list);
  g_autoptr (GError) error = NULL;
  GSubprocess *process
      = g_subprocess_newv ((const char *const *) argv->pdata,
                           G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                           &error);

  g_assert_no_error (error);
  return process;
}

static void
wait_for (GSubprocess *process, Ran *ran)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &ran->out, &ran->err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  ran->status = g_subprocess_get_exit_status (process);
  g_test_message ("exit %d\n%s%s", ran->status, ran->out, ran->err);
}

static void G_GNUC_NULL_TERMINATED
run (Fixture *fixture, Ran *ran, ...)
{
  g_autoptr (GSubprocess) process = NULL;
  va_list list;

  va_start (list, ran);
  process = start (fixture, "0", list);
  va_end (list);
  wait_for (process, ran);
}

static GSubprocess *G_GNUC_NULL_TERMINATED
begin (Fixture *fixture, const char *speed, ...)
{
  GSubprocess *process;
  va_list list;

  va_start (list, speed);
  process = start (fixture, speed, list);
  va_end (list);
  return process;
}

static void
make_image (Fixture *fixture, const char *id, const char *revision, const char *name,
            const char *variant)
{
  g_autofree char *path = in_dir (fixture, name);
  g_auto (Ran) ran = { 0 };

  run (fixture, &ran, "practice", "image", id, revision, path, variant, NULL);
  g_assert_cmpint (ran.status, ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("ofl-ctl-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->state = in_dir (fixture, "state");
  fixture->backups = in_dir (fixture, "backups");
  fixture->image = in_dir (fixture, "new.bin");
  make_image (fixture, "bu40n", "1.03", "new.bin", NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_all (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->state);
  g_free (fixture->backups);
  g_free (fixture->image);
}

/* The objects of @text with this event, one a line; every line has to be an object. */
static GPtrArray *
find_events (const char *text, const char *event)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = json_from_string (lines[i], &error);
      JsonObject *object;

      g_assert_no_error (error);
      object = json_node_get_object (node);
      if (strcmp (json_object_get_string_member (object, "event"), event) == 0)
        g_ptr_array_add (found, json_object_ref (object));
    }
  return found;
}

static void
assert_result (const Ran *ran, int status, const char *verdict)
{
  g_autoptr (GPtrArray) results = find_events (ran->out, "result");
  JsonObject *result;

  g_assert_cmpint (ran->status, ==, status);
  g_assert_cmpuint (results->len, ==, 1);
  result = g_ptr_array_index (results, 0);
  g_assert_cmpstr (json_object_get_string_member (result, "verdict"), ==, verdict);
  g_assert_cmpint (json_object_get_int_member (result, "exit"), ==, status);
  g_assert_cmpstr (json_object_get_string_member (result, "what"), !=, "");
  g_assert_cmpstr (json_object_get_string_member (result, "next"), !=, "");
}

static void
assert_error (const Ran *ran, int status)
{
  g_assert_cmpint (ran->status, ==, status);
  g_assert_cmpstr (ran->out, ==, "");
  g_assert_true (g_str_has_prefix (ran->err, "optiflashctl: "));
}

static void
assert_revision (Fixture *fixture, const char *drive, const char *revision)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) drives = NULL;

  run (fixture, &ran, "--json", "info", drive, NULL);
  drives = find_events (ran.out, "drive");
  g_assert_cmpuint (drives->len, ==, 1);
  g_assert_cmpstr (json_object_get_string_member (g_ptr_array_index (drives, 0), "revision"), ==,
                   revision);
}

/* list, info, inspect, plan */

static JsonObject *
find_drive (GPtrArray *drives, const char *id)
{
  for (guint i = 0; i < drives->len; i++)
    if (g_str_equal (json_object_get_string_member (g_ptr_array_index (drives, i), "id"), id))
      return g_ptr_array_index (drives, i);
  g_assert_not_reached ();
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) none = { 0 };
  g_autoptr (GPtrArray) drives = NULL;
  JsonObject *drive;

  run (fixture, &ran, "--json", "--practice", "list", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  drives = find_events (ran.out, "drive");
  g_assert_cmpuint (drives->len, >=, 2);
  drive = find_drive (drives, "practice:bu40n");
  g_assert_cmpstr (json_object_get_string_member (drive, "bus"), ==, "practice");
  g_assert_cmpstr (json_object_get_string_member (drive, "family"), ==, "mt1959");
  g_assert_cmpstr (json_object_get_string_member (drive, "state"), ==, "normal");
  g_assert_cmpstr (json_object_get_string_member (drive, "access"), ==, "usable");
  g_assert_cmpstr (json_object_get_string_member (drive, "revision"), ==, "1.00");
  g_assert_true (json_object_get_boolean_member (drive, "flashable"));
  g_assert_cmpstr (json_object_get_string_member (drive, "reason"), ==, "");

  run (fixture, &none, "--json", "list", NULL);
  g_assert_cmpint (none.status, ==, 0);
  g_assert_cmpstr (none.out, ==, "");
}

static void
test_inspect (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) bad = { 0 };
  g_autofree char *damaged = in_dir (fixture, "bad.bin");
  g_autoptr (GPtrArray) images = NULL;
  JsonObject *image;

  run (fixture, &ran, "--json", "inspect", fixture->image, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  images = find_events (ran.out, "image");
  g_assert_cmpuint (images->len, ==, 1);
  image = g_ptr_array_index (images, 0);
  g_assert_cmpstr (json_object_get_string_member (image, "family"), ==, "mt1959");
  g_assert_cmpint (json_object_get_int_member (image, "size"), ==, 0x200000);
  g_assert_false (json_object_get_boolean_member (image, "changed"));
  g_assert_cmpuint (strlen (json_object_get_string_member (image, "sha256")), ==, 64);

  make_image (fixture, "bu40n", "1.03", "bad.bin", "bad-cmac");
  run (fixture, &bad, "inspect", damaged, NULL);
  g_assert_cmpint (bad.status, ==, 3);
}

static void
test_plan (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) steps = NULL;
  guint streams = 0;

  run (fixture, &ran, "--json", "plan", "practice:bu40n", fixture->image, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  steps = find_events (ran.out, "step");
  for (guint i = 0; i < steps->len; i++)
    {
      JsonObject *step = g_ptr_array_index (steps, i);

      if (strcmp (json_object_get_string_member (step, "stage"), "send") == 0
          && strstr (json_object_get_string_member (step, "text"), "OUT 4000") != NULL)
        streams++;
    }
  g_assert_cmpuint (streams, ==, 128);
  assert_revision (fixture, "practice:bu40n", "1.00");
}

/* Jobs */

static void
test_flash (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) again = { 0 };
  g_auto (Ran) verify = { 0 };
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) progress = NULL;
  JsonObject *result;

  run (fixture, &ran, "--json", "flash", "practice:bu40n", fixture->image, "--yes", NULL);
  assert_result (&ran, 0, "verified");
  results = find_events (ran.out, "result");
  result = g_ptr_array_index (results, 0);
  g_assert_cmpstr (json_object_get_string_member (result, "revision_before"), ==, "1.00");
  g_assert_cmpstr (json_object_get_string_member (result, "revision_after"), ==, "1.03");
  g_assert_true (g_file_test (json_object_get_string_member (result, "backup"),
                              G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_test (json_object_get_string_member (result, "journal"),
                              G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_str_has_prefix (json_object_get_string_member (result, "backup"),
                                   fixture->backups));
  progress = find_events (ran.out, "progress");
  g_assert_cmpuint (progress->len, >, 0);

  /* what the drive holds outlives the process */
  assert_revision (fixture, "practice:bu40n", "1.03");
  run (fixture, &verify, "--json", "verify", "practice:bu40n", fixture->image, NULL);
  g_assert_cmpint (verify.status, ==, 0);
  run (fixture, &again, "--json", "flash", "practice:bu40n", fixture->image, "--yes", NULL);
  assert_result (&again, 0, "identical");
}

static void
test_flash_words (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  run (fixture, &ran, "flash", "practice:bu40n", fixture->image, "--yes", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  /* plain lines, no terminal's control codes */
  g_assert_null (strchr (ran.out, '\033'));
  g_assert_nonnull (strstr (ran.out, "Verify: done"));
  g_assert_nonnull (strstr (ran.out, "Verified: read back and equal"));
  g_assert_nonnull (strstr (ran.out, "1.00 before, 1.03 now"));
}

static void
test_verify_different (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  run (fixture, &ran, "--json", "verify", "practice:bu40n", fixture->image, NULL);
  assert_result (&ran, 1, "different");
}

static void
test_backup (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = in_dir (fixture, "mine.bin");
  g_auto (Ran) ran = { 0 };
  GStatBuf info;

  run (fixture, &ran, "--json", "backup", "practice:bu40n", file, NULL);
  assert_result (&ran, 0, "done");
  g_assert_cmpint (g_stat (file, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 0x200000);
}

static void
test_standard (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = in_dir (fixture, "standard.bin");
  g_auto (Ran) refused = { 0 };
  g_auto (Ran) ran = { 0 };

  make_image (fixture, "standard", "1.03", "standard.bin", NULL);
  run (fixture, &refused, "--json", "flash", "practice:standard", file, "--yes", NULL);
  assert_result (&refused, 3, "refused");
  assert_revision (fixture, "practice:standard", "1.00");
  run (fixture, &ran, "--json", "flash", "practice:standard", file, "--yes", "--accept-no-backup",
       "--accept-warnings", NULL);
  assert_result (&ran, 0, "confirmed");
  assert_revision (fixture, "practice:standard", "1.03");
}

/* Refusals */

static void
test_refused_image (Fixture *fixture, gconstpointer data)
{
  const char *variant = data;
  g_autofree char *file = in_dir (fixture, "refused.bin");
  g_auto (Ran) ran = { 0 };

  make_image (fixture, "bu40n", "1.03", "refused.bin", variant);
  run (fixture, &ran, "--json", "flash", "practice:bu40n", file, "--yes", "--accept-warnings",
       NULL);
  assert_result (&ran, 3, "refused");
  assert_revision (fixture, "practice:bu40n", "1.00");
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = in_dir (fixture, "missing.bin");
  g_autofree char *noise = in_dir (fixture, "noise.bin");
  g_autofree char *huge = in_dir (fixture, "huge.bin");
  const char *const files[] = { fixture->dir, missing, noise, huge };
  g_autoptr (GFile) file = g_file_new_for_path (huge);
  g_autoptr (GFileOutputStream) stream
      = g_file_create (file, G_FILE_CREATE_NONE, NULL, NULL);

  g_file_set_contents (noise, "this is no firmware", -1, NULL);
  g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), G_GUINT64_CONSTANT (4) << 30, NULL,
                                      NULL));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_auto (Ran) ran = { 0 };

      run (fixture, &ran, "flash", "practice:bu40n", files[i], "--yes", NULL);
      assert_error (&ran, 2);
    }
  assert_revision (fixture, "practice:bu40n", "1.00");
}

static void
test_not_asked (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  run (fixture, &ran, "flash", "practice:bu40n", fixture->image, NULL);
  assert_error (&ran, 2);
  g_assert_nonnull (strstr (ran.err, "--yes"));
  assert_revision (fixture, "practice:bu40n", "1.00");
}

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[][3] = {
    { NULL },
    { "frobnicate", NULL },
    { "list", "--steps", NULL },
    { "info", NULL },
    { "info", "/dev/no-such-drive", NULL },
    { "info", "practice:no-such-drive", NULL },
    { "--transport=pigeon", "list", NULL },
    { "--finder=pigeon", "list", NULL },
    { "--practice-speed=-1", "list", NULL },
    { "practice", "fly", NULL },
    { "practice", "image", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (Ran) ran = { 0 };

      run (fixture, &ran, wrong[i][0], wrong[i][0] != NULL ? wrong[i][1] : NULL,
           wrong[i][0] != NULL && wrong[i][1] != NULL ? wrong[i][2] : NULL, NULL);
      assert_error (&ran, 2);
    }
}

static void
test_wrong_choice (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) form = { 0 };
  g_auto (Ran) value = { 0 };
  g_auto (Ran) family = { 0 };

  run (fixture, &form, "flash", "practice:bu40n", fixture->image, "--yes", "--set", "dialect",
       NULL);
  assert_error (&form, 2);
  run (fixture, &value, "--json", "flash", "practice:bu40n", fixture->image, "--yes", "--set",
       "dialect=latin", NULL);
  assert_result (&value, 3, "refused");
  run (fixture, &family, "flash", "practice:bu40n", fixture->image, "--yes", "--family", "pigeon",
       NULL);
  assert_error (&family, 2);
}

/* Signals. The clock runs in real time here, so that there is a moment to interrupt. */

/* Reads until a line holds @word; returns the lines so far. */
static char *
read_until (GDataInputStream *lines, const char *word)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL);

      g_assert_nonnull (line);
      g_string_append_printf (text, "%s\n", line);
      if (strstr (line, word) != NULL)
        return g_string_free (g_steal_pointer (&text), FALSE);
    }
}

static char *
read_rest (GDataInputStream *lines)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char *line;

  while ((line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL)) != NULL)
    {
      g_string_append_printf (text, "%s\n", line);
      g_free (line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
interrupt_at (Fixture *fixture, const char *speed, int signal_number, const char *word, Ran *ran)
{
  g_autoptr (GSubprocess) process
      = begin (fixture, speed, "--json", "flash", "practice:bu40n", fixture->image, "--yes", NULL);
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *head = read_until (lines, word);
  g_autofree char *tail = NULL;

  g_subprocess_send_signal (process, signal_number);
  tail = read_rest (lines);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  ran->status = g_subprocess_get_exit_status (process);
  ran->out = g_strconcat (head, tail, NULL);
  g_test_message ("exit %d\n%s", ran->status, tail);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  interrupt_at (fixture, "1", GPOINTER_TO_INT (data), "\"stage\":\"backup\"", &ran);
  assert_result (&ran, 1, "cancelled");
  assert_revision (fixture, "practice:bu40n", "1.00");
}

/* After the point of no return: the reason is said, and the write goes on to its end. */
static void
test_no_cancel (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) notices = NULL;

  interrupt_at (fixture, "10", GPOINTER_TO_INT (data), "\"danger\":true", &ran);
  assert_result (&ran, 0, "verified");
  notices = find_events (ran.out, "notice");
  g_assert_cmpuint (notices->len, ==, 1);
  assert_revision (fixture, "practice:bu40n", "1.03");
}

/* Whoever reads the output goes away in the middle of a write. */
static void
test_closed_pipe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process
      = begin (fixture, "10", "--json", "flash", "practice:bu40n", fixture->image, "--yes", NULL);
  GInputStream *out = g_subprocess_get_stdout_pipe (process);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (out);
  g_autofree char *head = read_until (lines, "\"danger\":true");

  g_assert_nonnull (head);
  g_assert_true (g_input_stream_close (out, NULL, NULL));
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  assert_revision (fixture, "practice:bu40n", "1.03");
}

/* practice */

static void
test_practice (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) first = { 0 };
  g_auto (Ran) second = { 0 };
  g_auto (Ran) reset = { 0 };
  g_auto (Ran) list = { 0 };

  run (fixture, &list, "practice", "list", NULL);
  g_assert_cmpint (list.status, ==, 0);
  g_assert_nonnull (strstr (list.out, "bu40n"));
  run (fixture, &first, "--json", "practice", "demo", NULL);
  assert_result (&first, 0, "verified");
  run (fixture, &second, "--json", "practice", "demo", NULL);
  assert_result (&second, 0, "verified");
  run (fixture, &reset, "practice", "reset", "bu40n", NULL);
  g_assert_cmpint (reset.status, ==, 0);
  assert_revision (fixture, "practice:bu40n", "1.00");
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("/ctl/list", NULL, test_list);
  ADD ("/ctl/inspect", NULL, test_inspect);
  ADD ("/ctl/plan", NULL, test_plan);
  ADD ("/ctl/flash/verified-then-identical", NULL, test_flash);
  ADD ("/ctl/flash/words", NULL, test_flash_words);
  ADD ("/ctl/flash/standard", NULL, test_standard);
  ADD ("/ctl/verify/different", NULL, test_verify_different);
  ADD ("/ctl/backup/file", NULL, test_backup);
  ADD ("/ctl/refused/truncated", "truncated", test_refused_image);
  ADD ("/ctl/refused/bad-cmac", "bad-cmac", test_refused_image);
  ADD ("/ctl/refused/wrong-family", "wrong-family", test_refused_image);
  ADD ("/ctl/refused/raw-dump", "raw-dump", test_refused_image);
  ADD ("/ctl/refused/files", NULL, test_bad_files);
  ADD ("/ctl/refused/not-asked", NULL, test_not_asked);
  ADD ("/ctl/refused/usage", NULL, test_usage);
  ADD ("/ctl/refused/choices", NULL, test_wrong_choice);
  ADD ("/ctl/signals/interrupt-cancels", GINT_TO_POINTER (SIGINT), test_cancel);
  ADD ("/ctl/signals/terminate-cancels", GINT_TO_POINTER (SIGTERM), test_cancel);
  ADD ("/ctl/signals/no-way-back", GINT_TO_POINTER (SIGINT), test_no_cancel);
  ADD ("/ctl/signals/closed-pipe", NULL, test_closed_pipe);
  ADD ("/ctl/practice/demo-and-reset", NULL, test_practice);
  return g_test_run ();
}
