/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice drives there are. */
#include "practice/ofl-practice-images.h"
#include "practice/ofl-practice-nec.h"
#include "practice/ofl-practice-pioneer.h"
#include "practice/ofl-practice-private.h"
#include "practice/ofl-practice-renesas.h"

#include <string.h>

static const struct {
  const char *id;
  const char *title;
  OflPracticeDrive *(*create) (const char *id, const char *title, guint32 seed);
  GBytes *(*make_image) (const char *revision, const char *variant);
} drives[] = {
  { "bu40n", "Practice HL-DT-ST BD-RE BU40N", ofl_practice_mt1959_new, ofl_practice_bu40n_image },
  { "standard", "Practice drive for standard microcode download", ofl_practice_standard_new,
    ofl_practice_standard_image },
  { "px716", "Practice PLEXTOR DVDR PX-716A", ofl_practice_plextor_new, ofl_practice_px716_image },
  { "premium", "Practice PLEXTOR CD-R PREMIUM", ofl_practice_plextor_new,
    ofl_practice_premium_image },
  { "shd163", "Practice TSSTcorp DVD-ROM SH-D163B", ofl_practice_tsst_new,
    ofl_practice_shd163_image },
  { "sd616", "Practice SAMSUNG DVD-ROM SD-616F", ofl_practice_tsst_new, ofl_practice_sd616_image },
  { "se506", "Practice TSSTcorp BDDVDW SE-506CB", ofl_practice_se506_new,
    ofl_practice_se506_image },
  { "drw1008", "Practice BTC DRW1008", ofl_practice_btc_new, ofl_practice_drw1008_image },
  { "sohw812s", "Practice LITE-ON DVDRW SOHW-812S", ofl_practice_liteon_new,
    ofl_practice_sohw812s_image },
  { "dvr104", "Practice Pioneer DVR-104", ofl_practice_pioneer_new, ofl_practice_dvr104_image },
  { "dvr107", "Practice Pioneer DVR-107", ofl_practice_pioneer_new, ofl_practice_dvr107_image },
  { "dvr109", "Practice Pioneer DVR-109", ofl_practice_pioneer_new, ofl_practice_dvr109_image },
  { "bdr", "Practice Pioneer BD writer", ofl_practice_pioneer_new, ofl_practice_bdr_image },
  { "gma4082n", "Practice HL-DT-ST GMA-4082N", ofl_practice_renesas_new,
    ofl_practice_gma4082n_image },
  { "nd1100", "Practice NEC ND-1100A", ofl_practice_nec_new, ofl_practice_nd1100_image },
  { "nd6500", "Practice NEC ND-6500A", ofl_practice_nec_new, ofl_practice_nd6500_image },
  { "nd2500", "Practice NEC ND-2500A", ofl_practice_nec_new, ofl_practice_nd2500_image },
  { "nd3500", "Practice NEC ND-3500A", ofl_practice_nec_new, ofl_practice_nd3500_image },
  { "nd3550", "Practice NEC ND-3550A", ofl_practice_nec_new, ofl_practice_nd3550_image },
  { "nd3570", "Practice NEC ND-3570A", ofl_practice_nec_new, ofl_practice_nd3570_image },
  { "ad7170", "Practice Optiarc AD-7170A", ofl_practice_nec_new, ofl_practice_ad7170_image },
  { "ad7200", "Practice Optiarc AD-7200S", ofl_practice_nec_new, ofl_practice_ad7200_image },
  { "ad7240", "Practice Optiarc AD-7240S", ofl_practice_nec_new, ofl_practice_ad7240_image },
  { "ad7280", "Practice Optiarc AD-7280S", ofl_practice_nec_new, ofl_practice_ad7280_image },
  { "bc5500", "Practice Optiarc BC-5500S", ofl_practice_nec_new, ofl_practice_bc5500_image },
};

/* "“bu40n”, “standard”" */
static char *
list_ids (void)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (drives); i++)
    g_string_append_printf (list, "%s“%s”", i > 0 ? ", " : "", drives[i].id);
  return g_string_free (list, FALSE);
}

static gint
find (const char *id, GError **error)
{
  g_autofree char *ids = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (drives); i++)
    if (g_strcmp0 (drives[i].id, id) == 0)
      return (gint) i;
  ids = list_ids ();
  g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
               "There is no practice drive “%s”. The practice drives are %s.", id, ids);
  return -1;
}

/**
 * ofl_practice_count:
 *
 * Returns: how many practice drives there are
 */
guint
ofl_practice_count (void)
{
  return G_N_ELEMENTS (drives);
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
  g_return_val_if_fail (index < G_N_ELEMENTS (drives), NULL);

  return drives[index].id;
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
  g_return_val_if_fail (index < G_N_ELEMENTS (drives), NULL);

  return drives[index].title;
}

/**
 * ofl_practice_new:
 * @id: a name of the catalogue
 * @seed: tells units of one model apart: serial number, calibration, speed of the flash chip
 * @error: return location
 *
 * Makes a practice drive as it leaves the factory, switched on at time 0. Its revision is 1.00,
 * or, where the revision says more than a number, the first of its kind: TS00 for "se506", US0N
 * for "sohw812s".
 *
 * Returns: (transfer full): the drive; NULL with %OFL_ERROR_FAILED when there is none of that name
 */
OflPracticeDrive *
ofl_practice_new (const char *id, guint32 seed, GError **error)
{
  gint index = find (id, error);

  if (index < 0)
    return NULL;
  return drives[index].create (drives[index].id, drives[index].title, seed);
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

/**
 * ofl_practice_make_image:
 * @id: a name of the catalogue
 * @revision: 4 printable characters
 * @variant: (nullable): NULL or "" for a good image; all know "truncated" and "wrong-family",
 *   "bu40n" knows "bad-cmac" and "raw-dump", "sohw812s" knows "bad-bank", the others know
 *   "bad-sum"; besides, the Pioneer drives know "kernel", "set", "kernel-bad-sum" and
 *   "other-type", "gma4082n" knows "core" and "set", and the NEC and Optiarc drives whose images
 *   name a version of the boot code (all but "nd1100", "nd6500" and "bc5500") know "no-bootcode"
 *   and "wrong-bootcode"
 * @error: return location
 *
 * Makes a firmware image for a practice drive. The same words always give the same bytes.
 *
 * Returns: (transfer full): the image; NULL with %OFL_ERROR_FAILED when a word is not known
 */
GBytes *
ofl_practice_make_image (const char *id, const char *revision, const char *variant, GError **error)
{
  gint index = find (id, error);
  GBytes *image = NULL;

  if (index < 0)
    return NULL;
  if (!is_revision (revision))
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
                   "“%s” is not a revision. A revision has four characters, like “1.03”.",
                   revision != NULL ? revision : "");
      return NULL;
    }
  image = drives[index].make_image (revision, variant);
  if (image == NULL)
    g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
                 "There is no variant “%s” of images for “%s”.", variant, id);
  return image;
}
