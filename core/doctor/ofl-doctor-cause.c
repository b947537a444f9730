/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all of it together says: whether the firmware can be the cause, and which disc would tell
 * more. Never more than what was measured (doctor 3). */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>

/* The first thing that stands in the way of a conclusion; TRUE when there is one. Only an answer that
 * cannot be right may be the cable's doing; of one that failed more is said above. */
static gboolean
judge_trouble (OflDoctor *self)
{
  const char *next;

  if (self->link > 0)
    ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "cause", FALSE, ofl_doctor_link_step (),
                    _ ("Not every command got through to the drive and back. Until that is cleared "
                       "up nothing can be said about drive, laser or firmware."));
  if (self->link > 0)
    return TRUE;
  if (self->nonsense == 0 && self->failed == 0)
    return FALSE;
  if (self->nonsense > 0)
    next = _ ("Begin with the questions above: another cable, port or adapter, then another disc.");
  else if (self->disc == OFL_DOCTOR_DISC)
    next = _ ("Begin with what stands above, then run the doctor again, with another disc.");
  else
    next = _ ("Begin with what stands above, then run the doctor again.");
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "cause", FALSE, next,
                  _ ("Not every question was answered as it should be. Until that is cleared up "
                     "nothing can be said about laser or firmware."));
  return TRUE;
}

/* The disc was not read, but the drive went over it. */
static void
judge_counted (OflDoctor *self)
{
  const char *next = _ ("Let the doctor read a disc with plain data, too.");

  if (self->many_errors)
    ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "cause", FALSE, next,
                    _ ("The drive counted many errors on this disc: the disc, a dirty lens or a "
                       "weak laser are the likely causes. Whether its data comes back all the same "
                       "was not tried."));
  else if (self->counted_all)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "next-disc", FALSE, next,
                    _ ("The drive went over the disc to its end and counted its errors, see above. "
                       "Whether the disc's data comes back was not tried."));
  else
    ofl_doctor_add (self, OFL_FINDING_REMARK, "next-disc", FALSE, next,
                    _ ("The drive went over a part of the disc and counted its errors, see above. "
                       "Whether the disc's data comes back was not tried."));
}

static void
ask_for_pressed (OflDoctor *self)
{
  const char *next = ofl_doctor_writes (self)
                         ? _ ("Put in a pressed disc (one that was bought with data on it) and run "
                              "the doctor again, then a blank one of the kind that fails.")
                         : _ ("Put in a pressed disc (one that was bought with data on it) and run "
                              "the doctor again.");

  if (self->disc == OFL_DOCTOR_NO_DISC && !self->interrupted)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "next-disc", FALSE, next,
                    _ ("No disc is in the drive. It answers everything it was asked as it should; "
                       "whether it reads a disc was not measured."));
  else if (self->pass.ended)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "next-disc", FALSE, next,
                    _ ("Whether the drive reads a whole disc was not measured: reading ended "
                       "before."));
  else
    ofl_doctor_add (self, OFL_FINDING_REMARK, "next-disc", FALSE, next,
                    _ ("Whether the drive reads a disc was not measured."));
}

static void
judge_blank (OflDoctor *self)
{
  const char *next = _ ("Put in a pressed disc and run the doctor again: whether the drive reads "
                        "tells more. Then burn a disc of another maker, slowly.");

  if (self->stuck)
    ofl_doctor_add (
        self, OFL_FINDING_DOUBTFUL, "cause", FALSE, next,
        _ ("The disc is blank, and by the drive's own count data stands in the buffer that does "
           "not get onto it. Its firmware runs: it answers, and recognises the disc. If this "
           "disc was to be burned and stayed blank, what fails is the step from buffer to "
           "disc: a laser that is too weak to write, or a disc that does not take it, is "
           "the likely cause, and another firmware is not likely to help. Writing was not "
           "tried here."));
  else
    ofl_doctor_add (self, OFL_FINDING_REMARK, "cause", FALSE, next,
                    _ ("The drive recognises a blank disc and answers everything as it should. If "
                       "this very disc was burned before and the burn was said to be good, the "
                       "laser did not write, or the disc did not take it. Which of them, a blank "
                       "disc alone does not tell. Writing was not tried here."));
}

static void
judge_interrupted (OflDoctor *self)
{
  ofl_doctor_add (self, OFL_FINDING_REMARK, "cause", FALSE, ofl_doctor_again_step (),
                  _ ("Not every question was answered, for the drive was not ready, was busy or had "
                     "something else to tell, or a command was not sent. Nothing is concluded "
                     "about laser or firmware."));
}

/* What judges a drive that answered everything */
static gboolean
is_interrupted (const OflDoctor *self)
{
  gboolean blank = self->has_state && self->state.status == OFL_DISC_BLANK;
  gboolean all_read = self->pass.made && self->pass.failed == 0 && !self->many_errors
                      && self->pass.read + self->pass.second_try > 0;

  return self->interrupted && (blank || all_read);
}

static void
judge_reading (OflDoctor *self)
{
  if (!ofl_doctor_writes (self))
    ofl_doctor_add (self, OFL_FINDING_GOOD, "cause", FALSE, NULL,
                    _ ("With this disc nothing is wrong: every question was answered as it should "
                       "be, and what was tried of the disc was read. If other discs fail, they or "
                       "the laser are the likely cause, not the firmware."));
  else
    ofl_doctor_add (
        self, OFL_FINDING_GOOD, "cause", FALSE,
        _ ("If discs stay blank: burn one of another maker at a low speed. If that one "
           "stays blank, too, the laser is the likely cause, and firmware does not mend "
           "it. A blank disc of the kind that fails, put in for the doctor, tells more."),
        _ ("With this disc nothing is wrong: every question was answered as it should "
           "be, and what was tried of the disc was read. So the firmware runs, moves and "
           "focuses the laser and decodes what comes back. If discs that are burned in "
           "this drive stay blank all the same, or a burn stands still with the buffer "
           "half full, what is left is what reading does not need: the laser's power "
           "for writing, or the blank discs. Writing was not tried here."));
}

static void
judge_many_errors (OflDoctor *self)
{
  ofl_doctor_add (
      self, OFL_FINDING_DOUBTFUL, "cause", FALSE,
      _ ("Try a clean pressed disc that other drives read well. If that has many errors "
         "here, too, clean the lens."),
      _ ("What was tried of the disc was read, with many errors on the way: the disc, a "
         "dirty lens or a weak laser are the likely causes. Firmware that runs and "
         "reads the disc is an unlikely one."));
}

static void
judge_failures (OflDoctor *self)
{
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "cause", FALSE,
                  _ ("Try a clean pressed disc. If that fails, too, clean the lens."),
                  _ ("The drive does not read all of this disc: the disc, a dirty lens or a weak "
                     "laser are the likely causes. Firmware that runs and reads the other places "
                     "is an unlikely one."));
}

/* It said so itself, to a question or while it counted. */
static void
judge_unreadable (OflDoctor *self)
{
  ofl_doctor_add (
      self, OFL_FINDING_DOUBTFUL, "cause", FALSE,
      _ ("Try a clean pressed disc. If that fails, too, clean the lens."),
      _ ("The drive says itself that it cannot read something of this disc: the disc, a "
         "dirty lens or a weak laser are the likely causes, and not the cable. What was "
         "measured does not rule out the firmware."));
}

static void
judge_nothing_read (OflDoctor *self)
{
  if (self->counted_all)
    {
      ofl_doctor_add (
          self, OFL_FINDING_DOUBTFUL, "cause", FALSE,
          _ ("Try a clean pressed disc. If nothing of that is read either, clean the lens."),
          _ ("The drive went over this disc to its end and counted its errors, but nothing of the "
             "disc's data that was asked for came back. The disc, the lens or the laser are the "
             "likely causes; what was measured does not rule out the firmware."));
      return;
    }
  ofl_doctor_add (
      self, OFL_FINDING_DOUBTFUL, "cause", FALSE,
      _ ("Try a clean pressed disc. If nothing of that is read either, clean the lens."),
      _ ("The drive reads nothing of this disc. The disc, the lens or the laser are the likely "
         "causes; what was measured does not rule out the firmware."));
}

/**
 * ofl_doctor_judge_cause: (skip)
 * @self: an examination with all that was measured
 *
 * Adds the finding "cause", or "next-disc" where a disc would be needed to say something.
 */
void
ofl_doctor_judge_cause (OflDoctor *self)
{
  const OflDoctorPass *pass = &self->pass;

  if (!ofl_doctor_may_go_on (self) || judge_trouble (self))
    return;
  if (self->unreadable)
    judge_unreadable (self);
  else if (self->disc != OFL_DOCTOR_DISC)
    ask_for_pressed (self);
  else if (is_interrupted (self))
    judge_interrupted (self);
  else if (self->has_state && self->state.status == OFL_DISC_BLANK)
    judge_blank (self);
  else if ((!pass->made || pass->read + pass->second_try + pass->failed == 0) && !pass->ended
           && self->counted)
    judge_counted (self);
  else if (!pass->made || pass->read + pass->second_try + pass->failed == 0)
    ask_for_pressed (self);
  else if (pass->failed == 0 && self->many_errors)
    judge_many_errors (self);
  else if (pass->failed == 0)
    judge_reading (self);
  else if (pass->read + pass->second_try > 0)
    judge_failures (self);
  else
    judge_nothing_read (self);
}
