/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tape-bench.h"

#include <errno.h>
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-local-job.h"
#include "fake-transport.h"
#include "scratch.h"
#include "ofl-core.h"
#include "updater/ofl-tape-recorder.h"

/* What stands behind the target of a job: a real one that is recorded, or a drive made from a tape */
typedef struct {
  OflTarget *real;
  OflTapeWriter *writer;
  OflTapeDrive *drive;
} Behind;

static OflTransport *
open_behind (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  Behind *behind = data;
  g_autoptr (OflTransport) real = NULL;

  if (behind->drive != NULL)
    return OFL_TRANSPORT (g_object_ref (behind->drive));
  real = ofl_target_open (behind->real, flags, error);
  return real != NULL ? ofl_tape_recorder_new (real, behind->writer) : NULL;
}

static OflResult *
flash (Behind *behind, const char *id, const char *revision)
{
  g_autoptr (Scratch) dir = scratch_new ();
  g_autoptr (GBytes) bytes = ofl_practice_make_image (id, revision, NULL, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("image.bin", bytes);
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflTarget) target = NULL;
  g_autoptr (OflJob) job = NULL;

  g_assert_true (ofl_families_recognise (firmware, NULL));
  options->state_dir = g_strdup (dir);
  options->backup_dir = g_build_filename (dir, "backups", NULL);
  options->accept_no_backup = TRUE;
  options->accept_warnings = TRUE;
  target = ofl_target_new (ofl_target_get_id (behind->real), NULL, NULL,
                           ofl_target_get_topology (behind->real), open_behind, behind, NULL);
  job = ofl_local_job_new (OFL_JOB_FLASH, target, NULL, ofl_firmware_get_image (firmware, 0),
                           options);
  return ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
}

static OflTapeWriter *
begin (const char *path, gboolean whole, const OflIdentity *identity)
{
  OflTapeHeader header = { .vendor = (char *) identity->vendor,
                           .product = (char *) identity->product,
                           .revision = (char *) identity->revision,
                           .link = (char *) "usb",
                           .serial = (char *) identity->serial,
                           .whole = whole };
  g_autoptr (GError) error = NULL;
  OflTapeWriter *writer = ofl_tape_writer_new (path, &header, &error);

  g_assert_no_error (error);
  return writer;
}

void
tape_bench_record (const char *id, const char *revision, gboolean whole, const char *path)
{
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive (id, 0, NULL, NULL);
  Behind behind = { .real = ofl_drive_get_target (drive) };
  g_autoptr (OflTransport) look = ofl_target_open (behind.real, OFL_OPEN_READ_ONLY, NULL);
  g_autoptr (OflTapeWriter) writer = NULL;
  g_autoptr (OflResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OflIdentity identity = { 0 };

  g_assert_true (ofl_identity_read (&identity, look, NULL));
  ofl_transport_close (look);
  writer = begin (path, whole, &identity);
  behind.writer = writer;
  result = flash (&behind, id, revision);
  if (!ofl_verdict_is_success (result->verdict))
    g_test_fail_printf ("%s: %s", ofl_verdict_id (result->verdict), result->what);
  ofl_tape_writer_end (writer, OFL_TAPE_ENDED, &error);
  g_assert_no_error (error);
}

OflTape *
tape_bench_load (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  OflTape *tape = ofl_tape_load (file, NULL, &error);

  g_assert_no_error (error);
  return tape;
}

OflResult *
tape_bench_flash_over (OflTapeDrive *drive, const char *id, const char *revision)
{
  g_autoptr (OflDrive) like = ofl_core_new_practice_drive (id, 0, NULL, NULL);
  Behind behind = { .real = ofl_drive_get_target (like), .drive = drive };

  return flash (&behind, id, revision);
}

/* A drive that answers as its opcode says, in every way that a transport knows. */
static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  static const guint8 feature[28] = { [3] = 24, [8] = 0x01, [9] = 0x08, [10] = 0x03, [11] = 16, 'K',
                                      '9',      'J',        'F',        '4',         '1',       'A',
                                      '3',      '1',        '3',        '9',         ' ' };

  reply->outcome = OFL_OUTCOME_OK;
  reply->transferred = command->length;
  switch (command->cdb[0])
    {
    case 0x00:
      fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0x01);
      break;
    case 0x46:
      memcpy (data, feature, MIN (command->length, sizeof feature));
      break;
    case 0xdf:
      memset (data, 0x5a, command->length);
      memcpy (data + 7, TAPE_SERIAL, strlen (TAPE_SERIAL));
      break;
    case 0xe0:
      reply->host_status = 0x03;
      reply->transferred = 0;
      reply->outcome = OFL_OUTCOME_TIMEOUT;
      break;
    case 0xe1:
      reply->os_error = EPERM;
      reply->transferred = 0;
      reply->outcome = OFL_OUTCOME_NOT_SENT;
      break;
    default:
      break;
    }
  reply->residual = command->length - reply->transferred;
  reply->duration_us = 1500;
}

void
tape_bench_write_by_hand (const char *path, gboolean whole)
{
  static const struct {
    guint8 cdb[12];
    guint8 cdb_len;
    OflDirection dir;
    guint32 length;
  } rows[] = {
    { { 0x12, 0, 0, 0, 36 }, 6, OFL_DIR_IN, 36 },
    { { 0x00 }, 6, OFL_DIR_NONE, 0 },
    { { 0x46, 0x02, 0x01, 0x08, 0, 0, 0, 0, 28 }, 10, OFL_DIR_IN, 28 },
    { { 0xdf, 0x11, 0x01, 0, 0, 0, 0, 0, 0, 0, 64 }, 12, OFL_DIR_IN, 64 },
    { { 0xdf, 0x11, 0x01, 0, 0, 0, 0, 0, 4, 0, 64 }, 12, OFL_DIR_IN, 80 },
    { { 0x3b, 0x05 }, 10, OFL_DIR_OUT, 200 },
    { { 0x3b, 0x05 }, 10, OFL_DIR_OUT, 0 },
    { { 0xe0 }, 12, OFL_DIR_IN, 16 },
    { { 0xe1 }, 12, OFL_DIR_OUT, 16 },
  };
  OflIdentity identity = { .vendor = "HL-DT-ST",
                           .product = "BD-RE TEST",
                           .revision = "1.00",
                           .serial = TAPE_SERIAL };
  g_autoptr (OflTransport) fake = OFL_TRANSPORT (fake_transport_new (answer, NULL));
  g_autoptr (OflTapeWriter) writer = begin (path, whole, &identity);
  g_autoptr (OflTransport) recorder = ofl_tape_recorder_new (fake, writer);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflCommand command = ofl_command_raw (rows[i].cdb, rows[i].cdb_len, rows[i].dir,
                                            rows[i].length, OFL_TIMEOUT_PROBE);
      g_autofree guint8 *data = g_malloc0 (256);
      OflReply reply;

      memset (data, (int) i, 256);
      ofl_transport_execute (recorder, &command, data, &reply);
    }
  ofl_tape_writer_end (writer, OFL_TAPE_KILLED, &error);
  g_assert_no_error (error);
}
