/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power and lid, as the system tells them, and whether it can be kept awake. Every answer is the
 * system's own; who does not answer is said not to have been asked. */
#include "flash/ofl-preflight-private.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-inhibitor.h"
#include "flash/ofl-power.h"
#include "scsi/ofl-error.h"

/* Below this charge, in percent, a battery is worth a caution. The number is ours: a write takes some
 * minutes at most, but what a battery of some age says of its last third is not to be trusted. */
#define LOW_PERCENT 30

static void
add_power (GPtrArray *checks, const OflPower *power)
{
  const char *remedy
      = _ ("Plug in the computer's power supply: if its power fails in the middle of a "
           "write, the drive may be lost.");
  int percent = (int) power->percent;
  OflCheck *check;

  if (!power->on_battery)
    check = ofl_checks_add (checks, "power", OFL_CHECK_OK,
                            OFL_SAY (_ ("The computer does not run on a battery.")), NULL);
  else if (!power->charge_known)
    check
        = ofl_checks_add (checks, "power", OFL_CHECK_CAUTION,
                          OFL_SAY (_ ("The computer runs on a battery, and nobody says how much is "
                                      "left in it.")),
                          remedy);
  else if (power->percent < LOW_PERCENT)
    check = ofl_checks_add (
        checks, "power", OFL_CHECK_CAUTION,
        OFL_SAY (_ ("The computer runs on a battery that has only %d %% left."), percent), remedy);
  else
    check = ofl_checks_add (
        checks, "power", OFL_CHECK_NOTE,
        OFL_SAY (_ ("The computer runs on a battery that has %d %% left."), percent), remedy);
  check->technical
      = g_strdup_printf ("%s %s", power->question, power->on_battery ? "true" : "false");
}

/* A lid that is shut on a computer that runs on its battery is about to be carried. */
static void
add_lid (GPtrArray *checks, const OflPower *power)
{
  if (!power->has_lid)
    return;
  if (power->lid_closed)
    ofl_checks_add (checks, "lid", power->on_battery ? OFL_CHECK_CAUTION : OFL_CHECK_NOTE,
                    OFL_SAY (_ ("The computer's lid is closed.")),
                    _ ("Open it before you begin, or do not move it until the write is over: it may "
                       "send the computer to sleep."));
  else
    ofl_checks_add (checks, "lid", OFL_CHECK_OK, OFL_SAY (_ ("The computer's lid is open.")), NULL);
}

void
ofl_preflight_add_power (GPtrArray *checks, OflSystemBus *bus)
{
  g_autoptr (GError) error = NULL;
  OflPower power = { 0 };
  OflCheck *check;

  if (ofl_power_read (bus, &power, &error))
    {
      add_power (checks, &power);
      add_lid (checks, &power);
      return;
    }
  g_dbus_error_strip_remote_error (error);
  check = ofl_checks_add (checks, "power", OFL_CHECK_NOTE,
                          OFL_SAY (
                              _ ("Whether the computer runs on a battery, and whether its lid is "
                                 "closed, could not be asked: UPower does not answer.")),
                          _ ("On a laptop, plug in its power supply and leave its lid open."));
  check->technical = g_strdup (ofl_error_english (error));
}

static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, OFL_ERROR, OFL_ERROR_TIMEOUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY);
}

/* Taken for a moment and let go: there is no other way to know whether it would be given. */
void
ofl_preflight_add_sleep (GPtrArray *checks, OflSystemBus *bus)
{
  g_autoptr (OflInhibitor) inhibitor = ofl_inhibitor_new_on (bus);
  g_autoptr (GError) error = NULL;
  OflSentence sentence;
  OflCheck *check;

  if (ofl_inhibitor_take (inhibitor, _ ("Looking whether sleep can be blocked"), &error))
    {
      ofl_checks_add (checks, "sleep", OFL_CHECK_OK,
                      OFL_SAY (_ ("Sleep and shutdown can be blocked while the service writes.")),
                      NULL);
      return;
    }
  if (is_silence (error))
    sentence = OFL_SAY (_ ("Whether sleep and shutdown can be blocked could not be asked: logind "
                           "does not answer."));
  else
    sentence
        = OFL_SAY (_ ("Sleep and shutdown cannot be blocked: logind does not let us, or is not "
                      "there."));
  g_dbus_error_strip_remote_error (error);
  check = ofl_checks_add (checks, "sleep", OFL_CHECK_NOTE, sentence,
                          _ ("See to it that the computer does not go to sleep until the write is "
                             "over."));
  check->technical = g_strdup (ofl_error_english (error));
}
