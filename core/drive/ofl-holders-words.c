/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds a drive, in words. */
#include "drive/ofl-holders-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Translators: in these three the first %s is a program's name, the last a device node */
static char *
say_open (const OflHolder *self)
{
  if (self->reads && self->writes)
    return g_strdup_printf (_ ("%s (process %" PRIu64 ") has %s open for reading and writing."),
                            self->name, self->pid, self->where);
  if (self->writes)
    return g_strdup_printf (_ ("%s (process %" PRIu64 ") has %s open for writing."), self->name,
                            self->pid, self->where);
  return g_strdup_printf (_ ("%s (process %" PRIu64 ") has %s open for reading."), self->name,
                          self->pid, self->where);
}

static const char *
what_it_means (const OflHolder *self)
{
  switch ((int) self->kind)
    {
    case OFL_HOLDER_BURNING:
      return _ ("It is a program that burns discs: what disturbs it may cost a disc. Wait until it "
                "has ended.");
    case OFL_HOLDER_VIRTUAL_MACHINE:
      return _ ("It is a virtual machine. Take the drive out of its settings, or shut it down.");
    case OFL_HOLDER_UDISKS:
      return _ (
          "It is udisks, which mounts discs for the desktop, and has a drive open for as long "
          "as it works on it. Wait a moment and look again; stop it when that does not end.");
    case OFL_HOLDER_OPTIFLASH:
      return _ ("It is Optiflash: a job, or a look at the drive. Wait until that has ended.");
    default:
      break;
    }
  if (self->weight == OFL_HOLDER_BLOCKS)
    return _ ("As long as it has, no firmware is written. Close the program.");
  return _ ("It may have taken the drive for itself alone, and otherwise may send commands between "
            "those of a write. Close the program.");
}

static char *
say_process (const OflHolder *self)
{
  g_autofree char *open = say_open (self);

  return g_strconcat (open, " ", what_it_means (self), NULL);
}

static char *
say_driver (const OflHolder *self)
{
  if (self->name[0] == '\0')
    return g_strdup_printf (
        _ ("No driver of the kernel has the device %s, so it cannot be used as a drive."),
        self->where);
  if (g_str_equal (self->name, "usbfs"))
    return g_strdup_printf (
        _ ("A program, perhaps a virtual machine, has taken the USB device %s "
           "from the kernel (usbfs), so it cannot be used as a drive. Let it give "
           "the device back."),
        self->where);
  return g_strdup_printf (_ ("The kernel's driver %s has the device %s, so it cannot be used as a "
                             "drive."),
                          self->name, self->where);
}

static char *
say_quirk (const OflHolder *self)
{
  if (self->weight == OFL_HOLDER_BLOCKS)
    return g_strdup_printf (
        _ ("The kernel's usb-storage was told to leave the USB device %s alone (quirk “%s”). Take "
           "the quirk back, then unplug the device and plug it in again."),
        self->where, self->name);
  return g_strdup_printf (
      _ ("The kernel's usb-storage was told to treat the drive's USB bridge %s in a special way "
         "(quirk “%s”), which may keep commands back. Should they fail, take the quirk back, then "
         "unplug the drive and plug it in again."),
      self->where, self->name);
}

static char *
say_unseen (const OflHolder *self)
{
  if (self->number == 0)
    return g_strdup (
        _ ("Which programs use the drive cannot be seen on this system. Close those that "
           "use discs."));
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "%u process is closed to this user: should it use the drive, that is not seen.",
                   "%u processes are closed to this user: should one use the drive, that is not "
                   "seen.",
                   self->number),
      self->number);
}

static char *
say_polling (const OflHolder *self)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "The kernel asks the drive for a new disc every %u millisecond. A job stops "
                   "that for as long as it has the drive.",
                   "The kernel asks the drive for a new disc every %u milliseconds. A job stops "
                   "that for as long as it has the drive.",
                   self->number),
      self->number);
}

/**
 * ofl_holder_describe:
 * @self: what holds a drive
 *
 * Returns: (transfer full): what it is, what it means and what to do beside the line of its remedy,
 *   in the language that is spoken just now
 */
char *
ofl_holder_describe (const OflHolder *self)
{
  switch (self->kind)
    {
    case OFL_HOLDER_ACCESS:
      return g_strdup (ofl_access_sentence (self->access));
    case OFL_HOLDER_MOUNT:
      return g_strdup_printf (_ ("The disc in the drive is mounted at %s (%s). As long as it is, no "
                                 "firmware is written. Unmount it."),
                              self->name, self->where);
    case OFL_HOLDER_PROCESS:
    case OFL_HOLDER_BURNING:
    case OFL_HOLDER_VIRTUAL_MACHINE:
    case OFL_HOLDER_UDISKS:
    case OFL_HOLDER_OPTIFLASH:
      return say_process (self);
    case OFL_HOLDER_UNSEEN:
      return say_unseen (self);
    case OFL_HOLDER_DRIVER:
      return say_driver (self);
    case OFL_HOLDER_USB_QUIRK:
      return say_quirk (self);
    case OFL_HOLDER_USB_UNAUTHORIZED:
      return g_strdup_printf (_ ("The kernel was told not to use the USB device %s (it is not "
                                 "authorized)."),
                              self->where);
    case OFL_HOLDER_POLLING:
      return say_polling (self);
    case OFL_N_HOLDER_KINDS:
    default:
      return g_strdup ("");
    }
}
