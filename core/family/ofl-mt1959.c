/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MT1959 family: recognising a drive, and the verdict. protocols.md 3. */
#include "family/ofl-mt1959.h"

#include <string.h>

#include "family/ofl-family-private.h"

#define FEATURE_FIRMWARE_DATE 0x010c
#define BOOT_REVISION "BOOT"

/* Vendors that use this chip, and one that must never get its commands (protocols.md 3.1). */
static gboolean
vendor_allowed (const OflFamily *self, const OflSnapshot *snapshot)
{
  const char *vendor = ofl_snapshot_identity (snapshot)->vendor;

  if (ofl_family_lists (self, "family", "never-vendors", vendor))
    return FALSE;
  return ofl_family_forced (self, snapshot)
         || ofl_family_lists (self, "family", "vendors", vendor);
}

static gboolean
read_region (OflTransport *transport, guint32 offset, guint32 length, guint8 *data)
{
  OflCommand command
      = ofl_command_read_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, offset, length);

  return ofl_family_read (transport, command, data, length);
}

static char *
probe_banner (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_MT1959_BANNER_LEN];
  g_autofree char *banner = NULL;

  if (!read_region (transport, OFL_MT1959_BANNER_AT, sizeof data, data))
    return NULL;
  banner = ofl_mt1959_banner (data, sizeof data);
  if (banner == NULL)
    return NULL;
  ofl_snapshot_set_blob (snapshot, OFL_MT1959_BLOB_BANNER, data, sizeof data);
  ofl_snapshot_set_fact (snapshot, "banner", banner);
  return g_steal_pointer (&banner);
}

/* Returns the chip's tag; NULL when the descriptor cannot be read or holds none, as may be when
 * only the boot code runs. */
static char *
probe_descriptor (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_MT1959_DESCRIPTOR_LEN];
  g_autofree char *runs = NULL;
  char *chip;

  if (!read_region (transport, OFL_MT1959_DESCRIPTOR_AT, sizeof data, data))
    return NULL;
  ofl_snapshot_set_blob (snapshot, OFL_MT1959_BLOB_DESCRIPTOR, data, sizeof data);
  runs = ofl_family_runs (data, sizeof data, 3);
  ofl_snapshot_set_fact (snapshot, "descriptor", runs);
  chip = ofl_mt1959_chip (data, sizeof data);
  if (chip != NULL)
    ofl_snapshot_set_fact (snapshot, "chip", chip);
  return chip;
}

static void
probe_code_page (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_MT1959_BOOT_PAGE_LEN];

  if (read_region (transport, OFL_MT1959_CODE_AT, sizeof data, data))
    ofl_snapshot_set_blob (snapshot, OFL_MT1959_BLOB_PAGE, data, sizeof data);
}

/* A boot code that cannot read the flash back leaves writing and recovery. */
static OflCaps
caps_of (const OflSnapshot *snapshot)
{
  OflCaps caps = OFL_CAP_WRITE | OFL_CAP_RECOVER;

  if (ofl_snapshot_get_blob (snapshot, OFL_MT1959_BLOB_DESCRIPTOR) != NULL)
    caps |= OFL_CAP_READ | OFL_CAP_READ_EEPROM | OFL_CAP_VERIFY;
  return caps;
}

/* protocols.md 3.1: feature 010C answers and the banner is there. Only the banner is asked of a
 * drive whose revision says BOOT (3.4): whether its boot code knows features is not public. */
static gboolean
mt1959_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  gboolean boot = g_str_equal (ofl_snapshot_identity (snapshot)->revision, BOOT_REVISION);
  g_autofree char *banner = NULL;
  g_autofree char *chip = NULL;
  g_autofree char *mark = NULL;

  if (!vendor_allowed (self, snapshot))
    return FALSE;
  if (!ofl_family_has_feature (transport, FEATURE_FIRMWARE_DATE) && !boot)
    return FALSE;
  banner = probe_banner (transport, snapshot);
  if (banner == NULL)
    return FALSE;
  chip = probe_descriptor (transport, snapshot);
  probe_code_page (transport, snapshot);
  mark = ofl_mt1959_mark (chip, banner);
  ofl_snapshot_set_mark (snapshot, mark);
  ofl_snapshot_set_image_size (snapshot, OFL_MT1959_SIZE);
  ofl_snapshot_set_state (snapshot, boot ? OFL_DRIVE_STATE_BOOT : OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id, caps_of (snapshot));
  return TRUE;
}

static OflVerdict
mt1959_confirm (const OflFamily *self, const OflProof *proof)
{
  OflDriveState after;

  if (proof->after == NULL)
    return OFL_VERDICT_UNKNOWN;
  after = ofl_snapshot_get_state (proof->after);
  /* a drive that answers from its boot code has not taken the firmware, whatever was read back */
  if (after == OFL_DRIVE_STATE_BOOT)
    return OFL_VERDICT_FAILED_RECOVERY;
  if (after != OFL_DRIVE_STATE_NORMAL)
    return OFL_VERDICT_UNKNOWN;
  if (proof->compared > 0 && proof->different == 0)
    return OFL_VERDICT_VERIFIED;
  if (proof->equals_backup)
    return OFL_VERDICT_UNCHANGED;
  if (proof->compared > 0)
    return OFL_VERDICT_FAILED_RECOVERY;
  /* recovery through a boot code that cannot read back: that the drive left it is the proof */
  if (ofl_snapshot_get_state (proof->before) == OFL_DRIVE_STATE_BOOT)
    return OFL_VERDICT_CONFIRMED;
  return OFL_VERDICT_UNKNOWN;
}

const OflFamily ofl_family_mt1959 = {
  .id = "mt1959",
  .probe = mt1959_probe,
  .parse = ofl_mt1959_parse,
  .judge = ofl_mt1959_judge,
  .plan_read = ofl_mt1959_plan_read,
  .plan_write = ofl_mt1959_plan_write,
  .compare_read = ofl_mt1959_compare_read,
  .confirm = mt1959_confirm,
};
