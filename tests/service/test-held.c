/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which drives the service holds, as anybody can read it on the bus: none, two with their names, of
 * which one must not lose power, then none again. */
#include <glib/gstdio.h>
#include <string.h>

#include "bus.h"

#define OTHER "practice:standard"
#define LOOKS_MS 20

/* The drive's answer to the last piece: from then on it burns. */
#define LAST_PIECE "bu40n=3b 06:128:"
#define FIRST_INQUIRY "standard=12:1:"

static GVariant *
get_property (Bus *bus, const char *path, const char *interface, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus->connection, OFL_SERVICE_NAME, path, "org.freedesktop.DBus.Properties", "Get",
      g_variant_new ("(ss)", interface, name), G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1,
      NULL, &error);
  g_autoptr (GVariant) boxed = NULL;

  g_assert_no_error (error);
  boxed = g_variant_get_child_value (reply, 0);
  return g_variant_get_variant (boxed);
}

static GVariant *
get_held (Bus *bus)
{
  return get_property (bus, OFL_SERVICE_PATH, OFL_SERVICE_NAME ".Manager", "Held");
}

/* (nullable): what is said of @drive */
static GVariant *
find_held (GVariant *held, const char *drive)
{
  for (gsize i = 0; i < g_variant_n_children (held); i++)
    {
      g_autoptr (GVariant) one = g_variant_get_child_value (held, i);
      const char *name = NULL;

      g_assert_true (g_variant_lookup (one, "drive", "&s", &name));
      if (g_str_equal (name, drive))
        return g_steal_pointer (&one);
    }
  return NULL;
}

static void
assert_word (GVariant *one, const char *name, const char *expected)
{
  const char *word = NULL;

  g_assert_true (g_variant_lookup (one, name, "&s", &word));
  g_assert_cmpstr (word, ==, expected);
}

static gboolean
is_in_danger (GVariant *one)
{
  gboolean danger;

  g_assert_true (g_variant_lookup (one, "danger", "b", &danger));
  return danger;
}

static void
wait_for_file (const char *path)
{
  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    sleep_ms (LOOKS_MS);
}

/* The property and each job's own say the same. */
static void
assert_same_as_job (Bus *bus, GVariant *one)
{
  const char *path = NULL;
  g_autoptr (GVariant) danger = NULL;
  g_autoptr (GVariant) drive = NULL;

  g_assert_true (g_variant_lookup (one, "job", "&o", &path));
  danger = get_property (bus, path, OFL_SERVICE_NAME ".Job", "Danger");
  drive = get_property (bus, path, OFL_SERVICE_NAME ".Job", "Drive");
  g_assert_cmpint (g_variant_get_boolean (danger), ==, is_in_danger (one));
  assert_word (one, "drive", g_variant_get_string (drive, NULL));
}

static void
assert_both_held (Bus *bus)
{
  g_autoptr (GVariant) held = get_held (bus);
  g_autoptr (GVariant) written = find_held (held, BU40N);
  g_autoptr (GVariant) read = find_held (held, OTHER);

  g_assert_cmpuint (g_variant_n_children (held), ==, 2);
  g_assert_nonnull (written);
  g_assert_nonnull (read);
  assert_word (written, "vendor", "HL-DT-ST");
  assert_word (written, "product", "BD-RE BU40N");
  assert_word (written, "serial", "OFL00000001");
  assert_word (written, "operation", "flash");
  g_assert_true (is_in_danger (written));
  g_assert_false (is_in_danger (read));
  assert_same_as_job (bus, written);
  assert_same_as_job (bus, read);
}

/* A job that nobody else watches, of a client that names no drive but by its path */
static void
start_backup (Bus *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "practice-speed", g_variant_new_double (1));
  reply = g_dbus_connection_call_sync (
      bus->connection, OFL_SERVICE_NAME, OFL_SERVICE_PATH, OFL_SERVICE_NAME ".Manager", "StartJob",
      g_variant_new ("(ss@a{ss}@a{sv}i)", "backup", OTHER,
                     g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0),
                     g_variant_builder_end (&options), -1),
      NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
on_changed (GDBusConnection *connection, const char *sender, const char *path,
            const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
  g_autoptr (GVariant) changed = g_variant_get_child_value (parameters, 1);
  g_autoptr (GVariant) held = g_variant_lookup_value (changed, "Held", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) written = held != NULL ? find_held (held, BU40N) : NULL;

  if (written != NULL && is_in_danger (written))
    *(guint *) data += 1;
}

/* In a folder that the service may write to */
static char *
make_path (Bus *bus, const char *name)
{
  g_autofree char *folder = g_build_filename (bus->state, "optiflash", NULL);

  g_mkdir_with_parents (folder, 0700);
  return g_build_filename (folder, name, NULL);
}

/* Of the service that the bus will start, and of nobody else */
static void
set_holds (Bus *bus, const char *path, const char *path_other)
{
  g_autofree char *hold = g_strconcat (LAST_PIECE, path, ",", FIRST_INQUIRY, path_other, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  GVariantBuilder environment;

  g_variant_builder_init (&environment, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&environment, "{ss}", "OFL_PRACTICE_HOLD", hold);
  reply = g_dbus_connection_call_sync (bus->connection, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "UpdateActivationEnvironment",
                                       g_variant_new ("(a{ss})", &environment), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
test_held (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autofree char *path = make_path (bus, "held");
  g_autofree char *path_other = make_path (bus, "held-other");
  g_autoptr (GSubprocess) client = NULL;
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) after = NULL;
  g_auto (Ran) ran = { 0 };
  guint told = 0;

  set_holds (bus, path, path_other);
  before = get_held (bus);
  g_assert_cmpuint (g_variant_n_children (before), ==, 0);
  g_dbus_connection_signal_subscribe (bus->connection, OFL_SERVICE_NAME,
                                      "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                      OFL_SERVICE_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_changed,
                                      &told, NULL);
  client = bus_start_flash (bus, "10");
  wait_for_file (path);
  start_backup (bus);
  wait_for_file (path_other);
  assert_both_held (bus);
  g_unlink (path_other);
  g_unlink (path);
  ran_wait_and_answer (&ran, client);
  assert_verified (&ran);
  g_assert_cmpuint (told, >, 0);
  for (;;)
    {
      g_clear_pointer (&after, g_variant_unref);
      after = get_held (bus);
      if (g_variant_n_children (after) == 0)
        break;
      sleep_ms (LOOKS_MS);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/held", test_held);
  return g_test_run ();
}
