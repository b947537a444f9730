/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflPart:
 * @name: where in the file it was found: "firmware.bin", "slot 1", "kernel.bin in update.zip" …
 * @bytes: the plain image
 * @revision: what the container says its revision is, or %NULL
 * @note: what a person should know about how it was unpacked, or %NULL
 *
 * One thing inside a firmware file, unpacked, not yet recognised.
 */
typedef struct {
  char *name;
  GBytes *bytes;
  char *revision;
  char *note;
} OflPart;

OflPart *ofl_part_new (const char *name, GBytes *bytes, const char *revision, const char *note);
void ofl_part_free (OflPart *part);

/* Unpack @file into parts (element type OflPart). A file that is no container gives one part: the
 * file itself. @title (transfer full): what kind of file it is, for people ("Raw image",
 * "Lite-On updater (XFlash 2.1.0, method 1)", "ZIP archive"). Nested containers (an EXE in a ZIP)
 * are unpacked too, at most four deep and at most 256 parts and 256 MiB in all. Fails with
 * OFL_ERROR_BAD_FILE when the bytes look like a container and are damaged: the message names the
 * offset and the reason. Nothing in a file is ever executed. */
gboolean ofl_container_unpack (GBytes *file, const char *name, GPtrArray *parts, char **title,
                               GError **error);

G_END_DECLS
