/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the window share; for them only. */
#pragma once

#include "ofl-ui-drive-page.h"
#include "ofl-ui-intake.h"
#include "ofl-ui-jobs.h"
#include "ofl-ui-window.h"

G_BEGIN_DECLS

struct _OflUiWindow {
  AdwApplicationWindow parent_instance;

  OflDriveMonitor *monitor;
  OflUiSessionList *sessions;
  OflUiSession *session;
  gboolean picked;    /* the user has said which drive is to be seen */
  gboolean by_itself; /* a drive is being chosen that nobody has picked */

  AdwToastOverlay *toasts;
  AdwToast *notice; /* weak */
  AdwLeaflet *leaflet;
  GtkWidget *list_page;
  AdwHeaderBar *list_bar;
  GtkInfoBar *warning;
  GtkLabel *warning_text;
  GtkStack *list_stack;
  GtkWidget *list_full;
  GtkWidget *list_none;
  GtkWidget *list_looking;
  GtkListBox *list;
  GtkWidget *drive_box;
  AdwHeaderBar *drive_bar;
  AdwWindowTitle *drive_title;
  GtkWidget *back;
  OflUiIntake *intake;
  OflUiJobs *jobs;
  GtkWidget *separator;
  GtkMenuButton *worst;
  GtkStack *pages;
  GtkWidget *nothing;
};

OflUiDrivePage *ofl_ui_window_find_page (OflUiWindow *self, OflUiSession *session);
/* Its actions (ofl-ui-window-actions.c) */
void ofl_ui_window_add_actions (OflUiWindow *self);

G_END_DECLS
