/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting errors on a Lite-On that is a script of the test's own: what is sent in which order, what is
 * made of the answers, and that the end is sent however it went. liteon 7.4 */
#include <string.h>

#include "doctor/ofl-doctor.h"
#include "families/ofl-families.h"
#include "kit/fake-transport.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"

#define DVD_ROM 0x10
#define CD_ROM 0x08

#define NEW_BEGIN "seek f30e "
#define OLD_BEGIN "dfa3 dfa0.2 dfa0.0 dfa0.4 dfa0.2 "
#define OLD_INTERVAL "df8209 df8205 df97 "
#define OLD_END "dfa301 "

typedef struct {
  guint16 profile;
  guint32 blocks;
  gboolean knows_new, knows_old;
  guint32 first_at, step; /* positions of F3 0E's answers */
  guint first, second, uncorrected;
  guint bad_from, bad_end, bad; /* intervals, from 1, with another first count */
  guint stands_at;              /* interval from which the position stays; 0: none */
  guint fails_at;               /* interval whose first command fails with @outcome */
  OflOutcome outcome;
  guint short_at;     /* interval whose answer is short */
  gint backwards_at;  /* interval whose position is 0 again */
  guint cancel_at;    /* interval after which somebody wants no more */
  guint8 begin_fails; /* byte 4 of the DF A0 that is refused, 0xff: none */
  gboolean end_fails;
  /* what became of it */
  guint intervals;
  GString *sent;
  GCancellable *cancellable;
} Drive;

static void
refuse (OflReply *reply)
{
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

static guint
first_of (const Drive *self)
{
  return self->intervals >= self->bad_from && self->intervals < self->bad_end ? self->bad
                                                                              : self->first;
}

static void
begin_interval (Drive *self, OflReply *reply)
{
  self->intervals++;
  if (self->intervals == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
  if (self->intervals != self->fails_at)
    return;
  if (self->outcome == OFL_OUTCOME_SENSE)
    fake_reply_sense (reply, 0x03, 0x11, 0);
  else
    *reply = (OflReply){ .outcome = self->outcome };
}

static guint32
position_of (const Drive *self)
{
  guint n = self->intervals - 1;

  if (self->stands_at > 0)
    n = MIN (n, self->stands_at - 1);
  return (int) self->intervals == self->backwards_at ? 0 : self->first_at + n * self->step;
}

/* The first question of a scan has no data that counts. */
static void
answer_new (Drive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  gboolean dvd = command->cdb[8] == 0x10;
  guint32 at;

  g_assert_cmphex (command->length, ==, 0x10);
  g_string_append (self->sent, "f30e ");
  if (!self->knows_new || dvd != (self->profile == DVD_ROM))
    {
      refuse (reply);
      return;
    }
  if (g_str_has_suffix (self->sent->str, NEW_BEGIN))
    {
      memset (data, 0xff, command->length);
      return;
    }
  begin_interval (self, reply);
  at = position_of (self);
  if (dvd)
    ofl_put_be (data, 4, at);
  else
    {
      data[1] = (guint8) (at / 4500);
      data[2] = (guint8) (at / 75 % 60);
      data[3] = (guint8) (at % 75);
    }
  ofl_put_be (data + 4, 2, first_of (self));
  ofl_put_be (data + 6, 2, self->second);
  if (self->intervals == self->short_at)
    reply->transferred = 5;
}

static void
answer_old (Drive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  const guint8 *cdb = command->cdb;

  g_assert_cmphex (command->length, ==, 0x100);
  g_string_append_printf (self->sent, "df%02x", cdb[1]);
  if (cdb[1] == 0xa0)
    g_string_append_printf (self->sent, ".%u", cdb[4]);
  else if (cdb[2] != 0)
    g_string_append_printf (self->sent, "%02x", cdb[2]);
  g_string_append_c (self->sent, ' ');
  if (!self->knows_old || (cdb[1] == 0xa0 && cdb[4] == self->begin_fails)
      || (self->end_fails && cdb[1] == 0xa3 && cdb[2] == 1))
    refuse (reply);
  else if (cdb[1] == 0x82 && cdb[2] == 0x09)
    begin_interval (self, reply);
  else if (cdb[1] == 0x82)
    {
      ofl_put_be (data, 2, first_of (self));
      ofl_put_be (data + 2, 2, self->second);
      data[4] = (guint8) self->uncorrected;
      if (self->intervals == self->short_at)
        reply->transferred = 4;
    }
}

static void
answer_profiles (const Drive *self, guint8 *data, const OflCommand *command, OflReply *reply)
{
  const guint8 profiles[16] = { [3] = 12, [7] = (guint8) self->profile,  [10] = 3,
                                [11] = 4, [13] = (guint8) self->profile, [14] = 1 };

  memcpy (data, profiles, MIN (command->length, sizeof profiles));
  reply->transferred = sizeof profiles;
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  Drive *self = user_data;
  const guint8 *cdb = command->cdb;

  g_assert_cmpint (command->dir, !=, OFL_DIR_OUT);
  if (cdb[0] == 0xf3)
    answer_new (self, command, data, reply);
  else if (cdb[0] == 0xdf)
    answer_old (self, command, data, reply);
  else if (cdb[0] == 0x2b)
    {
      g_assert_cmpuint (ofl_get_be (cdb + 2, 4), ==, 0);
      g_string_append (self->sent, "seek ");
    }
  else if (cdb[0] == 0x46)
    answer_profiles (self, data, command, reply);
  else if (cdb[0] == 0x25)
    {
      ofl_put_be (data, 4, self->blocks - 1);
      ofl_put_be (data + 4, 4, 2048);
    }
  else if (cdb[0] != 0x00)
    refuse (reply);
}

static void
answer_nothing (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                gpointer user_data)
{
  refuse (reply);
}

static OflExamination *
examine_product (Drive *self, const char *product)
{
  Specimen specimen = { "LITE-ON", product, "US0N", "", "" };
  g_autoptr (FakeTransport) none = fake_transport_new (answer_nothing, NULL);
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, self);
  g_autoptr (OflSnapshot) drive = NULL;
  OflIdentity identity;

  self->sent = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
  specimen_identity (&identity, &specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (none), &identity, NULL);
  return ofl_doctor_examine_deep (OFL_TRANSPORT (transport), drive, OFL_READ_NOTHING, NULL, NULL,
                                  self->cancellable);
}

static OflExamination *
examine (Drive *self)
{
  return examine_product (self, "DVDRW SOHW-812S");
}

static void
done (Drive *self)
{
  g_string_free (self->sent, TRUE);
  g_object_unref (self->cancellable);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Drive, done)

/* The finding "errors" at @n, from 0. */
static const OflFinding *
finding (const OflExamination *found, guint n)
{
  for (guint i = 0; i < found->findings->len; i++)
    {
      const OflFinding *one = g_ptr_array_index (found->findings, i);

      if (g_str_equal (one->id, "errors") && n-- == 0)
        return one;
    }
  return NULL;
}

static void
assert_finding (const OflExamination *found, guint n, OflFindingLevel level, const char *says)
{
  const OflFinding *one = finding (found, n);

  g_assert_nonnull (one);
  if (one->level != level || strstr (one->sentence, says) == NULL)
    g_test_fail_printf ("“%s” (%s) is not %s, “%s”", one->sentence,
                        ofl_finding_level_id (one->level), ofl_finding_level_id (level), says);
}

static const OflErrorCount *
count_at (const OflExamination *found, guint n)
{
  g_assert_cmpuint (n, <, found->errors->len);
  return &g_array_index (found->errors, OflErrorCount, n);
}

static char *
repeat (const char *begin, const char *what, guint n, const char *end)
{
  GString *all = g_string_new (begin);

  for (guint i = 0; i < n; i++)
    g_string_append (all, what);
  return g_string_free (g_string_append (all, end), FALSE);
}

#define CD \
  { \
    .profile = CD_ROM, .blocks = 3001, .begin_fails = 0xff \
  }
#define OLD_CD \
  { \
    .profile = CD_ROM, .blocks = 3001, .knows_old = TRUE, .begin_fails = 0xff, .first = 100, \
    .second = 2 \
  }
#define DVD \
  { \
    .profile = DVD_ROM, .blocks = 2561, .knows_new = TRUE, .first_at = 128, .step = 128, \
    .begin_fails = 0xff, .first = 280, .second = 3 \
  }

/* The new way first; its counts are given and not judged. */
static void
test_cd_new (void)
{
  g_auto (Drive) drive = CD;
  g_autoptr (OflExamination) found = NULL;
  g_autofree char *sent = repeat (NEW_BEGIN, "f30e ", 31, "");

  drive.knows_new = drive.knows_old = TRUE;
  drive.step = 100;
  drive.first = 9000;
  drive.second = 0x102;
  found = examine (&drive);
  g_assert_cmpstr (drive.sent->str, ==, sent);
  g_assert_cmpuint (found->errors->len, ==, 31);
  g_assert_cmpuint (count_at (found, 30)->position, ==, 3000);
  g_assert_cmpuint (count_at (found, 7)->first, ==, 9000);
  g_assert_cmpuint (count_at (found, 7)->second, ==, 0x102);
  assert_finding (found, 0, OFL_FINDING_REMARK, "C1: 279000, at most 9000");
  assert_finding (found, 0, OFL_FINDING_REMARK, "not judged");
  g_assert_null (finding (found, 1));
}

/* Refused, so the old way: whole, in order, with its end. */
static void
test_cd_old (void)
{
  g_auto (Drive) drive = OLD_CD;
  g_autoptr (OflExamination) found = examine (&drive);
  g_autofree char *sent = repeat (NEW_BEGIN OLD_BEGIN, OLD_INTERVAL, 40, OLD_END);

  g_assert_cmpstr (drive.sent->str, ==, sent);
  g_assert_cmpuint (found->errors->len, ==, 40);
  g_assert_cmpuint (count_at (found, 0)->position, ==, 75);
  g_assert_cmpuint (count_at (found, 39)->position, ==, 3000);
  assert_finding (found, 0, OFL_FINDING_GOOD, "C1: 4000, at most 100");
  assert_finding (found, 0, OFL_FINDING_GOOD, "C2: 80, at most 2");
  assert_finding (found, 0, OFL_FINDING_GOOD, "C1 is 100.0 in a second");
  g_assert_null (finding (found, 1));
}

/* 220 a second over ten of them is the limit, and one bad second alone is not above it. */
static void
test_cd_limit (void)
{
  static const struct {
    guint from, end, bad;
    OflFindingLevel level;
    const char *says;
  } rows[] = {
    { 11, 21, 220, OFL_FINDING_GOOD, "Nowhere" },
    { 11, 12, 1300, OFL_FINDING_GOOD, "Nowhere" },
    { 11, 12, 1301, OFL_FINDING_DOUBTFUL,
      "between 0:01 min and 0:20 min: over ten seconds C1 is up "
      "to 220.1" },
    { 11, 21, 221, OFL_FINDING_DOUBTFUL, "up to 221.0 a second" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Drive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      drive.bad_from = rows[i].from;
      drive.bad_end = rows[i].end;
      drive.bad = rows[i].bad;
      found = examine (&drive);
      assert_finding (found, 0, rows[i].level, rows[i].says);
    }
}

static void
test_cd_uncorrected (void)
{
  g_auto (Drive) drive = OLD_CD;
  g_autoptr (OflExamination) found = NULL;

  drive.uncorrected = 1;
  found = examine (&drive);
  assert_finding (found, 0, OFL_FINDING_DOUBTFUL,
                  "40 errors were not corrected at the second stage");
  g_assert_nonnull (strstr (finding (found, 0)->next, "pressed"));
}

/* 280 in 128 sectors: judged where the answers, or some of them together, are just so far apart. */
static void
test_dvd (void)
{
  static const struct {
    guint32 step;
    guint first, bad;
    OflFindingLevel level;
    const char *says;
  } rows[] = {
    { 128, 280, 280, OFL_FINDING_GOOD, "PI errors: 5600, at most 280" },
    { 128, 280, 281, OFL_FINDING_DOUBTFUL, "up to 281 PI errors in 128 sectors" },
    { 16, 35, 35, OFL_FINDING_GOOD, "Nowhere" },
    { 16, 35, 36, OFL_FINDING_DOUBTFUL, "up to 281 PI errors in 128 sectors" },
    { 80, 900, 901, OFL_FINDING_REMARK, "not judged" },
    { 256, 900, 901, OFL_FINDING_REMARK, "not judged" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Drive) drive = DVD;
      g_autoptr (OflExamination) found = NULL;

      drive.first_at = drive.step = rows[i].step;
      drive.first = rows[i].first;
      drive.bad = rows[i].bad;
      drive.bad_from = 7;
      drive.bad_end = 8;
      found = examine (&drive);
      g_assert_true (g_str_has_prefix (drive.sent->str, NEW_BEGIN "f30e f30e "));
      g_assert_null (strstr (drive.sent->str, "df"));
      g_assert_cmpuint (found->errors->len, ==, 2560 / rows[i].step);
      assert_finding (found, 0, rows[i].level, rows[i].says);
      g_assert_null (finding (found, 1));
    }
}

/* A place may be the last of its blocks: then the first answer is whole, too, and may have as much. */
static void
test_dvd_last_blocks (void)
{
  g_auto (Drive) drive = DVD, full = DVD;
  g_autoptr (OflExamination) found = NULL;
  g_autoptr (OflExamination) other = NULL;

  drive.blocks = full.blocks = 2560;
  drive.first_at = full.first_at = 127;
  drive.bad_from = full.bad_from = 1;
  drive.bad_end = full.bad_end = 2;
  drive.bad = 281;
  full.bad = 128 * 13;
  found = examine (&drive);
  other = examine (&full);
  g_assert_cmpuint (found->errors->len, ==, 20);
  assert_finding (found, 0, OFL_FINDING_DOUBTFUL, "up to 281 PI errors");
  assert_finding (other, 0, OFL_FINDING_DOUBTFUL, "up to 1664 PI errors");
}

static void
test_refused (void)
{
  g_auto (Drive) cd = CD, dvd = DVD, half = OLD_CD;
  g_autoptr (OflExamination) found = examine (&cd);
  g_autoptr (OflExamination) other = NULL;
  g_autoptr (OflExamination) third = NULL;

  dvd.knows_new = FALSE;
  other = examine (&dvd);
  half.begin_fails = 4;
  third = examine (&half);
  g_assert_cmpstr (cd.sent->str, ==, NEW_BEGIN "dfa3 " OLD_END);
  g_assert_cmpstr (dvd.sent->str, ==, NEW_BEGIN);
  g_assert_cmpstr (half.sent->str, ==, NEW_BEGIN "dfa3 dfa0.2 dfa0.0 dfa0.4 " OLD_END);
  assert_finding (found, 0, OFL_FINDING_REMARK, "refused");
  assert_finding (other, 0, OFL_FINDING_REMARK, "refused");
  assert_finding (third, 0, OFL_FINDING_REMARK, "refused");
  g_assert_cmpuint (found->errors->len + other->errors->len + third->errors->len, ==, 0);
}

/* In the middle: what was counted stays, nothing is asked twice, and the end is sent all the same. */
static void
test_failure (void)
{
  static const OflOutcome outcomes[]
      = { OFL_OUTCOME_SENSE, OFL_OUTCOME_STATUS, OFL_OUTCOME_TIMEOUT, OFL_OUTCOME_LOST };
  g_autofree char *sent = repeat (NEW_BEGIN OLD_BEGIN, OLD_INTERVAL, 12, "df8209 " OLD_END);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_auto (Drive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      drive.fails_at = 13;
      drive.outcome = outcomes[i];
      found = examine (&drive);
      g_assert_cmpstr (drive.sent->str, ==, sent);
      g_assert_cmpuint (found->errors->len, ==, 12);
      g_assert_true (found->silenced == (i >= 2));
      assert_finding (found, 0, OFL_FINDING_GOOD, "to 0:12 min of 0:40 min");
      if (i < 2)
        assert_finding (found, 1, OFL_FINDING_DOUBTFUL, "the drive failed there");
      else
        g_assert_nonnull (ofl_examination_find (found, "silence"));
    }
}

static void
test_cancelled (void)
{
  g_auto (Drive) drive = OLD_CD;
  g_autofree char *sent = repeat (NEW_BEGIN OLD_BEGIN, OLD_INTERVAL, 3, OLD_END);
  g_autoptr (OflExamination) found = NULL;

  drive.cancel_at = 3;
  found = examine (&drive);
  g_assert_cmpstr (drive.sent->str, ==, sent);
  g_assert_true (found->cancelled);
  g_assert_cmpuint (found->errors->len, ==, 3);
  assert_finding (found, 0, OFL_FINDING_REMARK, "to 0:03 min of 0:40 min");
  g_assert_nonnull (ofl_examination_find (found, "cancelled"));
}

/* Three answers of the same place end it, and count once. */
static void
test_stands (void)
{
  g_auto (Drive) drive = DVD;
  g_autoptr (OflExamination) found = NULL;

  drive.stands_at = 5;
  found = examine (&drive);
  g_assert_cmpuint (drive.intervals, ==, 7);
  g_assert_cmpuint (found->errors->len, ==, 5);
  assert_finding (found, 0, OFL_FINDING_GOOD, "PI errors: 1400");
  assert_finding (found, 1, OFL_FINDING_REMARK, "did not move on");
}

/* What cannot be a count ends it, and nothing is concluded. */
static void
test_garbage (void)
{
  for (guint i = 0; i < 5; i++)
    {
      g_auto (Drive) drive = DVD;
      g_autoptr (OflExamination) found = NULL;

      drive.bad_from = i == 0 ? 4 : 0;
      drive.bad_end = i == 0 ? 5 : 0;
      drive.bad = 128 * 13 + 1;
      drive.short_at = i == 1 ? 4 : 0;
      drive.backwards_at = i == 2 ? 4 : 0;
      drive.step = i == 3 ? 2400 : 128;
      if (i == 3)
        drive.blocks = 300;
      if (i == 4)
        drive.first_at = 0xffffffff;
      if (i == 3)
        drive.first_at = 4801;
      found = examine (&drive);
      g_assert_cmpuint (found->errors->len, ==, i < 3 ? 3 : 0);
      if (i < 3)
        assert_finding (found, 0, OFL_FINDING_REMARK, "PI errors: 840");
      assert_finding (found, i < 3 ? 1 : 0, OFL_FINDING_DOUBTFUL, "cannot be a count");
    }
}

static void
test_garbage_old (void)
{
  g_auto (Drive) drive = OLD_CD, large = OLD_CD;
  g_autoptr (OflExamination) found = NULL;
  g_autoptr (OflExamination) other = NULL;

  drive.short_at = 1;
  found = examine (&drive);
  large.first = 75 * 98 + 1;
  other = examine (&large);
  g_assert_cmpstr (drive.sent->str, ==, NEW_BEGIN OLD_BEGIN "df8209 df8205 " OLD_END);
  g_assert_cmpstr (large.sent->str, ==, NEW_BEGIN OLD_BEGIN OLD_INTERVAL OLD_END);
  assert_finding (found, 0, OFL_FINDING_DOUBTFUL, "cannot be a count");
  assert_finding (other, 0, OFL_FINDING_DOUBTFUL, "cannot be a count");
}

static void
test_end_fails (void)
{
  g_auto (Drive) drive = OLD_CD;
  g_autoptr (OflExamination) found = NULL;

  drive.end_fails = TRUE;
  found = examine (&drive);
  assert_finding (found, 0, OFL_FINDING_GOOD, "Nowhere");
  g_assert_nonnull (ofl_examination_find (found, "errors-end"));
}

/* A model that is not listed, or not with such a disc, is asked nothing. */
static void
test_not_listed (void)
{
  g_auto (Drive) drive = OLD_CD, dvd = DVD;
  g_autoptr (OflExamination) found = examine_product (&drive, "COMBO SOHC-5232K");
  g_autoptr (OflExamination) other = examine_product (&dvd, "LTR-52327S");

  g_assert_cmpstr (drive.sent->str, ==, "");
  g_assert_cmpstr (dvd.sent->str, ==, "");
  g_assert_null (finding (found, 0));
  g_assert_null (finding (other, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liteon-scan/cd-new", test_cd_new);
  g_test_add_func ("/liteon-scan/cd-old", test_cd_old);
  g_test_add_func ("/liteon-scan/cd-limit", test_cd_limit);
  g_test_add_func ("/liteon-scan/cd-uncorrected", test_cd_uncorrected);
  g_test_add_func ("/liteon-scan/dvd", test_dvd);
  g_test_add_func ("/liteon-scan/dvd-last-blocks", test_dvd_last_blocks);
  g_test_add_func ("/liteon-scan/refused", test_refused);
  g_test_add_func ("/liteon-scan/failure", test_failure);
  g_test_add_func ("/liteon-scan/cancelled", test_cancelled);
  g_test_add_func ("/liteon-scan/stands", test_stands);
  g_test_add_func ("/liteon-scan/garbage", test_garbage);
  g_test_add_func ("/liteon-scan/garbage-old", test_garbage_old);
  g_test_add_func ("/liteon-scan/end-fails", test_end_fails);
  g_test_add_func ("/liteon-scan/not-listed", test_not_listed);
  return g_test_run ();
}
