/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "scsi/ofl-reply.h"
#include "updater/ofl-updater-wire.h"

G_BEGIN_DECLS

/**
 * OflUpdaterRequest:
 * @serial: its number in the order of arrival, from 1
 * @command: what is to be sent, with the limit of ours, which is not less than the program's within
 *   bounds (updater 3)
 * @asked_ms: the limit that the program set
 * @harmless: ofl_updater_is_harmless()
 * @data: (array): @command's length bytes: what the program sends, or room for what comes
 *
 * What the maker's program wants to send to its drive.
 */
typedef struct {
  guint64 serial;
  OflCommand command;
  guint asked_ms;
  gboolean harmless;
  guint8 *data;
} OflUpdaterRequest;

#define OFL_TYPE_UPDATER_REQUEST (ofl_updater_request_get_type ())
GType ofl_updater_request_get_type (void);

OflUpdaterRequest *ofl_updater_request_new (const OflUpdaterWireRequest *wire, const char **fault);
OflUpdaterRequest *ofl_updater_request_ref (OflUpdaterRequest *self);
void ofl_updater_request_unref (OflUpdaterRequest *self);
void ofl_updater_request_put_answer (const OflUpdaterRequest *self, const OflReply *reply,
                                     OflUpdaterWireAnswer *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflUpdaterRequest, ofl_updater_request_unref)

G_END_DECLS
