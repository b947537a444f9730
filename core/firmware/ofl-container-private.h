/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of no vendor, and what the dispatcher asks of them. */
#pragma once

#include "firmware/ofl-container-format.h"

G_BEGIN_DECLS

OflUnpacked ofl_container_upx (const OflContainerInput *input, OflContainerOutput *output,
                               GError **error);
OflUnpacked ofl_container_evidence (const OflContainerInput *input, OflContainerOutput *output,
                                    GError **error);
OflUnpacked ofl_container_archive (const OflContainerInput *input, OflContainerOutput *output,
                                   GError **error);

/**
 * OflStranger:
 * @title: what it is, for a title
 * @kind: the same in a sentence; %NULL when it may be an image
 * @is_package: something may be inside
 *
 * A file that no format opens.
 */
typedef struct {
  char *title;
  const char *kind;
  gboolean is_package;
} OflStranger;

void ofl_container_describe_stranger (OflSlice span, OflStranger *stranger);
gboolean ofl_container_is_archive (GBytes *bytes);

G_END_DECLS
