/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-finder-cdio.h"

#include <gio/gio.h>
#include <stdlib.h>

struct _OflFinderCdio {
  const OflFinderEvents *events;
  gpointer owner;
  OflFinderListFunc list;
  guint timer;
  gboolean looked;
  gboolean looking;
  GCancellable *cancellable;
  GHashTable *known; /* set of nodes */
};

/* libcdio opens the devices it tries, so it works on a thread of its own. It may name a device by
 * a link ("/dev/cdrom") and twice. */
static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  OflFinderListFunc list = *(OflFinderListFunc *) task_data;
  g_auto (GStrv) devices = list ();
  GHashTable *nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; devices != NULL && devices[i] != NULL; i++)
    {
      char *resolved = realpath (devices[i], NULL);

      g_hash_table_add (nodes, g_strdup (resolved != NULL ? resolved : devices[i]));
      free (resolved);
    }
  g_task_return_pointer (task, nodes, (GDestroyNotify) g_hash_table_unref);
}

static void
tell_difference (OflFinderCdio *self, GHashTable *now)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->known);
  GHashTableIter iter;
  gpointer node;

  self->known = g_hash_table_ref (now);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    if (!g_hash_table_contains (now, node))
      self->events->vanished (node, self->owner);
  g_hash_table_iter_init (&iter, now);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    if (!g_hash_table_contains (before, node))
      self->events->appeared (node, self->owner);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GHashTable) now = g_task_propagate_pointer (G_TASK (result), NULL);
  OflFinderCdio *self = data;

  if (now == NULL) /* cancelled: the finder is gone */
    return;
  self->looking = FALSE;
  tell_difference (self, now);
  if (!self->looked)
    {
      self->looked = TRUE;
      self->events->looked (self->owner);
    }
}

/* Opening a drive makes the kernel ask it for its disc. While a job runs no such command may
 * come in between, so the list waits. */
static gboolean
on_timer (gpointer data)
{
  OflFinderCdio *self = data;
  g_autoptr (GTask) task = NULL;

  if (self->looking || !self->events->may_look (self->owner))
    return G_SOURCE_CONTINUE;
  self->looking = TRUE;
  task = g_task_new (NULL, self->cancellable, on_listed, self);
  g_task_set_task_data (task, g_memdup2 (&self->list, sizeof self->list), g_free);
  g_task_run_in_thread (task, list_in_thread);
  return G_SOURCE_CONTINUE;
}

/**
 * ofl_finder_cdio_new:
 * @events: what to call; must outlive the finder
 * @owner: passed to @events
 * @list: (nullable): where the names come from; %NULL for ofl_finder_cdio_list()
 * @period_ms: time between two looks
 *
 * Finds drives by asking libcdio again and again, on a worker thread: the way that works on every
 * platform libcdio knows. Tells of what came and went, on the default main context.
 *
 * Returns: (transfer full): a finder
 */
OflFinderCdio *
ofl_finder_cdio_new (const OflFinderEvents *events, gpointer owner, OflFinderListFunc list,
                     guint period_ms)
{
  OflFinderCdio *self = g_new0 (OflFinderCdio, 1);

  self->events = events;
  self->owner = owner;
  self->list = list != NULL ? list : ofl_finder_cdio_list;
  self->cancellable = g_cancellable_new ();
  self->known = g_hash_table_new (g_str_hash, g_str_equal);
  self->timer = g_timeout_add (period_ms, on_timer, self);
  on_timer (self);
  return self;
}

/**
 * ofl_finder_cdio_free:
 * @self: (transfer full): a finder
 *
 * A look that is under way ends on its own thread; its result is dropped.
 */
void
ofl_finder_cdio_free (OflFinderCdio *self)
{
  g_source_remove (self->timer);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_hash_table_unref (self->known);
  g_free (self);
}
