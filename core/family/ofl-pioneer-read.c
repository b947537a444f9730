/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer: the steps that read the memory of a BDR. annex-sequences.md 2, last paragraph. */
#include "family/ofl-pioneer.h"

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define READ_SOURCE "annex-sequences.md 2"

static void
add_read (OflPlan *plan, int capture, guint32 at, guint32 length)
{
  guint8 cdb[10] = { 0x3c, 0x02, 0xb0 };
  OflStep *step;

  ofl_put_be (cdb + 3, 3, at);
  ofl_put_be (cdb + 6, 3, length);
  step = ofl_plan_read (
      plan, OFL_STAGE_BACKUP, "Read the memory",
      ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, length, OFL_TIMEOUT_TRANSFER), capture, at,
      OFL_PIONEER_CHUNK_MS);
  step->source = READ_SOURCE;
}

/* Opens what lies above the first 32 KiB; nothing is stored by it. */
static void
add_knock (OflPlan *plan)
{
  static const guint8 cdb[10] = { 0x3b, 0x02, 0x41, 0xa5, 0xaa, 0xaa };
  OflStep *step = ofl_plan_command (
      plan, OFL_STAGE_BACKUP, "Ask for access to the rest of the memory",
      ofl_command_raw (cdb, sizeof cdb, OFL_DIR_NONE, 0, OFL_TIMEOUT_TRANSFER), OFL_EXPECT_OK,
      OFL_PIONEER_COMMAND_MS);

  step->source = READ_SOURCE;
}

/**
 * ofl_pioneer_plan_read:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): not used: reading has no dialects
 * @error: return location
 *
 * Reads the whole memory of a BDR into capture 0.
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when this drive cannot
 *   be read
 */
OflPlan *
ofl_pioneer_plan_read (const OflFamily *self,
                       const OflSnapshot *drive,
                       const OflChoices *choices,
                       GError **error)
{
  guint32 chunk = CLAMP (ofl_family_number (self, "read", "chunk"), 0x200, 0x10000);
  guint32 open = ofl_family_number (self, "read", "free");
  guint32 ceiling = ofl_family_number (self, "read", "ceiling");
  g_autoptr (OflPlan) plan = NULL;
  int capture;

  if ((ofl_snapshot_get_caps (drive) & OFL_CAP_READ) == 0)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
                   "This drive cannot be read: only the memory of a BDR that runs its firmware "
                   "can.");
      return NULL;
    }
  plan = ofl_plan_new ("Read the memory (Pioneer BDR)");
  capture = ofl_plan_add_capture (plan, "memory", ceiling);
  for (guint32 at = 0; at < ceiling;)
    {
      guint32 end = at < open ? MIN (open, ceiling) : ceiling;
      guint32 length = MIN (chunk, end - at);

      if (at == open)
        add_knock (plan);
      add_read (plan, capture, at, length);
      at += length;
    }
  return g_steal_pointer (&plan);
}
