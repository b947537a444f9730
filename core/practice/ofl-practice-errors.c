/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The errors of the disc that is in: how many its decoder has to correct, block by block. All of it
 * is our own, within what a CD and a DVD can have: practice 7. */
#include "practice/ofl-practice-private.h"

#include "practice/ofl-practice-random.h"

/* Of a clean disc: one error in so many blocks */
#define CLEAN_CD 75 /* once a second */
#define CLEAN_DVD 25

/* The same number for the same block of the same disc, whoever asks and in which order */
static guint32
draw (guint32 disc, guint32 block)
{
  guint32 state = disc ^ block * 2654435761u;

  ofl_practice_random (&state);
  return ofl_practice_random (&state) >> 8;
}

/* A block of a CD has 98 frames, each counted once; its uncorrected ones fit one byte for 75. */
static void
add_cd (OflPracticeErrors *errors, guint depth, guint32 drawn)
{
  if (depth == 0)
    errors->c1 += drawn % CLEAN_CD == 0 ? 1 : 0;
  else if (depth == 1)
    {
      errors->c1 += 4 + drawn % 8;
      errors->c2 += drawn / 8 % 2;
    }
  else
    {
      errors->c1 += 20 + drawn % 16;
      errors->c2 += 2 + drawn / 16 % 4;
      errors->e32 += 1 + drawn / 64 % 3;
    }
}

/* A sector of a DVD has 13 rows. */
static void
add_dvd (OflPracticeErrors *errors, guint depth, guint32 drawn)
{
  if (depth == 0)
    errors->pi += drawn % CLEAN_DVD == 0 ? 1 : 0;
  else if (depth == 1)
    {
      errors->pi += 4 + drawn % 4;
      errors->pif += drawn / 4 % 2;
    }
  else
    {
      errors->pi += 8 + drawn % 6;
      errors->pif += 1 + drawn / 8 % 4;
    }
}

/**
 * ofl_practice_drive_count_errors:
 * @self: a practice drive
 * @first: a block
 * @count: how many blocks from there on; those behind the disc's end have no errors
 * @errors: (out caller-allocates): the sums; all 0 without a disc or of a blank one
 *
 * Tells what is the matter with the disc that is in: what a scan of these blocks finds.
 */
void
ofl_practice_drive_count_errors (OflPracticeDrive *self, guint32 first, guint32 count,
                                 OflPracticeErrors *errors)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  guint64 end = MIN ((guint64) first + count, (guint64) OFL_PRACTICE_DISC_BLOCKS);

  *errors = (OflPracticeErrors){ 0 };
  if (!common->disc || ofl_practice_is_blank (self))
    return;
  for (guint32 block = first; block < end; block++)
    {
      gboolean lost = ofl_practice_faults_is_unreadable (common->faults, block, 1);
      guint depth = lost ? 2 : ofl_practice_faults_get_scratch (common->faults, block);
      guint32 drawn = draw (common->seed, block);

      if (ofl_practice_has_dvd_in (self))
        add_dvd (errors, depth, drawn);
      else
        add_cd (errors, depth, drawn);
    }
}
