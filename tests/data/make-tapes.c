/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-tapes FOLDER: tapes as the program writes them, of every kind that there is. */
#include <stdio.h>

#include "kit/tape-bench.h"
#include "updater/ofl-tape-writer.h"

static gboolean
write_of_a_file (const char *path)
{
  OflTapeHeader header = {
    .vendor = (char *) "V",
    .file_name = (char *) "UPDATE.EXE",
    .file_length = 5,
    .file_sha256 = (char *) "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  };
  g_autoptr (OflTapeWriter) writer = ofl_tape_writer_new (path, &header, NULL);

  return writer != NULL && ofl_tape_writer_end (writer, OFL_TAPE_CRASHED, NULL);
}

int
main (int argc, char **argv)
{
  g_autofree char *whole = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *flash = NULL;
  g_autofree char *of_file = NULL;

  if (argc != 2)
    {
      fprintf (stderr, "usage: make-tapes FOLDER\n");
      return 2;
    }
  whole = g_build_filename (argv[1], "whole.tape", NULL);
  hash = g_build_filename (argv[1], "hash.tape", NULL);
  flash = g_build_filename (argv[1], "flash.tape", NULL);
  of_file = g_build_filename (argv[1], "file.tape", NULL);
  tape_bench_write_by_hand (whole, TRUE);
  tape_bench_write_by_hand (hash, FALSE);
  tape_bench_record ("standard", "1.03", TRUE, flash);
  return write_of_a_file (of_file) ? 0 : 1;
}
