/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-identity.h"
#include "scsi/ofl-sentence.h"

G_BEGIN_DECLS

/**
 * OflCaps:
 * @OFL_CAP_READ: the firmware can be read
 * @OFL_CAP_READ_EEPROM: the EEPROM, or what stands for it, can be read
 * @OFL_CAP_WRITE: firmware can be written
 * @OFL_CAP_VERIFY: what was written can be read back and compared
 * @OFL_CAP_RECOVER: the family's boot mode takes a firmware
 * @OFL_CAP_EXPERIMENTAL: reading is experimental, off until switched on
 * @OFL_CAP_EXPERT: writing is for experts: nothing in the file names the drive
 */
typedef enum {
  OFL_CAP_NONE = 0,
  OFL_CAP_READ = 1 << 0,
  OFL_CAP_READ_EEPROM = 1 << 1,
  OFL_CAP_WRITE = 1 << 2,
  OFL_CAP_VERIFY = 1 << 3,
  OFL_CAP_RECOVER = 1 << 4,
  OFL_CAP_EXPERIMENTAL = 1 << 5,
  OFL_CAP_EXPERT = 1 << 6,
} OflCaps;

/**
 * OflSnapshot:
 *
 * All that is known of a drive at one moment: its identity and what a family found out with
 * read-only commands. Immutable once handed out; pass it between threads freely.
 */
typedef struct _OflSnapshot OflSnapshot;

OflSnapshot *ofl_snapshot_new (const OflIdentity *identity);
OflSnapshot *ofl_snapshot_ref (OflSnapshot *self);
void ofl_snapshot_unref (OflSnapshot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflSnapshot, ofl_snapshot_unref)

const OflIdentity *ofl_snapshot_identity (const OflSnapshot *self);

/* For families, while they probe. Strings are copied. */
void ofl_snapshot_set_family (OflSnapshot *self, const char *family_id, OflCaps caps);
void ofl_snapshot_set_state (OflSnapshot *self, OflDriveState state);
void ofl_snapshot_set_mark (OflSnapshot *self, const char *hardware_mark);
void ofl_snapshot_set_image_size (OflSnapshot *self, guint32 bytes);
void ofl_snapshot_set_reason (OflSnapshot *self, OflSentence why_not_flashable);
void ofl_snapshot_set_blob (OflSnapshot *self, const char *name, const guint8 *data, gsize length);
void ofl_snapshot_set_fact (OflSnapshot *self, const char *name, const char *value);
void ofl_snapshot_say_fact (OflSnapshot *self, const char *name, OflSentence value);
void ofl_snapshot_set_refused (OflSnapshot *self, OflSentence question_and_answer);
void ofl_snapshot_set_failed (OflSnapshot *self, OflSentence question_and_answer);

const char *ofl_snapshot_get_family (const OflSnapshot *self);
OflCaps ofl_snapshot_get_caps (const OflSnapshot *self);
OflDriveState ofl_snapshot_get_state (const OflSnapshot *self);
const char *ofl_snapshot_get_mark (const OflSnapshot *self);
guint32 ofl_snapshot_get_image_size (const OflSnapshot *self);
const char *ofl_snapshot_get_reason (const OflSnapshot *self);
const char *ofl_snapshot_get_refused (const OflSnapshot *self);
const char *ofl_snapshot_get_failed (const OflSnapshot *self);
GBytes *ofl_snapshot_get_blob (const OflSnapshot *self, const char *name);
GPtrArray *ofl_snapshot_list_blobs (const OflSnapshot *self);
const char *ofl_snapshot_get_fact (const OflSnapshot *self, const char *name);
const char *ofl_snapshot_show_fact (const OflSnapshot *self, const char *name);
GPtrArray *ofl_snapshot_list_facts (const OflSnapshot *self);

G_END_DECLS
