/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the models in this folder only. */
#pragma once

#include "practice/ofl-practice-chip.h"
#include "practice/ofl-practice-drive.h"
#include "practice/ofl-practice-fault.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-sense.h"

G_BEGIN_DECLS

/* Opcodes (SPC, MMC) */
#define OP_TEST_UNIT_READY 0x00
#define OP_REQUEST_SENSE 0x03
#define OP_FORMAT_UNIT 0x04
#define OP_INQUIRY 0x12
#define OP_MODE_SELECT_6 0x15
#define OP_MODE_SENSE_6 0x1a
#define OP_START_STOP 0x1b
#define OP_PREVENT_ALLOW 0x1e
#define OP_READ_FORMAT_CAPACITIES 0x23
#define OP_READ_CAPACITY 0x25
#define OP_READ_10 0x28
#define OP_WRITE_10 0x2a
#define OP_SYNCHRONIZE_CACHE 0x35
#define OP_WRITE_BUFFER 0x3b
#define OP_READ_BUFFER 0x3c
#define OP_READ_TOC 0x43
#define OP_GET_CONFIGURATION 0x46
#define OP_GET_EVENT_STATUS 0x4a
#define OP_READ_DISC_INFO 0x51
#define OP_READ_TRACK_INFO 0x52
#define OP_MODE_SELECT_10 0x55
#define OP_MODE_SENSE_10 0x5a
#define OP_READ_BUFFER_CAPACITY 0x5c
#define OP_REPORT_LUNS 0xa0
#define OP_READ_12 0xa8
#define OP_WRITE_12 0xaa
#define OP_SET_CD_SPEED 0xbb

/* Additional sense codes (SPC, MMC) */
#define ASC_NOT_READY 0x04
#define ASC_INVALID_OPCODE 0x20
#define ASC_INVALID_FIELD_IN_CDB 0x24
#define ASC_INVALID_FIELD_IN_DATA 0x26
#define ASC_MEDIUM_CHANGED 0x28
#define ASC_RESET 0x29
#define ASC_SEQUENCE 0x2c
#define ASC_NO_MEDIUM 0x3a
#define ASC_CHANGED 0x3f
#define ASC_REMOVAL_PREVENTED 0x53

#define OFL_PRACTICE_MAX_ATTENTIONS 8
#define OFL_PRACTICE_NEVER G_MAXINT64

/**
 * OflPracticeCommon:
 *
 * What every model has. The strings of the identity are what the code running now says; boot()
 * sets them anew.
 */
typedef struct {
  char *id;
  char *title;
  guint32 seed;
  guint32 random;
  OflPracticeChip *chip;
  OflPracticeFaults *faults;

  char vendor[8], product[16], revision[4], extra[20];
  char serial[25]; /* feature 0108 and VPD page 80; at most 24 characters */
  char date[15];   /* feature 010C; "" when the drive has no such feature */
  guint8 inquiry_version;
  guint8 inquiry_format;
  guint8 interface; /* core feature: 2 ATAPI, 7 serial ATAPI, 8 USB */

  gboolean powered;
  gint64 power_loss_us; /* when power will go; OFL_PRACTICE_NEVER */
  guint n_writes;
  gboolean disc, tray_open, locked;
  guint8 media_event; /* as GET EVENT STATUS NOTIFICATION reports it, once */
  guint8 attentions[OFL_PRACTICE_MAX_ATTENTIONS][2];
  guint n_attentions;
  guint8 sense[3]; /* of the last command, until it is fetched */

  void (*log) (const char *line, gpointer data);
  gpointer log_data;
} OflPracticeCommon;

/**
 * OflPracticeDriveClass:
 * @assumptions: where the model guesses, in sentences; "" when it does not
 * @boot: power came: start with what the flash holds
 * @reset: the bus was reset: forget what was being received; a burn goes on
 * @tick: the chip has been brought up to now: see whether a burn has ended
 * @not_ready: the qualifier of NOT READY 02/04/xx while the drive is busy with itself; else 0
 * @command: answer a command; FALSE leaves it to the commands every optical drive has
 * @can_write: whether a vendor's command can change what the drive keeps, or feeds an update;
 *   %NULL when the drive has none of its own
 * @holds: whether the flash holds what a complete burn of an image leaves
 */
struct _OflPracticeDriveClass {
  GObjectClass parent_class;

  const char *assumptions;
  void (*boot) (OflPracticeDrive *self, gint64 now_us);
  void (*reset) (OflPracticeDrive *self, gint64 now_us);
  void (*tick) (OflPracticeDrive *self, gint64 now_us);
  guint8 (*not_ready) (OflPracticeDrive *self);
  gboolean (*command) (OflPracticeDrive *self, gint64 now_us, const OflPracticeRequest *request,
                       OflPracticeAnswer *answer);
  gboolean (*can_write) (const OflPracticeRequest *request);
  gboolean (*holds) (OflPracticeDrive *self, const guint8 *image, gsize size);
};

/* ofl-practice-execute.c */
void ofl_practice_refuse (OflPracticeAnswer *answer, guint8 key, guint8 asc, guint8 ascq);
void ofl_practice_send (const OflPracticeRequest *request, OflPracticeAnswer *answer,
                        const guint8 *data, gsize length, gsize allocation);

/* ofl-practice-drive.c */
OflPracticeCommon *ofl_practice_common (OflPracticeDrive *self);
void ofl_practice_start (OflPracticeDrive *self);
void ofl_practice_settle (OflPracticeDrive *self, gint64 now_us);
void ofl_practice_add_attention (OflPracticeDrive *self, guint8 asc, guint8 ascq);
gboolean ofl_practice_take_attention (OflPracticeDrive *self, OflPracticeAnswer *answer);
void ofl_practice_take_sense (OflPracticeDrive *self, guint8 sense[3]);
void ofl_practice_note (OflPracticeDrive *self, gint64 now_us, const char *what);
gint64 ofl_practice_burn (OflPracticeDrive *self, gint64 now_us);

/* ofl-practice-mmc.c */
void ofl_practice_mmc_command (OflPracticeDrive *self, const OflPracticeRequest *request,
                               OflPracticeAnswer *answer);

/* ofl-practice-identify.c */
void ofl_practice_inquiry (OflPracticeDrive *self, const OflPracticeRequest *request,
                           OflPracticeAnswer *answer);
void ofl_practice_get_configuration (OflPracticeDrive *self, const OflPracticeRequest *request,
                                     OflPracticeAnswer *answer);
void ofl_practice_mode_sense (OflPracticeDrive *self, const OflPracticeRequest *request,
                              OflPracticeAnswer *answer);

/* The models */
OflPracticeDrive *ofl_practice_mt1959_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_nec_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_pioneer_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_renesas_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_standard_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_plextor_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_tsst_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_se506_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_btc_new (const char *id, const char *title, guint32 seed);
OflPracticeDrive *ofl_practice_liteon_new (const char *id, const char *title, guint32 seed);

G_END_DECLS
