/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-asking.h"

#include <glib/gi18n.h>

#define LOOK_MS 100

struct _OflUiAsking {
  OflUiToolWindow *window; /* NULL once it was closed */
  OflUiSession *session;
  GCancellable *cancellable;
  OflTally *tally;
  OflUiAskingWords words;
  guint timer;
};

static gboolean
on_tick (gpointer data)
{
  OflUiAsking *self = data;
  guint total, done = ofl_tally_read (self->tally, &total);
  g_autofree char *text = g_cancellable_is_cancelled (self->cancellable)
                              ? g_strdup (_ ("Breaking off, as soon as the drive has answered…"))
                              : self->words (done, total);

  ofl_ui_tool_window_show_progress (self->window, total > 0 ? (double) done / total : -1, text);
  return G_SOURCE_CONTINUE;
}

/**
 * ofl_ui_asking_begin:
 * @window: a window about a drive that ofl_ui_session_why_not_ask() is %NULL for
 * @words: how far it has come, in words
 *
 * Holds the drive, and shows progress.
 *
 * Returns: (transfer full): what ofl_ui_asking_end() takes when the answer is there
 */
OflUiAsking *
ofl_ui_asking_begin (OflUiToolWindow *window, OflUiAskingWords words)
{
  OflUiAsking *self = g_new0 (OflUiAsking, 1);

  self->window = window;
  self->session = g_object_ref (ofl_ui_tool_window_get_session (window));
  self->cancellable = g_cancellable_new ();
  self->tally = ofl_tally_new ();
  self->words = words;
  self->timer = g_timeout_add (LOOK_MS, on_tick, self);
  on_tick (self);
  ofl_ui_session_hold (self->session);
  return self;
}

/**
 * ofl_ui_asking_get_tally:
 * @self: what is asked
 *
 * Returns: (transfer none): what counts its steps
 */
OflTally *
ofl_ui_asking_get_tally (OflUiAsking *self)
{
  return self->tally;
}

/**
 * ofl_ui_asking_get_cancellable:
 * @self: what is asked
 *
 * Returns: (transfer none): what breaks it off
 */
GCancellable *
ofl_ui_asking_get_cancellable (OflUiAsking *self)
{
  return self->cancellable;
}

/**
 * ofl_ui_asking_cancel:
 * @self: what is asked
 *
 * Breaks it off; it ends when the drive has answered.
 */
void
ofl_ui_asking_cancel (OflUiAsking *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->window != NULL)
    on_tick (self);
}

/**
 * ofl_ui_asking_abandon:
 * @self: what is asked
 *
 * The window goes: it is broken off, and nobody waits for the answer.
 */
void
ofl_ui_asking_abandon (OflUiAsking *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->window = NULL;
  g_cancellable_cancel (self->cancellable);
}

/**
 * ofl_ui_asking_end:
 * @self: (transfer full): what was asked
 *
 * The answer is there: the drive is free again.
 *
 * Returns: (nullable) (transfer none): the window that waits for it; %NULL when it was closed
 */
OflUiToolWindow *
ofl_ui_asking_end (OflUiAsking *self)
{
  OflUiToolWindow *window = self->window;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (window != NULL)
    ofl_ui_tool_window_show_progress (window, 0, NULL);
  ofl_ui_session_release (self->session);
  g_object_unref (self->session);
  g_object_unref (self->cancellable);
  ofl_tally_unref (self->tally);
  g_free (self);
  return window;
}
