/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies in the practice SOHW-812S' EEPROM: all that a real one is known to hold (liteon 7.2). In
 * which places, and in what form, is not public: those are our own. */
#include "families/liteon/ofl-practice-liteon.h"

#include <string.h>

/* The part that only a service program changes, and that the sum is over */
#define IDENTITY 0x000u
#define SERIAL 0x020u
#define MADE_ON 0x040u
#define POSITION 0x050u /* master or slave, of a slim drive; others leave it as it is */
#define CALIBRATION 0x080u
#define CALIBRATION_SIZE 0x100u
#define PROTECTED_SIZE 0x200u

/* The part that the drive itself writes */
#define REGION 0x200u
#define SUM 0x210u
#define LEARNT 0x240u
#define LEARNT_ROW 0x10u
#define LEARNT_ROOM 12u
#define BURNS 0x300u
#define BURN_SIZE 0x40u
#define N_BURNS 4u

/* Some kinds of discs that it has met; the rest of the room is still blank. */
static void
put_learnt (guint8 *eeprom, guint32 *random)
{
  guint count = 3 + ofl_practice_random (random) % (LEARNT_ROOM - 3);

  for (guint i = 0; i < count; i++)
    {
      guint8 *row = eeprom + LEARNT + (gsize) i * LEARNT_ROW;

      row[0] = (guint8) (i + 1);
      ofl_practice_random_fill (random, row + 1, LEARNT_ROW - 1);
    }
}

static void
put_burns (guint8 *eeprom, guint32 *random)
{
  for (guint i = 0; i < N_BURNS; i++)
    {
      guint8 *burn = eeprom + BURNS + (gsize) i * BURN_SIZE;

      burn[0] = (guint8) (i + 1);
      ofl_practice_random_fill (random, burn + 1, BURN_SIZE / 2);
    }
}

/**
 * ofl_practice_liteon_fill_eeprom: (skip)
 * @drive: the SOHW-812S
 * @eeprom: (out caller-allocates): %LITEON_EEPROM_SIZE bytes
 *
 * Fills an EEPROM as a used drive has it: the same for the same unit, another for another one. Its
 * region code is the one that REPORT KEY tells.
 */
void
ofl_practice_liteon_fill_eeprom (OflPracticeDrive *drive, guint8 *eeprom)
{
  const OflPracticeCommon *common = ofl_practice_common (drive);
  const OflPracticeReplies *replies = ofl_practice_replies (drive);
  guint32 random = common->seed * 2654435761u + 812;

  memset (eeprom, 0xff, LITEON_EEPROM_SIZE);
  ofl_practice_put_id (eeprom + IDENTITY, LITEON_VENDOR, LITEON_PRODUCT, "");
  OFL_PRACTICE_PUT_TEXT (eeprom + SERIAL, common->serial);
  OFL_PRACTICE_PUT_TEXT (eeprom + MADE_ON, "20040414");
  eeprom[POSITION] = 0;
  ofl_practice_random_fill (&random, eeprom + CALIBRATION, CALIBRATION_SIZE);
  memcpy (eeprom + REGION, replies->region, sizeof replies->region);
  put_learnt (eeprom, &random);
  put_burns (eeprom, &random);
  ofl_put_be (eeprom + SUM, 2, ofl_practice_sum (eeprom, PROTECTED_SIZE, 0));
}
