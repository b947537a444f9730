/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-broker.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "updater/ofl-updater-link.h"

/* A program that opens more at once wants to do harm; it harms itself. */
#define LINKS_MAX 64
#define STATUS_CHECK_CONDITION 0x02
#define SENSE_LEN 18

/* A request and who waits for it. */
typedef struct {
  OflUpdaterLink *link; /* NULL once it has hung up */
  OflUpdaterRequest *request;
} Waiting;

/* One go of the worker. @decision: HOLD in: ask the handler; HOLD out: it is to be held. */
typedef struct {
  OflTransport *transport;
  OflUpdaterHandler *handler;
  OflUpdaterRequest *request;
  OflUpdaterDecision decision;
  OflUpdaterRefusal refusal;
  OflReply reply;
} Go;

struct _OflUpdaterBroker {
  GObject parent_instance;

  OflTransport *transport;
  OflUpdaterHandler *handler;
  GSocketService *service;
  GPtrArray *links;
  GQueue queue;     /* of Waiting, the oldest first */
  Waiting *current; /* the worker's, or held */
  gboolean working;
  gboolean released; /* the decision came while the worker was about to hold */
  OflUpdaterDecision decision;
  OflUpdaterRefusal refusal;
  guint64 serial;
  guint n_refused;
  gboolean closed;
  GTask *closing;
};

G_DEFINE_FINAL_TYPE (OflUpdaterBroker, ofl_updater_broker, G_TYPE_OBJECT)

static const OflUpdaterRefusal no_such_command = { OFL_KEY_ILLEGAL_REQUEST, 0x20, 0x00 };

static void pump (OflUpdaterBroker *self);

static void
waiting_free (Waiting *self)
{
  g_clear_object (&self->link);
  ofl_updater_request_unref (self->request);
  g_free (self);
}

static void
go_free (Go *self)
{
  g_object_unref (self->transport);
  g_object_unref (self->handler);
  ofl_updater_request_unref (self->request);
  g_free (self);
}

static void
stop_listening (OflUpdaterBroker *self)
{
  if (self->service == NULL)
    return;
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
}

static void
ofl_updater_broker_dispose (GObject *object)
{
  OflUpdaterBroker *self = OFL_UPDATER_BROKER (object);

  stop_listening (self);
  g_clear_object (&self->service);
  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    ofl_updater_link_close (g_ptr_array_index (self->links, i));
  g_clear_pointer (&self->links, g_ptr_array_unref);
  g_queue_clear_full (&self->queue, (GDestroyNotify) waiting_free);
  g_clear_pointer (&self->current, waiting_free);
  g_clear_object (&self->transport);
  g_clear_object (&self->handler);
  G_OBJECT_CLASS (ofl_updater_broker_parent_class)->dispose (object);
}

static void
ofl_updater_broker_class_init (OflUpdaterBrokerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_updater_broker_dispose;
}

static void
ofl_updater_broker_init (OflUpdaterBroker *self)
{
  self->links = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->queue);
}

/**
 * ofl_updater_broker_new:
 * @transport: the way to the drive; nobody else uses it but while a request is held, and from
 *   inside the handler, until ofl_updater_broker_close_finish()
 * @handler: who decides
 *
 * Returns: (transfer full): a broker to which nobody can speak yet
 */
OflUpdaterBroker *
ofl_updater_broker_new (OflTransport *transport, OflUpdaterHandler *handler)
{
  OflUpdaterBroker *self = g_object_new (OFL_TYPE_UPDATER_BROKER, NULL);

  self->transport = g_object_ref (transport);
  self->handler = g_object_ref (handler);
  return self;
}

static void
put_refusal (const OflUpdaterRefusal *refusal, const OflCommand *command, OflReply *reply)
{
  guint8 sense[SENSE_LEN] = {
    0x70, [2] = refusal->key, [7] = SENSE_LEN - 8, [12] = refusal->asc, [13] = refusal->ascq
  };

  memset (reply, 0, sizeof *reply);
  reply->outcome = OFL_OUTCOME_SENSE;
  reply->status = STATUS_CHECK_CONDITION;
  reply->residual = command->length;
  ofl_sense_parse (&reply->sense, sense, sizeof sense);
}

/* In the worker: asks unless that is decided, and does it. */
static void
go_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Go *go = data;

  if (go->decision == OFL_UPDATER_HOLD)
    go->decision = ofl_updater_handler_decide (go->handler, go->request, &go->refusal);
  if (go->decision == OFL_UPDATER_RUN)
    ofl_updater_handler_sending (go->handler, go->request);
  if (go->decision == OFL_UPDATER_RUN)
    ofl_transport_execute (go->transport, &go->request->command, go->request->data, &go->reply);
  else if (go->decision == OFL_UPDATER_REFUSE)
    put_refusal (&go->refusal, &go->request->command, &go->reply);
  if (go->decision != OFL_UPDATER_HOLD)
    ofl_updater_handler_answered (go->handler, go->request, &go->reply);
  g_task_return_boolean (task, TRUE);
}

static void
withdraw_current (OflUpdaterBroker *self)
{
  g_autoptr (OflUpdaterRequest) request = ofl_updater_request_ref (self->current->request);

  g_clear_pointer (&self->current, waiting_free);
  ofl_updater_handler_withdrawn (self->handler, request);
}

static void
finish_closing (OflUpdaterBroker *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->closing);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void start_go (OflUpdaterBroker *self, OflUpdaterDecision decision,
                      const OflUpdaterRefusal *refusal);

/* The worker is free; its request is to be held. */
static void
begin_hold (OflUpdaterBroker *self)
{
  if (self->closed || self->current->link == NULL)
    withdraw_current (self);
  else if (self->released)
    start_go (self, self->decision, &self->refusal);
  else
    ofl_updater_handler_held (self->handler, self->current->request);
}

static void
end_current (OflUpdaterBroker *self, const Go *go)
{
  g_autoptr (OflUpdaterLink) link = g_steal_pointer (&self->current->link);

  g_clear_pointer (&self->current, waiting_free);
  if (link != NULL)
    ofl_updater_link_answer (link, go->request, &go->reply);
}

static void
go_done (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUpdaterBroker *self = OFL_UPDATER_BROKER (source);
  const Go *go = g_task_get_task_data (G_TASK (result));

  self->working = FALSE;
  if (go->decision == OFL_UPDATER_HOLD)
    begin_hold (self);
  else
    end_current (self, go);
  if (self->closed && !self->working)
    finish_closing (self);
  else
    pump (self);
}

static void
start_go (OflUpdaterBroker *self, OflUpdaterDecision decision, const OflUpdaterRefusal *refusal)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, go_done, NULL);
  Go *go = g_new0 (Go, 1);

  go->transport = g_object_ref (self->transport);
  go->handler = g_object_ref (self->handler);
  go->request = ofl_updater_request_ref (self->current->request);
  go->decision = decision;
  go->refusal = *refusal;
  self->working = TRUE;
  self->released = FALSE;
  g_task_set_source_tag (task, start_go);
  g_task_set_task_data (task, go, (GDestroyNotify) go_free);
  g_task_run_in_thread (task, go_thread);
}

/* The next one, if nothing is under way. */
static void
pump (OflUpdaterBroker *self)
{
  if (self->closed || self->current != NULL)
    return;
  self->current = g_queue_pop_head (&self->queue);
  if (self->current != NULL)
    start_go (self, OFL_UPDATER_HOLD, &no_such_command);
}

static void
request_came (OflUpdaterLink *link, OflUpdaterRequest *request, gpointer data)
{
  OflUpdaterBroker *self = data;
  Waiting *waiting = g_new0 (Waiting, 1);

  request->serial = ++self->serial;
  waiting->link = g_object_ref (link);
  waiting->request = ofl_updater_request_ref (request);
  g_queue_push_tail (&self->queue, waiting);
  pump (self);
}

/* What waits in the queue of a program that has gone is not for the drive any more. */
static void
forget_queued (OflUpdaterBroker *self, OflUpdaterLink *link)
{
  GList *next;

  for (GList *l = self->queue.head; l != NULL; l = next)
    {
      Waiting *waiting = l->data;

      next = l->next;
      if (waiting->link != link)
        continue;
      g_queue_delete_link (&self->queue, l);
      waiting_free (waiting);
    }
}

static void
link_ended (OflUpdaterLink *link, const char *fault, gpointer data)
{
  OflUpdaterBroker *self = data;

  if (fault != NULL)
    {
      self->n_refused++;
      g_debug ("A message from the cage was refused: %s", fault);
    }
  forget_queued (self, link);
  if (self->current != NULL && self->current->link == link)
    {
      g_clear_object (&self->current->link);
      if (!self->working)
        withdraw_current (self);
    }
  g_ptr_array_remove (self->links, link);
  pump (self);
}

/**
 * ofl_updater_broker_add_connection:
 * @self: a broker
 * @connection: a stream over which requests come
 *
 * Serves it until it ends. Beyond 64 at a time it is closed at once.
 */
void
ofl_updater_broker_add_connection (OflUpdaterBroker *self, GSocketConnection *connection)
{
  OflUpdaterLink *link;

  g_return_if_fail (OFL_IS_UPDATER_BROKER (self) && G_IS_SOCKET_CONNECTION (connection));
  if (self->closed || self->links->len >= LINKS_MAX)
    {
      self->n_refused++;
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      return;
    }
  link = ofl_updater_link_new (connection, request_came, link_ended, self);
  g_ptr_array_add (self->links, link);
  ofl_updater_link_start (link);
}

static gboolean
connection_came (GSocketService *service, GSocketConnection *connection, GObject *source,
                 gpointer data)
{
  ofl_updater_broker_add_connection (data, connection);
  return TRUE;
}

static void
begin_service (OflUpdaterBroker *self)
{
  self->service = g_socket_service_new ();
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (connection_came), self, 0);
}

/**
 * ofl_updater_broker_listen:
 * @self: a broker
 * @path: where its socket is to be, at most 107 bytes, in a folder that only this user can enter
 * @error: return location
 *
 * Returns: whether the cage can speak to it there
 */
gboolean
ofl_updater_broker_listen (OflUpdaterBroker *self, const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;

  g_return_val_if_fail (OFL_IS_UPDATER_BROKER (self) && self->service == NULL, FALSE);
  address = g_unix_socket_address_new (path);
  begin_service (self);
  return g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                        G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                        error);
}

/**
 * ofl_updater_broker_listen_on:
 * @self: a broker
 * @socket: one that listens
 * @error: return location
 *
 * Returns: whether the cage can speak to it there
 */
gboolean
ofl_updater_broker_listen_on (OflUpdaterBroker *self, GSocket *socket, GError **error)
{
  g_return_val_if_fail (OFL_IS_UPDATER_BROKER (self) && self->service == NULL, FALSE);
  begin_service (self);
  return g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), socket, NULL, error);
}

/**
 * ofl_updater_broker_get_held:
 * @self: a broker
 *
 * Returns: (transfer none) (nullable): the request that is being held
 */
OflUpdaterRequest *
ofl_updater_broker_get_held (OflUpdaterBroker *self)
{
  g_return_val_if_fail (OFL_IS_UPDATER_BROKER (self), NULL);
  return self->current != NULL && !self->working ? self->current->request : NULL;
}

/**
 * ofl_updater_broker_release:
 * @self: a broker
 * @serial: the number of the request that was decided
 * @decision: %OFL_UPDATER_RUN or %OFL_UPDATER_REFUSE
 * @refusal: (nullable): what a refused program is told; ILLEGAL REQUEST, 20/00, without
 *
 * Lets the request go on that the handler has held, or is just about to hold. Does nothing when the
 * program has taken that one back: another that is held by then was not what was decided.
 *
 * Returns: whether it goes on
 */
gboolean
ofl_updater_broker_release (OflUpdaterBroker *self, guint64 serial, OflUpdaterDecision decision,
                            const OflUpdaterRefusal *refusal)
{
  g_return_val_if_fail (OFL_IS_UPDATER_BROKER (self) && decision != OFL_UPDATER_HOLD, FALSE);
  if (self->current == NULL || self->current->request->serial != serial)
    return FALSE;
  self->decision = decision;
  self->refusal = refusal != NULL ? *refusal : no_such_command;
  self->released = TRUE;
  if (!self->working)
    start_go (self, self->decision, &self->refusal);
  return TRUE;
}

/**
 * ofl_updater_broker_get_n_refused:
 * @self: a broker
 *
 * Returns: how many connections were closed for what they sent, or for being too many
 */
guint
ofl_updater_broker_get_n_refused (OflUpdaterBroker *self)
{
  g_return_val_if_fail (OFL_IS_UPDATER_BROKER (self), 0);
  return self->n_refused;
}

/**
 * ofl_updater_broker_close_async:
 * @self: a broker
 * @callback: called when the drive is free
 * @data: for it
 *
 * Hangs up on all that is in the cage. A command that the drive has is waited for; what was held is
 * withdrawn; what waited never reaches the drive.
 */
void
ofl_updater_broker_close_async (OflUpdaterBroker *self, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OFL_IS_UPDATER_BROKER (self) && self->closing == NULL);
  self->closing = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (self->closing, ofl_updater_broker_close_async);
  self->closed = TRUE;
  stop_listening (self);
  for (guint i = 0; i < self->links->len; i++)
    ofl_updater_link_close (g_ptr_array_index (self->links, i));
  g_ptr_array_set_size (self->links, 0);
  g_queue_clear_full (&self->queue, (GDestroyNotify) waiting_free);
  if (self->working)
    return;
  if (self->current != NULL)
    withdraw_current (self);
  finish_closing (self);
}

/**
 * ofl_updater_broker_close_finish:
 * @self: a broker
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: %TRUE
 */
gboolean
ofl_updater_broker_close_finish (OflUpdaterBroker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
