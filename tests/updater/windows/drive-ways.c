/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive-ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aspi.h"
#include "spti.h"

#define NOT_SENT 0xff
#define TIMEOUT_S 20

typedef DWORD (__cdecl *SupportInfo) (void);
typedef DWORD (__cdecl *SendCommand) (SRB_Header *srb);

char
find_drive (void)
{
  char root[] = "A:\\";

  for (char letter = 'A'; letter <= 'Z'; letter++)
    {
      root[0] = letter;
      if (GetDriveTypeA (root) == DRIVE_CDROM)
        return letter;
    }
  return 0;
}

static HANDLE
open_letter (char letter)
{
  char node[] = "\\\\.\\A:";

  node[4] = letter;
  return CreateFileA (node, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                      OPEN_EXISTING, 0, NULL);
}

static Outcome
send_direct (char letter, const UCHAR *cdb, UCHAR cdb_len, UCHAR data_in, void *data, ULONG length)
{
  struct {
    SptiDirect s;
    ULONG fill;
    UCHAR sense[18];
  } packet = { .s = { .Length = sizeof (SptiDirect),
                      .CdbLength = cdb_len,
                      .SenseInfoLength = 18,
                      .DataIn = data_in,
                      .DataTransferLength = length,
                      .TimeOutValue = TIMEOUT_S,
                      .DataBuffer = data } };
  Outcome outcome = { .status = NOT_SENT };
  HANDLE drive = open_letter (letter);
  DWORD n;

  packet.s.SenseInfoOffset = (ULONG) ((char *) packet.sense - (char *) &packet);
  memcpy (packet.s.Cdb, cdb, cdb_len);
  if (DeviceIoControl (drive, SPTI_PASS_THROUGH_DIRECT, &packet, sizeof packet, &packet,
                       sizeof packet, &n, NULL))
    outcome.status = packet.s.ScsiStatus;
  memcpy (outcome.sense, packet.sense, sizeof outcome.sense);
  CloseHandle (drive);
  return outcome;
}

static Outcome
send_indirect (char letter, const UCHAR *cdb, UCHAR cdb_len, UCHAR data_in, void *data,
               ULONG length)
{
  ULONG sense_at = sizeof (SptiIndirect), data_at = sense_at + 32, size = data_at + length;
  UCHAR *packet = calloc (1, size);
  SptiIndirect *s = (SptiIndirect *) packet;
  Outcome outcome = { .status = NOT_SENT };
  HANDLE drive = open_letter (letter);
  DWORD n;

  s->Length = sizeof *s;
  s->CdbLength = cdb_len;
  s->SenseInfoLength = sizeof outcome.sense;
  s->SenseInfoOffset = sense_at;
  s->DataIn = data_in;
  s->DataTransferLength = length;
  s->DataBufferOffset = data_at;
  s->TimeOutValue = TIMEOUT_S;
  memcpy (s->Cdb, cdb, cdb_len);
  if (data_in == SPTI_OUT)
    memcpy (packet + data_at, data, length);
  if (DeviceIoControl (drive, SPTI_PASS_THROUGH, packet, size, packet, size, &n, NULL))
    outcome.status = s->ScsiStatus;
  if (data_in == SPTI_IN)
    memcpy (data, packet + data_at, length);
  memcpy (outcome.sense, packet + sense_at, sizeof outcome.sense);
  CloseHandle (drive);
  free (packet);
  return outcome;
}

/* As ASPI's specification has it: a manual event, and wait for it. */
static Outcome
send_aspi (const UCHAR *cdb, UCHAR cdb_len, UCHAR data_in, void *data, ULONG length)
{
  HMODULE library = LoadLibraryA ("wnaspi32.dll");
  SupportInfo info = (SupportInfo) (void *) GetProcAddress (library, "GetASPI32SupportInfo");
  SendCommand send = (SendCommand) (void *) GetProcAddress (library, "SendASPI32Command");
  HANDLE event = CreateEventA (NULL, TRUE, FALSE, NULL);
  SRB_ExecSCSICmd srb = { .h = { .SRB_Cmd = SC_EXEC_SCSI_CMD, .SRB_Flags = SRB_EVENT_NOTIFY },
                          .SRB_BufLen = length,
                          .SRB_BufPointer = data,
                          .SRB_SenseLen = ASPI_SENSE_LEN,
                          .SRB_CDBLen = cdb_len,
                          .SRB_PostProc = event };
  Outcome outcome = { .status = NOT_SENT };

  if (library == NULL || info == NULL || send == NULL || HIBYTE (LOWORD (info ())) != SS_COMP)
    return outcome;
  if (data_in != SPTI_NONE)
    srb.h.SRB_Flags |= data_in == SPTI_IN ? SRB_DIR_IN : SRB_DIR_OUT;
  memcpy (srb.CDBByte, cdb, cdb_len);
  if (send (&srb.h) == SS_PENDING)
    WaitForSingleObject (event, INFINITE);
  if (srb.SRB_HaStat == HASTAT_OK)
    outcome.status = srb.SRB_TargStat;
  memcpy (outcome.sense, srb.SenseArea, ASPI_SENSE_LEN);
  CloseHandle (event);
  return outcome;
}

Outcome
send_command (Way way, char letter, const UCHAR *cdb, UCHAR cdb_len, UCHAR data_in, void *data,
              ULONG length)
{
  if (way == WAY_ASPI)
    return send_aspi (cdb, cdb_len, data_in, data, length);
  if (way == WAY_INDIRECT)
    return send_indirect (letter, cdb, cdb_len, data_in, data, length);
  return send_direct (letter, cdb, cdb_len, data_in, data, length);
}
