/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl report: everything that can be read of a drive, as a text that its owner can send
 * to the program's authors, so in English. Only commands that change nothing are sent; the serial is
 * masked. */
#include "flash/ofl-mask.h"
#include "ctl-output.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "drive/ofl-abilities.h"
#include "ofl-config.h"

#define PAGE_SERIAL 0x80
#define INQUIRY_LEN 0x60
#define PAGE_LEN 0xfc
#define FEATURE_LEN 0x1c
#define FEATURE_TEXT 0x0c
#define FEATURES_LEN MOST
#define STRUCTURE_LEN 0x14
#define PAGE_CAPABILITIES 0x2a
#define MOST 0x400
#define SHOWN_OF_BLOB 0x200

typedef struct {
  OflTransport *transport;
  GString *text;
  GPtrArray *secrets; /* serials, as far as the owner did not allow them */
} Report;

/* A name and a value. The value may hold the serial: it is masked with the rest at the end. */
static void
add_field (Report *report, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (report->text, "%s: %s\n", name, value);
}

static void
add_dump (Report *report, const guint8 *data, gsize length)
{
  g_autofree guint8 *masked = g_memdup2 (data, length);

  ofl_mask_apply (report->secrets, masked, length);
  for (gsize at = 0; at < length; at += 16)
    {
      gsize n = MIN (16, length - at);

      g_string_append_printf (report->text, "  %04" G_GSIZE_MODIFIER "x ", at);
      for (gsize i = 0; i < 16; i++)
        if (i < n)
          g_string_append_printf (report->text, " %02x", masked[at + i]);
        else
          g_string_append (report->text, "   ");
      g_string_append (report->text, "  ");
      for (gsize i = 0; i < n; i++)
        g_string_append_c (report->text,
                           g_ascii_isprint ((char) masked[at + i]) ? (char) masked[at + i] : '.');
      g_string_append_c (report->text, '\n');
    }
}

/* Sends a command that only reads. Returns how many bytes came. */
static gsize
ask (Report *report, const OflCommand *command, guint8 *data, OflReply *reply)
{
  memset (data, 0, MOST);
  g_return_val_if_fail (ofl_command_is_read_only (command) && command->length <= MOST, 0);
  ofl_transport_execute (report->transport, command, data, reply);
  return ofl_reply_ok (reply) ? reply->transferred : 0;
}

static void
add_answer (Report *report, const char *name, const OflCommand *command, const OflReply *reply,
            const guint8 *data, gsize length)
{
  g_autofree char *cdb = ofl_command_format (command);
  g_autofree char *answer = ofl_reply_format (reply);

  g_string_append_printf (report->text, "\n%s\n  %s  %s\n", name, cdb, answer);
  add_dump (report, data, length);
}

static void
add_command (Report *report, const char *name, OflCommand command)
{
  guint8 data[MOST];
  OflReply reply = { 0 };
  gsize length = ask (report, &command, data, &reply);

  add_answer (report, name, &command, &reply, data, length);
}

/* INQUIRY's page 80: four bytes, then the serial. */
static void
add_serial_page (Report *report, gboolean with_serial)
{
  const guint8 cdb[6] = { 0x12, 0x01, PAGE_SERIAL, 0, PAGE_LEN };
  OflCommand command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, PAGE_LEN, OFL_TIMEOUT_PROBE);
  guint8 data[MOST];
  OflReply reply = { 0 };
  gsize length = ask (report, &command, data, &reply);

  if (length > 4 && !with_serial)
    {
      g_autofree char *serial
          = g_strndup ((const char *) data + 4, MIN ((gsize) data[3], length - 4));

      ofl_mask_add (report->secrets, serial);
    }
  add_answer (report, "INQUIRY, page of the serial", &command, &reply, data, length);
}

/* The four bytes before GET CONFIGURATION's answer say how long the rest is. */
static gsize
whole_length (const guint8 *data, gsize length)
{
  if (length < 4)
    return 0;
  return 4 + ((gsize) data[0] << 24 | (gsize) data[1] << 16 | (gsize) data[2] << 8 | data[3]);
}

/* Asked again with its own length when it is longer. */
static void
add_feature (Report *report, const char *name, guint16 feature, gboolean secret)
{
  OflCommand command = ofl_command_get_configuration (feature, FEATURE_LEN);
  guint8 data[MOST];
  OflReply reply = { 0 };
  gsize length = ask (report, &command, data, &reply);
  gsize whole = whole_length (data, length);

  if (whole > FEATURE_LEN && whole <= MOST)
    {
      command = ofl_command_get_configuration (feature, (guint16) whole);
      length = ask (report, &command, data, &reply);
    }
  if (length > FEATURE_TEXT && secret)
    {
      g_autofree char *serial
          = g_strndup ((const char *) data + FEATURE_TEXT, length - FEATURE_TEXT);

      ofl_mask_add (report->secrets, serial);
    }
  add_answer (report, name, &command, &reply, data, length);
}

static void
add_where (Report *report, OflDrive *drive)
{
  OflTarget *target = ofl_drive_get_target (drive);
  const OflTopology *topology = ofl_target_get_topology (target);
  g_autofree char *where = ofl_topology_describe (topology);
  g_autofree char *transport = ofl_transport_describe (report->transport);
  g_autofree char *bridge = NULL;

  if (topology->bridge_vid != 0 || topology->bridge_pid != 0)
    bridge = g_strdup_printf ("%04x:%04x", topology->bridge_vid, topology->bridge_pid);
  add_field (report, "Drive", ofl_drive_get_name (drive));
  add_field (report, "Where", where);
  add_field (report, "Bus", ofl_bus_id (topology->bus));
  add_field (report, "USB bridge", bridge);
  add_field (report, "Through", transport);
  g_string_append_printf (report->text, "Largest transfer: %u bytes\n",
                          ofl_transport_max_transfer (report->transport));
  if (ofl_target_is_practice (target))
    add_field (report, "Note", "this is a practice drive, which exists only in the program");
}

static OflCommand
all_features (void)
{
  const guint8 cdb[10] = { 0x46, [7] = FEATURES_LEN >> 8, [8] = FEATURES_LEN & 0xff };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, FEATURES_LEN, OFL_TIMEOUT_PROBE);
}

/* The start of what a DVD's physical structure is; of a drive without a disc, how it says so. */
static OflCommand
disc_structure (void)
{
  const guint8 cdb[12] = { 0xad, [9] = STRUCTURE_LEN };

  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, STRUCTURE_LEN, OFL_TIMEOUT_PROBE);
}

static void
add_profiles (Report *report)
{
  OflCommand command = all_features ();
  guint8 data[MOST];
  OflReply reply = { 0 };
  gsize length = ask (report, &command, data, &reply);
  g_autoptr (GString) names = g_string_new (NULL);
  OflProfiles profiles;

  if (!ofl_profiles_parse (&profiles, data, length))
    return;
  for (guint i = 0; i < profiles.n; i++)
    {
      const char *name = ofl_profile_name (profiles.profiles[i]);

      g_string_append (names, i > 0 ? ", " : "");
      if (*name != '\0')
        g_string_append (names, name);
      else
        g_string_append_printf (names, "%04X", profiles.profiles[i]);
    }
  add_field (report, "Discs", names->str);
  if (profiles.current != 0)
    add_field (report, "Disc in it", ofl_profile_name (profiles.current));
}

static void
add_speeds (Report *report)
{
  OflCommand command = ofl_command_mode_sense (PAGE_CAPABILITIES, PAGE_LEN);
  guint8 data[MOST];
  OflReply reply = { 0 };
  gsize length = ask (report, &command, data, &reply);
  g_autoptr (GString) speeds = g_string_new (NULL);
  OflCapabilities capabilities;

  if (!ofl_capabilities_parse (&capabilities, data, length))
    return;
  for (guint i = 0; i < capabilities.n_speeds; i++)
    g_string_append_printf (speeds, "%s%u", i > 0 ? ", " : "", capabilities.speeds[i]);
  if (capabilities.n_speeds > 0)
    g_string_append (speeds, " kB/s");
  add_field (report, "Writes at", speeds->str);
}

static void
add_region (Report *report)
{
  OflCommand command = ofl_command_report_region ();
  guint8 data[MOST];
  OflReply reply = { 0 };
  gsize length = ask (report, &command, data, &reply);
  OflRegion region;

  if (ofl_region_parse (&region, data, length))
    g_string_append_printf (report->text,
                            "Region code: %s, mask %02X, scheme %u, changes left: user %u, "
                            "maker %u\n",
                            region.set ? "set" : "never set", region.mask, region.scheme,
                            region.user_changes, region.maker_changes);
}

static void
add_judgement (Report *report, const OflSnapshot *snapshot)
{
  g_autoptr (OflJudgement) judgement = ofl_families_judge (snapshot, NULL, NULL);

  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    {
      const OflReason *reason = ofl_judgement_get_reason (judgement, i);
      g_autofree char *sentence = ofl_ctl_words (reason->sentence);

      g_string_append_printf (report->text, "  %s, %s: %s\n", ofl_level_id (reason->level),
                              reason->check, sentence);
    }
}

static void
add_known (Report *report, const OflSnapshot *snapshot)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (snapshot));
  GPtrArray *facts = ofl_snapshot_list_facts (snapshot);

  add_field (report, "State", ofl_drive_state_id (ofl_snapshot_get_state (snapshot)));
  add_field (report, "Family",
             family != NULL ? ofl_family_id (family)
                            : "none that is known; judged not flashable yet");
  add_field (report, "Hardware mark", ofl_snapshot_get_mark (snapshot));
  for (guint i = 0; i < facts->len; i++)
    add_field (report, g_ptr_array_index (facts, i),
               ofl_snapshot_get_fact (snapshot, g_ptr_array_index (facts, i)));
  g_string_append (report->text, "Judgement:\n");
  add_judgement (report, snapshot);
}

/* What the drive's family looked at, and only its: no drive gets another maker's commands. */
static void
add_signatures (Report *report, const OflSnapshot *snapshot)
{
  g_autoptr (GPtrArray) names = ofl_snapshot_list_blobs (snapshot);

  for (guint i = 0; i < names->len; i++)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (
          ofl_snapshot_get_blob (snapshot, g_ptr_array_index (names, i)), &length);

      g_string_append_printf (report->text, "\nRead by its family: %s, %" G_GSIZE_FORMAT " bytes\n",
                              (const char *) g_ptr_array_index (names, i), length);
      add_dump (report, data, MIN (length, SHOWN_OF_BLOB));
      if (length > SHOWN_OF_BLOB)
        g_string_append (report->text, "  …\n");
    }
}

/* Asked before, and for every drive */
static gboolean
is_common (guint8 opcode)
{
  return opcode == 0x00 || opcode == 0x12 || opcode == 0x46;
}

static void
add_asked (gint64 sent_us, const OflCommand *command, const guint8 *data, const OflReply *reply,
           gpointer user_data)
{
  gsize came = command->dir == OFL_DIR_IN && ofl_reply_ok (reply) ? reply->transferred : 0;
  g_autofree char *name = NULL;

  if (is_common (command->cdb[0]))
    return;
  name = came > MOST
             ? g_strdup_printf ("Asked by its family; the first %d of %" G_GSIZE_FORMAT " bytes",
                                MOST, came)
             : g_strdup ("Asked by its family");
  add_answer (user_data, name, command, reply, data, MIN (came, MOST));
}

/* What the families ask to know the drive, once more, with the replies: as when it was found. */
static void
add_probe (Report *report, const OflSnapshot *snapshot)
{
  g_autoptr (OflTransport) watched
      = ofl_transport_watch (report->transport, NULL, add_asked, report, NULL);
  g_autoptr (OflSnapshot) again
      = ofl_families_probe (watched, ofl_snapshot_identity (snapshot), NULL);

  g_return_if_fail (again != NULL);
}

static void
add_all (Report *report, OflDrive *drive, gboolean with_serial)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);

  if (!with_serial)
    ofl_mask_add (report->secrets, ofl_snapshot_identity (snapshot)->serial);
  g_string_append_printf (report->text, "Optiflash %s, report of a drive\n", OFL_VERSION);
  add_where (report, drive);
  add_profiles (report);
  add_speeds (report);
  add_region (report);
  add_known (report, snapshot);
  /* the serials come first, so that what follows is masked with all of them */
  add_serial_page (report, with_serial);
  add_feature (report, "Feature 0108, serial", 0x0108, !with_serial);
  add_feature (report, "Feature 010C, firmware date", 0x010c, FALSE);
  add_command (report, "INQUIRY", ofl_command_inquiry (INQUIRY_LEN));
  add_command (report, "READ BUFFER, descriptor",
               ofl_command_read_buffer (OFL_BUFFER_DESCRIPTOR, 0, 0, 4));
  add_command (report, "GET CONFIGURATION, all features", all_features ());
  add_command (report, "MODE SENSE, page 2A", ofl_command_mode_sense (PAGE_CAPABILITIES, PAGE_LEN));
  add_command (report, "REPORT KEY, region code", ofl_command_report_region ());
  add_command (report, "READ DISC STRUCTURE", disc_structure ());
  add_probe (report, snapshot);
  add_signatures (report, snapshot);
  /* and what came before them, of which only text can hold one */
  ofl_mask_apply (report->secrets, (guint8 *) report->text->str, report->text->len);
}

static int
hand_out (OflCtl *ctl, const Report *report)
{
  g_autoptr (GError) error = NULL;

  if (ctl->output != NULL
      && !ofl_ctl_write_file (ctl, ctl->output, report->text->str, report->text->len, &error))
    return ofl_ctl_fail_error (ctl, error);
  if (ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("report");

      ofl_ctl_json_string (builder, "file", ctl->output);
      ofl_ctl_json_string (builder, "text", report->text->str);
      ofl_ctl_json_end (builder);
    }
  else if (ctl->output != NULL)
    g_print (ngettext ("%s: %zu byte\n", "%s: %zu bytes\n", report->text->len), ctl->output,
             report->text->len);
  else
    g_print ("%s", report->text->str);
  return OFL_EXIT_DONE;
}

/**
 * ofl_ctl_report:
 * @ctl: the command line
 * @args: the drive
 *
 * Returns: exit status
 */
int
ofl_ctl_report (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflTransport) transport = NULL;
  Report report;
  gpointer before;
  int exit_status;

  if (ctl->output != NULL && !ofl_ctl_check_output (ctl, ctl->output, &exit_status))
    return exit_status;
  drive = ofl_ctl_find_drive (ctl, args[0], &error);
  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  transport = ofl_target_open (ofl_drive_get_target (drive), OFL_OPEN_READ_ONLY, &error);
  if (transport == NULL)
    return ofl_ctl_fail_error (ctl, error);
  report.transport = transport;
  report.text = g_string_new (NULL);
  report.secrets = ofl_mask_new ();
  before = ofl_english_begin ();
  add_all (&report, drive, ctl->with_serial);
  ofl_english_end (before);
  ofl_transport_close (transport);
  exit_status = hand_out (ctl, &report);
  g_string_free (report.text, TRUE);
  g_ptr_array_unref (report.secrets);
  return exit_status;
}
