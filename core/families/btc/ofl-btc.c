/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BTC family: recognising drives and images, judging, the verdict. btc 1. */
#include "families/btc/ofl-btc.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "families/btc/ofl-btc-text.h"

/* Where an image holds bytes 8 to 35 of INQUIRY (btc 3.1) */
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
  g_autofree char *model = ofl_family_probe_model (self, snapshot);

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
  g_autofree char *vendor = NULL;
  g_autofree char *product = NULL;
  g_autofree char *revision = NULL;
  g_autofree char *model = NULL;
  OflImage *image;

  if (length != OFL_BTC_SIZE)
    return;
  vendor = ofl_family_text (data + VENDOR_AT, VENDOR_LEN);
  product = ofl_family_text (data + PRODUCT_AT, PRODUCT_LEN);
  model = ofl_family_model_of (self, vendor, product);
  if (model == NULL)
    return;
  revision = ofl_family_text (data + REVISION_AT, REVISION_LEN);
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  ofl_image_set_fact (image, N_ ("vendor"), vendor);
  ofl_image_set_fact (image, N_ ("product"), product);
  if (*revision != '\0')
    ofl_image_set_fact (image, N_ ("revision"), revision);
  ofl_image_set_mark (image, product);
  ofl_family_check_size (image, OFL_BTC_SIZE);
  ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                       _ ("the image holds no sum; its bytes add up to %04X"), ofl_btc_sum (data));
}

/* btc 2.1: the source only warns of a difference; here it is final. */
static void
judge_name (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  const guint8 *data = ofl_image_get_data (image, NULL);
  g_autofree char *name = ofl_identity_name (identity);

  if (memcmp (identity->inquiry + INQUIRY_NAME_AT, data + VENDOR_AT, NAME_LEN) == 0)
    ofl_family_judge_named (drive, "model", judgement);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "model",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is for %s %s; the drive is %s."),
                       ofl_image_get_fact (image, "vendor"), ofl_image_get_fact (image, "product"),
                       name);
}

static void
judge_tested (const OflFamily *self, const OflSnapshot *drive, OflJudgement *judgement)
{
  const char *product = ofl_snapshot_identity (drive)->product;
  g_autofree char *model = ofl_family_model_of (self, NULL, product);

  if (model != NULL && g_key_file_get_boolean (ofl_family_table (self), model, "tested", NULL))
    return;
  ofl_judgement_add (judgement, OFL_LEVEL_RED_SOFT, "tested",
                     _ ("Go on only if you can bear the loss of the drive."),
                     _ ("Nobody is known to have written the firmware of a %s in this way; it is "
                        "known of the DRW1008 only."),
                     product);
}

static void
btc_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
           const OflChoices *choices, OflJudgement *judgement)
{
  ofl_family_judge_one_way (judgement);
  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "restart", NULL,
                     _ ("The source of this way of writing advises to restart the computer "
                        "afterwards."));
  judge_tested (self, drive, judgement);
  if (image == NULL || !ofl_family_judge_checks (image, OFL_NO_CHECK_FAILS, judgement))
    return;
  judge_name (drive, image, judgement);
  ofl_family_judge_revision (drive, ofl_image_get_fact (image, "revision"), judgement);
}

static const OflVendorFormat containers[] = {
  { ofl_container_btc, OFL_CONTAINER_GUESSED },
  { NULL },
};

const OflFamily ofl_family_btc = {
  .id = "btc",
  .probe = btc_probe,
  .parse = btc_parse,
  .containers = containers,
  .judge = btc_judge,
  .plan_write = ofl_btc_plan_write,
  .confirm = ofl_family_confirm_identity,
};
