/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of ofl-holders share. */
#pragma once

#include "drive/ofl-holders.h"

G_BEGIN_DECLS

OflHolder *ofl_holders_add (GPtrArray *holders, OflHolderKind kind, OflHolderWeight weight,
                            const char *where, const char *name);
GPtrArray *ofl_holders_new (void);

/* In sysfs (ofl-holders-sysfs.c) */
void ofl_holders_add_sysfs (GPtrArray *holders, const OflTarget *target, const char *sys);
void ofl_holders_add_hidden (GPtrArray *holders, const char *sys);

G_END_DECLS
