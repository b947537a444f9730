/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drive counts the errors that it corrects, from the begin of the disc to its end: doctor 4.2 */
#include "doctor/ofl-doctor-private.h"

#include <string.h>

#include "drive/ofl-tally.h"

#define STILL 3u          /* answers of the same place in a row */
#define MOST_BEHIND 4500u /* blocks behind the disc's last that a position may be */
#define MOST_COUNTS 0x100000u
#define PARTS 200u        /* of the disc, for whoever waits */
#define FIRST_OF_DVD 128u /* blocks that a lone first answer is held to: eight ECC blocks */

typedef struct {
  OflDoctor *doctor;
  const OflFamily *family;
  const OflScanWay *way;
  gboolean begun;   /* a command of the begin was sent */
  gboolean touched; /* one of them may have had an effect */
  gboolean half;    /* one was taken, another refused */
  gboolean first_left_out;
  guint still;
  guint parts; /* of the disc that are done with */
  char *why;   /* the last command did not do its work */
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
outcome_of (Scan *scan, const OflCommand *command, OflDoctorAnswer answer)
{
  if (answer != OFL_DOCTOR_ANSWERED)
    {
      g_free (scan->why);
      scan->why = ofl_doctor_explain (scan->doctor, command);
    }
  if (ofl_doctor_was_interrupted (scan->doctor))
    return OFL_SCAN_INTERRUPTED;
  switch (answer)
    {
    case OFL_DOCTOR_MEDIUM:
      return OFL_SCAN_MEDIUM;
    case OFL_DOCTOR_LINK:
      return OFL_SCAN_LINK;
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

static gboolean
has_end (const OflScanWay *way)
{
  OflCommand command;

  return way->command (OFL_SCAN_END, 0, &command);
}

static OflScanOutcome
begin (Scan *scan)
{
  OflScanOutcome outcome = OFL_SCAN_GOES_ON;
  OflDoctorAnswer answer;
  OflCommand command;

  for (guint i = 0; outcome == OFL_SCAN_GOES_ON && scan->way->command (OFL_SCAN_BEGIN, i, &command);
       i++)
    {
      if (!ofl_doctor_may_go_on (scan->doctor))
        return OFL_SCAN_CANCELLED;
      scan->begun = TRUE;
      answer = send_one (scan, &command);
      scan->half = scan->touched && answer == OFL_DOCTOR_REFUSED;
      scan->touched |= answer != OFL_DOCTOR_REFUSED
                       && scan->doctor->reply.outcome != OFL_OUTCOME_NOT_SENT;
      outcome = outcome_of (scan, &command, answer);
    }
  return outcome;
}

static gboolean
fits (const Scan *scan, const OflErrorCount *count, guint64 blocks)
{
  return count->first <= blocks * scan->way->most && count->second <= blocks * scan->way->most;
}

/* What is counted stays behind the disc's begin, goes forward, and is no more than blocks can have. */
static gboolean
is_possible (const Scan *scan, const OflErrorCount *last, const OflErrorCount *count)
{
  guint64 from = last != NULL ? last->position : 0;
  /* the first answer's place may be the last of its blocks */
  gboolean last_block = last == NULL && scan->way->step == 0;

  if (count->position < from
      || count->position > (guint64) scan->doctor->found->blocks + MOST_BEHIND)
    return FALSE;
  return count->position == from || fits (scan, count, count->position - from + last_block);
}

/* How many blocks the first answer covers is not told (liteon 7.4). It is held to those between it and
 * the next, or, where no next came, to those that a DVD's limit is for; one that has more errors than
 * they can have is no measurement. */
static void
check_first (Scan *scan, guint64 blocks)
{
  GArray *errors = scan->doctor->found->errors;

  if (scan->way->step > 0 || errors->len == 0
      || fits (scan, &g_array_index (errors, OflErrorCount, 0), blocks))
    return;
  g_array_remove_index (errors, 0);
  scan->first_left_out = TRUE;
}

static void
check_lone_first (Scan *scan)
{
  const GArray *errors = scan->doctor->found->errors;

  if (errors->len == 1 && !scan->first_left_out)
    check_first (scan, ofl_doctor_is_dvd (scan->doctor)
                           ? FIRST_OF_DVD
                           : (guint64) g_array_index (errors, OflErrorCount, 0).position + 1);
}

static void
show_progress (Scan *scan, guint32 position)
{
  guint32 blocks = scan->doctor->found->blocks;
  guint parts = (guint) MIN ((guint64) position * PARTS / blocks, PARTS);

  for (; scan->parts < parts; scan->parts++)
    ofl_tally_step (scan->doctor->transport);
}

static OflScanOutcome
take (Scan *scan, OflErrorCount *count)
{
  OflExamination *found = scan->doctor->found;
  const OflErrorCount *last = found->errors->len > 0 ? &g_array_index (found->errors, OflErrorCount,
                                                                       found->errors->len - 1)
                                                     : NULL;
  guint32 step;

  if (scan->way->step > 0)
    count->position = (last != NULL ? last->position : 0) + scan->way->step;
  if (!is_possible (scan, last, count))
    return OFL_SCAN_NONSENSE;
  if (last != NULL && count->position == last->position)
    return ++scan->still >= STILL ? OFL_SCAN_STOOD : OFL_SCAN_GOES_ON;
  scan->still = 1;
  step = last != NULL ? count->position - last->position : 0;
  g_array_append_val (found->errors, *count);
  if (found->errors->len == 2 && !scan->first_left_out)
    check_first (scan, step);
  show_progress (scan, count->position + 1);
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
      OflScanOutcome outcome = outcome_of (scan, &command, send_one (scan, &command));
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

/* Returns: (nullable): why the last command did not do its work */
static char *
run (OflDoctor *self, const OflFamily *family, const OflScanWay *way, OflScanReport *report)
{
  Scan scan = { .doctor = self, .family = family, .way = way };
  OflScanOutcome outcome = begin (&scan);
  gboolean ended;

  while (outcome == OFL_SCAN_GOES_ON)
    outcome = ofl_doctor_may_go_on (self) ? interval (&scan) : OFL_SCAN_CANCELLED;
  check_lone_first (&scan);
  ended = !scan.begun || end (&scan);
  report->outcome = outcome;
  report->half = outcome == OFL_SCAN_REFUSED && scan.half && has_end (way);
  report->left |= scan.touched && !ended;
  report->first_left_out = scan.first_left_out;
  return scan.why;
}

static const char *
kind_of_disc (const OflDoctor *self)
{
  return ofl_doctor_is_cd (self) ? "CD" : ofl_doctor_is_dvd (self) ? "DVD" : NULL;
}

/* A disc with something on it, of a kind that drives count the errors of */
static gboolean
has_disc (const OflDoctor *self)
{
  return self->disc == OFL_DOCTOR_DISC && kind_of_disc (self) != NULL && self->found->blocks > 0
         && !(self->has_state && self->state.status == OFL_DISC_BLANK);
}

static gboolean
knows_way (const OflDoctor *self, const OflFamily *family)
{
  const char *disc = kind_of_disc (self);

  return family != NULL && ofl_family_scan_way (family, disc, 0) != NULL
         && ofl_family_counts_errors (family, self->drive, disc);
}

/**
 * ofl_doctor_scan_parts: (skip)
 * @self: an examination of a drive with a disc in it
 *
 * Returns: how many steps ofl_doctor_count_errors() will take, for whoever waits; 0: it will not count
 */
guint
ofl_doctor_scan_parts (const OflDoctor *self)
{
  return self->deep && has_disc (self) && knows_way (self, ofl_doctor_family (self)) ? PARTS : 0;
}

static void
count (OflDoctor *self, const OflFamily *family)
{
  OflScanReport report = { .outcome = OFL_SCAN_REFUSED };
  g_autofree char *why = NULL;
  const OflScanWay *way;

  for (guint i = 0; report.outcome == OFL_SCAN_REFUSED; i++)
    {
      way = ofl_family_scan_way (family, kind_of_disc (self), i);
      if (way == NULL)
        break;
      self->found->way = way;
      g_free (why);
      why = run (self, family, way, &report);
    }
  self->counted = self->found->errors->len > 0 && report.outcome != OFL_SCAN_NONSENSE;
  self->counted_all = self->counted && report.outcome == OFL_SCAN_REACHED;
  ofl_doctor_tell_errors (self, &report, why);
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

  if (!has_disc (self))
    return;
  if (!knows_way (self, family))
    {
      ofl_doctor_tell_not_counted (self, family);
      return;
    }
  if (!self->expected)
    ofl_tally_expect (self->transport, PARTS);
  count (self, family);
}
