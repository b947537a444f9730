/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-harmless.h"

#include <gio/gio.h>

#include "ofl-core-resources.h"

#define TABLE "/org/optiflash/Optiflash/drives/harmless-commands.ini"
#define N_OPCODES 256
#define VENDOR_BITS 0xc0

/* @masked: the opcode alone does not do; of byte @at, masked, the bit @value of @values must be set */
typedef struct {
  gboolean listed;
  gboolean masked;
  guint8 at;
  guint8 mask;
  guint8 values[N_OPCODES / 8];
} Rule;

static guint8
parse_hex (const char *text)
{
  guint64 value = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT8, &value, NULL))
    g_critical ("The table of harmless commands has \"%s\" for a byte in hex", text);
  return (guint8) value;
}

static void
read_values (Rule *rule, GKeyFile *file, const char *group)
{
  g_auto (GStrv) values = g_key_file_get_string_list (file, group, "values", NULL, NULL);
  g_autofree char *mask = g_key_file_get_string (file, group, "mask", NULL);

  rule->masked = values != NULL;
  if (!rule->masked)
    return;
  rule->at = (guint8) g_key_file_get_integer (file, group, "byte", NULL);
  rule->mask = parse_hex (mask);
  g_return_if_fail (rule->at < OFL_CDB_MAX);
  for (guint i = 0; values[i] != NULL; i++)
    {
      guint8 value = parse_hex (values[i]);

      rule->values[value / 8] |= (guint8) (1u << (value % 8));
    }
}

static Rule *
read_rules (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (ofl_core_get_resource (), TABLE,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_auto (GStrv) groups = NULL;
  Rule *rules = g_new0 (Rule, N_OPCODES);

  if (bytes == NULL || !g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, &error))
    {
      g_critical ("The table of harmless commands is missing: %s", error->message);
      return rules;
    }
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      Rule *rule = &rules[parse_hex (groups[i])];

      rule->listed = TRUE;
      read_values (rule, file, groups[i]);
    }
  return rules;
}

static const Rule *
get_rules (void)
{
  static gsize once = 0;
  static Rule *rules;

  if (g_once_init_enter (&once))
    {
      rules = read_rules ();
      g_once_init_leave (&once, 1);
    }
  return rules;
}

/* Where CONTROL is, by the opcode's group; 0 where the standard has none. Two of its bits are the
 * vendor's, and what stands behind it is nobody's: either may turn a question into something else. */
static gboolean
control_is_plain (const OflCommand *command)
{
  static const guint8 places[] = { 5, 9, 9, 0, 15, 11, 0, 0 };
  guint place = places[command->cdb[0] >> 5];

  if (place == 0 || (command->cdb[place] & VENDOR_BITS) != 0)
    return FALSE;
  for (guint i = place + 1; i < OFL_CDB_MAX; i++)
    if (command->cdb[i] != 0)
      return FALSE;
  return TRUE;
}

/**
 * ofl_updater_is_harmless:
 * @command: what a maker's program wants to send
 *
 * A list of what is known to change nothing that stays (`harmless-commands.ini`): what is not on it,
 * and all that carries data to the drive, may be the first command of a write. It allows more than
 * ofl_command_is_read_only(): a tray may be moved and locked. Any thread.
 *
 * Returns: whether the drive is after it what it was before
 */
gboolean
ofl_updater_is_harmless (const OflCommand *command)
{
  const Rule *rule;
  guint8 value;

  g_return_val_if_fail (command != NULL, FALSE);
  rule = &get_rules ()[command->cdb[0]];
  if (command->dir == OFL_DIR_OUT || !control_is_plain (command))
    return FALSE;
  if (!rule->listed)
    return ofl_command_is_read_only (command);
  value = command->cdb[rule->at] & rule->mask;
  return !rule->masked || (rule->values[value / 8] & (1u << (value % 8))) != 0;
}
