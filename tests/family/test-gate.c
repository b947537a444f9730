/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate before every write plan: a family's own code is not reached with what was refused. */
#include "families/ofl-families.h"
#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"
#include "kit/specimen.h"

/* How often the family below was asked, and with what. */
static guint asked;
static const OflSnapshot *asked_drive;
static const OflImage *asked_image;
static char *asked_dialect;

static OflPlan *
count_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                  const OflChoices *choices, GError **error)
{
  asked++;
  asked_drive = drive;
  asked_image = image;
  g_free (asked_dialect);
  asked_dialect = g_strdup (ofl_choices_get (choices, "dialect"));
  return ofl_plan_new ("Nothing");
}

static const OflFamily counting = { .id = "counting", .plan_write = count_plan_write };
static const OflFamily speechless = { .id = "speechless" };

static OflSnapshot *
drive_of (const OflFamily *family)
{
  OflIdentity identity = { 0 };
  OflSnapshot *drive = ofl_snapshot_new (&identity);

  ofl_snapshot_set_family (drive, family->id, OFL_CAP_WRITE);
  return drive;
}

static OflImage *
image_of (const OflFamily *family)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("firmware", 8);

  return ofl_image_new (family->id, bytes);
}

static void
assert_refused (const OflFamily *family, const OflJudgement *judgement, OflError code,
                const char *words)
{
  g_autoptr (GError) error = NULL;

  asked = 0;
  g_assert_null (ofl_family_plan_write (family, judgement, &error));
  g_assert_error (error, OFL_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (asked, ==, 0);
}

/* Wherever among the other reasons it stands; what may be overridden is not the gate's affair. */
static void
test_red (void)
{
  for (OflLevel level = OFL_LEVEL_GREEN; level <= OFL_LEVEL_RED; level++)
    for (guint place = 0; place < 3; place++)
      {
        g_autoptr (OflSnapshot) drive = drive_of (&counting);
        g_autoptr (OflImage) image = image_of (&counting);
        g_autoptr (OflJudgement) judgement = ofl_judgement_new_about (drive, image, NULL);
        g_autoptr (OflPlan) plan = NULL;

        for (guint i = 0; i < 3; i++)
          ofl_judgement_add (judgement, i == place ? level : OFL_LEVEL_GREEN, "size",
                             "Take another.", "It is too long.");
        if (level == OFL_LEVEL_RED)
          {
            assert_refused (&counting, judgement, OFL_ERROR_WRONG_IMAGE,
                            "It is too long. Take another.");
            continue;
          }
        asked = 0;
        plan = ofl_family_plan_write (&counting, judgement, NULL);
        g_assert_nonnull (plan);
        g_assert_cmpuint (asked, ==, 1);
      }
}

/* The plan is for what was judged, with the choices as they were then. */
static void
test_subject (void)
{
  g_autoptr (OflSnapshot) drive = drive_of (&counting);
  g_autoptr (OflImage) image = image_of (&counting);
  g_autoptr (OflChoices) choices = ofl_choices_new ();
  g_autoptr (OflJudgement) judgement = NULL;
  g_autoptr (OflPlan) plan = NULL;

  ofl_choices_set (choices, "dialect", "oem");
  judgement = ofl_judgement_new_about (drive, image, choices);
  ofl_choices_set (choices, "dialect", "redumper");
  plan = ofl_family_plan_write (&counting, judgement, NULL);
  g_assert_true (asked_drive == drive);
  g_assert_true (asked_image == image);
  g_assert_cmpstr (asked_dialect, ==, "oem");
}

static void
test_not_judged (void)
{
  g_autoptr (OflSnapshot) drive = drive_of (&counting);
  g_autoptr (OflSnapshot) other = drive_of (&speechless);
  g_autoptr (OflImage) image = image_of (&counting);
  g_autoptr (OflJudgement) nothing = ofl_judgement_new ();
  g_autoptr (OflJudgement) no_image = ofl_judgement_new_about (drive, NULL, NULL);
  g_autoptr (OflJudgement) stranger = ofl_judgement_new_about (other, image, NULL);

  assert_refused (&counting, nothing, OFL_ERROR_WRONG_IMAGE, "was not judged");
  assert_refused (&counting, no_image, OFL_ERROR_WRONG_IMAGE, "was not judged");
  assert_refused (&counting, stranger, OFL_ERROR_WRONG_IMAGE, "was not judged");
}

static void
test_not_public (void)
{
  g_autoptr (OflSnapshot) drive = drive_of (&speechless);
  g_autoptr (OflImage) image = image_of (&speechless);
  g_autoptr (OflJudgement) judgement = ofl_judgement_new_about (drive, image, NULL);
  OflProof proof = { .before = drive, .after = drive, .image = image };
  g_auto (OflComparison) comparison = { 0 };
  g_autoptr (GError) error = NULL;

  assert_refused (&speechless, judgement, OFL_ERROR_NOT_SUPPORTED, "not publicly known");
  g_assert_null (ofl_family_plan_read (&speechless, drive, NULL, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  ofl_family_compare_read (&speechless, image, ofl_image_get_bytes (image), NULL, &comparison);
  g_assert_cmpuint (ofl_comparison_get_compared (&comparison), ==, 0);
  g_assert_cmpint (ofl_family_confirm (&speechless, &proof), ==, OFL_VERDICT_UNKNOWN);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gate/red", test_red);
  g_test_add_func ("/gate/subject", test_subject);
  g_test_add_func ("/gate/not-judged", test_not_judged);
  g_test_add_func ("/gate/not-public", test_not_public);
  status = g_test_run ();
  g_free (asked_dialect);
  return status;
}
