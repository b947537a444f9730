/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hitachi-LG Renesas: how a drive and an image match. The source compares nothing of the two: it
 * only computes the file's checks (renesas 2.2 row 2). What the drive's own memory
 * shows makes the rest. */
#include "families/renesas/ofl-renesas.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

typedef struct {
  const OflSnapshot *drive;
  const OflImage *image;
  OflJudgement *judgement;
  const guint8 *data;
  gsize length;
  OflRenesasKind kind;
  OflRenesasComponent installed;
  gboolean has_installed;
} Case;

static void
judge_length (const Case *c)
{
  if (c->length - OFL_RENESAS_HEADER_LEN > OFL_RENESAS_LONGEST)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "size", _ ("Choose a firmware of the drive's."),
                       _ ("The file is larger than any such drive's memory."));
}

/* Returns FALSE when there is nothing in the drive to compare with. */
static gboolean
judge_component (const Case *c)
{
  if (c->kind == OFL_RENESAS_CORE)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "component",
                       _ ("Choose the MAIN component when only the firmware is to be updated."),
                       _ ("The file is the CORE component, not the firmware proper."));
  if (!c->has_installed)
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_RED_SOFT, "component",
        _ ("Go on only if the maker's own updater sends this component to this model."),
        _ ("The drive does not show a %s component, so nothing of the file can be "
           "compared with it."),
        ofl_renesas_kind_name (c->kind));
  return c->has_installed;
}

static void
judge_address (const Case *c)
{
  guint32 load = ofl_get_be (c->data + OFL_RENESAS_LOAD_AT, 4);

  if (load == c->installed.load)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "address", NULL,
                       _ ("The file belongs where the drive has this component, at %08X."), load);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "address",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file belongs at %08X in the memory; the drive has this component at "
                          "%08X. It is for other hardware."),
                       load, c->installed.load);
}

static void
judge_device (const Case *c)
{
  const guint8 *of_image = c->data + OFL_RENESAS_DEVICE_AT;
  const guint8 *of_drive = c->installed.header + OFL_RENESAS_DEVICE_AT;
  g_autofree char *image = ofl_family_text (of_image, OFL_RENESAS_DEVICE_LEN);
  g_autofree char *drive = ofl_family_text (of_drive, OFL_RENESAS_DEVICE_LEN);

  if (!g_str_equal (image, drive))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "device",
                       _ ("Choose the firmware of this model, or go on only if you want to turn it "
                          "into the other one."),
                       _ ("The file is for the device “%s”; the drive holds the firmware of “%s”."),
                       image, drive);
  else if (*image == '\0')
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "device",
                       _ ("Use it only if you know that it is for this model."),
                       _ ("Neither the file nor the drive's firmware names a device."));
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "device", NULL,
                       _ ("File and drive name the same device, %s."), drive);
}

/**
 * ofl_renesas_judge:
 * @self: the family
 * @drive: a drive of it
 * @image: (nullable): an image of it, or %NULL to judge the drive alone
 * @choices: (nullable): not used: this family has none
 * @judgement: where to add reasons
 *
 * The file's own checks and its place in the memory are final; another device at the same place is
 * the user's decision.
 */
void
ofl_renesas_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                   const OflChoices *choices, OflJudgement *judgement)
{
  Case c = { .drive = drive, .image = image, .judgement = judgement };

  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "recovery",
                     _ ("Make sure that the power does not fail while the drive programs."),
                     _ ("No way is public to bring back a drive of this family that lost its "
                        "firmware, except a programmer for its chip."));
  if (image == NULL)
    return;
  c.data = ofl_image_get_data (image, &c.length);
  c.kind = ofl_renesas_image_kind (c.data, c.length);
  c.has_installed = ofl_renesas_component (drive, c.kind, &c.installed);
  ofl_family_judge_checks (image, N_ ("Size, end and checksum of the file fit."), judgement);
  judge_length (&c);
  if (judge_component (&c))
    {
      judge_address (&c);
      judge_device (&c);
    }
  if (c.kind == OFL_RENESAS_MAIN)
    ofl_family_judge_revision (drive, ofl_image_get_fact (image, "revision"), judgement);
}
