/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drives of a kind say of themselves: practice 6, which has the sources. */
#include "practice/ofl-practice-private.h"

#define PROFILE_CD_ROM 0x0008
#define PROFILE_CD_R 0x0009
#define PROFILE_DVD_ROM 0x0010

/* Profiles, in the order in which both captured drives list them */
#define CDS 0x000a, 0x0009, PROFILE_CD_ROM
#define DVD_PLUS_DL 0x002b
#define DVD_PLUS 0x001b, 0x001a
#define DVD_MINUS_DL 0x0016, 0x0015
#define DVD_MINUS 0x0014, 0x0013
#define DVD_RAM 0x0012
#define DVD_R 0x0011
#define ALL_DVDS \
  DVD_PLUS_DL, DVD_PLUS, DVD_MINUS_DL, DVD_MINUS, DVD_RAM, DVD_R, PROFILE_DVD_ROM, CDS
#define BD_ROM 0x0040
#define BDS 0x0043, 0x0042, 0x0041, BD_ROM
#define REMOVABLE_DISK 0x0002

/* Features: tray; several kinds of CDs and how they are read; DVDs */
#define TRAY \
  { \
    0x0003, 0x03, 4, \
    { \
      0x29 \
    } \
  }
#define READS_CD \
  { 0x001d, 0x00, 0, { 0 } }, \
  { \
    0x001e, 0x08, 4, \
    { \
      0x03 \
    } \
  }
#define READS_DVD(flags) \
  { \
    0x001f, 0x08, 4, \
    { \
      (flags), 0x00, 0x01, 0x00 \
    } \
  }
#define READS_BD \
  { \
    0x0040, 0x08, 28, \
    { \
      0x01 \
    } \
  }
#define NO_MORE \
  { \
    0, 0, 0, \
    { \
      0 \
    } \
  }

/* clang-format off */
static const OflPracticeFeature cd_features[] = { TRAY, READS_CD, NO_MORE };
static const OflPracticeFeature dvd_features[] = { TRAY, READS_CD, READS_DVD (0x01), NO_MORE };
static const OflPracticeFeature combo_features[]
    = { TRAY, READS_CD, READS_DVD (0x01), READS_BD, NO_MORE };

/* BU40N 1.03; there a BD was in, so that 0040 was current */
static const OflPracticeFeature bd_features[] = {
  { 0x0003, 0x0b, 4, { 0x2b } },
  READS_CD,
  READS_DVD (0x01),
  { 0x0040, 0x08, 28, { 0x01, 0, 0, 0, 0, 0x0c, [13] = 0x06, [21] = 0x02 } },
  { 0x0041, 0x04, 20, { 0x01, 0, 0, 0, 0, 0x0c, [13] = 0x06 } },
  { 0x0107, 0x15, 4, { 0x1f } },
  { 0x010d, 0x08, 4, { 0x17, 0x01, 0x02, 0x01 } },
  NO_MORE,
};

/* BDR-S09 1.34; of 0040 and 0041 the first eight bytes are known */
static const OflPracticeFeature pioneer_features[] = {
  { 0x0003, 0x07, 4, { 0x39 } },
  READS_CD,
  READS_DVD (0x00),
  { 0x0040, 0x08, 28, { 0x01, 0, 0, 0, 0, 0x0e } },
  { 0x0041, 0x04, 20, { 0x01, 0, 0, 0, 0, 0x0c } },
  { 0x0107, 0x14, 4, { 0x3f } },
  { 0x010d, 0x08, 4, { 0x1b, 0x01, 0x01, 0x01 } },
  NO_MORE,
};
/* clang-format on */

/* Page 2A as MMC lays it out. What it reads: CD-R 01, CD-RW 02, packets 04, DVD-ROM 08, DVD-R 10,
 * DVD-RAM 20; what it writes: CD-R 01, CD-RW 02, test writing 04, DVD-R 10, DVD-RAM 20. Speeds are
 * in kB/s: CDs at 48, 40, 32, 24, 16 and 8 times 176.4. */
#define HEAD(length, reads, writes, more) \
  0x2a, (length), (reads), (writes), (more), 0x77, 0x29, 0x03
#define SPEED_48 0x21, 0x13
#define BUFFER_2M 0x08, 0x00
#define READER(reads) \
  { \
    HEAD (30, reads, 0x00, 0x71), SPEED_48, 0x01, 0x00, BUFFER_2M, SPEED_48, 0x00, 0x00, [31] = 0 \
  }
#define WRITER(reads, writes) \
  { \
    HEAD (54, reads, writes, 0xf1), SPEED_48, 0x01, 0x00, BUFFER_2M, SPEED_48, 0x00, 0x00, \
        SPEED_48, SPEED_48, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, SPEED_48, 0x00, 0x06, 0x00, 0x00, \
        SPEED_48, 0x00, 0x00, 0x1b, 0x90, 0x00, 0x00, 0x16, 0x0d, 0x00, 0x00, 0x10, 0x8a, 0x00, \
        0x00, 0x0b, 0x06, 0x00, 0x00, 0x05, 0x83 \
  }

static const guint8 cd_page[] = WRITER (0x07, 0x07);
static const guint8 rom_page[] = READER (0x1f);
static const guint8 plus_page[] = WRITER (0x1f, 0x07);
static const guint8 dvd_page[] = WRITER (0x1f, 0x17);
static const guint8 ram_page[] = WRITER (0x3f, 0x37);

/* BU40N 1.03 with a pressed disc in: it names no speed of writing. */
static const guint8 bd_page[68] = { 0x2a, 0x42, 0x3f, 0x37, 0xf1, 0x77, 0x29, 0x23,
                                    0x69, 0x60, 0x01, 0x00, 0x0f, 0xe0, 0x69, 0x60,
                                    0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 };

/* BDR-S09 1.34, as far as it is known: six of its ten speeds of writing */
static const guint8 pioneer_page[56]
    = { 0x2a, 54,   0x3f, 0x37, 0xf1, 0x63, 0x29, 0x23, 0x56, 0x90, 0x01, 0x00, 0x0f, 0xa0,
        0x56, 0x90, 0x00, 0x00, 0x56, 0x90, 0x56, 0x90, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
        0x56, 0x90, 0x00, 0x06, 0x00, 0x00, 0x56, 0x90, 0x00, 0x00, 0x40, 0xec, 0x00, 0x00,
        0x36, 0x1a, 0x00, 0x00, 0x2b, 0x48, 0x00, 0x00, 0x20, 0x76, 0x00, 0x00, 0x1b, 0x0d };

/* No region was ever set, and four changes by the maker and five by the user are left: BDR-S09 */
#define NEW_REGION \
  { \
    0, 6, 0, 0, 0x25, 0xff, 0x01, 0 \
  }
/* BU40N */
#define SET_REGION \
  { \
    0, 6, 0, 0, 0x64, 0x00, 0x01, 0 \
  }

#define PAGE(bytes) .capabilities = (bytes), .capabilities_len = sizeof (bytes)

/* clang-format off */
static const OflPracticeReplies kinds[OFL_PRACTICE_N_KINDS] = {
  [OFL_PRACTICE_NO_KIND] = { .profiles = { PROFILE_CD_ROM },
                             .features = cd_features, PAGE (rom_page) },
  [OFL_PRACTICE_CD_WRITER] = { .profiles = { CDS }, .features = cd_features, PAGE (cd_page) },
  [OFL_PRACTICE_DVD_ROM] = { .profiles = { PROFILE_DVD_ROM, PROFILE_CD_ROM },
                             .features = dvd_features, PAGE (rom_page), .region = NEW_REGION },
  [OFL_PRACTICE_DVD_PLUS_WRITER] = { .profiles = { DVD_PLUS, PROFILE_DVD_ROM, CDS },
                                     .features = dvd_features, PAGE (plus_page),
                                     .region = NEW_REGION },
  [OFL_PRACTICE_DVD_MINUS_WRITER] = { .profiles = { DVD_MINUS, DVD_R, PROFILE_DVD_ROM, CDS },
                                      .features = dvd_features, PAGE (dvd_page),
                                      .region = NEW_REGION },
  [OFL_PRACTICE_DVD_WRITER] = { .profiles = { DVD_PLUS, DVD_MINUS, DVD_R, PROFILE_DVD_ROM, CDS },
                                .features = dvd_features, PAGE (dvd_page), .region = NEW_REGION },
  [OFL_PRACTICE_DVD_DL_WRITER] = { .profiles = { DVD_PLUS_DL, DVD_PLUS, DVD_MINUS, DVD_R,
                                                 PROFILE_DVD_ROM, CDS },
                                   .features = dvd_features, PAGE (dvd_page),
                                   .region = NEW_REGION },
  [OFL_PRACTICE_DVD_DUAL_WRITER] = { .profiles = { DVD_PLUS_DL, DVD_PLUS, DVD_MINUS_DL, DVD_MINUS,
                                                   DVD_R, PROFILE_DVD_ROM, CDS },
                                     .features = dvd_features, PAGE (dvd_page),
                                     .region = NEW_REGION },
  [OFL_PRACTICE_DVD_RAM_WRITER] = { .profiles = { ALL_DVDS }, .features = dvd_features,
                                    PAGE (ram_page), .region = NEW_REGION },
  [OFL_PRACTICE_BD_COMBO] = { .profiles = { BD_ROM, ALL_DVDS }, .features = combo_features,
                              PAGE (ram_page), .region = NEW_REGION },
  [OFL_PRACTICE_BD_WRITER] = { .profiles = { BDS, ALL_DVDS, REMOVABLE_DISK },
                               .features = bd_features, PAGE (bd_page), .region = SET_REGION },
  [OFL_PRACTICE_BD_WRITER_PIONEER] = { .profiles = { BDS, DVD_PLUS, DVD_MINUS_DL, DVD_MINUS,
                                                     DVD_RAM, DVD_R, PROFILE_DVD_ROM, CDS,
                                                     REMOVABLE_DISK },
                                       .features = pioneer_features, PAGE (pioneer_page),
                                       .region = NEW_REGION },
};
/* clang-format on */

/**
 * ofl_practice_replies: (skip)
 * @self: a practice drive
 *
 * Returns: what drives of its kind say of themselves
 */
const OflPracticeReplies *
ofl_practice_replies (OflPracticeDrive *self)
{
  return &kinds[ofl_practice_common (self)->entry->kind];
}

/**
 * ofl_practice_has_dvd: (skip)
 * @self: a practice drive
 *
 * Returns: whether it reads DVDs
 */
gboolean
ofl_practice_has_dvd (OflPracticeDrive *self)
{
  return ofl_practice_replies (self)->region[1] != 0;
}

/**
 * ofl_practice_has_dvd_in: (skip)
 * @self: a practice drive
 *
 * Returns: whether the disc that is in is a DVD; FALSE without one
 */
gboolean
ofl_practice_has_dvd_in (OflPracticeDrive *self)
{
  return ofl_practice_current_profile (self) == PROFILE_DVD_ROM;
}

/**
 * ofl_practice_has_profile: (skip)
 * @self: a practice drive
 * @profile: a kind of disc
 *
 * Returns: whether it is among those that the drive lists
 */
gboolean
ofl_practice_has_profile (OflPracticeDrive *self, guint16 profile)
{
  const guint16 *profiles = ofl_practice_replies (self)->profiles;

  while (*profiles != 0 && *profiles != profile)
    profiles++;
  return *profiles == profile && profile != 0;
}

/**
 * ofl_practice_current_profile: (skip)
 * @self: a practice drive
 *
 * The disc that all practice drives take is pressed: a DVD where the drive reads DVDs, else a CD.
 * Other discs are put in by name.
 *
 * Returns: the profile of the disc that is in; 0 when none is
 */
guint16
ofl_practice_current_profile (OflPracticeDrive *self)
{
  if (!ofl_practice_common (self)->disc)
    return 0;
  if (ofl_practice_is_blank (self))
    return PROFILE_CD_R;
  if (ofl_practice_common (self)->disc_kind == OFL_PRACTICE_CD_ROM)
    return PROFILE_CD_ROM;
  return ofl_practice_has_dvd (self) ? PROFILE_DVD_ROM : PROFILE_CD_ROM;
}
