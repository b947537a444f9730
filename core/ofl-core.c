/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts the parts together: the only place that knows both drives and practice drives. */
#include "ofl-core.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "drive/ofl-drive-monitor.h"
#include "families/ofl-practice-catalog.h"
#include "practice/ofl-practice-cable.h"
#include "practice/ofl-practice-hold.h"
#include "practice/ofl-practice-store.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-target.h"

/* Of a model's second unit, and of others: "bu40n-2" */
#define UNIT '-'
#define MAX_UNIT 99

#define PRACTICE_PREFIX "practice:"

/* Behind it stands a file: "tape:recorded.tape" */
#define TAPE_PREFIX "tape:"

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

/* A serial is masked on it; the drive says what is there. */
static const char *const tape_assumptions = N_ (
    "This drive is made from a tape, the record of what a program and a drive said to each other. "
    "What could change it, it takes only as it was recorded: the same commands, in the same order, "
    "with the same data; all else is refused, and nothing is stored. Questions that change nothing "
    "may be fewer, more, and in another order than on the tape; they are answered as the last "
    "time. Its name is the one that the tape's last INQUIRY tells or, without one, the tape's "
    "first line: a tape on which nobody asked after the write does not tell the new revision. "
    "Where nobody asked, no disc is assumed to be in it. Each job begins at the tape's start, and "
    "nobody waits on its clock.");

static OflTransport *
open_practice (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  return ofl_practice_port_open (data, flags, error);
}

/* A file of a practice drive: ".state", in which it lives, or ".cable", what is done to it. */
static char *
practice_path (const char *id, const char *state_dir, const char *end)
{
  g_autofree char *name = g_strconcat (id, end, NULL);

  return g_build_filename (state_dir, name, NULL);
}

/* "bu40n=hang 3c 5,bu40n=slow 4": what is said of one drive in a list of ID=VALUE */
static GPtrArray *
list_values (const char *variable, const char *id)
{
  const char *list = g_getenv (variable);
  g_auto (GStrv) entries = g_strsplit (list != NULL ? list : "", ",", -1);
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; entries[i] != NULL; i++)
    {
      const char *equals = strchr (entries[i], '=');

      if (equals != NULL && strlen (id) == (gsize) (equals - entries[i])
          && strncmp (entries[i], id, strlen (id)) == 0)
        g_ptr_array_add (values, g_strdup (equals + 1));
    }
  return values;
}

/* Faults and a disc from outside, for tests and for those who want to see what a broken drive looks
 * like. */
static gboolean
add_faults (OflPracticeDrive *device, const char *id, GError **error)
{
  g_autoptr (GPtrArray) faults = list_values ("OFL_PRACTICE_FAULTS", id);
  g_autoptr (GPtrArray) discs = list_values ("OFL_PRACTICE_DISC", id);

  for (guint i = 0; i < faults->len; i++)
    if (!ofl_practice_drive_add_fault (device, g_ptr_array_index (faults, i), error))
      return FALSE;
  for (guint i = 0; i < discs->len; i++)
    if (!ofl_practice_drive_put_disc (device, g_ptr_array_index (discs, i), error))
      return FALSE;
  return TRUE;
}

/* "nd3500=cb 04:3:FILE", one a drive, see ofl_practice_hold_install(). */
static void
add_hold (OflPracticePort *port, const char *id)
{
  g_autoptr (GPtrArray) holds = list_values ("OFL_PRACTICE_HOLD", id);

  if (holds->len > 0)
    ofl_practice_hold_install (port, g_ptr_array_index (holds, 0));
}

/* "bu40n-2" is the second unit of its model, a drive of its own with another serial number: the
 * catalogue has one of each. */
static char *
split_unit (const char *id, guint *unit)
{
  const char *end = strrchr (id, UNIT);
  guint64 number = 1;
  gboolean has_one = end != NULL
                     && g_ascii_string_to_unsigned (end + 1, 10, 2, MAX_UNIT, &number, NULL);

  *unit = has_one ? (guint) number : 1;
  return has_one ? g_strndup (id, (gsize) (end - id)) : g_strdup (id);
}

/**
 * ofl_core_practice_rank:
 * @drive_id: a drive's id
 *
 * The catalogue is in an order for people, with the drive that a newcomer should take first.
 *
 * Returns: the practice drive's place in it, from 0, the same for all units of a model; %G_MAXUINT for
 *   every other drive
 */
guint
ofl_core_practice_rank (const char *drive_id)
{
  g_autofree char *model = NULL;
  guint unit;

  if (!g_str_has_prefix (drive_id, PRACTICE_PREFIX))
    return G_MAXUINT;
  model = split_unit (drive_id + strlen (PRACTICE_PREFIX), &unit);
  for (guint i = 0; i < ofl_practice_count (); i++)
    if (g_str_equal (model, ofl_practice_get_id (i)))
      return i;
  return G_MAXUINT;
}

/**
 * ofl_core_is_tape:
 * @id: a practice drive's id, without "practice:"
 *
 * Returns: whether it names a file from which the drive is made
 */
gboolean
ofl_core_is_tape (const char *id)
{
  return g_str_has_prefix (id, TAPE_PREFIX);
}

static OflDrive *
new_tape_drive (const char *id, GError **error)
{
  g_autofree char *target_id = g_strconcat (PRACTICE_PREFIX, id, NULL);
  g_autoptr (GFile) file = ofl_file_for_argument (id + strlen (TAPE_PREFIX));
  g_autoptr (OflTape) tape = ofl_tape_load (file, NULL, error);
  g_autoptr (OflTarget) target = tape != NULL ? ofl_tape_target_new (target_id, tape, error) : NULL;

  return target != NULL ? ofl_drive_new (target, OFL_ACCESS_USABLE) : NULL;
}

static OflDrive *
new_model_drive (const char *id, double speed, const char *state_dir, GError **error)
{
  guint unit;
  g_autofree char *model = split_unit (id, &unit);
  g_autoptr (OflPracticeDrive) device = ofl_practice_new (model, unit, error);
  g_autofree char *target_id = g_strconcat (PRACTICE_PREFIX, id, NULL);
  OflTopology topology = { OFL_BUS_PRACTICE };
  g_autoptr (OflTarget) target = NULL;
  g_autoptr (OflPracticePort) port = NULL;

  if (device == NULL || !add_faults (device, id, error))
    return NULL;
  port = ofl_practice_port_new (device, speed > 0 ? OFL_PRACTICE_REAL : OFL_PRACTICE_VIRTUAL,
                                speed > 0 ? speed : 1);
  add_hold (port, id);
  if (state_dir != NULL)
    {
      g_autofree char *path = practice_path (id, state_dir, ".state");
      g_autofree char *cable = practice_path (id, state_dir, ".cable");

      g_mkdir_with_parents (state_dir, 0700);
      ofl_practice_port_keep_in (port, path);
      ofl_practice_port_set_cable (port, cable);
    }
  g_strlcpy (topology.channel, "practice", sizeof topology.channel);
  target = ofl_target_new (target_id, NULL, NULL, &topology, open_practice, g_steal_pointer (&port),
                           g_object_unref);
  return ofl_drive_new (target, OFL_ACCESS_USABLE);
}

/**
 * ofl_core_new_practice_drive:
 * @id: a practice drive's id ("bu40n"), that of another unit of its model ("bu40n-2"), or a tape from which it is
 *   made ("tape:FILE")
 * @speed: how much faster than real time; 0 for a virtual clock; one of a tape has a clock of its own
 * @state_dir: (nullable): folder where its state is kept between runs; of a tape nothing is
 * @error: return location
 *
 * Returns: (transfer full): a drive for the list, or %NULL when there is none of that id; for a tape, with the
 *   error of ofl_tape_load() or ofl_tape_target_new()
 */
OflDrive *
ofl_core_new_practice_drive (const char *id, double speed, const char *state_dir, GError **error)
{
  return ofl_core_is_tape (id) ? new_tape_drive (id, error)
                               : new_model_drive (id, speed, state_dir, error);
}

/**
 * ofl_core_get_practice_faults:
 * @id: a practice drive's id
 * @state_dir: folder where its state is kept
 * @unplugged: (out): whether it is pulled out
 *
 * Returns: (transfer full): what is wrong with it on purpose, each in the words of
 *   ofl-practice-fault.h
 */
GStrv
ofl_core_get_practice_faults (const char *id, const char *state_dir, gboolean *unplugged)
{
  g_autofree char *path = practice_path (id, state_dir, ".cable");
  g_autoptr (OflPracticeCable) cable = NULL;

  *unplugged = FALSE;
  if (ofl_core_is_tape (id))
    return g_new0 (char *, 1);
  cable = ofl_practice_cable_new (path);
  *unplugged = cable->unplugged;
  return g_steal_pointer (&cable->faults);
}

/**
 * ofl_core_set_practice_faults:
 * @id: a practice drive's id
 * @state_dir: folder where its state is kept
 * @faults: what is wrong from now on, until this is called again; each in the words of
 *   ofl-practice-fault.h
 * @unplugged: whether it is pulled out; else it is plugged in, if it was gone
 * @error: return location
 *
 * Breaks or mends a practice drive for every program, also in the middle of a job. A fault that
 * strikes once does so each time that the drive is opened.
 *
 * Returns: FALSE with %OFL_ERROR_FAILED for a fault that is not understood, %OFL_ERROR_NOT_SUPPORTED for a drive
 *   that is made from a tape, or a %G_FILE_ERROR
 */
gboolean
ofl_core_set_practice_faults (const char *id, const char *state_dir, const char *const *faults,
                              gboolean unplugged, GError **error)
{
  g_autofree char *path = practice_path (id, state_dir, ".cable");
  g_autoptr (OflPracticeCable) cable = NULL;

  if (ofl_core_is_tape (id))
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("This practice drive is made from a tape: it does what the recorded drive "
                        "did, and cannot be broken or mended."));
      return FALSE;
    }
  cable = ofl_practice_cable_new (path);
  g_mkdir_with_parents (state_dir, 0700);
  return ofl_practice_cable_set (cable, faults, unplugged, error);
}

/**
 * ofl_core_reset_practice_drive:
 * @id: a practice drive's id
 * @state_dir: folder where its state is kept
 * @error: return location
 *
 * Lets the drive be as it left the factory, with a sound cable, for who opens it next.
 *
 * Returns: FALSE with %OFL_ERROR_BUSY while a program uses it, or a %G_FILE_ERROR
 */
gboolean
ofl_core_reset_practice_drive (const char *id, const char *state_dir, GError **error)
{
  static const char *const none[] = { NULL };
  g_autofree char *path = practice_path (id, state_dir, ".state");
  g_autofree char *cable = practice_path (id, state_dir, ".cable");

  return ofl_practice_store_remove (path, error)
         && (!g_file_test (cable, G_FILE_TEST_EXISTS)
             || ofl_core_set_practice_faults (id, state_dir, none, FALSE, error));
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
  return ofl_target_get_data (ofl_drive_get_target (drive), open_practice);
}

/**
 * ofl_core_get_practice_assumptions:
 * @drive: a drive
 *
 * Returns: (nullable): of a practice drive, what it assumes where no public source tells what the
 *   real one does, in sentences; %NULL when it is a real drive or assumes nothing
 */
const char *
ofl_core_get_practice_assumptions (OflDrive *drive)
{
  OflPracticePort *port = ofl_core_get_practice_port (drive);
  const char *text = ofl_tape_target_is (ofl_drive_get_target (drive)) ? _ (tape_assumptions)
                     : port != NULL
                         ? ofl_practice_drive_get_assumptions (ofl_practice_port_get_drive (port))
                         : "";

  return text[0] != '\0' ? text : NULL;
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

static gboolean
has_drive (OflDriveMonitor *monitor, const char *id)
{
  GListModel *list = G_LIST_MODEL (monitor);
  gboolean has = FALSE;

  for (guint i = 0; !has && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (list, i);

      has = g_str_equal (ofl_drive_get_id (drive), id);
    }
  return has;
}

static void
add_practice_drive (OflDriveMonitor *monitor, const char *id, double speed, const char *state_dir)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = NULL;
  g_autofree char *target_id = g_strconcat (PRACTICE_PREFIX, id, NULL);

  if (has_drive (monitor, target_id))
    return;
  drive = ofl_core_new_practice_drive (id, speed, state_dir, &error);
  if (drive != NULL)
    ofl_drive_monitor_add (monitor, drive);
  else
    g_warning ("practice drive %s: %s", id, error->message);
}

/**
 * ofl_core_add_practice_drives:
 * @monitor: the list
 * @speed: how much faster than real time; 0 for a virtual clock
 * @state_dir: (nullable): folder where their state is kept between runs
 *
 * Adds every practice drive of the catalogue that is not in the list; one that is there may have a job.
 * Further units of a model, and drives made from tapes, are those that OFL_PRACTICE_MORE names, with commas
 * between ("bu40n-2,tape:recorded.tape").
 */
void
ofl_core_add_practice_drives (OflDriveMonitor *monitor, double speed, const char *state_dir)
{
  const char *more = g_getenv ("OFL_PRACTICE_MORE");
  g_auto (GStrv) units = g_strsplit (more != NULL ? more : "", ",", -1);

  for (guint i = 0; i < ofl_practice_count (); i++)
    add_practice_drive (monitor, ofl_practice_get_id (i), speed, state_dir);
  for (guint i = 0; units[i] != NULL; i++)
    add_practice_drive (monitor, units[i], speed, state_dir);
}
