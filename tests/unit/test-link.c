/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link test against a drive that is made of a few answers and of what goes wrong with them. */
#include <string.h>

#include "families/ofl-families.h"
#include "kit/fake-transport.h"
#include "kit/scratch.h"
#include "link/ofl-link-private.h"

#define NEVER 0
#define INQUIRY 0x12
#define READ_BUFFER 0x3c

/* Numbers of questions with the opcode @op, from 1; NEVER: none */
typedef struct {
  guint8 op;
  guint flip_first, flip_second; /* these two answers have one bit wrong */
  guint flip_from;               /* all from here, another bit each time */
  guint slow_first, slow_second; /* these two take long */
  guint reset_first, reset_second;
  guint host_first;   /* fails on the way, and once more */
  gboolean host_all;  /* READ BUFFER never gets through */
  guint gone_at;      /* this one is not answered */
  const char *mark;   /* at the end of each answer to INQUIRY */
  gboolean in_middle; /* of each part of the flash */
  gboolean no_buffer; /* READ BUFFER is refused */

  guint8 inquiry[OFL_INQUIRY_LEN];
  guint n_op;
  guint resets;
} Drive;

static void
name_drive (Drive *self, const char *name)
{
  memset (self->inquiry, 0, sizeof self->inquiry);
  self->inquiry[0] = 5;
  self->inquiry[4] = 31;
  memset (self->inquiry + 8, ' ', 28);
  memcpy (self->inquiry + 8, name, strlen (name));
  memcpy (self->inquiry + 32, "1.00", 4);
}

static void
fill (const Drive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  if (command->cdb[0] == INQUIRY)
    {
      reply->transferred = 36;
      memcpy (data, self->inquiry, 36);
      if (self->mark != NULL)
        memcpy (data + 32, self->mark, 4);
      return;
    }
  for (guint32 i = 0; i < command->length; i++)
    data[i] = (guint8) (command->cdb[4] + i * 7);
  if (self->in_middle && command->length > 100)
    memcpy (data + 50, "USBS", 4);
}

/* What goes wrong on the way of the answer number @n, which is complete. */
static void
spoil (Drive *self, guint n, guint8 *data, OflReply *reply)
{
  if (n == self->flip_first || n == self->flip_second)
    data[9] ^= 0x04;
  if (self->flip_from != NEVER && n >= self->flip_from)
    data[2] ^= (guint8) n;
  if (n == self->slow_first || n == self->slow_second)
    reply->duration_us = 1500 * 1000;
  if (n == self->gone_at)
    *reply = (OflReply){ .outcome = OFL_OUTCOME_TIMEOUT };
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  Drive *self = user_data;
  gboolean counts = command->cdb[0] == self->op;
  guint n = counts ? ++self->n_op : 0;

  fill (self, command, data, reply);
  if (command->cdb[0] == READ_BUFFER && self->host_all)
    *reply = (OflReply){ .outcome = OFL_OUTCOME_HOST, .host_status = 7 };
  else if (command->cdb[0] == READ_BUFFER && self->no_buffer)
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
  if (!counts)
    return;
  spoil (self, n, data, reply);
  if (n == self->reset_first || n == self->reset_second)
    fake_reply_sense (reply, OFL_KEY_UNIT_ATTENTION, 0x29, 0);
  if (self->host_first != NEVER && (n == self->host_first || n == self->host_first + 1))
    *reply = (OflReply){ .outcome = OFL_OUTCOME_HOST, .host_status = 7 };
}

static OflTransport *
no_open (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  g_assert_not_reached ();
}

static OflSnapshot *
look_at (const Drive *drive)
{
  OflIdentity identity = { .reads = 3 };

  ofl_identity_parse_inquiry (&identity, drive->inquiry, 36);
  return ofl_snapshot_new (&identity);
}

static OflLink *
test_snapshot (Drive *drive, OflSnapshot *snapshot, OflBus bus, const char *channel,
               OflLinkLength length)
{
  OflTopology topology = { .bus = bus };
  g_autoptr (OflTarget) target = NULL;
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, drive);
  g_autoptr (GError) error = NULL;
  OflLink *link;

  g_strlcpy (topology.channel, channel, sizeof topology.channel);
  target = ofl_target_new ("drive", NULL, NULL, &topology, no_open, NULL, NULL);
  link = ofl_link_test (OFL_TRANSPORT (transport), target, snapshot, length, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (link);
  return link;
}

static OflLink *
test_drive (Drive *drive, OflBus bus, const char *channel)
{
  g_autoptr (OflSnapshot) snapshot = NULL;

  if (drive->inquiry[4] == 0)
    name_drive (drive, "ZORK    DRIVE");
  snapshot = look_at (drive);
  return test_snapshot (drive, snapshot, bus, channel, OFL_LINK_SHORT);
}

static void
assert_says (const OflLink *link, const char *words)
{
  g_auto (OflSentence) said = ofl_link_say (link);

  if (strstr (said.english, words) == NULL)
    g_error ("“%s” is not in “%s”", words, said.english);
}

static void
assert_verdict (Drive drive, OflLinkVerdict verdict, const char *words)
{
  g_autoptr (OflLink) link = test_drive (&drive, OFL_BUS_SATA, "ata3");

  g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, ofl_link_verdict_id (verdict));
  assert_says (link, words);
  if (verdict == OFL_LINK_SOUND)
    g_assert_null (link->advice.shown);
  else
    g_assert_nonnull (strstr (link->advice.english, "SATA cable"));
}

static void
test_sound (void)
{
  Drive drive = { 0 };
  g_autoptr (OflLink) link = test_drive (&drive, OFL_BUS_SATA, "ata3");
  OflLinkSeries sum;

  g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, "sound");
  g_assert_cmpuint (link->series->len, ==, 3);
  ofl_link_sum (link, &sum);
  g_assert_cmpuint (sum.reads, ==, 24 + 8 + 8);
  g_assert_cmpuint (sum.bytes, ==, 24 * 36 + 16 * 4);
  assert_says (link, "40 answers came");
  g_assert_null (link->model);
}

/* A drive that does not know READ BUFFER's questions has answered none of them. */
static void
test_refused (void)
{
  Drive drive = { .no_buffer = TRUE };
  g_autoptr (OflLink) link = test_drive (&drive, OFL_BUS_SATA, "ata3");

  g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, "sound");
  g_assert_true (g_array_index (link->series, OflLinkSeries, 1).refused);
  assert_says (link, "24 answers came");
}

static void
test_flips (void)
{
  Drive keeps = { .op = INQUIRY, .flip_from = 5 };
  g_autoptr (OflLink) link = NULL;

  assert_verdict ((Drive){ .op = INQUIRY, .flip_first = 5 }, OFL_LINK_DOUBTFUL,
                  "Of 40 answers, 1 did not come");
  assert_verdict ((Drive){ .op = INQUIRY, .flip_first = 1 }, OFL_LINK_DOUBTFUL,
                  "Of 40 answers, 1 did not come");
  assert_verdict ((Drive){ .op = INQUIRY, .flip_first = 5, .flip_second = 9 }, OFL_LINK_BAD,
                  "2 did not come");
  assert_verdict ((Drive){ .op = INQUIRY, .flip_first = 5, .flip_second = 6 }, OFL_LINK_BAD,
                  "when it was asked once more either");
  assert_verdict ((Drive){ .op = INQUIRY, .flip_from = 5 }, OFL_LINK_BAD,
                  "does not arrive as it was sent");
  /* the first answer of a question that is compared with nothing yet may be the wrong one */
  assert_verdict ((Drive){ .op = READ_BUFFER, .flip_from = 3 }, OFL_LINK_BAD, "did not come");

  link = test_drive (&keeps, OFL_BUS_SATA, "ata3");
  g_assert_cmpuint (g_array_index (link->series, OflLinkSeries, 0).kept, ==, 3);
  g_assert_cmpuint (g_array_index (link->series, OflLinkSeries, 0).reads, ==, 4 + 2 * 3);
}

static void
test_stalls (void)
{
  Drive practice = { .op = INQUIRY, .slow_first = 3, .slow_second = 7 };
  g_autoptr (OflLink) link = test_drive (&practice, OFL_BUS_PRACTICE, "");

  assert_verdict ((Drive){ .op = INQUIRY, .slow_first = 3 }, OFL_LINK_SOUND, "byte for byte");
  assert_verdict ((Drive){ .op = INQUIRY, .slow_first = 3, .slow_second = 7 }, OFL_LINK_DOUBTFUL,
                  "2 of 40 answers took longer than a second; the longest took 1.5 s");
  /* its clock may be quicker than ours */
  g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, "sound");
}

static void
test_failures (void)
{
  assert_verdict ((Drive){ .op = INQUIRY, .host_first = 4 }, OFL_LINK_BAD,
                  "2 commands failed at the host adapter");
  assert_verdict ((Drive){ .op = INQUIRY, .reset_first = 4 }, OFL_LINK_DOUBTFUL,
                  "said 1 time that it had been reset");
  assert_verdict ((Drive){ .op = INQUIRY, .reset_first = 4, .reset_second = 9 }, OFL_LINK_BAD,
                  "said 2 times that it had been reset");
  /* of the past */
  assert_verdict ((Drive){ .op = INQUIRY, .reset_first = 1 }, OFL_LINK_SOUND, "byte for byte");
}

static void
test_gone (void)
{
  Drive drive = { .op = INQUIRY, .gone_at = 6 };
  g_autoptr (OflLink) link = test_drive (&drive, OFL_BUS_SATA, "ata3");

  g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, "bad");
  g_assert_nonnull (link->technical);
  g_assert_nonnull (strstr (link->technical, "12 00 00 00 60 00"));
  g_assert_cmpuint (drive.n_op, ==, 6);
  g_assert_cmpuint (link->series->len, ==, 1);
}

static void
test_bridge (void)
{
  Drive marked = { .mark = "USBS" }, other = { .mark = "USBC" }, deaf = { .host_all = TRUE };
  g_autoptr (OflLink) a = test_drive (&marked, OFL_BUS_USB, "usb 1-2");
  g_autoptr (OflLink) b = test_drive (&other, OFL_BUS_SATA, "ata3");
  g_autoptr (OflLink) c = test_drive (&deaf, OFL_BUS_USB, "usb 1-2");

  g_assert_cmpstr (ofl_link_verdict_id (a->verdict), ==, "bad");
  assert_says (a, "answers a USB bridge has put a block of its own");
  g_assert_nonnull (strstr (a->advice.english, "This USB bridge does not pass"));
  /* no bridge is known there, so none is blamed in what to do */
  g_assert_cmpstr (ofl_link_verdict_id (b->verdict), ==, "bad");
  g_assert_null (strstr (b->advice.english, "USB"));
  g_assert_cmpstr (ofl_link_verdict_id (c->verdict), ==, "doubtful");
  assert_says (c, "READ BUFFER, descriptor did not get through");
  g_assert_nonnull (strstr (c->advice.english, "connect the drive by SATA"));
}

static void
assert_advice (OflBus bus, const char *channel, const char *words)
{
  Drive drive = { .op = INQUIRY, .flip_first = 5 };
  g_autoptr (OflLink) link = test_drive (&drive, bus, channel);

  g_assert_nonnull (strstr (link->advice.english, words));
}

static void
test_advice (void)
{
  assert_advice (OFL_BUS_IDE, "ata1", "flat cable");
  assert_advice (OFL_BUS_SCSI, "scsi 2:0:4:0", "termination");
  assert_advice (OFL_BUS_USB, "usb 1-2", "another USB cable");
  assert_advice (OFL_BUS_USB, "usb 1-2.4", "behind a USB hub");
  assert_advice (OFL_BUS_PRACTICE, "", "practice drive");
  assert_advice (OFL_BUS_UNKNOWN, "", "another cable, port or adapter");
}

/* A known name, a bit of which is wrong, and what the test says of it. */
static void
assert_name (const char *name, guint at, guint8 bit, OflLinkVerdict verdict, const char *model)
{
  Drive drive = { 0 };
  g_autoptr (OflLink) link = NULL;
  g_auto (OflSentence) said = { 0 };

  name_drive (&drive, name);
  drive.inquiry[8 + at] ^= bit;
  link = test_drive (&drive, OFL_BUS_SATA, "ata3");
  said = ofl_link_say (link);
  g_test_message ("%s", said.english);
  g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, ofl_link_verdict_id (verdict));
  g_assert_cmpstr (link->model, ==, model);
  g_assert_cmpint (model != NULL, ==, model != NULL && strstr (said.english, model) != NULL);
  g_assert_cmpint (strstr (said.english, "garble") != NULL, ==, model != NULL);
}

static void
test_names (void)
{
  static const char bu40n[] = "HL-DT-STBD-RE BU40N";

  assert_name (bu40n, 0, 0, OFL_LINK_SOUND, NULL);
  /* n, ^: no maker's; a name that is no text cannot be believed, and is named all the same */
  assert_name (bu40n, 18, 0x20, OFL_LINK_BAD, "HL-DT-ST BD-RE BU40N");
  assert_name (bu40n, 18, 0x10, OFL_LINK_BAD, "HL-DT-ST BD-RE BU40N");
  assert_name (bu40n, 18, 0x80, OFL_LINK_BAD, "HL-DT-ST BD-RE BU40N");
  /* BU41N may as well be a model of its own: named, and no more */
  assert_name (bu40n, 17, 0x01, OFL_LINK_SOUND, "HL-DT-ST BD-RE BU40N");
  /* strangers with odd names that stay the same */
  assert_name ("ZORK    7%-!! drive", 0, 0, OFL_LINK_SOUND, NULL);
  assert_name ("qq      ~", 0, 0, OFL_LINK_SOUND, NULL);
}

static void
test_unstable_name (void)
{
  Drive drive = { 0 };
  OflIdentity identity = { .reads = 3, .different = 1 };
  g_autoptr (OflSnapshot) snapshot = NULL;
  g_autoptr (OflLink) link = NULL;

  name_drive (&drive, "HL-DT-STBD-RE BU40N");
  ofl_identity_parse_inquiry (&identity, drive.inquiry, 36);
  snapshot = ofl_snapshot_new (&identity);
  link = test_snapshot (&drive, snapshot, OFL_BUS_SATA, "ata3", OFL_LINK_SHORT);
  g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, "bad");
  assert_says (link, "a different name when asked again");
}

/* A boot code is asked who it is and nothing else. */
static void
test_boot (void)
{
  Drive drive = { .host_all = TRUE };
  g_autoptr (OflSnapshot) snapshot = NULL;
  g_autoptr (OflLink) link = NULL;

  name_drive (&drive, "ZORK    DRIVE");
  snapshot = look_at (&drive);
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_BOOT);
  link = test_snapshot (&drive, snapshot, OFL_BUS_SATA, "ata3", OFL_LINK_LONG);
  g_assert_cmpuint (link->series->len, ==, 1);
  g_assert_cmpstr (g_array_index (link->series, OflLinkSeries, 0).what, ==, "INQUIRY");
}

static OflLink *
test_flash (Drive *drive)
{
  g_autoptr (OflSnapshot) snapshot = NULL;

  name_drive (drive, "TSSTcorpBDDVDW SE-506CB");
  snapshot = look_at (drive);
  ofl_snapshot_set_family (snapshot, "se506", OFL_CAP_READ);
  return test_snapshot (drive, snapshot, OFL_BUS_USB, "usb 1-2", OFL_LINK_LONG);
}

/* Each part of a stretch is read twice; a word of a bridge's within firmware is the firmware's. */
static void
test_stretch (void)
{
  Drive well = { .op = READ_BUFFER, .in_middle = TRUE };
  Drive once = { .op = READ_BUFFER, .flip_first = 405 };
  g_autoptr (OflLink) a = test_flash (&well);
  g_autoptr (OflLink) b = test_flash (&once);
  const OflLinkSeries *flash = &g_array_index (a->series, OflLinkSeries, 3);

  g_assert_cmpstr (ofl_link_verdict_id (a->verdict), ==, "sound");
  g_assert_null (a->why_no_stretch);
  g_assert_cmpstr (flash->what, ==, "READ BUFFER, flash");
  g_assert_cmpuint (flash->bytes, ==, 2 * 0x40000);
  g_assert_cmpstr (ofl_link_verdict_id (b->verdict), ==, "doubtful");
  g_assert_cmpuint (g_array_index (b->series, OflLinkSeries, 3).once, ==, 1);
}

static void
write_count (const char *device, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (device, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_kernel (void)
{
  g_autofree char *root = scratch_new ();
  g_autofree char *device = g_build_filename (root, "block", "sr7", "device", NULL);
  OflLinkKernel before, now;

  g_assert_cmpint (g_mkdir_with_parents (device, 0700), ==, 0);
  ofl_link_kernel_read (&before, root, "/dev/sr7");
  g_assert_false (before.known);
  write_count (device, "iodone_cnt", "0x10\n");
  write_count (device, "ioerr_cnt", "0x2\n");
  ofl_link_kernel_read (&before, root, "/dev/sr7");
  g_assert_true (before.known);
  write_count (device, "iodone_cnt", "0x3a\n");
  write_count (device, "ioerr_cnt", "0x5\n");
  write_count (device, "iotmo_cnt", "0x1\n");
  ofl_link_kernel_read (&now, root, "/dev/sr7");
  ofl_link_kernel_since (&now, &before);
  g_assert_true (now.known);
  g_assert_cmpuint (now.done, ==, 0x2a);
  g_assert_cmpuint (now.failed, ==, 3);
  g_assert_cmpuint (now.timed_out, ==, 1);
  ofl_link_kernel_read (&now, root, NULL);
  g_assert_false (now.known);
  scratch_free (g_steal_pointer (&root));
}

static void
test_cancelled (void)
{
  Drive drive = { 0 };
  OflTopology topology = { .bus = OFL_BUS_SATA };
  g_autoptr (OflTarget) target
      = ofl_target_new ("drive", NULL, NULL, &topology, no_open, NULL, NULL);
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, &drive);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (OflSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  name_drive (&drive, "ZORK    DRIVE");
  snapshot = look_at (&drive);
  g_cancellable_cancel (cancellable);
  g_assert_null (ofl_link_test (OFL_TRANSPORT (transport), target, snapshot, OFL_LINK_SHORT,
                                cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_transport_get_count (transport), <=, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/sound", test_sound);
  g_test_add_func ("/link/refused", test_refused);
  g_test_add_func ("/link/flips", test_flips);
  g_test_add_func ("/link/stalls", test_stalls);
  g_test_add_func ("/link/failures", test_failures);
  g_test_add_func ("/link/gone", test_gone);
  g_test_add_func ("/link/bridge", test_bridge);
  g_test_add_func ("/link/advice", test_advice);
  g_test_add_func ("/link/names", test_names);
  g_test_add_func ("/link/unstable-name", test_unstable_name);
  g_test_add_func ("/link/boot", test_boot);
  g_test_add_func ("/link/stretch", test_stretch);
  g_test_add_func ("/link/kernel", test_kernel);
  g_test_add_func ("/link/cancelled", test_cancelled);
  return g_test_run ();
}
