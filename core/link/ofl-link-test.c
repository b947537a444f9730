/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test itself. Sends INQUIRY, the two descriptors of READ BUFFER and, in the long form, the reads
 * of a family's own read plan; nothing else. */
#include "link/ofl-link-private.h"

#include <string.h>

#include "scsi/ofl-error.h"

#define N_INQUIRY_SHORT 24
#define N_DESCRIPTOR_SHORT 8
#define N_INQUIRY_LONG 600
#define N_DESCRIPTOR_LONG 200
#define N_STRETCH_READS 2 /* of each part of the flash */
#define ENOUGH_KEPT 3     /* more of the same would tell nothing */

#define DESCRIPTOR_LEN 4 /* scsi 1.2, both descriptors */
#define MODE_ECHO_DESCRIPTOR 0x0b

/* A status block of USB's mass storage is 13 bytes and begins with USBS, a command block is 31 and
 * begins with USBC. */
#define STATUS_BLOCK_LEN 13
#define COMMAND_BLOCK_LEN 31

typedef enum {
  ANSWER_OK,
  ANSWER_REFUSED, /* by the drive, or by a bridge in its place */
  ANSWER_HOST,    /* nothing came through */
  ANSWER_GONE,    /* no answer at all: the test is over */
} Answer;

typedef struct {
  OflTransport *transport;
  OflLink *link;
  GCancellable *cancellable;
  gboolean answered; /* a reset before the first answer is of the past */
  gboolean over;
  GError *broke_off;
} Test;

static gboolean
ends_with_block (const GByteArray *data, const char *mark, guint length)
{
  return data->len >= length && memcmp (data->data + data->len - length, mark, 4) == 0;
}

/* A small answer may be cut in the middle of such a block; a stretch of the flash may well hold these
 * words, but hardly where a block would begin. */
static gboolean
has_mark (const GByteArray *data)
{
  guint from = data->len > COMMAND_BLOCK_LEN ? data->len - COMMAND_BLOCK_LEN : 0;

  if (data->len > OFL_INQUIRY_LEN)
    return ends_with_block (data, "USBS", STATUS_BLOCK_LEN)
           || ends_with_block (data, "USBC", COMMAND_BLOCK_LEN);
  for (guint i = from; i + 4 <= data->len; i++)
    if (memcmp (data->data + i, "USBS", 4) == 0 || memcmp (data->data + i, "USBC", 4) == 0)
      return TRUE;
  return FALSE;
}

/* Of INQUIRY only what the drive calls its own counts (ofl_identity_parse_inquiry()). */
static void
trim_inquiry (GByteArray *data)
{
  OflIdentity identity = { 0 };

  ofl_identity_parse_inquiry (&identity, data->data, data->len);
  g_byte_array_set_size (data, identity.inquiry_len);
  memcpy (data->data, identity.inquiry, identity.inquiry_len);
}

static void
count_answer (OflLinkSeries *series, const OflLink *link, const OflReply *reply,
              const OflAsked *asked)
{
  series->reads++;
  series->bytes += reply->transferred;
  series->total_us += reply->duration_us;
  series->longest_us = MAX (series->longest_us, reply->duration_us);
  series->host_failures += asked->host_failures;
  if (!link->practice && reply->duration_us > OFL_LINK_STALL_MS * G_GINT64_CONSTANT (1000))
    series->stalls++;
}

static Answer
judge_answer (Test *test, const OflCommand *command, const OflReply *reply)
{
  if (ofl_reply_ok (reply))
    return ANSWER_OK;
  if (reply->outcome == OFL_OUTCOME_SENSE || reply->outcome == OFL_OUTCOME_STATUS)
    return ANSWER_REFUSED;
  if (reply->outcome == OFL_OUTCOME_HOST)
    return ANSWER_HOST;
  ofl_reply_set_error (reply, command, &test->broke_off);
  test->link->technical = ofl_reply_technical (command, reply);
  test->over = TRUE;
  return ANSWER_GONE;
}

/* One question. @data: its answer, empty when there is none. */
static Answer
ask (Test *test, OflLinkSeries *series, const OflCommand *command, GByteArray *data)
{
  gboolean inquiry = command->cdb[0] == 0x12;
  OflAsked asked = { 0 };
  OflReply reply = { 0 };
  Answer answer;

  g_byte_array_set_size (data, command->length);
  memset (data->data, 0, data->len);
  ofl_identity_ask (test->transport, command, data->data, &reply, &asked);
  count_answer (series, test->link, &reply, &asked);
  ofl_tally_step (test->transport);
  if (test->answered)
    test->link->resets += asked.resets;
  answer = judge_answer (test, command, &reply);
  test->answered = test->answered || answer == ANSWER_OK;
  g_byte_array_set_size (data, answer == ANSWER_OK ? MIN (reply.transferred, data->len) : 0);
  if (has_mark (data))
    series->marks++;
  if (inquiry && data->len > 0)
    trim_inquiry (data);
  if (g_cancellable_is_cancelled (test->cancellable))
    test->over = TRUE;
  return answer;
}

static gboolean
same (const GByteArray *a, const GByteArray *b)
{
  return a->len == b->len && a->len > 0 && memcmp (a->data, b->data, a->len) == 0;
}

static void
take (GByteArray *to, const GByteArray *from)
{
  g_byte_array_set_size (to, 0);
  g_byte_array_append (to, from->data, from->len);
}

/* The answer that two reads agree on, of three at most. */
static gboolean
find_reference (Test *test, OflLinkSeries *series, const OflCommand *command, GByteArray *reference)
{
  g_autoptr (GByteArray) second = g_byte_array_new ();
  g_autoptr (GByteArray) third = g_byte_array_new ();
  Answer answer = ask (test, series, command, reference);

  series->refused = answer == ANSWER_REFUSED;
  series->broken = answer == ANSWER_HOST;
  if (answer != ANSWER_OK || test->over)
    return FALSE;
  ask (test, series, command, second);
  if (same (reference, second) || test->over)
    return !test->over;
  ask (test, series, command, third);
  if (test->over)
    return FALSE;
  if (same (reference, third) || same (second, third))
    series->once++;
  else
    series->kept++;
  if (third->len > 0)
    take (reference, third);
  return TRUE;
}

/* What differs is read once more before it is believed. */
static void
compare (Test *test, OflLinkSeries *series, const OflCommand *command, const GByteArray *reference)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  ask (test, series, command, data);
  if (same (data, reference) || test->over)
    return;
  ask (test, series, command, data);
  if (test->over)
    return;
  if (same (data, reference))
    series->once++;
  else
    series->kept++;
}

static void
end_series (Test *test, OflLinkSeries *series)
{
  if (series->reads > 0)
    g_array_append_vals (test->link->series, series, 1);
}

/* @known: (nullable): an answer that is known already, to compare with */
static void
repeat (Test *test, const char *what, OflCommand command, guint times, const GByteArray *known)
{
  g_autoptr (GByteArray) reference = g_byte_array_new ();
  OflLinkSeries series = { .what = what };
  gboolean asks = !test->over;

  if (asks && known != NULL)
    take (reference, known);
  else
    asks = asks && find_reference (test, &series, &command, reference);
  while (asks && !test->over && series.reads < times && series.kept < ENOUGH_KEPT)
    compare (test, &series, &command, reference);
  for (guint left = series.reads; left < times; left++)
    ofl_tally_step (test->transport); /* what is not asked is done with, too */
  end_series (test, &series);
}

/* Each part of the flash is read twice, and a third time when these two differ. */
static void
read_stretch (Test *test, const char *what, const GArray *commands)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  OflLinkSeries series = { .what = what };

  for (guint i = 0; i < commands->len && series.kept < ENOUGH_KEPT; i++)
    if (test->over
        || !find_reference (test, &series, &g_array_index (commands, OflCommand, i), data))
      break;
  end_series (test, &series);
}

/* A boot code need not know more than INQUIRY. */
static void
run (Test *test, const OflSnapshot *drive)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  gboolean in_full = test->link->length == OFL_LINK_LONG;
  gboolean boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  guint n = in_full ? N_DESCRIPTOR_LONG : N_DESCRIPTOR_SHORT;
  guint n_inquiry = in_full ? N_INQUIRY_LONG : N_INQUIRY_SHORT;
  g_autoptr (GArray) stretch
      = in_full && !boot ? ofl_link_stretch (drive, &test->link->why_no_stretch) : NULL;
  g_autoptr (GByteArray) known = g_byte_array_new ();

  g_byte_array_append (known, identity->inquiry, identity->inquiry_len);
  ofl_tally_expect (test->transport, n_inquiry + (boot ? 0 : 2 * n)
                                         + (stretch != NULL ? N_STRETCH_READS * stretch->len : 0));
  repeat (test, "INQUIRY", ofl_command_inquiry (OFL_INQUIRY_LEN), n_inquiry,
          identity->different == 0 ? known : NULL);
  if (boot)
    return;
  repeat (test, "READ BUFFER, descriptor",
          ofl_command_read_buffer (OFL_BUFFER_DESCRIPTOR, 0, 0, DESCRIPTOR_LEN), n, NULL);
  repeat (test, "READ BUFFER, echo descriptor",
          ofl_command_read_buffer ((OflBufferMode) MODE_ECHO_DESCRIPTOR, 0, 0, DESCRIPTOR_LEN), n,
          NULL);
  if (stretch != NULL)
    read_stretch (test, "READ BUFFER, flash", stretch);
}

static void
clear_finding (gpointer data)
{
  ofl_sentence_clear (data);
}

/**
 * ofl_link_test:
 * @transport: an open transport; blocks, so call this on a worker thread
 * @target: where the drive is
 * @drive: what was just read of it
 * @length: how much is asked
 * @cancellable: (nullable): ends the test between two questions
 * @error: return location: %G_IO_ERROR_CANCELLED
 *
 * Puts the same questions again and again and compares the answers byte for byte. Every command only
 * reads. A drive that does not answer is a result, not an error.
 *
 * Returns: (transfer full): the result; %NULL when it was cancelled
 */
OflLink *
ofl_link_test (OflTransport *transport, const OflTarget *target, const OflSnapshot *drive,
               OflLinkLength length, GCancellable *cancellable, GError **error)
{
  g_autoptr (OflLink) self = g_new0 (OflLink, 1);
  Test test = { .transport = transport, .link = self, .cancellable = cancellable };
  const char *sr_node = ofl_target_get_sr_node (target);
  OflLinkKernel before;

  self->length = length;
  self->practice = ofl_target_is_practice (target);
  self->series = g_array_new (FALSE, FALSE, sizeof (OflLinkSeries));
  self->findings = g_array_new (FALSE, FALSE, sizeof (OflSentence));
  g_array_set_clear_func (self->findings, clear_finding);
  ofl_link_kernel_read (&before, "/sys", sr_node);
  run (&test, drive);
  ofl_link_kernel_read (&self->kernel, "/sys", sr_node);
  ofl_link_kernel_since (&self->kernel, &before);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      g_clear_error (&test.broke_off);
      return NULL;
    }
  ofl_link_judge (self, ofl_target_get_topology (target), drive, test.broke_off);
  g_clear_error (&test.broke_off);
  return g_steal_pointer (&self);
}
