/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For this folder only: an examination while it is made. */
#pragma once

#include "doctor/ofl-doctor-answers.h"
#include "doctor/ofl-doctor.h"
#include "drive/ofl-abilities.h"
#include "families/ofl-families.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

G_BEGIN_DECLS

#define OFL_DOCTOR_ROOM 0x400
#define OFL_DOCTOR_BLOCK 2048u

/* Kinds of discs (MMC's profiles) */
#define PROFILE_CD_ROM 0x0008
#define PROFILE_CD_R 0x0009
#define PROFILE_CD_RW 0x000a
#define PROFILE_DVD_ROM 0x0010
#define PROFILE_DVD_FIRST 0x0010
#define PROFILE_DVD_LAST 0x002f
#define PROFILE_BD_ROM 0x0040

/**
 * OflDoctorAnswer:
 * @OFL_DOCTOR_ANSWERED: data came, or good status where there is none
 * @OFL_DOCTOR_REFUSED: the drive does not know the question, or not with this disc
 * @OFL_DOCTOR_NOT_READY: no disc, or still getting ready
 * @OFL_DOCTOR_MEDIUM: it says that it cannot read the disc: the disc's matter, or the laser's
 * @OFL_DOCTOR_FAILED: it says that something went wrong
 * @OFL_DOCTOR_LINK: the way to it failed, or nothing was sent: not the drive's doing
 * @OFL_DOCTOR_SILENT: it did not answer; nothing more is asked
 */
typedef enum {
  OFL_DOCTOR_ANSWERED,
  OFL_DOCTOR_REFUSED,
  OFL_DOCTOR_NOT_READY,
  OFL_DOCTOR_MEDIUM,
  OFL_DOCTOR_FAILED,
  OFL_DOCTOR_LINK,
  OFL_DOCTOR_SILENT,
} OflDoctorAnswer;

typedef enum {
  OFL_DOCTOR_NO_DISC,
  OFL_DOCTOR_DISC,
  OFL_DOCTOR_DISC_UNKNOWN, /* getting ready for too long, or the question failed */
} OflDoctorDisc;

/* A read pass, in numbers of stretches */
typedef struct {
  gboolean made;
  gboolean stopped; /* too many failures */
  gboolean ended;   /* before its end, by what is neither the disc's fault nor the drive's */
  guint read, second_try, failed, skipped;
} OflDoctorPass;

/**
 * OflScanOutcome:
 * @OFL_SCAN_GOES_ON: it has not ended
 * @OFL_SCAN_REACHED: the end of the disc was reached
 * @OFL_SCAN_STOOD: the position did not move any more
 * @OFL_SCAN_REFUSED: the drive does not know this way
 * @OFL_SCAN_FAILED: a command failed
 * @OFL_SCAN_MEDIUM: the drive could not read the disc
 * @OFL_SCAN_LINK: the way to the drive failed
 * @OFL_SCAN_INTERRUPTED: the drive was not ready any more, or had something else to tell, or a
 *   command was not sent: nobody's failure
 * @OFL_SCAN_NONSENSE: an answer cannot be right
 * @OFL_SCAN_CANCELLED: it was broken off
 * @OFL_SCAN_SILENT: the drive stopped answering
 */
typedef enum {
  OFL_SCAN_GOES_ON,
  OFL_SCAN_REACHED,
  OFL_SCAN_STOOD,
  OFL_SCAN_REFUSED,
  OFL_SCAN_FAILED,
  OFL_SCAN_MEDIUM,
  OFL_SCAN_LINK,
  OFL_SCAN_INTERRUPTED,
  OFL_SCAN_NONSENSE,
  OFL_SCAN_CANCELLED,
  OFL_SCAN_SILENT,
} OflScanOutcome;

/**
 * OflScanReport:
 * @outcome: why it ended
 * @half: the drive took a part of the begin and refused the rest
 * @left: the drive may have taken something of the begin, and did not take the command that ends it
 * @first_left_out: the first answer was taken for no measurement
 *
 * How a scan went.
 */
typedef struct {
  OflScanOutcome outcome;
  gboolean half;
  gboolean left;
  gboolean first_left_out;
} OflScanReport;

/**
 * OflDoctor:
 *
 * What is known so far. What a drive did not tell has its flag unset.
 */
typedef struct {
  OflTransport *transport;
  const OflSnapshot *drive;
  GCancellable *cancellable;
  gboolean deep;
  const OflChoices *choices; /* for what is asked only when @deep; may be NULL */
  OflExamination *found;

  guint8 data[OFL_DOCTOR_ROOM];
  gsize length; /* bytes of the last answer */
  OflReply reply;
  char *technical; /* the last question and its answer */

  guint nonsense, failed, link;
  gboolean unreadable;  /* a question failed at the disc */
  gboolean interrupted; /* one was not answered, for a reason that is nobody's failure */
  OflDoctorDisc disc;
  OflProfiles profiles;
  gboolean has_capabilities, has_room, has_state;
  gboolean stuck; /* the buffer holds data that stays in it */
  gboolean many_errors; /* counted, and more than the standard allows */
  gboolean counted;     /* errors, of a part of the disc at least */
  gboolean counted_all; /* to its end */
  gboolean expected;    /* the tally knows how much there will be */
  OflCapabilities capabilities;
  OflBufferRoom room;
  OflDiscState state;
  OflDoctorPass pass;
} OflDoctor;

/* ofl-doctor.c; @next may be NULL, the last question's technical line is taken with @with_answer */
void ofl_doctor_add (OflDoctor *self, OflFindingLevel level, const char *id, gboolean with_answer,
                     const char *next, const char *format, ...) G_GNUC_PRINTF (6, 7);

/* ofl-doctor-ask.c */
gboolean ofl_doctor_may_go_on (OflDoctor *self);
OflDoctorAnswer ofl_doctor_send (OflDoctor *self, const OflCommand *command, guint8 *data);
OflDoctorAnswer ofl_doctor_send_listed (OflDoctor *self, const OflFamily *family,
                                        const OflCommand *command, guint8 *data);
gboolean ofl_doctor_send_last (OflDoctor *self, const OflFamily *family, const OflCommand *command,
                               guint8 *data);
OflDoctorAnswer ofl_doctor_ask (OflDoctor *self, const char *id, const guint8 *cdb, guint cdb_len,
                                guint length);
OflDoctorAnswer ofl_doctor_judge_reply (const OflReply *reply);
gboolean ofl_doctor_was_interrupted (const OflDoctor *self);
char *ofl_doctor_explain (const OflDoctor *self, const OflCommand *command);
const char *ofl_doctor_link_step (void);
const char *ofl_doctor_again_step (void);
void ofl_doctor_note_silence (OflDoctor *self);
void ofl_doctor_note_nonsense (OflDoctor *self, const char *id);
gboolean ofl_doctor_is_cd (const OflDoctor *self);
gboolean ofl_doctor_is_dvd (const OflDoctor *self);
gboolean ofl_doctor_writes (const OflDoctor *self);

/* ofl-doctor-state.c */
const OflFamily *ofl_doctor_family (const OflDoctor *self);
void ofl_doctor_judge_state (OflDoctor *self, OflDriveState state, const char *why);
void ofl_doctor_judge_mending (OflDoctor *self, const char *backup);
void ofl_doctor_judge_firmware (OflDoctor *self, const char *backup);

/* ofl-doctor-disc.c */
void ofl_doctor_look_for_disc (OflDoctor *self);
void ofl_doctor_look_at_drive (OflDoctor *self);
void ofl_doctor_look_at_disc (OflDoctor *self);

/* ofl-doctor-read.c */
void ofl_doctor_read_pass (OflDoctor *self, OflReadExtent extent);

/* ofl-doctor-deep.c */
void ofl_doctor_look_at_unit (OflDoctor *self);
void ofl_doctor_tell_sign (OflDoctor *self);

/* ofl-doctor-errors.c */
guint ofl_doctor_scan_parts (const OflDoctor *self);
void ofl_doctor_count_errors (OflDoctor *self);

/* ofl-doctor-errors-tell.c */
void ofl_doctor_tell_not_counted (OflDoctor *self, const OflFamily *family);
void ofl_doctor_tell_errors (OflDoctor *self, const OflScanReport *report, const char *why);

/* ofl-doctor-cause.c */
void ofl_doctor_judge_cause (OflDoctor *self);

G_END_DECLS
