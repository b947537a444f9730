/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-handler.h"

G_DEFINE_INTERFACE (OflUpdaterHandler, ofl_updater_handler, G_TYPE_OBJECT)

static OflUpdaterDecision
ofl_updater_handler_real_decide (OflUpdaterHandler *self, OflUpdaterRequest *request,
                                 OflUpdaterRefusal *refusal)
{
  return request->harmless ? OFL_UPDATER_RUN : OFL_UPDATER_HOLD;
}

static void
ofl_updater_handler_real_answered (OflUpdaterHandler *self, OflUpdaterRequest *request,
                                   const OflReply *reply)
{
}

static void
ofl_updater_handler_real_held (OflUpdaterHandler *self, OflUpdaterRequest *request)
{
}

static void
ofl_updater_handler_real_withdrawn (OflUpdaterHandler *self, OflUpdaterRequest *request)
{
}

static void
ofl_updater_handler_default_init (OflUpdaterHandlerInterface *iface)
{
  iface->decide = ofl_updater_handler_real_decide;
  iface->held = ofl_updater_handler_real_held;
  iface->sending = ofl_updater_handler_real_held;
  iface->answered = ofl_updater_handler_real_answered;
  iface->withdrawn = ofl_updater_handler_real_withdrawn;
}

/**
 * ofl_updater_handler_decide:
 * @self: a handler
 * @request: what the program wants to send
 * @refusal: (inout): what it is told when it is refused
 *
 * Returns: what becomes of it
 */
OflUpdaterDecision
ofl_updater_handler_decide (OflUpdaterHandler *self, OflUpdaterRequest *request,
                            OflUpdaterRefusal *refusal)
{
  g_return_val_if_fail (OFL_IS_UPDATER_HANDLER (self), OFL_UPDATER_REFUSE);
  return OFL_UPDATER_HANDLER_GET_IFACE (self)->decide (self, request, refusal);
}

/**
 * ofl_updater_handler_held:
 * @self: a handler
 * @request: what is being held now
 */
void
ofl_updater_handler_held (OflUpdaterHandler *self, OflUpdaterRequest *request)
{
  g_return_if_fail (OFL_IS_UPDATER_HANDLER (self));
  OFL_UPDATER_HANDLER_GET_IFACE (self)->held (self, request);
}

/**
 * ofl_updater_handler_sending:
 * @self: a handler
 * @request: what goes to the drive now
 */
void
ofl_updater_handler_sending (OflUpdaterHandler *self, OflUpdaterRequest *request)
{
  g_return_if_fail (OFL_IS_UPDATER_HANDLER (self));
  OFL_UPDATER_HANDLER_GET_IFACE (self)->sending (self, request);
}

/**
 * ofl_updater_handler_answered:
 * @self: a handler
 * @request: what was sent or refused, with its data
 * @reply: what became of it
 */
void
ofl_updater_handler_answered (OflUpdaterHandler *self, OflUpdaterRequest *request,
                              const OflReply *reply)
{
  g_return_if_fail (OFL_IS_UPDATER_HANDLER (self));
  OFL_UPDATER_HANDLER_GET_IFACE (self)->answered (self, request, reply);
}

/**
 * ofl_updater_handler_withdrawn:
 * @self: a handler
 * @request: what was being held, and the drive never saw
 */
void
ofl_updater_handler_withdrawn (OflUpdaterHandler *self, OflUpdaterRequest *request)
{
  g_return_if_fail (OFL_IS_UPDATER_HANDLER (self));
  OFL_UPDATER_HANDLER_GET_IFACE (self)->withdrawn (self, request);
}
