/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: what owners report of writing one model's firmware to another. mt1959 5.1. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

/* @svc, @product, @revision: what the drive shows, %NULL: anything; @image: the product
 * that the file is for; each report is one owner's */
typedef struct {
  const char *svc;
  const char *product;
  const char *revision;
  const char *image;
  OflLevel level;
  const char *sentence;
} Report;

static const Report reports[] = {
  { "NB12", NULL, NULL, "BD-RE BU40N", OFL_LEVEL_RED_SOFT,
    N_ ("Drives with the SVC code NB12 and this file's model, BU40N: one owner reports that the drive "
        "took the file, called itself BU40N and then read no disc any more; another that every tool "
        "said it was done and the drive kept its old firmware, unharmed (OmniDrive, issues 12 and "
        "26). OmniDrive's guide names NB10 as fit and NB12 as not.") },
  { "NB10", NULL, NULL, "BD-RE BU40N", OFL_LEVEL_YELLOW,
    N_ ("OmniDrive's guide names drives with the SVC code NB10 as fit for firmware of the BU40N, and "
        "those with NB12 as not. So compare the code with the drive's sticker.") },
  { NULL, "BD-RE BP60NB10", NULL, "BD-RE BU40N", OFL_LEVEL_YELLOW,
    N_ ("One owner reports of a BP50NB40 that had been given the firmware of a BP60NB10 that it "
        "refused a BU40N file until the board's name of the firmware in it was sent (OmniDrive, "
        "issue 31).") },
  { NULL, "SBW-06D2X-U", NULL, "BD-RE BU40N", OFL_LEVEL_YELLOW,
    N_ ("OmniDrive's maintainers say of an SBW-06D2X-U that it takes BU40N firmware directly, that "
        "its enclosure may interfere, and that the name BU40N is the sign of success (issue 29).") },
  { NULL, "BD-RE BU50N", NULL, "BD-RE BU40N", OFL_LEVEL_YELLOW,
    N_ ("One owner reports that a BU50N took OmniDrive's firmware in redumper's way (redumper, pull "
        "request 436).") },
  { NULL, "BD-RE WH16NS60", NULL, "BW-16D1HT", OFL_LEVEL_YELLOW,
    N_ ("One owner reports that a WH16NS60 works with the firmware 3.02 of the ASUS BW-16D1HT "
        "(OmniDrive, issue 24).") },
  { NULL, "BD-RE BU40N", "1.05", "BD-RE BU40N", OFL_LEVEL_YELLOW,
    N_ ("One owner reports of a BU40N 1.05 that it refused the file 1.03, encrypted, at 98 % with "
        "05/24/00, and was unharmed (OmniDrive, issue 63).") },
};

static gboolean
same (const char *wanted, const char *seen)
{
  g_autofree char *text = seen != NULL ? ofl_family_text ((const guint8 *) seen, strlen (seen))
                                       : NULL;

  return wanted == NULL || g_strcmp0 (wanted, text) == 0;
}

/**
 * ofl_mt1959_judge_reports:
 * @drive: a drive of the family
 * @image: an image of it, of full size
 * @product: the drive's product, as it stands in the table
 * @judgement: where to add reasons
 *
 * Quotes what is reported of such a drive with such a file.
 */
void
ofl_mt1959_judge_reports (const OflSnapshot *drive, const OflImage *image, const char *product,
                          OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_autofree char *svc = ofl_mt1959_svc_text (ofl_mt1959_svc (drive));
  const char *brings = ofl_image_get_fact (image, "revision");

  for (guint i = 0; i < G_N_ELEMENTS (reports); i++)
    {
      const Report *report = &reports[i];

      if (!same (report->svc, svc) || !same (report->product, product)
          || !same (report->revision, identity->revision)
          || g_strcmp0 (report->image, ofl_image_get_fact (image, "product")) != 0
          || (report->revision != NULL && g_strcmp0 (brings, report->revision) == 0))
        continue;
      ofl_judgement_add (judgement, report->level, "reports",
                         report->level == OFL_LEVEL_RED_SOFT ? _ (
                             "Choose the firmware of this very model, or go on only if you can "
                             "do without the drive.")
                                                             : NULL,
                         "%s", _ (report->sentence));
    }
}
