/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: who is recognised, images, dumps. From nec 2.14 and 1. */
#include <string.h>

#include "families/nec/ofl-nec.h"
#include "flash/ofl-backup.h"
#include "kit/specimen.h"
#include "nec-bench.h"
#include "scsi/ofl-error.h"

static OflImage *
parse (const Variant *variant)
{
  g_autofree guint8 *data = bench_image (variant);

  return specimen_parse ("nec", data, variant->size);
}

static void
test_probe (gconstpointer data)
{
  const Variant *variant = data;
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  OflCaps caps = OFL_CAP_WRITE | OFL_CAP_RECOVER;

  if (!g_str_equal (variant->type, "2MOptiBD"))
    caps |= OFL_CAP_READ | OFL_CAP_VERIFY;
  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "nec");
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, OFL_NEC_FACT_ID), ==, variant->id);
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "flash type"), ==, variant->type);
  g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, caps);
  g_assert_cmpint (ofl_snapshot_get_state (drive), ==, OFL_DRIVE_STATE_NORMAL);
  g_assert_null (ofl_snapshot_get_reason (drive));
  for (guint i = 0; i < bench->trace->len; i++)
    g_assert_true (g_str_has_prefix (g_ptr_array_index (bench->trace, i), "CC00"));
}

/* In which order a drive is asked, and that it is not asked more than needed. */
static void
test_probe_commands (void)
{
  static const char *const expected[] = {
    "CC0000004500000020000000 I 20", "CC0000004800000020000000 I 20",
    "CC0000010800000020000000 I 20", "CC00000020F0000080000000 I 80",
    "CC0000030000000001000000 I 4",
  };
  static const char *const rid = "CC0000020F00000080000000 I 80";
  g_autoptr (Bench) bench = bench_new (bench_find ("G245"));
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);

  g_assert_nonnull (drive);
  g_assert_cmpuint (bench->trace->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < bench->trace->len; i++)
    g_assert_cmpstr (g_ptr_array_index (bench->trace, i), ==, i == 3 ? rid : expected[i]);
}

/* Only makers that have this chip are asked; others only when the user says so. */
static void
test_vendors (void)
{
  static const struct {
    const char *vendor, *product, *wanted;
    gboolean asked;
  } rows[] = {
    { "_NEC", "DVD_RW ND-3550A", NULL, TRUE },   { "Optiarc", "DVD RW AD-7200A", NULL, TRUE },
    { "ATAPI", "iHAS324   Y", NULL, TRUE },      { "ATAPI", "iHAS324   B", NULL, FALSE },
    { "ATAPI", "iHAS124   W", NULL, TRUE },      { "HP", "DVD Writer 1270r", NULL, TRUE },
    { "HP", "DVD Writer 1260r", NULL, FALSE },   { "PLDS", "DVD A  DH24AYS", NULL, TRUE },
    { "IMATION", "DVD+-RAM ELITE", NULL, TRUE }, { "PIONEER", "DVD-RW", NULL, FALSE },
    { "SONY", "DVD RW", NULL, FALSE },           { "SONY", "DVD RW", "nec", TRUE },
    { "SONY", "DVD RW AW-G170A", NULL, TRUE },   { "SONY", "DVD RW DRU-842A", NULL, TRUE },
    { "SONY", "DVD RW DW-D22A", NULL, FALSE },   { "HP", "DVD Writer 300n", NULL, TRUE },
    { "TDK", "DVDRW880N", NULL, TRUE },          { "TDK", "DVDRW1612DLB", NULL, FALSE },
    { "PLEXTOR", "DVDR   PX-800A", NULL, TRUE }, { "PLEXTOR", "DVDR   PX-716A", NULL, FALSE },
    { "ATAPI", "iHAS120   X", NULL, TRUE },      { "ATAPI", "iHAS120   6", NULL, FALSE },
    { "PLDS", "DVD+-RW DH-24AWS", NULL, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new (bench_find ("G245"));
      g_autoptr (OflSnapshot) drive = NULL;

      bench->vendor = rows[i].vendor;
      bench->product = rows[i].product;
      drive = bench_probe (bench, rows[i].wanted);
      g_assert_cmpint (g_strcmp0 (ofl_snapshot_get_family (drive), "nec") == 0, ==, rows[i].asked);
      /* what a family that was asked before makes of the maker's name counts no more */
      if (rows[i].asked)
        g_assert_null (ofl_snapshot_get_reason (drive));
      for (guint j = 0; !rows[i].asked && j < bench->trace->len; j++)
        g_assert_false (g_str_has_prefix (g_ptr_array_index (bench->trace, j), "CC"));
    }
}

/* Drives of which less is known, or that tell less. */
static void
test_probe_limits (void)
{
  static const struct {
    const char *id;
    guint32 address;
    OflCaps caps;
    gboolean reason;
  } rows[] = {
    { "M110", 0x5000, OFL_CAP_READ, TRUE },
    { "C64A", 0x7000, OFL_CAP_NONE, TRUE },
    { "B535", 0x7000, OFL_CAP_NONE, TRUE },
    { "G325", 0x10800, OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER, FALSE },
    { "G205", 0x10800, OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new (bench_find ("Q175"));
      g_autoptr (OflSnapshot) drive = NULL;
      g_autoptr (OflJudgement) judgement = NULL;

      memset (bench->memory + 0x4800, 0, 4);
      memcpy (bench->memory + rows[i].address, rows[i].id, 4);
      drive = bench_probe (bench, NULL);
      g_assert_cmpstr (ofl_snapshot_get_fact (drive, OFL_NEC_FACT_TYPE), ==, rows[i].id);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, rows[i].caps);
      g_assert_cmpint (ofl_snapshot_get_reason (drive) != NULL, ==, rows[i].reason);
      judgement = ofl_families_judge (drive, NULL, NULL);
      g_assert_cmpint (ofl_judgement_get_level (judgement) == OFL_LEVEL_RED, ==, rows[i].reason);
    }
}

/* No firmware to be read, no area to be read, nobody there. */
static void
test_probe_absent (void)
{
  g_autoptr (Bench) bench = bench_new (bench_find ("Q175"));
  g_autoptr (OflSnapshot) empty = NULL, deaf = NULL, none = NULL;
  g_autoptr (GError) error = NULL;

  bench->memory[0x30000] = 0xff;
  empty = bench_probe (bench, NULL);
  g_assert_cmphex (ofl_snapshot_get_caps (empty), ==,
                   OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER);
  g_assert_null (ofl_family_plan_read (nec_family (), empty, NULL, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  bench->deaf_rid = TRUE;
  deaf = bench_probe (bench, NULL);
  g_assert_cmpstr (ofl_snapshot_get_family (deaf), ==, "nec");
  g_assert_cmphex (ofl_snapshot_get_caps (deaf), ==, OFL_CAP_NONE);
  g_assert_nonnull (ofl_snapshot_get_reason (deaf));
  memcpy (bench->memory + 0x4800, "Q71A", 4); /* known by name only */
  none = bench_probe (bench, NULL);
  g_assert_null (ofl_snapshot_get_family (none));
}

/* nec 1.2: what a drive with another model's firmware really is. */
static void
test_rid (void)
{
  static const struct {
    const char *id, *vendor;
    char first, last, letter, at57;
    const char *real;
  } rows[] = {
    { "K355", "NEC", '3', '0', 'A', 0, "K355" },  { "K355", "NEC", '4', '1', 'A', 0, "K451" },
    { "K355", "PLDS", '4', '1', 'A', 0, "K355" }, { "K355", "HP", '4', '1', 'A', 0, "K355" },
    { "K355", "SONY", '3', '1', 'A', 0, "K356" }, { "K355", "Sony", '4', '0', 'A', 0, "K450" },
    { "K355", "NEC", '5', '0', 'A', 0, "K355" },  { "K315", "NEC", 'C', '1', 'A', 0, "K355" },
    { "L252", "NEC", '6', '1', 'A', 0, "L253" },  { "L253", "NEC", '6', '0', 'A', 0, "L253" },
    { "L252", "NEC", '7', '1', 'A', 0, "L351" },  { "D570", "NEC", '5', '0', 'A', 'L', "D57D" },
    { "D570", "NEC", '5', '0', 'A', 0, "D570" },  { "D570", "NEC", 'G', '3', 'A', 0, "D773" },
    { "G175", "NEC", '5', '3', 'A', 0, "Q178" },  { "G245", "NEC", 'G', '1', 'A', 0, "G246" },
    { "G245", "ATAPI", 0, 0, 'L', 0, "G246" },    { "G246", "ATAPI", 0, 0, 'S', 0, "G245" },
    { "G245", "ATAPI", 0, 0, 'X', 0, "G245" },    { "Q175", "ATAPI", 0, 0, 'L', 0, "Q175" },
    { "Q705", "NEC", '7', '0', 'H', 0, "G70A" },  { "Q705", "NEC", '7', '3', 'S', 0, "G708" },
    { "Q705", "NEC", '7', '3', 'A', 0, "Q705" },  { "G285", "NEC", '5', '0', 'S', 0, "G285" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflNecModel *found = ofl_nec_model_by_id (nec_family (), (const guint8 *) rows[i].id, 0);
      g_autoptr (OflNecModel) real = NULL;
      guint8 rid[0x80] = { 0 };

      memcpy (rid + 0x20, rows[i].vendor, strlen (rows[i].vendor));
      rid[0x43] = (guint8) rows[i].first;
      rid[0x46] = (guint8) rows[i].last;
      rid[0x47] = (guint8) rows[i].letter;
      rid[0x57] = (guint8) rows[i].at57;
      real = ofl_nec_model_by_rid (nec_family (), found, rid);
      g_assert_cmpstr (real->name, ==, rows[i].real);
    }
}

/* nec 1.4 */
static void
test_bootcode (void)
{
  static const struct {
    const char *vendor, *product, *revision;
    guint16 bootcode;
  } rows[] = {
    { "_NEC", "DVD_RW ND-3550A", "0.08", 0x3038 }, { "_NEC", "DVD_RW ND-3550A", "0.15", 0x3135 },
    { "_NEC", "DVD_RW ND-3550A", "1.08", 0xffff }, { "_NEC", "DVD_RW ND-3550A", "0L0Z", 0xffff },
    { "ATAPI", "iHAS124   Y", "0L0Z", 0x3038 },    { "ATAPI", "iHAS224   Y", "0L0Z", 0x3038 },
    { "ATAPI", "iHAS324   Y", "0L1Z", 0x3038 },    { "ATAPI", "iHAS424   Y", "0L1Z", 0x3038 },
    { "ATAPI", "iHAS324   Y", "0L0Z", 0xffff },    { "ATAPI", "DVD A  DH24AYL", "0P5Z", 0x3038 },
    { "ATAPI", "DVD A  DH24AYS", "0P5Z", 0x3038 }, { "PLDS", "DVD A  DH24AYS", "0100", 0x3038 },
    { "HP", "DVD Writer 1270r", "0L21", 0x3038 },  { "IMATION", "DVD+-RAM ELITE", "0M4Z", 0x3038 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Specimen specimen = { rows[i].vendor, rows[i].product, rows[i].revision, "", "" };
      OflIdentity identity;

      specimen_identity (&identity, &specimen);
      g_assert_cmphex (ofl_nec_bootcode (nec_family (), &identity), ==, rows[i].bootcode);
    }
}

/* Strict: an exact length and an ID that belongs to it. */
static void
test_parse_strict (void)
{
  const Variant *opti = bench_find ("Q175");
  g_autofree guint8 *data = bench_image (opti);
  g_autoptr (OflImage) without = specimen_parse ("nec", data, opti->size - 2);
  g_autoptr (OflImage) changed = NULL;

  g_assert_cmpstr (ofl_image_get_fact (without, OFL_NEC_FACT_TYPE), ==, "Q175");
  g_assert_null (ofl_image_get_fact (without, OFL_NEC_FACT_BOOTCODE));
  g_assert_null (specimen_parse ("nec", data, opti->size - 1));
  g_assert_null (specimen_parse ("nec", data, opti->size - 3));
  g_assert_null (specimen_parse ("nec", data, 0));
  memcpy (data + 0x1c0002, "G245", 4); /* an ID of another length */
  g_assert_null (specimen_parse ("nec", data, opti->size));
  memcpy (data + 0x1c0002, "Q135", 4); /* an alias */
  data[0x123456] ^= 1;
  changed = specimen_parse ("nec", data, opti->size);
  g_assert_cmpstr (ofl_image_get_fact (changed, OFL_NEC_FACT_TYPE), ==, "Q175");
  g_assert_cmpstr (ofl_image_get_fact (changed, OFL_NEC_FACT_ID), ==, "Q135");
  g_assert_true (ofl_image_is_changed (changed));
}

/* nec 3.4 */
static void
test_parse_inquiry (void)
{
  static const guint8 pattern[] = { 7, 0, 3, 0, 0x78, 0, 0x78, 0, 0x78, 0 };
  const Variant *variant = bench_find ("K352");
  g_autofree guint8 *data = bench_image (variant);
  g_autoptr (OflImage) image = NULL, behind = NULL;

  memcpy (data + 0x20000, pattern, sizeof pattern);
  memcpy (data + 0x20000 + 0x18a, "_NEC    DVD_RW ND-3520A 1.04made in a test      ", 48);
  image = specimen_parse ("nec", data, variant->size);
  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "_NEC");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "DVD_RW ND-3520A");
  g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "1.04");
  g_assert_cmpstr (ofl_image_get_fact (image, "extra"), ==, "made in a test");
  data[0x20000] = 0;
  memcpy (data + variant->size - 457, pattern, sizeof pattern);
  behind = specimen_parse ("nec", data, variant->size);
  g_assert_null (ofl_image_get_fact (behind, "product"));
}

static void
run_read (Bench *bench, const OflPlan *plan, OflRun *run)
{
  g_autoptr (FakeTransport) transport = bench_transport (bench);
  g_autoptr (OflProgress) progress = ofl_progress_new ();

  bench_clear_trace (bench);
  *run = (OflRun){ OFL_TRANSPORT (transport), progress, NULL, NULL, -1 };
  ofl_run_execute (run, plan);
}

/* A dump is byte for byte the image that can be written. */
static void
test_dump (gconstpointer data)
{
  const Variant *variant = data;
  g_autofree guint8 *bytes = bench_image (variant);
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) dump = NULL;
  g_auto (OflRun) run = { 0 };
  const GByteArray *read;
  guint64 compared;

  bench_load (bench, variant, bytes);
  drive = bench_probe (bench, NULL);
  plan = ofl_family_plan_read (nec_family (), drive, NULL, &error);
  if (g_str_equal (variant->type, "2MOptiBD"))
    {
      g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
      return;
    }
  g_assert_no_error (error);
  run_read (bench, plan, &run);
  g_assert_no_error (run.error);
  read = g_ptr_array_index (run.data.captures, 0);
  dump = g_bytes_new (read->data, read->len);
  g_assert_cmpmem (g_bytes_get_data (dump, NULL), g_bytes_get_size (dump), bytes, variant->size);
  g_assert_false (bench->safe);
  for (guint i = 0; i < bench->trace->len; i++)
    g_assert_false (g_str_has_prefix (g_ptr_array_index (bench->trace, i), "CB"));
  g_assert_cmpuint (specimen_compare (nec_family (), image, dump, &compared), ==, 0);
  g_assert_cmpuint (compared, ==, g_str_equal (variant->type, "640K") ? 0x9b000 : variant->payload);
}

static void
assert_dump_lines (const char *id, const OflChoices *choices, gboolean safe,
                   const char *const *first, const char *const *last)
{
  const Variant *variant = bench_find (id);
  g_autofree guint8 *bytes = bench_image (variant);
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_auto (OflRun) run = { 0 };

  bench_load (bench, variant, bytes);
  bench->safe = safe;
  drive = bench_probe (bench, NULL);
  plan = ofl_family_plan_read (nec_family (), drive, choices, NULL);
  run_read (bench, plan, &run);
  g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
  for (guint i = 0; first[i] != NULL; i++)
    g_assert_cmpstr (g_ptr_array_index (bench->trace, i), ==, first[i]);
  for (guint i = 0, n = g_strv_length ((char **) last); i < n; i++)
    g_assert_cmpstr (g_ptr_array_index (bench->trace, bench->trace->len - n + i), ==, last[i]);
}

/* nec 2.14: when safe mode is entered, and where the boot code is asked for. */
static void
test_dump_lines (void)
{
  static const char *const opti_first[]
      = { "CC0101005131373501000000 N 0", "CC00000300000010005244C6 I 1000", NULL };
  static const char *const safe_end[] = { "CC00001EF000001000"
                                          "5244C6 I 1000",
                                          "120000006000 I 60", "CC0100005131373501000000 N 0",
                                          "000000000000 N 0", NULL };
  static const char *const was_safe_end[] = { "CC00001EF000001000"
                                              "5244C6 I 1000",
                                              "120000006000 I 60", "CC0100005131373501000000 N 0",
                                              NULL };
  static const char *const plain_first[]
      = { "CC0000006000001000000000 I 1000", "CC0000007000001000000000 I 1000", NULL };
  static const char *const asked_end[] = { "CC0000"
                                           "0FF000"
                                           "001000"
                                           "000000 I 1000",
                                           NULL };
  static const char *const two_first[] = { "CC0000005000001000000000 I 1000", NULL };
  static const char *const two_end[] = { "CC1000"
                                         "25E000"
                                         "001000"
                                         "000000 I 1000",
                                         "CC1000"
                                         "25F000"
                                         "001000"
                                         "000000 I 1000",
                                         NULL };
  g_autoptr (OflChoices) no = ofl_choices_new ();

  ofl_choices_set (no, "dump-bootcode", "no");
  assert_dump_lines ("Q175", NULL, FALSE, opti_first, safe_end);
  assert_dump_lines ("Q175", NULL, TRUE, opti_first, was_safe_end);
  assert_dump_lines ("K352", no, FALSE, plain_first, asked_end);
  assert_dump_lines ("K110", NULL, FALSE, two_first, two_end);
}

/* A dump that fails half way still leaves safe mode; it does not when it never entered it. */
static void
test_dump_fails (void)
{
  const Variant *variant = bench_find ("G285");
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflPlan) plan = ofl_family_plan_read (nec_family (), drive, NULL, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_auto (OflRun) run = { 0 };

      bench->fail_at = i == 0 ? 100 : 0;
      run_read (bench, plan, &run);
      g_assert_cmpint (run.end, ==, OFL_RUN_FAILED);
      g_assert_cmpuint (bench->trace->len, ==, i == 0 ? 102 : 1);
      g_assert_false (bench->safe);
    }
}

static guint
count_lines (const Bench *bench, const char *prefix)
{
  guint n = 0;

  for (guint i = 0; i < bench->trace->len; i++)
    n += g_str_has_prefix (g_ptr_array_index (bench->trace, i), prefix);
  return n;
}

static GPtrArray *
read_twice (Bench *bench, const OflPlan *plan, GError **error)
{
  g_autoptr (FakeTransport) transport = bench_transport (bench);
  g_autoptr (OflProgress) progress = ofl_progress_new ();
  g_auto (OflRun) run = { OFL_TRANSPORT (transport), progress, NULL, NULL, -1 };

  bench_clear_trace (bench);
  return ofl_backup_read_twice (&run, plan, error);
}

/* Two readings of the whole firmware, one stay in safe mode, and the boot code is asked for behind both
 * (nec 2.14 row 5). */
static void
test_twice (gconstpointer data)
{
  const Variant *variant = data;
  gboolean noted = *variant->bootcode != '\0';
  g_autofree guint8 *bytes = bench_image (variant);
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GError) error = NULL;
  const GByteArray *read;
  gboolean asked = FALSE;

  bench_load (bench, variant, bytes);
  bench->busy = 3;
  drive = bench_probe (bench, NULL);
  plan = ofl_family_plan_read (nec_family (), drive, NULL, NULL);
  parts = read_twice (bench, plan, &error);
  g_assert_no_error (error);
  read = g_ptr_array_index (parts, 0);
  g_assert_cmpmem (read->data, read->len, bytes, variant->size);
  g_assert_cmpuint (count_lines (bench, "CC0101"), ==, noted);
  g_assert_cmpuint (count_lines (bench, "CC0100"), ==, noted);
  g_assert_cmpuint (count_lines (bench, "12"), ==, noted * 2);
  g_assert_cmpuint (count_lines (bench, "CC00") + count_lines (bench, "CC10"), ==,
                    (g_str_equal (variant->type, "640K") ? 0x9b : variant->payload / 0x1000) * 2);
  g_assert_false (bench->safe);
  for (guint i = 0; i < bench->trace->len; i++)
    {
      const char *line = g_ptr_array_index (bench->trace, i);

      asked = asked || g_str_has_prefix (line, "12");
      g_assert_false (asked && g_str_has_prefix (line, "CC00"));
    }
}

/* Wherever one of the two readings fails, safe mode is left, once; what was never entered is not. */
static void
test_twice_fails (void)
{
  static const guint reads = 0x1b0; /* of one reading */
  static const guint at[] = { 0, 1, reads, reads + 1, 2 * reads, 2 * reads + 1, 2 * reads + 2 };
  const Variant *variant = bench_find ("G285");
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflPlan) plan = ofl_family_plan_read (nec_family (), drive, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    {
      g_autoptr (GError) error = NULL;

      bench->fail_at = (int) at[i];
      g_assert_null (read_twice (bench, plan, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_REJECTED);
      g_assert_cmpuint (bench->trace->len, ==, at[i] == 0 ? 1 : at[i] + 2);
      g_assert_cmpuint (count_lines (bench, "CC0101"), ==, 1);
      g_assert_cmpuint (count_lines (bench, "CC0100"), ==, at[i] > 0);
      g_assert_false (bench->safe);
    }
}

static void
test_compare (void)
{
  const Variant *variant = bench_find ("K110");
  g_autofree guint8 *data = bench_image (variant);
  g_autoptr (OflImage) image = parse (variant);
  g_autoptr (GBytes) different = NULL, shorter = NULL;
  guint64 compared;

  data[0] ^= 1;
  data[0x7b000] ^= 1; /* the ID between the banks was not read from the drive */
  data[0x7b004] ^= 1;
  data[0x9b003] ^= 1;
  data[0x9b004] ^= 1;
  different = g_bytes_new (data, variant->size);
  g_assert_cmpuint (specimen_compare (nec_family (), image, different, &compared), ==, 3);
  g_assert_cmphex (compared, ==, 0x9b000);
  shorter = g_bytes_new (data, variant->size - 1);
  g_assert_cmpuint (specimen_compare (nec_family (), image, shorter, &compared), ==, 0);
  g_assert_cmpuint (compared, ==, 0);
}

static void
add (const char *name, void (*test) (gconstpointer), const Variant *variant)
{
  g_autofree char *path = g_strdup_printf ("/nec-drive/%s/%s", name, variant->id);

  g_test_add_data_func (path, variant, test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bench_variants); i++)
    {
      add ("probe", test_probe, &bench_variants[i]);
      add ("dump", test_dump, &bench_variants[i]);
      if (!g_str_equal (bench_variants[i].type, "2MOptiBD"))
        add ("twice", test_twice, &bench_variants[i]);
    }
  g_test_add_func ("/nec-drive/probe-commands", test_probe_commands);
  g_test_add_func ("/nec-drive/vendors", test_vendors);
  g_test_add_func ("/nec-drive/probe-limits", test_probe_limits);
  g_test_add_func ("/nec-drive/probe-absent", test_probe_absent);
  g_test_add_func ("/nec-drive/rid", test_rid);
  g_test_add_func ("/nec-drive/bootcode", test_bootcode);
  g_test_add_func ("/nec-drive/parse-strict", test_parse_strict);
  g_test_add_func ("/nec-drive/parse-inquiry", test_parse_inquiry);
  g_test_add_func ("/nec-drive/dump-lines", test_dump_lines);
  g_test_add_func ("/nec-drive/dump-fails", test_dump_fails);
  g_test_add_func ("/nec-drive/twice-fails", test_twice_fails);
  g_test_add_func ("/nec-drive/compare", test_compare);
  return g_test_run ();
}
