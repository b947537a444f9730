/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer's BD writers: what the parts of their way share. pioneer 2.7, 2.8, 3.6, 3.7. */
#pragma once

#include "families/pioneer/ofl-pioneer.h"
#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

#define OFL_PIONEER_BD_SAT "SAT "

/* Memory (pioneer 2.7) */
#define OFL_PIONEER_BD_KERNEL_AT 0x400000u
#define OFL_PIONEER_BD_KERNEL_LEN 0x10000u
#define OFL_PIONEER_BD_NORMAL_AT 0x410000u
#define OFL_PIONEER_BD_DESCRIPTOR_LEN 0x10
#define OFL_PIONEER_BD_BLOB_DESCRIPTOR "descriptor"
#define OFL_PIONEER_BD_FACT_LENGTH "firmware length"

/* Short reads are put again so often. */
#define OFL_PIONEER_BD_REPEATS 2

/**
 * OflPioneerSigned:
 * @OFL_PIONEER_SIGNED_NOT: the signature does not fit
 * @OFL_PIONEER_SIGNED_KEY: it fits all that stands behind the header
 * @OFL_PIONEER_SIGNED_WORDS: it fits what stands behind the first 10200h bytes
 */
typedef enum {
  OFL_PIONEER_SIGNED_NOT,
  OFL_PIONEER_SIGNED_KEY,
  OFL_PIONEER_SIGNED_WORDS,
} OflPioneerSigned;

/* The signature */
gboolean ofl_pioneer_bd_verify (const guint8 *signature, const guint8 digest[20]);
OflPioneerSigned ofl_pioneer_bd_signed (const guint8 *file, gsize length);

/* Files */
gboolean ofl_pioneer_bd_is_file (const guint8 *data, gsize length);
gboolean ofl_pioneer_bd_is_dump (const guint8 *data, gsize length);
gboolean ofl_pioneer_bd_is_image (const OflImage *image);
GBytes *ofl_pioneer_bd_unscramble (const guint8 *data, gsize length);
GBytes *ofl_pioneer_bd_plain (const OflImage *image);
guint32 ofl_pioneer_bd_sum (const guint8 *data, gsize length);
char *ofl_pioneer_bd_mark (const guint8 *version, const guint8 *kernel_tag);
void ofl_pioneer_bd_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);

/* Drive */
gboolean ofl_pioneer_bd_has_sat (const OflSnapshot *drive);
gboolean ofl_pioneer_bd_length_is_possible (const OflFamily *self, guint32 length);
OflCommand ofl_pioneer_bd_knock (void);
OflCommand ofl_pioneer_bd_read_memory (guint32 at, guint32 length);
gboolean ofl_pioneer_bd_probe_memory (const OflFamily *self, OflTransport *transport,
                                      OflSnapshot *snapshot);
void ofl_pioneer_bd_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                           const OflChoices *choices, OflJudgement *judgement);
OflPlan *ofl_pioneer_bd_plan_read (const OflFamily *self, const OflSnapshot *drive, GError **error);
OflPlan *ofl_pioneer_bd_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                    const OflImage *image, GError **error);
void ofl_pioneer_bd_compare (const OflImage *image, GBytes *dump, OflComparison *comparison);

G_END_DECLS
