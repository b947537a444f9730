/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A8: all that is known is said before anything is asked, each consent is asked by itself, and --yes
 * answers the last question only. On a terminal of the test's own. */
#include <string.h>

#include "kit/scratch.h"
#include "run-ctl.h"
#include "run-terminal.h"

typedef struct {
  char *dir;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) btc = { 0 };
  g_auto (Ran) standard = { 0 };
  g_auto (Ran) other = { 0 };

  fixture->dir = scratch_new ();
  ctl_run (fixture->dir, &btc, "practice", "image", "drw1008", "1.11", "btc.bin", NULL);
  ctl_run (fixture->dir, &standard, "practice", "image", "standard", "1.03", "std.bin", NULL);
  ctl_run (fixture->dir, &other, "practice", "image", "bu40n", "1.03", "bu40n.bin", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  scratch_free (fixture->dir);
}

static const char *
find (const char *text, const char *part)
{
  assert_has (text, part);
  return strstr (text, part);
}

static const char *const flash_btc[] = { "flash", "practice:drw1008", "btc.bin", NULL };

static void
test_a8_checks_before_questions (Fixture *fixture, gconstpointer data)
{
  static const char *const answers[] = { "yes", "no", NULL };
  int status;
  g_autofree char *said = run_on_terminal (fixture->dir, &status, answers, flash_btc);
  const char *check = find (said, "No way to mend a failed write is public.");
  const char *place = find (said, "The job runs in this program and lives in this terminal");
  const char *consent = find (said, "Go on without a backup? (--accept-no-backup)");
  const char *last = find (said, "Flash DVDRW IDE1008, practice:drw1008 (practice drive), serial ");

  g_assert_cmpint (status, ==, 1);
  g_assert_true (check < consent && place < consent && consent < last);
  assert_has (last, "from revision 1.00 to 1.11");
  ctl_assert_revision (fixture->dir, "practice:drw1008", "1.00");
}

static void
test_a8_no_to_a_consent (Fixture *fixture, gconstpointer data)
{
  static const char *const answers[] = { "no", NULL };
  int status;
  g_autofree char *said = run_on_terminal (fixture->dir, &status, answers, flash_btc);

  g_assert_cmpint (status, ==, 1);
  assert_has_not (said, "Flash DVDRW IDE1008, ");
  assert_has (said, "Not confirmed. Nothing was written to the drive.");
  ctl_assert_revision (fixture->dir, "practice:drw1008", "1.00");
}

/* The standard's way: a warning and no backup, each asked for, with --yes as well. */
static void
test_a8_yes_is_no_consent (Fixture *fixture, gconstpointer data)
{
  static const char *const args[]
      = { "flash", "practice:sohw812s", "l.bin", "--family=standard", "--yes", NULL };
  static const char *const both[] = { "yes", "yes", NULL };
  static const char *const one[] = { "yes", "no", NULL };
  g_auto (Ran) image = { 0 };
  g_autofree char *refused = NULL;
  g_autofree char *agreed = NULL;
  int status;

  ctl_run (fixture->dir, &image, "practice", "image", "sohw812s", "US0Q", "l.bin", NULL);
  refused = run_on_terminal (fixture->dir, &status, one, args);
  g_assert_cmpint (status, ==, 1);
  ctl_assert_revision (fixture->dir, "practice:sohw812s", "US0N");
  agreed = run_on_terminal (fixture->dir, &status, both, args);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (find (agreed, "(--accept-warnings)") < find (agreed, "(--accept-no-backup)"));
  assert_has_not (agreed, "Type the model name");
  ctl_assert_revision (fixture->dir, "practice:sohw812s", "US0Q");
}

static void
test_a8_refused_is_not_asked (Fixture *fixture, gconstpointer data)
{
  static const char *const args[] = { "flash", "practice:drw1008", "bu40n.bin", NULL };
  static const char *const none[] = { NULL };
  int status;
  g_autofree char *said = run_on_terminal (fixture->dir, &status, none, args);

  g_assert_cmpint (status, ==, 3);
  assert_has_not (said, QUESTION);
  assert_has (said, "This is a firmware for MediaTek MT1959 drives");
}

/* Where nobody can be asked, all the options that are missing are named at once. */
static void
test_a8_options_for_scripts (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) unasked = { 0 };
  g_auto (Ran) refused = { 0 };
  g_auto (Ran) done = { 0 };

  ctl_run (fixture->dir, &unasked, "flash", "practice:standard", "std.bin", NULL);
  g_assert_cmpint (unasked.status, ==, 2);
  assert_has (unasked.err, "Add --yes --accept-no-backup to write without being asked.");
  ctl_run (fixture->dir, &refused, "flash", "practice:drw1008", "btc.bin", "--yes", NULL);
  g_assert_cmpint (refused.status, ==, 3);
  assert_has (refused.out, "say --accept-no-backup");
  ctl_run (fixture->dir, &done, "flash", "practice:drw1008", "btc.bin", "--yes",
           "--accept-no-backup", NULL);
  g_assert_cmpint (done.status, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/ctl-consent/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("a8-checks-before-questions", test_a8_checks_before_questions);
  ADD ("a8-no-to-a-consent", test_a8_no_to_a_consent);
  ADD ("a8-options-for-scripts", test_a8_options_for_scripts);
  ADD ("a8-refused-is-not-asked", test_a8_refused_is_not_asked);
  ADD ("a8-yes-is-no-consent", test_a8_yes_is_no_consent);
  return g_test_run ();
}
