/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How BD writers and files match: the safe subset, and that nothing else gets a plan. pioneer 2.9. */
#include <string.h>

#include "kit/specimen.h"
#include "pioneer-bd-file.h"
#include "scsi/ofl-error.h"

typedef struct {
  const char *name;
  PioneerDrive drive;
  PioneerBdFile file;
  gsize cut;   /* bytes less */
  gsize spoil; /* a bit of this byte turned over; 0: none */
  const char *choice;
  const char *check;
  OflLevel level;
  OflLevel worst;
} Row;

/* What belongs together stands in one line. */
/* clang-format off */
#define D PIONEER_BD_DRIVE ("1.34")
#define F { PIONEER_BD_HEADER ("Normal") }
#define FILE_OF(description, revision, sat, tag) { { description, revision, sat, tag, "Normal" } }
#define S09 "PIONEER BD-RW   BDR-S09 "
#define GREEN OFL_LEVEL_GREEN
#define YELLOW OFL_LEVEL_YELLOW
#define SOFT OFL_LEVEL_RED_SOFT
#define RED OFL_LEVEL_RED

static const Row rows[] = {
  { "fits-hardware", D, F, 0, 0, "yes", "hardware", GREEN, YELLOW },
  { "fits-type", D, F, 0, 0, "yes", "type", GREEN, YELLOW },
  { "fits-brand", D, F, 0, 0, "yes", "brand", GREEN, YELLOW },
  { "fits-integrity", D, F, 0, 0, "yes", "integrity", GREEN, YELLOW },
  { "fits-revision", D, F, 0, 0, "yes", "revision", GREEN, YELLOW },
  { "signature-proves-little", D, F, 0, 0, "yes", "signature", YELLOW, YELLOW },
  { "switched-on", D, F, 0, 0, "yes", "experimental", YELLOW, YELLOW },
  { "switched-off", D, F, 0, 0, "no", "experimental", RED, RED },
  { "not-chosen", D, F, 0, 0, NULL, "experimental", RED, RED },
  { "words-signed", D, { PIONEER_BD_HEADER ("Normal"), .words = TRUE }, 0, 0, "yes", "signature",
    YELLOW, YELLOW },
  { "other-sat", D, FILE_OF (S09, "1.50", "SAT 8800", "ID43    "), 0, 0, "yes", "hardware", RED, RED },
  { "other-generation", D, FILE_OF (S09, "1.50", "SAT 8A10", "ID43    "), 0, 0, "yes", "hardware",
    RED, RED },
  { "other-kernel-tag", D, FILE_OF (S09, "1.50", "SAT 8600", "GENERAL "), 0, 0, "yes", "type", RED,
    RED },
  { "no-kernel-tag", D, FILE_OF (S09, "1.50", "SAT 8600", "        "), 0, 0, "yes", "type", RED, RED },
  { "no-kernel-tags", { "PIONEER", "BD-RW   BDR-S09", "1.34", "16/04/25", "SAT 8600", "        " },
    FILE_OF (S09, "1.50", "SAT 8600", "        "), 0, 0, "yes", "type", RED, RED },
  { "other-model", D, FILE_OF ("PIONEER BD-RW   BDR-209 ", "1.50", "SAT 8600", "ID43    "), 0, 0,
    "yes", "brand", RED, RED },
  { "spliced", { "PIONEER", "BD-RW   BDR-S09", "1.00", "16/04/25", "SAT 8510", "ID43    " },
    FILE_OF (S09, "1.03", "SAT 8510", "ID43    "), 0, 0, "yes", "integrity", RED, RED },
  { "bad-signature", D, F, 0, 0x184, "yes", "integrity", RED, RED },
  { "bad-words", D, F, 0, 0x20001, "yes", "integrity", RED, RED },
  { "truncated", D, F, 0x1000, 0, "yes", "size", RED, RED },
  { "truncated-in-a-block", D, F, 3, 0, "yes", "size", RED, RED },
  { "wrong-length", D, { PIONEER_BD_HEADER ("Normal"), .states = 0x27f00 }, 0, 0, "yes", "size", RED,
    RED },
  { "wrong-sum", D, { PIONEER_BD_HEADER ("Normal"), .off = 1 }, 0, 0, "yes", "integrity", RED, RED },
  { "kernel", D, { PIONEER_BD_HEADER ("Kernel") }, 0, 0, "yes", "component", RED, RED },
  { "older", PIONEER_BD_DRIVE ("1.51"), F, 0, 0, "yes", "older", SOFT, SOFT },
  { "same", PIONEER_BD_DRIVE ("1.50"), F, 0, 0, "yes", "revision", YELLOW, YELLOW },
  { "kernel-mode", PIONEER_BD_DRIVE ("0001"), F, 0, 0, "yes", "boot", YELLOW, YELLOW },
  { "kernel-mode-no-backup", PIONEER_BD_DRIVE ("0000"), F, 0, 0, "yes", "read", YELLOW, YELLOW },
  { "kernel-mode-switched-off", PIONEER_BD_DRIVE ("0001"), F, 0, 0, NULL, "experimental", RED, RED },
  { "kernel-mode-other-sat", PIONEER_BD_DRIVE ("0001"),
    FILE_OF (S09, "1.50", "SAT 8800", "ID43    "), 0, 0, "yes", "hardware", RED, RED },
  { "no-sat", { "PIONEER", "BD-RW   BDR-S09", "1.34", "16/04/25", "ATA 0209", "ID43    " }, F, 0, 0,
    "yes", "control", RED, RED },
  { "dvr-file", D, FILE_OF ("PIONEER DVD-RW  DVR-109 ", "1.58", "ATA 0009", "GENERAL "), 0, 0, "yes",
    "hardware", RED, RED },
  { "dvr", PIONEER_109_DRIVE ("1.17"), F, 0, 0, "yes", "hardware", RED, RED },
};
/* clang-format on */

static OflSnapshot *
new_drive (const PioneerDrive *who, guint8 *memory, gsize length)
{
  PioneerBdDrive drive = { .who = *who, .memory = memory, .length = length };

  return pioneer_bd_drive (&drive);
}

static void
assert_no_plan (const OflSnapshot *drive, const OflImage *image, const OflChoices *choices)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = specimen_plan_write (pioneer_family (), drive, image, choices, &error);

  g_assert_null (plan);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE);
}

static void
test_row (gconstpointer arg)
{
  const Row *row = arg;
  gsize length;
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autoptr (OflSnapshot) drive = new_drive (&row->drive, memory, 0x10000 + PIONEER_BD_LENGTH);
  g_autofree guint8 *data = pioneer_bd_file (&row->file, &length);
  g_autoptr (OflImage) image = NULL;
  g_autoptr (OflChoices) choices = ofl_choices_new ();
  g_autoptr (OflJudgement) judgement = NULL;
  const OflReason *reason;

  ofl_choices_set (choices, "experimental", row->choice);
  if (row->spoil != 0)
    data[row->spoil] ^= 1;
  image = specimen_parse ("pioneer", data, length - row->cut);
  judgement = ofl_families_judge (drive, image, choices);
  reason = specimen_reason (judgement, row->check);
  g_assert_nonnull (reason);
  g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (row->level));
  g_assert_cmpstr (ofl_level_id (ofl_judgement_get_level (judgement)), ==,
                   ofl_level_id (row->worst));
  g_assert_true (g_str_has_suffix (reason->sentence, "."));
  if (row->level >= SOFT)
    g_assert_nonnull (reason->remedy);
  if (row->worst == RED)
    assert_no_plan (drive, image, choices);
  else
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (OflPlan) plan
          = specimen_plan_write (pioneer_family (), drive, image, choices, &error);

      g_assert_no_error (error);
      g_assert_nonnull (plan);
    }
}

/* What was read from a drive is no file to write to it. */
static void
test_memory (void)
{
  PioneerDrive who = D;
  gsize length = 0x10000 + PIONEER_BD_LENGTH;
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autoptr (OflSnapshot) drive = new_drive (&who, memory, length);
  g_autoptr (OflImage) image = specimen_parse ("pioneer", memory, length);
  g_autoptr (OflChoices) choices = ofl_choices_new ();

  ofl_choices_set (choices, "experimental", "yes");
  specimen_assert_judged (drive, image, choices, "component", RED, RED);
  assert_no_plan (drive, image, choices);
}

/* The drive alone says at once why its write is greyed out, and what to do about it. */
static void
test_drive_alone (void)
{
  PioneerDrive who = D;
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autoptr (OflSnapshot) drive = new_drive (&who, memory, 0x10000 + PIONEER_BD_LENGTH);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, NULL, NULL);
  const OflReason *reason = specimen_reason (judgement, "experimental");

  g_assert_cmpint (ofl_judgement_get_level (judgement), ==, RED);
  g_assert_nonnull (strstr (reason->sentence, "one group of authors"));
  g_assert_nonnull (strstr (reason->remedy, "experimental=yes"));
}

/* Where the families of SATs are known, the refusal names them. */
static void
test_names_generations (void)
{
  PioneerDrive who = D;
  PioneerBdFile file = FILE_OF (S09, "1.50", "SAT 8A10", "ID43    ");
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autoptr (OflSnapshot) drive = new_drive (&who, memory, 0x10000 + PIONEER_BD_LENGTH);
  g_autoptr (OflImage) image = pioneer_bd_image (&file);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);
  const OflReason *reason = specimen_reason (judgement, "hardware");

  g_assert_nonnull (strstr (reason->sentence, "SAT 8A10 (F3)"));
  g_assert_nonnull (strstr (reason->sentence, "SAT 8600 (F2)"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/pioneer/bd/judge/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/pioneer/bd/judge/memory", test_memory);
  g_test_add_func ("/pioneer/bd/judge/drive-alone", test_drive_alone);
  g_test_add_func ("/pioneer/bd/judge/generations", test_names_generations);
  return g_test_run ();
}
