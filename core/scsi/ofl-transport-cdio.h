/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

#define OFL_TYPE_TRANSPORT_CDIO (ofl_transport_cdio_get_type ())
G_DECLARE_FINAL_TYPE (OflTransportCdio, ofl_transport_cdio, OFL, TRANSPORT_CDIO, OflTransport)

OflTransport *ofl_transport_cdio_new (const char *device, GError **error);

G_END_DECLS
