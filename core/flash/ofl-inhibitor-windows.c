/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows keeps the computer awake for as long as a thread that asked for it lives, so a thread of its
 * own asks, and waits. A shutdown that somebody asks for is not blocked: only a program with a window
 * can. */
#include "flash/ofl-inhibitor.h"

#include <windows.h>

#include "scsi/ofl-error.h"

/* One block: what its thread and the inhibitor share. */
typedef struct {
  gatomicrefcount refs;
  GMutex lock;
  GCond changed;
  gboolean asked; /* Windows has answered */
  gboolean given;
  gboolean over;
} Block;

struct _OflInhibitor {
  GMutex lock;
  Block *block; /* NULL while nothing is held */
};

static void
block_unref (Block *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static gpointer
hold (gpointer data)
{
  Block *self = data;
  gboolean given = SetThreadExecutionState (ES_CONTINUOUS | ES_SYSTEM_REQUIRED) != 0;

  g_mutex_lock (&self->lock);
  self->asked = TRUE;
  self->given = given;
  g_cond_broadcast (&self->changed);
  while (given && !self->over)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  SetThreadExecutionState (ES_CONTINUOUS);
  block_unref (self);
  return NULL;
}

static void
block_end (Block *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->over = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  block_unref (self);
}

/* Returns: NULL when Windows did not give it */
static Block *
block_begin (void)
{
  Block *self = g_new0 (Block, 1);
  gboolean given;

  g_atomic_ref_count_init (&self->refs);
  g_atomic_ref_count_inc (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_thread_unref (g_thread_new ("ofl-awake", hold, self));
  g_mutex_lock (&self->lock);
  while (!self->asked)
    g_cond_wait (&self->changed, &self->lock);
  given = self->given;
  g_mutex_unlock (&self->lock);
  if (given)
    return self;
  block_unref (self);
  return NULL;
}

static void
replace (OflInhibitor *self, Block *block)
{
  Block *old;

  g_mutex_lock (&self->lock);
  old = self->block;
  self->block = block;
  g_mutex_unlock (&self->lock);
  block_end (old);
}

/**
 * ofl_inhibitor_new_on:
 * @way: not used
 *
 * Returns: (transfer full): an inhibitor that holds nothing yet
 */
OflInhibitor *
ofl_inhibitor_new_on (OflSystemBus *way)
{
  return ofl_inhibitor_new ();
}

/**
 * ofl_inhibitor_new:
 *
 * Returns: (transfer full): an inhibitor that holds nothing yet
 */
OflInhibitor *
ofl_inhibitor_new (void)
{
  OflInhibitor *self = g_new0 (OflInhibitor, 1);

  g_mutex_init (&self->lock);
  return self;
}

/**
 * ofl_inhibitor_free:
 * @self: (transfer full): an inhibitor; what it holds is released
 */
void
ofl_inhibitor_free (OflInhibitor *self)
{
  replace (self, NULL);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * ofl_inhibitor_take:
 * @self: an inhibitor
 * @reason: not used: Windows shows none
 * @error: return location
 *
 * Keeps the computer from going to sleep by itself.
 *
 * Returns: %FALSE when Windows does not: a reason for a note, not for a failure
 */
gboolean
ofl_inhibitor_take (OflInhibitor *self, const char *reason, GError **error)
{
  Block *block = block_begin ();

  if (block == NULL)
    {
      ofl_set_error (error, OFL_ERROR_FAILED, "SetThreadExecutionState failed" /* log */);
      return FALSE;
    }
  replace (self, block);
  return TRUE;
}

/**
 * ofl_inhibitor_release:
 * @self: an inhibitor
 */
void
ofl_inhibitor_release (OflInhibitor *self)
{
  replace (self, NULL);
}

/**
 * ofl_inhibitor_is_held:
 * @self: an inhibitor
 *
 * Returns: whether the block is held
 */
gboolean
ofl_inhibitor_is_held (OflInhibitor *self)
{
  gboolean held;

  g_mutex_lock (&self->lock);
  held = self->block != NULL;
  g_mutex_unlock (&self->lock);
  return held;
}
