/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "families/ofl-families.h"

G_BEGIN_DECLS

/**
 * OflUiOpened:
 * @file: the file that is taken
 * @with: (nullable): a second one that belongs to it
 * @firmware: (nullable): what is in them; %NULL when they could not be read
 * @error: (nullable): why not
 * @unparsed: (nullable): @file as it is, when it could be read, but what is in it could not
 * @left: (element-type GFile): the others, which nothing is done with
 *
 * Firmware files that were given together, as they were read.
 */
typedef struct {
  GFile *file;
  GFile *with;
  OflFirmware *firmware;
  GError *error;
  OflFirmware *unparsed;
  GPtrArray *left;
} OflUiOpened;

void ofl_ui_opened_free (OflUiOpened *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflUiOpened, ofl_ui_opened_free)

void ofl_ui_opened_read_async (gpointer source, GPtrArray *files, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
OflUiOpened *ofl_ui_opened_read_finish (GAsyncResult *result);
gboolean ofl_ui_opened_is_usable (const OflUiOpened *self);
char *ofl_ui_opened_dup_name (GFile *file);

G_END_DECLS
