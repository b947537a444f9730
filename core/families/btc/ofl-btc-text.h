/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "firmware/ofl-container-format.h"

G_BEGIN_DECLS

OflUnpacked ofl_container_btc (const OflContainerInput *input, OflContainerOutput *output,
                               GError **error);

G_END_DECLS
