/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-transport.h"
#include "updater/ofl-tape-writer.h"

G_BEGIN_DECLS

OflTransport *ofl_tape_recorder_new (OflTransport *real, OflTapeWriter *writer);

G_END_DECLS
