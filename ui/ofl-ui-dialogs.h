/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-intake.h"

G_BEGIN_DECLS

void ofl_ui_dialogs_choose_firmware (GtkWindow *parent, OflUiSession *session);
void ofl_ui_dialogs_choose_program (GtkWindow *parent, OflUiProgram *program);
void ofl_ui_dialogs_choose_beside (GtkWindow *parent, OflUiProgram *program);
void ofl_ui_dialogs_choose_files (GtkWindow *parent, OflUiIntake *intake);
void ofl_ui_dialogs_choose_backup (GtkWindow *parent, OflUiSession *session);
void ofl_ui_dialogs_save_text (GtkWindow *parent, const char *name, const char *text);
void ofl_ui_dialogs_explain_close (GtkWindow *parent, OflUiSessionList *sessions,
                                   void (*answer) (gpointer data), gpointer data);
void ofl_ui_dialogs_explain_unfinished (GtkWindow *parent, const char *text,
                                        void (*recover) (gpointer data),
                                        void (*answer) (gpointer data), gpointer data);
void ofl_ui_dialogs_tell (GtkWindow *parent, const char *heading, const char *body);
void ofl_ui_dialogs_about (GtkWindow *parent);
void ofl_ui_dialogs_confirm (GtkWindow *parent, const char *heading, const char *body,
                             const char *go, void (*answer) (gpointer data), gpointer data);
void ofl_ui_dialogs_choose_folder (GtkWindow *parent, const char *title,
                                   void (*chosen) (const char *path, gpointer data), gpointer data);
void ofl_ui_dialogs_choose_save (GtkWindow *parent, const char *title, const char *name,
                                 void (*chosen) (const char *path, gpointer data), gpointer data);

G_END_DECLS
