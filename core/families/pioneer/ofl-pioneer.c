/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pioneer family: recognising a drive, and the verdict. pioneer 1. */
#include "families/pioneer/ofl-pioneer-bd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

/* INQUIRY: the date field 37-44, `yy/mm/dd` (pioneer 1.1) */
#define DATE_SLASH_1 39
#define DATE_SLASH_2 42

/* The identity's fields (pioneer 1.2) */
#define ID_SERIAL 0
#define ID_SERIAL_LEN 16
#define ID_VERSION 16
#define ID_KERNEL_TYPE 24
#define ID_NORMAL_TYPE 32
#define ID_KERNEL_REVISION 40

#define KERNEL_REVISION "0000"   /* of a DVR whose kernel alone runs */
#define BD_KERNEL_REVISION "000" /* of a BDR likewise, one character shorter */

/**
 * ofl_pioneer_identify:
 *
 * Returns: the question for serial, hardware and kernel (pioneer 2.1 row 3)
 */
OflCommand
ofl_pioneer_identify (void)
{
  static const guint8 cdb[10] = { 0x3c, 0x02, 0xf1, 0, 0, 0, 0, 0, 0x30, 0 };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, OFL_PIONEER_IDENTITY_LEN, OFL_TIMEOUT_PROBE);
}

/**
 * ofl_pioneer_hardware_clear:
 * @self: hardware that was read
 *
 * Frees what it holds.
 */
void
ofl_pioneer_hardware_clear (OflPioneerHardware *self)
{
  g_clear_pointer (&self->group, g_free);
}

/* A decimal number in 4 characters, blanks around it allowed; 0 when it is none. */
static guint
read_generation (const guint8 *text)
{
  g_autofree char *copy = g_strstrip (g_strndup ((const char *) text, 4));
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (copy, 10, 0, 9999, &number, NULL))
    return 0;
  return (guint) number;
}

/**
 * ofl_pioneer_read_hardware:
 * @self: the family
 * @version: 8 bytes, interface and generation
 * @kernel_type: 8 bytes
 * @hardware: (out caller-allocates): what they say
 *
 * The same two fields stand in a drive's identity and in a file's header (pioneer 3.1).
 */
void
ofl_pioneer_read_hardware (const OflFamily *self, const guint8 *version, const guint8 *kernel_type,
                           OflPioneerHardware *hardware)
{
  g_autofree char *group = NULL;

  memset (hardware, 0, sizeof *hardware);
  memcpy (hardware->interface, version, 4);
  for (guint i = 0; i < 8; i++) /* padded with blanks or with zeros */
    hardware->kernel_type[i] = kernel_type[i] != 0 ? (char) kernel_type[i] : ' ';
  hardware->generation = read_generation (version + 4);
  group = g_strdup_printf ("generation %u", hardware->generation);
  if (hardware->generation > 0 && g_key_file_has_group (ofl_family_table (self), group))
    hardware->group = g_steal_pointer (&group);
}

/**
 * ofl_pioneer_drive_hardware:
 * @self: the family
 * @drive: a drive
 * @hardware: (out caller-allocates): what its identity says
 *
 * Returns: whether the drive's identity was read
 */
gboolean
ofl_pioneer_drive_hardware (const OflFamily *self, const OflSnapshot *drive,
                            OflPioneerHardware *hardware)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_PIONEER_BLOB_IDENTITY);
  const guint8 *data;
  gsize length;

  memset (hardware, 0, sizeof *hardware);
  if (blob == NULL)
    return FALSE;
  data = g_bytes_get_data (blob, &length);
  if (length < OFL_PIONEER_IDENTITY_LEAST)
    return FALSE;
  ofl_pioneer_read_hardware (self, data + ID_VERSION, data + ID_KERNEL_TYPE, hardware);
  return TRUE;
}

/**
 * ofl_pioneer_mark:
 * @hardware: what a drive or a file says
 *
 * Returns: (transfer full): the hardware mark: interface, generation and kernel type
 */
char *
ofl_pioneer_mark (const OflPioneerHardware *hardware)
{
  g_autofree char *interface = ofl_family_text ((const guint8 *) hardware->interface, 4);
  g_autofree char *type = ofl_family_text ((const guint8 *) hardware->kernel_type, 8);

  if (hardware->generation == 0)
    return g_strdup_printf ("%s / %s", interface, type);
  return g_strdup_printf ("%s %u / %s", interface, hardware->generation, type);
}

/**
 * ofl_pioneer_class:
 * @self: the family
 * @drive: a drive of it
 *
 * pioneer 1.3 for BDR drives, 2.1 rows 1 and 4 for DVRs.
 *
 * Returns: how far the drive is known
 */
OflPioneerClass
ofl_pioneer_class (const OflFamily *self, const OflSnapshot *drive)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_auto (OflPioneerHardware) hardware = { 0 };

  if (g_str_has_prefix (identity->product, "BD-"))
    return OFL_PIONEER_BD;
  ofl_pioneer_drive_hardware (self, drive, &hardware);
  if (hardware.group != NULL && g_str_equal (hardware.interface, "ATA ")
      && identity->inquiry[DATE_SLASH_1] == '/' && identity->inquiry[DATE_SLASH_2] == '/')
    return OFL_PIONEER_DVR;
  return OFL_PIONEER_OTHER;
}

static void
set_text (OflSnapshot *snapshot, const char *name, const guint8 *data, gsize length)
{
  g_autofree char *text = ofl_family_text (data, length);

  if (*text != '\0')
    ofl_snapshot_set_fact (snapshot, name, text);
}

static gboolean
probe_identity (OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 data[OFL_PIONEER_IDENTITY_LEN];

  if (!ofl_family_read (transport, snapshot, ofl_pioneer_identify (), N_ ("its identity"), data,
                        OFL_PIONEER_IDENTITY_LEAST))
    return FALSE;
  ofl_snapshot_set_blob (snapshot, OFL_PIONEER_BLOB_IDENTITY, data, sizeof data);
  set_text (snapshot, N_ ("drive serial"), data + ID_SERIAL, ID_SERIAL_LEN);
  set_text (snapshot, N_ ("hardware"), data + ID_VERSION, 8);
  set_text (snapshot, N_ ("kernel type"), data + ID_KERNEL_TYPE, 8);
  set_text (snapshot, N_ ("normal type"), data + ID_NORMAL_TYPE, 8);
  set_text (snapshot, N_ ("kernel revision"), data + ID_KERNEL_REVISION, 4);
  return TRUE;
}

static gboolean
runs_kernel (const OflSnapshot *snapshot, OflPioneerClass class)
{
  const char *revision = ofl_snapshot_identity (snapshot)->revision;

  return class == OFL_PIONEER_DVR ? g_str_equal (revision, KERNEL_REVISION)
                                  : g_str_has_prefix (revision, BD_KERNEL_REVISION);
}

static void
probe_dvr (const OflFamily *self, OflSnapshot *snapshot)
{
  g_auto (OflPioneerHardware) hardware = { 0 };
  g_autofree char *model = NULL;

  ofl_pioneer_drive_hardware (self, snapshot, &hardware);
  model = g_key_file_get_string (ofl_family_table (self), hardware.group, "model", NULL);
  ofl_snapshot_set_fact (snapshot, N_ ("model"), model);
  /* 0 where a normal part may have several lengths */
  ofl_snapshot_set_image_size (snapshot, ofl_family_number (self, hardware.group, "normal-size"));
  ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_WRITE | OFL_CAP_RECOVER);
}

static OflCaps
probe_bd (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot, gboolean kernel)
{
  gboolean shows = !kernel && ofl_pioneer_bd_probe_memory (self, transport, snapshot);
  OflCaps caps = OFL_CAP_NONE;

  if (shows)
    caps |= OFL_CAP_READ;
  if (!ofl_pioneer_bd_has_sat (snapshot))
    ofl_snapshot_set_reason (snapshot,
                             OFL_SAY (_ ("This BD writer does not name its hardware by SAT and a "
                                         "number, so it is none of those of which it is known how "
                                         "they are written.")));
  else if (!shows && !kernel)
    ofl_snapshot_set_reason (snapshot,
                             OFL_SAY (_ ("This BD writer does not show the beginning of its "
                                         "firmware as the known ones do, so it can be neither read "
                                         "nor written here.")));
  else
    caps |= OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER;
  return caps;
}

static void
probe_others (OflSnapshot *snapshot)
{
  ofl_snapshot_set_reason (
      snapshot, OFL_SAY (_ ("This Pioneer drive is of a generation whose control data is "
                            "not public, so nothing can be written to it here.")));
}

static char *
mark_of (const OflFamily *self, const OflSnapshot *snapshot, OflPioneerClass class)
{
  const guint8 *data
      = g_bytes_get_data (ofl_snapshot_get_blob (snapshot, OFL_PIONEER_BLOB_IDENTITY), NULL);
  g_auto (OflPioneerHardware) hardware = { 0 };

  if (class == OFL_PIONEER_BD)
    return ofl_pioneer_bd_mark (data + ID_VERSION, data + ID_KERNEL_TYPE);
  ofl_pioneer_drive_hardware (self, snapshot, &hardware);
  return ofl_pioneer_mark (&hardware);
}

/* The maker's name comes first, or one of the few that its drives bear elsewhere: nobody else's drive
 * is asked a Pioneer question (pioneer 1.1). */
static gboolean
may_ask (const OflFamily *self, const OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  g_autofree char *twin = ofl_family_model_of (self, identity->vendor, identity->product);

  return twin != NULL || ofl_family_may_ask (self, snapshot);
}

static gboolean
pioneer_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  g_autofree char *mark = NULL;
  OflPioneerClass class;
  gboolean kernel;

  if (!may_ask (self, snapshot))
    return FALSE;
  if (!probe_identity (transport, snapshot))
    return FALSE;
  class = ofl_pioneer_class (self, snapshot);
  kernel = runs_kernel (snapshot, class);
  mark = mark_of (self, snapshot, class);
  ofl_snapshot_set_mark (snapshot, mark);
  ofl_snapshot_set_state (snapshot, kernel ? OFL_DRIVE_STATE_BOOT : OFL_DRIVE_STATE_NORMAL);
  if (class == OFL_PIONEER_DVR)
    probe_dvr (self, snapshot);
  else if (class == OFL_PIONEER_BD)
    ofl_snapshot_set_family (snapshot, self->id, probe_bd (self, transport, snapshot, kernel));
  else
    {
      probe_others (snapshot);
      ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_NONE);
    }
  return TRUE;
}

/* A DVR's firmware cannot be read; its snapshot has no %OFL_CAP_READ. */
static OflPlan *
pioneer_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                   GError **error)
{
  return ofl_pioneer_bd_plan_read (self, drive, error);
}

static void
pioneer_compare (const OflFamily *self, const OflImage *image, GBytes *dump,
                 const OflChoices *choices, OflComparison *comparison)
{
  if (ofl_pioneer_bd_is_image (image))
    ofl_pioneer_bd_compare (image, dump, comparison);
}

/* Only a BD writer can be read back. */
static OflVerdict
pioneer_confirm (const OflFamily *self, const OflProof *proof)
{
  return ofl_pioneer_bd_is_image (proof->image) ? ofl_family_confirm_read_back (self, proof)
                                                : ofl_family_confirm_identity (self, proof);
}

const OflFamily ofl_family_pioneer = {
  .id = "pioneer",
  .probe = pioneer_probe,
  .parse = ofl_pioneer_parse,
  .combine = ofl_pioneer_combine,
  .judge = ofl_pioneer_judge,
  .plan_read = pioneer_plan_read,
  .plan_write = ofl_pioneer_plan_write,
  .compare_read = pioneer_compare,
  .confirm = pioneer_confirm,
};
