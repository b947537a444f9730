/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc, writing: for each of the eleven variants every command that a simulated drive
 * gets, against what nec 11 has from the original program; what is sent when any of them
 * fails; gates; reading back. */
#include <string.h>

#include "families/nec/ofl-nec.h"
#include "flash/ofl-executor.h"
#include "kit/specimen.h"
#include "nec-bench.h"
#include "scsi/ofl-error.h"

static OflImage *
parse (const Variant *variant)
{
  g_autofree guint8 *data = bench_image (variant);
  OflImage *image = specimen_parse ("nec", data, variant->size);

  g_assert_nonnull (image);
  return image;
}

static OflPlan *
plan_write (const OflSnapshot *drive, const OflImage *image)
{
  const OflFamily *family = ofl_families_find ("nec");
  g_autoptr (GError) error = NULL;
  OflPlan *plan = specimen_plan_write (family, drive, image, NULL, &error);

  g_assert_no_error (error);
  return plan;
}

static OflProgress *
run_plan (Bench *bench, const OflPlan *plan, OflRun *run)
{
  g_autoptr (FakeTransport) transport = bench_transport (bench);
  OflProgress *progress = ofl_progress_new ();

  bench_clear_trace (bench);
  *run = (OflRun){ OFL_TRANSPORT (transport), progress, NULL, NULL, -1 };
  ofl_run_execute (run, plan);
  run->transport = NULL;
  return progress;
}

static const char *
line (const Bench *bench, guint index)
{
  g_assert_cmpuint (index, <, bench->trace->len);
  return g_ptr_array_index (bench->trace, index);
}

static gboolean
is_write (const char *text)
{
  return g_str_has_prefix (text, "CB");
}

/* From the last entering of safe mode before the first write, to the last leaving of it before
 * the drive is asked whether it is ready. */
static void
find_flash (const Bench *bench, guint *first, guint *end)
{
  guint i = 0;

  *first = G_MAXUINT;
  for (; !is_write (line (bench, i)); i++)
    if (g_str_has_prefix (line (bench, i), "CC010100"))
      *first = i;
  while (i < bench->trace->len && !g_str_has_prefix (line (bench, i), "00"))
    i++;
  *end = i;
  g_assert_cmpuint (*first, <, *end);
}

static char *
trace_sha (const Bench *bench, guint first, guint end)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = first; i < end; i++)
    {
      g_checksum_update (sum, (const guchar *) line (bench, i), -1);
      g_checksum_update (sum, (const guchar *) "\n", 1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static guint
count_lines (const Bench *bench, guint first, guint end, const char *cdb)
{
  guint n = 0;

  for (guint i = first; i < end; i++)
    n += g_str_has_prefix (line (bench, i), cdb) ? 1 : 0;
  return n;
}

/* The images are those that the original was given. */
static void
test_image_sha (gconstpointer data)
{
  const Variant *variant = data;
  g_autoptr (OflImage) image = parse (variant);

  g_assert_true (g_str_has_prefix (ofl_image_get_hashes (image)->sha256, variant->image_sha));
  g_assert_cmpstr (ofl_image_get_fact (image, "flash type"), ==, variant->type);
  g_assert_false (ofl_image_is_changed (image));
}

static void
assert_checks (const Bench *bench, const Variant *variant, guint first, guint end)
{
  guint at = first;

  for (guint i = 0; i < G_N_ELEMENTS (variant->checks) && variant->checks[i] != NULL; i++)
    {
      while (at < end && !g_str_has_prefix (line (bench, at), variant->checks[i]))
        at++;
      g_assert_cmpuint (at, <, end);
    }
}

/* The whole job of the plan on a drive, and the commands between entering safe mode and leaving
 * it: byte for byte those of the original. */
static void
test_trace (gconstpointer data)
{
  const Variant *variant = data;
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autofree guint8 *bytes = bench_image (variant);
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  g_autoptr (OflProgress) progress = NULL;
  gboolean bd = g_str_equal (variant->type, "2MOptiBD");
  g_auto (OflRun) run = { 0 };
  g_autofree char *sha = NULL;
  guint first, end;

  bench->busy = 3;
  progress = run_plan (bench, plan, &run);
  g_assert_no_error (run.error);
  g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
  find_flash (bench, &first, &end);
  g_assert_cmpuint (end - first, ==, variant->flash_commands);
  assert_checks (bench, variant, first, end);
  sha = trace_sha (bench, first, end);
  g_assert_cmpstr (sha, ==, variant->trace_sha);
  g_assert_false (bench->safe);
  g_assert_false (run.danger);
  if (bd)
    g_assert_cmpuint (run.comparison.settled.compared, ==, 0);
  else
    g_assert_cmpuint (run.comparison.settled.compared, ==,
                      g_str_equal (variant->type, "640K") ? 0x9b000 : variant->payload);
  g_assert_cmpuint (run.comparison.settled.different, ==, 0);
  g_assert_cmpmem (bench->memory + variant->base, bd ? 0x1000 : 0x7b000, bytes,
                   bd ? 0x1000 : 0x7b000);
}

/* Single commands, from nec 2.3 to 2.12 and 11, by their place in the flash sequence. */
static void
test_samples (void)
{
  static const struct {
    const char *id;
    guint index;
    const char *line;
  } rows[] = {
    { "K110", 0, "CC0101004B31313001000000 N 0" },
    { "K110", 1, "CB0100005000000001000000 O 1000 6463" },
    { "K110", 4, "CB0100008000000008000000 O 8000" },
    { "K110", 5, "CB0100010000000008000000 O 8000" },
    { "K110", 18, "CB0100078000000008000000 O 8000" },
    { "K110", 20, "CB0400000000002000000000 N 0" },
    { "K110", 23, "CB0400000000000001000000 N 0" },
    { "K110", 41, "CB0200000000000080000000 N 0" },
    { "K110", 42, "CC0100004B31313001000000 N 0" },
    { "K110", 43, "CC1101004B31313001000000 N 0" },
    { "K110", 44, "CB1100240000000002000000 O 2000" },
    { "K110", 50, "CB1100258000000008000000 O 8000" },
    { "K110", 52, "CB1800000000000000000000 N 0" },
    { "K110", 53, "CB1200000000000100000000 N 0" },
    { "K110", 59, "CB1200000000004000000000 N 0" },
    { "K110", 60, "CC1100004B31313001000000 N 0" },
    { "L210", 1, "CB0100008000000008000000 O 8000" },
    { "L210", 25, "CB0400000000000100000000 N 0" },
    { "L210", 48, "CB0200000000080000000000 N 0" },
    { "K352", 31, "CB01000F6000000008000000 O 8000" },
    { "K352", 32, "CB01000FE000000002000000 O 2000" },
    { "K352", 34, "CB0400000000000004000000 N 0" },
    { "K352", 67, "CB0200000000040000000000 N 0" },
    { "K355", 60, "CB01001E8000000008000000 O 8000" },
    { "K355", 62, "CB0400000000000010000000 N 0" },
    { "K355", 92, "CB0400000400000000000000 N 0" },
    { "K355", 122, "CB0200000200000000000000 N 0" },
    { "Q175", 1, "CB0100030000000008000000 O 8020 973A" },
    { "Q175", 58, "CB0400000000000008000000 N 0" },
    { "Q175", 113, "CB0200000040000000000000 N 0" },
    { "G205", 1, "CB0100030000000008000000 O 8000 973A" },
    { "G205", 58, "CB0400000000000003000000 N 0" },
    { "G205", 86, "CB040000000000001F000000 N 0" },
    { "G205", 114, "CB020000000000001E000000 N 0" },
    { "G245", 1, "CB0100030000008000000000 O 8000 973A" },
    { "G245", 56, "CB0400030000010000000000 N 0" },
    { "G245", 83, "CB04001E0000010000000000 N 0" },
    { "G245", 110, "CB02001D0000010000000000 N 0" },
    { "G285", 2, "CB1400030000010000000000 N 0" },
    { "G285", 28, "CB14001D0000010000000000 N 0" },
    { "G285", 29, "CB110003000000800000973A O 8000 973A" },
    { "G285", 30, "CB1100038000008000000E9C O 8000 0E9C" },
    { "G285", 31, "CB1200030000010000000000 N 0" },
    { "G285", 108, "CB11001D800000800000E19C O 8000 E19C" },
    { "G285", 109, "CB12001D0000010000000000 N 0" },
    { "C505", 1, "CB0100000000008000000000 O 8000" },
    { "C505", 59, "CB01001D0000000200000000 O 200 448F" },
    { "C505", 61, "CB0400000000000008000000 N 0" },
    { "C505", 118, "CB0200000080000000000000 N 0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Variant *variant = bench_find (rows[i].id);
      g_autoptr (Bench) bench = bench_new (variant);
      g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
      g_autoptr (OflImage) image = parse (variant);
      g_autoptr (OflPlan) plan = plan_write (drive, image);
      g_autoptr (OflProgress) progress = NULL;
      g_auto (OflRun) run = { 0 };
      guint first, end;

      progress = run_plan (bench, plan, &run);
      find_flash (bench, &first, &end);
      g_assert_cmpuint (first + rows[i].index, <, end);
      if (!g_str_has_prefix (line (bench, first + rows[i].index), rows[i].line))
        g_error ("%s %u: %s, expected %s", rows[i].id, rows[i].index,
                 line (bench, first + rows[i].index), rows[i].line);
    }
}

static void
assert_step (const OflStep *step)
{
  g_assert_nonnull (step->source);
  if (step->kind != OFL_STEP_COMMAND)
    return;
  g_assert_cmpuint (step->command.length, <=, 0x10000);
  if (step->command.cdb[0] >= 0xcb)
    {
      g_assert_cmpuint (step->command.cdb_len, ==, 12);
      g_assert_cmpuint (step->command.timeout_ms, ==, 300000);
    }
}

/* The point of no return is right before the first command that erases, and nowhere else; the
 * last mark ends the plan; stages never run back. */
static void
test_marks (gconstpointer data)
{
  const Variant *variant = data;
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  guint n = ofl_plan_get_n_steps (plan), marks = 0, erases = 0;
  OflStage stage = OFL_STAGE_CHECK;

  for (guint i = 0; i < n; i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);
      gboolean erase = step->kind == OFL_STEP_COMMAND && step->command.cdb[0] == 0xcb
                       && ((step->command.cdb[1] & 0xf) == 4 || (step->command.cdb[1] & 0xf) == 8);

      g_assert_cmpint (step->stage, >=, stage);
      stage = step->stage;
      if (step->kind == OFL_STEP_MARK)
        {
          g_assert_cmpint (step->mark, ==,
                           marks == 0 ? OFL_MARK_DANGER_BEGINS : OFL_MARK_SAFE_AGAIN);
          g_assert_true (marks == 0 || i == n - 1);
          marks++;
          continue;
        }
      assert_step (step);
      if (erase && erases++ == 0)
        g_assert_cmpint (ofl_plan_get_step (plan, i - 1)->kind, ==, OFL_STEP_MARK);
    }
  g_assert_cmpuint (marks, ==, 2);
}

/* How the rest of a failed run must look: nec 2.13. */
static void
assert_after_failure (const Bench *bench, const Variant *variant, guint failed)
{
  g_autofree char *id = specimen_hex ((const guint8 *) variant->id, 4);
  g_autofree char *upper = g_ascii_strup (id, -1);
  g_autofree char *on = g_strdup_printf ("0100%s01000000 N 0", upper);
  g_autofree char *off = g_strdup_printf ("0000%s01000000 N 0", upper);
  const char *what = line (bench, failed);
  guint after = bench->trace->len - failed - 1;
  gboolean inside = FALSE; /* safe mode, before this command */

  for (guint i = 0; i < failed; i++)
    if (g_str_has_suffix (line (bench, i), on) || g_str_has_suffix (line (bench, i), off))
      inside = g_str_has_suffix (line (bench, i), on);
  if (g_str_has_suffix (what, off) || (g_str_has_suffix (what, on) && !inside))
    {
      g_assert_cmpuint (after, ==, 0);
      return;
    }
  g_assert_cmpuint (after, ==, 1);
  g_assert_true (g_str_has_suffix (line (bench, failed + 1), off));
}

/* Each command of the flash sequence is made to fail in turn. */
static void
test_failures (gconstpointer data)
{
  const Variant *variant = data;
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  gboolean bd = g_str_equal (variant->type, "2MOptiBD");
  guint first, end, erase;

  {
    g_auto (OflRun) run = { 0 };
    G_GNUC_UNUSED g_autoptr (OflProgress) progress = run_plan (bench, plan, &run);

    find_flash (bench, &first, &end);
  }
  for (erase = first; !g_str_has_prefix (line (bench, erase), "CB04")
                      && !g_str_has_prefix (line (bench, erase), "CB14");)
    erase++;
  for (guint i = first; i < end; i++)
    {
      g_autoptr (Bench) other = bench_new (variant);
      g_auto (OflRun) run = { 0 };
      g_autoptr (OflProgress) progress = NULL;

      other->fail_at = (int) i;
      progress = run_plan (other, plan, &run);
      if (bd && i == end - 2)
        {
          g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
          continue;
        }
      g_assert_cmpint (run.end, ==, OFL_RUN_FAILED);
      g_assert_cmpint (run.danger, ==, i >= erase);
      assert_after_failure (other, variant, i);
    }
}

/* What stands before the flash sequence, written out. */
static void
test_gates (void)
{
  static const char *const expected[] = {
    "000000000000 N 0",              /* whatever is pending */
    "000000000000 N 0",              /* no disc */
    "CC0000004800000020000000 I 20", /* the ID */
    "CC0101005131373501000000 N 0",  /* into safe mode */
    "120000006000 I 60",             /* the boot code's version */
    "CC0101005131373501000000 N 0",  /* the sequence begins, in it already */
  };
  const Variant *variant = bench_find ("Q175");
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  g_auto (OflRun) run = { 0 };
  G_GNUC_UNUSED g_autoptr (OflProgress) progress = run_plan (bench, plan, &run);

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (line (bench, i), ==, expected[i]);
  g_assert_cmpint (ofl_plan_get_step (plan, 1)->expect, ==, OFL_EXPECT_NO_MEDIUM);
  g_assert_cmpint (ofl_plan_get_step (plan, 2)->compare, ==, OFL_COMPARE_GATE);
}

/* What must stop a plan before the first write; @leaves: it went out of safe mode again. */
static void
stop (Bench *bench, const OflPlan *plan, guint lines, int code)
{
  g_auto (OflRun) run = { 0 };
  G_GNUC_UNUSED g_autoptr (OflProgress) progress = run_plan (bench, plan, &run);

  g_assert_cmpint (run.end, ==, OFL_RUN_FAILED);
  g_assert_error (run.error, OFL_ERROR, code);
  g_assert_cmpuint (bench->trace->len, ==, lines);
  g_assert_cmpuint (count_lines (bench, 0, lines, "CB"), ==, 0);
  g_assert_false (bench->safe);
  g_assert_false (run.danger);
}

static void
test_gates_stop (void)
{
  const Variant *variant = bench_find ("K355");
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflPlan) plan = plan_write (drive, image);

  bench->disc = TRUE;
  stop (bench, plan, 2, OFL_ERROR_NOT_READY);
  bench->disc = FALSE;
  bench->memory[0x4803] = '6';
  stop (bench, plan, 3, OFL_ERROR_MISMATCH);
  bench->memory[0x4803] = '5';
  /* the drive is really the twin: it took the twin's ID, and is let go with it */
  bench->safe_id = "D355";
  stop (bench, plan, 6, OFL_ERROR_MISMATCH);
  g_assert_cmpstr (line (bench, 3), ==, "CC0101004433353501000000 N 0");
  g_assert_cmpstr (line (bench, 4), ==, "120000006000 I 60");
  g_assert_cmpstr (line (bench, 5), ==, "CC0100004433353501000000 N 0");
  bench->safe_id = "K355";
  /* another boot code, and one that is not told */
  bench->safe_revision = "0.07";
  stop (bench, plan, 8, OFL_ERROR_MISMATCH);
  bench->safe_revision = "0X08";
  stop (bench, plan, 8, OFL_ERROR_MISMATCH);
  /* neither of the two IDs is taken */
  bench->safe_id = "Q175";
  stop (bench, plan, 6, OFL_ERROR_REJECTED);
  g_assert_cmpstr (line (bench, 5), ==, "CC0101004B33353501000000 N 0");
}

/* An image of the twin's type: the drive takes its ID, or refuses and stays as it was. */
static void
test_twin_image (void)
{
  const Variant *variant = bench_find ("K355");
  g_autofree guint8 *data = bench_image (variant);
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflImage) image = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_auto (OflRun) run = { 0 };
  g_autoptr (OflProgress) progress = NULL;
  guint first, end;

  memcpy (data + 0x1e0002, "D315", 4);
  image = specimen_parse ("nec", data, variant->size);
  plan = plan_write (drive, image);
  stop (bench, plan, 4, OFL_ERROR_REJECTED);
  bench->safe_id = "D355";
  progress = run_plan (bench, plan, &run);
  g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
  find_flash (bench, &first, &end);
  g_assert_cmpstr (line (bench, first), ==, "CC0101004433353501000000 N 0");
  g_assert_cmpuint (end - first, ==, 124);
}

/* A drive in safe mode: no gate against discs, no going in and out for the boot code. */
static void
test_recovery (void)
{
  const Variant *variant = bench_find ("G285");
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (OflSnapshot) drive = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_auto (OflRun) run = { 0 };
  g_autoptr (OflProgress) progress = NULL;
  g_autofree char *sha = NULL;
  guint first, end;

  bench->safe = TRUE;
  memset (bench->memory + 0x30000, 0xff, 0x1b0000);
  drive = bench_probe (bench, NULL);
  g_assert_cmpint (ofl_snapshot_get_state (drive), ==, OFL_DRIVE_STATE_BOOT);
  g_assert_cmphex (ofl_snapshot_get_caps (drive), ==,
                   OFL_CAP_WRITE | OFL_CAP_RECOVER | OFL_CAP_VERIFY);
  plan = plan_write (drive, image);
  progress = run_plan (bench, plan, &run);
  g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
  g_assert_cmpstr (line (bench, 0), ==, "CC0000010800000020000000 I 20");
  g_assert_cmpstr (line (bench, 1), ==, "120000006000 I 60");
  find_flash (bench, &first, &end);
  g_assert_cmpuint (first, ==, 2);
  sha = trace_sha (bench, first, end);
  g_assert_cmpstr (sha, ==, variant->trace_sha);
  g_assert_cmpuint (run.comparison.settled.compared, ==, 0x1b0000);
  g_assert_cmpuint (run.comparison.settled.different, ==, 0);
  g_assert_false (bench->safe);
}

/* A drive that keeps its old firmware is seen to; one whose firmware begins otherwise is not asked
 * with the wrong byte. */
static void
test_verify_finds (void)
{
  const Variant *variant = bench_find ("G205");
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflPlan) plan = plan_write (drive, image);

  for (guint i = 0; i < 2; i++)
    {
      g_auto (OflRun) run = { 0 };
      g_autoptr (OflProgress) progress = NULL;

      /* writes go to where they do not come back from */
      bench->payload_at = BENCH_MEMORY;
      bench->memory[0x30000] = i == 0 ? 0xc6 : 0xc5;
      bench->dump_id_at = 0x30000;
      progress = run_plan (bench, plan, &run);
      g_assert_true (run.danger);
      if (i == 0)
        {
          g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
          g_assert_cmpuint (run.comparison.settled.compared, ==, 0x1c0000);
          g_assert_cmpuint (run.comparison.settled.different, >, 0x1b0000);
        }
      else
        {
          g_assert_error (run.error, OFL_ERROR, OFL_ERROR_MISMATCH);
          g_assert_cmpstr (line (bench, bench->trace->len - 1), ==, "CC0000030000000001000000 I 4");
        }
      g_assert_false (bench->safe);
    }
}

static void
add (const char *name, void (*test) (gconstpointer), const Variant *variant)
{
  g_autofree char *path = g_strdup_printf ("/nec/%s/%s", name, variant->id);

  g_test_add_data_func (path, variant, test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bench_variants); i++)
    {
      add ("image", test_image_sha, &bench_variants[i]);
      add ("trace", test_trace, &bench_variants[i]);
      add ("marks", test_marks, &bench_variants[i]);
      add ("failures", test_failures, &bench_variants[i]);
    }
  g_test_add_func ("/nec/samples", test_samples);
  g_test_add_func ("/nec/gates", test_gates);
  g_test_add_func ("/nec/gates-stop", test_gates_stop);
  g_test_add_func ("/nec/twin-image", test_twin_image);
  g_test_add_func ("/nec/recovery", test_recovery);
  g_test_add_func ("/nec/verify-finds", test_verify_finds);
  return g_test_run ();
}
