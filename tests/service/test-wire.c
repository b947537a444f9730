/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What crosses the bus, checked as if hostile. */
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kit/locks.h"
#include "kit/ran.h"
#include "scsi/ofl-error.h"
#include "service/ofl-service-start.h"
#include "service/ofl-wire.h"

static void
test_paths (void)
{
  static const char *const good[] = { "/dev/sr0", "/dev/sr17", "practice:bu40n" };
  static const char *const bad[] = { "",
                                     "/dev/sr",
                                     "/dev/sr00",
                                     "/dev/sr01",
                                     "/dev/sr0/../sda",
                                     "/dev/sr-1",
                                     "/dev/sr12345",
                                     "/dev/sda",
                                     "/dev/sg0",
                                     "sr0",
                                     "/dev/sr0 ",
                                     "practice:",
                                     "practice:../x",
                                     "practice:A",
                                     "practice:a b",
                                     "/etc/passwd",
                                     "/dev/sr\xd9\xa1",
                                     "practice:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (ofl_wire_check_drive_path (good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ofl_wire_check_drive_path (bad[i], &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
    }
}

static gboolean
takes_option (const char *name, GVariant *value)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autofree char *sha256 = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GVariant) dict = NULL;
  g_autoptr (GError) error = NULL;
  GVariantBuilder builder;
  double speed;
  gboolean taken;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", name, value);
  dict = g_variant_ref_sink (g_variant_builder_end (&builder));
  taken = ofl_wire_unpack_options (dict, options, &sha256, &file, &speed, &error);
  g_assert_true (taken == (error == NULL));
  return taken;
}

static void
test_options (void)
{
  g_autofree char *hash = g_strnfill (64, 'a');
  g_autofree char *no_hash = g_strnfill (64, 'g');
  g_autofree char *long_text = g_strnfill (5000, 'x');

  g_assert_true (takes_option ("image-sha256", g_variant_new_string (hash)));
  g_assert_false (takes_option ("image-sha256", g_variant_new_string (no_hash)));
  g_assert_false (takes_option ("image-sha256", g_variant_new_string ("aa")));
  g_assert_true (takes_option ("name", g_variant_new_string ("x.bin")));
  g_assert_false (takes_option ("name", g_variant_new_string (long_text)));
  g_assert_false (takes_option ("name", g_variant_new_int32 (1)));
  g_assert_true (takes_option ("image-file", g_variant_new_string ("/x/new.bin")));
  g_assert_false (takes_option ("image-file", g_variant_new_string (long_text)));
  g_assert_false (takes_option ("image-with", g_variant_new_int32 (1)));
  g_assert_true (takes_option ("rewrite", g_variant_new_boolean (TRUE)));
  g_assert_false (takes_option ("rewrite", g_variant_new_string ("yes")));
  g_assert_true (takes_option ("practice-speed", g_variant_new_double (1e6)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double (1e7)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double (-1)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double ((double) NAN)));
  g_assert_false (takes_option ("practice-speed", g_variant_new_double ((double) INFINITY)));
  g_assert_false (takes_option ("state-dir", g_variant_new_string ("/tmp")));
  g_assert_false (takes_option ("choices", g_variant_new_string ("a=b")));
  g_assert_true (takes_option ("choices", g_variant_new_parsed ("{'enc': 'off'}")));
}

static OflStartRequest *
request (const char *kind, GVariant *expected, int fd, GError **error)
{
  g_autoptr (GVariant) identity
      = g_variant_ref_sink (expected != NULL ? expected : g_variant_new_parsed ("@a{ss} {}"));
  g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {}"));

  return ofl_start_request_new (kind, "practice:bu40n", identity, options, fd, error);
}

static void
test_requests (void)
{
  g_autofree char *serial = g_strnfill (500, '1');
  g_autoptr (GError) error = NULL;

  g_assert_null (request ("erase", NULL, -1, &error));
  g_clear_error (&error);
  g_assert_null (request ("flash", NULL, -1, &error));
  g_clear_error (&error);
  g_assert_null (request ("backup", NULL, open ("/dev/null", O_RDONLY | O_CLOEXEC), &error));
  g_clear_error (&error);
  g_assert_null (request ("backup", g_variant_new_parsed ("{'serial': %s}", serial), -1, &error));
  g_assert_nonnull (strstr (error->message, "longer than any drive's"));
}

static void
assert_file_refused (int fd)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  OflStartRequest *start = request ("flash", NULL, fd, &error);

  g_assert_no_error (error);
  ofl_start_request_load_async (start, await_keep, &result);
  await_result (&result);
  g_assert_false (ofl_start_request_load_finish (result, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
  ofl_start_request_free (start);
}

/* A pipe would be read for ever, a device too, and a huge file would fill the memory. */
static void
test_files (void)
{
  int ends[2];
  int huge = memfd_create ("huge", MFD_CLOEXEC);

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  assert_file_refused (ends[0]);
  close (ends[1]);
  g_assert_cmpint (ftruncate (huge, G_GINT64_CONSTANT (1) << 40), ==, 0);
  assert_file_refused (huge);
  assert_file_refused (memfd_create ("empty", MFD_CLOEXEC));
  assert_file_refused (open ("/dev/zero", O_RDONLY | O_CLOEXEC));
  assert_file_refused (open ("/", O_RDONLY | O_CLOEXEC));
  assert_file_refused (open ("/dev/null", O_WRONLY | O_CLOEXEC));
}

/* Progress, log and result */

static void
fill_view (OflProgressView *view)
{
  memset (view, 0, sizeof *view);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    view->stages[i] = (OflStageView){
      i % (OFL_STAGE_STATE_FAILED + 1), 10 + i, 20 + i, 30 + i, 40 + i, 50 + i, i / 10.0
    };
  view->current = OFL_STAGE_SEND;
  view->fraction = 0.5;
  view->rate = 1000;
  view->left_ms = 4000;
  view->danger = TRUE;
  g_strlcpy (view->command, "WRITE BUFFER", sizeof view->command);
  view->command_us = 5;
  view->command_usual_ms = 6;
  view->command_limit_ms = 7;
  view->verdict = OFL_VERDICT_DIFFERENT;
}

static void
test_views (void)
{
  OflProgressView view, back;
  g_autoptr (GVariant) packed = NULL;
  g_autoptr (GError) error = NULL;

  fill_view (&view);
  packed = g_variant_ref_sink (ofl_wire_pack_view (&view, NULL));
  ofl_wire_unpack_view (packed, &back, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      g_assert_cmpint (back.stages[i].state, ==, view.stages[i].state);
      if (view.stages[i].state != OFL_STAGE_STATE_SKIPPED)
        g_assert_cmpmem (&back.stages[i], sizeof back.stages[i], &view.stages[i],
                         sizeof view.stages[i]);
      memset (&back.stages[i], 0, sizeof back.stages[i]);
      memset (&view.stages[i], 0, sizeof view.stages[i]);
    }
  g_assert_cmpmem (&back, sizeof back, &view, sizeof view);
}

/* What only a job of the maker's program has, and what it asks. */
static void
test_other (void)
{
  g_autoptr (OflQuestion) question = ofl_question_new (3, "What was found.", "Let it write?");
  g_autoptr (OflQuestion) asked = NULL;
  g_autoptr (GVariant) packed = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  OflProgressView view, back;

  fill_view (&view);
  view.by_other = TRUE;
  view.held = TRUE;
  view.idle_us = 8;
  g_strlcpy (view.idle_command, "READ BUFFER", sizeof view.idle_command);
  none = g_variant_ref_sink (ofl_wire_pack_view (&view, NULL));
  g_assert_null (ofl_wire_unpack_question (none));
  packed = g_variant_ref_sink (ofl_wire_pack_view (&view, question));
  ofl_wire_unpack_view (packed, &back, &error);
  g_assert_no_error (error);
  g_assert_true (back.by_other && back.held);
  g_assert_cmpint (back.idle_us, ==, 8);
  g_assert_cmpstr (back.idle_command, ==, "READ BUFFER");
  g_assert_cmpuint (back.question, ==, 3);
  asked = ofl_wire_unpack_question (packed);
  g_assert_cmpuint (asked->number, ==, 3);
  g_assert_cmpstr (asked->text, ==, "What was found.");
  g_assert_cmpstr (asked->asked, ==, "Let it write?");
}

static GVariant *
text_variant (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *variant = g_variant_parse (NULL, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return variant;
}

#define NEEDED \
  "'stage': <'send'>, 'fraction': <0.5>, 'danger': <true>, 'cancelable': <false>, " \
  "'finished': <false>"

/* Names that a newer peer added are passed over, and what is only nice to have may be missing. */
static void
test_readable_views (void)
{
  static const char *const texts[] = {
    "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
    "{'version': <uint32 2>, 'verdict': <'none'>, 'spin': <@ai [1, 2]>, 'stages': <{'send': "
    "{'state': <'running'>, 'fraction': <0.25>, 'colour': <'blue'>}}>, " NEEDED "}",
    "{'version': <uint32 2>, 'verdict': <'none'>, 'rate': <'fast'>, 'left-ms': <1.5>, 'stages': "
    "<@a{sa{sv}} {}>, " NEEDED "}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) variant = text_variant (texts[i]);
      g_autoptr (GError) error = NULL;
      OflProgressView view;

      ofl_wire_unpack_view (variant, &view, &error);
      g_assert_no_error (error);
      g_assert_cmpint (view.current, ==, OFL_STAGE_SEND);
      g_assert_true (view.danger);
      g_assert_cmpint (view.left_ms, ==, -1);
      g_assert_cmpfloat (view.rate, ==, 0);
      g_assert_false (view.unreadable);
    }
}

/* Half of a progress would be a lie: each of these is of another version, and the error says by
 * what. The first is how the first version wrote progress. */
static void
test_unreadable_views (void)
{
  static const struct {
    const char *text;
    const char *why;
  } rows[] = {
    { "([(uint32 1, uint64 2, uint64 3, int64 4, uint32 5, uint32 6, 0.5)], uint32 0, 0.5, 0.0, "
      "int64 1, true, false, '', int64 0, uint32 0, uint32 0, false, uint32 0)",
      "(a(uttxuud)uddxbbsxuubu)" },
    { "'x'", "it writes progress as “s”" },
    { "@a{sv} {}", "it does not say “version”" },
    { "{'version': <uint32 3>, 'verdict': <'none'>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
      "it writes version “3”" },
    { "{'version': <uint32 2>, 'verdict': <'polished'>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
      "it names the verdict “polished”" },
    { "{'version': <uint32 2>, 'verdict': <uint32 1>, 'stages': <@a{sa{sv}} {}>, " NEEDED "}",
      "it does not say “verdict”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stage': <'polish'>, 'fraction': <0.5>, "
      "'danger': <true>, 'cancelable': <false>, 'finished': <false>, 'stages': <@a{sa{sv}} {}>}",
      "it names the stage “polish”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <{'polish': {'state': <'pending'>, "
      "'fraction': <0.0>}}>, " NEEDED "}",
      "it names the stage “polish”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <{'send': {'state': <'paused'>, "
      "'fraction': <0.0>}}>, " NEEDED "}",
      "it names the state “paused”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, 'stages': <{'send': {'state': <'running'>}}>, " NEEDED
      "}",
      "it does not say “fraction”" },
    { "{'version': <uint32 2>, 'verdict': <'none'>, " NEEDED "}", "it does not say “stages”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GVariant) variant = text_variant (rows[i].text);
      g_autoptr (GError) error = NULL;
      OflProgressView view;

      g_assert_false (ofl_wire_unpack_view (variant, &view, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, rows[i].why));
    }
}

static void
assert_line (GPtrArray *lines, guint index, guint64 seq, OflLogLevel level, const char *text)
{
  const OflLogLine *line = g_ptr_array_index (lines, index);

  g_assert_cmpuint (line->seq, ==, seq);
  g_assert_cmpint (line->level, ==, level);
  g_assert_cmpstr (line->text, ==, text);
}

static void
test_lines (void)
{
  static const char *const texts[] = {
    "[(uint64 1, int64 2, uint32 2, 'old'), (uint64 2, int64 2, uint32 9, 'odd')]",
    ("[{'seq': <uint64 3>, 'level': <'error'>, 'text': <'new'>, 'hue': <1>}, {'text': <'lost'>}, "
     "{'seq': <uint64 4>, 'level': <'shout'>, 'text': <'newer'>}]"),
    "'nonsense'",
  };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);
  g_autoptr (GVariant) packed = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) variant = text_variant (texts[i]);

      ofl_wire_unpack_lines (variant, lines);
    }
  packed = g_variant_ref_sink (ofl_wire_pack_lines (lines));
  g_ptr_array_set_size (lines, 0);
  ofl_wire_unpack_lines (packed, lines);
  g_assert_cmpuint (lines->len, ==, 4);
  assert_line (lines, 0, 1, OFL_LOG_WARNING, "old");
  assert_line (lines, 1, 2, OFL_LOG_ERROR, "odd");
  assert_line (lines, 2, 3, OFL_LOG_ERROR, "new");
  assert_line (lines, 3, 4, OFL_LOG_INFO, "newer");
}

static void
test_results (void)
{
  g_autoptr (GVariant) none = text_variant ("@a{sv} {}");
  g_autoptr (GVariant) known = text_variant ("{'verdict': 'verified', 'what': 'old', 'hue': 'x'}");
  g_autoptr (GVariant) newer
      = text_variant ("{'verdict': <'polished'>, 'what': <'It shines.'>, 'hue': <1>}");
  g_autoptr (GVariant) mute = text_variant ("{'what': <'Nothing.'>}");
  g_autoptr (OflResult) first = ofl_wire_unpack_result (known);
  g_autoptr (OflResult) second = ofl_wire_unpack_result (newer);
  g_autoptr (OflResult) third = ofl_wire_unpack_result (mute);

  g_assert_null (ofl_wire_unpack_result (none));
  g_assert_cmpint (first->verdict, ==, OFL_VERDICT_VERIFIED);
  g_assert_cmpstr (first->what, ==, "old");
  g_assert_cmpint (second->verdict, ==, OFL_VERDICT_UNKNOWN);
  g_assert_nonnull (strstr (second->what, "another version"));
  g_assert_nonnull (strstr (second->what, "“polished”"));
  g_assert_cmpstr (second->meaning, ==, "The service says: It shines.");
  g_assert_nonnull (second->next);
  g_assert_cmpint (third->verdict, ==, OFL_VERDICT_UNKNOWN);
  for (OflVerdict v = OFL_VERDICT_NONE; v < OFL_N_VERDICTS; v++)
    {
      g_autoptr (OflResult) one = ofl_result_new (v);
      g_autoptr (GVariant) packed = g_variant_ref_sink (ofl_wire_pack_result (one));
      g_autoptr (OflResult) back = ofl_wire_unpack_result (packed);

      g_assert_cmpint (back->verdict, ==, v);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system-bus", TRUE);
  g_test_add_func ("/wire/paths", test_paths);
  g_test_add_func ("/wire/options", test_options);
  g_test_add_func ("/wire/requests", test_requests);
  g_test_add_func ("/wire/views", test_views);
  g_test_add_func ("/wire/other", test_other);
  g_test_add_func ("/wire/readable-views", test_readable_views);
  g_test_add_func ("/wire/unreadable-views", test_unreadable_views);
  g_test_add_func ("/wire/lines", test_lines);
  g_test_add_func ("/wire/results", test_results);
  if (!LOCKS_ARE_SEEN)
    return g_test_run ();
  g_test_add_func ("/wire/files", test_files);
  return g_test_run ();
}
