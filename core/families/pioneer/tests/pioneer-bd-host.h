/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of an update of a Pioneer BD writer, as pioneer 2.8 gives it. */
#pragma once

#include "kit/wire.h"

G_BEGIN_DECLS

#define ID "bdr"
#define PRODUCT "BD-RW   BDR-S09 "
#define PIECE 0x8000u
#define CONTROL 0x100u
#define NORMAL_SIZE 0x16a300u
#define BD_DESCRIPTOR "PIONEER  BDR-S09"
#define SENSE_ABORTED 0x0b0000u

#define INQUIRY_60 "12 00 00 00 60 00"
#define IDENTITY "3c 02 f1 00 00 00 00 00 30 00"
#define KNOCK "3b 02 41 a5 aa aa 00 00 00 00"
#define READ_DESCRIPTOR "3c 02 b0 41 00 00 00 00 10 00"
#define ENTER "3b 04 ff 00 00 00 00 01 00 00"
#define COMMIT "3b 05 ff 00 00 00 00 01 00 00"
#define EVENTS "4a 00 00 00 10 00 00 00 08 00"

extern const guint8 bd_own_key[4];
extern const guint8 bd_universal_key[4];

void bd_make_control (guint8 control[CONTROL], const guint8 key[4]);
guint32 bd_enter (Wire *wire);
guint32 bd_commit (Wire *wire);
guint32 bd_send_piece (Wire *wire, const guint8 *file, gsize at, gsize length);
guint32 bd_send_file (Wire *wire, GBytes *file);
void bd_wait_for_normal (Wire *wire);
void bd_assert_revision (Wire *wire, const char *revision);

G_END_DECLS
