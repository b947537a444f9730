/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs packed with UPX, read without running them: firmware 2. Private to
 * core/firmware and its tests. */
#pragma once

#include "firmware/ofl-slice.h"

G_BEGIN_DECLS

#define OFL_UPX_HEADER_SIZE 0x20u

/**
 * OflUpxHeader:
 * @offset: where it stands in the file; the packed block follows it
 * @method: 2 NRV2B, 5 NRV2D, 8 NRV2E, all with a 32-bit little-endian bit buffer
 * @filter: how calls in the code were changed; 0 for not at all
 * @cto: the filter's mark byte
 *
 * What a packer's header says.
 */
typedef struct {
  gsize offset;
  guint8 method;
  guint8 filter;
  guint8 cto;
  guint32 unpacked_adler;
  guint32 packed_adler;
  guint32 unpacked_length;
  guint32 packed_length;
} OflUpxHeader;

gboolean ofl_upx_read_header (OflSlice file, gsize offset, OflUpxHeader *header);
gboolean ofl_upx_find_header (OflSlice file, OflUpxHeader *header);
guint8 *ofl_upx_decompress (guint8 method, OflSlice packed, gsize unpacked_length);

void ofl_upx_unfilter (guint8 *code, gsize length, guint8 filter, guint8 cto, guint32 base);
GBytes *ofl_upx_rebuild (OflSlice file, const OflUpxHeader *header, guint8 *block, gsize limit);

G_END_DECLS
