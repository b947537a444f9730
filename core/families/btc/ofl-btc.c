/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BTC family: recognising drives and images, judging, the verdict. btc 1. */
#include "families/btc/ofl-btc.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "families/btc/ofl-btc-text.h"

/* Where an image holds bytes 8 to 35 of INQUIRY (btc 3.1) */
#define INQUIRY_AT 0x40bc

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
  OflImage *image;

  if (length != OFL_BTC_SIZE)
    return;
  image = ofl_family_new_named_image (self, bytes, INQUIRY_AT);
  if (image == NULL)
    return;
  g_ptr_array_add (images, image);
  ofl_family_check_size (image, OFL_BTC_SIZE);
  ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                       _ ("the image holds no sum; its bytes add up to %04X"), ofl_btc_sum (data));
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
  /* btc 2.1: the source only warns of a difference; here it is final */
  ofl_family_judge_named_image (drive, image, INQUIRY_AT, judgement);
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
