/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Stands for every qualifier; greater than any real one, so that the table stays sorted. */
#define OFL_SENSE_ANY 0x100

/**
 * OflSenseEntry:
 * @key: sense key
 * @asc: additional sense code
 * @ascq: its qualifier, or %OFL_SENSE_ANY
 * @sentence: what happened, for a person
 * @next_step: what to do about it
 */
typedef struct {
  guint8 key;
  guint8 asc;
  guint16 ascq;
  const char *sentence;
  const char *next_step;
} OflSenseEntry;

const OflSenseEntry *ofl_sense_table_get (guint *n_entries);
const OflSenseEntry *ofl_sense_table_find (guint8 key, guint8 asc, guint8 ascq);

G_END_DECLS
