/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line's tape: shown, compared and played, as its user sees it; the tapes are recorded flashes
 * of practice drives. */
#include <string.h>

#include "kit/scratch.h"
#include "kit/tape-bench.h"
#include "run-ctl.h"

typedef struct {
  char *dir;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = scratch_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
}

static void
record (Fixture *f, const char *name, const char *id, const char *revision)
{
  g_autofree char *path = ctl_path (f->dir, name);

  tape_bench_record (id, revision, TRUE, path);
}

static void
write_by_hand (Fixture *f, const char *name, gboolean whole)
{
  g_autofree char *path = ctl_path (f->dir, name);

  tape_bench_write_by_hand (path, whole);
}

static JsonObject *
only_event (GPtrArray *events)
{
  g_assert_cmpuint (events->len, ==, 1);
  return g_ptr_array_index (events, 0);
}

static void
test_show (Fixture *f, gconstpointer data)
{
  g_auto (Ran) text = { 0 };
  g_auto (Ran) hashes = { 0 };

  write_by_hand (f, "a.tape", TRUE);
  write_by_hand (f, "hash.tape", FALSE);
  ctl_run (f->dir, &text, "tape", "show", "a.tape", NULL);
  g_assert_cmpint (text.status, ==, 0);
  assert_has (text.out, "HL-DT-ST BD-RE TEST 1.00\n");
  assert_has (text.out, "K9*********");
  assert_has_not (text.out, TAPE_SERIAL);
  assert_has (text.out, "The program was ended. 20");
  assert_has (text.out, "whole, with the owner's consent");
  assert_has (text.out, "out 200");
  assert_has (text.out, "WRITE BUFFER");
  assert_has (text.out, "Commands that neither a standard nor the table of a family names");
  assert_has (text.out, "df 11 01 00 00 00 00 00 .. 00 40 00  2");
  assert_has (text.out, "64–80");
  assert_has (text.out, "send the file to the program's authors");
  assert_has (text.out, "the maker's firmware, too");
  ctl_run (f->dir, &hashes, "tape", "show", "hash.tape", NULL);
  assert_has (hashes.out, "as hashes, but for short standard answers");
  assert_has (hashes.out, "masked on it wherever they were recognised. It holds no firmware.\n");
}

/* Of what the owner allowed one piece is a hash: it is not said to hold all. */
static void
test_show_not_all (Fixture *f, gconstpointer data)
{
  g_autofree char *path = ctl_path (f->dir, "a.tape");
  g_autofree char *text = NULL;
  g_auto (Ran) show = { 0 };
  g_auto (Ran) json = { 0 };
  g_autoptr (GPtrArray) tapes = NULL;
  char *from, *to;

  write_by_hand (f, "a.tape", TRUE);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  from = strstr (strstr (text, "\"cdb\":\"3b"), ",\"base64\":\"");
  to = strchr (strstr (from, ":\"") + 2, '"') + 1;
  memmove (from, to, strlen (to) + 1);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  ctl_run (f->dir, &show, "tape", "show", "a.tape", NULL);
  g_assert_cmpint (show.status, ==, 0);
  assert_has (show.out, "with the owner's consent whole, but not all of it");
  assert_has (show.out, "It holds data whole, though not all; the maker's firmware may be in it.");
  ctl_run (f->dir, &json, "--json", "tape", "show", "a.tape", NULL);
  tapes = ctl_events (json.out, "tape");
  g_assert_true (json_object_get_boolean_member (only_event (tapes), "whole"));
  g_assert_false (json_object_get_boolean_member (only_event (tapes), "all_data"));
}

static void
test_show_json (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) tapes = NULL;
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GPtrArray) unknown = NULL;
  JsonObject *shape;

  write_by_hand (f, "a.tape", TRUE);
  ctl_run (f->dir, &ran, "--json", "tape", "show", "a.tape", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  tapes = ctl_events (ran.out, "tape");
  groups = ctl_events (ran.out, "commands");
  unknown = ctl_events (ran.out, "unknown");
  g_assert_cmpstr (json_object_get_string_member (only_event (tapes), "end"), ==, "killed");
  g_assert_cmpint (json_object_get_int_member (only_event (tapes), "commands"), ==, 9);
  g_assert_true (json_object_get_boolean_member (only_event (tapes), "all_data"));
  g_assert_cmpuint (groups->len, ==, 7);
  g_assert_cmpuint (unknown->len, ==, 3);
  shape = g_ptr_array_index (unknown, 0);
  g_assert_cmpstr (json_object_get_string_member (shape, "cdb"), ==,
                   "df 11 01 00 00 00 00 00 .. 00 40 00");
  g_assert_cmpint (json_object_get_int_member (shape, "most"), ==, 80);
}

/* A tape without a last line says so wherever it is looked at. */
static void
test_broke_off (Fixture *f, gconstpointer data)
{
  g_autofree char *path = ctl_path (f->dir, "a.tape");
  g_autofree char *text = NULL;
  g_auto (Ran) show = { 0 };
  g_auto (Ran) replay = { 0 };
  g_auto (Ran) same = { 0 };
  g_auto (Ran) json = { 0 };
  g_autoptr (GPtrArray) found = NULL;

  write_by_hand (f, "a.tape", TRUE);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  strstr (text, "{\"end\"")[4] = '\0';
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  ctl_run (f->dir, &show, "tape", "show", "a.tape", NULL);
  g_assert_cmpint (show.status, ==, 0);
  assert_has (show.out, "The tape broke off");
  assert_has (show.out, "A piece of a line behind it was left out.");
  ctl_run (f->dir, &replay, "tape", "replay", "a.tape", NULL);
  assert_has (replay.out, "The tape broke off");
  write_by_hand (f, "b.tape", TRUE);
  ctl_run (f->dir, &same, "tape", "compare", "b.tape", "a.tape", NULL);
  g_assert_cmpint (same.status, ==, 0);
  assert_has (same.out, "The same conversation: 9 exchanges");
  assert_has (same.out, "B: The tape broke off");
  assert_has_not (same.out, "A: ");
  ctl_run (f->dir, &json, "--json", "tape", "compare", "b.tape", "a.tape", NULL);
  found = ctl_events (json.out, "comparison");
  g_assert_cmpstr (json_object_get_string_member (only_event (found), "a_end"), ==, "killed");
  g_assert_cmpstr (json_object_get_string_member (only_event (found), "b_end"), ==, "broke-off");
}

static void
test_compare (Fixture *f, gconstpointer data)
{
  g_auto (Ran) same = { 0 };
  g_auto (Ran) differs = { 0 };
  g_auto (Ran) json = { 0 };
  g_autoptr (GPtrArray) found = NULL;

  record (f, "a.tape", "standard", "1.03");
  record (f, "again.tape", "standard", "1.03");
  record (f, "b.tape", "standard", "1.04");
  ctl_run (f->dir, &same, "tape", "compare", "a.tape", "again.tape", NULL);
  g_assert_cmpint (same.status, ==, 0);
  assert_has (same.out, "The same conversation: ");
  ctl_run (f->dir, &differs, "tape", "compare", "a.tape", "b.tape", NULL);
  g_assert_cmpint (differs.status, ==, 1);
  assert_has (differs.out,
              "exchanges are the same, then the tapes differ. The same command was sent "
              "with other data.");
  assert_has (differs.out, "WRITE BUFFER");
  ctl_run (f->dir, &json, "--json", "tape", "compare", "a.tape", "b.tape", NULL);
  g_assert_cmpint (json.status, ==, 1);
  found = ctl_events (json.out, "comparison");
  g_assert_false (json_object_get_boolean_member (only_event (found), "same"));
  g_assert_cmpstr (json_object_get_string_member (only_event (found), "difference"), ==, "sent");
  g_assert_cmpint (json_object_get_int_member (only_event (found), "a"), >, 1);
}

static void
test_replay (Fixture *f, gconstpointer data)
{
  g_auto (Ran) own = { 0 };
  g_auto (Ran) like = { 0 };
  g_auto (Ran) other = { 0 };
  g_auto (Ran) json = { 0 };
  g_autoptr (GPtrArray) ends = NULL;
  g_autoptr (GPtrArray) differences = NULL;

  record (f, "a.tape", "standard", "1.03");
  ctl_run (f->dir, &own, "tape", "replay", "a.tape", NULL);
  g_assert_cmpint (own.status, ==, 0);
  assert_has (own.out, "Complete: all ");
  assert_has (own.out, "The program ended by itself.");
  ctl_run (f->dir, &like, "tape", "replay", "a.tape", "practice:standard", NULL);
  g_assert_cmpint (like.status, ==, 0);
  assert_has (like.out, "Complete: all ");
  ctl_run (f->dir, &other, "tape", "replay", "a.tape", "practice:bu40n", NULL);
  g_assert_cmpint (other.status, ==, 1);
  assert_has (other.out, "The same command brought other data.");
  assert_has (other.out, "Not complete: ");
  ctl_run (f->dir, &json, "--json", "tape", "replay", "a.tape", "practice:bu40n", NULL);
  g_assert_cmpint (json.status, ==, 1);
  ends = ctl_events (json.out, "replay");
  differences = ctl_events (json.out, "difference");
  g_assert_false (json_object_get_boolean_member (only_event (ends), "complete"));
  g_assert_cmpint (json_object_get_int_member (only_event (ends), "commands")
                       - json_object_get_int_member (only_event (ends), "answered"),
                   ==, differences->len);
}

static void
test_replay_masked (Fixture *f, gconstpointer data)
{
  g_auto (Ran) text = { 0 };
  g_auto (Ran) json = { 0 };
  g_autoptr (GPtrArray) ends = NULL;

  write_by_hand (f, "a.tape", TRUE);
  ctl_run (f->dir, &text, "tape", "replay", "a.tape", NULL);
  g_assert_cmpint (text.status, ==, 0);
  assert_has (text.out, "27 bytes were not compared, since a serial is masked there.\n");
  ctl_run (f->dir, &json, "--json", "tape", "replay", "a.tape", NULL);
  ends = ctl_events (json.out, "replay");
  g_assert_cmpint (json_object_get_int_member (only_event (ends), "not_compared"), ==, 27);
}

/* @text without its first line that has @part; what follows is numbered anew */
static char *
without_command (const char *text, const char *part)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *left = g_string_new (NULL);
  gboolean gone = FALSE;

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    if (!gone && strstr (lines[i], part) != NULL)
      gone = TRUE;
    else if (gone && g_str_has_prefix (lines[i], "{\"n\":"))
      g_string_append_printf (left, "{\"n\":%u%s\n", i - 1, strchr (lines[i], ','));
    else if (gone && g_str_has_prefix (lines[i], "{\"end\":"))
      g_string_append_printf (left, "{\"end\":\"ended\",\"commands\":%u%s\n", i - 2,
                              strrchr (lines[i], ','));
    else
      g_string_append_printf (left, "%s\n", lines[i]);
  g_assert_true (gone);
  return g_string_free (left, FALSE);
}

/* That it was just switched on a drive says once. That it is reset later is a difference. */
static void
test_replay_reset (Fixture *f, gconstpointer data)
{
  g_autofree char *path = ctl_path (f->dir, "a.tape");
  g_autofree char *text = NULL;
  g_autofree char *without = NULL;
  g_auto (Ran) ran = { 0 };

  record (f, "a.tape", "standard", "1.03");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  without = without_command (text, "\"sense\":{\"key\":6,");
  g_assert_true (g_file_set_contents (path, without, -1, NULL));
  ctl_run (f->dir, &ran, "tape", "replay", "a.tape", "practice:standard", NULL);
  assert_has (ran.out, "Not complete: 87 of 88 commands");
  assert_has (ran.out, "The same command was answered differently.");
  g_assert_cmpint (ran.status, ==, 1);
}

/* A tape of which a serial was masked in what was sent, as its sixth command */
static void
write_masked_out (Fixture *f, const char *name)
{
  g_autofree char *path = ctl_path (f->dir, name);
  g_autofree char *text = NULL;
  g_autoptr (GString) masked = NULL;

  tape_bench_write_by_hand (path, TRUE);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  masked = g_string_new (text);
  g_string_insert (masked,
                   strstr (strstr (masked->str, "\"cdb\":\"3b"), "\"data\":{") + 8 - masked->str,
                   "\"masked\":true,");
  g_assert_true (g_file_set_contents (path, masked->str, -1, NULL));
}

/* What was sent with a serial in it is not all there. */
static void
test_show_masked_out (Fixture *f, gconstpointer data)
{
  g_auto (Ran) show = { 0 };

  write_masked_out (f, "masked.tape");
  ctl_run (f->dir, &show, "tape", "show", "masked.tape", NULL);
  g_assert_cmpint (show.status, ==, 0);
  assert_has (show.out, "with the owner's consent whole, but not all of it");
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *args[4];
    int status;
    const char *said;
  } rows[] = {
    { { "replay", "hash.tape" }, 3, "what the drive answered to command 3" },
    { { "replay", "sent.tape" }, 3, "what was sent with command 1, WRITE BUFFER" },
    { { "replay", "masked.tape" }, 3, "in what was sent with command 6, WRITE BUFFER" },
    { { "replay", "masked.tape", "practice:standard" }, 3, "a serial is masked, and nothing" },
    { { "replay", "a.tape", "/dev/sr0" }, 2, "“/dev/sr0” is not a practice drive." },
    { { "replay", "a.tape", "practice:none" }, 1, "none" },
    { { "show", "bad.tape" }, 2, "Line 1 of the tape cannot be read: “version”" },
    { { "show", "none.tape" }, 2, "cannot be read" },
    { { "compare", "a.tape", "bad.tape" }, 2, "Line 1 of the tape" },
    { { "compare", "a.tape" }, 2, "tape is followed by one of" },
    { { "rewind", "a.tape" }, 2, "tape is followed by one of" },
  };
  static const char sent[]
      = "{\"format\":\"optiflash-tape\",\"version\":1,\"program\":\"\",\"began\":\"\","
        "\"data\":\"hash\",\"drive\":{\"vendor\":\"\",\"product\":\"\",\"revision\":\"\",\"link\":\"\","
        "\"serial\":\"\"}}\n"
        "{\"n\":1,\"at_ms\":0,\"took_us\":0,\"cdb\":\"3b 05 00 00 00 00 00 00 10 00\","
        "\"direction\":\"out\",\"length\":16,\"moved\":16,\"timeout_ms\":1,\"outcome\":\"ok\","
        "\"status\":0,\"host\":0,\"driver\":0,\"data\":{\"length\":16,\"sha256\":"
        "\"0000000000000000000000000000000000000000000000000000000000000000\"}}\n";

  write_by_hand (f, "a.tape", TRUE);
  write_by_hand (f, "hash.tape", FALSE);
  write_masked_out (f, "masked.tape");
  scratch_put (f->dir, "sent.tape", sent);
  scratch_put (f->dir, "bad.tape", "{\"format\":\"optiflash-tape\",\"version\":[]}\n");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Ran) ran = { 0 };

      g_test_message ("%s %s", rows[i].args[0], rows[i].args[1]);
      ctl_run (f->dir, &ran, "tape", rows[i].args[0], rows[i].args[1], rows[i].args[2], NULL);
      g_assert_cmpint (ran.status, ==, rows[i].status);
      assert_has (ran.err, rows[i].said);
    }
}

/* A practice drive by a tape's name: looked at, written with what was recorded, and with something else. */
static void
test_drive (Fixture *f, gconstpointer data)
{
  g_auto (Ran) info = { 0 }, json = { 0 }, same = { 0 }, other = { 0 };
  g_autoptr (GPtrArray) drives = NULL;

  record (f, "a.tape", "standard", "1.03");
  ctl_make_image (f->dir, "standard", "1.03", "same.bin", NULL);
  ctl_make_image (f->dir, "standard", "1.04", "other.bin", NULL);
  ctl_run (f->dir, &info, "info", "practice:tape:a.tape", NULL);
  g_assert_cmpint (info.status, ==, 0);
  assert_has (info.out, "OPTIFLSH PRACTICE STD\n");
  assert_has (info.out, "Practice drive");
  assert_has (info.out, "This drive is made from a tape");
  ctl_run (f->dir, &json, "--json", "info", "practice:tape:a.tape", NULL);
  drives = ctl_events (json.out, "drive");
  g_assert_cmpstr (json_object_get_string_member (only_event (drives), "id"), ==,
                   "practice:tape:a.tape");
  ctl_run (f->dir, &same, "flash", "practice:tape:a.tape", "same.bin", "--yes",
           "--accept-no-backup", NULL);
  g_assert_cmpint (same.status, ==, 0);
  assert_has (same.out, "Confirmed: the drive reports the new firmware");
  assert_has (same.out, "1.00 before, 1.03 now");
  ctl_run (f->dir, &other, "flash", "practice:tape:a.tape", "other.bin", "--yes",
           "--accept-no-backup", NULL);
  g_assert_cmpint (other.status, ==, 4);
  assert_has (other.out, "05/26/00");
}

/* Each is a sentence, and none is taken for the name of another practice drive. */
static void
test_no_drive (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *name;
    int status;
    const char *said;
  } rows[] = {
    { "practice:tape:none.tape", 2, "cannot be read" },
    { "practice:tape:", 2, "cannot be read" },
    { "practice:tape:.", 2, "cannot be read" },
    { "practice:tape:text.tape", 2, "not a tape" },
    { "practice:tape:bad.tape", 2, "Line 1 of the tape cannot be read: “version”" },
    { "practice:tape:hash.tape", 3, "what the drive answered to command 3" },
    { "practice:tape:masked.tape", 3, "a serial is masked" },
  };

  scratch_put (f->dir, "text.tape", "no tape\n");
  scratch_put (f->dir, "bad.tape", "{\"format\":\"optiflash-tape\",\"version\":[]}\n");
  write_by_hand (f, "hash.tape", FALSE);
  write_masked_out (f, "masked.tape");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (f->dir, &ran, "info", rows[i].name, NULL);
      ctl_assert_error (&ran, rows[i].status);
      assert_has (ran.err, rows[i].said);
      assert_has_not (ran.err, "Did you mean");
    }
}

#define ADD(path, func) g_test_add ("/ctl-tape/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("broke-off", test_broke_off);
  ADD ("compare", test_compare);
  ADD ("drive", test_drive);
  ADD ("no-drive", test_no_drive);
  ADD ("refusals", test_refusals);
  ADD ("replay", test_replay);
  ADD ("replay-masked", test_replay_masked);
  ADD ("replay-reset", test_replay_reset);
  ADD ("show", test_show);
  ADD ("show-json", test_show_json);
  ADD ("show-masked-out", test_show_masked_out);
  ADD ("show-not-all", test_show_not_all);
  return g_test_run ();
}
