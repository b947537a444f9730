/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflAccess:
 * @OFL_ACCESS_USABLE: both nodes can be opened as a write needs them
 * @OFL_ACCESS_NO_SG_MODULE: no /dev/sgN: the sg module is not loaded
 * @OFL_ACCESS_NO_SG_NODE: the kernel knows the sg device, the node is missing
 * @OFL_ACCESS_NO_PERMISSION: the sg node is closed to this user
 * @OFL_ACCESS_NO_SR_PERMISSION: the sr node is closed to this user
 * @OFL_ACCESS_NO_SR_NODE: no /dev/srN
 * @OFL_ACCESS_NOT_YET: this user is in the group cdrom, but was not when this session began
 * @OFL_ACCESS_CLOSED_NODE: a node is closed to the group cdrom as well, which this session has
 * @OFL_ACCESS_CLOSED_BOTH: a node is closed to the group cdrom as well, and this session has not that
 *   group
 * @OFL_ACCESS_NO_ADMINISTRATOR: Windows does not let this user send commands
 */
typedef enum {
  OFL_ACCESS_USABLE,
  OFL_ACCESS_NO_SG_MODULE,
  OFL_ACCESS_NO_SG_NODE,
  OFL_ACCESS_NO_PERMISSION,
  OFL_ACCESS_NO_SR_PERMISSION,
  OFL_ACCESS_NO_SR_NODE,
  OFL_ACCESS_NOT_YET,
  OFL_ACCESS_CLOSED_NODE,
  OFL_ACCESS_CLOSED_BOTH,
  OFL_ACCESS_NO_ADMINISTRATOR,
} OflAccess;

OflAccess ofl_access_check (const char *sr_node, const char *sg_node);
OflAccess ofl_access_explain (guint mode, guint gid, const char *user_name, gboolean in_effect,
                              const char *group_file, OflAccess not_a_member);
const char *ofl_access_id (OflAccess access);
const char *ofl_access_sentence (OflAccess access);
char *ofl_access_remedy (OflAccess access, const char *user_name);

G_END_DECLS
