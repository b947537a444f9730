/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A way to a drive that also writes down what goes over it. */
#include "updater/ofl-tape-recorder.h"

#define OFL_TYPE_TAPE_RECORDER (ofl_tape_recorder_get_type ())
G_DECLARE_FINAL_TYPE (OflTapeRecorder, ofl_tape_recorder, OFL, TAPE_RECORDER, OflTransport)

struct _OflTapeRecorder {
  OflTransport parent_instance;

  OflTransport *real;
  OflTapeWriter *writer;
};

G_DEFINE_FINAL_TYPE (OflTapeRecorder, ofl_tape_recorder, OFL_TYPE_TRANSPORT)

static void
ofl_tape_recorder_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                           OflReply *reply)
{
  OflTapeRecorder *self = OFL_TAPE_RECORDER (transport);
  gint64 sent_us = ofl_transport_now_us (self->real);

  ofl_transport_execute (self->real, command, data, reply);
  ofl_tape_writer_add (self->writer, sent_us, command, data, reply);
}

static guint32
ofl_tape_recorder_max_transfer (OflTransport *transport)
{
  return ofl_transport_max_transfer (OFL_TAPE_RECORDER (transport)->real);
}

static gboolean
ofl_tape_recorder_check_can_flash (OflTransport *transport, GError **error)
{
  return ofl_transport_check_can_flash (OFL_TAPE_RECORDER (transport)->real, error);
}

static char *
ofl_tape_recorder_describe (OflTransport *transport)
{
  g_autofree char *real = ofl_transport_describe (OFL_TAPE_RECORDER (transport)->real);

  return g_strconcat (real, ", recorded", NULL);
}

static gboolean
ofl_tape_recorder_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                          GError **error)
{
  return ofl_transport_reopen (OFL_TAPE_RECORDER (transport)->real, limit_ms, cancellable, error);
}

static gint64
ofl_tape_recorder_now_us (OflTransport *transport)
{
  return ofl_transport_now_us (OFL_TAPE_RECORDER (transport)->real);
}

static void
ofl_tape_recorder_sleep_ms (OflTransport *transport, guint ms, GCancellable *cancellable)
{
  ofl_transport_sleep_ms (OFL_TAPE_RECORDER (transport)->real, ms, cancellable);
}

static void
ofl_tape_recorder_close (OflTransport *transport)
{
  ofl_transport_close (OFL_TAPE_RECORDER (transport)->real);
}

static void
ofl_tape_recorder_finalize (GObject *object)
{
  OflTapeRecorder *self = OFL_TAPE_RECORDER (object);

  g_object_unref (self->real);
  ofl_tape_writer_unref (self->writer);
  G_OBJECT_CLASS (ofl_tape_recorder_parent_class)->finalize (object);
}

static void
ofl_tape_recorder_class_init (OflTapeRecorderClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_tape_recorder_finalize;
  transport_class->execute = ofl_tape_recorder_execute;
  transport_class->max_transfer = ofl_tape_recorder_max_transfer;
  transport_class->check_can_flash = ofl_tape_recorder_check_can_flash;
  transport_class->describe = ofl_tape_recorder_describe;
  transport_class->reopen = ofl_tape_recorder_reopen;
  transport_class->now_us = ofl_tape_recorder_now_us;
  transport_class->sleep_ms = ofl_tape_recorder_sleep_ms;
  transport_class->close = ofl_tape_recorder_close;
}

static void
ofl_tape_recorder_init (OflTapeRecorder *self)
{
}

/**
 * ofl_tape_recorder_new:
 * @real: the way to the drive
 * @writer: where what goes over it is written down; several recorders of one drive, one after the
 *   other, may share it
 *
 * As @real in everything, and used by the same thread.
 *
 * Returns: (transfer full): the way to the same drive, recorded
 */
OflTransport *
ofl_tape_recorder_new (OflTransport *real, OflTapeWriter *writer)
{
  OflTapeRecorder *self = g_object_new (OFL_TYPE_TAPE_RECORDER, NULL);
  const char *bus = g_object_get_data (G_OBJECT (real), OFL_TRANSPORT_BUS);

  self->real = g_object_ref (real);
  self->writer = ofl_tape_writer_ref (writer);
  g_object_set_data_full (G_OBJECT (self), OFL_TRANSPORT_BUS, g_strdup (bus), g_free);
  return OFL_TRANSPORT (self);
}
