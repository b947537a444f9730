/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three ways of a Windows program to a drive. */
#pragma once

#include <windows.h>

typedef enum {
  WAY_DIRECT,
  WAY_INDIRECT,
  WAY_ASPI,
} Way;

typedef struct {
  UCHAR status; /* SCSI; ff when it did not reach the drive */
  UCHAR sense[18];
} Outcome;

/* The letter of the first CD drive, or 0 */
char find_drive (void);
/* @data_in: SPTI_OUT, SPTI_IN, SPTI_NONE */
Outcome send_command (Way way, char letter, const UCHAR *cdb, UCHAR cdb_len, UCHAR data_in,
                      void *data, ULONG length);
