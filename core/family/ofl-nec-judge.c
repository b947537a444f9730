/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: how a drive and an image match. annex-nec.md 1.1, 3.3, 3.5. */
#include "family/ofl-nec.h"

#include <string.h>

#include "family/ofl-family-private.h"

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
 * mode tells (annex-nec.md 3.2 rule 4).
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

/* A drive that cannot be asked counts as one without firmware. */
static guint8
notebook_byte_of_drive (const OflSnapshot *drive)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_NEC_BLOB_NOTEBOOK);

  return blob != NULL ? *(const guint8 *) g_bytes_get_data (blob, NULL) : OFL_NEC_NO_DUMP_ID;
}

/**
 * ofl_nec_wanted_bootcode:
 * @self: the family
 * @drive: a drive of it
 * @image: an image for it
 *
 * Returns: the boot code that the drive must have; %OFL_NEC_BOOTCODE_NONE where it is not asked
 *   for, %OFL_NEC_BOOTCODE_UNKNOWN where the image does not say (annex-nec.md 1.1 rows 6a to 6c)
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
                       "Write a firmware that fits; that brings the drive back.",
                       "The drive is in its safe mode: its firmware is damaged or missing, or "
                       "another program has left it there.");
  if ((caps & OFL_CAP_WRITE) != 0 && (caps & OFL_CAP_READ) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "read", NULL,
                       "The firmware in the drive cannot be read, so there will be no backup.");
}

/* Nothing overrides this (annex-nec.md 1.1 row 5). */
static gboolean
judge_id (const Case *c)
{
  g_autofree char *twin = ofl_nec_twin (c->family, c->of_drive);

  if (g_str_equal (c->of_drive->name, c->of_image->name))
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "id", NULL,
                         "File and drive are of the same type, %s (%s).", c->of_drive->id,
                         c->of_drive->layout->name);
      if (twin != NULL && c->boot)
        ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "twin", NULL,
                           "Some drives of this type are really of the type %s. In safe mode that "
                           "cannot be told.",
                           twin);
      return TRUE;
    }
  if (g_strcmp0 (twin, c->of_image->name) == 0)
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "twin",
                         "If the drive is not of that type it refuses, unharmed.",
                         "The file is for the type %s. The drive may be one, though it names "
                         "itself %s: only safe mode tells, before anything is written.",
                         c->of_image->name, c->of_drive->name);
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "id",
                     "Choose a firmware that is made for this drive.",
                     "The file is for drives of the type %s (%s); the drive is of the type %s "
                     "(%s).",
                     c->of_image->id, c->of_image->layout->name, c->of_drive->id,
                     c->of_drive->layout->name);
  return FALSE;
}

static void
judge_checks (const Case *c)
{
  for (guint i = 0; i < ofl_image_get_n_checks (c->image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (c->image, i);

      if (check->result == OFL_IMAGE_CHECK_CHANGED)
        ofl_judgement_add (c->judgement, OFL_LEVEL_RED, check->name, "Get the file again.",
                           "The file fails its own check: %s.", check->detail);
      else if (check->result == OFL_IMAGE_CHECK_WARNING)
        ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, check->name, NULL, "In the file: %s.",
                           check->detail);
    }
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
                       "Go on only if you know that this file fits the drive's boot code.",
                       "The file does not say for which boot code it is made.");
  else if (!c->boot)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "bootcode", NULL,
                       "The file needs boot code %s. The drive is asked for its own before "
                       "anything is written, and nothing is when it has another. The boot code "
                       "itself is never written.",
                       wants);
  else if (g_strcmp0 (has, wants) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "bootcode", NULL,
                       "The drive has the boot code that the file needs, %s.", wants);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "bootcode",
                       "Choose a firmware for this boot code. Boot codes are not written here: a "
                       "failure would be final.",
                       "The file needs boot code %s; the drive %s%s.", wants,
                       has != NULL ? "has " : "does not tell its own", has != NULL ? has : "");
}

/* annex-nec.md 3.3 */
static void
judge_notebook (const Case *c)
{
  guint8 drive_byte = notebook_byte_of_drive (c->drive);
  g_autofree char *of_image = ofl_nec_notebook_class (
      c->family, notebook_byte_of_image (c->family, c->of_image, c->image), NULL);
  g_autofree char *of_drive = ofl_nec_notebook_class (c->family, drive_byte, NULL);

  if (of_image == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "notebook", "Choose another firmware.",
                       "The file does not tell whether it is for a master or a slave drive.");
  else if (g_strcmp0 (of_image, of_drive) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "notebook", NULL,
                       "File and drive are both %s.", of_image);
  else if (drive_byte != OFL_NEC_NO_DUMP_ID)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "notebook",
                       "Choose the firmware for this model and its jumper setting.",
                       "The file is for %s; the drive is %s.", of_image,
                       of_drive != NULL ? of_drive : "another");
  else
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "notebook",
                         "Go on only if you know that the drive is one.",
                         "The drive has no firmware that would tell whether it is %s, as the file "
                         "is.",
                         of_image);
      judge_bootcode (c, ofl_nec_wanted_bootcode (c->family, c->drive, c->image));
    }
}

/* The strings in a file are no proof (annex-nec.md 3.6); the types are the same already. */
static void
judge_brand (const Case *c)
{
  const OflIdentity *identity = ofl_snapshot_identity (c->drive);
  const char *product = ofl_image_get_fact (c->image, "product");
  const char *vendor = ofl_image_get_fact (c->image, "vendor");
  const char *revision = ofl_image_get_fact (c->image, "revision");
  g_autofree char *drive = ofl_identity_name (identity);

  if (product == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "brand", NULL,
                       "The file does not name a model. Its type is that of the drive.");
  else if (ofl_family_names (product, identity->product))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "brand", NULL,
                       "The file names this model, %s.", drive);
  else
    ofl_judgement_add (c->judgement, c->boot ? OFL_LEVEL_YELLOW : OFL_LEVEL_RED_SOFT, "brand",
                       "Choose the firmware of this model, or go on only if you want to turn it "
                       "into the other one.",
                       "The file is for %s%s%s; the drive calls itself %s. The type agrees.",
                       vendor != NULL ? vendor : "", vendor != NULL ? " " : "", product, drive);
  if (revision == NULL || c->boot)
    return;
  if (g_str_equal (revision, identity->revision))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "revision", NULL,
                       "The file has revision %s, which the drive has already.", revision);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "revision", NULL,
                       "The file has revision %s; the drive has %s.", revision,
                       identity->revision);
}

static void
judge_match (const Case *c)
{
  if (!judge_id (c))
    return;
  judge_checks (c);
  if (is_notebook (c->family, c->of_image))
    judge_notebook (c);
  else if (c->of_image->layout->kind != OFL_NEC_BD)
    judge_bootcode (c, ofl_nec_wanted_bootcode (c->family, c->drive, c->image));
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "series",
                       "Stay within the series of revisions that the drive has.",
                       "Drives of this type are said to take only firmware of the same series, "
                       "and what was written cannot be read back.");
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
ofl_nec_judge (const OflFamily *self,
               const OflSnapshot *drive,
               const OflImage *image,
               const OflChoices *choices,
               OflJudgement *judgement)
{
  g_autoptr (OflNecModel) of_drive = ofl_nec_model_of_drive (self, drive);
  g_autoptr (OflNecModel) of_image = image != NULL ? ofl_nec_model_of_image (self, image) : NULL;
  Case c = { .family = self, .drive = drive, .image = image, .of_drive = of_drive,
             .of_image = of_image, .judgement = judgement };

  c.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  judge_drive (&c);
  if (image == NULL)
    return;
  if (of_drive == NULL || of_image == NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "id",
                       "Check the table of drives in your data folder.",
                       "The table of drives does not know this type.");
  else
    judge_match (&c);
}
