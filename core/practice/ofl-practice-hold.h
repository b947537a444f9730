/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice/ofl-practice-transport.h"

G_BEGIN_DECLS

void ofl_practice_hold_install (OflPracticePort *port, const char *text);

G_END_DECLS
