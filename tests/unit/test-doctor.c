/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor, on practice drives and on drives that answer nonsense: what it finds, what it does
 * not claim, and that it only reads. */
#include "doctor/ofl-doctor.h"

#include <string.h>

#include "doctor/ofl-doctor-answers.h"
#include "families/ofl-families.h"
#include "families/ofl-practice-catalog.h"
#include "kit/fake-transport.h"
#include "practice/ofl-practice-transport.h"
#include "scsi/ofl-error.h"

#define STRETCHES 200u

typedef struct {
  OflPracticeDrive *device;
  OflPracticePort *port;
  OflTransport *transport;
  OflSnapshot *drive;
  GCancellable *cancellable;
  guint asked;
  guint cancel_at; /* command; 0: never */
} Patient;

static void
on_command (const OflCommand *command, gpointer data)
{
  Patient *self = data;

  if (++self->asked == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

/* A practice drive that has been looked at, with a disc when @disc names one. */
static Patient *
patient_new (const char *id, const char *disc, const char *fault)
{
  Patient *self = g_new0 (Patient, 1);
  OflIdentity identity;

  self->device = ofl_practice_new (id, 3, NULL);
  if (disc != NULL)
    g_assert_true (ofl_practice_drive_put_disc (self->device, disc, NULL));
  self->port = ofl_practice_port_new (self->device, OFL_PRACTICE_VIRTUAL, 1);
  self->transport = ofl_practice_port_open (self->port, OFL_OPEN_READ_ONLY, NULL);
  g_assert_true (ofl_identity_read (&identity, self->transport, NULL));
  self->drive = ofl_families_probe (self->transport, &identity, NULL);
  self->cancellable = g_cancellable_new ();
  if (fault != NULL)
    g_assert_true (ofl_practice_drive_add_fault (self->device, fault, NULL));
  ofl_practice_port_set_watch (self->port, on_command, self);
  return self;
}

static void
patient_free (Patient *self)
{
  ofl_transport_close (self->transport);
  g_object_unref (self->transport);
  g_object_unref (self->port);
  g_object_unref (self->device);
  g_object_unref (self->cancellable);
  ofl_snapshot_unref (self->drive);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Patient, patient_free)

static OflExamination *
examine (Patient *self)
{
  return ofl_doctor_examine (self->transport, self->drive, OFL_READ_QUICK, NULL, self->cancellable);
}

static void
assert_level (const OflExamination *found, const char *id, OflFindingLevel level)
{
  const OflFinding *finding = ofl_examination_find (found, id);

  if (finding == NULL)
    g_test_fail_printf ("no finding “%s”", id);
  else if (finding->level != level)
    g_test_fail_printf ("“%s” is %s: %s", id, ofl_finding_level_id (finding->level),
                        finding->sentence);
}

static void
assert_says (const OflExamination *found, const char *id, const char *part)
{
  const OflFinding *finding = ofl_examination_find (found, id);

  g_assert_nonnull (finding);
  if (strstr (finding->sentence, part) == NULL)
    g_test_fail_printf ("“%s” is not in: %s", part, finding->sentence);
}

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
  g_autoptr (OflExamination) found = examine (patient);
  static const char *const good[]
      = { "state", "mend", "abilities", "buffer", "disc", "structure", "read", "cause" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    assert_level (found, good[i], OFL_FINDING_GOOD);
  g_assert_cmpuint (ofl_examination_worst (found), ==, OFL_FINDING_REMARK); /* no backup */
  assert_says (found, "cause", "the laser's power for writing, or the blank discs");
  assert_says (found, "cause", "Writing was not tried here.");
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
  g_autoptr (OflExamination) found = examine (patient);

  assert_level (found, "cause", OFL_FINDING_GOOD);
  g_assert_null (strstr (ofl_examination_find (found, "cause")->sentence, "writing"));
  assert_says (found, "mend", "nobody knows a public way");
  assert_says (found, "disc", "CD-ROM");
  g_assert_null (ofl_examination_find (found, "structure"));
}

/* The end of a CD is left out: where a burned one has blocks that nobody can read. */
static void
test_end_of_cd (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "cd-rom", "unreadable 65534 2");
  g_autoptr (OflExamination) found = NULL;

  found = ofl_doctor_examine (patient->transport, patient->drive, OFL_READ_FULL, NULL, NULL);
  assert_level (found, "read", OFL_FINDING_GOOD);
}

/* The seed's drive: discs stay blank, and the buffer is stuck at 50 %. */
static void
test_stays_blank (void)
{
  g_autoptr (Patient) patient = patient_new ("premium", "blank-cd-r", "stuck-buffer");
  g_autoptr (OflExamination) found = examine (patient);

  assert_level (found, "buffer", OFL_FINDING_DOUBTFUL);
  assert_says (found, "buffer", "50 %");
  assert_level (found, "disc", OFL_FINDING_REMARK);
  assert_says (found, "disc", "blank");
  assert_level (found, "atip", OFL_FINDING_GOOD);
  assert_says (found, "atip", "97:00:00");
  assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
  assert_says (found, "cause", "another firmware is not likely to help");
  g_assert_nonnull (strstr (ofl_examination_find (found, "cause")->next, "pressed disc"));
  g_assert_cmpuint (found->stretches->len, ==, 0); /* there is nothing to read */
}

/* A blank disc alone proves nothing about the laser. */
static void
test_blank (void)
{
  g_autoptr (Patient) patient = patient_new ("premium", "blank-cd-r", NULL);
  g_autoptr (OflExamination) found = examine (patient);

  assert_level (found, "buffer", OFL_FINDING_GOOD);
  assert_level (found, "cause", OFL_FINDING_REMARK);
  assert_says (found, "cause", "Which of them, a blank disc alone does not tell.");
}

static void
test_unreadable (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "unreadable 20000 100");
  g_autoptr (OflExamination) found = examine (patient);
  guint hit = 20000 / (0x10000 / STRETCHES);

  assert_level (found, "read", OFL_FINDING_DOUBTFUL);
  assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_FAILED), ==, 1);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_READ), ==, STRETCHES - 1);
  g_assert_cmpuint (g_array_index (found->stretches, OflStretch, hit).state, ==,
                    OFL_STRETCH_FAILED);
  assert_says (found, "read", "1 of 200 stretches");
}

/* A whole read finds what lies between the places where a quick one looks. */
static void
test_full (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "unreadable 20100 10");
  g_autoptr (OflExamination) quick = examine (patient);
  g_autoptr (OflExamination) full = NULL;

  full = ofl_doctor_examine (patient->transport, patient->drive, OFL_READ_FULL, NULL, NULL);
  assert_level (quick, "read", OFL_FINDING_GOOD);
  assert_level (full, "read", OFL_FINDING_DOUBTFUL);
  g_assert_cmpuint (count_stretches (full, OFL_STRETCH_FAILED), ==, 1);
}

static void
test_second_try (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "fail 28 50");
  g_autoptr (OflExamination) found = examine (patient);

  assert_level (found, "read", OFL_FINDING_DOUBTFUL);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_SECOND_TRY), ==, 1);
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_FAILED), ==, 0);
}

static void
test_nothing_read (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "unreadable 0 65536");
  g_autoptr (OflExamination) found = examine (patient);

  assert_level (found, "read", OFL_FINDING_BAD);
  assert_says (found, "cause", "does not rule out the firmware");
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_FAILED), <, STRETCHES); /* it gave up */
  g_assert_cmpuint (count_stretches (found, OFL_STRETCH_READ), ==, 0);
}

static void
test_no_disc (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", NULL, NULL);
  g_autoptr (OflExamination) found = examine (patient);

  assert_level (found, "next-disc", OFL_FINDING_REMARK);
  assert_says (found, "next-disc", "No disc is in the drive.");
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
  assert_says (found, "next-disc", "was not measured");
  g_assert_null (ofl_examination_find (found, "cause"));
  g_assert_null (ofl_examination_find (found, "read"));
}

/* A question that fails comes before all conclusions. */
static void
test_failed_question (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "fail 51");
  g_autoptr (OflExamination) found = examine (patient);

  assert_level (found, "disc", OFL_FINDING_DOUBTFUL);
  g_assert_nonnull (strstr (ofl_examination_find (found, "disc")->technical, "51 00"));
  assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
  assert_says (found, "cause", "nothing can be said about laser or firmware");
}

/* One that hangs is not asked again. */
static void
test_hangs (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "hang 5c");
  g_autoptr (OflExamination) found = examine (patient);

  g_assert_true (found->silenced);
  assert_level (found, "silence", OFL_FINDING_BAD);
  g_assert_null (ofl_examination_find (found, "cause"));
  g_assert_cmpuint (found->stretches->len, ==, 0);
  g_assert_cmpuint (patient->asked, <, 8);
}

static void
test_hangs_in_pass (void)
{
  g_autoptr (Patient) patient = patient_new ("bu40n", "pressed", "hang 28 41");
  g_autoptr (OflExamination) found = examine (patient);

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
  found = examine (patient);
  g_assert_true (found->cancelled);
  g_assert_cmpuint (patient->asked, ==, 100);
  assert_level (found, "cancelled", OFL_FINDING_REMARK);
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

static OflSnapshot *
snapshot_new (OflDriveState state, const char *family, OflCaps caps)
{
  static const guint8 inquiry[36] = "\x05\x80\x02\x32\x5b\0\0\0MAKER   MODEL           1.00";
  OflIdentity identity = { .reads = 3 };
  OflSnapshot *snapshot;

  ofl_identity_parse_inquiry (&identity, inquiry, sizeof inquiry);
  snapshot = ofl_snapshot_new (&identity);
  ofl_snapshot_set_state (snapshot, state);
  ofl_snapshot_set_family (snapshot, family, caps);
  return snapshot;
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

      assert_level (found, "state", OFL_FINDING_BAD);
      assert_level (found, "mend", cases[i].mend);
      assert_says (found, "mend", cases[i].says);
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

  assert_level (found, "state", OFL_FINDING_BAD);
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
  assert_level (found, "state", OFL_FINDING_BAD);
  assert_says (found, "state", "No answer.");
  assert_says (found, "mend", "nothing can be told about its firmware");
}

/* Answers that cannot be right */

typedef struct {
  guint8 opcode; /* that gets @fill, @length of it; 0: none does */
  guint8 fill;
  gsize length;
  guint16 profile;
} Liar;

static void
put_sound (const Liar *liar, const OflCommand *command, guint8 *data)
{
  static const guint8 room[12] = { 0, 10, 0, 0, 0, 0x20, 0, 0, 0, 0x20 };
  static const guint8 info[34] = { 0, 32, 0x0e, 1, 1, 1, 1 };
  static const guint8 capacity[8] = { 0, 0, 0xff, 0xff, 0, 0, 8 };
  static const guint8 atip[28] = { 0, 26, 0, 0, 0xc0, 0, 0x80, 0, 97, 26, 66, 0, 79, 59, 74 };
  static const guint8 physical[20] = { 0, 18, 0, 0, 1, 2, 1, 0, 0, 3, 0, 0, 0, 0x10, 0, 0 };
  guint8 profiles[16]
      = { 0, 0, 0, 12, 0, 0, 0, (guint8) liar->profile, 0, 0, 3, 4, 0, (guint8) liar->profile, 1 };
  guint8 page[40] = { 0, 38, [8] = 0x2a, 30, 0x3f, 0x37 };
  const struct {
    guint8 opcode;
    const guint8 *data;
    gsize length;
  } answers[] = {
    { 0x5c, room, sizeof room },         { 0x51, info, sizeof info },
    { 0x25, capacity, sizeof capacity }, { 0x43, atip, sizeof atip },
    { 0xad, physical, sizeof physical }, { 0x46, profiles, sizeof profiles },
    { 0x5a, page, sizeof page },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (answers[i].opcode == command->cdb[0])
      memcpy (data, answers[i].data, MIN (answers[i].length, command->length));
}

static void
answer_liar (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
             gpointer user_data)
{
  const Liar *liar = user_data;

  reply->outcome = OFL_OUTCOME_OK;
  reply->transferred = command->length;
  reply->duration_us = 1000;
  if (command->length == 0 || command->cdb[0] == 0x28)
    return; /* what stands on a disc nobody looks at */
  memset (data, 0, command->length);
  if (command->cdb[0] != liar->opcode)
    put_sound (liar, command, data);
  else
    {
      memset (data, liar->fill, command->length);
      reply->transferred = MIN (command->length, (guint32) liar->length);
    }
}

static OflExamination *
examine_liar (Liar *liar)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer_liar, liar);
  g_autoptr (OflSnapshot) drive = snapshot_new (OFL_DRIVE_STATE_NORMAL, NULL, OFL_CAP_NONE);

  return ofl_doctor_examine (OFL_TRANSPORT (transport), drive, OFL_READ_QUICK, NULL, NULL);
}

static void
test_nonsense (void)
{
  static const struct {
    guint8 opcode;
    const char *id;
    guint16 profile;
  } questions[] = {
    { 0x5c, "buffer", 0x10 },    { 0x51, "disc", 0x10 },      { 0x25, "capacity", 0x10 },
    { 0x43, "atip", 0x09 },      { 0xad, "structure", 0x10 }, { 0x46, "profiles", 0x10 },
    { 0x5a, "abilities", 0x10 },
  };
  static const struct {
    guint8 fill;
    gsize length;
  } lies[] = { { 0xff, 3 }, { 0x00, G_MAXUINT16 }, { 0x00, 0 } };
  Liar honest = { .profile = 0x10 };
  g_autoptr (OflExamination) sound = examine_liar (&honest);

  assert_level (sound, "cause", OFL_FINDING_GOOD);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    for (guint k = 0; k < G_N_ELEMENTS (lies); k++)
      {
        Liar liar = { questions[i].opcode, lies[k].fill, lies[k].length, questions[i].profile };
        g_autoptr (OflExamination) found = examine_liar (&liar);

        assert_level (found, questions[i].id, OFL_FINDING_DOUBTFUL);
        assert_says (found, questions[i].id, "cannot be right");
        if (ofl_examination_find (found, "cause") != NULL)
          assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
      }
}

/* Whatever comes: findings with sentences, and an end. */
static void
answer_noise (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
              gpointer user_data)
{
  GRand *rand = user_data;
  guint kind = g_rand_int_range (rand, 0, 12);

  reply->outcome = OFL_OUTCOME_OK;
  reply->transferred = command->length > 0 ? g_rand_int_range (rand, 0, (gint) command->length + 1)
                                           : 0;
  if (kind == 0)
    fake_reply_sense (reply, (guint8) g_rand_int_range (rand, 0, 16),
                      (guint8) g_rand_int_range (rand, 0, 256), 0);
  if (kind == 1)
    reply->outcome
        = (OflOutcome) g_rand_int_range (rand, OFL_OUTCOME_STATUS, OFL_OUTCOME_NOT_SENT + 1);
  if (kind >= 6)
    {
      Liar honest = { .profile = kind == 6 ? 0x09 : 0x10 };

      answer_liar (index, command, data, reply, &honest);
    }
  else
    for (guint32 i = 0; i < MIN (reply->transferred, 64); i++)
      data[i] = (guint8) g_rand_int_range (rand, 0, 256);
}

static void
test_noise (void)
{
  for (guint seed = 0; seed < 200; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      g_autoptr (FakeTransport) transport = fake_transport_new (answer_noise, rand);
      g_autoptr (OflSnapshot) drive = snapshot_new (OFL_DRIVE_STATE_NORMAL, NULL, OFL_CAP_NONE);
      g_autoptr (OflExamination) found
          = ofl_doctor_examine (OFL_TRANSPORT (transport), drive, OFL_READ_QUICK, NULL, NULL);

      g_assert_cmpuint (found->findings->len, >=, 3);
      g_assert_cmpuint (found->stretches->len, <=, STRETCHES);
      for (guint i = 0; i < found->findings->len; i++)
        g_assert_cmpstr (((OflFinding *) g_ptr_array_index (found->findings, i))->sentence, !=, "");
    }
}

static void
test_parsers (void)
{
  guint8 room[12] = { 0, 10, 0, 0, 0, 0x20, 0, 0, 0, 0x10 };
  guint8 atip[16] = { 0, 14, 0, 0, 0, 0, 0x40, 0, 97, 26, 66, 0, 79, 59, 74 };
  guint8 capacity[8] = { 0, 0, 0xff, 0xff, 0, 0, 8 };
  OflBufferRoom buffer;
  OflAtip groove;
  guint32 blocks;

  g_assert_true (ofl_buffer_room_parse (&buffer, room, sizeof room));
  g_assert_cmphex (buffer.size, ==, 0x200000);
  g_assert_cmphex (buffer.free, ==, 0x100000);
  room[8] = 1; /* more is free than there is */
  g_assert_false (ofl_buffer_room_parse (&buffer, room, sizeof room));
  g_assert_true (ofl_atip_parse (&groove, atip, sizeof atip));
  g_assert_true (groove.rewritable);
  atip[9] = 60;
  g_assert_false (ofl_atip_parse (&groove, atip, sizeof atip));
  g_assert_true (ofl_disc_blocks_parse (&blocks, capacity, sizeof capacity));
  g_assert_cmphex (blocks, ==, 0x10000);
  capacity[6] = 9; /* blocks of 2304 bytes */
  g_assert_false (ofl_disc_blocks_parse (&blocks, capacity, sizeof capacity));
}

/* Only reads */

/* What the doctor may send, written out; nothing of the program's own lists. */
static gboolean
is_harmless (const OflCommand *command)
{
  const guint8 *cdb = command->cdb;

  if (command->dir == OFL_DIR_OUT)
    return FALSE;
  switch (cdb[0])
    {
    case 0x00: /* TEST UNIT READY */
    case 0x25: /* READ CAPACITY */
    case 0x28: /* READ(10) */
    case 0x46: /* GET CONFIGURATION */
    case 0x51: /* READ DISC INFORMATION */
    case 0x5c: /* READ BUFFER CAPACITY */
      return TRUE;
    case 0x43: /* READ TOC/PMA/ATIP: ATIP */
      return cdb[2] == 0x04;
    case 0x5a: /* MODE SENSE: page 2A */
      return cdb[2] == 0x2a;
    case 0xad: /* READ DISC STRUCTURE: physical format */
      return cdb[7] == 0x00;
    default:
      return FALSE;
    }
}

static void
on_any_command (const OflCommand *command, gpointer data)
{
  g_autofree char *cdb = ofl_command_format (command);

  if (!is_harmless (command))
    g_test_fail_printf ("%s: %s", (const char *) data, cdb);
}

static void
test_finds_harm (void)
{
  static const guint8 cdbs[][12] = { { 0x3b, 0x02 }, { 0x2a },       { 0x1b, 0, 0, 0, 2 },
                                     { 0x55, 0x10 }, { 0x04 },       { 0xbf },
                                     { 0xa4 },       { 0x5b },       { 0xa1 },
                                     { 0x35 },       { 0x43, 2, 5 }, { 0x5a, 0, 5 },
                                     { 0xf1, 1 },    { 0x3c, 6 },    { 0x1e } };

  for (guint i = 0; i < G_N_ELEMENTS (cdbs); i++)
    {
      OflCommand command = ofl_command_raw (cdbs[i], 12, OFL_DIR_NONE, 0, 0);

      g_assert_false (is_harmless (&command));
    }
}

/* Every practice drive, with every disc that it takes, well and with faults. */
static void
test_only_reads (gconstpointer data)
{
  static const char *const discs[] = { NULL, "pressed", "cd-rom", "blank-cd-r" };
  static const char *const faults[] = { NULL, "stuck-buffer", "fail 51", "unreadable 9 30000" };

  for (guint i = 0; i < G_N_ELEMENTS (discs) * G_N_ELEMENTS (faults); i++)
    {
      const char *disc = discs[i % G_N_ELEMENTS (discs)];
      g_autoptr (OflPracticeDrive) trial = ofl_practice_new (data, 1, NULL);
      g_autoptr (Patient) patient = NULL;
      g_autoptr (OflExamination) found = NULL;
      g_autoptr (GBytes) before = NULL;
      g_autoptr (GBytes) after = NULL;
      guint writes;

      if (disc != NULL && !ofl_practice_drive_put_disc (trial, disc, NULL))
        continue; /* it writes no CDs */
      patient = patient_new (data, disc, faults[i / G_N_ELEMENTS (discs)]);
      ofl_practice_port_set_watch (patient->port, on_any_command, (gpointer) data);
      writes = ofl_practice_drive_get_n_writes (patient->device);
      before = ofl_practice_drive_get_flash (patient->device);
      found = examine (patient);
      after = ofl_practice_drive_get_flash (patient->device);
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (patient->device), ==, writes);
      g_assert_true (g_bytes_equal (before, after));
      g_assert_cmpuint (found->findings->len, >, 3);
    }
}

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
  g_test_add_func ("/doctor/nonsense", test_nonsense);
  g_test_add_func ("/doctor/noise", test_noise);
  g_test_add_func ("/doctor/parsers", test_parsers);
  g_test_add_func ("/doctor/finds-harm", test_finds_harm);
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/doctor/only-reads/%s", ofl_practice_get_id (i));

      g_test_add_data_func (path, ofl_practice_get_id (i), test_only_reads);
    }
  return g_test_run ();
}
