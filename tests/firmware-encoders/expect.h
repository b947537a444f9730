/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of firmware files say about files and parts. */
#pragma once

#include "firmware/ofl-container.h"

G_BEGIN_DECLS

typedef struct {
  GPtrArray *parts;
  char *title;
} Unpacked;

void expect_sha256 (GBytes *bytes, const char *sha256);
void expect_equal (GBytes *bytes, GBytes *expected);
Unpacked *expect_unpacks (GBytes *file, const char *name, guint n_parts, const char *title);
void expect_refused (GBytes *file, const char *reason, ...) G_GNUC_NULL_TERMINATED;
const OflPart *unpacked_get (const Unpacked *self, guint index);
void unpacked_free (Unpacked *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Unpacked, unpacked_free)

GBytes *expect_patch (GBytes *file, gsize offset, const char *bytes, gsize n_bytes);
GBytes *expect_cut (GBytes *file, gsize n_bytes);

G_END_DECLS
