/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OFL_MAX_PROFILES 64
#define OFL_MAX_SPEEDS 32

/**
 * OflProfiles:
 * @n: how many
 * @profiles: kinds of discs that the drive can handle, in its own order
 * @current: that of the disc that is in; 0 when none is
 *
 * What GET CONFIGURATION says of discs (scsi 1.4).
 */
typedef struct {
  guint n;
  guint16 profiles[OFL_MAX_PROFILES];
  guint16 current;
} OflProfiles;

/**
 * OflCapabilities:
 * @reads: byte 2 of page 2A
 * @writes: byte 3
 * @read_speed: fastest, kB/s
 * @buffer_kib: size of its buffer
 * @n_speeds: how many speeds of writing the page has in full
 * @speeds: those, kB/s
 *
 * Mode page 2A (scsi 1.9).
 */
typedef struct {
  guint8 reads, writes;
  guint read_speed;
  guint buffer_kib;
  guint n_speeds;
  guint16 speeds[OFL_MAX_SPEEDS];
} OflCapabilities;

/**
 * OflRegion:
 * @set: whether a region was ever set
 * @maker_changes: how often the maker may still take it back
 * @user_changes: how often the user may still change it
 * @mask: a 0 for each region whose discs are played
 * @scheme: 1: the drive keeps the region (RPC II); 0: it does not
 *
 * Answer to REPORT KEY for the region code (scsi 1.10).
 */
typedef struct {
  gboolean set;
  guint maker_changes, user_changes;
  guint8 mask;
  guint8 scheme;
} OflRegion;

gboolean ofl_profiles_parse (OflProfiles *self, const guint8 *data, gsize length);
gboolean ofl_profiles_has (const OflProfiles *self, guint16 profile);
const char *ofl_profile_name (guint16 profile);
gboolean ofl_capabilities_parse (OflCapabilities *self, const guint8 *data, gsize length);
gboolean ofl_region_parse (OflRegion *self, const guint8 *data, gsize length);

G_END_DECLS
