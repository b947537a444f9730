/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cage-kit.h"

#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "kit/ran.h"

#define WRITE_BUFFER 0x3b
#define BURN_MS 120000 /* of the drive's own time, which jumps */

static void test_handler_iface (OflUpdaterHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestHandler, test_handler, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OFL_TYPE_UPDATER_HANDLER, test_handler_iface))

/* The interface's own */
static OflUpdaterDecision (*default_decide) (OflUpdaterHandler *self, OflUpdaterRequest *request,
                                             OflUpdaterRefusal *refusal);

static OflUpdaterDecision
test_handler_decide (OflUpdaterHandler *handler, OflUpdaterRequest *request,
                     OflUpdaterRefusal *refusal)
{
  TestHandler *self = TEST_HANDLER (handler);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Seen seen = { .serial = request->serial,
                .timeout_ms = request->command.timeout_ms,
                .asked_ms = request->asked_ms,
                .length = request->command.length,
                .harmless = request->harmless };

  memcpy (seen.cdb, request->command.cdb, OFL_CDB_MAX);
  g_array_append_val (self->seen, seen);
  if (self->rule == RULE_DEFAULT)
    return default_decide (handler, request, refusal);
  if (request->harmless || self->rule == RULE_RUN)
    return OFL_UPDATER_RUN;
  *refusal = (OflUpdaterRefusal){ 0x05, 0x2c, 0x00 };
  return OFL_UPDATER_REFUSE;
}

static void
test_handler_answered (OflUpdaterHandler *handler, OflUpdaterRequest *request,
                       const OflReply *reply)
{
  TestHandler *self = TEST_HANDLER (handler);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Seen *seen = &g_array_index (self->seen, Seen, self->seen->len - 1);

  g_assert_cmpuint (seen->serial, ==, request->serial);
  seen->answered = TRUE;
  seen->reply = *reply;
  if (request->command.cdb[0] == WRITE_BUFFER && ofl_reply_ok (reply))
    g_byte_array_append (self->sent, request->data, request->command.length);
}

static void
test_handler_withdrawn (OflUpdaterHandler *handler, OflUpdaterRequest *request)
{
  TEST_HANDLER (handler)->n_withdrawn++;
}

static void
test_handler_iface (OflUpdaterHandlerInterface *iface)
{
  default_decide = iface->decide;
  iface->decide = test_handler_decide;
  iface->answered = test_handler_answered;
  iface->withdrawn = test_handler_withdrawn;
}

static void
test_handler_finalize (GObject *object)
{
  TestHandler *self = TEST_HANDLER (object);

  g_array_unref (self->seen);
  g_byte_array_unref (self->sent);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (test_handler_parent_class)->finalize (object);
}

static void
test_handler_class_init (TestHandlerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_handler_finalize;
}

static void
test_handler_init (TestHandler *self)
{
  g_mutex_init (&self->lock);
  self->seen = g_array_new (FALSE, TRUE, sizeof (Seen));
  self->sent = g_byte_array_new ();
}

/* A drive that was just switched on, or has burned, answers the first commands with UNIT ATTENTION. */
static void
clear_attention (OflTransport *transport)
{
  const OflCommand ready = ofl_command_test_unit_ready ();
  OflReply reply;

  for (guint i = 0; i < 4; i++)
    ofl_transport_execute (transport, &ready, NULL, &reply);
}

Bench *
bench_new (void)
{
  g_autoptr (GError) error = NULL;
  Bench *self = g_new0 (Bench, 1);

  self->drive = ofl_practice_new ("standard", 1, &error);
  g_assert_no_error (error);
  self->port = ofl_practice_port_new (self->drive, OFL_PRACTICE_VIRTUAL, 1);
  self->transport = ofl_practice_port_open (self->port, OFL_OPEN_EXCLUSIVE, &error);
  g_assert_no_error (error);
  clear_attention (self->transport);
  self->handler = g_object_new (TEST_TYPE_HANDLER, NULL);
  self->broker = ofl_updater_broker_new (self->transport, OFL_UPDATER_HANDLER (self->handler));
  return self;
}

void
bench_free (Bench *self)
{
  g_object_unref (self->broker);
  g_object_unref (self->handler);
  ofl_transport_close (self->transport);
  g_object_unref (self->transport);
  g_object_unref (self->port);
  g_object_unref (self->drive);
  g_free (self);
}

guint
bench_n_seen (Bench *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->handler->lock);

  return self->handler->seen->len;
}

guint
bench_n_answered (Bench *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->handler->lock);
  guint n = 0;

  for (guint i = 0; i < self->handler->seen->len; i++)
    n += g_array_index (self->handler->seen, Seen, i).answered;
  return n;
}

Seen
bench_seen (Bench *self, guint i)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->handler->lock);

  g_assert_cmpuint (i, <, self->handler->seen->len);
  return g_array_index (self->handler->seen, Seen, i);
}

OflUpdaterRequest *
bench_wait_held (Bench *self)
{
  OflUpdaterRequest *held;

  while ((held = ofl_updater_broker_get_held (self->broker)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return held;
}

void
bench_close (Bench *self)
{
  GAsyncResult *result = NULL;

  ofl_updater_broker_close_async (self->broker, await_keep, &result);
  await_result (&result);
  g_assert_true (ofl_updater_broker_close_finish (self->broker, result, NULL));
  g_object_unref (result);
}

void
bench_wait_burn (Bench *self)
{
  ofl_transport_sleep_ms (self->transport, BURN_MS, NULL);
  clear_attention (self->transport);
}

static gboolean
time_is_up (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
bench_run (guint ms)
{
  gboolean up = FALSE;

  g_timeout_add (ms, time_is_up, &up);
  while (!up)
    g_main_context_iteration (NULL, TRUE);
}
