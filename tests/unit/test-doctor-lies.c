/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor, on drives that answer nonsense. */
#include <string.h>

#include "doctor-patient.h"
#include "doctor/ofl-doctor-answers.h"
#include "kit/fake-transport.h"

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

  findings_assert_level (sound, "cause", OFL_FINDING_GOOD);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    for (guint k = 0; k < G_N_ELEMENTS (lies); k++)
      {
        Liar liar = { questions[i].opcode, lies[k].fill, lies[k].length, questions[i].profile };
        g_autoptr (OflExamination) found = examine_liar (&liar);

        findings_assert_level (found, questions[i].id, OFL_FINDING_DOUBTFUL);
        findings_assert_says (found, questions[i].id, "cannot be right");
        findings_assert_level (found, "cause", OFL_FINDING_DOUBTFUL);
        g_assert_nonnull (strstr (ofl_examination_find (found, "cause")->next, "another cable"));
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/nonsense", test_nonsense);
  g_test_add_func ("/doctor/noise", test_noise);
  g_test_add_func ("/doctor/parsers", test_parsers);
  return g_test_run ();
}
