/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything is a named value, every enum a word. A name that is not known here is passed over, a
 * word that is not known makes the whole unreadable: half of a progress would be a lie. */
#include "service/ofl-wire.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "scsi/ofl-error.h"

#define VIEW_TYPE "a{sv}"
#define STAGES_TYPE "a{sa{sv}}"
#define LINES_TYPE "aa{sv}"
/* How the first version wrote lines; a log is read from any service. */
#define OLD_LINES_TYPE "a(txus)"

static const char *const states[] = { "pending", "running", "done", "skipped", "failed" };

static void
add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

static void
add_stage (GVariantBuilder *builder, OflStage which, const OflStageView *stage)
{
  g_variant_builder_open (builder, G_VARIANT_TYPE ("{sa{sv}}"));
  g_variant_builder_add (builder, "s", ofl_stage_id (which));
  g_variant_builder_open (builder, G_VARIANT_TYPE_VARDICT);
  add (builder, "state", g_variant_new_string (states[stage->state]));
  add (builder, "bytes-done", g_variant_new_uint64 (stage->bytes_done));
  add (builder, "bytes-total", g_variant_new_uint64 (stage->bytes_total));
  add (builder, "elapsed-us", g_variant_new_int64 (stage->elapsed_us));
  add (builder, "usual-ms", g_variant_new_uint32 (stage->usual_ms));
  add (builder, "max-ms", g_variant_new_uint32 (stage->max_ms));
  add (builder, "fraction", g_variant_new_double (stage->fraction));
  g_variant_builder_close (builder);
  g_variant_builder_close (builder);
}

static GVariant *
pack_stages (const OflProgressView *view)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (STAGES_TYPE));
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (view->stages[i].state != OFL_STAGE_STATE_SKIPPED)
      add_stage (&builder, i, &view->stages[i]);
  return g_variant_builder_end (&builder);
}

/* What only a job of the maker's program has. */
static void
add_other (GVariantBuilder *builder, const OflProgressView *view, const OflQuestion *question)
{
  if (!view->by_other && question == NULL)
    return;
  add (builder, "by-other", g_variant_new_boolean (view->by_other));
  add (builder, "held", g_variant_new_boolean (view->held));
  add (builder, "idle-us", g_variant_new_int64 (view->idle_us));
  add (builder, "idle-command", g_variant_new_string (view->idle_command));
  if (question == NULL)
    return;
  add (builder, "question", g_variant_new_uint32 (question->number));
  add (builder, "question-text", g_variant_new_string (question->text));
  add (builder, "question-asked", g_variant_new_string (question->asked));
}

/**
 * ofl_wire_pack_view:
 * @view: progress at one moment
 * @question: (nullable): what the job asks then
 *
 * Returns: (transfer floating): the same for the bus, a{sv}; stages that are skipped are left out
 */
GVariant *
ofl_wire_pack_view (const OflProgressView *view, const OflQuestion *question)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (VIEW_TYPE));
  add (&builder, "version", g_variant_new_uint32 (OFL_WIRE_VERSION));
  add (&builder, "stages", pack_stages (view));
  add (&builder, "stage", g_variant_new_string (ofl_stage_id (view->current)));
  add (&builder, "fraction", g_variant_new_double (view->fraction));
  add (&builder, "rate", g_variant_new_double (view->rate));
  add (&builder, "left-ms", g_variant_new_int64 (view->left_ms));
  add (&builder, "cancelable", g_variant_new_boolean (view->cancelable));
  add (&builder, "danger", g_variant_new_boolean (view->danger));
  add (&builder, "command", g_variant_new_string (view->command));
  add (&builder, "command-us", g_variant_new_int64 (view->command_us));
  add (&builder, "command-usual-ms", g_variant_new_uint32 (view->command_usual_ms));
  add (&builder, "command-limit-ms", g_variant_new_uint32 (view->command_limit_ms));
  add (&builder, "finished", g_variant_new_boolean (view->finished));
  add (&builder, "verdict", g_variant_new_string (ofl_verdict_id (view->verdict)));
  add_other (&builder, view, question);
  return g_variant_builder_end (&builder);
}

static double
sane (double value, double max)
{
  return isfinite (value) ? CLAMP (value, 0, max) : 0;
}

static gboolean
unreadable (GError **error, const char *why, const char *name)
{
  g_autofree char *cut = g_strndup (name, 64);
  g_autofree char *valid = g_utf8_make_valid (cut, -1);

  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED, "%s “%s”", why, valid);
  return FALSE;
}

static gboolean
need (gboolean found, const char *name, GError **error)
{
  return found || unreadable (error, "it does not say", name);
}

static gboolean
parse_state (const char *id, OflStageState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i], id))
      {
        *state = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
unpack_stage (const char *id, GVariant *dict, OflProgressView *view, GError **error)
{
  const char *state;
  OflStage which;
  OflStageView *stage;

  if (!ofl_stage_parse (id, &which))
    return unreadable (error, "it names the stage", id);
  stage = &view->stages[which];
  if (!need (g_variant_lookup (dict, "state", "&s", &state), "state", error))
    return FALSE;
  if (!parse_state (state, &stage->state))
    return unreadable (error, "it names the state", state);
  g_variant_lookup (dict, "bytes-done", "t", &stage->bytes_done);
  g_variant_lookup (dict, "bytes-total", "t", &stage->bytes_total);
  g_variant_lookup (dict, "elapsed-us", "x", &stage->elapsed_us);
  g_variant_lookup (dict, "usual-ms", "u", &stage->usual_ms);
  g_variant_lookup (dict, "max-ms", "u", &stage->max_ms);
  if (!need (g_variant_lookup (dict, "fraction", "d", &stage->fraction), "fraction", error))
    return FALSE;
  stage->fraction = sane (stage->fraction, 1);
  return TRUE;
}

static gboolean
unpack_stages (GVariant *variant, OflProgressView *view, GError **error)
{
  g_autoptr (GVariant) stages
      = g_variant_lookup_value (variant, "stages", G_VARIANT_TYPE (STAGES_TYPE));
  gsize n = stages != NULL ? g_variant_n_children (stages) : 0;

  if (!need (stages != NULL, "stages", error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = NULL;
      const char *id;

      g_variant_get_child (stages, i, "{&s@a{sv}}", &id, &dict);
      if (!unpack_stage (id, dict, view, error))
        return FALSE;
    }
  return TRUE;
}

/* What may be missing: nothing on the screen is false without it. */
static void
unpack_extras (GVariant *variant, OflProgressView *view)
{
  const char *command;

  view->left_ms = -1;
  g_variant_lookup (variant, "rate", "d", &view->rate);
  g_variant_lookup (variant, "left-ms", "x", &view->left_ms);
  if (g_variant_lookup (variant, "command", "&s", &command))
    g_strlcpy (view->command, command, sizeof view->command);
  g_variant_lookup (variant, "command-us", "x", &view->command_us);
  g_variant_lookup (variant, "command-usual-ms", "u", &view->command_usual_ms);
  g_variant_lookup (variant, "command-limit-ms", "u", &view->command_limit_ms);
  g_variant_lookup (variant, "by-other", "b", &view->by_other);
  g_variant_lookup (variant, "held", "b", &view->held);
  g_variant_lookup (variant, "idle-us", "x", &view->idle_us);
  if (g_variant_lookup (variant, "idle-command", "&s", &command))
    g_strlcpy (view->idle_command, command, sizeof view->idle_command);
  g_variant_lookup (variant, "question", "u", &view->question);
  view->rate = sane (view->rate, 1e12);
}

static gboolean
unpack_needed (GVariant *variant, OflProgressView *view, GError **error)
{
  const char *stage, *verdict;

  if (!need (g_variant_lookup (variant, "stage", "&s", &stage), "stage", error)
      || !need (g_variant_lookup (variant, "verdict", "&s", &verdict), "verdict", error)
      || !need (g_variant_lookup (variant, "fraction", "d", &view->fraction), "fraction", error)
      || !need (g_variant_lookup (variant, "danger", "b", &view->danger), "danger", error)
      || !need (g_variant_lookup (variant, "cancelable", "b", &view->cancelable), "cancelable",
                error)
      || !need (g_variant_lookup (variant, "finished", "b", &view->finished), "finished", error))
    return FALSE;
  if (!ofl_stage_parse (stage, &view->current))
    return unreadable (error, "it names the stage", stage);
  if (!ofl_verdict_parse (verdict, &view->verdict))
    return unreadable (error, "it names the verdict", verdict);
  view->fraction = sane (view->fraction, 1);
  return TRUE;
}

/* A higher number is given when a value changes its meaning, not when one is added. */
static gboolean
check_version (GVariant *variant, GError **error)
{
  g_autofree char *number = NULL;
  guint32 version;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE (VIEW_TYPE)))
    return unreadable (error, "it writes progress as", g_variant_get_type_string (variant));
  if (!need (g_variant_lookup (variant, "version", "u", &version), "version", error))
    return FALSE;
  number = g_strdup_printf ("%u", version);
  return version == OFL_WIRE_VERSION || unreadable (error, "it writes version", number);
}

/**
 * ofl_wire_unpack_view:
 * @variant: what came over the bus
 * @view: (out caller-allocates): progress; not to be used when it could not be read
 * @error: return location
 *
 * Returns: %FALSE with %OFL_ERROR_NOT_SUPPORTED when another version of this program sent it; the
 *   message says by what that is seen
 */
gboolean
ofl_wire_unpack_view (GVariant *variant, OflProgressView *view, GError **error)
{
  memset (view, 0, sizeof *view);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    view->stages[i].state = OFL_STAGE_STATE_SKIPPED;
  if (!check_version (variant, error) || !unpack_needed (variant, view, error)
      || !unpack_stages (variant, view, error))
    return FALSE;
  unpack_extras (variant, view);
  return TRUE;
}

/**
 * ofl_wire_unpack_question:
 * @variant: what came over the bus as progress
 *
 * Returns: (transfer full) (nullable): what the job asks; one without its sentences cannot be shown, and
 *   is none
 */
OflQuestion *
ofl_wire_unpack_question (GVariant *variant)
{
  const char *text, *asked;
  guint32 number;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE (VIEW_TYPE))
      || !g_variant_lookup (variant, "question", "u", &number) || number == 0
      || !g_variant_lookup (variant, "question-text", "&s", &text)
      || !g_variant_lookup (variant, "question-asked", "&s", &asked))
    return NULL;
  return ofl_question_new (number, text, asked);
}

/**
 * ofl_wire_pack_lines:
 * @lines: (element-type OflLogLine): log lines
 *
 * Returns: (transfer floating): the same for the bus, aa{sv}
 */
GVariant *
ofl_wire_pack_lines (GPtrArray *lines)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (LINES_TYPE));
  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
      add (&builder, "seq", g_variant_new_uint64 (line->seq));
      add (&builder, "time-us", g_variant_new_int64 (line->time_us));
      add (&builder, "level", g_variant_new_string (ofl_log_level_id (line->level)));
      add (&builder, "text", g_variant_new_string (line->text));
      g_variant_builder_close (&builder);
    }
  return g_variant_builder_end (&builder);
}

/* A level that is not known here is shown: it may matter. */
static OflLogLevel
parse_level (const char *id)
{
  for (OflLogLevel level = OFL_LOG_COMMAND; level <= OFL_LOG_ERROR; level++)
    if (g_str_equal (ofl_log_level_id (level), id))
      return level;
  return OFL_LOG_INFO;
}

static void
add_line (GPtrArray *lines, guint64 seq, gint64 time_us, OflLogLevel level, const char *text)
{
  OflLogLine *line = g_new0 (OflLogLine, 1);

  line->seq = seq;
  line->time_us = time_us;
  line->level = level;
  line->text = g_strdup (text);
  g_ptr_array_add (lines, line);
}

static void
unpack_old_lines (GVariant *variant, GPtrArray *lines)
{
  GVariantIter iter;
  guint64 seq;
  gint64 time_us;
  guint32 level;
  const char *text;

  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_next (&iter, "(txu&s)", &seq, &time_us, &level, &text))
    add_line (lines, seq, time_us, MIN (level, OFL_LOG_ERROR), text);
}

/**
 * ofl_wire_unpack_lines:
 * @variant: what came over the bus
 * @lines: (element-type OflLogLine): they are appended here
 *
 * The log is what is left to show when progress cannot be read, so the first version's lines are
 * read too. A line without a number or a text is passed over.
 */
void
ofl_wire_unpack_lines (GVariant *variant, GPtrArray *lines)
{
  GVariantIter iter;
  GVariant *dict;

  if (g_variant_is_of_type (variant, G_VARIANT_TYPE (OLD_LINES_TYPE)))
    unpack_old_lines (variant, lines);
  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE (LINES_TYPE)))
    return;
  g_variant_iter_init (&iter, variant);
  while ((dict = g_variant_iter_next_value (&iter)) != NULL)
    {
      const char *text, *level = "";
      gint64 time_us = 0;
      guint64 seq;

      g_variant_lookup (dict, "time-us", "x", &time_us);
      g_variant_lookup (dict, "level", "&s", &level);
      if (g_variant_lookup (dict, "seq", "t", &seq) && g_variant_lookup (dict, "text", "&s", &text))
        add_line (lines, seq, time_us, parse_level (level), text);
      g_variant_unref (dict);
    }
}

/* The strings of a result, by name. */
static char **
result_field (OflResult *result, guint index, const char **name)
{
  static const char *const names[]
      = { "what",    "meaning",         "next",           "technical",   "proof",       "backup",
          "journal", "revision-before", "revision-after", "record-what", "record-proof" };
  char **const fields[]
      = { &result->what,         &result->meaning,         &result->next,
          &result->technical,    &result->proof,           &result->backup_path,
          &result->journal_path, &result->revision_before, &result->revision_after,
          &result->record_what,  &result->record_proof };

  if (index >= G_N_ELEMENTS (names))
    return NULL;
  *name = names[index];
  return fields[index];
}

/**
 * ofl_wire_pack_result:
 * @result: (nullable): a result
 *
 * Returns: (transfer floating): the same for the bus, a{sv}; empty for %NULL
 */
GVariant *
ofl_wire_pack_result (const OflResult *result)
{
  GVariantBuilder builder;
  const char *name;
  char **field;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (result != NULL)
    {
      add (&builder, "verdict", g_variant_new_string (ofl_verdict_id (result->verdict)));
      for (guint i = 0; (field = result_field ((OflResult *) result, i, &name)) != NULL; i++)
        if (*field != NULL)
          add (&builder, name, g_variant_new_take_string (g_utf8_make_valid (*field, -1)));
    }
  return g_variant_builder_end (&builder);
}

/* The job is over, and this program cannot tell how: what the service says is passed on as its
 * words, and nothing is made of them. */
static void
explain_unknown_verdict (OflResult *result, const char *verdict)
{
  g_autofree char *cut = g_strndup (verdict, 64);
  g_autofree char *valid = g_utf8_make_valid (cut, -1);
  g_autofree char *said = g_steal_pointer (&result->what);
  g_autofree char *meaning = g_steal_pointer (&result->meaning);
  g_autofree char *words = said != NULL && meaning != NULL
                               ? g_strconcat (said, " ", meaning, NULL)
                               : g_strdup (said != NULL ? said : meaning);

  result->what
      = g_strdup_printf (_ ("The Optiflash service is of another version. It ended the job "
                            "with “%s”, which is no verdict that this program knows."),
                         valid);
  if (words != NULL)
    /* Translators: %s are the sentences of a service of another version */
    result->meaning = g_strdup_printf (_ ("The service says: %s"), words);
  else
    result->meaning = g_strdup (_ ("What that means for the drive, this program cannot tell."));
  if (result->next == NULL)
    result->next
        = g_strdup (_ ("Look at the drive's state and at the journal; close all windows of "
                       "Optiflash and start it again."));
}

/**
 * ofl_wire_unpack_result:
 * @variant: what came over the bus
 *
 * Reads the first version's results too. One whose verdict is not known here is
 * %OFL_VERDICT_UNKNOWN, and says so.
 *
 * Returns: (transfer full) (nullable): the result, %NULL while there is none
 */
OflResult *
ofl_wire_unpack_result (GVariant *variant)
{
  const char *verdict = "";
  OflResult *result;
  const char *name;
  char **field;

  if ((!g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT)
       && !g_variant_is_of_type (variant, G_VARIANT_TYPE ("a{ss}")))
      || g_variant_n_children (variant) == 0)
    return NULL;
  result = ofl_result_new (OFL_VERDICT_UNKNOWN);
  for (guint i = 0; (field = result_field (result, i, &name)) != NULL; i++)
    g_variant_lookup (variant, name, "s", field);
  g_variant_lookup (variant, "verdict", "&s", &verdict);
  if (!ofl_verdict_parse (verdict, &result->verdict))
    explain_unknown_verdict (result, verdict);
  return result;
}
