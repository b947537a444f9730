/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked only on demand, by commands of the drive's maker that its family lists as harmless:
 * what belongs to the drive alone, read twice (doctor 4.1). */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-backup.h"
#include "flash/ofl-preflight.h"

/* Of a family's table: how a damaged EEPROM shows */
#define DAMAGED "eeprom-damaged"

/* A step after which the drive is as it was, by the standard or by its family's own list. */
static gboolean
only_asks (const OflFamily *family, const OflStep *step)
{
  if (step->cleanup || step->ahead.cdb_len != 0)
    return FALSE;
  if (step->kind == OFL_STEP_CHECK)
    return TRUE;
  return step->kind == OFL_STEP_COMMAND
         && (ofl_command_is_read_only (&step->command)
             || ofl_family_only_asks (family, &step->command));
}

static OflPlan *
make_plan (OflDoctor *self, const OflFamily *family, GError **error)
{
  g_autoptr (OflPlan) plan = ofl_family_plan_unit (family, self->drive, self->choices, error);

  for (guint i = 0; plan != NULL && i < ofl_plan_get_n_steps (plan); i++)
    if (!only_asks (family, ofl_plan_get_step (plan, i)))
      {
        ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                       _ ("Not all the commands that read it are listed as ones that only ask."));
        return NULL;
      }
  return g_steal_pointer (&plan);
}

/* A backup does what the doctor does not, where there is one. */
static void
add_no_plan (OflDoctor *self, const OflFamily *family, const GError *why)
{
  g_autoptr (OflPlan) backup = ofl_family_plan_read (family, self->drive, self->choices, NULL);

  ofl_doctor_add (self, OFL_FINDING_REMARK, "unit", FALSE,
                  backup != NULL ? _ ("A backup reads and stores it.") : NULL,
                  /* Translators: a sentence of why */
                  _ ("What belongs to this very drive alone was not looked at. %s"),
                  ofl_error_text (why));
}

static void
add_equal (OflDoctor *self, const GPtrArray *parts)
{
  gboolean proven = (ofl_snapshot_get_caps (self->drive) & OFL_CAP_EXPERIMENTAL) == 0;
  gsize bytes = 0;

  for (guint i = 0; i < parts->len; i++)
    bytes += ((const GByteArray *) g_ptr_array_index (parts, i))->len;
  ofl_doctor_add (
      self, proven ? OFL_FINDING_GOOD : OFL_FINDING_REMARK, "unit", FALSE,
      proven ? NULL
             : _ ("The way in which it was read is not proven on a real drive. A backup "
                  "stores what is read so, with that warning."),
      g_dngettext (GETTEXT_PACKAGE,
                   "What belongs to this very drive alone, its EEPROM, was read twice: "
                   "%zu byte, both times the same. Whether it is right cannot be told: "
                   "no sum over it is publicly known.",
                   "What belongs to this very drive alone, its EEPROM, was read twice: "
                   "%zu bytes, both times the same. Whether it is right cannot be told: "
                   "no sum over it is publicly known.",
                   bytes),
      bytes);
}

/* Two reads that differ leave a question open; one that holds nonsense may as well be a command that
 * the drive does not know. */
static void
add_mismatch (OflDoctor *self, const OflFamily *family, const OflRun *run, const GError *error)
{
  g_autofree char *sign = ofl_family_warning (family, DAMAGED);

  if (run->end != OFL_RUN_DONE)
    {
      ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "unit", FALSE,
                      sign != NULL ? _ (sign) : _ ("Run the doctor again."),
                      _ ("What came as the EEPROM of this drive cannot be it. %s"),
                      ofl_error_text (error));
      return;
    }
  self->failed++;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "unit", FALSE,
                  _ ("Test the link to the drive, then run the doctor again."),
                  _ ("What belongs to this very drive alone, its EEPROM, was read twice, and the "
                     "two reads do not agree. %s"),
                  ofl_error_text (error));
}

/* A refusal says nothing, and neither does what kept the question from the drive; but only the refusal
 * is an answer. No disc is read here, so 03 is no disc's failure. */
static void
add_unread (OflDoctor *self, OflDoctorAnswer answer, const GError *error)
{
  gboolean interrupted = ofl_doctor_was_interrupted (self);
  gboolean link = answer == OFL_DOCTOR_LINK && !interrupted;
  gboolean failed = (answer == OFL_DOCTOR_FAILED || answer == OFL_DOCTOR_MEDIUM) && !interrupted;
  const char *next = NULL;

  self->link += link;
  self->failed += failed;
  self->interrupted |= interrupted;
  if (failed)
    {
      ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "unit", TRUE, ofl_reply_next_step (&self->reply),
                      _ ("What belongs to this very drive alone, its EEPROM, could not be read: %s"),
                      ofl_error_text (error));
      return;
    }
  if (link)
    next = ofl_doctor_link_step ();
  else if (interrupted && !ofl_reply_no_medium (&self->reply))
    next = _ ("End other programs that use the drive and run the doctor again.");
  ofl_doctor_add (self, link ? OFL_FINDING_DOUBTFUL : OFL_FINDING_REMARK, "unit", TRUE, next,
                  _ ("What belongs to this very drive alone, its EEPROM, could not be read, which "
                     "says nothing about it: %s"),
                  ofl_error_text (error));
}

static void
add_failure (OflDoctor *self, const OflFamily *family, const OflRun *run, const GError *error)
{
  OflDoctorAnswer answer = ofl_doctor_judge_reply (&run->failed_reply);

  self->reply = run->failed_reply;
  if (answer == OFL_DOCTOR_SILENT)
    ofl_doctor_note_silence (self);
  else if (g_error_matches (error, OFL_ERROR, OFL_ERROR_MISMATCH))
    add_mismatch (self, family, run, error);
  else
    add_unread (self, answer, error);
}

static void
read_twice (OflDoctor *self, const OflFamily *family, const OflPlan *plan)
{
  OflProgress *progress = ofl_progress_new ();
  g_auto (OflRun) run = { self->transport, progress, NULL, self->cancellable, OFL_STAGE_BACKUP };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = ofl_backup_read_twice (&run, plan, &error);

  g_free (self->technical);
  self->technical = g_strdup (run.technical);
  if (parts != NULL)
    add_equal (self, parts);
  else if (run.end != OFL_RUN_CANCELLED)
    add_failure (self, family, &run, error);
  ofl_progress_unref (progress);
}

/**
 * ofl_doctor_look_at_unit: (skip)
 * @self: an examination
 *
 * Reads what belongs to the drive alone twice, where its family reads it apart from the firmware and by
 * harmless commands, and adds the finding "unit". Nothing is kept.
 */
void
ofl_doctor_look_at_unit (OflDoctor *self)
{
  const OflFamily *family = ofl_doctor_family (self);
  OflCaps caps = ofl_snapshot_get_caps (self->drive);
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  if (family == NULL || (caps & OFL_CAP_READ_EEPROM) == 0 || !ofl_doctor_may_go_on (self))
    return;
  if (!ofl_preflight_may_read (self->drive, self->choices, OFL_CAP_READ_EEPROM))
    {
      ofl_doctor_add (
          self, OFL_FINDING_REMARK, "unit", FALSE,
          _ ("⟦set experimental=yes⟧ if you want to try it; it only reads."),
          _ ("What belongs to this very drive alone, its EEPROM, was not read: the way is "
             "experimental and switched off."));
      return;
    }
  plan = make_plan (self, family, &error);
  if (plan != NULL)
    read_twice (self, family, plan);
  else
    add_no_plan (self, family, error);
}

/**
 * ofl_doctor_tell_sign: (skip)
 * @self: an examination of a drive that does not recognise a disc
 *
 * Adds the finding "sign" where it is known how a damaged EEPROM would show.
 */
void
ofl_doctor_tell_sign (OflDoctor *self)
{
  const OflFamily *family = ofl_doctor_family (self);
  g_autofree char *sign = family != NULL ? ofl_family_warning (family, DAMAGED) : NULL;

  if (sign != NULL)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "sign", FALSE, NULL, "%s", _ (sign));
}
