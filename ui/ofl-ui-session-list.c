/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-session-list.h"

#include <string.h>

struct _OflUiSessionList {
  GObject parent_instance;

  OflDriveMonitor *monitor;
  GListStore *store;

  OflClient *client; /* NULL until it is known where jobs run */
  double practice_speed;
  GPtrArray *waiting; /* of OflJob: jobs of the service whose drive is not there, or not known yet */
};

static void ofl_ui_session_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OflUiSessionList, ofl_ui_session_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      ofl_ui_session_list_model_init))

enum { SIGNAL_PHASE_CHANGED, SIGNAL_JOB_FOUND, N_SIGNALS };
static guint signals[N_SIGNALS];

static GType
ofl_ui_session_list_get_item_type (GListModel *model)
{
  return OFL_UI_TYPE_SESSION;
}

static guint
ofl_ui_session_list_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (OFL_UI_SESSION_LIST (model)->store));
}

static gpointer
ofl_ui_session_list_get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (OFL_UI_SESSION_LIST (model)->store), position);
}

static void
ofl_ui_session_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = ofl_ui_session_list_get_item_type;
  iface->get_n_items = ofl_ui_session_list_get_n_items;
  iface->get_item = ofl_ui_session_list_get_item;
}

/* Real drives first, practice drives below them in the order of their catalogue. */
static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  OflUiSession *first = OFL_UI_SESSION ((gpointer) a);
  OflUiSession *second = OFL_UI_SESSION ((gpointer) b);
  int practice = ofl_ui_session_is_practice (first) - ofl_ui_session_is_practice (second);
  guint rank = ofl_core_practice_rank (ofl_ui_session_get_id (first));
  guint other = ofl_core_practice_rank (ofl_ui_session_get_id (second));

  if (practice != 0)
    return practice;
  if (rank != other)
    return rank < other ? -1 : 1;
  return g_strcmp0 (ofl_ui_session_get_id (first), ofl_ui_session_get_id (second));
}

static OflDrive *
find_drive (OflUiSessionList *self, const char *id)
{
  GListModel *drives = G_LIST_MODEL (self->monitor);

  for (guint i = 0; i < g_list_model_get_n_items (drives); i++)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (drives, i);

      if (g_strcmp0 (ofl_drive_get_id (drive), id) == 0)
        return drive;
    }
  return NULL;
}

/* (transfer none) */
static OflUiSession *
get_session (OflUiSessionList *self, guint index)
{
  g_autoptr (OflUiSession) session = g_list_model_get_item (G_LIST_MODEL (self->store), index);

  return session;
}

/**
 * ofl_ui_session_list_find:
 * @self: the list
 * @id: a drive's id
 *
 * Returns: (nullable) (transfer none): its session
 */
OflUiSession *
ofl_ui_session_list_find (OflUiSessionList *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiSession *session = get_session (self, i);

      if (g_strcmp0 (ofl_ui_session_get_id (session), id) == 0)
        return session;
    }
  return NULL;
}

/* (transfer container) */
static GPtrArray *
find_gone (OflUiSessionList *self)
{
  GPtrArray *gone = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiSession *session = get_session (self, i);

      if (find_drive (self, ofl_ui_session_get_id (session)) == NULL)
        g_ptr_array_add (gone, g_object_ref (session));
    }
  return gone;
}

/* Drives that went: their session stays as long as there is something to watch or to read. Whoever asks
 * about one is told before it goes; what follows may drop others. */
static void
drop_gone (OflUiSessionList *self)
{
  g_autoptr (GPtrArray) gone = find_gone (self);

  for (guint i = 0; i < gone->len; i++)
    {
      OflUiSession *session = g_ptr_array_index (gone, i);
      guint position;

      ofl_ui_session_set_drive (session, NULL);
      if (ofl_ui_session_get_phase (session) == OFL_UI_PHASE_SETUP
          && g_list_store_find (self->store, session, &position))
        g_list_store_remove (self->store, position);
    }
}

static gboolean
is_shown (OflUiSessionList *self, OflJob *job)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiRun *run = ofl_ui_session_get_run (get_session (self, i));

      if (run != NULL && g_strcmp0 (ofl_ui_run_get_path (run), ofl_job_get_path (job)) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A drive's name is known once it was looked at, or could not be because the job has it. */
static void
attach_waiting (OflUiSessionList *self)
{
  for (guint i = self->waiting->len; i > 0; i--)
    {
      g_autoptr (OflJob) job = g_object_ref (g_ptr_array_index (self->waiting, i - 1));
      OflUiSession *session = ofl_ui_session_list_find (self, ofl_job_get_drive (job));

      if (session == NULL || !ofl_drive_get_ready (ofl_ui_session_get_drive (session)))
        continue;
      g_ptr_array_remove_index (self->waiting, i - 1);
      if (is_shown (self, job) || ofl_ui_session_get_phase (session) == OFL_UI_PHASE_RUNNING)
        continue;
      ofl_ui_session_attach (session, job);
      g_signal_emit (self, signals[SIGNAL_JOB_FOUND], 0, session);
    }
}

/* A job on a practice drive shows its drive, also where practice drives were not asked for. */
static void
show_practice_drive (OflUiSessionList *self, const char *id)
{
  g_autofree char *dir = NULL;
  g_autoptr (OflDrive) drive = NULL;

  if (!g_str_has_prefix (id, "practice:") || ofl_ui_session_list_find (self, id) != NULL)
    return;
  dir = ofl_core_practice_state_dir ();
  drive = ofl_core_new_practice_drive (id + strlen ("practice:"), self->practice_speed, dir, NULL);
  if (drive != NULL)
    ofl_drive_monitor_add (self->monitor, drive);
}

static void
on_jobs_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiSessionList) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) jobs = ofl_client_list_jobs_finish (OFL_CLIENT (source), result, &error);

  if (jobs == NULL || self->store == NULL)
    return;
  g_ptr_array_set_size (self->waiting, 0);
  for (guint i = 0; i < jobs->len; i++)
    {
      OflJob *job = g_ptr_array_index (jobs, i);

      if (is_shown (self, job))
        continue;
      g_ptr_array_add (self->waiting, g_object_ref (job));
      show_practice_drive (self, ofl_job_get_drive (job));
    }
  attach_waiting (self);
}

static void
look_for_jobs (OflUiSessionList *self)
{
  ofl_client_list_jobs_async (self->client, NULL, on_jobs_listed, g_object_ref (self));
}

static void
on_phase_changed (OflUiSessionList *self, OflUiSession *session)
{
  G_GNUC_UNUSED g_autoptr (OflUiSession) hold = g_object_ref (session);

  g_signal_emit (self, signals[SIGNAL_PHASE_CHANGED], 0, session);
  drop_gone (self);
}

static void
add_new (OflUiSessionList *self)
{
  GListModel *drives = G_LIST_MODEL (self->monitor);

  for (guint i = 0; i < g_list_model_get_n_items (drives); i++)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (drives, i);
      OflUiSession *known = ofl_ui_session_list_find (self, ofl_drive_get_id (drive));
      g_autoptr (OflUiSession) session = NULL;

      if (known != NULL)
        {
          ofl_ui_session_set_drive (known, drive);
          continue;
        }
      session = ofl_ui_session_new (self->monitor, drive);
      g_signal_connect_object (session, "phase-changed", G_CALLBACK (on_phase_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "changed", G_CALLBACK (attach_waiting), self,
                               G_CONNECT_SWAPPED);
      if (self->client != NULL)
        ofl_ui_session_set_client (session, self->client, self->practice_speed);
      g_list_store_insert_sorted (self->store, session, compare, NULL);
    }
}

static void
on_drives_changed (OflUiSessionList *self)
{
  drop_gone (self);
  add_new (self);
  attach_waiting (self);
}

static void
on_store_changed (OflUiSessionList *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
ofl_ui_session_list_dispose (GObject *object)
{
  OflUiSessionList *self = OFL_UI_SESSION_LIST (object);

  g_clear_object (&self->monitor);
  g_clear_object (&self->store);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_session_list_parent_class)->dispose (object);
}

static void
ofl_ui_session_list_class_init (OflUiSessionListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_session_list_dispose;
  signals[SIGNAL_PHASE_CHANGED] = g_signal_new ("phase-changed", OFL_UI_TYPE_SESSION_LIST,
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                                1, OFL_UI_TYPE_SESSION);
  signals[SIGNAL_JOB_FOUND] = g_signal_new ("job-found", OFL_UI_TYPE_SESSION_LIST,
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                            OFL_UI_TYPE_SESSION);
}

static void
ofl_ui_session_list_init (OflUiSessionList *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->store = g_list_store_new (OFL_UI_TYPE_SESSION);
  g_signal_connect_object (self->store, "items-changed", G_CALLBACK (on_store_changed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * ofl_ui_session_list_new:
 * @monitor: the drives
 *
 * Returns: (transfer full): a list that follows @monitor
 */
OflUiSessionList *
ofl_ui_session_list_new (OflDriveMonitor *monitor)
{
  OflUiSessionList *self = g_object_new (OFL_UI_TYPE_SESSION_LIST, NULL);

  self->monitor = g_object_ref (monitor);
  g_signal_connect_object (monitor, "items-changed", G_CALLBACK (on_drives_changed), self,
                           G_CONNECT_SWAPPED);
  add_new (self);
  return self;
}

/**
 * ofl_ui_session_list_set_client:
 * @self: the list
 * @client: where jobs run
 * @practice_speed: how many times faster than real time practice drives are there
 *
 * From now on jobs can be started, and those that others have started are shown.
 */
void
ofl_ui_session_list_set_client (OflUiSessionList *self, OflClient *client, double practice_speed)
{
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  self->practice_speed = practice_speed;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    ofl_ui_session_set_client (get_session (self, i), client, practice_speed);
  g_signal_connect_swapped (client, "job-added", G_CALLBACK (look_for_jobs), self);
  look_for_jobs (self);
}

/**
 * ofl_ui_session_list_contains:
 * @self: the list
 * @session: a session
 *
 * Returns: whether it is in the list still
 */
gboolean
ofl_ui_session_list_contains (OflUiSessionList *self, OflUiSession *session)
{
  return g_list_store_find (self->store, session, NULL);
}

/**
 * ofl_ui_session_list_count_running:
 * @self: the list
 *
 * Returns: how many jobs run
 */
guint
ofl_ui_session_list_count_running (OflUiSessionList *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    n += ofl_ui_session_get_phase (get_session (self, i)) == OFL_UI_PHASE_RUNNING;
  return n;
}

/**
 * ofl_ui_session_list_count_local:
 * @self: the list
 *
 * Returns: how many jobs run in this process and end with it
 */
guint
ofl_ui_session_list_count_local (OflUiSessionList *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiSession *session = get_session (self, i);

      n += ofl_ui_session_get_phase (session) == OFL_UI_PHASE_RUNNING
           && !ofl_ui_run_outlives_program (ofl_ui_session_get_run (session));
    }
  return n;
}

/**
 * ofl_ui_session_list_dismiss_ends:
 * @self: the list
 *
 * The window that showed them is closed: what has ended has been seen.
 */
void
ofl_ui_session_list_dismiss_ends (OflUiSessionList *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiRun *run = ofl_ui_session_get_run (get_session (self, i));

      if (run != NULL)
        ofl_ui_run_dismiss (run);
    }
  if (self->client != NULL)
    ofl_client_flush (self->client);
}

/**
 * ofl_ui_session_list_count_danger:
 * @self: the list
 *
 * Returns: how many jobs are where they must not be interrupted
 */
guint
ofl_ui_session_list_count_danger (OflUiSessionList *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiSession *session = get_session (self, i);

      n += ofl_ui_session_get_phase (session) == OFL_UI_PHASE_RUNNING
           && ofl_ui_run_get_view (ofl_ui_session_get_run (session))->danger;
    }
  return n;
}

/**
 * ofl_ui_session_list_find_asking:
 * @self: the list
 *
 * Returns: (nullable) (transfer none): the first drive whose job waits for an answer
 */
OflUiSession *
ofl_ui_session_list_find_asking (OflUiSessionList *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiSession *session = get_session (self, i);

      if (ofl_ui_session_is_asking (session))
        return session;
    }
  return NULL;
}

/**
 * ofl_ui_session_list_cancel_all:
 * @self: the list
 *
 * Asks every job to stop that still can.
 */
void
ofl_ui_session_list_cancel_all (OflUiSessionList *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiSession *session = get_session (self, i);

      if (ofl_ui_session_get_phase (session) == OFL_UI_PHASE_RUNNING)
        ofl_ui_run_cancel (ofl_ui_session_get_run (session));
    }
}

/**
 * ofl_ui_session_list_refresh_all:
 * @self: the list
 *
 * Looks at every drive again on which no job runs.
 */
void
ofl_ui_session_list_refresh_all (OflUiSessionList *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    ofl_ui_session_refresh (get_session (self, i));
}
