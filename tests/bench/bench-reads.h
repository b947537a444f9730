/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small read many times over, and what it takes: for whoever sets it against a bare loop of the same. */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

/* Processor time of the whole process, the kernel's for it included, and time by the clock; microseconds. */
typedef struct {
  double cpu_us;
  double wall_us;
} BenchTime;

BenchTime bench_time_now (void);
/* What one of @n has taken since @begun. */
BenchTime bench_time_each (BenchTime begun, guint n);

/* READ BUFFER of 32 bytes. */
OflCommand bench_read (void);
/* @n of them on @transport, with nothing around it; what one takes. */
BenchTime bench_reads_bare (OflTransport *transport, guint n);
/* The same as a plan: executor, log, and a journal in @dir. */
BenchTime bench_reads_run (OflTransport *transport, const char *dir, guint n);

G_END_DECLS
