/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One JSON object a line. */
#include "ctl-output.h"

/**
 * ofl_ctl_json_begin:
 * @event: what the line tells
 *
 * Returns: (transfer full): an open object; give it to ofl_ctl_json_end()
 */
JsonBuilder *
ofl_ctl_json_begin (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  ofl_ctl_json_string (builder, "event", event);
  return builder;
}

/**
 * ofl_ctl_json_string:
 * @builder: an open object
 * @name: member
 * @value: (nullable): its value; %NULL becomes ""; what is not UTF-8 is replaced
 */
void
ofl_ctl_json_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *worded = ofl_ctl_words (value);
  g_autofree char *valid = g_utf8_make_valid (worded != NULL ? worded : "", -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

/**
 * ofl_ctl_json_int:
 * @builder: an open object
 * @name: member
 * @value: its value
 */
void
ofl_ctl_json_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/**
 * ofl_ctl_json_double:
 * @builder: an open object
 * @name: member
 * @value: its value
 */
void
ofl_ctl_json_double (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

/**
 * ofl_ctl_json_bool:
 * @builder: an open object
 * @name: member
 * @value: its value
 */
void
ofl_ctl_json_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/**
 * ofl_ctl_json_end:
 * @builder: (transfer full): an open object
 *
 * Closes the object and writes it to the standard output as one line, at once.
 */
void
ofl_ctl_json_end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  line = g_strconcat (text, "\n", NULL);
  ofl_ctl_out_json (line);
  g_object_unref (builder);
}

static void
add_bridge (JsonBuilder *builder, const OflTopology *topology)
{
  g_autofree char *bridge = NULL;

  if (topology->bridge_vid != 0 || topology->bridge_pid != 0)
    bridge = g_strdup_printf ("%04x:%04x", topology->bridge_vid, topology->bridge_pid);
  ofl_ctl_json_string (builder, "bridge", bridge);
}

/**
 * ofl_ctl_json_drive:
 * @builder: an open object
 * @drive: a drive that has been looked at
 *
 * Adds what "list" tells of a drive: where it is, who it is and whether it can be flashed.
 */
void
ofl_ctl_json_drive (JsonBuilder *builder, OflDrive *drive)
{
  OflTarget *target = ofl_drive_get_target (drive);
  const OflTopology *topology = ofl_target_get_topology (target);
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const OflIdentity *id = snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL;
  g_autofree char *reason = NULL;
  g_autofree char *remedy = ofl_access_remedy (ofl_drive_get_access (drive), NULL);
  g_autofree char *where = NULL;
  gboolean flashable = ofl_ctl_is_flashable (drive, &reason);

  g_object_get (drive, "where", &where, NULL);
  ofl_ctl_json_string (builder, "id", ofl_drive_get_id (drive));
  ofl_ctl_json_string (builder, "bus", ofl_bus_id (topology->bus));
  ofl_ctl_json_string (builder, "where", where);
  ofl_ctl_json_string (builder, "channel", topology->channel);
  add_bridge (builder, topology);
  ofl_ctl_json_string (builder, "sr", ofl_target_get_sr_node (target));
  ofl_ctl_json_string (builder, "sg", ofl_target_get_sg_node (target));
  ofl_ctl_json_string (builder, "family",
                       snapshot != NULL ? ofl_snapshot_get_family (snapshot) : NULL);
  ofl_ctl_json_string (builder, "state", ofl_drive_state_id (ofl_drive_get_state (drive)));
  ofl_ctl_json_string (builder, "access", ofl_access_id (ofl_drive_get_access (drive)));
  ofl_ctl_json_string (builder, "vendor", id != NULL ? id->vendor : NULL);
  ofl_ctl_json_string (builder, "product", id != NULL ? id->product : NULL);
  ofl_ctl_json_string (builder, "revision", id != NULL ? id->revision : NULL);
  ofl_ctl_json_string (builder, "serial", id != NULL ? id->serial : NULL);
  ofl_ctl_json_bool (builder, "flashable", flashable);
  ofl_ctl_json_string (builder, "reason", reason);
  ofl_ctl_json_string (builder, "remedy", remedy);
}

/**
 * ofl_ctl_json_judgement:
 * @judgement: how a drive and an image match
 *
 * Writes a line for each reason.
 */
void
ofl_ctl_json_judgement (const OflJudgement *judgement)
{
  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    {
      const OflReason *reason = ofl_judgement_get_reason (judgement, i);
      JsonBuilder *builder = ofl_ctl_json_begin ("reason");

      ofl_ctl_json_string (builder, "level", ofl_level_id (reason->level));
      ofl_ctl_json_string (builder, "check", reason->check);
      ofl_ctl_json_string (builder, "sentence", reason->sentence);
      ofl_ctl_json_string (builder, "remedy", reason->remedy);
      ofl_ctl_json_end (builder);
    }
}
