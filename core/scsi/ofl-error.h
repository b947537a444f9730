/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-sentence.h"

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
 * @OFL_ERROR_STORAGE: a folder or file of ours (journal, backup) cannot be made, read or written;
 *   the drive has nothing to do with it
 * @OFL_ERROR_STILL_BUSY: the drive still works at what it was told to do; watching it has ended
 * @OFL_ERROR_EXISTS: a file that was to be made is there already
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
  OFL_ERROR_STORAGE,
  OFL_ERROR_STILL_BUSY,
  OFL_ERROR_EXISTS,
  OFL_N_ERRORS,
} OflError;

#define OFL_ERROR (ofl_error_quark ())
GQuark ofl_error_quark (void);
const char *ofl_errno_text (int code);
const char *ofl_errno_words (int code);

void ofl_error_take (GError **error, OflError code, OflSentence sentence);
const char *ofl_error_text (const GError *error);
const char *ofl_error_english (const GError *error);

/* g_set_error() of #OflError: @... are a printf format in _() or g_dngettext() and its arguments, all
 * of them evaluated twice (OFL_SAY()). The error's message is in the user's language, and its English
 * stays with it for journal and log. */
#define ofl_set_error(error, code, ...) ofl_error_take ((error), (code), OFL_SAY (__VA_ARGS__))

G_END_DECLS
