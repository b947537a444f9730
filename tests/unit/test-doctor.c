/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor, on practice drives: what it finds, and what it does not claim. */
#include <string.h>

#include "doctor-patient.h"
#include "families/ofl-families.h"
#include "kit/fake-transport.h"
#include "scsi/ofl-error.h"

static guint
count_stretches (const OflExamination *found, OflStretchState state)
{
  guint n = 0;

  for (guint i = 0; i < found->stretches->len; i++)
    n += g_array_index (found->stretches, OflStretch, i).state == state;
  return n;
}

/* Well, with a pressed disc: then, and only then, the firmware is said not to be what is left. */
static void
test_healthy (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", NULL);
  g_autoptr (OflExamination) found = patient_examine (patient);
  static const char *const good[]
      = { "state", "mend", "abilities", "buffer", "disc", "structure", "read", "cause" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    findings_assert_level (found, good[i], OFL_FINDING_GOOD);
  g_assert_cmpuint (ofl_examination_worst (found), ==, OFL_FINDING_REMARK); /* no backup */
  findings_assert_says (found, "cause", "the laser's power for writing, or the blank discs");
  findings_assert_says (found, "cause", "Writing was not tried here.");
  g_assert_cmpuint (found->stretches->len, ==, STRETCHES);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_READ), ==, STRETCHES);
  g_assert_cmpuint (found->blocks, ==, 0x10000);
  /* a disc is faster at its end */
  g_assert_cmpuint (ofl_stretch_speed (&g_array_index (found->stretches, OflStretch, 0)), >, 0);
  g_assert_cmpuint (ofl_stretch_speed (
                        &g_array_index (found->stretches, OflStretch, STRETCHES - 1)),
                    >, ofl_stretch_speed (&g_array_index (found->stretches, OflStretch, 0)));
}

/* A drive that writes nothing is not told about writing. */
static void
test_reader (void)
{
  g_autoptr (Patient) patient = patient_new ("sd616", "cd-rom", NULL);
  g_autoptr (OflExamination) found = patient_examine (patient);

  findings_assert_level (found, "cause", OFL_FINDING_GOOD);
  g_assert_null (strstr (ofl_examination_find (found, "cause")->sentence, "writing"));
  findings_assert_says (found, "mend", "nobody knows a public way");
  findings_assert_says (found, "disc", "CD-ROM");
  g_assert_null (ofl_examination_find (found, "structure"));
}

/* The end of a CD is left out: where a burned one has blocks that nobody can read. */
static void
test_end_of_cd (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "cd-rom", "unreadable 65534 2");
  g_autoptr (OflExamination) found = NULL;

  found = ofl_doctor_examine (patient->transport, patient->drive, OFL_READ_FULL, NULL, NULL);
  findings_assert_level (found, "read", OFL_FINDING_GOOD);
}

/* The seed's drive: discs stay blank, and the buffer is stuck at 50 %. */
static void
test_stays_blank (void)
{
  g_autoptr (Patient) patient = patient_new ("premium", "blank-cd-r", "stuck-buffer");
  g_autoptr (OflExamination) found = patient_examine (patient);

  findings_assert_level (found, "buffer", OFL_FINDING_DOUBTFUL);
  findings_assert_says (found, "buffer", "50 %");
  findings_assert_level (found, "disc", OFL_FINDING_REMARK);
  findings_assert_says (found, "disc", "blank");
  findings_assert_level (found, "atip", OFL_FINDING_GOOD);
  findings_assert_says (found, "atip", "97:00:00");
  findings_assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
  findings_assert_says (found, "cause", "another firmware is not likely to help");
  g_assert_nonnull (strstr (ofl_examination_find (found, "cause")->next, "pressed disc"));
  g_assert_cmpuint (found->stretches->len, ==, 0); /* there is nothing to read */
}

/* A blank disc alone proves nothing about the laser. */
static void
test_blank (void)
{
  g_autoptr (Patient) patient = patient_new ("premium", "blank-cd-r", NULL);
  g_autoptr (OflExamination) found = patient_examine (patient);

  findings_assert_level (found, "buffer", OFL_FINDING_GOOD);
  findings_assert_level (found, "cause", OFL_FINDING_REMARK);
  findings_assert_says (found, "cause", "Which of them, a blank disc alone does not tell.");
}

static void
test_unreadable (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "unreadable 20000 100");
  g_autoptr (OflExamination) found = patient_examine (patient);
  guint hit = 20000 / (0x10000 / STRETCHES);

  findings_assert_level (found, "read", OFL_FINDING_DOUBTFUL);
  findings_assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_FAILED), ==, 1);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_READ), ==, STRETCHES - 1);
  g_assert_cmpuint (g_array_index (found->stretches, OflStretch, hit).state, ==,
                    OFL_STRETCH_FAILED);
  findings_assert_says (found, "read", "1 of 200 stretches");
}

/* A whole read finds what lies between the places where a quick one looks. */
static void
test_full (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "unreadable 20100 10");
  g_autoptr (OflExamination) quick = patient_examine (patient);
  g_autoptr (OflExamination) full = NULL;

  full = ofl_doctor_examine (patient->transport, patient->drive, OFL_READ_FULL, NULL, NULL);
  findings_assert_level (quick, "read", OFL_FINDING_GOOD);
  findings_assert_level (full, "read", OFL_FINDING_DOUBTFUL);
  g_assert_cmpuint (count_stretches (full, OFL_STRETCH_FAILED), ==, 1);
}

static void
test_second_try (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "fail 28 50");
  g_autoptr (OflExamination) found = patient_examine (patient);

  findings_assert_level (found, "read", OFL_FINDING_DOUBTFUL);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_SECOND_TRY), ==, 1);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_FAILED), ==, 0);
}

static void
test_nothing_read (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "unreadable 0 65536");
  g_autoptr (OflExamination) found = patient_examine (patient);

  findings_assert_level (found, "read", OFL_FINDING_BAD);
  findings_assert_says (found, "cause", "does not rule out the firmware");
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_FAILED), <, STRETCHES); /* it gave up */
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_READ), ==, 0);
}

static void
test_no_disc (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", NULL, NULL);
  g_autoptr (OflExamination) found = patient_examine (patient);

  findings_assert_level (found, "next-disc", OFL_FINDING_REMARK);
  findings_assert_says (found, "next-disc", "No disc is in the drive.");
  g_assert_nonnull (strstr (ofl_examination_find (found, "next-disc")->next, "pressed disc"));
  g_assert_null (ofl_examination_find (found, "cause"));
  g_assert_null (ofl_examination_find (found, "disc"));
}

/* Without a read pass nothing is said about reading. */
static void
test_no_pass (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", NULL);
  g_autoptr (OflExamination) found = NULL;

  found = ofl_doctor_examine (patient->transport, patient->drive, OFL_READ_NOTHING, NULL, NULL);
  findings_assert_says (found, "next-disc", "was not measured");
  g_assert_null (ofl_examination_find (found, "cause"));
  g_assert_null (ofl_examination_find (found, "read"));
}

/* A question that fails comes before all conclusions. */
static void
test_failed_question (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "fail 51");
  g_autoptr (OflExamination) found = patient_examine (patient);

  findings_assert_level (found, "disc", OFL_FINDING_DOUBTFUL);
  g_assert_nonnull (strstr (ofl_examination_find (found, "disc")->technical, "51 00"));
  findings_assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
  findings_assert_says (found, "cause", "nothing can be said about laser or firmware");
  /* it said itself what is wrong, so nobody is sent for a cable */
  g_assert_cmpstr (ofl_examination_find (found, "cause")->next, ==,
                   "Begin with what stands above, then run the doctor again, with another disc.");
}

/* One that hangs is not asked again. */
static void
test_hangs (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "hang 5c");
  g_autoptr (OflExamination) found = patient_examine (patient);

  g_assert_true (found->silenced);
  findings_assert_level (found, "silence", OFL_FINDING_BAD);
  g_assert_null (ofl_examination_find (found, "cause"));
  g_assert_cmpuint (found->stretches->len, ==, 0);
  g_assert_cmpuint (patient->asked, <, 8);
}

static void
test_hangs_in_pass (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "hang 28 41");
  g_autoptr (OflExamination) found = patient_examine (patient);

  g_assert_true (found->silenced);
  g_assert_null (ofl_examination_find (found, "read"));
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_READ), ==, 10);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_UNREAD), ==, STRETCHES - 10);
}

static void
test_cancelled (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", NULL);
  g_autoptr (OflExamination) found = NULL;

  patient->cancel_at = 100;
  found = patient_examine (patient);
  g_assert_true (found->cancelled);
  g_assert_cmpuint (patient->asked, ==, 100);
  findings_assert_level (found, "cancelled", OFL_FINDING_REMARK);
  g_assert_null (ofl_examination_find (found, "read"));
  g_assert_null (ofl_examination_find (found, "cause"));
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_READ), >, 0);
}

static void
refuse_everything (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                   gpointer user_data)
{
  g_test_fail_printf ("%s was sent", ofl_command_name (command));
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

/* A boot code is asked nothing. What it takes is its family's. */
static void
test_boot (void)
{
  static const struct {
    const char *family;
    OflCaps caps;
    OflFindingLevel mend;
    const char *says;
  } cases[] = {
    { "mt1959", OFL_CAP_WRITE | OFL_CAP_RECOVER, OFL_FINDING_DOUBTFUL, "probably be mended" },
    { "plextor", OFL_CAP_WRITE, OFL_FINDING_BAD, "Nobody knows a public way" },
    { NULL, OFL_CAP_NONE, OFL_FINDING_BAD, "Nobody knows a public way" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FakeTransport) transport = fake_transport_new (refuse_everything, NULL);
      g_autoptr (OflSnapshot) drive
          = snapshot_new (OFL_DRIVE_STATE_BOOT, cases[i].family, cases[i].caps);
      g_autoptr (OflExamination) found
          = ofl_doctor_examine (OFL_TRANSPORT (transport), drive, OFL_READ_QUICK, NULL, NULL);

      findings_assert_level (found, "state", OFL_FINDING_BAD);
      findings_assert_level (found, "mend", cases[i].mend);
      findings_assert_says (found, "mend", cases[i].says);
      g_assert_cmpuint (fake_transport_get_count (transport), ==, 0);
    }
}

static void
test_garbled (void)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (refuse_everything, NULL);
  g_autoptr (OflSnapshot) drive = snapshot_new (OFL_DRIVE_STATE_GARBLED, NULL, OFL_CAP_NONE);
  g_autoptr (OflExamination) found
      = ofl_doctor_examine (OFL_TRANSPORT (transport), drive, OFL_READ_QUICK, NULL, NULL);

  findings_assert_level (found, "state", OFL_FINDING_BAD);
  g_assert_nonnull (strstr (ofl_examination_find (found, "state")->next, "cable"));
  g_assert_cmpuint (fake_transport_get_count (transport), ==, 0);
}

static void
test_silent (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflExamination) found = NULL;

  ofl_set_error (&error, OFL_ERROR_TIMEOUT, "%s", "No answer.");
  found = ofl_doctor_describe_silence (OFL_DRIVE_STATE_SILENT, error);
  findings_assert_level (found, "state", OFL_FINDING_BAD);
  findings_assert_says (found, "state", "No answer.");
  findings_assert_says (found, "mend", "nothing can be told about its firmware");
}

/* Answers that cannot be right */

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/healthy", test_healthy);
  g_test_add_func ("/doctor/reader", test_reader);
  g_test_add_func ("/doctor/end-of-cd", test_end_of_cd);
  g_test_add_func ("/doctor/stays-blank", test_stays_blank);
  g_test_add_func ("/doctor/blank", test_blank);
  g_test_add_func ("/doctor/unreadable", test_unreadable);
  g_test_add_func ("/doctor/full", test_full);
  g_test_add_func ("/doctor/second-try", test_second_try);
  g_test_add_func ("/doctor/nothing-read", test_nothing_read);
  g_test_add_func ("/doctor/no-disc", test_no_disc);
  g_test_add_func ("/doctor/no-pass", test_no_pass);
  g_test_add_func ("/doctor/failed-question", test_failed_question);
  g_test_add_func ("/doctor/hangs", test_hangs);
  g_test_add_func ("/doctor/hangs-in-pass", test_hangs_in_pass);
  g_test_add_func ("/doctor/cancelled", test_cancelled);
  g_test_add_func ("/doctor/boot", test_boot);
  g_test_add_func ("/doctor/garbled", test_garbled);
  g_test_add_func ("/doctor/silent", test_silent);
  return g_test_run ();
}
