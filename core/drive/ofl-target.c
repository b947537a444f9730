/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-target-private.h"

/* More than two commands without an answer (OFL_TIMEOUT_PROBE), so that a drive which does not
 * answer at all delays a job and does not refuse it. */
#define PROBE_WAIT_S 25

struct _OflTarget {
  gatomicrefcount refs;
  char *id;
  char *sr_node;
  char *sg_node;
  OflTopology topology;
  OflTargetOpenFunc open;
  gpointer data;
  GDestroyNotify data_free;
  GMutex lock;
  GCond probe_ended;
  guint n_probes;
};

/**
 * ofl_target_new:
 * @id: what this drive is called in lists and on the command line
 * @sr_node: (nullable): its block device
 * @sg_node: (nullable): its sg device
 * @topology: how it is plugged in; copied
 * @open: makes a transport; called on worker threads
 * @data: for @open
 * @data_free: (nullable): frees @data, on whichever thread lets go last
 *
 * Returns: (transfer full): a target
 */
OflTarget *
ofl_target_new (const char *id, const char *sr_node, const char *sg_node,
                const OflTopology *topology, OflTargetOpenFunc open, gpointer data,
                GDestroyNotify data_free)
{
  OflTarget *self = g_new0 (OflTarget, 1);

  g_atomic_ref_count_init (&self->refs);
  self->id = g_strdup (id);
  self->sr_node = g_strdup (sr_node);
  self->sg_node = g_strdup (sg_node);
  self->topology = *topology;
  self->open = open;
  self->data = data;
  self->data_free = data_free;
  g_mutex_init (&self->lock);
  g_cond_init (&self->probe_ended);
  return self;
}

/**
 * ofl_target_ref:
 * @self: a target
 *
 * Returns: (transfer full): @self
 */
OflTarget *
ofl_target_ref (OflTarget *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_target_unref:
 * @self: (transfer full): a target
 */
void
ofl_target_unref (OflTarget *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->data_free != NULL)
    self->data_free (self->data);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->probe_ended);
  g_free (self->id);
  g_free (self->sr_node);
  g_free (self->sg_node);
  g_free (self);
}

/**
 * ofl_target_get_id:
 * @self: a target
 *
 * Returns: what the drive is called in lists
 */
const char *
ofl_target_get_id (const OflTarget *self)
{
  return self->id;
}

/**
 * ofl_target_get_sr_node:
 * @self: a target
 *
 * Returns: (nullable): its block device
 */
const char *
ofl_target_get_sr_node (const OflTarget *self)
{
  return self->sr_node;
}

/**
 * ofl_target_get_sg_node:
 * @self: a target
 *
 * Returns: (nullable): its sg device
 */
const char *
ofl_target_get_sg_node (const OflTarget *self)
{
  return self->sg_node;
}

/**
 * ofl_target_get_topology:
 * @self: a target
 *
 * Returns: how it is plugged in
 */
const OflTopology *
ofl_target_get_topology (const OflTarget *self)
{
  return &self->topology;
}

/**
 * ofl_target_get_data:
 * @self: a target
 * @open: how targets of one's own are opened
 *
 * For who made targets, to find what stands behind one of them.
 *
 * Returns: (transfer none) (nullable): the data of @open; %NULL when the target is opened in
 *   another way
 */
gpointer
ofl_target_get_data (const OflTarget *self, OflTargetOpenFunc open)
{
  return self->open == open ? self->data : NULL;
}

/**
 * ofl_target_is_practice:
 * @self: a target
 *
 * Returns: whether it is an emulated drive
 */
gboolean
ofl_target_is_practice (const OflTarget *self)
{
  return self->topology.bus == OFL_BUS_PRACTICE;
}

/**
 * ofl_target_begin_probe:
 * @self: a target
 *
 * A read-only look at the drive begins; ofl_target_end_probe() must follow on any path. Any
 * thread; several probes may overlap.
 */
void
ofl_target_begin_probe (OflTarget *self)
{
  g_mutex_lock (&self->lock);
  self->n_probes++;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_target_end_probe:
 * @self: a target
 *
 * The look has ended and its transport is closed.
 */
void
ofl_target_end_probe (OflTarget *self)
{
  g_mutex_lock (&self->lock);
  self->n_probes--;
  g_cond_broadcast (&self->probe_ended);
  g_mutex_unlock (&self->lock);
}

static void
wait_for_probes (OflTarget *self)
{
  gint64 until = g_get_monotonic_time () + PROBE_WAIT_S * G_TIME_SPAN_SECOND;

  g_mutex_lock (&self->lock);
  while (self->n_probes > 0 && g_cond_wait_until (&self->probe_ended, &self->lock, until))
    ;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_target_open:
 * @self: a target
 * @flags: how
 * @error: return location
 *
 * Opens the drive. Blocks: worker threads only. An exclusive open first waits, at most 25 s, for
 * identifications of the same target in this process.
 *
 * Returns: (transfer full): a transport; %NULL with %OFL_ERROR_BUSY, %OFL_ERROR_NO_ACCESS,
 *   %OFL_ERROR_LOST or what else opening found
 */
OflTransport *
ofl_target_open (const OflTarget *self, OflOpenFlags flags, GError **error)
{
  OflTransport *transport;

  if ((flags & OFL_OPEN_EXCLUSIVE) != 0)
    wait_for_probes ((OflTarget *) self); /* the lock is no part of what is constant */
  transport = self->open (self, flags, self->data, error);
  if (transport != NULL && !ofl_target_is_practice (self))
    g_object_set_data (G_OBJECT (transport), OFL_TRANSPORT_BUS,
                       (gpointer) ofl_bus_id (self->topology.bus));
  return transport;
}

/**
 * ofl_target_equal:
 * @a: a target
 * @b: another one
 *
 * Returns: whether both name the same nodes of the same device
 */
gboolean
ofl_target_equal (const OflTarget *a, const OflTarget *b)
{
  return g_strcmp0 (a->id, b->id) == 0 && g_strcmp0 (a->sr_node, b->sr_node) == 0
         && g_strcmp0 (a->sg_node, b->sg_node) == 0
         && g_strcmp0 (a->topology.device_path, b->topology.device_path) == 0;
}
