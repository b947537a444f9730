/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive at the end of a wire: CDBs as text, time that jumps. */
#pragma once

#include "practice/ofl-practice-drive.h"

G_BEGIN_DECLS

/* What a command ends with: 0, sense as 0xKKAACC, or this when nothing answers */
#define WIRE_GONE 0xffffffffu
#define WIRE_BAD_FIELD 0x052400u
#define WIRE_BUSY 0x020407u
#define WIRE_SECOND ((gint64) 1000000)

typedef struct
{
  OflPracticeDrive *drive;
  gint64 now_us;
  gint64 took_us;     /* the last command's time */
  guint8 in[0x10000]; /* the last command's data */
  gsize in_len;
} Wire;

Wire *wire_new (const char *id, guint32 seed);
void wire_free (Wire *wire);
guint32 wire_out (Wire *wire, const char *cdb, const guint8 *data, gsize length);
guint32 wire_in (Wire *wire, const char *cdb, gsize length);
guint32 wire_bytes_out (Wire *wire, const guint8 cdb[10], const guint8 *data, gsize length);
void wire_pass (Wire *wire, gint64 us);
void wire_power_cycle (Wire *wire);
void wire_cut_in_burn (Wire *wire, guint thousandths);
void wire_assert_inquiry (Wire *wire, const char *product, const char *revision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)

G_END_DECLS
