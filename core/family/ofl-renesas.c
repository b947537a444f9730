/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HL-DT-ST Renesas family: recognising a drive by what is in its memory, and the verdict.
 * annex-sequences.md 3.3, annex-containers.md 5.1. */
#include "family/ofl-renesas.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define CONTROL 0x44            /* the last byte of each of these commands */
#define NO_SIZE 0xffffffffu
#define SIZE_PAIR_1 0xa0u       /* from the code on: where load address and size stand again */
#define SIZE_PAIR_2 0x5a0u
#define BLOB_LEN (OFL_RENESAS_PATTERN_LEN + 12)

/* A byte of the pattern: a value, or anything. */
#define ANY 0x100u

typedef struct {
  OflTransport *transport;
  guint8 *block;
  OflRenesasComponent found[OFL_RENESAS_NONE];
  gboolean has[OFL_RENESAS_NONE];
} Search;

static OflCommand
make_command (guint8 opcode, guint8 location, guint32 address, guint16 length, OflDirection dir)
{
  guint8 cdb[10] = { opcode, location };

  ofl_put_be (cdb + 2, 4, address);
  ofl_put_be (cdb + 7, 2, length);
  cdb[9] = CONTROL;
  return ofl_command_raw (cdb, sizeof cdb, dir, length, OFL_TIMEOUT_TRANSFER);
}

/**
 * ofl_renesas_read:
 * @location: where from
 * @address: first byte
 * @length: number of bytes
 *
 * Returns: the command that reads them (annex-sequences.md 3)
 */
OflCommand
ofl_renesas_read (guint8 location, guint32 address, guint16 length)
{
  return make_command (0x3c, location, address, length, OFL_DIR_IN);
}

/**
 * ofl_renesas_write:
 * @location: where to
 * @address: first byte
 * @length: number of bytes
 *
 * Returns: the command that writes them (annex-sequences.md 3)
 */
OflCommand
ofl_renesas_write (guint8 location, guint32 address, guint16 length)
{
  return make_command (0x3b, location, address, length, OFL_DIR_OUT);
}

/**
 * ofl_renesas_kind_name:
 * @kind: a kind of component
 *
 * Returns: its name
 */
const char *
ofl_renesas_kind_name (OflRenesasKind kind)
{
  static const char *const names[] = { "MAIN", "CORE", "" };

  g_return_val_if_fail (kind <= OFL_RENESAS_NONE, "");
  return names[kind];
}

/**
 * ofl_renesas_mark:
 * @header: a component's header, of a drive or a file
 * @kind: its kind
 *
 * Returns: (transfer full): the hardware mark: device and load address
 */
char *
ofl_renesas_mark (const guint8 *header, OflRenesasKind kind)
{
  g_autofree char *device
      = ofl_family_text (header + OFL_RENESAS_DEVICE_AT, OFL_RENESAS_DEVICE_LEN);

  return g_strdup_printf ("%s%s%s %08X", device, *device != '\0' ? " / " : "",
                          ofl_renesas_kind_name (kind),
                          ofl_get_be (header + OFL_RENESAS_LOAD_AT, 4));
}

/* What stands at a place of the pattern (annex-containers.md 5.1). The revision is in a MAIN
 * only, and its checksum's place has 4 bytes instead of 2. */
static guint
pattern_at (OflRenesasKind kind, guint i)
{
  static const char texts[] = "REV LVL \0\0\0\0\0\0\0\0ROM REV \0\0\0\0\0\0\0\0";
  gboolean is_main = kind == OFL_RENESAS_MAIN;

  if (i < (is_main ? 4u : 2u) || i >= 0x40 || (i >= 0x10 && i < 0x18))
    return ANY;
  if (i < 0x10)
    return 0;
  if (i < 0x20)
    return (guint8) (is_main ? "MAIN    " : "CORE    ")[i - 0x18];
  if (is_main && i >= OFL_RENESAS_REVISION_AT
      && i < OFL_RENESAS_REVISION_AT + OFL_RENESAS_REVISION_LEN)
    return ANY;
  return (guint8) texts[i - 0x20];
}

static gboolean
fits_pattern (const guint8 *data, OflRenesasKind kind)
{
  /* nearly every place in a memory fails here already */
  if (memcmp (data + 0x20, "REV LVL ", 8) != 0)
    return FALSE;
  for (guint i = 0; i < OFL_RENESAS_PATTERN_LEN; i++)
    {
      guint want = pattern_at (kind, i);

      if (want != ANY && want != data[i])
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_memory (OflTransport *transport, guint32 address, guint16 length, guint8 *data)
{
  return ofl_family_read (transport, ofl_renesas_read (OFL_RENESAS_MEMORY, address, length), data,
                          length);
}

/* A header without a size: it stands in the code, after the load address once more. */
static guint32
read_size (OflTransport *transport, const OflRenesasComponent *component)
{
  static const guint32 places[] = { SIZE_PAIR_1, SIZE_PAIR_2 };
  guint32 size = ofl_get_be (component->header + OFL_RENESAS_SIZE_AT, 4);

  if (size != NO_SIZE)
    return size;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      guint8 pair[8];

      if (!read_memory (transport, component->load + places[i], sizeof pair, pair))
        return 0;
      if (ofl_get_be (pair, 4) == component->load)
        return ofl_get_be (pair + 4, 4);
    }
  return 0;
}

static void
keep (Search *search, OflRenesasKind kind, const guint8 *header, guint32 at)
{
  OflRenesasComponent *component = &search->found[kind];

  if (search->has[kind] || at == 0 || !fits_pattern (header, kind))
    return;
  memcpy (component->header, header, sizeof component->header);
  component->at = at;
  component->load = ofl_get_be (header + OFL_RENESAS_LOAD_AT, 4);
  component->size = read_size (search->transport, component);
  search->has[kind] = component->size > 0 && component->size <= OFL_RENESAS_LONGEST;
}

/* From 0 on, each block beginning where a header could have been cut by the end of the one
 * before. A failed read ends it, and so does the MAIN component: what was met before it is kept. */
static void
search_memory (Search *search, guint32 end)
{
  for (guint32 at = 0; at < end && !search->has[OFL_RENESAS_MAIN];
       at += OFL_RENESAS_CHUNK - OFL_RENESAS_PATTERN_LEN)
    {
      if (!read_memory (search->transport, at, OFL_RENESAS_CHUNK, search->block))
        return;
      for (guint32 i = 0; i + OFL_RENESAS_PATTERN_LEN <= OFL_RENESAS_CHUNK; i++)
        for (OflRenesasKind kind = OFL_RENESAS_MAIN; kind < OFL_RENESAS_NONE; kind++)
          keep (search, kind, search->block + i, at + i);
    }
}

static void
set_component (OflSnapshot *snapshot, OflRenesasKind kind, const OflRenesasComponent *component)
{
  guint8 blob[BLOB_LEN];
  g_autofree char *words = g_strdup_printf ("0x%X bytes at %08X, header at %08X", component->size,
                                            component->load, component->at);

  memcpy (blob, component->header, OFL_RENESAS_PATTERN_LEN);
  ofl_put_be (blob + OFL_RENESAS_PATTERN_LEN, 4, component->at);
  ofl_put_be (blob + OFL_RENESAS_PATTERN_LEN + 4, 4, component->load);
  ofl_put_be (blob + OFL_RENESAS_PATTERN_LEN + 8, 4, component->size);
  ofl_snapshot_set_blob (snapshot, ofl_renesas_kind_name (kind), blob, sizeof blob);
  ofl_snapshot_set_fact (snapshot, ofl_renesas_kind_name (kind), words);
}

/**
 * ofl_renesas_component:
 * @drive: a drive of the family
 * @kind: which component
 * @component: (out caller-allocates): what was found of it
 *
 * Returns: whether it was found
 */
gboolean
ofl_renesas_component (const OflSnapshot *drive,
                       OflRenesasKind kind,
                       OflRenesasComponent *component)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, ofl_renesas_kind_name (kind));
  const guint8 *data;

  memset (component, 0, sizeof *component);
  if (blob == NULL)
    return FALSE;
  data = g_bytes_get_data (blob, NULL);
  memcpy (component->header, data, OFL_RENESAS_PATTERN_LEN);
  component->at = ofl_get_be (data + OFL_RENESAS_PATTERN_LEN, 4);
  component->load = ofl_get_be (data + OFL_RENESAS_PATTERN_LEN + 4, 4);
  component->size = ofl_get_be (data + OFL_RENESAS_PATTERN_LEN + 8, 4);
  return TRUE;
}

/* Whether a word of the product begins as one of the classes does. */
static gboolean
is_of_class (const OflFamily *self, const char *product)
{
  g_auto (GStrv) classes = g_key_file_get_string_list (ofl_family_table (self), "family",
                                                       "classes", NULL, NULL);
  g_auto (GStrv) words = g_strsplit (product, " ", -1);

  for (guint i = 0; classes != NULL && classes[i] != NULL; i++)
    for (guint n = 0; words[n] != NULL; n++)
      if (g_str_has_prefix (words[n], classes[i]))
        return TRUE;
  return FALSE;
}

static gboolean
may_ask (const OflFamily *self, const OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);

  return ofl_family_forced (self, snapshot)
         || (ofl_family_lists (self, "family", "vendors", identity->vendor)
             && is_of_class (self, identity->product));
}

static gboolean
renesas_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  g_autofree guint8 *block = NULL;
  Search search = { .transport = transport };
  g_autofree char *mark = NULL;
  OflRenesasKind first;

  if (!may_ask (self, snapshot))
    return FALSE;
  search.block = block = g_malloc (OFL_RENESAS_CHUNK);
  search_memory (&search, ofl_family_number (self, "read", "search-end"));
  if (!search.has[OFL_RENESAS_MAIN] && !search.has[OFL_RENESAS_CORE])
    return FALSE;
  first = search.has[OFL_RENESAS_MAIN] ? OFL_RENESAS_MAIN : OFL_RENESAS_CORE;
  for (OflRenesasKind kind = first; kind < OFL_RENESAS_NONE; kind++)
    if (search.has[kind])
      set_component (snapshot, kind, &search.found[kind]);
  mark = ofl_renesas_mark (search.found[first].header, first);
  ofl_snapshot_set_mark (snapshot, mark);
  ofl_snapshot_set_image_size (snapshot, search.found[first].size + OFL_RENESAS_HEADER_LEN);
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY);
  return TRUE;
}

static gboolean
is_core (const OflImage *image)
{
  return g_strcmp0 (ofl_image_get_fact (image, "component"), "CORE") == 0;
}

static OflVerdict
renesas_confirm (const OflFamily *self, const OflProof *proof)
{
  if (proof->after == NULL || ofl_snapshot_get_state (proof->after) != OFL_DRIVE_STATE_NORMAL)
    return OFL_VERDICT_UNKNOWN;
  if (proof->compared == 0)
    return OFL_VERDICT_UNKNOWN;
  if (proof->different == 0)
    return OFL_VERDICT_VERIFIED;
  /* the backup that is compared with is the MAIN component's: it tells nothing of a CORE */
  if (proof->equals_backup && !is_core (proof->image))
    return OFL_VERDICT_UNCHANGED;
  return OFL_VERDICT_FAILED_RECOVERY;
}

const OflFamily ofl_family_renesas = {
  .id = "renesas",
  .probe = renesas_probe,
  .parse = ofl_renesas_parse,
  .judge = ofl_renesas_judge,
  .plan_read = ofl_renesas_plan_read,
  .plan_write = ofl_renesas_plan_write,
  .compare_read = ofl_renesas_compare_read,
  .confirm = renesas_confirm,
};
