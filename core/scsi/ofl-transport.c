/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-transport.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-error.h"

#define CDB_MIN 6
#define DEFAULT_MAX_TRANSFER (64 * 1024)
#define SLICE_MS 100

G_DEFINE_ABSTRACT_TYPE (OflTransport, ofl_transport, G_TYPE_OBJECT)

static void
ofl_transport_real_execute (OflTransport *self, const OflCommand *command, guint8 *data,
                            OflReply *reply)
{
  reply->outcome = OFL_OUTCOME_NOT_SENT;
  reply->os_error = ENOSYS;
}

static guint32
ofl_transport_real_max_transfer (OflTransport *self)
{
  return DEFAULT_MAX_TRANSFER;
}

/* A transport that says nothing about writing has not been proven for it. */
static gboolean
ofl_transport_real_check_can_flash (OflTransport *self, GError **error)
{
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("This way to the drive is for reading only (%s)."), G_OBJECT_TYPE_NAME (self));
  return FALSE;
}

static char *
ofl_transport_real_describe (OflTransport *self)
{
  return g_strdup (G_OBJECT_TYPE_NAME (self));
}

static gboolean
ofl_transport_real_reopen (OflTransport *self, guint limit_ms, GCancellable *cancellable,
                           GError **error)
{
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("This way to the drive cannot find it again after it was unplugged. Choose the "
                    "drive anew."));
  return FALSE;
}

static gint64
ofl_transport_real_now_us (OflTransport *self)
{
  return g_get_monotonic_time ();
}

/* In slices, so that a cancel is noticed whichever thread it comes from. */
static void
ofl_transport_real_sleep_ms (OflTransport *self, guint ms, GCancellable *cancellable)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;

  for (;;)
    {
      gint64 left = end - g_get_monotonic_time ();

      if (left <= 0 || g_cancellable_is_cancelled (cancellable))
        return;
      g_usleep ((gulong) MIN (left, SLICE_MS * 1000));
    }
}

static void
ofl_transport_real_close (OflTransport *self)
{
}

static void
ofl_transport_class_init (OflTransportClass *klass)
{
  klass->execute = ofl_transport_real_execute;
  klass->max_transfer = ofl_transport_real_max_transfer;
  klass->check_can_flash = ofl_transport_real_check_can_flash;
  klass->describe = ofl_transport_real_describe;
  klass->reopen = ofl_transport_real_reopen;
  klass->now_us = ofl_transport_real_now_us;
  klass->sleep_ms = ofl_transport_real_sleep_ms;
  klass->close = ofl_transport_real_close;
}

static void
ofl_transport_init (OflTransport *self)
{
}

/* What no transport may pass on: it would be cut or misread on the way. */
static gboolean
is_sendable (OflTransport *self, const OflCommand *command, const guint8 *data)
{
  if (command->cdb_len < CDB_MIN || command->cdb_len > OFL_CDB_MAX)
    return FALSE;
  if (command->length == 0)
    return TRUE;
  return data != NULL && command->dir != OFL_DIR_NONE
         && command->length <= ofl_transport_max_transfer (self);
}

/**
 * ofl_transport_execute:
 * @self: a transport
 * @command: what to send
 * @data: (array) (nullable): @command's length bytes, sent or filled in; in a data phase to the
 *   host, bytes that did not come are zero
 * @reply: (out caller-allocates): what became of it; nothing of it needs to be freed
 *
 * Sends one command and waits for the answer, at most its timeout (and as long again when the
 * command before it is still unanswered). Never retries. A malformed command, or one above
 * ofl_transport_max_transfer(), is %OFL_OUTCOME_NOT_SENT with EINVAL. Worker thread only.
 */
void
ofl_transport_execute (OflTransport *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  gint64 sent;

  g_return_if_fail (OFL_IS_TRANSPORT (self) && command != NULL && reply != NULL);
  memset (reply, 0, sizeof *reply);
  reply->residual = command->length;
  if (!is_sendable (self, command, data))
    {
      reply->outcome = OFL_OUTCOME_NOT_SENT;
      reply->os_error = EINVAL;
      return;
    }
  sent = ofl_transport_now_us (self);
  OFL_TRANSPORT_GET_CLASS (self)->execute (self, command, data, reply);
  if (reply->duration_us == 0)
    reply->duration_us = ofl_transport_now_us (self) - sent;
}

/**
 * ofl_transport_max_transfer:
 * @self: a transport
 *
 * Returns: most bytes of one data phase
 */
guint32
ofl_transport_max_transfer (OflTransport *self)
{
  g_return_val_if_fail (OFL_IS_TRANSPORT (self), 0);
  return OFL_TRANSPORT_GET_CLASS (self)->max_transfer (self);
}

/**
 * ofl_transport_check_can_flash:
 * @self: a transport
 * @error: return location: why not, and what would do
 *
 * Returns: whether a write may go this way
 */
gboolean
ofl_transport_check_can_flash (OflTransport *self, GError **error)
{
  g_return_val_if_fail (OFL_IS_TRANSPORT (self), FALSE);
  return OFL_TRANSPORT_GET_CLASS (self)->check_can_flash (self, error);
}

/**
 * ofl_transport_describe:
 * @self: a transport
 *
 * Returns: (transfer full): a line for the log: what it is and on which node
 */
char *
ofl_transport_describe (OflTransport *self)
{
  g_return_val_if_fail (OFL_IS_TRANSPORT (self), NULL);
  return OFL_TRANSPORT_GET_CLASS (self)->describe (self);
}

/**
 * ofl_transport_reopen:
 * @self: a transport whose drive left the bus
 * @limit_ms: how long to wait for it, ms
 * @cancellable: (nullable): ends the wait
 * @error: return location: %OFL_ERROR_LOST when it did not come back, %OFL_ERROR_NO_ACCESS or
 *   %OFL_ERROR_BUSY when it is there and cannot be opened, %OFL_ERROR_NOT_SUPPORTED, or
 *   %G_IO_ERROR_CANCELLED
 *
 * Finds the drive at the same port and opens it as before. Whether it is the same drive in there
 * only its identity can tell. A transport whose drive has not left has nothing to do.
 *
 * Returns: whether commands can be sent again
 */
gboolean
ofl_transport_reopen (OflTransport *self, guint limit_ms, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (OFL_IS_TRANSPORT (self), FALSE);
  return OFL_TRANSPORT_GET_CLASS (self)->reopen (self, limit_ms, cancellable, error);
}

/**
 * ofl_transport_now_us:
 * @self: a transport
 *
 * Returns: the drive's clock, microseconds; only differences mean anything
 */
gint64
ofl_transport_now_us (OflTransport *self)
{
  g_return_val_if_fail (OFL_IS_TRANSPORT (self), 0);
  return OFL_TRANSPORT_GET_CLASS (self)->now_us (self);
}

/**
 * ofl_transport_sleep_ms:
 * @self: a transport
 * @ms: how long, on the drive's clock
 * @cancellable: (nullable): ends the wait early, within 100 ms
 */
void
ofl_transport_sleep_ms (OflTransport *self, guint ms, GCancellable *cancellable)
{
  g_return_if_fail (OFL_IS_TRANSPORT (self));
  OFL_TRANSPORT_GET_CLASS (self)->sleep_ms (self, ms, cancellable);
}

/**
 * ofl_transport_close:
 * @self: a transport
 *
 * Lets the drive go; later commands are %OFL_OUTCOME_NOT_SENT with EBADF. May be called twice.
 */
void
ofl_transport_close (OflTransport *self)
{
  g_return_if_fail (OFL_IS_TRANSPORT (self));
  OFL_TRANSPORT_GET_CLASS (self)->close (self);
}
