/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the families share among themselves. */
#pragma once

#include "family/ofl-family.h"
#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

extern const OflFamily ofl_family_liteon;
extern const OflFamily ofl_family_mt1959;
extern const OflFamily ofl_family_pioneer;
extern const OflFamily ofl_family_renesas;
extern const OflFamily ofl_family_nec;
extern const OflFamily ofl_family_standard;
extern const OflFamily ofl_family_plextor;
extern const OflFamily ofl_family_tsst;
extern const OflFamily ofl_family_se506;
extern const OflFamily ofl_family_btc;

/* The snapshot's fact that names the family a user forces; there only when one is forced. */
#define OFL_FACT_FORCED "forced family"

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

/* The table */
GKeyFile *ofl_family_load_table (const char *id);
guint32 ofl_family_number (const OflFamily *self, const char *group, const char *key);
gboolean ofl_family_lists (const OflFamily *self, const char *group, const char *key,
                           const char *text);
GPtrArray *ofl_family_list_models (const OflFamily *self);
gboolean ofl_family_check_choices (const OflFamily *self, const OflChoices *choices,
                                   GError **error);
gboolean ofl_family_chose (const OflFamily *self, const OflChoices *choices, const char *name,
                           const char *value);

/* Probing */
gboolean ofl_family_forced (const OflFamily *self, const OflSnapshot *snapshot);
gboolean ofl_family_read (OflTransport *transport, OflCommand command, guint8 *data,
                          guint32 at_least);
gboolean ofl_family_has_feature (OflTransport *transport, guint16 feature);

/* Text in bytes */
char *ofl_family_text (const guint8 *data, gsize length);
char *ofl_family_runs (const guint8 *data, gsize length, gsize shortest);
gboolean ofl_family_names (const char *text, const char *words);

/* Judging and planning */
void ofl_family_judge_drive (const OflFamily *self, const OflSnapshot *drive,
                             OflJudgement *judgement);
gboolean ofl_family_may_plan (const OflFamily *self, const OflSnapshot *drive,
                              const OflImage *image, const OflChoices *choices, GError **error);

/* Families with a plain image */
char *ofl_family_model_of (const OflFamily *self, const char *vendor, const char *product);
char *ofl_family_word (const OflFamily *self, const char *group, const char *key);
gboolean ofl_family_judge_checks (const OflImage *image, OflJudgement *judgement);
void ofl_family_judge_revision (const OflSnapshot *drive, const OflImage *image,
                                OflJudgement *judgement);
OflVerdict ofl_family_confirm_identity (const OflFamily *self, const OflProof *proof);
OflVerdict ofl_family_confirm_read_back (const OflFamily *self, const OflProof *proof);

G_END_DECLS
