/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hitachi-LG drives with Renesas chips: the layout of their firmware's components, and what the
 * parts of this family share. renesas 3.1, 2. */
#pragma once

#include "family/ofl-family.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

#define OFL_RENESAS_CHUNK 0x8000
#define OFL_RENESAS_HEADER_LEN 0x400 /* in a file, before the code */
#define OFL_RENESAS_PATTERN_LEN 0x48 /* of it, what stands in a drive's memory too */
/* shown through _() */
#define OFL_RENESAS_HEADER_WHY \
  N_ ("the file's header, of which the drive keeps only a part, elsewhere")
#define OFL_RENESAS_DEVICE_AT 0x10
#define OFL_RENESAS_DEVICE_LEN 8
#define OFL_RENESAS_REVISION_AT 0x28
#define OFL_RENESAS_REVISION_LEN 4
#define OFL_RENESAS_LOAD_AT 0x40
#define OFL_RENESAS_SIZE_AT 0x44
#define OFL_RENESAS_LONGEST 0x1000000 /* beyond any such drive's memory */

/* Times of one command that moves a chunk, or little */
#define OFL_RENESAS_CHUNK_MS 20
#define OFL_RENESAS_COMMAND_MS 20

/* Where a command's data belongs (renesas 2.1) */
#define OFL_RENESAS_CACHE 0x02
#define OFL_RENESAS_MEMORY 0x05

/**
 * OflRenesasKind:
 * @OFL_RENESAS_MAIN: the firmware
 * @OFL_RENESAS_CORE: what stands before it
 * @OFL_RENESAS_NONE: neither
 */
typedef enum {
  OFL_RENESAS_MAIN,
  OFL_RENESAS_CORE,
  OFL_RENESAS_NONE,
} OflRenesasKind;

/**
 * OflRenesasComponent:
 * @header: its header as it is in the drive's memory
 * @at: where in the memory the header is
 * @load: where in the memory the code is
 * @size: bytes of code
 *
 * A component that was found in a drive.
 */
typedef struct {
  guint8 header[OFL_RENESAS_PATTERN_LEN];
  guint32 at;
  guint32 load;
  guint32 size;
} OflRenesasComponent;

/* Commands */
OflCommand ofl_renesas_read (guint8 location, guint32 address, guint16 length);
OflCommand ofl_renesas_write (guint8 location, guint32 address, guint16 length);

/* Drive */
const char *ofl_renesas_kind_name (OflRenesasKind kind);
gboolean ofl_renesas_component (const OflSnapshot *drive, OflRenesasKind kind,
                                OflRenesasComponent *component);
char *ofl_renesas_mark (const guint8 *header, OflRenesasKind kind);

/* Image */
OflRenesasKind ofl_renesas_image_kind (const guint8 *data, gsize length);
gboolean ofl_renesas_tail_is_right (const guint8 *data, gsize length);
guint16 ofl_renesas_sum (const guint8 *data, gsize length);
void ofl_renesas_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
void ofl_renesas_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                               const OflChoices *choices, OflComparison *comparison);

void ofl_renesas_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                        const OflChoices *choices, OflJudgement *judgement);
OflPlan *ofl_renesas_plan_read (const OflFamily *self, const OflSnapshot *drive,
                                const OflChoices *choices, GError **error);
OflPlan *ofl_renesas_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                 const OflImage *image, const OflChoices *choices, GError **error);

G_END_DECLS
