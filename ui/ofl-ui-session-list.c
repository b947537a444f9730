/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-session-list.h"

struct _OflUiSessionList
{
  GObject parent_instance;

  OflDriveMonitor *monitor;
  GListStore *store;
};

static void ofl_ui_session_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OflUiSessionList, ofl_ui_session_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      ofl_ui_session_list_model_init))

enum { SIGNAL_PHASE_CHANGED, N_SIGNALS };
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

/* Real drives first, practice drives below them. */
static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  OflUiSession *first = OFL_UI_SESSION ((gpointer) a);
  OflUiSession *second = OFL_UI_SESSION ((gpointer) b);
  int practice = ofl_ui_session_is_practice (first) - ofl_ui_session_is_practice (second);

  if (practice != 0)
    return practice;
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

static OflUiSession *
find_session (OflUiSessionList *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      OflUiSession *session = ofl_ui_session_list_get (self, i);

      if (g_strcmp0 (ofl_ui_session_get_id (session), id) == 0)
        return session;
    }
  return NULL;
}

/* Drives that went: their session stays as long as there is something to watch or to read. */
static void
drop_gone (OflUiSessionList *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->store)); i > 0; i--)
    {
      OflUiSession *session = ofl_ui_session_list_get (self, i - 1);

      if (find_drive (self, ofl_ui_session_get_id (session)) != NULL)
        continue;
      if (ofl_ui_session_get_phase (session) == OFL_UI_PHASE_SETUP)
        g_list_store_remove (self->store, i - 1);
      else
        ofl_ui_session_set_drive (session, NULL);
    }
}

static void
on_phase_changed (OflUiSessionList *self, OflUiSession *session)
{
  g_autoptr (OflUiSession) hold = g_object_ref (session);

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
      OflUiSession *known = find_session (self, ofl_drive_get_id (drive));
      g_autoptr (OflUiSession) session = NULL;

      if (known != NULL)
        {
          ofl_ui_session_set_drive (known, drive);
          continue;
        }
      session = ofl_ui_session_new (self->monitor, drive);
      g_signal_connect_object (session, "phase-changed", G_CALLBACK (on_phase_changed), self,
                               G_CONNECT_SWAPPED);
      g_list_store_insert_sorted (self->store, session, compare, NULL);
    }
}

static void
on_drives_changed (OflUiSessionList *self)
{
  drop_gone (self);
  add_new (self);
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
  G_OBJECT_CLASS (ofl_ui_session_list_parent_class)->dispose (object);
}

static void
ofl_ui_session_list_class_init (OflUiSessionListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_session_list_dispose;
  signals[SIGNAL_PHASE_CHANGED] = g_signal_new ("phase-changed", OFL_UI_TYPE_SESSION_LIST,
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                G_TYPE_NONE, 1, OFL_UI_TYPE_SESSION);
}

static void
ofl_ui_session_list_init (OflUiSessionList *self)
{
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
 * ofl_ui_session_list_get:
 * @self: the list
 * @index: below its length
 *
 * Returns: (transfer none): a session
 */
OflUiSession *
ofl_ui_session_list_get (OflUiSessionList *self, guint index)
{
  g_autoptr (OflUiSession) session = g_list_model_get_item (G_LIST_MODEL (self->store), index);

  return session;
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
    n += ofl_ui_session_get_phase (ofl_ui_session_list_get (self, i)) == OFL_UI_PHASE_RUNNING;
  return n;
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
      OflUiSession *session = ofl_ui_session_list_get (self, i);

      n += ofl_ui_session_get_phase (session) == OFL_UI_PHASE_RUNNING
           && ofl_ui_run_get_view (ofl_ui_session_get_run (session))->danger;
    }
  return n;
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
      OflUiSession *session = ofl_ui_session_list_get (self, i);

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
    ofl_ui_session_refresh (ofl_ui_session_list_get (self, i));
}
