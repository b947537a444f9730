/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody has done to a practice drive on purpose, in a file that all programs see. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflPracticeCableNews:
 * @OFL_PRACTICE_CABLE_OTHER_FAULTS: other faults than before
 * @OFL_PRACTICE_CABLE_PULLED: it was pulled out, and may be plugged in again since
 * @OFL_PRACTICE_CABLE_PLUGGED: it was plugged in, after it was pulled out where it was
 *
 * What somebody has done since the last look.
 */
typedef enum {
  OFL_PRACTICE_CABLE_OTHER_FAULTS = 1 << 0,
  OFL_PRACTICE_CABLE_PULLED = 1 << 1,
  OFL_PRACTICE_CABLE_PLUGGED = 1 << 2,
} OflPracticeCableNews;

/**
 * OflPracticeCable:
 * @path: its file; it need not exist
 * @faults: what is wrong, each in the words of ofl-practice-fault.h; never %NULL
 * @unplugged: the drive is pulled out
 * @plugs: counts how often it was plugged in, so that a drive that left by itself sees it, too
 * @pulls: counts how often it was pulled out, so that a drive that is plugged in again by the next look
 *   was away nevertheless
 * @stamp: which version of the file this is
 *
 * The cable of a practice drive: faults and unplugging that last until they are mended.
 */
typedef struct {
  char *path;
  GStrv faults;
  gboolean unplugged;
  guint64 plugs;
  guint64 pulls;
  guint64 stamp[3];
} OflPracticeCable;

OflPracticeCable *ofl_practice_cable_new (const char *path);
void ofl_practice_cable_free (OflPracticeCable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflPracticeCable, ofl_practice_cable_free)
OflPracticeCableNews ofl_practice_cable_look (OflPracticeCable *self);
gboolean ofl_practice_cable_set (OflPracticeCable *self, const char *const *faults,
                                 gboolean unplugged, GError **error);

G_END_DECLS
