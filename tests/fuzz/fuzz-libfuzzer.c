/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For libFuzzer: with OFL_FUZZ_SEEDS=FOLDER the program writes its seeds there and ends. */
#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);

static void
write_seed (const char *name, const guint8 *data, gsize length, gpointer user)
{
  g_autofree char *path = g_build_filename (user, name, NULL);

  fuzz_write_file (path, data, length);
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  const char *folder = g_getenv ("OFL_FUZZ_SEEDS");

  if (folder == NULL)
    return 0;
  fuzz_make_seeds (write_seed, (gpointer) folder);
  exit (0);
}
