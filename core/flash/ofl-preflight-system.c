/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What else the computer tells: how the drive's USB port gets its power, other optical drives, the
 * clock. Short files of sysfs; nothing is sent. */
#include "flash/ofl-preflight-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "drive/ofl-neighbours.h"

#define HUB_CLASS "09"

/* bmAttributes of a USB configuration: it has a power supply of its own */
#define SELF_POWERED 0x40

/* 2020-01-01: nothing that this program needs was there before, so no clock that is right says less */
#define EARLIEST 1577836800

static char *
read_text (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_strstrip (text) : g_strdup ("");
}

/* -1 when the device does not say, as without a configuration. */
static int
read_attributes (const char *device)
{
  g_autofree char *text = read_text (device, "bmAttributes");
  char *end = NULL;
  guint64 value = g_ascii_strtoull (text, &end, 16);

  return end != text ? (int) (value & 0xff) : -1;
}

/* In sysfs' own form, or that it is not told. */
static void
append_attributes (GString *text, const char *what, int attributes)
{
  if (attributes < 0)
    g_string_append_printf (text, "%s: bmAttributes unknown", what);
  else
    g_string_append_printf (text, "%s: bmAttributes %02x", what, (guint) attributes);
}

static gboolean
is_hub (const char *device)
{
  g_autofree char *class = read_text (device, "bDeviceClass");

  return g_str_equal (class, HUB_CLASS);
}

/* The root hub, "usb1", is the computer itself. */
static gboolean
is_computer (const char *device)
{
  g_autofree char *name = g_path_get_basename (device);

  return g_str_has_prefix (name, "usb");
}

/* The hubs between a drive and the computer. */
typedef struct {
  guint n;
  guint unpowered; /* without a supply of their own */
  guint unknown;   /* that do not say */
  GString *technical;
} Hubs;

static void
count_hubs (Hubs *hubs, const char *device)
{
  g_autofree char *at = g_path_get_dirname (device);

  while (is_hub (at) && !is_computer (at))
    {
      int attributes = read_attributes (at);
      g_autofree char *port = g_path_get_basename (at);
      g_autofree char *name = g_strconcat ("; hub ", port, NULL);
      char *parent = g_path_get_dirname (at);

      hubs->n++;
      hubs->unknown += attributes < 0;
      hubs->unpowered += attributes >= 0 && (attributes & SELF_POWERED) == 0;
      append_attributes (hubs->technical, name, attributes);
      g_free (at);
      at = parent;
    }
}

static OflCheck *
add_hubs (GPtrArray *checks, const Hubs *hubs)
{
  const char *remedy
      = _ ("Plug the drive into the computer itself, and use its own power supply if it "
           "has one.");

  if (hubs->unpowered > 0)
    return ofl_checks_add (
        checks, "usb", OFL_CHECK_CAUTION,
        OFL_SAY (
            _ ("The drive is behind a USB hub that, as it says, has no power supply of its "
               "own: a drive that draws more than its share may fail in the middle of a write.")),
        remedy);
  if (hubs->unknown > 0)
    return ofl_checks_add (checks, "usb", OFL_CHECK_NOTE,
                           OFL_SAY (
                               _ ("The drive is behind a USB hub that does not say whether it has "
                                  "a power supply of its own.")),
                           remedy);
  return ofl_checks_add (checks, "usb", OFL_CHECK_NOTE,
                         OFL_SAY (_ ("The drive is behind a USB hub that, as it says, has a power "
                                     "supply of its own.")),
                         remedy);
}

static OflCheck *
add_direct (GPtrArray *checks, int attributes, const char *max_power)
{
  if (attributes >= 0 && (attributes & SELF_POWERED) == 0)
    /* Translators: %s is a current, "500mA" */
    return ofl_checks_add (
        checks, "usb", OFL_CHECK_NOTE,
        OFL_SAY (_ ("The drive takes its power from the computer's USB port: up to %s, as it "
                    "says."),
                 max_power),
        _ ("Use the drive's own power supply if it has one."));
  return ofl_checks_add (
      checks, "usb", OFL_CHECK_OK,
      OFL_SAY (_ ("The drive is plugged into a USB port of the computer itself.")), NULL);
}

/* Of a drive that is not on USB nothing is said. */
void
ofl_preflight_add_usb (GPtrArray *checks, const OflTopology *topology)
{
  const char *device = topology->device_path;
  Hubs hubs = { 0 };
  g_autofree char *max_power = NULL;
  int attributes;
  OflCheck *check;

  if (topology->bus != OFL_BUS_USB || *device == '\0')
    return;
  max_power = read_text (device, "bMaxPower");
  attributes = read_attributes (device);
  hubs.technical = g_string_new (NULL);
  append_attributes (hubs.technical, "drive", attributes);
  g_string_append_printf (hubs.technical, ", bMaxPower %s",
                          *max_power != '\0' ? max_power : "unknown");
  count_hubs (&hubs, device);
  check = hubs.n > 0 ? add_hubs (checks, &hubs) : add_direct (checks, attributes, max_power);
  check->technical = g_string_free (hubs.technical, FALSE);
}

void
ofl_preflight_add_others (GPtrArray *checks, const OflTarget *target, const char *sys)
{
  g_autoptr (GPtrArray) nodes = ofl_neighbours_list (target, sys);
  g_autofree char *list = NULL;
  g_autofree char *remedy = NULL;
  guint n = nodes->len;

  if (n == 0)
    {
      ofl_checks_add (checks, "others", OFL_CHECK_OK,
                      OFL_SAY (_ ("No other optical drive is attached.")), NULL);
      return;
    }
  g_ptr_array_add (nodes, NULL);
  list = g_strjoinv (", ", (char **) nodes->pdata);
  /* Translators: %s is a drive's node: "/dev/sr0" */
  remedy = g_strdup_printf (_ ("Look twice that %s is the one that you mean."),
                            ofl_target_get_id (target));
  ofl_checks_add (checks, "others", OFL_CHECK_NOTE,
                  /* Translators: a number, and the nodes of drives with commas between */
                  OFL_SAY (g_dngettext (GETTEXT_PACKAGE, "%u other optical drive is attached: %s.",
                                        "%u other optical drives are attached: %s.", n),
                           n, list),
                  remedy);
}

/* When this program's own file was made; 0 when that is not known. */
static gint64
time_of_program (void)
{
  struct stat st;

  return stat ("/proc/self/exe", &st) == 0 ? (gint64) st.st_mtime : 0;
}

/* Journal and backups are named and ordered by the clock. */
void
ofl_preflight_add_clock (GPtrArray *checks, gint64 now)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;
  gboolean wrong;

  if (now == 0)
    now = g_get_real_time () / G_USEC_PER_SEC;
  wrong = now < EARLIEST || now < time_of_program ();
  time = g_date_time_new_from_unix_utc (now);
  text = time != NULL ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("");
  if (wrong)
    ofl_checks_add (
        checks, "clock", OFL_CHECK_CAUTION,
        /* Translators: %s is a date: "1970-01-01" */
        OFL_SAY (_ ("The computer's clock cannot be right: it says %s, when this program "
                    "did not exist. Journal and backup would bear a wrong date, and an "
                    "older backup would look like the newest."),
                 text),
        _ ("Set the computer's clock."));
  else
    ofl_checks_add (checks, "clock", OFL_CHECK_OK,
                    OFL_SAY (_ ("The computer's clock says %s."), text), NULL);
}
