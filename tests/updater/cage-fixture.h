/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cage, its broker on the practice drive "standard", and Windows programs of the tests' own. */
#pragma once

#include "cage-kit.h"
#include "kit/scratch.h"
#include "updater/ofl-updater-cage.h"

G_BEGIN_DECLS

typedef struct {
  Scratch *folder;
  char *socket;
  char *image_path;
  GBytes *image;
  const char *exe;
  gboolean shown;
  GCancellable *cancellable; /* not owned */
  Bench *bench;
  OflUpdaterCage *cage;
} Fixture;

/* Wine's prefix, made once for all tests of this program */
extern Scratch *cage_cache;

/* Before and after all tests: what is missing here, and the cache */
void fixture_begin (void);
void fixture_end (void);
/* Adds the tests of what a program sees of the computer. */
void cage_walls_add (void);

void fixture_up (Fixture *self, gconstpointer data);
void fixture_down (Fixture *self, gconstpointer data);
#define CAGE_ADD(name, data, function) \
  g_test_add ("/updater/cage/" name, Fixture, data, fixture_up, function, fixture_down)

/* Whether no Windows program can be run here; the test is skipped with the reason. */
gboolean fixture_skipped (const Fixture *self);
/* Runs test-updater.exe WAY WHAT MORE; the end is waited for, and nothing of the run is left by then. */
void fixture_start (Fixture *self, const char *way, const char *what, const char *more,
                    GAsyncResult **result);
OflUpdaterEnd *fixture_finish (Fixture *self, GAsyncResult **result);
OflUpdaterEnd *fixture_run (Fixture *self, const char *way, const char *what, const char *more);
void fixture_assert_inquiry (Fixture *self, const char *way);
void fixture_assert_sent_image (Fixture *self);

G_END_DECLS
