/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "plan/ofl-plan.h"
#include "plan/ofl-verdict.h"

static OflPlan *
make_plan (guint n_chunks)
{
  OflPlan *plan = ofl_plan_new ("test");
  g_autofree guint8 *data = g_malloc0 (n_chunks * 0x4000);
  g_autoptr (GBytes) bytes = g_bytes_new (data, n_chunks * 0x4000);
  int image = ofl_plan_add_buffer (plan, "image", bytes);
  int capture = ofl_plan_add_capture (plan, "back", n_chunks * 0x4000);
  OflStep *step;

  step = ofl_plan_command (plan, OFL_STAGE_CHECK, "ready", ofl_command_test_unit_ready (),
                           OFL_EXPECT_OK_OR_NO_MEDIUM, 10);
  step->source = "here";
  for (guint i = 0; i < n_chunks; i++)
    ofl_plan_send (plan, OFL_STAGE_SEND, "send",
                   ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, i * 0x4000, 0x4000),
                   image, i * 0x4000, 5);
  ofl_plan_mark (plan, OFL_STAGE_PROGRAM, OFL_MARK_DANGER_BEGINS, "burn");
  ofl_plan_settle (plan, OFL_STAGE_PROGRAM, "rest", 700)->max_ms = 900;
  for (guint i = 0; i < n_chunks; i++)
    {
      step = ofl_plan_read (plan, OFL_STAGE_VERIFY, "read back",
                            ofl_command_read_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, i * 0x4000,
                                                     0x4000),
                            capture, i * 0x4000, 5);
      step->compare = OFL_COMPARE_RECORD;
      step->against.buffer = image;
      step->against.offset = i * 0x4000;
    }
  return plan;
}

static void
test_measure (void)
{
  g_autoptr (OflPlan) plan = make_plan (8);
  OflStagePlan stages[OFL_N_STAGES];

  ofl_plan_measure (plan, stages);
  g_assert_cmpuint (stages[OFL_STAGE_CHECK].steps, ==, 1);
  g_assert_cmpuint (stages[OFL_STAGE_CHECK].bytes, ==, 0);
  g_assert_cmpuint (stages[OFL_STAGE_SEND].bytes, ==, 8 * 0x4000);
  g_assert_cmpuint (stages[OFL_STAGE_SEND].usual_ms, ==, 40);
  g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].steps, ==, 2);
  g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].bytes, ==, 0);
  g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].usual_ms, ==, 700);
  g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].max_ms, ==, 900);
  g_assert_cmpuint (stages[OFL_STAGE_VERIFY].bytes, ==, 8 * 0x4000);
  g_assert_cmpuint (stages[OFL_STAGE_ERASE].steps, ==, 0);
}

static void
test_print (void)
{
  g_autoptr (OflPlan) plan = make_plan (8);
  g_autofree char *folded = ofl_plan_print (plan, FALSE);
  g_autofree char *whole = ofl_plan_print (plan, TRUE);
  g_auto (GStrv) lines = g_strsplit (whole, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, ofl_plan_get_n_steps (plan) + 1);
  g_assert_nonnull (strstr (folded, "the same 8 times in all, up to step 9"));
  g_assert_nonnull (strstr (folded, "POINT OF NO RETURN"));
  g_assert_nonnull (strstr (whole, "from image+1C000"));
  g_assert_nonnull (strstr (whole, "compare with image+4000"));
  g_assert_nonnull (strstr (whole, "[here]"));
  g_assert_cmpuint (strlen (folded), <, strlen (whole));
}

/* SHA-256, as GLib computes it */
static char *
digest_by_hand (const OflPlan *plan)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *text = ofl_plan_print (plan, TRUE);
  GBytes *bytes;

  g_checksum_update (sum, (const guchar *) text, -1);
  for (int i = 0; (bytes = ofl_plan_get_buffer (plan, i)) != NULL; i++)
    g_checksum_update (sum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  return g_strdup (g_checksum_get_string (sum));
}

static void
test_digest (void)
{
  g_autoptr (OflPlan) a = make_plan (8);
  g_autoptr (OflPlan) b = make_plan (8);
  g_autoptr (OflPlan) c = make_plan (7);
  g_autoptr (GBytes) more = g_bytes_new_static ("x", 1);
  g_autofree char *da = ofl_plan_digest (a);
  g_autofree char *db = ofl_plan_digest (b);
  g_autofree char *dc = ofl_plan_digest (c);
  g_autofree char *dd = NULL;
  g_autofree char *by_hand = digest_by_hand (a);

  g_assert_cmpstr (da, ==, by_hand);
  g_assert_cmpstr (da, ==, db);
  g_assert_cmpstr (da, !=, dc);
  /* bytes that no step names count too */
  ofl_plan_add_buffer (b, "more", more);
  dd = ofl_plan_digest (b);
  g_assert_cmpstr (da, !=, dd);
}

static void
test_pointers_stay (void)
{
  g_autoptr (OflPlan) plan = ofl_plan_new ("test");
  OflStep *first = ofl_plan_settle (plan, OFL_STAGE_SEND, "first", 1);

  for (guint i = 0; i < 1000; i++)
    ofl_plan_settle (plan, OFL_STAGE_SEND, "more", 1);
  g_assert_true (ofl_plan_get_step (plan, 0) == first);
  g_assert_null (ofl_plan_get_buffer (plan, 0));
  g_assert_null (ofl_plan_get_buffer (plan, -1));
}

static void
test_verdicts (void)
{
  static const struct {
    OflVerdict verdict;
    const char *id;
    gboolean success;
    int status;
  } rows[] = {
    { OFL_VERDICT_VERIFIED, "verified", TRUE, 0 },
    { OFL_VERDICT_CONFIRMED, "confirmed", TRUE, 0 },
    { OFL_VERDICT_IDENTICAL, "identical", TRUE, 0 },
    { OFL_VERDICT_DONE, "done", TRUE, 0 },
    { OFL_VERDICT_UNCHANGED, "unchanged", FALSE, 1 },
    { OFL_VERDICT_CANCELLED, "cancelled", FALSE, 1 },
    { OFL_VERDICT_FAILED_UNTOUCHED, "failed-untouched", FALSE, 1 },
    { OFL_VERDICT_DIFFERENT, "different", FALSE, 1 },
    { OFL_VERDICT_REFUSED, "refused", FALSE, 3 },
    { OFL_VERDICT_FAILED_RECOVERY, "failed-recovery", FALSE, 4 },
    { OFL_VERDICT_UNKNOWN, "unknown", FALSE, 5 },
    { OFL_VERDICT_NONE, "none", FALSE, 5 },
  };
  OflVerdict parsed;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpstr (ofl_verdict_id (rows[i].verdict), ==, rows[i].id);
      g_assert_cmpint (ofl_verdict_is_success (rows[i].verdict), ==, rows[i].success);
      g_assert_cmpint (ofl_verdict_exit_status (rows[i].verdict), ==, rows[i].status);
      g_assert_cmpuint (strlen (ofl_verdict_title (rows[i].verdict)), >, 0);
      g_assert_true (ofl_verdict_parse (rows[i].id, &parsed));
      g_assert_cmpint (parsed, ==, rows[i].verdict);
    }
  g_assert_cmpuint (G_N_ELEMENTS (rows), ==, OFL_N_VERDICTS);
  g_assert_false (ofl_verdict_parse ("Verified", &parsed));
}

static void
test_words (void)
{
  OflStage parsed;

  g_assert_false (ofl_stage_parse ("polish", &parsed));
  for (OflStage stage = 0; stage < OFL_N_STAGES; stage++)
    {
      g_assert_cmpuint (strlen (ofl_stage_id (stage)), >, 0);
      g_assert_cmpuint (strlen (ofl_stage_title (stage)), >, 0);
      for (OflStage other = 0; other < stage; other++)
        g_assert_cmpstr (ofl_stage_id (stage), !=, ofl_stage_id (other));
      g_assert_true (ofl_stage_parse (ofl_stage_id (stage), &parsed));
      g_assert_cmpint (parsed, ==, stage);
    }
}

/* What is said of a comparison is what was compared (finding F3). */
static void
test_comparison (void)
{
  static const guint8 want[16] = { 0 }, have[16] = { [3] = 1, [5] = 1 };
  g_auto (OflComparison) c = { 0 };
  g_autofree char *whole = NULL, *part = NULL, *unsettled = NULL, *all = NULL;

  g_assert_false (ofl_comparison_is_equal (&c));
  ofl_comparison_add (&c, TRUE, 0x100, want, want, sizeof want);
  g_assert_true (ofl_comparison_is_equal (&c));
  g_assert_true (ofl_comparison_is_whole (&c));
  whole = ofl_comparison_describe (&c, OFL_COMPARE_READ_BACK);
  g_assert_cmpstr (whole, ==, "16 bytes read back and compared, 0 differ.");
  ofl_comparison_leave_out (&c, 0, 0, "nothing");
  g_assert_true (ofl_comparison_is_whole (&c));
  ofl_comparison_leave_out (&c, 0x110, 0x10, "this drive's own");
  g_assert_false (ofl_comparison_is_whole (&c));
  part = ofl_comparison_describe (&c, OFL_COMPARE_READ);
  g_assert_cmpstr (part, ==,
                   "16 of 32 bytes read and compared, 0 differ. Not compared: 110h to "
                   "11Fh, 16 bytes: this drive's own.");
  ofl_comparison_add (&c, FALSE, 0x120, want, have, sizeof want);
  g_assert_cmpuint (c.settled.different, ==, 0);
  g_assert_cmpuint (c.unsettled.different, ==, 2);
  g_assert_false (ofl_comparison_is_equal (&c));
  unsettled = ofl_comparison_describe (&c, OFL_COMPARE_READ);
  g_assert_true (g_str_has_prefix (unsettled, "32 of 48 bytes read and compared, 2 differ, the "
                                              "first at 123h. All of them lie among 16 bytes"));
  ofl_comparison_add_missing (&c, 0x130, 2);
  all = ofl_comparison_describe (&c, OFL_COMPARE_READ);
  g_assert_true (g_str_has_prefix (all, "34 of 50 bytes read and compared, 4 differ, the first at "
                                        "123h. Not compared"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/measure", test_measure);
  g_test_add_func ("/plan/print", test_print);
  g_test_add_func ("/plan/digest", test_digest);
  g_test_add_func ("/plan/pointers-stay", test_pointers_stay);
  g_test_add_func ("/plan/verdicts", test_verdicts);
  g_test_add_func ("/plan/words", test_words);
  g_test_add_func ("/plan/comparison/f3", test_comparison);
  return g_test_run ();
}
