/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice drives there are: those of each family, in the order of the families. */
#include "families/ofl-practice-catalog.h"

#include "families/ofl-families-list.h"
#include "practice/ofl-practice-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TWIN "twin"

#define DECLARE(family) extern const OflPracticeEntry ofl_practice_##family##_drives[];
OFL_PRACTICE_FAMILIES (DECLARE)

#define NAME(family) ofl_practice_##family##_drives,
static const OflPracticeEntry *const families[] = { OFL_PRACTICE_FAMILIES (NAME) };

/* NULL behind the last */
static const OflPracticeEntry *
get_entry (guint index)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    for (const OflPracticeEntry *entry = families[i]; entry->id != NULL; entry++)
      if (index-- == 0)
        return entry;
  return NULL;
}

/* "“bu40n”, “standard”" */
static char *
list_ids (void)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < ofl_practice_count (); i++)
    g_string_append_printf (list, "%s“%s”", i > 0 ? ", " : "", ofl_practice_get_id (i));
  return g_string_free (list, FALSE);
}

static const OflPracticeEntry *
find (const char *id, GError **error)
{
  const OflPracticeEntry *entry;
  g_autofree char *ids = NULL;

  for (guint i = 0; (entry = get_entry (i)) != NULL; i++)
    if (g_strcmp0 (entry->id, id) == 0)
      return entry;
  ids = list_ids ();
  ofl_set_error (error, OFL_ERROR_FAILED,
                 _ ("There is no practice drive “%s”. The practice drives are %s."), id, ids);
  return NULL;
}

/**
 * ofl_practice_count:
 *
 * Returns: how many practice drives there are
 */
guint
ofl_practice_count (void)
{
  guint count = 0;

  while (get_entry (count) != NULL)
    count++;
  return count;
}

/**
 * ofl_practice_get_id:
 * @index: below ofl_practice_count()
 *
 * Returns: the name by which programs know the drive
 */
const char *
ofl_practice_get_id (guint index)
{
  const OflPracticeEntry *entry = get_entry (index);

  g_return_val_if_fail (entry != NULL, NULL);

  return entry->id;
}

/**
 * ofl_practice_get_title:
 * @index: below ofl_practice_count()
 *
 * Returns: the name by which persons know the drive
 */
const char *
ofl_practice_get_title (guint index)
{
  const OflPracticeEntry *entry = get_entry (index);

  g_return_val_if_fail (entry != NULL, NULL);

  return _ (entry->title);
}

/**
 * ofl_practice_get_variants:
 * @index: below ofl_practice_count()
 *
 * Returns: the variants that ofl_practice_make_image() knows for it, with blanks between
 */
const char *
ofl_practice_get_variants (guint index)
{
  const OflPracticeEntry *entry = get_entry (index);

  g_return_val_if_fail (entry != NULL, NULL);

  return entry->variants;
}

/**
 * ofl_practice_new:
 * @id: a name of the catalogue
 * @seed: tells units of one model apart: serial number, calibration, speed of the flash chip
 * @error: return location
 *
 * Makes a practice drive as it leaves the factory, switched on at time 0. Its revision is 1.00,
 * or, where the revision says more than a number, the first of its kind.
 *
 * Returns: (transfer full): the drive; NULL with %OFL_ERROR_FAILED when there is none of that name
 */
OflPracticeDrive *
ofl_practice_new (const char *id, guint32 seed, GError **error)
{
  const OflPracticeEntry *entry = find (id, error);

  return entry != NULL ? ofl_practice_make (entry, seed) : NULL;
}

static gboolean
is_revision (const char *revision)
{
  if (revision == NULL || strlen (revision) != 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isprint (revision[i]))
      return FALSE;
  return TRUE;
}

/* The makers show four characters of a revision, and fill an image by all of them. */
static char *
twin_revision (const char *revision, const char **variant)
{
  if (*variant == NULL || !g_str_has_prefix (*variant, TWIN)
      || ((*variant)[strlen (TWIN)] != '\0' && (*variant)[strlen (TWIN)] != '-'))
    return g_strdup (revision);
  *variant += strlen (TWIN);
  *variant += **variant == '-';
  return g_strconcat (revision, " ", TWIN, NULL);
}

/**
 * ofl_practice_make_image:
 * @id: a name of the catalogue
 * @revision: 4 printable characters
 * @variant: (nullable): NULL or "" for a good image; else one of ofl_practice_get_variants(); a
 *   "twin" has other contents under the same revision
 * @error: return location
 *
 * Makes a firmware image for a practice drive. The same words always give the same bytes.
 *
 * Returns: (transfer full): the image; NULL with %OFL_ERROR_FAILED when a word is not known
 */
GBytes *
ofl_practice_make_image (const char *id, const char *revision, const char *variant, GError **error)
{
  const OflPracticeEntry *entry = find (id, error);
  const char *kind = variant;
  g_autofree char *seed = NULL;
  GBytes *image = NULL;

  if (entry == NULL)
    return NULL;
  if (!is_revision (revision))
    {
      ofl_set_error (error, OFL_ERROR_FAILED,
                     _ ("“%s” is not a revision. A revision has four characters, like “1.03”."),
                     revision != NULL ? revision : "");
      return NULL;
    }
  seed = twin_revision (revision, &kind);
  image = entry->make_image (entry, seed, kind);
  if (image == NULL)
    ofl_set_error (error, OFL_ERROR_FAILED, _ ("There is no variant “%s” of images for “%s”."),
                   variant, id);
  return image;
}
