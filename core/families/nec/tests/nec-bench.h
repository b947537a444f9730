/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: the images and the simulated drive of nec 11, made by the tests' own
 * code. */
#pragma once

#include "families/ofl-families.h"
#include "kit/fake-transport.h"

G_BEGIN_DECLS

#define BENCH_MEMORY 0x260000

/* One of the eleven variants of nec 11, as that section has it. */
typedef struct {
  const char *type; /* of flash */
  const char *id;
  guint32 payload;
  gboolean sum;
  const char *bootcode; /* at the end of the file */
  guint32 size;
  const char *image_sha; /* its first 16 digits */
  guint flash_commands;
  const char *checks[2]; /* the checksum commands */
  const char *trace_sha;
  guint32 base;    /* where the payload belongs */
  guint32 address; /* where the drive has its ID */
  guint32 rid_area;
  guint32 dump_id_at;
  const char *safe_revision;
} Variant;

extern const Variant bench_variants[11];
const Variant *bench_find (const char *id);

/* P2 of nec 11 */
guint8 *bench_noise (gsize length);
guint16 bench_sum (const guint8 *data, gsize length);
guint8 *bench_image (const Variant *variant);

/**
 * Bench:
 *
 * A drive: what it holds, how it behaves, and every command that it got.
 */
typedef struct {
  guint8 *memory; /* by address, both banks */
  guint8 *staged; /* what was sent and not yet written */
  const char *vendor;
  const char *product;
  const char *revision;
  const char *safe_revision;
  const char *safe_id; /* what safe mode must be asked with */
  guint32 dump_id_at;  /* reads need safe mode and the byte there; 0: they do not */
  guint32 payload_at;  /* addresses that such reads are of */
  gboolean safe;
  gboolean disc;
  gboolean deaf_rid; /* does not let the area be read */
  guint32 rid_area;
  guint busy; /* how often it is not ready after it left safe mode */
  guint busy_left;
  int fail_at; /* number of the command that fails, -1 none */
  guint count;
  GPtrArray *trace; /* lines, as nec 11 writes them */
} Bench;

Bench *bench_new (const Variant *variant);
void bench_free (Bench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)
void bench_load (Bench *self, const Variant *variant, const guint8 *image);
void bench_clear_trace (Bench *self);
FakeTransport *bench_transport (Bench *self);
void bench_identity (const Bench *self, OflIdentity *identity);
OflSnapshot *bench_probe (Bench *self, const char *wanted_family);

const OflFamily *nec_family (void);

G_END_DECLS
