/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SE-506 family: recognising a drive, judging, the verdict. se506 1. */
#include "families/se506/ofl-se506.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define BOOT_REVISION "BOOT"

/**
 * ofl_se506_version:
 *
 * Returns: the command that asks for the version, boot code included (se506 2.2)
 */
OflCommand
ofl_se506_version (void)
{
  static const guint8 cdb[12] = { 0xff, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0xaa };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, OFL_SE506_VERSION_LEN, OFL_TIMEOUT_PROBE);
}

/* se506 2.1: a revision TSxx, or that of the boot code. */
static gboolean
is_known_revision (const char *revision)
{
  return g_str_has_prefix (revision, "TS") || g_str_equal (revision, BOOT_REVISION);
}

static gboolean
se506_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  g_autofree char *model = ofl_family_probe_model (self, snapshot);
  gboolean boot = g_str_equal (identity->revision, BOOT_REVISION);
  guint8 version[OFL_SE506_VERSION_LEN];
  GString *hex;

  if (model == NULL || !is_known_revision (identity->revision))
    return FALSE;
  if (!ofl_family_read (transport, snapshot, ofl_se506_version (), N_ ("its version"), version,
                        sizeof version))
    {
      ofl_snapshot_set_reason (
          snapshot, OFL_SAY (_ ("The drive does not tell the version of its update protocol, so "
                                "nothing is written to it. Connect it anew and look again.")));
      return FALSE;
    }
  hex = g_string_new (NULL);
  for (guint i = 0; i < sizeof version; i++)
    g_string_append_printf (hex, "%s%02X", i > 0 ? " " : "", version[i]);
  ofl_snapshot_set_fact (snapshot, N_ ("version"), hex->str);
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
    ofl_family_judge_named (drive, "model", judgement);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "model",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is for the %s; the drive is %s."), product, name);
}

/* The same, for the day after: by another revision nobody would know the drive any more. */
static void
judge_known_after (const OflImage *image, OflJudgement *judgement)
{
  const char *revision = ofl_image_get_fact (image, "revision");

  if (revision != NULL && g_str_has_prefix (revision, "TS"))
    return;
  ofl_judgement_add (judgement, OFL_LEVEL_RED, "revision", _ ("Choose the maker's firmware."),
                     _ ("The file has the revision “%s”. Revisions of these drives begin with TS, "
                        "and by another one the drive would not be recognised any more."),
                     revision != NULL ? revision : "");
}

static void
se506_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
             const OflChoices *choices, OflJudgement *judgement)
{
  ofl_family_judge_boot (drive, judgement);
  if (image == NULL || !ofl_family_judge_checks (image, OFL_NO_CHECK_FAILS, judgement))
    return;
  judge_model (drive, image, judgement);
  judge_known_after (image, judgement);
  ofl_family_judge_doubts (image, OFL_IMAGE_CHECK_WARNING, NULL, judgement);
  ofl_family_judge_revision (drive, ofl_image_get_fact (image, "revision"), judgement);
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
