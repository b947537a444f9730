/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core/scsi: CDBs byte for byte, sense data, what an answer means, and what every transport does
 * before and after its own part. */
#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "scsi/ofl-error.h"
#include "scsi/ofl-sense-table.h"
#include "scsi/ofl-transport.h"

static void
assert_command (OflCommand command, const char *bytes, OflDirection dir, guint32 length)
{
  g_autofree char *text = ofl_command_format (&command);

  g_assert_cmpstr (text, ==, bytes);
  g_assert_cmpuint (command.cdb_len, ==, (strlen (bytes) + 1) / 3);
  g_assert_cmpint (command.dir, ==, dir);
  g_assert_cmpuint (command.length, ==, length);
  g_assert_cmpuint (command.timeout_ms, >, 0);
}

/* scsi 1 */
static void
test_builders_identify (void)
{
  assert_command (ofl_command_test_unit_ready (), "00 00 00 00 00 00", OFL_DIR_NONE, 0);
  assert_command (ofl_command_inquiry (96), "12 00 00 00 60 00", OFL_DIR_IN, 96);
  assert_command (ofl_command_get_configuration (0x010c, 0x0120), "46 02 01 0c 00 00 00 01 20 00",
                  OFL_DIR_IN, 0x120);
  assert_command (ofl_command_mode_sense (0x2a, 0xfc), "5a 00 2a 00 00 00 00 00 fc 00", OFL_DIR_IN,
                  0xfc);
  assert_command (ofl_command_report_region (), "a4 00 00 00 00 00 00 00 00 08 08 00", OFL_DIR_IN,
                  8);
}

/* scsi 1.1 and scsi 1.2 */
static void
test_builders_buffer (void)
{
  assert_command (ofl_command_read_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0xf0, 0x123456, 0x4000),
                  "3c 06 f0 12 34 56 00 40 00 00", OFL_DIR_IN, 0x4000);
  assert_command (ofl_command_read_buffer (OFL_BUFFER_DESCRIPTOR, 0, 0, 4),
                  "3c 03 00 00 00 00 00 00 04 00", OFL_DIR_IN, 4);
  assert_command (ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0x1fc000, 0x10000),
                  "3b 06 00 1f c0 00 01 00 00 00", OFL_DIR_OUT, 0x10000);
  /* "save now": nothing to send, and yet no command without a direction */
  assert_command (ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS_SAVE, 0, 0, 0),
                  "3b 07 00 00 00 00 00 00 00 00", OFL_DIR_OUT, 0);
  assert_command (ofl_command_write_buffer (OFL_BUFFER_MICROCODE_ACTIVATE, 0, 0, 0),
                  "3b 0f 00 00 00 00 00 00 00 00", OFL_DIR_OUT, 0);
}

static void
test_raw (void)
{
  const guint8 vendor[12] = { 0xdf, 0x83, 0, 0, 0xff, 0, 1, 2, 3, 0, 0, 0x5a };
  const guint8 longest[16] = { [0] = 0x9e, [15] = 0x77 };
  OflCommand command = ofl_command_raw (vendor, 12, OFL_DIR_IN, 128, 1234);

  assert_command (command, "df 83 00 00 ff 00 01 02 03 00 00 5a", OFL_DIR_IN, 128);
  g_assert_cmpuint (command.timeout_ms, ==, 1234);
  g_assert_cmpstr (ofl_command_name (&command), ==, "vendor command");
  assert_command (ofl_command_raw (longest, 16, OFL_DIR_NONE, 0, 0),
                  "9e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 77", OFL_DIR_NONE, 0);
}

/* What the log calls a command: by the standard, and no more than its CDB says. */
static void
test_describe (void)
{
  static const struct {
    guint8 cdb[12];
    OflDirection dir;
    guint32 length;
    const char *words;
  } rows[] = {
    { { 0x3b, 6, 0, 0, 0x40, 0, 0, 0x40, 0 },
      OFL_DIR_OUT,
      0x4000,
      "WRITE BUFFER, 16384 bytes at 4000h" },
    { { 0x3b, 7, 0xf0, 0, 0, 0, 0, 0x80, 0 },
      OFL_DIR_OUT,
      0x8000,
      "WRITE BUFFER, 32768 bytes at 0h" },
    { { 0x3b, 1, 0xf3, 1, 2, 3 }, OFL_DIR_OUT, 0, "WRITE BUFFER" },
    { { 0x3b, 0x0f, 0, 1, 2, 3 }, OFL_DIR_NONE, 0, "WRITE BUFFER" },
    { { 0x3c, 6, 0, 0x1e, 0xc0, 0, 0, 1, 0 },
      OFL_DIR_IN,
      0x100,
      "READ BUFFER, 256 bytes at 1EC000h" },
    { { 0x3c, 3, 0, 0, 0, 0, 0, 0, 4 }, OFL_DIR_IN, 4, "READ BUFFER, 4 bytes" },
    { { 0x46, 2, 1, 8, 0, 0, 0, 0, 0x1c },
      OFL_DIR_IN,
      0x1c,
      "GET CONFIGURATION, feature 0108h, 28 bytes" },
    { { 0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 1 }, OFL_DIR_IN, 1, "MODE SENSE(10), page 2Ah, 1 byte" },
    { { 0x28, 0, 0, 0, 3, 0xe8, 0, 0, 16 },
      OFL_DIR_IN,
      0x8000,
      "READ(10), 32768 bytes at sector 1000" },
    { { 0x00 }, OFL_DIR_NONE, 0, "TEST UNIT READY" },
    { { 0x12, 0, 0, 0, 0x60 }, OFL_DIR_IN, 0x60, "INQUIRY, 96 bytes" },
    { { 0xe7, 1, 2, 3, 4 }, OFL_DIR_IN, 8, "vendor command E7h, 8 bytes" },
    { { 0x8f, 1, 2, 3, 4 }, OFL_DIR_NONE, 0, "other command 8Fh" },
  };
  const guint8 nec[12] = { 0xcc, 0x10, 0, 1, 0xf0, 0, 0, 0x10, 0 };
  OflCommand command = ofl_command_raw (nec, 12, OFL_DIR_IN, 4096, 0);
  g_autofree char *named = ofl_command_describe_as (&command, "read memory", 2, 4);
  g_autofree char *short_cdb = ofl_command_describe_as (&command, "read memory", 10, 4);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflCommand row = ofl_command_raw (rows[i].cdb, 12, rows[i].dir, rows[i].length, 0);
      g_autofree char *words = ofl_command_describe (&row);

      g_assert_cmpstr (words, ==, rows[i].words);
    }
  g_assert_cmpstr (named, ==, "read memory (vendor command CCh), 4096 bytes at 1F000h");
  g_assert_cmpstr (short_cdb, ==, "read memory (vendor command CCh), 4096 bytes");
}

static void
test_read_only (void)
{
  const guint8 harmless[] = { 0x00, 0x03, 0x12, 0x1a, 0x25, 0x3c, 0x43, 0x46,
                              0x4a, 0x51, 0x52, 0x5a, 0x5c, 0xa0, 0xbd };

  for (guint opcode = 0; opcode < 256; opcode++)
    {
      const guint8 cdb[12] = { (guint8) opcode };
      OflCommand in = ofl_command_raw (cdb, 12, OFL_DIR_IN, 4, 0);
      OflCommand out = ofl_command_raw (cdb, 12, OFL_DIR_OUT, 4, 0);
      gboolean listed = memchr (harmless, (int) opcode, sizeof harmless) != NULL;

      if (listed)
        g_assert_true (ofl_command_is_read_only (&in));
      if (opcode >= 0xc0 || opcode == 0x1b || opcode == 0x3b || opcode == 0x1e || opcode == 0x15
          || opcode == 0x55 || opcode == 0x04 || opcode == 0x2a || opcode == 0xbb)
        g_assert_false (ofl_command_is_read_only (&in));
      g_assert_false (ofl_command_is_read_only (&out));
    }
}

/* scsi 1.10: of all that REPORT KEY can ask only the region code's state leaves no trace. */
static void
test_read_only_region (void)
{
  OflCommand command = ofl_command_report_region ();

  g_assert_true (ofl_command_is_read_only (&command));
  for (guint format = 0; format < 0x40; format++)
    {
      command.cdb[10] = (guint8) format;
      g_assert_cmpint (ofl_command_is_read_only (&command), ==, format == 0x08);
    }
  command = ofl_command_report_region ();
  command.cdb[7] = 1; /* another class of keys */
  g_assert_false (ofl_command_is_read_only (&command));
  command = ofl_command_report_region ();
  command.cdb[0] = 0xa3; /* SEND KEY */
  g_assert_false (ofl_command_is_read_only (&command));
}

static void
test_sense_formats (void)
{
  const guint8 fixed[18] = { 0xf0, 0, 0x25, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0x07 };
  const guint8 deferred[18] = { 0x71, 0, 0x04, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x44, 0 };
  const guint8 descriptor[8] = { 0x72, 0x06, 0x3f, 0x01 };
  const guint8 late[8] = { 0x73, 0x0b, 0x47, 0x00 };
  OflSense sense;

  ofl_sense_parse (&sense, fixed, sizeof fixed);
  g_assert_true (sense.valid && !sense.deferred);
  g_assert_cmphex (sense.key, ==, 5); /* the high bits are flags of tapes and discs */
  g_assert_cmphex (sense.asc, ==, 0x24);
  g_assert_cmphex (sense.ascq, ==, 0x07);
  g_assert_cmpmem (sense.raw, sense.raw_len, fixed, sizeof fixed);

  ofl_sense_parse (&sense, deferred, sizeof deferred);
  g_assert_true (sense.valid && sense.deferred);
  g_assert_cmphex (sense.asc, ==, 0x44);

  ofl_sense_parse (&sense, descriptor, sizeof descriptor);
  g_assert_true (sense.valid && !sense.deferred);
  g_assert_cmphex (sense.key, ==, 6);
  g_assert_cmphex (sense.asc, ==, 0x3f);
  g_assert_cmphex (sense.ascq, ==, 1);

  ofl_sense_parse (&sense, late, sizeof late);
  g_assert_true (sense.valid && sense.deferred);
  g_assert_cmphex (sense.key, ==, 0x0b);
}

static void
test_sense_short (void)
{
  const guint8 fixed[18] = { 0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0x01 };
  const guint8 no_additional[18] = { 0x70, 0, 0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x24, 0x01 };
  const guint8 other[18] = { 0x7f, 0, 0x05 };
  guint8 much[252] = { 0x70, 0, 0x02, 0, 0, 0, 0, 244, 0, 0, 0, 0, 0x3a, 0x01 };
  OflSense sense;

  for (gsize length = 0; length <= sizeof fixed; length++)
    {
      ofl_sense_parse (&sense, fixed, length);
      g_assert_cmpint (sense.valid, ==, length > 2);
      g_assert_cmphex (sense.asc, ==, length > 12 ? 0x24 : 0);
      g_assert_cmphex (sense.ascq, ==, length > 13 ? 0x01 : 0);
    }
  ofl_sense_parse (&sense, no_additional, sizeof no_additional);
  g_assert_true (sense.valid);
  g_assert_cmphex (sense.asc, ==, 0);
  ofl_sense_parse (&sense, other, sizeof other);
  g_assert_false (sense.valid);
  ofl_sense_parse (&sense, NULL, 0);
  g_assert_false (sense.valid);
  g_assert_nonnull (ofl_sense_sentence (&sense));
  ofl_sense_parse (&sense, much, sizeof much);
  g_assert_cmpuint (sense.raw_len, ==, OFL_SENSE_MAX);
  g_assert_true (ofl_sense_is_no_medium (&sense));
}

static OflSense
make_sense (guint8 key, guint8 asc, guint8 ascq)
{
  const guint8 raw[18] = { 0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq };
  OflSense sense;

  ofl_sense_parse (&sense, raw, sizeof raw);
  return sense;
}

static void
test_sense_questions (void)
{
  OflSense no_medium = make_sense (2, 0x3a, 0x01);
  OflSense becoming = make_sense (2, 0x04, 0x01);
  OflSense refused = make_sense (5, 0x3a, 0x01);
  g_autofree char *text = ofl_sense_format (&no_medium);

  g_assert_cmpstr (text, ==, "02/3A/01 Not ready");
  g_assert_true (ofl_sense_is_no_medium (&no_medium));
  g_assert_false (ofl_sense_is_no_medium (&refused));
  g_assert_false (ofl_sense_is_no_medium (&becoming));
}

static gboolean
is_sentence (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  return length > 1 && g_ascii_isupper (text[0]) && text[length - 1] == '.';
}

static void
test_dictionary (void)
{
  guint n = 0;
  const OflSenseEntry *table = ofl_sense_table_get (&n);

  g_assert_cmpuint (n, >=, 60);
  for (guint i = 0; i < n; i++)
    {
      const OflSenseEntry *entry = &table[i];
      guint8 ascq = entry->ascq == OFL_SENSE_ANY ? 0xfe : (guint8) entry->ascq;

      g_assert_true (is_sentence (entry->sentence) && is_sentence (entry->next_step));
      /* fails for every entry that is out of order, since the search halves the table */
      g_assert_true (ofl_sense_table_find (entry->key, entry->asc, ascq) == entry);
    }
  for (guint8 key = 0; key < 16; key++)
    {
      const OflSenseEntry *entry = ofl_sense_table_find (key, 0xee, 0xee);
      OflSense sense = make_sense (key, 0xee, 0xee);

      g_assert_cmpuint (entry->key, ==, key);
      g_assert_true (is_sentence (ofl_sense_sentence (&sense)));
      g_assert_true (is_sentence (ofl_sense_next_step (&sense)));
      g_assert_cmpuint (strlen (ofl_sense_key_name (key)), >, 0);
    }
}

/* Case 24: what is said of a refused command fits a drive that is being flashed. */
static void
test_case_24_words (void)
{
  static const struct {
    guint8 key, asc, ascq;
    const char *sentence, *next;
  } cases[] = {
    { 0x2, 0x04, 0x01, "The drive is getting ready.", "Wait a moment" },
    { 0x2, 0x3a, 0x01, "The drive refuses the command because no disc is in it",
      "Leave the drive empty." },
    { 0x2, 0x3a, 0x02, "There is no disc in the drive; the tray is open.", "Close the tray" },
    { 0xb, 0x47, 0x03, "Data was damaged on the cable.", "Check the cable" },
    { 0x6, 0x29, 0x00, "The drive was switched on or reset.", "Try again. If it comes again" },
  };
  OflCommand command = ofl_command_test_unit_ready ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OflReply reply = { .outcome = OFL_OUTCOME_SENSE };
      g_autoptr (GError) error = NULL;

      reply.sense = make_sense (cases[i].key, cases[i].asc, cases[i].ascq);
      ofl_reply_set_error (&reply, &command, &error);
      g_assert_true (g_str_has_prefix (error->message, cases[i].sentence));
      g_assert_true (g_str_has_prefix (ofl_reply_next_step (&reply), cases[i].next));
    }
  {
    OflReply silent = { .outcome = OFL_OUTCOME_TIMEOUT };

    g_assert_null (ofl_reply_next_step (&silent));
  }
}

typedef struct {
  int os_error;
  guint16 host, driver;
  guint8 status;
  gboolean with_sense;
  OflOutcome outcome;
} JudgeCase;

static void
test_judge (void)
{
  static const JudgeCase cases[] = {
    { 0, 0x00, 0x00, 0x00, FALSE, OFL_OUTCOME_OK },
    { 0, 0x03, 0x00, 0x00, FALSE, OFL_OUTCOME_TIMEOUT }, /* status says good */
    { 0, 0x01, 0x00, 0x00, FALSE, OFL_OUTCOME_LOST },    /* status says good */
    { 0, 0x04, 0x00, 0x00, FALSE, OFL_OUTCOME_LOST },
    { 0, 0x07, 0x00, 0x00, FALSE, OFL_OUTCOME_HOST },
    { 0, 0x05, 0x00, 0x00, FALSE, OFL_OUTCOME_HOST },
    { 0, 0x08, 0x00, 0x00, FALSE, OFL_OUTCOME_HOST },
    { 0, 0x07, 0x08, 0x02, TRUE, OFL_OUTCOME_HOST },
    { 0, 0x00, 0x06, 0x00, FALSE, OFL_OUTCOME_TIMEOUT },
    { 0, 0x00, 0x07, 0x00, FALSE, OFL_OUTCOME_HOST },
    { 0, 0x00, 0x08, 0x02, TRUE, OFL_OUTCOME_SENSE },
    { 0, 0x00, 0x28, 0x02, TRUE, OFL_OUTCOME_SENSE }, /* with an old kernel's suggestion */
    { 0, 0x00, 0x00, 0x02, TRUE, OFL_OUTCOME_SENSE },
    { 0, 0x00, 0x08, 0x00, TRUE, OFL_OUTCOME_SENSE },
    { 0, 0x10, 0x08, 0x02, TRUE, OFL_OUTCOME_SENSE },
    { 0, 0x10, 0x00, 0x00, FALSE, OFL_OUTCOME_HOST },
    { 0, 0x00, 0x08, 0x00, FALSE, OFL_OUTCOME_HOST },
    { 0, 0x00, 0x00, 0x02, FALSE, OFL_OUTCOME_STATUS },
    { 0, 0x00, 0x00, 0x08, FALSE, OFL_OUTCOME_STATUS },
    { 0, 0x00, 0x00, 0x18, TRUE, OFL_OUTCOME_STATUS },
    { EPERM, 0x00, 0x00, 0x00, FALSE, OFL_OUTCOME_NOT_SENT },
    { EIO, 0x00, 0x00, 0x00, FALSE, OFL_OUTCOME_NOT_SENT },
    { ENODEV, 0x00, 0x00, 0x00, FALSE, OFL_OUTCOME_LOST },
    { ENXIO, 0x00, 0x00, 0x00, FALSE, OFL_OUTCOME_LOST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const JudgeCase *c = &cases[i];
      OflReply reply = { .os_error = c->os_error,
                         .host_status = c->host,
                         .driver_status = c->driver,
                         .status = c->status };

      if (c->with_sense)
        reply.sense = make_sense (5, 0x20, 0);
      ofl_reply_judge_linux (&reply);
      g_assert_cmpint (reply.outcome, ==, c->outcome);
      g_assert_cmpint (ofl_reply_ok (&reply), ==, c->outcome == OFL_OUTCOME_OK);
      g_assert_cmpint (ofl_reply_has_key (&reply, 5), ==, c->outcome == OFL_OUTCOME_SENSE);
    }
}

static void
test_errors (void)
{
  static const struct {
    OflReply reply;
    int code;
    const char *says;
  } cases[] = {
    { { .outcome = OFL_OUTCOME_TIMEOUT }, OFL_ERROR_TIMEOUT, "10.0 s" },
    { { .outcome = OFL_OUTCOME_LOST }, OFL_ERROR_LOST, "no longer connected" },
    { { .outcome = OFL_OUTCOME_HOST, .host_status = 7 }, OFL_ERROR_FAILED, "host 07" },
    { { .outcome = OFL_OUTCOME_STATUS, .status = 8 }, OFL_ERROR_BUSY, "busy" },
    { { .outcome = OFL_OUTCOME_STATUS, .status = 2 }, OFL_ERROR_REJECTED, "status 02" },
    { { .outcome = OFL_OUTCOME_NOT_SENT, .os_error = EPERM }, OFL_ERROR_NO_ACCESS, "not sent" },
    { { .outcome = OFL_OUTCOME_NOT_SENT, .os_error = ENOMEM }, OFL_ERROR_FAILED, "not sent" },
  };
  OflCommand command = ofl_command_inquiry (96);
  OflReply sense = { .outcome = OFL_OUTCOME_SENSE, .sense = make_sense (5, 0x20, 0) };
  OflReply ok = { .outcome = OFL_OUTCOME_OK };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ofl_reply_set_error (&cases[i].reply, &command, &error);
      g_assert_error (error, OFL_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_nonnull (strstr (error->message, "INQUIRY"));
      g_clear_error (&error);
    }
  ofl_reply_set_error (&ok, &command, &error);
  g_assert_no_error (error);
  ofl_reply_set_error (&sense, &command, &error);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "does not know this command"));
  g_assert_nonnull (strstr (error->message, "05/20/00"));
}

static void
test_technical (void)
{
  OflCommand command = ofl_command_inquiry (96);
  OflReply reply = { .outcome = OFL_OUTCOME_SENSE,
                     .status = 2,
                     .driver_status = 8,
                     .transferred = 36,
                     .residual = 60,
                     .duration_us = 12340,
                     .sense = make_sense (2, 0x3a, 1) };
  g_autofree char *line = ofl_reply_technical (&command, &reply);

  g_assert_cmpstr (line, ==,
                   "INQUIRY: CDB 12 00 00 00 60 00; 02/3A/01 Not ready; status 02, host 00, driver "
                   "08; sense 70 00 02 00 00 00 00 0a 00 00 00 00 3a 01 00 00 00 00; 36 of 96 "
                   "bytes; 12.3 ms of 10000 ms");
  g_assert_true (ofl_reply_no_medium (&reply));
}

/* A transport that says yes to everything and counts. */
#define TEST_TYPE_TRANSPORT (test_transport_get_type ())
G_DECLARE_FINAL_TYPE (TestTransport, test_transport, TEST, TRANSPORT, OflTransport)
struct _TestTransport {
  OflTransport parent_instance;
  guint n_sent;
};
G_DEFINE_FINAL_TYPE (TestTransport, test_transport, OFL_TYPE_TRANSPORT)

static void
test_transport_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                        OflReply *reply)
{
  TEST_TRANSPORT (transport)->n_sent++;
  reply->outcome = OFL_OUTCOME_OK;
}

static void
test_transport_class_init (TestTransportClass *klass)
{
  OFL_TRANSPORT_CLASS (klass)->execute = test_transport_execute;
}

static void
test_transport_init (TestTransport *self)
{
}

static void
test_transport_guards (void)
{
  g_autoptr (TestTransport) self = g_object_new (TEST_TYPE_TRANSPORT, NULL);
  OflTransport *transport = OFL_TRANSPORT (self);
  g_autofree guint8 *data = g_malloc0 (0x10001);
  OflCommand none = { 0 };
  OflCommand inquiry = ofl_command_inquiry (96);
  OflCommand too_much = ofl_command_write_buffer (OFL_BUFFER_DATA, 0, 0, 0x10001);
  OflCommand most = ofl_command_write_buffer (OFL_BUFFER_DATA, 0, 0, 0x10000);
  OflReply reply;

  g_assert_cmpuint (ofl_transport_max_transfer (transport), ==, 0x10000);
  ofl_transport_execute (transport, &none, data, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_NOT_SENT);
  ofl_transport_execute (transport, &too_much, data, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_NOT_SENT);
  g_assert_cmpint (reply.os_error, ==, EINVAL);
  ofl_transport_execute (transport, &inquiry, NULL, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_NOT_SENT);
  g_assert_cmpuint (self->n_sent, ==, 0);
  ofl_transport_execute (transport, &most, data, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_OK);
  g_assert_cmpuint (self->n_sent, ==, 1);
}

static void
test_transport_defaults (void)
{
  g_autoptr (TestTransport) self = g_object_new (TEST_TYPE_TRANSPORT, NULL);
  OflTransport *transport = OFL_TRANSPORT (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = ofl_transport_describe (transport);
  gint64 before = ofl_transport_now_us (transport);

  g_assert_nonnull (text);
  g_assert_false (ofl_transport_check_can_flash (transport, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_false (ofl_transport_reopen (transport, 1, NULL, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  ofl_transport_sleep_ms (transport, 20, NULL);
  g_assert_cmpint (ofl_transport_now_us (transport) - before, >=, 20000);
  g_cancellable_cancel (cancellable);
  ofl_transport_sleep_ms (transport, G_MAXUINT, cancellable); /* hangs when not interrupted */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scsi/command/identify", test_builders_identify);
  g_test_add_func ("/scsi/command/buffer", test_builders_buffer);
  g_test_add_func ("/scsi/command/raw", test_raw);
  g_test_add_func ("/scsi/command/describe", test_describe);
  g_test_add_func ("/scsi/command/read-only", test_read_only);
  g_test_add_func ("/scsi/command/read-only/region", test_read_only_region);
  g_test_add_func ("/scsi/sense/formats", test_sense_formats);
  g_test_add_func ("/scsi/sense/short", test_sense_short);
  g_test_add_func ("/scsi/sense/questions", test_sense_questions);
  g_test_add_func ("/scsi/sense/dictionary", test_dictionary);
  g_test_add_func ("/scsi/sense/case-24-words", test_case_24_words);
  g_test_add_func ("/scsi/reply/judge", test_judge);
  g_test_add_func ("/scsi/reply/errors", test_errors);
  g_test_add_func ("/scsi/reply/technical", test_technical);
  g_test_add_func ("/scsi/transport/guards", test_transport_guards);
  g_test_add_func ("/scsi/transport/defaults", test_transport_defaults);
  return g_test_run ();
}
