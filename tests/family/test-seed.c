/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that this program began with, by its stories. Told elsewhere: the garbled name and the
 * replaced cable (family-link), the buffer that stays at 50 % (doctor), a holder that hides the drive
 * (holders, and the kernel suite), master, slave and cable select (topology). */
#include <string.h>

#include "flash/ofl-stored-backup.h"
#include "unit/doctor-patient.h"
#include "workbench.h"

static OflFinding *
find (const OflExamination *found, const char *id)
{
  return (OflFinding *) ofl_examination_find (found, id);
}

static OflExamination *
examine (Workbench *bench)
{
  OflTarget *target = ofl_drive_get_target (bench->drive);
  g_autoptr (OflTransport) transport = ofl_target_open (target, OFL_OPEN_READ_ONLY, NULL);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  OflExamination *found;

  g_assert_nonnull (transport);
  found = ofl_doctor_examine (transport, drive, OFL_READ_QUICK, bench->options->backup_dir, NULL);
  ofl_transport_close (transport);
  return found;
}

/* "Reading the flash works, writing it does not": the drive says no to the first piece. It is as it
 * was, its backup is there, and nobody calls it broken. */
static void
test_reads_but_does_not_write (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) refused = NULL, kept = NULL, mended = NULL;
  g_autoptr (OflExamination) found = NULL;

  g_assert_true (ofl_practice_drive_add_fault (bench->device, "refuse 1", NULL));
  refused = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (refused->verdict), ==, "failed-untouched");
  g_assert_cmpuint (workbench_count_backups (bench), ==, 1);
  g_assert_nonnull (refused->next);
  g_assert_false (workbench_holds (bench, image, 0, 0x1E0000));

  kept = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_assert_cmpstr (ofl_verdict_id (kept->verdict), ==, "done");
  g_assert_cmpuint (workbench_count_backups (bench), ==, 2);

  found = examine (bench);
  g_assert_cmpint (find (found, "state")->level, ==, OFL_FINDING_GOOD);
  g_assert_nonnull (strstr (find (found, "state")->sentence, "revision 1.00"));
  g_assert_cmpint (ofl_examination_worst (found), <=, OFL_FINDING_REMARK);

  ofl_practice_drive_clear_faults (bench->device);
  mended = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (mended->verdict), ==, "verified");
}

/* The seed's own model: what it holds is kept, the EEPROM too, and is told to be unproven; a write is
 * refused with the reason, and without a command that could write. */
static void
test_sohw812s (void)
{
  g_autoptr (Workbench) bench = workbench_new ("sohw812s");
  g_autoptr (OflImage) image = workbench_image (bench, "US0N", NULL);
  g_autoptr (OflResult) off = NULL, kept = NULL, refused = NULL;

  off = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_assert_cmpstr (ofl_verdict_id (off->verdict), ==, "refused");
  g_assert_cmpuint (workbench_count_backups (bench), ==, 0);

  bench->options->choices = ofl_choices_new ();
  ofl_choices_set (bench->options->choices, "experimental", "yes");
  kept = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_assert_cmpstr (ofl_verdict_id (kept->verdict), ==, "done");
  g_assert_cmpuint (workbench_count_backups (bench), ==, 1);
  {
    g_autoptr (OflStoredBackup) backup = ofl_stored_backup_open (kept->backup_path);
    g_autoptr (GError) error = NULL;
    guint eeproms = 0;

    ofl_stored_backup_verify (backup, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < backup->parts->len; i++)
      {
        const OflStoredPart *part = g_ptr_array_index (backup->parts, i);

        eeproms += strstr (part->name, "eeprom") != NULL;
      }
    g_assert_cmpuint (eeproms, ==, 1);
  }

  refused = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (refused->verdict), ==, "refused");
  g_assert_nonnull (strstr (refused->what, "not public"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

/* "It burns, and the discs stay blank": with reading, flashing and a pressed disc all well, what is
 * said to be left is laser and media, and that writing was not tried. */
static void
test_discs_stay_blank (void)
{
  g_autoptr (Patient) pressed = patient_new ("bu40n", "pressed", NULL);
  g_autoptr (Patient) blank = patient_new ("premium", "blank-cd-r", "stuck-buffer");
  g_autoptr (OflExamination) well = patient_examine (pressed);
  g_autoptr (OflExamination) stuck = patient_examine (blank);

  findings_assert_says (well, "cause", "the laser's power for writing, or the blank discs");
  findings_assert_says (well, "cause", "Writing was not tried here.");
  findings_assert_says (stuck, "buffer", "50 %");
  findings_assert_level (stuck, "buffer", OFL_FINDING_DOUBTFUL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seed/reads-but-does-not-write", test_reads_but_does_not_write);
  g_test_add_func ("/seed/sohw812s-eeprom-backed-up-write-refused", test_sohw812s);
  g_test_add_func ("/seed/discs-stay-blank-buffer-at-half", test_discs_stay_blank);
  return g_test_run ();
}
