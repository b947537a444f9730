/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that is not content with the one drive. */
#pragma once

/* How many other places took the beginning of a firmware: letters, disks, adapters, ASPI's targets */
int write_to_others (char own);
/* How many drives of different names answer at all addresses of the one adapter there is */
int count_on_bus (void);
