/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflError:
 * @OFL_ERROR_FAILED: something else went wrong
 * @OFL_ERROR_NO_ACCESS: a node is missing or closed to this user
 * @OFL_ERROR_BUSY: somebody else holds the drive
 * @OFL_ERROR_TIMEOUT: the drive did not answer within the command's limit
 * @OFL_ERROR_LOST: the drive left the bus
 * @OFL_ERROR_REJECTED: the drive answered with sense data that refuses the command
 * @OFL_ERROR_GARBLED: identity not printable, or different from read to read
 * @OFL_ERROR_NOT_SUPPORTED: no family knows how, or the way is not public
 * @OFL_ERROR_BAD_FILE: the file cannot be read or holds no firmware
 * @OFL_ERROR_WRONG_IMAGE: drive and image do not belong together
 * @OFL_ERROR_NOT_READY: a disc is in the drive, or another precondition is missing
 * @OFL_ERROR_MISMATCH: bytes read differ from bytes expected
 * @OFL_ERROR_NO_BACKUP: no backup could be made and the user did not accept that
 *
 * What can go wrong, in the words in which decisions are taken. Cancellation is
 * %G_IO_ERROR_CANCELLED.
 */
typedef enum {
  OFL_ERROR_FAILED,
  OFL_ERROR_NO_ACCESS,
  OFL_ERROR_BUSY,
  OFL_ERROR_TIMEOUT,
  OFL_ERROR_LOST,
  OFL_ERROR_REJECTED,
  OFL_ERROR_GARBLED,
  OFL_ERROR_NOT_SUPPORTED,
  OFL_ERROR_BAD_FILE,
  OFL_ERROR_WRONG_IMAGE,
  OFL_ERROR_NOT_READY,
  OFL_ERROR_MISMATCH,
  OFL_ERROR_NO_BACKUP,
} OflError;

#define OFL_ERROR (ofl_error_quark ())
GQuark ofl_error_quark (void);

G_END_DECLS
