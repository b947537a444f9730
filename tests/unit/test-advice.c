/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do next: the verdict's own sentence and what the drive gave as its reason stand together, in
 * every pair that there can be. None of them takes back what the other says. */
#include <string.h>

#include "flash/ofl-work.h"
#include "plan/ofl-action.h"
#include "scsi/ofl-sense-table.h"

/* Of two words of a row no more than one may be said. */
static const struct {
  const char *one[5];
  const char *other[5];
} opposites[] = {
  { { "switched on" }, { "off and on", "power off", "Unplug", "unplug" } },
  { { "Do not switch it off", "Switched off now" }, { "off and on", "power off", "Unplug" } },
  { { "Nothing needs to be done" },
    { "Switch ", "⟦try-again⟧", "⟦look-again⟧", "⟦flash-again⟧", "⟦write-backup⟧" } },
  { { "⟦flash-again⟧", "⟦try-again⟧", "⟦write-backup⟧" },
    { "Do not force it", "does not take this way" } },
  { { "Leave the drive empty" }, { "Put a disc", "Insert" } },
};

static gboolean
says (const char *text, const char *const *words)
{
  for (guint i = 0; i < 5 && words[i] != NULL; i++)
    if (strstr (text, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
contradicts_itself (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (opposites); i++)
    if (says (text, opposites[i].one) && says (text, opposites[i].other))
      return TRUE;
  return FALSE;
}

static void
look (OflVerdict verdict, const char *own, const OflReply *reply)
{
  g_autoptr (OflResult) result = ofl_result_new (verdict);

  result->next = g_strdup (own);
  ofl_work_advise (result, reply);
  g_assert_true (result->next != NULL && *result->next != '\0');
  if (contradicts_itself (result->next))
    g_test_fail_printf ("%s, sense %x/%02x/%02x: %s", ofl_verdict_id (verdict), reply->sense.key,
                        reply->sense.asc, reply->sense.ascq, result->next);
}

/* What happened, in the words of the error, stands above what to do. */
static void
look_at_errors (OflVerdict verdict, const char *own)
{
  for (guint outcome = OFL_OUTCOME_OK + 1; outcome <= OFL_OUTCOME_NOT_SENT; outcome++)
    {
      const OflReply reply = { .outcome = outcome };
      const OflCommand command = { .cdb = { 0x3b }, .timeout_ms = 50000 };
      g_autoptr (GError) error = NULL;
      g_autofree char *both = NULL;

      if (outcome == OFL_OUTCOME_SENSE)
        continue;
      ofl_reply_set_error (&reply, &command, &error);
      g_assert_nonnull (error);
      both = g_strjoin (" ", error->message, own, NULL);
      if (contradicts_itself (both))
        g_test_fail_printf ("%s, outcome %u: %s", ofl_verdict_id (verdict), outcome, both);
    }
}

static void
test_pairs (void)
{
  guint n_senses;
  const OflSenseEntry *senses = ofl_sense_table_get (&n_senses);
  const char *own;
  OflVerdict verdict;
  guint n = 0;

  g_assert_cmpuint (n_senses, >, 50);
  for (; ofl_work_get_words (n, &verdict, &own); n++)
    {
      const OflReply none = { 0 };

      look (verdict, own, &none);
      look_at_errors (verdict, own);
      for (guint i = 0; i < n_senses; i++)
        {
          OflReply reply = { .outcome = OFL_OUTCOME_SENSE };

          reply.sense.valid = TRUE;
          reply.sense.key = senses[i].key;
          reply.sense.asc = senses[i].asc;
          reply.sense.ascq = senses[i].ascq == OFL_SENSE_ANY ? 0 : (guint8) senses[i].ascq;
          look (verdict, own, &reply);
        }
    }
  g_assert_cmpuint (n, >, 30);
}

/* The reader finds what it looks for. */
static void
test_reader (void)
{
  g_assert_true (contradicts_itself ("Leave it connected and switched on. Switch the drive's power "
                                     "off and on."));
  g_assert_true (contradicts_itself ("Nothing needs to be done. ⟦try-again⟧."));
  g_assert_true (contradicts_itself ("⟦flash-again⟧. Do not force it."));
  g_assert_false (contradicts_itself ("Leave the drive connected, switch its power off and on, and "
                                      "⟦flash-again⟧."));
}

/* A drive that needs a firmware, or may, is never left without anything to press. */
static void
test_actions (void)
{
  const char *own;
  OflVerdict verdict;

  for (guint n = 0; ofl_work_get_words (n, &verdict, &own); n++)
    {
      const char *rest = own;
      OflAction action;

      if (verdict == OFL_VERDICT_FAILED_RECOVERY || verdict == OFL_VERDICT_FAILED_UNTOUCHED)
        g_assert_true (ofl_action_next (&rest, &action));
      if (verdict == OFL_VERDICT_FAILED_UNTOUCHED)
        g_assert_nonnull (strstr (own, OFL_DO ("try-again")));
    }
}

static void
test_next (void)
{
  const char *text = "Now ⟦look-again⟧, ⟦fly⟧ or ⟦set enc=no⟧ ⟦";
  OflAction action;

  g_assert_true (ofl_action_next (&text, &action) && action == OFL_ACTION_LOOK_AGAIN);
  g_assert_true (ofl_action_next (&text, &action) && action == OFL_ACTION_SET);
  g_assert_false (ofl_action_next (&text, &action));
  text = NULL;
  g_assert_false (ofl_action_next (&text, &action));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/reader", test_reader);
  g_test_add_func ("/advice/pairs", test_pairs);
  g_test_add_func ("/advice/actions", test_actions);
  g_test_add_func ("/advice/next", test_next);
  return g_test_run ();
}
