/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice/ofl-practice-drive.h"
#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

/**
 * OflPracticeTime:
 * @OFL_PRACTICE_VIRTUAL: waits cost nothing; time jumps (tests)
 * @OFL_PRACTICE_REAL: real time, divided by a factor
 */
typedef enum {
  OFL_PRACTICE_VIRTUAL,
  OFL_PRACTICE_REAL,
} OflPracticeTime;

/**
 * OflPracticePort:
 *
 * Where a practice drive is plugged in: holds the drive and its clock, and hands out one
 * exclusive transport at a time, as a bus would. Thread safe.
 */
#define OFL_TYPE_PRACTICE_PORT (ofl_practice_port_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticePort, ofl_practice_port, OFL, PRACTICE_PORT, GObject)

OflPracticePort *ofl_practice_port_new (OflPracticeDrive *drive, OflPracticeTime time,
                                        double speed_factor);
OflPracticeDrive *ofl_practice_port_get_drive (OflPracticePort *self);
void ofl_practice_port_keep_in (OflPracticePort *self, const char *path);
void ofl_practice_port_set_cable (OflPracticePort *self, const char *path);
OflTransport *ofl_practice_port_open (OflPracticePort *self, OflOpenFlags flags, GError **error);
void ofl_practice_port_unplug (OflPracticePort *self);
void ofl_practice_port_plug (OflPracticePort *self);
/* Called with every command before the drive sees it; for tests that watch or interfere. */
void ofl_practice_port_set_watch (OflPracticePort *self,
                                  void (*watch) (const OflCommand *command, gpointer data),
                                  gpointer data);
/* Lets a test damage CDBs on their way to the drive. */
void ofl_practice_port_set_tamper (OflPracticePort *self,
                                   void (*tamper) (OflCommand *command, gpointer data),
                                   gpointer data);

G_END_DECLS
