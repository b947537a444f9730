/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "updater/ofl-updater-request.h"

G_BEGIN_DECLS

/**
 * OflUpdaterDecision:
 * @OFL_UPDATER_RUN: it goes to the drive
 * @OFL_UPDATER_HOLD: it waits, and all behind it, until ofl_updater_broker_release()
 * @OFL_UPDATER_REFUSE: the program is told that the drive refused it; the drive is not asked
 */
typedef enum {
  OFL_UPDATER_RUN,
  OFL_UPDATER_HOLD,
  OFL_UPDATER_REFUSE,
} OflUpdaterDecision;

/**
 * OflUpdaterRefusal:
 * @key: sense key
 * @asc: additional sense code
 * @ascq: its qualifier
 *
 * What a drive that refuses would say.
 */
typedef struct {
  guint8 key, asc, ascq;
} OflUpdaterRefusal;

#define OFL_TYPE_UPDATER_HANDLER (ofl_updater_handler_get_type ())
G_DECLARE_INTERFACE (OflUpdaterHandler, ofl_updater_handler, OFL, UPDATER_HANDLER, GObject)

/**
 * OflUpdaterHandlerInterface:
 * @decide: what becomes of @request; called once for each, in order, before the drive sees it. The
 *   default runs what is harmless and holds the rest. @refusal is ILLEGAL REQUEST, 20/00, unless set.
 * @held: @request, which @decide holds, is being held: the drive has nothing, and is free for whoever decides;
 *   ofl_updater_broker_release() may be called from here on
 * @sending: @request goes to the drive now, decided at once or released; @answered follows
 * @answered: @request has come back from the drive, or was refused, with @reply; its data is there.
 *   Called before the program is told.
 * @withdrawn: the program ended or hung up while @request was being held; the drive never saw it
 *
 * Who answers for what a maker's program sends. decide, sending and answered are called by the broker's
 * worker thread, one at a time; they may block, and nothing else reaches the drive meanwhile. held and
 * withdrawn come in the thread in which the broker was made, and must not block.
 */
struct _OflUpdaterHandlerInterface {
  GTypeInterface parent;

  OflUpdaterDecision (*decide) (OflUpdaterHandler *self, OflUpdaterRequest *request,
                                OflUpdaterRefusal *refusal);
  void (*held) (OflUpdaterHandler *self, OflUpdaterRequest *request);
  void (*sending) (OflUpdaterHandler *self, OflUpdaterRequest *request);
  void (*answered) (OflUpdaterHandler *self, OflUpdaterRequest *request, const OflReply *reply);
  void (*withdrawn) (OflUpdaterHandler *self, OflUpdaterRequest *request);
};

OflUpdaterDecision ofl_updater_handler_decide (OflUpdaterHandler *self, OflUpdaterRequest *request,
                                               OflUpdaterRefusal *refusal);
void ofl_updater_handler_held (OflUpdaterHandler *self, OflUpdaterRequest *request);
void ofl_updater_handler_sending (OflUpdaterHandler *self, OflUpdaterRequest *request);
void ofl_updater_handler_answered (OflUpdaterHandler *self, OflUpdaterRequest *request,
                                   const OflReply *reply);
void ofl_updater_handler_withdrawn (OflUpdaterHandler *self, OflUpdaterRequest *request);

G_END_DECLS
