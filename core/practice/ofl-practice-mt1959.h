/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things lie in the flash of an MT1959 drive (protocols.md 3.3). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MT1959_SIZE 0x200000u
#define MT1959_CHUNK 0x4000u

#define MT1959_BOOT_PAGE_SIZE 0x400u
#define MT1959_BANNER 0x3000u
#define MT1959_BANNER_SIZE 0x20u
#define MT1959_BANNER_ID_SIZE 0x10u
#define MT1959_MAIN 0x10000u
#define MT1959_TABLE 0x10400u
#define MT1959_TABLE_ENTRY 0x1cu
#define MT1959_TABLE_ENTRIES 16u
#define MT1959_KEY 0x10ff0u
#define MT1959_KEY_COPY 0x1ff000u
#define MT1959_KEY_SIZE 16u

/* Written by the drive while it is in use */
#define MT1959_UNIT 0x1d8000u
#define MT1959_UHD_LIST 0x1d8000u
#define MT1959_BD_LIST 0x1e0000u
#define MT1959_NVRAM 0x1e8000u
#define MT1959_UNIT_END 0x1ec000u

#define MT1959_DESCRIPTOR 0x1ec000u
#define MT1959_DESCRIPTOR_SIZE 0x100u
#define MT1959_TAG 0x34u
#define MT1959_TAG_TEXT "MTEKMT1959"
#define MT1959_CALIBRATION 0x1f0000u

/* The rest of the identity descriptor is not public; practice images say so and use this: */
#define MT1959_PRACTICE_VENDOR 0x00u
#define MT1959_PRACTICE_PRODUCT 0x08u
#define MT1959_PRACTICE_REVISION 0x18u
#define MT1959_PRACTICE_DATE 0x1cu
#define MT1959_PRACTICE_DATE_SIZE 14u

G_END_DECLS
