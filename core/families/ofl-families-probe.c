/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which family a drive is of. Of one that none recognises, in words: whether its name is known all
 * the same, whether it refused the question by which it would have been recognised, whose name it
 * may be. */
#include "families/ofl-families.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "plan/ofl-action.h"
#include "scsi/ofl-error.h"

static GKeyFile *
get_enclosures (void)
{
  static GKeyFile *loaded = NULL;

  if (g_once_init_enter (&loaded))
    g_once_init_leave (&loaded, ofl_family_load_table ("enclosures"));
  return loaded;
}

static gboolean
is_listed (const char *group, const char *key, const char *text)
{
  g_auto (GStrv) list = g_key_file_get_string_list (get_enclosures (), group, key, NULL, NULL);

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    if (g_ascii_strcasecmp (list[i], text) == 0)
      return TRUE;
  return FALSE;
}

/* The maker's name with which @product begins, from the list of the table: the longest is first
 * there. */
static char *
find_maker_in (const char *product)
{
  g_auto (GStrv) makers
      = g_key_file_get_string_list (get_enclosures (), "shifted", "makers", NULL, NULL);

  for (guint i = 0; makers != NULL && makers[i] != NULL; i++)
    if (g_ascii_strncasecmp (product, makers[i], strlen (makers[i])) == 0)
      return g_strdup (makers[i]);
  return NULL;
}

/**
 * ofl_families_shifted_name:
 * @identity: who a drive says it is
 *
 * Some adapters put a name of theirs, or blanks, where INQUIRY has the maker, and move what the drive
 * says to where the product is, whose end is then lost.
 *
 * Returns: (transfer full) (nullable): a sentence on it, without what to do; %NULL when the name
 *   does not look so
 */
char *
ofl_families_shifted_name (const OflIdentity *identity)
{
  g_autofree char *vendor = g_strstrip (g_strdup (identity->vendor));
  g_autofree char *product = g_strstrip (g_strdup (identity->product));
  g_autofree char *maker = NULL;

  if (*vendor != '\0' && !is_listed ("shifted", "vendors", vendor))
    return NULL;
  maker = find_maker_in (product);
  if (maker == NULL)
    return NULL;
  return g_strdup_printf (
      /* Translators: a name as the adapter gives it, a maker, what is left of the drive's name */
      _ ("An adapter has changed the drive's name: where the maker belongs stands “%s”, and the "
         "maker's name %s is part of the product, “%s”, whose end is cut off. So the name does not "
         "tell which model this is."),
      vendor, maker, product);
}

/* The family whose table has a drive of this very name; NULL when none has. */
static const OflFamily *
find_by_name (const OflIdentity *identity)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autofree char *model = ofl_family_model_of (family, identity->vendor, identity->product);

      if (model != NULL)
        return family;
    }
  return NULL;
}

static gboolean
maker_is_known (const OflIdentity *identity)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autoptr (GPtrArray) models = ofl_family_list_models (family);

      if (ofl_family_lists (family, "family", "vendors", identity->vendor))
        return TRUE;
      for (guint k = 0; k < models->len; k++)
        if (g_ascii_strcasecmp (((const OflModel *) g_ptr_array_index (models, k))->vendor,
                                identity->vendor)
            == 0)
          return TRUE;
    }
  return FALSE;
}

/* An enclosure may put its own name there: one that is known for it, or, on USB, any maker's that
 * makes no drives of a family here. */
static gboolean
may_be_enclosure (const OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  gboolean usb = g_strcmp0 (ofl_snapshot_get_fact (snapshot, OFL_FACT_BUS), "usb") == 0;

  return is_listed ("enclosures", "vendors", identity->vendor)
         || is_listed ("enclosures", "products", identity->product)
         || (usb && !maker_is_known (identity));
}

static char *
say_known (const OflSnapshot *snapshot, const OflFamily *family, const char *name)
{
  const char *refused = ofl_snapshot_get_refused (snapshot);
  gboolean usb = g_strcmp0 (ofl_snapshot_get_fact (snapshot, OFL_FACT_BUS), "usb") == 0;

  if (refused != NULL)
    /* Translators: a drive, its family, and what it was asked for with its answer, of both */
    return g_strdup_printf (
        usb ? _ ("%s is a model that is known here (%s), but it or the USB bridge in front of it "
                 "refused to give %s. Without that nothing is written. Connect the drive by SATA, "
                 "or by another bridge, and look again.")
            : _ ("%s is a model that is known here (%s), but it or a bridge or adapter in front of "
                 "it refused to give %s. Without that nothing is written. Connect the drive by "
                 "SATA, or by another bridge, and look again."),
        name, ofl_family_name (family), refused);
  return g_strdup_printf (
      _ ("%s is a model that is known here (%s), but it does not answer as such "
         "a drive does, so nothing is written. Connect the drive by SATA, or by "
         "another bridge, and look again."),
      name, ofl_family_name (family));
}

/* @sentence: (transfer full): goes on with the known model that the name is nearly of, if it is */
static char *
add_near (const OflIdentity *identity, char *sentence)
{
  gboolean odd;
  g_autofree char *model = ofl_families_near_model (identity, &odd);
  g_autofree char *near = model != NULL ? ofl_families_say_near (model, odd) : NULL;
  g_autofree char *first = sentence;

  return near != NULL ? g_strconcat (first, " ", near, NULL) : g_steal_pointer (&first);
}

/* Why a drive that no family recognised, nor @wanted, cannot be flashed. */
static char *
say_unknown (const OflSnapshot *snapshot, const OflFamily *wanted)
{
  const OflFamily *named = find_by_name (ofl_snapshot_identity (snapshot));
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (snapshot));
  g_autofree char *shifted = ofl_families_shifted_name (ofl_snapshot_identity (snapshot));

  if (wanted != NULL)
    return g_strdup_printf (_ ("%s does not answer as a drive of the family %s does. Nothing was "
                               "written."),
                            name, ofl_family_name (wanted));
  if (named != NULL)
    return say_known (snapshot, named, name);
  if (shifted != NULL)
    return g_strdup_printf (
        _ ("%s No family of drives that is known here recognises it so, and nothing is written. "
           "Connect the drive by SATA or by another adapter and look again; or, if you know which "
           "drive it is, name its family (“optiflashctl families NAME” finds it)."),
        shifted);
  if (may_be_enclosure (snapshot))
    return g_strdup_printf (_ ("No family of drives that is known here recognises %s. That may be "
                               "the name of the enclosure and not of the drive in it. If you know "
                               "which drive is inside, name its family (“optiflashctl families” "
                               "lists them; for a Blu-ray writer of LG or ASUS, ⟦family mt1959⟧), "
                               "or connect the drive by SATA."),
                            name);
  return g_strdup_printf (_ ("No family of drives that is known here recognises %s, so it cannot be "
                             "flashed yet: how to write its firmware is not publicly known, or is "
                             "not built in."),
                          name);
}

/* Why a family that was asked before lets the drive alone counts only while no other recognises
 * it. */
static gboolean
probe_one (const OflFamily *family, OflTransport *transport, OflSnapshot *snapshot)
{
  g_autofree char *before = g_strdup (ofl_snapshot_get_reason (snapshot));
  gboolean recognised = family->probe (family, transport, snapshot);

  if (recognised && before != NULL && g_str_equal (before, ofl_snapshot_get_reason (snapshot)))
    ofl_snapshot_set_reason (snapshot, (OflSentence){ 0 });
  return recognised;
}

static gboolean
ask_families (OflTransport *transport, OflSnapshot *snapshot, const OflFamily *wanted)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);

      if (wanted != NULL && family != wanted)
        continue;
      if (probe_one (family, transport, snapshot) || ofl_snapshot_get_failed (snapshot) != NULL)
        return TRUE;
    }
  for (guint i = 0; wanted == NULL && i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);

      if (family->probe_stranger != NULL && family->probe_stranger (family, transport, snapshot))
        return TRUE;
    }
  return FALSE;
}

static char *
say_failed (const OflSnapshot *snapshot)
{
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (snapshot));

  /* Translators: a drive, and what it was asked for with its answer */
  return g_strdup_printf (_ ("%s was asked for %s. That is no clean answer, so nothing is known of "
                             "the drive for sure, and nothing is written to it."),
                          name, ofl_snapshot_get_failed (snapshot));
}

/* What was found out over a link that failed may be half of the truth: a smaller drive, another
 * one, one that cannot be read. So none of it counts. */
static void
fail_probe (OflSnapshot *snapshot)
{
  ofl_snapshot_set_family (snapshot, NULL, OFL_CAP_NONE);
  ofl_snapshot_set_mark (snapshot, NULL);
  ofl_snapshot_set_image_size (snapshot, 0);
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_GARBLED);
  ofl_snapshot_set_reason (snapshot, OFL_SENTENCE (say_failed (snapshot)));
}

static void
say_own_table (OflSnapshot *snapshot)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (snapshot));

  if (family != NULL && ofl_family_own_table (family) != NULL)
    ofl_snapshot_set_fact (snapshot, OFL_FACT_OWN_TABLE, ofl_family_own_table (family));
}

/**
 * ofl_families_probe:
 * @transport: a way to the drive
 * @identity: who it says it is, just read
 * @wanted_family_id: (type utf8) (nullable): a family to force; the makers' names then do not
 *   matter, what the drive answers still does
 *
 * Asks each family whether the drive is one of its own, with read-only commands. Blocks: for a
 * drive's worker thread. A drive with an identity that cannot be trusted is asked nothing. A
 * question without a clean answer makes the whole a failed probe.
 *
 * Returns: (transfer full): what is known of the drive; without a family and with the reason when
 *   none recognises it, or when the link failed (%OFL_DRIVE_STATE_GARBLED)
 */
OflSnapshot *
ofl_families_probe (OflTransport *transport, const OflIdentity *identity, gpointer wanted_family_id)
{
  const char *wanted_id = wanted_family_id;
  const char *bus = g_object_get_data (G_OBJECT (transport), OFL_TRANSPORT_BUS);
  const OflFamily *wanted = ofl_families_find (wanted_id);
  OflSnapshot *snapshot = ofl_snapshot_new (identity);
  g_autoptr (GError) error = NULL;

  if (!ofl_identity_is_trustworthy (identity, &error))
    {
      ofl_snapshot_set_reason (
          snapshot, OFL_SENTENCE (add_near (identity, g_strdup (ofl_error_text (error)))));
      return snapshot;
    }
  if (wanted_id != NULL && wanted == NULL)
    {
      ofl_snapshot_set_reason (snapshot,
                               OFL_SAY (_ ("There is no family of drives named “%s”."), wanted_id));
      return snapshot;
    }
  if (bus != NULL)
    ofl_snapshot_set_fact (snapshot, OFL_FACT_BUS, bus);
  if (wanted != NULL)
    ofl_snapshot_set_fact (snapshot, OFL_FACT_FORCED, wanted_id);
  if (!ask_families (transport, snapshot, wanted) && ofl_snapshot_get_reason (snapshot) == NULL)
    ofl_snapshot_set_reason (snapshot,
                             OFL_SENTENCE (add_near (identity, say_unknown (snapshot, wanted))));
  if (ofl_snapshot_get_failed (snapshot) != NULL)
    fail_probe (snapshot);
  say_own_table (snapshot);
  return snapshot;
}
