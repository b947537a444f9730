/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether what a drive says arrives as it was sent: the same question again and again, and the
 * answers compared. */
#pragma once

#include "drive/ofl-drive.h"
#include "drive/ofl-tally.h"

G_BEGIN_DECLS

/**
 * OflLinkVerdict:
 * @OFL_LINK_SOUND: every answer was like the others
 * @OFL_LINK_DOUBTFUL: something happened once, or may have another reason
 * @OFL_LINK_BAD: what the drive says does not arrive as it was sent, or not at all
 */
typedef enum {
  OFL_LINK_SOUND,
  OFL_LINK_DOUBTFUL,
  OFL_LINK_BAD,
} OflLinkVerdict;

/**
 * OflLinkLength:
 * @OFL_LINK_SHORT: some dozens of small questions, as before every write
 * @OFL_LINK_LONG: hundreds of them, and a stretch of the flash where it can be read without more ado
 */
typedef enum {
  OFL_LINK_SHORT,
  OFL_LINK_LONG,
} OflLinkLength;

/**
 * OflLinkSeries:
 * @what: what was asked, by its name in the standard; static
 * @reads: how often it was asked, repeats for a comparison counted
 * @bytes: bytes that came
 * @once: answers that were different, and as they should be when they were read once more
 * @kept: answers that were different from those before also when they were read once more
 * @host_failures: commands at which the host adapter or bridge failed
 * @stalls: answers that took longer than %OFL_LINK_STALL_MS
 * @marks: answers that end in a block of a USB bridge's own
 * @refused: the drive does not know the question; that is no fault
 * @broken: no answer came through the host adapter or bridge, at the first try and at the second
 * @longest_us: the longest answer, on the drive's clock
 * @total_us: all answers together
 *
 * One kind of question.
 */
typedef struct {
  const char *what;
  guint reads;
  guint64 bytes;
  guint once;
  guint kept;
  guint host_failures;
  guint stalls;
  guint marks;
  gboolean refused;
  gboolean broken;
  gint64 longest_us;
  gint64 total_us;
} OflLinkSeries;

/**
 * OflLinkKernel:
 * @known: the kernel counts for this drive, and this user may read it
 * @done: commands that ended
 * @failed: of them, those that did not end well; a refusal counts, too
 * @timed_out: commands that were not answered in time
 *
 * What Linux counts of a SCSI device, whoever sent the commands.
 */
typedef struct {
  gboolean known;
  guint64 done;
  guint64 failed;
  guint64 timed_out;
} OflLinkKernel;

#define OFL_LINK_STALL_MS 1000

/**
 * OflLink:
 * @verdict: the verdict
 * @length: how long the test was
 * @practice: the drive is a practice drive, whose clock may be quicker than ours: nothing is
 *   concluded from times
 * @series: (element-type OflLinkSeries): what was asked
 * @why_no_stretch: (nullable): why no flash was read, English, for _(); static
 * @resets: how often the drive said in the middle of the test that it had been reset
 * @kernel: what the kernel counted during the test
 * @model: (nullable): the known model whose name is one bit away from the drive's
 * @findings: (element-type OflSentence): what was found, the worst first
 * @advice: what to do; empty when nothing is
 * @technical: (nullable): the command that was not answered
 *
 * What a link test found out. Immutable once handed out.
 */
typedef struct {
  OflLinkVerdict verdict;
  OflLinkLength length;
  gboolean practice;
  GArray *series;
  const char *why_no_stretch;
  guint resets;
  OflLinkKernel kernel;
  char *model;
  GArray *findings;
  OflSentence advice;
  char *technical;
} OflLink;

OflLink *ofl_link_test (OflTransport *transport, const OflTarget *target, const OflSnapshot *drive,
                        OflLinkLength length, GCancellable *cancellable, GError **error);
void ofl_link_free (OflLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflLink, ofl_link_free)

void ofl_link_test_async (OflDrive *drive, OflLinkLength length, OflTally *tally,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
OflLink *ofl_link_test_finish (OflDrive *drive, GAsyncResult *result, GError **error);

char *ofl_link_describe_series (const OflLinkSeries *series, gboolean practice);
char *ofl_link_describe_kernel (const OflLinkKernel *kernel);
const OflLinkSeries *ofl_link_sum (const OflLink *self, OflLinkSeries *sum);
OflSentence ofl_link_say (const OflLink *self);
const char *ofl_link_verdict_id (OflLinkVerdict verdict);
const char *ofl_link_verdict_title (OflLinkVerdict verdict);

G_END_DECLS
