/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl families: which drives are known, and what can be done with them. */
#include "ctl-output.h"

#include <glib/gi18n.h>

#define EXAMPLES 3
#define MARK_BEGIN "<!-- families:begin -->"
#define MARK_END "<!-- families:end -->"

static const struct {
  const char *id;
  const char *title;
} abilities[] = {
  { "reads", N_("Read") },
  { "eeprom", N_("Unit data") },
  { "writes", N_("Write") },
  { "verifies", N_("Verify") },
};

/* "BD-RE BU40N, BW-16D1HT and 16 more" */
static char *
describe_models (GPtrArray *names)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, EXAMPLES); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (names, i));
  if (names->len == 0)
    return g_strdup (_("none by name"));
  if (names->len > EXAMPLES)
    g_string_append_printf (text, _(" and %u more"), names->len - EXAMPLES);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
word_of (const char *ability)
{
  if (g_str_equal (ability, "yes"))
    return _("yes");
  if (g_str_equal (ability, "no"))
    return _("no");
  if (g_str_equal (ability, "experimental"))
    return _("experimental");
  return _("unknown");
}

static char *
describe_ability (const OflFamily *family, const char *id)
{
  g_autofree char *reason = NULL;
  const char *word = word_of (ofl_family_ability (family, id, &reason));

  return reason != NULL ? g_strdup_printf ("%s: %s", word, reason) : g_strdup (word);
}

static void
print_text (const OflFamily *family)
{
  g_autoptr (GPtrArray) names = ofl_family_list_model_names (family);
  g_autofree char *models = describe_models (names);

  g_print ("%s (%s)\n", ofl_family_name (family), family->id);
  ofl_ctl_print_field (_("Models"), models);
  ofl_ctl_print_field (_("Evidence"), ofl_family_evidence (family));
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    {
      g_autofree char *text = describe_ability (family, abilities[i].id);

      ofl_ctl_print_field (_(abilities[i].title), text);
    }
  g_print ("\n");
}

static void
add_models (JsonBuilder *builder, const OflFamily *family)
{
  g_autoptr (GPtrArray) names = ofl_family_list_model_names (family);

  ofl_ctl_json_int (builder, "n_models", names->len);
  json_builder_set_member_name (builder, "models");
  json_builder_begin_array (builder);
  for (guint i = 0; i < names->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (names, i));
  json_builder_end_array (builder);
}

static void
print_json (const OflFamily *family)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("family");

  ofl_ctl_json_string (builder, "id", family->id);
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
  add_models (builder, family);
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
  g_print ("%s\n", row->str);
}

static void
print_markdown (void)
{
  g_print (MARK_BEGIN "\n| %s | %s | %s |", _("Family"), _("Models"), _("Evidence"));
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    g_print (" %s |", _(abilities[i].title));
  g_print ("\n|---|---|---|");
  for (guint i = 0; i < G_N_ELEMENTS (abilities); i++)
    g_print ("---|");
  g_print ("\n");
  for (guint i = 0; i < ofl_families_count (); i++)
    print_markdown_row (ofl_families_get (i));
  g_print (MARK_END "\n");
}

/**
 * ofl_ctl_families:
 * @ctl: the command line
 * @args: nothing
 *
 * Returns: exit status
 */
int
ofl_ctl_families (OflCtl *ctl, char **args)
{
  if (ctl->json && ctl->markdown)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _("Choose one of --json and --markdown."), NULL);
  if (ctl->markdown)
    print_markdown ();
  for (guint i = 0; i < ofl_families_count () && !ctl->markdown; i++)
    if (ctl->json)
      print_json (ofl_families_get (i));
    else
      print_text (ofl_families_get (i));
  return OFL_EXIT_DONE;
}
