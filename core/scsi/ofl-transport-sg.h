/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

#define OFL_TYPE_TRANSPORT_SG (ofl_transport_sg_get_type ())
G_DECLARE_FINAL_TYPE (OflTransportSg, ofl_transport_sg, OFL, TRANSPORT_SG, OflTransport)

OflTransport *ofl_transport_sg_new (const char *sg_node, const char *sr_node,
                                    const char *device_path, OflOpenFlags flags, GError **error);

G_END_DECLS
