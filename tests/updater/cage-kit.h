/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A broker on the practice drive "standard", with a handler that does as the test says and keeps what
 * it saw. */
#pragma once

#include <gio/gio.h>

#include "practice/ofl-practice-transport.h"
#include "updater/ofl-updater-broker.h"

G_BEGIN_DECLS

typedef enum {
  RULE_DEFAULT, /* the handler's own: what is harmless runs, the rest is held */
  RULE_RUN,
  RULE_REFUSE, /* what is not harmless, with 05/2C/00 */
} Rule;

/* What came through the handler, in order */
typedef struct {
  guint64 serial;
  guint8 cdb[OFL_CDB_MAX];
  guint timeout_ms;
  guint asked_ms;
  guint32 length;
  gboolean harmless;
  gboolean answered;
  OflReply reply;
} Seen;

#define TEST_TYPE_HANDLER (test_handler_get_type ())
G_DECLARE_FINAL_TYPE (TestHandler, test_handler, TEST, HANDLER, GObject)

struct _TestHandler {
  GObject parent_instance;

  GMutex lock;
  Rule rule;
  GArray *seen;     /* of Seen */
  GByteArray *sent; /* all data-out of WRITE BUFFER that the drive took */
  guint n_withdrawn;
};

typedef struct {
  OflPracticeDrive *drive;
  OflPracticePort *port;
  OflTransport *transport;
  TestHandler *handler;
  OflUpdaterBroker *broker;
} Bench;

Bench *bench_new (void);
void bench_free (Bench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

/* How many requests the handler has seen, how many were answered, and the @i-th. */
guint bench_n_seen (Bench *self);
guint bench_n_answered (Bench *self);
Seen bench_seen (Bench *self, guint i);
/* Runs the main context until the broker holds a request. */
OflUpdaterRequest *bench_wait_held (Bench *self);
/* Hangs up on everybody and waits until the drive is free. */
void bench_close (Bench *self);
/* Lets the drive burn what it has been sent; nobody speaks to it meanwhile. */
void bench_wait_burn (Bench *self);
/* Runs the main context for some milliseconds. */
void bench_run (guint ms);

G_END_DECLS
