/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renesas components and drives made by the tests' own code, from renesas 3.1. */
#pragma once

#include "families/ofl-families.h"

G_BEGIN_DECLS

/* A memory in which a drive's components lie. */
typedef struct {
  const char *vendor;
  const char *product;
  const char *revision;
  guint8 *memory; /* from address 0 */
  guint32 length; /* reads beyond it fail */
  guint asked;    /* vendor reads so far */
  guint astray;   /* the read that is answered from address 0; 0: none */
  GString *reads; /* (nullable): "address+length ", all hex, of each of them */
} RenesasDrive;

/* component(kind, seed, n) of renesas 11: 400 zeros, G(seed, n), header, end, checksum */
guint8 *renesas_component (const char *kind, guint32 seed, guint32 n);
void renesas_seal (guint8 *file, gsize length);
/* A component into a memory: its code where it belongs, its header in memory form at @at. */
void renesas_install (RenesasDrive *drive, const guint8 *file, guint32 at, gboolean with_size);
OflSnapshot *renesas_probe (RenesasDrive *drive, const char *wanted);

/* A GSA-T21N with 500000 bytes of memory, MAIN(4D,4000) and CORE(43,2000) in it. */
void renesas_drive_init (RenesasDrive *drive);
void renesas_drive_clear (RenesasDrive *drive);

#define RENESAS_MEMORY 0x500000
#define RENESAS_MAIN_AT 0x3f0010 /* the headers */
#define RENESAS_CORE_AT 0x2ff000

const OflFamily *renesas_family (void);

G_END_DECLS
