/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole jobs on a Lite-On drive that a fake transport plays: nothing of the vendor's opcode is sent
 * unless the user chose it, and what was chosen ends in a backup of two parts. */
#include <string.h>

#include "families/ofl-families.h"
#include "flash/ofl-stored-backup.h"
#include "flash/ofl-work.h"
#include "kit/fake-transport.h"
#include "kit/scratch.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"

#define FULL 0x100000
#define NAME "LITE-ON DVDRW SOHW-812S US0J"

/* The drive, and what it was asked. */
typedef struct {
  guint8 *flash;
  guint8 *eeprom;
  guint vendor_commands;
  guint writes;
  char *dir;
} Drive;

static void
answer_inquiry (const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint8 inquiry[96] = { 5, 0x80, 0, 0x32, 91 };

  memcpy (inquiry + 8, NAME, strlen (NAME));
  memcpy (inquiry + 36, "2004/02/11 09:10", 16);
  if ((command->cdb[1] & 1) != 0)
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
  else
    memcpy (data, inquiry, MIN (command->length, sizeof inquiry));
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  Drive *drive = user_data;
  const guint8 *cdb = command->cdb;

  drive->writes += command->dir == OFL_DIR_OUT;
  drive->vendor_commands += cdb[0] >= 0xc0;
  if (cdb[0] == 0x12)
    answer_inquiry (command, data, reply);
  else if (cdb[0] == 0x00)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0);
  else if (cdb[0] == 0xdf && cdb[1] == 0x83)
    memcpy (data, drive->flash + ofl_get_be (cdb + 6, 3), command->length);
  else if (cdb[0] == 0xdf && cdb[1] == 0x89)
    memcpy (data, drive->eeprom + ofl_get_be (cdb + 7, 2), command->length);
  else
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

static OflTransport *
open_drive (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  return OFL_TRANSPORT (fake_transport_new (answer, data));
}

static OflResult *
run_job (Drive *drive, OflJobKind kind, OflImage *image, const char *experimental)
{
  OflTopology topology = { .bus = OFL_BUS_IDE };
  g_autoptr (OflTarget) target
      = ofl_target_new ("fake", NULL, NULL, &topology, open_drive, drive, NULL);
  OflJobOptions *options = ofl_job_options_new ();
  OflResult *result;
  OflWork *work;

  options->choices = ofl_choices_new ();
  ofl_choices_set (options->choices, "experimental", experimental);
  options->backup_dir = g_build_filename (drive->dir, "backups", NULL);
  options->state_dir = g_build_filename (drive->dir, "state", NULL);
  work = ofl_work_new (kind, target, NULL, image, options);
  result = ofl_work_execute (work);
  ofl_work_free (work);
  ofl_job_options_free (options);
  return result;
}

static void
set_up (Drive *drive, gconstpointer data)
{
  static const guint8 header[8] = { 0x05, 0x80, 0, 0x32, 0x5b };

  drive->dir = scratch_new ();
  drive->flash = specimen_noise (9, FULL);
  drive->eeprom = specimen_noise (10, 0x400);
  for (gsize at = 0; at < FULL; at += 0x10000)
    drive->flash[at] = 0x02;
  memcpy (drive->flash + 0x5678, header, 8);
  memcpy (drive->flash + 0x5680, NAME "2004/02/11 09:10", strlen (NAME) + 16);
}

static void
tear_down (Drive *drive, gconstpointer data)
{
  scratch_free (drive->dir);
  g_free (drive->flash);
  g_free (drive->eeprom);
}

static void
test_off (Drive *drive, gconstpointer data)
{
  g_autoptr (OflImage) image = specimen_parse ("liteon", drive->flash, FULL);
  const struct {
    OflJobKind kind;
    OflImage *image;
  } rows[] = { { OFL_JOB_BACKUP, NULL }, { OFL_JOB_VERIFY, image } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflResult) result = run_job (drive, rows[i].kind, rows[i].image, NULL);

      g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (OFL_VERDICT_REFUSED));
      g_assert_nonnull (strstr (result->what, "experimental"));
      g_assert_nonnull (strstr (result->next, "experimental=yes"));
    }
  g_assert_cmpuint (drive->vendor_commands, ==, 0);
  g_assert_cmpuint (drive->writes, ==, 0);
}

static void
test_backup (Drive *drive, gconstpointer data)
{
  g_autoptr (OflResult) result = run_job (drive, OFL_JOB_BACKUP, NULL, "yes");
  g_autofree char *content = NULL;
  gsize length;

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (OFL_VERDICT_DONE));
  g_assert_true (g_file_get_contents (result->backup_path, &content, &length, NULL));
  g_assert_cmpmem (content, length, drive->flash, FULL);
  g_assert_cmpuint (drive->vendor_commands, ==, 2 * (8192 + 8));
  g_assert_cmpuint (drive->writes, ==, 0);
}

/* Both parts are kept with the warning that their way of reading is due, and the EEPROM is the very
 * drive's. */
static void
test_warning (Drive *drive, gconstpointer data)
{
  g_autoptr (OflResult) result = run_job (drive, OFL_JOB_BACKUP, NULL, "yes");
  g_autoptr (OflStoredBackup) stored = ofl_stored_backup_open (result->backup_path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) eeprom = NULL;

  g_assert_nonnull (strstr (result->what, "nobody has confirmed on a real drive"));
  g_assert_null (stored->unreadable);
  g_assert_cmpuint (stored->parts->len, ==, 2);
  for (guint i = 0; i < stored->parts->len; i++)
    {
      const OflStoredPart *part = ofl_stored_backup_get_part (stored, i);

      g_assert_cmpstr (part->name, ==, i == 0 ? "flash" : "eeprom");
      g_assert_true (part->firmware == (i == 0));
      g_assert_nonnull (strstr (part->warning, "one author"));
      g_assert_true ((strstr (part->warning, "never write it to another one") != NULL) == (i == 1));
    }
  eeprom = ofl_stored_backup_read (stored, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (eeprom, NULL), g_bytes_get_size (eeprom), drive->eeprom,
                   0x400);
}

/* A drive that sends something else: nothing is kept. */
static void
test_backup_refused (Drive *drive, gconstpointer data)
{
  g_autofree char *backups = g_build_filename (drive->dir, "backups", NULL);
  g_autoptr (OflResult) result = NULL;

  memset (drive->flash + 0x5680, 0, 28);
  result = run_job (drive, OFL_JOB_BACKUP, NULL, "yes");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==,
                   ofl_verdict_id (OFL_VERDICT_FAILED_UNTOUCHED));
  g_assert_nonnull (strstr (result->what, "does not stand in it"));
  g_assert_false (g_file_test (backups, G_FILE_TEST_EXISTS));
}

static void
test_verify (Drive *drive, gconstpointer data)
{
  g_autoptr (OflImage) image = specimen_parse ("liteon", drive->flash, FULL);
  g_autoptr (OflResult) same = run_job (drive, OFL_JOB_VERIFY, image, "yes");
  g_autoptr (OflResult) other = NULL;

  g_assert_cmpstr (ofl_verdict_id (same->verdict), ==, ofl_verdict_id (OFL_VERDICT_VERIFIED));
  drive->flash[0x9999] ^= 1;
  other = run_job (drive, OFL_JOB_VERIFY, image, "yes");
  g_assert_cmpstr (ofl_verdict_id (other->verdict), ==, ofl_verdict_id (OFL_VERDICT_DIFFERENT));
}

/* A write ends before anything is read, whatever is accepted. */
static void
test_flash (Drive *drive, gconstpointer data)
{
  g_autoptr (OflImage) image = specimen_parse ("liteon", drive->flash, FULL);
  g_autoptr (OflResult) result = run_job (drive, OFL_JOB_FLASH, image, "yes");

  g_assert_false (ofl_verdict_is_success (result->verdict));
  g_assert_cmpuint (drive->vendor_commands, ==, 0);
  g_assert_cmpuint (drive->writes, ==, 0);
}

#define ADD(path, func) g_test_add (path, Drive, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/liteon-job/off", test_off);
  ADD ("/liteon-job/backup", test_backup);
  ADD ("/liteon-job/warning", test_warning);
  ADD ("/liteon-job/backup-refused", test_backup_refused);
  ADD ("/liteon-job/verify", test_verify);
  ADD ("/liteon-job/flash", test_flash);
  return g_test_run ();
}
