/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BTC family: recognising drives and images, judging, the verdict. protocols.md 10. */
#include "family/ofl-btc.h"

#include <string.h>

#include "family/ofl-family-private.h"

/* Where an image holds bytes 8 to 35 of INQUIRY (annex-containers.md 6) */
#define VENDOR_AT 0x40bc
#define VENDOR_LEN 8
#define PRODUCT_AT 0x40c4
#define PRODUCT_LEN 16
#define REVISION_AT 0x40d4
#define REVISION_LEN 4
#define NAME_LEN (VENDOR_LEN + PRODUCT_LEN)
#define INQUIRY_NAME_AT 8

static gboolean
btc_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  const char *vendor = ofl_family_forced (self, snapshot) ? NULL : identity->vendor;
  g_autofree char *model = ofl_family_model_of (self, vendor, identity->product);

  if (model == NULL)
    return FALSE;
  ofl_snapshot_set_mark (snapshot, identity->product);
  ofl_snapshot_set_image_size (snapshot, OFL_BTC_SIZE);
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_WRITE);
  return TRUE;
}

static void
btc_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *product = NULL;
  g_autofree char *revision = NULL;
  g_autofree char *model = NULL;
  OflImage *image;

  if (length != OFL_BTC_SIZE || memcmp (data + VENDOR_AT, "BTC     ", VENDOR_LEN) != 0)
    return;
  product = ofl_family_text (data + PRODUCT_AT, PRODUCT_LEN);
  model = ofl_family_model_of (self, "BTC", product);
  if (model == NULL)
    return;
  revision = ofl_family_text (data + REVISION_AT, REVISION_LEN);
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  ofl_image_set_fact (image, "vendor", "BTC");
  ofl_image_set_fact (image, "product", product);
  if (*revision != '\0')
    ofl_image_set_fact (image, "revision", revision);
  ofl_image_set_mark (image, product);
  ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_OK, "%u bytes", (guint) OFL_BTC_SIZE);
  ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                       "the image holds no sum; its bytes add up to %04X", ofl_btc_sum (data));
}

/* Row 2: the source only warns of a difference; here it is final. */
static void
judge_name (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  const guint8 *data = ofl_image_get_data (image, NULL);
  g_autofree char *name = ofl_identity_name (identity);

  if (memcmp (identity->inquiry + INQUIRY_NAME_AT, data + VENDOR_AT, NAME_LEN) == 0)
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "model", NULL, "The file names this model, %s.",
                       name);
  else
    ofl_judgement_add (
        judgement, OFL_LEVEL_RED, "model", "Choose a firmware that is made for this drive.",
        "The file is for BTC %s; the drive is %s.", ofl_image_get_fact (image, "product"), name);
}

static void
judge_tested (const OflFamily *self, const OflSnapshot *drive, OflJudgement *judgement)
{
  const char *product = ofl_snapshot_identity (drive)->product;
  g_autofree char *model = ofl_family_model_of (self, NULL, product);

  if (model != NULL && g_key_file_get_boolean (ofl_family_table (self), model, "tested", NULL))
    return;
  ofl_judgement_add (judgement, OFL_LEVEL_RED_SOFT, "tested",
                     "Go on only if you can bear the loss of the drive.",
                     "Nobody is known to have written the firmware of a %s in this way; it is "
                     "known of the DRW1008 only.",
                     product);
}

static void
btc_judge (const OflFamily *self,
           const OflSnapshot *drive,
           const OflImage *image,
           const OflChoices *choices,
           OflJudgement *judgement)
{
  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "read", NULL,
                     "The firmware of this drive cannot be read: there will be no backup, and what "
                     "is written cannot be read back. No way to mend a failed write is public.");
  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "restart", NULL,
                     "The source of this way of writing advises to restart the computer "
                     "afterwards.");
  judge_tested (self, drive, judgement);
  if (image == NULL || !ofl_family_judge_checks (image, judgement))
    return;
  judge_name (drive, image, judgement);
  ofl_family_judge_revision (drive, image, judgement);
}

const OflFamily ofl_family_btc = {
  .id = "btc",
  .probe = btc_probe,
  .parse = btc_parse,
  .judge = btc_judge,
  .plan_write = ofl_btc_plan_write,
  .confirm = ofl_family_confirm_identity,
};
