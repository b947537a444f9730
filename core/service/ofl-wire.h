/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress, log and result as they cross the bus. What comes in is checked as if hostile. */
#pragma once

#include <gio/gunixfdlist.h>

#include "flash/ofl-job.h"
#include "updater/ofl-updater-options.h"

G_BEGIN_DECLS

#define OFL_SERVICE_NAME "org.optiflash.Optiflash1"
#define OFL_SERVICE_PATH "/org/optiflash/Optiflash1"
#define OFL_WIRE_MAX_LINES 500
#define OFL_WIRE_VERSION 2

GVariant *ofl_wire_pack_view (const OflProgressView *view, const OflQuestion *question);
gboolean ofl_wire_unpack_view (GVariant *variant, OflProgressView *view, GError **error);
OflQuestion *ofl_wire_unpack_question (GVariant *variant);
GVariant *ofl_wire_pack_lines (GPtrArray *lines);
void ofl_wire_unpack_lines (GVariant *variant, GPtrArray *lines);
GVariant *ofl_wire_pack_result (const OflResult *result);
OflResult *ofl_wire_unpack_result (GVariant *variant);

const char *ofl_wire_job_kind_id (OflJobKind kind);
gboolean ofl_wire_parse_job_kind (const char *id, OflJobKind *kind);
GVariant *ofl_wire_pack_options (const OflJobOptions *options, const OflImage *image,
                                 double practice_speed);
GUnixFDList *ofl_wire_pack_image (OflImage *image, GError **error);
GVariant *ofl_wire_pack_expected (const OflSnapshot *expected);
gboolean ofl_wire_unpack_options (GVariant *variant, OflJobOptions *options, char **image_sha256,
                                  char **name, double *practice_speed, GError **error);

GVariant *ofl_wire_pack_updater (const OflUpdaterOptions *run);
OflUpdaterOptions *ofl_wire_unpack_updater (GVariant *variant, int keeper, int tape,
                                            GError **error);
gboolean ofl_wire_check_drive_path (const char *path, GError **error);

G_END_DECLS
