/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to a practice drive, like the way to any other. */
#include "practice/ofl-practice-transport.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "practice/ofl-practice-port.h"
#include "practice/ofl-practice-private.h"
#include "scsi/ofl-error.h"

/* As much as the programs stay below on real buses (scsi 3.3). */
#define MAX_TRANSFER 0x10000

/* Driver byte of Linux */
#define DRIVER_SENSE 0x08
#define STATUS_CHECK_CONDITION 0x02

#define OFL_TYPE_PRACTICE_TRANSPORT (ofl_practice_transport_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeTransport, ofl_practice_transport, OFL, PRACTICE_TRANSPORT,
                      OflTransport)

struct _OflPracticeTransport {
  OflTransport parent_instance;

  OflPracticePort *port;
  gboolean exclusive;
  gboolean open;
  guint visit;
  int lock; /* -1: no other program can be at the drive */
};

G_DEFINE_FINAL_TYPE (OflPracticeTransport, ofl_practice_transport, OFL_TYPE_TRANSPORT)

static void
ofl_practice_transport_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                                OflReply *reply)
{
  OflPracticeTransport *self = OFL_PRACTICE_TRANSPORT (transport);

  if (self->open)
    {
      ofl_practice_port_execute (self->port, self->visit, command, data, reply);
      return;
    }
  reply->outcome = OFL_OUTCOME_NOT_SENT;
  reply->os_error = EBADF;
}

static guint32
ofl_practice_transport_max_transfer (OflTransport *transport)
{
  return MAX_TRANSFER;
}

static gboolean
ofl_practice_transport_check_can_flash (OflTransport *transport, GError **error)
{
  OflPracticeTransport *self = OFL_PRACTICE_TRANSPORT (transport);

  if (self->exclusive)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NO_ACCESS,
                 _ ("The practice drive was opened for reading only, so nothing can be written to "
                    "it."));
  return FALSE;
}

static char *
ofl_practice_transport_describe (OflTransport *transport)
{
  OflPracticeTransport *self = OFL_PRACTICE_TRANSPORT (transport);

  return g_strdup_printf ("practice drive “%s”, within this program%s",
                          ofl_practice_drive_get_id (ofl_practice_port_get_drive (self->port)),
                          self->exclusive ? ", exclusive" : "");
}

static gboolean
ofl_practice_transport_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                               GError **error)
{
  OflPracticeTransport *self = OFL_PRACTICE_TRANSPORT (transport);

  return ofl_practice_port_wait_drive (self->port, limit_ms, cancellable, &self->visit, error);
}

static gint64
ofl_practice_transport_now_us (OflTransport *transport)
{
  return ofl_practice_port_now_us (OFL_PRACTICE_TRANSPORT (transport)->port);
}

static void
ofl_practice_transport_sleep_ms (OflTransport *transport, guint ms, GCancellable *cancellable)
{
  ofl_practice_port_sleep_ms (OFL_PRACTICE_TRANSPORT (transport)->port, ms, cancellable);
}

static void
ofl_practice_transport_close (OflTransport *transport)
{
  OflPracticeTransport *self = OFL_PRACTICE_TRANSPORT (transport);

  if (self->open)
    ofl_practice_port_detach (self->port, self->exclusive);
  self->open = FALSE;
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static void
ofl_practice_transport_dispose (GObject *object)
{
  OflPracticeTransport *self = OFL_PRACTICE_TRANSPORT (object);

  if (self->port != NULL)
    ofl_practice_transport_close (OFL_TRANSPORT (object));
  g_clear_object (&self->port);
  G_OBJECT_CLASS (ofl_practice_transport_parent_class)->dispose (object);
}

static void
ofl_practice_transport_class_init (OflPracticeTransportClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_practice_transport_dispose;
  transport_class->execute = ofl_practice_transport_execute;
  transport_class->max_transfer = ofl_practice_transport_max_transfer;
  transport_class->check_can_flash = ofl_practice_transport_check_can_flash;
  transport_class->describe = ofl_practice_transport_describe;
  transport_class->reopen = ofl_practice_transport_reopen;
  transport_class->now_us = ofl_practice_transport_now_us;
  transport_class->sleep_ms = ofl_practice_transport_sleep_ms;
  transport_class->close = ofl_practice_transport_close;
}

static void
ofl_practice_transport_init (OflPracticeTransport *self)
{
  self->lock = -1;
}

/**
 * ofl_practice_port_put_reply: (skip)
 * @drive: who answered
 * @command: what it was asked
 * @answer: what it said
 * @reply: the same in the words of Linux, as from a real bus
 */
void
ofl_practice_port_put_reply (OflPracticeDrive *drive, const OflCommand *command,
                             const OflPracticeAnswer *answer, OflReply *reply)
{
  guint8 sense[OFL_PRACTICE_SENSE_SIZE];
  guint8 codes[3];

  reply->status = answer->status;
  reply->transferred = command->dir == OFL_DIR_OUT ? command->length - (guint32) answer->residual
                                                   : (guint32) answer->in_len;
  if (answer->status != STATUS_CHECK_CONDITION)
    return;
  /* The bus fetches the sense together with the status. */
  ofl_practice_take_sense (drive, codes);
  ofl_practice_put_sense (answer, sense);
  reply->driver_status = DRIVER_SENSE;
  ofl_sense_parse (&reply->sense, sense, sizeof sense);
}

/**
 * ofl_practice_port_open:
 * @self: a port
 * @flags: exclusive for a job, or sharing for reading
 * @error: return location
 *
 * Opens a way to the drive. It stays dead when the drive has left, until it is reopened.
 *
 * Returns: (transfer full): the transport; NULL with %OFL_ERROR_BUSY when somebody has the port
 *   exclusively, or has it at all and @flags ask for it exclusively, in this program or, for a
 *   drive that is kept in a file, in any; or with %OFL_ERROR_LOST when the drive is unplugged
 */
OflTransport *
ofl_practice_port_open (OflPracticePort *self, OflOpenFlags flags, GError **error)
{
  gboolean exclusive = (flags & OFL_OPEN_EXCLUSIVE) != 0;
  OflPracticeTransport *transport;
  GError *busy = NULL;
  guint visit = 0;
  int lock = ofl_practice_port_lock (self, exclusive, &busy);

  if (busy != NULL)
    {
      g_propagate_error (error, busy);
      return NULL;
    }
  if (!ofl_practice_port_attach (self, exclusive, &visit, error))
    {
      if (lock >= 0)
        close (lock);
      return NULL;
    }
  transport = g_object_new (OFL_TYPE_PRACTICE_TRANSPORT, NULL);
  transport->port = g_object_ref (self);
  transport->exclusive = exclusive;
  transport->open = TRUE;
  transport->visit = visit;
  transport->lock = lock;
  return OFL_TRANSPORT (transport);
}
