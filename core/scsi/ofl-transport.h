/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "scsi/ofl-command.h"
#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/**
 * OflOpenFlags:
 * @OFL_OPEN_READ_ONLY: probing; shares the drive with others
 * @OFL_OPEN_EXCLUSIVE: a job: nobody else may send a command meanwhile
 */
typedef enum {
  OFL_OPEN_READ_ONLY = 0,
  OFL_OPEN_EXCLUSIVE = 1 << 0,
} OflOpenFlags;

#define OFL_TYPE_TRANSPORT (ofl_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (OflTransport, ofl_transport, OFL, TRANSPORT, GObject)

/**
 * OflTransportClass:
 * @execute: send one command and wait for its answer, at most its timeout; never retries
 * @max_transfer: most bytes of one data phase
 * @check_can_flash: whether this transport may carry a write
 * @describe: a line for the log: what it is and on which node
 * @reopen: find the same drive again after it left the bus; blocks at most @limit_ms
 * @now_us: this drive's clock (practice drives have one of their own), microseconds
 * @sleep_ms: wait on that clock; returns early when cancelled
 * @close: let the drive go
 *
 * A way to one drive. Every method blocks and belongs on the drive's worker thread; an
 * #OflTransport is used by one thread at a time.
 */
struct _OflTransportClass {
  GObjectClass parent_class;

  void (*execute) (OflTransport *self, const OflCommand *command, guint8 *data, OflReply *reply);
  guint32 (*max_transfer) (OflTransport *self);
  gboolean (*check_can_flash) (OflTransport *self, GError **error);
  char *(*describe) (OflTransport *self);
  gboolean (*reopen) (OflTransport *self, guint limit_ms, GCancellable *cancellable,
                      GError **error);
  gint64 (*now_us) (OflTransport *self);
  void (*sleep_ms) (OflTransport *self, guint ms, GCancellable *cancellable);
  void (*close) (OflTransport *self);
};

/* Object data of a transport that ofl_target_open() made: (type utf8): how the drive is plugged in,
 * as ofl_bus_id(); not there for a practice drive. */
#define OFL_TRANSPORT_BUS "ofl-bus"

void ofl_transport_execute (OflTransport *self, const OflCommand *command, guint8 *data,
                            OflReply *reply);
guint32 ofl_transport_max_transfer (OflTransport *self);
gboolean ofl_transport_check_can_flash (OflTransport *self, GError **error);
char *ofl_transport_describe (OflTransport *self);
gboolean ofl_transport_reopen (OflTransport *self, guint limit_ms, GCancellable *cancellable,
                               GError **error);
gint64 ofl_transport_now_us (OflTransport *self);
void ofl_transport_sleep_ms (OflTransport *self, guint ms, GCancellable *cancellable);
void ofl_transport_close (OflTransport *self);

/**
 * OflTransportWatchFunc:
 * @sent_us: the drive's clock when it was sent, as ofl_transport_now_us()
 * @command: what was sent
 * @data: (nullable): its data phase: what was handed over, or what came
 * @reply: its answer
 * @user_data: as it was given
 *
 * Is told of each command when its answer is there, in the thread that sent it.
 */
typedef void (*OflTransportWatchFunc) (gint64 sent_us, const OflCommand *command,
                                       const guint8 *data, const OflReply *reply,
                                       gpointer user_data);

OflTransport *ofl_transport_watch (OflTransport *real, const char *note, OflTransportWatchFunc func,
                                   gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
