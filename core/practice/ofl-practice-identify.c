/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a practice drive says about itself: INQUIRY, GET CONFIGURATION, the capabilities page. */
#include "practice/ofl-practice-private.h"

#include <string.h>

#define INQUIRY_LENGTH 96
#define TYPE_OPTICAL 0x05
#define TYPE_NO_UNIT 0x7f /* qualifier 3: no unit can be here */

#define FEATURE_PROFILES 0x0000
#define FEATURE_CORE 0x0001
#define FEATURE_REMOVABLE 0x0003
#define FEATURE_SERIAL 0x0108
#define FEATURE_FIRMWARE_DATE 0x010c

#define PROFILE_DVD_ROM 0x0010

/* Feature flags: version in bits 5-2, persistent, current (MMC) */
#define FLAGS_ALWAYS 0x03
#define FLAGS_CORE 0x0b /* version 2 */

static void
vital_product_data (OflPracticeDrive *self, const OflPracticeRequest *request,
                    OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  guint8 data[64] = { TYPE_OPTICAL, request->cdb[2] };
  gsize serial_len = strlen (common->serial);

  switch (request->cdb[2])
    {
    case 0x00:
      data[3] = 3;
      data[5] = 0x80;
      data[6] = 0x83;
      break;
    case 0x80:
      data[3] = (guint8) serial_len;
      memcpy (data + 4, common->serial, serial_len);
      break;
    case 0x83:
      /* one designator: ASCII, T10 vendor identification, of the unit */
      data[3] = (guint8) (4 + 8 + serial_len);
      data[4] = 0x02;
      data[5] = 0x01;
      data[7] = (guint8) (8 + serial_len);
      memcpy (data + 8, common->vendor, 8);
      memcpy (data + 16, common->serial, serial_len);
      break;
    default:
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  ofl_practice_send (request, answer, data, 4 + (gsize) data[3], ofl_get_be (request->cdb + 3, 2));
}

/**
 * ofl_practice_inquiry: (skip)
 * @self: a practice drive
 * @request: INQUIRY
 * @answer: its answer
 *
 * Answers INQUIRY: 96 bytes with the strings of the running code, or a page of vital product data
 * (00, 80, 83). Source: SPC; the length and bytes 36-55 in protocols.md 1.3.
 */
void
ofl_practice_inquiry (OflPracticeDrive *self, const OflPracticeRequest *request,
                      OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  guint8 data[INQUIRY_LENGTH] = { TYPE_OPTICAL, 0x80 };

  if ((request->cdb[1] & 0x01) != 0)
    {
      vital_product_data (self, request, answer);
      return;
    }
  if (request->cdb[2] != 0)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  /* Before SPC-3 the unit's number stood in the CDB; there is only unit 0. */
  if (request->cdb[1] >> 5 != 0)
    data[0] = TYPE_NO_UNIT;
  data[2] = common->inquiry_version;
  data[3] = common->inquiry_format;
  data[4] = INQUIRY_LENGTH - 5;
  memcpy (data + 8, common->vendor, 8);
  memcpy (data + 16, common->product, 16);
  memcpy (data + 32, common->revision, 4);
  memcpy (data + 36, common->extra, 20);
  ofl_practice_send (request, answer, data, sizeof data, ofl_get_be (request->cdb + 3, 2));
}

static void
append_feature (GByteArray *list, guint16 code, guint8 flags, const guint8 *data, gsize length)
{
  guint8 head[4];

  ofl_put_be (head, 2, code);
  head[2] = flags;
  head[3] = (guint8) length;
  g_byte_array_append (list, head, sizeof head);
  g_byte_array_append (list, data, (guint) length);
}

static void
append_profiles (OflPracticeDrive *self, GByteArray *list)
{
  static const guint16 profiles[] = { 0x0043, 0x0041, 0x0040, 0x0012,         0x0011,
                                      0x000a, 0x0009, 0x0008, PROFILE_DVD_ROM };
  guint8 data[4 * G_N_ELEMENTS (profiles)] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      ofl_put_be (data + 4 * i, 2, profiles[i]);
      data[4 * i + 2] = profiles[i] == PROFILE_DVD_ROM && ofl_practice_common (self)->disc;
    }
  append_feature (list, FEATURE_PROFILES, FLAGS_ALWAYS, data, sizeof data);
}

/* A text feature: ASCII, filled up to a multiple of four bytes. */
static void
append_text (GByteArray *list, guint16 code, const char *text)
{
  guint8 data[28] = { 0 };
  gsize length = strlen (text);

  memset (data, code == FEATURE_SERIAL ? ' ' : 0, sizeof data);
  memcpy (data, text, length);
  append_feature (list, code, FLAGS_ALWAYS, data, (length + 3) / 4 * 4);
}

/* The feature @code, if the drive has it. */
static void
append_known (OflPracticeDrive *self, GByteArray *list, guint16 code)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  guint8 core[8] = { 0, 0, 0, common->interface, 0x01 };
  guint8 removable[4] = { 0x29 }; /* tray, ejects, locks */

  switch (code)
    {
    case FEATURE_PROFILES:
      append_profiles (self, list);
      break;
    case FEATURE_CORE:
      append_feature (list, code, FLAGS_CORE, core, sizeof core);
      break;
    case FEATURE_REMOVABLE:
      append_feature (list, code, FLAGS_ALWAYS, removable, sizeof removable);
      break;
    case FEATURE_SERIAL:
      append_text (list, code, common->serial);
      break;
    case FEATURE_FIRMWARE_DATE:
      if (common->date[0] != '\0')
        append_text (list, code, common->date);
      break;
    default:
      break;
    }
}

/**
 * ofl_practice_get_configuration: (skip)
 * @self: a practice drive
 * @request: GET CONFIGURATION
 * @answer: its answer
 *
 * Answers GET CONFIGURATION for all features (RT 0), the current ones (RT 1; all of them are) or
 * one (RT 2). Source: MMC; features 0108 and 010C in protocols.md 1.3.
 */
void
ofl_practice_get_configuration (OflPracticeDrive *self, const OflPracticeRequest *request,
                                OflPracticeAnswer *answer)
{
  static const guint16 known[] = { FEATURE_PROFILES, FEATURE_CORE, FEATURE_REMOVABLE,
                                   FEATURE_SERIAL, FEATURE_FIRMWARE_DATE };
  g_autoptr (GByteArray) list = g_byte_array_new ();
  guint8 head[8] = { 0 };
  guint8 wanted = request->cdb[1] & 0x03;
  guint first = ofl_get_be (request->cdb + 2, 2);

  if (wanted == 3)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  if (ofl_practice_common (self)->disc)
    ofl_put_be (head + 6, 2, PROFILE_DVD_ROM);
  g_byte_array_append (list, head, sizeof head);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (wanted == 2 ? known[i] == first : known[i] >= first)
      append_known (self, list, known[i]);
  ofl_put_be (list->data, 4, list->len - 4);
  ofl_practice_send (request, answer, list->data, list->len, ofl_get_be (request->cdb + 7, 2));
}

/**
 * ofl_practice_mode_sense: (skip)
 * @self: a practice drive
 * @request: MODE SENSE(6) or (10)
 * @answer: its answer
 *
 * Answers MODE SENSE for page 2A, the capabilities of a CD and DVD unit, or all pages, which is
 * the same. Source: SPC for the header, MMC for the page.
 */
void
ofl_practice_mode_sense (OflPracticeDrive *self, const OflPracticeRequest *request,
                         OflPracticeAnswer *answer)
{
  /* reads all kinds; writes CD and DVD; plays audio, several sessions; tray that locks and
   * ejects; 7056 kB/s; buffer of 2048 KiB */
  static const guint8 capabilities[26] = { 0x2a, 24,   0x3f, 0x37, 0xf1, 0x77, 0x29, 0x03, 0x1b,
                                           0x90, 0x01, 0x00, 0x08, 0x00, 0x1b, 0x90 };
  gboolean ten = request->cdb[0] == OP_MODE_SENSE_10;
  gsize head = ten ? 8 : 4;
  gsize allocation = ten ? ofl_get_be (request->cdb + 7, 2) : request->cdb[4];
  guint8 page = request->cdb[2] & 0x3f;
  guint8 control = request->cdb[2] >> 6;
  guint8 data[8 + sizeof capabilities] = { 0 };

  if ((page != 0x2a && page != 0x3f) || control == 3)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST,
                           control == 3 ? 0x39 : ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  memcpy (data + head, capabilities, control == 1 ? 2 : sizeof capabilities);
  if (control != 1 && ofl_practice_common (self)->locked)
    data[head + 6] |= 0x02;
  if (ten)
    ofl_put_be (data, 2, (guint32) (head + sizeof capabilities - 2));
  else
    data[0] = (guint8) (head + sizeof capabilities - 1);
  ofl_practice_send (request, answer, data, head + sizeof capabilities, allocation);
}
