/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The challenge that drives of generations 1 and 3 want answered before kernel mode. Source:
 * pioneer 2.2, 3.5. */
#include "families/pioneer/ofl-practice-pioneer-arm.h"

#include <string.h>

#include "practice/ofl-practice-kit.h"

#define CDB_SIZE 10

static const guint8 ask[CDB_SIZE] = { 0x3b, 0x01, 0xf3 };
static const guint8 challenge[CDB_SIZE] = { 0x3c, 0x01, 0xf2, 0, 0, 0, 0, 0x04, 0x00 };
static const guint8 response_short[CDB_SIZE] = { 0x3b, 0x01, 0xf2, 0, 0, 0, 0, 0x01, 0x00 };
static const guint8 response_long[CDB_SIZE] = { 0x3b, 0x01, 0xf2, 0, 0, 0, 0, 0x04, 0x00 };

/* One byte of the recurrence (pioneer 3.5). */
static guint8
next_byte (guint32 *state)
{
  *state = *state * 0x41c64e6du + 0x3039u;
  return (guint8) (*state >> 16);
}

static gboolean
is_all (const guint8 *data, gsize length, guint8 value)
{
  for (gsize i = 0; i < length; i++)
    if (data[i] != value)
      return FALSE;
  return TRUE;
}

/* The short response opens; the long one, which one of the two sources sends after it, must be
 * as right but changes nothing. */
static gboolean
take_response (PioneerArm *arm, const OflPracticeRequest *request)
{
  gsize expected = 0;

  if (arm->state == PIONEER_ARM_CHALLENGED && memcmp (request->cdb, response_short, CDB_SIZE) == 0)
    expected = PIONEER_RESPONSE_SIZE;
  else if (arm->state == PIONEER_ARM_DONE && memcmp (request->cdb, response_long, CDB_SIZE) == 0)
    expected = PIONEER_CHALLENGE_SIZE;
  return expected != 0 && request->out_len == expected
         && is_all (request->out, expected, arm->response);
}

/**
 * ofl_practice_pioneer_arm_write: (skip)
 * @arm: the handshake
 * @request: WRITE BUFFER in mode 01
 * @answer: its answer
 *
 * Takes the request that begins the handshake, or a response; anything else ends it with 05/24/00.
 */
void
ofl_practice_pioneer_arm_write (PioneerArm *arm, const OflPracticeRequest *request,
                                OflPracticeAnswer *answer)
{
  if (memcmp (request->cdb, ask, CDB_SIZE) == 0 && request->out_len == 0)
    arm->state = PIONEER_ARM_ASKED;
  else if (take_response (arm, request))
    arm->state = PIONEER_ARM_DONE;
  else
    {
      arm->state = PIONEER_ARM_NONE;
      ofl_practice_refuse_field (answer);
    }
}

/**
 * ofl_practice_pioneer_arm_read: (skip)
 * @arm: the handshake
 * @random: where the seed comes from
 * @request: READ BUFFER in mode 01
 * @answer: its answer
 *
 * Hands out a challenge: 400 hex bytes from a seed of 16 bits. The response is the complement of
 * the byte after them (pioneer 3.5).
 */
void
ofl_practice_pioneer_arm_read (PioneerArm *arm, guint32 *random, const OflPracticeRequest *request,
                               OflPracticeAnswer *answer)
{
  guint8 data[PIONEER_CHALLENGE_SIZE];
  guint32 state = (guint16) (ofl_practice_random (random) >> 8);

  if (arm->state == PIONEER_ARM_NONE || memcmp (request->cdb, challenge, CDB_SIZE) != 0)
    {
      arm->state = PIONEER_ARM_NONE;
      ofl_practice_refuse_field (answer);
      return;
    }
  for (guint i = 0; i < PIONEER_CHALLENGE_SIZE; i++)
    data[i] = next_byte (&state);
  arm->response = (guint8) ~next_byte (&state);
  arm->state = PIONEER_ARM_CHALLENGED;
  ofl_practice_send (request, answer, data, sizeof data, sizeof data);
}
