/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runner of a process that may make no cage: a keeper does it. */
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

#include "scsi/ofl-error.h"
#include "updater/ofl-updater-cage-private.h"
#include "updater/ofl-updater-keeper.h"

/* It only looks for a few files before it answers. */
#define OPEN_US (60 * G_USEC_PER_SEC)
/* A cage's processes are killed at once; what a run has left is removed, which takes a moment. */
#define END_SECONDS 60

struct _OflUpdaterKept {
  GObject parent_instance;

  GSocket *socket; /* NULL where there was none */
  GSource *source;
  GSource *patience; /* after it was told to end */
  GTask *task; /* while the program runs, or is about to */
  gboolean running;
};

static void ofl_updater_kept_iface_init (OflUpdaterRunnerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OflUpdaterKept, ofl_updater_kept, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OFL_TYPE_UPDATER_RUNNER,
                                                      ofl_updater_kept_iface_init))

static void
set_lost (GError **error)
{
  ofl_set_error (error, OFL_ERROR_FAILED,
                 _ ("The process in which the maker's program runs has ended, and the program with "
                    "it."));
}

static void
set_silent (GCancellable *cancellable, GError **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    ofl_cage_set_cancelled (error);
  else
    ofl_set_error (error, OFL_ERROR_FAILED,
                   _ ("The process that is to run the maker's program does not answer."));
}

static gboolean
is_listening (GSocket *socket)
{
  int value = 0;

  return g_socket_get_socket_type (socket) == G_SOCKET_TYPE_STREAM
         && g_socket_get_option (socket, SOL_SOCKET, SO_ACCEPTCONN, &value, NULL) && value != 0;
}

static void
set_failed (const OflKeeperWord *word, GError **error)
{
  if (word->status < 0)
    ofl_cage_set_cancelled (error);
  else
    ofl_error_take (error, word->status < OFL_N_ERRORS ? (OflError) word->status : OFL_ERROR_FAILED,
                    (OflSentence){ g_strdup (word->text), g_strdup (word->english) });
}

/* A keeper's sentence is in the language of whoever started it, which is the user's. */
static GSocket *
ofl_updater_kept_open (OflUpdaterRunner *runner, GCancellable *cancellable, GError **error)
{
  OflUpdaterKept *self = OFL_UPDATER_KEPT (runner);
  g_auto (OflKeeperWord) word = { 0 };
  g_autoptr (GSocket) listening = NULL;

  if (self->socket == NULL)
    set_silent (NULL, error);
  else if (!g_socket_condition_timed_wait (self->socket, G_IO_IN, OPEN_US, cancellable, NULL))
    set_silent (cancellable, error);
  else if (ofl_keeper_hear (self->socket, &word, &listening) <= 0)
    set_silent (NULL, error);
  else if (g_str_equal (word.word, OFL_UPDATER_KEEPER_FAILED))
    set_failed (&word, error);
  else if (g_str_equal (word.word, OFL_UPDATER_KEEPER_OPEN) && listening != NULL
           && is_listening (listening))
    return g_steal_pointer (&listening);
  else
    set_silent (NULL, error);
  return NULL;
}

static OflUpdaterEnd *
take_end (OflKeeperWord *word)
{
  OflUpdaterEnd *end = g_new0 (OflUpdaterEnd, 1);

  end->ended_by_us = word->by_us;
  end->crashed = word->crashed;
  end->status = word->status;
  end->output = g_steal_pointer (&word->text);
  return end;
}

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* It lives, and does not do what it was told to. The broker hears nothing of its cage after this. */
static gboolean
on_impatient (gpointer data)
{
  OflUpdaterKept *self = data;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  GError *error = NULL;

  self->running = FALSE;
  g_socket_close (self->socket, NULL);
  if (task != NULL)
    {
      ofl_set_error (&error, OFL_ERROR_FAILED,
                     _ ("The process in which the maker's program runs does not answer, and is not "
                        "listened to any more."));
      g_task_return_error (task, error);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
on_heard (GSocket *socket, GIOCondition condition, gpointer data)
{
  OflUpdaterKept *self = data;
  g_auto (OflKeeperWord) word = { 0 };
  g_autoptr (GTask) task = NULL;
  gssize n = ofl_keeper_hear (socket, &word, NULL);
  GError *error = NULL;

  if (n == 0)
    return G_SOURCE_CONTINUE;
  if (n > 0 && g_str_equal (word.word, OFL_UPDATER_KEEPER_RUNNING))
    {
      self->running = TRUE;
      return G_SOURCE_CONTINUE;
    }
  self->running = FALSE;
  task = g_steal_pointer (&self->task);
  if (task == NULL)
    return G_SOURCE_REMOVE;
  if (n > 0 && g_str_equal (word.word, OFL_UPDATER_KEEPER_ENDED))
    g_task_return_pointer (task, take_end (&word), (GDestroyNotify) ofl_updater_end_free);
  else
    {
      if (n > 0 && g_str_equal (word.word, OFL_UPDATER_KEEPER_FAILED))
        set_failed (&word, &error);
      else
        set_lost (&error);
      g_task_return_error (task, error);
    }
  return G_SOURCE_REMOVE;
}

static void
say (OflUpdaterKept *self, const char *word)
{
  const OflKeeperWord message = { .word = (char *) word };

  /* whoever cannot hear it any more is gone, which is heard */
  ofl_keeper_say (self->socket, &message, NULL);
}

static void
ofl_updater_kept_run_async (OflUpdaterRunner *runner, GAsyncReadyCallback callback, gpointer data)
{
  OflUpdaterKept *self = OFL_UPDATER_KEPT (runner);

  self->task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (self->task, ofl_updater_kept_run_async);
  say (self, OFL_UPDATER_KEEPER_GO);
  self->source = g_socket_create_source (self->socket, G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_heard), self, NULL);
  g_source_attach (self->source, g_task_get_context (self->task));
}

static OflUpdaterEnd *
ofl_updater_kept_run_finish (OflUpdaterRunner *runner, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
ofl_updater_kept_is_running (OflUpdaterRunner *runner)
{
  return OFL_UPDATER_KEPT (runner)->running;
}

static void
ofl_updater_kept_end (OflUpdaterRunner *runner)
{
  OflUpdaterKept *self = OFL_UPDATER_KEPT (runner);

  say (self, OFL_UPDATER_KEEPER_END);
  if (self->task == NULL || self->patience != NULL)
    return;
  self->patience = g_timeout_source_new_seconds (END_SECONDS);
  g_source_set_callback (self->patience, on_impatient, self, NULL);
  g_source_attach (self->patience, g_task_get_context (self->task));
}

static void
ofl_updater_kept_finalize (GObject *object)
{
  OflUpdaterKept *self = OFL_UPDATER_KEPT (object);

  drop_source (&self->source);
  drop_source (&self->patience);
  g_clear_object (&self->socket);
  G_OBJECT_CLASS (ofl_updater_kept_parent_class)->finalize (object);
}

static void
ofl_updater_kept_iface_init (OflUpdaterRunnerInterface *iface)
{
  iface->open = ofl_updater_kept_open;
  iface->run_async = ofl_updater_kept_run_async;
  iface->run_finish = ofl_updater_kept_run_finish;
  iface->is_running = ofl_updater_kept_is_running;
  iface->end = ofl_updater_kept_end;
}

static void
ofl_updater_kept_class_init (OflUpdaterKeptClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_updater_kept_finalize;
}

static void
ofl_updater_kept_init (OflUpdaterKept *self)
{
}

/**
 * ofl_updater_kept_new:
 * @fd: (transfer full): what ofl_updater_keeper_spawn() gave
 *
 * Returns: (transfer full): a runner whose keeper makes the cage
 */
OflUpdaterRunner *
ofl_updater_kept_new (int fd)
{
  OflUpdaterKept *self = g_object_new (OFL_TYPE_UPDATER_KEPT, NULL);

  self->socket = ofl_keeper_take_socket (fd);
  if (self->socket != NULL)
    g_socket_set_blocking (self->socket, FALSE);
  return OFL_UPDATER_RUNNER (self);
}
