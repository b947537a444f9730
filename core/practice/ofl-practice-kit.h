/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several models need: sums, the text of an identity, images as the factory makes them, and a
 * burn that never looks whole while it is not. For the models in this folder only. */
#pragma once

#include "practice/ofl-practice-private.h"
#include "practice/ofl-practice-random.h"

G_BEGIN_DECLS

/* The kinds of wrong or special images that most models can make; "twin" the catalogue adds itself */
#define OFL_PRACTICE_DAMAGED "twin truncated wrong-family"
#define OFL_PRACTICE_SUMMED OFL_PRACTICE_DAMAGED " bad-sum"

/* Revision of the factory's firmware, where a revision says no more than a number */
#define OFL_PRACTICE_FIRST "1.00"

/* All flash chips here are programmed by pages of this size. */
#define FLASH_PAGE 0x100u
#define FLASH_SECTOR 0x10000u

/* Memory and flash are read at about 3 MB/s (practice 3: 2 MB in 0.5 to 0.8 s). */
#define READ_BYTES_PER_US 3

/* Vendor, product and revision as they lie in many images, one after the other */
#define ID_PRODUCT 8u
#define ID_REVISION 24u
#define ID_SIZE 28u

/* Text of which the size is known: no NUL in the field. */
#define OFL_PRACTICE_PUT_TEXT(field, text) memcpy ((field), (text), strlen (text))

/* FNV-1a begins with this. */
#define OFL_PRACTICE_MIX_START 0x811c9dc5u

gboolean ofl_practice_is_zero (const guint8 *data, gsize length);
guint32 ofl_practice_sum (const guint8 *data, gsize length, guint32 start);
guint32 ofl_practice_sum_words (const guint8 *data, gsize length);
guint32 ofl_practice_mix (guint32 hash, const char *text);

/* Images */
guint ofl_practice_revision_number (const char *revision);
void ofl_practice_put_id (guint8 *field, const char *vendor, const char *product,
                          const char *revision);
void ofl_practice_fill_body (guint8 *data, gsize length, const char *id, const char *revision);
GBytes *ofl_practice_finish_image (guint8 *image, gsize size, gsize bad_at, const char *bad_name,
                                   const char *variant);
GBytes *ofl_practice_shared_image (const OflPracticeEntry *entry, const char *variant);

/* Drives */
void ofl_practice_put_chip (OflPracticeDrive *self, const OflPracticeChipType *type);
gboolean ofl_practice_is_new (OflPracticeDrive *self);
void ofl_practice_put_factory (OflPracticeDrive *self, const char *variant);
void ofl_practice_set_identity (OflPracticeDrive *self, gconstpointer vendor, gconstpointer product,
                                gconstpointer revision);
void ofl_practice_refuse_field (OflPracticeAnswer *answer);
void ofl_practice_send_eeprom (OflPracticeDrive *self, const OflPracticeRequest *request,
                               OflPracticeAnswer *answer, const guint8 *data, gsize length);
gboolean ofl_practice_is_busy (OflPracticeDrive *self, OflPracticeAnswer *answer);
gboolean ofl_practice_burn_has_ended (OflPracticeDrive *self);
void ofl_practice_queue_image (OflPracticeChip *chip, guint32 start, const guint8 *image,
                               guint32 size, guint32 key_size);
gboolean ofl_practice_buffer_command (OflPracticeDrive *self, gint64 now_us,
                                      const OflPracticeRequest *request, OflPracticeAnswer *answer);

G_END_DECLS
