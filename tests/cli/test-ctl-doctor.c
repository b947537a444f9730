/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl doctor: as text, as JSON, its chart, its exit statuses. */
#include <string.h>

#include "ctl-chart.h"
#include "run-ctl.h"

static const JsonObject *
finding_of (GPtrArray *findings, const char *id)
{
  for (guint i = 0; i < findings->len; i++)
    {
      JsonObject *object = g_ptr_array_index (findings, i);

      if (strcmp (json_object_get_string_member (object, "id"), id) == 0)
        return object;
    }
  return NULL;
}

static void
assert_finding (const Ran *ran, const char *id, const char *level)
{
  g_autoptr (GPtrArray) findings = ctl_events (ran->out, "finding");
  const JsonObject *finding = finding_of (findings, id);

  g_assert_nonnull (finding);
  g_assert_cmpstr (json_object_get_string_member ((JsonObject *) finding, "level"), ==, level);
}

static void
doctor (CtlFixture *f, Ran *ran, const char *drive, const char *disc, const char *fault)
{
  g_setenv ("OFL_PRACTICE_DISC", disc != NULL ? disc : "", TRUE);
  g_setenv ("OFL_PRACTICE_FAULTS", fault != NULL ? fault : "", TRUE);
  ctl_run (f->dir, ran, "--json", "doctor", drive, NULL);
  g_unsetenv ("OFL_PRACTICE_DISC");
  g_unsetenv ("OFL_PRACTICE_FAULTS");
}

static void
assert_end (const Ran *ran, int status, const char *state, const char *worst)
{
  g_autoptr (GPtrArray) ends = ctl_events (ran->out, "examination");
  JsonObject *end;

  g_assert_cmpint (ran->status, ==, status);
  g_assert_cmpuint (ends->len, ==, 1);
  end = g_ptr_array_index (ends, 0);
  g_assert_cmpint (json_object_get_int_member (end, "exit"), ==, status);
  g_assert_cmpstr (json_object_get_string_member (end, "state"), ==, state);
  g_assert_cmpstr (json_object_get_string_member (end, "worst"), ==, worst);
}

/* The disc is in the drive whatever its file says of the flash and of discs. */
static void
test_text (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) flashed = { 0 }, ran = { 0 };

  ctl_run (f->dir, &flashed, "flash", "practice:bu40n", f->image, "--yes", NULL);
  g_assert_cmpint (flashed.status, ==, 0);
  g_setenv ("OFL_PRACTICE_DISC", "bu40n=pressed", TRUE);
  ctl_run (f->dir, &ran, "doctor", "practice:bu40n", NULL);
  g_unsetenv ("OFL_PRACTICE_DISC");
  g_assert_cmpint (ran.status, ==, 0);
  assert_has (ran.out, "200 stretches of the disc were read, without an error.");
  assert_has (ran.out, "128 MiB\n");
  assert_has (ran.out, "highest: ");
  assert_has (ran.out, "Writing was not tried here.");
  assert_has_not (ran.out, "not readable");
  assert_has (ran.out, "revision 1.03");
  assert_has (ran.out, "The newest backup has another revision (1.00) than the drive (1.03)");
}

static void
test_json (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) stretches = NULL;

  doctor (f, &ran, "practice:bu40n", "bu40n=pressed", "bu40n=unreadable 20000 100");
  assert_end (&ran, 1, "normal", "doubtful");
  assert_finding (&ran, "read", "doubtful");
  stretches = ctl_events (ran.out, "stretch");
  g_assert_cmpuint (stretches->len, ==, 200);
  g_assert_cmpstr (json_object_get_string_member (g_ptr_array_index (stretches, 61), "state"), ==,
                   "failed");
  g_assert_cmpint (json_object_get_int_member (g_ptr_array_index (stretches, 60), "speed"), >, 0);
}

static void
test_statuses (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) well = { 0 }, blank = { 0 }, hangs = { 0 }, silent = { 0 }, garbled = { 0 };

  doctor (f, &well, "practice:bu40n", NULL, NULL);
  assert_end (&well, 0, "normal", "remark");
  assert_finding (&well, "next-disc", "remark");
  doctor (f, &blank, "practice:premium", "premium=blank-cd-r", "premium=stuck-buffer");
  assert_end (&blank, 1, "normal", "doubtful");
  assert_finding (&blank, "cause", "doubtful");
  doctor (f, &hangs, "practice:bu40n", NULL, "bu40n=hang 5c");
  assert_end (&hangs, 5, "normal", "bad");
  doctor (f, &silent, "practice:bu40n", NULL, "bu40n=hang any 1 1000");
  assert_end (&silent, 5, "silent", "bad");
  doctor (f, &garbled, "practice:bu40n", NULL, "bu40n=garble");
  assert_end (&garbled, 1, "garbled", "bad");
}

/* A write that lost its power leaves the boot code. */
static void
test_boot (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) broken = { 0 }, ran = { 0 };

  g_setenv ("OFL_PRACTICE_FAULTS", "bu40n=power-loss-burn 500", TRUE);
  ctl_run (f->dir, &broken, "flash", "practice:bu40n", f->image, "--yes", NULL);
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  doctor (f, &ran, "practice:bu40n", NULL, NULL);
  assert_end (&ran, 4, "boot", "bad");
  assert_finding (&ran, "mend", "doubtful");
  assert_has (ran.out, "flash.bin"); /* its own backup is what to flash it with */
}

static void
test_backup (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) made = { 0 }, ran = { 0 };

  ctl_run (f->dir, &made, "backup", "practice:bu40n", NULL);
  g_assert_cmpint (made.status, ==, 0);
  doctor (f, &ran, "practice:bu40n", NULL, NULL);
  assert_finding (&ran, "firmware", "remark");
  assert_has (ran.out, "equals none of the images whose hash somebody has published");
}

static void
test_refused (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) word = { 0 }, drive = { 0 }, disc = { 0 }, none = { 0 };

  ctl_run (f->dir, &word, "doctor", "practice:bu40n", "--read=some", NULL);
  ctl_assert_error (&word, 2);
  assert_has (word.err, "quick, full and none");
  ctl_run (f->dir, &drive, "doctor", "/dev/nothing-here", NULL);
  ctl_assert_error (&drive, 2);
  g_setenv ("OFL_PRACTICE_DISC", "sd616=blank-cd-r", TRUE);
  ctl_run (f->dir, &disc, "doctor", "practice:sd616", NULL);
  g_unsetenv ("OFL_PRACTICE_DISC");
  g_assert_cmpint (disc.status, !=, 0);
  assert_has (disc.err, "is not a disc that this practice drive takes");
  g_setenv ("OFL_PRACTICE_DISC", "bu40n=pressed", TRUE);
  ctl_run (f->dir, &none, "doctor", "practice:bu40n", "--read=none", NULL);
  g_unsetenv ("OFL_PRACTICE_DISC");
  g_assert_cmpint (none.status, ==, 0);
  assert_has_not (none.out, "highest: ");
}

/* Deep: the whole disc, what belongs to the drive alone once that is chosen, and what is not counted. */
static void
test_deep (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) off = { 0 }, on = { 0 }, shallow = { 0 };

  g_setenv ("OFL_PRACTICE_DISC", "sohw812s=pressed", TRUE);
  g_setenv ("OFL_PRACTICE_FAULTS", "sohw812s=unreadable 20100 10", TRUE);
  ctl_run (f->dir, &off, "--json", "doctor", "practice:sohw812s", "--deep", NULL);
  ctl_run (f->dir, &on, "--json", "doctor", "practice:sohw812s", "--deep", "--read=quick",
           "--set=experimental=yes", NULL);
  g_unsetenv ("OFL_PRACTICE_DISC");
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  assert_end (&off, 1, "normal", "doubtful");
  assert_finding (&off, "read", "doubtful"); /* a quick look goes past it */
  assert_finding (&off, "unit", "remark");
  assert_finding (&off, "errors", "good");
  assert_has (off.out, "--set experimental=yes");
  assert_end (&on, 0, "normal", "remark");
  assert_finding (&on, "read", "good");
  assert_has (on.out, "1024 bytes, both times the same");
  ctl_run (f->dir, &shallow, "doctor", "practice:sohw812s", "--set=experimental=yes", NULL);
  ctl_assert_error (&shallow, 2);
  assert_has (shallow.err, "--deep");
}

/* The chart by itself */

static GArray *
make_stretches (guint n)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (OflStretch));

  for (guint i = 0; i < n; i++)
    {
      OflStretch stretch = { .first = i * 100,
                             .blocks = 100,
                             .state = OFL_STRETCH_READ,
                             .timed_bytes = 1000 * (i + 1),
                             .timed_us = 1000 };

      g_array_append_val (stretches, stretch);
    }
  return stretches;
}

static void
test_chart (void)
{
  g_autoptr (GArray) stretches = make_stretches (8);
  OflStretch *third = &g_array_index (stretches, OflStretch, 2);
  g_autofree char *whole = ofl_ctl_chart (stretches, 51200, 80, TRUE);
  g_autofree char *plain = NULL;
  g_autofree char *nothing = NULL;

  assert_has (whole, "  ▂▃▄▅▆▇██\n");
  assert_has (whole, "100 MiB\n");
  assert_has (whole, "highest: 8000 kB/s\n");
  third->state = OFL_STRETCH_FAILED;
  plain = ofl_ctl_chart (stretches, 51200, 80, FALSE);
  assert_has (plain, "  23x56788\n");
  assert_has (plain, "x: not readable\n");
  g_array_set_size (stretches, 0);
  nothing = ofl_ctl_chart (stretches, 51200, 80, TRUE);
  g_assert_null (nothing);
}

/* No line is wider than the terminal, and one failed stretch among many is seen. */
static void
test_chart_narrow (void)
{
  for (guint columns = 40; columns <= 200; columns += 20)
    {
      g_autoptr (GArray) stretches = make_stretches (200);
      g_autofree char *chart = NULL;
      g_auto (GStrv) lines = NULL;

      g_array_index (stretches, OflStretch, 77).state = OFL_STRETCH_FAILED;
      chart = ofl_ctl_chart (stretches, 51200, columns, FALSE);
      lines = g_strsplit (chart, "\n", -1);
      g_assert_nonnull (strchr (lines[0], 'x'));
      for (guint i = 0; lines[i] != NULL; i++)
        g_assert_cmpuint (strlen (lines[i]), <, columns);
    }
}

/* Errors are counted, drawn, and told one by one. */
static void
test_errors (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) text = { 0 }, json = { 0 };

  g_setenv ("OFL_PRACTICE_DISC", "sohw812s=cd-rom", TRUE);
  g_setenv ("OFL_PRACTICE_FAULTS", "sohw812s=scratched 9000 3000", TRUE);
  ctl_run (f->dir, &text, "doctor", "practice:sohw812s", "--deep", "--read=none", NULL);
  ctl_run (f->dir, &json, "--json", "doctor", "practice:sohw812s", "--deep", "--read=none", NULL);
  g_unsetenv ("OFL_PRACTICE_DISC");
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  g_assert_cmpint (text.status, ==, 1);
  assert_has (text.out, "The disc is read with many errors between 1:5");
  assert_has (text.out, "C1, highest: ");
  assert_finding (&json, "errors", "doubtful");
  assert_has (json.out, "\"event\":\"errors\",\"position\":75,\"c1\":");
  assert_has (json.out, "\"position\":65550,\"c1\":");
  assert_has (json.out, "\"uncorrected\":");
}

/* What was counted, at its place; what was not reached stays empty. */
static void
test_chart_errors (void)
{
  g_autoptr (GArray) errors = g_array_new (FALSE, FALSE, sizeof (OflErrorCount));
  g_autofree char *nothing = ofl_ctl_chart_errors (errors, 10240, "C1", 80, TRUE);
  g_autofree char *half = NULL;

  for (guint i = 1; i <= 10; i++)
    {
      OflErrorCount count = { .position = i * 512, .first = i == 10 ? 0 : i * 10, .second = 9 };

      g_array_append_val (errors, count);
    }
  half = ofl_ctl_chart_errors (errors, 10240, "C1", 80, FALSE);
  g_assert_null (nothing);
  assert_has (half, "  24578     \n");
  assert_has (half, "20 MiB\n");
  assert_has (half, "C1, highest: 90 in one count\n");
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run) (CtlFixture *, gconstpointer);
  } tests[] = {
    { "/ctl-doctor/text", test_text },         { "/ctl-doctor/json", test_json },
    { "/ctl-doctor/statuses", test_statuses }, { "/ctl-doctor/boot", test_boot },
    { "/ctl-doctor/backup", test_backup },     { "/ctl-doctor/refused", test_refused },
    { "/ctl-doctor/deep", test_deep },         { "/ctl-doctor/errors", test_errors },
  };

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, CtlFixture, NULL, ctl_fixture_up, tests[i].run, ctl_fixture_down);
  g_test_add_func ("/ctl-doctor/chart", test_chart);
  g_test_add_func ("/ctl-doctor/chart-narrow", test_chart_narrow);
  g_test_add_func ("/ctl-doctor/chart-errors", test_chart_errors);
  return g_test_run ();
}
