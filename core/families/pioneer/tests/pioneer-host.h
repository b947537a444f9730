/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of a Pioneer DVR's update, as pioneer 2 gives it. */
#pragma once

#include "kit/wire.h"

G_BEGIN_DECLS

#define CHUNK 0x8000u
#define CONTROL 0x100u

/* A drive as the tables describe it (pioneer 1.2, 2.6) */
typedef struct {
  const char *id;
  const char *product;
  const char *hardware;
  const char *kernel_revision;
  const char *descriptor;
  guint32 key;
  gboolean arms;
  gsize kernel_size, normal_size;
} Case;

#define PIONEER_N_CASES 3
extern const Case pioneer_cases[PIONEER_N_CASES];

#define PIONEER_ASK "3b 01 f3 00 00 00 00 00 00 00"
#define PIONEER_CHALLENGE "3c 01 f2 00 00 00 00 04 00 00"
#define PIONEER_RESPONSE_1 "3b 01 f2 00 00 00 00 01 00 00"
#define PIONEER_RESPONSE_2 "3b 01 f2 00 00 00 00 04 00 00"
#define PIONEER_ENTER_KERNEL "3b 04 ff 00 00 00 00 01 00 00"
#define PIONEER_COMMIT "3b 05 ff 00 00 00 00 01 00 00"
#define PIONEER_IDENTITY "3c 02 f1 00 00 00 00 00 30 00"

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
void pioneer_wait_for_normal (Wire *wire);

void pioneer_add_test (const char *suite, const char *name, const Case *drive, GTestDataFunc test);

G_END_DECLS
