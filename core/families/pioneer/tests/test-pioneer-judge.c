/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How Pioneer drives and files match: every reason, its level, and that nothing final gets a
 * plan. pioneer 2.5. */
#include <string.h>

#include "kit/specimen.h"
#include "pioneer-specimen.h"
#include "scsi/ofl-error.h"

#define H109 "PIONEER DVD-RW  DVR-109 "
#define H108 "PIONEER DVD-RW  DVR-108 "

typedef struct {
  const char *name;
  PioneerDrive drive;
  PioneerHeader image;
  gsize length; /* 0: a set */
  const char *check;
  OflLevel level;
  OflLevel worst;
} Row;

/* What belongs together stands in one line. */
/* clang-format off */
#define D109 PIONEER_109_DRIVE ("1.17")
#define GENERAL_108 { "PIONEER", "DVD-RW  DVR-108", "1.06", "04/05/13", "ATA 0008", "GENERAL " }
#define ADV_108 { "PIONEER", "DVD-RW  DVR-108", "1.06", "04/05/13", "ATA 0008", "PIO_ADV " }
#define I109(type) PIONEER_109_HEADER (type)

static const Row rows[] = {
  { "fits-family", D109, I109 ("Normal"), 0x128000, "family", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "fits-size", D109, I109 ("Normal"), 0x128000, "size", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "fits-hardware", D109, I109 ("Normal"), 0x128000, "hardware", OFL_LEVEL_GREEN,
    OFL_LEVEL_YELLOW },
  { "fits-type", D109, I109 ("Normal"), 0x128000, "type", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "fits-brand", D109, I109 ("Normal"), 0x128000, "brand", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "fits-revision", D109, I109 ("Normal"), 0x128000, "revision", OFL_LEVEL_GREEN,
    OFL_LEVEL_YELLOW },
  { "no-backup", D109, I109 ("Normal"), 0x128000, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "no-sum", D109, I109 ("Normal"), 0x128000, "integrity", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "set", D109, I109 ("Normal"), 0, "component", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "kernel-alone", D109, I109 ("Kernel"), 0x20000, "component", OFL_LEVEL_RED_SOFT,
    OFL_LEVEL_RED_SOFT },
  { "case-25-odd", D109, I109 ("Normal"), 0x128001, "size", OFL_LEVEL_RED, OFL_LEVEL_RED },
  { "case-25-by-rule", D109, I109 ("Normal"), 0x130000, "size", OFL_LEVEL_RED_SOFT,
    OFL_LEVEL_RED_SOFT },
  { "size", D109, I109 ("Normal"), 0x127000, "size", OFL_LEVEL_RED, OFL_LEVEL_RED },
  { "generation", D109, { H109, "1.58", "ATA 0010", "GENERAL ", "Normal" }, 0x128000, "hardware",
    OFL_LEVEL_RED, OFL_LEVEL_RED },
  { "interface", D109, { H109, "1.58", "SCSI0009", "GENERAL ", "Normal" }, 0x128000, "hardware",
    OFL_LEVEL_RED, OFL_LEVEL_RED },
  { "type", D109, { H109, "1.58", "ATA 0009", "ASUS    ", "Normal" }, 0x128000, "type",
    OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
  { "type-8th", D109, { H109, "1.58", "ATA 0009", "GENERALX", "Normal" }, 0x128000, "type",
    OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "description", D109, { "PIONEER DVD-RW  DVR-A09 ", "1.58", "ATA 0009", "GENERAL ", "Normal" },
    0x128000, "brand", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
  { "same-revision", PIONEER_109_DRIVE ("1.58"), I109 ("Normal"), 0x128000, "revision",
    OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "kernel-mode", PIONEER_109_DRIVE ("0000"), I109 ("Normal"), 0x128000, "boot", OFL_LEVEL_YELLOW,
    OFL_LEVEL_YELLOW },
  { "no-key",
    { "PIONEER", "DVD-RW  DVR-109", "1.17", "05/05/13", "ATA 0009", "UNKNOWN " },
    { H109, "1.58", "ATA 0009", "UNKNOWN ", "Normal" },
    0x128000, "key", OFL_LEVEL_RED, OFL_LEVEL_RED },
  { "variant-drive", ADV_108, { H108, "1.20", "ATA 0008", "GENERAL ", "Normal" }, 0x100000,
    "variant", OFL_LEVEL_RED, OFL_LEVEL_RED },
  { "variant-file", GENERAL_108, { H108, "1.20", "ATA 0008", "PIO_ADV ", "Normal" }, 0x100000,
    "variant", OFL_LEVEL_RED, OFL_LEVEL_RED },
  { "variant-both", ADV_108, { H108, "1.20", "ATA 0008", "PIO_ADV ", "Normal" }, 0x100000, "type",
    OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "other-generation",
    { "PIONEER", "DVD-RW  DVR-112", "1.21", "07/05/13", "ATA 0012", "GENERAL " },
    { "PIONEER DVD-RW  DVR-112 ", "1.24", "ATA 0012", "GENERAL ", "Normal" },
    0x128000, "control", OFL_LEVEL_RED, OFL_LEVEL_RED },
};
/* clang-format on */

static void
test_row (gconstpointer arg)
{
  const Row *row = arg;
  const OflFamily *family = ofl_families_find ("pioneer");
  g_autoptr (OflSnapshot) drive = pioneer_drive (&row->drive);
  g_autoptr (OflImage) image = row->length != 0 ? pioneer_image (&row->image, row->length, 3)
                                                : pioneer_set (&row->image, 0x20000, 0x128000);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);
  const OflReason *reason = specimen_reason (judgement, row->check);
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reason);
  g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (row->level));
  g_assert_cmpstr (ofl_level_id (ofl_judgement_get_level (judgement)), ==,
                   ofl_level_id (row->worst));
  g_assert_true (g_str_has_suffix (reason->sentence, "."));
  if (row->level >= OFL_LEVEL_RED_SOFT)
    g_assert_nonnull (reason->remedy);
  plan = specimen_plan_write (family, drive, image, NULL, &error);
  if (row->worst == OFL_LEVEL_RED)
    g_assert_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE);
  else
    g_assert_no_error (error);
  g_assert_cmpint (plan == NULL, ==, row->worst == OFL_LEVEL_RED);
}

static void
test_drive_alone (void)
{
  PioneerDrive dvr = D109;
  g_autoptr (OflSnapshot) drive = pioneer_drive (&dvr);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, NULL, NULL);

  g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_YELLOW);
}

/* A command enters the kernel mode, and a restart leaves it: damage is not proved by it. */
static void
test_kernel_mode (void)
{
  PioneerDrive kernel = PIONEER_109_DRIVE ("0000");
  g_autoptr (OflSnapshot) drive = pioneer_drive (&kernel);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, NULL, NULL);
  const OflReason *reason = specimen_reason (judgement, "boot");

  g_assert_nonnull (strstr (reason->sentence, "or another program has left it"));
  g_assert_nonnull (strstr (reason->remedy, "off and on"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/pioneer/judge/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/pioneer/judge/drive-alone", test_drive_alone);
  g_test_add_func ("/pioneer/judge/kernel-mode-is-no-damage", test_kernel_mode);
  return g_test_run ();
}
