/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to core/firmware and its tests. */
#pragma once

#include "firmware/ofl-span.h"

G_BEGIN_DECLS

/**
 * OflNecType:
 * @name: the flash type
 * @length: of an image without a bootcode's two bytes
 * @id_offset: where in the image the ID stands
 * @ids: the IDs, with a blank between two
 */
typedef struct {
  const char *name;
  guint32 length;
  guint32 id_offset;
  const char *ids;
} OflNecType;

const OflNecType *ofl_nec_find_type (const guint8 *id);

G_END_DECLS
