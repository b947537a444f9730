/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-tool-window.h"
#include "drive/ofl-tally.h"

G_BEGIN_DECLS

/* Says how far it has come; @total is 0 while that is not known. */
typedef char *(*OflUiAskingWords) (guint done, guint total);

/* A drive that is asked something for a while, from a window: it is held until the answer is there, be
 * the window open or not. */
typedef struct _OflUiAsking OflUiAsking;

OflUiAsking *ofl_ui_asking_begin (OflUiToolWindow *window, OflUiAskingWords words);
OflTally *ofl_ui_asking_get_tally (OflUiAsking *self);
GCancellable *ofl_ui_asking_get_cancellable (OflUiAsking *self);
void ofl_ui_asking_cancel (OflUiAsking *self);
void ofl_ui_asking_abandon (OflUiAsking *self);
OflUiToolWindow *ofl_ui_asking_end (OflUiAsking *self);

G_END_DECLS
