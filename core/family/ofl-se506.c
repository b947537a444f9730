/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SE-506 family: recognising a drive, judging, the verdict. protocols.md 4. */
#include "family/ofl-se506.h"

#include <string.h>

#include "family/ofl-family-private.h"

#define BOOT_REVISION "BOOT"

/**
 * ofl_se506_version:
 *
 * Returns: the command that asks for the version, boot code included (annex-sequences.md 6 row 2)
 */
OflCommand
ofl_se506_version (void)
{
  static const guint8 cdb[12] = { 0xff, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0xaa };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, OFL_SE506_VERSION_LEN, OFL_TIMEOUT_PROBE);
}

/* Row 1: a revision TSxx, or that of the boot code. */
static gboolean
is_known_revision (const char *revision)
{
  return g_str_has_prefix (revision, "TS") || g_str_equal (revision, BOOT_REVISION);
}

static gboolean
se506_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  const char *vendor = ofl_family_forced (self, snapshot) ? NULL : identity->vendor;
  g_autofree char *model = ofl_family_model_of (self, vendor, identity->product);
  gboolean boot = g_str_equal (identity->revision, BOOT_REVISION);
  guint8 version[OFL_SE506_VERSION_LEN];
  GString *hex;

  if (model == NULL || !is_known_revision (identity->revision))
    return FALSE;
  if (!ofl_family_read (transport, ofl_se506_version (), version, sizeof version))
    {
      ofl_snapshot_set_reason (snapshot,
                               "The drive does not tell the version of its update protocol, so "
                               "nothing is written to it. Connect it anew and look again.");
      return FALSE;
    }
  hex = g_string_new (NULL);
  for (guint i = 0; i < sizeof version; i++)
    g_string_append_printf (hex, "%s%02X", i > 0 ? " " : "", version[i]);
  ofl_snapshot_set_fact (snapshot, "version", hex->str);
  g_string_free (hex, TRUE);
  ofl_snapshot_set_mark (snapshot, identity->product);
  ofl_snapshot_set_image_size (snapshot, OFL_SE506_SIZE);
  ofl_snapshot_set_state (snapshot, boot ? OFL_DRIVE_STATE_BOOT : OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id,
                           OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER);
  return TRUE;
}

static void
judge_model (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const char *product = ofl_image_get_fact (image, "product");
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (drive));

  if (ofl_family_names (product, ofl_snapshot_identity (drive)->product))
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "model", NULL, "The file names this model, %s.",
                       name);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "model",
                       "Choose a firmware that is made for this drive.",
                       "The file is for the %s; the drive is %s.", product, name);
}

static void
judge_warnings (const OflImage *image, OflJudgement *judgement)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);

      if (check->result == OFL_IMAGE_CHECK_WARNING)
        ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, check->name,
                           "Use it only if you know where it comes from.",
                           "The file was altered, or is not the maker's: %s.", check->detail);
    }
}

static void
se506_judge (const OflFamily *self,
             const OflSnapshot *drive,
             const OflImage *image,
             const OflChoices *choices,
             OflJudgement *judgement)
{
  if (ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT)
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "boot",
                       "Write a firmware that fits; that brings the drive back.",
                       "The drive runs its boot code only: its firmware is damaged or missing.");
  if (image == NULL || !ofl_family_judge_checks (image, judgement))
    return;
  judge_model (drive, image, judgement);
  judge_warnings (image, judgement);
  ofl_family_judge_revision (drive, image, judgement);
}

const OflFamily ofl_family_se506 = {
  .id = "se506",
  .probe = se506_probe,
  .parse = ofl_se506_parse,
  .judge = se506_judge,
  .plan_read = ofl_se506_plan_read,
  .plan_write = ofl_se506_plan_write,
  .compare_read = ofl_se506_compare_read,
  .confirm = ofl_family_confirm_read_back,
};
