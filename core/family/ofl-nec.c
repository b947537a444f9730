/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The NEC and Optiarc family, and its verdict. annex-nec.md. Writing a boot code is left out: a
 * failure would end the drive. */
#include "family/ofl-nec.h"

#include "family/ofl-family-private.h"

/* Where nothing could be read back, the revision is all there is. */
static OflVerdict
confirm_revision (const OflProof *proof)
{
  const char *expected = ofl_image_get_fact (proof->image, "revision");
  const char *before = ofl_snapshot_identity (proof->before)->revision;
  const char *after = ofl_snapshot_identity (proof->after)->revision;

  if (expected != NULL && !g_str_equal (expected, after))
    return g_str_equal (before, after) ? OFL_VERDICT_UNCHANGED : OFL_VERDICT_UNKNOWN;
  if (!g_str_equal (before, after))
    return OFL_VERDICT_CONFIRMED;
  return expected == NULL ? OFL_VERDICT_UNCHANGED : OFL_VERDICT_UNKNOWN;
}

static OflVerdict
nec_confirm (const OflFamily *self, const OflProof *proof)
{
  OflDriveState after;

  if (proof->after == NULL)
    return OFL_VERDICT_UNKNOWN;
  after = ofl_snapshot_get_state (proof->after);
  /* a drive that comes back in safe mode has no firmware that it would run */
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
  return confirm_revision (proof);
}

const OflFamily ofl_family_nec = {
  .id = "nec",
  .probe = ofl_nec_probe,
  .parse = ofl_nec_parse,
  .judge = ofl_nec_judge,
  .plan_read = ofl_nec_plan_read,
  .plan_write = ofl_nec_plan_write,
  .compare_read = ofl_nec_compare_read,
  .confirm = nec_confirm,
};
