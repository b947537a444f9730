/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All checks before a write in one list, the same for terminal, window and job. */
#include "flash/ofl-preflight-private.h"

#include <glib/gi18n-lib.h>

static const OflPreflightSources system_sources = { .roots = { "/proc", "/sys" } };

/**
 * ofl_preflight_new:
 * @target: the drive
 * @drive: (nullable): what is known of it
 * @image: (nullable): what is to be written
 * @options: (nullable): the job's options
 *
 * Returns: (transfer full): what is to be looked at, in this system
 */
OflPreflight *
ofl_preflight_new (OflTarget *target, OflSnapshot *drive, OflImage *image,
                   const OflJobOptions *options)
{
  OflPreflight *self = g_new0 (OflPreflight, 1);
  OflChoices *choices;

  self->target = ofl_target_ref (target);
  self->drive = drive != NULL ? ofl_snapshot_ref (drive) : NULL;
  self->image = image != NULL ? ofl_image_ref (image) : NULL;
  self->options = options != NULL ? ofl_job_options_copy (options) : ofl_job_options_new ();
  /* the caller's may change while a thread looks */
  choices = self->options->choices;
  self->options->choices = ofl_choices_copy (choices);
  g_clear_pointer (&choices, ofl_choices_unref);
  return self;
}

/**
 * ofl_preflight_free:
 * @self: (transfer full): what was to be looked at
 */
void
ofl_preflight_free (OflPreflight *self)
{
  ofl_target_unref (self->target);
  g_clear_pointer (&self->drive, ofl_snapshot_unref);
  g_clear_pointer (&self->image, ofl_image_unref);
  ofl_job_options_free (self->options);
  g_free (self);
}

static void
add_own (GPtrArray *checks, const OflPreflight *self)
{
  if (self->drive == NULL)
    {
      ofl_checks_add (checks, "drive", OFL_CHECK_BLOCKS,
                      OFL_SAY (_ ("The drive has not said who it is.")),
                      _ ("Let Optiflash look at it again when what stands here is mended."));
      return;
    }
  ofl_preflight_add_disc (checks, self->drive, self->options->accept_warnings);
  if (!ofl_preflight_add_image (checks, self))
    return;
  ofl_preflight_add_backup (checks, self);
  ofl_preflight_add_room (checks, self);
}

/**
 * ofl_preflight_run:
 * @self: what is to be looked at
 * @scope: how much of it
 *
 * Looks. Sends nothing to the drive and writes nothing; makes a file for a moment where one has to be
 * made later, and takes logind's block for a moment. May take some seconds where a bus does not answer:
 * worker threads only.
 *
 * Returns: (transfer full) (element-type OflCheck): the most serious first
 */
GPtrArray *
ofl_preflight_run (const OflPreflight *self, OflPreflightScope scope)
{
  const OflPreflightSources *sources = self->sources != NULL ? self->sources : &system_sources;
  g_autoptr (OflSystemBus) bus = sources->bus != NULL ? ofl_system_bus_ref (sources->bus)
                                                      : ofl_system_bus_new ();
  GPtrArray *checks = ofl_checks_new ();

  if (scope == OFL_PREFLIGHT_ALL)
    {
      add_own (checks, self);
      ofl_preflight_add_journal (checks, self->options->state_dir, sources->taken);
    }
  ofl_preflight_add_holders (checks, self->target, &sources->roots, scope);
  ofl_preflight_add_unfinished (checks, self->target, self->drive, self->options->state_dir);
  ofl_preflight_add_usb (checks, ofl_target_get_topology (self->target));
  ofl_preflight_add_others (checks, self->target, sources->roots.sys);
  ofl_preflight_add_clock (checks, sources->now);
  ofl_preflight_add_power (checks, bus);
  if (scope == OFL_PREFLIGHT_ALL)
    ofl_preflight_add_sleep (checks, bus);
  ofl_checks_sort (checks);
  return checks;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, ofl_preflight_run (data, OFL_PREFLIGHT_ALL),
                         (GDestroyNotify) g_ptr_array_unref);
}

/**
 * ofl_preflight_run_async:
 * @self: (transfer full): what is to be looked at
 * @cancellable: (nullable): to let go of it
 * @callback: told on the calling thread's main context
 * @data: for @callback
 *
 * ofl_preflight_run() of all, on a worker thread.
 */
void
ofl_preflight_run_async (OflPreflight *self, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, self, (GDestroyNotify) ofl_preflight_free);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * ofl_preflight_run_finish:
 * @result: what the callback got
 * @error: return location; %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type OflCheck): as of ofl_preflight_run()
 */
GPtrArray *
ofl_preflight_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
