/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: how a drive and an image match. nec 2.2, 1.3, 3.1. */
#include "families/nec/ofl-nec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define OTHER_BOOTCODE \
  N_ ("Choose a firmware for this boot code. Boot codes are not written here: a failure would be " \
      "final.")

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflImage *image;
  const OflNecModel *of_drive;
  const OflNecModel *of_image;
  OflJudgement *judgement;
  gboolean boot;
} Case;

/**
 * ofl_nec_twin:
 * @self: the family
 * @model: a drive type
 *
 * Some drives say in their memory that they are of one type and are of another, which only safe
 * mode tells (nec 1.2 rule 4).
 *
 * Returns: (transfer full) (nullable): the name of the other type
 */
char *
ofl_nec_twin (const OflFamily *self, const OflNecModel *model)
{
  return ofl_nec_model_text (self, model, "twin");
}

static gboolean
is_notebook (const OflFamily *self, const OflNecModel *model)
{
  return ofl_family_number (self, model->group, "notebook-at") != 0;
}

static guint8
notebook_byte_of_image (const OflFamily *self, const OflNecModel *model, const OflImage *image)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);
  guint32 at = ofl_family_number (self, model->group, "notebook-file-at");

  return at < length ? data[at] : OFL_NEC_NO_DUMP_ID;
}

/* What stands in the drive's flash; a drive that cannot be asked counts as one without firmware. */
static guint8
notebook_byte_in_flash (const OflSnapshot *drive)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_NEC_BLOB_NOTEBOOK);

  return blob != NULL ? *(const guint8 *) g_bytes_get_data (blob, NULL) : OFL_NEC_NO_DUMP_ID;
}

/* A write that broke off leaves any byte, also one of another class: in safe mode the drive counts
 * as one without firmware, and its boot code decides. */
static guint8
notebook_byte_of_drive (const OflSnapshot *drive)
{
  return ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT ? OFL_NEC_NO_DUMP_ID
                                                                : notebook_byte_in_flash (drive);
}

/**
 * ofl_nec_wanted_bootcode:
 * @self: the family
 * @drive: a drive of it
 * @image: an image for it
 *
 * Returns: the boot code that the drive must have; %OFL_NEC_BOOTCODE_NONE where it is not asked
 *   for, %OFL_NEC_BOOTCODE_UNKNOWN where the image does not say (nec 2.2 rows 6a to 6c)
 */
guint16
ofl_nec_wanted_bootcode (const OflFamily *self, const OflSnapshot *drive, const OflImage *image)
{
  g_autoptr (OflNecModel) model = ofl_nec_model_of_image (self, image);
  guint16 wanted = OFL_NEC_BOOTCODE_UNKNOWN;

  if (model == NULL || model->layout->kind == OFL_NEC_BD)
    return OFL_NEC_BOOTCODE_NONE;
  if (is_notebook (self, model))
    {
      g_free (ofl_nec_notebook_class (self, notebook_byte_of_image (self, model, image), &wanted));
      return notebook_byte_of_drive (drive) == OFL_NEC_NO_DUMP_ID ? wanted : OFL_NEC_BOOTCODE_NONE;
    }
  return ofl_nec_bootcode_of_text (ofl_image_get_fact (image, OFL_NEC_FACT_BOOTCODE));
}

static void
judge_drive (const Case *c)
{
  const char *reason = ofl_snapshot_get_reason (c->drive);
  OflCaps caps = ofl_snapshot_get_caps (c->drive);
  g_autofree char *warning
      = c->of_drive != NULL ? ofl_nec_model_text (c->family, c->of_drive, "warning") : NULL;

  if ((caps & OFL_CAP_WRITE) == 0 && reason != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "type", NULL, "%s", reason);
  if (warning != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "untested", NULL, "%s", warning);
  if (c->boot)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "boot",
                       _ ("Write a firmware that fits; that brings the drive back."),
                       _ ("The drive is in its safe mode: its firmware is damaged or missing, or "
                          "another program has left it there."));
  if ((caps & OFL_CAP_WRITE) != 0 && (caps & OFL_CAP_READ) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "read", NULL,
                       _ ("The firmware in the drive cannot be read, so there will be no backup."));
}

/* Nothing overrides this (nec 2.2 row 5). */
static gboolean
judge_id (const Case *c)
{
  g_autofree char *twin = ofl_nec_twin (c->family, c->of_drive);

  if (g_str_equal (c->of_drive->name, c->of_image->name))
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "id", NULL,
                         _ ("File and drive are of the same type, %s (%s)."), c->of_drive->id,
                         c->of_drive->layout->name);
      if (twin != NULL && c->boot)
        ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "twin", NULL,
                           _ ("Some drives of this type are really of the type %s. In safe mode "
                              "that cannot be told."),
                           twin);
      return TRUE;
    }
  if (g_strcmp0 (twin, c->of_image->name) == 0)
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "twin",
                         _ ("If the drive is not of that type it refuses, unharmed."),
                         _ ("The file is for the type %s. The drive may be one, though it names "
                            "itself %s: only safe mode tells, before anything is written."),
                         c->of_image->name, c->of_drive->name);
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "id",
                     _ ("Choose a firmware that is made for this drive."),
                     _ ("The file is for drives of the type %s (%s); the drive is of the type %s "
                        "(%s)."),
                     c->of_image->id, c->of_image->layout->name, c->of_drive->id,
                     c->of_drive->layout->name);
  return FALSE;
}

/* What the drive has is known here only when it is in safe mode; else the plan asks for it before
 * it writes, and stops when it is another. */
static void
judge_bootcode (const Case *c, guint16 wanted)
{
  const char *has = ofl_snapshot_get_fact (c->drive, OFL_NEC_FACT_BOOTCODE);
  g_autofree char *wants = ofl_nec_bootcode_text (wanted);

  if (wants == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "bootcode",
                       _ ("Go on only if you know that this file fits the drive's boot code."),
                       _ ("The file does not say for which boot code it is made."));
  else if (!c->boot)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "bootcode", NULL,
                       _ ("The file needs boot code %s. The drive is asked for its own before "
                          "anything is written, and nothing is when it has another. The boot code "
                          "itself is never written."),
                       wants);
  else if (g_strcmp0 (has, wants) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "bootcode", NULL,
                       _ ("The drive has the boot code that the file needs, %s."), wants);
  else if (has != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "bootcode", _ (OTHER_BOOTCODE),
                       _ ("The file needs boot code %s; the drive has %s."), wants, has);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "bootcode", _ (OTHER_BOOTCODE),
                       _ ("The file needs boot code %s; the drive does not tell its own."), wants);
}

/* The drive's boot code tells for which files it is. What a broken firmware still says makes the
 * question easier, and nothing else. */
static void
judge_notebook_by_bootcode (const Case *c, const char *of_image)
{
  g_autofree char *remains
      = ofl_nec_notebook_class (c->family, notebook_byte_in_flash (c->drive), NULL);

  if (g_strcmp0 (of_image, remains) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "notebook", NULL,
                       _ ("The file is for %s, and so says what is left of the drive's firmware."),
                       of_image);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "notebook",
                       _ ("Go on only if you know that the drive is one."),
                       _ ("The drive has no firmware that would tell whether it is %s, as the file "
                          "is."),
                       of_image);
  judge_bootcode (c, ofl_nec_wanted_bootcode (c->family, c->drive, c->image));
}

/* nec 1.3 */
static void
judge_notebook (const Case *c)
{
  guint8 drive_byte = notebook_byte_of_drive (c->drive);
  g_autofree char *of_image = ofl_nec_notebook_class (
      c->family, notebook_byte_of_image (c->family, c->of_image, c->image), NULL);
  g_autofree char *of_drive = ofl_nec_notebook_class (c->family, drive_byte, NULL);

  if (of_image == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "notebook", _ ("Choose another firmware."),
                       _ ("The file does not tell whether it is for a master or a slave drive."));
  else if (g_strcmp0 (of_image, of_drive) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "notebook", NULL,
                       _ ("File and drive are both %s."), of_image);
  else if (drive_byte != OFL_NEC_NO_DUMP_ID)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "notebook",
                       _ ("Choose the firmware for this model and its jumper setting."),
                       _ ("The file is for %s; the drive is %s."), of_image,
                       of_drive != NULL ? of_drive : _ ("another"));
  else
    judge_notebook_by_bootcode (c, of_image);
}

/* The strings in a file are no proof (nec 3.4); the types are the same already. */
static void
judge_brand (const Case *c)
{
  const OflIdentity *identity = ofl_snapshot_identity (c->drive);
  const char *product = ofl_image_get_fact (c->image, "product");
  const char *vendor = ofl_image_get_fact (c->image, "vendor");
  g_autofree char *drive = ofl_identity_name (identity);
  g_autofree char *made_for = vendor != NULL ? g_strconcat (vendor, " ", product, NULL)
                                             : g_strdup (product);

  if (product == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "brand", NULL,
                       _ ("The file does not name a model. Its type is that of the drive."));
  else if (ofl_family_names (product, identity->product))
    ofl_family_judge_named (c->drive, "brand", c->judgement);
  else
    ofl_judgement_add (c->judgement, c->boot ? OFL_LEVEL_YELLOW : OFL_LEVEL_RED_SOFT, "brand",
                       _ ("Choose the firmware of this model, or go on only if you want to turn it "
                          "into the other one."),
                       _ ("The file is for %s; the drive calls itself %s. The type agrees."),
                       made_for, drive);
  if (!c->boot)
    ofl_family_judge_revision (c->drive, ofl_image_get_fact (c->image, "revision"), c->judgement);
}

static void
judge_match (const Case *c)
{
  if (!judge_id (c))
    return;
  ofl_family_judge_checks (c->image, NULL, c->judgement);
  ofl_family_judge_doubts (c->image, OFL_IMAGE_CHECK_WARNING, NULL, c->judgement);
  if (is_notebook (c->family, c->of_image))
    judge_notebook (c);
  else if (c->of_image->layout->kind != OFL_NEC_BD)
    judge_bootcode (c, ofl_nec_wanted_bootcode (c->family, c->drive, c->image));
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "series",
                       _ ("Stay within the series of revisions that the drive has."),
                       _ ("Drives of this type are said to take only firmware of the same series, "
                          "and what was written cannot be read back."));
  judge_brand (c);
}

/**
 * ofl_nec_judge:
 * @self: the family
 * @drive: a drive of it
 * @image: (nullable): an image of it, or %NULL to judge the drive alone
 * @choices: (nullable): not used: writing has no dialects
 * @judgement: where to add reasons
 *
 * Type, sum, boot code and a notebook drive's setting are final; a file that does not name its
 * boot code, and another brand of the same type, are the user's decision.
 */
void
ofl_nec_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
               const OflChoices *choices, OflJudgement *judgement)
{
  g_autoptr (OflNecModel) of_drive = ofl_nec_model_of_drive (self, drive);
  g_autoptr (OflNecModel) of_image = image != NULL ? ofl_nec_model_of_image (self, image) : NULL;
  Case c = { .family = self,
             .drive = drive,
             .image = image,
             .of_drive = of_drive,
             .of_image = of_image,
             .judgement = judgement };

  c.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  judge_drive (&c);
  if (image == NULL)
    return;
  if (of_drive == NULL || of_image == NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "id",
                       _ ("Check the table of drives in your data folder."),
                       _ ("The table of drives does not know this type."));
  else
    judge_match (&c);
}
