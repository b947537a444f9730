/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host for the practice NEC and Optiarc drives: the commands of nec 2.3 to 2.12, as text. */
#pragma once

#include "kit/wire.h"

G_BEGIN_DECLS

/* As nec 2.3 to 2.12 orders them */
typedef enum {
  NEC_640K,
  NEC_768K,
  NEC_1M,
  NEC_K2,
  NEC_2M,
  NEC_OPTI,
  NEC_OPTI2,
  NEC_OPTI3,
  NEC_OPTI4,
  NEC_OPTI_BD,
} NecFlash;

/* A drive of the catalogue, and what nec 11 says of its type */
typedef struct {
  const char *drive;
  NecFlash flash;
  const char *id4;   /* in SAFE and in images */
  const char *shown; /* where the type is looked for */
  const char *safe;  /* revision in safe mode */
  const char *vendor, *product;
  guint32 id_at, rid_at;
  guint32 base, end;  /* of the firmware that is read, bank 0 */
  guint32 source;     /* of it in an image */
  guint n_commands;   /* from SAFE on to SAFE off */
  gsize image_size;   /* with the boot code's version */
  gboolean guarded;   /* read with RD only */
  const char *vector; /* the type that the trace in nec 11 is of */
  const char *trace;  /* its SHA-256 */
  const char *image;  /* first half of SHA-256 of the image behind it */
} NecFacts;

extern const NecFacts nec_facts[];
extern const guint n_nec_facts;

/* A burn: commands in hex and their data */
typedef struct {
  char *cdb; /* 24 digits */
  const guint8 *data;
  gsize length;
} NecLine;

typedef struct {
  GArray *lines;      /* of NecLine */
  GPtrArray *buffers; /* data that is not part of the image */
  GBytes *image;
  NecFlash flash;
  guint32 id4;
} NecBurn;

NecBurn *nec_burn_new (NecFlash flash, const char *id4, GBytes *image);
void nec_burn_free (NecBurn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NecBurn, nec_burn_free)

const NecLine *nec_burn_line (const NecBurn *self, guint index);
guint nec_burn_find (const NecBurn *self, const char *start, guint from);
guint32 nec_burn_send (const NecBurn *self, Wire *wire, guint index);
guint32 nec_burn_run (const NecBurn *self, Wire *wire, guint first, guint end);
char *nec_burn_trace (const NecBurn *self);

guint nec_sum (const guint8 *data, gsize length);
guint nec_word (const guint8 *data);

G_END_DECLS
