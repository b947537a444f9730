/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a host of a Matshita drive sends, typed from the facts, and what must be true after it. */
#pragma once

#include "kit/wire.h"

G_BEGIN_DECLS

#define ID "uj870"
#define VENDOR "MATSHITA"
#define PRODUCT "DVD-RAM UJ870BJ"
#define SIZE 0xca228u
#define HEADER 0x30u
#define PAYLOAD 0xca1f8u
#define N_PAIRS 809u
#define BURN_US (120 * G_USEC_PER_SEC)
#define HOST_LIMIT_US (30 * G_USEC_PER_SEC)

/* 23:32:31, as the maker's updater sent it */
#define UNLOCK "ed 00 e0 df 3a 84 10 57 45 10 00 3c"
#define COMMIT "f5 00 00 00 00 00 00 00 00 00 00 80"
#define ENTER "ed 01 00 00 00 00 01 00 00 00 00 3c"
#define COMMIT_IN "f5 00 00 00 00 00 00 00 00 00 00 00"
#define PRIME "ea 00 00 000000 000430 00 00 00"

/* Header and piece, as they go over the wire */
typedef struct {
  guint8 data[HEADER + 0x8000];
  gsize at, length; /* of the piece */
} Piece;

void matshita_cut (Piece *piece, GBytes *image, gsize at, gsize length);
guint32 matshita_send (Wire *wire, const Piece *piece);
guint32 matshita_read_back (Wire *wire, gsize at, gsize length);
/* What has arrived is what was sent. */
gboolean matshita_is_same (Wire *wire, const Piece *piece);
/* In pieces of 8000, as the second source does, without unlock and read-back */
guint32 matshita_send_all (Wire *wire, GBytes *image);
/* The maker's pairs: 1F8 bytes, then 400 each, each read back; how many */
guint matshita_send_pairs (Wire *wire, GBytes *image);
/* Its burn is over; it runs the old firmware and takes nothing until the power has gone. */
void matshita_assert_burned (Wire *wire, GBytes *image);
/* Nothing was burned, and the drive works as before. */
void matshita_assert_untouched (Wire *wire);
void matshita_add_fault (Wire *wire, const char *fault);

G_END_DECLS
