/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer: DVR-103 to DVR-110, K12 to K15, K04, K05. What the parts of this family share; what its BD
 * writers have of their own is in ofl-pioneer-bd.h. pioneer 2, 3. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

extern const OflFamily ofl_family_pioneer;

#define OFL_PIONEER_CHUNK 0x8000
#define OFL_PIONEER_CONTROL_LEN 0x100
#define OFL_PIONEER_CHALLENGE_LEN 0x400
#define OFL_PIONEER_FALLBACK_KEY 0x9a782361u

/* The answer to the identity question, 3C 02 F1 */
#define OFL_PIONEER_IDENTITY_LEN 0x30
#define OFL_PIONEER_IDENTITY_LEAST 0x2c
#define OFL_PIONEER_BLOB_IDENTITY "identity"

/* Times of one command that moves a chunk, or little; the waits between them are steps of their
 * own. */
#define OFL_PIONEER_CHUNK_MS 20
#define OFL_PIONEER_COMMAND_MS 20

/**
 * OflPioneerClass:
 * @OFL_PIONEER_DVR: a DVR of a generation in the table: its control data is known
 * @OFL_PIONEER_BD: a BDR
 * @OFL_PIONEER_OTHER: any other one
 */
typedef enum {
  OFL_PIONEER_DVR,
  OFL_PIONEER_BD,
  OFL_PIONEER_OTHER,
} OflPioneerClass;

/**
 * OflPioneerHardware:
 * @interface: "ATA ", as it is
 * @generation: the number of the drive's generation, 0 when there is none
 * @kernel_type: 8 characters, as they are
 * @group: (nullable): the generation's group in the table
 *
 * What ties firmware and drive together.
 */
typedef struct {
  char interface[5];
  guint generation;
  char kernel_type[9];
  char *group;
} OflPioneerHardware;

void ofl_pioneer_hardware_clear (OflPioneerHardware *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflPioneerHardware, ofl_pioneer_hardware_clear)

/**
 * OflPioneerParts:
 * @kernel: (nullable): the kernel part, from its header on
 * @kernel_length: its length, bytes
 * @normal: (nullable): the normal part
 * @normal_length: its length, bytes
 * @normal_at: where the normal part begins
 *
 * What a file consists of: one of the two, or the kernel with the normal part behind it.
 */
typedef struct {
  const guint8 *kernel;
  gsize kernel_length;
  const guint8 *normal;
  gsize normal_length;
  guint32 normal_at;
} OflPioneerParts;

/* Drive and file */
void ofl_pioneer_read_hardware (const OflFamily *self, const guint8 *version,
                                const guint8 *kernel_type, OflPioneerHardware *hardware);
gboolean ofl_pioneer_drive_hardware (const OflFamily *self, const OflSnapshot *drive,
                                     OflPioneerHardware *hardware);
void ofl_pioneer_image_hardware (const OflFamily *self, const OflImage *image,
                                 OflPioneerHardware *hardware);
char *ofl_pioneer_mark (const OflPioneerHardware *hardware);
OflPioneerClass ofl_pioneer_class (const OflFamily *self, const OflSnapshot *drive);
OflCommand ofl_pioneer_identify (void);

/* Image */
gboolean ofl_pioneer_split (const OflFamily *self, const guint8 *data, gsize length,
                            OflPioneerParts *parts);
const guint8 *ofl_pioneer_description (const OflImage *image);
void ofl_pioneer_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
void ofl_pioneer_combine (const OflFamily *self, GPtrArray *images);
gboolean ofl_pioneer_check_sum (const guint8 *part, gsize length, gboolean kernel, guint32 *stored,
                                guint32 *computed);
guint8 *ofl_pioneer_unscramble (const guint8 *part, gsize length, gboolean kernel);

/* What opens a drive */
gboolean ofl_pioneer_answer (const guint8 challenge[4], guint8 *answer);
gboolean ofl_pioneer_key (const OflFamily *self, const OflPioneerHardware *hardware, guint32 *key);
GBytes *ofl_pioneer_control (const OflFamily *self, const OflPioneerHardware *hardware,
                             guint32 key);

void ofl_pioneer_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                        const OflChoices *choices, OflJudgement *judgement);
OflPlan *ofl_pioneer_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                 const OflImage *image, const OflChoices *choices, GError **error);

G_END_DECLS
