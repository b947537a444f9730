/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport that answers as the test says and writes down what it was asked. */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

#define FAKE_TYPE_TRANSPORT (fake_transport_get_type ())
G_DECLARE_FINAL_TYPE (FakeTransport, fake_transport, FAKE, TRANSPORT, OflTransport)

typedef void (*FakeAnswer) (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                            gpointer user_data);

FakeTransport *fake_transport_new (FakeAnswer answer, gpointer user_data);
/* @clock: told whenever the clock is looked at */
typedef void (*FakeClock) (gpointer user_data);
void fake_transport_set_clock (FakeTransport *self, FakeClock clock, gpointer user_data);
/* Whether a drive that has left the bus is there again; else the wait for it is in vain. */
void fake_transport_set_back (FakeTransport *self, gboolean back);
/* Opcodes asked so far, as "00 3b 3b". */
const char *fake_transport_get_trace (FakeTransport *self);
guint fake_transport_get_count (FakeTransport *self);
void fake_reply_sense (OflReply *reply, guint8 key, guint8 asc, guint8 ascq);

/* What a drive that is no family's is asked besides: mt1959 1.6. Returns: whether @command was it. */
gboolean fake_refuse_stranger (const OflCommand *command, OflReply *reply);

G_END_DECLS
