/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drive's name that is one bit away from a known one: what a bad cable makes of a name, or a model
 * of its own. */
#include "families/ofl-families.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define NAME_AT 8 /* vendor and product in INQUIRY data, padded with blanks */
#define VENDOR_LEN 8
#define NAME_LEN 24
#define CASE_BIT 0x20

static void
put_name (guint8 name[NAME_LEN], const OflModel *model)
{
  memset (name, ' ', NAME_LEN);
  memcpy (name, model->vendor, MIN (strlen (model->vendor), VENDOR_LEN));
  memcpy (name + VENDOR_LEN, model->product, MIN (strlen (model->product), NAME_LEN - VENDOR_LEN));
}

/* Where @a and @b differ, when that is in one bit alone; -1 when they are equal or further apart. */
static int
find_bit (const guint8 *a, const guint8 *b)
{
  int at = -1;

  for (int i = 0; i < NAME_LEN; i++)
    {
      guint8 differ = a[i] ^ b[i];

      if (differ == 0)
        continue;
      if (at >= 0 || (differ & (differ - 1)) != 0)
        return -1;
      at = i;
    }
  return at;
}

/* Makers use letters, digits and few signs, and no two names of theirs differ in the case of one letter
 * alone: of 4,705 names that real drives gave and no table has, 49 are one bit away from one that is
 * known, and none of these in such a way (tests/family/real). */
static gboolean
is_odd (guint8 seen, guint8 known)
{
  if (!g_ascii_isalnum ((char) seen) && (seen == 0 || strchr (" -_/+.", seen) == NULL))
    return TRUE;
  return g_ascii_isalpha ((char) seen) && (seen ^ known) == CASE_BIT;
}

/**
 * ofl_families_near_model:
 * @identity: who a drive says it is
 * @odd: (out): whether the drive's name has a character there that no maker would have chosen; where
 *   it is not, the drive may as well be another model
 *
 * Looks for a known model whose vendor and product, as INQUIRY has them, differ from the drive's in
 * one bit and no more. Pure; any thread.
 *
 * Returns: (transfer full) (nullable): that model's name; %NULL when there is none, or when the
 *   drive's name is a known one itself
 */
char *
ofl_families_near_model (const OflIdentity *identity, gboolean *odd)
{
  const guint8 *seen = identity->inquiry + NAME_AT;
  char *near = NULL;

  *odd = FALSE;
  if (identity->inquiry_len < NAME_AT + NAME_LEN)
    return NULL;
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      g_autoptr (GPtrArray) models = ofl_family_list_models (ofl_families_get (i));

      for (guint k = 0; k < models->len; k++)
        {
          const OflModel *model = g_ptr_array_index (models, k);
          guint8 name[NAME_LEN];
          int at;

          put_name (name, model);
          if (memcmp (name, seen, NAME_LEN) == 0)
            {
              g_free (near);
              return NULL;
            }
          at = near == NULL ? find_bit (name, seen) : -1;
          if (at < 0)
            continue;
          near = g_strdup_printf ("%s %s", model->vendor, model->product);
          *odd = is_odd (seen[at], name[at]);
        }
    }
  return near;
}

/**
 * ofl_families_say_near:
 * @model: what ofl_families_near_model() found
 * @odd: likewise
 *
 * Returns: (transfer full): a sentence on it
 */
char *
ofl_families_say_near (const char *model, gboolean odd)
{
  if (odd)
    return g_strdup_printf (_ ("The drive's name is that of %s but for one bit, and has a character "
                               "there that is in no such name: the link most likely garbles what "
                               "the drive says."),
                            model);
  return g_strdup_printf (
      _ ("The drive's name is one bit away from that of %s. If that stands on its label, the link "
         "garbles what it says: use another cable, port or adapter. If another name stands there, "
         "it is another model."),
      model);
}
