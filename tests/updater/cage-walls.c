/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program in the cage sees of the computer, and that it would see it without the cage. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cage-fixture.h"
#include "updater/ofl-updater-cage-private.h"

/* Whoever does not ask for its windows gets them on a display that nobody sees, though there is another. */
static void
test_hidden (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflUpdaterEnd) asked = NULL, end = NULL;
  g_autofree char *before = g_strdup (g_getenv ("DISPLAY"));

  if (fixture_skipped (self))
    return;
  if (!ofl_updater_cage_check (FALSE, &error))
    {
      g_test_skip (error->message);
      return;
    }
  self->shown = FALSE;
  g_setenv ("DISPLAY", ":7777", TRUE);
  asked = fixture_run (self, "direct", "display", NULL);
  g_assert_nonnull (strstr (asked->output, "display :0 1024x768"));
  g_assert_cmpint (asked->status, ==, 0);
  /* with a bar that lies */
  end = fixture_run (self, "direct", "jump", NULL);
  g_assert_cmpint (end->status, ==, 0);
  fixture_assert_sent_image (self);
  if (before != NULL)
    g_setenv ("DISPLAY", before, TRUE);
  else
    g_unsetenv ("DISPLAY");
}

/* What says that the cage has begun is out of the program's reach, for saying it and for unsaying it. */
static void
test_begun (Fixture *self, gconstpointer data)
{
  const char *const forge[] = { "sh", "-c", "echo forged >&9", NULL };
  g_autofree char *program
      = g_build_filename (self->folder, "drive_c", OFL_CAGE_PROGRAM_FOLDER, NULL);
  const OflCageLayout layout = { .prefix = self->folder };
  const OflCageLayout broken = { .prefix = "/nonexistent" };
  g_autoptr (GSubprocess) process = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  char said[32] = "";
  int begun;

  if (fixture_skipped (self))
    return;
  g_assert_cmpint (g_mkdir_with_parents (program, 0700), ==, 0);
  process = ofl_cage_spawn (&layout, forge, &begun, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (process, NULL, NULL, NULL, NULL, NULL));
  g_assert_false (g_subprocess_get_successful (process));
  g_assert_cmpint (read (begun, said, sizeof said - 1), >, 0);
  g_assert_cmpstr (said, ==, "begun\n");
  close (begun);
  none = ofl_cage_spawn (&broken, forge, &begun, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (none, NULL, NULL, NULL, NULL, NULL));
  g_assert_false (ofl_cage_has_begun (begun));
  close (begun);
}

static void
assert_says (Fixture *self, const char *what, const char *more, const char *expected)
{
  g_autoptr (OflUpdaterEnd) end = fixture_run (self, "direct", what, more);

  g_assert_nonnull (strstr (end->output, expected));
}

static guint
find_word (const GPtrArray *argv, const char *word)
{
  guint at = 0;

  while (!g_str_equal (g_ptr_array_index (argv, at), word))
    at++;
  return at;
}

static void
open_network (Fixture *self, GPtrArray *argv)
{
  g_ptr_array_remove_index (argv, find_word (argv, "--unshare-net"));
}

static void
show (GPtrArray *argv, const char *option, const char *outside, const char *inside)
{
  guint at = find_word (argv, "--chdir");

  g_ptr_array_insert (argv, (int) at, g_strdup (option));
  g_ptr_array_insert (argv, (int) at + 1, g_strdup (outside));
  g_ptr_array_insert (argv, (int) at + 2, g_strdup (inside));
}

static void
open_home (Fixture *self, GPtrArray *argv)
{
  g_autofree char *windows = g_build_filename (cage_cache, "wine", "drive_c", "windows", NULL);

  show (argv, "--bind", windows, OFL_CAGE_INSIDE_PREFIX "/drive_c/windows");
  show (argv, "--ro-bind", self->folder, self->folder);
}

static void
open_proc (Fixture *self, GPtrArray *argv)
{
  show (argv, "--ro-bind", "/proc", "/proc");
}

/* The same program with one wall less: what it cannot do inside, it could do there. */
static void
assert_says_without (Fixture *self, void (*open_wall) (Fixture *self, GPtrArray *argv),
                     const char *what, const char *more, const char *expected)
{
  g_autofree char *template = g_build_filename (cage_cache, "wine", NULL);
  g_autofree char *windows = g_build_filename (template, "drive_c", "windows", NULL);
  g_autofree char *run = g_build_filename (self->folder, "open", NULL);
  g_autofree char *prefix = g_build_filename (run, "prefix", NULL);
  g_autofree char *drive = g_build_filename (run, "drive", NULL);
  g_autofree char *name = g_path_get_basename (self->exe);
  g_autofree char *exe = g_strdup_printf ("C:\\%s\\%s", OFL_CAGE_PROGRAM_FOLDER, name);
  const char *const files[] = { self->exe, NULL };
  const char *const command[] = { "wine", exe, "direct", what, more, NULL };
  const OflCageLayout layout = { .prefix = prefix,
                                 .windows = windows,
                                 .drive = drive,
                                 .socket = self->socket,
                                 .libdir = g_getenv ("UPDATER_LIBDIR") };
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_auto (GStrv) all = NULL;

  g_assert_true (ofl_cage_make_run (template, run, files, &error));
  all = ofl_cage_arguments (&layout, command);
  for (guint i = 0; all[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (all[i]));
  g_ptr_array_add (argv, NULL);
  open_wall (self, argv);
  process = g_subprocess_newv ((const char *const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("without a wall: %s", output);
  g_assert_nonnull (strstr (output, expected));
  g_assert_true (ofl_cage_remove (run));
}

/* A file of ours that every program outside can read, and a port that every one can reach. Of the drives the
 * one that is there is found by the same way. */
static void
test_walls (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *port = NULL, *written = NULL;

  if (fixture_skipped (self))
    return;
  port = g_strdup_printf ("%u", g_socket_listener_add_any_inet_port (listener, NULL, NULL));
  assert_says (self, "second", NULL, "others 0, drive 1");
  assert_says (self, "network", port, "network none");
  assert_says (self, "home", self->image_path, "home read 0, system written 0");
  g_assert_cmpuint (bench_n_seen (self->bench), ==, 1); /* the one drive's own INQUIRY */
  assert_says_without (self, open_network, "network", port, "network reached");
  assert_says_without (self, open_home, "home", self->image_path, "home read 1, system written 1");
  written = g_build_filename (cage_cache, "wine/drive_c/windows/system32/mine.txt", NULL);
  g_assert_cmpint (g_unlink (written), ==, 0);
}

/* This very process, by the name that Linux has for it */
static void
test_processes (Fixture *self, gconstpointer data)
{
  g_autofree char *name = NULL, *none = NULL, *one = NULL;

  if (fixture_skipped (self))
    return;
  g_assert_true (g_file_get_contents ("/proc/self/comm", &name, NULL, NULL));
  g_strstrip (name);
  none = g_strdup_printf ("processes seen, %s not", name);
  one = g_strdup_printf ("processes seen, %s too", name);
  assert_says (self, "processes", name, none);
  assert_says_without (self, open_proc, "processes", name, one);
}

/* Without Wine: what the cage is told to show is all there is. */
static void
test_arguments (void)
{
  const OflCageLayout layout = { .prefix = "/outside/run",
                                 .windows = "/outside/windows",
                                 .drive = "/outside/drive",
                                 .socket = "/outside/broker",
                                 .libdir = "/nowhere",
                                 .display = ":7.1",
                                 .xauthority = "/outside/xauthority" };
  const char *const command[] = { "wine", "x.exe", NULL };
  g_auto (GStrv) argv = ofl_cage_arguments (&layout, command);
  g_autofree char *line = g_strjoinv (" ", argv);
  const char *const must[] = { "--unshare-net",
                               "--unshare-pid",
                               "--unshare-ipc",
                               "--cap-drop ALL",
                               "--clearenv",
                               "--die-with-parent",
                               "--new-session",
                               "--bind /outside/run /cage/prefix",
                               "--ro-bind /outside/windows /cage/prefix/drive_c/windows",
                               "--bind /outside/broker /cage/broker",
                               "--ro-bind-try /tmp/.X11-unix/X7 /tmp/.X11-unix/X7" };
  const char *const sources[] = { "/outside/",         "/usr",       "/etc/ld.so.cache",
                                  "/etc/alternatives", "/etc/fonts", "/tmp/.X11-unix/X7" };

  for (guint i = 0; i < G_N_ELEMENTS (must); i++)
    g_assert_nonnull (strstr (line, must[i]));
  g_assert_null (strstr (line, "--share-net"));
  g_assert_null (strstr (line, "--dev-bind"));
  for (guint i = 0; argv[i] != NULL; i++)
    if (strstr (argv[i], "bind") != NULL && g_str_has_prefix (argv[i], "--"))
      {
        guint n = 0;

        for (guint k = 0; k < G_N_ELEMENTS (sources); k++)
          n += g_str_has_prefix (argv[i + 1], sources[k]);
        g_assert_cmpuint (n, ==, 1);
        if (strcmp (argv[i], "--bind") == 0)
          g_assert_true (g_str_has_prefix (argv[i + 1], "/outside/"));
      }
}

void
cage_walls_add (void)
{
  g_test_add_func ("/updater/cage/arguments", test_arguments);
  CAGE_ADD ("hidden", NULL, test_hidden);
  CAGE_ADD ("begun", NULL, test_begun);
  CAGE_ADD ("walls", NULL, test_walls);
  CAGE_ADD ("processes", NULL, test_processes);
}
