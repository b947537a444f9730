/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "executor-case.h"

#include <string.h>

void
case_start (Case *c, FakeAnswer answer, gpointer data)
{
  memset (c, 0, sizeof *c);
  c->fake = fake_transport_new (answer, data);
  c->plan = ofl_plan_new ("test");
  c->run.transport = OFL_TRANSPORT (c->fake);
  c->run.progress = ofl_progress_new ();
  c->run.stage = -1;
}

void
case_end (Case *c)
{
  ofl_run_clear (&c->run);
  g_clear_pointer (&c->run.progress, ofl_progress_unref);
  ofl_plan_free (c->plan);
  g_object_unref (c->fake);
}
