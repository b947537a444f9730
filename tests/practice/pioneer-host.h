/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of a Pioneer update, as annex-sequences.md 1 and 2 give it. */
#pragma once

#include "text-wire.h"

G_BEGIN_DECLS

#define CHUNK 0x8000u
#define CONTROL 0x100u

/* A drive as the tables describe it (tables/pioneer.csv; the BD writer by annex-sequences.md 2) */
typedef struct
{
  const char *id;
  const char *product;
  const char *hardware;
  const char *kernel_revision;
  const char *descriptor;
  guint32 key;
  gboolean arms;
  gsize kernel_size, normal_size;
} Case;

#define PIONEER_N_CASES 4
extern const Case pioneer_cases[PIONEER_N_CASES];

extern const char pioneer_ask[], pioneer_challenge[], pioneer_response_1[], pioneer_response_2[];
extern const char pioneer_enter_kernel[], pioneer_commit[], pioneer_identity[];

gboolean pioneer_is_bd (const Case *drive);
GBytes *pioneer_make_file (const Case *drive, const char *revision, const char *variant);
void pioneer_make_control (const Case *drive, guint8 control[CONTROL]);
guint8 pioneer_next_byte (guint32 *x);
guint8 pioneer_respond (const guint8 *data);
void pioneer_arm (Wire *wire, gboolean long_response);
guint32 pioneer_enter (Wire *wire, const Case *drive);
void pioneer_enter_well (Wire *wire, const Case *drive);
guint32 pioneer_send_commit (Wire *wire, const Case *drive);
void pioneer_chunk_cdb (guint8 cdb[10], guint8 id, gsize offset, gsize length);
guint32 pioneer_send_chunk (Wire *wire, guint8 id, const guint8 *data, gsize offset, gsize length);
guint32 pioneer_send_part (Wire *wire, guint8 id, const guint8 *data, gsize size);
guint32 pioneer_send_normal (Wire *wire, GBytes *file);
void pioneer_wait_for_normal (Wire *wire, const Case *drive);

G_END_DECLS
