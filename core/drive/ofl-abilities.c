/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-abilities.h"

#include <string.h>

#include "scsi/ofl-bytes.h"

/* GET CONFIGURATION: a header, then features (scsi 1.4) */
#define HEADER_LEN 8
#define HEADER_CURRENT 6
#define FEATURE_LEN 4
#define FEATURE_PROFILES 0x0000
#define PROFILE_LEN 4

/* MODE SENSE(10): a header, then the page (scsi 1.9) */
#define MODE_HEADER_LEN 8
#define MODE_DESCRIPTORS 6 /* length of what may stand between header and page */
#define PAGE 0x2a
#define PAGE_LEAST 16
#define PAGE_SPEEDS 32
#define SPEED_LEN 4

#define REGION_LEN 8

/**
 * ofl_profiles_parse:
 * @self: (out caller-allocates): where to put them
 * @data: (array length=length): answer to GET CONFIGURATION
 * @length: bytes that came
 *
 * Takes the list of profiles, which is the first feature of a whole answer and the only one of an
 * answer for it (scsi 1.4). What was cut off is left out.
 *
 * Returns: %FALSE when there is no such list
 */
gboolean
ofl_profiles_parse (OflProfiles *self, const guint8 *data, gsize length)
{
  gsize end;

  memset (self, 0, sizeof *self);
  if (length < HEADER_LEN + FEATURE_LEN || ofl_get_be (data + HEADER_LEN, 2) != FEATURE_PROFILES)
    return FALSE;
  self->current = (guint16) ofl_get_be (data + HEADER_CURRENT, 2);
  end = MIN (length, HEADER_LEN + FEATURE_LEN + (gsize) data[HEADER_LEN + 3]);
  for (gsize at = HEADER_LEN + FEATURE_LEN; at + PROFILE_LEN <= end && self->n < OFL_MAX_PROFILES;
       at += PROFILE_LEN)
    self->profiles[self->n++] = (guint16) ofl_get_be (data + at, 2);
  return self->n > 0;
}

/**
 * ofl_profiles_has:
 * @self: a drive's profiles
 * @profile: one
 *
 * Returns: whether it is among them
 */
gboolean
ofl_profiles_has (const OflProfiles *self, guint16 profile)
{
  for (guint i = 0; i < self->n; i++)
    if (self->profiles[i] == profile)
      return TRUE;
  return FALSE;
}

/**
 * ofl_profile_name:
 * @profile: a profile of MMC
 *
 * Returns: its short name, the same in every language; "" for an unknown one
 */
const char *
ofl_profile_name (guint16 profile)
{
  static const struct {
    guint16 profile;
    const char *name;
  } names[] = {
    { 0x02, "removable disk" },
    { 0x08, "CD-ROM" },
    { 0x09, "CD-R" },
    { 0x0a, "CD-RW" },
    { 0x10, "DVD-ROM" },
    { 0x11, "DVD-R" },
    { 0x12, "DVD-RAM" },
    { 0x13, "DVD-RW restricted overwrite" },
    { 0x14, "DVD-RW sequential" },
    { 0x15, "DVD-R DL sequential" },
    { 0x16, "DVD-R DL layer jump" },
    { 0x1a, "DVD+RW" },
    { 0x1b, "DVD+R" },
    { 0x2a, "DVD+RW DL" },
    { 0x2b, "DVD+R DL" },
    { 0x40, "BD-ROM" },
    { 0x41, "BD-R sequential" },
    { 0x42, "BD-R random" },
    { 0x43, "BD-RE" },
    { 0x50, "HD DVD-ROM" },
    { 0x51, "HD DVD-R" },
    { 0x52, "HD DVD-RAM" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].profile == profile)
      return names[i].name;
  return "";
}

/**
 * ofl_capabilities_parse:
 * @self: (out caller-allocates): where to put them
 * @data: (array length=length): answer to MODE SENSE(10) for page 2A
 * @length: bytes that came
 *
 * Takes page 2A apart (scsi 1.9). Speeds of writing are as many as the page names and as came.
 *
 * Returns: %FALSE when there is no such page
 */
gboolean
ofl_capabilities_parse (OflCapabilities *self, const guint8 *data, gsize length)
{
  const guint8 *page;
  gsize start, rest, n;

  memset (self, 0, sizeof *self);
  if (length < MODE_HEADER_LEN)
    return FALSE;
  start = MODE_HEADER_LEN + (gsize) ofl_get_be (data + MODE_DESCRIPTORS, 2);
  if (length < start + PAGE_LEAST || (data[start] & 0x3f) != PAGE)
    return FALSE;
  page = data + start;
  rest = MIN (length - start, (gsize) page[1] + 2);
  self->reads = page[2];
  self->writes = page[3];
  self->read_speed = ofl_get_be (page + 8, 2);
  self->buffer_kib = ofl_get_be (page + 12, 2);
  if (rest < PAGE_SPEEDS)
    return TRUE;
  n = MIN (ofl_get_be (page + 30, 2), (rest - PAGE_SPEEDS) / SPEED_LEN);
  self->n_speeds = (guint) MIN (n, OFL_MAX_SPEEDS);
  for (guint i = 0; i < self->n_speeds; i++)
    self->speeds[i] = (guint16) ofl_get_be (page + PAGE_SPEEDS + SPEED_LEN * i + 2, 2);
  return TRUE;
}

/**
 * ofl_region_parse:
 * @self: (out caller-allocates): where to put it
 * @data: (array length=length): answer to REPORT KEY, format 8
 * @length: bytes that came
 *
 * Takes the state of the region code apart (scsi 1.10).
 *
 * Returns: %FALSE when it is too short
 */
gboolean
ofl_region_parse (OflRegion *self, const guint8 *data, gsize length)
{
  memset (self, 0, sizeof *self);
  if (length < REGION_LEN)
    return FALSE;
  self->set = (data[4] >> 6) != 0;
  self->maker_changes = (data[4] >> 3) & 0x07;
  self->user_changes = data[4] & 0x07;
  self->mask = data[5];
  self->scheme = data[6];
  return TRUE;
}
