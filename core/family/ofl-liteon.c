/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Lite-On family: recognising a drive by its name alone, and how drive and image match.
 * Writing is not public (protocols.md 2.2), so there is no plan for it. */
#include "family/ofl-liteon.h"

#include <string.h>

#include "family/ofl-family-private.h"

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflIdentity *identity;
  const OflImage *image;
  OflJudgement *judgement;
} Case;

static void
say_why_not (OflSnapshot *snapshot)
{
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (snapshot));
  g_autofree char *reason = g_strdup_printf (
      "How %s is unlocked, erased and programmed is not publicly known, so it is not written here. "
      "What exists: the maker's own updater, a Windows EXE for this very model; LtnFW or Flash "
      "Utility under Windows, with a .BIN file; MTKFLASH under DOS, on an IDE port, where it can "
      "also hit another drive on the same cable. A practice drive of this kind takes the standard "
      "download when you say “--family standard”: that is an assumption for practice, not a way "
      "into real drives.",
      name);

  ofl_snapshot_set_reason (snapshot, reason);
}

/* How many bytes an experimental read would get tells whether it is offered. */
static OflCaps
caps_of (const OflFamily *self, const char *model, const char *hardware)
{
  OflCaps caps = OFL_CAP_NONE;

  if (hardware != NULL && ofl_family_number (self, hardware, "flash") > 0)
    caps |= OFL_CAP_READ;
  if ((hardware != NULL && ofl_family_number (self, hardware, "eeprom") > 0)
      || ofl_family_number (self, model, "eeprom") > 0)
    caps |= OFL_CAP_READ_EEPROM;
  return caps != OFL_CAP_NONE ? caps | OFL_CAP_EXPERIMENTAL : caps;
}

static void
set_hardware (const OflFamily *self, OflSnapshot *snapshot, const char *hardware)
{
  g_autofree char *mark = ofl_liteon_mark (self, hardware);
  g_auto (GStrv) sizes = g_key_file_get_string_list (ofl_family_table (self), hardware,
                                                     "image-sizes", NULL, NULL);

  ofl_snapshot_set_mark (snapshot, mark);
  ofl_snapshot_set_fact (snapshot, OFL_LITEON_FACT_HARDWARE, hardware);
  /* DVD-ROM drives take one of three sizes, and which is not known from outside */
  if (sizes != NULL && g_strv_length (sizes) == 1)
    ofl_snapshot_set_image_size (snapshot, (guint32) g_ascii_strtoull (sizes[0], NULL, 0));
}

/* Nothing is sent: what these drives answer to vendor commands is known from one source only. */
static gboolean
liteon_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  OflLiteonTraits traits = { .revision = identity->revision };
  g_autofree char *model = ofl_liteon_find_model (self, identity->vendor, identity->product);
  g_autofree char *hardware = NULL;
  g_autofree char *date = ofl_liteon_date (identity->extra);

  if (model == NULL)
    return FALSE;
  ofl_snapshot_set_fact (snapshot, OFL_LITEON_FACT_MODEL, model);
  hardware = ofl_liteon_find_hardware (self, model, NULL, &traits);
  if (hardware != NULL)
    set_hardware (self, snapshot, hardware);
  if (date != NULL)
    ofl_snapshot_set_fact (snapshot, "built", date);
  say_why_not (snapshot);
  ofl_snapshot_set_family (snapshot, self->id, caps_of (self, model, hardware));
  return TRUE;
}

static void
judge_drive (const Case *c)
{
  const char *model = ofl_snapshot_get_fact (c->drive, OFL_LITEON_FACT_MODEL);

  if ((ofl_snapshot_get_caps (c->drive) & OFL_CAP_EXPERIMENTAL) != 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "experimental",
                       "Choose “experimental=yes” if you want to try it; it only reads.",
                       "Reading this drive is known from one author only and switched off.");
  if (ofl_snapshot_get_mark (c->drive) == NULL
      && ofl_liteon_model_class (c->family, model) != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "letter", NULL,
                       "The drive's revision, %s, does not begin with a letter that its model is "
                       "known to have: it may run another model's firmware.",
                       c->identity->revision);
}

static gboolean
judge_size (const Case *c)
{
  const char *hardware = ofl_snapshot_get_fact (c->drive, OFL_LITEON_FACT_HARDWARE);
  gsize length = g_bytes_get_size (ofl_image_get_bytes (c->image));

  if (hardware == NULL)
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "letter",
                         "Nothing can be done about it here.",
                         "Which hardware this drive is cannot be told from its model and revision, "
                         "so no file can be matched to it.");
      return FALSE;
    }
  if (ofl_liteon_hardware_takes (c->family, hardware, length))
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "size", NULL,
                         "The file has the right size.");
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "size",
                     "Choose a firmware that is made for this drive.",
                     "Images for this drive do not have %" G_GSIZE_FORMAT " bytes.", length);
  return FALSE;
}

static void
judge_checks (const Case *c)
{
  gboolean damaged = FALSE;

  for (guint i = 0; i < ofl_image_get_n_checks (c->image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (c->image, i);

      if (check->result == OFL_IMAGE_CHECK_CHANGED)
        {
          damaged = TRUE;
          ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "integrity",
                             "Download the file again, or take an unaltered one.",
                             "The file fails its own check: %s.", check->detail);
        }
      else if (check->result == OFL_IMAGE_CHECK_WARNING && !g_str_equal (check->name, "letter"))
        ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, check->name,
                           "Use it only if you know where it comes from.",
                           "The file is unusual: %s.", check->detail);
    }
  if (!damaged)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "integrity", NULL,
                       "No check of the file fails; a sum over all of it is not known.");
}

/* protocols.md 2.4: another letter is another hardware. */
static gboolean
judge_letter (const Case *c)
{
  const char *of_drive = ofl_snapshot_get_mark (c->drive);
  const char *of_image = ofl_image_get_mark (c->image);

  if (of_image != NULL && g_strcmp0 (of_drive, of_image) == 0)
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "letter", NULL,
                         "File and drive are of the same hardware, %s.", of_drive);
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "letter",
                     "Choose a firmware that is made for this drive.",
                     "The file is made for %s; the drive is %s.",
                     of_image != NULL ? of_image : "a hardware that is not known", of_drive);
  return FALSE;
}

/* The same model, a twin of the same hardware, or a name nobody has listed. */
static void
judge_brand (const Case *c)
{
  const char *vendor = ofl_image_get_fact (c->image, "vendor");
  const char *product = ofl_image_get_fact (c->image, "product");
  const char *hardware = ofl_snapshot_get_fact (c->drive, OFL_LITEON_FACT_HARDWARE);
  g_autofree char *model = ofl_liteon_find_model (c->family, vendor, product);
  g_autofree char *drive = ofl_identity_name (c->identity);

  if (g_str_equal (vendor, c->identity->vendor) && g_str_equal (product, c->identity->product))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "brand", NULL,
                       "The file names this model, %s.", drive);
  else if (model != NULL && ofl_liteon_model_has (c->family, model, hardware))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "brand",
                       "Take the file of the drive's own brand where there is one.",
                       "The file is for %s %s, which is the same hardware as the drive, %s.",
                       vendor, product, drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "brand",
                       "Choose the firmware of this model.",
                       "The file is for %s %s, which is not known to be the hardware of %s.",
                       vendor, product, drive);
}

static void
judge_revision (const Case *c)
{
  const char *revision = ofl_image_get_fact (c->image, "revision");

  if (g_str_equal (revision, c->identity->revision))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "revision", NULL,
                       "The file has revision %s, which the drive has already.", revision);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "revision", NULL,
                       "The file has revision %s; the drive has %s.", revision,
                       c->identity->revision);
}

/**
 * ofl_liteon_judge:
 * @self: the family
 * @drive: a drive of it
 * @image: (nullable): an image of it, or %NULL to judge the drive alone
 * @choices: (nullable): not used
 * @judgement: where to add reasons
 *
 * protocols.md 2.4: the same letter and the same name is green, the same letter under another
 * brand's name yellow, another letter red. That nothing is written here is said by the caller.
 */
void
ofl_liteon_judge (const OflFamily *self,
                  const OflSnapshot *drive,
                  const OflImage *image,
                  const OflChoices *choices,
                  OflJudgement *judgement)
{
  Case c = { self, drive, ofl_snapshot_identity (drive), image, judgement };

  judge_drive (&c);
  if (image == NULL)
    return;
  judge_checks (&c);
  if (!judge_size (&c) || !judge_letter (&c))
    return;
  judge_brand (&c);
  judge_revision (&c);
}

const OflFamily ofl_family_liteon = {
  .id = "liteon",
  .probe = liteon_probe,
  .parse = ofl_liteon_parse,
  .judge = ofl_liteon_judge,
  .plan_read = ofl_liteon_plan_read,
  .compare_read = ofl_liteon_compare_read,
};
