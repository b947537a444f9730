/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives that are made from tapes, in a list: a job finds the recorded conversation in them, whoever only looks
 * leaves no trace, and nothing but the tape's own commands is taken. */
#include <errno.h>
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-local-job.h"
#include "kit/fake-transport.h"
#include "kit/scratch.h"
#include "kit/tape-bench.h"
#include "ofl-core.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-recorder.h"
#include "updater/ofl-tape-target.h"

#define PIECE 64

static char *dir;

static OflDrive *
drive_of (const char *name)
{
  g_autofree char *id = g_strdup_printf ("tape:%s/%s", dir, name);
  g_autoptr (GError) error = NULL;
  OflDrive *drive = ofl_core_new_practice_drive (id, 0, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ofl_target_is_practice (ofl_drive_get_target (drive)));
  return drive;
}

/* A flash of a practice drive, recorded once. */
static OflDrive *
flashed (const char *id)
{
  g_autofree char *path = g_build_filename (dir, id, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    tape_bench_record (id, "1.03", TRUE, path);
  return drive_of (id);
}

static OflResult *
flash (OflDrive *drive, const char *id, const char *revision)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autoptr (GBytes) bytes = ofl_practice_make_image (id, revision, NULL, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("image.bin", bytes);
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflJob) job = NULL;

  g_assert_true (ofl_families_recognise (firmware, NULL));
  options->state_dir = g_strdup (folder);
  options->backup_dir = g_build_filename (folder, "backups", NULL);
  options->accept_no_backup = TRUE;
  options->accept_warnings = TRUE;
  job = ofl_local_job_new (OFL_JOB_FLASH, ofl_drive_get_target (drive), NULL,
                           ofl_firmware_get_image (firmware, 0), options);
  return ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
}

static OflTransport *
open_drive (OflDrive *drive, OflOpenFlags flags)
{
  g_autoptr (GError) error = NULL;
  OflTransport *transport = ofl_target_open (ofl_drive_get_target (drive), flags, &error);

  g_assert_no_error (error);
  return transport;
}

/* What the list does with every drive. */
static OflSnapshot *
look (OflDrive *drive)
{
  g_autoptr (OflTransport) transport = open_drive (drive, OFL_OPEN_READ_ONLY);
  g_autoptr (GError) error = NULL;
  OflSnapshot *snapshot = ofl_drive_take_snapshot (transport, ofl_families_probe, NULL, &error);

  g_assert_no_error (error);
  ofl_transport_close (transport);
  return snapshot;
}

static void
assert_revision (OflDrive *drive, const char *revision)
{
  g_autoptr (OflSnapshot) seen = look (drive);

  g_assert_cmpstr (ofl_snapshot_identity (seen)->revision, ==, revision);
}

/* Looked at any number of times before, between and after, it takes the write again and again. */
static void
test_flash (gconstpointer data)
{
  const char *id = data;
  g_autoptr (OflDrive) drive = flashed (id);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (OflResult) result = NULL;
      g_auto (OflTapePlayed) played = { 0 };

      assert_revision (drive, i == 0 ? "1.00" : "1.03");
      assert_revision (drive, i == 0 ? "1.00" : "1.03");
      g_assert_cmpint (ofl_tape_target_read (ofl_drive_get_target (drive), &played), ==, i > 0);
      ofl_tape_played_clear (&played);
      result = flash (drive, id, "1.03");
      if (!ofl_verdict_is_success (result->verdict))
        g_test_fail_printf ("%s: %s", ofl_verdict_id (result->verdict), result->what);
      g_assert_true (ofl_tape_target_read (ofl_drive_get_target (drive), &played));
      g_assert_true (played.complete);
      g_assert_cmpuint (played.differences, ==, 0);
    }
  assert_revision (drive, "1.03");
}

/* Another image is refused at its first changed byte, and which command that was is told. */
static void
test_other_image (gconstpointer data)
{
  g_autoptr (OflDrive) drive = flashed (data);
  g_autoptr (OflResult) result = flash (drive, data, "1.04");
  g_auto (OflTapePlayed) played = { 0 };

  g_assert_false (ofl_verdict_is_success (result->verdict));
  g_assert_true (ofl_tape_target_read (ofl_drive_get_target (drive), &played));
  g_assert_false (played.complete);
  g_assert_cmpuint (played.differences, >, 0);
  g_assert_nonnull (strstr (played.difference, "WRITE BUFFER"));
  assert_revision (drive, "1.00");
}

/* A drive that gets another revision by the write */
static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  gboolean *written = user_data;
  guint8 inquiry[36] = { 5, 0x80, 0, 2, 31 };

  memcpy (inquiry + 8, "MAKER   UNKNOWN DRIVE   1.00", 28);
  inquiry[35] = *written ? '1' : '0';
  reply->outcome = OFL_OUTCOME_OK;
  reply->transferred = command->length;
  if (command->cdb[0] == 0x12)
    memcpy (data, inquiry, MIN (command->length, sizeof inquiry));
  else if (command->cdb[0] == 0xdf)
    memset (data, 0x5a, command->length);
  else if (command->cdb[0] == 0x3b)
    *written = TRUE;
}

static const guint8 read_vendor[12] = { 0xdf, 0x01 };
static const guint8 write_buffer[10] = { 0x3b, 0x05 };
static const guint8 short_inquiry[6] = { 0x12, 0, 0, 0, 36, 0 };
static const guint8 capacity[10] = { 0x25 };
static const guint8 disc_info[10] = { 0x51 };

static void
send (OflTransport *transport, const guint8 *cdb, guint8 length, OflDirection way, guint32 n,
      guint8 fill, OflReply *reply)
{
  OflCommand command = ofl_command_raw (cdb, length, way, n, OFL_TIMEOUT_PROBE);
  guint8 data[96];

  memset (data, fill, sizeof data);
  ofl_transport_execute (transport, &command, data, reply);
}

/* A stranger's: a question of the maker's own, one of the standard, the write, and only then who the drive is. */
static OflDrive *
stranger (void)
{
  g_autofree char *path = g_build_filename (dir, "stranger", NULL);
  const OflTapeHeader header = { .vendor = (char *) "MAKER",
                                 .product = (char *) "UNKNOWN DRIVE",
                                 .revision = (char *) "1.00",
                                 .whole = TRUE };
  gboolean written = FALSE;
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer, &written));
  g_autoptr (OflTapeWriter) writer = NULL;
  g_autoptr (OflTransport) recorder = NULL;
  g_autoptr (GError) error = NULL;
  OflReply reply;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return drive_of ("stranger");
  writer = ofl_tape_writer_new (path, &header, &error);
  g_assert_no_error (error);
  recorder = ofl_tape_recorder_new (fake, writer);
  send (recorder, read_vendor, sizeof read_vendor, OFL_DIR_IN, PIECE, 0, &reply);
  send (recorder, capacity, sizeof capacity, OFL_DIR_IN, 8, 0, &reply);
  send (recorder, write_buffer, sizeof write_buffer, OFL_DIR_OUT, PIECE, 7, &reply);
  send (recorder, short_inquiry, sizeof short_inquiry, OFL_DIR_IN, 36, 0, &reply);
  ofl_tape_writer_end (writer, OFL_TAPE_ENDED, &error);
  g_assert_no_error (error);
  return drive_of ("stranger");
}

static void
assert_played (OflDrive *drive, guint position, guint differences)
{
  g_auto (OflTapePlayed) played = { 0 };

  g_assert_true (ofl_tape_target_read (ofl_drive_get_target (drive), &played));
  g_assert_cmpuint (played.commands, ==, 4);
  g_assert_cmpuint (played.position, ==, position);
  g_assert_cmpuint (played.differences, ==, differences);
}

/* Its name is the first line's until the program itself has asked, and no disc is in it. */
static void
test_unrecorded (void)
{
  g_autoptr (OflDrive) drive = stranger ();
  g_autoptr (OflTransport) job = NULL;
  g_autoptr (OflSnapshot) seen = look (drive);
  OflReply reply;

  g_assert_cmpstr (ofl_snapshot_identity (seen)->vendor, ==, "MAKER");
  g_assert_cmpstr (ofl_snapshot_identity (seen)->product, ==, "UNKNOWN DRIVE");
  g_assert_false (ofl_snapshot_identity (seen)->medium);
  job = open_drive (drive, OFL_OPEN_EXCLUSIVE);
  send (job, read_vendor, sizeof read_vendor, OFL_DIR_IN, PIECE, 0, &reply);
  g_assert_true (ofl_reply_ok (&reply));
  g_assert_cmpuint (reply.transferred, ==, PIECE);
  send (job, disc_info, sizeof disc_info, OFL_DIR_IN, 8, 0, &reply);
  g_assert_cmpuint (reply.sense.asc, ==, 0x20);
  for (guint i = 0; i < 2; i++)
    {
      send (job, capacity, sizeof capacity, OFL_DIR_IN, 8, 0, &reply);
      g_assert_true (ofl_reply_ok (&reply));
    }
  send (job, write_buffer, sizeof write_buffer, OFL_DIR_OUT, PIECE, 7, &reply);
  g_assert_true (ofl_reply_ok (&reply));
  g_clear_object (&job);
  assert_played (drive, 3, 0);
  assert_revision (drive, "1.00");

  job = open_drive (drive, OFL_OPEN_EXCLUSIVE);
  send (job, read_vendor, sizeof read_vendor, OFL_DIR_IN, PIECE, 0, &reply);
  send (job, write_buffer, sizeof write_buffer, OFL_DIR_OUT, PIECE, 7, &reply);
  send (job, short_inquiry, sizeof short_inquiry, OFL_DIR_IN, 36, 0, &reply);
  ofl_transport_close (job);
  assert_played (drive, 4, 0);
  assert_revision (drive, "1.01");
  /* a way that was closed leads nowhere */
  send (job, short_inquiry, sizeof short_inquiry, OFL_DIR_IN, 36, 0, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_NOT_SENT);
  g_assert_cmpint (reply.os_error, ==, EBADF);
}

/* What could change it comes in the tape's order and with its data, or not at all. */
static void
test_order (void)
{
  g_autoptr (OflDrive) drive = stranger ();
  g_autoptr (OflTransport) job = open_drive (drive, OFL_OPEN_EXCLUSIVE);
  OflReply reply;

  send (job, write_buffer, sizeof write_buffer, OFL_DIR_OUT, PIECE, 7, &reply);
  g_assert_cmpuint (reply.sense.asc, ==, 0x24);
  send (job, read_vendor, sizeof read_vendor, OFL_DIR_IN, PIECE, 0, &reply);
  g_assert_true (ofl_reply_ok (&reply));
  send (job, write_buffer, sizeof write_buffer, OFL_DIR_OUT, PIECE, 8, &reply);
  g_assert_cmpuint (reply.sense.asc, ==, 0x26);
  send (job, write_buffer, sizeof write_buffer, OFL_DIR_OUT, PIECE, 7, &reply);
  g_assert_true (ofl_reply_ok (&reply));
  send (job, write_buffer, sizeof write_buffer, OFL_DIR_OUT, PIECE, 7, &reply);
  g_assert_false (ofl_reply_ok (&reply));
  g_clear_object (&job);
  assert_played (drive, 3, 3);
}

/* As of every drive: a job is alone with it, and whoever looks keeps a job away. */
static void
test_alone (void)
{
  g_autoptr (OflDrive) drive = stranger ();
  OflTarget *target = ofl_drive_get_target (drive);
  g_autoptr (OflTransport) first = open_drive (drive, OFL_OPEN_READ_ONLY);
  g_autoptr (OflTransport) second = open_drive (drive, OFL_OPEN_READ_ONLY);
  g_autoptr (OflTransport) job = NULL;
  g_autoptr (GError) busy = NULL, also = NULL;

  g_assert_null (ofl_target_open (target, OFL_OPEN_EXCLUSIVE, &busy));
  g_assert_error (busy, OFL_ERROR, OFL_ERROR_BUSY);
  ofl_transport_close (first);
  ofl_transport_close (first);
  g_clear_object (&second);
  job = open_drive (drive, OFL_OPEN_EXCLUSIVE);
  g_assert_null (ofl_target_open (target, OFL_OPEN_READ_ONLY, &also));
  g_assert_error (also, OFL_ERROR, OFL_ERROR_BUSY);
}

static void
assert_none (const char *id, OflError code, const char *said)
{
  g_autofree char *full = g_strconcat ("tape:", id, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (ofl_core_new_practice_drive (full, 0, NULL, &error));
  g_assert_error (error, OFL_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, said));
}

/* What is no tape, or one that cannot be played, is a sentence. */
static void
test_bad (void)
{
  g_autofree char *none = g_build_filename (dir, "none", NULL);
  g_autofree char *text = g_build_filename (dir, "text", NULL);
  g_autofree char *hash = g_build_filename (dir, "hash", NULL);

  scratch_put (dir, "text", "no tape\n");
  tape_bench_write_by_hand (hash, FALSE);
  assert_none ("", OFL_ERROR_BAD_FILE, "cannot be read");
  assert_none (dir, OFL_ERROR_BAD_FILE, "cannot be read");
  assert_none (none, OFL_ERROR_BAD_FILE, "cannot be read");
  assert_none (text, OFL_ERROR_BAD_FILE, "not a tape");
  assert_none (hash, OFL_ERROR_NOT_SUPPORTED, "as a hash only");
}

/* It is shown as what it is, in the list and wherever a practice drive's assumptions are; it cannot be broken. */
static void
test_list (void)
{
  static const char *const faults[] = { "silent", NULL };
  g_autofree char *more = g_strdup_printf ("bu40n-2,tape:%s/stranger", dir);
  g_autofree char *id = g_strdup_printf ("practice:tape:%s/stranger", dir);
  g_autoptr (OflDriveMonitor) monitor = ofl_core_new_monitor ();
  g_autoptr (OflDrive) drive = stranger ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) set = NULL;
  gboolean unplugged = TRUE;

  g_setenv ("OFL_PRACTICE_MORE", more, TRUE);
  ofl_core_add_practice_drives (monitor, 0, NULL);
  g_unsetenv ("OFL_PRACTICE_MORE");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (monitor)), ==,
                    ofl_practice_count () + 2);
  g_assert_cmpstr (ofl_drive_get_id (drive), ==, id);
  g_assert_nonnull (strstr (ofl_core_get_practice_assumptions (drive), "made from a tape"));
  g_assert_true (ofl_core_get_practice_port (drive) == NULL);
  g_assert_false (
      ofl_core_set_practice_faults (id + strlen ("practice:"), dir, faults, FALSE, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  set = ofl_core_get_practice_faults (id + strlen ("practice:"), dir, &unplugged);
  g_assert_cmpuint (g_strv_length (set), ==, 0);
  g_assert_false (unplugged);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dir = scratch_new ();
  g_test_add_data_func ("/tape-target/flash/standard", "standard", test_flash);
  g_test_add_data_func ("/tape-target/flash/bu40n", "bu40n", test_flash);
  g_test_add_data_func ("/tape-target/other-image/standard", "standard", test_other_image);
  g_test_add_data_func ("/tape-target/other-image/bu40n", "bu40n", test_other_image);
  g_test_add_func ("/tape-target/unrecorded", test_unrecorded);
  g_test_add_func ("/tape-target/order", test_order);
  g_test_add_func ("/tape-target/alone", test_alone);
  g_test_add_func ("/tape-target/bad", test_bad);
  g_test_add_func ("/tape-target/list", test_list);
  status = g_test_run ();
  scratch_free (dir);
  return status;
}
