/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-snapshot.h"
#include "family/ofl-error-scan.h"
#include "family/ofl-judgement.h"
#include "firmware/ofl-firmware.h"
#include "plan/ofl-plan.h"
#include "plan/ofl-verdict.h"

G_BEGIN_DECLS

/* Named choices of a family ("dialect" = "oem"), string to string. A missing name means the
 * default in the family's table. */
typedef struct _OflChoices OflChoices;
OflChoices *ofl_choices_new (void);
OflChoices *ofl_choices_copy (const OflChoices *self);
OflChoices *ofl_choices_ref (OflChoices *self);
void ofl_choices_unref (OflChoices *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflChoices, ofl_choices_unref)
void ofl_choices_set (OflChoices *self, const char *name, const char *value);
const char *ofl_choices_get (const OflChoices *self, const char *name);
GPtrArray *ofl_choices_list_names (const OflChoices *self);

/**
 * OflProof:
 * @before: the drive before the write
 * @after: the drive after it; %NULL when it is gone
 * @image: what was sent
 * @compared: bytes read back and compared; 0 when the family cannot
 * @different: of those that the drive must hold, bytes that differed from the image
 * @equals_backup: what was read back equals the backup, where it should equal the image
 * @unsettled: bytes that differed where no source says whether the drive keeps what is sent
 *
 * What is known once every step has run; a family's confirm() turns it into a verdict.
 */
typedef struct {
  const OflSnapshot *before;
  const OflSnapshot *after;
  const OflImage *image;
  guint64 compared;
  guint64 different;
  gboolean equals_backup;
  guint64 unsettled;
} OflProof;

/* A fact of a snapshot: the user's own file that stands in for a table that is compiled in. */
#define OFL_FACT_OWN_TABLE "own table"

/**
 * OflFamily:
 *
 * One family of drives: pure functions of what is known. A family plans, it does not flash. What it
 * is made of is known to core/family/ alone: everybody else goes through the functions below, and
 * none of these makes a plan that nothing may override.
 */
typedef struct _OflFamily OflFamily;

const char *ofl_family_id (const OflFamily *self);
gboolean ofl_family_can_read (const OflFamily *self);
gboolean ofl_family_can_write (const OflFamily *self);
gboolean ofl_family_can_compare (const OflFamily *self);
void ofl_family_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
OflPlan *ofl_family_plan_read (const OflFamily *self, const OflSnapshot *drive,
                               const OflChoices *choices, GError **error);
OflPlan *ofl_family_plan_unit (const OflFamily *self, const OflSnapshot *drive,
                               const OflChoices *choices, GError **error);
gboolean ofl_family_only_asks (const OflFamily *self, const OflCommand *command);
char *ofl_family_describe_command (const OflFamily *self, const OflCommand *command);
gboolean ofl_family_counts_errors (const OflFamily *self, const OflSnapshot *drive,
                                   const char *disc);
const OflScanWay *ofl_family_scan_way (const OflFamily *self, const char *disc, guint n);
OflPlan *ofl_family_plan_write (const OflFamily *self, const OflJudgement *judgement,
                                GError **error);
void ofl_family_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                              const OflChoices *choices, OflComparison *comparison);
OflVerdict ofl_family_confirm (const OflFamily *self, const OflProof *proof);

/* The family's table, core/families/ID/ID.ini: compiled in, overridable from the user's data folder. */
GKeyFile *ofl_family_table (const OflFamily *self);
const char *ofl_family_name (const OflFamily *self);
const char *ofl_family_evidence (const OflFamily *self);
const char *ofl_family_own_table (const OflFamily *self);
const char *ofl_family_ability (const OflFamily *self, const char *what, char **reason);
char *ofl_family_recovery (const OflFamily *self, const char *what);
char *ofl_family_warning (const OflFamily *self, const char *what);
GPtrArray *ofl_family_list_model_names (const OflFamily *self);
gboolean ofl_family_keeps_backups (const OflFamily *self);
const char *ofl_family_choice (const OflFamily *self, const OflChoices *choices, const char *name);

/* Images whose hash somebody has published, core/family/known-images.ini */
char *ofl_known_image_find (const OflHashes *hashes);

G_END_DECLS
