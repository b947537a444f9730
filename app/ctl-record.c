/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport that hands commands on and tells of them: for a report of what a family asked. */
#include "ctl-record.h"

#define CTL_TYPE_RECORDER (ctl_recorder_get_type ())
G_DECLARE_FINAL_TYPE (CtlRecorder, ctl_recorder, CTL, RECORDER, OflTransport)

struct _CtlRecorder {
  OflTransport parent_instance;

  OflTransport *real;
  OflCtlRecordFunc func;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (CtlRecorder, ctl_recorder, OFL_TYPE_TRANSPORT)

static void
ctl_recorder_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                      OflReply *reply)
{
  CtlRecorder *self = CTL_RECORDER (transport);

  ofl_transport_execute (self->real, command, data, reply);
  self->func (command, data, reply, self->user_data);
}

static guint32
ctl_recorder_max_transfer (OflTransport *transport)
{
  return ofl_transport_max_transfer (CTL_RECORDER (transport)->real);
}

static char *
ctl_recorder_describe (OflTransport *transport)
{
  return ofl_transport_describe (CTL_RECORDER (transport)->real);
}

static gint64
ctl_recorder_now_us (OflTransport *transport)
{
  return ofl_transport_now_us (CTL_RECORDER (transport)->real);
}

static void
ctl_recorder_sleep_ms (OflTransport *transport, guint ms, GCancellable *cancellable)
{
  ofl_transport_sleep_ms (CTL_RECORDER (transport)->real, ms, cancellable);
}

static void
ctl_recorder_class_init (CtlRecorderClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  transport_class->execute = ctl_recorder_execute;
  transport_class->max_transfer = ctl_recorder_max_transfer;
  transport_class->describe = ctl_recorder_describe;
  transport_class->now_us = ctl_recorder_now_us;
  transport_class->sleep_ms = ctl_recorder_sleep_ms;
}

static void
ctl_recorder_init (CtlRecorder *self)
{
}

OflTransport *
ofl_ctl_record (OflTransport *real, OflCtlRecordFunc func, gpointer user_data)
{
  CtlRecorder *self = g_object_new (CTL_TYPE_RECORDER, NULL);
  const char *bus = g_object_get_data (G_OBJECT (real), OFL_TRANSPORT_BUS);

  self->real = real;
  self->func = func;
  self->user_data = user_data;
  g_object_set_data_full (G_OBJECT (self), OFL_TRANSPORT_BUS, g_strdup (bus), g_free);
  return OFL_TRANSPORT (self);
}
