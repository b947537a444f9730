/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-core.h"

G_BEGIN_DECLS

char *ofl_ui_words (const char *text);

G_END_DECLS
