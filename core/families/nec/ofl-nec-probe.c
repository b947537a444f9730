/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: recognising a drive with reads of its memory. nec 1.1 to 1.3. Trying
 * safe mode under several IDs, as the source does for five types, is left to a write plan: it
 * changes the drive's state. */
#include "families/nec/ofl-nec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define RID_TEXT_AT 0x10
#define RID_VENDOR_AT 0x20
#define RID_FIRST_DIGIT_AT 0x43
#define RID_LAST_DIGIT_AT 0x46
#define RID_LETTER_AT 0x47

/* In this order, the first match counts (1.1). */
static const guint32 id_addresses[] = { 0x4500, 0x4800, 0x10800, 0x7000, 0x5000 };

static gboolean
read_memory (OflTransport *transport, OflSnapshot *snapshot, guint32 address, guint16 length,
             guint8 *data)
{
  OflCommand command = ofl_nec_command_read (0, address, length, 0);

  command.timeout_ms = OFL_TIMEOUT_PROBE;
  return ofl_family_read (transport, snapshot, command, N_ ("a part of its memory"), data, length);
}

static OflNecModel *
find_id (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  for (guint i = 0; i < G_N_ELEMENTS (id_addresses); i++)
    {
      guint8 data[OFL_NEC_ID_READ];
      OflNecModel *model;

      if (!read_memory (transport, snapshot, id_addresses[i], sizeof data, data))
        continue;
      model = ofl_nec_model_by_id (self, data, id_addresses[i]);
      if (model != NULL)
        {
          g_autofree char *address = g_strdup_printf ("%X", id_addresses[i]);

          ofl_snapshot_set_blob (snapshot, OFL_NEC_BLOB_ID, data, sizeof data);
          ofl_snapshot_set_fact (snapshot, OFL_NEC_FACT_ADDRESS, address);
          return model;
        }
    }
  return NULL;
}

static gboolean
rid_has_vendor (const guint8 *rid, const char *vendor)
{
  return memcmp (rid + RID_VENDOR_AT, vendor, strlen (vendor)) == 0;
}

/* "47S": the letter S at 47. */
static gboolean
letter_fits (const char *letter, const guint8 *rid)
{
  guint64 at;
  g_autofree char *digits = g_strndup (letter, 2);

  if (strlen (letter) != 3)
    return FALSE;
  at = g_ascii_strtoull (digits, NULL, 16);
  return at < OFL_NEC_RID_READ && rid[at] == (guint8) letter[2];
}

/* Whether the type @name of the same group is the one that the area means. */
static gboolean
code_fits (const OflFamily *self, const OflNecModel *model, const guint8 *rid)
{
  g_autofree char *rule = ofl_nec_model_text (self, model, "rid-rule");
  g_autofree char *code = ofl_nec_model_text (self, model, "rid-code");
  g_autofree char *letter = ofl_nec_model_text (self, model, "rid-letter");
  /* all Optiarc types: only the low four bits count, so that 'G' is a 7 */
  guint8 mask = g_strcmp0 (rule, "optiarc") == 0 ? 0x0f : 0xff;

  if (code == NULL || strlen (code) != 2)
    return FALSE;
  if (((rid[RID_FIRST_DIGIT_AT] ^ (guint8) code[0]) & mask) != 0
      || rid[RID_LAST_DIGIT_AT] != (guint8) code[1])
    return FALSE;
  return letter == NULL || letter_fits (letter, rid);
}

/* Of two types with the same code the one whose letter fits comes before the one without. */
static OflNecModel *
find_in_group (const OflFamily *self, const char *wanted, const guint8 *rid)
{
  g_autoptr (GPtrArray) names = ofl_nec_model_names (self);
  OflNecModel *best = NULL;

  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (OflNecModel) model = ofl_nec_model_by_name (self, g_ptr_array_index (names, i));
      g_autofree char *group = NULL;
      g_autofree char *letter = NULL;

      if (model == NULL)
        continue;
      group = ofl_nec_model_text (self, model, "rid-group");
      if (g_strcmp0 (group, wanted) != 0 || !code_fits (self, model, rid))
        continue;
      letter = ofl_nec_model_text (self, model, "rid-letter");
      if (best != NULL && letter == NULL)
        continue;
      g_clear_pointer (&best, ofl_nec_model_free);
      best = g_steal_pointer (&model);
    }
  return best;
}

static OflNecModel *
find_lite_on (const OflFamily *self, const guint8 *rid)
{
  g_autoptr (GPtrArray) names = ofl_nec_model_names (self);

  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (OflNecModel) model = ofl_nec_model_by_name (self, g_ptr_array_index (names, i));
      g_autofree char *letter = model != NULL ? ofl_nec_model_text (self, model, "rid-liteon")
                                              : NULL;

      if (letter != NULL && rid[RID_LETTER_AT] == (guint8) letter[0])
        return g_steal_pointer (&model);
    }
  return NULL;
}

/**
 * ofl_nec_model_by_rid:
 * @self: the family
 * @found: (transfer full): the type that the firmware in a drive says it is
 * @rid: 80 bytes of the area that tells the hardware
 *
 * A drive that got another model's firmware still has its own area (nec 1.2, rules 1 to 3).
 *
 * Returns: (transfer full): the type that the hardware is
 */
OflNecModel *
ofl_nec_model_by_rid (const OflFamily *self, OflNecModel *found, const guint8 *rid)
{
  g_autofree char *group = ofl_nec_model_text (self, found, "rid-group");
  g_autofree char *entry = ofl_nec_model_text (self, found, "rid-entry");
  g_autofree char *liteon = ofl_nec_model_text (self, found, "rid-liteon");
  OflNecModel *real = NULL;

  if (rid_has_vendor (rid, "NEC") || rid_has_vendor (rid, "Sony") || rid_has_vendor (rid, "SONY"))
    {
      if (group != NULL && g_strcmp0 (entry, "no") != 0)
        real = find_in_group (self, group, rid);
    }
  else if (rid_has_vendor (rid, "ATAPI") && liteon != NULL)
    real = find_lite_on (self, rid);
  if (real == NULL)
    return found;
  ofl_nec_model_free (found);
  return real;
}

/* The first byte of a firmware: 1 byte out of a data phase of 4. */
static void
probe_byte (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot, const char *blob,
            guint32 address, guint16 length)
{
  guint8 data[4];

  if (address != 0 && read_memory (transport, snapshot, address, MIN (length, sizeof data), data))
    ofl_snapshot_set_blob (snapshot, blob, data, 1);
}

static gboolean
probe_rid (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot,
           OflNecModel **model)
{
  guint32 area = ofl_family_number (self, (*model)->group, "rid-area");
  guint8 rid[OFL_NEC_RID_READ];
  g_autofree char *text = NULL;

  if (!read_memory (transport, snapshot, area, sizeof rid, rid))
    return FALSE;
  *model = ofl_nec_model_by_rid (self, *model, rid);
  text = ofl_family_runs (rid + RID_TEXT_AT, sizeof rid - RID_TEXT_AT, 3);
  ofl_snapshot_set_blob (snapshot, OFL_NEC_BLOB_RID, rid, sizeof rid);
  ofl_snapshot_set_fact (snapshot, N_ ("hardware"), text);
  return TRUE;
}

static void
set_facts (const OflFamily *self, OflSnapshot *snapshot, const OflNecModel *model)
{
  g_autofree char *title = ofl_nec_model_text (self, model, "model");
  g_autofree char *mark = g_strdup_printf ("%s / %s", model->id, model->layout->name);
  g_autofree char *bootcode = NULL;

  ofl_snapshot_set_fact (snapshot, OFL_NEC_FACT_TYPE, model->name);
  ofl_snapshot_set_fact (snapshot, OFL_NEC_FACT_ID, model->id);
  ofl_snapshot_set_fact (snapshot, N_ ("flash type"), model->layout->name);
  if (title != NULL)
    ofl_snapshot_set_fact (snapshot, N_ ("model"), title);
  ofl_snapshot_set_mark (snapshot, mark);
  ofl_snapshot_set_image_size (snapshot, model->layout->length);
  if (ofl_snapshot_get_state (snapshot) != OFL_DRIVE_STATE_BOOT)
    return;
  bootcode = ofl_nec_bootcode_text (ofl_nec_bootcode (self, ofl_snapshot_identity (snapshot)));
  if (bootcode != NULL)
    ofl_snapshot_set_fact (snapshot, OFL_NEC_FACT_BOOTCODE, bootcode);
}

/* nec 2.14 row 2: without the byte, or with FF, a drive that needs it is not read. */
static OflCaps
caps_of (const OflFamily *self, const OflSnapshot *snapshot, const OflNecModel *model)
{
  GBytes *blob = ofl_snapshot_get_blob (snapshot, OFL_NEC_BLOB_DUMP_ID);
  gboolean needed = ofl_family_number (self, model->group, "dump-id") != 0;
  const guint8 *byte = blob != NULL ? g_bytes_get_data (blob, NULL) : NULL;
  OflCaps caps = OFL_CAP_NONE;

  if (model->layout->writes)
    caps |= OFL_CAP_WRITE | OFL_CAP_RECOVER;
  if (model->layout->writes && model->layout->reads)
    caps |= OFL_CAP_VERIFY;
  if (model->layout->reads && (!needed || (byte != NULL && *byte != OFL_NEC_NO_DUMP_ID)))
    caps |= OFL_CAP_READ;
  return caps;
}

static void
say_not_writable (OflSnapshot *snapshot, const OflNecModel *model)
{
  const char *name = model->name, *layout = model->layout->name;

  ofl_snapshot_set_reason (
      snapshot,
      model->layout->reads
          ? OFL_SAY (_ ("How to write drives of the type %s (%s) is not publicly known. They can be "
                        "read."),
                     name, layout)
          : OFL_SAY (_ ("How to write drives of the type %s (%s) is not publicly known."), name,
                     layout));
}

/**
 * ofl_nec_probe:
 * @self: the family
 * @transport: a way to the drive
 * @snapshot: to be filled
 *
 * Reads of memory only, and only from drives whose names allow it.
 *
 * Returns: whether the drive is of this family
 */
gboolean
ofl_nec_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  g_autoptr (OflNecModel) model = NULL;
  gboolean rid;

  if (!ofl_family_forced (self, snapshot) && !ofl_nec_vendor_allowed (self, identity))
    return FALSE;
  model = find_id (self, transport, snapshot);
  if (model == NULL)
    return FALSE;
  rid = probe_rid (self, transport, snapshot, &model);
  ofl_snapshot_set_state (snapshot, identity->revision[0] == '0' ? OFL_DRIVE_STATE_BOOT
                                                                 : OFL_DRIVE_STATE_NORMAL);
  set_facts (self, snapshot, model);
  if (!rid)
    {
      ofl_snapshot_set_reason (
          snapshot, OFL_SAY (_ ("The drive does not let its hardware's own model be read. "
                                "Without it nothing tells which firmware is for it.")));
      ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_NONE);
      return TRUE;
    }
  probe_byte (self, transport, snapshot, OFL_NEC_BLOB_DUMP_ID,
              ofl_family_number (self, model->group, "dump-id"), 1);
  probe_byte (self, transport, snapshot, OFL_NEC_BLOB_NOTEBOOK,
              ofl_family_number (self, model->group, "notebook-at"),
              (guint16) ofl_family_number (self, model->group, "notebook-length"));
  if (!model->layout->writes)
    say_not_writable (snapshot, model);
  ofl_snapshot_set_family (snapshot, self->id, caps_of (self, snapshot, model));
  return TRUE;
}
