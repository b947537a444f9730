/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OFL_SENSE_MAX 96

typedef enum {
  OFL_KEY_NO_SENSE = 0x0,
  OFL_KEY_RECOVERED = 0x1,
  OFL_KEY_NOT_READY = 0x2,
  OFL_KEY_MEDIUM_ERROR = 0x3,
  OFL_KEY_HARDWARE_ERROR = 0x4,
  OFL_KEY_ILLEGAL_REQUEST = 0x5,
  OFL_KEY_UNIT_ATTENTION = 0x6,
  OFL_KEY_DATA_PROTECT = 0x7,
  OFL_KEY_BLANK_CHECK = 0x8,
  OFL_KEY_VENDOR = 0x9,
  OFL_KEY_COPY_ABORTED = 0xa,
  OFL_KEY_ABORTED = 0xb,
} OflSenseKey;

/**
 * OflSense:
 * @valid: a response code 70h to 73h was found
 * @deferred: 71h or 73h, an error of an earlier command
 * @key: sense key
 * @asc: additional sense code
 * @ascq: its qualifier
 * @raw_len: bytes in @raw
 * @raw: the bytes as the drive sent them
 */
typedef struct {
  gboolean valid;
  gboolean deferred;
  guint8 key, asc, ascq;
  guint8 raw_len;
  guint8 raw[OFL_SENSE_MAX];
} OflSense;

void ofl_sense_parse (OflSense *sense, const guint8 *data, gsize length);
gboolean ofl_sense_is_no_medium (const OflSense *sense);
int ofl_sense_information (const OflSense *sense, guint index);
char *ofl_sense_format (const OflSense *sense);
const char *ofl_sense_key_name (guint8 key);
const char *ofl_sense_sentence (const OflSense *sense);
const char *ofl_sense_next_step (const OflSense *sense);

G_END_DECLS
