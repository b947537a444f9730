/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a container format is written against: those of this folder, and the vendors' in their
 * families' rooms. */
#pragma once

#include "firmware/ofl-container.h"
#include "firmware/ofl-slice.h"
#include "scsi/ofl-error.h"

G_BEGIN_DECLS

/* Bounds of one opened file, whatever is nested in it. */
#define OFL_CONTAINER_MAX_DEPTH 4
#define OFL_CONTAINER_MAX_PARTS 256
#define OFL_CONTAINER_MAX_TOTAL (256u * 1024 * 1024)
/* One part: as much as a firmware file may be. */
#define OFL_CONTAINER_MAX_PART (64u * 1024 * 1024)

/**
 * OflContainerInput:
 * @bytes: (unowned): what to unpack
 * @name: (unowned): its name
 * @decompressed: it was inside a UPX-packed program
 * @budget: how many bytes the parts may have together
 * @max_parts: how many parts there may be
 */
struct _OflContainerInput {
  GBytes *bytes;
  const char *name;
  gboolean decompressed;
  guint64 budget;
  guint max_parts;
};

/**
 * OflContainerOutput:
 * @parts: (element-type OflPart): what was inside, in the order of the file
 * @title: what kind of file it is, for people
 */
struct _OflContainerOutput {
  GPtrArray *parts;
  char *title;
};

void ofl_container_add (OflContainerOutput *output, const char *name, GBytes *bytes,
                        const char *revision, const char *note);

/* The sentence for a damaged file of one kind: where it is damaged, and a clause that says how. */
typedef char *(*OflSayDamaged) (guint64 offset, const char *reason);

char *ofl_container_say_damaged (OflSayDamaged say, guint64 offset, char *reason);
OflUnpacked ofl_container_take_damage (GError **error, OflSentence sentence);
/* Words the error of a damaged container. @...: a printf format in _() of a clause that says what is
 * wrong at @offset, and its arguments; they are evaluated twice (OFL_SAY()). Returns
 * OFL_UNPACKED_DAMAGED. */
#define ofl_container_damaged(error, say, offset, ...) \
  ofl_container_take_damage ((error), OFL_SENTENCE (ofl_container_say_damaged ( \
                                          (say), (offset), g_strdup_printf (__VA_ARGS__))))

OflUnpacked ofl_container_too_many (GError **error, const char *name);
OflUnpacked ofl_container_too_big (GError **error, const char *name);
gboolean ofl_container_is_program (OflSlice span, gsize *pe_offset);
OflSlice ofl_container_get_overlay (OflSlice program);

G_END_DECLS
