/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The NEC and Optiarc family, and its verdict. Writing a boot code is left out: a
 * failure would end the drive. */
#include "families/nec/ofl-nec.h"

#include "family/ofl-family-private.h"

static const OflVendorFormat containers[] = {
  { ofl_nec_unpack, OFL_CONTAINER_GUESSED },
  { NULL },
};

const OflFamily ofl_family_nec = {
  .id = "nec",
  .probe = ofl_nec_probe,
  .parse = ofl_nec_parse,
  .containers = containers,
  .judge = ofl_nec_judge,
  .plan_read = ofl_nec_plan_read,
  .plan_write = ofl_nec_plan_write,
  .compare_read = ofl_nec_compare_read,
  .confirm = ofl_family_confirm_read_back,
};
