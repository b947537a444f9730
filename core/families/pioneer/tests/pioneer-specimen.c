/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pioneer-specimen.h"

#include <string.h>

#include "kit/fake-transport.h"
#include "kit/specimen.h"

static void
put (guint8 *file, gsize at, const char *text)
{
  memcpy (file + at, text, strlen (text));
}

static void
put_header (guint8 *file, const PioneerHeader *header)
{
  memset (file, ' ', 0x160);
  put (file, 0x00, "********  Copyright(c) 2000 Pioneer Corporation  ********     ");
  put (file, 0x3e, "\r\nThis is microcode file.  \r\nID : ");
  put (file, 0x60, header->description);
  file[0x78] = 0;
  put (file, 0x7d, "\r\nRevision Level : ");
  put (file, 0x90, header->revision);
  put (file, 0x9b, "\r\nHardware Version : ");
  put (file, 0xb0, header->version);
  put (file, 0xbd, "\r\nKernel Version : ");
  put (file, 0xd0, header->kernel_type);
  put (file, 0xe0, "\r\nDestination : ");
  put (file, 0xf0, "WORLD");
  put (file, 0x102, "\r\nFile Type : ");
  put (file, 0x110, header->file_type);
  put (file, 0x11d, "\r\nGenerated Date : ");
  put (file, 0x130, "2005/05/13");
  put (file, 0x13c, "\r\nKernel Version2 : ");
  put (file, 0x150, "1.00");
  put (file, 0x15d, "\r\n\x1a");
}

guint8 *
pioneer_file (const PioneerHeader *header, gsize length, guint32 seed)
{
  guint8 *file = specimen_noise (seed, length);

  put_header (file, header);
  return file;
}

OflImage *
pioneer_image (const PioneerHeader *header, gsize length, guint32 seed)
{
  g_autofree guint8 *file = pioneer_file (header, length, seed);

  return specimen_parse ("pioneer", file, length);
}

OflImage *
pioneer_set (const PioneerHeader *header, gsize kernel, gsize normal)
{
  PioneerHeader first = *header, second = *header;
  g_autofree guint8 *a = NULL, *b = NULL;
  g_autofree guint8 *both = g_malloc (kernel + normal);

  first.file_type = "Kernel";
  second.file_type = "Normal";
  a = pioneer_file (&first, kernel, 21);
  b = pioneer_file (&second, normal, 22);
  memcpy (both, a, kernel);
  memcpy (both + kernel, b, normal);
  return specimen_parse ("pioneer", both, kernel + normal);
}

void
pioneer_identity (const PioneerDrive *drive, guint8 answer[0x30])
{
  memset (answer, ' ', 0x30);
  memcpy (answer, "ABCD012345WL", 12);
  memcpy (answer + 16, drive->version, strlen (drive->version));
  memcpy (answer + 24, drive->kernel_type, strlen (drive->kernel_type));
  memcpy (answer + 32, "GENERAL ", 8);
  memcpy (answer + 40, "0012", 4);
}

void
pioneer_inquiry (const PioneerDrive *drive, OflIdentity *identity)
{
  guint8 inquiry[96] = { 5, 0x80, 2, 0x02, 91 };

  memset (inquiry + 8, ' ', 88);
  memcpy (inquiry + 8, drive->vendor, strlen (drive->vendor));
  memcpy (inquiry + 16, drive->product, strlen (drive->product));
  memcpy (inquiry + 32, drive->revision, strlen (drive->revision));
  memcpy (inquiry + 37, drive->date, strlen (drive->date));
  memset (identity, 0, sizeof *identity);
  ofl_identity_parse_inquiry (identity, inquiry, sizeof inquiry);
  identity->reads = 3;
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  g_assert_true (ofl_command_is_read_only (command));
  if (command->cdb[0] == 0x3c && command->cdb[1] == 2 && command->cdb[2] == 0xf1)
    pioneer_identity (user_data, data);
  else
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

OflSnapshot *
pioneer_drive (const PioneerDrive *drive)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, (gpointer) drive);
  OflIdentity identity;

  pioneer_inquiry (drive, &identity);
  return ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
}

const OflFamily *
pioneer_family (void)
{
  return ofl_families_find ("pioneer");
}
