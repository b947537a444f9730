/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-tally.h"

#define TALLY "ofl-tally"

struct _OflTally {
  gatomicrefcount refs;
  gint done, total; /* atomic: the worker counts, the main loop reads */
};

/**
 * ofl_tally_new:
 *
 * Returns: (transfer full): a count of nothing, of nobody knows how many
 */
OflTally *
ofl_tally_new (void)
{
  OflTally *self = g_new0 (OflTally, 1);

  g_atomic_ref_count_init (&self->refs);
  return self;
}

/**
 * ofl_tally_ref:
 * @self: a tally
 *
 * Returns: (transfer full): the same
 */
OflTally *
ofl_tally_ref (OflTally *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_tally_unref:
 * @self: (transfer full): a tally
 */
void
ofl_tally_unref (OflTally *self)
{
  if (g_atomic_ref_count_dec (&self->refs))
    g_free (self);
}

/**
 * ofl_tally_read:
 * @self: a tally
 * @total: (out): how many there will be, 0 while that is not known
 *
 * From any thread.
 *
 * Returns: how many are done, at most @total once that is known
 */
guint
ofl_tally_read (OflTally *self, guint *total)
{
  guint done = (guint) g_atomic_int_get (&self->done);

  *total = (guint) g_atomic_int_get (&self->total);
  return *total > 0 ? MIN (done, *total) : done;
}

static OflTally *
tally_of (OflTransport *transport)
{
  return g_object_get_data (G_OBJECT (transport), TALLY);
}

/**
 * ofl_tally_attach:
 * @self: (nullable): a tally
 * @transport: an open transport
 *
 * What is asked over @transport from now on is counted, where it is something that counts: an
 * examination, a link test.
 */
void
ofl_tally_attach (OflTally *self, OflTransport *transport)
{
  if (self != NULL)
    g_object_set_data_full (G_OBJECT (transport), TALLY, ofl_tally_ref (self),
                            (GDestroyNotify) ofl_tally_unref);
}

/**
 * ofl_tally_expect:
 * @transport: the transport that is asked over
 * @total: how many steps will be done from now on
 */
void
ofl_tally_expect (OflTransport *transport, guint total)
{
  OflTally *self = tally_of (transport);

  if (self == NULL)
    return;
  g_atomic_int_set (&self->done, 0);
  g_atomic_int_set (&self->total, (gint) total);
}

/**
 * ofl_tally_step:
 * @transport: the transport that is asked over
 *
 * One more is done.
 */
void
ofl_tally_step (OflTransport *transport)
{
  OflTally *self = tally_of (transport);

  if (self != NULL)
    g_atomic_int_inc (&self->done);
}
