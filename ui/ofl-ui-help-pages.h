/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflUiHelpPage:
 * @id: for who opens this page
 * @title: for _()
 * @paragraphs: for _(), %NULL at the end; one that begins with "# " is a heading
 *
 * A page of the help.
 */
typedef struct {
  const char *id;
  const char *title;
  const char *paragraphs[16];
} OflUiHelpPage;

extern const OflUiHelpPage ofl_ui_help_pages[];
extern const gsize ofl_ui_n_help_pages;

G_END_DECLS
