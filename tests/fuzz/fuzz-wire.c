/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what comes over the bus, from a client that is hostile or of another version. The
 * first byte says what it is taken for; with 80h it is put into normal form first, as GDBus does
 * not always. */
#include "fuzz.h"

#include <string.h>

#include "scsi/ofl-error.h"
#include "service/ofl-wire.h"

#define NORMAL 0x80u

/* The types of the project's own messages, and others that a stranger might send. */
static const char *const types[] = {
  "(a(uttxuud)uddxbbsxuubu)", "a(txus)", "a{ss}", "a{sv}", "aa{sv}", "(a{sv})", "(ssssssss)", "v",
};

static guint
index_of (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i], type))
      return i;
  g_assert_not_reached ();
}

static void
use_view (GVariant *message)
{
  OflProgressView view;
  g_autoptr (GError) error = NULL;

  if (!ofl_wire_unpack_view (message, &view, &error))
    {
      g_assert_nonnull (error);
      return;
    }
  g_assert_true (view.fraction >= 0 && view.fraction <= 1);
  g_assert_cmpuint (view.current, <, OFL_N_STAGES);
}

static void
use_options (GVariant *message)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autofree char *sha256 = NULL, *name = NULL;
  g_autoptr (GError) error = NULL;
  double speed;

  if (!g_variant_is_of_type (message, G_VARIANT_TYPE_VARDICT))
    return;
  if (ofl_wire_unpack_options (message, options, &sha256, &name, &speed, &error))
    g_assert_true (speed >= 0 && speed <= 1e6);
  else
    g_assert_nonnull (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) message = NULL;
  g_autoptr (OflResult) result = NULL;
  g_autofree char *path = NULL;

  if (length < 2)
    return 0;
  bytes = g_bytes_new (data + 1, length - 1);
  message = g_variant_ref_sink (g_variant_new_from_bytes (
      G_VARIANT_TYPE (types[(data[0] & 0x7Fu) % G_N_ELEMENTS (types)]), bytes, FALSE));
  if (data[0] & NORMAL)
    {
      g_autoptr (GVariant) raw = g_steal_pointer (&message);

      message = g_variant_get_normal_form (raw);
    }
  use_view (message);
  ofl_wire_unpack_lines (message, lines);
  result = ofl_wire_unpack_result (message);
  use_options (message);
  path = g_strndup ((const char *) data + 1, length - 1);
  if (g_utf8_validate (path, -1, NULL))
    ofl_wire_check_drive_path (path, NULL);
  return 0;
}

/* Consumes @floating. */
static void
take_message (FuzzTake take, gpointer user, const char *name, GVariant *floating)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (floating);
  const char *type = g_variant_get_type_string (message);

  fuzz_take_prefixed (take, user, name, (guint8) index_of (type), g_variant_get_data (message),
                      g_variant_get_size (message));
}

static GVariant *
pack_lines (void)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  OflLogLine line = { .seq = 7, .time_us = 12, .level = OFL_LOG_ERROR, .text = (char *) "text" };

  g_ptr_array_add (lines, &line);
  return ofl_wire_pack_lines (lines);
}

void
fuzz_make_seeds (FuzzTake take, gpointer user)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflResult) result = ofl_result_new (OFL_VERDICT_VERIFIED);
  OflProgressView view = { .fraction = 0.5, .current = OFL_STAGE_BACKUP };

  options->choices = ofl_choices_new ();
  ofl_choices_set (options->choices, "dialect", "oem");
  options->family = g_strdup ("mt1959");
  result->what = g_strdup ("what happened");
  result->next = g_strdup ("what to do");
  take_message (take, user, "view", ofl_wire_pack_view (&view, NULL));
  take_message (take, user, "lines", pack_lines ());
  take_message (take, user, "result", ofl_wire_pack_result (result));
  take_message (take, user, "options", ofl_wire_pack_options (options, NULL, 4));
}
