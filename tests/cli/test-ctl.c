/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line as a user runs it, on practice drives with a virtual clock. */
#include <glib/gstdio.h>
#include <string.h>

#include "run-ctl.h"

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
test_list (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) none = { 0 };
  g_autoptr (GPtrArray) drives = NULL;
  JsonObject *drive;

  ctl_run (fixture->dir, &ran, "--json", "--practice", "list", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  drives = ctl_events (ran.out, "drive");
  g_assert_cmpuint (drives->len, >=, 2);
  drive = find_drive (drives, "practice:bu40n");
  g_assert_cmpstr (json_object_get_string_member (drive, "bus"), ==, "practice");
  g_assert_cmpstr (json_object_get_string_member (drive, "family"), ==, "mt1959");
  g_assert_cmpstr (json_object_get_string_member (drive, "state"), ==, "normal");
  g_assert_cmpstr (json_object_get_string_member (drive, "access"), ==, "usable");
  g_assert_cmpstr (json_object_get_string_member (drive, "revision"), ==, "1.00");
  g_assert_true (json_object_get_boolean_member (drive, "flashable"));
  g_assert_cmpstr (json_object_get_string_member (drive, "reason"), ==, "");

  ctl_run (fixture->dir, &none, "--json", "list", NULL);
  g_assert_cmpint (none.status, ==, 0);
  g_assert_cmpstr (none.out, ==, "");
}

static void
test_inspect (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) bad = { 0 };
  g_autofree char *damaged = ctl_path (fixture->dir, "bad.bin");
  g_autoptr (GPtrArray) images = NULL;
  JsonObject *image;

  ctl_run (fixture->dir, &ran, "--json", "inspect", fixture->image, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  images = ctl_events (ran.out, "image");
  g_assert_cmpuint (images->len, ==, 1);
  image = g_ptr_array_index (images, 0);
  g_assert_cmpstr (json_object_get_string_member (image, "family"), ==, "mt1959");
  g_assert_cmpint (json_object_get_int_member (image, "size"), ==, 0x200000);
  g_assert_false (json_object_get_boolean_member (image, "changed"));
  g_assert_cmpuint (strlen (json_object_get_string_member (image, "sha256")), ==, 64);

  ctl_make_image (fixture->dir, "bu40n", "1.03", "bad.bin", "bad-cmac");
  ctl_run (fixture->dir, &bad, "inspect", damaged, NULL);
  g_assert_cmpint (bad.status, ==, 3);
}

static void
test_plan (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) steps = NULL;
  guint streams = 0;

  ctl_run (fixture->dir, &ran, "--json", "plan", "practice:bu40n", fixture->image, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  steps = ctl_events (ran.out, "step");
  for (guint i = 0; i < steps->len; i++)
    {
      JsonObject *step = g_ptr_array_index (steps, i);

      if (strcmp (json_object_get_string_member (step, "stage"), "send") == 0
          && strstr (json_object_get_string_member (step, "text"), "OUT 4000") != NULL)
        streams++;
    }
  g_assert_cmpuint (streams, ==, 128);
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.00");
}

/* Jobs */

static void
test_flash (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) again = { 0 };
  g_auto (Ran) verify = { 0 };
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) progress = NULL;
  g_autofree char *backups = ctl_path (fixture->dir, "backups");
  JsonObject *result;

  ctl_run (fixture->dir, &ran, "--json", "flash", "practice:bu40n", fixture->image, "--yes", NULL);
  ctl_assert_result (&ran, 0, "verified");
  results = ctl_events (ran.out, "result");
  result = g_ptr_array_index (results, 0);
  g_assert_cmpstr (json_object_get_string_member (result, "revision_before"), ==, "1.00");
  g_assert_cmpstr (json_object_get_string_member (result, "revision_after"), ==, "1.03");
  g_assert_true (
      g_file_test (json_object_get_string_member (result, "backup"), G_FILE_TEST_IS_REGULAR));
  g_assert_true (
      g_file_test (json_object_get_string_member (result, "journal"), G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_str_has_prefix (json_object_get_string_member (result, "backup"), backups));
  progress = ctl_events (ran.out, "progress");
  g_assert_cmpuint (progress->len, >, 0);

  /* what the drive holds outlives the process */
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.03");
  ctl_run (fixture->dir, &verify, "--json", "verify", "practice:bu40n", fixture->image, NULL);
  g_assert_cmpint (verify.status, ==, 0);
  ctl_run (fixture->dir, &again, "--json", "flash", "practice:bu40n", fixture->image, "--yes",
           NULL);
  ctl_assert_result (&again, 0, "identical");
}

static void
test_flash_words (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (fixture->dir, &ran, "flash", "practice:bu40n", fixture->image, "--yes", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  /* plain lines, no terminal's control codes */
  g_assert_null (strchr (ran.out, '\033'));
  g_assert_nonnull (strstr (ran.out, "Verify: done"));
  g_assert_nonnull (strstr (ran.out, "Verified: read back and equal"));
  g_assert_nonnull (strstr (ran.out, "1.00 before, 1.03 now"));
}

static void
test_verify_different (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (fixture->dir, &ran, "--json", "verify", "practice:bu40n", fixture->image, NULL);
  ctl_assert_result (&ran, 1, "different");
}

static void
test_backup (CtlFixture *fixture, gconstpointer data)
{
  g_autofree char *file = ctl_path (fixture->dir, "mine.bin");
  g_auto (Ran) ran = { 0 };
  GStatBuf info;

  ctl_run (fixture->dir, &ran, "--json", "backup", "practice:bu40n", file, NULL);
  ctl_assert_result (&ran, 0, "done");
  g_assert_cmpint (g_stat (file, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 0x200000);
}

static void
test_standard (CtlFixture *fixture, gconstpointer data)
{
  g_autofree char *file = ctl_path (fixture->dir, "standard.bin");
  g_auto (Ran) refused = { 0 };
  g_auto (Ran) ran = { 0 };

  ctl_make_image (fixture->dir, "standard", "1.03", "standard.bin", NULL);
  ctl_run (fixture->dir, &refused, "--json", "flash", "practice:standard", file, "--yes", NULL);
  ctl_assert_result (&refused, 3, "refused");
  ctl_assert_revision (fixture->dir, "practice:standard", "1.00");
  ctl_run (fixture->dir, &ran, "--json", "flash", "practice:standard", file, "--yes",
           "--accept-no-backup", "--accept-warnings", NULL);
  ctl_assert_result (&ran, 0, "confirmed");
  ctl_assert_revision (fixture->dir, "practice:standard", "1.03");
}

/* Without anybody naming a dialect. */
static void
test_raw_dump (CtlFixture *fixture, gconstpointer data)
{
  g_autofree char *file = ctl_path (fixture->dir, "dump.bin");
  g_auto (Ran) ran = { 0 };

  ctl_make_image (fixture->dir, "bu40n", "1.03", "dump.bin", "raw-dump");
  ctl_run (fixture->dir, &ran, "--json", "flash", "practice:bu40n", file, "--yes", NULL);
  ctl_assert_result (&ran, 0, "verified");
}

/* practice */

static void
test_practice (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) first = { 0 };
  g_auto (Ran) second = { 0 };
  g_auto (Ran) reset = { 0 };
  g_auto (Ran) list = { 0 };

  ctl_run (fixture->dir, &list, "practice", "list", NULL);
  g_assert_cmpint (list.status, ==, 0);
  g_assert_nonnull (strstr (list.out, "bu40n"));
  ctl_run (fixture->dir, &first, "--json", "practice", "demo", NULL);
  ctl_assert_result (&first, 0, "verified");
  ctl_run (fixture->dir, &second, "--json", "practice", "demo", NULL);
  ctl_assert_result (&second, 0, "verified");
  ctl_run (fixture->dir, &reset, "practice", "reset", "bu40n", NULL);
  g_assert_cmpint (reset.status, ==, 0);
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.00");
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
  ADD ("/ctl/list", NULL, test_list);
  ADD ("/ctl/inspect", NULL, test_inspect);
  ADD ("/ctl/plan", NULL, test_plan);
  ADD ("/ctl/flash/verified-then-identical", NULL, test_flash);
  ADD ("/ctl/flash/words", NULL, test_flash_words);
  ADD ("/ctl/flash/standard", NULL, test_standard);
  ADD ("/ctl/verify/different", NULL, test_verify_different);
  ADD ("/ctl/backup/file", NULL, test_backup);
  ADD ("/ctl/flash/a4-raw-dump", NULL, test_raw_dump);
  ADD ("/ctl/practice/demo-and-reset", NULL, test_practice);
  return g_test_run ();
}
