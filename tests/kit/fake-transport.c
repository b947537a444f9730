/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-transport.h"

#include "scsi/ofl-error.h"

struct _FakeTransport {
  OflTransport parent_instance;

  FakeAnswer answer;
  gpointer user_data;
  GString *trace;
  guint count;
  gint64 now_us;
  FakeClock clock;
  gpointer clock_data;
  gboolean back;
};

G_DEFINE_FINAL_TYPE (FakeTransport, fake_transport, OFL_TYPE_TRANSPORT)

static void
fake_transport_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                        OflReply *reply)
{
  FakeTransport *self = FAKE_TRANSPORT (transport);

  g_string_append_printf (self->trace, "%s%02x", self->count > 0 ? " " : "", command->cdb[0]);
  *reply = (OflReply){ .outcome = OFL_OUTCOME_OK, .transferred = command->length };
  /* as every transport does: what does not come is zero */
  if (command->dir == OFL_DIR_IN && data != NULL)
    memset (data, 0, command->length);
  self->now_us += 1000;
  reply->duration_us = 1000;
  if (self->answer != NULL)
    self->answer (self->count, command, data, reply, self->user_data);
  self->count++;
}

static gint64
fake_transport_now_us (OflTransport *transport)
{
  FakeTransport *self = FAKE_TRANSPORT (transport);

  if (self->clock != NULL)
    self->clock (self->clock_data);
  return self->now_us;
}

static void
fake_transport_sleep_ms (OflTransport *transport, guint ms, GCancellable *cancellable)
{
  FAKE_TRANSPORT (transport)->now_us += (gint64) ms * 1000;
}

static gboolean
fake_transport_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                       GError **error)
{
  FakeTransport *self = FAKE_TRANSPORT (transport);

  if (self->back)
    return TRUE;
  self->now_us += (gint64) limit_ms * 1000;
  g_set_error (error, OFL_ERROR, OFL_ERROR_LOST, "The drive did not come back.");
  return FALSE;
}

static void
fake_transport_finalize (GObject *object)
{
  g_string_free (FAKE_TRANSPORT (object)->trace, TRUE);
  G_OBJECT_CLASS (fake_transport_parent_class)->finalize (object);
}

static void
fake_transport_class_init (FakeTransportClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_transport_finalize;
  transport_class->execute = fake_transport_execute;
  transport_class->now_us = fake_transport_now_us;
  transport_class->sleep_ms = fake_transport_sleep_ms;
  transport_class->reopen = fake_transport_reopen;
}

static void
fake_transport_init (FakeTransport *self)
{
  self->trace = g_string_new (NULL);
}

FakeTransport *
fake_transport_new (FakeAnswer answer, gpointer user_data)
{
  FakeTransport *self = g_object_new (FAKE_TYPE_TRANSPORT, NULL);

  self->answer = answer;
  self->user_data = user_data;
  return self;
}

void
fake_transport_set_clock (FakeTransport *self, FakeClock clock, gpointer user_data)
{
  self->clock = clock;
  self->clock_data = user_data;
}

void
fake_transport_set_back (FakeTransport *self, gboolean back)
{
  self->back = back;
}

const char *
fake_transport_get_trace (FakeTransport *self)
{
  return self->trace->str;
}

guint
fake_transport_get_count (FakeTransport *self)
{
  return self->count;
}

void
fake_reply_sense (OflReply *reply, guint8 key, guint8 asc, guint8 ascq)
{
  guint8 raw[18] = { 0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq };

  reply->outcome = OFL_OUTCOME_SENSE;
  reply->status = 2;
  reply->transferred = 0;
  ofl_sense_parse (&reply->sense, raw, sizeof raw);
}

gboolean
fake_refuse_stranger (const OflCommand *command, OflReply *reply)
{
  static const guint8 cdb[] = { 0x46, 0x02, 0x01, 0x0c, 0, 0, 0, 0, 0x1c, 0 };

  if (command->cdb_len != sizeof cdb || memcmp (command->cdb, cdb, sizeof cdb) != 0)
    return FALSE;
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
  return TRUE;
}
