/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a drive says it is. */
#include <string.h>

#include "drive/ofl-drive.h"
#include "kit/fake-transport.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define OP_TEST_UNIT_READY 0x00
#define OP_INQUIRY 0x12
#define OP_GET_CONFIGURATION 0x46

/* A drive as the tests need it. */
typedef struct {
  guint8 inquiry[OFL_INQUIRY_LEN];
  guint32 inquiry_len; /* bytes it sends */
  const char *serial;  /* NULL: no such feature */
  const char *date;
  gboolean medium;
  guint attentions; /* unit attentions still to tell */
  int storm_opcode; /* they are told to this one only; -1: to any */
  guint busy;       /* times it still says BUSY */
  guint flips;      /* INQUIRY answers still to be corrupted, from the second on */
  int fail_opcode;  /* -1: none */
  OflOutcome fail_outcome;
  guint inquiries;
} Model;

static void
model_init (Model *model)
{
  static const char text[] = "HL-DT-STBD-RE BU40N     1.03N0A03A0K9JF41A3139  ";

  memset (model, 0, sizeof *model);
  memcpy (model->inquiry, "\x05\x80\x00\x32\x5b\x00\x00\x00", 8);
  memcpy (model->inquiry + 8, text, sizeof text - 1);
  model->inquiry_len = OFL_INQUIRY_LEN;
  model->serial = "K9JF41A3139 ";
  model->date = "20190101123456";
  model->fail_opcode = -1;
  model->storm_opcode = -1;
}

static void
answer_inquiry (Model *model, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint32 length = MIN (model->inquiry_len, command->length);

  memset (data, 0, command->length);
  memcpy (data, model->inquiry, length);
  reply->transferred = length;
  reply->residual = command->length - length;
  if (model->inquiries++ > 0 && model->flips > 0)
    {
      model->flips--;
      data[18] ^= 0x04;
    }
}

static void
answer_feature (Model *model, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint feature = ofl_get_be (command->cdb + 2, 2);
  const char *text = feature == 0x0108 ? model->serial : feature == 0x010c ? model->date : NULL;
  gsize length = text != NULL ? strlen (text) : 0;

  g_assert_cmpuint (command->cdb[1] & 3, ==, 2);
  memset (data, 0, command->length);
  reply->transferred = text != NULL ? 12 + (guint32) length : 8;
  ofl_put_be (data, 4, reply->transferred - 4);
  if (text == NULL)
    return;
  ofl_put_be (data + 8, 2, feature);
  data[10] = 0x03;
  data[11] = (guint8) length;
  memcpy (data + 12, text, length);
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  Model *model = user_data;

  if (command->cdb[0] == model->fail_opcode)
    reply->outcome = model->fail_outcome;
  else if (model->attentions > 0
           && (model->storm_opcode < 0 || command->cdb[0] == model->storm_opcode))
    {
      model->attentions--;
      fake_reply_sense (reply, OFL_KEY_UNIT_ATTENTION, 0x29, 0x00);
    }
  else if (model->busy > 0)
    {
      model->busy--;
      reply->outcome = OFL_OUTCOME_STATUS;
      reply->status = 0x08;
    }
  else if (command->cdb[0] == OP_INQUIRY)
    answer_inquiry (model, command, data, reply);
  else if (command->cdb[0] == OP_GET_CONFIGURATION)
    answer_feature (model, command, data, reply);
  else if (command->cdb[0] == OP_TEST_UNIT_READY && !model->medium)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0x01);
}

static gboolean
read_identity (Model *model, OflIdentity *identity, char **trace, GError **error)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, model);
  gboolean ok = ofl_identity_read (identity, OFL_TRANSPORT (transport), error);

  if (trace != NULL)
    *trace = g_strdup (fake_transport_get_trace (transport));
  return ok;
}

static void
test_identity_stable (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *trace = NULL;
  g_autofree char *name = NULL;
  OflIdentity identity;
  Model model;

  model_init (&model);
  g_assert_true (read_identity (&model, &identity, &trace, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (trace, ==, "12 12 12 46 46 00");
  g_assert_cmpstr (identity.vendor, ==, "HL-DT-ST");
  g_assert_cmpstr (identity.product, ==, "BD-RE BU40N");
  g_assert_cmpstr (identity.revision, ==, "1.03");
  g_assert_cmpstr (identity.extra, ==, "N0A03A0K9JF41A3139");
  g_assert_cmpstr (identity.serial, ==, "K9JF41A3139");
  g_assert_cmpstr (identity.firmware_date, ==, "20190101123456");
  g_assert_cmpuint (identity.reads, ==, 3);
  g_assert_cmpuint (identity.different, ==, 0);
  g_assert_cmpuint (identity.inquiry_len, ==, 96);
  g_assert_false (identity.medium);
  g_assert_true (ofl_identity_is_trustworthy (&identity, &error));
  name = ofl_identity_name (&identity);
  g_assert_cmpstr (name, ==, "HL-DT-ST BD-RE BU40N");
}

static void
test_identity_short (void)
{
  OflIdentity identity;
  Model model;

  /* 36 bytes and nothing else */
  model_init (&model);
  model.inquiry[4] = 0x1f;
  model.inquiry_len = 36;
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_cmpuint (identity.inquiry_len, ==, 36);
  g_assert_cmpstr (identity.extra, ==, "");
  g_assert_true (identity.printable);

  /* the same drive behind a bridge that fills the answer up with what it has */
  model.inquiry_len = 96;
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_cmpuint (identity.inquiry_len, ==, 36);
  g_assert_cmpstr (identity.extra, ==, "");

  /* too short to hold a name */
  model.inquiry_len = 20;
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_false (ofl_identity_is_trustworthy (&identity, NULL));
}

static void
test_identity_unprintable (void)
{
  g_autoptr (GError) error = NULL;
  OflIdentity identity;
  Model model;

  model_init (&model);
  model.inquiry[17] = 0xc4;
  g_assert_true (read_identity (&model, &identity, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (identity.different, ==, 0);
  g_assert_cmpstr (identity.product, ==, "B?-RE BU40N");
  g_assert_false (ofl_identity_is_trustworthy (&identity, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_GARBLED);

  memset (model.inquiry + 8, 0, 28); /* a dead link likes zeros */
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_false (ofl_identity_is_trustworthy (&identity, NULL));

  model_init (&model); /* zeros where blanks should be are no reason for alarm */
  memset (model.inquiry + 27, 0, 5);
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_cmpstr (identity.product, ==, "BD-RE BU40N");
  g_assert_true (ofl_identity_is_trustworthy (&identity, NULL));

  memcpy (model.inquiry + 27, "\0    ", 5); /* nor is one zero, and blanks behind it */
  memcpy (model.inquiry + 32, "1.0 ", 4);
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_cmpstr (identity.product, ==, "BD-RE BU40N");
  g_assert_cmpstr (identity.revision, ==, "1.0 ");
  g_assert_true (ofl_identity_is_trustworthy (&identity, NULL));

  memcpy (model.inquiry + 27, "\0  N ", 5); /* text behind a zero is */
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_false (ofl_identity_is_trustworthy (&identity, NULL));
}

static void
test_identity_changing (void)
{
  g_autoptr (GError) error = NULL;
  OflIdentity identity;
  Model model;

  model_init (&model);
  model.flips = 1;
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_true (identity.printable);
  g_assert_cmpuint (identity.different, ==, 1);
  g_assert_false (ofl_identity_is_trustworthy (&identity, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_GARBLED);
}

static void
test_identity_unreachable (void)
{
  static const int opcodes[] = { OP_INQUIRY, OP_GET_CONFIGURATION, OP_TEST_UNIT_READY };

  for (guint i = 0; i < G_N_ELEMENTS (opcodes); i++)
    {
      g_autoptr (GError) timeout = NULL;
      g_autoptr (GError) lost = NULL;
      OflIdentity identity;
      Model model;

      model_init (&model);
      model.fail_opcode = opcodes[i];
      model.fail_outcome = OFL_OUTCOME_TIMEOUT;
      g_assert_false (read_identity (&model, &identity, NULL, &timeout));
      g_assert_error (timeout, OFL_ERROR, OFL_ERROR_TIMEOUT);
      model.fail_outcome = OFL_OUTCOME_LOST;
      g_assert_false (read_identity (&model, &identity, NULL, &lost));
      g_assert_error (lost, OFL_ERROR, OFL_ERROR_LOST);
    }
}

static void
test_identity_repeats (void)
{
  g_autofree char *attentions = NULL;
  g_autofree char *busy = NULL;
  OflIdentity identity;
  Model model;

  model_init (&model);
  model.attentions = 2;
  g_assert_true (read_identity (&model, &identity, &attentions, NULL));
  g_assert_cmpstr (attentions, ==, "12 12 12 12 12 46 46 00");
  g_assert_cmpuint (identity.reads, ==, 3);
  g_assert_cmpstr (identity.serial, ==, "K9JF41A3139");

  model_init (&model);
  model.busy = 1;
  g_assert_true (read_identity (&model, &identity, &busy, NULL));
  g_assert_cmpstr (busy, ==, "12 12 12 12 46 46 00");
}

static void
test_identity_storm (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *trace = NULL;
  OflIdentity identity;
  Model model;

  model_init (&model);
  model.attentions = G_MAXUINT;
  g_assert_false (read_identity (&model, &identity, &trace, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_REJECTED);
  g_assert_cmpuint (strlen (trace), <, 64);
}

/* F14: a storm in the middle must not make a drive without a serial of one that has one. */
static void
test_identity_f14_storm (void)
{
  static const guint lasts[] = { 1, 8, 9, 10, 12, 16, 17, G_MAXUINT };

  for (guint i = 0; i < G_N_ELEMENTS (lasts); i++)
    {
      g_autoptr (GError) error = NULL;
      OflIdentity identity;
      Model model;

      model_init (&model);
      model.storm_opcode = OP_GET_CONFIGURATION;
      model.attentions = lasts[i];
      if (read_identity (&model, &identity, NULL, &error))
        g_assert_cmpstr (identity.serial, ==, "K9JF41A3139");
      else
        g_assert_cmpuint (lasts[i], >, 16);
    }
}

static void
test_identity_features (void)
{
  OflIdentity identity;
  Model model;

  model_init (&model);
  model.serial = NULL;
  model.date = NULL;
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_cmpstr (identity.serial, ==, "");
  g_assert_cmpstr (identity.firmware_date, ==, "");
  g_assert_true (ofl_identity_is_trustworthy (&identity, NULL));

  model.fail_opcode = OP_GET_CONFIGURATION; /* it does not even know the command */
  model.fail_outcome = OFL_OUTCOME_SENSE;
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_true (ofl_identity_is_trustworthy (&identity, NULL));

  model_init (&model);
  model.serial = "bad\x01serial";
  model.medium = TRUE;
  g_assert_true (read_identity (&model, &identity, NULL, NULL));
  g_assert_cmpstr (identity.serial, ==, "");
  g_assert_true (identity.medium);
}

static void
test_identity_same (void)
{
  OflIdentity a, b;
  Model model;

  model_init (&model);
  g_assert_true (read_identity (&model, &a, NULL, NULL));
  memcpy (model.inquiry + 32, "1.04", 4);
  g_assert_true (read_identity (&model, &b, NULL, NULL));
  g_assert_true (ofl_identity_same_drive (&a, &b));
  model.serial = "K9JF41A3140 ";
  g_assert_true (read_identity (&model, &b, NULL, NULL));
  g_assert_false (ofl_identity_same_drive (&a, &b));
  model.serial = NULL;
  g_assert_true (read_identity (&model, &b, NULL, NULL));
  g_assert_true (ofl_identity_same_drive (&a, &b));
  memcpy (model.inquiry + 16, "BD-RE WH16", 10);
  g_assert_true (read_identity (&model, &b, NULL, NULL));
  g_assert_false (ofl_identity_same_drive (&a, &b));
}

/* Snapshot. */

static OflSnapshot *
probe_as_boot (OflTransport *transport, const OflIdentity *identity, gpointer data)
{
  OflSnapshot *snapshot = ofl_snapshot_new (identity);

  (*(guint *) data)++;
  ofl_snapshot_set_family (snapshot, "test", OFL_CAP_READ | OFL_CAP_RECOVER);
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_BOOT);
  return snapshot;
}

static OflSnapshot *
take_snapshot (Model *model, guint *n_probes)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, model);

  return ofl_drive_take_snapshot (OFL_TRANSPORT (transport),
                                  n_probes != NULL ? probe_as_boot : NULL, n_probes, NULL);
}

static void
test_snapshot_take (void)
{
  g_autoptr (OflSnapshot) plain = NULL;
  g_autoptr (OflSnapshot) boot = NULL;
  g_autoptr (OflSnapshot) changing = NULL;
  guint n_probes = 0;
  Model model;

  model_init (&model);
  plain = take_snapshot (&model, NULL);
  g_assert_cmpint (ofl_snapshot_get_state (plain), ==, OFL_DRIVE_STATE_NORMAL);
  g_assert_null (ofl_snapshot_get_family (plain));

  model.inquiry[8] = 0xff; /* unreadable but stable: a family may know it */
  boot = take_snapshot (&model, &n_probes);
  g_assert_cmpuint (n_probes, ==, 1);
  g_assert_cmpint (ofl_snapshot_get_state (boot), ==, OFL_DRIVE_STATE_BOOT);
  g_assert_cmpstr (ofl_snapshot_get_family (boot), ==, "test");

  model_init (&model); /* changing: nobody may be asked over such a link */
  model.flips = 2;
  changing = take_snapshot (&model, &n_probes);
  g_assert_cmpuint (n_probes, ==, 1);
  g_assert_cmpint (ofl_snapshot_get_state (changing), ==, OFL_DRIVE_STATE_GARBLED);
  g_assert_nonnull (ofl_snapshot_get_reason (changing));
}

static void
test_snapshot_values (void)
{
  OflIdentity identity = { .vendor = "V", .product = "P", .printable = TRUE };
  g_autoptr (OflSnapshot) snapshot = ofl_snapshot_new (&identity);
  g_autoptr (OflSnapshot) second = ofl_snapshot_ref (snapshot);
  GPtrArray *names;

  ofl_snapshot_set_mark (snapshot, "MT1959");
  ofl_snapshot_set_image_size (snapshot, 0x200000);
  ofl_snapshot_set_reason (snapshot, OFL_SAY ("Because."));
  ofl_snapshot_set_blob (snapshot, "banner", (const guint8 *) "\0\1\2", 3);
  ofl_snapshot_set_fact (snapshot, "chip", "one");
  ofl_snapshot_set_fact (snapshot, "board", "BU5");
  ofl_snapshot_set_fact (snapshot, "chip", "two");
  names = ofl_snapshot_list_facts (second);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (names, 0), ==, "chip");
  g_assert_cmpstr (ofl_snapshot_get_fact (second, "chip"), ==, "two");
  g_assert_cmpstr (ofl_snapshot_get_fact (second, "board"), ==, "BU5");
  g_assert_null (ofl_snapshot_get_fact (second, "none"));
  g_assert_cmpuint (g_bytes_get_size (ofl_snapshot_get_blob (second, "banner")), ==, 3);
  g_assert_null (ofl_snapshot_get_blob (second, "none"));
  g_assert_cmpstr (ofl_snapshot_get_mark (second), ==, "MT1959");
  g_assert_cmpuint (ofl_snapshot_get_image_size (second), ==, 0x200000);
  g_assert_cmpstr (ofl_snapshot_get_reason (second), ==, "Because.");
}

/* The century stands in the place of the year's first half, or the year is whole. */
static void
test_identity_date (void)
{
  static const struct {
    const char *sent, *date;
  } rows[] = { { "211810241934", "2018-10-24" },
               { "201604250000", "2016-04-25" },
               { "20190101123456", "2019-01-01" },
               { "", "" },
               { "1.03 beta", "1.03 beta" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflIdentity identity = { 0 };
      g_autofree char *date = NULL;

      g_strlcpy (identity.firmware_date, rows[i].sent, sizeof identity.firmware_date);
      date = ofl_identity_date (&identity);
      g_assert_cmpstr (date, ==, rows[i].date);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/identity/stable", test_identity_stable);
  g_test_add_func ("/drive/identity/short", test_identity_short);
  g_test_add_func ("/drive/identity/unprintable", test_identity_unprintable);
  g_test_add_func ("/drive/identity/changing", test_identity_changing);
  g_test_add_func ("/drive/identity/unreachable", test_identity_unreachable);
  g_test_add_func ("/drive/identity/repeats", test_identity_repeats);
  g_test_add_func ("/drive/identity/storm", test_identity_storm);
  g_test_add_func ("/drive/identity/f14-storm", test_identity_f14_storm);
  g_test_add_func ("/drive/identity/features", test_identity_features);
  g_test_add_func ("/drive/identity/date", test_identity_date);
  g_test_add_func ("/drive/identity/same-drive", test_identity_same);
  g_test_add_func ("/drive/snapshot/take", test_snapshot_take);
  g_test_add_func ("/drive/snapshot/values", test_snapshot_values);
  return g_test_run ();
}
