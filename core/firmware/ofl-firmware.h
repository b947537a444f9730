/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "firmware/ofl-container.h"
#include "firmware/ofl-image.h"

G_BEGIN_DECLS

/* Larger than any optical drive's firmware or updater; a bigger file is refused unread. */
#define OFL_FIRMWARE_MAX_SIZE (64u * 1024 * 1024)

#define OFL_TYPE_FIRMWARE (ofl_firmware_get_type ())
G_DECLARE_FINAL_TYPE (OflFirmware, ofl_firmware, OFL, FIRMWARE, GObject)

/**
 * OflRecogniser:
 * @formats: (array zero-terminated=1): containers of vendors
 * @parse: appends the #OflImage it recognises in @bytes to @images, nothing when it recognises none
 *
 * What can be found in a firmware file; core/firmware itself knows no vendor.
 */
typedef struct {
  const OflVendorFormat *formats;
  void (*parse) (GBytes *bytes, GPtrArray *images);
} OflRecogniser;

gboolean ofl_argument_is_path (const char *argument);
GFile *ofl_file_for_argument (const char *argument);
OflFirmware *ofl_firmware_load (GFile *file, GCancellable *cancellable, GError **error);
OflFirmware *ofl_firmware_new_from_bytes (const char *name, GBytes *bytes);
gboolean ofl_firmware_parse (OflFirmware *self, const OflRecogniser *recogniser, GError **error);
const char *ofl_firmware_get_name (OflFirmware *self);
const char *ofl_firmware_get_location (OflFirmware *self);
const char *ofl_firmware_get_container (OflFirmware *self);
const char *ofl_firmware_get_unopened (OflFirmware *self, const char **name);
gsize ofl_firmware_get_size (OflFirmware *self);
GBytes *ofl_firmware_get_bytes (OflFirmware *self);
const OflHashes *ofl_firmware_get_hashes (OflFirmware *self);
GPtrArray *ofl_firmware_get_images (OflFirmware *self);
guint ofl_firmware_get_n_images (OflFirmware *self);
OflImage *ofl_firmware_get_image (OflFirmware *self, guint index);

G_END_DECLS
