/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The halves of the cage; for this folder and its tests only. */
#pragma once

#include <gio/gio.h>

#include "scsi/ofl-error.h"

G_BEGIN_DECLS

#define OFL_CAGE_PRELOAD "optiflash-updater-preload.so"
#define OFL_CAGE_PRELOAD_32 "optiflash-updater-preload-i386.so"
#define OFL_CAGE_ASPI "wnaspi32-x86_64.dll"
#define OFL_CAGE_ASPI_32 "wnaspi32-i686.dll"

/* Where programs and files are inside */
#define OFL_CAGE_INSIDE_PREFIX "/cage/prefix"
#define OFL_CAGE_INSIDE_DRIVE "/cage/drive"
#define OFL_CAGE_INSIDE_SOCKET "/cage/broker"
#define OFL_CAGE_INSIDE_EMPTY "/cage/empty"
#define OFL_CAGE_BEGUN_FD 9               /* a pipe, closed before the program starts */
#define OFL_CAGE_PROGRAM_FOLDER "updater" /* on drive C: */

#define OFL_CAGE_RUN "run-" /* how the folder of a run begins, in the cache */

/**
 * OflCageLayout:
 * @prefix: the folder that is Wine's prefix inside, writable
 * @windows: (nullable): a folder that is C:\windows there, read-only
 * @drive: (nullable): the file that is the drive there
 * @socket: (nullable): the broker's socket
 * @libdir: where the preload library and the ASPI managers are
 * @display: (nullable): an X11 display whose socket is let in; with %NULL there is none
 * @xauthority: (nullable): the file that opens it
 * @hidden: an X server of the cage's own
 *
 * All of the computer that a cage is shown, as paths outside, besides /usr and what programs of it
 * need to start.
 */
typedef struct {
  const char *prefix;
  const char *windows;
  const char *drive;
  const char *socket;
  const char *libdir;
  const char *display;
  const char *xauthority;
  gboolean hidden;
} OflCageLayout;

char **ofl_cage_arguments (const OflCageLayout *layout, const char *const *command);
GSubprocess *ofl_cage_spawn (const OflCageLayout *layout, const char *const *command, int *begun,
                             GError **error);
gboolean ofl_cage_has_begun (int begun);
gboolean ofl_cage_find_tools (gboolean hidden, GError **error);
void ofl_cage_set_error (const char *printed, GError **error);
void ofl_cage_set_cancelled (GError **error);
void ofl_cage_take_error (GError **error, OflError code, GError *cause);

void ofl_cage_template_async (const char *cache, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
char *ofl_cage_template_finish (GAsyncResult *result, int *lock, GError **error);

gboolean ofl_cage_make_run (const char *template_folder, const char *run_folder,
                            const char *const *files, GError **error);
gboolean ofl_cage_remove (const char *folder);

G_END_DECLS
