/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry: which families there are, and the questions that are put to all of them. */
#include "family/ofl-family-private.h"

#include <string.h>

/* In the order in which they are asked: those gated by the maker's name first, so that no drive
 * gets another maker's vendor commands; the standard one, which claims nothing of itself, last. */
static const OflFamily *const families[] = {
  &ofl_family_tsst, /* asks for nothing but the name */
  &ofl_family_mt1959,
  &ofl_family_plextor,
  &ofl_family_se506,
  &ofl_family_btc,
  &ofl_family_liteon,
  &ofl_family_pioneer,
  &ofl_family_renesas,
  &ofl_family_nec,
  &ofl_family_standard,
};

/**
 * ofl_families_count:
 *
 * Returns: number of families
 */
guint
ofl_families_count (void)
{
  return G_N_ELEMENTS (families);
}

/**
 * ofl_families_get:
 * @index: from 0
 *
 * Returns: (transfer none): a family, in the order in which they probe
 */
const OflFamily *
ofl_families_get (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (families), NULL);
  return families[index];
}

/**
 * ofl_families_find:
 * @id: (nullable): a family's short name
 *
 * Returns: (transfer none) (nullable): the family, or %NULL
 */
const OflFamily *
ofl_families_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_strcmp0 (families[i]->id, id) == 0)
      return families[i];
  return NULL;
}

static gboolean
ask_families (OflTransport *transport, OflSnapshot *snapshot, const OflFamily *wanted)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      if (wanted != NULL && families[i] != wanted)
        continue;
      if (families[i]->probe (families[i], transport, snapshot))
        return TRUE;
    }
  return FALSE;
}

static void
say_unknown (OflSnapshot *snapshot, const OflFamily *wanted)
{
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (snapshot));
  g_autofree char *reason = NULL;

  if (wanted != NULL)
    reason = g_strdup_printf ("%s does not answer as a drive of the family %s does. Nothing was "
                              "written.",
                              name, ofl_family_name (wanted));
  else
    reason = g_strdup_printf ("No family of drives that is known here recognises %s, so it cannot "
                              "be flashed yet: how to write its firmware is not publicly known, "
                              "or is not built in.",
                              name);
  ofl_snapshot_set_reason (snapshot, reason);
}

/**
 * ofl_families_probe:
 * @transport: a way to the drive
 * @identity: who it says it is, just read
 * @wanted_family_id: (type utf8) (nullable): a family to force; the makers' names then do not
 *   matter, what the drive answers still does
 *
 * Asks each family whether the drive is one of its own, with read-only commands. Blocks: for a
 * drive's worker thread. A drive with an identity that cannot be trusted is asked nothing.
 *
 * Returns: (transfer full): what is known of the drive; without a family and with the reason when
 *   none recognises it
 */
OflSnapshot *
ofl_families_probe (OflTransport *transport, const OflIdentity *identity, gpointer wanted_family_id)
{
  const char *wanted_id = wanted_family_id;
  const OflFamily *wanted = ofl_families_find (wanted_id);
  OflSnapshot *snapshot = ofl_snapshot_new (identity);
  g_autoptr (GError) error = NULL;

  if (!ofl_identity_is_trustworthy (identity, &error))
    {
      ofl_snapshot_set_reason (snapshot, error->message);
      return snapshot;
    }
  if (wanted_id != NULL && wanted == NULL)
    {
      g_autofree char *reason
          = g_strdup_printf ("There is no family of drives named “%s”.", wanted_id);

      ofl_snapshot_set_reason (snapshot, reason);
      return snapshot;
    }
  if (wanted != NULL)
    ofl_snapshot_set_fact (snapshot, OFL_FACT_FORCED, wanted_id);
  if (!ask_families (transport, snapshot, wanted) && ofl_snapshot_get_reason (snapshot) == NULL)
    say_unknown (snapshot, wanted);
  return snapshot;
}

/**
 * ofl_families_parse:
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 * @unused: nothing; for #OflImageParser
 * @error: not used: a damaged image is an image whose checks say so
 *
 * Returns: %TRUE
 */
gboolean
ofl_families_parse (GBytes *bytes, GPtrArray *images, gpointer unused, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    families[i]->parse (families[i], bytes, images);
  return TRUE;
}

/**
 * ofl_families_open:
 * @file: a firmware file
 * @cancellable: (nullable): cancels reading
 * @error: return location
 *
 * Reads a file, unpacks it and lets every family look for its images. Blocks: for a worker thread.
 *
 * Returns: (transfer full): the file; with 0 images when no family recognises anything in it.
 *   %NULL with the errors of ofl_firmware_load() and ofl_firmware_parse()
 */
OflFirmware *
ofl_families_open (GFile *file, GCancellable *cancellable, GError **error)
{
  return ofl_families_open_with (file, NULL, cancellable, error);
}

static OflFirmware *
open_one (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (OflFirmware) firmware = ofl_firmware_load (file, cancellable, error);

  if (firmware == NULL || !ofl_firmware_parse (firmware, ofl_families_parse, NULL, error))
    return NULL;
  return g_steal_pointer (&firmware);
}

/**
 * ofl_families_open_with:
 * @file: a firmware file
 * @other: (nullable): a second one that belongs to it, as Pioneer's updates have two
 * @cancellable: (nullable): cancels reading
 * @error: return location
 *
 * The same with the images of two files, and the sets that these form. Blocks.
 *
 * Returns: (transfer full): @file with all images; %NULL with the errors of ofl_families_open()
 */
OflFirmware *
ofl_families_open_with (GFile *file, GFile *other, GCancellable *cancellable, GError **error)
{
  g_autoptr (OflFirmware) firmware = open_one (file, cancellable, error);
  g_autoptr (OflFirmware) second = NULL;

  if (firmware == NULL)
    return NULL;
  if (other != NULL)
    {
      second = open_one (other, cancellable, error);
      if (second == NULL)
        return NULL;
      for (guint i = 0; i < ofl_firmware_get_n_images (second); i++)
        g_ptr_array_add (ofl_firmware_get_images (firmware),
                         ofl_image_ref (ofl_firmware_get_image (second, i)));
    }
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i]->combine != NULL)
      families[i]->combine (families[i], ofl_firmware_get_images (firmware));
  return g_steal_pointer (&firmware);
}

static const char *
sentence_of (OflDriveState state)
{
  switch (state)
    {
    case OFL_DRIVE_STATE_GARBLED:
      return "What the drive says of itself is garbled.";
    case OFL_DRIVE_STATE_SILENT:
      return "The drive does not answer.";
    case OFL_DRIVE_STATE_BUSY:
      return "Another program uses the drive.";
    default:
      return "The drive has not been looked at yet.";
    }
}

static gboolean
judge_presence (const OflSnapshot *drive, OflJudgement *judgement)
{
  const char *reason = ofl_snapshot_get_reason (drive);
  OflDriveState state = ofl_snapshot_get_state (drive);

  if (state == OFL_DRIVE_STATE_NORMAL || state == OFL_DRIVE_STATE_BOOT)
    return TRUE;
  ofl_judgement_add (judgement, OFL_LEVEL_RED, ofl_drive_state_id (state),
                     state == OFL_DRIVE_STATE_BUSY
                         ? "Close the program that uses it, then look again."
                         : "Check cable, adapter and power, then look again.",
                     "%s", reason != NULL ? reason : sentence_of (state));
  return FALSE;
}

static gboolean
judge_family (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const char *reason = ofl_snapshot_get_reason (drive);
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  const OflFamily *of_image
      = image != NULL ? ofl_families_find (ofl_image_get_family (image)) : NULL;

  if (family == NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family",
                       "“optiflashctl report” writes down everything that can be read of it, so "
                       "that it can be added.",
                       "%s",
                       reason != NULL ? reason : "No family of drives recognises this drive.");
  else if (image != NULL && of_image != family)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family",
                       "Choose a firmware that is made for this drive.",
                       "This is a firmware for %s drives; the drive is of the family %s.",
                       of_image != NULL ? ofl_family_name (of_image) : "other",
                       ofl_family_name (family));
  else
    return TRUE;
  return FALSE;
}

static void
judge_known (const OflImage *image, OflJudgement *judgement)
{
  g_autofree char *known = ofl_known_image_find (ofl_image_get_hashes (image));

  if (known != NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "known", NULL,
                       "The file is a known stock image: %s.", known);
}

/**
 * ofl_families_judge:
 * @drive: a drive
 * @image: (nullable): what would be written; %NULL judges the drive alone
 * @choices: (nullable): what the user chose
 *
 * Pure: no command is sent. Any thread.
 *
 * Returns: (transfer full): how they match, at least one reason
 */
OflJudgement *
ofl_families_judge (const OflSnapshot *drive, const OflImage *image, const OflChoices *choices)
{
  OflJudgement *judgement = ofl_judgement_new ();
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  g_autoptr (GError) error = NULL;

  if (!judge_presence (drive, judgement) || !judge_family (drive, image, judgement))
    return judgement;
  if (!ofl_family_check_choices (family, choices, &error))
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "choice", NULL, "%s", error->message);
  ofl_family_judge_drive (family, drive, judgement);
  family->judge (family, drive, image, choices, judgement);
  if (image != NULL)
    judge_known (image, judgement);
  return judgement;
}

/**
 * ofl_families_choose_image:
 * @drive: a drive
 * @firmware: a parsed firmware file
 * @choices: (nullable): what the user chose
 *
 * Returns: index of the image that fits @drive best, the first among equals; -1 when none is of
 *   the drive's family
 */
int
ofl_families_choose_image (const OflSnapshot *drive,
                           OflFirmware *firmware,
                           const OflChoices *choices)
{
  const char *family = ofl_snapshot_get_family (drive);
  OflLevel best_level = OFL_LEVEL_RED;
  int best = -1;

  for (guint i = 0; family != NULL && i < ofl_firmware_get_n_images (firmware); i++)
    {
      const OflImage *image = ofl_firmware_get_image (firmware, i);
      g_autoptr (OflJudgement) judgement = NULL;
      OflLevel level;

      if (g_strcmp0 (ofl_image_get_family (image), family) != 0)
        continue;
      judgement = ofl_families_judge (drive, image, choices);
      level = ofl_judgement_get_level (judgement);
      if (best >= 0 && level >= best_level)
        continue;
      best = (int) i;
      best_level = level;
    }
  return best;
}
