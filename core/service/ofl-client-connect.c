/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the service: the session bus, or the bus that the service made for want of one; there
 * its name has an owner, or the bus can start it, or this program does. */
#include "service/ofl-client-private.h"

#include <glib/gi18n-lib.h>
#include "service/ofl-dbus-error.h"
#include "service/ofl-service-launch.h"
#include "service/ofl-wire.h"

/* Starting the service takes well below a second. */
#define CONNECT_TIMEOUT_MS 8000
#define STEP_MS 100

#define BUS_NAME "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"

typedef struct {
  GDBusConnection *connection;
  char *address; /* of it */
  guint watch;   /* of the service's name, while it starts */
  guint timer;
  guint steps; /* left, until a bus that is being made must be there */
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_clear_object (&self->connection);
  g_free (self->address);
  g_free (self);
}

static void
stop_waiting (Search *self)
{
  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void
return_client (GTask *task, OflDBusManager *manager, const char *note, gboolean can_start)
{
  stop_waiting (g_task_get_task_data (task));
  g_task_return_pointer (task, ofl_client_new (manager, note, can_start), g_object_unref);
  g_object_unref (task);
}

static void
return_silent (GTask *task)
{
  return_client (task, NULL,
                 _ ("The Optiflash service does not answer, so jobs run in this program: leave it "
                    "open until they end."),
                 FALSE);
}

static void
return_no_bus (GTask *task)
{
  return_client (task, NULL,
                 _ ("There is no session bus, so jobs run in this program: leave it open until they "
                    "end."),
                 ofl_service_can_own_bus ());
}

/* A call that the service must answer: only then is it really there. */
static void
on_answered (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  OflDBusManager *manager = OFL_DBUS_MANAGER (source);
  g_auto (GStrv) jobs = NULL;

  if (ofl_dbus_manager_call_list_jobs_finish (manager, &jobs, res, NULL))
    {
      g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (manager), G_MAXINT);
      return_client (task, manager, NULL, FALSE);
      return;
    }
  g_object_unref (manager);
  return_silent (task);
}

static void
on_manager (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  OflDBusManager *manager = ofl_dbus_manager_proxy_new_finish (res, NULL);

  if (manager == NULL)
    {
      return_silent (task);
      return;
    }
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (manager), CONNECT_TIMEOUT_MS);
  ofl_dbus_manager_call_list_jobs (manager, NULL, on_answered, task);
}

static void
ask_service (GTask *task)
{
  Search *self = g_task_get_task_data (task);

  stop_waiting (self);
  ofl_dbus_manager_proxy_new (self->connection,
                              G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES
                                  | G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START_AT_CONSTRUCTION,
                              OFL_SERVICE_NAME, OFL_SERVICE_PATH, NULL, on_manager, task);
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  ask_service (data);
}

static gboolean
on_never_appeared (gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);

  self->timer = 0;
  return_silent (task);
  return G_SOURCE_REMOVE;
}

static void
wait_for_service (GTask *task)
{
  Search *self = g_task_get_task_data (task);

  self->timer = g_timeout_add (CONNECT_TIMEOUT_MS, on_never_appeared, task);
  self->watch = g_bus_watch_name_on_connection (self->connection, OFL_SERVICE_NAME,
                                                G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, NULL,
                                                task, NULL);
}

/* A bus that already runs knows nothing of a build folder: the service that was built beside this
 * program is started by it. */
static void
on_activatable (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (self->connection, res, NULL);
  g_autofree const char **names = NULL;
  g_autoptr (GError) error = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(^a&s)", &names);
  if (names != NULL && g_strv_contains (names, OFL_SERVICE_NAME))
    ask_service (task);
  else if (ofl_service_spawn (self->connection, self->address, &error))
    wait_for_service (task);
  else
    return_silent (task);
}

static void
on_has_owner (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (self->connection, res, NULL);
  gboolean has_owner = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &has_owner);
  if (has_owner)
    ask_service (task);
  else
    g_dbus_connection_call (self->connection, BUS_NAME, BUS_PATH, BUS_NAME, "ListActivatableNames",
                            NULL, G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE,
                            CONNECT_TIMEOUT_MS, NULL, on_activatable, task);
}

static void
look_on_bus (GTask *task)
{
  Search *self = g_task_get_task_data (task);

  g_dbus_connection_call (self->connection, BUS_NAME, BUS_PATH, BUS_NAME, "NameHasOwner",
                          g_variant_new ("(s)", OFL_SERVICE_NAME), G_VARIANT_TYPE ("(b)"),
                          G_DBUS_CALL_FLAGS_NONE, CONNECT_TIMEOUT_MS, NULL, on_has_owner, task);
}

static void connect_own (GTask *task);

static gboolean
on_step (gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);

  self->timer = 0;
  connect_own (task);
  return G_SOURCE_REMOVE;
}

static void
on_own_bus (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);
  gboolean begun = self->steps > 0;

  self->connection = g_dbus_connection_new_for_address_finish (res, NULL);
  if (self->connection != NULL && begun)
    wait_for_service (task);
  else if (self->connection != NULL)
    look_on_bus (task);
  else if (begun && --self->steps > 0)
    self->timer = g_timeout_add (STEP_MS, on_step, task);
  else if (begun)
    return_silent (task);
  else
    return_no_bus (task);
}

static void
connect_own (GTask *task)
{
  Search *self = g_task_get_task_data (task);

  g_free (self->address);
  self->address = ofl_service_own_bus_address ();
  g_dbus_connection_new_for_address (self->address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, NULL, on_own_bus, task);
}

static void
on_session_bus (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);

  self->connection = g_bus_get_finish (res, NULL);
  if (self->connection == NULL)
    {
      connect_own (task);
      return;
    }
  self->address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  look_on_bus (task);
}

static GTask *
make_task (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  ofl_dbus_errors_register ();
  g_task_set_task_data (task, g_new0 (Search, 1), search_free);
  return task;
}

/**
 * ofl_client_connect_async:
 * @in_process: don't look for the service
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known where jobs run
 * @user_data: for @callback
 *
 * Looks for the service on the session bus, and where there is none on the bus that the service
 * made itself. Starts it there when it does not run.
 */
void
ofl_client_connect_async (gboolean in_process, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = make_task (cancellable, callback, user_data);

  if (in_process)
    return_client (task, NULL, NULL, FALSE);
  else
    g_bus_get (G_BUS_TYPE_SESSION, cancellable, on_session_bus, task);
}

/**
 * ofl_client_start_service_async:
 * @cancellable: (nullable): a cancellable
 * @callback: called when the service is there, or is not to be had
 * @user_data: for @callback
 *
 * Where there is no session bus: starts the service with a bus of its own, at an address that every
 * program of this user looks at. It outlives this program. End with ofl_client_connect_finish().
 */
void
ofl_client_start_service_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = make_task (cancellable, callback, user_data);
  Search *self = g_task_get_task_data (task);
  g_autofree char *address = ofl_service_own_bus_address ();
  g_autoptr (GError) error = NULL;

  self->steps = CONNECT_TIMEOUT_MS / STEP_MS;
  if (ofl_service_spawn (NULL, address, &error))
    connect_own (task);
  else
    return_silent (task);
}
