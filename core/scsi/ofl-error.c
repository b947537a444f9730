/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-error.h"

G_DEFINE_QUARK (ofl-error-quark, ofl_error)
