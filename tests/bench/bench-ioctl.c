/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-ioctl SR_NODE READS ROUNDS: the same read on a drive of the kernel's, in a bare loop of SG_IO, on our
 * transport alone, and with executor, log and journal. They take turns; each round is a line with
 * processor time and time by the clock of one read in each of the three. Judges nothing. */
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench-reads.h"
#include "drive/ofl-system-target.h"
#include "kit/scratch.h"

static BenchTime
bare_ioctl (const char *sg_node, guint n)
{
  OflCommand command = bench_read ();
  int fd = open (sg_node, O_RDWR | O_CLOEXEC);
  guint8 data[0x20], sense[OFL_SENSE_MAX];
  sg_io_hdr_t header = { 0 };
  BenchTime begun, took;

  g_assert_cmpint (fd, >=, 0);
  header.interface_id = 'S';
  header.dxfer_direction = SG_DXFER_FROM_DEV;
  header.cmdp = command.cdb;
  header.cmd_len = command.cdb_len;
  header.dxferp = data;
  header.dxfer_len = command.length;
  header.sbp = sense;
  header.mx_sb_len = sizeof sense;
  header.timeout = command.timeout_ms;
  begun = bench_time_now ();
  for (guint i = 0; i < n; i++)
    if (ioctl (fd, SG_IO, &header) != 0 || (header.info & SG_INFO_OK_MASK) != SG_INFO_OK)
      g_error ("%s did not answer.", sg_node);
  took = bench_time_each (begun, n);
  close (fd);
  return took;
}

static void
print_round (const OflTarget *target, const char *dir, guint n)
{
  BenchTime bare = bare_ioctl (ofl_target_get_sg_node (target), n);
  g_autoptr (OflTransport) transport = ofl_target_open (target, OFL_OPEN_EXCLUSIVE, NULL);
  BenchTime sent = bench_reads_bare (transport, n);
  BenchTime run = bench_reads_run (transport, dir, n);

  ofl_transport_close (transport);
  g_print ("# round ioctl %.1f %.1f %.1f %.1f %.1f %.1f\n", bare.cpu_us, bare.wall_us, sent.cpu_us,
           sent.wall_us, run.cpu_us, run.wall_us);
}

int
main (int argc, char **argv)
{
  g_autoptr (Scratch) dir = scratch_new ();
  g_autoptr (OflTarget) target = NULL;
  guint n, rounds;

  if (argc != 4)
    return EXIT_FAILURE;
  target = ofl_system_target_new ("/sys", argv[1], FALSE);
  n = (guint) atoi (argv[2]);
  rounds = (guint) atoi (argv[3]);
  bare_ioctl (ofl_target_get_sg_node (target), n); /* warm */
  for (guint i = 0; i < rounds; i++)
    print_round (target, dir, n);
  return EXIT_SUCCESS;
}
