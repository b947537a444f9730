/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a practice drive behind a USB gadget, so that this kernel's own drivers meet it as a real
 * /dev/sr0 and /dev/sg0. gadget-up.sh makes what it needs and starts it.
 *
 * Lines in the control FIFO, each answered in the log by "== WORD ok" or "== WORD failed: why":
 *   WORD plug | unplug | power-cycle    the cable; it carries the power, too
 *   WORD factory [ID]                   unplug, exchange for a new drive, of this model, plug
 *   WORD fault TEXT | clear             a fault in the words of ofl-practice-fault.h; none any more
 *   WORD answer                         the command that hangs is done and answered after all
 *   WORD disc in | disc out
 *   WORD holds FILE                     ok when the flash holds the image
 *   WORD note TEXT                      only the line in the log
 */
#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

#include "gadget-bus.h"
#include "scsi/ofl-error.h"

typedef struct {
  OflGadgetBus bus;
  GMainLoop *loop;
  GString *pending; /* of the control FIFO: what has not ended in a line end yet */
  int fifo_fd;
} Gadget;

static char *opt_ffs, *opt_udc_file, *opt_udc, *opt_log, *opt_control;
static char *opt_drive;
static double opt_speed = 10.0;
static gint opt_seed = 1;
static gboolean opt_transparent;

static const GOptionEntry entries[] = {
  { "ffs", 0, 0, G_OPTION_ARG_FILENAME, &opt_ffs, "Where FunctionFS is mounted", "DIR" },
  { "udc-file", 0, 0, G_OPTION_ARG_FILENAME, &opt_udc_file, "The gadget's UDC attribute", "FILE" },
  { "udc", 0, 0, G_OPTION_ARG_STRING, &opt_udc, "The controller to plug into", "NAME" },
  { "drive", 0, 0, G_OPTION_ARG_STRING, &opt_drive, "Which practice drive", "ID" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &opt_seed, "For what is random in it", "N" },
  { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &opt_speed, "Times faster than real time", "FACTOR" },
  { "log", 0, 0, G_OPTION_ARG_FILENAME, &opt_log, "The drive's log", "FILE" },
  { "control", 0, 0, G_OPTION_ARG_FILENAME, &opt_control, "A FIFO that takes commands", "FIFO" },
  { "transparent", 0, 0, G_OPTION_ARG_NONE, &opt_transparent,
    "Commands as long as the host sends them, instead of 12 bytes", NULL },
  { NULL },
};

static gboolean
replace_drive (Gadget *self, const char *id, GError **error)
{
  return ofl_gadget_bus_unplug (&self->bus, error)
         && ofl_gadget_device_make_new (self->bus.device, *id != '\0' ? id : NULL, error)
         && ofl_gadget_bus_plug (&self->bus, error);
}

static gboolean
obey (Gadget *self, const char *verb, const char *rest, GError **error)
{
  OflGadgetDevice *device = self->bus.device;

  if (g_str_equal (verb, "plug"))
    return ofl_gadget_bus_plug (&self->bus, error);
  if (g_str_equal (verb, "unplug"))
    return ofl_gadget_bus_unplug (&self->bus, error);
  if (g_str_equal (verb, "power-cycle"))
    return ofl_gadget_bus_unplug (&self->bus, error) && ofl_gadget_bus_plug (&self->bus, error);
  if (g_str_equal (verb, "factory"))
    return replace_drive (self, rest, error);
  if (g_str_equal (verb, "fault"))
    return ofl_gadget_device_add_fault (device, rest, error);
  if (g_str_equal (verb, "holds"))
    return ofl_gadget_device_check_holds (device, rest, error);
  if (g_str_equal (verb, "note"))
    ofl_gadget_device_note (device, "%s", rest);
  else if (g_str_equal (verb, "clear"))
    ofl_gadget_device_clear_faults (device);
  else if (g_str_equal (verb, "answer"))
    ofl_gadget_device_release (device);
  else if (g_str_equal (verb, "disc"))
    ofl_gadget_device_set_disc (device, g_str_equal (rest, "in"));
  else
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED, "“%s” is not a command.", verb);
      return FALSE;
    }
  return TRUE;
}

static void
take_line (Gadget *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  g_autoptr (GError) error = NULL;

  if (g_strv_length (words) < 2)
    return;
  if (obey (self, words[1], words[2] != NULL ? words[2] : "", &error))
    ofl_gadget_device_note (self->bus.device, "%s ok", words[0]);
  else
    ofl_gadget_device_note (self->bus.device, "%s failed: %s", words[0],
                            error != NULL ? error->message : "");
}

static gboolean
on_fifo (gint fd, GIOCondition condition, gpointer data)
{
  Gadget *self = data;
  char buffer[512];
  gssize length = read (fd, buffer, sizeof buffer);
  char *end;

  if (length <= 0)
    return G_SOURCE_CONTINUE;
  g_string_append_len (self->pending, buffer, length);
  while ((end = strchr (self->pending->str, '\n')) != NULL)
    {
      g_autofree char *line = g_strndup (self->pending->str, (gsize) (end - self->pending->str));

      g_string_erase (self->pending, 0, (gssize) strlen (line) + 1);
      take_line (self, line);
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static gpointer
serve (gpointer data)
{
  ofl_gadget_bulk_run (data);
  return NULL;
}

/* Open for writing, too, so that the FIFO does not end when the last writer leaves. */
static gboolean
open_fifo (Gadget *self, GError **error)
{
  self->pending = g_string_new (NULL);
  self->fifo_fd = open (opt_control, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (self->fifo_fd < 0)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED, "%s cannot be opened.", opt_control);
      return FALSE;
    }
  g_unix_fd_add (self->fifo_fd, G_IO_IN, on_fifo, self);
  return TRUE;
}

static gboolean
start (Gadget *self, GError **error)
{
  OflGadgetKind kind = opt_transparent ? OFL_GADGET_SCSI : OFL_GADGET_ATAPI;

  self->bus.udc_file = opt_udc_file;
  self->bus.udc = opt_udc;
  self->bus.device
      = ofl_gadget_device_new (opt_drive, (guint32) opt_seed, opt_speed, opt_log, error);
  if (self->bus.device == NULL || !ofl_gadget_bus_open (&self->bus, opt_ffs, kind, error)
      || !open_fifo (self, error))
    return FALSE;
  g_thread_unref (g_thread_new ("bulk", serve, &self->bus));
  return ofl_gadget_bus_plug (&self->bus, error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- a practice drive on USB");
  g_autoptr (GError) error = NULL;
  Gadget self = { .loop = g_main_loop_new (NULL, FALSE) };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (opt_ffs == NULL || opt_udc_file == NULL || opt_udc == NULL || opt_drive == NULL
      || opt_log == NULL || opt_control == NULL || opt_speed <= 0)
    {
      g_printerr ("Needed: --ffs --udc-file --udc --drive --log --control\n");
      return 2;
    }
  if (!start (&self, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_unix_signal_add (SIGTERM, on_signal, self.loop);
  g_unix_signal_add (SIGINT, on_signal, self.loop);
  g_main_loop_run (self.loop);
  /* the end of the process closes the function's files, and that unplugs the drive */
  return 0;
}
