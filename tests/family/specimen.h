/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images and drives made by the tests' own code, from annex-containers.md 0 and 9. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

/* What a specimen of the MT1959 family says of itself; both as image and as drive. */
typedef struct {
  const char *vendor;
  const char *product;
  const char *revision;
  const char *chip;
  const char *banner;
} Specimen;

#define SPECIMEN_BU40N \
  { "HL-DT-ST", "BD-RE BU40N", "1.00", "MTEKMT1959", "MT1959 Boot BU5 " }

/* G(seed, length) of annex-containers.md 0 */
guint8 *specimen_noise (guint32 seed, gsize length);
void specimen_set_entry (guint8 *image, guint index, guint32 start, guint32 last);
void specimen_seal (guint8 *image);
/* An image of 200000 bytes; its table: 11000-16FFF, 17000-1817FF, 1D0000-1DFFFF, 1F0000-1F0008 */
guint8 *specimen_image (const Specimen *specimen, guint32 seed);
OflImage *specimen_parse (const char *family, const guint8 *data, gsize length);
void specimen_identity (OflIdentity *identity, const Specimen *specimen);
OflSnapshot *specimen_drive (const Specimen *specimen, OflDriveState state, gboolean readable);
const OflReason *specimen_reason (const OflJudgement *judgement, const char *check);
char *specimen_hex (const guint8 *data, gsize length);

G_END_DECLS
