/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What real drives call themselves (tests/family/real), and how a name of ours compares with it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RealName:
 * @words: vendor and product, blanks and underscores in a row as one blank, "/" as "-"
 * @own: the model's own word: letters and digits from the first word with a digit on
 * @blanks: vendor, a tab, product, as they were seen, trailing blanks cut
 * @blanks_sent: the source has the blanks as the drive sends them
 * @blanks_listed: the source has them mostly so
 * @bare: the source has the model's own word alone, which confirms no name and contradicts none
 * @whole: the source has vendor and product apart
 *
 * A row of real-inquiry.csv.
 */
typedef struct {
  char *vendor;
  char *product;
  char *revision;
  char *source;
  char *words;
  char *own;
  char *blanks;
  gboolean blanks_sent;
  gboolean blanks_listed;
  gboolean bare;
  gboolean whole;
} RealName;

/**
 * Evidence:
 * @EVIDENCE_BLANKS: a real drive has this very name, blank for blank
 * @EVIDENCE_WORDS: a real drive has these words; how many blanks are between, the source does not
 *   keep
 * @EVIDENCE_OTHER_BLANKS: the words, and what drives sent has other blanks: harmless, since blanks
 *   in a row count as one
 * @EVIDENCE_NONE: no real drive of this name was seen
 * @EVIDENCE_CONTRADICTED: none, and real drives of that very model have another product
 */
typedef enum {
  EVIDENCE_BLANKS,
  EVIDENCE_WORDS,
  EVIDENCE_OTHER_BLANKS,
  EVIDENCE_NONE,
  EVIDENCE_CONTRADICTED,
  N_EVIDENCE,
} Evidence;

GPtrArray *real_names_load (void);
Evidence real_names_judge (GPtrArray *names, const char *vendor, const char *product,
                           gboolean prefix, const RealName **witness);
char *real_name_words (const char *vendor, const char *product);
gboolean real_name_is (const RealName *self, const char *words, gboolean prefix);
gboolean real_names_have_title (GPtrArray *names, const char *title);

G_END_DECLS
