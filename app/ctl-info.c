/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl info: all that is known of one drive. */
#include "ctl-holders.h"
#include "ctl-output.h"

#include <glib/gi18n.h>

static const struct {
  OflCaps cap;
  const char *id;
  const char *title;
} caps[] = {
  { OFL_CAP_READ, "read", N_ ("read the firmware") },
  { OFL_CAP_READ_EEPROM, "read-eeprom", N_ ("read what belongs to this one drive") },
  { OFL_CAP_WRITE, "write", N_ ("write") },
  { OFL_CAP_VERIFY, "verify", N_ ("read back and compare") },
  { OFL_CAP_RECOVER, "recover", N_ ("mend a failed write") },
  { OFL_CAP_EXPERIMENTAL, "experimental", N_ ("reading is experimental") },
  { OFL_CAP_EXPERT, "expert", N_ ("writing is for experts") },
};

static char *
describe_caps (OflCaps have)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (caps); i++)
    if ((have & caps[i].cap) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ (caps[i].title));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_nodes (OflTarget *target)
{
  const char *sr = ofl_target_get_sr_node (target);
  const char *sg = ofl_target_get_sg_node (target);

  if (sr == NULL)
    return g_strdup (sg);
  return sg != NULL ? g_strdup_printf ("%s, %s", sr, sg) : g_strdup (sr);
}

static void
print_where (OflDrive *drive, const GPtrArray *holders)
{
  OflTarget *target = ofl_drive_get_target (drive);
  g_autofree char *where = ofl_topology_describe (ofl_target_get_topology (target));
  g_autofree char *nodes = describe_nodes (target);
  g_autofree char *state = NULL;

  g_object_get (drive, "state-title", &state, NULL);
  ofl_ctl_print_field (_ ("Where"), where);
  ofl_ctl_print_field (_ ("Nodes"), nodes);
  ofl_ctl_print_field (_ ("State"), state);
  if (!ofl_target_is_practice (target) && ofl_drive_get_access (drive) == OFL_ACCESS_USABLE)
    ofl_ctl_print_field (_ ("Access"), ofl_access_sentence (OFL_ACCESS_USABLE));
  ofl_ctl_print_holders (holders);
}

static void
print_identity (const OflIdentity *id)
{
  g_autofree char *date = ofl_identity_date (id);

  ofl_ctl_print_field (_ ("Revision"), id->revision);
  ofl_ctl_print_field (_ ("Serial"), id->serial[0] != '\0' ? id->serial : _ ("none given"));
  ofl_ctl_print_field (_ ("Firmware date"), date);
  ofl_ctl_print_field (_ ("More"), id->extra);
  ofl_ctl_print_field (_ ("Disc"), id->getting_ready ? _ ("not known: the drive is getting ready")
                                   : id->medium      ? _ ("the drive says that one is in it")
                                                     : _ ("none"));
}

static void
print_family (const OflSnapshot *snapshot)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (snapshot));
  GPtrArray *facts = ofl_snapshot_list_facts (snapshot);
  g_autofree char *able = describe_caps (ofl_snapshot_get_caps (snapshot));
  guint32 size = ofl_snapshot_get_image_size (snapshot);
  g_autofree char *bytes = size > 0 ? g_strdup_printf (ngettext ("%u byte", "%u bytes", size), size)
                                    : NULL;

  if (family != NULL)
    {
      ofl_ctl_print_field (_ ("Family"), ofl_family_name (family));
      ofl_ctl_print_field (_ ("Evidence"), ofl_family_evidence (family));
    }
  ofl_ctl_print_field (_ ("Can"), able);
  ofl_ctl_print_field (_ ("Hardware mark"), ofl_snapshot_get_mark (snapshot));
  ofl_ctl_print_field (_ ("Image size"), bytes);
  for (guint i = 0; i < facts->len; i++)
    ofl_ctl_print_field (_ (g_ptr_array_index (facts, i)),
                         ofl_snapshot_show_fact (snapshot, g_ptr_array_index (facts, i)));
}

static void
print_text (OflCtl *ctl, OflDrive *drive, const GPtrArray *holders)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  g_autoptr (OflJudgement) judgement = NULL;
  g_autofree char *reason = NULL;
  gboolean flashable = ofl_ctl_is_flashable (drive, &reason);

  g_print ("%s\n", ofl_drive_get_name (drive));
  if (snapshot != NULL)
    print_identity (ofl_snapshot_identity (snapshot));
  print_where (drive, holders);
  if (snapshot == NULL)
    return;
  print_family (snapshot);
  ofl_ctl_print_field (_ ("Flashable"), flashable ? _ ("yes") : _ ("no"));
  judgement = ofl_families_judge (snapshot, NULL, ctl->choices);
  ofl_ctl_print_field (_ ("Assumed"), ofl_core_get_practice_assumptions (drive));
  g_print ("\n");
  ofl_ctl_print_judgement (judgement);
}

static void
add_caps (JsonBuilder *builder, OflCaps have)
{
  json_builder_set_member_name (builder, "caps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (caps); i++)
    if ((have & caps[i].cap) != 0)
      json_builder_add_string_value (builder, caps[i].id);
  json_builder_end_array (builder);
}

static void
add_facts (JsonBuilder *builder, const OflSnapshot *snapshot)
{
  GPtrArray *facts = ofl_snapshot_list_facts (snapshot);

  json_builder_set_member_name (builder, "facts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < facts->len; i++)
    ofl_ctl_json_string (builder, g_ptr_array_index (facts, i),
                         ofl_snapshot_get_fact (snapshot, g_ptr_array_index (facts, i)));
  json_builder_end_object (builder);
}

static void
print_json (OflCtl *ctl, OflDrive *drive, const GPtrArray *holders)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  g_autoptr (OflJudgement) judgement = NULL;
  JsonBuilder *builder = ofl_ctl_json_begin ("drive");

  ofl_ctl_json_drive (builder, drive);
  ofl_ctl_json_string (builder, "assumed", ofl_core_get_practice_assumptions (drive));
  ofl_ctl_json_string (builder, "access_sentence",
                       ofl_access_sentence (ofl_drive_get_access (drive)));
  ofl_ctl_json_holders (builder, holders);
  if (snapshot != NULL)
    {
      const OflIdentity *id = ofl_snapshot_identity (snapshot);

      ofl_ctl_json_string (builder, "firmware_date", id->firmware_date);
      ofl_ctl_json_bool (builder, "medium", id->medium);
      ofl_ctl_json_bool (builder, "getting_ready", id->getting_ready);
      ofl_ctl_json_string (builder, "mark", ofl_snapshot_get_mark (snapshot));
      ofl_ctl_json_int (builder, "image_size", ofl_snapshot_get_image_size (snapshot));
      add_caps (builder, ofl_snapshot_get_caps (snapshot));
      add_facts (builder, snapshot);
    }
  ofl_ctl_json_end (builder);
  if (snapshot == NULL)
    return;
  judgement = ofl_families_judge (snapshot, NULL, ctl->choices);
  ofl_ctl_json_judgement (judgement);
}

/**
 * ofl_ctl_info:
 * @ctl: the command line
 * @args: the drive
 *
 * Returns: exit status; what is known is told even when the drive cannot be opened
 */
int
ofl_ctl_info (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = ofl_ctl_find_drive (ctl, args[0], &error);
  g_autoptr (GPtrArray) holders = NULL;
  int exit_status;

  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  holders = ofl_ctl_find_holders (ofl_drive_get_target (drive));
  if (ctl->json)
    print_json (ctl, drive, holders);
  else
    print_text (ctl, drive, holders);
  return ofl_ctl_check_usable (ctl, drive, &exit_status) ? OFL_EXIT_DONE : exit_status;
}
