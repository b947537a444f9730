/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-power.h"
#include "scsi/ofl-error.h"

/* UPower answers at once or is not there; a job must not wait for it. */
#define TIMEOUT_MS 2000

#define UPOWER "org.freedesktop.UPower"

static GVariant *
get_all (GDBusConnection *bus, const char *path, const char *interface, GError **error)
{
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_sync (bus, UPOWER, path, "org.freedesktop.DBus.Properties", "GetAll",
                                     g_variant_new ("(s)", interface), G_VARIANT_TYPE ("(a{sv})"),
                                     G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, NULL, error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

static gboolean
read_power (GDBusConnection *bus, OflPower *power, GError **error)
{
  g_autoptr (GVariant) computer = get_all (bus, "/org/freedesktop/UPower", UPOWER, error);
  g_autoptr (GVariant) battery = NULL;
  gboolean present = FALSE;

  if (computer == NULL)
    return FALSE;
  if (!g_variant_lookup (computer, "OnBattery", "b", &power->on_battery))
    {
      ofl_set_error (error, OFL_ERROR_FAILED, "UPower does not say OnBattery" /* log */);
      return FALSE;
    }
  g_variant_lookup (computer, "LidIsPresent", "b", &power->has_lid);
  g_variant_lookup (computer, "LidIsClosed", "b", &power->lid_closed);
  battery = get_all (bus, "/org/freedesktop/UPower/devices/DisplayDevice", UPOWER ".Device", NULL);
  power->charge_known = battery != NULL && g_variant_lookup (battery, "IsPresent", "b", &present)
                        && present
                        && g_variant_lookup (battery, "Percentage", "d", &power->percent);
  return TRUE;
}

/**
 * ofl_power_read:
 * @bus: the way to the system bus
 * @power: (out): what the computer runs on
 * @error: return location
 *
 * Blocks for some seconds at most; worker threads only.
 *
 * Returns: %FALSE when UPower does not answer
 */
gboolean
ofl_power_read (OflSystemBus *bus, OflPower *power, GError **error)
{
  g_autoptr (GDBusConnection) connection = ofl_system_bus_wait (bus, TIMEOUT_MS, error);

  power->question = "UPower: OnBattery";
  return connection != NULL && read_power (connection, power, error);
}
