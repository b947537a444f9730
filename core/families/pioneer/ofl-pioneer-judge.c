/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer: how a drive and an image match. pioneer 2.5, 2.6. */
#include "families/pioneer/ofl-pioneer-bd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define DESCRIPTION_AT 8 /* in INQUIRY */
#define DESCRIPTION_LEN 24
#define TYPE_LEN 7 /* kernel types are compared by these */

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflImage *image;
  OflJudgement *judgement;
  OflPioneerHardware of_drive;
  OflPioneerHardware of_image;
  OflPioneerParts parts;
} Case;

static void
judge_state (const Case *c)
{
  OflCaps caps = ofl_snapshot_get_caps (c->drive);
  const char *reason = ofl_snapshot_get_reason (c->drive);

  if (ofl_snapshot_get_state (c->drive) == OFL_DRIVE_STATE_BOOT && (caps & OFL_CAP_WRITE) != 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "boot",
                       _ ("Switch the drive off and on. If only its kernel runs then, too, write a "
                          "normal part that fits; that brings the drive back."),
                       _ ("The drive runs its kernel only: its firmware is damaged or missing, or "
                          "another program has left it in that mode."));
  if ((caps & OFL_CAP_WRITE) != 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "read",
                       _ ("Keep a file of the firmware that the drive has now, if you can get one."),
                       _ ("The firmware of a DVR cannot be read: there will be no backup, and what "
                          "is written cannot be read back."));
  if (reason != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "control",
                       _ ("Use the maker's own updater for this drive."), "%s", reason);
}

static void
judge_key (const Case *c)
{
  guint32 key;
  g_autofree char *type = ofl_family_text ((const guint8 *) c->of_drive.kernel_type,
                                           sizeof c->of_drive.kernel_type - 1);

  if (ofl_pioneer_class (c->family, c->drive) == OFL_PIONEER_DVR
      && !ofl_pioneer_key (c->family, &c->of_drive, &key))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "key",
                       _ ("Use the maker's own updater for this drive."),
                       _ ("The key that opens drives of the kernel type “%s” is not public."),
                       type);
}

/* A size that is possible and cannot be checked: the user's decision. */
static void
judge_unsized (const Case *c)
{
  const OflImageCheck *check = NULL;

  for (guint i = 0; check == NULL && i < ofl_image_get_n_checks (c->image); i++)
    if (ofl_image_get_check (c->image, i)->result == OFL_IMAGE_CHECK_WARNING
        && g_str_equal (ofl_image_get_check (c->image, i)->name, "size"))
      check = ofl_image_get_check (c->image, i);
  if (check != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "size",
                       _ ("Go on only if the drive's maker gives the file with this very size."),
                       _ ("Whether the file is whole cannot be told: %s."),
                       ofl_image_check_text (check));
  else if (!ofl_image_is_changed (c->image))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "size", NULL,
                       _ ("The file has a size that belongs to its kind."));
}

static void
judge_checks (const Case *c)
{
  ofl_family_judge_checks (c->image, NULL, c->judgement);
  ofl_family_judge_doubts (c->image, OFL_IMAGE_CHECK_WARNING, "size", c->judgement);
  ofl_family_judge_doubts (c->image, OFL_IMAGE_CHECK_ABSENT, NULL, c->judgement);
  judge_unsized (c);
}

static void
judge_hardware (const Case *c)
{
  g_autofree char *drive = ofl_pioneer_mark (&c->of_drive);
  g_autofree char *image = ofl_pioneer_mark (&c->of_image);

  if (memcmp (c->of_drive.interface, c->of_image.interface, 4) == 0
      && c->of_drive.generation == c->of_image.generation && c->of_image.generation != 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "hardware", NULL,
                       _ ("File and drive are of the same hardware generation, %u."),
                       c->of_drive.generation);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "hardware",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is made for the hardware %s; the drive is %s."), image, drive);
}

static gboolean
is_variant (const OflPioneerHardware *hardware, const char *variant)
{
  return strncmp (hardware->kernel_type, variant, TYPE_LEN) == 0;
}

/* The two kinds of one generation whose firmware must not be exchanged. */
static void
judge_variant (const Case *c)
{
  g_autofree char *variant = NULL;

  if (c->of_drive.group != NULL)
    variant
        = g_key_file_get_string (ofl_family_table (c->family), c->of_drive.group, "variant", NULL);
  if (variant == NULL || is_variant (&c->of_drive, variant) == is_variant (&c->of_image, variant))
    return;
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "variant",
                     _ ("Choose a firmware that is made for this drive."),
                     _ ("Of the drive and the file only one is of the kind %s. The two kinds of "
                        "this model differ, and their firmware must not be exchanged."),
                     variant);
}

static void
judge_type (const Case *c)
{
  g_autofree char *drive = ofl_family_text ((const guint8 *) c->of_drive.kernel_type, 8);
  g_autofree char *image = ofl_family_text ((const guint8 *) c->of_image.kernel_type, 8);

  if (memcmp (c->of_drive.kernel_type, c->of_image.kernel_type, TYPE_LEN) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "type", NULL,
                       _ ("File and drive have the same kernel type, %s."), drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "type",
                       _ ("Choose a file for this kernel type, or go on only if you want to turn "
                          "the drive into the other kind."),
                       _ ("The file is for the kernel type %s; the drive has %s."), image, drive);
}

static void
judge_description (const Case *c)
{
  const OflIdentity *identity = ofl_snapshot_identity (c->drive);
  const guint8 *described = ofl_pioneer_description (c->image);
  const char *vendor = ofl_image_get_fact (c->image, "vendor");
  g_autofree char *name = ofl_family_text (described, DESCRIPTION_LEN);
  g_autofree char *drive = ofl_identity_name (identity);

  if (memcmp (identity->inquiry + DESCRIPTION_AT, described, DESCRIPTION_LEN) == 0)
    ofl_family_judge_named (c->drive, "brand", c->judgement);
  else if (vendor == NULL || !ofl_family_lists (c->family, "family", "vendors", vendor))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "brand",
                       _ ("Choose the firmware of this model."),
                       _ ("The file is for %s; the drive is %s. Under that name nothing here would "
                          "know the drive any more."),
                       name, drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "brand",
                       _ ("Choose the firmware of this model, or go on only if you want to turn it "
                          "into the other one."),
                       _ ("The file is for %s; the drive is %s."), name, drive);
}

static void
judge_parts (const Case *c)
{
  if (c->parts.normal == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "component",
                       _ ("To give the drive both parts, ⟦with⟧. Or choose the normal part alone."),
                       _ ("The file is a kernel part alone. After it the drive stays in its kernel "
                          "mode, in which it plays no disc, until a normal part is written."));
  else if (c->parts.kernel != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "component",
                       _ ("Choose the normal part alone when the kernel needs no update."),
                       _ ("The kernel, from which the drive recovers, is written too. Do not let "
                          "the power fail meanwhile."));
}

static void
judge_image (Case *c)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (c->image, &length);

  ofl_pioneer_image_hardware (c->family, c->image, &c->of_image);
  ofl_pioneer_split (c->family, data, length, &c->parts);
  judge_checks (c);
  judge_hardware (c);
  judge_variant (c);
  judge_type (c);
  judge_description (c);
  judge_parts (c);
  if (ofl_snapshot_get_state (c->drive) == OFL_DRIVE_STATE_NORMAL)
    ofl_family_judge_revision (c->drive, ofl_image_get_fact (c->image, "revision"), c->judgement);
  ofl_pioneer_hardware_clear (&c->of_image);
}

/**
 * ofl_pioneer_judge:
 * @self: the family
 * @drive: a drive of it
 * @image: (nullable): an image of it, or %NULL to judge the drive alone
 * @choices: (nullable): what the user chose
 * @judgement: where to add reasons
 *
 * pioneer 2.5; a BD writer and its files are judged by ofl_pioneer_bd_judge(). What its source lets a user force twice (interface and generation, the
 * two kinds of the DVR-108) is final here; what it lets force once is the user's decision.
 */
void
ofl_pioneer_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                   const OflChoices *choices, OflJudgement *judgement)
{
  Case c = { .family = self, .drive = drive, .image = image, .judgement = judgement };

  if (ofl_pioneer_class (self, drive) == OFL_PIONEER_BD)
    {
      ofl_pioneer_bd_judge (self, drive, image, choices, judgement);
      return;
    }
  if (image != NULL && ofl_pioneer_bd_is_image (image))
    {
      ofl_judgement_add (judgement, OFL_LEVEL_RED, "hardware",
                         _ ("Choose a firmware that is made for this drive."),
                         _ ("The file is for a BD writer; the drive is none."));
      return;
    }
  ofl_pioneer_drive_hardware (self, drive, &c.of_drive);
  judge_state (&c);
  judge_key (&c);
  if (image != NULL)
    judge_image (&c);
  ofl_pioneer_hardware_clear (&c.of_drive);
}
