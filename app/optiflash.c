/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "flash/ofl-guard.h"
#include "ofl-config.h"
#include "ofl-core.h"
#include "ofl-ui-app.h"

int
main (int argc, char **argv)
{
  g_autoptr (OflUiApp) app = NULL;

  ofl_guard_fill_descriptors ();
  ofl_language_init (OFL_LOCALEDIR);
  g_set_application_name (_ ("Optiflash"));

  app = ofl_ui_app_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
