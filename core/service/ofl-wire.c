/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ofl-wire.h"

#include <math.h>
#include <string.h>

#include "scsi/ofl-error.h"

#define STAGE_TYPE "(uttxuud)"
#define VIEW_TYPE "(a" STAGE_TYPE "uddxbbsxuubu)"
/* A name is for people: nobody needs a longer one. */
#define MAX_TEXT 4096
#define MAX_CHOICES 32

/**
 * ofl_wire_pack_view:
 * @view: progress at one moment
 *
 * Returns: (transfer floating): the same for the bus
 */
GVariant *
ofl_wire_pack_view (const OflProgressView *view)
{
  GVariantBuilder stages;

  g_variant_builder_init (&stages, G_VARIANT_TYPE ("a" STAGE_TYPE));
  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      const OflStageView *s = &view->stages[i];

      g_variant_builder_add (&stages, STAGE_TYPE, (guint32) s->state, s->bytes_done,
                             s->bytes_total, s->elapsed_us, (guint32) s->usual_ms,
                             (guint32) s->max_ms, s->fraction);
    }
  return g_variant_new (VIEW_TYPE, &stages, (guint32) view->current, view->fraction, view->rate,
                        view->left_ms, view->cancelable, view->danger, view->command,
                        view->command_us, (guint32) view->command_usual_ms,
                        (guint32) view->command_limit_ms, view->finished,
                        (guint32) view->verdict);
}

static double
sane (double value, double max)
{
  return isfinite (value) ? CLAMP (value, 0, max) : 0;
}

/**
 * ofl_wire_unpack_view:
 * @variant: what came over the bus
 * @view: (out caller-allocates): progress
 *
 * Returns: %FALSE when it is no progress of this program
 */
gboolean
ofl_wire_unpack_view (GVariant *variant, OflProgressView *view)
{
  g_autoptr (GVariant) stages = NULL;
  guint32 current, usual, limit, verdict;
  const char *command;
  guint32 n;

  memset (view, 0, sizeof *view);
  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE (VIEW_TYPE)))
    return FALSE;
  g_variant_get (variant, "(@a" STAGE_TYPE "uddxbb&sxuubu)", &stages, &current, &view->fraction,
                 &view->rate, &view->left_ms, &view->cancelable, &view->danger, &command,
                 &view->command_us, &usual, &limit, &view->finished, &verdict);
  n = (guint32) g_variant_n_children (stages);
  if (n != OFL_N_STAGES || current >= OFL_N_STAGES || verdict > OFL_VERDICT_DIFFERENT)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      OflStageView *s = &view->stages[i];
      guint32 state, stage_usual, stage_max;

      g_variant_get_child (stages, i, STAGE_TYPE, &state, &s->bytes_done, &s->bytes_total,
                           &s->elapsed_us, &stage_usual, &stage_max, &s->fraction);
      if (state > OFL_STAGE_STATE_FAILED)
        return FALSE;
      s->state = state;
      s->usual_ms = stage_usual;
      s->max_ms = stage_max;
      s->fraction = sane (s->fraction, 1);
    }
  view->current = current;
  view->fraction = sane (view->fraction, 1);
  view->rate = sane (view->rate, 1e12);
  view->command_usual_ms = usual;
  view->command_limit_ms = limit;
  view->verdict = verdict;
  g_strlcpy (view->command, command, sizeof view->command);
  return TRUE;
}

/**
 * ofl_wire_pack_lines:
 * @lines: (element-type OflLogLine): log lines
 *
 * Returns: (transfer floating): the same for the bus
 */
GVariant *
ofl_wire_pack_lines (GPtrArray *lines)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(txus)"));
  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      g_variant_builder_add (&builder, "(txus)", line->seq, line->time_us, (guint32) line->level,
                             line->text);
    }
  return g_variant_builder_end (&builder);
}

/**
 * ofl_wire_unpack_lines:
 * @variant: what came over the bus, of type a(txus)
 * @lines: (element-type OflLogLine): they are appended here
 */
void
ofl_wire_unpack_lines (GVariant *variant, GPtrArray *lines)
{
  GVariantIter iter;
  guint64 seq;
  gint64 time_us;
  guint32 level;
  const char *text;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE ("a(txus)")))
    return;
  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_next (&iter, "(txu&s)", &seq, &time_us, &level, &text))
    {
      OflLogLine *line = g_new0 (OflLogLine, 1);

      line->seq = seq;
      line->time_us = time_us;
      line->level = MIN (level, OFL_LOG_ERROR);
      line->text = g_strdup (text);
      g_ptr_array_add (lines, line);
    }
}

/* The strings of a result, by name. */
static char **
result_field (OflResult *result, guint index, const char **name)
{
  static const char *const names[] = { "what",    "meaning", "next",            "technical",
                                       "proof",   "backup",  "journal",         "revision-before",
                                       "revision-after" };
  char **const fields[] = { &result->what,
                            &result->meaning,
                            &result->next,
                            &result->technical,
                            &result->proof,
                            &result->backup_path,
                            &result->journal_path,
                            &result->revision_before,
                            &result->revision_after };

  if (index >= G_N_ELEMENTS (names))
    return NULL;
  *name = names[index];
  return fields[index];
}

/**
 * ofl_wire_pack_result:
 * @result: (nullable): a result
 *
 * Returns: (transfer floating): the same for the bus; empty for %NULL
 */
GVariant *
ofl_wire_pack_result (const OflResult *result)
{
  GVariantBuilder builder;
  const char *name;
  char **field;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  if (result != NULL)
    {
      g_variant_builder_add (&builder, "{ss}", "verdict", ofl_verdict_id (result->verdict));
      for (guint i = 0; (field = result_field ((OflResult *) result, i, &name)) != NULL; i++)
        if (*field != NULL)
          {
            g_autofree char *valid = g_utf8_make_valid (*field, -1);

            g_variant_builder_add (&builder, "{ss}", name, valid);
          }
    }
  return g_variant_builder_end (&builder);
}

/**
 * ofl_wire_unpack_result:
 * @variant: what came over the bus, of type a{ss}
 *
 * Returns: (transfer full) (nullable): the result, %NULL while there is none
 */
OflResult *
ofl_wire_unpack_result (GVariant *variant)
{
  const char *verdict;
  OflResult *result;
  const char *name;
  char **field;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE ("a{ss}"))
      || !g_variant_lookup (variant, "verdict", "&s", &verdict))
    return NULL;
  result = ofl_result_new (OFL_VERDICT_UNKNOWN);
  for (OflVerdict v = OFL_VERDICT_NONE; v <= OFL_VERDICT_DIFFERENT; v++)
    if (g_str_equal (ofl_verdict_id (v), verdict))
      result->verdict = v;
  for (guint i = 0; (field = result_field (result, i, &name)) != NULL; i++)
    g_variant_lookup (variant, name, "s", field);
  return result;
}

static const char *const job_kinds[] = { "flash", "backup", "verify" };

/**
 * ofl_wire_job_kind_id:
 * @kind: what a job does
 *
 * Returns: the word for it on the bus
 */
const char *
ofl_wire_job_kind_id (OflJobKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (job_kinds), "");
  return job_kinds[kind];
}

/**
 * ofl_wire_parse_job_kind:
 * @id: a word that came over the bus
 * @kind: (out): what it means
 *
 * Returns: %FALSE when it means nothing
 */
gboolean
ofl_wire_parse_job_kind (const char *id, OflJobKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (job_kinds); i++)
    if (g_str_equal (id, job_kinds[i]))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static void
add_string (GVariantBuilder *builder, const char *name, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (builder, "{sv}", name, g_variant_new_string (value));
}

static void
add_choices (GVariantBuilder *builder, const OflChoices *choices)
{
  g_autoptr (GPtrArray) names = NULL;
  GVariantBuilder inner;

  if (choices == NULL)
    return;
  names = ofl_choices_list_names (choices);
  g_variant_builder_init (&inner, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      g_variant_builder_add (&inner, "{ss}", name, ofl_choices_get (choices, name));
    }
  g_variant_builder_add (builder, "{sv}", "choices", g_variant_builder_end (&inner));
}

/**
 * ofl_wire_pack_options:
 * @options: a job's options; folders stay behind: the service keeps its own
 * @image: (nullable): the image that was chosen
 * @practice_speed: for practice drives
 *
 * Returns: (transfer floating): the same for the bus
 */
GVariant *
ofl_wire_pack_options (const OflJobOptions *options, const OflImage *image, double practice_speed)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (image != NULL)
    add_string (&builder, "image-sha256", ofl_image_get_hashes (image)->sha256);
  add_string (&builder, "family", options->family);
  add_choices (&builder, options->choices);
  g_variant_builder_add (&builder, "{sv}", "accept-warnings",
                         g_variant_new_boolean (options->accept_warnings));
  g_variant_builder_add (&builder, "{sv}", "accept-no-backup",
                         g_variant_new_boolean (options->accept_no_backup));
  g_variant_builder_add (&builder, "{sv}", "rewrite",
                         g_variant_new_boolean (options->rewrite_identical));
  g_variant_builder_add (&builder, "{sv}", "practice-speed", g_variant_new_double (practice_speed));
  return g_variant_builder_end (&builder);
}

static gboolean
bad_option (const char *name, GError **error)
{
  g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
               "The option “%s” is unknown, or its value is not allowed.", name);
  return FALSE;
}

static gboolean
take_string (GVariant *value, char **field)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
      || strlen (g_variant_get_string (value, NULL)) > MAX_TEXT)
    return FALSE;
  g_free (*field);
  *field = g_variant_dup_string (value, NULL);
  return TRUE;
}

static gboolean
take_boolean (GVariant *value, gboolean *field)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return FALSE;
  *field = g_variant_get_boolean (value);
  return TRUE;
}

static gboolean
take_choices (GVariant *value, OflJobOptions *options)
{
  GVariantIter iter;
  const char *name, *choice;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("a{ss}"))
      || g_variant_n_children (value) > MAX_CHOICES)
    return FALSE;
  g_clear_pointer (&options->choices, ofl_choices_unref);
  options->choices = ofl_choices_new ();
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &choice))
    {
      if (strlen (name) > 64 || strlen (choice) > 64)
        return FALSE;
      ofl_choices_set (options->choices, name, choice);
    }
  return TRUE;
}

static gboolean
take_speed (GVariant *value, double *speed)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return FALSE;
  *speed = g_variant_get_double (value);
  return isfinite (*speed) && *speed >= 0 && *speed <= 1e6;
}

static gboolean
take_sha256 (GVariant *value, char **field)
{
  if (!take_string (value, field) || strlen (*field) != 64)
    return FALSE;
  for (const char *p = *field; *p != '\0'; p++)
    if (!g_ascii_isxdigit (*p))
      return FALSE;
  return TRUE;
}

/**
 * ofl_wire_unpack_options:
 * @variant: what came over the bus, a{sv}
 * @options: options to fill in
 * @image_sha256: (out) (nullable): which image
 * @name: (out) (nullable): the file's name
 * @practice_speed: (out): for practice drives
 * @error: return location
 *
 * Returns: %FALSE with %OFL_ERROR_FAILED when an option is unknown, of the wrong type or out of
 *   range; nothing is guessed
 */
gboolean
ofl_wire_unpack_options (GVariant *variant,
                         OflJobOptions *options,
                         char **image_sha256,
                         char **name,
                         double *practice_speed,
                         GError **error)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  *practice_speed = 1;
  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      G_GNUC_UNUSED g_autoptr (GVariant) owned = value;
      gboolean ok;

      if (g_str_equal (key, "image-sha256"))
        ok = take_sha256 (value, image_sha256);
      else if (g_str_equal (key, "name"))
        ok = take_string (value, name);
      else if (g_str_equal (key, "family"))
        ok = take_string (value, &options->family);
      else if (g_str_equal (key, "choices"))
        ok = take_choices (value, options);
      else if (g_str_equal (key, "accept-warnings"))
        ok = take_boolean (value, &options->accept_warnings);
      else if (g_str_equal (key, "accept-no-backup"))
        ok = take_boolean (value, &options->accept_no_backup);
      else if (g_str_equal (key, "rewrite"))
        ok = take_boolean (value, &options->rewrite_identical);
      else if (g_str_equal (key, "practice-speed"))
        ok = take_speed (value, practice_speed);
      else
        ok = FALSE;
      if (!ok)
        return bad_option (key, error);
    }
  return TRUE;
}

static gboolean
is_number (const char *text)
{
  gsize length = strlen (text);

  /* one name a drive: sr0 has no other spelling */
  return length >= 1 && length <= 4 && strspn (text, "0123456789") == length
         && (text[0] != '0' || length == 1);
}

static gboolean
is_word (const char *text)
{
  gsize length = strlen (text);

  return length >= 1 && length <= 32
         && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/**
 * ofl_wire_check_drive_path:
 * @path: what a client calls a drive
 * @error: return location
 *
 * Only /dev/srN and practice:ID are drives; every other path is refused before it is opened.
 *
 * Returns: whether it may be one
 */
gboolean
ofl_wire_check_drive_path (const char *path, GError **error)
{
  if ((g_str_has_prefix (path, "/dev/sr") && is_number (path + strlen ("/dev/sr")))
      || (g_str_has_prefix (path, "practice:") && is_word (path + strlen ("practice:"))))
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
               "This is not the name of an optical drive. Use /dev/srN.");
  return FALSE;
}
