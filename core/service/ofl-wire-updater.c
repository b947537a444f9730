/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the maker's program is run, as it crosses the bus. */
#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"
#include "service/ofl-wire-private.h"

static void
add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

/* A file's name is bytes. */
static GVariant *
new_name (const char *path)
{
  return g_variant_new_take_string (g_filename_display_name (path));
}

/**
 * ofl_wire_pack_updater:
 * @run: how the maker's program is run
 *
 * Returns: (transfer floating): what of it is the service's business, a{sv}
 */
GVariant *
ofl_wire_pack_updater (const OflUpdaterOptions *run)
{
  g_autofree char *name = g_path_get_basename (run->files[0]);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add (&builder, "file", new_name (name));
  add (&builder, "unattended", g_variant_new_boolean (run->unattended));
  if (run->tape != NULL)
    {
      add (&builder, "tape", new_name (run->tape));
      add (&builder, "tape-whole", g_variant_new_boolean (run->tape_whole));
    }
  return g_variant_builder_end (&builder);
}

static gboolean
take_name (GVariant *value, char **field)
{
  return ofl_wire_take_string (value, field) && **field != '\0';
}

static gboolean
take_all (OflUpdaterOptions *run, GVariant *variant, GError **error)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      G_GNUC_UNUSED g_autoptr (GVariant) owned = value;
      gboolean ok = FALSE;

      if (g_str_equal (key, "file"))
        ok = take_name (value, &run->files[0]);
      else if (g_str_equal (key, "tape"))
        ok = take_name (value, &run->tape);
      else if (g_str_equal (key, "unattended"))
        ok = ofl_wire_take_boolean (value, &run->unattended);
      else if (g_str_equal (key, "tape-whole"))
        ok = ofl_wire_take_boolean (value, &run->tape_whole);
      if (ok)
        continue;
      return ofl_wire_refuse_option (key, error);
    }
  return TRUE;
}

/**
 * ofl_wire_unpack_updater:
 * @variant: what came over the bus, a{sv}
 * @keeper: (transfer full): the socket to the keeper
 * @tape: (transfer full): the tape, -1 for none
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the same, with these two; %NULL with %OFL_ERROR_FAILED when anything is
 *   not as it should be
 */
OflUpdaterOptions *
ofl_wire_unpack_updater (GVariant *variant, int keeper, int tape, GError **error)
{
  const char *const files[] = { "", NULL };
  g_autoptr (OflUpdaterOptions) run = ofl_updater_options_new (files);

  run->keeper = keeper;
  run->tape_fd = tape;
  if (!take_all (run, variant, error))
    return NULL;
  if (run->files[0][0] != '\0' && keeper >= 0 && (run->tape != NULL) == (tape >= 0))
    return g_steal_pointer (&run);
  ofl_set_error (error, OFL_ERROR_FAILED,
                 _ ("What is needed to run the maker's program was not handed over."));
  return NULL;
}
