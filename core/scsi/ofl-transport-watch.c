/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A way to a drive on which somebody looks on. */
#include "scsi/ofl-transport.h"

#define OFL_TYPE_TRANSPORT_WATCH (ofl_transport_watch_get_type ())
G_DECLARE_FINAL_TYPE (OflTransportWatch, ofl_transport_watch, OFL, TRANSPORT_WATCH, OflTransport)

struct _OflTransportWatch {
  OflTransport parent_instance;

  OflTransport *real;
  char *note; /* NULL: none */
  OflTransportWatchFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE (OflTransportWatch, ofl_transport_watch, OFL_TYPE_TRANSPORT)

static void
ofl_transport_watch_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                             OflReply *reply)
{
  OflTransportWatch *self = OFL_TRANSPORT_WATCH (transport);
  gint64 sent_us = ofl_transport_now_us (self->real);

  ofl_transport_execute (self->real, command, data, reply);
  self->func (sent_us, command, data, reply, self->user_data);
}

static guint32
ofl_transport_watch_max_transfer (OflTransport *transport)
{
  return ofl_transport_max_transfer (OFL_TRANSPORT_WATCH (transport)->real);
}

static gboolean
ofl_transport_watch_check_can_flash (OflTransport *transport, GError **error)
{
  return ofl_transport_check_can_flash (OFL_TRANSPORT_WATCH (transport)->real, error);
}

static char *
ofl_transport_watch_describe (OflTransport *transport)
{
  OflTransportWatch *self = OFL_TRANSPORT_WATCH (transport);
  g_autofree char *real = ofl_transport_describe (self->real);

  return self->note != NULL ? g_strdup_printf ("%s, %s", real, self->note)
                            : g_steal_pointer (&real);
}

static gboolean
ofl_transport_watch_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                            GError **error)
{
  return ofl_transport_reopen (OFL_TRANSPORT_WATCH (transport)->real, limit_ms, cancellable, error);
}

static gint64
ofl_transport_watch_now_us (OflTransport *transport)
{
  return ofl_transport_now_us (OFL_TRANSPORT_WATCH (transport)->real);
}

static void
ofl_transport_watch_sleep_ms (OflTransport *transport, guint ms, GCancellable *cancellable)
{
  ofl_transport_sleep_ms (OFL_TRANSPORT_WATCH (transport)->real, ms, cancellable);
}

static void
ofl_transport_watch_close (OflTransport *transport)
{
  ofl_transport_close (OFL_TRANSPORT_WATCH (transport)->real);
}

static void
ofl_transport_watch_finalize (GObject *object)
{
  OflTransportWatch *self = OFL_TRANSPORT_WATCH (object);

  g_object_unref (self->real);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self->note);
  G_OBJECT_CLASS (ofl_transport_watch_parent_class)->finalize (object);
}

static void
ofl_transport_watch_class_init (OflTransportWatchClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_transport_watch_finalize;
  transport_class->execute = ofl_transport_watch_execute;
  transport_class->max_transfer = ofl_transport_watch_max_transfer;
  transport_class->check_can_flash = ofl_transport_watch_check_can_flash;
  transport_class->describe = ofl_transport_watch_describe;
  transport_class->reopen = ofl_transport_watch_reopen;
  transport_class->now_us = ofl_transport_watch_now_us;
  transport_class->sleep_ms = ofl_transport_watch_sleep_ms;
  transport_class->close = ofl_transport_watch_close;
}

static void
ofl_transport_watch_init (OflTransportWatch *self)
{
}

/**
 * ofl_transport_watch:
 * @real: the way to the drive
 * @note: (nullable): what the log calls it besides: "recorded"
 * @func: who looks on
 * @user_data: (closure): for @func
 * @destroy: (nullable): ends @user_data
 *
 * As @real in everything, and used by the same thread. What @real does not send is told, too.
 *
 * Returns: (transfer full): the way to the same drive, watched
 */
OflTransport *
ofl_transport_watch (OflTransport *real, const char *note, OflTransportWatchFunc func,
                     gpointer user_data, GDestroyNotify destroy)
{
  OflTransportWatch *self = g_object_new (OFL_TYPE_TRANSPORT_WATCH, NULL);
  const char *bus = g_object_get_data (G_OBJECT (real), OFL_TRANSPORT_BUS);

  self->real = g_object_ref (real);
  self->note = g_strdup (note);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  g_object_set_data_full (G_OBJECT (self), OFL_TRANSPORT_BUS, g_strdup (bus), g_free);
  return OFL_TRANSPORT (self);
}
