/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-drive-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "drive/ofl-target-private.h"
#include "scsi/ofl-error.h"

struct _OflDrive {
  GObject parent_instance;

  OflTarget *target;
  OflAccess access;
  OflSnapshot *snapshot; /* NULL until looked at, and when the last look failed */
  GError *error;         /* of the last look */
  char *name;            /* kept while the drive is busy or silent: it still is the same one */
  char *revision;
  gboolean ready;
  gboolean looking;
  gint *job_running; /* shared with workers, which may outlive the drive */
};

enum {
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_REVISION,
  PROP_WHERE,
  PROP_STATE_TITLE,
  PROP_READY,
  PROP_JOB_RUNNING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (OflDrive, ofl_drive, G_TYPE_OBJECT)

/* What a worker needs for a look; it never sees the drive's object. */
typedef struct {
  OflTarget *target;
  OflProbeFunc probe;
  gpointer data;
  gint *job_running;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  ofl_target_unref (look->target);
  g_atomic_rc_box_release (look->job_running);
  g_free (look);
}

static const char *
get_state_title (OflDrive *self)
{
  OflDriveState state = ofl_drive_get_state (self);

  if (ofl_drive_get_job_running (self))
    return _ ("Working");
  if (!self->ready)
    return _ ("Looking at it");
  if (state != OFL_DRIVE_STATE_UNKNOWN)
    return ofl_drive_state_title (state);
  return self->access == OFL_ACCESS_USABLE ? _ ("Not identified") : _ ("No access");
}

static void
ofl_drive_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OflDrive *self = OFL_DRIVE (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, ofl_drive_get_id (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, ofl_drive_get_name (self));
      break;
    case PROP_REVISION:
      g_value_set_string (value, self->revision);
      break;
    case PROP_WHERE:
      g_value_take_string (value, ofl_topology_describe (ofl_target_get_topology (self->target)));
      break;
    case PROP_STATE_TITLE:
      g_value_set_string (value, get_state_title (self));
      break;
    case PROP_READY:
      g_value_set_boolean (value, self->ready);
      break;
    case PROP_JOB_RUNNING:
      g_value_set_boolean (value, ofl_drive_get_job_running (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ofl_drive_finalize (GObject *object)
{
  OflDrive *self = OFL_DRIVE (object);

  g_clear_pointer (&self->target, ofl_target_unref);
  g_clear_pointer (&self->snapshot, ofl_snapshot_unref);
  g_clear_error (&self->error);
  g_free (self->name);
  g_free (self->revision);
  g_atomic_rc_box_release (self->job_running);
  G_OBJECT_CLASS (ofl_drive_parent_class)->finalize (object);
}

static void
ofl_drive_class_init (OflDriveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = ofl_drive_get_property;
  object_class->finalize = ofl_drive_finalize;
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_REVISION] = g_param_spec_string ("revision", NULL, NULL, NULL, flags);
  props[PROP_WHERE] = g_param_spec_string ("where", NULL, NULL, NULL, flags);
  props[PROP_STATE_TITLE] = g_param_spec_string ("state-title", NULL, NULL, NULL, flags);
  props[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);
  props[PROP_JOB_RUNNING] = g_param_spec_boolean ("job-running", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ofl_drive_init (OflDrive *self)
{
  self->job_running = g_atomic_rc_box_new0 (gint);
  self->revision = g_strdup ("");
}

/**
 * ofl_drive_new:
 * @target: (transfer none): where the drive is and how it is opened
 * @access: whether this user can use it
 *
 * A drive that has not been looked at yet. Like the monitor, it belongs to the main loop.
 *
 * Returns: (transfer full): a drive
 */
OflDrive *
ofl_drive_new (OflTarget *target, OflAccess access)
{
  OflDrive *self = g_object_new (OFL_TYPE_DRIVE, NULL);

  self->target = ofl_target_ref (target);
  self->access = access;
  return self;
}

/**
 * ofl_drive_set_target:
 * @self: a drive
 * @target: (transfer none): where it is now
 * @access: whether this user can use it there
 *
 * The same drive got other nodes: it came back after a reset under another number, or the sg
 * module was loaded. Main loop only.
 */
void
ofl_drive_set_target (OflDrive *self, OflTarget *target, OflAccess access)
{
  ofl_target_ref (target);
  ofl_target_unref (self->target);
  self->target = target;
  self->access = access;
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ID]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WHERE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE_TITLE]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * ofl_drive_get_target:
 * @self: a drive
 *
 * Returns: (transfer none): where it is and how it is opened
 */
OflTarget *
ofl_drive_get_target (OflDrive *self)
{
  return self->target;
}

/**
 * ofl_drive_get_id:
 * @self: a drive
 *
 * Returns: what it is called on the command line: "/dev/sr0", "practice:bu40n"
 */
const char *
ofl_drive_get_id (OflDrive *self)
{
  return ofl_target_get_id (self->target);
}

/**
 * ofl_drive_get_name:
 * @self: a drive
 *
 * Returns: vendor and product; its id as long as they are not known
 */
const char *
ofl_drive_get_name (OflDrive *self)
{
  return self->name != NULL ? self->name : ofl_drive_get_id (self);
}

/**
 * ofl_drive_get_access:
 * @self: a drive
 *
 * Returns: whether this user can use it, or what is missing
 */
OflAccess
ofl_drive_get_access (OflDrive *self)
{
  return self->access;
}

/**
 * ofl_drive_get_state:
 * @self: a drive
 *
 * Returns: what the last look found; unknown before the first and when it failed for another
 *   reason than a busy or silent drive (see ofl_drive_get_error())
 */
OflDriveState
ofl_drive_get_state (OflDrive *self)
{
  if (self->snapshot != NULL)
    return ofl_snapshot_get_state (self->snapshot);
  if (g_error_matches (self->error, OFL_ERROR, OFL_ERROR_BUSY))
    return OFL_DRIVE_STATE_BUSY;
  if (g_error_matches (self->error, OFL_ERROR, OFL_ERROR_TIMEOUT)
      || g_error_matches (self->error, OFL_ERROR, OFL_ERROR_LOST))
    return OFL_DRIVE_STATE_SILENT;
  return OFL_DRIVE_STATE_UNKNOWN;
}

/**
 * ofl_drive_get_snapshot:
 * @self: a drive
 *
 * Returns: (nullable) (transfer none): what is known of it; %NULL when it has not been looked at
 *   or the last look failed
 */
OflSnapshot *
ofl_drive_get_snapshot (OflDrive *self)
{
  return self->snapshot;
}

/**
 * ofl_drive_get_error:
 * @self: a drive
 *
 * Returns: (nullable) (transfer none): why the last look failed
 */
const GError *
ofl_drive_get_error (OflDrive *self)
{
  return self->error;
}

/**
 * ofl_drive_get_ready:
 * @self: a drive
 *
 * Returns: whether it has been looked at, with whatever result
 */
gboolean
ofl_drive_get_ready (OflDrive *self)
{
  return self->ready;
}

/**
 * ofl_drive_is_looking:
 * @self: a drive
 *
 * What is known of it is older than that look. Each look that ends notifies "ready".
 *
 * Returns: whether a look is under way
 */
gboolean
ofl_drive_is_looking (OflDrive *self)
{
  return self->looking;
}

/**
 * ofl_drive_get_job_running:
 * @self: a drive
 *
 * Returns: whether a job has it
 */
gboolean
ofl_drive_get_job_running (OflDrive *self)
{
  return g_atomic_int_get (self->job_running) != 0;
}

/**
 * ofl_drive_set_job_running:
 * @self: a drive
 * @running: whether a job has it
 *
 * Between %TRUE, set before the job opens the drive, and %FALSE, set after it let go, nobody
 * looks at the drive. Main loop only.
 */
void
ofl_drive_set_job_running (OflDrive *self, gboolean running)
{
  if (ofl_drive_get_job_running (self) == !!running)
    return;
  g_atomic_int_set (self->job_running, !!running);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE_TITLE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOB_RUNNING]);
}

/**
 * ofl_drive_matches:
 * @self: a drive
 * @path: what a person typed: the id, a node, a link to a node, or the serial
 *
 * A serial that says nothing (ofl_identity_has_own_serial()) names no drive.
 *
 * Returns: whether this drive can be meant, and by what
 */
OflDriveMatch
ofl_drive_matches (OflDrive *self, const char *path)
{
  const char *sr_node = ofl_target_get_sr_node (self->target);
  const char *sg_node = ofl_target_get_sg_node (self->target);
  const OflIdentity *identity;
  char *resolved;
  gboolean same_node;

  if (path == NULL || path[0] == 0)
    return OFL_DRIVE_MATCH_NONE;
  if (strcmp (path, ofl_drive_get_id (self)) == 0 || g_strcmp0 (path, sr_node) == 0
      || g_strcmp0 (path, sg_node) == 0)
    return OFL_DRIVE_MATCH_NODE;
  resolved = realpath (path, NULL);
  same_node = resolved != NULL
              && (g_strcmp0 (resolved, sr_node) == 0 || g_strcmp0 (resolved, sg_node) == 0);
  free (resolved);
  if (same_node)
    return OFL_DRIVE_MATCH_NODE;
  identity = self->snapshot != NULL ? ofl_snapshot_identity (self->snapshot) : NULL;
  if (identity != NULL && ofl_identity_has_own_serial (identity)
      && strcmp (path, identity->serial) == 0)
    return OFL_DRIVE_MATCH_SERIAL;
  return OFL_DRIVE_MATCH_NONE;
}

/**
 * ofl_drive_take_snapshot:
 * @transport: an open transport; blocks, worker threads only
 * @probe: (nullable): asks the families
 * @data: for @probe
 * @error: return location
 *
 * Reads the identity, then lets @probe find the family. A drive that names itself differently
 * from one moment to the next is not probed: nothing that came over such a link could be
 * believed. One whose name is stable but unreadable is: a family may know its boot mode.
 *
 * Returns: (transfer full): a snapshot; %NULL with the error of ofl_identity_read()
 */
OflSnapshot *
ofl_drive_take_snapshot (OflTransport *transport, OflProbeFunc probe, gpointer data, GError **error)
{
  g_autoptr (GError) garbled = NULL;
  OflSnapshot *snapshot;
  OflIdentity identity;

  if (!ofl_identity_read (&identity, transport, error))
    return NULL;
  if (probe != NULL && identity.different == 0)
    return probe (transport, &identity, data);

  snapshot = ofl_snapshot_new (&identity);
  if (!ofl_identity_is_trustworthy (&identity, &garbled))
    ofl_snapshot_set_reason (snapshot, OFL_SAY ("%s", ofl_error_text (garbled)));
  return snapshot;
}

static OflSnapshot *
take_a_look (Look *look, GError **error)
{
  g_autoptr (OflTransport) transport = NULL;
  OflSnapshot *snapshot;

  /* asked only now, inside the probe: a job that starts later waits for us in its open */
  if (g_atomic_int_get (look->job_running) != 0)
    {
      ofl_set_error (error, OFL_ERROR_BUSY,
                     _ ("A job is running on this drive. It is looked at when the job has ended."));
      return NULL;
    }
  transport = ofl_target_open (look->target, OFL_OPEN_READ_ONLY, error);
  if (transport == NULL)
    return NULL;
  snapshot = ofl_drive_take_snapshot (transport, look->probe, look->data, error);
  ofl_transport_close (transport);
  return snapshot;
}

static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Look *look = task_data;
  OflSnapshot *snapshot = NULL;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  ofl_target_begin_probe (look->target);
  snapshot = take_a_look (look, &error);
  ofl_target_end_probe (look->target);
  if (snapshot != NULL)
    g_task_return_pointer (task, snapshot, (GDestroyNotify) ofl_snapshot_unref);
  else
    g_task_return_error (task, error);
}

static void
apply_look (OflDrive *self, OflSnapshot *snapshot, const GError *error)
{
  g_clear_pointer (&self->snapshot, ofl_snapshot_unref);
  g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_error_copy (error);
  if (snapshot != NULL)
    {
      const OflIdentity *identity = ofl_snapshot_identity (snapshot);

      self->snapshot = ofl_snapshot_ref (snapshot);
      g_free (self->name);
      self->name = ofl_identity_name (identity);
      g_free (self->revision);
      self->revision = g_strdup (identity->revision);
    }
  self->ready = TRUE;
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REVISION]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE_TITLE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_READY]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OflDrive *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflSnapshot) snapshot = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean job_first = ofl_drive_get_job_running (self)
                       && g_error_matches (error, OFL_ERROR, OFL_ERROR_BUSY);

  self->looking = FALSE;
  if (!job_first && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    apply_look (self, snapshot, error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * ofl_drive_identify_async:
 * @self: a drive
 * @probe: (nullable): asks the families; runs on a worker thread
 * @data: for @probe; has to stay valid even after a cancelled call returned, because the worker
 *   ends on its own
 * @cancellable: (nullable): ends the waiting; the worker ends with the drive's current answer
 * @callback: called on the main loop, after the properties have been notified
 * @user_data: for @callback
 *
 * Looks at the drive: opens it shared, reads who it is and whose. While a job runs on the drive
 * this fails at once with %OFL_ERROR_BUSY and changes nothing; while another look is under way,
 * with %G_IO_ERROR_PENDING.
 */
void
ofl_drive_identify_async (OflDrive *self, OflProbeFunc probe, gpointer data,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) outer = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) inner = NULL;
  Look *look;

  g_task_set_source_tag (outer, ofl_drive_identify_async);
  if (ofl_drive_get_job_running (self))
    {
      g_task_return_new_error (outer, OFL_ERROR, OFL_ERROR_BUSY, "%s",
                               _ ("A job is running on this drive. Wait until it has ended."));
      return;
    }
  if (self->looking)
    {
      g_task_return_new_error (outer, G_IO_ERROR, G_IO_ERROR_PENDING, "%s",
                               _ ("The drive is being looked at already."));
      return;
    }
  self->looking = TRUE;
  look = g_new0 (Look, 1);
  look->target = ofl_target_ref (self->target);
  look->probe = probe;
  look->data = data;
  look->job_running = g_atomic_rc_box_acquire (self->job_running);
  inner = g_task_new (NULL, cancellable, on_looked, g_steal_pointer (&outer));
  g_task_set_task_data (inner, look, look_free);
  g_task_set_return_on_cancel (inner, TRUE);
  g_task_run_in_thread (inner, look_in_thread);
}

/**
 * ofl_drive_identify_finish:
 * @self: a drive
 * @result: what the callback got
 * @error: return location
 *
 * A garbled drive and one of no known family are results: see ofl_drive_get_snapshot(). A busy or
 * silent drive is an error here and a state in ofl_drive_get_state().
 *
 * Returns: whether there is a snapshot; otherwise an error of ofl_target_open(),
 *   ofl_identity_read() or ofl_drive_identify_async(), or %G_IO_ERROR_CANCELLED
 */
gboolean
ofl_drive_identify_finish (OflDrive *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
