/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "renesas-specimen.h"

#include <string.h>

#include "kit/fake-transport.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"

void
renesas_seal (guint8 *file, gsize length)
{
  guint32 sum = 0;

  file[0] = file[1] = 0;
  for (gsize i = 0; i + 1 < length; i += 2)
    sum += (guint32) file[i] << 8 | file[i + 1];
  ofl_put_be (file, 2, 0xffff - (sum & 0xffff));
}

guint8 *
renesas_component (const char *kind, guint32 seed, guint32 n)
{
  g_autofree guint8 *code = specimen_noise (seed, n);
  guint8 *file = g_malloc0 (0x400 + n);
  gboolean is_main = strcmp (kind, "MAIN") == 0;

  memcpy (file + 0x400, code, n);
  memcpy (file + 0x18, kind, 4);
  memset (file + 0x1c, ' ', 4);
  memcpy (file + 0x20, "REV LVL 1.00", 12);
  memcpy (file + 0x30, "ROM REV ", 8);
  ofl_put_be (file + 0x40, 4, is_main ? 0x00400000 : 0x00300000);
  ofl_put_be (file + 0x44, 4, n);
  if (is_main)
    memcpy (file + 0x400 + n - 16, file + 0x400, 16);
  renesas_seal (file, 0x400 + n);
  return file;
}

void
renesas_install (RenesasDrive *drive, const guint8 *file, guint32 at, gboolean with_size)
{
  guint32 load = ofl_get_be (file + 0x40, 4), size = ofl_get_be (file + 0x44, 4);

  memcpy (drive->memory + load, file + 0x400, size);
  memcpy (drive->memory + at, file, 0x48);
  if (memcmp (file + 0x18, "CORE", 4) == 0)
    memset (drive->memory + at + 0x28, 0, 8);
  if (!with_size)
    memset (drive->memory + at + 0x44, 0xff, 4);
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  RenesasDrive *drive = user_data;
  guint32 address = ofl_get_be (command->cdb + 2, 4);
  guint32 length = ofl_get_be (command->cdb + 7, 2);

  g_assert_true (ofl_command_is_read_only (command));
  if (command->cdb[0] != 0x3c || command->cdb[9] != 0x44)
    {
      fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
      return;
    }
  g_assert_cmphex (command->cdb[1], ==, 5);
  g_assert_cmphex (command->cdb[6], ==, 0);
  g_assert_cmphex (command->length, ==, length);
  drive->asked++;
  if (drive->reads != NULL)
    g_string_append_printf (drive->reads, "%x+%x ", address, length);
  if (address > drive->length || length > drive->length - address)
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
  else
    memcpy (data, drive->memory + (drive->asked == drive->astray ? 0 : address), length);
}

OflSnapshot *
renesas_probe (RenesasDrive *drive, const char *wanted)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, drive);
  Specimen specimen = { drive->vendor, drive->product, drive->revision, "", "" };
  OflIdentity identity;

  specimen_identity (&identity, &specimen);
  drive->asked = 0;
  return ofl_families_probe (OFL_TRANSPORT (transport), &identity, (gpointer) wanted);
}

void
renesas_drive_init (RenesasDrive *drive)
{
  g_autofree guint8 *main_file = renesas_component ("MAIN", 0x4d, 0x4000);
  g_autofree guint8 *core_file = renesas_component ("CORE", 0x43, 0x2000);

  memset (drive, 0, sizeof *drive);
  drive->vendor = "HL-DT-ST";
  drive->product = "DVDRAM GSA-T21N";
  drive->revision = "1.00";
  drive->memory = g_malloc0 (RENESAS_MEMORY);
  drive->length = RENESAS_MEMORY;
  renesas_install (drive, main_file, RENESAS_MAIN_AT, TRUE);
  renesas_install (drive, core_file, RENESAS_CORE_AT, TRUE);
}

void
renesas_drive_clear (RenesasDrive *drive)
{
  g_clear_pointer (&drive->memory, g_free);
}

const OflFamily *
renesas_family (void)
{
  return ofl_families_find ("renesas");
}
