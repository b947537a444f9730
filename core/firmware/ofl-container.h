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
 * @unopened: (nullable): what it is when it is a package that could not be opened: "an ACE
 *   archive", "a Windows program"
 * @evidence: it was read from a damaged flash and is no firmware to write
 *
 * One thing inside a firmware file, unpacked, not yet recognised.
 */
typedef struct {
  char *name;
  GBytes *bytes;
  char *revision;
  char *note;
  const char *unopened;
  gboolean evidence;
} OflPart;

OflPart *ofl_part_new (const char *name, GBytes *bytes, const char *revision, const char *note);
void ofl_part_free (OflPart *part);

typedef struct _OflContainerInput OflContainerInput;
typedef struct _OflContainerOutput OflContainerOutput;

/**
 * OflUnpacked:
 * @OFL_UNPACKED_NOT_MINE: the bytes are not of this format; nothing was touched
 * @OFL_UNPACKED_DONE: the parts are there
 * @OFL_UNPACKED_DAMAGED: the bytes are of this format and cannot be unpacked; the error is set
 */
typedef enum {
  OFL_UNPACKED_NOT_MINE,
  OFL_UNPACKED_DONE,
  OFL_UNPACKED_DAMAGED,
} OflUnpacked;

typedef OflUnpacked (*OflUnpack) (const OflContainerInput *input, OflContainerOutput *output,
                                  GError **error);

/**
 * OflContainerMark:
 * @OFL_CONTAINER_MARKED: the format has a mark of its own; it is asked before packers and archives
 * @OFL_CONTAINER_GUESSED: it is told by sizes or by the file's end; it is asked last
 */
typedef enum {
  OFL_CONTAINER_MARKED,
  OFL_CONTAINER_GUESSED,
} OflContainerMark;

/**
 * OflVendorFormat:
 * @unpack: takes the images out of a file of this format
 * @mark: how it is told from others
 *
 * A container of one vendor. Tables of them are handed in, ended by one without @unpack.
 */
typedef struct {
  OflUnpack unpack;
  OflContainerMark mark;
} OflVendorFormat;

/* Unpack @file into parts (element type OflPart). A file that is no container gives one part: the
 * file itself. @title (transfer full): what kind of file it is, for people ("Raw image",
 * "Lite-On updater (XFlash 2.1.0, method 1)", "ZIP archive"). Nested containers (an EXE in a ZIP)
 * are unpacked too, at most four deep and at most 256 parts and 256 MiB in all. Fails with
 * OFL_ERROR_BAD_FILE when the bytes look like a container and are damaged: the message names the
 * offset and the reason. Nothing in a file is ever executed. */
gboolean ofl_container_unpack (GBytes *file, const char *name, const OflVendorFormat *vendors,
                               GPtrArray *parts, char **title, GError **error);

G_END_DECLS
