/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "firmware/ofl-hashes.h"
#include "scsi/ofl-sentence.h"

G_BEGIN_DECLS

typedef enum {
  OFL_IMAGE_CHECK_OK,
  OFL_IMAGE_CHECK_CHANGED, /* the bytes do not fit the file's own check */
  OFL_IMAGE_CHECK_ABSENT,  /* this image carries no such check */
  OFL_IMAGE_CHECK_WARNING,
} OflImageCheckResult;

/**
 * OflImageCheck:
 * @name: what was checked, a word for machines
 * @result: how it went
 * @detail: what was found, in the user's language
 * @english: the same for records; ofl_image_check_text() gives the one that is spoken just now
 *
 * A check of the image's own.
 */
typedef struct {
  char *name;
  OflImageCheckResult result;
  char *detail;
  char *english;
} OflImageCheck;

/**
 * OflImage:
 *
 * One firmware image: its bytes and what a family's parser read in it. Immutable once parsed.
 */
typedef struct _OflImage OflImage;

OflImage *ofl_image_new (const char *family_id, GBytes *bytes);
OflImage *ofl_image_ref (OflImage *self);
void ofl_image_unref (OflImage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflImage, ofl_image_unref)

/* For parsers. Names in use: "vendor" "product" "revision" "date" "banner" "component". */
void ofl_image_set_fact (OflImage *self, const char *name, const char *value);
void ofl_image_say_fact (OflImage *self, const char *name, OflSentence value);
void ofl_image_set_mark (OflImage *self, const char *hardware_mark);
void ofl_image_take_check (OflImage *self, const char *name, OflImageCheckResult result,
                           OflSentence detail);
/* @...: a printf format of what was found, and its arguments; they are evaluated twice (OFL_SAY()) */
#define ofl_image_add_check(self, name, result, ...) \
  ofl_image_take_check ((self), (name), (result), OFL_SAY (__VA_ARGS__))

const char *ofl_image_get_family (const OflImage *self);
GBytes *ofl_image_get_bytes (const OflImage *self);
const guint8 *ofl_image_get_data (const OflImage *self, gsize *length);
const char *ofl_image_get_fact (const OflImage *self, const char *name);
const char *ofl_image_show_fact (const OflImage *self, const char *name);
GPtrArray *ofl_image_list_facts (const OflImage *self);
const char *ofl_image_get_mark (const OflImage *self);
const OflHashes *ofl_image_get_hashes (const OflImage *self);
guint ofl_image_get_n_checks (const OflImage *self);
const OflImageCheck *ofl_image_get_check (const OflImage *self, guint index);
gboolean ofl_image_is_changed (const OflImage *self);
char *ofl_image_describe (const OflImage *self);
const char *ofl_image_check_text (const OflImageCheck *check);
const char *ofl_image_check_title (const OflImageCheck *check);
const char *ofl_image_check_result_id (OflImageCheckResult result);

G_END_DECLS
