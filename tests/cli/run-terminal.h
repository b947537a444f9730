/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line on a terminal of the test's own, where it can ask. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What every question ends in */
#define QUESTION "yes: "

/* In @folder, on practice drives that do not let anybody wait. Each question gets the next of @answers;
 * all of them have to be asked for. What was said, with one blank between words; @status: how it
 * ended */
char *run_on_terminal (const char *folder, int *status, const char *const *answers,
                       const char *const *args);

G_END_DECLS
