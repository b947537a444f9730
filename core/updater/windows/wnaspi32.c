/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ASPI manager for the cage: one host adapter, one device (target 0), which is the CD drive that
 * Windows' own pass-through reaches. Wine's looks for /dev/sgN of the computer, of which the cage has
 * none. A command runs in a thread of its own, as ASPI is asynchronous. */
#include "aspi.h"
#include "spti.h"

#include <string.h>

#define VERSION 0x01010000 /* 1.1 */
#define BUFFER_MAX (1024 * 1024)
/* ASPI knows no limit; 0 leaves it to the broker, which has one for each command. */
#define TIMEOUT_S 0
#define HOST_ID 7
#define TYPE_CDROM 5
#define STATUS_CHECK_CONDITION 2

typedef struct {
  SptiDirect s;
  ULONG fill;
  UCHAR sense[32];
} Packet;

__declspec(dllexport) DWORD __cdecl GetASPI32SupportInfo (void);
__declspec(dllexport) DWORD __cdecl SendASPI32Command (SRB_Header *srb);
__declspec(dllexport) DWORD __cdecl GetASPI32DLLVersion (void);
__declspec(dllexport) BOOL __cdecl TranslateASPI32Address (DWORD *path, DWORD *node);
__declspec(dllexport) BOOL __cdecl GetASPI32Buffer (ASPI32BUFF *buffer);
__declspec(dllexport) BOOL __cdecl FreeASPI32Buffer (ASPI32BUFF *buffer);

static HANDLE
open_drive (void)
{
  char root[] = "C:\\", node[] = "\\\\.\\C:";

  for (char letter = 'C'; letter <= 'Z'; letter++)
    {
      root[0] = letter;
      node[4] = letter;
      if (GetDriveTypeA (root) == DRIVE_CDROM)
        return CreateFileA (node, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                            NULL, OPEN_EXISTING, 0, NULL);
    }
  return INVALID_HANDLE_VALUE;
}

static UCHAR
direction_of (const SRB_ExecSCSICmd *srb)
{
  if (srb->SRB_BufLen == 0)
    return SPTI_NONE;
  return srb->h.SRB_Flags & SRB_DIR_IN ? SPTI_IN : SPTI_OUT;
}

/* Status comes last: a program that polls looks at nothing else. */
static void
run_command (SRB_ExecSCSICmd *srb)
{
  Packet packet;
  HANDLE drive = open_drive ();
  DWORD n = 0, sense_len = srb->SRB_SenseLen;
  BOOL ok;

  memset (&packet, 0, sizeof packet);
  packet.s.Length = sizeof packet.s;
  packet.s.CdbLength = srb->SRB_CDBLen;
  packet.s.SenseInfoLength = sizeof packet.sense;
  packet.s.SenseInfoOffset = offsetof (Packet, sense);
  packet.s.DataIn = direction_of (srb);
  packet.s.DataTransferLength = srb->SRB_BufLen;
  packet.s.DataBuffer = srb->SRB_BufPointer;
  packet.s.TimeOutValue = TIMEOUT_S;
  memcpy (packet.s.Cdb, srb->CDBByte, srb->SRB_CDBLen);
  ok = drive != INVALID_HANDLE_VALUE
       && DeviceIoControl (drive, SPTI_PASS_THROUGH_DIRECT, &packet, sizeof packet, &packet,
                           sizeof packet, &n, NULL);
  if (drive != INVALID_HANDLE_VALUE)
    CloseHandle (drive);
  srb->SRB_HaStat = ok ? HASTAT_OK : HASTAT_SEL_TO;
  srb->SRB_TargStat = ok ? packet.s.ScsiStatus : 0;
  if (sense_len > sizeof packet.sense)
    sense_len = sizeof packet.sense;
  if (ok && packet.s.ScsiStatus == STATUS_CHECK_CONDITION)
    memcpy (srb->SenseArea, packet.sense, sense_len);
  MemoryBarrier ();
  srb->h.SRB_Status = ok && packet.s.ScsiStatus == 0 ? SS_COMP : SS_ERR;
}

/* What is to be told is read before the status is set: after that the block is the program's again. */
static DWORD WINAPI
command_thread (void *data)
{
  SRB_ExecSCSICmd *srb = data;
  BYTE flags = srb->h.SRB_Flags;
  void *post = srb->SRB_PostProc;

  run_command (srb);
  if (flags & SRB_EVENT_NOTIFY && post != NULL)
    SetEvent ((HANDLE) post);
  else if (flags & SRB_POSTING && post != NULL)
    ((void (__cdecl *) (SRB_ExecSCSICmd *)) post) (srb);
  return 0;
}

/* A block that does not say which way its data goes is refused: a guess could be wrong. */
static BYTE
check_command (const SRB_ExecSCSICmd *srb)
{
  BYTE direction = srb->h.SRB_Flags & (SRB_DIR_IN | SRB_DIR_OUT);

  if (srb->h.SRB_HaId != 0)
    return SS_INVALID_HA;
  if (srb->SRB_Target != 0 || srb->SRB_Lun != 0)
    return SS_NO_DEVICE;
  if (srb->SRB_CDBLen < 6 || srb->SRB_CDBLen > sizeof srb->CDBByte || srb->SRB_BufLen > BUFFER_MAX)
    return SS_INVALID_SRB;
  if (srb->SRB_BufLen > 0
      && (srb->SRB_BufPointer == NULL || (direction != SRB_DIR_IN && direction != SRB_DIR_OUT)))
    return SS_INVALID_SRB;
  return SS_PENDING;
}

static BYTE
start_command (SRB_ExecSCSICmd *srb)
{
  BYTE status = check_command (srb);
  HANDLE thread;

  srb->h.SRB_Status = status;
  if (status != SS_PENDING)
    {
      srb->SRB_HaStat = HASTAT_SEL_TO;
      return status;
    }
  thread = CreateThread (NULL, 0, command_thread, srb, 0, NULL);
  if (thread == NULL)
    return srb->h.SRB_Status = SS_ERR;
  CloseHandle (thread);
  return SS_PENDING;
}

static BYTE
inquire_adapter (SRB_HAInquiry *srb)
{
  if (srb->h.SRB_HaId != 0)
    return SS_INVALID_HA;
  srb->HA_Count = 1;
  srb->HA_SCSI_ID = HOST_ID;
  memcpy (srb->HA_ManagerId, "Optiflash ASPI  ", sizeof srb->HA_ManagerId);
  memcpy (srb->HA_Identifier, "cage            ", sizeof srb->HA_Identifier);
  memset (srb->HA_Unique, 0, sizeof srb->HA_Unique);
  srb->HA_Unique[3] = HOST_ID + 1; /* targets */
  srb->HA_Unique[4] = BUFFER_MAX & 0xff;
  srb->HA_Unique[5] = BUFFER_MAX >> 8 & 0xff;
  srb->HA_Unique[6] = BUFFER_MAX >> 16 & 0xff;
  return SS_COMP;
}

static BYTE
tell_type (SRB_GDEVBlock *srb)
{
  if (srb->h.SRB_HaId != 0)
    return SS_INVALID_HA;
  if (srb->SRB_Target != 0 || srb->SRB_Lun != 0)
    return SS_NO_DEVICE;
  srb->SRB_DeviceType = TYPE_CDROM;
  return SS_COMP;
}

DWORD __cdecl GetASPI32SupportInfo (void)
{
  return MAKEWORD (1, SS_COMP);
}

/* What cannot be done is said: a command that a drive has cannot be taken back, and a drive that may
 * be burning is not reset. */
DWORD __cdecl SendASPI32Command (SRB_Header *srb)
{
  if (srb == NULL)
    return SS_INVALID_SRB;
  switch (srb->SRB_Cmd)
    {
    case SC_HA_INQUIRY:
      return srb->SRB_Status = inquire_adapter ((SRB_HAInquiry *) srb);
    case SC_GET_DEV_TYPE:
      return srb->SRB_Status = tell_type ((SRB_GDEVBlock *) srb);
    case SC_EXEC_SCSI_CMD:
      return start_command ((SRB_ExecSCSICmd *) srb);
    case SC_ABORT_SRB:
      return srb->SRB_Status = SS_ABORT_FAIL;
    case SC_RESET_DEV:
      return srb->SRB_Status = SS_ERR;
    case SC_RESCAN_SCSI_BUS:
      return srb->SRB_Status = SS_COMP;
    default:
      return srb->SRB_Status = SS_INVALID_CMD;
    }
}

DWORD __cdecl GetASPI32DLLVersion (void)
{
  return VERSION;
}

/* For Windows 95's plug and play; there is nothing to translate. */
BOOL __cdecl TranslateASPI32Address (DWORD *path, DWORD *node)
{
  return FALSE;
}

BOOL __cdecl GetASPI32Buffer (ASPI32BUFF *buffer)
{
  if (buffer == NULL || buffer->AB_BufLen == 0 || buffer->AB_BufLen > BUFFER_MAX)
    return FALSE;
  buffer->AB_BufPointer
      = VirtualAlloc (NULL, buffer->AB_BufLen, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  return buffer->AB_BufPointer != NULL;
}

BOOL __cdecl FreeASPI32Buffer (ASPI32BUFF *buffer)
{
  return buffer != NULL && VirtualFree (buffer->AB_BufPointer, 0, MEM_RELEASE);
}
