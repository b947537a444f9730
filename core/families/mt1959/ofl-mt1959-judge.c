/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: how a drive and an image match. mt1959 1.4, 2.2, 2.5, 3.1. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflIdentity *identity;
  const OflImage *image;
  OflJudgement *judgement;
  gboolean boot;
  gboolean redumper;
  OflMt1959Form form;
  const char *product; /* the drive's, as the table may have it */
  const char *svc;     /* the code of its sticker, NULL when it was not read */
} Case;

static void
judge_state (const Case *c)
{
  ofl_family_judge_boot (c->drive, c->judgement);
  if ((ofl_snapshot_get_caps (c->drive) & OFL_CAP_READ) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "read", NULL,
                       _ ("In this state the drive cannot be read: there will be no backup, and "
                          "what is written cannot be read back."));
}

/* Returns FALSE when nothing else can be judged. */
static gboolean
judge_size (const Case *c)
{
  gsize length = g_bytes_get_size (ofl_image_get_bytes (c->image));

  if (length == OFL_MT1959_SIZE)
    {
      ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "size", NULL,
                         _ ("The file has the right size."));
      return TRUE;
    }
  ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "size", _ ("Download or copy the file again."),
                     length < OFL_MT1959_SIZE
                         ? _ ("This is a truncated MT1959 image: %zu bytes where %u belong.")
                         : _ ("This is too long for an MT1959 image: %zu bytes where %u belong."),
                     length, (guint) OFL_MT1959_SIZE);
  return FALSE;
}

/* The chip and a raw dump's boot page are told apart from these. */
static void
judge_checks (const Case *c)
{
  ofl_family_judge_checks (c->image, OFL_NO_CHECK_FAILS, c->judgement);
  ofl_family_judge_doubts (c->image, OFL_IMAGE_CHECK_WARNING, "boot-page", c->judgement);
  ofl_family_judge_doubts (c->image, OFL_IMAGE_CHECK_ABSENT, "chip", c->judgement);
}

static gboolean
same_words (const char *a, const char *b)
{
  g_autofree char *one = ofl_family_text ((const guint8 *) a, strlen (a));
  g_autofree char *other = ofl_family_text ((const guint8 *) b, strlen (b));

  return g_str_equal (one, other);
}

/* The drive's product is the file's, and so is its maker, but where an enclosure has put its own name
 * in the place of both. */
static gboolean
image_names_drive (const Case *c)
{
  const char *product = ofl_image_get_fact (c->image, "product");
  const char *vendor = ofl_image_get_fact (c->image, "vendor");

  return product != NULL && vendor != NULL && same_words (product, c->product)
         && (same_words (vendor, c->identity->vendor)
             || !same_words (c->product, c->identity->product));
}

static const char *
say_svc (const Case *c)
{
  if (c->svc == NULL)
    return _ ("not read");
  /* Translators: what stands in the place of the code of the drive's sticker */
  return g_str_equal (c->svc, "-") ? _ ("four blanks, as the maker's own firmware has") : c->svc;
}

/* A boot code that does not show the chip's tag leaves banner and model to go by; so does one that
 * reads a tag out of a flash whose write broke off, for there may be any. */
static void
judge_chip_unseen (const Case *c, const char *of_image)
{
  if (!c->boot)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "chip", _ ("Restart the drive and look again."),
                       _ ("The drive does not say which chip it has, so no file can be matched to "
                          "it."));
  else if (image_names_drive (c))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "chip", NULL,
                       _ ("The drive does not reliably say which chip it has while its firmware is "
                          "missing. The file is for %s, and names this model."),
                       of_image);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "chip",
                       _ ("Choose the firmware of exactly this model."),
                       _ ("The drive does not reliably say which chip it has while its firmware is "
                          "missing, and the file, for %s, names another model."),
                       of_image);
}

static void
judge_chip (const Case *c)
{
  const char *of_drive = ofl_snapshot_get_fact (c->drive, "chip");
  const char *of_image = ofl_image_get_fact (c->image, "chip");

  if (of_image == NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "chip",
                       _ ("Choose an unaltered firmware of the drive's maker."),
                       _ ("The file does not say for which chip it is made."));
  else if (of_drive == NULL || (c->boot && !g_str_equal (of_drive, of_image)))
    judge_chip_unseen (c, of_image);
  else if (!g_str_equal (of_drive, of_image))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "chip",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is made for the chip %s; the drive has %s."), of_image,
                       of_drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "chip", NULL,
                       _ ("File and drive have the same chip, %s."), of_drive);
}

/* Another board of the same group: what owners of such drives do; only in the way that leaves the
 * boot area, which names the board, to the drive. */
static void
judge_other_board (const Case *c, const char *group, const char *of_image, const char *of_drive)
{
  const char *product = ofl_image_get_fact (c->image, "product");
  g_autofree char *drive = ofl_identity_name (c->identity);

  if (c->redumper)
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_RED_SOFT, "board",
        _ ("Choose the firmware of this very model, or go on only if you want to "
           "turn it into the other one."),
        _ ("The file is made for the board “%s”; the drive has “%s” (SVC code: %s). Both are of the "
           "group “%s”, within which firmware is exchanged; that is needed, and alone it does not "
           "say that the file fits. The boot area stays the drive's. The drive, %s now, will call "
           "itself %s."),
        of_image, of_drive, say_svc (c), group, drive,
        product != NULL ? product : _ ("what the file names it"));
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "board",
                       _ ("Leave the dialect to Optiflash, or ⟦set dialect=redumper⟧."),
                       _ ("The file is made for the board “%s”; the drive has “%s”. The dialect oem "
                          "would write the other board's boot area, too."),
                       of_image, of_drive);
}

/* Another group can burn a slim drive. */
static void
judge_other_group (const Case *c, const char *drive_group, const char *image_group)
{
  const char *of_drive = ofl_snapshot_get_fact (c->drive, "banner");
  const char *of_image = ofl_image_get_fact (c->image, "banner");

  if (drive_group != NULL && image_group != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "banner",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is made for the board “%s”, of the group “%s”; the drive has "
                          "“%s”, of the group “%s”. The wrong group can burn a drive."),
                       of_image, image_group, of_drive, drive_group);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "banner",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is made for the board “%s”; the drive has “%s”."), of_image,
                       of_drive);
}

static void
judge_banner (const Case *c)
{
  const guint8 *drive_bytes = ofl_mt1959_drive_banner (c->drive);
  const guint8 *image_bytes = ofl_image_get_data (c->image, NULL) + OFL_MT1959_BANNER_AT;
  const char *of_drive = ofl_snapshot_get_fact (c->drive, "banner");
  const char *of_image = ofl_image_get_fact (c->image, "banner");
  g_autofree char *drive_group = ofl_mt1959_board_group (c->family, of_drive);
  g_autofree char *image_group = ofl_mt1959_board_group (c->family, of_image);

  if (drive_bytes != NULL && memcmp (drive_bytes, image_bytes, OFL_MT1959_BANNER_ID_LEN) == 0)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "banner", NULL,
                       _ ("File and drive have the same board, “%s”."), of_image);
  else if (drive_bytes != NULL && drive_group != NULL && g_strcmp0 (drive_group, image_group) == 0)
    judge_other_board (c, drive_group, of_image, of_drive);
  else
    judge_other_group (c, drive_group, image_group);
}

/* The same board, and another model's firmware. */
static void
judge_other_model (const Case *c, const char *product)
{
  const char *vendor = ofl_image_get_fact (c->image, "vendor");
  const char *banner = ofl_snapshot_get_fact (c->drive, "banner");
  g_autofree char *group = ofl_mt1959_board_group (c->family, banner);
  g_autofree char *drive = ofl_identity_name (c->identity);
  g_autofree char *made_for = vendor != NULL ? g_strconcat (vendor, " ", product, NULL)
                                             : g_strdup (product);

  if (group != NULL)
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_RED_SOFT, "brand",
        _ ("Choose the firmware of this model, or go on only if you want to turn it "
           "into the other one."),
        _ ("The file is for %s; the drive is %s (SVC code: %s), and will call itself "
           "as the file does. Chip and group of boards, “%s”, agree; that alone does "
           "not say that the file fits."),
        made_for, drive, say_svc (c), group);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "brand",
                       _ ("Choose the firmware of this model, or go on only if you want to turn it "
                          "into the other one."),
                       _ ("The file is for %s; the drive is %s, and will call itself as the file "
                          "does. The chip agrees; that alone does not say that the file fits."),
                       made_for, drive);
}

static void
judge_brand (const Case *c)
{
  const char *product = ofl_image_get_fact (c->image, "product");
  g_autofree char *drive = ofl_identity_name (c->identity);

  if (image_names_drive (c))
    ofl_family_judge_named (c->drive, "brand", c->judgement);
  else if (product != NULL)
    judge_other_model (c, product);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED_SOFT, "brand",
                       _ ("Go on only if you know that this file is for this model."),
                       _ ("The file does not name the model %s. The hardware agrees."), drive);
}

/* The sticker's code, in one place with what a drive does to it that was another model before. */
static void
judge_svc (const Case *c)
{
  if (c->svc != NULL && !g_str_equal (c->svc, "-"))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "svc", NULL,
                       _ ("The drive's SVC code is %s. If its sticker has another one, the drive "
                          "was given another model's firmware before, and board and name that it "
                          "shows are those of that firmware."),
                       c->svc);
}

static void
judge_revision (const Case *c)
{
  if (!c->boot)
    ofl_family_judge_revision (c->drive, ofl_image_get_fact (c->image, "revision"), c->judgement);
}

/* yymmddhhmm of the firmware in the drive: behind the century of feature 010C. */
static gboolean
image_is_older (const Case *c)
{
  const char *has = c->identity->firmware_date;
  const guint8 *data = ofl_image_get_data (c->image, NULL);
  g_autofree char *brings = ofl_mt1959_date (data + OFL_MT1959_DESCRIPTOR_AT);

  return strlen (has) >= 2 + OFL_MT1959_DATE_LEN && brings != NULL
         && strncmp (brings, has + 2, OFL_MT1959_DATE_LEN) < 0;
}

static void
judge_downgrade (const Case *c)
{
  if (ofl_image_get_fact (c->image, "downgrade") != NULL)
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_GREEN, "downgrade", NULL,
        _ ("The file is marked “DE”: drives take it in the place of a newer firmware, "
           "too."));
  else if (!image_names_drive (c) || image_is_older (c))
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_YELLOW, "downgrade",
        _ ("A drive that refuses the file stays as it was. Files that are marked “DE” "
           "are taken more readily."),
        _ ("The file is not marked “DE” (downgrade enabled). A drive is likely to "
           "refuse such a file when it is for another model or older than what it "
           "has, as this one is."));
  else
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_YELLOW, "downgrade", NULL,
        _ ("The file is not marked “DE” (downgrade enabled). It is for this model and "
           "not known to be older than what the drive has, so that need not matter."));
}

/* What the user chose against the date; a refusal costs nothing. */
static void
judge_form_chosen (const Case *c)
{
  ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "enc",
                     _ ("If the drive refuses the data (05/24/00), it is unharmed: ⟦set enc=auto⟧ "
                        "and try again."),
                     c->form.enc
                         ? _ ("The file will be sent encrypted, as you chose. By the date of "
                              "the drive's firmware it would be sent as it is.")
                         : _ ("The file will be sent as it is, as you chose. By the date of "
                              "the drive's firmware it would be sent encrypted."));
}

/* In which form the file is sent, and why (mt1959 3.4). */
static void
judge_form (const Case *c)
{
  guint year = c->form.year;

  if (c->form.chosen)
    judge_form_chosen (c);
  else if (c->form.why == OFL_MT1959_WHY_UNDATED)
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "enc",
                       _ ("If the drive refuses the data (05/24/00), it is unharmed: ⟦set enc=yes⟧ "
                          "and try again."),
                       _ ("The drive shows no date of its firmware, so whether it wants the file "
                          "encrypted is not known. It will be sent as it is."));
  else if (c->form.why == OFL_MT1959_WHY_OLD)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "enc", NULL,
                       _ ("The drive's firmware is of %u, before 2020: the file is sent as it is."),
                       year);
  else if (c->form.why == OFL_MT1959_WHY_MARKED)
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "enc", NULL,
                       _ ("The drive's firmware is of %u, and says in INQUIRY that it was changed "
                          "for MakeMKV: the file is sent as it is."),
                       year);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "enc", NULL,
                       _ ("The drive's firmware is of %u, and firmware of 2020 or later wants the "
                          "file encrypted: so it is sent."),
                       year);
}

static void
judge_oem (const Case *c)
{
  if (ofl_mt1959_is_raw_dump (c->image))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "dump",
                       _ ("Leave the dialect to Optiflash, or ⟦set dialect=redumper⟧, which leaves "
                          "the boot area to the drive."),
                       _ ("The file was read from a drive: its boot page is not the one that "
                          "belongs there, and sent as it is, as the dialect oem does, it would "
                          "replace the right one."));
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "boot-page", NULL,
                       _ ("The file has a boot page of its own. Whether it is a known one cannot be "
                          "checked: the list of known ones is not public."));
}

/* redumper's own gate: a product of its list, on a board of its groups (mt1959 1.4). */
static gboolean
in_table (const Case *c)
{
  g_autofree char *model = ofl_family_model_of (c->family, NULL, c->product);
  g_autofree char *group
      = ofl_mt1959_board_group (c->family, ofl_snapshot_get_fact (c->drive, "banner"));

  return model != NULL && group != NULL;
}

static void
judge_redumper (const Case *c)
{
  if (!in_table (c))
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_RED_SOFT, "table",
        _ ("Go on only if you know that others have written such a drive in this way."),
        _ ("This model with this board is not among those that the dialect redumper "
           "is known to work with."));
  if (ofl_mt1959_is_raw_dump (c->image))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "dump", NULL,
                       _ ("The file was read from a drive, so it is written in the way “redumper”, "
                          "which leaves the boot area to the drive."));
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
ofl_mt1959_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                  const OflChoices *choices, OflJudgement *judgement)
{
  Case c = { .family = self, .drive = drive, .image = image, .judgement = judgement };
  g_autofree char *product = ofl_mt1959_product (self, drive);
  g_autofree char *svc = ofl_mt1959_svc_text (ofl_mt1959_svc (drive));

  c.product = product;
  c.svc = svc;
  c.identity = ofl_snapshot_identity (drive);
  c.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  c.redumper
      = image != NULL
        && ofl_mt1959_keeps_boot_area (self, image, ofl_mt1959_drive_banner (drive), choices);
  c.form = ofl_mt1959_form (self, drive, choices);
  judge_state (&c);
  if (image == NULL || !judge_size (&c))
    return;
  judge_checks (&c);
  judge_chip (&c);
  judge_banner (&c);
  judge_brand (&c);
  judge_svc (&c);
  judge_revision (&c);
  judge_downgrade (&c);
  judge_form (&c);
  ofl_mt1959_judge_reports (drive, image, product, judgement);
  if (c.redumper)
    judge_redumper (&c);
  else
    judge_oem (&c);
}
