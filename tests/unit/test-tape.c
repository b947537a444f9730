/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tapes as they are recorded: what stands on them, what must not, and what a kill or a full disk
 * leaves. */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firmware/ofl-hashes.h"
#include "kit/fake-transport.h"
#include "kit/scratch.h"
#include "kit/tape-bench.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-recorder.h"

typedef struct {
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = scratch_new ();
  f->path = g_build_filename (f->dir, "a.tape", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
  g_free (f->path);
}

static const OflTapeHeader nobody = { .vendor = (char *) "X", .whole = TRUE };

static char *
read_text (const char *path)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  g_autoptr (OflTape) tape = NULL;
  const OflTapeEntry *entry;
  gsize n;

  tape_bench_write_by_hand (f->path, TRUE);
  tape = tape_bench_load (f->path);
  g_assert_cmpuint (ofl_tape_get_n_entries (tape), ==, 9);
  g_assert_cmpint (ofl_tape_get_end (tape), ==, OFL_TAPE_KILLED);
  g_assert_false (ofl_tape_is_torn (tape));
  g_assert_true (g_str_has_prefix (ofl_tape_get_header (tape)->program, "Optiflash "));
  g_assert_cmpstr (ofl_tape_get_header (tape)->product, ==, "BD-RE TEST");
  g_assert_cmpstr (ofl_tape_get_header (tape)->file_name, ==, "");

  entry = ofl_tape_get_entry (tape, 1);
  g_assert_cmpint (entry->reply.outcome, ==, OFL_OUTCOME_SENSE);
  g_assert_true (ofl_reply_tray_open (&entry->reply) || ofl_reply_no_medium (&entry->reply));
  g_assert_cmpuint (entry->reply.sense.raw_len, ==, 18);
  g_assert_cmpuint (entry->command.timeout_ms, ==, OFL_TIMEOUT_PROBE);
  g_assert_cmpint (entry->reply.duration_us, ==, 1500);

  entry = ofl_tape_get_entry (tape, 5);
  g_assert_cmpint (entry->command.dir, ==, OFL_DIR_OUT);
  g_assert_cmpuint (((const guint8 *) g_bytes_get_data (entry->data, &n))[199], ==, 5);
  g_assert_cmpuint (n, ==, 200);

  entry = ofl_tape_get_entry (tape, 6);
  g_assert_cmpint (entry->command.dir, ==, OFL_DIR_OUT);
  g_assert_cmpuint (entry->command.length, ==, 0);
  g_assert_cmpstr (entry->sha256, ==, "");

  g_assert_cmpint (ofl_tape_get_entry (tape, 7)->reply.outcome, ==, OFL_OUTCOME_TIMEOUT);
  g_assert_cmpuint (ofl_tape_get_entry (tape, 7)->reply.host_status, ==, 3);
  g_assert_cmpint (ofl_tape_get_entry (tape, 8)->reply.os_error, ==, EPERM);
}

/* The serial stands nowhere: not in clear, not in what base64 hides, and no hash is of it. */
static void
test_serial (Fixture *f, gconstpointer data)
{
  g_autoptr (OflTape) tape = NULL;
  g_autofree char *text = NULL;
  guint8 want[64];
  char sha256[OFL_TAPE_SHA256_LEN + 1];
  guint masked = 0;

  tape_bench_write_by_hand (f->path, TRUE);
  text = read_text (f->path);
  g_assert_null (strstr (text, TAPE_SERIAL));
  g_assert_nonnull (strstr (text, "\"serial\":\"K9*********\""));
  tape = tape_bench_load (f->path);
  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (tape, i);
      gsize n = 0;
      const char *bytes = entry->data != NULL ? g_bytes_get_data (entry->data, &n) : "";

      g_assert_null (memmem (bytes, n, TAPE_SERIAL, strlen (TAPE_SERIAL)));
      masked += entry->masked;
    }
  g_assert_cmpuint (masked, ==, 3);
  memset (want, 0x5a, sizeof want);
  memcpy (want + 7, "K9*********", 11);
  ofl_sha256_compute (want, sizeof want, sha256);
  g_assert_cmpstr (ofl_tape_get_entry (tape, 3)->sha256, ==, sha256);
}

static void
answer_with_serial (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                    gpointer user_data)
{
  static const char texts[][17] = { "A\0\0\xc", "\0\x80\0\xcQ7TT123456ZZ" };

  memcpy (data, texts[command->cdb[1] & 1], 16);
  if (command->cdb[1] == 0)
    memcpy (data + 36, "Q7TT123456ZZ", 12);
  reply->transferred = command->length;
}

/* One that nobody told the writer is learnt from the answer that gives it, and masked from there on. */
static void
test_serial_is_learnt (Fixture *f, gconstpointer data)
{
  static const guint8 standard[6] = { 0x12, 0, 0, 0, 96 }, page[6] = { 0x12, 1, 0x80, 0, 96 };
  OflTapeHeader header = { 0 };
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (f->path, &header, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_with_serial, NULL));
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
  g_autoptr (OflTape) tape = NULL;
  const guint8 *const cdbs[] = { standard, page, standard };

  for (guint i = 0; i < G_N_ELEMENTS (cdbs); i++)
    {
      OflCommand command = ofl_command_raw (cdbs[i], 6, OFL_DIR_IN, 96, OFL_TIMEOUT_PROBE);
      guint8 room[96] = { 0 };
      OflReply reply;

      ofl_transport_execute (recorder, &command, room, &reply);
    }
  tape = tape_bench_load (f->path);
  g_assert_null (ofl_tape_get_entry (tape, 0)->data); /* nobody could tell yet */
  g_assert_null (ofl_tape_get_entry (tape, 1)->data); /* the serial itself */
  g_assert_true (ofl_tape_get_entry (tape, 1)->masked);
  g_assert_nonnull (ofl_tape_get_entry (tape, 2)->data);
  g_assert_cmpmem ((const char *) g_bytes_get_data (ofl_tape_get_entry (tape, 2)->data, NULL) + 36,
                   12, "Q7**********", 12);
}

static void
answer_page_80 (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                gpointer user_data)
{
  const char *serial = user_data;

  data[1] = 0x80;
  data[3] = (guint8) strlen (serial);
  memcpy (data + 4, serial, strlen (serial));
  reply->transferred = command->length;
}

/* What a drive has in its serial's place is not always one. */
static void
test_no_serial (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *text;
    gboolean is_one;
  } rows[] = {
    { "K9JF41A3139", TRUE },
    { "  K9 41-A3", TRUE },
    { "0000000001", TRUE },
    { "\xff\xff\xff\xff\xff\xff\xff\xff", FALSE },
    { "000000000000", FALSE },
    { "   --------  ", FALSE },
    { "            ", FALSE },
    { "K9JF\x01\x02"
      "A3139",
      FALSE },
    { "", FALSE },
  };
  static const guint8 cdb[6] = { 0x12, 1, 0x80, 0, 64 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.tape", f->dir, i);
      g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (path, &nobody, NULL);
      g_autoptr (OflTransport) fake
          = OFL_TRANSPORT (fake_transport_new (answer_page_80, (gpointer) rows[i].text));
      g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
      OflCommand command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, 64, OFL_TIMEOUT_PROBE);
      g_autoptr (OflTape) tape = NULL;
      guint8 room[64] = { 0 };
      OflReply reply;

      ofl_transport_execute (recorder, &command, room, &reply);
      tape = tape_bench_load (path);
      g_test_message ("row %u", i);
      g_assert_true (ofl_tape_get_entry (tape, 0)->masked == rows[i].is_one);
    }
}

static void
answer_swapped (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                gpointer user_data)
{
  memcpy (data + 20, "9KFJ143A31 9", 12);
  reply->transferred = command->length;
}

/* As ATA has its texts, the two bytes of each word swapped; and a program's folder is nobody's business. */
static void
test_serial_swapped (Fixture *f, gconstpointer data)
{
  static const guint8 identify[12] = { 0xa1, 0x08 };
  OflTapeHeader header = { .serial = (char *) TAPE_SERIAL,
                           .file_name = (char *) "/home/me/" TAPE_SERIAL ".EXE",
                           .file_sha256 = g_strnfill (OFL_TAPE_SHA256_LEN, '0'),
                           .whole = TRUE };
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (f->path, &header, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_swapped, NULL));
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
  OflCommand command
      = ofl_command_raw (identify, sizeof identify, OFL_DIR_IN, 64, OFL_TIMEOUT_PROBE);
  g_autoptr (OflTape) tape = NULL;
  guint8 room[64] = { 0 };
  OflReply reply;

  ofl_transport_execute (recorder, &command, room, &reply);
  tape = tape_bench_load (f->path);
  g_assert_cmpmem ((const char *) g_bytes_get_data (ofl_tape_get_entry (tape, 0)->data, NULL) + 20,
                   12, "9K**********", 12);
  g_assert_cmpmem (room + 20, 12, "9KFJ143A31 9", 12); /* who asked gets it as it is */
  g_assert_cmpstr (ofl_tape_get_header (tape)->file_name, ==, "K9*********.EXE");
  g_free (header.file_sha256);
}

/* Any way in which a drive may have its serial, swapped or not, in data or behind a sense's codes. */
static void
answer_anywhere (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                 gpointer user_data)
{
  static const char *const texts[] = { "9KFJ143A31 9", "K J94FA11393", TAPE_SERIAL };
  guint8 sense[30] = { 0x70, 0, OFL_KEY_ILLEGAL_REQUEST, [7] = 22, [12] = 0x24 };

  memcpy (data + 20, texts[index], strlen (texts[index]));
  memcpy (sense + 18, texts[index], strlen (texts[index]));
  ofl_sense_parse (&reply->sense, sense, sizeof sense);
  reply->status = 0x02;
  reply->outcome = OFL_OUTCOME_SENSE;
  reply->transferred = command->length;
}

static void
test_serial_anywhere (Fixture *f, gconstpointer data)
{
  static const char *const masked[] = { "9K**********", "K **********", "K9*********" };
  static const guint8 cdb[6] = { 0xdf };
  OflTapeHeader header = { .serial = (char *) TAPE_SERIAL, .whole = TRUE };
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (f->path, &header, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_anywhere, NULL));
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
  OflCommand command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, 64, OFL_TIMEOUT_PROBE);
  g_autoptr (OflTape) tape = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (masked); i++)
    {
      guint8 room[64] = { 0 };
      OflReply reply;

      ofl_transport_execute (recorder, &command, room, &reply);
    }
  tape = tape_bench_load (f->path);
  for (guint i = 0; i < G_N_ELEMENTS (masked); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (tape, i);
      const guint8 *bytes = g_bytes_get_data (entry->data, NULL);
      gsize n = strlen (masked[i]);

      g_assert_cmpmem (bytes + 20, n, masked[i], n);
      g_assert_cmpmem (entry->reply.sense.raw + 18, n, masked[i], n);
      g_assert_cmpuint (entry->reply.sense.asc, ==, 0x24);
    }
}

/* Without consent only what tells nothing of this very drive is whole. */
static void
test_consent (Fixture *f, gconstpointer data)
{
  static const gboolean whole[9] = { TRUE };
  g_autoptr (OflTape) tape = NULL;

  tape_bench_write_by_hand (f->path, FALSE);
  tape = tape_bench_load (f->path);
  g_assert_false (ofl_tape_get_header (tape)->whole);
  for (guint i = 0; i < 9; i++)
    g_assert_true ((ofl_tape_get_entry (tape, i)->data != NULL) == whole[i]);
  g_assert_cmpint (ofl_tape_find_missing (tape, OFL_DIR_IN), ==, 2);
  g_assert_cmpint (ofl_tape_find_missing (tape, OFL_DIR_OUT), ==, 5);
}

static void
answer_late (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
             gpointer user_data)
{
  reply->duration_us = G_MAXINT64;
}

/* Of a clock that is wrong the tape has what a reader takes. */
static void
test_late (Fixture *f, gconstpointer data)
{
  static const guint8 cdb[6] = { 0 };
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (f->path, &nobody, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_late, NULL));
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
  OflCommand command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_NONE, 0, OFL_TIMEOUT_PROBE);
  g_autoptr (OflTape) tape = NULL;
  OflReply reply;

  ofl_transport_execute (recorder, &command, NULL, &reply);
  tape = tape_bench_load (f->path);
  g_assert_cmpint (ofl_tape_get_entry (tape, 0)->reply.duration_us, ==,
                   G_GINT64_CONSTANT (86400000000));
}

/* What is more than a tape can have ends it: one with a hole would be taken for the whole. */
static void
test_too_much (Fixture *f, gconstpointer data)
{
  static const struct {
    guint32 length;
    guint fit; /* so many of them */
  } rows[] = { { OFL_TAPE_MOST_LENGTH + 1, 0 }, { OFL_TAPE_MOST_LENGTH, 256 }, { 0x800000, 512 } };
  static const guint8 cdb[10] = { 0x3c, 0x02 };
  guint8 room = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.tape", f->dir, i);
      g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (path, &nobody, NULL);
      OflCommand command
          = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, rows[i].length, OFL_TIMEOUT_PROBE);
      g_autoptr (OflTape) tape = NULL;
      OflReply reply = { .outcome = OFL_OUTCOME_TIMEOUT };

      for (guint n = 0; n < rows[i].fit; n++)
        ofl_tape_writer_add (writer, 0, &command, &room, &reply);
      g_assert_cmpint (ofl_tape_writer_get_broken (writer), ==, 0);
      ofl_tape_writer_add (writer, 0, &command, &room, &reply);
      g_assert_cmpint (ofl_tape_writer_get_broken (writer), ==, EFBIG);
      tape = tape_bench_load (path);
      g_assert_cmpuint (ofl_tape_get_n_entries (tape), ==, rows[i].fit);
      g_assert_cmpint (ofl_tape_get_end (tape), ==, OFL_TAPE_BROKE_OFF);
    }
}

static void
answer_ok (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
           gpointer user_data)
{
  reply->transferred = command->length;
}

static void
send_some (OflTransport *transport, guint n)
{
  OflCommand command = ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, 0x8000);
  g_autofree guint8 *data = g_malloc0 (0x8000);
  OflReply reply;

  for (guint i = 0; i < n; i++)
    {
      ofl_transport_execute (transport, &command, data, &reply);
      g_assert_true (ofl_reply_ok (&reply));
    }
}

/* The child of this test: records until it is killed. */
static void
record_for_ever (const char *path)
{
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (path, &nobody, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_ok, NULL));
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);

  send_some (recorder, G_MAXUINT);
}

static gboolean
has_begun (const char *path)
{
  GStatBuf buf;

  return g_stat (path, &buf) == 0 && buf.st_size > 0;
}

/* Killed at any time it is a tape of whole lines that says that it broke off. */
static void
test_kill (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);
  guint most = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.tape", f->dir, i);
      g_autoptr (OflTape) tape = NULL;
      pid_t child = fork ();

      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          record_for_ever (path);
          _exit (0);
        }
      while (!has_begun (path))
        g_usleep (100);
      g_usleep (5000 + (gulong) g_rand_int_range (rand, 0, 60000));
      kill (child, SIGKILL);
      g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
      tape = tape_bench_load (path);
      g_assert_cmpint (ofl_tape_get_end (tape), ==, OFL_TAPE_BROKE_OFF);
      most = MAX (most, ofl_tape_get_n_entries (tape));
      g_unlink (path);
    }
  g_assert_cmpuint (most, >, 0);
}

/* A disk that is full ends the tape with a whole line, and not the conversation. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  struct rlimit before, low = { 100000, 0 };
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (f->path, &nobody, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_ok, NULL));
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
  g_autoptr (OflTape) tape = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  low.rlim_max = before.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &low), ==, 0);
  send_some (recorder, 5);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (ofl_tape_writer_get_broken (writer), ==, EFBIG);
  send_some (recorder, 1); /* there is room again, and still no line with a hole before it */
  g_assert_false (ofl_tape_writer_end (writer, OFL_TAPE_ENDED, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
  tape = tape_bench_load (f->path);
  text = read_text (f->path);
  g_assert_true (g_str_has_suffix (text, "}\n"));
  g_assert_cmpuint (ofl_tape_get_n_entries (tape), ==, 2);
  g_assert_cmpint (ofl_tape_get_end (tape), ==, OFL_TAPE_BROKE_OFF);
  g_assert_false (ofl_tape_is_torn (tape));
}

/* What a kill or a loss of power leaves behind the last whole line is left out, and said. */
static void
test_torn (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *tail;
    gsize length;
  } tails[] = {
    { "\0\0\0\0\0\0", 6 },
    { "{\"n\":10,\"at_ms\":", 16 },
    { "\xe2", 1 },
  };
  g_autofree char *text = NULL;
  char *end;

  tape_bench_write_by_hand (f->path, TRUE);
  text = read_text (f->path);
  end = strstr (text, "{\"end\"");
  g_assert_nonnull (end);
  *end = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autoptr (GString) torn = g_string_new (text);
      g_autoptr (OflTape) tape = NULL;
      g_autoptr (GError) error = NULL;

      g_string_append_len (torn, tails[i].tail, (gssize) tails[i].length);
      tape = ofl_tape_parse (torn->str, torn->len, &error);
      g_assert_no_error (error);
      g_assert_true (ofl_tape_is_torn (tape));
      g_assert_cmpuint (ofl_tape_get_n_entries (tape), ==, 9);
      g_assert_cmpint (ofl_tape_get_end (tape), ==, OFL_TAPE_BROKE_OFF);
    }
}

/* What is there is never written over, and a folder that is not there is said. */
static void
test_no_place (Fixture *f, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (f->dir, "none", "a.tape", NULL);
  g_autofree char *text = NULL;
  const char *const paths[] = { f->path, nowhere };

  g_assert_true (g_file_set_contents (f->path, "mine", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (paths[i], &nobody, &error);

      g_assert_null (writer);
      g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
    }
  text = read_text (f->path);
  g_assert_cmpstr (text, ==, "mine");
}

/* The recorder is the way to the drive in all that a job asks of it. */
static void
test_recorder (Fixture *f, gconstpointer data)
{
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (f->path, &nobody, NULL);
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer_ok, NULL));
  g_autoptr (OflTransport) recorder = NULL;
  g_autofree char *real_words = ofl_transport_describe (fake);
  g_autofree char *words = NULL;
  g_autoptr (GError) a = NULL;
  g_autoptr (GError) b = NULL;

  g_object_set_data (G_OBJECT (fake), OFL_TRANSPORT_BUS, (gpointer) "usb");
  recorder = ofl_tape_recorder_new (fake, writer);
  words = ofl_transport_describe (recorder);
  g_assert_true (g_str_has_prefix (words, real_words));
  g_assert_cmpstr (g_object_get_data (G_OBJECT (recorder), OFL_TRANSPORT_BUS), ==, "usb");
  g_assert_cmpuint (ofl_transport_max_transfer (recorder), ==, ofl_transport_max_transfer (fake));
  g_assert_true (ofl_transport_check_can_flash (recorder, &a)
                 == ofl_transport_check_can_flash (fake, &b));
  send_some (recorder, 3);
  g_assert_cmpuint (fake_transport_get_count (FAKE_TRANSPORT (fake)), ==, 3);
}

#define ADD(path, func) g_test_add ("/tape/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("consent", test_consent);
  ADD ("full-disk", test_full_disk);
  ADD ("kill", test_kill);
  ADD ("late", test_late);
  ADD ("no-place", test_no_place);
  ADD ("no-serial", test_no_serial);
  ADD ("recorder", test_recorder);
  ADD ("round-trip", test_round_trip);
  ADD ("serial", test_serial);
  ADD ("serial-anywhere", test_serial_anywhere);
  ADD ("serial-is-learnt", test_serial_is_learnt);
  ADD ("serial-swapped", test_serial_swapped);
  ADD ("too-much", test_too_much);
  ADD ("torn", test_torn);
  return g_test_run ();
}
