/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of Lite-On's updater, which calls itself XFlash: liteon 3.5 to
 * 3.7. Private to core/firmware and its tests. */
#pragma once

#include "firmware/ofl-container-format.h"

G_BEGIN_DECLS

#define OFL_XFLASH_SLOTS 4
#define OFL_XFLASH_KEY_SIZE 0x400u

/**
 * OflXFlashVersion:
 * @number: major · 10000 + minor · 100 + patch; 0 when there is no version text
 * @text: "2.1.0"
 * @rebuilt: it is a third party's rebuild ("XFB-" before the number)
 * @end: where the search for the directory goes on
 */
typedef struct {
  guint number;
  char text[8];
  gboolean rebuilt;
  gsize end;
} OflXFlashVersion;

/**
 * OflXFlashDirectory:
 * @base: what the starts count from
 * @count: the number that stands behind HOW_MANY_BIN or PARA_OPT
 * @start: the images' first bytes, from @base
 * @size: their lengths; 0 is an empty slot
 * @revision: up to four characters each
 * @revision_sum: the sum of each revision's bytes, with which two methods scramble
 */
typedef struct {
  gsize base;
  guint count;
  guint64 start[OFL_XFLASH_SLOTS];
  guint64 size[OFL_XFLASH_SLOTS];
  char revision[OFL_XFLASH_SLOTS][5];
  guint8 revision_sum[OFL_XFLASH_SLOTS];
} OflXFlashDirectory;

/**
 * OflXFlashMethod:
 * @id: 0 plain, 1 flip and swap, 2 Fibonacci, 3 mask and vote
 * @inverted: method 1: how many bytes at the front are inverted
 * @gap: method 1: how many bytes behind these are dropped
 * @mask: method 3: which bits of a key byte are a position
 */
typedef struct {
  guint id;
  guint inverted;
  guint gap;
  guint8 mask;
} OflXFlashMethod;

/* What lay where a directory was expected. */
typedef enum {
  OFL_XFLASH_DIRECTORY_NONE,
  OFL_XFLASH_DIRECTORY_FOUND,
  OFL_XFLASH_DIRECTORY_DAMAGED,
} OflXFlashFound;

gboolean ofl_xflash_find_version (OflSlice file, OflXFlashVersion *version);
gboolean ofl_xflash_find_tag (OflSlice file, gboolean *scrambled);
OflXFlashFound ofl_xflash_find_directory (OflSlice file, gsize from, OflXFlashDirectory *directory,
                                          gsize *damage);

gboolean ofl_xflash_choose_method (OflSlice file, guint version, gboolean scrambled,
                                   OflXFlashMethod *method);
guint8 *ofl_xflash_undo_swap (OflSlice stored, guint inverted, guint gap, gsize *length);
gboolean ofl_xflash_apply_fibonacci (guint8 *image, gsize length, const guint8 *key, guint8 sum);
gboolean ofl_xflash_apply_mask (guint8 *image, gsize length, const guint8 *key, guint8 sum,
                                guint8 mask, guint8 extra);
gboolean ofl_xflash_vote_extra (OflSlice scrambled, const guint8 *key, guint8 sum, guint8 mask,
                                guint8 *extra, gboolean *clear);
gboolean ofl_xflash_verify (OflSlice image, gsize *bad);

OflUnpacked ofl_container_xflash (const OflContainerInput *input, OflContainerOutput *output,
                                  GError **error);
OflUnpacked ofl_container_bracket (const OflContainerInput *input, OflContainerOutput *output,
                                   GError **error);

G_END_DECLS
