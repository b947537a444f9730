/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Lite-On family: recognising a drive by its name alone, and how drive and image match.
 * Writing is not public (liteon 2.7), so there is no plan for it. */
#include "families/liteon/ofl-liteon.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "families/liteon/ofl-xflash.h"

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflIdentity *identity;
  const OflImage *image;
  const OflChoices *choices;
  OflJudgement *judgement;
} Case;

static void
say_why_not (OflSnapshot *snapshot)
{
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (snapshot));

  ofl_snapshot_set_reason (snapshot,
                           OFL_SAY (_ ("How %s is unlocked, erased and programmed is not publicly "
                                       "known, so it is not written here."),
                                    name));
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
  g_auto (GStrv) sizes
      = g_key_file_get_string_list (ofl_family_table (self), hardware, "image-sizes", NULL, NULL);

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
    ofl_snapshot_set_fact (snapshot, N_ ("built"), date);
  say_why_not (snapshot);
  ofl_snapshot_set_family (snapshot, self->id, caps_of (self, model, hardware));
  return TRUE;
}

static void
judge_drive (const Case *c)
{
  const char *model = ofl_snapshot_get_fact (c->drive, OFL_LITEON_FACT_MODEL);

  /* apart from the refusal, which is said wherever the drive is: this is said once */
  ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "elsewhere",
                     _ ("A practice drive of this kind takes the standard download: ⟦family "
                        "standard⟧, ⟦accept-warnings⟧ and ⟦accept-no-backup⟧. That is an "
                        "assumption for practice, not a way into real drives."),
                     _ ("What exists: the maker's own updater, a Windows EXE for this very model; "
                        "LtnFW or Flash Utility under Windows, with a .BIN file; MTKFLASH under "
                        "DOS, on an IDE port, where it can also hit another drive on the same "
                        "cable."));
  if ((ofl_snapshot_get_caps (c->drive) & OFL_CAP_EXPERIMENTAL) != 0
      && ofl_family_chose (c->family, c->choices, "experimental", "yes"))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "experimental", NULL,
                       _ ("Reading this drive is known from one author only; it is switched on, and "
                          "only reads."));
  else if ((ofl_snapshot_get_caps (c->drive) & OFL_CAP_EXPERIMENTAL) != 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "experimental",
                       _ ("⟦set experimental=yes⟧ if you want to try it; it only reads."),
                       _ ("Reading this drive is known from one author only and switched off."));
  if (ofl_snapshot_get_mark (c->drive) == NULL && ofl_liteon_model_class (c->family, model) != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "letter", NULL,
                       _ ("The drive's revision, %s, does not begin with a letter that its model is "
                          "known to have: it may run another model's firmware."),
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
                         _ ("Nothing can be done about it here."),
                         _ ("Which hardware this drive is cannot be told from its model and "
                            "revision, so no file can be matched to it."));
      return FALSE;
    }
  if (ofl_liteon_hardware_takes (c->family, hardware, length))
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "size", NULL,
                         _ ("The file has the right size."));
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "size",
                     _ ("Choose a firmware that is made for this drive."),
                     g_dngettext (GETTEXT_PACKAGE, "Images for this drive do not have %zu byte.",
                                  "Images for this drive do not have %zu bytes.", length),
                     length);
  return FALSE;
}

/* liteon 3.1: another letter is another hardware. */
static gboolean
judge_letter (const Case *c)
{
  const char *of_drive = ofl_snapshot_get_mark (c->drive);
  const char *of_image = ofl_image_get_mark (c->image);

  if (of_image != NULL && g_strcmp0 (of_drive, of_image) == 0)
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "letter", NULL,
                         _ ("File and drive are of the same hardware, %s."), of_drive);
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "letter",
                     _ ("Choose a firmware that is made for this drive."),
                     _ ("The file is made for %s; the drive is %s."),
                     of_image != NULL ? of_image : _ ("a hardware that is not known"), of_drive);
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
    ofl_family_judge_named (c->drive, "brand", c->judgement);
  else if (model != NULL && ofl_liteon_model_has (c->family, model, hardware))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "brand",
                       _ ("Take the file of the drive's own brand where there is one."),
                       _ ("The file is for %s %s, which is the same hardware as the drive, %s."),
                       vendor, product, drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "brand",
                       _ ("Choose the firmware of this model."),
                       _ ("The file is for %s %s, which is not known to be the hardware of %s."),
                       vendor, product, drive);
}

/* liteon 3.1: the same letter and the same name is green, the same letter under another
 * brand's name yellow, another letter red. That nothing is written here is said by the caller. */
static void
judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
       const OflChoices *choices, OflJudgement *judgement)
{
  Case c = { self, drive, ofl_snapshot_identity (drive), image, choices, judgement };
  gboolean right_size;

  judge_drive (&c);
  if (image == NULL)
    return;
  right_size = ofl_family_judge_checks (
      image, N_ ("No check of the file fails; a sum over all of it is not known."), judgement);
  ofl_family_judge_doubts (image, OFL_IMAGE_CHECK_WARNING, "letter", judgement);
  if (!right_size || !judge_size (&c) || !judge_letter (&c))
    return;
  judge_brand (&c);
  ofl_family_judge_revision (drive, ofl_image_get_fact (image, "revision"), judgement);
}

static const OflVendorFormat containers[] = {
  { ofl_container_xflash, OFL_CONTAINER_MARKED },
  { ofl_container_bracket, OFL_CONTAINER_MARKED },
  { NULL },
};

const OflFamily ofl_family_liteon = {
  .id = "liteon",
  .probe = liteon_probe,
  .parse = ofl_liteon_parse,
  .containers = containers,
  .judge = judge,
  .plan_read = ofl_liteon_plan_read,
  .plan_unit = ofl_liteon_plan_unit,
  .scan_ways = ofl_liteon_scan_ways,
  .compare_read = ofl_liteon_compare_read,
};
