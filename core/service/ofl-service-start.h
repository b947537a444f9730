/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a client sent to a job that may start: everything is checked here. */
#pragma once

#include "service/ofl-service.h"
#include "updater/ofl-updater-options.h"

G_BEGIN_DECLS

/**
 * OflStartRequest:
 * @kind: what to do
 * @drive: which drive, checked for its form
 * @expected: (nullable): who the user saw
 * @options: the job's options
 * @image_sha256: (nullable): which image of the file
 * @name: (nullable): the file's name
 * @practice_speed: for practice drives
 * @fd: the firmware file's descriptor, -1 for none; owned
 * @run: (nullable): of %OFL_JOB_UPDATER: how the maker's program is run
 * @image: (nullable): found by ofl_start_request_load_async()
 */
typedef struct {
  OflJobKind kind;
  char *drive;
  OflSnapshot *expected;
  OflJobOptions *options;
  char *image_sha256;
  char *name;
  double practice_speed;
  int fd;
  OflUpdaterOptions *run;
  OflImage *image;
} OflStartRequest;

OflStartRequest *ofl_start_request_new (const char *kind, const char *drive, GVariant *expected,
                                        GVariant *options, int fd, GError **error);
OflStartRequest *ofl_start_request_new_updater (const char *drive, GVariant *expected,
                                                GVariant *options, int fd, OflUpdaterOptions *run,
                                                GError **error);
void ofl_start_request_free (OflStartRequest *self);
void ofl_start_request_load_async (OflStartRequest *self, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean ofl_start_request_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
