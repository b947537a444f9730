/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The TSST family: recognising drives and files, judging, the verdict. tsst 1. No source
 * says where a file names its drive, so a file counts as one of this family only when a drive of
 * the table stands in it by name. */
#include "families/tsst/ofl-tsst.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define VENDOR_LEN 8
/* twice the larger class: what is longer is no such image but, say, an updater that names models */
#define MAX_FILE 0x80000

static gboolean
tsst_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  g_autofree char *model = ofl_family_probe_model (self, snapshot);
  g_autofree char *class = NULL;
  g_autofree char *group = NULL;

  if (model == NULL)
    return FALSE;
  class = ofl_family_word (self, model, "class");
  group = g_strconcat ("class ", class, NULL);
  ofl_snapshot_set_mark (snapshot, identity->product);
  ofl_snapshot_set_fact (snapshot, N_ ("class"), class);
  ofl_snapshot_set_image_size (snapshot, ofl_family_number (self, group, "size"));
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_WRITE);
  return TRUE;
}

/* Where the product stands, as a name of its own; NULL when it does not. */
static const guint8 *
find_product (const guint8 *data, gsize length, const char *product)
{
  gsize wanted = strlen (product);
  const guint8 *at = memmem (data, length, product, wanted);

  while (at != NULL)
    {
      gsize left = length - (gsize) (at - data);

      /* a product of 16 characters has no blank behind it in INQUIRY */
      if (wanted >= 16 || left == wanted || !g_ascii_isalnum ((char) at[wanted]))
        return at;
      at = memmem (at + 1, left - 1, product, wanted);
    }
  return NULL;
}

static gboolean
vendor_precedes (const guint8 *data, const guint8 *at, const char *vendor)
{
  g_autofree char *padded = g_strdup_printf ("%-8s", vendor);

  return at - data >= VENDOR_LEN && memcmp (at - VENDOR_LEN, padded, VENDOR_LEN) == 0;
}

/* The model that the bytes name; one whose maker stands before it comes first. */
static const OflModel *
find_named (GPtrArray *models, const guint8 *data, gsize length, gboolean *with_vendor)
{
  const OflModel *best = NULL;

  *with_vendor = FALSE;
  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);
      const guint8 *at = find_product (data, length, model->product);

      if (at == NULL || *with_vendor)
        continue;
      *with_vendor = vendor_precedes (data, at, model->vendor);
      if (best == NULL || *with_vendor)
        best = model;
    }
  return best;
}

static void
check_size (const OflFamily *self, OflImage *image, const char *class)
{
  g_autofree char *group = g_strconcat ("class ", class, NULL);

  ofl_family_check_size (image, ofl_family_number (self, group, "size"));
}

static void
tsst_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autoptr (GPtrArray) models = NULL;
  g_autofree char *class = NULL;
  const OflModel *model;
  gboolean with_vendor;
  OflImage *image;

  if (length == 0 || length > MAX_FILE || (length > 1 && memcmp (data, "MZ", 2) == 0))
    return;
  models = ofl_family_list_models (self);
  model = find_named (models, data, length, &with_vendor);
  if (model == NULL)
    return;
  class = ofl_family_word (self, model->group, "class");
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  if (with_vendor)
    ofl_image_set_fact (image, N_ ("vendor"), model->vendor);
  ofl_image_set_fact (image, N_ ("product"), model->product);
  ofl_image_set_fact (image, N_ ("class"), class);
  ofl_image_set_mark (image, model->product);
  check_size (self, image, class);
  ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                       _ ("no sum by which the file could be checked is publicly known"));
}

/* With no way back that is public, another model's file is final; another brand's is not. */
static void
judge_model (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  const char *product = ofl_image_get_fact (image, "product");
  const char *vendor = ofl_image_get_fact (image, "vendor");
  g_autofree char *name = ofl_identity_name (identity);

  if (!ofl_family_names (product, identity->product))
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "model",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is for the %s; the drive is %s."), product, name);
  else if (vendor != NULL && g_strcmp0 (vendor, identity->vendor) != 0)
    ofl_judgement_add (
        judgement, OFL_LEVEL_RED_SOFT, "brand",
        _ ("Choose the firmware of this brand, or go on only if you want to turn the "
           "drive into the other one."),
        _ ("The file is for %s %s; the drive is %s. The model agrees."), vendor, product, name);
  else
    ofl_family_judge_named (drive, "model", judgement);
}

static void
tsst_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
            const OflChoices *choices, OflJudgement *judgement)
{
  ofl_family_judge_one_way (judgement);
  if (!ofl_family_chose (self, choices, "end", "own"))
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "end",
                       _ ("⟦set end=own⟧ unless you know that this drive wants the other code."),
                       _ ("The last block is sent with a code that was chosen by hand."));
  if (image == NULL || !ofl_family_judge_checks (image, OFL_NO_CHECK_FAILS, judgement))
    return;
  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "unchecked",
                     _ ("Use it only if you know where it comes from."),
                     _ ("The file carries no sum that is publicly known, so a damaged file would "
                        "not be noticed."));
  judge_model (drive, image, judgement);
}

const OflFamily ofl_family_tsst = {
  .id = "tsst",
  .probe = tsst_probe,
  .parse = tsst_parse,
  .judge = tsst_judge,
  .plan_write = ofl_tsst_plan_write,
  .confirm = ofl_family_confirm_identity,
};
