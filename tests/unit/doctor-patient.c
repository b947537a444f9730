/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor-patient.h"

#include <string.h>

#include "families/ofl-families.h"
#include "families/ofl-practice-catalog.h"

static void
on_command (const OflCommand *command, gpointer data)
{
  Patient *self = data;

  if (++self->asked == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

Patient *
patient_new (const char *id, const char *disc, const char *fault)
{
  Patient *self = g_new0 (Patient, 1);
  OflIdentity identity;

  self->device = ofl_practice_new (id, 3, NULL);
  if (disc != NULL)
    g_assert_true (ofl_practice_drive_put_disc (self->device, disc, NULL));
  self->port = ofl_practice_port_new (self->device, OFL_PRACTICE_VIRTUAL, 1);
  self->transport = ofl_practice_port_open (self->port, OFL_OPEN_READ_ONLY, NULL);
  g_assert_true (ofl_identity_read (&identity, self->transport, NULL));
  self->drive = ofl_families_probe (self->transport, &identity, NULL);
  self->cancellable = g_cancellable_new ();
  if (fault != NULL)
    g_assert_true (ofl_practice_drive_add_fault (self->device, fault, NULL));
  ofl_practice_port_set_watch (self->port, on_command, self);
  return self;
}

void
patient_free (Patient *self)
{
  ofl_transport_close (self->transport);
  g_object_unref (self->transport);
  g_object_unref (self->port);
  g_object_unref (self->device);
  g_object_unref (self->cancellable);
  ofl_snapshot_unref (self->drive);
  g_free (self);
}

OflExamination *
patient_examine (Patient *self)
{
  return ofl_doctor_examine (self->transport, self->drive, OFL_READ_QUICK, NULL, self->cancellable);
}

void
findings_assert_level (const OflExamination *found, const char *id, OflFindingLevel level)
{
  const OflFinding *finding = ofl_examination_find (found, id);

  if (finding == NULL)
    g_test_fail_printf ("no finding “%s”", id);
  else if (finding->level != level)
    g_test_fail_printf ("“%s” is %s: %s", id, ofl_finding_level_id (finding->level),
                        finding->sentence);
}

void
findings_assert_says (const OflExamination *found, const char *id, const char *part)
{
  const OflFinding *finding = ofl_examination_find (found, id);

  g_assert_nonnull (finding);
  if (strstr (finding->sentence, part) == NULL)
    g_test_fail_printf ("“%s” is not in: %s", part, finding->sentence);
}

OflSnapshot *
snapshot_new (OflDriveState state, const char *family, OflCaps caps)
{
  static const guint8 inquiry[36] = "\x05\x80\x02\x32\x5b\0\0\0MAKER   MODEL           1.00";
  OflIdentity identity = { .reads = 3 };
  OflSnapshot *snapshot;

  ofl_identity_parse_inquiry (&identity, inquiry, sizeof inquiry);
  snapshot = ofl_snapshot_new (&identity);
  ofl_snapshot_set_state (snapshot, state);
  ofl_snapshot_set_family (snapshot, family, caps);
  return snapshot;
}
