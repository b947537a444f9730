/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor, when it is told to look deep: what belongs to a drive alone, by commands of its maker's
 * that only ask, and what is not asked. The Lite-On here is a script of the test's own. */
#include <string.h>

#include "doctor-patient.h"
#include "families/ofl-families.h"
#include "kit/fake-transport.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"

#define EEPROM_LEN 0x400
#define READS (EEPROM_LEN / 0x80)

typedef struct {
  guint8 *eeprom;
  guint16 profile; /* of the disc that is in; 0: none */
  gboolean never_ready;
  guint differs_at;   /* which DF 89 gets a flipped bit, from 1; 0: none */
  OflOutcome outcome; /* of all of them */
  guint8 key, asc;    /* of its sense; 0: 05/20 */
  guint8 status;
  guint asked;        /* DF 89 so far */
  guint others;       /* other vendor commands */
  guint cancel_at;    /* which DF 89, from 1; 0: none */
  GCancellable *cancellable;
} LiteOn;

static void
answer_eeprom (LiteOn *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint at = ofl_get_be (command->cdb + 7, 2);

  g_assert_cmphex (at + command->length, <=, EEPROM_LEN);
  self->asked++;
  if (self->asked == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
  if (self->outcome == OFL_OUTCOME_SENSE && self->key != 0)
    fake_reply_sense (reply, self->key, self->asc, 0);
  else if (self->outcome == OFL_OUTCOME_SENSE)
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
  else if (self->outcome != OFL_OUTCOME_OK)
    *reply = (OflReply){ .outcome = self->outcome, .status = self->status };
  else
    memcpy (data, self->eeprom + at, command->length);
  if (self->asked == self->differs_at)
    data[5] ^= 1;
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  LiteOn *self = user_data;
  const guint8 profiles[16] = { [3] = 12, [7] = (guint8) self->profile,  [10] = 3,
                                [11] = 4, [13] = (guint8) self->profile, [14] = 1 };
  static const guint8 capacity[8] = { 0, 0, 0xff, 0xff, 0, 0, 8 };

  if (command->cdb[0] == 0xdf && command->cdb[1] == 0x89)
    answer_eeprom (self, command, data, reply);
  else if (command->cdb[0] == 0x00 && self->never_ready)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x04, 0x01);
  else if (command->cdb[0] == 0x00 && self->profile == 0)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0);
  else if (command->cdb[0] == 0x46)
    {
      memcpy (data, profiles, MIN (command->length, sizeof profiles));
      reply->transferred = sizeof profiles;
    }
  else if (command->cdb[0] == 0x25 && self->profile != 0)
    memcpy (data, capacity, MIN (command->length, sizeof capacity));
  else if (command->cdb[0] != 0x00 && (command->cdb[0] != 0x28 || self->profile == 0))
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
  self->others += command->cdb[0] >= 0xc0 && command->cdb[1] != 0x89;
}

static void
refuse (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

static OflSnapshot *
look_at (const char *product)
{
  Specimen specimen = { "LITE-ON", product, "US0N", "", "" };
  g_autoptr (FakeTransport) transport = fake_transport_new (refuse, NULL);
  OflIdentity identity;

  specimen_identity (&identity, &specimen);
  return ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
}

static OflExamination *
examine_product (LiteOn *self, const char *product, const char *experimental)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, self);
  g_autoptr (OflSnapshot) drive = look_at (product);
  g_autoptr (OflChoices) choices = ofl_choices_new ();

  ofl_choices_set (choices, "experimental", experimental);
  return ofl_doctor_examine_deep (OFL_TRANSPORT (transport), drive, OFL_READ_QUICK, choices, NULL,
                                  self->cancellable);
}

static OflExamination *
examine (LiteOn *self, const char *experimental)
{
  return examine_product (self, "DVDRW SOHW-812S", experimental);
}

static const char *
next_of (const OflExamination *found, const char *id)
{
  const OflFinding *finding = ofl_examination_find (found, id);

  return finding != NULL && finding->next != NULL ? finding->next : "";
}

static void
test_read (void)
{
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
  LiteOn drive = { .eeprom = eeprom };
  g_autoptr (OflExamination) found = examine (&drive, "yes");

  findings_assert_level (found, "unit", OFL_FINDING_REMARK);
  findings_assert_says (found, "unit", "1024 bytes, both times the same");
  findings_assert_says (found, "unit", "cannot be told");
  g_assert_nonnull (strstr (next_of (found, "unit"), "not proven on a real drive"));
  g_assert_cmpuint (drive.asked, ==, 2 * READS);
  g_assert_cmpuint (drive.others, ==, 0);
}

/* Off: not one command of the maker's is sent. Shallow: not even when it is on. */
static void
test_off (void)
{
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
  LiteOn drive = { .eeprom = eeprom };
  g_autoptr (OflExamination) found = examine (&drive, NULL);
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, &drive);
  g_autoptr (OflSnapshot) snapshot = look_at ("DVDRW SOHW-812S");
  g_autoptr (OflExamination) shallow
      = ofl_doctor_examine (OFL_TRANSPORT (transport), snapshot, OFL_READ_QUICK, NULL, NULL);

  findings_assert_level (found, "unit", OFL_FINDING_REMARK);
  findings_assert_says (found, "unit", "switched off");
  g_assert_nonnull (strstr (next_of (found, "unit"), "experimental=yes"));
  g_assert_null (ofl_examination_find (shallow, "unit"));
  g_assert_cmpuint (drive.asked + drive.others, ==, 0);
}

/* What cannot be an EEPROM is doubtful, says how a bad one would show, and leaves the rest of the
 * examination alone. */
static void
test_implausible (void)
{
  static const struct {
    guint period;
    const char *says;
  } rows[] = { { 1, "all of it is the same byte" }, { 0x80, "80h" }, { 0x200, "200h" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
      LiteOn drive = { .eeprom = eeprom };
      g_autoptr (OflExamination) found = NULL;

      for (guint at = rows[i].period; at < EEPROM_LEN; at++)
        eeprom[at] = eeprom[at - rows[i].period];
      found = examine (&drive, "yes");
      findings_assert_level (found, "unit", OFL_FINDING_DOUBTFUL);
      findings_assert_says (found, "unit", rows[i].says);
      g_assert_nonnull (strstr (next_of (found, "unit"), "blinks orange"));
      g_assert_nonnull (ofl_examination_find (found, "next-disc"));
    }
}

/* Two reads that differ: nothing is concluded from anything. */
static void
test_differs (void)
{
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
  LiteOn drive = { .eeprom = eeprom, .differs_at = READS + 3 };
  g_autoptr (OflExamination) found = examine (&drive, "yes");

  findings_assert_level (found, "unit", OFL_FINDING_DOUBTFUL);
  findings_assert_says (found, "unit", "do not agree");
  findings_assert_says (found, "unit", "105h");
  g_assert_nonnull (strstr (next_of (found, "unit"), "Test the link"));
  findings_assert_says (found, "cause", "nothing can be said");
}

/* A refusal says nothing; silence ends it. */
static void
test_no_answer (void)
{
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
  LiteOn refuses = { .eeprom = eeprom, .outcome = OFL_OUTCOME_SENSE };
  LiteOn hangs = { .eeprom = eeprom, .outcome = OFL_OUTCOME_TIMEOUT };
  g_autoptr (OflExamination) refused = examine (&refuses, "yes");
  g_autoptr (OflExamination) silent = examine (&hangs, "yes");

  findings_assert_level (refused, "unit", OFL_FINDING_REMARK);
  findings_assert_says (refused, "unit", "says nothing about it");
  g_assert_nonnull (strstr (ofl_examination_find (refused, "unit")->technical, "df 89"));
  g_assert_nonnull (ofl_examination_find (refused, "next-disc"));
  g_assert_true (silent->silenced);
  findings_assert_level (silent, "silence", OFL_FINDING_BAD);
  g_assert_null (ofl_examination_find (silent, "unit"));
  g_assert_null (ofl_examination_find (silent, "next-disc"));
}

static void
test_cancelled (void)
{
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LiteOn drive = { .eeprom = eeprom, .cancel_at = READS + 2, .cancellable = cancellable };
  g_autoptr (OflExamination) found = examine (&drive, "yes");

  g_assert_true (found->cancelled);
  g_assert_cmpuint (drive.asked, ==, READS + 2);
  g_assert_null (ofl_examination_find (found, "unit"));
  findings_assert_level (found, "cancelled", OFL_FINDING_REMARK);
}

/* A disc that is not recognised: how a damaged EEPROM would show is told, and nothing claimed. */
static void
test_sign (void)
{
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
  LiteOn drive = { .eeprom = eeprom, .never_ready = TRUE }, well = { .eeprom = eeprom };
  g_autoptr (OflExamination) found = examine (&drive, NULL);
  g_autoptr (OflExamination) none = examine (&well, NULL);

  findings_assert_level (found, "sign", OFL_FINDING_REMARK);
  findings_assert_says (found, "sign", "the LED blinks orange, and no disc is recognised");
  g_assert_null (ofl_examination_find (none, "sign"));
}

/* Drives of another family's: what their families read apart from the firmware is read. */
static void
test_practice (void)
{
  static const struct {
    const char *id;
    OflFindingLevel level;
    const char *says; /* NULL: nothing is said */
  } rows[] = {
    { "px716", OFL_FINDING_GOOD, "1024 bytes, both times the same" },
    { "premium", OFL_FINDING_GOOD, "256 bytes, both times the same" },
    { "bu40n", OFL_FINDING_REMARK, "not read apart from the firmware" },
    { "sd616", OFL_FINDING_REMARK, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Patient) patient = patient_new (rows[i].id, NULL, NULL);
      g_autoptr (OflExamination) found = ofl_doctor_examine_deep (patient->transport,
                                                                  patient->drive, OFL_READ_NOTHING,
                                                                  NULL, NULL, patient->cancellable);

      if (rows[i].says == NULL)
        g_assert_null (ofl_examination_find (found, "unit"));
      else
        {
          findings_assert_level (found, "unit", rows[i].level);
          findings_assert_says (found, "unit", rows[i].says);
        }
    }
}

/* What is not read is not said to be what another family does not do, and a backup is promised only
 * where there is one. */
static void
test_no_plan (void)
{
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);
  LiteOn drive = { .eeprom = eeprom };
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, &drive);
  g_autoptr (OflSnapshot) stranger
      = snapshot_new (OFL_DRIVE_STATE_NORMAL, "liteon", OFL_CAP_READ_EEPROM);
  g_autoptr (OflChoices) choices = ofl_choices_new ();
  g_autoptr (Patient) patient = patient_new ("bu40n", NULL, NULL);
  g_autoptr (OflExamination) unknown = NULL;
  g_autoptr (OflExamination) whole = ofl_doctor_examine_deep (patient->transport, patient->drive,
                                                              OFL_READ_NOTHING, NULL, NULL,
                                                              patient->cancellable);

  ofl_choices_set (choices, "experimental", "yes");
  unknown = ofl_doctor_examine_deep (OFL_TRANSPORT (transport), stranger, OFL_READ_NOTHING, choices,
                                     NULL, NULL);
  findings_assert_level (unknown, "unit", OFL_FINDING_REMARK);
  findings_assert_says (unknown, "unit", "How much firmware or EEPROM this drive has is not known");
  g_assert_cmpstr (next_of (unknown, "unit"), ==, "");
  g_assert_cmpstr (next_of (whole, "unit"), ==, "A backup reads and stores it.");
  g_assert_cmpuint (drive.asked + drive.others, ==, 0);
}

/* Neither is a family that knows no way to count taken for a model that is not listed. */
static void
test_no_way (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", NULL);
  g_autoptr (OflExamination) found = ofl_doctor_examine_deep (patient->transport, patient->drive,
                                                              OFL_READ_NOTHING, NULL, NULL,
                                                              patient->cancellable);

  findings_assert_level (found, "errors-not", OFL_FINDING_REMARK);
  findings_assert_says (found, "errors-not", "no way to have them counted is known");
}

/* What the read of the EEPROM ends with is the link's failure, the drive's, nobody's, or a refusal; only
 * the last leaves all that is concluded as it would be without. */
static void
test_link (void)
{
  static const struct {
    OflOutcome outcome;
    guint8 key, asc, status;
    OflFindingLevel level;
    const char *next;                /* NULL: nothing */
    const char *with_disc, *without; /* what is concluded */
  } rows[] = {
    { OFL_OUTCOME_HOST, 0, 0, 0, OFL_FINDING_DOUBTFUL, "another cable", "got through",
      "got through" },
    { OFL_OUTCOME_SENSE, 0x0b, 0x47, 0, OFL_FINDING_DOUBTFUL, "another cable", "got through",
      "got through" },
    { OFL_OUTCOME_SENSE, 0x04, 0x44, 0, OFL_FINDING_DOUBTFUL, "", "nothing can be said about laser",
      "nothing can be said about laser" },
    { OFL_OUTCOME_SENSE, 0x02, 0x06, 0, OFL_FINDING_DOUBTFUL, "", "nothing can be said about laser",
      "nothing can be said about laser" },
    { OFL_OUTCOME_SENSE, 0x03, 0x11, 0, OFL_FINDING_DOUBTFUL, "", "nothing can be said about laser",
      "nothing can be said about laser" },
    { OFL_OUTCOME_STATUS, 0, 0, 0x08, OFL_FINDING_REMARK, "End other programs", "was busy",
      "Whether the drive reads a disc was not measured." },
    { OFL_OUTCOME_NOT_SENT, 0, 0, 0, OFL_FINDING_REMARK, "End other programs",
      "a command was not sent", "Whether the drive reads a disc was not measured." },
    { OFL_OUTCOME_SENSE, 0x02, 0x3a, 0, OFL_FINDING_REMARK, NULL, "was not ready",
      "Whether the drive reads a disc was not measured." },
    { OFL_OUTCOME_SENSE, 0x05, 0x20, 0, OFL_FINDING_REMARK, NULL, "every question was answered",
      "It answers everything it was asked as it should" },
  };
  g_autofree guint8 *eeprom = specimen_noise (10, EEPROM_LEN);

  for (guint i = 0; i < G_N_ELEMENTS (rows) * 2; i++)
    {
      guint row = i / 2;
      gboolean disc = i % 2 == 0;
      LiteOn drive = { eeprom,
                       .profile = disc ? 0x10 : 0,
                       .outcome = rows[row].outcome,
                       .key = rows[row].key,
                       .asc = rows[row].asc,
                       .status = rows[row].status };
      g_autoptr (OflExamination) found = examine (&drive, "yes");
      gboolean cause = ofl_examination_find (found, "cause") != NULL;

      g_assert_cmpuint (found->stretches->len, ==, disc ? STRETCHES : 0);
      findings_assert_level (found, "unit", rows[row].level);
      findings_assert_says (found, "unit", "could not be read");
      if (rows[row].next == NULL)
        g_assert_cmpstr (next_of (found, "unit"), ==, "");
      else if (strstr (next_of (found, "unit"), rows[row].next) == NULL)
        g_test_fail_printf ("row %u: %s", row, next_of (found, "unit"));
      findings_assert_says (found, cause ? "cause" : "next-disc",
                            disc ? rows[row].with_disc : rows[row].without);
      if (!disc && strstr (next_of (found, "cause"), "another disc") != NULL)
        g_test_fail_printf ("row %u: there is none", row);
    }
}

/* The families' own lists: byte for byte, and never anything that sends data. */
static void
test_list (void)
{
  static const struct {
    const char *family;
    guint8 cdb[12];
    guint len;
    OflDirection dir;
    gboolean listed;
  } rows[] = {
    { "liteon", { 0xdf, 0x89, [7] = 3, 0x80 }, 12, OFL_DIR_IN, TRUE },
    { "liteon", { 0xdf, 0x89, [7] = 3, 0x80 }, 12, OFL_DIR_OUT, FALSE },
    { "liteon", { 0xdf, 0x89, [7] = 3, 0x80, 1 }, 12, OFL_DIR_IN, FALSE },
    { "liteon", { 0xdf, 0x89, 1 }, 12, OFL_DIR_IN, FALSE },
    { "liteon", { 0xdf, 0x89 }, 10, OFL_DIR_IN, FALSE },
    { "liteon", { 0xdf, 0x83, [4] = 0xff }, 12, OFL_DIR_IN, FALSE },
    { "liteon", { 0xdf, 0x84, [4] = 1 }, 12, OFL_DIR_NONE, FALSE },
    { "liteon", { 0xdf, 0xa3 }, 12, OFL_DIR_IN, TRUE },
    { "liteon", { 0xdf, 0xa3, 2 }, 12, OFL_DIR_IN, FALSE },
    { "liteon", { 0xdf, 0xa0, [4] = 4 }, 12, OFL_DIR_IN, TRUE },
    { "liteon", { 0xdf, 0xa0, [4] = 1 }, 12, OFL_DIR_IN, FALSE },
    { "liteon", { 0xf3, 0x0e, [8] = 0x10 }, 12, OFL_DIR_IN, TRUE },
    { "liteon", { 0xf3, 0x0e, [8] = 0x11 }, 12, OFL_DIR_IN, FALSE },
    { "liteon", { 0x2b }, 10, OFL_DIR_NONE, TRUE },
    { "liteon", { 0x2b, [2] = 1 }, 10, OFL_DIR_NONE, FALSE },
    { "plextor", { 0xf1, 0, [8] = 2 }, 12, OFL_DIR_IN, TRUE },
    { "plextor", { 0xf1, 1, [7] = 3, 1 }, 12, OFL_DIR_IN, TRUE },
    { "plextor", { 0xf1, 2, [7] = 3, 1 }, 12, OFL_DIR_IN, FALSE },
    { "plextor", { 0xee }, 12, OFL_DIR_NONE, FALSE },
    { "mt1959", { 0xf1, 0, [8] = 2 }, 12, OFL_DIR_IN, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflCommand command = ofl_command_raw (rows[i].cdb, rows[i].len, rows[i].dir,
                                            rows[i].dir == OFL_DIR_NONE ? 0 : 0x80,
                                            OFL_TIMEOUT_PROBE);

      if (ofl_family_only_asks (ofl_families_find (rows[i].family), &command) != rows[i].listed)
        g_test_fail_printf ("row %u", i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-deep/read", test_read);
  g_test_add_func ("/doctor-deep/off", test_off);
  g_test_add_func ("/doctor-deep/implausible", test_implausible);
  g_test_add_func ("/doctor-deep/differs", test_differs);
  g_test_add_func ("/doctor-deep/no-answer", test_no_answer);
  g_test_add_func ("/doctor-deep/cancelled", test_cancelled);
  g_test_add_func ("/doctor-deep/sign", test_sign);
  g_test_add_func ("/doctor-deep/practice", test_practice);
  g_test_add_func ("/doctor-deep/no-plan", test_no_plan);
  g_test_add_func ("/doctor-deep/no-way", test_no_way);
  g_test_add_func ("/doctor-deep/link", test_link);
  g_test_add_func ("/doctor-deep/list", test_list);
  return g_test_run ();
}
