/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each byte of the CDBs of a write, changed once on its way to the drive: either the drive or the
 * verify notices, or the flash holds the image all the same. A success that is none fails. */
#include <string.h>

#include "practice-table.h"

#define SIGNATURE_LEN 2 /* CDBs that share these bytes are repetitions of one another */

typedef struct {
  GArray *sent; /* of OflCommand */
} Record;

typedef struct {
  guint at;   /* which command */
  guint byte; /* of its CDB */
  guint seen;
} Damage;

typedef struct {
  guint noticed, harmless, missed;
} Score;

static void
record_command (const OflCommand *command, gpointer data)
{
  Record *record = data;

  g_array_append_val (record->sent, *command);
}

static void
damage_command (OflCommand *command, gpointer data)
{
  Damage *damage = data;

  if (damage->seen++ == damage->at)
    command->cdb[damage->byte] ^= 0x01;
}

static gboolean
alike (const OflCommand *a, const OflCommand *b)
{
  return a->cdb_len == b->cdb_len && a->dir == b->dir
         && memcmp (a->cdb, b->cdb, SIGNATURE_LEN) == 0;
}

/* First, middle and last of each kind of command, from the first that writes on. */
static GArray *
choose_commands (const Record *record)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (guint));
  guint begin = 0;

  while (begin < record->sent->len
         && ofl_command_is_read_only (&g_array_index (record->sent, OflCommand, begin)))
    begin++;
  for (guint i = begin; i < record->sent->len; i++)
    {
      const OflCommand *command = &g_array_index (record->sent, OflCommand, i);
      guint before = 0, after = 0;

      for (guint k = begin; k < record->sent->len; k++)
        if (k != i && alike (command, &g_array_index (record->sent, OflCommand, k)))
          {
            before += k < i;
            after += k > i;
          }
      if (before == 0 || after == 0 || before == (before + after) / 2)
        g_array_append_val (chosen, i);
    }
  return chosen;
}

/* Whether a person takes the job for a success: by its verdict or, where a drive shows a new revision
 * only after it was without power, by the revision that is there then. */
static gboolean
looks_good (const PracticeCase *which, Workbench *bench, const OflResult *result)
{
  g_autoptr (OflSnapshot) after = NULL;

  if (!which->shown_later || result->verdict != which->verdict)
    return ofl_verdict_is_success (result->verdict);
  workbench_restart (bench);
  after = workbench_look (bench);
  return g_str_equal (ofl_snapshot_identity (after)->revision, which->revision);
}

static void
run_damaged (const PracticeCase *which, OflImage *image, Damage *damage, const OflCommand *command,
             Score *score)
{
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (GBytes) old = ofl_practice_drive_get_flash (bench->device);
  g_autoptr (OflSnapshot) after = NULL;
  g_autoptr (OflResult) result = NULL;
  g_autoptr (GBytes) now = NULL;
  gboolean good, holds;

  ofl_practice_port_set_tamper (bench->port, damage_command, damage);
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  ofl_practice_port_set_tamper (bench->port, NULL, NULL);
  good = looks_good (which, bench, result);
  after = workbench_look (bench); /* the chip is brought up to now by a command */
  holds = practice_proved (which, bench, image);
  now = ofl_practice_drive_get_flash (bench->device);
  if (good && holds)
    score->harmless++;
  else if (good)
    {
      g_autofree char *text = ofl_command_format (command);

      score->missed++;
      g_printerr ("# missed: byte %u of command %u (%s): %s\n", damage->byte, damage->at, text,
                  ofl_verdict_id (result->verdict));
    }
  else
    score->noticed++;
  if (result->verdict == OFL_VERDICT_FAILED_UNTOUCHED || result->verdict == OFL_VERDICT_UNCHANGED
      || result->verdict == OFL_VERDICT_REFUSED)
    g_assert_true (g_bytes_equal (old, now));
}

static void
test_mutations (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (GArray) sent = g_array_new (FALSE, FALSE, sizeof (OflCommand));
  g_autoptr (GArray) chosen = NULL;
  g_autoptr (OflResult) good = NULL;
  Record record = { sent };
  Score score = { 0 };
  /* a sanitizer build changes fewer bytes */
  guint step = g_getenv ("OFL_MUTATIONS") != NULL ? 5 : 1;

  ofl_practice_port_set_watch (bench->port, record_command, &record);
  good = workbench_run (bench, OFL_JOB_FLASH, image);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  g_assert_cmpint (good->verdict, ==, which->verdict);
  chosen = choose_commands (&record);
  for (guint i = 0; i < chosen->len; i++)
    {
      guint at = g_array_index (chosen, guint, i);
      const OflCommand *command = &g_array_index (sent, OflCommand, at);

      for (guint byte = 0; byte < command->cdb_len; byte += step)
        {
          Damage damage = { at, byte, 0 };

          run_damaged (which, image, &damage, command, &score);
        }
    }
  g_printerr ("# %s: %u commands of %u, %u bytes changed: %u noticed, %u harmless, %u missed\n",
              which->id, chosen->len, sent->len, score.noticed + score.harmless + score.missed,
              score.noticed, score.harmless, score.missed);
  g_assert_cmpuint (score.noticed, >, 0);
  g_assert_cmpuint (score.missed, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  practice_add_for_all ("mutations", test_mutations);
  return g_test_run ();
}
