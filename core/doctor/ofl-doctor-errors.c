/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drive counts the errors that it corrects, from the begin of the disc to its end: doctor 4.2 */
#include "doctor/ofl-doctor-private.h"

#include <string.h>

#define STILL 3u          /* answers of the same place in a row */
#define MOST_BEHIND 4500u /* blocks behind the disc's last that a position may be */
#define MOST_COUNTS 0x100000u

typedef struct {
  OflDoctor *doctor;
  const OflFamily *family;
  const OflScanWay *way;
  gboolean begun; /* a command of the begin was sent */
  guint still;
  guint8 data[OFL_SCAN_ROOM];
} Scan;

static OflDoctorAnswer
send_one (Scan *scan, const OflCommand *command)
{
  memset (scan->data, 0, sizeof scan->data);
  g_return_val_if_fail (command->length <= sizeof scan->data, OFL_DOCTOR_REFUSED);
  return ofl_doctor_send_listed (scan->doctor, scan->family, command, scan->data);
}

static OflScanOutcome
outcome_of (OflDoctorAnswer answer)
{
  switch (answer)
    {
    case OFL_DOCTOR_SILENT:
      return OFL_SCAN_SILENT;
    case OFL_DOCTOR_REFUSED:
      return OFL_SCAN_REFUSED;
    case OFL_DOCTOR_ANSWERED:
      return OFL_SCAN_GOES_ON;
    case OFL_DOCTOR_NOT_READY:
    case OFL_DOCTOR_FAILED:
    default:
      return OFL_SCAN_FAILED;
    }
}

static OflScanOutcome
begin (Scan *scan)
{
  OflScanOutcome outcome = OFL_SCAN_GOES_ON;
  OflCommand command;

  for (guint i = 0; outcome == OFL_SCAN_GOES_ON && scan->way->command (OFL_SCAN_BEGIN, i, &command);
       i++)
    {
      if (!ofl_doctor_may_go_on (scan->doctor))
        return OFL_SCAN_CANCELLED;
      scan->begun = TRUE;
      outcome = outcome_of (send_one (scan, &command));
    }
  return outcome;
}

/* What is counted stays behind the disc's begin, goes forward, and is no more than blocks can have. */
static gboolean
is_possible (const Scan *scan, const OflErrorCount *last, const OflErrorCount *count)
{
  guint64 from = last != NULL ? last->position : 0;
  /* the first answer's place may be the last of its blocks */
  guint64 most = (count->position - from + (last == NULL && scan->way->step == 0))
                 * scan->way->most;

  if (count->position < from
      || count->position > (guint64) scan->doctor->found->blocks + MOST_BEHIND)
    return FALSE;
  return count->position == from || (count->first <= most && count->second <= most);
}

static OflScanOutcome
take (Scan *scan, OflErrorCount *count)
{
  OflExamination *found = scan->doctor->found;
  const OflErrorCount *last = found->errors->len > 0 ? &g_array_index (found->errors, OflErrorCount,
                                                                       found->errors->len - 1)
                                                     : NULL;

  if (scan->way->step > 0)
    count->position = (last != NULL ? last->position : 0) + scan->way->step;
  if (!is_possible (scan, last, count))
    return OFL_SCAN_NONSENSE;
  if (last != NULL && count->position == last->position)
    return ++scan->still >= STILL ? OFL_SCAN_STOOD : OFL_SCAN_GOES_ON;
  scan->still = 1;
  g_array_append_val (found->errors, *count);
  if (count->position >= found->blocks - 1)
    return OFL_SCAN_REACHED;
  return found->errors->len < MOST_COUNTS ? OFL_SCAN_GOES_ON : OFL_SCAN_STOOD;
}

/* Never repeated: what an interval has counted is gone. */
static OflScanOutcome
interval (Scan *scan)
{
  OflErrorCount count = { 0 };
  OflCommand command;

  for (guint i = 0; scan->way->command (OFL_SCAN_INTERVAL, i, &command); i++)
    {
      OflScanOutcome outcome = outcome_of (send_one (scan, &command));
      gsize length = MIN (scan->doctor->reply.transferred, command.length);

      if (outcome != OFL_SCAN_GOES_ON)
        return outcome == OFL_SCAN_REFUSED ? OFL_SCAN_FAILED : outcome;
      if (!scan->way->parse (i, scan->data, length, &count))
        return OFL_SCAN_NONSENSE;
    }
  return take (scan, &count);
}

/* Whatever happened before; what is known of that stays. */
static gboolean
end (Scan *scan)
{
  gboolean taken = TRUE;
  OflCommand command;

  for (guint i = 0; scan->way->command (OFL_SCAN_END, i, &command); i++)
    taken = ofl_doctor_send_last (scan->doctor, scan->family, &command, scan->data) && taken;
  return taken;
}

static OflScanOutcome
run (OflDoctor *self, const OflFamily *family, const OflScanWay *way, gboolean *ended)
{
  Scan scan = { .doctor = self, .family = family, .way = way };
  OflScanOutcome outcome = begin (&scan);

  while (outcome == OFL_SCAN_GOES_ON)
    outcome = ofl_doctor_may_go_on (self) ? interval (&scan) : OFL_SCAN_CANCELLED;
  *ended = !scan.begun || end (&scan);
  return outcome;
}

/**
 * ofl_doctor_count_errors: (skip)
 * @self: an examination of a drive with a disc in it
 *
 * Where its family knows a way for this disc and the model is listed, has the drive count, and adds
 * the finding "errors". The ways are tried in turn as long as they are refused. The end is sent
 * whenever a command of a begin was.
 */
void
ofl_doctor_count_errors (OflDoctor *self)
{
  const OflFamily *family = ofl_doctor_family (self);
  const char *disc = ofl_doctor_is_cd (self) ? "CD" : ofl_doctor_is_dvd (self) ? "DVD" : NULL;
  OflScanOutcome outcome = OFL_SCAN_REFUSED;
  const OflScanWay *way;
  gboolean ended = TRUE;

  if (family == NULL || disc == NULL || self->found->blocks == 0
      || (self->has_state && self->state.status == OFL_DISC_BLANK)
      || !ofl_family_counts_errors (family, self->drive, disc)
      || ofl_family_scan_way (family, disc, 0) == NULL)
    return;
  for (guint i = 0; outcome == OFL_SCAN_REFUSED; i++)
    {
      way = ofl_family_scan_way (family, disc, i);
      if (way == NULL)
        break;
      self->found->way = way;
      outcome = run (self, family, way, &ended);
    }
  ofl_doctor_tell_errors (self, outcome, ended);
}
