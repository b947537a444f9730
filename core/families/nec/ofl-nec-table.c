/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: the types of flash, and drive types and boot codes as the table has them. */
#include "families/nec/ofl-nec.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define DRIVE_GROUP "drive "
#define NOTEBOOK_GROUP "notebook "
#define SAFE_REVISION_BOOTCODE 0x3038

/* nec 2.14 and 3.1 */
static const OflNecLayout layouts[] = {
  { OFL_NEC_640K, "640K", 634888, 0x9b004, 0x9b004, 0, 0x5000, TRUE, TRUE, FALSE },
  { OFL_NEC_768K, "768K", 753668, 0xb8000, 0xb8000, 0, 0x8000, TRUE, TRUE, FALSE },
  { OFL_NEC_1M, "1M", 1024004, 0xfa000, 0xfa000, 0, 0x6000, TRUE, TRUE, TRUE },
  { OFL_NEC_1M_K2, "1M-K2", 1024004, 0xfa000, 0xfa000, 0, 0x6000, TRUE, TRUE, TRUE },
  { OFL_NEC_2M, "2M", 1966086, 0x1e0002, 0x1e0000, 0x1e0000, 0x10000, TRUE, TRUE, TRUE },
  { OFL_NEC_OPTI, "2MOpti", 1835014, 0x1c0002, 0x1c0000, 0x1c0000, 0x30000, TRUE, TRUE, TRUE },
  { OFL_NEC_OPTI2, "2MOpti2", 1835014, 0x1c0002, 0x1c0000, 0x1c0000, 0x30000, TRUE, TRUE, TRUE },
  { OFL_NEC_OPTI3, "2MOpti3", 1769478, 0x1b0002, 0x1b0000, 0x1b0000, 0x30000, TRUE, TRUE, TRUE },
  { OFL_NEC_OPTI4, "2MOpti4", 1769478, 0x1b0002, 0x1b0000, 0x1b0000, 0x30000, TRUE, TRUE, TRUE },
  { OFL_NEC_BD, "2MOptiBD", 1901058, 0x42, 0x1d0200, 0x1d0200, 0, TRUE, FALSE, FALSE },
  { OFL_NEC_BD2, "2MOptiBD2", 0, 0, 0, 0, 0, FALSE, FALSE, FALSE },
  { OFL_NEC_HDDVD, "2MHDDVD", 1835012, 0x1c0000, 0x1c0000, 0, 0x40000, FALSE, TRUE, TRUE },
};

/* The only type in two banks (2.14); its file has the ID behind each. */
static const OflNecRange two_banks[]
    = { { 0, 0x5000, 0, 0x7b000 }, { 1, 0x240000, 0x7b004, 0x20000 } };

static const OflNecRange one_bank[G_N_ELEMENTS (layouts)] = {
  [OFL_NEC_768K] = { 0, 0x8000, 0, 0xb8000 },    [OFL_NEC_1M] = { 0, 0x6000, 0, 0xfa000 },
  [OFL_NEC_1M_K2] = { 0, 0x6000, 0, 0xfa000 },   [OFL_NEC_2M] = { 0, 0x10000, 0, 0x1e0000 },
  [OFL_NEC_OPTI] = { 0, 0x30000, 0, 0x1c0000 },  [OFL_NEC_OPTI2] = { 0, 0x30000, 0, 0x1c0000 },
  [OFL_NEC_OPTI3] = { 0, 0x30000, 0, 0x1b0000 }, [OFL_NEC_OPTI4] = { 0, 0x30000, 0, 0x1b0000 },
  [OFL_NEC_HDDVD] = { 0, 0x40000, 0, 0x1c0000 },
};

/**
 * ofl_nec_layout:
 * @name: (nullable): a type of flash as the table names it
 *
 * Returns: (nullable): its layout
 */
const OflNecLayout *
ofl_nec_layout (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (g_strcmp0 (layouts[i].name, name) == 0)
      return &layouts[i];
  return NULL;
}

/**
 * ofl_nec_ranges:
 * @layout: a type of flash
 * @n: (out): number of ranges; 0 where nothing can be read
 *
 * Returns: (array length=n): what of the flash can be read, in the order in which it is
 *   (nec 2.14)
 */
const OflNecRange *
ofl_nec_ranges (const OflNecLayout *layout, guint *n)
{
  if (layout->kind == OFL_NEC_640K)
    {
      *n = G_N_ELEMENTS (two_banks);
      return two_banks;
    }
  *n = layout->reads ? 1 : 0;
  return &one_bank[layout->kind];
}

/**
 * ofl_nec_model_free:
 * @self: (transfer full): a drive type
 */
void
ofl_nec_model_free (OflNecModel *self)
{
  g_free (self->name);
  g_free (self->group);
  g_free (self->id);
  g_free (self);
}

/**
 * ofl_nec_model_by_name:
 * @self: the family
 * @name: (nullable): a type's name ("K355")
 *
 * Returns: (transfer full) (nullable): it; %NULL when the table has no such type, or says nothing
 *   usable of it
 */
OflNecModel *
ofl_nec_model_by_name (const OflFamily *self, const char *name)
{
  GKeyFile *table = ofl_family_table (self);
  g_autofree char *group = g_strconcat (DRIVE_GROUP, name, NULL);
  g_autofree char *id = g_key_file_get_string (table, group, "id", NULL);
  g_autofree char *type = g_key_file_get_string (table, group, "type", NULL);
  const OflNecLayout *layout = ofl_nec_layout (type);
  OflNecModel *model;

  if (name == NULL || layout == NULL || id == NULL || strlen (id) != OFL_NEC_ID_LEN)
    return NULL;
  model = g_new0 (OflNecModel, 1);
  model->name = g_strdup (name);
  model->group = g_steal_pointer (&group);
  model->id = g_steal_pointer (&id);
  model->layout = layout;
  return model;
}

/**
 * ofl_nec_model_names:
 * @self: the family
 *
 * Returns: (transfer full) (element-type utf8): the names of all drive types, in the table's order
 */
GPtrArray *
ofl_nec_model_names (const OflFamily *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (self), NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], DRIVE_GROUP))
      g_ptr_array_add (names, g_strdup (groups[i] + strlen (DRIVE_GROUP)));
  return names;
}

static gboolean
holds_text (GKeyFile *table, const char *group, const char *key, const char *text)
{
  g_auto (GStrv) list = g_key_file_get_string_list (table, group, key, NULL, NULL);

  return list != NULL && g_strv_contains ((const char *const *) list, text);
}

static gboolean
holds_number (GKeyFile *table, const char *group, const char *key, guint32 number)
{
  g_auto (GStrv) list = g_key_file_get_string_list (table, group, key, NULL, NULL);

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    if (g_ascii_strtoull (list[i], NULL, 0) == number)
      return TRUE;
  return FALSE;
}

/**
 * ofl_nec_model_by_id:
 * @self: the family
 * @id: four bytes
 * @address: where in a drive they were found; 0: in a file
 *
 * nec 1.1 and 3.1. A drive holds only some of the IDs that files do.
 *
 * Returns: (transfer full) (nullable): the type that has this ID there
 */
OflNecModel *
ofl_nec_model_by_id (const OflFamily *self, const guint8 *id, guint32 address)
{
  GKeyFile *table = ofl_family_table (self);
  g_autofree char *text = g_strndup ((const char *) id, OFL_NEC_ID_LEN);
  g_autoptr (GPtrArray) names = NULL;

  for (guint i = 0; i < OFL_NEC_ID_LEN; i++)
    if (!g_ascii_isupper (text[i]) && !g_ascii_isdigit (text[i]))
      return NULL;
  names = ofl_nec_model_names (self);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *group = g_strconcat (DRIVE_GROUP, g_ptr_array_index (names, i), NULL);
      gboolean found = holds_text (table, group, "ids", text);

      if (address != 0)
        found = found && holds_number (table, group, "addresses", address);
      else
        found = found || holds_text (table, group, "file-ids", text);
      if (found)
        return ofl_nec_model_by_name (self, g_ptr_array_index (names, i));
    }
  return NULL;
}

/**
 * ofl_nec_model_of_drive:
 * @self: the family
 * @drive: a drive of it
 *
 * Returns: (transfer full) (nullable): its type
 */
OflNecModel *
ofl_nec_model_of_drive (const OflFamily *self, const OflSnapshot *drive)
{
  return ofl_nec_model_by_name (self, ofl_snapshot_get_fact (drive, OFL_NEC_FACT_TYPE));
}

/**
 * ofl_nec_model_of_image:
 * @self: the family
 * @image: an image of it
 *
 * Returns: (transfer full) (nullable): the drive type it is made for
 */
OflNecModel *
ofl_nec_model_of_image (const OflFamily *self, const OflImage *image)
{
  return ofl_nec_model_by_name (self, ofl_image_get_fact (image, OFL_NEC_FACT_TYPE));
}

/**
 * ofl_nec_model_text:
 * @self: the family
 * @model: a drive type
 * @key: a key of its group
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
ofl_nec_model_text (const OflFamily *self, const OflNecModel *model, const char *key)
{
  return g_key_file_get_string (ofl_family_table (self), model->group, key, NULL);
}

static gboolean
same_words (const char *a, const char *b)
{
  g_autofree char *x = ofl_family_text ((const guint8 *) a, strlen (a));
  g_autofree char *y = ofl_family_text ((const guint8 *) b, strlen (b));

  return g_str_equal (x, y);
}

static char *
find_relative (const OflFamily *self, const OflIdentity *identity)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (self);

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);
      g_autofree char *revision
          = g_key_file_get_string (ofl_family_table (self), model->group, "safe-revision", NULL);

      if (g_str_equal (model->vendor, identity->vendor)
          && same_words (model->product, identity->product))
        return revision != NULL ? g_steal_pointer (&revision) : g_strdup ("");
    }
  return NULL;
}

/**
 * ofl_nec_vendor_allowed:
 * @self: the family
 * @identity: who a drive says it is
 *
 * Returns: whether it may be asked with this family's commands: a drive of NEC or Optiarc, or one
 *   of the few models of others that have the same chip
 */
gboolean
ofl_nec_vendor_allowed (const OflFamily *self, const OflIdentity *identity)
{
  g_autofree char *relative = find_relative (self, identity);

  return relative != NULL || ofl_family_lists (self, "family", "vendors", identity->vendor);
}

/**
 * ofl_nec_bootcode:
 * @self: the family
 * @identity: who a drive in safe mode says it is
 *
 * nec 1.4.
 *
 * Returns: the boot code's version, %OFL_NEC_BOOTCODE_UNKNOWN when the drive does not tell
 */
guint16
ofl_nec_bootcode (const OflFamily *self, const OflIdentity *identity)
{
  const char *revision = identity->revision;
  g_autofree char *known = NULL;

  if (strlen (revision) != 4 || revision[0] != '0')
    return OFL_NEC_BOOTCODE_UNKNOWN;
  if (revision[1] == '.')
    return ofl_nec_bootcode_of_text (revision + 2);
  known = find_relative (self, identity);
  return g_strcmp0 (known, revision) == 0 ? SAFE_REVISION_BOOTCODE : OFL_NEC_BOOTCODE_UNKNOWN;
}

/**
 * ofl_nec_bootcode_of_text:
 * @text: (nullable): two characters
 *
 * Returns: the version they stand for, %OFL_NEC_BOOTCODE_UNKNOWN for none
 */
guint16
ofl_nec_bootcode_of_text (const char *text)
{
  if (text == NULL || strlen (text) != 2)
    return OFL_NEC_BOOTCODE_UNKNOWN;
  return (guint16) ofl_get_be ((const guint8 *) text, 2);
}

/**
 * ofl_nec_bootcode_text:
 * @bootcode: a version
 *
 * Returns: (transfer full) (nullable): its two characters; %NULL when it is none
 */
char *
ofl_nec_bootcode_text (guint16 bootcode)
{
  const char text[] = { (char) (bootcode >> 8), (char) (bootcode & 0xff), '\0' };

  if (!g_ascii_isalnum (text[0]) || !g_ascii_isalnum (text[1]))
    return NULL;
  return g_strdup (text);
}

/**
 * ofl_nec_notebook_class:
 * @self: the family
 * @byte: the first byte of a notebook drive's firmware
 * @bootcode: (out) (optional): the boot code that such a firmware needs
 *
 * nec 1.3.
 *
 * Returns: (transfer full) (nullable): the model and jumper setting it is made for
 */
char *
ofl_nec_notebook_class (const OflFamily *self, guint8 byte, guint16 *bootcode)
{
  GKeyFile *table = ofl_family_table (self);
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  g_autofree char *wanted = g_strdup_printf ("%02X", byte);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *version = NULL;

      if (!g_str_has_prefix (groups[i], NOTEBOOK_GROUP)
          || !holds_text (table, groups[i], "bytes", wanted))
        continue;
      version = g_key_file_get_string (table, groups[i], "bootcode", NULL);
      if (bootcode != NULL)
        *bootcode = ofl_nec_bootcode_of_text (version);
      return g_strdup (groups[i] + strlen (NOTEBOOK_GROUP));
    }
  return NULL;
}

/**
 * ofl_nec_sum:
 * @data: (array length=length): bytes, an even number of them
 * @length: their number
 *
 * Returns: the sum of their big-endian words (nec 3.3)
 */
guint16
ofl_nec_sum (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i + 1 < length; i += 2)
    sum += ofl_get_be (data + i, 2);
  return (guint16) sum;
}
