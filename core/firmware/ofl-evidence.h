/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was read from a damaged flash, kept for study: the bytes behind a page of text, so that no
 * program takes the file for a firmware and Optiflash knows it again wherever it is copied to. */
#define OFL_EVIDENCE_HEADER_LEN 0x200

/* The name of the check that every image in such a file fails. */
#define OFL_EVIDENCE_CHECK "evidence"

GBytes *ofl_evidence_wrap (const guint8 *data, gsize length);

G_END_DECLS
