/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "liteon-scan-drive.h"

#include <string.h>

#include "families/ofl-families.h"
#include "kit/fake-transport.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"

static void
refuse (OflReply *reply)
{
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

static guint
first_of (const ScanDrive *self)
{
  return self->intervals >= self->bad_from && self->intervals < self->bad_end ? self->bad
                                                                              : self->first;
}

static void
fail (const ScanDrive *self, OflReply *reply)
{
  if (self->outcome == OFL_OUTCOME_SENSE)
    fake_reply_sense (reply, self->key > 0 ? self->key : 0x03, self->key > 0 ? self->asc : 0x11,
                      self->ascq);
  else
    *reply = (OflReply){ .outcome = self->outcome,
                         .os_error = self->os_error,
                         .status = self->status };
}

static void
begin_interval (ScanDrive *self, OflReply *reply)
{
  self->intervals++;
  if (self->intervals == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
  if (self->intervals == self->fails_at)
    fail (self, reply);
}

static guint32
position_of (const ScanDrive *self)
{
  guint n = self->intervals - 1;

  if (self->stands_at > 0)
    n = MIN (n, self->stands_at - 1);
  return (int) self->intervals == self->backwards_at ? 0 : self->first_at + n * self->step;
}

/* The first question of a scan has no data that counts. */
static void
answer_new (ScanDrive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  gboolean dvd = command->cdb[8] == 0x10;
  guint32 at;

  g_assert_cmphex (command->length, ==, 0x10);
  g_string_append (self->sent, "f30e ");
  if (!self->knows_new || dvd != (self->profile == DVD_ROM))
    {
      refuse (reply);
      return;
    }
  if (g_str_has_suffix (self->sent->str, NEW_BEGIN))
    {
      memset (data, 0xff, command->length);
      return;
    }
  begin_interval (self, reply);
  at = position_of (self);
  if (dvd)
    ofl_put_be (data, 4, at);
  else
    {
      data[1] = (guint8) (at / 4500);
      data[2] = (guint8) (at / 75 % 60);
      data[3] = (guint8) (at % 75);
    }
  ofl_put_be (data + 4, 2, first_of (self));
  ofl_put_be (data + 6, 2, self->second);
  if (self->intervals == self->short_at)
    reply->transferred = 5;
}

static void
answer_old (ScanDrive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  const guint8 *cdb = command->cdb;

  g_assert_cmphex (command->length, ==, 0x100);
  g_string_append_printf (self->sent, "df%02x", cdb[1]);
  if (cdb[1] == 0xa0)
    g_string_append_printf (self->sent, ".%u", cdb[4]);
  else if (cdb[2] != 0)
    g_string_append_printf (self->sent, "%02x", cdb[2]);
  g_string_append_c (self->sent, ' ');
  if (!self->knows_old || (cdb[1] == 0xa0 && cdb[4] == self->begin_fails)
      || (self->end_fails && cdb[1] == 0xa3 && cdb[2] == 1))
    refuse (reply);
  else if (cdb[1] == 0x82 && cdb[2] == 0x09)
    begin_interval (self, reply);
  else if (cdb[1] == 0x82)
    {
      ofl_put_be (data, 2, first_of (self));
      ofl_put_be (data + 2, 2, self->second);
      data[4] = (guint8) self->uncorrected;
      if (self->intervals == self->short_at)
        reply->transferred = 4;
    }
}

static void
answer_read (ScanDrive *self, OflReply *reply)
{
  self->n_reads++;
  if (!self->reads)
    fake_reply_sense (reply, 0x03, 0x11, 0);
  else if (self->n_reads >= self->other.from && self->n_reads < self->other.end)
    {
      *reply = (OflReply){ .outcome = self->other.outcome, .os_error = self->other.os_error };
      if (self->other.outcome == OFL_OUTCOME_SENSE)
        fake_reply_sense (reply, self->other.key, self->other.asc, 0);
    }
  else if (self->read_fails > 0 && self->n_reads >= self->read_fails
           && self->n_reads < self->read_works)
    fail (self, reply);
}

static void
answer_profiles (const ScanDrive *self, guint8 *data, const OflCommand *command, OflReply *reply)
{
  const guint8 profiles[16] = { [3] = 12, [7] = (guint8) self->profile,  [10] = 3,
                                [11] = 4, [13] = (guint8) self->profile, [14] = 1 };

  memcpy (data, profiles, MIN (command->length, sizeof profiles));
  reply->transferred = sizeof profiles;
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  ScanDrive *self = user_data;
  const guint8 *cdb = command->cdb;

  g_assert_cmpint (command->dir, !=, OFL_DIR_OUT);
  if (self->watch != NULL && cdb[0] >= 0xc0)
    self->watch (self->watch_data);
  if (self->ask_fails != 0 && cdb[0] == self->ask_fails)
    fail (self, reply);
  else if (cdb[0] == 0xf3)
    answer_new (self, command, data, reply);
  else if (cdb[0] == 0xdf)
    answer_old (self, command, data, reply);
  else if (cdb[0] == 0x2b)
    {
      g_assert_cmpuint (ofl_get_be (cdb + 2, 4), ==, 0);
      g_string_append (self->sent, "seek ");
    }
  else if (cdb[0] == 0x46)
    answer_profiles (self, data, command, reply);
  else if (cdb[0] == 0x25)
    {
      ofl_put_be (data, 4, self->blocks - 1);
      ofl_put_be (data + 4, 4, 2048);
    }
  else if (cdb[0] == 0x28)
    answer_read (self, reply);
  else if (cdb[0] != 0x00)
    refuse (reply);
}

static void
answer_nothing (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                gpointer user_data)
{
  refuse (reply);
}

OflExamination *
scan_drive_examine_product (ScanDrive *self, const char *product)
{
  Specimen specimen = { "LITE-ON", product, "US0N", "", "" };
  g_autoptr (FakeTransport) none = fake_transport_new (answer_nothing, NULL);
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, self);
  g_autoptr (OflSnapshot) drive = NULL;
  OflIdentity identity;

  self->sent = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
  ofl_tally_attach (self->tally, OFL_TRANSPORT (transport));
  specimen_identity (&identity, &specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (none), &identity, NULL);
  return ofl_doctor_examine_deep (OFL_TRANSPORT (transport), drive, self->extent, NULL, NULL,
                                  self->cancellable);
}

OflExamination *
scan_drive_examine (ScanDrive *self)
{
  return scan_drive_examine_product (self, "DVDRW SOHW-812S");
}

void
scan_drive_done (ScanDrive *self)
{
  g_string_free (self->sent, TRUE);
  g_object_unref (self->cancellable);
}

const OflFinding *
scan_finding (const OflExamination *found, guint n)
{
  for (guint i = 0; i < found->findings->len; i++)
    {
      const OflFinding *one = g_ptr_array_index (found->findings, i);

      if (g_str_equal (one->id, "errors") && n-- == 0)
        return one;
    }
  return NULL;
}

void
scan_assert_finding (const OflExamination *found, guint n, OflFindingLevel level, const char *says)
{
  const OflFinding *one = scan_finding (found, n);

  g_assert_nonnull (one);
  if (one->level != level || strstr (one->sentence, says) == NULL)
    g_test_fail_printf ("“%s” (%s) is not %s, “%s”", one->sentence,
                        ofl_finding_level_id (one->level), ofl_finding_level_id (level), says);
}

char *
scan_repeat (const char *begin, const char *what, guint n, const char *end)
{
  GString *all = g_string_new (begin);

  for (guint i = 0; i < n; i++)
    g_string_append (all, what);
  return g_string_free (g_string_append (all, end), FALSE);
}
