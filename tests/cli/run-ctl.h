/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line as a user runs it, in a folder of its own, on practice drives that do not let
 * anybody wait. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "kit/ran.h"

/* A folder with an image in it for the practice drive bu40n */
typedef struct {
  char *dir;
  char *image;
} CtlFixture;

void ctl_fixture_up (CtlFixture *self, gconstpointer data);
void ctl_fixture_down (CtlFixture *self, gconstpointer data);

char *ctl_path (const char *folder, const char *name);
void ctl_run (const char *folder, Ran *ran, ...) G_GNUC_NULL_TERMINATED;
/* Does not wait for it; @speed is that of the practice drives. */
GSubprocess *ctl_begin (const char *folder, const char *speed, ...) G_GNUC_NULL_TERMINATED;
/* Reads until a line holds @word; returns the lines so far. */
char *ctl_read_until (GDataInputStream *lines, const char *word);
void ctl_run_argv (const char *folder, Ran *ran, const char *const *args);

void ctl_make_image (const char *folder, const char *id, const char *revision, const char *name,
                     const char *variant);

/* The objects of @text with this event, one a line; every line has to be an object. */
GPtrArray *ctl_events (const char *text, const char *event);
/* One result with this verdict, which says what happened and what to do */
void ctl_assert_result (const Ran *ran, int status, const char *verdict);
/* Nothing but a message of ours */
void ctl_assert_error (const Ran *ran, int status);
void ctl_assert_revision (const char *folder, const char *drive, const char *revision);

/* Fails the test unless @text has @part in it. */
void assert_has (const char *text, const char *part);
void assert_has_not (const char *text, const char *part);
