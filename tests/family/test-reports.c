/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people have met with drives and other tools, as whole jobs: a drive whose dump is refused,
 * one that calls itself otherwise after a cross-flash, and a backup of another part than the one
 * that is written. */
#include <string.h>

#include "flash/ofl-work.h"
#include "workbench.h"

#define OP_NEC_READ 0xccu
#define PROBE_READS 16  /* at least as many as find out what a GMA-4082N is */
#define DUMP_LEN 0x1000 /* no other answer of these drives is as long */

/* Which of all commands of that opcode is the first that dumps. */
typedef struct {
  guint n;
  guint dump;
} Count;

static void
count_reads (const OflCommand *command, gpointer data)
{
  Count *count = data;

  if (command->cdb[0] != OP_NEC_READ)
    return;
  count->n++;
  if (count->dump == 0 && command->dir == OFL_DIR_IN && command->length >= DUMP_LEN)
    count->dump = count->n;
}

static guint
find_dump (const char *id, OflImage *image)
{
  g_autoptr (Workbench) bench = workbench_new (id);
  g_autoptr (OflResult) result = NULL;
  Count count = { 0 };

  ofl_practice_port_set_watch (bench->port, count_reads, &count);
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  g_assert_cmpuint (count.dump, >, 0);
  return count.dump;
}

/* case-06: a drive that is dumped in its safe mode refuses that, and is getting ready for a while
 * when it has left the mode. Whoever goes without a backup gets the drive written all the same. */
static void
test_dump_refused (gconstpointer data)
{
  const char *id = data;
  g_autoptr (Workbench) bench = workbench_new (id);
  g_autoptr (OflImage) image = workbench_image (bench, "9.99", NULL);
  g_autofree char *fault
      = g_strdup_printf ("refuse-op %02x %u", OP_NEC_READ, find_dump (id, image));
  g_autoptr (OflResult) refused = NULL, result = NULL;

  g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
  refused = workbench_run (bench, OFL_JOB_FLASH, image);
  g_test_message ("%s: %s", ofl_verdict_id (refused->verdict), refused->what);
  g_assert_false (ofl_verdict_is_success (refused->verdict));
  g_assert_null (refused->backup_path);
  ofl_practice_drive_clear_faults (bench->device);

  bench->options->accept_no_backup = TRUE;
  g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_test_message ("%s: %s", ofl_verdict_id (result->verdict), result->what);
  g_assert_null (result->backup_path);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
}

/* case-26: the new name is the sign that people look for, and the old one says which drive it was.
 */
static void
test_other_model (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", "other-model");
  g_autoptr (OflResult) result = NULL;
  g_autoptr (OflSnapshot) now = NULL;

  bench->options->accept_warnings = TRUE;
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  now = workbench_look (bench);
  g_assert_cmpstr (ofl_snapshot_identity (now)->product, ==, "BD-RE BU50N");
  g_assert_true (g_str_has_prefix (
      result->what, "HL-DT-ST BD-RE BU50N (was HL-DT-ST BD-RE BU40N) reports revision 1.03"));
}

/* With its own name a drive is named once. */
static void
test_same_model (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) result = workbench_run (bench, OFL_JOB_FLASH, image);

  g_assert_true (g_str_has_prefix (result->what, "HL-DT-ST BD-RE BU40N reports revision 1.03"));
}

/* Adversary, GMA-4082N: the burn takes longer than the last piece's command may, and is finished all
 * the same. Neither "verified" nor "needs recovery" is known. */
static void
test_late_end (void)
{
  g_autoptr (Workbench) bench = workbench_new ("gma4082n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) late = NULL;
  g_autoptr (OflResult) again = NULL;

  g_assert_true (ofl_practice_drive_add_fault (bench->device, "slow 16", NULL));
  bench->options->watch_limit_ms = 3600 * 1000;
  late = workbench_run (bench, OFL_JOB_FLASH, image);
  g_test_message ("%s: %s", ofl_verdict_id (late->verdict), late->what);
  g_assert_cmpstr (ofl_verdict_id (late->verdict), ==, "unknown");
  g_assert_true (g_str_has_prefix (late->meaning, "The last command was not answered"));
  ofl_practice_drive_clear_faults (bench->device);
  again = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (again->verdict), ==, "identical");
}

static GByteArray *
part_of (const OflImage *image)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  return g_byte_array_append (g_byte_array_new (), data, (guint) length);
}

/* Finding F2: only a backup of that very part is one of what is written. */
static void
test_covers (void)
{
  g_autoptr (Workbench) bench = workbench_new ("gma4082n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflImage) core = workbench_image (bench, "1.03", "core");
  OflTarget *target = ofl_drive_get_target (bench->drive);
  OflWork *work = ofl_work_new (OFL_JOB_FLASH, target, NULL, image, bench->options);

  work->family = ofl_families_find ("renesas");
  g_assert_nonnull (work->family);
  g_assert_false (ofl_work_backup_covers (work)); /* nothing was read */
  work->backup_parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_assert_false (ofl_work_backup_covers (work));
  g_ptr_array_add (work->backup_parts, part_of (core));
  g_assert_false (ofl_work_backup_covers (work));
  g_ptr_array_add (work->backup_parts, part_of (image));
  g_assert_true (ofl_work_backup_covers (work));
  ofl_work_free (work);
}

/* The same as a job: one bit flips in what the drive shows of MAIN, so that only CORE is found. The
 * second look finds both, and nothing is written on two answers; what is read but does not cover the
 * write is held by ofl_work_backup_covers(). */
static void
test_covers_job (void)
{
  guint unsure = 0;

  for (guint n = 1; n <= PROBE_READS; n++)
    {
      g_autoptr (Workbench) bench = workbench_new ("gma4082n");
      g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
      g_autofree char *fault = g_strdup_printf ("flip-once 3c %u", n);
      g_autoptr (OflResult) result = NULL;

      bench->options->accept_warnings = TRUE;
      g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
      result = workbench_run (bench, OFL_JOB_FLASH, image);
      g_test_message ("%u %s: %s", n, ofl_verdict_id (result->verdict), result->what);
      if (result->verdict == OFL_VERDICT_VERIFIED)
        {
          g_assert_true (g_str_has_suffix (result->backup_path, "MAIN.bin"));
          continue;
        }
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
      unsure += strstr (result->what, "it was there once only") != NULL;
    }
  g_assert_cmpuint (unsure, >, 0);
}

/* mt1959 2.7: a receiver that is ready at once after the last piece has refused the file: an older one
 * that may not be gone back to, or another board's. */
static void
test_refusing_receiver (void)
{
  static const struct {
    const char *variant, *revision;
  } rows[] = { { "no-de", "0.90" }, { "other-board-no-de", "1.03" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Workbench) bench = workbench_new ("bu40n");
      g_autoptr (OflImage) image = workbench_image (bench, rows[i].revision, rows[i].variant);
      g_autoptr (OflResult) result = NULL;

      bench->options->accept_warnings = TRUE;
      bench->options->choices = ofl_choices_new ();
      ofl_choices_set (bench->options->choices, "dialect", "redumper");
      result = workbench_run (bench, OFL_JOB_FLASH, image);
      g_assert_cmpint (result->verdict, ==, OFL_VERDICT_UNCHANGED);
      g_assert_nonnull (strstr (result->what, "refused the file and changed nothing"));
      g_assert_nonnull (strstr (result->meaning, "refused what it was sent"));
      g_assert_nonnull (strstr (result->meaning, "equals what it held before"));
    }
}

int
main (int argc, char **argv)
{
  static const char *const dumped[] = { "nd3550", "ad7170", "ad7200", "ad7240", "ad7280" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reports/refusing-receiver", test_refusing_receiver);
  for (guint i = 0; i < G_N_ELEMENTS (dumped); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reports/case-06b/%s", dumped[i]);

      g_test_add_data_func (path, dumped[i], test_dump_refused);
    }
  g_test_add_func ("/reports/late-end", test_late_end);
  g_test_add_func ("/reports/case-26/other-model", test_other_model);
  g_test_add_func ("/reports/case-26/same-model", test_same_model);
  g_test_add_func ("/reports/f2-covers/part", test_covers);
  g_test_add_func ("/reports/f2-covers/job", test_covers_job);
  return g_test_run ();
}
