/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a client sent to a job that may start: everything is checked here. */
#pragma once

#include "service/ofl-service.h"

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
  OflImage *image;
} OflStartRequest;

OflStartRequest *ofl_start_request_new (const char *kind, const char *drive, GVariant *expected,
                                        GVariant *options, int fd, GError **error);
void ofl_start_request_free (OflStartRequest *self);
void ofl_start_request_load_async (OflStartRequest *self, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean ofl_start_request_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
