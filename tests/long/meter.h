/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process holds, as the kernel counts it, and whether that stays as it is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one block from malloc() takes at least. */
#define METER_SMALLEST 32

typedef enum {
  METER_MEMORY,  /* bytes of its own: heap, stacks; what is swapped out, too */
  METER_THREADS, /* that run */
  METER_FDS,     /* descriptors that are open */
  METER_OBJECTS, /* on the bus */
  METER_FILES,   /* below the folder for states */
  METER_N,
} MeterKind;

/* One look at it; -1: it can't be known. */
typedef struct {
  guint at; /* after so many jobs, or plugs */
  gint64 value[METER_N];
} MeterLook;

void meter_read_process (MeterLook *look, guint pid);
guint meter_count_files (const char *folder);

void meter_print (const MeterLook *look);
gint64 meter_median (GArray *looks, guint from, guint to, MeterKind kind);
double meter_assert_flat (GArray *looks, guint warm, guint window, guint total, gint64 noise);

G_END_DECLS
