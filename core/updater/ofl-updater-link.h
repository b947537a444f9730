/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection out of the cage; for the broker only. */
#pragma once

#include <gio/gio.h>

#include "updater/ofl-updater-request.h"

G_BEGIN_DECLS

#define OFL_TYPE_UPDATER_LINK (ofl_updater_link_get_type ())
G_DECLARE_FINAL_TYPE (OflUpdaterLink, ofl_updater_link, OFL, UPDATER_LINK, GObject)

/* A whole, sane request has come in; the link waits for ofl_updater_link_answer(). */
typedef void (*OflUpdaterLinkRequest) (OflUpdaterLink *self, OflUpdaterRequest *request,
                                       gpointer data);
/* The other side has gone, or broke a rule; nothing comes after it. */
typedef void (*OflUpdaterLinkEnd) (OflUpdaterLink *self, const char *fault, gpointer data);

OflUpdaterLink *ofl_updater_link_new (GSocketConnection *connection, OflUpdaterLinkRequest request,
                                      OflUpdaterLinkEnd end, gpointer data);
void ofl_updater_link_start (OflUpdaterLink *self);
void ofl_updater_link_answer (OflUpdaterLink *self, OflUpdaterRequest *request,
                              const OflReply *reply);
void ofl_updater_link_close (OflUpdaterLink *self);

G_END_DECLS
