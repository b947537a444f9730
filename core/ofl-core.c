/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts the parts together: the only place that knows both drives and practice drives. */
#include "ofl-core.h"

#include <string.h>

#include "drive/ofl-drive-monitor.h"

#define PORT_KEY "ofl-practice-port"

/**
 * ofl_core_practice_state_dir:
 *
 * Returns: (transfer full): where practice drives keep their flash between runs
 */
char *
ofl_core_practice_state_dir (void)
{
  return g_build_filename (g_get_user_state_dir (), "optiflash", "practice", NULL);
}

typedef struct {
  OflPracticePort *port;
  char *state_path;
} Plug;

static void
plug_free (gpointer data)
{
  Plug *plug = data;

  g_object_unref (plug->port);
  g_free (plug->state_path);
  g_free (plug);
}

static OflTransport *
open_practice (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  const Plug *plug = data;

  return ofl_practice_port_open (plug->port, flags, error);
}

/* "bu40n=hang 3c 5,bu40n=slow 4": faults from outside, for tests and for those who want to see what
 * a broken drive looks like. */
static gboolean
add_faults (OflPracticeDrive *device, const char *id, GError **error)
{
  const char *list = g_getenv ("OFL_PRACTICE_FAULTS");
  g_auto (GStrv) faults = g_strsplit (list != NULL ? list : "", ",", -1);

  for (guint i = 0; faults[i] != NULL; i++)
    {
      const char *equals = strchr (faults[i], '=');

      if (equals == NULL || strlen (id) != (gsize) (equals - faults[i])
          || strncmp (faults[i], id, strlen (id)) != 0)
        continue;
      if (!ofl_practice_drive_add_fault (device, equals + 1, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ofl_core_practice_rank:
 * @drive_id: a drive's id
 *
 * The catalogue is in an order for people, with the drive that a newcomer should take first.
 *
 * Returns: the practice drive's place in it, from 0; %G_MAXUINT for every other drive
 */
guint
ofl_core_practice_rank (const char *drive_id)
{
  if (g_str_has_prefix (drive_id, "practice:"))
    for (guint i = 0; i < ofl_practice_count (); i++)
      if (g_str_equal (drive_id + strlen ("practice:"), ofl_practice_get_id (i)))
        return i;
  return G_MAXUINT;
}

/**
 * ofl_core_new_practice_drive:
 * @id: a practice drive's id ("bu40n")
 * @speed: how much faster than real time; 0 for a virtual clock
 * @state_dir: (nullable): folder where its state is kept between runs
 * @error: return location
 *
 * Returns: (transfer full): a drive for the list, or %NULL when there is none of that id
 */
OflDrive *
ofl_core_new_practice_drive (const char *id, double speed, const char *state_dir, GError **error)
{
  g_autoptr (OflPracticeDrive) device = ofl_practice_new (id, 1, error);
  g_autofree char *target_id = g_strdup_printf ("practice:%s", id);
  OflTopology topology = { OFL_BUS_PRACTICE };
  g_autoptr (OflTarget) target = NULL;
  OflDrive *drive;
  Plug *plug;

  if (device == NULL || !add_faults (device, id, error))
    return NULL;
  plug = g_new0 (Plug, 1);
  plug->port = ofl_practice_port_new (device, speed > 0 ? OFL_PRACTICE_REAL : OFL_PRACTICE_VIRTUAL,
                                      speed > 0 ? speed : 1);
  if (state_dir != NULL)
    {
      g_autofree char *name = g_strconcat (id, ".state", NULL);

      g_mkdir_with_parents (state_dir, 0700);
      plug->state_path = g_build_filename (state_dir, name, NULL);
      /* a state that cannot be read is as good as none: the drive is then as new */
      if (g_file_test (plug->state_path, G_FILE_TEST_EXISTS)
          && !ofl_practice_drive_load (device, plug->state_path, NULL))
        g_info ("practice drive %s: its kept state cannot be read", id);
    }
  g_strlcpy (topology.channel, "practice", sizeof topology.channel);
  target = ofl_target_new (target_id, NULL, NULL, &topology, open_practice, plug, plug_free);
  drive = ofl_drive_new (target, OFL_ACCESS_USABLE);
  g_object_set_data_full (G_OBJECT (drive), PORT_KEY, g_object_ref (plug->port), g_object_unref);
  if (plug->state_path != NULL)
    g_object_set_data_full (G_OBJECT (plug->port), "ofl-state-path", g_strdup (plug->state_path),
                            g_free);
  return drive;
}

/**
 * ofl_core_get_practice_port:
 * @drive: a drive
 *
 * Returns: (transfer none) (nullable): where it is plugged in, if it is a practice drive
 */
OflPracticePort *
ofl_core_get_practice_port (OflDrive *drive)
{
  return g_object_get_data (G_OBJECT (drive), PORT_KEY);
}

/**
 * ofl_core_keep_practice_state:
 * @drive: a drive
 *
 * Stores a practice drive's flash, so that the next run finds it as it was left. Call it when a
 * job has ended; does nothing for a real drive.
 */
void
ofl_core_keep_practice_state (OflDrive *drive)
{
  OflPracticePort *port = ofl_core_get_practice_port (drive);
  const char *path = port != NULL ? g_object_get_data (G_OBJECT (port), "ofl-state-path") : NULL;
  g_autoptr (GError) error = NULL;

  if (path != NULL
      && !ofl_practice_drive_save (ofl_practice_port_get_drive (port), path, &error))
    g_info ("practice drive: %s", error->message);
}

/**
 * ofl_core_reload_practice_state:
 * @drive: a drive that nobody uses
 *
 * The other way round: another process has written to a practice drive, so its flash is read anew.
 * Does nothing for a real drive.
 */
void
ofl_core_reload_practice_state (OflDrive *drive)
{
  OflPracticePort *port = ofl_core_get_practice_port (drive);
  const char *path = port != NULL ? g_object_get_data (G_OBJECT (port), "ofl-state-path") : NULL;
  g_autoptr (GError) error = NULL;

  if (path != NULL
      && !ofl_practice_drive_load (ofl_practice_port_get_drive (port), path, &error))
    g_info ("practice drive: %s", error->message);
}

/**
 * ofl_core_new_monitor:
 *
 * Returns: (transfer full): a list of drives whose families are found by the registry; not started
 */
OflDriveMonitor *
ofl_core_new_monitor (void)
{
  return ofl_drive_monitor_new (ofl_families_probe, NULL);
}

/**
 * ofl_core_add_practice_drives:
 * @monitor: the list
 * @speed: how much faster than real time; 0 for a virtual clock
 * @state_dir: (nullable): folder where their state is kept between runs
 *
 * Adds every practice drive of the catalogue.
 */
void
ofl_core_add_practice_drives (OflDriveMonitor *monitor, double speed, const char *state_dir)
{
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (OflDrive) drive
          = ofl_core_new_practice_drive (ofl_practice_get_id (i), speed, state_dir, &error);

      if (drive != NULL)
        ofl_drive_monitor_add (monitor, drive);
      else
        g_warning ("practice drive %s: %s", ofl_practice_get_id (i), error->message);
    }
}
