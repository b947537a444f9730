/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How MT1959 drives and images match: every reason, its level, and that nothing final gets a
 * plan. */
#include <string.h>

#include "families/mt1959/ofl-mt1959.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define SIZE 0x200000

/* What a row of the table changes, away from a drive and an image that fit. */
typedef struct {
  OflDriveState state;
  gboolean unreadable;
  gboolean medium;
  gboolean usb;
  const char *firmware_date;
  gboolean makemkv;
  const char *dialect;
  const char *enc;
  Specimen drive;
  Specimen image;
  gsize length;
  void (*spoil) (guint8 *image);
} Setup;

typedef struct {
  const char *name;
  Setup setup;
  const char *check;
  OflLevel level;
} Row;

static void
flip_code (guint8 *image)
{
  image[0x20000] ^= 0x80;
}

static void
make_dump (guint8 *image)
{
  memcpy (image, image + 0x10000, 0x400);
}

static void
break_signature (guint8 *image)
{
  image[0x1ff000] ^= 1;
}

static void
disable_table (guint8 *image)
{
  memset (image + 0x10400, 0xff, 16 * 0x1c);
}

static void
drop_chip (guint8 *image)
{
  memset (image + 0x1ec034, 0, 10);
}

static void
drop_names (guint8 *image)
{
  memset (image + 0x1ec000, 0, 0x30);
}

static void
take_defaults (Specimen *to, const Specimen *own, const char *revision)
{
  static const Specimen bu40n = SPECIMEN_BU40N;

  to->vendor = own->vendor != NULL ? own->vendor : bu40n.vendor;
  to->product = own->product != NULL ? own->product : bu40n.product;
  to->revision = own->revision != NULL ? own->revision : revision;
  to->chip = own->chip != NULL ? own->chip : bu40n.chip;
  to->banner = own->banner != NULL ? own->banner : bu40n.banner;
  to->svc = own->svc;
  to->date = own->date;
  to->downgrade = own->downgrade;
}

static OflSnapshot *
make_drive (const Setup *setup)
{
  OflDriveState state = setup->state != 0 ? setup->state : OFL_DRIVE_STATE_NORMAL;
  g_autoptr (OflSnapshot) plain = NULL;
  Specimen specimen;
  OflSnapshot *drive;
  OflIdentity identity;

  take_defaults (&specimen, &setup->drive, "1.00");
  plain = specimen_drive (&specimen, state, !setup->unreadable);
  identity = *ofl_snapshot_identity (plain);
  identity.medium = setup->medium;
  if (setup->makemkv)
    identity.inquiry[37] = 'M';
  if (setup->firmware_date != NULL)
    g_strlcpy (identity.firmware_date, setup->firmware_date, sizeof identity.firmware_date);
  drive = ofl_snapshot_new (&identity);
  for (guint i = 0; i < ofl_snapshot_list_facts (plain)->len; i++)
    {
      const char *name = g_ptr_array_index (ofl_snapshot_list_facts (plain), i);

      ofl_snapshot_set_fact (drive, name, ofl_snapshot_get_fact (plain, name));
    }
  for (guint i = 0; i < 3; i++)
    {
      static const char *const names[]
          = { OFL_MT1959_BLOB_BANNER, OFL_MT1959_BLOB_DESCRIPTOR, OFL_MT1959_BLOB_SVC };
      GBytes *blob = ofl_snapshot_get_blob (plain, names[i]);

      if (blob != NULL)
        ofl_snapshot_set_blob (drive, names[i], g_bytes_get_data (blob, NULL),
                               g_bytes_get_size (blob));
    }
  if (setup->usb)
    ofl_snapshot_set_fact (drive, "bus", "usb");
  ofl_snapshot_set_state (drive, state);
  ofl_snapshot_set_family (drive, "mt1959", ofl_snapshot_get_caps (plain));
  return drive;
}

static OflImage *
make_image (const Setup *setup)
{
  g_autofree guint8 *data = NULL;
  Specimen specimen;

  take_defaults (&specimen, &setup->image, "1.03");
  data = specimen_image (&specimen, 3);
  if (setup->spoil != NULL)
    setup->spoil (data);
  return specimen_parse ("mt1959", data, setup->length != 0 ? setup->length : SIZE);
}

static OflChoices *
make_choices (const Setup *setup)
{
  OflChoices *choices = ofl_choices_new ();

  ofl_choices_set (choices, "dialect", setup->dialect);
  ofl_choices_set (choices, "enc", setup->enc);
  return choices;
}

#define NB10 .product = "BD-RE BP60NB10", .banner = "MT1959 Boot BUP5", .svc = "NB10"
#define NB12 .product = "BD-RE BP60NB10", .banner = "MT1959 Boot BP52", .svc = "NB12"
#define WH16NS60 .product = "BD-RE  WH16NS60", .banner = "MT1959 Boot JB9 ", .svc = "NS60"
#define BW16D1HT \
  .vendor = "ASUS", .product = "BW-16D1HT", .banner = "MT1959 Boot JB8 ", .revision = "3.02"

static const Row rows[] = {
  { "fits", { 0 }, "family", OFL_LEVEL_GREEN },
  { "fits-size", { 0 }, "size", OFL_LEVEL_GREEN },
  { "fits-integrity", { 0 }, "integrity", OFL_LEVEL_GREEN },
  { "fits-chip", { 0 }, "chip", OFL_LEVEL_GREEN },
  { "fits-banner", { 0 }, "banner", OFL_LEVEL_GREEN },
  { "fits-brand", { 0 }, "brand", OFL_LEVEL_GREEN },
  { "fits-revision", { 0 }, "revision", OFL_LEVEL_GREEN },
  { "boot-page", { 0 }, "boot-page", OFL_LEVEL_YELLOW },
  { "truncated", { .length = 0x1f0000 }, "size", OFL_LEVEL_RED },
  { "cmac", { .spoil = flip_code }, "integrity", OFL_LEVEL_RED },
  { "no-table", { .spoil = disable_table }, "integrity", OFL_LEVEL_YELLOW },
  { "signature", { .spoil = break_signature }, "signature", OFL_LEVEL_YELLOW },
  { "chip", { .image = { .chip = "MTEKMT1939" } }, "chip", OFL_LEVEL_RED },
  { "no-chip-in-file", { .spoil = drop_chip }, "chip", OFL_LEVEL_RED },
  { "no-chip-in-drive", { .unreadable = TRUE }, "chip", OFL_LEVEL_RED },
  { "no-chip-boot",
    { .unreadable = TRUE, .state = OFL_DRIVE_STATE_BOOT },
    "chip",
    OFL_LEVEL_YELLOW },
  { "no-chip-boot-other-model",
    { .unreadable = TRUE, .state = OFL_DRIVE_STATE_BOOT, .image = { .product = "BD-RE BU50N" } },
    "chip",
    OFL_LEVEL_RED_SOFT },
  { "banner", { .image = { .banner = "MT1959 Boot JB8 " } }, "banner", OFL_LEVEL_RED },
  { "case-12-same-group",
    { .drive = { .product = "BD-RE BU50N", .banner = "MT1959 Boot BU51" } },
    "board",
    OFL_LEVEL_RED_SOFT },
  { "case-12-oem",
    { .dialect = "oem", .drive = { .product = "BD-RE BU50N", .banner = "MT1959 Boot BU51" } },
    "board",
    OFL_LEVEL_RED },
  { "case-12-other-group",
    { .drive = { .product = "BD-RE WH16NS60", .banner = "MT1959 Boot JB9 " } },
    "banner",
    OFL_LEVEL_RED },
  { "case-12-no-group",
    { .drive = { .product = "BD-RE BU50N", .banner = "MT1959 Boot XX51" } },
    "banner",
    OFL_LEVEL_RED },
  { "a4-dump", { .spoil = make_dump }, "dump", OFL_LEVEL_GREEN },
  { "dump-oem", { .spoil = make_dump, .dialect = "oem" }, "dump", OFL_LEVEL_RED },
  { "dump-redumper", { .spoil = make_dump, .dialect = "redumper" }, "dump", OFL_LEVEL_GREEN },
  { "crossflash",
    { .drive = { .vendor = "ASUS", .product = "BW-16D1HT", .banner = "MT1959 Boot JB8 " },
      .image = { .product = "BD-RE WH16NS60", .banner = "MT1959 Boot JB8 " } },
    "brand",
    OFL_LEVEL_RED_SOFT },
  { "same-product-other-maker", { .image = { .vendor = "ASUS" } }, "brand", OFL_LEVEL_RED_SOFT },
  { "no-name", { .spoil = drop_names }, "brand", OFL_LEVEL_RED_SOFT },
  { "same-revision", { .image = { .revision = "1.00" } }, "revision", OFL_LEVEL_YELLOW },
  { "boot", { .state = OFL_DRIVE_STATE_BOOT }, "boot", OFL_LEVEL_YELLOW },
  { "boot-unreadable",
    { .state = OFL_DRIVE_STATE_BOOT, .unreadable = TRUE },
    "read",
    OFL_LEVEL_YELLOW },
  { "enc-old", { .firmware_date = "211912311200" }, "enc", OFL_LEVEL_GREEN },
  { "enc-new", { .firmware_date = "212001011200" }, "enc", OFL_LEVEL_GREEN },
  { "enc-new-makemkv",
    { .firmware_date = "212001011200", .makemkv = TRUE },
    "enc",
    OFL_LEVEL_GREEN },
  { "enc-undated", { .firmware_date = "" }, "enc", OFL_LEVEL_YELLOW },
  { "enc-chosen-against", { .enc = "yes" }, "enc", OFL_LEVEL_YELLOW },
  { "enc-chosen-as-decided", { .enc = "no" }, "enc", OFL_LEVEL_GREEN },
  { "enc-redumper", { .dialect = "redumper", .enc = "yes" }, "enc", OFL_LEVEL_YELLOW },
  { "bad-choice", { .dialect = "mine" }, "choice", OFL_LEVEL_RED },
  { "not-in-table",
    { .dialect = "redumper",
      .drive = { .product = "BD-RE BU60N" },
      .image = { .product = "BD-RE BU60N" } },
    "table",
    OFL_LEVEL_RED_SOFT },
  /* the stories of mt1959 5.1 */
  { "nb10-to-bu40n", { .drive = { NB10 } }, "board", OFL_LEVEL_RED_SOFT },
  { "nb10-to-bu40n-reports", { .drive = { NB10 } }, "reports", OFL_LEVEL_YELLOW },
  { "nb12-to-bu40n", { .drive = { NB12 } }, "reports", OFL_LEVEL_RED_SOFT },
  { "wh16ns60-to-asus",
    { .drive = { WH16NS60 }, .image = { BW16D1HT } },
    "board",
    OFL_LEVEL_RED_SOFT },
  { "wh16ns60-to-asus-reports",
    { .drive = { WH16NS60 }, .image = { BW16D1HT } },
    "reports",
    OFL_LEVEL_YELLOW },
  { "bu40n-file-half-height", { .drive = { WH16NS60 } }, "banner", OFL_LEVEL_RED },
  { "half-height-file-bu40n", { .image = { WH16NS60 } }, "banner", OFL_LEVEL_RED },
  /* a WH16NS60 that runs the firmware of the BW-16D1HT goes back to its own */
  { "flashed-before",
    { .drive = { BW16D1HT },
      .image = { .product = "BD-RE  WH16NS60", .banner = "MT1959 Boot JB8 ", .revision = "1.02" } },
    "brand",
    OFL_LEVEL_RED_SOFT },
  { "svc", { .drive = { .svc = "BU40" } }, "svc", OFL_LEVEL_GREEN },
  /* a receiver that is likely to refuse */
  { "no-de-older",
    { .firmware_date = "211810241934", .image = { .date = "1612200000" } },
    "downgrade",
    OFL_LEVEL_YELLOW },
  { "de-older",
    { .firmware_date = "211810241934", .image = { .date = "1612200000", .downgrade = TRUE } },
    "downgrade",
    OFL_LEVEL_GREEN },
  { "refused-1.05",
    { .firmware_date = "212105061200", .drive = { .revision = "1.05" } },
    "reports",
    OFL_LEVEL_YELLOW },
  { "medium", { .medium = TRUE }, "medium", OFL_LEVEL_YELLOW },
  { "bridge", { .usb = TRUE }, "bridge", OFL_LEVEL_YELLOW },
  { "garbled", { .state = OFL_DRIVE_STATE_GARBLED }, "garbled", OFL_LEVEL_RED },
};

static void
test_row (gconstpointer arg)
{
  const Row *row = arg;
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (OflSnapshot) drive = make_drive (&row->setup);
  g_autoptr (OflImage) image = make_image (&row->setup);
  g_autoptr (OflChoices) choices = make_choices (&row->setup);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);
  const OflReason *reason = specimen_reason (judgement, row->check);
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reason);
  g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (row->level));
  g_assert_true (g_str_has_suffix (reason->sentence, "."));
  g_assert_cmpint (ofl_judgement_get_level (judgement), >=, row->level);
  if (row->level >= OFL_LEVEL_RED_SOFT && !g_str_equal (row->check, "choice"))
    g_assert_nonnull (reason->remedy);
  g_assert_cmpint (ofl_judgement_allows (judgement, TRUE), ==,
                   ofl_judgement_get_level (judgement) != OFL_LEVEL_RED);
  plan = specimen_plan_write (family, drive, image, choices, &error);
  if (ofl_judgement_get_level (judgement) == OFL_LEVEL_RED)
    {
      g_assert_null (plan);
      g_assert_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE);
    }
  else
    g_assert_no_error (error);
}

/* Each row differs from what fits in one point only, so nothing else may refuse; but a drive of
 * another model differs in its board, too. */
static void
test_one_reason (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = make_drive (&rows[i].setup);
      g_autoptr (OflImage) image = make_image (&rows[i].setup);
      g_autoptr (OflChoices) choices = make_choices (&rows[i].setup);
      g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);

      if (rows[i].level <= OFL_LEVEL_YELLOW && rows[i].setup.drive.product == NULL)
        {
          if (ofl_judgement_get_level (judgement) > OFL_LEVEL_YELLOW)
            g_test_message ("%s: %s", rows[i].name, ofl_judgement_get_worst (judgement)->sentence);
          g_assert_cmpint (ofl_judgement_get_level (judgement), <=, OFL_LEVEL_YELLOW);
        }
    }
}

static void
assert_words (const Setup *setup, const char *check, const char *const *words)
{
  g_autoptr (OflSnapshot) drive = make_drive (setup);
  g_autoptr (OflImage) image = make_image (setup);
  g_autoptr (OflChoices) choices = make_choices (setup);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);
  const OflReason *reason = specimen_reason (judgement, check);

  g_assert_nonnull (reason);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strstr (reason->sentence, words[i]) == NULL)
        g_test_message ("no “%s” in: %s", words[i], reason->sentence);
      g_assert_nonnull (strstr (reason->sentence, words[i]));
    }
}

/* What a person decides on stands in the sentence: group, code, the name afterwards, the reports. */
static void
test_words (void)
{
  const Setup nb12 = { .drive = { NB12 } };
  const Setup half_height = { .drive = { WH16NS60 } };
  const Setup asus = { .drive = { WH16NS60 }, .image = { BW16D1HT } };
  const Setup flashed = { .drive = { BW16D1HT },
                          .image = { .product = "BD-RE  WH16NS60", .banner = "MT1959 Boot JB8 " } };
  const Setup new = { .firmware_date = "212105061200" };

  assert_words (&nb12, "board",
                (const char *[]){ "“slim”", "NB12", "will call itself BD-RE BU40N", "BP52", NULL });
  assert_words (&nb12, "reports",
                (const char *[]){ "NB12", "read no disc", "kept its old firmware", "12 and 26",
                                  NULL });
  assert_words (&half_height, "banner",
                (const char *[]){ "“slim”", "“half-height”", "burn", NULL });
  assert_words (&asus, "board", (const char *[]){ "NS60", "call itself BW-16D1HT", NULL });
  assert_words (&flashed, "brand",
                (const char *[]){ "“half-height”", "four blanks", "HL-DT-ST BD-RE WH16NS60",
                                  NULL });
  assert_words (&new, "enc", (const char *[]){ "2021", "encrypted", NULL });
}

/* An enclosure's name in INQUIRY: the descriptor of the firmware tells the model (mt1959 1.6). */
static void
test_enclosure (void)
{
  Specimen bu40n = SPECIMEN_BU40N, generic = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) inside = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  GBytes *descriptor = ofl_snapshot_get_blob (inside, OFL_MT1959_BLOB_DESCRIPTOR);
  g_autofree guint8 *data = specimen_image (&bu40n, 3);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);
  g_autoptr (OflSnapshot) drive = NULL;
  g_autoptr (OflJudgement) judgement = NULL;

  generic.vendor = "JMicron";
  generic.product = "Generic";
  drive = specimen_drive (&generic, OFL_DRIVE_STATE_NORMAL, TRUE);
  judgement = ofl_families_judge (drive, image, NULL);
  g_assert_cmpint (specimen_reason (judgement, "brand")->level, ==, OFL_LEVEL_RED_SOFT);
  g_clear_pointer (&judgement, ofl_judgement_unref);
  ofl_snapshot_set_blob (drive, OFL_MT1959_BLOB_DESCRIPTOR, g_bytes_get_data (descriptor, NULL),
                         g_bytes_get_size (descriptor));
  judgement = ofl_families_judge (drive, image, NULL);
  g_assert_cmpint (specimen_reason (judgement, "brand")->level, ==, OFL_LEVEL_GREEN);
}

static void
test_drive_alone (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, NULL, NULL);
  OflIdentity identity;
  g_autoptr (OflSnapshot) unknown = NULL;
  g_autoptr (OflJudgement) of_unknown = NULL;

  g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_GREEN);
  g_assert_cmpuint (ofl_judgement_get_n_reasons (judgement), >, 0);
  specimen_identity (&identity, &bu40n);
  unknown = ofl_snapshot_new (&identity);
  ofl_snapshot_set_reason (unknown, OFL_SAY ("Because."));
  of_unknown = ofl_families_judge (unknown, NULL, NULL);
  g_assert_cmpint (ofl_judgement_get_level (of_unknown), ==, OFL_LEVEL_RED);
  g_assert_cmpstr (ofl_judgement_get_worst (of_unknown)->sentence, ==, "Because.");
}

static void
test_other_family (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  static const char file[] = "... OPTIFLSHPRACTICE STD    1.01";
  g_autoptr (OflImage) image = specimen_parse ("standard", (const guint8 *) file, sizeof file);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);

  g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_RED);
  g_assert_cmpstr (ofl_judgement_get_worst (judgement)->check, ==, "family");
  g_assert_false (ofl_judgement_allows (judgement, TRUE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/mt1959/judge/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/mt1959/judge/one-reason", test_one_reason);
  g_test_add_func ("/mt1959/judge/words", test_words);
  g_test_add_func ("/mt1959/judge/enclosure", test_enclosure);
  g_test_add_func ("/mt1959/judge/drive-alone", test_drive_alone);
  g_test_add_func ("/mt1959/judge/other-family", test_other_family);
  return g_test_run ();
}
