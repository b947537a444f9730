/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On, PLDS and their OEM twins with an 8051 core: what the parts of this family share.
 * liteon 1 to 3. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_LITEON_BANK 0x10000    /* code banks of the 8051 */
#define OFL_LITEON_BOOTCODE 0x4000 /* the first of an image; normal updaters leave it */
#define OFL_LITEON_FULL 0x100000   /* an image of a DVD±RW drive */

/**
 * OflLiteonId:
 * @level: which search found the block, 1 to 4; 0: none
 * @at: where its header begins
 * @vendor: trailing blanks cut, like the others
 * @product: product
 * @revision: the revision that INQUIRY shows
 * @stamp: build time as it stands there, "" when there is none
 * @internal: the revision that is spread over the code, "" when there is none
 *
 * What an image says of itself (liteon 3.4).
 */
typedef struct {
  guint level;
  guint32 at;
  char vendor[9];
  char product[17];
  char revision[5];
  char stamp[17];
  char internal[11];
} OflLiteonId;

/**
 * OflLiteonTraits:
 * @revision: internal or INQUIRY's; its first character is the family's letter
 * @data: (nullable): the image; %NULL for a drive, of which only the revision is known
 * @length: its length
 * @rebanked: the image is rebanked
 *
 * What decides about a hardware family.
 */
typedef struct {
  const char *revision;
  const guint8 *data;
  gsize length;
  gboolean rebanked;
} OflLiteonTraits;

/* ID block */
void ofl_liteon_read_id (OflLiteonId *id, const guint8 *data, gsize length);
char *ofl_liteon_date (const char *stamp);
char *ofl_liteon_revision_text (const char *standard, const char *internal);
guint ofl_liteon_count_copies (const OflLiteonId *id, const guint8 *data, gsize length,
                               gboolean with_revision);

/* Bank forms */
gboolean ofl_liteon_size_is_legal (gsize length);
gboolean ofl_liteon_is_rebanked (const guint8 *data, gsize length);
guint ofl_liteon_call_probe (const guint8 *data, gsize length);
gboolean ofl_liteon_has_tail (const guint8 *data, gsize length);
GBytes *ofl_liteon_straighten (const guint8 *data, gsize length, guint32 common);

/* Table */
char *ofl_liteon_find_model (const OflFamily *self, const char *vendor, const char *product);
gboolean ofl_liteon_model_has (const OflFamily *self, const char *model, const char *hardware);
const char *ofl_liteon_model_class (const OflFamily *self, const char *model);
char *ofl_liteon_find_hardware (const OflFamily *self, const char *model, const char *class_id,
                                const OflLiteonTraits *traits);
char *ofl_liteon_mark (const OflFamily *self, const char *hardware);
gboolean ofl_liteon_hardware_takes (const OflFamily *self, const char *hardware, gsize length);

void ofl_liteon_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
OflPlan *ofl_liteon_plan_read (const OflFamily *self, const OflSnapshot *drive,
                               const OflChoices *choices, GError **error);
OflPlan *ofl_liteon_plan_unit (const OflFamily *self, const OflSnapshot *drive,
                               const OflChoices *choices, GError **error);
const OflScanWay *const *ofl_liteon_scan_ways (void);
void ofl_liteon_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                              const OflChoices *choices, OflComparison *comparison);

/* Facts of a snapshot that planning needs */
#define OFL_LITEON_FACT_HARDWARE "hardware"
#define OFL_LITEON_FACT_MODEL "model"

G_END_DECLS
