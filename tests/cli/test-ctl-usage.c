/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said to somebody who names a drive, a file, a verb or an option wrongly. */
#include <json-glib/json-glib.h>
#include <string.h>

#include "kit/scratch.h"
#include "run-ctl.h"

#define SHARED "OFLPRACTICE-00000001"

typedef struct {
  char *dir;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = scratch_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  scratch_free (fixture->dir);
}

/* Every practice drive but a few has the same serial: none of them is taken because it came first,
 * and none was written. */
static void
test_case_04_shared_serial (Fixture *fixture, gconstpointer data)
{
  static const char *const verbs[] = { "info", "backup", "report" };
  g_auto (Ran) image = { 0 };
  g_auto (Ran) flash = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (fixture->dir, &ran, "--practice", verbs[i], SHARED, NULL);
      g_assert_cmpint (ran.status, ==, 2);
      assert_has (ran.err, "drives have this serial, " SHARED ": ");
      assert_has (ran.err, "practice:px716, ");
      assert_has (ran.err, "practice:ad7170, ");
    }
  ctl_run (fixture->dir, &image, "practice", "image", "ad7170", "1.03", "new.bin", NULL);
  ctl_run (fixture->dir, &flash, "--practice", "flash", SHARED, "new.bin", "--yes", NULL);
  g_assert_cmpint (flash.status, ==, 2);
  g_assert_cmpstr (flash.out, ==, "");
}

static void
test_case_21_wrong_drive (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *name, *what;
  } cases[] = {
    { "/dev/null", "“/dev/null” is a device, but not an optical drive." },
    { "/dev/none", "There is no “/dev/none”." },
    { "bu40n", "Did you mean practice:bu40n?" },
    { "practice:BU40N", "Did you mean practice:bu40n?" },
    { "practice:bu04n", "Did you mean practice:bu40n?" },
    { "practice:nothing", "The practice drives are " },
    { ".", "“.” is a folder, not a drive." },
    { "a.bin", "“a.bin” is a file, not a drive." },
    { "K9JF41A3139", "There is no drive “K9JF41A3139”." },
  };
  g_autofree char *path = ctl_path (fixture->dir, "a.bin");

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (fixture->dir, &ran, "info", cases[i].name, NULL);
      g_assert_cmpint (ran.status, ==, 2);
      assert_has (ran.err, cases[i].what);
    }
}

static void
test_case_21_swapped (Fixture *fixture, gconstpointer data)
{
  static const char *const verbs[] = { "flash", "plan", "verify" };
  g_auto (Ran) image = { 0 };

  ctl_run (fixture->dir, &image, "practice", "image", "px716", "1.03", "f.bin", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (fixture->dir, &ran, verbs[i], "f.bin", "practice:px716", NULL);
      g_assert_cmpint (ran.status, ==, 2);
      assert_has (ran.err, "The drive comes first, then the file.");
      assert_has (ran.err, "“practice:px716 f.bin”");
    }
}

/* The disks of this machine, whatever they are; a partition has a file that says so. */
static void
test_case_21_disks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) listing = g_dir_open ("/sys/class/block", 0, NULL);
  const char *name;
  guint n = 0;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *node = g_strconcat ("/dev/", name, NULL);
      g_autofree char *partition = g_strconcat ("/sys/class/block/", name, "/partition", NULL);
      g_auto (Ran) ran = { 0 };

      if (!g_file_test (node, G_FILE_TEST_EXISTS) || g_str_has_prefix (name, "sr"))
        continue;
      ctl_run (fixture->dir, &ran, "info", node, NULL);
      g_assert_cmpint (ran.status, ==, 2);
      assert_has (ran.err, g_file_test (partition, G_FILE_TEST_EXISTS)
                               ? "is a partition of a disk, not an optical drive."
                               : "is a disk or another block device, not an optical drive.");
      n++;
    }
  if (n == 0)
    g_test_skip ("there is no block device here");
}

/* Such names are given by people; to GIO they look like URIs. */
static void
test_case_13_colon (Fixture *fixture, gconstpointer data)
{
  static const char *const names[]
      = { "LG:BU40N.bin", "BW-16D1HT:3.10.bin", "file:1.03.bin", "http:x.bin" };
  g_autofree char *uri = g_strdup_printf ("file://%s/plain.bin", fixture->dir);
  g_auto (Ran) image = { 0 };
  g_auto (Ran) by_uri = { 0 };
  g_auto (Ran) gone = { 0 };

  ctl_run (fixture->dir, &image, "practice", "image", "bu40n", "1.03", "plain.bin", NULL);
  ctl_run (fixture->dir, &by_uri, "inspect", uri, NULL);
  g_assert_cmpint (by_uri.status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = ctl_path (fixture->dir, "plain.bin");
      g_autofree char *to = ctl_path (fixture->dir, names[i]);
      g_autofree char *data_of_image = NULL;
      g_auto (Ran) inspect = { 0 };
      g_auto (Ran) verify = { 0 };
      gsize length;

      g_assert_true (g_file_get_contents (from, &data_of_image, &length, NULL));
      g_assert_true (g_file_set_contents (to, data_of_image, (gssize) length, NULL));
      ctl_run (fixture->dir, &inspect, "inspect", names[i], NULL);
      g_assert_cmpint (inspect.status, ==, 0);
      g_assert_true (g_str_has_prefix (inspect.out, names[i]));
      ctl_run (fixture->dir, &verify, "verify", "practice:bu40n", names[i], NULL);
      g_assert_cmpint (verify.status, ==, 1);
    }
  ctl_run (fixture->dir, &gone, "inspect", "BW-16D1HT:gone.bin", NULL);
  g_assert_cmpint (gone.status, ==, 2);
  assert_has (gone.err, "“BW-16D1HT:gone.bin”");
  assert_has (gone.err, "No such file");
}

static void
test_case_21_misspelt_verb (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *typed, *said;
  } cases[] = {
    { "flahs", "Did you mean “flash”?" },
    { "Verify", "Did you mean “verify”?" },
    { "familes", "Did you mean “families”?" },
    { "burn", "“optiflashctl --help” shows the verbs." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (fixture->dir, &ran, cases[i].typed, "x", NULL);
      g_assert_cmpint (ran.status, ==, 2);
      assert_has (ran.err, cases[i].said);
    }
}

static void
test_help_is_a_verb (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) all = { 0 };
  g_auto (Ran) one = { 0 };

  ctl_run (fixture->dir, &all, "help", NULL);
  g_assert_cmpint (all.status, ==, 0);
  assert_has (all.out, "Verbs:");
  ctl_run (fixture->dir, &one, "help", "inspect", NULL);
  g_assert_cmpint (one.status, ==, 0);
  assert_has (one.out, "inspect FILE");
}

/* A12: what a verb does not take its help does not show, and what it takes it does. */
static void
test_a12_help_shows_what_is_taken (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *verb;
    const char *shown[8];
    const char *hidden[8];
  } cases[] = {
    { "report",
      { "--output", "--with-serial", "--family" },
      { "--set", "--image", "--in-process" } },
    { "backup", { "--set", "--backup-dir", "--in-process" }, { "--image", "--rewrite", "--yes" } },
    { "inspect", { "--extract", "--json" }, { "--finder", "--practice", "--verbose" } },
    { "families", { "--markdown" }, { "--finder", "--state-dir" } },
    { "flash",
      { "--set", "--accept-no-backup", "dialect=oem|redumper" },
      { "--output", "--steps" } },
    { "info", { "--set", "experimental=no|yes" }, { "--image", "--accept-warnings" } },
    { "practice", { "bu40n", "raw-dump", "REVISION has four" }, { "--finder", "--transport" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (fixture->dir, &ran, cases[i].verb, "--help", NULL);
      g_assert_cmpint (ran.status, ==, 0);
      for (guint k = 0; cases[i].shown[k] != NULL; k++)
        assert_has (ran.out, cases[i].shown[k]);
      for (guint k = 0; cases[i].hidden[k] != NULL; k++)
        assert_has_not (ran.out, cases[i].hidden[k]);
    }
}

static void
test_a12_unknown_option (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) misspelt = { 0 };
  g_auto (Ran) of_another = { 0 };
  g_auto (Ran) zero = { 0 };

  ctl_run (fixture->dir, &misspelt, "flash", "--rewrit", "x", "y", NULL);
  g_assert_cmpint (misspelt.status, ==, 2);
  assert_has (misspelt.err, "Did you mean --rewrite?");
  ctl_run (fixture->dir, &of_another, "backup", "--rewrite", "x", NULL);
  g_assert_cmpint (of_another.status, ==, 2);
  assert_has (of_another.err, "“backup” does not take it");
  ctl_run (fixture->dir, &zero, "flash", "--image=0", "practice:bu40n", "x", NULL);
  g_assert_cmpint (zero.status, ==, 2);
  assert_has (zero.err, "Images are counted from 1.");
}

static void
test_a12_families_by_name (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) known = { 0 };
  g_auto (Ran) family = { 0 };
  g_auto (Ran) unknown = { 0 };

  ctl_run (fixture->dir, &known, "families", "sohw-812s", NULL);
  g_assert_cmpint (known.status, ==, 0);
  assert_has (known.out, "LITE-ON DVDRW SOHW-812S\n");
  assert_has (known.out, "Write         no: ");
  assert_has_not (known.out, "MediaTek");
  ctl_run (fixture->dir, &family, "families", "mt1959", NULL);
  assert_has (family.out, "BW-16D1HT\n");
  ctl_run (fixture->dir, &unknown, "families", "Frobnicator", NULL);
  g_assert_cmpint (unknown.status, ==, 1);
  assert_has (unknown.err, "No drive of this name stands in the tables.");
}

/* Every variant that is listed makes a file that is not the good one. */
static void
test_a12_variants (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) list = { 0 };
  g_auto (GStrv) lines = NULL;

  ctl_run (fixture->dir, &list, "--json", "practice", "list", NULL);
  lines = g_strsplit (g_strstrip (list.out), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 20);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonObject *object;
      const char *id;
      g_auto (GStrv) variants = NULL;

      g_assert_true (json_parser_load_from_data (parser, lines[i], -1, NULL));
      object = json_node_get_object (json_parser_get_root (parser));
      id = json_object_get_string_member (object, "id");
      variants = g_strsplit (json_object_get_string_member (object, "variants"), " ", -1);
      g_assert_cmpuint (g_strv_length (variants), >=, 3);
      for (guint k = 0; variants[k] != NULL; k++)
        {
          g_auto (Ran) ran = { 0 };
          g_autofree char *name = g_strdup_printf ("%s-%s.bin", id, variants[k]);

          ctl_run (fixture->dir, &ran, "practice", "image", id, "TS01", name, variants[k], NULL);
          g_assert_cmpint (ran.status, ==, 0);
        }
      {
        g_auto (Ran) ran = { 0 };

        ctl_run (fixture->dir, &ran, "practice", "image", id, "TS01", "none.bin", "nonsense", NULL);
        g_assert_cmpint (ran.status, ==, 2);
      }
    }
}

/* A10: remedies in the words of a terminal; what was chosen is no longer asked for. */
static void
test_a10_remedies_are_options (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) off = { 0 };
  g_auto (Ran) on = { 0 };
  g_auto (Ran) json = { 0 };
  g_auto (Ran) image = { 0 };
  g_auto (Ran) refused = { 0 };

  ctl_run (fixture->dir, &off, "info", "practice:sohw812s", NULL);
  assert_has (off.out, "Say --set experimental=yes if you want to try it");
  assert_has (off.out, "say --family=standard, say --accept-warnings and say --accept-no-backup");
  assert_has_not (off.out, "⟦");
  ctl_run (fixture->dir, &on, "info", "practice:sohw812s", "--set", "experimental=yes", NULL);
  assert_has (on.out, "it is switched on, and only reads");
  assert_has_not (on.out, "switched off");
  ctl_run (fixture->dir, &json, "--json", "info", "practice:sohw812s", NULL);
  assert_has (json.out, "Say --set experimental=yes");
  assert_has_not (json.out, "⟦");

  ctl_run (fixture->dir, &image, "practice", "image", "sohw812s", "US0Q", "l.bin", NULL);
  ctl_run (fixture->dir, &refused, "plan", "practice:sohw812s", "l.bin", NULL);
  g_assert_cmpint (refused.status, ==, 3);
  g_assert_cmpstr (refused.err, ==, "optiflashctl: Refused by the checks above.\n");
}

/* What the hint of `info` says can be done as it stands there. */
static void
test_a10_hint_can_be_done (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) image = { 0 };
  g_auto (Ran) flash = { 0 };

  ctl_run (fixture->dir, &image, "practice", "image", "sohw812s", "US0Q", "l.bin", NULL);
  ctl_run (fixture->dir, &flash, "flash", "practice:sohw812s", "l.bin", "--family=standard",
           "--accept-warnings", "--accept-no-backup", "--yes", NULL);
  g_assert_cmpint (flash.status, ==, 0);
}

/* The advice of the sense table reaches the user, in a refused write as in a refused read. */
static void
test_sense_advice_is_said (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) image = { 0 };
  g_auto (Ran) flash = { 0 };
  g_auto (Ran) backup = { 0 };
  g_auto (Ran) unread = { 0 };

  ctl_run (fixture->dir, &image, "practice", "image", "bu40n", "1.03", "new.bin", NULL);
  g_setenv ("OFL_PRACTICE_FAULTS", "bu40n=refuse 3", TRUE);
  ctl_run (fixture->dir, &flash, "flash", "practice:bu40n", "new.bin", "--yes", NULL);
  g_setenv ("OFL_PRACTICE_FAULTS", "bu40n=fail any 100", TRUE);
  ctl_run (fixture->dir, &backup, "backup", "practice:bu40n", NULL);
  ctl_run (fixture->dir, &unread, "flash", "practice:bu40n", "new.bin", "--yes", NULL);
  g_unsetenv ("OFL_PRACTICE_FAULTS");
  assert_has (flash.out, "Check that the firmware file is whole and made for this very drive.");
  g_assert_cmpint (backup.status, ==, 1);
  assert_has (backup.out, "switch the drive off and on again");
  assert_has_not (backup.out, "--accept-no-backup"); /* which backup does not take */
  g_assert_cmpint (unread.status, ==, 3);
  assert_has (unread.out,
              "switch the drive off and on again. If you want to go on without a backup");
}

/* What a practice drive guesses, its owner is told. */
static void
test_assumptions_are_shown (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) text = { 0 };
  g_auto (Ran) json = { 0 };

  ctl_run (fixture->dir, &text, "info", "practice:bu40n", NULL);
  assert_has (text.out,
              "Assumed       The strings of the descriptor stand where one public source");
  ctl_run (fixture->dir, &json, "--json", "info", "practice:bu40n", NULL);
  assert_has (json.out, "\"assumed\":\"The strings of the descriptor");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/ctl-usage/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("case-04-shared-serial", test_case_04_shared_serial);
  ADD ("case-13-colon", test_case_13_colon);
  ADD ("case-21-disks", test_case_21_disks);
  ADD ("case-21-swapped", test_case_21_swapped);
  ADD ("case-21-wrong-drive", test_case_21_wrong_drive);
  ADD ("case-21-misspelt-verb", test_case_21_misspelt_verb);
  ADD ("help-is-a-verb", test_help_is_a_verb);
  ADD ("a10-hint-can-be-done", test_a10_hint_can_be_done);
  ADD ("a10-remedies-are-options", test_a10_remedies_are_options);
  ADD ("a12-families-by-name", test_a12_families_by_name);
  ADD ("a12-help-shows-what-is-taken", test_a12_help_shows_what_is_taken);
  ADD ("a12-unknown-option", test_a12_unknown_option);
  ADD ("a12-variants", test_a12_variants);
  ADD ("assumptions-are-shown", test_assumptions_are_shown);
  ADD ("sense-advice-is-said", test_sense_advice_is_said);
  return g_test_run ();
}
