/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run-ctl.h"

#include <string.h>

#include "kit/scratch.h"

char *
ctl_path (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static GPtrArray *
make_argv (const char *folder, const char *speed)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (g_getenv ("OPTIFLASHCTL")));
  g_ptr_array_add (argv, g_strdup ("--finder=none"));
  g_ptr_array_add (argv, g_strdup_printf ("--practice-speed=%s", speed));
  g_ptr_array_add (argv, g_strdup_printf ("--state-dir=%s/state", folder));
  g_ptr_array_add (argv, g_strdup_printf ("--backup-dir=%s/backups", folder));
  return argv;
}

static void
add_args (GPtrArray *argv, va_list list)
{
  const char *arg;

  while ((arg = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, g_strdup (arg));
  g_ptr_array_add (argv, NULL);
}

/* With a folder of its own for tables and known images, too. */
static GSubprocess *
start (const char *folder, GPtrArray *argv)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *data_home = ctl_path (folder, "data");
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_cwd (launcher, folder);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", data_home, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

static void
run (const char *folder, Ran *ran, GPtrArray *argv)
{
  g_autoptr (GSubprocess) process = start (folder, argv);

  ran_wait (ran, process);
  g_assert_cmpint (ran->status, >=, 0);
}

void
ctl_run_argv (const char *folder, Ran *ran, const char *const *args)
{
  g_autoptr (GPtrArray) argv = make_argv (folder, "0");

  for (guint i = 0; args[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (args[i]));
  g_ptr_array_add (argv, NULL);
  run (folder, ran, argv);
}

void
ctl_run (const char *folder, Ran *ran, ...)
{
  g_autoptr (GPtrArray) argv = make_argv (folder, "0");
  va_list list;

  va_start (list, ran);
  add_args (argv, list);
  va_end (list);
  run (folder, ran, argv);
}

GSubprocess *
ctl_begin (const char *folder, const char *speed, ...)
{
  g_autoptr (GPtrArray) argv = make_argv (folder, speed);
  va_list list;

  va_start (list, speed);
  add_args (argv, list);
  va_end (list);
  return start (folder, argv);
}

char *
ctl_read_until (GDataInputStream *lines, const char *word)
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

void
ctl_make_image (const char *folder, const char *id, const char *revision, const char *name,
                const char *variant)
{
  g_autofree char *path = ctl_path (folder, name);
  g_auto (Ran) ran = { 0 };

  ctl_run (folder, &ran, "practice", "image", id, revision, path, variant, NULL);
  g_assert_cmpint (ran.status, ==, 0);
}

void
ctl_fixture_up (CtlFixture *self, gconstpointer data)
{
  self->dir = scratch_new ();
  self->image = ctl_path (self->dir, "new.bin");
  ctl_make_image (self->dir, "bu40n", "1.03", "new.bin", NULL);
}

void
ctl_fixture_down (CtlFixture *self, gconstpointer data)
{
  scratch_free (self->dir);
  g_free (self->image);
}

GPtrArray *
ctl_events (const char *text, const char *event)
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

void
ctl_assert_result (const Ran *ran, int status, const char *verdict)
{
  g_autoptr (GPtrArray) results = ctl_events (ran->out, "result");
  JsonObject *result;

  g_assert_cmpint (ran->status, ==, status);
  g_assert_cmpuint (results->len, ==, 1);
  result = g_ptr_array_index (results, 0);
  g_assert_cmpstr (json_object_get_string_member (result, "verdict"), ==, verdict);
  g_assert_cmpint (json_object_get_int_member (result, "exit"), ==, status);
  g_assert_cmpstr (json_object_get_string_member (result, "what"), !=, "");
  g_assert_cmpstr (json_object_get_string_member (result, "next"), !=, "");
}

void
ctl_assert_error (const Ran *ran, int status)
{
  g_assert_cmpint (ran->status, ==, status);
  g_assert_cmpstr (ran->out, ==, "");
  g_assert_true (g_str_has_prefix (ran->err, "optiflashctl: "));
}

void
ctl_assert_revision (const char *folder, const char *drive, const char *revision)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) drives = NULL;

  ctl_run (folder, &ran, "--json", "info", drive, NULL);
  drives = ctl_events (ran.out, "drive");
  g_assert_cmpuint (drives->len, ==, 1);
  g_assert_cmpstr (json_object_get_string_member (g_ptr_array_index (drives, 0), "revision"), ==,
                   revision);
}

void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in:\n%s", part, text);
}

void
assert_has_not (const char *text, const char *part)
{
  if (strstr (text, part) != NULL)
    g_error ("“%s” is in:\n%s", part, text);
}
