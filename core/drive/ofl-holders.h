/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-access.h"
#include "drive/ofl-target.h"

G_BEGIN_DECLS

/**
 * OflHolderKind:
 * @OFL_HOLDER_ACCESS: a node is missing or closed to this user
 * @OFL_HOLDER_MOUNT: a disc in it is mounted
 * @OFL_HOLDER_PROCESS: a program has a node open
 * @OFL_HOLDER_BURNING: so has a program that burns discs
 * @OFL_HOLDER_VIRTUAL_MACHINE: so has a virtual machine
 * @OFL_HOLDER_UDISKS: so has udisks, the desktop's service for discs and disks
 * @OFL_HOLDER_OPTIFLASH: so has Optiflash
 * @OFL_HOLDER_UNSEEN: there are processes that this user may not look into; without a number: none can
 * @OFL_HOLDER_DRIVER: another driver has the device, or none has it
 * @OFL_HOLDER_USB_QUIRK: usb-storage was told to treat its bridge in a special way
 * @OFL_HOLDER_USB_UNAUTHORIZED: the kernel was told not to use the USB device
 * @OFL_HOLDER_POLLING: the kernel asks the drive for its disc again and again
 *
 * What stands between a drive and a write to it.
 */
typedef enum {
  OFL_HOLDER_ACCESS,
  OFL_HOLDER_MOUNT,
  OFL_HOLDER_PROCESS,
  OFL_HOLDER_BURNING,
  OFL_HOLDER_VIRTUAL_MACHINE,
  OFL_HOLDER_UDISKS,
  OFL_HOLDER_OPTIFLASH,
  OFL_HOLDER_UNSEEN,
  OFL_HOLDER_DRIVER,
  OFL_HOLDER_USB_QUIRK,
  OFL_HOLDER_USB_UNAUTHORIZED,
  OFL_HOLDER_POLLING,
  OFL_N_HOLDER_KINDS,
} OflHolderKind;

/**
 * OflHolderWeight:
 * @OFL_HOLDER_BLOCKS: nothing can, or must, be written while it is so
 * @OFL_HOLDER_WARNING: it may be in the way
 * @OFL_HOLDER_REMARK: it is good to know
 */
typedef enum {
  OFL_HOLDER_BLOCKS,
  OFL_HOLDER_WARNING,
  OFL_HOLDER_REMARK,
} OflHolderWeight;

/**
 * OflHolder:
 * @kind: what it is
 * @weight: how serious it is
 * @where: the node or the device that it has, or ""
 * @name: the program, the driver, the folder or the flags, by @kind; or ""
 * @pid: the process, or 0
 * @reads: a process: it has the node open for reading
 * @writes: a process: it has it open for writing
 * @number: processes that cannot be looked into, 0 for all; polling: milliseconds
 * @access: what is missing, for %OFL_HOLDER_ACCESS
 * @remedy: (nullable): one line for a terminal that mends it
 */
typedef struct {
  OflHolderKind kind;
  OflHolderWeight weight;
  char *where;
  char *name;
  guint64 pid;
  gboolean reads, writes;
  guint number;
  OflAccess access;
  char *remedy;
} OflHolder;

/**
 * OflHolderRoots:
 * @proc: "/proc", or a tree of the same shape
 * @sys: "/sys", or a tree of the same shape
 *
 * Where it is looked; a test has trees of its own.
 */
typedef struct {
  const char *proc;
  const char *sys;
} OflHolderRoots;

GPtrArray *ofl_holders_find (const OflTarget *target, const OflHolderRoots *roots);
GPtrArray *ofl_holders_find_hidden (const OflHolderRoots *roots);
void ofl_holders_find_async (OflTarget *target, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data);
GPtrArray *ofl_holders_find_finish (GAsyncResult *result, GError **error);
void ofl_holders_name_busy (const OflTarget *target, const OflHolderRoots *roots, GError **error);

char *ofl_holder_describe (const OflHolder *self);
const char *ofl_holder_kind_id (OflHolderKind kind);
const char *ofl_holder_weight_id (OflHolderWeight weight);

G_END_DECLS
