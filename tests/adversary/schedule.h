/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What befalls one job, drawn from a seed. */
#pragma once

#include "families/ofl-practice-catalog.h"
#include "scsi/ofl-command.h"

G_BEGIN_DECLS

/* What the drive holds before the job. */
typedef enum {
  PRE_NEW,   /* as it left the factory */
  PRE_OTHER, /* flashed before with another revision */
  PRE_SAME,  /* with the image */
  PRE_TWIN,  /* with another image of the same revision */
  PRE_HALF,  /* half written */
  N_PRES,
} Pre;

/* What a loss of power, or another program, leaves at the end of a journal. */
enum {
  SPOIL_NULS = 1 << 0, /* a block that was never written */
  SPOIL_TYPE = 1 << 1, /* a record whose event is no text */
  N_SPOILS = 1 << 2,
};

/* A command that moves data to the drive. */
typedef struct {
  guint8 opcode;
  guint nth; /* of its opcode, with data in either direction: as "flip-once" counts */
  guint32 length;
} Sent;

/* What a good job does: which commands faults may strike, and how many there are. */
typedef struct {
  guint8 opcodes[256];
  guint n_opcodes;
  guint n_of[256];   /* by opcode */
  guint n_data[256]; /* of them, with data */
  GArray *sent;      /* of Sent */
  guint64 bytes_out[256], bytes_in[256];
  guint n_commands;
  guint last_sent; /* the number of the last command with data for the drive */
  guint n_writes;
} Lesson;

#define MAX_FAULTS 5

/**
 * Schedule:
 * @pre: what the drive holds before
 * @pre_fault: with PRE_HALF: what halves it
 * @faults: what strikes
 * @rewrite: an image that is there already is written all the same
 * @unplug_at: the command before which the plug is pulled; 0: never
 * @replug_after: commands until it is put in again; 0: not in this job
 * @cancel_at: the command before which the user cancels; 0: never
 * @kill_at: the command before which the program is killed; 0: never
 * @spoil: what befalls the journal of the killed job, as bits
 * @again: a second job at once, without a replug
 * @plug_again: but with the plug put in, if it is out
 * @verify: a verify job before it
 * @restore: recover with the backup, not with the image
 * @flipped: the command with data out in which a bit flips for certain; its length is 0 when none is
 *   directed
 * @watch_limit_ms: as in OflJobOptions
 * @damages: a CDB arrives changed: what a command does is then not what was sent
 * @said: all of it in words
 */
typedef struct {
  guint seed;
  Pre pre;
  char *pre_fault;
  char *faults[MAX_FAULTS + 1];
  gboolean rewrite;
  guint unplug_at, replug_after;
  guint cancel_at;
  guint kill_at;
  guint spoil;
  gboolean again, plug_again, verify, restore;
  Sent flipped;
  guint watch_limit_ms;
  gboolean damages;
  GString *said;
} Schedule;

#define N_SLOWNESSES 8 /* that direct_slowness() tells apart */

/* directed.c */
void direct_flip (Schedule *self, const Lesson *lesson, guint nth);
void direct_slowness (Schedule *self, guint nth);
void direct_absence (Schedule *self, const Lesson *lesson, guint nth);

/* schedule.c */
guint8 lesson_find_mover (const guint64 bytes[256]);
void lesson_learn (const OflCommand *command, gpointer lesson);
Schedule *schedule_new (const Lesson *lesson, guint seed, gboolean readable);
void schedule_free (Schedule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Schedule, schedule_free)
void schedule_arm (const Schedule *self, OflPracticeDrive *drive);

G_END_DECLS
