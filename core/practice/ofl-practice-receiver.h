/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drives have in common that take a whole image into memory and then burn it: the memory,
 * the order of the burn, the start after it. For the models in this folder only. */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

/**
 * OflPracticeReceiverInfo:
 * @chip: the flash
 * @staging: bytes that the memory for an update has
 * @first: where a burn begins, in the image and in the chip
 * @end: where it ends
 * @key_page: the page that is voided before everything and written after everything
 * @vendor: 8 characters, what INQUIRY says when the flash holds nothing that can be started
 * @product: 16 characters
 * @revision: 4 characters
 * @made_as: 16 characters, the product that the factory's firmware says, with the same vendor
 * @recovers: whether the drive takes an update in that state
 * @attention: what it reports after a burn, UNIT ATTENTION
 * @interface: core feature: 2 ATAPI, 7 serial ATAPI, 8 USB
 *
 * A model as data; the @data of its #OflPracticeEntry, or the first thing there.
 */
typedef struct {
  const OflPracticeChipType *chip;
  guint32 staging;
  guint32 first, end;
  guint32 key_page;
  const char *vendor, *product, *revision;
  const char *made_as;
  gboolean recovers;
  guint8 attention[2];
  guint8 interface;
} OflPracticeReceiverInfo;

#define OFL_TYPE_PRACTICE_RECEIVER (ofl_practice_receiver_get_type ())
G_DECLARE_DERIVABLE_TYPE (OflPracticeReceiver, ofl_practice_receiver, OFL, PRACTICE_RECEIVER,
                          OflPracticeDrive)

/**
 * OflPracticeReceiverClass:
 * @find_identity: where vendor, product and revision stand in an image; %NULL when it is not one
 *   for this drive, or not whole. The receiver asks before a burn, the boot code at each start.
 * @started: after a start, for what is not among these strings; or %NULL
 */
struct _OflPracticeReceiverClass {
  OflPracticeDriveClass parent_class;

  const guint8 *(*find_identity) (OflPracticeReceiver *self, const guint8 *image);
  void (*started) (OflPracticeReceiver *self);
};

/**
 * OflPracticeUpdate:
 * @info: the model
 * @staging: what has arrived
 * @next: how much of it
 * @chunk: length of the first piece
 * @receiving: whether an update goes on
 * @burning: whether the chip is at work
 * @complete: whether this burn is the last of its update
 * @down: whether the flash holds nothing that can be started
 *
 * Where an update stands.
 */
typedef struct {
  const OflPracticeReceiverInfo *info;
  guint8 *staging;
  guint32 next, chunk;
  gboolean receiving, burning, complete, down;
} OflPracticeUpdate;

OflPracticeUpdate *ofl_practice_receiver_update (OflPracticeReceiver *self);
void ofl_practice_receiver_start (OflPracticeReceiver *self);
const guint8 *ofl_practice_receiver_flash (OflPracticeReceiver *self);

gboolean ofl_practice_receiver_can_take (OflPracticeReceiver *self, OflPracticeAnswer *answer);
void ofl_practice_receiver_begin (OflPracticeReceiver *self);
void ofl_practice_receiver_take (OflPracticeReceiver *self, const OflPracticeRequest *request);
void ofl_practice_receiver_reject (OflPracticeReceiver *self, OflPracticeAnswer *answer,
                                   guint8 asc);
gint64 ofl_practice_receiver_burn (OflPracticeReceiver *self, gint64 now_us, guint32 start,
                                   guint32 end);

G_END_DECLS
