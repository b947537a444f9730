/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl.exe in the cage of core/updater, as if it were a maker's program: what it sends by
 * Windows' pass-through goes through Wine and the preload library to a broker out here, on the practice
 * drive "standard". So the Windows transport speaks to a drive that is not of its own process. */
#include <string.h>

#include "updater/cage-fixture.h"

#include "kit/ran.h"

/* Where data/windows/build has put program and libraries; NULL where there is no such build. */
static char *program_dir;

static GStrv
list_files (const Fixture *self)
{
  g_autoptr (GStrvBuilder) files = g_strv_builder_new ();
  g_autoptr (GDir) dir = g_dir_open (program_dir, 0, NULL);
  g_autofree char *exe = g_build_filename (program_dir, "optiflashctl.exe", NULL);
  const char *name;

  g_strv_builder_add (files, exe);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".dll"))
      {
        g_autofree char *path = g_build_filename (program_dir, name, NULL);

        g_strv_builder_add (files, path);
      }
  g_strv_builder_add (files, self->image_path);
  return g_strv_builder_end (files);
}

/* optiflashctl.exe with @arguments */
static OflUpdaterEnd *
run_program (Fixture *self, const char *const *arguments)
{
  g_auto (GStrv) files = list_files (self);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  OflUpdaterEnd *end;

  ofl_updater_cage_run_async (self->cage, (const char *const *) files, arguments, self->socket,
                              self->shown, NULL, await_keep, &result);
  await_result (&result);
  end = ofl_updater_cage_run_finish (self->cage, result, &error);
  g_assert_no_error (error);
  lines = g_strsplit (end->output, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_test_message ("%.2000s", lines[i]);
  g_test_message ("status %d", end->status);
  return end;
}

static gboolean
is_skipped (const Fixture *self)
{
  if (fixture_skipped (self))
    return TRUE;
  if (program_dir != NULL)
    return FALSE;
  g_test_skip ("There is no Windows build (data/windows/build).");
  return TRUE;
}

static void
test_list (Fixture *self, gconstpointer data)
{
  const char *const arguments[] = { "--json", "list", NULL };
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (is_skipped (self))
    return;
  end = run_program (self, arguments);
  g_assert_cmpint (end->status, ==, 0);
  g_assert_nonnull (strstr (end->output, "\"id\":\"D:\""));
  g_assert_nonnull (strstr (end->output, "PRACTICE STD"));
  g_assert_nonnull (strstr (end->output, "\"access\":\"usable\""));
}

/* No disc: a sense that comes from the drive all the way. */
static void
test_info (Fixture *self, gconstpointer data)
{
  const char *const arguments[] = { "info", "D:", NULL };
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (is_skipped (self))
    return;
  end = run_program (self, arguments);
  g_assert_cmpint (end->status, ==, 0);
  g_assert_nonnull (strstr (end->output, "PRACTICE STD"));
  g_assert_nonnull (strstr (end->output, "1.00"));
}

/* Byte for byte, with verdict and journal as on Linux */
static void
test_flash (Fixture *self, gconstpointer data)
{
  const char *const arguments[]
      = { "--json", "flash", "D:", "image.bin", "--yes", "--accept-no-backup", "--accept-warnings",
          NULL };
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (is_skipped (self))
    return;
  end = run_program (self, arguments);
  g_assert_nonnull (strstr (end->output, "Windows SPTI, D:"));
  g_assert_nonnull (strstr (end->output, "\"verdict\":\"confirmed\""));
  g_assert_cmpint (end->status, ==, 0);
  fixture_assert_sent_image (self);
  g_assert_true (ofl_practice_drive_holds (self->bench->drive, self->image));
}

/* A drive that refuses: its sense arrives, the job says so, and the drive is what it was. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  const char *const arguments[]
      = { "--json", "flash", "D:", "image.bin", "--yes", "--accept-no-backup", "--accept-warnings",
          NULL };
  g_autoptr (OflUpdaterEnd) end = NULL;

  if (is_skipped (self))
    return;
  self->bench->handler->rule = RULE_REFUSE;
  end = run_program (self, arguments);
  g_assert_cmpint (end->status, !=, 0);
  g_assert_nonnull (strstr (end->output, "5/2C/00"));
  g_assert_null (strstr (end->output, "\"verdict\":\"confirmed\""));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (self->bench->drive), ==, 0);
}

int
main (int argc, char **argv)
{
  const char *dir = g_getenv ("WINDOWS_PROGRAM_DIR");
  g_autofree char *exe = g_build_filename (dir != NULL ? dir : ".", "optiflashctl.exe", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  if (dir != NULL && g_file_test (exe, G_FILE_TEST_IS_REGULAR))
    program_dir = g_canonicalize_filename (dir, NULL);
  fixture_begin ();
  g_test_add ("/windows/drive/list", Fixture, NULL, fixture_up, test_list, fixture_down);
  g_test_add ("/windows/drive/info", Fixture, NULL, fixture_up, test_info, fixture_down);
  g_test_add ("/windows/drive/flash", Fixture, NULL, fixture_up, test_flash, fixture_down);
  g_test_add ("/windows/drive/refused", Fixture, NULL, fixture_up, test_refused, fixture_down);
  status = g_test_run ();
  fixture_end ();
  g_free (program_dir);
  return status;
}
