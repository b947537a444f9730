/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ASPI for Win32, as far as it is used here: names and layouts of its public specification. */
#pragma once

#include <windows.h>

#define SC_HA_INQUIRY 0x00
#define SC_GET_DEV_TYPE 0x01
#define SC_EXEC_SCSI_CMD 0x02
#define SC_ABORT_SRB 0x03
#define SC_RESET_DEV 0x04
#define SC_RESCAN_SCSI_BUS 0x07

#define SS_PENDING 0x00
#define SS_COMP 0x01
#define SS_ABORT_FAIL 0x03
#define SS_ERR 0x04
#define SS_INVALID_CMD 0x80
#define SS_INVALID_HA 0x81
#define SS_NO_DEVICE 0x82
#define SS_INVALID_SRB 0xe0

#define HASTAT_OK 0x00
#define HASTAT_SEL_TO 0x11

#define SRB_POSTING 0x01
#define SRB_DIR_IN 0x08
#define SRB_DIR_OUT 0x10
#define SRB_EVENT_NOTIFY 0x40

#define ASPI_SENSE_LEN 14

#pragma pack(push, 1)

typedef struct {
  BYTE SRB_Cmd, SRB_Status, SRB_HaId, SRB_Flags;
  DWORD SRB_Hdr_Rsvd;
} SRB_Header;

typedef struct {
  SRB_Header h;
  BYTE HA_Count, HA_SCSI_ID;
  BYTE HA_ManagerId[16], HA_Identifier[16], HA_Unique[16];
  WORD HA_Rsvd1;
} SRB_HAInquiry;

typedef struct {
  SRB_Header h;
  BYTE SRB_Target, SRB_Lun, SRB_DeviceType, SRB_Rsvd1;
} SRB_GDEVBlock;

typedef struct {
  SRB_Header h;
  BYTE SRB_Target, SRB_Lun;
  WORD SRB_Rsvd1;
  DWORD SRB_BufLen;
  BYTE *SRB_BufPointer;
  BYTE SRB_SenseLen, SRB_CDBLen, SRB_HaStat, SRB_TargStat;
  void *SRB_PostProc; /* a function, or with SRB_EVENT_NOTIFY an event */
  BYTE SRB_Rsvd2[20];
  BYTE CDBByte[16];
  BYTE SenseArea[ASPI_SENSE_LEN + 2];
} SRB_ExecSCSICmd;

typedef struct {
  void *AB_BufPointer;
  DWORD AB_BufLen, AB_ZeroFill, AB_Reserved;
} ASPI32BUFF;

#pragma pack(pop)
