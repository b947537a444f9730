/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images and drives made by the tests' own code, from tests 5 and mt1959 3. */
#pragma once

#include "families/ofl-families.h"

G_BEGIN_DECLS

/* What a specimen of the MT1959 family says of itself; both as image and as drive. */
typedef struct {
  const char *vendor;
  const char *product;
  const char *revision;
  const char *chip;
  const char *banner;
  const char *svc;  /* the sticker's code; NULL: four blanks */
  const char *date; /* yymmddhhmm, or NULL */
  gboolean downgrade;
} Specimen;

#define SPECIMEN_BU40N \
  { \
    "HL-DT-ST", "BD-RE BU40N", "1.00", "MTEKMT1959", "MT1959 Boot BU5 " \
  }

/* G(seed, length) of tests 5 */
guint8 *specimen_noise (guint32 seed, gsize length);
void specimen_set_entry (guint8 *image, guint index, guint32 start, guint32 last);
void specimen_seal (guint8 *image);
/* An image of 200000 bytes; its table: 11000-16FFF, 17000-1817FF, 1D0000-1DFFFF, 1F0000-1F0008 */
guint8 *specimen_image (const Specimen *specimen, guint32 seed);
OflImage *specimen_parse (const char *family, const guint8 *data, gsize length);
void specimen_identity (OflIdentity *identity, const Specimen *specimen);
OflSnapshot *specimen_drive (const Specimen *specimen, OflDriveState state, gboolean readable);
const OflReason *specimen_reason (const OflJudgement *judgement, const char *check);
/* Judges as every caller does, and asks for the plan. */
OflPlan *specimen_plan_write (const OflFamily *family, const OflSnapshot *drive,
                              const OflImage *image, const OflChoices *choices, GError **error);
/* @check is judged with @level and the whole with @whole; an image that is red gets no plan. */
void specimen_assert_judged (const OflSnapshot *drive, const OflImage *image,
                             const OflChoices *choices, const char *check, OflLevel level,
                             OflLevel whole);
char *specimen_hex (const guint8 *data, gsize length);
void specimen_assert_sha256 (const guint8 *data, gsize length, const char *want);

/* Bytes that a family finds to differ of those that the drive must hold; their number in @compared. */
guint64 specimen_compare (const OflFamily *family, const OflImage *image, GBytes *dump,
                          guint64 *compared);

G_END_DECLS
