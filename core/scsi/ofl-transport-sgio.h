/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

#define OFL_TYPE_TRANSPORT_SGIO (ofl_transport_sgio_get_type ())
G_DECLARE_FINAL_TYPE (OflTransportSgio, ofl_transport_sgio, OFL, TRANSPORT_SGIO, OflTransport)

OflTransport *ofl_transport_sgio_new (const char *sr_node, OflOpenFlags flags, GError **error);

G_END_DECLS
