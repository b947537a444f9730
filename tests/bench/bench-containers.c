/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What opening a firmware file takes, container by container: until its images are recognised. Each in a
 * process of its own, so that the memory is its own. Prints numbers; judges nothing. */
#include <archive.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "families/ofl-families.h"
#include "families/ofl-practice-catalog.h"
#include "firmware-encoders/encode.h"

#define ROUNDS 5

static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static long
most_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static void
open_once (const char *name, GBytes *file, guint *images)
{
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes (name, file);
  g_autoptr (GError) error = NULL;

  if (!ofl_families_recognise (firmware, &error))
    g_error ("%s: %s", name, error->message);
  *images = ofl_firmware_get_n_images (firmware);
}

/* @image_bytes: of what is in it: MB/s are of those */
static void
bench (const char *name, GBytes *file, gsize image_bytes)
{
  pid_t child = fork ();
  double begun;
  double took;
  guint images = 0;
  long before;

  if (child > 0)
    {
      waitpid (child, NULL, 0);
      return;
    }
  before = most_kib ();
  begun = cpu_ms ();
  for (guint i = 0; i < ROUNDS; i++)
    open_once (name, file, &images);
  took = (cpu_ms () - begun) / ROUNDS;
  g_print (
      "%-12s %5zu KiB of file, %5zu KiB in it, %u recognised: %6.1f ms, %5.0f MB/s, at most %ld KiB more "
      "memory\n",
      name, g_bytes_get_size (file) / 1024, image_bytes / 1024, images, took,
      (double) image_bytes / took / 1000, most_kib () - before);
  _exit (0);
}

static void
bench_archives (GBytes *image)
{
  static const struct {
    const char *name;
    int format, filter;
  } kinds[] = {
    { "a.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE },
    { "a.7z", ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE },
    { "a.tar.gz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP },
    { "a.tar.xz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GBytes) file
          = encode_archive (kinds[i].format, kinds[i].filter, NULL, "image.bin", image, NULL);

      bench (kinds[i].name, file, g_bytes_get_size (image));
    }
}

int
main (void)
{
  g_autoptr (GBytes) image = ofl_practice_make_image ("bu40n", "1.03", NULL, NULL);
  gsize size = g_bytes_get_size (image);
  g_autoptr (GBytes) cab = encode_cab ("image.bin", image);
  g_autoptr (GBytes) lha = encode_lha ("IMAGE.BIN", image);
  g_autoptr (GBytes) code = encode_noise_bytes (1, 0x20000);
  g_autoptr (GBytes) program = encode_program (code, image);
  g_autoptr (GBytes) upx = encode_upx (program, 2, 0, FALSE, NULL);
  g_autoptr (GBytes) px716 = ofl_practice_make_image ("px716", "1.03", NULL, NULL);

  bench ("bu40n.bin", image, size);
  bench ("px716.bin", px716, g_bytes_get_size (px716));
  bench_archives (image);
  bench ("a.cab", cab, size);
  bench ("a.lzh", lha, size);
  bench ("upx.exe", upx, g_bytes_get_size (program));
  return 0;
}
