/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a drive whose every answer is chosen. It is probed, judged, and read for a backup.
 * The first byte says which family is forced (80h), and whether the reading is tried (40h); then
 * comes an answer for each command, in the form that answer() reads and record() writes. */
#include "fuzz.h"

#include <string.h>

#include "drive/ofl-abilities.h"
#include "families/ofl-practice-catalog.h"
#include "flash/ofl-executor.h"
#include "ofl-core.h"

/* A command each 1 ms, and after so many of them the drive is gone. */
#define MAX_COMMANDS 400u
#define FORCED 0x80u
#define READING 0x40u

/* The kind of an answer: the low three bits of its first byte. */
enum {
  ANSWER_GOOD = 0,  /* to 3; with SHORT the next byte says how many bytes came */
  ANSWER_SENSE = 4, /* and 5; a byte for its length, and so much sense data */
  ANSWER_STATUS = 6,
  ANSWER_HOST = 7,
};
#define SHORT 0x08u

/* The drive of a run: its answers are read from @input. Or one that notes those of @real. */
#define FUZZ_TYPE_DRIVE (fuzz_drive_get_type ())
G_DECLARE_FINAL_TYPE (FuzzDrive, fuzz_drive, FUZZ, DRIVE, OflTransport)

struct _FuzzDrive {
  OflTransport parent;
  const guint8 *input;
  gsize left;
  gint64 now_us;
  guint n_commands;

  OflTransport *real;
  GByteArray *notes;
};

G_DEFINE_FINAL_TYPE (FuzzDrive, fuzz_drive, OFL_TYPE_TRANSPORT)

static guint8
next_byte (FuzzDrive *self)
{
  if (self->left == 0)
    return 0;
  self->left--;
  return *self->input++;
}

static void
answer_good (FuzzDrive *self, guint8 kind, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint32 length = command->length;

  if (command->dir == OFL_DIR_IN)
    {
      guint8 came = kind & SHORT ? next_byte (self) : 0;

      if (kind & SHORT)
        length = MIN (length, came);
      for (guint32 i = 0; i < length; i++)
        data[i] = next_byte (self);
    }
  reply->transferred = length;
}

static void
answer_sense (FuzzDrive *self, OflReply *reply)
{
  guint8 sense[64];
  guint8 length = next_byte (self) % sizeof sense;

  for (guint8 i = 0; i < length; i++)
    sense[i] = next_byte (self);
  reply->status = 2;
  reply->driver_status = 8;
  ofl_sense_parse (&reply->sense, sense, length);
}

static void
answer (FuzzDrive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint8 kind = next_byte (self);

  if (command->dir == OFL_DIR_IN && command->length > 0)
    memset (data, 0, command->length);
  if (++self->n_commands > MAX_COMMANDS || (kind & 7u) == ANSWER_HOST)
    reply->host_status = self->n_commands > MAX_COMMANDS ? 1 : next_byte (self) % 16;
  else if ((kind & 7u) == ANSWER_STATUS)
    reply->status = next_byte (self);
  else if ((kind & 7u) >= ANSWER_SENSE)
    answer_sense (self, reply);
  else
    answer_good (self, kind, command, data, reply);
}

static void
note (FuzzDrive *self, guint8 byte)
{
  g_byte_array_append (self->notes, &byte, 1);
}

static void
record (FuzzDrive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint32 came;

  ofl_transport_execute (self->real, command, data, reply);
  came = command->dir == OFL_DIR_IN ? reply->transferred : 0;
  if (reply->outcome == OFL_OUTCOME_SENSE)
    {
      note (self, ANSWER_SENSE);
      note (self, reply->sense.raw_len);
      g_byte_array_append (self->notes, reply->sense.raw, reply->sense.raw_len);
      return;
    }
  if (came < command->length && came <= 0xFF)
    {
      note (self, ANSWER_GOOD | SHORT);
      note (self, (guint8) came);
    }
  else
    note (self, ANSWER_GOOD);
  g_byte_array_append (self->notes, data, came);
}

static void
fuzz_drive_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                    OflReply *reply)
{
  FuzzDrive *self = FUZZ_DRIVE (transport);
  g_autofree char *words = NULL, *technical = NULL;

  if (self->real != NULL)
    {
      record (self, command, data, reply);
      return;
    }
  answer (self, command, data, reply);
  self->now_us += 1000;
  reply->duration_us = 1000;
  reply->residual = command->length - reply->transferred;
  ofl_reply_judge_linux (reply);
  words = ofl_reply_format (reply);
  technical = ofl_reply_technical (command, reply);
  g_assert_true (g_utf8_validate (words, -1, NULL) && g_utf8_validate (technical, -1, NULL));
}

static guint32
fuzz_drive_max_transfer (OflTransport *transport)
{
  return 0x10000;
}

static gboolean
fuzz_drive_check_can_flash (OflTransport *transport, GError **error)
{
  return TRUE;
}

static char *
fuzz_drive_describe (OflTransport *transport)
{
  return g_strdup ("a drive that answers anything");
}

static gboolean
fuzz_drive_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                   GError **error)
{
  if (next_byte (FUZZ_DRIVE (transport)) & 1u)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "It did not come back.");
  return FALSE;
}

static gint64
fuzz_drive_now_us (OflTransport *transport)
{
  FuzzDrive *self = FUZZ_DRIVE (transport);

  return self->real != NULL ? ofl_transport_now_us (self->real) : self->now_us;
}

static void
fuzz_drive_sleep_ms (OflTransport *transport, guint ms, GCancellable *cancellable)
{
  FuzzDrive *self = FUZZ_DRIVE (transport);

  if (self->real != NULL)
    ofl_transport_sleep_ms (self->real, ms, cancellable);
  self->now_us += (gint64) ms * 1000;
}

static void
fuzz_drive_close (OflTransport *transport)
{
}

static void
fuzz_drive_class_init (FuzzDriveClass *klass)
{
  OflTransportClass *transport = OFL_TRANSPORT_CLASS (klass);

  transport->execute = fuzz_drive_execute;
  transport->max_transfer = fuzz_drive_max_transfer;
  transport->check_can_flash = fuzz_drive_check_can_flash;
  transport->describe = fuzz_drive_describe;
  transport->reopen = fuzz_drive_reopen;
  transport->now_us = fuzz_drive_now_us;
  transport->sleep_ms = fuzz_drive_sleep_ms;
  transport->close = fuzz_drive_close;
}

static void
fuzz_drive_init (FuzzDrive *self)
{
}

static void
check_words (const OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  const char *reason = ofl_snapshot_get_reason (snapshot);
  g_autofree char *name = ofl_identity_name (identity);

  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_true (g_utf8_validate (identity->serial, -1, NULL));
  g_assert_true (g_utf8_validate (identity->revision, -1, NULL));
  g_assert_true (reason == NULL || g_utf8_validate (reason, -1, NULL));
}

static void
read_firmware (FuzzDrive *drive, const OflSnapshot *snapshot)
{
  const char *id = ofl_snapshot_get_family (snapshot);
  const OflFamily *family = id != NULL ? ofl_families_find (id) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_auto (OflRun) run = { 0 };

  if (family == NULL || !ofl_family_can_read (family))
    return;
  plan = ofl_family_plan_read (family, snapshot, NULL, &error);
  g_assert_true ((plan != NULL) == (error == NULL));
  if (plan == NULL)
    return;
  run.transport = OFL_TRANSPORT (drive);
  run.progress = ofl_progress_new ();
  run.stage = OFL_STAGE_BACKUP;
  ofl_run_execute (&run, plan);
  ofl_progress_unref (run.progress);
}

static void
use_drive (FuzzDrive *drive, guint8 how)
{
  const char *wanted
      = how & FORCED ? ofl_family_id (ofl_families_get ((how & 0x3Fu) % ofl_families_count ()))
                     : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OflSnapshot) snapshot = ofl_drive_take_snapshot (OFL_TRANSPORT (drive),
                                                              ofl_families_probe, (gpointer) wanted,
                                                              &error);
  g_autoptr (OflJudgement) judgement = NULL;

  if (snapshot == NULL)
    return;
  check_words (snapshot);
  judgement = ofl_families_judge (snapshot, NULL, NULL);
  if (how & READING)
    read_firmware (drive, snapshot);
}

/* The same bytes as the answers that a report puts into words. */
static void
read_abilities (const guint8 *data, size_t length)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);
  OflProfiles profiles;
  OflCapabilities capabilities;
  OflRegion region;

  if (ofl_profiles_parse (&profiles, copy, length))
    for (guint i = 0; i < profiles.n; i++)
      g_assert_nonnull (ofl_profile_name (profiles.profiles[i]));
  if (ofl_capabilities_parse (&capabilities, copy, length))
    g_assert_cmpuint (capabilities.n_speeds, <=, OFL_MAX_SPEEDS);
  if (ofl_region_parse (&region, copy, length))
    g_assert_cmpuint (region.user_changes, <=, 7);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  g_autoptr (FuzzDrive) drive = NULL;

  if (length < 2)
    return 0;
  read_abilities (data, length);
  drive = g_object_new (FUZZ_TYPE_DRIVE, NULL);
  drive->input = data + 1;
  drive->left = length - 1;
  use_drive (drive, data[0]);
  return 0;
}

void
fuzz_make_seeds (FuzzTake take, gpointer user)
{
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);
      g_autoptr (OflDrive) practice = ofl_core_new_practice_drive (id, 0, NULL, NULL);
      g_autoptr (OflTransport) real
          = ofl_target_open (ofl_drive_get_target (practice), OFL_OPEN_READ_ONLY, NULL);
      g_autoptr (FuzzDrive) drive = g_object_new (FUZZ_TYPE_DRIVE, NULL);
      g_autoptr (GByteArray) notes = g_byte_array_new ();

      drive->real = real;
      drive->notes = notes;
      use_drive (drive, 0);
      fuzz_take_prefixed (take, user, id, READING, notes->data, notes->len);
      ofl_transport_close (real);
    }
}
