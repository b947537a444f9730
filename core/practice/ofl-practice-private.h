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
#define OP_SEEK_10 0x2b
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
#define OP_REPORT_KEY 0xa4
#define OP_READ_12 0xa8
#define OP_WRITE_12 0xaa
#define OP_READ_DISC_STRUCTURE 0xad
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
#define ASC_INTERNAL_FAILURE 0x44
#define ASC_REMOVAL_PREVENTED 0x53
#define ASC_UNREADABLE 0x11
#define ASC_LBA_OUT_OF_RANGE 0x21
#define ASC_OTHER_MEDIUM 0x30

/* Qualifiers of NOT READY 02/04 and of UNIT ATTENTION 06/3F */
#define BECOMING_READY 0x01
#define MANUAL_INTERVENTION 0x03
#define IN_PROGRESS 0x07
#define IN_PROGRESS_LONG_WRITE 0x08
#define MICROCODE_CHANGED 0x01

/* Physical interface standards, as the core feature has them (MMC) */
#define INTERFACE_ATAPI 2
#define INTERFACE_SERIAL_ATAPI 7
#define INTERFACE_USB 8

#define OFL_PRACTICE_INQUIRY_SIZE 96
#define OFL_PRACTICE_SENSE_SIZE 18
#define OFL_PRACTICE_DISC_BLOCKS 0x00010000u
#define OFL_PRACTICE_BLOCK_SIZE 2048u
#define OFL_PRACTICE_MAX_ATTENTIONS 8
#define OFL_PRACTICE_NEVER G_MAXINT64

/**
 * OflPracticeKind:
 * @OFL_PRACTICE_NO_KIND: not said, which a test finds
 * @OFL_PRACTICE_CD_WRITER: CD-R and CD-RW, no DVD
 * @OFL_PRACTICE_DVD_ROM: reads CDs and DVDs
 * @OFL_PRACTICE_DVD_PLUS_WRITER: writes CDs, DVD+R and DVD+RW
 * @OFL_PRACTICE_DVD_MINUS_WRITER: writes CDs, DVD-R and DVD-RW
 * @OFL_PRACTICE_DVD_WRITER: writes CDs and DVDs of both camps, of one layer
 * @OFL_PRACTICE_DVD_DL_WRITER: likewise, and DVD+R of two layers
 * @OFL_PRACTICE_DVD_DUAL_WRITER: likewise, and DVD-R of two layers
 * @OFL_PRACTICE_DVD_RAM_WRITER: likewise, and DVD-RAM
 * @OFL_PRACTICE_BD_COMBO: likewise, and reads BDs
 * @OFL_PRACTICE_BD_WRITER: writes BDs, too; what it says of itself is a BU40N's
 * @OFL_PRACTICE_BD_WRITER_PIONEER: the same with a BDR-S09's words
 *
 * What a drive can do: practice 6.
 */
typedef enum {
  OFL_PRACTICE_NO_KIND,
  OFL_PRACTICE_CD_WRITER,
  OFL_PRACTICE_DVD_ROM,
  OFL_PRACTICE_DVD_PLUS_WRITER,
  OFL_PRACTICE_DVD_MINUS_WRITER,
  OFL_PRACTICE_DVD_WRITER,
  OFL_PRACTICE_DVD_DL_WRITER,
  OFL_PRACTICE_DVD_DUAL_WRITER,
  OFL_PRACTICE_DVD_RAM_WRITER,
  OFL_PRACTICE_BD_COMBO,
  OFL_PRACTICE_BD_WRITER,
  OFL_PRACTICE_BD_WRITER_PIONEER,
  OFL_PRACTICE_N_KINDS,
} OflPracticeKind;

/**
 * OflPracticeFeature:
 * @code: its number
 * @flags: version in bits 5-2, persistent, current (MMC)
 * @length: bytes of @data
 * @data: what follows the four bytes of its head
 */
typedef struct {
  guint16 code;
  guint8 flags;
  guint8 length;
  guint8 data[28];
} OflPracticeFeature;

/**
 * OflPracticeReplies:
 * @profiles: the profiles, in the order in which it lists them; a 0 ends them
 * @features: its other features, by number; one with the code 0 ends them
 * @capabilities: mode page 2A
 * @capabilities_len: its bytes
 * @region: the answer to REPORT KEY for the region code; all 0 for a drive without DVDs
 *
 * What drives of a kind say of themselves.
 */
typedef struct {
  guint16 profiles[24];
  const OflPracticeFeature *features;
  const guint8 *capabilities;
  gsize capabilities_len;
  guint8 region[8];
} OflPracticeReplies;

/**
 * OflPracticeDisc:
 * @OFL_PRACTICE_PRESSED: a DVD where the drive reads DVDs, else a CD
 * @OFL_PRACTICE_CD_ROM: a pressed CD
 * @OFL_PRACTICE_BLANK_CD_R: a CD-R that nothing was written to
 *
 * What lies in the tray when something does.
 */
typedef enum {
  OFL_PRACTICE_PRESSED,
  OFL_PRACTICE_CD_ROM,
  OFL_PRACTICE_BLANK_CD_R,
} OflPracticeDisc;

typedef struct _OflPracticeEntry OflPracticeEntry;

/**
 * OflPracticeEntry:
 * @id: the name by which programs know the drive
 * @title: the name by which persons know it
 * @variants: the kinds of images that @make_image knows, with blanks between
 * @revision: of the firmware with which it leaves the factory
 * @get_type: its class
 * @make_image: makes an image for it, with 4 characters of a revision; %NULL for an unknown variant
 * @data: what tells it from the other drives of its family, for the family's own use
 * @kind: what it can do
 *
 * A drive of the catalogue. All that a family shows to the catalogue is a table of them by the name
 * of ofl_practice_FAMILY_drives, which ends with an entry without @id.
 */
struct _OflPracticeEntry {
  const char *id;
  const char *title;
  const char *variants;
  const char *revision;
  GType (*get_type) (void);
  GBytes *(*make_image) (const OflPracticeEntry *entry, const char *revision, const char *variant);
  gconstpointer data;
  OflPracticeKind kind;
};

/**
 * OflPracticeCommon:
 *
 * What every model has. The strings of the identity are what the code running now says; boot()
 * sets them anew.
 */
typedef struct {
  const OflPracticeEntry *entry;
  guint32 seed;
  guint32 random;
  OflPracticeChip *chip;
  OflPracticeFaults *faults;

  char vendor[8], product[16], revision[4], extra[20];
  char serial[25]; /* feature 0108 and VPD page 80; at most 24 characters */
  char date[15];   /* feature 010C; "" when the drive has no such feature */
  guint8 inquiry_version;
  guint8 inquiry_format;
  guint8 inquiry_additional; /* bytes after the first five; 91 unless the model says otherwise */
  guint8 inquiry_more;       /* bytes that it sends behind those all the same */
  guint8 interface;          /* core feature: 2 ATAPI, 7 serial ATAPI, 8 USB */

  gboolean powered;
  gint64 power_loss_us; /* when power will go; OFL_PRACTICE_NEVER */
  guint n_writes;
  gboolean disc, tray_open, locked;
  OflPracticeDisc disc_kind;
  guint n_discs;              /* how often one was put in or taken out */
  gboolean disc_from_outside; /* somebody else keeps it: it is not saved with the drive */
  guint8 media_event; /* as GET EVENT STATUS NOTIFICATION reports it, once */
  guint8 attentions[OFL_PRACTICE_MAX_ATTENTIONS][2];
  guint n_attentions;
  guint8 sense[3]; /* of the last command, until it is fetched */
  gint64 burn_stop_us;  /* when a burn will fail; OFL_PRACTICE_NEVER */
  gboolean burn_failed; /* the last burn since power came did */

  void (*log) (const char *line, gpointer data);
  gpointer log_data;
} OflPracticeCommon;

/**
 * OflPracticeDriveClass:
 * @assumptions: where the model guesses, in sentences; "" when it does not
 * @setup: a drive just made, with what all of them have: gives it its chip and what else tells it
 *   from others
 * @fill: a cell of its chip is needed for the first time: puts what the factory writes there; the
 *   image with which it leaves the factory, unless the model has another way
 * @boot: power came: start with what the flash holds
 * @reset: the bus was reset: forget what was being received; a burn goes on
 * @tick: the chip has been brought up to now: see whether a burn has ended
 * @not_ready: the qualifier of NOT READY 02/04/xx while the drive is busy with itself; else 0
 * @progress: the INFORMATION field of that NOT READY's sense; %NULL when it has none
 * @command: answer a command; FALSE leaves it to the commands every optical drive has
 * @write_buffer: with ofl_practice_buffer_command(): answers WRITE BUFFER
 * @read_buffer: with ofl_practice_buffer_command(): answers READ BUFFER
 * @can_write: whether a vendor's command can change what the drive keeps, or feeds an update;
 *   %NULL when the drive has none of its own
 * @holds: whether the flash holds what a complete burn of an image leaves
 */
struct _OflPracticeDriveClass {
  GObjectClass parent_class;

  const char *assumptions;
  void (*setup) (OflPracticeDrive *self);
  void (*fill) (OflPracticeDrive *self);
  void (*boot) (OflPracticeDrive *self, gint64 now_us);
  void (*reset) (OflPracticeDrive *self, gint64 now_us);
  void (*tick) (OflPracticeDrive *self, gint64 now_us);
  guint8 (*not_ready) (OflPracticeDrive *self);
  guint32 (*progress) (OflPracticeDrive *self);
  gboolean (*command) (OflPracticeDrive *self, gint64 now_us, const OflPracticeRequest *request,
                       OflPracticeAnswer *answer);
  void (*write_buffer) (OflPracticeDrive *self, gint64 now_us, const OflPracticeRequest *request,
                        OflPracticeAnswer *answer);
  void (*read_buffer) (OflPracticeDrive *self, const OflPracticeRequest *request,
                       OflPracticeAnswer *answer);
  gboolean (*can_write) (const OflPracticeRequest *request);
  gboolean (*holds) (OflPracticeDrive *self, const guint8 *image, gsize size);
};

/* ofl-practice-execute.c */
void ofl_practice_refuse (OflPracticeAnswer *answer, guint8 key, guint8 asc, guint8 ascq);
void ofl_practice_put_sense (const OflPracticeAnswer *answer, guint8 data[OFL_PRACTICE_SENSE_SIZE]);
void ofl_practice_send (const OflPracticeRequest *request, OflPracticeAnswer *answer,
                        const guint8 *data, gsize length, gsize allocation);

/* ofl-practice-drive.c */
OflPracticeCommon *ofl_practice_common (OflPracticeDrive *self);
OflPracticeDrive *ofl_practice_make (const OflPracticeEntry *entry, guint32 seed);
void ofl_practice_settle (OflPracticeDrive *self, gint64 now_us);
void ofl_practice_work (OflPracticeDrive *self, gint64 now_us);
void ofl_practice_add_attention (OflPracticeDrive *self, guint8 asc, guint8 ascq);
gboolean ofl_practice_take_attention (OflPracticeDrive *self, OflPracticeAnswer *answer);
void ofl_practice_take_sense (OflPracticeDrive *self, guint8 sense[3]);
void ofl_practice_note (OflPracticeDrive *self, gint64 now_us, const char *what);
gint64 ofl_practice_burn (OflPracticeDrive *self, gint64 now_us);

/* ofl-practice-mmc.c */
void ofl_practice_mmc_command (OflPracticeDrive *self, const OflPracticeRequest *request,
                               OflPracticeAnswer *answer);

/* ofl-practice-kinds.c */
const OflPracticeReplies *ofl_practice_replies (OflPracticeDrive *self);
gboolean ofl_practice_has_dvd (OflPracticeDrive *self);
gboolean ofl_practice_has_dvd_in (OflPracticeDrive *self);
gboolean ofl_practice_has_profile (OflPracticeDrive *self, guint16 profile);
guint16 ofl_practice_current_profile (OflPracticeDrive *self);

/* ofl-practice-cd.c */
gboolean ofl_practice_is_blank (OflPracticeDrive *self);
void ofl_practice_read_toc (OflPracticeDrive *self, const OflPracticeRequest *request,
                            OflPracticeAnswer *answer);
void ofl_practice_read_disc_info (OflPracticeDrive *self, const OflPracticeRequest *request,
                                  OflPracticeAnswer *answer);
void ofl_practice_read_track_info (OflPracticeDrive *self, const OflPracticeRequest *request,
                                   OflPracticeAnswer *answer);
gint64 ofl_practice_passing_us (OflPracticeDrive *self, guint32 first, gsize bytes);
void ofl_practice_seek (OflPracticeDrive *self, const OflPracticeRequest *request,
                        OflPracticeAnswer *answer);
void ofl_practice_read_blocks (OflPracticeDrive *self, const OflPracticeRequest *request,
                               OflPracticeAnswer *answer);

/* ofl-practice-disc.c */
void ofl_practice_report_key (OflPracticeDrive *self, const OflPracticeRequest *request,
                              OflPracticeAnswer *answer);
void ofl_practice_read_disc_structure (OflPracticeDrive *self, const OflPracticeRequest *request,
                                       OflPracticeAnswer *answer);

/* ofl-practice-identify.c */
void ofl_practice_inquiry (OflPracticeDrive *self, const OflPracticeRequest *request,
                           OflPracticeAnswer *answer);
void ofl_practice_get_configuration (OflPracticeDrive *self, const OflPracticeRequest *request,
                                     OflPracticeAnswer *answer);
void ofl_practice_mode_sense (OflPracticeDrive *self, const OflPracticeRequest *request,
                              OflPracticeAnswer *answer);

G_END_DECLS
