/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "service/ofl-remote-job.h"
#include "service/ofl-remote-lost.h"

G_BEGIN_DECLS

struct _OflRemoteJob {
  OflJob parent_instance;

  OflDBusManager *manager;
  OflDBusJob *proxy;
  char *owner; /* the very service: another one that took its name knows nothing of this job */
  OflSnapshot *expected;
  OflImage *image;
  OflJobOptions *options;
  double practice_speed;
  OflUpdaterOptions *run; /* of the maker's program */

  GTask *task; /* while it runs */
  GCancellable *cancellable;
  gulong cancel_id;
  guint poll_timer;
  gboolean polling;
  gint64 asked;       /* when the last poll went out; µs, real time */
  OflRemoteLast last; /* what the service told last */
  OflResult *end;     /* told, while lines of the log are still to come */
  gboolean silent;    /* the last poll had no answer */
  OflProgressView view;
  OflQuestion *question; /* that waits, as far as is known */
  GPtrArray *lines;
  guint64 last_seq; /* of the service */
  guint added;      /* lines of this program */
};

void ofl_remote_job_forget_view (OflProgressView *view);
void ofl_remote_job_stop (OflRemoteJob *self);
void ofl_remote_job_follow (OflRemoteJob *self);

G_END_DECLS
