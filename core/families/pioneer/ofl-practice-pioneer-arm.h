/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The challenge that drives of generations 1 and 3 want answered before kernel mode. */
#pragma once

#include "practice/ofl-practice-drive.h"

G_BEGIN_DECLS

#define PIONEER_CHALLENGE_SIZE 0x400u
#define PIONEER_RESPONSE_SIZE 0x100u

typedef enum {
  PIONEER_ARM_NONE,
  PIONEER_ARM_ASKED,      /* the host has asked for protection to be lifted */
  PIONEER_ARM_CHALLENGED, /* the challenge was handed out */
  PIONEER_ARM_DONE,       /* the right response came */
} PioneerArmState;

/**
 * PioneerArm:
 * @state: how far the handshake has come
 * @response: the byte that is the right response; from %PIONEER_ARM_CHALLENGED on
 */
typedef struct {
  PioneerArmState state;
  guint8 response;
} PioneerArm;

void ofl_practice_pioneer_arm_write (PioneerArm *arm, const OflPracticeRequest *request,
                                     OflPracticeAnswer *answer);
void ofl_practice_pioneer_arm_read (PioneerArm *arm, guint32 *random,
                                    const OflPracticeRequest *request, OflPracticeAnswer *answer);

G_END_DECLS
