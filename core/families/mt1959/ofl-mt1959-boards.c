/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: which board a drive has, and what its receiver wants to see. mt1959 1.4, 1.5, 2.5, 3.4. */
#include "families/mt1959/ofl-mt1959.h"

#include <string.h>

#include "family/ofl-family-private.h"

#define BOARD_PREFIX "MT1959 Boot "
#define BOARD_PREFIX_LEN 12
#define BOARDS_GROUP "boards "
#define VENDOR_SPECIFIC_AT 36 /* in INQUIRY */
#define ENC_YEAR 2020

/**
 * ofl_mt1959_board_group:
 * @self: the family
 * @banner: (nullable): a banner as text, of a drive or an image
 *
 * Boards whose firmware is exchanged (mt1959 1.4) stand in one group "boards NAME" of the
 * table.
 *
 * Returns: (transfer full) (nullable): the group's NAME; %NULL for a board of none
 */
char *
ofl_mt1959_board_group (const OflFamily *self, const char *banner)
{
  g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (self), NULL);
  g_autofree char *suffix = NULL;

  if (banner == NULL || !g_str_has_prefix (banner, BOARD_PREFIX))
    return NULL;
  suffix = g_strchomp (g_strdup (banner + BOARD_PREFIX_LEN));
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], BOARDS_GROUP)
        && ofl_family_lists (self, groups[i], "suffixes", suffix))
      return g_strdup (groups[i] + strlen (BOARDS_GROUP));
  return NULL;
}

/**
 * ofl_mt1959_field:
 * @descriptor: (array): %OFL_MT1959_DESCRIPTOR_LEN bytes
 * @at: where a field of text begins
 * @length: its length
 *
 * Returns: (transfer full) (nullable): the text, blanks in a row taken as one; %NULL when the field
 *   is blank or holds anything but printable characters
 */
char *
ofl_mt1959_field (const guint8 *descriptor, gsize at, gsize length)
{
  g_autofree char *text = ofl_family_text (descriptor + at, length);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isprint ((char) descriptor[at + i]))
      return NULL;
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/**
 * ofl_mt1959_date:
 * @descriptor: (array): %OFL_MT1959_DESCRIPTOR_LEN bytes
 *
 * Returns: (transfer full) (nullable): the date of the firmware, yymmddhhmm; %NULL when there is
 *   anything but ten digits
 */
char *
ofl_mt1959_date (const guint8 *descriptor)
{
  g_autofree char *date = ofl_mt1959_field (descriptor, OFL_MT1959_DATE_AT, OFL_MT1959_DATE_LEN);

  return date != NULL && strspn (date, "0123456789") == OFL_MT1959_DATE_LEN
             ? g_steal_pointer (&date)
             : NULL;
}

/**
 * ofl_mt1959_svc_text:
 * @svc: (array) (nullable): an SVC code, %OFL_MT1959_SVC_LEN bytes
 *
 * Returns: (transfer full) (nullable): the code as the sticker has it ("NB10"), "-" for four blanks,
 *   which the maker's own firmware has there; %NULL when there is none
 */
char *
ofl_mt1959_svc_text (const guint8 *svc)
{
  if (svc == NULL)
    return NULL;
  if (memcmp (svc, "    ", OFL_MT1959_SVC_LEN) == 0)
    return g_strdup ("-");
  return ofl_mt1959_field (svc, 0, OFL_MT1959_SVC_LEN);
}

/**
 * ofl_mt1959_svc:
 * @drive: a drive of the family
 *
 * Returns: (nullable): the SVC code that was read from it, %OFL_MT1959_SVC_LEN bytes
 */
const guint8 *
ofl_mt1959_svc (const OflSnapshot *drive)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_SVC);

  return blob != NULL ? g_bytes_get_data (blob, NULL) : NULL;
}

/**
 * ofl_mt1959_product:
 * @self: the family
 * @drive: a drive of it
 *
 * An enclosure may put its own name into INQUIRY (mt1959 1.6); the firmware's descriptor has the
 * drive's.
 *
 * Returns: (transfer full): the product by which the drive is looked for in the table: that of
 *   INQUIRY, or, when the table has only that one, the descriptor's
 */
char *
ofl_mt1959_product (const OflFamily *self, const OflSnapshot *drive)
{
  const char *product = ofl_snapshot_identity (drive)->product;
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_DESCRIPTOR);
  g_autofree char *listed = ofl_family_model_of (self, NULL, product);
  g_autofree char *inside = blob != NULL
                                ? ofl_mt1959_field (g_bytes_get_data (blob, NULL),
                                                    OFL_MT1959_MODEL_AT, OFL_MT1959_MODEL_LEN)
                                : NULL;
  g_autofree char *inside_listed = inside != NULL ? ofl_family_model_of (self, NULL, inside) : NULL;

  return listed == NULL && inside_listed != NULL ? g_steal_pointer (&inside) : g_strdup (product);
}

/* One "suffix/SVC" of a model's row, as bytes. Returns FALSE when the row is not in that form. */
static gboolean
parse_board (const char *board, guint8 *boot_string, guint8 svc[OFL_MT1959_SVC_LEN])
{
  g_auto (GStrv) halves = g_strsplit (board, "/", 2);

  if (g_strv_length (halves) != 2 || strlen (halves[0]) > 4
      || strlen (halves[1]) > OFL_MT1959_SVC_LEN)
    return FALSE;
  memcpy (boot_string, BOARD_PREFIX "    ", OFL_MT1959_BANNER_ID_LEN);
  memcpy (boot_string + BOARD_PREFIX_LEN, halves[0], strlen (halves[0]));
  memset (svc, ' ', OFL_MT1959_SVC_LEN);
  if (!g_str_equal (halves[1], "-"))
    memcpy (svc, halves[1], strlen (halves[1]));
  return TRUE;
}

/* The row whose SVC code agrees ends the search; else the drive's own board when it is one of the
 * rows, else the last (mt1959 2.5). */
static gboolean
find_board (const OflFamily *self, const char *model, const guint8 *svc, const guint8 *own,
            guint8 *boot_string)
{
  g_auto (GStrv) boards
      = g_key_file_get_string_list (ofl_family_table (self), model, "boards", NULL, NULL);
  gboolean found = FALSE, own_is_listed = FALSE;

  for (guint i = 0; boards != NULL && boards[i] != NULL; i++)
    {
      guint8 row[OFL_MT1959_BANNER_ID_LEN], row_svc[OFL_MT1959_SVC_LEN];

      if (!parse_board (boards[i], row, row_svc))
        continue;
      own_is_listed |= memcmp (row, own, sizeof row) == 0;
      memcpy (boot_string, row, sizeof row);
      found = TRUE;
      if (svc != NULL && memcmp (row_svc, svc, sizeof row_svc) == 0)
        return TRUE;
    }
  return found && !own_is_listed;
}

/**
 * ofl_mt1959_boot_string:
 * @self: the family
 * @drive: a drive of it
 * @boot_string: (out caller-allocates): %OFL_MT1959_BANNER_ID_LEN bytes
 *
 * What redumper's way puts to 3000 (mt1959 2.5): the drive's own of a drive in BOOT, of one that
 * the table does not have, and of one that shows a board of another group than the table's;
 * else the table's, by product, then SVC code.
 */
void
ofl_mt1959_boot_string (const OflFamily *self, const OflSnapshot *drive, guint8 *boot_string)
{
  const guint8 *own = ofl_mt1959_drive_banner (drive);
  g_autofree char *product = ofl_mt1959_product (self, drive);
  g_autofree char *model = ofl_family_model_of (self, NULL, product);
  g_autofree char *own_text = ofl_mt1959_banner (own, OFL_MT1959_BANNER_ID_LEN);
  g_autofree char *text = NULL;
  g_autofree char *group = NULL;
  g_autofree char *own_group = ofl_mt1959_board_group (self, own_text);

  if (ofl_snapshot_get_state (drive) != OFL_DRIVE_STATE_BOOT && model != NULL
      && find_board (self, model, ofl_mt1959_svc (drive), own, boot_string))
    {
      text = ofl_mt1959_banner (boot_string, OFL_MT1959_BANNER_ID_LEN);
      group = ofl_mt1959_board_group (self, text);
      if (g_strcmp0 (group, own_group) == 0)
        return;
    }
  memcpy (boot_string, own, OFL_MT1959_BANNER_ID_LEN);
}

/* Digits 2 and 3 of feature 010C are the year of the century, whether the first two are "21", for
 * the 21st century, or "20" (mt1959 1.3). */
static guint
firmware_year (const OflIdentity *identity)
{
  const char *date = identity->firmware_date;

  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isdigit (date[i]))
      return 0;
  return 2000 + (guint) (date[2] - '0') * 10 + (guint) (date[3] - '0');
}

static OflMt1959Why
decide_form (const OflIdentity *identity, guint year)
{
  if (year == 0)
    return OFL_MT1959_WHY_UNDATED;
  if (year < ENC_YEAR)
    return OFL_MT1959_WHY_OLD;
  if (identity->inquiry_len >= VENDOR_SPECIFIC_AT + 2
      && identity->inquiry[VENDOR_SPECIFIC_AT + 1] == 'M')
    return OFL_MT1959_WHY_MARKED;
  return OFL_MT1959_WHY_NEW;
}

/**
 * ofl_mt1959_form:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): "enc" (auto, no, yes)
 *
 * Returns: in which form the file is sent, and why (mt1959 3.4)
 */
OflMt1959Form
ofl_mt1959_form (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices)
{
  OflMt1959Form form = { 0 };

  form.year = firmware_year (ofl_snapshot_identity (drive));
  form.why = decide_form (ofl_snapshot_identity (drive), form.year);
  form.enc = form.why == OFL_MT1959_WHY_NEW;
  if (ofl_family_chose (self, choices, "enc", "auto"))
    return form;
  form.chosen = form.enc != ofl_family_chose (self, choices, "enc", "yes");
  form.enc ^= form.chosen;
  return form;
}
