/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line refuses, with which status, and that the drive is as it was. */
#include <string.h>

#include "run-ctl.h"

static void
test_refused_image (CtlFixture *fixture, gconstpointer data)
{
  const char *variant = data;
  g_autofree char *file = ctl_path (fixture->dir, "refused.bin");
  g_auto (Ran) ran = { 0 };

  ctl_make_image (fixture->dir, "bu40n", "1.03", "refused.bin", variant);
  ctl_run (fixture->dir, &ran, "--json", "flash", "practice:bu40n", file, "--yes",
           "--accept-warnings", NULL);
  ctl_assert_result (&ran, 3, "refused");
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.00");
}

static void
test_bad_files (CtlFixture *fixture, gconstpointer data)
{
  g_autofree char *missing = ctl_path (fixture->dir, "missing.bin");
  g_autofree char *noise = ctl_path (fixture->dir, "noise.bin");
  g_autofree char *huge = ctl_path (fixture->dir, "huge.bin");
  const char *const files[] = { fixture->dir, missing, noise, huge };
  g_autoptr (GFile) file = g_file_new_for_path (huge);
  g_autoptr (GFileOutputStream) stream = g_file_create (file, G_FILE_CREATE_NONE, NULL, NULL);

  g_file_set_contents (noise, "this is no firmware", -1, NULL);
  g_assert_true (
      g_seekable_truncate (G_SEEKABLE (stream), G_GUINT64_CONSTANT (4) << 30, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (fixture->dir, &ran, "flash", "practice:bu40n", files[i], "--yes", NULL);
      ctl_assert_error (&ran, 2);
    }
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.00");
}

static void
test_not_asked (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  /* A8: the checks are told to whoever has to decide on --yes; no job begins */
  ctl_run (fixture->dir, &ran, "flash", "practice:bu40n", fixture->image, NULL);
  g_assert_cmpint (ran.status, ==, 2);
  g_assert_nonnull (strstr (ran.out, "File and drive have the same chip"));
  g_assert_null (strstr (ran.out, "What happened"));
  g_assert_nonnull (strstr (ran.err, "--yes"));
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.00");
}

static void
test_usage (CtlFixture *fixture, gconstpointer data)
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

      ctl_run (fixture->dir, &ran, wrong[i][0], wrong[i][0] != NULL ? wrong[i][1] : NULL,
               wrong[i][0] != NULL && wrong[i][1] != NULL ? wrong[i][2] : NULL, NULL);
      ctl_assert_error (&ran, 2);
    }
}

static void
test_wrong_choice (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) form = { 0 };
  g_auto (Ran) value = { 0 };
  g_auto (Ran) family = { 0 };

  ctl_run (fixture->dir, &form, "flash", "practice:bu40n", fixture->image, "--yes", "--set",
           "dialect", NULL);
  ctl_assert_error (&form, 2);
  ctl_run (fixture->dir, &value, "--json", "flash", "practice:bu40n", fixture->image, "--yes",
           "--set", "dialect=latin", NULL);
  ctl_assert_result (&value, 3, "refused");
  ctl_run (fixture->dir, &family, "flash", "practice:bu40n", fixture->image, "--yes", "--family",
           "pigeon", NULL);
  ctl_assert_error (&family, 2);
}

#define ADD(path, data, func) \
  g_test_add (path, CtlFixture, data, ctl_fixture_up, func, ctl_fixture_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("/ctl/refused/truncated", "truncated", test_refused_image);
  ADD ("/ctl/refused/bad-cmac", "bad-cmac", test_refused_image);
  ADD ("/ctl/refused/wrong-family", "wrong-family", test_refused_image);
  ADD ("/ctl/refused/files", NULL, test_bad_files);
  ADD ("/ctl/refused/not-asked", NULL, test_not_asked);
  ADD ("/ctl/refused/usage", NULL, test_usage);
  ADD ("/ctl/refused/choices", NULL, test_wrong_choice);
  return g_test_run ();
}
