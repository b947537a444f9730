/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FunctionFS: says what the USB device is, answers its control requests, and holds the cable. The
 * layouts are those of linux/usb/functionfs.h and of the USB specification, chapter 9. */
#include "gadget-bus.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <linux/usb/functionfs.h>
#include <unistd.h>

#include "scsi/ofl-bytes.h"

#define PROTOCOL_BULK_ONLY 0x50
#define REQUEST_RESET 0xff /* of the bulk-only transport */
#define REQUEST_MAX_LUN 0xfe
#define ENDPOINT_IN 0x81
#define ENDPOINT_OUT 0x02
#define LANGUAGE_ENGLISH 0x0409

static void
append_le (GByteArray *array, guint n_bytes, guint32 value)
{
  guint8 bytes[4];

  ofl_put_le (bytes, n_bytes, value);
  g_byte_array_append (array, bytes, n_bytes);
}

static void
append_endpoint (GByteArray *array, guint8 address, guint16 packet)
{
  append_le (array, 1, USB_DT_ENDPOINT_SIZE);
  append_le (array, 1, USB_DT_ENDPOINT);
  append_le (array, 1, address);
  append_le (array, 1, USB_ENDPOINT_XFER_BULK);
  append_le (array, 2, packet);
  append_le (array, 1, 0);
}

/* An interface with its two endpoints, at the packet size of one speed. */
static void
append_interface (GByteArray *array, OflGadgetKind kind, guint16 packet)
{
  const guint8 interface[USB_DT_INTERFACE_SIZE]
      = { USB_DT_INTERFACE_SIZE, USB_DT_INTERFACE,   0, 0, 2, USB_CLASS_MASS_STORAGE,
          (guint8) kind,         PROTOCOL_BULK_ONLY, 1 };

  g_byte_array_append (array, interface, sizeof interface);
  append_endpoint (array, ENDPOINT_IN, packet);
  append_endpoint (array, ENDPOINT_OUT, packet);
}

static gboolean
write_all (int fd, const GByteArray *array, GError **error)
{
  if (write (fd, array->data, array->len) == (gssize) array->len)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "FunctionFS does not take the description of the drive: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
describe (int fd, OflGadgetKind kind, GError **error)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();

  append_le (array, 4, FUNCTIONFS_DESCRIPTORS_MAGIC_V2);
  append_le (array, 4, 0);
  append_le (array, 4, FUNCTIONFS_HAS_FS_DESC | FUNCTIONFS_HAS_HS_DESC);
  append_le (array, 4, 3);
  append_le (array, 4, 3);
  append_interface (array, kind, 64);
  append_interface (array, kind, 512);
  ofl_put_le (array->data + 4, 4, array->len);
  return write_all (fd, array, error);
}

static gboolean
describe_strings (int fd, GError **error)
{
  static const char name[] = "Optical drive";
  g_autoptr (GByteArray) array = g_byte_array_new ();

  append_le (array, 4, FUNCTIONFS_STRINGS_MAGIC);
  append_le (array, 4, 0);
  append_le (array, 4, 1);
  append_le (array, 4, 1);
  append_le (array, 2, LANGUAGE_ENGLISH);
  g_byte_array_append (array, (const guint8 *) name, sizeof name);
  ofl_put_le (array->data + 4, 4, array->len);
  return write_all (fd, array, error);
}

/* A control request is refused by I/O in the wrong direction. */
static void
answer_setup (OflGadgetBus *self, const struct usb_ctrlrequest *setup)
{
  const guint8 last_lun = 0;
  gboolean to_host = (setup->bRequestType & USB_DIR_IN) != 0;
  gssize done;

  if (setup->bRequest == REQUEST_MAX_LUN && to_host)
    done = write (self->control_fd, &last_lun, 1);
  else if (setup->bRequest == REQUEST_RESET && !to_host)
    {
      ofl_gadget_device_reset (self->device);
      done = read (self->control_fd, NULL, 0);
    }
  else
    done = to_host ? read (self->control_fd, NULL, 0) : write (self->control_fd, NULL, 0);
  if (done < 0 && errno != EL2HLT)
    ofl_gadget_device_note (self->device, "control request %02X: %s", setup->bRequest,
                            g_strerror (errno));
}

static gboolean
on_control (gint fd, GIOCondition condition, gpointer data)
{
  OflGadgetBus *self = data;
  struct usb_functionfs_event event;

  if (read (fd, &event, sizeof event) != sizeof event)
    return errno == EAGAIN || errno == EINTR ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  if (event.type == FUNCTIONFS_SETUP)
    answer_setup (self, &event.u.setup);
  else if (event.type == FUNCTIONFS_DISABLE && self->plugged)
    ofl_gadget_device_reset (self->device); /* the host resets the port */
  return G_SOURCE_CONTINUE;
}

static int
open_endpoint (const char *dir, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  int fd = open (path, O_RDWR | O_CLOEXEC);

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                 g_strerror (errno));
  return fd;
}

/**
 * ofl_gadget_bus_open:
 * @self: the bus, with its device and cable set
 * @ffs_dir: where FunctionFS is mounted
 * @kind: sub-class of the interface
 * @error: return location
 *
 * Describes the drive to FunctionFS and serves its control requests from the main loop. The drive
 * is not plugged in yet.
 *
 * Returns: FALSE when FunctionFS refuses
 */
gboolean
ofl_gadget_bus_open (OflGadgetBus *self, const char *ffs_dir, OflGadgetKind kind, GError **error)
{
  self->control_fd = open_endpoint (ffs_dir, "ep0", error);
  if (self->control_fd < 0 || !describe (self->control_fd, kind, error)
      || !describe_strings (self->control_fd, error))
    return FALSE;
  self->in_fd = open_endpoint (ffs_dir, "ep1", error);
  if (self->in_fd < 0)
    return FALSE;
  self->out_fd = open_endpoint (ffs_dir, "ep2", error);
  if (self->out_fd < 0)
    return FALSE;
  g_unix_fd_add (self->control_fd, G_IO_IN, on_control, self);
  return TRUE;
}

static gboolean
write_udc (OflGadgetBus *self, const char *text, GError **error)
{
  int fd = open (self->udc_file, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (!ok)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->udc_file,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return ok;
}

/**
 * ofl_gadget_bus_plug:
 * @self: the bus
 * @error: return location
 *
 * Plugs the drive in; it gets power with it. Nothing happens when it is plugged in already.
 *
 * Returns: FALSE when the controller refuses
 */
gboolean
ofl_gadget_bus_plug (OflGadgetBus *self, GError **error)
{
  g_autofree char *line = g_strdup_printf ("%s\n", self->udc);

  if (self->plugged)
    return TRUE;
  ofl_gadget_device_power_on (self->device);
  self->plugged = write_udc (self, line, error);
  return self->plugged;
}

/**
 * ofl_gadget_bus_unplug:
 * @self: the bus
 * @error: return location
 *
 * Pulls the cable out.
 *
 * Returns: FALSE when the controller refuses
 */
gboolean
ofl_gadget_bus_unplug (OflGadgetBus *self, GError **error)
{
  if (!self->plugged)
    return TRUE;
  self->plugged = FALSE;
  ofl_gadget_device_power_off (self->device);
  return write_udc (self, "\n", error);
}
