/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fuzz target is one file: what is done with an input, and the inputs it begins with. It is
 * built twice: with fuzz-main.c, as a test that changes each seed always in the same way; and with
 * clang's libFuzzer, which looks for new ways through the code by itself. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whoever wants the seeds: fuzz-main.c tests with them, libFuzzer gets them as files. */
typedef void (*FuzzTake) (const char *name, const guint8 *data, gsize length, gpointer user);

/* Hands over every seed, made by the project's own encoders. */
void fuzz_make_seeds (FuzzTake take, gpointer user);

/* One input. The result is libFuzzer's; it is always 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, size_t length);

/* A seed with one byte before it, which says what is done with it. */
void fuzz_take_prefixed (FuzzTake take, gpointer user, const char *name, guint8 prefix,
                         const guint8 *data, gsize length);
/* A folder of this process alone, removed at its end; the same one at each call. */
const char *fuzz_scratch_dir (void);
void fuzz_write_file (const char *path, const guint8 *data, gsize length);

G_END_DECLS
