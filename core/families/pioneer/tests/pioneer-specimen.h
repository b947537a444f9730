/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer files and drives made by the tests' own code, from pioneer 3.1 and 1.2. */
#pragma once

#include "families/ofl-families.h"

G_BEGIN_DECLS

/* What a file's header says. */
typedef struct {
  const char *description; /* 24 characters */
  const char *revision;
  const char *version; /* 8 */
  const char *kernel_type;
  const char *file_type;
} PioneerHeader;

/* Who a drive is: INQUIRY and the answer to 3C 02 F1. */
typedef struct {
  const char *vendor;
  const char *product;
  const char *revision;
  const char *date; /* at INQUIRY's byte 37 */
  const char *version;
  const char *kernel_type;
} PioneerDrive;

#define PIONEER_109_HEADER(type) \
  { \
    "PIONEER DVD-RW  DVR-109 ", "1.58", "ATA 0009", "GENERAL ", type \
  }
#define PIONEER_109_DRIVE(revision) \
  { \
    "PIONEER", "DVD-RW  DVR-109", revision, "05/05/13", "ATA 0009", "GENERAL " \
  }

guint8 *pioneer_file (const PioneerHeader *header, gsize length, guint32 seed);
OflImage *pioneer_image (const PioneerHeader *header, gsize length, guint32 seed);
OflImage *pioneer_set (const PioneerHeader *header, gsize kernel, gsize normal);
void pioneer_identity (const PioneerDrive *drive, guint8 answer[0x30]);
void pioneer_inquiry (const PioneerDrive *drive, OflIdentity *identity);
/* A drive, recognised by the family itself through a fake transport. */
OflSnapshot *pioneer_drive (const PioneerDrive *drive);

const OflFamily *pioneer_family (void);

G_END_DECLS
