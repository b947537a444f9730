/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-drive-monitor.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "drive/ofl-drive-private.h"
#include "drive/ofl-drive-watch.h"
#include "drive/ofl-finder-cdio.h"
#include "drive/ofl-system-target.h"
#include "drive/ofl-target-private.h"
#include "ofl-config.h"
#include "scsi/ofl-error.h"

#ifdef HAVE_UDEV
#include "drive/ofl-finder-udev.h"
#endif

#define SYSFS_ROOT "/sys"
#define CHANGE_DELAY_MS 500 /* one disc change makes several events */

struct _OflDriveMonitor {
  GObject parent_instance;

  OflProbeFunc probe;
  gpointer data;
  GPtrArray *watches; /* of OflDriveWatch, sorted by id */
  gboolean use_cdio_transport;
  gboolean scanning; /* the finder has not told all yet */
  guint settled_idle;
#ifdef HAVE_UDEV
  OflFinderUdev *udev;
#endif
  OflFinderCdio *cdio;
};

enum {
  SIGNAL_SETTLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return OFL_TYPE_DRIVE;
}

static guint
get_n_items (GListModel *model)
{
  return OFL_DRIVE_MONITOR (model)->watches->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  OflDriveMonitor *self = OFL_DRIVE_MONITOR (model);
  OflDriveWatch *watch;

  if (position >= self->watches->len)
    return NULL;
  watch = g_ptr_array_index (self->watches, position);
  return g_object_ref (watch->drive);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (OflDriveMonitor, ofl_drive_monitor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static OflDriveWatch *
get_watch (OflDriveMonitor *self, guint index)
{
  return g_ptr_array_index (self->watches, index);
}

static OflDriveWatch *
find_by_id (OflDriveMonitor *self, const char *id)
{
  for (guint i = 0; i < self->watches->len; i++)
    if (strcmp (ofl_drive_get_id (get_watch (self, i)->drive), id) == 0)
      return get_watch (self, i);
  return NULL;
}

static OflDriveWatch *
find_by_drive (OflDriveMonitor *self, OflDrive *drive)
{
  for (guint i = 0; i < self->watches->len; i++)
    if (get_watch (self, i)->drive == drive)
      return get_watch (self, i);
  return NULL;
}

/* sr2 stands before sr10. Equal ids (a drive that comes back before the old one has gone) keep
 * their order. */
static void
insert_sorted (OflDriveMonitor *self, OflDriveWatch *watch)
{
  const char *id = ofl_drive_get_id (watch->drive);
  guint position = 0;

  while (position < self->watches->len
         && strverscmp (ofl_drive_get_id (get_watch (self, position)->drive), id) <= 0)
    position++;
  g_ptr_array_insert (self->watches, (int) position, watch);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

static void
take_out (OflDriveMonitor *self, OflDriveWatch *watch)
{
  guint position;

  if (!g_ptr_array_find (self->watches, watch, &position))
    return;
  g_ptr_array_steal_index (self->watches, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* Settled: everything that is there has been looked at. */

static gboolean
on_settled_idle (gpointer data)
{
  OflDriveMonitor *self = data;

  self->settled_idle = 0;
  if (ofl_drive_monitor_is_settled (self))
    g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
  return G_SOURCE_REMOVE;
}

/* From an idle, so that whoever starts the monitor can still connect to the signal. */
static void
queue_settled (OflDriveMonitor *self)
{
  if (self->settled_idle == 0 && ofl_drive_monitor_is_settled (self))
    self->settled_idle = g_idle_add (on_settled_idle, self);
}

static void
remove_watch (OflDriveMonitor *self, OflDriveWatch *watch)
{
  take_out (self, watch);
  ofl_drive_watch_free (watch);
  queue_settled (self);
}

static void
on_watch_looked (OflDriveWatch *watch, gpointer owner)
{
  queue_settled (owner);
}

static void
on_job_ended (OflDriveWatch *watch, gpointer owner)
{
  if (watch->absent)
    remove_watch (owner, watch);
  else
    ofl_drive_watch_look_later (watch, 0); /* from the loop: who ended the job is still at it */
}

static const OflDriveWatchEvents watch_events = {
  .looked = on_watch_looked,
  .job_ended = on_job_ended,
};

static void
add_watch (OflDriveMonitor *self, OflDrive *drive, gboolean from_finder)
{
  OflDriveWatch *watch = ofl_drive_watch_new (drive, self->probe, self->data, &watch_events, self);

  watch->from_finder = from_finder;
  ofl_drive_watch_look (watch); /* first: a handler of items-changed may remove it again */
  insert_sorted (self, watch);
}

/* What the finders tell. */

static OflTarget *
make_target (OflDriveMonitor *self, const char *sr_node, OflAccess *access)
{
  OflTarget *target = ofl_system_target_new (SYSFS_ROOT, sr_node, self->use_cdio_transport);

  *access = ofl_access_check (sr_node, ofl_target_get_sg_node (target));
  return target;
}

/* The drive that has this node now: another one may have got the name of one that is absent. */
static OflDriveWatch *
find_present (OflDriveMonitor *self, const char *sr_node)
{
  for (guint i = 0; i < self->watches->len; i++)
    {
      OflDriveWatch *watch = get_watch (self, i);

      if (watch->from_finder && !watch->absent
          && strcmp (ofl_drive_get_id (watch->drive), sr_node) == 0)
        return watch;
    }
  return NULL;
}

/* The drive under a job that left the bus and comes back on its port, maybe as another srN. */
static OflDriveWatch *
find_absent (OflDriveMonitor *self, const OflTarget *target)
{
  const char *path = ofl_target_get_topology (target)->device_path;

  for (guint i = 0; path[0] != 0 && i < self->watches->len; i++)
    {
      OflDriveWatch *watch = get_watch (self, i);
      OflTarget *known = ofl_drive_get_target (watch->drive);

      if (watch->absent && strcmp (ofl_target_get_topology (known)->device_path, path) == 0)
        return watch;
    }
  return NULL;
}

static void
update_target (OflDriveMonitor *self, OflDriveWatch *watch, OflTarget *target, OflAccess access)
{
  OflTarget *known = ofl_drive_get_target (watch->drive);
  gboolean moves = strcmp (ofl_target_get_id (known), ofl_target_get_id (target)) != 0;

  watch->absent = FALSE;
  if (ofl_target_equal (known, target))
    target = known; /* it knows which looks are under way */
  if (moves)
    take_out (self, watch);
  ofl_drive_set_target (watch->drive, target, access);
  if (moves)
    insert_sorted (self, watch);
}

static void
on_changed (const char *sr_node, gpointer owner)
{
  OflDriveMonitor *self = owner;
  OflAccess access;
  g_autoptr (OflTarget) target = make_target (self, sr_node, &access);
  OflDriveWatch *watch = find_absent (self, target);

  if (watch == NULL)
    watch = find_present (self, sr_node);
  if (watch != NULL)
    {
      ofl_drive_watch_look_later (watch, CHANGE_DELAY_MS);
      update_target (self, watch, target, access);
    }
  else
    {
      g_autoptr (OflDrive) drive = ofl_drive_new (target, access);

      add_watch (self, drive, TRUE);
    }
}

static void
on_vanished (const char *sr_node, gpointer owner)
{
  OflDriveMonitor *self = owner;
  OflDriveWatch *watch = find_present (self, sr_node);

  if (watch == NULL)
    return;
  if (ofl_drive_get_job_running (watch->drive))
    watch->absent = TRUE;
  else
    remove_watch (self, watch);
}

static void
on_finder_looked (gpointer owner)
{
  OflDriveMonitor *self = owner;

  self->scanning = FALSE;
  queue_settled (self);
}

static gboolean
may_look (gpointer owner)
{
  OflDriveMonitor *self = owner;

  for (guint i = 0; i < self->watches->len; i++)
    if (ofl_drive_get_job_running (get_watch (self, i)->drive))
      return FALSE;
  return TRUE;
}

static const OflFinderEvents finder_events = {
  .appeared = on_changed, /* a drive that is known already only changed */
  .changed = on_changed,
  .vanished = on_vanished,
  .looked = on_finder_looked,
  .may_look = may_look,
};

static void
stop_finders (OflDriveMonitor *self)
{
#ifdef HAVE_UDEV
  g_clear_pointer (&self->udev, ofl_finder_udev_free);
#endif
  g_clear_pointer (&self->cdio, ofl_finder_cdio_free);
  self->scanning = FALSE;
}

/* The object. */

static void
ofl_drive_monitor_dispose (GObject *object)
{
  OflDriveMonitor *self = OFL_DRIVE_MONITOR (object);

  stop_finders (self);
  g_clear_handle_id (&self->settled_idle, g_source_remove);
  for (guint i = 0; i < self->watches->len; i++)
    ofl_drive_watch_free (get_watch (self, i));
  g_ptr_array_set_size (self->watches, 0);
  G_OBJECT_CLASS (ofl_drive_monitor_parent_class)->dispose (object);
}

static void
ofl_drive_monitor_finalize (GObject *object)
{
  OflDriveMonitor *self = OFL_DRIVE_MONITOR (object);

  g_ptr_array_unref (self->watches);
  G_OBJECT_CLASS (ofl_drive_monitor_parent_class)->finalize (object);
}

static void
ofl_drive_monitor_class_init (OflDriveMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ofl_drive_monitor_dispose;
  object_class->finalize = ofl_drive_monitor_finalize;
  signals[SIGNAL_SETTLED] = g_signal_new ("settled", OFL_TYPE_DRIVE_MONITOR, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_drive_monitor_init (OflDriveMonitor *self)
{
  self->watches = g_ptr_array_new ();
}

/**
 * ofl_drive_monitor_new:
 * @probe: (nullable): asks the families about a drive; runs on worker threads
 * @data: for @probe; has to stay valid as long as the program runs, because a worker may outlive
 *   the monitor
 *
 * An empty monitor without a finder. It belongs to the main loop (default main context).
 *
 * Returns: (transfer full): a monitor
 */
OflDriveMonitor *
ofl_drive_monitor_new (OflProbeFunc probe, gpointer data)
{
  OflDriveMonitor *self = g_object_new (OFL_TYPE_DRIVE_MONITOR, NULL);

  self->probe = probe;
  self->data = data;
  return self;
}

/**
 * ofl_drive_monitor_default_finder:
 *
 * Returns: the best finder this build has
 */
OflFinder
ofl_drive_monitor_default_finder (void)
{
#ifdef HAVE_UDEV
  return OFL_FINDER_UDEV;
#else
  return OFL_FINDER_CDIO;
#endif
}

static gboolean
start_udev (OflDriveMonitor *self, GError **error)
{
#ifdef HAVE_UDEV
  self->scanning = TRUE;
  self->udev = ofl_finder_udev_new (&finder_events, self, error);
  self->scanning = FALSE;
  return self->udev != NULL;
#else
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("This Optiflash was built without udev. Use the finder of libcdio."));
  return FALSE;
#endif
}

/**
 * ofl_drive_monitor_start:
 * @self: a monitor
 * @finder: who finds the drives; one that runs already is replaced
 * @error: return location
 *
 * Starts finding. "settled" follows from the main loop, also when there is no drive.
 *
 * Returns: %FALSE with %OFL_ERROR_NOT_SUPPORTED or %OFL_ERROR_FAILED when that finder does not run
 */
gboolean
ofl_drive_monitor_start (OflDriveMonitor *self, OflFinder finder, GError **error)
{
  gboolean started = TRUE;

  stop_finders (self);
  if (finder == OFL_FINDER_UDEV)
    started = start_udev (self, error);
  else if (finder == OFL_FINDER_CDIO)
    {
      self->scanning = TRUE;
      self->cdio = ofl_finder_cdio_new (&finder_events, self, NULL, OFL_FINDER_CDIO_PERIOD_MS);
    }
  queue_settled (self);
  return started;
}

/**
 * ofl_drive_monitor_set_use_cdio_transport:
 * @self: a monitor that has not been started
 * @use: whether drives that are found are talked to through libcdio; such a drive can be read but
 *   not flashed
 */
void
ofl_drive_monitor_set_use_cdio_transport (OflDriveMonitor *self, gboolean use)
{
  self->use_cdio_transport = use;
}

/**
 * ofl_drive_monitor_add:
 * @self: a monitor
 * @drive: (transfer none): a drive that no finder finds (practice); replaces one of the same id
 *
 * Puts a drive into the list and looks at it in the background.
 */
void
ofl_drive_monitor_add (OflDriveMonitor *self, OflDrive *drive)
{
  ofl_drive_monitor_remove (self, ofl_drive_get_id (drive));
  add_watch (self, drive, FALSE);
}

/**
 * ofl_drive_monitor_remove:
 * @self: a monitor
 * @id: a drive's id; one that is not in the list is ignored
 *
 * Takes a drive out of the list. A look that is under way is abandoned.
 */
void
ofl_drive_monitor_remove (OflDriveMonitor *self, const char *id)
{
  OflDriveWatch *watch = find_by_id (self, id);

  if (watch != NULL)
    remove_watch (self, watch);
}

/**
 * ofl_drive_monitor_refresh:
 * @self: a monitor
 * @drive: a drive of the list
 *
 * Looks at a drive again, and at its nodes and rights when it is a real one.
 */
void
ofl_drive_monitor_refresh (OflDriveMonitor *self, OflDrive *drive)
{
  OflDriveWatch *watch = find_by_drive (self, drive);

  if (watch == NULL)
    return;
  if (watch->from_finder && !watch->absent)
    {
      OflAccess access;
      g_autoptr (OflTarget) target = make_target (self, ofl_drive_get_id (drive), &access);

      update_target (self, watch, target, access);
    }
  ofl_drive_watch_look (watch);
}

/**
 * ofl_drive_monitor_is_settled:
 * @self: a monitor
 *
 * Returns: whether all drives that are there have been looked at and no look is under way
 */
gboolean
ofl_drive_monitor_is_settled (OflDriveMonitor *self)
{
  if (self->scanning)
    return FALSE;
  for (guint i = 0; i < self->watches->len; i++)
    if (!get_watch (self, i)->looked || get_watch (self, i)->looking)
      return FALSE;
  return TRUE;
}

/**
 * ofl_drive_monitor_find_all:
 * @self: a monitor
 * @path: (nullable): what a person typed: an id, a node, a link to a node, or a serial
 * @how: (out) (optional): by what they were found; %OFL_DRIVE_MATCH_NONE when there is none
 *
 * Every drive that can be meant. A node goes before a serial. Serials are known of drives that have
 * been looked at: before ofl_drive_monitor_is_settled() one more may turn up.
 *
 * Returns: (transfer container) (element-type OflDrive): the drives, maybe none
 */
GPtrArray *
ofl_drive_monitor_find_all (OflDriveMonitor *self, const char *path, OflDriveMatch *how)
{
  OflDriveMatch best = OFL_DRIVE_MATCH_NONE;
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->watches->len; i++)
    {
      OflDrive *drive = get_watch (self, i)->drive;
      OflDriveMatch match = ofl_drive_matches (drive, path);

      if (match > best)
        g_ptr_array_set_size (found, 0);
      best = MAX (best, match);
      if (match == best && match != OFL_DRIVE_MATCH_NONE)
        g_ptr_array_add (found, g_object_ref (drive));
    }
  if (how != NULL)
    *how = best;
  return found;
}
