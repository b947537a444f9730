/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a drive says of its buffer and its disc, taken apart; pure functions. Each fails on an
 * answer that cannot be right. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflBufferRoom:
 * @size: of the buffer, bytes
 * @free: how much of it waits for data, bytes
 *
 * READ BUFFER CAPACITY (doctor 1.2).
 */
typedef struct {
  guint32 size, free;
} OflBufferRoom;

/* @OFL_DISC_OTHER: one that is rewritten at random, and has no such state */
typedef enum {
  OFL_DISC_BLANK,
  OFL_DISC_OPEN,
  OFL_DISC_FINISHED,
  OFL_DISC_OTHER,
} OflDiscStatus;

/**
 * OflDiscState:
 * @status: how much of it is written
 * @sessions: how many there are
 *
 * READ DISC INFORMATION (doctor 1.3).
 */
typedef struct {
  OflDiscStatus status;
  guint sessions;
} OflDiscState;

/**
 * OflAtip:
 * @rewritable: a CD-RW
 * @code: minute, second and frame at which its lead-in begins, by which a maker is known
 * @end: the last at which the lead-out may begin
 *
 * What the groove of a blank CD says (doctor 1.5).
 */
typedef struct {
  gboolean rewritable;
  guint8 code[3];
  guint8 end[3];
} OflAtip;

/**
 * OflPhysical:
 * @book: its kind, DVD-ROM 0 …
 * @layers: how many
 * @first: first sector of data
 * @last: the last
 *
 * The physical format of a DVD (doctor 1.6).
 */
typedef struct {
  guint8 book;
  guint layers;
  guint32 first, last;
} OflPhysical;

gboolean ofl_buffer_room_parse (OflBufferRoom *self, const guint8 *data, gsize length);
gboolean ofl_disc_state_parse (OflDiscState *self, const guint8 *data, gsize length);
gboolean ofl_disc_blocks_parse (guint32 *blocks, const guint8 *data, gsize length);
gboolean ofl_atip_parse (OflAtip *self, const guint8 *data, gsize length);
gboolean ofl_physical_parse (OflPhysical *self, const guint8 *data, gsize length);

G_END_DECLS
