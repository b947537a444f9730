/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

#define OFL_TYPE_TRANSPORT_SPTI (ofl_transport_spti_get_type ())
G_DECLARE_FINAL_TYPE (OflTransportSpti, ofl_transport_spti, OFL, TRANSPORT_SPTI, OflTransport)

OflTransport *ofl_transport_spti_new (const char *letter, OflOpenFlags flags, GError **error);
OflOutcome ofl_spti_outcome (guint32 code, int *os_error);

G_END_DECLS
