/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl families: which drives are known, and what can be done with them. */
#include "ctl-output.h"

#include <glib/gi18n.h>
#include <string.h>

#include "families/ofl-families-search.h"

#define EXAMPLES 3
#define MARK_BEGIN "<!-- families:begin -->"
#define MARK_END "<!-- families:end -->"

static const struct {
  const char *id;
  const char *title;
} abilities[] = {
  { "reads", N_ ("Read") },
  { "eeprom", N_ ("Unit data") },
  { "writes", N_ ("Write") },
  { "verifies", N_ ("Verify") },
  { "matches", N_ ("Match by hardware") },
};

/* "BD-RE BU40N, BW-16D1HT and 16 more" */
static char *
describe_models (GPtrArray *names)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint more = names->len > EXAMPLES ? names->len - EXAMPLES : 0;

  for (guint i = 0; i < MIN (names->len, EXAMPLES); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (names, i));
  if (names->len == 0)
    return g_strdup (_ ("none by name"));
  if (more > 0)
    /* Translators: names of drives, with commas between */
    return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", more), text->str, more);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
word_of (const char *ability)
{
  if (g_str_equal (ability, "yes"))
    return _ ("yes");
  if (g_str_equal (ability, "no"))
    return _ ("no");
  if (g_str_equal (ability, "experimental"))
    return _ ("experimental");
  return _ ("unknown");
}

static char *
describe_ability (const OflFamily *family, const char *id)
{
  g_autofree char *reason = NULL;
  const char *word = word_of (ofl_family_ability (family, id, &reason));

  return reason != NULL ? g_strdup_printf ("%s: %s", word, reason) : g_strdup (word);
}

/* What a write that went well ends with: what cannot be read back is never “verified”. */
static const char *
describe_verdict (const OflFamily *family)
{
  const char *writes = ofl_family_ability (family, "writes", NULL);

  if (g_str_equal (writes, "no"))
    return _ ("none: nothing is written");
  if (!g_str_equal (writes, "yes"))
    return _ ("unknown");
  if (g_str_equal (ofl_family_ability (family, "verifies", NULL), "yes"))
    return _ ("verified: read back and equal");
  if (g_str_equal (ofl_family_ability (family, "verifies", NULL), "experimental"))
    return _ ("confirmed: the drive names the new firmware; by the experimental way verified: read "
              "back and equal");
  if (g_str_equal (ofl_family_ability (family, "restart", NULL), "yes"))
    return _ ("unknown, until the drive is switched off and on and names the new firmware");
  return _ ("confirmed: the drive names the new firmware; its bytes are not compared");
}

static void
print_abilities (const OflFamily *family)
{
  ofl_ctl_print_field (_ ("Evidence"), ofl_family_evidence (family));
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    {
      g_autofree char *text = describe_ability (family, abilities[i].id);

      ofl_ctl_print_field (_ (abilities[i].title), text);
    }
  ofl_ctl_print_field (_ ("Best verdict"), describe_verdict (family));
  g_print ("\n");
}

static void
print_text (const OflFamily *family)
{
  g_autoptr (GPtrArray) names = ofl_family_list_model_names (family);
  g_autofree char *models = describe_models (names);

  g_print ("%s (%s)\n", ofl_family_name (family), ofl_family_id (family));
  ofl_ctl_print_field (_ ("Models"), models);
  print_abilities (family);
}

static void
add_models (JsonBuilder *builder, GPtrArray *names)
{
  ofl_ctl_json_int (builder, "n_models", names->len);
  json_builder_set_member_name (builder, "models");
  json_builder_begin_array (builder);
  for (guint i = 0; i < names->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (names, i));
  json_builder_end_array (builder);
}

static void
print_json (const OflFamily *family, GPtrArray *names)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("family");

  ofl_ctl_json_string (builder, "id", ofl_family_id (family));
  ofl_ctl_json_string (builder, "name", ofl_family_name (family));
  ofl_ctl_json_string (builder, "evidence", ofl_family_evidence (family));
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    {
      g_autofree char *reason = NULL;
      g_autofree char *reason_name = g_strconcat (abilities[i].id, "_reason", NULL);

      ofl_ctl_json_string (builder, abilities[i].id,
                           ofl_family_ability (family, abilities[i].id, &reason));
      ofl_ctl_json_string (builder, reason_name, reason);
    }
  add_models (builder, names);
  ofl_ctl_json_end (builder);
}

/* A cell of a Markdown table: what would end it is escaped. */
static void
append_cell (GString *row, const char *text)
{
  g_string_append (row, " ");
  for (; *text != '\0'; text++)
    {
      if (*text == '|' || *text == '\\' || *text == '<' || *text == '*' || *text == '_')
        g_string_append_c (row, '\\');
      g_string_append_c (row, *text == '\n' ? ' ' : *text);
    }
  g_string_append (row, " |");
}

static void
print_markdown_row (const OflFamily *family)
{
  g_autoptr (GString) row = g_string_new ("|");
  g_autoptr (GPtrArray) names = ofl_family_list_model_names (family);
  g_autofree char *models = describe_models (names);
  g_autofree char *counted = g_strdup_printf ("%u: %s", names->len, models);

  append_cell (row, ofl_family_name (family));
  append_cell (row, names->len > 0 ? counted : models);
  append_cell (row, ofl_family_evidence (family));
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    {
      g_autofree char *text = describe_ability (family, abilities[i].id);

      append_cell (row, text);
    }
  append_cell (row, describe_verdict (family));
  g_print ("%s\n", row->str);
}

static void
print_markdown (void)
{
  g_print (MARK_BEGIN "\n| %s | %s | %s |", _ ("Family"), _ ("Models"), _ ("Evidence"));
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    g_print (" %s |", _ (abilities[i].title));
  g_print (" %s |\n|---|---|---|---|", _ ("Best verdict"));
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    g_print ("---|");
  g_print ("\n");
  for (guint i = 0; i < ofl_families_count (); i++)
    print_markdown_row (ofl_families_get (i));
  g_print (MARK_END "\n");
}

static void
print_found_json (const OflFound *found)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("found");
  g_autofree char *text = ofl_found_describe (found);

  ofl_ctl_json_string (builder, "by", ofl_found_by_id (found->by));
  ofl_ctl_json_string (builder, "name", found->name);
  ofl_ctl_json_string (builder, "family", ofl_family_id (found->family));
  ofl_ctl_json_string (builder, "reads", ofl_family_ability (found->family, "reads", NULL));
  ofl_ctl_json_bool (builder, "writes", found->writes);
  ofl_ctl_json_string (builder, "doubt", found->doubt);
  ofl_ctl_json_string (builder, "text", text);
  ofl_ctl_json_end (builder);
}

static const OflFound *
get_found (GPtrArray *found, guint i)
{
  return g_ptr_array_index (found, i);
}

/* The names that were found in one family, each with what is not sure of it. The one that says most
 * of all of them: one that can be written, if there is any. */
static const OflFound *
print_names (GPtrArray *found, const OflFamily *family)
{
  const OflFound *best = NULL;

  for (guint i = 0; i < found->len; i++)
    {
      const OflFound *one = get_found (found, i);

      if (one->family != family)
        continue;
      g_print ("%s\n", one->name);
      if (one->doubt != NULL)
        ofl_ctl_print_field (_ ("Note"), one->doubt);
      if (best == NULL || (one->writes && !best->writes))
        best = one;
    }
  return best;
}

static void
print_found_text (GPtrArray *found, const OflFamily *family)
{
  const OflFound *best = print_names (found, family);
  g_autofree char *text = NULL;

  if (best == NULL)
    return;
  text = best->writes ? ofl_family_describe_served (family) : ofl_found_describe (best);
  ofl_ctl_print_field (_ ("Served"), text);
  ofl_ctl_print_field (_ ("Family"), ofl_family_name (family));
  if (best->why == NULL)
    print_abilities (family);
  else
    g_print ("\n");
}

static void
print_family_json (GPtrArray *found, const OflFamily *family)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < found->len; i++)
    if (get_found (found, i)->family == family)
      g_ptr_array_add (names, get_found (found, i)->name);
  if (names->len > 0)
    print_json (family, names);
}

/* Is my drive served? What can be done with it, and what cannot. */
static int
print_named (OflCtl *ctl, const char *name)
{
  g_autoptr (GPtrArray) found = ofl_families_search (name);
  g_autofree char *nothing = NULL;

  for (guint i = 0; i < found->len && ctl->json; i++)
    print_found_json (get_found (found, i));
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      if (ctl->json)
        print_family_json (found, ofl_families_get (i));
      else
        print_found_text (found, ofl_families_get (i));
    }
  if (found->len > 0)
    return OFL_EXIT_DONE;
  nothing = ofl_families_say_not_found (name);
  return ofl_ctl_fail (ctl, OFL_EXIT_FAILED, nothing, ofl_families_say_instead ());
}

/**
 * ofl_ctl_families:
 * @ctl: the command line
 * @args: a drive's name, a part of it, a revision, a family, or nothing
 *
 * Returns: exit status
 */
int
ofl_ctl_families (OflCtl *ctl, char **args)
{
  if (ctl->json && ctl->markdown)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("Choose one of --json and --markdown."), NULL);
  if (args[0] != NULL && ctl->markdown)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("--markdown is for all families at once."), NULL);
  if (args[0] != NULL)
    return print_named (ctl, args[0]);
  if (ctl->markdown)
    print_markdown ();
  for (guint i = 0; i < ofl_families_count () && !ctl->markdown; i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autoptr (GPtrArray) names = ofl_family_list_model_names (family);

      if (ctl->json)
        print_json (family, names);
      else
        print_text (family);
    }
  return OFL_EXIT_DONE;
}
