/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-topology.h"
#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

/**
 * OflTarget:
 *
 * Where a drive is and how it is opened. Immutable and reference counted, so that a worker
 * thread can keep it while the drive's object on the main loop goes away.
 */
typedef struct _OflTarget OflTarget;

typedef OflTransport *(*OflTargetOpenFunc) (const OflTarget *target, OflOpenFlags flags,
                                            gpointer data, GError **error);

OflTarget *ofl_target_new (const char *id, const char *sr_node, const char *sg_node,
                           const OflTopology *topology, OflTargetOpenFunc open, gpointer data,
                           GDestroyNotify data_free);
OflTarget *ofl_target_ref (OflTarget *self);
void ofl_target_unref (OflTarget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflTarget, ofl_target_unref)

const char *ofl_target_get_id (const OflTarget *self);
const char *ofl_target_get_sr_node (const OflTarget *self);
const char *ofl_target_get_sg_node (const OflTarget *self);
const OflTopology *ofl_target_get_topology (const OflTarget *self);
gpointer ofl_target_get_data (const OflTarget *self, OflTargetOpenFunc open);
gboolean ofl_target_is_practice (const OflTarget *self);
OflTransport *ofl_target_open (const OflTarget *self, OflOpenFlags flags, GError **error);

G_END_DECLS
