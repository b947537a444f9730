/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panasonic's slim drives: recognising drives and images, judging, the verdict. matshita 1. */
#include "families/matshita/ofl-matshita.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

/* The header of an image; up to the revision as bytes 8 to 35 of INQUIRY (matshita 3.1) */
#define INQUIRY_AT 0x00
#define MAGIC_AT 0x1c
#define ZEROS_AT 0x20
#define LENGTH_AT 0x24

/* Place and length of a piece have three bytes. */
#define MAX_PAYLOAD 0xffffff

static const guint8 magic[] = { ' ', ' ', ' ', 0x1a };

/* Nothing is sent: what else these drives answer is known of one model only. */
static gboolean
matshita_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  g_autofree char *model = ofl_family_probe_model (self, snapshot);

  if (model == NULL)
    return FALSE;
  ofl_snapshot_set_mark (snapshot, identity->product);
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_WRITE);
  return TRUE;
}

static void
add_checks (OflImage *image, const guint8 *data, gsize length)
{
  guint32 named = ofl_get_be (data + LENGTH_AT, 4);
  gsize has = length - OFL_MATSHITA_HEADER;

  if (named == has)
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_OK, _ ("%u bytes behind the header"),
                         named);
  else
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                         _ ("the header names %u bytes behind it, and there are %zu"), named, has);
  if (ofl_get_be (data + ZEROS_AT, 4) != 0)
    ofl_image_add_check (image, "header", OFL_IMAGE_CHECK_WARNING,
                         _ ("its header is not zero where that of the known file is"));
  ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                       _ ("no sum over the file is known"));
}

static void
matshita_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  OflImage *image;

  if (length <= OFL_MATSHITA_HEADER || length - OFL_MATSHITA_HEADER > MAX_PAYLOAD
      || memcmp (data + MAGIC_AT, magic, sizeof magic) != 0)
    return;
  image = ofl_family_new_named_image (self, bytes, INQUIRY_AT);
  if (image == NULL)
    return;
  g_ptr_array_add (images, image);
  add_checks (image, data, length);
}

/* matshita 7: the log is of one model, and the other source names none. */
static void
judge_logged (const OflFamily *self, const OflSnapshot *drive, OflJudgement *judgement)
{
  const char *product = ofl_snapshot_identity (drive)->product;
  g_autofree char *model = ofl_family_model_of (self, NULL, product);

  if (model != NULL && g_key_file_get_boolean (ofl_family_table (self), model, "logged", NULL))
    return;
  ofl_judgement_add (judgement, OFL_LEVEL_RED_SOFT, "tested",
                     _ ("Go on only if you can bear the loss of the drive."),
                     _ ("Nobody is known to have written the firmware of a %s in this way; the log "
                        "of the maker's updater is of a UJ870BJ."),
                     product);
}

/* matshita 2.1, matshita 2.7 */
static void
judge_handling (OflJudgement *judgement)
{
  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "tray",
                     _ ("Take the disc out and leave the tray open until the job is done."),
                     _ ("The maker's updater wants the tray open and empty while it writes. Whether "
                        "the drive needs that is not known."));
  ofl_judgement_add (
      judgement, OFL_LEVEL_YELLOW, "restart",
      _ ("When the job has ended, switch the drive off and on and look at its "
         "revision. If it ended while the drive was to burn, wait some minutes "
         "first."),
      _ ("A new revision shows only after the drive was without power, so a write "
         "that went well may end as unknown. Until then the drive may refuse "
         "discs, or say that one is in it. The burn takes more than half a minute, which some connections "
         "do not wait for."));
}

static void
matshita_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                const OflChoices *choices, OflJudgement *judgement)
{
  ofl_family_judge_one_way (judgement);
  judge_handling (judgement);
  judge_logged (self, drive, judgement);
  if (image == NULL
      || !ofl_family_judge_checks (
          image, N_ ("The file has the length that its header names; no sum over it is known."),
          judgement))
    return;
  ofl_family_judge_doubts (image, OFL_IMAGE_CHECK_WARNING, NULL, judgement);
  ofl_family_judge_named_image (drive, image, INQUIRY_AT, judgement);
  ofl_family_judge_revision (drive, ofl_image_get_fact (image, "revision"), judgement);
}

const OflFamily ofl_family_matshita = {
  .id = "matshita",
  .probe = matshita_probe,
  .parse = matshita_parse,
  .judge = matshita_judge,
  .plan_write = ofl_matshita_plan_write,
  .confirm = ofl_family_confirm_identity,
};
