/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows' own pass-through, in the layout of its public headers. */
#pragma once

#include <stddef.h>
#include <windows.h>

#define SPTI_PASS_THROUGH 0x4d004
#define SPTI_PASS_THROUGH_DIRECT 0x4d014
#define SPTI_GET_INQUIRY_DATA 0x4100c
#define SPTI_GET_ADDRESS 0x41018
#define SPTI_OUT 0
#define SPTI_IN 1
#define SPTI_NONE 2

typedef struct {
  USHORT Length;
  UCHAR ScsiStatus, PathId, TargetId, Lun, CdbLength, SenseInfoLength, DataIn;
  ULONG DataTransferLength, TimeOutValue;
  PVOID DataBuffer;
  ULONG SenseInfoOffset;
  UCHAR Cdb[16];
} SptiDirect;

typedef struct {
  USHORT Length;
  UCHAR ScsiStatus, PathId, TargetId, Lun, CdbLength, SenseInfoLength, DataIn;
  ULONG DataTransferLength, TimeOutValue;
  ULONG_PTR DataBufferOffset;
  ULONG SenseInfoOffset;
  UCHAR Cdb[16];
} SptiIndirect;
