/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a practice drive says about itself: INQUIRY, GET CONFIGURATION, the capabilities page. */
#include "practice/ofl-practice-private.h"

#include <string.h>

#define TYPE_OPTICAL 0x05
#define TYPE_NO_UNIT 0x7f /* qualifier 3: no unit can be here */

#define FEATURE_PROFILES 0x0000
#define FEATURE_CORE 0x0001
#define FEATURE_MULTI_READ 0x001d
#define FEATURE_CD_READ 0x001e
#define FEATURE_DVD_READ 0x001f
#define FEATURE_SERIAL 0x0108
#define FEATURE_FIRMWARE_DATE 0x010c

#define PROFILE_CD_ROM 0x0008
#define PROFILE_DVD_ROM 0x0010
#define FIRMWARE_DATE_SIZE 16u

/* Feature flags: version in bits 5-2, persistent, current (MMC) */
#define FLAG_CURRENT 0x01
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
 * Answers INQUIRY: 96 bytes, or as many as the model has, with the strings of the running code, or a page of vital product data
 * (00, 80, 83). Source: SPC; the length and bytes 36-55 in scsi 1.3.
 */
void
ofl_practice_inquiry (OflPracticeDrive *self, const OflPracticeRequest *request,
                      OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  guint8 data[OFL_PRACTICE_INQUIRY_SIZE] = { TYPE_OPTICAL, 0x80 };

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
  data[4] = common->inquiry_additional;
  memcpy (data + 8, common->vendor, 8);
  memcpy (data + 16, common->product, 16);
  memcpy (data + 32, common->revision, 4);
  memcpy (data + 36, common->extra, 20);
  ofl_practice_send (request, answer, data, 5 + (gsize) data[4] + common->inquiry_more,
                     ofl_get_be (request->cdb + 3, 2));
}

/* Which features were asked for, and the answer so far */
typedef struct {
  guint8 wanted; /* 0: all; 1: those that are current; 2: one */
  guint first;
  GByteArray *list;
} Question;

static void
add_feature (Question *question, guint16 code, guint8 flags, const guint8 *data, gsize length)
{
  guint8 head[4];

  if (question->wanted == 2 ? code != question->first : code < question->first)
    return;
  if (question->wanted == 1 && (flags & FLAG_CURRENT) == 0)
    return;
  ofl_put_be (head, 2, code);
  head[2] = flags;
  head[3] = (guint8) length;
  g_byte_array_append (question->list, head, sizeof head);
  g_byte_array_append (question->list, data, (guint) length);
}

static void
add_profiles (OflPracticeDrive *self, Question *question)
{
  const guint16 *profiles = ofl_practice_replies (self)->profiles;
  guint8 data[4 * G_N_ELEMENTS (((OflPracticeReplies *) NULL)->profiles)] = { 0 };
  gsize n;

  for (n = 0; profiles[n] != 0; n++)
    {
      ofl_put_be (data + 4 * n, 2, profiles[n]);
      data[4 * n + 2] = profiles[n] == ofl_practice_current_profile (self);
    }
  add_feature (question, FEATURE_PROFILES, FLAGS_ALWAYS, data, 4 * n);
}

/* A text feature, ASCII: a serial number filled up to a multiple of four bytes; the date of the
 * firmware in the 16 that MMC gives it, also where a drive says less. */
static void
add_text (Question *question, guint16 code, const char *text)
{
  guint8 data[28] = { 0 };
  gsize length = strlen (text);

  memset (data, code == FEATURE_SERIAL ? ' ' : 0, sizeof data);
  memcpy (data, text, length);
  add_feature (question, code, FLAGS_ALWAYS, data,
               code == FEATURE_SERIAL ? (length + 3) / 4 * 4 : FIRMWARE_DATE_SIZE);
}

/* Those of its kind, @from up to @end. Reading is current with such a disc. */
static void
add_kind (OflPracticeDrive *self, Question *question, guint from, guint end)
{
  const OflPracticeFeature *feature = ofl_practice_replies (self)->features;
  guint16 profile = ofl_practice_current_profile (self);

  for (; feature->code != 0; feature++)
    {
      guint8 flags = feature->flags;

      if ((feature->code == FEATURE_MULTI_READ || feature->code == FEATURE_CD_READ)
          && profile == PROFILE_CD_ROM)
        flags |= FLAG_CURRENT;
      if (feature->code == FEATURE_DVD_READ && profile == PROFILE_DVD_ROM)
        flags |= FLAG_CURRENT;
      if (feature->code >= from && feature->code < end)
        add_feature (question, feature->code, flags, feature->data, feature->length);
    }
}

/**
 * ofl_practice_get_configuration: (skip)
 * @self: a practice drive
 * @request: GET CONFIGURATION
 * @answer: its answer
 *
 * Answers GET CONFIGURATION for all features (RT 0), the current ones (RT 1) or one (RT 2): those
 * of its kind, and its own name. Source: MMC; features 0108 and 010C in scsi 1.4; practice 6.
 */
void
ofl_practice_get_configuration (OflPracticeDrive *self, const OflPracticeRequest *request,
                                OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  const guint8 core[8] = { 0, 0, 0, common->interface, 0x01 };
  g_autoptr (GByteArray) list = g_byte_array_new ();
  Question question = { .wanted = request->cdb[1] & 0x03,
                        .first = ofl_get_be (request->cdb + 2, 2),
                        .list = list };
  guint8 head[8] = { 0 };

  if (question.wanted == 3)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  ofl_put_be (head + 6, 2, ofl_practice_current_profile (self));
  g_byte_array_append (list, head, sizeof head);
  add_profiles (self, &question);
  add_feature (&question, FEATURE_CORE, FLAGS_CORE, core, sizeof core);
  add_kind (self, &question, FEATURE_CORE + 1, FEATURE_SERIAL);
  add_text (&question, FEATURE_SERIAL, common->serial);
  if (common->date[0] != '\0')
    add_text (&question, FEATURE_FIRMWARE_DATE, common->date);
  add_kind (self, &question, FEATURE_SERIAL, G_MAXUINT16);
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
  const OflPracticeReplies *replies = ofl_practice_replies (self);
  gsize length = replies->capabilities_len;
  gboolean ten = request->cdb[0] == OP_MODE_SENSE_10;
  gsize head = ten ? 8 : 4;
  gsize allocation = ten ? ofl_get_be (request->cdb + 7, 2) : request->cdb[4];
  guint8 page = request->cdb[2] & 0x3f;
  guint8 control = request->cdb[2] >> 6;
  guint8 data[8 + 0x100] = { 0 };

  if ((page != 0x2a && page != 0x3f) || control == 3)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST,
                           control == 3 ? 0x39 : ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  memcpy (data + head, replies->capabilities, control == 1 ? 2 : length);
  if (control != 1 && ofl_practice_common (self)->locked)
    data[head + 6] |= 0x02;
  if (ten)
    ofl_put_be (data, 2, (guint32) (head + length - 2));
  else
    data[0] = (guint8) (head + length - 1);
  ofl_practice_send (request, answer, data, head + length, allocation);
}
