/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The computer's and the drive's power go together at every command of a write that can change the
 * drive, and what the recovery chooses then is done.
 *
 * One write is walked to see what the flash holds at each of its commands and how far its journal had
 * come. Commands before which both are the same leave the same behind, so of such a run the first and
 * the last are cut and mended, on one drive for each way of writing. OFL_RECOVER_STEP=N looks at every
 * Nth run only, OFL_RECOVER_EVERY=1 at every command, OFL_RECOVER_ALL=1 at each drive of the catalogue.
 * What must be mended is what the facts say can be (family 4): a drive whose boot mode is documented,
 * and one whose flash was not touched yet or is written already. */
#include <glib/gstdio.h>
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-recovery.h"
#include "practice/ofl-practice-port.h"
#include "practice/ofl-practice-private.h"
#include "practice-table.h"

#define IMAGE_NAME "image.bin"
/* practice-table.h: schedules of a drive that stands for a way of writing */
#define FIRST_OF_ITS_WAY 1000
/* by its backup a drive is mended after each of so many runs, and after the last */
#define BACKUP_RUNS 4
#define END_RECORD "{\"event\":\"end\""
#define DANGER_RECORD "{\"event\":\"point-of-no-return\""

/* What a command finds */
typedef struct {
  guint flash; /* counts contents of the flash */
  gboolean danger;
} Moment;

typedef struct {
  Workbench *bench;
  GBytes *flash;
  Moment now;
  GArray *moments; /* of Moment, one for each command that can write */
} Walk;

typedef struct {
  const char *family;
  guint commands, cuts, possible, reached, missed;
} Row;

static GPtrArray *rows; /* of Row, a family each */

static Row *
row_of (const char *family)
{
  Row *row;

  for (guint i = 0; i < rows->len; i++)
    {
      row = g_ptr_array_index (rows, i);
      if (g_str_equal (row->family, family))
        return row;
    }
  row = g_new0 (Row, 1);
  row->family = family;
  g_ptr_array_add (rows, row);
  return row;
}

static char *
newest_journal (const Workbench *bench)
{
  g_autofree char *dir = g_build_filename (bench->dir, "journal", NULL);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  g_autofree char *newest = NULL;
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (newest == NULL || strcmp (name, newest) > 0)
      {
        g_free (newest);
        newest = g_strdup (name);
      }
  return newest != NULL ? g_build_filename (dir, newest, NULL) : NULL;
}

/* A drive with its image in a file, as a user has it. */
static Workbench *
set_up (const PracticeCase *which, OflImage **image)
{
  Workbench *bench = practice_bench (which);
  g_autofree char *path = g_build_filename (bench->dir, IMAGE_NAME, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes
      = ofl_practice_make_image (which->id, which->revision, which->variant, &error);

  g_assert_no_error (error);
  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                       &error);
  g_assert_no_error (error);
  bench->options->image_file = g_strdup (path);
  *image = workbench_image (bench, which->revision, which->variant);
  return bench;
}

/* Nothing that a drive keeps changes by these. */
static gboolean
only_asks (guint8 opcode)
{
  return opcode == OP_TEST_UNIT_READY || opcode == OP_REQUEST_SENSE || opcode == OP_INQUIRY
         || opcode == OP_READ_BUFFER || opcode == OP_GET_CONFIGURATION
         || opcode == OP_GET_EVENT_STATUS;
}

static void
note_moment (const OflCommand *command, gpointer data)
{
  Walk *walk = data;
  guint n = ofl_practice_drive_get_n_writes (walk->bench->device);
  g_autoptr (GBytes) flash = NULL;

  if (only_asks (command->cdb[0]))
    return;
  ofl_practice_settle (walk->bench->device, ofl_practice_port_now_us (walk->bench->port));
  flash = ofl_practice_drive_get_flash (walk->bench->device);
  if (walk->flash == NULL || !g_bytes_equal (walk->flash, flash))
    {
      g_clear_pointer (&walk->flash, g_bytes_unref);
      walk->flash = g_steal_pointer (&flash);
      walk->now.flash++;
    }
  if (!walk->now.danger)
    {
      g_autofree char *journal = workbench_journal (walk->bench);

      walk->now.danger = journal != NULL && strstr (journal, DANGER_RECORD) != NULL;
    }
  /* the last one before the command counts */
  g_array_set_size (walk->moments, n + 1);
  g_array_index (walk->moments, Moment, n) = walk->now;
}

/* What each command of a good write finds. */
static GArray *
walk_write (const PracticeCase *which)
{
  g_autoptr (OflImage) image = NULL;
  g_autoptr (Workbench) bench = set_up (which, &image);
  Walk walk = { .bench = bench, .moments = g_array_new (FALSE, TRUE, sizeof (Moment)) };
  g_autoptr (OflResult) result = NULL;
  guint n;

  ofl_practice_port_set_watch (bench->port, note_moment, &walk);
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpint (result->verdict, ==, which->verdict);
  n = ofl_practice_drive_get_n_writes (bench->device);
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (walk.moments->len, >=, n);
  g_array_set_size (walk.moments, n);
  g_clear_pointer (&walk.flash, g_bytes_unref);
  return walk.moments;
}

/* The computer went, too: nothing of what the job made of it was written down. */
static void
forget_end (const Workbench *bench)
{
  g_autofree char *path = newest_journal (bench);
  g_autofree char *text = NULL;
  char *end;

  g_assert_nonnull (path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  end = strstr (text, END_RECORD);
  g_assert_nonnull (end);
  *end = '\0';
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static OflUnfinished *
find_job (const Workbench *bench, const OflSnapshot *drive, gboolean *ended)
{
  return ofl_recovery_find_job (bench->dir, drive != NULL ? ofl_snapshot_identity (drive) : NULL,
                                ofl_target_get_id (ofl_drive_get_target (bench->drive)), ended);
}

/* Once a success has mended it, nothing is left to be told. */
static void
assert_told_no_more (Workbench *bench)
{
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  gboolean ended;

  g_assert_null (find_job (bench, drive, &ended));
}

static OflRecovery *
examine (const Workbench *bench, const OflSnapshot *drive, const OflUnfinished *job)
{
  OflRecoveryCase about = { .drive = drive,
                            .present = TRUE,
                            .practice = TRUE,
                            .job = job,
                            .choices = bench->options->choices,
                            .backup_dir = bench->options->backup_dir };

  about.state = drive != NULL ? ofl_snapshot_get_state (drive) : OFL_DRIVE_STATE_SILENT;
  return ofl_recovery_examine (&about);
}

/* Goes the best way, and says whether the drive is whole then. */
static gboolean
mend (const PracticeCase *which, Workbench *bench, const OflRecovery *found,
      OflRecoveryKind expected)
{
  const OflRecoveryWay *way = ofl_recovery_get_best (found);
  g_autoptr (OflResult) mended = NULL;

  if (way == NULL || way->kind != expected)
    {
      g_test_message ("%s: way %s instead of %s", which->id,
                      way != NULL ? ofl_recovery_kind_id (way->kind) : "none",
                      ofl_recovery_kind_id (expected));
      return FALSE;
    }
  mended = workbench_run (bench, OFL_JOB_FLASH, way->image);
  if (ofl_verdict_is_success (mended->verdict))
    assert_told_no_more (bench);
  if (which->shown_later)
    workbench_restart (bench);
  if (practice_is_mended (which, bench, way->image, mended)
      || (which->shown_later && practice_proved (which, bench, way->image)))
    return TRUE;
  g_test_message ("%s: %s: %s", which->id, ofl_verdict_id (mended->verdict), mended->what);
  return FALSE;
}

/* Whether the recovery leads to a drive that holds a whole firmware; what it says of it must be so. */
static gboolean
recovers (const PracticeCase *which, Workbench *bench, gboolean whole, OflRecoveryKind by)
{
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  gboolean ended = TRUE;
  OflUnfinished *job = find_job (bench, drive, &ended);
  g_autoptr (OflRecovery) found = NULL;

  g_assert_nonnull (job);
  g_assert_false (ended);
  found = examine (bench, drive, job);
  ofl_unfinished_free (job);
  if (found->need == OFL_RECOVERY_CLOSE)
    g_assert_true (whole);
  return found->need == OFL_RECOVERY_CLOSE
         || (found->need == OFL_RECOVERY_MEND && mend (which, bench, found, by));
}

static void
cut (const PracticeCase *which, guint command, OflRecoveryKind by, Row *row)
{
  g_autoptr (OflImage) image = NULL;
  g_autoptr (Workbench) bench = set_up (which, &image);
  g_autoptr (GBytes) fresh = ofl_practice_drive_get_flash (bench->device);
  g_autoptr (GBytes) left = NULL;
  g_autofree char *fault = g_strdup_printf ("power-loss %u", command);
  g_autoptr (OflResult) lost = NULL;
  gboolean whole, possible, reached;

  g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
  lost = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_false (ofl_verdict_is_success (lost->verdict));
  forget_end (bench);
  ofl_practice_drive_clear_faults (bench->device);
  workbench_restart (bench);
  left = ofl_practice_drive_get_flash (bench->device);
  whole = g_bytes_equal (fresh, left) || practice_proved (which, bench, image);
  possible = which->recovers || whole;
  if (by == OFL_RECOVERY_BACKUP)
    g_assert_cmpint (g_remove (bench->options->image_file), ==, 0);
  reached = recovers (which, bench, whole, by);
  row->cuts++;
  row->possible += possible;
  row->reached += reached;
  if (possible && !reached)
    {
      row->missed++;
      g_test_message ("%s, command %u, by %s: not mended", which->id, command,
                      ofl_recovery_kind_id (by));
    }
}

/* The last command of a run; @by_backup: also where the file is lost. */
static void
cut_both (const PracticeCase *which, guint command, gboolean by_backup, Row *row)
{
  cut (which, command, OFL_RECOVERY_SAME_IMAGE, row);
  if (by_backup && which->readable && !which->not_back)
    cut (which, command, OFL_RECOVERY_BACKUP, row);
}

static gboolean
same_moment (GArray *moments, guint a, guint b)
{
  return memcmp (&g_array_index (moments, Moment, a), &g_array_index (moments, Moment, b),
                 sizeof (Moment))
         == 0;
}

static guint
asked_step (void)
{
  const char *text = g_getenv ("OFL_RECOVER_STEP");

  return text != NULL ? MAX ((guint) g_ascii_strtoull (text, NULL, 10), 1) : 1;
}

static const char *
family_of (const char *id)
{
  g_autoptr (Workbench) bench = workbench_new (id);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);

  return ofl_family_id (ofl_families_find (ofl_snapshot_get_family (drive)));
}

static void
test_recover (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (GArray) moments = walk_write (which);
  Row *row = row_of (family_of (which->id));
  gboolean every = g_getenv ("OFL_RECOVER_EVERY") != NULL, last;
  guint step = asked_step (), run = 0, missed = row->missed, cuts = row->cuts;

  row->commands += moments->len;
  for (guint first = 0, next; first < moments->len; first = next, run++)
    {
      for (next = first + 1; next < moments->len && same_moment (moments, first, next); next++)
        if (every)
          cut_both (which, next, TRUE, row);
      last = next == moments->len;
      if (run % step != 0 && !last)
        continue;
      if (next > first + 1 && !every)
        cut (which, first + 1, OFL_RECOVERY_SAME_IMAGE, row);
      cut_both (which, next, every || last || run / step % BACKUP_RUNS == 0, row);
    }
  g_test_message ("%s: %u commands, %u runs, %u cuts", which->id, moments->len, run,
                  row->cuts - cuts);
  g_assert_cmpuint (row->missed, ==, missed);
}

static void
test_table (void)
{
  g_test_message ("family      commands   cuts  possible  reached  not reached");
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = g_ptr_array_index (rows, i);

      g_test_message ("%-10s %9u %6u %9u %8u %12u", row->family, row->commands, row->cuts,
                      row->possible, row->reached, row->missed);
      g_assert_cmpuint (row->missed, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  gboolean all = g_getenv ("OFL_RECOVER_ALL") != NULL;

  g_test_init (&argc, &argv, NULL);
  rows = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/recover/%s", practice_case (i)->id);

      if (all || practice_case (i)->schedules == FIRST_OF_ITS_WAY)
        g_test_add_data_func (path, practice_case (i), test_recover);
    }
  g_test_add_func ("/recover/table", test_table);
  return g_test_run ();
}
