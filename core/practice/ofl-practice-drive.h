/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "scsi/ofl-command.h"

G_BEGIN_DECLS

/**
 * OflPracticeRequest:
 * @cdb: as it came over the wire, zero padded to 16
 * @cdb_len: bytes the transport carried
 * @dir: direction
 * @out: data that came with it
 * @out_len: its length
 * @in: room for data
 * @in_max: its size
 */
typedef struct {
  const guint8 *cdb;
  guint cdb_len;
  OflDirection dir;
  const guint8 *out;
  gsize out_len;
  guint8 *in;
  gsize in_max;
} OflPracticeRequest;

/**
 * OflPracticeAnswer:
 * @status: 0 GOOD, 2 CHECK CONDITION, 8 BUSY
 * @key: with CHECK CONDITION
 * @asc: same
 * @ascq: same
 * @informed: the sense has a valid INFORMATION field
 * @information: with @informed, its four bytes as a number, the first one high
 * @in_len: bytes put into the request's room
 * @residual: bytes of OUT data the drive did not take
 * @delay_us: time the drive needs before it answers
 * @hang: it never answers
 * @vanish: it drops off the bus instead of answering
 * @leaves: it answers, and then drops off the bus
 * @return_us: with @vanish or @leaves: comes back by itself after this time; 0: only when
 *   replugged
 */
typedef struct {
  guint8 status;
  guint8 key, asc, ascq;
  gboolean informed;
  guint32 information;
  gsize in_len;
  gsize residual;
  gint64 delay_us;
  gboolean hang;
  gboolean vanish;
  gboolean leaves;
  gint64 return_us;
} OflPracticeAnswer;

/**
 * OflPracticeErrors:
 * @c1: of a CD: C1 errors, BLER
 * @c2: of a CD: C2 errors that were corrected, E22
 * @e32: of a CD: C2 errors that were not corrected
 * @pi: of a DVD: PI errors
 * @pif: of a DVD: PI failures
 *
 * Sums over some blocks of a disc. Those of the other kind of disc are 0.
 */
typedef struct {
  guint c1, c2, e32;
  guint pi, pif;
} OflPracticeErrors;

/**
 * OflPracticeDrive:
 *
 * The device side: an emulated drive, a state machine over time. It has no clock and no thread:
 * whoever drives it (a virtual clock in tests, real time in the application, a USB gadget behind
 * the kernel) passes the time in. Not thread safe: one user at a time.
 */
#define OFL_TYPE_PRACTICE_DRIVE (ofl_practice_drive_get_type ())
G_DECLARE_DERIVABLE_TYPE (OflPracticeDrive, ofl_practice_drive, OFL, PRACTICE_DRIVE, GObject)

void ofl_practice_drive_execute (OflPracticeDrive *self, gint64 now_us,
                                 const OflPracticeRequest *request, OflPracticeAnswer *answer);
/* Power off and on again (also a replug): volatile state is gone, a boot with what the flash holds. */
void ofl_practice_drive_power_cycle (OflPracticeDrive *self, gint64 now_us);
void ofl_practice_drive_bus_reset (OflPracticeDrive *self, gint64 now_us);
/* Power off (or unplugged); every command vanishes until ofl_practice_drive_power_cycle(). */
void ofl_practice_drive_power_off (OflPracticeDrive *self, gint64 now_us);

const char *ofl_practice_drive_get_id (OflPracticeDrive *self);
/* What is assumed where the real drive's behaviour is not public; "" when nothing is. */
const char *ofl_practice_drive_get_assumptions (OflPracticeDrive *self);
/* What the flash chip really holds: for tests ("never verified when the flash does not hold it"). */
GBytes *ofl_practice_drive_get_flash (OflPracticeDrive *self);
/* Whether the chip holds what a complete burn of @image leaves (the parts a burn must not touch
 * are not compared). */
gboolean ofl_practice_drive_holds (OflPracticeDrive *self, GBytes *image);
/* How many commands that can change what the drive keeps have arrived. */
guint ofl_practice_drive_get_n_writes (OflPracticeDrive *self);
/* A disc in the tray. */
void ofl_practice_drive_set_disc (OflPracticeDrive *self, gboolean disc);
/* A disc of a kind, as a word: "pressed", "cd-rom", "blank-cd-r". */
gboolean ofl_practice_drive_put_disc (OflPracticeDrive *self, const char *disc, GError **error);

/* What a scan of these blocks finds, by the model: for tests. */
void ofl_practice_drive_count_errors (OflPracticeDrive *self, guint32 first, guint32 count,
                                      OflPracticeErrors *errors);

/* The drive's own log: a line a command, as the drive saw it. */
void ofl_practice_drive_set_log (OflPracticeDrive *self,
                                 void (*log) (const char *line, gpointer data), gpointer data);

/* Faults, as text so that a command line, a test and a gadget say them the same way:
 * "hang 3b 5", "flip-once 3c 7", "power-loss-burn 500" … see ofl-practice-fault.h. */
gboolean ofl_practice_drive_add_fault (OflPracticeDrive *self, const char *fault, GError **error);
void ofl_practice_drive_set_kept_faults (OflPracticeDrive *self, const char *const *faults);
void ofl_practice_drive_clear_faults (OflPracticeDrive *self);

/* State across processes: flash contents and mode. */
gboolean ofl_practice_drive_save (OflPracticeDrive *self, const char *path, GError **error);
gboolean ofl_practice_drive_load (OflPracticeDrive *self, const char *path, GError **error);

G_END_DECLS
