/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <windows.h>

#include "flash/ofl-power.h"
#include "scsi/ofl-error.h"

#define ON_BATTERY 0
#define CHARGE_UNKNOWN 255

/**
 * ofl_power_read:
 * @bus: not asked
 * @power: (out): what the computer runs on; whether its lid is closed Windows does not say
 * @error: return location
 *
 * Returns: %FALSE when Windows does not know
 */
gboolean
ofl_power_read (OflSystemBus *bus, OflPower *power, GError **error)
{
  SYSTEM_POWER_STATUS status;

  power->question = "GetSystemPowerStatus: on battery";
  if (!GetSystemPowerStatus (&status) || status.ACLineStatus > 1)
    {
      ofl_set_error (error, OFL_ERROR_FAILED, "Windows does not know" /* log */);
      return FALSE;
    }
  power->on_battery = status.ACLineStatus == ON_BATTERY;
  power->charge_known = status.BatteryLifePercent != CHARGE_UNKNOWN;
  power->percent = status.BatteryLifePercent;
  return TRUE;
}
