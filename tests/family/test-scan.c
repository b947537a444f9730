/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor that has errors counted meets the practice drive that counts them: what one says of a disc
 * is what the other knows of it. Both were written from liteon 7.4, and neither from the other. */
#include <string.h>

#include "unit/doctor-patient.h"

#define SCRATCH "scratched 3000 1800"
#define FIRST 3000u
#define LAST 4799u

/* The begin has five commands, an interval three: the first of the interval behind N_WHOLE fails. */
#define FAILS "fail df 24"
#define N_WHOLE 6u

static OflExamination *
examine (Patient *patient)
{
  return ofl_doctor_examine_deep (patient->transport, patient->drive, OFL_READ_NOTHING, NULL, NULL,
                                  patient->cancellable);
}

/* The sums over the whole disc, and no block of it twice or never. */
static void
assert_sums (const OflExamination *found, OflPracticeDrive *device, gboolean cd)
{
  guint64 first = 0, second = 0, uncorrected = 0;
  OflPracticeErrors whole;

  for (guint i = 0; i < found->errors->len; i++)
    {
      const OflErrorCount *count = &g_array_index (found->errors, OflErrorCount, i);

      first += count->first;
      second += count->second;
      uncorrected += count->uncorrected;
    }
  ofl_practice_drive_count_errors (device, 0, found->blocks, &whole);
  g_assert_cmpuint (first, >, 0);
  g_assert_cmpuint (first, ==, cd ? whole.c1 : whole.pi);
  g_assert_cmpuint (second, ==, cd ? whole.c2 : whole.pif);
  g_assert_cmpuint (uncorrected, ==, whole.e32);
}

/* Where the counts are high is where the scratch is. */
static void
assert_place (const OflExamination *found, gboolean scratched)
{
  guint32 from = 0, most = 0, at = 0;

  for (guint i = 0; i < found->errors->len; i++)
    {
      const OflErrorCount *count = &g_array_index (found->errors, OflErrorCount, i);

      if (count->second > 0)
        {
          g_assert_true (scratched);
          g_assert_cmpuint (from, <=, LAST);
          g_assert_cmpuint (count->position, >=, FIRST);
        }
      at = count->first > most ? count->position : at;
      most = MAX (most, count->first);
      from = count->position;
    }
  g_assert_true (!scratched || (at > FIRST && at <= LAST));
}

static void
test_meet (gconstpointer data)
{
  const char *disc = data;
  gboolean cd = g_str_equal (disc, "cd-rom");

  for (guint scratched = 0; scratched < 2; scratched++)
    {
      g_autoptr (Patient) patient = patient_new ("sohw812s", disc, scratched ? SCRATCH : NULL);
      guint writes = ofl_practice_drive_get_n_writes (patient->device);
      g_autoptr (OflExamination) found = examine (patient);
      const OflErrorCount *last;

      g_assert_cmpuint (found->errors->len, >, 0);
      g_assert_cmpstr (found->way->id, ==, cd ? "cd-df" : "dvd-f3");
      last = &g_array_index (found->errors, OflErrorCount, found->errors->len - 1);
      g_assert_cmpuint (last->position, >=, found->blocks - 1);
      assert_sums (found, patient->device, cd);
      assert_place (found, scratched);
      findings_assert_level (found, "errors", scratched ? OFL_FINDING_DOUBTFUL : OFL_FINDING_GOOD);
      findings_assert_says (found, "errors",
                            !scratched ? "Nowhere"
                            : cd       ? "not corrected at the second stage"
                                       : "PI errors in 128 sectors");
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (patient->device), ==, writes);
    }
}

/* A disc that is read, with many errors, is not one with which nothing is wrong. */
static void
test_cause (void)
{
  for (guint scratched = 0; scratched < 2; scratched++)
    {
      g_autoptr (Patient) patient = patient_new ("sohw812s", "cd-rom", scratched ? SCRATCH : NULL);
      g_autoptr (OflExamination) found = ofl_doctor_examine_deep (patient->transport,
                                                                  patient->drive, OFL_READ_QUICK,
                                                                  NULL, NULL, patient->cancellable);

      findings_assert_level (found, "read", OFL_FINDING_GOOD);
      findings_assert_level (found, "cause", scratched ? OFL_FINDING_DOUBTFUL : OFL_FINDING_GOOD);
    }
}

static const char *
last_of (const OflExamination *found, const char *id)
{
  const char *sentence = "";

  for (guint i = 0; i < found->findings->len; i++)
    {
      const OflFinding *one = g_ptr_array_index (found->findings, i);

      if (g_str_equal (one->id, id))
        sentence = one->sentence;
    }
  return sentence;
}

/* Broken off in the middle, or failed, the drive is told that it ended: what only a scan answers it
 * refuses from then on. */
static void
test_ended (gconstpointer data)
{
  static const guint8 interval[12] = { 0xdf, 0x82, 0x09 };
  gboolean fails = data != NULL;
  OflCommand command = ofl_command_raw (interval, 12, OFL_DIR_IN, 0x100, OFL_TIMEOUT_PROBE);
  g_autoptr (Patient) patient = patient_new ("sohw812s", "cd-rom", data);
  g_autofree guint8 *room = g_malloc0 (0x100);
  g_autoptr (OflExamination) found = NULL;
  OflReply reply;

  patient->cancel_at = fails ? 0 : patient->asked + 60;
  found = examine (patient);
  g_assert_true (found->cancelled != fails);
  g_assert_cmpuint (found->errors->len, >, 0);
  g_assert_cmpuint (g_array_index (found->errors, OflErrorCount, found->errors->len - 1).position,
                    <, found->blocks - 1);
  if (fails)
    {
      g_assert_cmpuint (found->errors->len, ==, N_WHOLE);
      findings_assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
      g_assert_nonnull (strstr (last_of (found, "errors"), "the drive failed there"));
    }
  ofl_practice_drive_clear_faults (patient->device);
  ofl_transport_execute (patient->transport, &command, room, &reply);
  g_assert_true (ofl_reply_has_key (&reply, OFL_KEY_ILLEGAL_REQUEST));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/scan/cd", "cd-rom", test_meet);
  g_test_add_data_func ("/scan/dvd", "pressed", test_meet);
  g_test_add_func ("/scan/cause", test_cause);
  g_test_add_data_func ("/scan/broken-off", NULL, test_ended);
  g_test_add_data_func ("/scan/failed", FAILS, test_ended);
  return g_test_run ();
}
