/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a link test found out, as one value. */
#include "link/ofl-link.h"

#include <glib/gi18n-lib.h>

/**
 * ofl_link_free:
 * @self: (transfer full): a result
 */
void
ofl_link_free (OflLink *self)
{
  g_array_unref (self->series);
  g_array_unref (self->findings);
  ofl_sentence_clear (&self->advice);
  g_free (self->model);
  g_free (self->technical);
  g_free (self);
}

/**
 * ofl_link_sum:
 * @self: a result
 * @sum: (out caller-allocates): all of its series together; questions that the drive does not know,
 *   or that do not get through, are no answers
 *
 * Returns: (transfer none): @sum
 */
const OflLinkSeries *
ofl_link_sum (const OflLink *self, OflLinkSeries *sum)
{
  *sum = (OflLinkSeries){ .what = "" };
  for (guint i = 0; i < self->series->len; i++)
    {
      const OflLinkSeries *one = &g_array_index (self->series, OflLinkSeries, i);

      if (!one->refused && !one->broken)
        sum->reads += one->reads;
      sum->bytes += one->bytes;
      sum->once += one->once;
      sum->kept += one->kept;
      sum->host_failures += one->broken ? 0 : one->host_failures;
      sum->stalls += one->stalls;
      sum->marks += one->marks;
      sum->longest_us = MAX (sum->longest_us, one->longest_us);
      sum->total_us += one->total_us;
    }
  return sum;
}

static char *
join (const OflLink *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->findings->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            ofl_sentence_text (&g_array_index (self->findings, OflSentence, i)));
  return g_string_free (text, FALSE);
}

/**
 * ofl_link_say:
 * @self: a result
 *
 * Returns: (transfer full): all findings, one behind the other
 */
OflSentence
ofl_link_say (const OflLink *self)
{
  return OFL_SENTENCE (join (self));
}

/**
 * ofl_link_verdict_id:
 * @verdict: a verdict
 *
 * Returns: its word for machines
 */
const char *
ofl_link_verdict_id (OflLinkVerdict verdict)
{
  static const char *const ids[] = {
    [OFL_LINK_SOUND] = "sound",
    [OFL_LINK_DOUBTFUL] = "doubtful",
    [OFL_LINK_BAD] = "bad",
  };

  g_return_val_if_fail ((gsize) verdict < G_N_ELEMENTS (ids), "bad");
  return ids[verdict];
}

/**
 * ofl_link_verdict_title:
 * @verdict: a verdict
 *
 * Returns: the same for people
 */
const char *
ofl_link_verdict_title (OflLinkVerdict verdict)
{
  static const char *const titles[] = {
    [OFL_LINK_SOUND] = N_ ("The link is sound"),
    [OFL_LINK_DOUBTFUL] = N_ ("The link is doubtful"),
    [OFL_LINK_BAD] = N_ ("The link is bad"),
  };

  g_return_val_if_fail ((gsize) verdict < G_N_ELEMENTS (titles), "");
  return _ (titles[verdict]);
}
