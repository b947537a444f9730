/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a BD writer: what its memory says when the drive is looked at, the backup that checks
 * itself, and how a file compares with it. pioneer 2.7. */
#include "families/pioneer/ofl-pioneer-bd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define READ_SOURCE "pioneer 2.7"
#define HEAD_LEN 0x18
#define LENGTH_AT 0x14
#define LENGTH_STEP 0x100
#define LENGTH_LEAST 0x2000
#define ATTENTIONS 8

/**
 * ofl_pioneer_bd_has_sat:
 * @drive: a BD writer
 *
 * Returns: whether its identity names its hardware by SAT and a number
 */
gboolean
ofl_pioneer_bd_has_sat (const OflSnapshot *drive)
{
  const char *hardware = ofl_snapshot_get_fact (drive, "hardware");

  return hardware != NULL && g_str_has_prefix (hardware, OFL_PIONEER_BD_SAT);
}

/**
 * ofl_pioneer_bd_length_is_possible:
 * @self: the family
 * @length: what a Normal says of its length, bytes
 *
 * Returns: whether that much can lie behind 410000h
 */
gboolean
ofl_pioneer_bd_length_is_possible (const OflFamily *self, guint32 length)
{
  guint32 ceiling = ofl_family_number (self, "read", "ceiling");

  return length % LENGTH_STEP == 0 && length >= LENGTH_LEAST && ceiling >= OFL_PIONEER_BD_NORMAL_AT
         && length <= ceiling - OFL_PIONEER_BD_NORMAL_AT;
}

/**
 * ofl_pioneer_bd_knock:
 *
 * Returns: what stands before every read; it carries no data and changes nothing that the drive
 *   keeps (pioneer 2.7)
 */
OflCommand
ofl_pioneer_bd_knock (void)
{
  static const guint8 cdb[10] = { 0x3b, 0x02, 0x41, 0xa5, 0xaa, 0xaa };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_NONE, 0, OFL_TIMEOUT_PROBE);
}

/**
 * ofl_pioneer_bd_read_memory:
 * @at: address, 24 bits
 * @length: bytes
 *
 * Returns: the command that reads memory (pioneer 2.7)
 */
OflCommand
ofl_pioneer_bd_read_memory (guint32 at, guint32 length)
{
  guint8 cdb[10] = { 0x3c, 0x02, 0xb0 };

  ofl_put_be (cdb + 3, 3, at);
  ofl_put_be (cdb + 6, 3, length);
  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, length, OFL_TIMEOUT_TRANSFER);
}

/* The knock and the read, once. */
static void
ask_once (OflTransport *transport, guint32 length, guint8 *data, OflReply *reply)
{
  OflCommand knock = ofl_pioneer_bd_knock ();
  OflCommand read = ofl_pioneer_bd_read_memory (OFL_PIONEER_BD_NORMAL_AT, length);
  guint attentions = 0;

  do
    {
      ofl_transport_execute (transport, &knock, NULL, reply);
      memset (data, 0, length);
      ofl_transport_execute (transport, &read, data, reply);
    }
  while (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION) && attentions++ < ATTENTIONS);
}

static char *
say_answer (const OflReply *reply, guint32 length)
{
  g_autofree char *answer = ofl_reply_format (reply);

  if (ofl_reply_ok (reply))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "Of the beginning of its firmware the drive sent %u of %u "
                                         "byte.",
                                         "Of the beginning of its firmware the drive sent %u of %u "
                                         "bytes.",
                                         length),
                            reply->transferred, length);
  return g_strdup_printf (_ ("Asked for the beginning of its firmware, the drive answered: %s."),
                          answer);
}

/* Only a refusal says that the drive does not show it; all else is a link that failed. */
static gboolean
read_head (OflTransport *transport, OflSnapshot *snapshot, guint32 length, guint8 *data)
{
  gboolean tried_again = FALSE;
  OflReply reply = { 0 };

  for (guint shorts = 0; shorts <= OFL_PIONEER_BD_REPEATS;)
    {
      ask_once (transport, length, data, &reply);
      if (ofl_reply_ok (&reply) && reply.transferred >= length)
        return TRUE;
      if (ofl_reply_has_key (&reply, OFL_KEY_ILLEGAL_REQUEST))
        {
          ofl_snapshot_set_refused (snapshot, OFL_SENTENCE (say_answer (&reply, length)));
          return FALSE;
        }
      if (ofl_reply_ok (&reply))
        shorts++;
      else if (tried_again || reply.outcome == OFL_OUTCOME_LOST)
        break;
      else
        tried_again = TRUE;
    }
  ofl_snapshot_set_failed (snapshot, OFL_SENTENCE (say_answer (&reply, length)));
  return FALSE;
}

/**
 * ofl_pioneer_bd_probe_memory:
 * @self: the family
 * @transport: a way to the drive
 * @snapshot: a BD writer that runs its firmware
 *
 * pioneer 2.7 rows 1 and 2: the descriptor, read twice, and how long the firmware is.
 *
 * Returns: whether both are known now
 */
gboolean
ofl_pioneer_bd_probe_memory (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 first[OFL_PIONEER_BD_DESCRIPTOR_LEN], second[OFL_PIONEER_BD_DESCRIPTOR_LEN];
  guint8 head[HEAD_LEN];
  g_autofree char *length = NULL;

  if (!read_head (transport, snapshot, sizeof first, first)
      || !read_head (transport, snapshot, sizeof second, second)
      || !read_head (transport, snapshot, sizeof head, head)
      || memcmp (first, second, sizeof first) != 0 || memcmp (first, head, sizeof first) != 0
      || memcmp (first, "PIONEER ", 8) != 0
      || !ofl_pioneer_bd_length_is_possible (self, ofl_get_be (head + LENGTH_AT, 4)))
    return FALSE;
  length = g_strdup_printf ("%u", ofl_get_be (head + LENGTH_AT, 4));
  ofl_snapshot_set_fact (snapshot, OFL_PIONEER_BD_FACT_LENGTH, length);
  ofl_snapshot_set_blob (snapshot, OFL_PIONEER_BD_BLOB_DESCRIPTOR, first, sizeof first);
  return TRUE;
}

/**
 * ofl_pioneer_bd_plan_read:
 * @self: the family
 * @drive: a BD writer
 * @error: return location
 *
 * Reads the Kernel and, right behind it, the Normal into capture 0.
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when this drive cannot
 *   be read
 */
OflPlan *
ofl_pioneer_bd_plan_read (const OflFamily *self, const OflSnapshot *drive, GError **error)
{
  const char *fact = ofl_snapshot_get_fact (drive, OFL_PIONEER_BD_FACT_LENGTH);
  guint32 chunk = CLAMP (ofl_family_number (self, "read", "chunk"), 0x200, OFL_MAX_TRANSFER);
  g_autoptr (OflPlan) plan = NULL;
  guint32 whole;
  int capture;

  if ((ofl_snapshot_get_caps (drive) & OFL_CAP_READ) == 0 || fact == NULL)
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("This drive cannot be read: only a BD writer that runs its firmware and "
                        "shows its beginning can."));
      return NULL;
    }
  whole = OFL_PIONEER_BD_KERNEL_LEN + (guint32) g_ascii_strtoull (fact, NULL, 10);
  plan = ofl_plan_new (N_ ("Read the firmware (Pioneer BD)"));
  capture = ofl_plan_add_capture (plan, "firmware", whole);
  for (guint32 at = 0; at < whole; at += chunk)
    {
      guint32 length = MIN (chunk, whole - at);
      OflStep *step
          = ofl_plan_read (plan, OFL_STAGE_BACKUP, N_ ("Read the firmware"),
                           ofl_pioneer_bd_read_memory (OFL_PIONEER_BD_KERNEL_AT + at, length),
                           capture, at, OFL_PIONEER_CHUNK_MS);

      step->ahead = ofl_pioneer_bd_knock ();
      step->repeat_short = OFL_PIONEER_BD_REPEATS;
      step->source = at < OFL_PIONEER_BD_KERNEL_LEN ? READ_SOURCE " row 3" : READ_SOURCE " row 4";
    }
  return g_steal_pointer (&plan);
}

/**
 * ofl_pioneer_bd_compare:
 * @image: an image of a BD writer
 * @dump: what ofl_pioneer_bd_plan_read() read
 * @comparison: where to count
 *
 * A file's plain part belongs at 410000h; a dump belongs where it came from, its kernel too.
 */
void
ofl_pioneer_bd_compare (const OflImage *image, GBytes *dump, OflComparison *comparison)
{
  gsize held, wanted, length, image_length;
  const guint8 *data = ofl_image_get_data (image, &image_length);
  const guint8 *have = g_bytes_get_data (dump, &held);
  const guint8 *want;
  g_autoptr (GBytes) plain = NULL;
  gsize skip = ofl_pioneer_bd_is_file (data, image_length) ? OFL_PIONEER_BD_KERNEL_LEN : 0;

  if (!ofl_pioneer_bd_is_dump (have, held)
      || g_strcmp0 (ofl_image_get_fact (image, "component"), "Kernel") == 0)
    return;
  plain = skip > 0 ? ofl_pioneer_bd_plain (image) : g_bytes_ref (ofl_image_get_bytes (image));
  if (plain == NULL)
    return;
  want = g_bytes_get_data (plain, &wanted);
  length = MIN (wanted, held - skip);
  ofl_comparison_add (comparison, TRUE, 0, want, have + skip, length);
  if (wanted > length)
    ofl_comparison_add_missing (comparison, length, wanted - length);
}
