/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dispatcher and the formats share. */
#pragma once

#include "firmware/ofl-container.h"
#include "firmware/ofl-span.h"

G_BEGIN_DECLS

/* Bounds of one opened file, whatever is nested in it. */
#define OFL_CONTAINER_MAX_DEPTH 4
#define OFL_CONTAINER_MAX_PARTS 256
#define OFL_CONTAINER_MAX_TOTAL (256u * 1024 * 1024)
/* One part: as much as a firmware file may be. */
#define OFL_CONTAINER_MAX_PART (64u * 1024 * 1024)

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

/**
 * OflContainerInput:
 * @bytes: (unowned): what to unpack
 * @name: (unowned): its name
 * @decompressed: it was inside a UPX-packed program
 * @budget: how many bytes the parts may have together
 * @max_parts: how many parts there may be
 */
typedef struct {
  GBytes *bytes;
  const char *name;
  gboolean decompressed;
  guint64 budget;
  guint max_parts;
} OflContainerInput;

/**
 * OflContainerOutput:
 * @parts: (element-type OflPart): what was inside, in the order of the file
 * @title: what kind of file it is, for people
 */
typedef struct {
  GPtrArray *parts;
  char *title;
} OflContainerOutput;

typedef OflUnpacked (*OflContainerFormat) (const OflContainerInput *input,
                                           OflContainerOutput *output, GError **error);

OflUnpacked ofl_container_xflash (const OflContainerInput *input, OflContainerOutput *output,
                                  GError **error);
OflUnpacked ofl_container_upx (const OflContainerInput *input, OflContainerOutput *output,
                               GError **error);
OflUnpacked ofl_container_bracket (const OflContainerInput *input, OflContainerOutput *output,
                                   GError **error);
OflUnpacked ofl_container_btc (const OflContainerInput *input, OflContainerOutput *output,
                               GError **error);
OflUnpacked ofl_container_hlds_exe (const OflContainerInput *input, OflContainerOutput *output,
                                    GError **error);
OflUnpacked ofl_container_hlds_flat (const OflContainerInput *input, OflContainerOutput *output,
                                     GError **error);
OflUnpacked ofl_container_nec (const OflContainerInput *input, OflContainerOutput *output,
                               GError **error);
OflUnpacked ofl_container_archive (const OflContainerInput *input, OflContainerOutput *output,
                                   GError **error);

void ofl_container_add (OflContainerOutput *output, const char *name, GBytes *bytes,
                        const char *revision, const char *note);
OflUnpacked ofl_container_damaged (GError **error, const char *what, guint64 offset,
                                   const char *reason_format, ...) G_GNUC_PRINTF (4, 5);
OflUnpacked ofl_container_too_many (GError **error, const char *name);
OflUnpacked ofl_container_too_big (GError **error, const char *name);
gboolean ofl_container_is_archive (GBytes *bytes);
gboolean ofl_container_is_program (OflSpan span, gsize *pe_offset);
OflSpan ofl_container_get_overlay (OflSpan program);

G_END_DECLS
