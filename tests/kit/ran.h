/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that was run: what it printed and how it ended, and an answer that is waited for. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *out;
  char *err;
  int status; /* -1: a signal ended it */
} Ran;

void ran_clear (Ran *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ran, ran_clear)

/* Until @process, whose output is piped, has ended */
void ran_wait (Ran *self, GSubprocess *process);
/* The same while this thread goes on answering what it is asked */
void ran_wait_and_answer (Ran *self, GSubprocess *process);

/* A GAsyncReadyCallback that keeps the result in @slot, and the wait for it */
void await_keep (GObject *source, GAsyncResult *result, gpointer slot);
void await_result (GAsyncResult **slot);

G_END_DECLS
