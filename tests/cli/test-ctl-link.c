/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl link: what it says of a sound, a doubtful and a bad link, with which status; and what
 * flash makes of them. */
#include <string.h>

#include "run-ctl.h"

#define FLIP_ONE "bu40n=flip-once 12 12 9"
#define FLIP_TWO "bu40n=flip-once 12 12 9,bu40n=flip-once 12 18 9"

/* --json link on the drive with these faults */
static JsonObject *
run_link (CtlFixture *fixture, const char *faults, int status, const char *option)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) events = NULL;

  g_setenv ("OFL_PRACTICE_FAULTS", faults, TRUE);
  ctl_run (fixture->dir, &ran, "--json", "link", "practice:bu40n", option, NULL);
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  g_assert_cmpint (ran.status, ==, status);
  events = ctl_events (ran.out, "link");
  g_assert_cmpuint (events->len, ==, 1);
  return json_object_ref (g_ptr_array_index (events, 0));
}

static void
assert_link (CtlFixture *fixture, const char *faults, int status, const char *verdict)
{
  g_autoptr (JsonObject) link = run_link (fixture, faults, status, NULL);
  JsonArray *findings = json_object_get_array_member (link, "findings");

  g_assert_cmpstr (json_object_get_string_member (link, "verdict"), ==, verdict);
  g_assert_cmpint (json_object_get_int_member (link, "exit"), ==, status);
  g_assert_cmpuint (json_array_get_length (findings), >=, 1);
  g_assert_cmpint (json_object_get_string_member (link, "next")[0] == '\0', ==, status == 0);
}

static void
test_verdicts (CtlFixture *fixture, gconstpointer data)
{
  assert_link (fixture, "", 0, "sound");
  assert_link (fixture, FLIP_ONE, 1, "doubtful");
  assert_link (fixture, FLIP_TWO, 1, "bad");
  assert_link (fixture, "bu40n=garble", 1, "bad");
}

static void
test_long (CtlFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) link = run_link (fixture, "", 0, "--long");
  JsonArray *series = json_object_get_array_member (link, "series");
  JsonObject *flash = json_array_get_object_element (series, json_array_get_length (series) - 1);

  g_assert_true (json_object_get_boolean_member (link, "long"));
  g_assert_cmpstr (json_object_get_string_member (flash, "what"), ==, "READ BUFFER, flash");
  g_assert_cmpint (json_object_get_int_member (flash, "bytes"), ==, 2 * 0x40000);
}

static void
test_text (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 }, help = { 0 };

  g_setenv ("OFL_PRACTICE_FAULTS", FLIP_TWO, TRUE);
  ctl_run (fixture->dir, &ran, "link", "practice:bu40n", NULL);
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  g_assert_cmpint (ran.status, ==, 1);
  assert_has (ran.out, "The link is bad");
  assert_has (ran.out, "different once: 2, and again: 0");
  assert_has (ran.out, "asked once more, it came as it should");
  assert_has (ran.out, "does not know this question");
  assert_has (ran.out, "Next");
  ctl_run (fixture->dir, &help, "link", "--help", NULL);
  g_assert_cmpint (help.status, ==, 0);
  assert_has (help.out, "--long");
  assert_has (help.out, "Exit status: 0 the link is sound, 1 it is doubtful or bad");
}

static void
test_flash (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) bad = { 0 }, doubtful = { 0 };

  /* the same drive is looked at by the program and by its job: more INQUIRYs before the test */
  g_setenv ("OFL_PRACTICE_FAULTS", "bu40n=flip-once 12 18 9,bu40n=flip-once 12 24 9", TRUE);
  ctl_run (fixture->dir, &bad, "--json", "--in-process", "flash", "practice:bu40n", fixture->image,
           "--yes", NULL);
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  ctl_assert_result (&bad, 3, "refused");
  assert_has (bad.out, "2 did not come as the same question was answered before");
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.00");

  g_setenv ("OFL_PRACTICE_FAULTS", "bu40n=flip-once 12 18 9", TRUE);
  ctl_run (fixture->dir, &doubtful, "--json", "--in-process", "flash", "practice:bu40n",
           fixture->image, "--yes", NULL);
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  ctl_assert_result (&doubtful, 0, "verified");
  assert_has (doubtful.out, "The link to the drive was doubtful before the write");
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.03");
}

#define ADD(path, func) g_test_add (path, CtlFixture, NULL, ctl_fixture_up, func, ctl_fixture_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("/ctl/link/verdicts", test_verdicts);
  ADD ("/ctl/link/long", test_long);
  ADD ("/ctl/link/text", test_text);
  ADD ("/ctl/link/flash", test_flash);
  return g_test_run ();
}
