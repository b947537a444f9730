/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Practice drives made from tapes, and tapes held against each other: flashes of practice drives, recorded
 * and played again. */
#include <glib/gstdio.h>
#include <string.h>

#include "kit/fake-transport.h"
#include "kit/scratch.h"
#include "kit/tape-bench.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-compare.h"
#include "updater/ofl-tape-recorder.h"
#include "updater/ofl-tape-shapes.h"

static char *dir;

/* Tapes of whole flashes, each recorded once: by "standard", "bu40n" and "drw1008". */
static OflTape *
tape_of (const char *id, const char *revision)
{
  g_autofree char *path = g_strdup_printf ("%s/%s-%s.tape", dir, id, revision);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    tape_bench_record (id, revision, TRUE, path);
  return tape_bench_load (path);
}

/* The same program as the one that was recorded finds in the tape the drive that it knows. */
static void
test_whole_flash (gconstpointer data)
{
  const char *id = data;
  g_autoptr (OflTape) tape = tape_of (id, "1.03");
  g_autoptr (OflTapeDrive) drive = ofl_tape_drive_new (tape, NULL);
  g_autoptr (OflResult) result = tape_bench_flash_over (drive, id, "1.03");

  if (ofl_tape_drive_get_difference (drive) != NULL)
    g_test_message ("%s", ofl_tape_drive_get_difference (drive));
  g_assert_cmpuint (ofl_tape_drive_get_n_differences (drive), ==, 0);
  g_assert_true (ofl_tape_drive_is_complete (drive));
  g_assert_true (ofl_verdict_is_success (result->verdict));
}

/* Another image is another conversation: its first changed byte is refused, and no verdict is good. */
static void
test_other_image (gconstpointer data)
{
  const char *id = data;
  g_autoptr (OflTape) tape = tape_of (id, "1.03");
  g_autoptr (OflTapeDrive) drive = ofl_tape_drive_new (tape, NULL);
  g_autoptr (OflResult) result = tape_bench_flash_over (drive, id, "1.04");

  g_assert_false (ofl_verdict_is_success (result->verdict));
  g_assert_cmpuint (ofl_tape_drive_get_n_differences (drive), >, 0);
  g_assert_nonnull (strstr (ofl_tape_drive_get_difference (drive), "Command "));
  g_assert_nonnull (strstr (ofl_tape_drive_get_difference (drive), "WRITE BUFFER"));
  g_assert_false (ofl_tape_drive_is_complete (drive));
}

static guint
find_out (const OflTape *tape)
{
  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    if (ofl_tape_get_entry (tape, i)->command.dir == OFL_DIR_OUT
        && ofl_tape_get_entry (tape, i)->command.length > 0)
      return i;
  g_assert_not_reached ();
}

/* Sends the tape's own command @index; the answer's data is in the result. */
static guint8 *
play (OflTapeDrive *drive, const OflTape *tape, guint index, OflReply *reply)
{
  const OflTapeEntry *entry = ofl_tape_get_entry (tape, index);
  guint8 *data = g_malloc0 (entry->command.length + 1);

  if (entry->command.dir == OFL_DIR_OUT && entry->data != NULL)
    memcpy (data, g_bytes_get_data (entry->data, NULL), entry->command.length);
  ofl_transport_execute (OFL_TRANSPORT (drive), &entry->command, data, reply);
  return data;
}

/* Every command is answered as recorded, to the last bit; and no other is taken. */
static void
test_to_the_bit (void)
{
  g_autoptr (OflTape) tape = tape_of ("standard", "1.03");
  g_autoptr (OflTapeDrive) drive = ofl_tape_drive_new (tape, NULL);
  guint stop = find_out (tape);
  const OflTapeEntry *entry = ofl_tape_get_entry (tape, stop);
  g_autofree guint8 *data = g_malloc0 (entry->command.length);
  OflCommand other = entry->command;
  OflReply reply;

  for (guint i = 0; i < stop; i++)
    {
      g_autofree guint8 *came = play (drive, tape, i, &reply);
      guint masked;

      g_assert_cmpint (ofl_tape_compare_answer (ofl_tape_get_entry (tape, i), &reply, came,
                                                &masked),
                       ==, OFL_TAPE_SAME);
      g_assert_cmpuint (ofl_tape_drive_get_position (drive), ==, i + 1);
    }
  memcpy (data, g_bytes_get_data (entry->data, NULL), entry->command.length);
  data[entry->command.length - 1] ^= 0x01;
  ofl_transport_execute (OFL_TRANSPORT (drive), &other, data, &reply);
  g_assert_true (ofl_reply_has_key (&reply, OFL_KEY_ILLEGAL_REQUEST));
  g_assert_cmpuint (reply.sense.asc, ==, 0x26);
  g_assert_nonnull (strstr (ofl_tape_drive_get_difference (drive), "came with other data"));

  data[entry->command.length - 1] ^= 0x01;
  other.cdb[5] ^= 0x01;
  ofl_transport_execute (OFL_TRANSPORT (drive), &other, data, &reply);
  g_assert_cmpuint (reply.sense.asc, ==, 0x24);
  other.cdb[0] = 0xe9;
  ofl_transport_execute (OFL_TRANSPORT (drive), &other, data, &reply);
  g_assert_cmpuint (reply.sense.asc, ==, 0x20);
  g_assert_cmpuint (ofl_tape_drive_get_n_differences (drive), ==, 3);
  /* the first is what is told, and none has moved the tape */
  g_assert_nonnull (strstr (ofl_tape_drive_get_difference (drive), "came with other data"));
  ofl_transport_execute (OFL_TRANSPORT (drive), &entry->command, data, &reply);
  g_assert_true (ofl_reply_ok (&reply));
}

#define LINE(n, cdb, direction, length, moved, rest) \
  "{\"n\":" n ",\"at_ms\":0,\"took_us\":10,\"cdb\":\"" cdb "\",\"direction\":\"" direction \
  "\",\"length\":" length ",\"moved\":" moved ",\"timeout_ms\":1000,\"host\":0,\"driver\":0" rest \
  "}\n"
#define HEAD \
  "{\"format\":\"optiflash-tape\",\"version\":1,\"program\":\"p\",\"began\":\"\",\"data\":\"hash\"," \
  "\"drive\":{\"vendor\":\"V\",\"product\":\"P\",\"revision\":\"R\",\"link\":\"\",\"serial\":\"\"}}\n"
#define OK ",\"outcome\":\"ok\",\"status\":0"
#define BUSY ",\"outcome\":\"status\",\"status\":8"
#define TUR "00 00 00 00 00 00"

static OflTape *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OflTape *tape = ofl_tape_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return tape;
}

static const char waits[] = HEAD LINE ("1", "e0 00 00 00 00 00", "none", "0", "0", OK)
    LINE ("2", TUR, "none", "0", "0", BUSY) LINE ("3", TUR, "none", "0", "0", BUSY)
        LINE ("4", TUR, "none", "0", "0", OK) LINE ("5", "e1 00 00 00 00 00", "none", "0", "0", OK);

static guint8
ask (OflTapeDrive *drive, guint8 opcode)
{
  guint8 cdb[6] = { opcode };
  OflCommand command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_NONE, 0, 1000);
  OflReply reply;

  ofl_transport_execute (OFL_TRANSPORT (drive), &command, NULL, &reply);
  return reply.status;
}

/* A later run polls less often than the recorded one, or more: both are the same conversation. */
static void
test_polls (void)
{
  g_autoptr (OflTape) tape = parse (waits);
  g_autoptr (OflTapeDrive) less = ofl_tape_drive_new (tape, NULL);
  g_autoptr (OflTapeDrive) more = ofl_tape_drive_new (tape, NULL);

  g_assert_cmpuint (ask (less, 0xe0), ==, 0);
  g_assert_cmpuint (ask (less, 0x00), ==, 8);
  g_assert_cmpuint (ask (less, 0xe1), ==, 0);
  g_assert_true (ofl_tape_drive_is_complete (less));

  g_assert_cmpuint (ask (more, 0xe0), ==, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (ask (more, 0x00), ==, i < 2 ? 8 : 0);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (ask (more, 0x00), ==, 0);
  g_assert_false (ofl_tape_drive_is_complete (more));
  g_assert_cmpuint (ask (more, 0xe1), ==, 0);
  g_assert_cmpuint (ask (more, 0x00), ==, 0);
  g_assert_true (ofl_tape_drive_is_complete (more));
  g_assert_cmpuint (ofl_tape_drive_get_n_differences (less), ==, 0);
  g_assert_cmpuint (ofl_tape_drive_get_n_differences (more), ==, 0);

  /* what is no poll is not taken twice */
  g_assert_cmpuint (ask (more, 0xe1), ==, 2);
  g_assert_nonnull (strstr (ofl_tape_drive_get_difference (more), "come to its end"));
}

/* A poll that the tape has nowhere before is no repetition. */
static void
test_poll_of_another (void)
{
  g_autoptr (OflTape) tape = parse (waits);
  g_autoptr (OflTapeDrive) drive = ofl_tape_drive_new (tape, NULL);

  g_assert_cmpuint (ask (drive, 0x00), ==, 2);
  g_assert_cmpuint (ofl_tape_drive_get_n_differences (drive), ==, 1);
  g_assert_cmpuint (ofl_tape_drive_get_position (drive), ==, 0);
}

static void
test_by_hash (void)
{
  g_autofree char *path = g_build_filename (dir, "hash.tape", NULL);
  g_autoptr (OflTape) tape = NULL;
  g_autoptr (OflTapeDrive) drive = NULL;
  g_autoptr (GError) error = NULL;

  tape_bench_write_by_hand (path, FALSE);
  tape = tape_bench_load (path);
  drive = ofl_tape_drive_new (tape, &error);
  g_assert_null (drive);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "command 3, GET CONFIGURATION"));
}

static void
answer_ok (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
           gpointer user_data)
{
  reply->transferred = command->length;
}

/* What was sent with a serial in it is on no tape: no asterisk is sent for it, nor waited for. */
static void
test_masked_out (void)
{
  static const guint8 cdb[10] = { 0x3b, 0x05 };
  g_autofree char *path = g_build_filename (dir, "masked-out.tape", NULL);
  OflTapeHeader header = { .serial = (char *) TAPE_SERIAL, .whole = TRUE };
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (path, &header, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_ok, NULL));
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
  OflCommand command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_OUT, 32, 1000);
  g_autoptr (OflTape) tape = NULL;
  g_autoptr (OflTapeDrive) drive = NULL;
  g_autoptr (GError) error = NULL;
  guint8 data[32] = { 0 };
  OflReply reply;

  ofl_transport_execute (recorder, &command, data, &reply);
  memcpy (data, TAPE_SERIAL, strlen (TAPE_SERIAL));
  ofl_transport_execute (recorder, &command, data, &reply);
  tape = tape_bench_load (path);
  g_assert_nonnull (ofl_tape_get_entry (tape, 1)->data);
  g_assert_cmpint (ofl_tape_find_missing (tape, OFL_DIR_OUT), ==, 1);
  g_assert_cmpint (ofl_tape_find_missing (tape, OFL_DIR_IN), ==, -1);
  drive = ofl_tape_drive_new (tape, &error);
  g_assert_null (drive);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "sent with command 2, WRITE BUFFER"));
}

static void
test_compare (void)
{
  g_autoptr (OflTape) one = tape_of ("standard", "1.03");
  g_autoptr (OflTape) other = tape_of ("standard", "1.04");
  g_autofree char *path = g_build_filename (dir, "again.tape", NULL);
  g_autoptr (OflTape) again = NULL;
  OflTapeComparison same, differs;

  tape_bench_record ("standard", "1.03", TRUE, path);
  again = tape_bench_load (path);
  same = ofl_tape_compare (one, again);
  g_assert_cmpint (same.difference, ==, OFL_TAPE_SAME);
  differs = ofl_tape_compare (one, other);
  g_assert_cmpint (differs.difference, ==, OFL_TAPE_OTHER_SENT);
  g_assert_cmpint (ofl_tape_get_entry (one, differs.a)->command.dir, ==, OFL_DIR_OUT);
  g_assert_cmpuint (differs.a, ==, differs.b);
}

#define DATA(digit) \
  ",\"data\":{\"length\":4,\"sha256\":\"" EIGHT (digit) EIGHT (digit) EIGHT (digit) EIGHT (digit) \
      EIGHT (digit) EIGHT (digit) EIGHT (digit) EIGHT (digit) "\"}"
#define EIGHT(digit) digit digit digit digit digit digit digit digit

/* What came counts, and what went: each has its own word. */
static void
test_compare_data (void)
{
  static const struct {
    const char *a, *b;
    OflTapeDifference difference;
  } rows[] = {
    { HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", OK DATA ("a")),
      HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", OK DATA ("a")), OFL_TAPE_SAME },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", OK DATA ("a")),
      HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", OK DATA ("b")),
      OFL_TAPE_OTHER_RECEIVED },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "out", "4", "4", OK DATA ("a")),
      HEAD LINE ("1", "e0 00 00 00 00 00", "out", "4", "4", OK DATA ("b")), OFL_TAPE_OTHER_SENT },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", OK DATA ("a")),
      HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", BUSY DATA ("a")),
      OFL_TAPE_OTHER_ANSWER },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", OK DATA ("a")),
      HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "0", OK), OFL_TAPE_OTHER_ANSWER },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "in", "4", "4", OK DATA ("a")),
      HEAD LINE ("1", "e0 00 00 00 00 00", "out", "4", "4", OK DATA ("a")),
      OFL_TAPE_OTHER_COMMAND },
    /* a poll that brought something else is none that was repeated */
    { HEAD LINE ("1", "12 00 00 00 04 00", "in", "4", "4", OK DATA ("a"))
          LINE ("2", "12 00 00 00 04 00", "in", "4", "4", OK DATA ("b")),
      HEAD LINE ("1", "12 00 00 00 04 00", "in", "4", "4", OK DATA ("a"))
          LINE ("2", "12 00 00 00 04 00", "in", "4", "4", OK DATA ("a")),
      OFL_TAPE_ENDS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflTape) a = parse (rows[i].a);
      g_autoptr (OflTape) b = parse (rows[i].b);

      g_test_message ("row %u", i);
      g_assert_cmpint (ofl_tape_compare (a, b).difference, ==, rows[i].difference);
      g_assert_cmpint (ofl_tape_compare (b, a).difference, ==, rows[i].difference);
    }
}

/* One line changed at a time: what differs, and where. */
static void
test_compare_kinds (void)
{
  static const struct {
    const char *text;
    OflTapeDifference difference;
    guint a, b;
  } rows[] = {
    { waits, OFL_TAPE_SAME, 5, 5 },
    /* one poll less, answered alike */
    { HEAD LINE ("1", "e0 00 00 00 00 00", "none", "0", "0", OK)
          LINE ("2", TUR, "none", "0", "0", BUSY) LINE ("3", TUR, "none", "0", "0", OK)
              LINE ("4", "e1 00 00 00 00 00", "none", "0", "0", OK),
      OFL_TAPE_SAME, 5, 4 },
    /* one more that came back: busy, ready, busy again */
    { HEAD LINE ("1", "e0 00 00 00 00 00", "none", "0", "0", OK)
          LINE ("2", TUR, "none", "0", "0", BUSY) LINE ("3", TUR, "none", "0", "0", OK)
              LINE ("4", TUR, "none", "0", "0", BUSY)
                  LINE ("5", "e1 00 00 00 00 00", "none", "0", "0", OK),
      OFL_TAPE_OTHER_COMMAND, 4, 3 },
    { HEAD LINE ("1", "e0 00 00 00 00 01", "none", "0", "0", OK), OFL_TAPE_OTHER_COMMAND, 0, 0 },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "none", "0", "0", BUSY), OFL_TAPE_OTHER_ANSWER, 0, 0 },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "none", "0", "0", OK)
          LINE ("2", TUR, "none", "0", "0", BUSY),
      OFL_TAPE_ENDS, 3, 2 },
    { HEAD LINE ("1", "e0 00 00 00 00 00", "none", "0", "0", OK)
          LINE ("2", "e1 00 00 00 00 00", "none", "0", "0", OK),
      OFL_TAPE_OTHER_COMMAND, 1, 1 },
  };
  g_autoptr (OflTape) one = parse (waits);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflTape) other = parse (rows[i].text);
      OflTapeComparison found = ofl_tape_compare (one, other);
      OflTapeComparison back = ofl_tape_compare (other, one);

      g_test_message ("row %u", i);
      g_assert_cmpint (found.difference, ==, rows[i].difference);
      g_assert_cmpuint (found.a, ==, rows[i].a);
      g_assert_cmpuint (found.b, ==, rows[i].b);
      g_assert_cmpint (back.difference, ==, rows[i].difference);
      g_assert_cmpuint (back.a, ==, rows[i].b);
    }
}

/* Of data in which a serial was masked all else is compared, as far as it is there. */
static void
test_masked (void)
{
  g_autofree char *path = g_build_filename (dir, "masked.tape", NULL);
  g_autofree char *hash_path = g_build_filename (dir, "masked-hash.tape", NULL);
  g_autoptr (OflTape) tape = NULL;
  g_autoptr (OflTape) hash = NULL;
  const OflTapeEntry *entry;
  guint8 data[64];
  guint masked;

  tape_bench_write_by_hand (path, TRUE);
  tape_bench_write_by_hand (hash_path, FALSE);
  tape = tape_bench_load (path);
  hash = tape_bench_load (hash_path);
  entry = ofl_tape_get_entry (tape, 3);
  g_assert_true (entry->masked);
  memset (data, 0x5a, sizeof data);
  memcpy (data + 7, "K9OTHERONE!", 11);
  g_assert_cmpint (ofl_tape_compare_answer (entry, &entry->reply, data, &masked), ==,
                   OFL_TAPE_SAME);
  g_assert_cmpuint (masked, ==, 9);
  g_assert_cmpint (ofl_tape_compare_answer (ofl_tape_get_entry (hash, 3), &entry->reply, data,
                                            &masked),
                   ==, OFL_TAPE_SAME);
  g_assert_cmpuint (masked, ==, 64);
  for (guint i = 0; i < sizeof data; i++)
    {
      gboolean known = i < 9 || i >= 18;

      data[i] ^= 0x01;
      g_assert_cmpint (ofl_tape_compare_answer (entry, &entry->reply, data, &masked), ==,
                       known ? OFL_TAPE_OTHER_RECEIVED : OFL_TAPE_SAME);
      data[i] ^= 0x01;
    }
}

static void
test_groups (void)
{
  g_autoptr (OflTape) tape = parse (waits);
  g_autoptr (OflTape) whole = tape_of ("standard", "1.03");
  g_autoptr (GArray) groups = ofl_tape_list_groups (tape);
  g_autoptr (GArray) of_whole = ofl_tape_list_groups (whole);
  const OflTapeGroup *polls = &g_array_index (groups, OflTapeGroup, 1);
  guint covered = 0;
  guint64 sent = 0;

  g_assert_cmpuint (groups->len, ==, 3);
  g_assert_cmpuint (polls->commands, ==, 3);
  g_assert_cmpuint (polls->failed, ==, 2);
  for (guint i = 0; i < of_whole->len; i++)
    {
      const OflTapeGroup *group = &g_array_index (of_whole, OflTapeGroup, i);

      g_assert_cmpuint (group->first, ==, covered);
      covered = group->last + 1;
      if (ofl_tape_get_entry (whole, group->first)->command.dir == OFL_DIR_OUT)
        sent += group->bytes;
    }
  g_assert_cmpuint (covered, ==, ofl_tape_get_n_entries (whole));
  g_assert_cmpuint (sent, ==, 0x10000); /* the whole image */
}

/* What no table names is told by its shape; what the standard or a family names is not. */
static void
test_unknown (void)
{
  g_autofree char *path = g_build_filename (dir, "by-hand.tape", NULL);
  g_autoptr (OflTape) tape = NULL;
  g_autoptr (GArray) shapes = NULL;
  const OflTapeShape *shape;
  g_autofree char *text = NULL;
  static const char *const known[] = { "standard", "drw1008", "bu40n" };

  tape_bench_write_by_hand (path, TRUE);
  tape = tape_bench_load (path);
  shapes = ofl_tape_list_unknown (tape);
  g_assert_cmpuint (shapes->len, ==, 3); /* df, e0, e1 */
  shape = &g_array_index (shapes, OflTapeShape, 0);
  text = ofl_tape_shape_format (shape);
  g_assert_cmpstr (text, ==, "df 11 01 00 00 00 00 00 .. 00 40 00");
  g_assert_cmpuint (shape->count, ==, 2);
  g_assert_cmpuint (shape->least, ==, 64);
  g_assert_cmpuint (shape->most, ==, 80);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autoptr (OflTape) flash = tape_of (known[i], "1.03");
      g_autoptr (GArray) none = ofl_tape_list_unknown (flash);

      g_assert_cmpuint (none->len, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dir = scratch_new ();
  g_test_add_data_func ("/tape-drive/whole-flash/standard", "standard", test_whole_flash);
  g_test_add_data_func ("/tape-drive/whole-flash/bu40n", "bu40n", test_whole_flash);
  g_test_add_data_func ("/tape-drive/other-image/standard", "standard", test_other_image);
  g_test_add_data_func ("/tape-drive/other-image/bu40n", "bu40n", test_other_image);
  g_test_add_func ("/tape-drive/to-the-bit", test_to_the_bit);
  g_test_add_func ("/tape-drive/polls", test_polls);
  g_test_add_func ("/tape-drive/poll-of-another", test_poll_of_another);
  g_test_add_func ("/tape-drive/by-hash", test_by_hash);
  g_test_add_func ("/tape-drive/compare", test_compare);
  g_test_add_func ("/tape-drive/compare-data", test_compare_data);
  g_test_add_func ("/tape-drive/compare-kinds", test_compare_kinds);
  g_test_add_func ("/tape-drive/groups", test_groups);
  g_test_add_func ("/tape-drive/masked", test_masked);
  g_test_add_func ("/tape-drive/masked-out", test_masked_out);
  g_test_add_func ("/tape-drive/unknown", test_unknown);
  status = g_test_run ();
  scratch_free (dir);
  return status;
}
