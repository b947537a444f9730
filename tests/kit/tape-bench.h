/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive, flashed while a tape runs; and the same flash over a drive made from that tape. */
#pragma once

#include "flash/ofl-result.h"
#include "updater/ofl-tape.h"
#include "updater/ofl-tape-drive.h"

G_BEGIN_DECLS

/* Flashes the practice drive @id, as it left the factory, and records it to @path. */
void tape_bench_record (const char *id, const char *revision, gboolean whole, const char *path);
OflTape *tape_bench_load (const char *path);
/* The same flash, with @drive in the practice drive's place. */
OflResult *tape_bench_flash_over (OflTapeDrive *drive, const char *id, const char *revision);

/* Some exchanges by hand, of every outcome, to @path; @whole: with the owner's consent. */
#define TAPE_SERIAL "K9JF41A3139"
void tape_bench_write_by_hand (const char *path, gboolean whole);

G_END_DECLS
