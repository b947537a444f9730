/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-core.h"

G_BEGIN_DECLS

char *ofl_ui_words (const char *text);
char *ofl_ui_words_of_job (const char *text, OflJobKind kind);

G_END_DECLS
