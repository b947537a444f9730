/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>

#include "ofl-config.h"
#include "ofl-ui-app.h"

int
main (int argc, char **argv)
{
  g_autoptr (OflUiApp) app = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, OFL_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name (_("Optiflash"));

  app = ofl_ui_app_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
