/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what was counted to a verdict, and to what a person can do about it. Nothing is said that was
 * not measured, nor advised for a way of plugging in that is not known. */
#include "link/ofl-link-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "families/ofl-families.h"
#include "scsi/ofl-error.h"

#define BAD_FROM 2    /* what happened so often was no accident */
#define STALLS_FROM 2 /* one long answer may have been the drive's own affair */

static void
find (OflLink *self, OflLinkVerdict verdict, OflSentence sentence)
{
  self->verdict = MAX (self->verdict, verdict);
  g_array_append_val (self->findings, sentence);
}

static OflLinkVerdict
by_count (guint n)
{
  return n >= BAD_FROM ? OFL_LINK_BAD : OFL_LINK_DOUBTFUL;
}

static void
judge_comparisons (OflLink *self, const OflLinkSeries *sum)
{
  if (sum->kept > 0)
    find (self, OFL_LINK_BAD,
          OFL_SAY (g_dngettext (GETTEXT_PACKAGE,
                                "Of %u answer, %u did not come as the same question was answered "
                                "before, and did not when it was asked once more either: what the "
                                "drive says does not arrive as it was sent.",
                                "Of %u answers, %u did not come as the same question was answered "
                                "before, and did not when it was asked once more either: what the "
                                "drive says does not arrive as it was sent.",
                                sum->reads),
                   sum->reads, sum->kept));
  if (sum->once > 0)
    find (self, by_count (sum->once),
          OFL_SAY (g_dngettext (GETTEXT_PACKAGE,
                                "Of %u answer, %u did not come as the same question was answered "
                                "before; asked once more, it came as it should.",
                                "Of %u answers, %u did not come as the same question was answered "
                                "before; asked once more, it came as it should.",
                                sum->reads),
                   sum->reads, sum->once));
  if (sum->marks > 0)
    find (self, OFL_LINK_BAD,
          OFL_SAY (_ ("In %u of %u answers a USB bridge has put a block of its own (“USBS” or "
                      "“USBC”) behind or over what the drive sent."),
                   sum->marks, sum->reads));
}

static void
judge_failures (OflLink *self, const OflLinkSeries *sum)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      const OflLinkSeries *series = &g_array_index (self->series, OflLinkSeries, i);

      if (series->broken)
        /* Translators: a command, by its name in the standard */
        find (self, OFL_LINK_DOUBTFUL,
              OFL_SAY (_ ("%s did not get through at the first try nor at the second: the host "
                          "adapter or a bridge failed at it."),
                       series->what));
    }
  if (sum->host_failures > 0)
    find (self, by_count (sum->host_failures),
          OFL_SAY (g_dngettext (GETTEXT_PACKAGE, "%u command failed at the host adapter or bridge.",
                                "%u commands failed at the host adapter or bridge.",
                                sum->host_failures),
                   sum->host_failures));
  if (self->resets > 0)
    find (self, by_count (self->resets),
          OFL_SAY (g_dngettext (GETTEXT_PACKAGE,
                                "In the middle of the test the drive said %u time that it had been "
                                "reset or had lost its power.",
                                "In the middle of the test the drive said %u times that it had "
                                "been reset or had lost its power.",
                                self->resets),
                   self->resets));
}

static void
judge_times (OflLink *self, const OflLinkSeries *sum)
{
  if (sum->stalls >= STALLS_FROM)
    find (self, OFL_LINK_DOUBTFUL,
          OFL_SAY (_ ("%u of %u answers took longer than a second; the longest took %.1f s."),
                   sum->stalls, sum->reads, (double) sum->longest_us / G_USEC_PER_SEC));
  if (self->kernel.timed_out > 0)
    find (self, OFL_LINK_DOUBTFUL,
          OFL_SAY (_ ("While the test ran, the kernel counted %u of this drive's commands that were "
                      "not answered in time."),
                   (guint) self->kernel.timed_out));
}

/* A name that cannot be believed, and one that is no known drive's but nearly: of that alone, where a
 * maker could have chosen it, nothing follows. */
static void
judge_name (OflLink *self, const OflSnapshot *drive)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_autoptr (GError) error = NULL;
  g_autofree char *model = NULL;
  gboolean odd;

  if (!ofl_identity_is_trustworthy (identity, &error))
    find (self, OFL_LINK_BAD, OFL_SAY ("%s", ofl_error_text (error)));
  model = ofl_families_near_model (identity, &odd);
  if (model == NULL || (!odd && ofl_snapshot_get_family (drive) != NULL))
    return;
  find (self, odd ? OFL_LINK_BAD : OFL_LINK_SOUND,
        OFL_SENTENCE (ofl_families_say_near (model, odd)));
  self->model = g_steal_pointer (&model);
}

static gboolean
behind_hub (const OflTopology *topology)
{
  return topology->bus == OFL_BUS_USB && strchr (topology->channel, '.') != NULL;
}

static gboolean
bridge_is_to_blame (const OflLink *self, const OflLinkSeries *sum)
{
  for (guint i = 0; i < self->series->len; i++)
    if (g_array_index (self->series, OflLinkSeries, i).broken)
      return TRUE;
  return sum->marks > 0;
}

static const char *
advise_usb (const OflLink *self, const OflTopology *topology, const OflLinkSeries *sum)
{
  if (bridge_is_to_blame (self, sum))
    return _ (
        "This USB bridge does not pass these commands as they are: connect the drive by SATA, "
        "or by another bridge.");
  if (behind_hub (topology))
    return _ (
        "The drive is behind a USB hub, which may not give it enough power if it has no supply "
        "of its own: plug the drive into the computer itself, with another cable, and with "
        "its own power supply if it has one.");
  return _ (
      "Use another USB cable and another port, and the drive's own power supply if it has one. "
      "If it stays so, connect the drive by SATA, or by another bridge.");
}

/* What to do, by how the drive is plugged in. */
static const char *
advise (const OflLink *self, const OflTopology *topology, const OflLinkSeries *sum)
{
  switch (topology->bus)
    {
    case OFL_BUS_USB:
      return advise_usb (self, topology, sum);
    case OFL_BUS_IDE:
      return _ ("Replace the flat cable, let the drive be alone on it, and check its power plug.");
    case OFL_BUS_SATA:
      return _ ("Replace the SATA cable, use another port, and check the drive's power plug.");
    case OFL_BUS_SCSI:
      return _ (
          "Replace the cable, check the termination of its ends, and the drive's power plug.");
    case OFL_BUS_PRACTICE:
      return _ ("This is a practice drive, and its link is as bad as it was made. Take the fault "
                "away, as one replaces a cable, and test again.");
    case OFL_BUS_UNKNOWN:
    default:
      return _ ("Use another cable, port or adapter, and check the drive's power.");
    }
}

/**
 * ofl_link_judge:
 * @self: a result whose counts are complete
 * @topology: how the drive is plugged in
 * @drive: what was read of it before
 * @broke_off: (nullable): why the test ended early
 */
void
ofl_link_judge (OflLink *self, const OflTopology *topology, const OflSnapshot *drive,
                const GError *broke_off)
{
  OflLinkSeries sum;

  ofl_link_sum (self, &sum);
  if (broke_off != NULL)
    find (self, OFL_LINK_BAD, OFL_SAY ("%s", ofl_error_text (broke_off)));
  judge_name (self, drive);
  judge_comparisons (self, &sum);
  judge_failures (self, &sum);
  judge_times (self, &sum);
  if (self->verdict != OFL_LINK_SOUND)
    {
      self->advice = OFL_SENTENCE (g_strdup (advise (self, topology, &sum)));
      return;
    }
  find (self, OFL_LINK_SOUND,
        OFL_SAY (g_dngettext (GETTEXT_PACKAGE,
                              "%u answer came, as the same question had been answered before, byte "
                              "for byte.",
                              "%u answers came, each as the same question had been answered before, "
                              "byte for byte.",
                              sum.reads),
                 sum.reads));
}
