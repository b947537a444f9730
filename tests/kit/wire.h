/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive on virtual time, and commands for it in hex. */
#pragma once

#include "families/ofl-practice-catalog.h"

G_BEGIN_DECLS

/* Sense as one number, key/asc/ascq; 0 for GOOD */
#define SENSE_VANISHED 0xff0001u
#define SENSE_HANGS 0xff0002u
#define SENSE_BAD_OPCODE 0x052000u
#define SENSE_BAD_FIELD 0x052400u
#define SENSE_BAD_DATA 0x052600u
#define SENSE_SEQUENCE 0x052c00u
#define SENSE_RESET 0x062900u
#define SENSE_NEW_CODE 0x063f01u
#define SENSE_NO_DISC 0x023a01u
#define SENSE_BURNING 0x020407u
#define SENSE_DEAD 0x020403u

#define WIRE_ROOM 0x10000u

typedef struct {
  OflPracticeDrive *drive;
  gint64 now_us;
  OflPracticeAnswer answer; /* the last one */
  guint8 in[WIRE_ROOM];
} Wire;

Wire *wire_new (const char *id);
/* Another unit of the same model */
Wire *wire_new_unit (const char *id, guint32 seed);
void wire_free (Wire *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)

guint32 wire_none (Wire *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint32 wire_in (Wire *self, gsize max, const char *format, ...) G_GNUC_PRINTF (3, 4);
guint32 wire_out (Wire *self, const guint8 *data, gsize length, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
/* A CDB that was computed */
guint32 wire_send (Wire *self, const guint8 *cdb, guint cdb_len, const guint8 *data, gsize length);
guint32 wire_ready (Wire *self);
void wire_power_cycle (Wire *self);
/* Power goes in the next burn; the caller sends what starts it, and switches on again. */
void wire_cut_in_burn (Wire *self, guint thousandths);
void wire_assert_identity (Wire *self, const char *vendor, const char *product,
                           const char *revision);
GBytes *wire_image (const char *id, const char *revision, const char *variant);
gboolean wire_holds (Wire *self, const char *revision);

/* Commands with data to send, one after the other */
typedef struct _Script Script;

Script *script_new (void);
void script_free (Script *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Script, script_free)

void script_add (Script *self, const guint8 *data, gsize length, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
guint script_length (const Script *self);
guint32 script_run (const Script *self, Wire *wire, guint first, guint n);
void script_assert_every_byte_counts (const Script *self, const char *id, GBytes *image,
                                      const guint *commands, guint n_commands);

/* Written facts, by code that no practice drive has: G(seed, n), the 16-bit sums of bytes and of
 * words of two bytes, the high one first, and a number of @n bytes in that order */
void fact_generate (guint32 seed, guint8 *data, gsize length);
guint fact_sum (const guint8 *data, gsize length, guint start);
guint32 fact_sum_words (const guint8 *data, gsize length);
guint32 fact_be (const guint8 *data, guint n);

G_END_DECLS
