/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "upower.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <unistd.h>

struct _Upower {
  UpowerSays says;
  GTestDBus *bus;
  GDBusConnection *connection;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  gint blocks; /* atomic */
};

static const char interfaces[] = "<node>"
                                 "<interface name='org.freedesktop.UPower'>"
                                 "<property name='OnBattery' type='b' access='read'/>"
                                 "<property name='LidIsPresent' type='b' access='read'/>"
                                 "<property name='LidIsClosed' type='b' access='read'/>"
                                 "</interface>"
                                 "<interface name='org.freedesktop.UPower.Device'>"
                                 "<property name='IsPresent' type='b' access='read'/>"
                                 "<property name='Percentage' type='d' access='read'/>"
                                 "</interface>"
                                 "<interface name='org.freedesktop.login1.Manager'>"
                                 "<method name='Inhibit'>"
                                 "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                 "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                 "<arg type='h' direction='out'/>"
                                 "</method>"
                                 "</interface>"
                                 "</node>";

static GVariant *
on_property (GDBusConnection *connection, const char *sender, const char *path,
             const char *interface, const char *name, GError **error, gpointer data)
{
  const UpowerSays *says = &((Upower *) data)->says;

  if (g_str_equal (name, "OnBattery"))
    return g_variant_new_boolean (says->on_battery);
  if (g_str_equal (name, "LidIsPresent"))
    return g_variant_new_boolean (says->lid);
  if (g_str_equal (name, "LidIsClosed"))
    return g_variant_new_boolean (says->lid_closed);
  if (g_str_equal (name, "IsPresent"))
    return g_variant_new_boolean (!says->no_charge);
  return g_variant_new_double (says->percent);
}

/* logind's only method that is asked here */
static void
on_call (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
         const char *method, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  int handle = g_unix_fd_list_append (fds, fd, NULL);

  close (fd);
  g_atomic_int_inc (&((Upower *) data)->blocks);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation,
                                                           g_variant_new ("(h)", handle), fds);
}

static void
register_at (Upower *self, GDBusNodeInfo *node, const char *path, const char *interface)
{
  static const GDBusInterfaceVTable table = { on_call, on_property, NULL, { 0 } };
  g_autoptr (GError) error = NULL;

  g_dbus_connection_register_object (self->connection, path,
                                     g_dbus_node_info_lookup_interface (node, interface), &table,
                                     self, NULL, &error);
  g_assert_no_error (error);
}

static void
own (Upower *self, const char *name)
{
  guint32 got;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus",
                                     "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                     g_variant_new ("(su)", name, 0), G_VARIANT_TYPE ("(u)"),
                                     G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  g_variant_get (reply, "(u)", &got);
  g_assert_cmpuint (got, ==, 1); /* it is the name's owner */
}

/* Objects are served on the context that they were registered on. */
static gpointer
serve (gpointer data)
{
  Upower *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
put_on_bus (Upower *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interfaces, &error);

  g_assert_no_error (error);
  g_main_context_push_thread_default (self->context);
  register_at (self, node, "/org/freedesktop/UPower", "org.freedesktop.UPower");
  register_at (self, node, "/org/freedesktop/UPower/devices/DisplayDevice",
               "org.freedesktop.UPower.Device");
  register_at (self, node, "/org/freedesktop/login1", "org.freedesktop.login1.Manager");
  g_main_context_pop_thread_default (self->context);
  if (!self->says.absent)
    own (self, "org.freedesktop.UPower");
  if (self->says.logind)
    own (self, "org.freedesktop.login1");
}

Upower *
upower_new (const UpowerSays *says)
{
  Upower *self = g_new0 (Upower, 1);
  g_autoptr (GError) error = NULL;

  self->says = *says;
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  /* it is the system's bus, and no session's */
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  self->connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (self->bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  put_on_bus (self);
  if (!says->mute) /* who is not served has no answer */
    self->thread = g_thread_new ("upower", serve, self);
  return self;
}

static gboolean
on_quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
stop_serving (Upower *self)
{
  g_autoptr (GSource) quit = g_idle_source_new ();

  /* by the loop itself: one that has not begun yet cannot be ended from here */
  g_source_set_callback (quit, on_quit, self->loop, NULL);
  g_source_attach (quit, self->context);
  g_thread_join (self->thread);
}

void
upower_free (Upower *self)
{
  if (self->thread != NULL)
    stop_serving (self);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_test_dbus_stop (self->bus);
  g_object_unref (self->bus);
  g_free (self);
}

GTestDBus *
upower_get_bus (Upower *self)
{
  return self->bus;
}

const char *
upower_get_address (Upower *self)
{
  return g_test_dbus_get_bus_address (self->bus);
}

guint
upower_count_blocks (Upower *self)
{
  return (guint) g_atomic_int_get (&self->blocks);
}
