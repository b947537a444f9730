/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the families share among themselves. */
#pragma once

#include <glib/gi18n-lib.h>

#include "family/ofl-family.h"
#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

/**
 * OflFamily:
 * @id: short name, also of its room and table
 * @probe: with read-only commands, whether this drive is of the family. Returns %FALSE when it
 *   is not; fills @snapshot when it is
 * @probe_stranger: (nullable): likewise, of a drive whose maker the family does not know and that no
 *   family recognised: as few commands as can be, of which a refusal is no news
 * @parse: recognise an image; appends to @images
 * @containers: (nullable) (array zero-terminated=1): the file formats of its makers' updaters
 * @image_revision: (nullable): (transfer full) (nullable): the revision that @drive will have with
 *   @image, where the image does not state it but both together tell it
 * @combine: (nullable): looks at all images of a firmware file, or of two that belong together,
 *   and puts in front those that only several of them together form (a kernel part and a normal
 *   part); the bytes of what it adds are recognised by @parse again
 * @assume: (nullable): a family whose drives say nothing of their files: an image of it for any
 *   file, when the user forces the family; @known is what @made_for, which cannot write it,
 *   recognised there, both %NULL when nobody did
 * @judge: how @drive and @image match; @image may be %NULL: judge the drive alone
 * @plan_read: steps that read the whole firmware into capture 0 and per-unit parts into further
 *   captures; with %OFL_CAP_READ_EEPROM alone every capture is a per-unit part
 * @plan_unit: (nullable): the per-unit parts of plan_read alone; %NULL where plan_read reads nothing
 *   else, or they cannot be read apart
 * @scan_ways: (nullable): the ways in which drives of it count a disc's errors, in the order in which
 *   they are tried; ends with %NULL
 * @plan_write: (nullable): steps that write and, where it can be done, read back and compare; %NULL
 *   where how to write is not public
 * @compare_read: compare a dump (a capture of plan_read) with what the drive would have to hold,
 *   had @image been written, and name what of @image is left out; nothing is compared when @dump is
 *   not of the part of the drive that @image is for. %NULL where a family cannot read
 * @confirm: (nullable): the verdict on a write; %NULL together with @plan_write
 *
 * What a family is made of. Only ofl-family.c calls @plan_read, @plan_unit, @plan_write,
 * @compare_read and @confirm, and @plan_write only behind its gate.
 */
struct _OflFamily {
  const char *id;
  gboolean (*probe) (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot);
  gboolean (*probe_stranger) (const OflFamily *self, OflTransport *transport,
                              OflSnapshot *snapshot);
  void (*parse) (const OflFamily *self, GBytes *bytes, GPtrArray *images);
  const OflVendorFormat *containers;
  char *(*image_revision) (const OflSnapshot *drive, const OflImage *image);
  void (*combine) (const OflFamily *self, GPtrArray *images);
  OflImage *(*assume) (const OflFamily *self, GBytes *bytes, const OflImage *known,
                       const OflFamily *made_for);
  void (*judge) (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                 const OflChoices *choices, OflJudgement *judgement);
  OflPlan *(*plan_read) (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                         GError **error);
  OflPlan *(*plan_unit) (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                         GError **error);
  const OflScanWay *const *(*scan_ways) (void);
  OflPlan *(*plan_write) (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                          const OflChoices *choices, GError **error);
  void (*compare_read) (const OflFamily *self, const OflImage *image, GBytes *dump,
                        const OflChoices *choices, OflComparison *comparison);
  OflVerdict (*confirm) (const OflFamily *self, const OflProof *proof);
};

/* The snapshot's fact that names the family a user forces; there only when one is forced. */
#define OFL_FACT_FORCED "forced family"

/* The snapshot's fact that names the bus of a drive that is not a practice drive. */
#define OFL_FACT_BUS "bus"

/**
 * OflModel:
 * @group: its group in the table, for further keys
 * @vendor: as INQUIRY has it, trailing blanks cut
 * @product: likewise; blanks in a row count as one when compared
 *
 * A model of a family's table.
 */
typedef struct {
  char *group;
  char *vendor;
  char *product;
} OflModel;

/**
 * OflClaim:
 * @OFL_CLAIM_MUST: the drive must hold what was sent
 * @OFL_CLAIM_NOTE: no source says whether it does
 * @OFL_CLAIM_LEFT_OUT: cannot be compared
 */
typedef enum {
  OFL_CLAIM_MUST,
  OFL_CLAIM_NOTE,
  OFL_CLAIM_LEFT_OUT,
} OflClaim;

/**
 * OflStretch:
 * @start: its first byte
 * @end: the one after its last
 * @claim: what may be expected there after a write
 * @why: why it is left out, else %NULL
 *
 * A stretch of the flash, and who owns it.
 */
typedef struct {
  guint32 start;
  guint32 end;
  OflClaim claim;
  const char *why;
} OflStretch;

#define OFL_MAX_TRANSFER 0x10000 /* what every transport carries in one command */

/* The table */
GKeyFile *ofl_family_load_table (const char *id);
guint32 ofl_family_number (const OflFamily *self, const char *group, const char *key);
gboolean ofl_family_lists (const OflFamily *self, const char *group, const char *key,
                           const char *text);
GPtrArray *ofl_family_list_models (const OflFamily *self);
char *ofl_family_model_of (const OflFamily *self, const char *vendor, const char *product);
gboolean ofl_family_writes_model (const OflFamily *self, const char *group);
const char *ofl_family_doubt (const OflFamily *self, const char *group);
char *ofl_family_word (const OflFamily *self, const char *group, const char *key);
gboolean ofl_family_check_choices (const OflFamily *self, const OflChoices *choices,
                                   GError **error);
gboolean ofl_family_chose (const OflFamily *self, const OflChoices *choices, const char *name,
                           const char *value);

/* Probing */
gboolean ofl_family_forced (const OflFamily *self, const OflSnapshot *snapshot);
gboolean ofl_family_may_ask (const OflFamily *self, const OflSnapshot *snapshot);
char *ofl_family_probe_model (const OflFamily *self, const OflSnapshot *snapshot);
gboolean ofl_family_read (OflTransport *transport, OflSnapshot *snapshot, OflCommand command,
                          const char *what, guint8 *data, guint32 at_least);
gboolean ofl_family_has_feature (OflTransport *transport, OflSnapshot *snapshot, guint16 feature);

/* Text in bytes */
gboolean ofl_family_check_size (OflImage *image, gsize wanted);
char *ofl_family_text (const guint8 *data, gsize length);
char *ofl_family_runs (const guint8 *data, gsize length, gsize shortest);
gboolean ofl_family_names (const char *text, const char *words);

/* Images that hold what their drive says of itself */
void ofl_family_set_field (OflImage *image, const char *name, const guint8 *field, gsize length);
OflImage *ofl_family_new_named_image (const OflFamily *self, GBytes *bytes, gsize at);
void ofl_family_judge_named_image (const OflSnapshot *drive, const OflImage *image, gsize at,
                                   OflJudgement *judgement);

/* What a judgement is about: which drive, which image, with which choices */
OflJudgement *ofl_judgement_new_about (const OflSnapshot *drive, const OflImage *image,
                                       const OflChoices *choices);
const OflSnapshot *ofl_judgement_get_drive (const OflJudgement *self);
const OflImage *ofl_judgement_get_image (const OflJudgement *self);
const OflChoices *ofl_judgement_get_choices (const OflJudgement *self);

/* What the checks of an image whose family has nothing to add come to */
#define OFL_NO_CHECK_FAILS N_ ("No check of the file fails.")

/* Judging */
void ofl_family_judge_drive (const OflFamily *self, const OflSnapshot *drive,
                             OflJudgement *judgement);
gboolean ofl_family_judge_checks (const OflImage *image, const char *sound,
                                  OflJudgement *judgement);
void ofl_family_judge_doubts (const OflImage *image, OflImageCheckResult result, const char *apart,
                              OflJudgement *judgement);
void ofl_family_judge_revision (const OflSnapshot *drive, const char *brings,
                                OflJudgement *judgement);
void ofl_family_judge_named (const OflSnapshot *drive, const char *check, OflJudgement *judgement);
void ofl_family_judge_boot (const OflSnapshot *drive, OflJudgement *judgement);
void ofl_family_judge_one_way (OflJudgement *judgement);
OflVerdict ofl_family_confirm_identity (const OflFamily *self, const OflProof *proof);
OflVerdict ofl_family_confirm_read_back (const OflFamily *self, const OflProof *proof);

/* Planning */
gboolean ofl_family_matches_cdb (const char *pattern, const OflCommand *command, gboolean whole);
guint ofl_family_time_of (const OflFamily *self, const char *key, gsize length);
gboolean ofl_family_check_piece (guint32 size, GError **error);
OflStep *ofl_family_add_pending (OflPlan *plan, OflStage stage, guint usual_ms);
void ofl_family_add_disc_gate (OflPlan *plan, guint usual_ms, const char *source);
OflStep *ofl_family_add_wait (OflPlan *plan, OflStage stage, guint timeout_ms, guint every_ms,
                              guint limit_ms, const char *source);
OflStep *ofl_family_add_check (OflPlan *plan, OflStage stage, const char *label, OflCheckFunc check,
                               gconstpointer arg, const char *source);
void ofl_family_gate (OflPlan *plan, OflStep *step, const char *name, GBytes *bytes,
                      const char *source);
void ofl_family_compare_with (OflStep *step, gboolean must, int buffer, guint32 offset,
                              const char *source);
void ofl_family_compare_parts (const OflStretch *parts, guint n_parts, const OflImage *image,
                               GBytes *dump, OflComparison *comparison);
gboolean ofl_family_have_size (const OflImage *image, GBytes *dump, gsize size);

G_END_DECLS
