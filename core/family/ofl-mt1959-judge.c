/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: how a drive and an image match. protocols.md 3.3 (gates), annex-sequences.md 7. */
#include "family/ofl-mt1959.h"

#include <string.h>

#include "family/ofl-family-private.h"

/* from this year on, receivers are said to want the encrypted form (protocols.md 3.3, enc) */
#define ENC_YEAR "2020"

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflIdentity *identity;
  const OflImage *image;
  OflJudgement *judgement;
  gboolean boot;
  gboolean redumper;
  gboolean enc;
} Case;

static void
judge_state (const Case *c)
{
  if (c->boot)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "boot",
                       "Write a firmware that fits; that brings the drive back.",
                       "The drive runs its boot code only: its firmware is damaged or missing.");
  if ((ofl_snapshot_get_caps (c->drive) & OFL_CAP_READ) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "read", NULL,
                       "In this state the drive cannot be read: there will be no backup, and what "
                       "is written cannot be read back.");
}

/* Returns FALSE when nothing else can be judged. */
static gboolean
judge_size (const Case *c)
{
  gsize length = g_bytes_get_size (ofl_image_get_bytes (c->image));

  if (length == OFL_MT1959_SIZE)
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "size", NULL,
                         "The file has the right size.");
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "size",
                     "Download or copy the file again.",
                     "This is %s MT1959 image: %" G_GSIZE_FORMAT " bytes where %u belong.",
                     length < OFL_MT1959_SIZE ? "a truncated" : "too long for an", length,
                     (guint) OFL_MT1959_SIZE);
  return FALSE;
}

static void
judge_checks (const Case *c)
{
  gboolean damaged = FALSE;
  guint n = ofl_image_get_n_checks (c->image);

  for (guint i = 0; i < n; i++)
    {
      const OflImageCheck *check = ofl_image_get_check (c->image, i);

      if (check->result == OFL_IMAGE_CHECK_CHANGED)
        {
          damaged = TRUE;
          ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "integrity",
                             "Download the file again, or take an unaltered one.",
                             "The file fails its own check: %s.", check->detail);
        }
      else if (check->result != OFL_IMAGE_CHECK_OK
               && (g_str_equal (check->name, "signature")
                   || g_str_has_prefix (check->name, "integrity")))
        ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, check->name,
                           "Use it only if you know where it comes from.",
                           "The file cannot be checked fully: %s.", check->detail);
    }
  if (!damaged)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "integrity", NULL,
                       "No check of the file fails.");
}

/* Vendor and product of the drive, looked for in the image's descriptor. */
static gboolean
image_names_drive (const Case *c)
{
  const guint8 *data = ofl_image_get_data (c->image, NULL);
  g_autofree char *text
      = ofl_family_text (data + OFL_MT1959_DESCRIPTOR_AT, OFL_MT1959_DESCRIPTOR_LEN);

  return ofl_family_names (text, c->identity->vendor)
         && ofl_family_names (text, c->identity->product);
}

/* A boot code that does not show the chip's tag leaves banner and model to go by. */
static void
judge_chip_unseen (const Case *c, const char *of_image)
{
  if (!c->boot)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "chip",
                       "Restart the drive and look again.",
                       "The drive does not say which chip it has, so no file can be matched "
                       "to it.");
  else if (image_names_drive (c))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "chip", NULL,
                       "The drive does not say which chip it has while its firmware is missing. "
                       "The file is for %s, and names this model.",
                       of_image);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "chip",
                       "Choose the firmware of exactly this model.",
                       "The drive does not say which chip it has while its firmware is missing, "
                       "and the file, for %s, names another model.",
                       of_image);
}

static void
judge_chip (const Case *c)
{
  const char *of_drive = ofl_snapshot_get_fact (c->drive, "chip");
  const char *of_image = ofl_image_get_fact (c->image, "chip");

  if (of_image == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "chip",
                       "Choose an unaltered firmware of the drive's maker.",
                       "The file does not say for which chip it is made.");
  else if (of_drive == NULL)
    judge_chip_unseen (c, of_image);
  else if (!g_str_equal (of_drive, of_image))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "chip",
                       "Choose a firmware that is made for this drive.",
                       "The file is made for the chip %s; the drive has %s.", of_image, of_drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "chip", NULL,
                       "File and drive have the same chip, %s.", of_drive);
}

static void
judge_banner (const Case *c)
{
  GBytes *blob = ofl_snapshot_get_blob (c->drive, OFL_MT1959_BLOB_BANNER);
  const guint8 *of_drive = blob != NULL ? g_bytes_get_data (blob, NULL) : NULL;
  const guint8 *of_image = ofl_image_get_data (c->image, NULL);

  if (of_drive != NULL
      && memcmp (of_drive, of_image + OFL_MT1959_BANNER_AT, OFL_MT1959_BANNER_ID_LEN) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "banner", NULL,
                       "File and drive have the same board, “%s”.",
                       ofl_image_get_fact (c->image, "banner"));
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "banner",
                       "Choose a firmware that is made for this drive.",
                       "The file is made for the board “%s”; the drive has “%s”.",
                       ofl_image_get_fact (c->image, "banner"),
                       ofl_snapshot_get_fact (c->drive, "banner"));
}

static void
judge_brand (const Case *c)
{
  const char *product = ofl_image_get_fact (c->image, "product");
  const char *vendor = ofl_image_get_fact (c->image, "vendor");
  g_autofree char *drive = ofl_identity_name (c->identity);

  if (image_names_drive (c))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "brand", NULL,
                       "The file names this model, %s.", drive);
  else if (product != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "brand",
                       "Choose the firmware of this model, or go on only if you want to turn it "
                       "into the other one.",
                       "The file is for %s%s%s; the drive is %s. The hardware agrees.",
                       vendor != NULL ? vendor : "", vendor != NULL ? " " : "", product, drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "brand",
                       "Go on only if you know that this file is for this model.",
                       "The file does not name the model %s. The hardware agrees.", drive);
}

static void
judge_revision (const Case *c)
{
  g_autofree char *revision = ofl_mt1959_image_revision (c->drive, c->image);

  if (revision == NULL)
    return;
  if (g_str_equal (revision, c->identity->revision))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "revision", NULL,
                       "The file has revision %s, which the drive has already.", revision);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "revision", NULL,
                       "The file has revision %s; the drive has %s.", revision,
                       c->identity->revision);
}

static void
judge_oem (const Case *c)
{
  if (ofl_mt1959_is_raw_dump (c->image))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "dump",
                       "Choose the maker's file, or the dialect redumper, which leaves the boot "
                       "area to the drive.",
                       "The file was read from a drive: its boot page is not the one that belongs "
                       "there, and sent as it is it would replace the right one.");
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "boot-page", NULL,
                       "The file has a boot page of its own. Whether it is a known one cannot be "
                       "checked: the list of known ones is not public.");
  if (!c->enc && strcmp (c->identity->firmware_date, ENC_YEAR) >= 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "enc",
                       "If the drive refuses the first data (05/24/00), it is unharmed: choose "
                       "enc = yes and try again.",
                       "The drive's firmware is of 2020 or later. Such drives are said to want the "
                       "file encrypted.");
}

/* redumper's own gate: model and board of its list (annex-sequences.md 7.1 row 1). */
static gboolean
in_table (const Case *c)
{
  GKeyFile *table = ofl_family_table (c->family);
  g_autoptr (GPtrArray) models = ofl_family_list_models (c->family);
  g_autofree char *name = ofl_identity_name (c->identity);
  g_autofree char *text = ofl_family_text ((const guint8 *) name, strlen (name));

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);
      g_autofree char *banner = g_key_file_get_string (table, model->group, "banner", NULL);

      if (ofl_family_names (text, model->vendor) && ofl_family_names (text, model->product)
          && g_strcmp0 (banner, ofl_image_get_fact (c->image, "banner")) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
judge_redumper (const Case *c)
{
  if (c->enc)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "choice",
                       "Choose enc = no, or the dialect oem.",
                       "The dialect redumper has no encrypted form.");
  if (!in_table (c))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "table",
                       "Choose the dialect oem.",
                       "This model with this board is not among those that the dialect redumper "
                       "is known to work with.");
  if (ofl_mt1959_is_raw_dump (c->image))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "dump", NULL,
                       "The file was read from a drive. Its boot area is not sent.");
}

/**
 * ofl_mt1959_judge:
 * @self: the family
 * @drive: a drive of it
 * @image: (nullable): an image of it, or %NULL to judge the drive alone
 * @choices: (nullable): what the user chose
 * @judgement: where to add reasons
 *
 * Size, damage, chip, board and a raw dump's boot page are final; another brand on the same
 * hardware is the user's decision.
 */
void
ofl_mt1959_judge (const OflFamily *self,
                  const OflSnapshot *drive,
                  const OflImage *image,
                  const OflChoices *choices,
                  OflJudgement *judgement)
{
  Case c = { .family = self, .drive = drive, .image = image, .judgement = judgement };

  c.identity = ofl_snapshot_identity (drive);
  c.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  c.redumper = ofl_family_chose (self, choices, "dialect", "redumper");
  c.enc = ofl_family_chose (self, choices, "enc", "yes");
  judge_state (&c);
  if (image == NULL || !judge_size (&c))
    return;
  judge_checks (&c);
  judge_chip (&c);
  judge_banner (&c);
  judge_brand (&c);
  judge_revision (&c);
  if (c.redumper)
    judge_redumper (&c);
  else
    judge_oem (&c);
}
