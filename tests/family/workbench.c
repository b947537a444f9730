/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workbench.h"

#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-local-job.h"
#include "kit/scratch.h"

static Workbench *
make_bench (const char *practice_id, char *dir, const char *state_dir)
{
  Workbench *self = g_new0 (Workbench, 1);
  g_autoptr (GError) error = NULL;

  self->id = g_strdup (practice_id);
  self->dir = dir;
  self->drive = ofl_core_new_practice_drive (practice_id, 0, state_dir, &error);
  g_assert_no_error (error);
  self->port = ofl_core_get_practice_port (self->drive);
  self->device = ofl_practice_port_get_drive (self->port);
  self->options = ofl_job_options_new ();
  self->options->backup_dir = g_build_filename (self->dir, "backups", NULL);
  self->options->state_dir = g_strdup (self->dir);
  return self;
}

Workbench *
workbench_new (const char *practice_id)
{
  return make_bench (practice_id, scratch_new (), NULL);
}

Workbench *
workbench_new_kept (const char *practice_id, const char *dir)
{
  char *mine = dir != NULL ? g_strdup (dir) : scratch_new ();
  g_autofree char *state = g_build_filename (mine, "practice", NULL);
  Workbench *self = make_bench (practice_id, mine, state);

  self->guest = dir != NULL;
  return self;
}

void
workbench_free (Workbench *self)
{
  if (self->guest)
    g_free (self->dir);
  else
    scratch_free (self->dir);
  ofl_job_options_free (self->options);
  g_object_unref (self->drive);
  g_free (self->id);
  g_free (self);
}

void
workbench_restart (Workbench *self)
{
  ofl_practice_port_unplug (self->port);
  ofl_practice_port_plug (self->port);
}

OflSnapshot *
workbench_look (Workbench *self)
{
  g_autoptr (OflTransport) transport
      = ofl_target_open (ofl_drive_get_target (self->drive), OFL_OPEN_READ_ONLY, NULL);
  OflSnapshot *snapshot;

  if (transport == NULL)
    return NULL;
  snapshot = ofl_drive_take_snapshot (transport, ofl_families_probe, NULL, NULL);
  ofl_transport_close (transport);
  return snapshot;
}

OflImage *
workbench_image (Workbench *self, const char *revision, const char *variant)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ofl_practice_make_image (self->id, revision, variant, &error);
  g_autoptr (OflFirmware) firmware = NULL;

  g_assert_no_error (error);
  firmware = ofl_firmware_new_from_bytes ("image.bin", bytes);
  g_assert_true (ofl_families_recognise (firmware, &error));
  g_assert_no_error (error);
  if (ofl_firmware_get_n_images (firmware) == 0)
    return NULL;
  return ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

OflResult *
workbench_run (Workbench *self, OflJobKind kind, OflImage *image)
{
  g_autoptr (OflJob) job
      = ofl_local_job_new (kind, ofl_drive_get_target (self->drive), NULL, image, self->options);

  return ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
}

gboolean
workbench_holds (Workbench *self, OflImage *image, gsize start, gsize end)
{
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (self->device);
  gsize have, want;
  const guint8 *a = g_bytes_get_data (flash, &have);
  const guint8 *b = ofl_image_get_data (image, &want);

  return end <= have && end <= want && memcmp (a + start, b + start, end - start) == 0;
}

char *
workbench_journal (Workbench *self)
{
  g_autofree char *dir = g_build_filename (self->dir, "journal", NULL);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  g_autofree char *newest = NULL;
  const char *name;
  char *content = NULL;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (newest == NULL || strcmp (name, newest) > 0)
      {
        g_free (newest);
        newest = g_strdup (name);
      }
  if (newest != NULL)
    {
      g_autofree char *path = g_build_filename (dir, newest, NULL);

      g_file_get_contents (path, &content, NULL, NULL);
    }
  return content;
}

guint
workbench_count_backups (Workbench *self)
{
  g_autoptr (GDir) listing = g_dir_open (self->options->backup_dir, 0, NULL);
  guint n = 0;

  while (listing != NULL && g_dir_read_name (listing) != NULL)
    n++;
  return n;
}
