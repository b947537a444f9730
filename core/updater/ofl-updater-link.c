/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a request, waits for its answer, writes it, and again, without ever blocking. All in the
 * thread whose main context it was started in. */
#include "updater/ofl-updater-link.h"

#include <string.h>

struct _OflUpdaterLink {
  GObject parent_instance;

  GSocketConnection *connection;
  GCancellable *cancellable; /* ends what is under way when the link is closed */
  OflUpdaterLinkRequest on_request;
  OflUpdaterLinkEnd on_end; /* NULL once it was called */
  gpointer data;

  OflUpdaterWireRequest head;
  OflUpdaterRequest *coming; /* its data is being read */
  GSource *watch;            /* for a hang-up while the answer is made */
  guint8 *answer;            /* header and data, being written */
};

G_DEFINE_FINAL_TYPE (OflUpdaterLink, ofl_updater_link, G_TYPE_OBJECT)

static void
drop_watch (OflUpdaterLink *self)
{
  if (self->watch == NULL)
    return;
  g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static void
ofl_updater_link_dispose (GObject *object)
{
  OflUpdaterLink *self = OFL_UPDATER_LINK (object);

  drop_watch (self);
  g_clear_object (&self->connection);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->coming, ofl_updater_request_unref);
  g_clear_pointer (&self->answer, g_free);
  G_OBJECT_CLASS (ofl_updater_link_parent_class)->dispose (object);
}

static void
ofl_updater_link_class_init (OflUpdaterLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_updater_link_dispose;
}

static void
ofl_updater_link_init (OflUpdaterLink *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * ofl_updater_link_new:
 * @connection: where it comes from
 * @request: called with every request
 * @end: called once, when nothing comes any more
 * @data: for both
 *
 * Returns: (transfer full): a link that does not read yet
 */
OflUpdaterLink *
ofl_updater_link_new (GSocketConnection *connection, OflUpdaterLinkRequest request,
                      OflUpdaterLinkEnd end, gpointer data)
{
  OflUpdaterLink *self = g_object_new (OFL_TYPE_UPDATER_LINK, NULL);

  self->connection = g_object_ref (connection);
  self->on_request = request;
  self->on_end = end;
  self->data = data;
  return self;
}

/* @fault: %NULL for an ordinary end */
static void
finish (OflUpdaterLink *self, const char *fault)
{
  OflUpdaterLinkEnd on_end = g_steal_pointer (&self->on_end);

  drop_watch (self);
  g_cancellable_cancel (self->cancellable);
  g_io_stream_close_async (G_IO_STREAM (self->connection), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  if (on_end != NULL)
    on_end (self, fault, self->data);
}

static gboolean
hung_up (GSocket *socket, GIOCondition condition, gpointer data)
{
  g_autoptr (OflUpdaterLink) self = g_object_ref (data);

  finish (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
hand_over (OflUpdaterLink *self)
{
  g_autoptr (OflUpdaterRequest) request = g_steal_pointer (&self->coming);
  GSocket *socket = g_socket_connection_get_socket (self->connection);

  self->watch = g_socket_create_source (socket, G_IO_HUP | G_IO_ERR, NULL);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (hung_up), self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
  self->on_request (self, request, self->data);
}

static void
data_came (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUpdaterLink) self = data;
  gsize n = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL)
      || n < self->coming->command.length)
    finish (self, g_cancellable_is_cancelled (self->cancellable) ? NULL : "its data is cut short");
  else if (!g_cancellable_is_cancelled (self->cancellable))
    hand_over (self);
}

static void
read_data (OflUpdaterLink *self)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));

  g_input_stream_read_all_async (in, self->coming->data, self->coming->command.length,
                                 G_PRIORITY_DEFAULT, self->cancellable, data_came,
                                 g_object_ref (self));
}

static void
head_came (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUpdaterLink) self = data;
  const char *fault = NULL;
  gsize n = 0;
  gboolean ok = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!ok || n < sizeof self->head)
    {
      finish (self, n > 0 ? "it is cut short" : NULL);
      return;
    }
  self->coming = ofl_updater_request_new (&self->head, &fault);
  if (self->coming == NULL)
    finish (self, fault);
  else if (self->coming->command.dir == OFL_DIR_OUT && self->coming->command.length > 0)
    read_data (self);
  else
    hand_over (self);
}

/**
 * ofl_updater_link_start:
 * @self: a link that waits for nothing
 *
 * Waits for a request, in the thread's default main context.
 */
void
ofl_updater_link_start (OflUpdaterLink *self)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));

  g_input_stream_read_all_async (in, &self->head, sizeof self->head, G_PRIORITY_DEFAULT,
                                 self->cancellable, head_came, g_object_ref (self));
}

static void
answer_went (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUpdaterLink) self = data;
  gboolean ok = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  g_clear_pointer (&self->answer, g_free);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (ok)
    ofl_updater_link_start (self);
  else
    finish (self, NULL);
}

/**
 * ofl_updater_link_answer:
 * @self: a link that waits for an answer
 * @request: the request, with its data
 * @reply: what became of it
 *
 * Tells the program, and waits for its next request. Does nothing once the link has ended.
 */
void
ofl_updater_link_answer (OflUpdaterLink *self, OflUpdaterRequest *request, const OflReply *reply)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));
  OflUpdaterWireAnswer head;

  drop_watch (self);
  if (self->on_end == NULL)
    return;
  ofl_updater_request_put_answer (request, reply, &head);
  self->answer = g_malloc (sizeof head + head.length);
  memcpy (self->answer, &head, sizeof head);
  memcpy (self->answer + sizeof head, request->data, head.length);
  g_output_stream_write_all_async (out, self->answer, sizeof head + head.length, G_PRIORITY_DEFAULT,
                                   self->cancellable, answer_went, g_object_ref (self));
}

/**
 * ofl_updater_link_close:
 * @self: a link
 *
 * Hangs up, without calling back.
 */
void
ofl_updater_link_close (OflUpdaterLink *self)
{
  self->on_end = NULL;
  finish (self, NULL);
}
