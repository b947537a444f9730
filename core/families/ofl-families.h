/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry: which families there are, and the questions that are put to all of them. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

guint ofl_families_count (void);
const OflFamily *ofl_families_get (guint index);
const OflFamily *ofl_families_find (const char *id);
char *ofl_families_shifted_name (const OflIdentity *identity);
char *ofl_families_near_model (const OflIdentity *identity, gboolean *odd);
char *ofl_families_say_near (const char *model, gboolean odd);
OflSnapshot *ofl_families_probe (OflTransport *transport, const OflIdentity *identity,
                                 gpointer wanted_family_id);
void ofl_families_parse (GBytes *bytes, GPtrArray *images);
const OflVendorFormat *ofl_families_containers (void);
gboolean ofl_families_recognise (OflFirmware *firmware, GError **error);
void ofl_families_combine (GPtrArray *images);
OflFirmware *ofl_families_open (GFile *file, GCancellable *cancellable, GError **error);
OflFirmware *ofl_families_open_with (GFile *file, GFile *other, GCancellable *cancellable,
                                     GError **error);
OflJudgement *ofl_families_judge (const OflSnapshot *drive, const OflImage *image,
                                  const OflChoices *choices);
char *ofl_families_image_revision (const OflSnapshot *drive, const OflImage *image);
OflImage *ofl_families_assume_image (const char *family_id, OflImage *image);
OflImage *ofl_families_raw_image (const char *family_id, GBytes *bytes);
int ofl_families_choose_image (const OflSnapshot *drive, OflFirmware *firmware,
                               const OflChoices *choices);

G_END_DECLS
