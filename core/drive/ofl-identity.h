/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

#define OFL_INQUIRY_LEN 96

/**
 * OflDriveState:
 * @OFL_DRIVE_STATE_UNKNOWN: not looked at yet
 * @OFL_DRIVE_STATE_NORMAL: a stable, printable identity
 * @OFL_DRIVE_STATE_BOOT: only its boot code runs (boot, kernel or safe mode): a family says so
 * @OFL_DRIVE_STATE_GARBLED: identity not printable or changing, or a question without a clean
 *   answer: cable, bridge or power
 * @OFL_DRIVE_STATE_SILENT: no answer
 * @OFL_DRIVE_STATE_BUSY: somebody else holds it
 */
typedef enum {
  OFL_DRIVE_STATE_UNKNOWN,
  OFL_DRIVE_STATE_NORMAL,
  OFL_DRIVE_STATE_BOOT,
  OFL_DRIVE_STATE_GARBLED,
  OFL_DRIVE_STATE_SILENT,
  OFL_DRIVE_STATE_BUSY,
} OflDriveState;

/**
 * OflIdentity:
 * @inquiry: standard INQUIRY data, zero padded
 * @inquiry_len: bytes that came, at most 96
 * @vendor: bytes 8-15, trailing blanks cut
 * @product: bytes 16-31, trailing blanks cut
 * @revision: bytes 32-35, as they are
 * @extra: bytes 36-55 as far as printable
 * @serial: feature 0108, "" when the drive has none
 * @firmware_date: feature 010C as sent, "" when the drive has none: yyyymmddhhmmss, or 21, which is
 *   the century, and yymmddhhmm
 * @reads: how often INQUIRY was taken
 * @different: how many of them differed from the first
 * @printable: vendor, product and revision are printable ASCII
 * @medium: a disc is in (TEST UNIT READY said neither 02/3A nor 02/04)
 * @getting_ready: the drive was still getting ready (02/04/xx) when the wait for it ended; whether a
 *   disc is in is not known then
 * @tray_open: no disc is in because the tray is open (02/3A/02)
 *
 * Who a drive says it is. A plain value.
 */
typedef struct {
  guint8 inquiry[OFL_INQUIRY_LEN];
  guint8 inquiry_len;
  char vendor[9];
  char product[17];
  char revision[5];
  char extra[21];
  char serial[65];
  char firmware_date[33];
  guint reads;
  guint different;
  gboolean printable;
  gboolean medium;
  gboolean getting_ready;
  gboolean tray_open;
} OflIdentity;

/**
 * OflAsked:
 * @resets: how often the drive said that it was reset or lost power (06/29/xx)
 * @host_failures: how often the host adapter or bridge failed
 *
 * What stood between a question and its answer.
 */
typedef struct {
  guint resets;
  guint host_failures;
} OflAsked;

void ofl_identity_ask (OflTransport *transport, const OflCommand *command, guint8 *data,
                       OflReply *reply, OflAsked *asked);
gboolean ofl_identity_read (OflIdentity *self, OflTransport *transport, GError **error);
void ofl_identity_parse_inquiry (OflIdentity *self, const guint8 *data, gsize length);
gboolean ofl_identity_is_trustworthy (const OflIdentity *self, GError **error);
gboolean ofl_identity_has_own_serial (const OflIdentity *self);
gboolean ofl_identity_same_drive (const OflIdentity *a, const OflIdentity *b);
char *ofl_identity_date (const OflIdentity *self);
char *ofl_identity_name (const OflIdentity *self);
const char *ofl_drive_state_id (OflDriveState state);
const char *ofl_drive_state_title (OflDriveState state);

G_END_DECLS
