/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from a drive's state and from how far its job had come. No drive and no file is there:
 * every row is one thing that can be known. */
#include "flash/ofl-recovery.h"

#include <string.h>

#include "flash/ofl-journal-private.h"

#define NO_JOB (-1)
#define READABLE (OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER)

typedef struct {
  OflDriveState state;
  OflCaps caps;
  int stage;
  guint damaged;
  const char *before; /* the revision, as the next two */
  const char *brings;
  const char *now;
  OflRecoveryNeed need;
  const char *says;
} Row;

static const Row rows[] = {
  { OFL_DRIVE_STATE_NORMAL, READABLE, NO_JOB, 0, "", "", "1.00", OFL_RECOVERY_CLOSE,
    "No write to it is known" },
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_READING, 0, "1.00", "1.03", "1.00",
    OFL_RECOVERY_CLOSE, "only read" },
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_BEGUN, 0, "1.00", "1.03", "1.00",
    OFL_RECOVERY_CLOSE, "before the point of no return" },
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_BEGUN, 0, "1.00", "1.03", "1.02",
    OFL_RECOVERY_MEND, "before the point of no return, and yet the drive names revision 1.02" },
  /* what cannot be read of a journal may have told of more */
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_BEGUN, 1, "1.00", "1.03", "1.00",
    OFL_RECOVERY_MEND, "past the point of no return" },
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_READING, 1, "1.00", "1.03", "1.00",
    OFL_RECOVERY_MEND, "past the point of no return" },
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_DANGER, 0, "1.00", "1.03", "1.00",
    OFL_RECOVERY_MEND, "nothing that the drive says" },
  /* a name alone proves nothing where the bytes can be read */
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_DANGER, 0, "1.00", "1.03", "1.03",
    OFL_RECOVERY_MEND, "read first" },
  { OFL_DRIVE_STATE_NORMAL, READABLE, OFL_UNFINISHED_WRITTEN, 0, "1.00", "1.03", "1.03",
    OFL_RECOVERY_CLOSE, "had taken all" },
  { OFL_DRIVE_STATE_NORMAL, OFL_CAP_WRITE, OFL_UNFINISHED_DANGER, 0, "1.00", "1.03", "1.03",
    OFL_RECOVERY_CLOSE, "cannot be compared" },
  { OFL_DRIVE_STATE_NORMAL, OFL_CAP_WRITE, OFL_UNFINISHED_WRITTEN, 0, "1.03", "1.03", "1.03",
    OFL_RECOVERY_MEND, "nothing that the drive says" },
  { OFL_DRIVE_STATE_NORMAL, OFL_CAP_WRITE, OFL_UNFINISHED_WRITTEN, 0, "1.00", "", "1.03",
    OFL_RECOVERY_MEND, "nothing that the drive says" },
  { OFL_DRIVE_STATE_BOOT, READABLE, OFL_UNFINISHED_DANGER, 0, "1.00", "1.03", "BOOT",
    OFL_RECOVERY_MEND, "can probably be mended" },
  { OFL_DRIVE_STATE_BOOT, OFL_CAP_WRITE, OFL_UNFINISHED_DANGER, 0, "1.00", "1.03", "BOOT",
    OFL_RECOVERY_MEND, "no source says" },
  { OFL_DRIVE_STATE_BOOT, OFL_CAP_NONE, NO_JOB, 0, "", "", "BOOT", OFL_RECOVERY_MEND,
    "Nobody knows a public way" },
  /* a command put it there */
  { OFL_DRIVE_STATE_BOOT, READABLE, OFL_UNFINISHED_BEGUN, 0, "1.00", "1.03", "0.08",
    OFL_RECOVERY_MEND, "switch its power off and on first" },
  /* it was there before */
  { OFL_DRIVE_STATE_BOOT, READABLE, OFL_UNFINISHED_BEGUN, 0, "BOOT", "1.03", "BOOT",
    OFL_RECOVERY_MEND, "can probably be mended" },
  { OFL_DRIVE_STATE_GARBLED, READABLE, OFL_UNFINISHED_DANGER, 0, "1.00", "1.03", "1.0",
    OFL_RECOVERY_REACH, "Replace the cable" },
};

static OflUnfinished *
new_job (const Row *row)
{
  OflUnfinished *job;

  if (row->stage == NO_JOB)
    return NULL;
  job = ofl_unfinished_new ("/nowhere.jsonl");
  job->stage = row->stage;
  job->damaged = row->damaged;
  g_free (job->revision);
  job->revision = g_strdup (row->before);
  g_free (job->image_revision);
  job->image_revision = g_strdup (row->brings);
  return job;
}

static OflSnapshot *
new_drive (const Row *row)
{
  OflIdentity identity = { .vendor = "ACME", .product = "DVD", .printable = TRUE };
  OflSnapshot *drive;

  g_strlcpy (identity.revision, row->now, sizeof identity.revision);
  drive = ofl_snapshot_new (&identity);
  ofl_snapshot_set_family (drive, "mt1959", row->caps);
  ofl_snapshot_set_state (drive, row->state);
  return drive;
}

static void
assert_says (const char *text, const char *part)
{
  if (text == NULL || strstr (text, part) == NULL)
    g_error ("“%s” is not in “%s”", part, text != NULL ? text : "nothing");
}

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autoptr (OflSnapshot) drive = new_drive (row);
      OflUnfinished *job = new_job (row);
      OflRecoveryCase about
          = { .drive = drive, .present = TRUE, .state = row->state, .why = "Why.", .job = job };
      g_autoptr (OflRecovery) found = ofl_recovery_examine (&about);

      g_test_message ("row %u", i);
      g_assert_cmpint (found->need, ==, row->need);
      assert_says (found->meaning, row->says);
      g_assert_cmpstr (found->state, ==, ofl_drive_state_id (row->state));
      /* nothing is there to be written */
      g_assert_null (ofl_recovery_get_best (found));
      g_assert_true ((found->ways->len > 0)
                     == ((row->caps & OFL_CAP_WRITE) != 0 && row->need != OFL_RECOVERY_REACH));
      g_clear_pointer (&job, ofl_unfinished_free);
    }
}

/* Nothing answers: what the journal knows of it is all there is. */
static void
test_unseen (void)
{
  static const struct {
    gboolean present;
    OflDriveState state;
    OflUnfinishedStage stage;
    const char *id, *seen, *says;
  } cases[] = {
    { TRUE, OFL_DRIVE_STATE_SILENT, OFL_UNFINISHED_DANGER, "silent", "does not answer: Why.",
      "some minutes" },
    { TRUE, OFL_DRIVE_STATE_SILENT, OFL_UNFINISHED_WRITTEN, "silent", "does not answer: Why.",
      "Switch its power off and on" },
    { TRUE, OFL_DRIVE_STATE_BUSY, OFL_UNFINISHED_DANGER, "busy", "in use: Why.", "close it" },
    { TRUE, OFL_DRIVE_STATE_UNKNOWN, OFL_UNFINISHED_BEGUN, "unknown", "Why.", "check its cable" },
    { FALSE, OFL_DRIVE_STATE_UNKNOWN, OFL_UNFINISHED_DANGER, "gone", "is gone", "some minutes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OflUnfinished *job = ofl_unfinished_new ("/nowhere.jsonl");
      OflRecoveryCase about
          = { .present = cases[i].present, .state = cases[i].state, .why = "Why.", .job = job };
      g_autoptr (OflRecovery) found = NULL;

      job->stage = cases[i].stage;
      g_free (job->family);
      job->family = g_strdup ("liteon");
      found = ofl_recovery_examine (&about);
      g_assert_cmpint (found->need, ==, OFL_RECOVERY_REACH);
      g_assert_cmpstr (found->state, ==, cases[i].id);
      assert_says (found->seen, cases[i].seen);
      assert_says (found->meaning, cases[i].says);
      assert_says (found->elsewhere, "MTKFLASH");
      assert_says (found->never, "same cable");
      g_assert_null (found->mends);
      g_assert_cmpuint (found->ways->len, ==, 0);
      ofl_unfinished_free (job);
    }
}

/* What answers is none of the family that was written: its model is not in it any more. */
static void
test_stranger (void)
{
  static const Row row = { OFL_DRIVE_STATE_NORMAL,
                           OFL_CAP_NONE,
                           OFL_UNFINISHED_DANGER,
                           0,
                           "1.00",
                           "1.03",
                           "    ",
                           OFL_RECOVERY_MEND,
                           "nothing that the drive says" };
  g_autoptr (OflSnapshot) drive = new_drive (&row);
  OflUnfinished *job = new_job (&row);
  OflRecoveryCase about = { .drive = drive, .present = TRUE, .state = row.state, .job = job };
  g_autoptr (OflRecovery) found = NULL;

  ofl_snapshot_set_family (drive, NULL, OFL_CAP_NONE);
  g_free (job->family);
  job->family = g_strdup ("plextor");
  found = ofl_recovery_examine (&about);
  g_assert_cmpint (found->need, ==, row.need);
  assert_says (found->seen, "any more");
  assert_says (found->meaning, row.says);
  assert_says (found->elsewhere, "external programmer");
  g_assert_cmpuint (found->ways->len, ==, 0);
  ofl_unfinished_free (job);
}

/* Each family has something to say to whom its drive is lost. */
static void
test_families (void)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autofree char *mends = ofl_family_recovery (family, "recovery");
      g_autofree char *elsewhere = ofl_family_recovery (family, "recovery-elsewhere");

      if (mends == NULL && elsewhere == NULL)
        g_error ("%s says nothing", ofl_family_id (family));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recovery/rows", test_rows);
  g_test_add_func ("/recovery/unseen", test_unseen);
  g_test_add_func ("/recovery/stranger", test_stranger);
  g_test_add_func ("/recovery/families", test_families);
  return g_test_run ();
}
