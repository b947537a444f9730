/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ofl-service.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "ofl-config.h"
#include "scsi/ofl-error.h"
#include "service/ofl-dbus-error.h"
#include "service/ofl-service-job.h"
#include "service/ofl-service-start.h"
#include "updater/ofl-updater-job.h"

/* Files being read at once, and ended jobs that nobody has looked at, one a drive: a client must not
 * be able to fill the memory. */
#define MAX_STARTING 4
#define MAX_ENDED 32
#define MAX_CALLERS 256

struct _OflService {
  GObject parent_instance;

  OflServiceDrives drives;
  char *state_dir;
  OflDBusManager *skeleton;
  GDBusConnection *connection;
  GPtrArray *jobs; /* of OflServiceJob, oldest first */
  guint last_number;
  guint starting;
  gboolean closing;
  gboolean stay;
  guint patience_ms;   /* 0: the job's own */
  GHashTable *callers; /* unique name to the watch of it, when it stays for them */
};

G_DEFINE_FINAL_TYPE (OflService, ofl_service, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What answers one of the two methods that start a job. */
typedef void (*CompleteFunc) (OflDBusManager *skeleton, GDBusMethodInvocation *invocation,
                              GUnixFDList *fds, const char *path);

typedef struct {
  OflService *service;
  OflStartRequest *request;
  GDBusMethodInvocation *invocation;
  CompleteFunc complete;
} Start;

static void
start_free (Start *start)
{
  g_clear_pointer (&start->request, ofl_start_request_free);
  g_object_unref (start->service);
  g_free (start);
}

/* Which drives nobody else should use now */
static void
show_held (OflService *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->jobs->len; i++)
    {
      OflServiceJob *job = g_ptr_array_index (self->jobs, i);

      if (ofl_service_job_is_running (job))
        g_variant_builder_add_value (&builder, ofl_service_job_describe (job));
    }
  ofl_dbus_manager_set_held (self->skeleton, g_variant_builder_end (&builder));
}

static void
remove_job (OflService *self, OflServiceJob *job)
{
  if (!ofl_service_job_is_dismissed (job))
    ofl_dbus_manager_emit_job_removed (self->skeleton, ofl_service_job_get_path (job));
  g_signal_handlers_disconnect_by_data (job, self);
  g_ptr_array_remove (self->jobs, job);
}

/* The newest end on each drive waits to be seen; what it followed is in the journal. */
static void
drop_old_ends (OflService *self, OflServiceJob *newest)
{
  guint ended = 0;

  for (guint i = self->jobs->len; i > 0; i--)
    {
      OflServiceJob *job = g_ptr_array_index (self->jobs, i - 1);

      if (job == newest || ofl_service_job_is_running (job))
        continue;
      if (++ended >= MAX_ENDED
          || g_str_equal (ofl_service_job_get_drive (job), ofl_service_job_get_drive (newest)))
        remove_job (self, job);
    }
}

static void
on_job_ended (OflServiceJob *job, OflService *self)
{
  show_held (self);
  drop_old_ends (self, job);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_job_dismissed (OflServiceJob *job, OflService *self)
{
  ofl_dbus_manager_emit_job_removed (self->skeleton, ofl_service_job_get_path (job));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_job_gone (OflServiceJob *job, OflService *self)
{
  remove_job (self, job);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* By path; and, as the same drive may have two nodes after a replug, by who it says it is. A serial
 * alone is nobody's: drives of two makers may have the same one, and some have all zeros. A practice
 * drive has one name. */
static gboolean
is_same_drive (OflServiceJob *job, const OflStartRequest *request)
{
  const OflIdentity *one = ofl_service_job_get_expected (job);
  const OflIdentity *other = request->expected != NULL ? ofl_snapshot_identity (request->expected)
                                                       : NULL;
  const char *node = ofl_service_job_get_drive (job);

  if (g_str_equal (node, request->drive))
    return TRUE;
  if (!g_str_has_prefix (node, "/dev/") || !g_str_has_prefix (request->drive, "/dev/")
      || one == NULL || other == NULL)
    return FALSE;
  return one->serial[0] != '\0' && g_str_equal (one->serial, other->serial)
         && g_str_equal (one->vendor, other->vendor) && g_str_equal (one->product, other->product);
}

static OflServiceJob *
find_running (OflService *self, const OflStartRequest *request)
{
  for (guint i = 0; i < self->jobs->len; i++)
    {
      OflServiceJob *job = g_ptr_array_index (self->jobs, i);

      if (ofl_service_job_is_running (job) && is_same_drive (job, request))
        return job;
    }
  return NULL;
}

static OflServiceJob *
make_job (OflService *self, OflStartRequest *request, GError **error)
{
  OflServiceJob *other = find_running (self, request);
  g_autoptr (OflTarget) target = NULL;
  g_autoptr (OflJob) job = NULL;
  g_autoptr (OflServiceJob) object = NULL;

  if (other != NULL)
    {
      ofl_set_error (error, OFL_ERROR_BUSY,
                     _ ("A job runs on this drive already: %s. Wait until it has ended."),
                     ofl_service_job_get_title (other));
      return NULL;
    }
  target = self->drives.open (request->drive, request->practice_speed, self->drives.data, error);
  if (target == NULL)
    return NULL;
  g_free (request->options->state_dir);
  request->options->state_dir = g_strdup (self->state_dir);
  if (request->run != NULL)
    job = ofl_updater_job_new (target, request->expected, request->image, request->options,
                               g_steal_pointer (&request->run));
  else
    job = ofl_local_job_new (request->kind, target, request->expected, request->image,
                             request->options);
  object = ofl_service_job_new (++self->last_number, OFL_LOCAL_JOB (job), request->drive,
                                request->expected);
  if (self->patience_ms > 0)
    ofl_service_job_set_patience (object, self->patience_ms);
  if (!ofl_service_job_export (object, self->connection, error))
    return NULL;
  return g_steal_pointer (&object);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  Start *start = data;
  OflService *self = start->service;
  g_autoptr (GError) error = NULL;
  OflServiceJob *job = NULL;

  self->starting--;
  if (ofl_start_request_load_finish (result, &error) && self->connection != NULL)
    job = make_job (self, start->request, &error);
  if (job == NULL)
    {
      if (error == NULL)
        error = g_error_new_literal (OFL_ERROR, OFL_ERROR_FAILED, _ ("The service is ending."));
      g_dbus_method_invocation_return_gerror (start->invocation, error);
      start_free (start);
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  g_signal_connect_swapped (job, "danger-changed", G_CALLBACK (show_held), self);
  g_signal_connect (job, "ended", G_CALLBACK (on_job_ended), self);
  g_signal_connect (job, "dismissed", G_CALLBACK (on_job_dismissed), self);
  g_signal_connect (job, "gone", G_CALLBACK (on_job_gone), self);
  g_ptr_array_add (self->jobs, job);
  ofl_service_job_start (job);
  show_held (self);
  g_signal_emit (self, signals[CHANGED], 0);
  start->complete (self->skeleton, start->invocation, NULL, ofl_service_job_get_path (job));
  ofl_dbus_manager_emit_job_added (self->skeleton, ofl_service_job_get_path (job));
  start_free (start);
}

static int
take_descriptor (GUnixFDList *fds, int index, GError **error)
{
  if (index < 0)
    return -1;
  if (fds != NULL && index < g_unix_fd_list_get_length (fds))
    return g_unix_fd_list_get (fds, index, error);
  ofl_set_error (error, OFL_ERROR_BAD_FILE, _ ("The firmware file was not handed over."));
  return -1;
}

static void
on_caller_gone (GDBusConnection *connection, const char *name, gpointer data)
{
  OflService *self = data;

  /* the watch is not taken away from within itself */
  if (g_hash_table_remove (self->callers, name))
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
free_watch (gpointer data)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (data));
}

static void
note_caller (OflService *self, GDBusMethodInvocation *invocation)
{
  const char *name = g_dbus_method_invocation_get_sender (invocation);
  guint watch;

  if (!self->stay || self->connection == NULL || name == NULL
      || g_hash_table_contains (self->callers, name)
      || g_hash_table_size (self->callers) >= MAX_CALLERS)
    return;
  watch = g_bus_watch_name_on_connection (self->connection, name, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                          NULL, on_caller_gone, self, NULL);
  g_hash_table_insert (self->callers, g_strdup (name), GUINT_TO_POINTER (watch));
}

static gboolean
may_start (OflService *self, GDBusMethodInvocation *invocation)
{
  note_caller (self, invocation);
  if (!self->closing && self->starting < MAX_STARTING)
    return TRUE;
  g_dbus_method_invocation_return_error (
      invocation, OFL_ERROR, OFL_ERROR_BUSY, "%s",
      self->closing ? _ ("The session is ending; no new job is started.")
                    : _ ("Too many jobs are being started at once. Try again in a moment."));
  return FALSE;
}

static void
start (OflService *self, OflStartRequest *request, GDBusMethodInvocation *invocation,
       CompleteFunc complete)
{
  Start *data = g_new0 (Start, 1);

  data->service = g_object_ref (self);
  data->request = request;
  data->invocation = invocation;
  data->complete = complete;
  self->starting++;
  ofl_start_request_load_async (request, on_loaded, data);
}

static gboolean
on_start_job (OflDBusManager *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds,
              const char *kind, const char *drive, GVariant *expected, GVariant *options,
              int firmware, OflService *self)
{
  g_autoptr (GError) error = NULL;
  OflStartRequest *request = NULL;
  int fd;

  if (!may_start (self, invocation))
    return TRUE;
  fd = take_descriptor (fds, firmware, &error);
  if (error == NULL)
    request = ofl_start_request_new (kind, drive, expected, options, fd, &error);
  if (request != NULL)
    start (self, request, invocation, ofl_dbus_manager_complete_start_job);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}

static gboolean
on_start_updater (OflDBusManager *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                  const char *drive, GVariant *expected, GVariant *options, int firmware,
                  GVariant *program, int keeper, int tape, OflService *self)
{
  g_autoptr (GError) error = NULL;
  OflUpdaterOptions *run = NULL;
  OflStartRequest *request = NULL;
  int keeper_fd, tape_fd, fd = -1;

  if (!may_start (self, invocation))
    return TRUE;
  keeper_fd = take_descriptor (fds, keeper, &error);
  tape_fd = error == NULL ? take_descriptor (fds, tape, &error) : -1;
  /* takes the two in any case */
  run = ofl_wire_unpack_updater (program, keeper_fd, tape_fd, error == NULL ? &error : NULL);
  if (error == NULL)
    fd = take_descriptor (fds, firmware, &error);
  if (error == NULL)
    request = ofl_start_request_new_updater (drive, expected, options, fd, g_steal_pointer (&run),
                                             &error);
  g_clear_pointer (&run, ofl_updater_options_free);
  if (request != NULL)
    start (self, request, invocation, ofl_dbus_manager_complete_start_updater);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}

static gboolean
on_list_jobs (OflDBusManager *skeleton, GDBusMethodInvocation *invocation, OflService *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  note_caller (self, invocation);
  for (guint i = 0; i < self->jobs->len; i++)
    {
      OflServiceJob *job = g_ptr_array_index (self->jobs, i);

      if (!ofl_service_job_is_dismissed (job))
        g_ptr_array_add (paths, (char *) ofl_service_job_get_path (job));
    }
  g_ptr_array_add (paths, NULL);
  ofl_dbus_manager_complete_list_jobs (skeleton, invocation, (const char *const *) paths->pdata);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

static void
ofl_service_dispose (GObject *object)
{
  ofl_service_unexport (OFL_SERVICE (object));
  G_OBJECT_CLASS (ofl_service_parent_class)->dispose (object);
}

static void
ofl_service_finalize (GObject *object)
{
  OflService *self = OFL_SERVICE (object);

  for (guint i = 0; i < self->jobs->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->jobs, i), self);
  g_ptr_array_unref (self->jobs);
  g_hash_table_unref (self->callers);
  g_signal_handlers_disconnect_by_data (self->skeleton, self);
  g_object_unref (self->skeleton);
  g_free (self->state_dir);
  G_OBJECT_CLASS (ofl_service_parent_class)->finalize (object);
}

static void
ofl_service_class_init (OflServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  ofl_dbus_errors_register ();
  object_class->dispose = ofl_service_dispose;
  object_class->finalize = ofl_service_finalize;
  signals[CHANGED] = g_signal_new ("changed", OFL_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
ofl_service_init (OflService *self)
{
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  self->callers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_watch);
  self->skeleton = ofl_dbus_manager_skeleton_new ();
  ofl_dbus_manager_set_version (self->skeleton, OFL_VERSION);
  show_held (self);
  g_signal_connect (self->skeleton, "handle-start-job", G_CALLBACK (on_start_job), self);
  g_signal_connect (self->skeleton, "handle-start-updater", G_CALLBACK (on_start_updater), self);
  g_signal_connect (self->skeleton, "handle-list-jobs", G_CALLBACK (on_list_jobs), self);
}

/**
 * ofl_service_new:
 * @drives: where drives come from
 * @state_dir: (nullable): folder for journals; the user's own when %NULL
 *
 * Returns: (transfer full): a service that is on no bus yet
 */
OflService *
ofl_service_new (const OflServiceDrives *drives, const char *state_dir)
{
  OflService *self = g_object_new (OFL_TYPE_SERVICE, NULL);

  self->drives = *drives;
  self->state_dir = g_strdup (state_dir);
  return self;
}

/**
 * ofl_service_export:
 * @self: a service
 * @connection: the bus
 * @error: return location
 *
 * Returns: whether its objects are on the bus now
 */
gboolean
ofl_service_export (OflService *self, GDBusConnection *connection, GError **error)
{
  g_set_object (&self->connection, connection);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                           OFL_SERVICE_PATH, error);
}

/**
 * ofl_service_unexport:
 * @self: a service
 *
 * Takes its objects from the bus. Jobs that run go on.
 */
void
ofl_service_unexport (OflService *self)
{
  if (self->connection == NULL)
    return;
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_clear_object (&self->connection);
}

/**
 * ofl_service_is_busy:
 * @self: a service
 *
 * Returns: whether a job runs or is about to start
 */
gboolean
ofl_service_is_busy (OflService *self)
{
  if (self->starting > 0)
    return TRUE;
  for (guint i = 0; i < self->jobs->len; i++)
    if (ofl_service_job_is_running (g_ptr_array_index (self->jobs, i)))
      return TRUE;
  return FALSE;
}

/**
 * ofl_service_is_needed:
 * @self: a service
 *
 * Returns: whether a job runs, or one has ended and nobody has seen how, or it stays for somebody
 */
gboolean
ofl_service_is_needed (OflService *self)
{
  return self->starting > 0 || self->jobs->len > 0
         || (g_hash_table_size (self->callers) > 0 && !self->closing);
}

/**
 * ofl_service_set_stay:
 * @self: a service that is on no bus yet
 * @stay: whether it is needed as long as a program that has asked is on the bus
 *
 * For a service that the bus does not start again by itself.
 */
void
ofl_service_set_stay (OflService *self, gboolean stay)
{
  self->stay = stay;
}

/**
 * ofl_service_set_patience:
 * @self: a service
 * @ms: for how long nobody need look at a job that asks something, ms; then the answer is no. 0: as usual
 */
void
ofl_service_set_patience (OflService *self, guint ms)
{
  self->patience_ms = ms;
}

/**
 * ofl_service_wind_down:
 * @self: a service
 *
 * The session ends, or somebody asked the service to: what may still be cancelled is, what is being
 * written goes on until the drive is safe. Wait until it is not busy any more.
 */
void
ofl_service_wind_down (OflService *self)
{
  self->closing = TRUE;
  for (guint i = 0; i < self->jobs->len; i++)
    ofl_service_job_cancel_if_possible (g_ptr_array_index (self->jobs, i));
}
