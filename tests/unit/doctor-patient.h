/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives for the doctor's tests, and what is asserted of its findings. */
#pragma once

#include "doctor/ofl-doctor.h"
#include "practice/ofl-practice-transport.h"

G_BEGIN_DECLS

#define STRETCHES 200u

typedef struct {
  OflPracticeDrive *device;
  OflPracticePort *port;
  OflTransport *transport;
  OflSnapshot *drive;
  GCancellable *cancellable;
  guint asked;
  guint cancel_at; /* command; 0: never */
} Patient;

/* A practice drive that has been looked at, with a disc when @disc names one. */
Patient *patient_new (const char *id, const char *disc, const char *fault);
void patient_free (Patient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Patient, patient_free)

OflExamination *patient_examine (Patient *self);
OflSnapshot *snapshot_new (OflDriveState state, const char *family, OflCaps caps);
void findings_assert_level (const OflExamination *found, const char *id, OflFindingLevel level);
void findings_assert_says (const OflExamination *found, const char *id, const char *part);

G_END_DECLS
