/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflLeftOut:
 * @offset: first byte, as the image counts
 * @length: number of bytes
 * @why: why it is not compared, words that end a sentence; static or interned
 *
 * A stretch of an image that is not compared with the drive.
 */
typedef struct {
  guint64 offset;
  guint64 length;
  const char *why;
} OflLeftOut;

/**
 * OflCompareCount:
 * @compared: bytes that were compared
 * @different: of those, bytes that differed
 * @first: where the first of them stands in the image
 */
typedef struct {
  guint64 compared;
  guint64 different;
  guint64 first;
} OflCompareCount;

/**
 * OflComparison:
 * @settled: what the drive must hold once the image was written
 * @unsettled: where no source says whether the drive keeps what was sent, or has something of its
 *   own there
 * @left_out: (nullable) (element-type OflLeftOut): what was not compared; %NULL when nothing was
 *   left out
 *
 * An image compared with what a drive holds: exactly what was compared, and what was not. Begins as
 * all zero.
 */
typedef struct {
  OflCompareCount settled;
  OflCompareCount unsettled;
  GArray *left_out;
} OflComparison;

/* How the drive's bytes were come by. */
typedef enum {
  OFL_COMPARE_READ,
  OFL_COMPARE_READ_TWICE,
  OFL_COMPARE_READ_BACK,
} OflCompareHow;

void ofl_comparison_clear (OflComparison *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflComparison, ofl_comparison_clear)

void ofl_comparison_add (OflComparison *self, gboolean settled, guint64 offset, const guint8 *want,
                         const guint8 *have, gsize length);
void ofl_comparison_add_missing (OflComparison *self, guint64 offset, guint64 length);
void ofl_comparison_leave_out (OflComparison *self, guint64 offset, guint64 length,
                               const char *why);
void ofl_comparison_leave_out_all (OflComparison *self, const GArray *left_out);
guint64 ofl_comparison_get_compared (const OflComparison *self);
guint64 ofl_comparison_get_different (const OflComparison *self);
gboolean ofl_comparison_is_equal (const OflComparison *self);
gboolean ofl_comparison_is_whole (const OflComparison *self);
char *ofl_comparison_describe (const OflComparison *self, OflCompareHow how);
char *ofl_left_out_describe (const OflLeftOut *self);

G_END_DECLS
