/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "firmware/ofl-image.h"

G_BEGIN_DECLS

/* Larger than any optical drive's firmware or updater; a bigger file is refused unread. */
#define OFL_FIRMWARE_MAX_SIZE (64u * 1024 * 1024)

#define OFL_TYPE_FIRMWARE (ofl_firmware_get_type ())
G_DECLARE_FINAL_TYPE (OflFirmware, ofl_firmware, OFL, FIRMWARE, GObject)

/**
 * OflImageParser:
 *
 * Appends the #OflImage it recognises in @bytes to @images; appends nothing when it recognises
 * none. @error is set only where bytes look like this format and are damaged.
 */
typedef gboolean (*OflImageParser) (GBytes *bytes, GPtrArray *images, gpointer data, GError **error);

OflFirmware *ofl_firmware_load (GFile *file, GCancellable *cancellable, GError **error);
OflFirmware *ofl_firmware_new_from_bytes (const char *name, GBytes *bytes);
gboolean ofl_firmware_parse (OflFirmware *self, OflImageParser parser, gpointer data,
                             GError **error);
const char *ofl_firmware_get_name (OflFirmware *self);
const char *ofl_firmware_get_container (OflFirmware *self);
gsize ofl_firmware_get_size (OflFirmware *self);
GBytes *ofl_firmware_get_bytes (OflFirmware *self);
const OflHashes *ofl_firmware_get_hashes (OflFirmware *self);
GPtrArray *ofl_firmware_get_images (OflFirmware *self);
guint ofl_firmware_get_n_images (OflFirmware *self);
OflImage *ofl_firmware_get_image (OflFirmware *self, guint index);

G_END_DECLS
