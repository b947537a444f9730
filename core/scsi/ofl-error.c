/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-error.h"

/**
 * ofl_error_quark:
 *
 * Not G_DEFINE_QUARK(): that keeps its result without a lock, and errors are made on every drive's
 * thread.
 *
 * Returns: the domain of #OflError
 */
GQuark
ofl_error_quark (void)
{
  static gsize quark;

  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark, g_quark_from_static_string ("ofl-error-quark"));
  return (GQuark) quark;
}
