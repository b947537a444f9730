/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HL-DT-ST Renesas family: recognising a drive by what is in its memory, and the verdict.
 * renesas 1.1, 2.4. */
#include "families/renesas/ofl-renesas.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "families/renesas/ofl-hlds.h"

#define CONTROL 0x44 /* the last byte of each of these commands */
#define NO_SIZE 0xffffffffu
#define SIZE_PAIR_1 0xa0u /* from the code on: where load address and size stand again */
#define SIZE_PAIR_2 0x5a0u
#define BLOB_LEN (OFL_RENESAS_PATTERN_LEN + 12)

/* A byte of the pattern: a value, or anything. */
#define ANY 0x100u

typedef struct {
  OflTransport *transport;
  OflSnapshot *snapshot;
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
 * Returns: the command that reads them (renesas 2.1)
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
 * Returns: the command that writes them (renesas 2.1)
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

/* What stands at a place of the pattern (renesas 1.1). The revision is in a MAIN
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
read_memory (OflTransport *transport, OflSnapshot *snapshot, guint32 address, guint16 length,
             guint8 *data)
{
  return ofl_family_read (transport, snapshot,
                          ofl_renesas_read (OFL_RENESAS_MEMORY, address, length),
                          N_ ("a part of its memory"), data, length);
}

/* A header without a size: it stands in the code, after the load address once more. */
static guint32
read_size (const Search *search, const OflRenesasComponent *component)
{
  static const guint32 places[] = { SIZE_PAIR_1, SIZE_PAIR_2 };
  guint32 size = ofl_get_be (component->header + OFL_RENESAS_SIZE_AT, 4);

  if (size != NO_SIZE)
    return size;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      guint8 pair[8];

      if (!read_memory (search->transport, search->snapshot, component->load + places[i],
                        sizeof pair, pair))
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
  component->size = read_size (search, component);
  search->has[kind] = component->size > 0 && component->size <= OFL_RENESAS_LONGEST;
}

/* From 0 on, each block beginning where a header could have been cut by the end of the one
 * before. A refused read ends it, and so does the MAIN component: what was met before it is kept. After a
 * read that failed nothing of it counts (ofl_family_read()). */
static void
search_memory (Search *search, guint32 end)
{
  for (guint32 at = 0; at < end && !search->has[OFL_RENESAS_MAIN];
       at += OFL_RENESAS_CHUNK - OFL_RENESAS_PATTERN_LEN)
    {
      if (!read_memory (search->transport, search->snapshot, at, OFL_RENESAS_CHUNK, search->block))
        return;
      for (guint32 i = 0; i + OFL_RENESAS_PATTERN_LEN <= OFL_RENESAS_CHUNK; i++)
        for (OflRenesasKind kind = OFL_RENESAS_MAIN; kind < OFL_RENESAS_NONE; kind++)
          keep (search, kind, search->block + i, at + i);
    }
}

static char *
say_two_answers (const Search *search)
{
  gboolean main = search->has[OFL_RENESAS_MAIN];

  /* Translators: %s is the name of a part of the firmware, MAIN or CORE */
  return g_strdup_printf (_ ("the header of its %s twice; it was there once only"),
                          ofl_renesas_kind_name (main ? OFL_RENESAS_CORE : OFL_RENESAS_MAIN));
}

/* A component that is missing may have been missed: one block that came from another address looks like
 * any other. So it is looked for once more, and two answers are none. */
static gboolean
is_sure (const Search *search, guint32 end)
{
  Search again
      = { .transport = search->transport, .snapshot = search->snapshot, .block = search->block };

  if (search->has[OFL_RENESAS_MAIN] == search->has[OFL_RENESAS_CORE])
    return TRUE;
  search_memory (&again, end);
  if (memcmp (again.has, search->has, sizeof again.has) == 0)
    return TRUE;
  if (ofl_snapshot_get_failed (search->snapshot) == NULL)
    ofl_snapshot_set_failed (search->snapshot, OFL_SENTENCE (say_two_answers (search)));
  return FALSE;
}

static void
set_component (OflSnapshot *snapshot, OflRenesasKind kind, const OflRenesasComponent *component)
{
  guint8 blob[BLOB_LEN];

  memcpy (blob, component->header, OFL_RENESAS_PATTERN_LEN);
  ofl_put_be (blob + OFL_RENESAS_PATTERN_LEN, 4, component->at);
  ofl_put_be (blob + OFL_RENESAS_PATTERN_LEN + 4, 4, component->load);
  ofl_put_be (blob + OFL_RENESAS_PATTERN_LEN + 8, 4, component->size);
  ofl_snapshot_set_blob (snapshot, ofl_renesas_kind_name (kind), blob, sizeof blob);
  ofl_snapshot_say_fact (snapshot, ofl_renesas_kind_name (kind),
                         OFL_SAY (g_dngettext (GETTEXT_PACKAGE, "0x%X byte at %08X, header at %08X",
                                               "0x%X bytes at %08X, header at %08X",
                                               component->size),
                                  component->size, component->load, component->at));
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
ofl_renesas_component (const OflSnapshot *drive, OflRenesasKind kind,
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

/* Whether a word of the product begins as one of the classes does; some drives have an underscore
 * for a blank. */
static gboolean
is_of_class (const OflFamily *self, const char *product)
{
  g_auto (GStrv) classes
      = g_key_file_get_string_list (ofl_family_table (self), "family", "classes", NULL, NULL);
  g_auto (GStrv) words = g_strsplit_set (product, " _", -1);

  for (guint i = 0; classes != NULL && classes[i] != NULL; i++)
    for (guint n = 0; words[n] != NULL; n++)
      if (g_str_has_prefix (words[n], classes[i]))
        return TRUE;
  return FALSE;
}

static gboolean
renesas_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  g_autofree guint8 *block = NULL;
  Search search = { .transport = transport, .snapshot = snapshot };
  g_autofree char *mark = NULL;
  guint32 end = ofl_family_number (self, "read", "search-end");
  OflRenesasKind first;

  if (!ofl_family_may_ask (self, snapshot)
      || !(ofl_family_forced (self, snapshot)
           || is_of_class (self, ofl_snapshot_identity (snapshot)->product)))
    return FALSE;
  search.block = block = g_malloc (OFL_RENESAS_CHUNK);
  search_memory (&search, end);
  if ((!search.has[OFL_RENESAS_MAIN] && !search.has[OFL_RENESAS_CORE]) || !is_sure (&search, end))
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

static const OflVendorFormat containers[] = {
  { ofl_container_hlds_exe, OFL_CONTAINER_MARKED },
  { ofl_container_hlds_flat, OFL_CONTAINER_GUESSED },
  { NULL },
};

const OflFamily ofl_family_renesas = {
  .id = "renesas",
  .probe = renesas_probe,
  .parse = ofl_renesas_parse,
  .containers = containers,
  .judge = ofl_renesas_judge,
  .plan_read = ofl_renesas_plan_read,
  .plan_write = ofl_renesas_plan_write,
  .compare_read = ofl_renesas_compare_read,
  .confirm = ofl_family_confirm_read_back,
};
