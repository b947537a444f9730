/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of ofl-preflight share. Each adds what it found; worker threads only. */
#pragma once

#include "flash/ofl-check.h"
#include "flash/ofl-preflight.h"

G_BEGIN_DECLS

/* The drive (ofl-preflight-drive.c) */
void ofl_preflight_add_disc (GPtrArray *checks, const OflSnapshot *drive, gboolean accept_warnings);
void ofl_preflight_add_holders (GPtrArray *checks, const OflTarget *target,
                                const OflHolderRoots *roots, OflPreflightScope scope);
void ofl_preflight_add_unfinished (GPtrArray *checks, const OflTarget *target,
                                   const OflSnapshot *drive, const char *state_dir);

/* File and backup (ofl-preflight-image.c) */
gboolean ofl_preflight_add_image (GPtrArray *checks, const OflPreflight *self);
void ofl_preflight_add_backup (GPtrArray *checks, const OflPreflight *self);

/* Folders (ofl-preflight-files.c) */
void ofl_preflight_add_room (GPtrArray *checks, const OflPreflight *self);
void ofl_preflight_add_journal (GPtrArray *checks, const char *state_dir, guint64 taken);

/* Power, lid and sleep (ofl-preflight-power.c) */
void ofl_preflight_add_power (GPtrArray *checks, OflSystemBus *bus);
void ofl_preflight_add_sleep (GPtrArray *checks, OflSystemBus *bus);

/* The computer's other parts (ofl-preflight-system.c) */
void ofl_preflight_add_usb (GPtrArray *checks, const OflTopology *topology);
void ofl_preflight_add_others (GPtrArray *checks, const OflTarget *target, const char *sys);
void ofl_preflight_add_clock (GPtrArray *checks, gint64 now);

G_END_DECLS
