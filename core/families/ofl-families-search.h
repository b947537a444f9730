/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Is my drive served?": a name, or a part of one, looked up in the tables of all families. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_SEARCH_SHORTEST 2 /* letters and digits; less finds nothing */

/**
 * OflFoundBy:
 * @OFL_FOUND_NAME: the model itself
 * @OFL_FOUND_PART: the text is a part of its name
 * @OFL_FOUND_REVISION: a real drive of this model has the text as its revision
 * @OFL_FOUND_FAMILY: the text is the family's name, which has this model
 * @OFL_FOUND_MAKER: no model; drives of this maker or class are asked by reads, and their answer
 *   decides
 * @OFL_FOUND_NOT_SERVED: the family's table tells why it does not serve this drive
 */
typedef enum {
  OFL_FOUND_NAME,
  OFL_FOUND_PART,
  OFL_FOUND_REVISION,
  OFL_FOUND_FAMILY,
  OFL_FOUND_MAKER,
  OFL_FOUND_NOT_SERVED,
} OflFoundBy;

/**
 * OflFound:
 * @family: which family's table
 * @by: how it was found
 * @name: the model, "VENDOR PRODUCT"; of %OFL_FOUND_MAKER what was recognised of the text
 * @writes: whether such a drive can be written here; of %OFL_FOUND_MAKER its answers decide
 * @doubt: (nullable): what is not confirmed of it, for people
 * @why: (nullable): of %OFL_FOUND_NOT_SERVED why not, for people
 *
 * One answer of a search.
 */
typedef struct {
  const OflFamily *family;
  OflFoundBy by;
  char *name;
  gboolean writes;
  const char *doubt;
  char *why;
} OflFound;

GPtrArray *ofl_families_search (const char *text);
const char *ofl_found_by_id (OflFoundBy by);
char *ofl_found_describe (const OflFound *self);
char *ofl_family_describe_served (const OflFamily *family);
char *ofl_families_say_not_found (const char *text);
const char *ofl_families_say_instead (void);

G_END_DECLS
