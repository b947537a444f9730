/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MT1959 family: recognising a drive, and the verdict. mt1959 1. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define FEATURE_FIRMWARE_DATE 0x010c
#define FEATURE_LEN 0x1c /* as it is asked for; a header, then the feature */
#define FEATURE_HEADER 8
#define BOOT_REVISION "BOOT"
#define N_ATTENTIONS 8 /* a drive queues a few after a reset */

static gboolean
read_region (OflTransport *transport, OflSnapshot *snapshot, guint32 offset, guint32 length,
             guint8 *data)
{
  OflCommand command = ofl_command_read_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, offset, length);

  return ofl_family_read (transport, snapshot, command, N_ ("a part of its flash"), data, length);
}

static char *
probe_banner (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_MT1959_BANNER_LEN];
  g_autofree char *banner = NULL;

  if (!read_region (transport, snapshot, OFL_MT1959_BANNER_AT, sizeof data, data))
    return NULL;
  banner = ofl_mt1959_banner (data, sizeof data);
  if (banner == NULL)
    return NULL;
  ofl_snapshot_set_blob (snapshot, OFL_MT1959_BLOB_BANNER, data, sizeof data);
  ofl_snapshot_set_fact (snapshot, N_ ("banner"), banner);
  return g_steal_pointer (&banner);
}

/* Returns the chip's tag; NULL when the descriptor cannot be read or holds none, as may be when
 * only the boot code runs. */
static char *
probe_descriptor (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_MT1959_DESCRIPTOR_LEN];
  g_autofree char *runs = NULL;
  char *chip;

  if (!read_region (transport, snapshot, OFL_MT1959_DESCRIPTOR_AT, sizeof data, data))
    return NULL;
  ofl_snapshot_set_blob (snapshot, OFL_MT1959_BLOB_DESCRIPTOR, data, sizeof data);
  runs = ofl_family_runs (data, sizeof data, 3);
  ofl_snapshot_set_fact (snapshot, N_ ("descriptor"), runs);
  chip = ofl_mt1959_chip (data, sizeof data);
  if (chip != NULL)
    ofl_snapshot_set_fact (snapshot, N_ ("chip"), chip);
  return chip;
}

/* The code of the drive's sticker, which tells boards apart (mt1959 1.5). */
static void
probe_svc (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_MT1959_SVC_LEN];
  g_autofree char *text = NULL;

  if (!read_region (transport, snapshot, OFL_MT1959_DESCRIPTOR_AT + OFL_MT1959_SVC_AT, sizeof data,
                    data))
    return;
  ofl_snapshot_set_blob (snapshot, OFL_MT1959_BLOB_SVC, data, sizeof data);
  text = ofl_mt1959_svc_text (data);
  if (text != NULL)
    ofl_snapshot_set_fact (snapshot, N_ ("SVC code"), text);
}

/* The model that the firmware itself has, where INQUIRY shows another: an enclosure's name. */
static void
note_model (OflSnapshot *snapshot)
{
  GBytes *blob = ofl_snapshot_get_blob (snapshot, OFL_MT1959_BLOB_DESCRIPTOR);
  const char *product = ofl_snapshot_identity (snapshot)->product;
  g_autofree char *shown = ofl_family_text ((const guint8 *) product, strlen (product));
  g_autofree char *inside = blob != NULL
                                ? ofl_mt1959_field (g_bytes_get_data (blob, NULL),
                                                    OFL_MT1959_MODEL_AT, OFL_MT1959_MODEL_LEN)
                                : NULL;

  if (inside != NULL && !g_str_equal (inside, shown))
    ofl_snapshot_set_fact (snapshot, N_ ("model in its firmware"), inside);
}

static void
probe_code_page (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_MT1959_BOOT_PAGE_LEN];

  if (read_region (transport, snapshot, OFL_MT1959_CODE_AT, sizeof data, data))
    ofl_snapshot_set_blob (snapshot, OFL_MT1959_BLOB_PAGE, data, sizeof data);
}

/* A boot code that cannot read the flash back leaves writing and recovery. */
static OflCaps
caps_of (const OflSnapshot *snapshot)
{
  OflCaps caps = OFL_CAP_WRITE | OFL_CAP_RECOVER;

  if (ofl_snapshot_get_blob (snapshot, OFL_MT1959_BLOB_DESCRIPTOR) != NULL)
    caps |= OFL_CAP_READ | OFL_CAP_READ_EEPROM | OFL_CAP_VERIFY;
  return caps;
}

/* What a drive of the family shows, once its banner was seen. */
static void
fill_snapshot (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot,
               const char *banner)
{
  gboolean boot = g_str_equal (ofl_snapshot_identity (snapshot)->revision, BOOT_REVISION);
  g_autofree char *chip = probe_descriptor (transport, snapshot);
  g_autofree char *mark = ofl_mt1959_mark (chip, banner);

  if (ofl_snapshot_get_blob (snapshot, OFL_MT1959_BLOB_DESCRIPTOR) != NULL)
    probe_svc (transport, snapshot);
  note_model (snapshot);
  probe_code_page (transport, snapshot);
  ofl_snapshot_set_mark (snapshot, mark);
  ofl_snapshot_set_image_size (snapshot, OFL_MT1959_SIZE);
  ofl_snapshot_set_state (snapshot, boot ? OFL_DRIVE_STATE_BOOT : OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id, caps_of (snapshot));
}

/* mt1959 1.1: feature 010C answers and the banner is there. Only the banner is asked of a
 * drive whose revision says BOOT (1.2): whether its boot code knows features is not public. */
static gboolean
mt1959_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  gboolean boot = g_str_equal (ofl_snapshot_identity (snapshot)->revision, BOOT_REVISION);
  g_autofree char *banner = NULL;

  if (!ofl_family_may_ask (self, snapshot))
    return FALSE;
  if (!ofl_family_has_feature (transport, snapshot, FEATURE_FIRMWARE_DATE) && !boot)
    return FALSE;
  banner = probe_banner (transport, snapshot);
  if (banner == NULL)
    return FALSE;
  fill_snapshot (self, transport, snapshot, banner);
  return TRUE;
}

/* One question whose answer, whatever it is, says nothing against the drive. */
static gboolean
ask_stranger (OflTransport *transport, OflCommand command, guint8 *data, guint32 at_least)
{
  OflReply reply = { 0 };

  memset (data, 0, command.length);
  for (guint i = 0; i < N_ATTENTIONS; i++)
    {
      ofl_transport_execute (transport, &command, data, &reply);
      if (!ofl_reply_has_key (&reply, OFL_KEY_UNIT_ATTENTION))
        break;
    }
  return ofl_reply_ok (&reply) && reply.transferred >= at_least;
}

/* mt1959 1.6: a drive whose maker's name says nothing, as an enclosure's does, and that no other
 * family knows. It is asked for the feature, and only when it has it for the banner: two commands
 * that read, and a refusal is no news. */
static gboolean
mt1959_probe_stranger (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  guint8 feature[FEATURE_LEN], data[OFL_MT1959_BANNER_LEN];
  g_autofree char *seen = NULL;
  g_autofree char *banner = NULL;

  if (ofl_family_lists (self, "family", "never-vendors", identity->vendor)
      || ofl_family_may_ask (self, snapshot))
    return FALSE;
  if (!ask_stranger (transport,
                     ofl_command_get_configuration (FEATURE_FIRMWARE_DATE, sizeof feature), feature,
                     FEATURE_HEADER + 2)
      || ofl_get_be (feature + FEATURE_HEADER, 2) != FEATURE_FIRMWARE_DATE)
    return FALSE;
  if (!ask_stranger (transport, ofl_mt1959_read_flash (OFL_MT1959_BANNER_AT, sizeof data), data,
                     sizeof data))
    return FALSE;
  seen = ofl_mt1959_banner (data, sizeof data);
  banner = seen != NULL ? probe_banner (transport, snapshot) : NULL;
  if (banner == NULL)
    return FALSE;
  fill_snapshot (self, transport, snapshot, banner);
  return TRUE;
}

const OflFamily ofl_family_mt1959 = {
  .id = "mt1959",
  .probe = mt1959_probe,
  .probe_stranger = mt1959_probe_stranger,
  .parse = ofl_mt1959_parse,
  .judge = ofl_mt1959_judge,
  .plan_read = ofl_mt1959_plan_read,
  .plan_write = ofl_mt1959_plan_write,
  .compare_read = ofl_mt1959_compare_read,
  .confirm = ofl_family_confirm_read_back,
};
