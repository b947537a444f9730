/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of the test's own, run against a drive made of answers. */
#pragma once

#include "flash/ofl-executor.h"
#include "kit/fake-transport.h"

G_BEGIN_DECLS

typedef struct {
  FakeTransport *fake;
  OflPlan *plan;
  OflRun run;
} Case;

void case_start (Case *c, FakeAnswer answer, gpointer data);
void case_end (Case *c);

G_END_DECLS
