#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py FIGURE: measures one of the figures of tests/bench/README.md and prints it as a table.
Nothing is judged here: what comes out depends on the computer, and on what else it does."""

import json
import os
import shutil
import subprocess
import sys
import time

BEAT = 10
RUNS = 7
SKIPPED = 77  # as meson has it


def percentile(values, percent):
    """The smallest value that PERCENT of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank), 1) - 1]


def table(title, head, rows):
    columns = [max(len(str(row[i])) for row in [head] + rows) for i in range(len(head))]
    print("\n%s" % title)
    for row in [head] + rows:
        print("  " + "  ".join(str(cell).rjust(width) for cell, width in zip(row, columns)))


def spread(values, form="%.0f"):
    return [form % min(values), form % percentile(values, 50), form % max(values)]


def begin():
    load = os.getloadavg()[0]
    print("load %.1f on %d processors%s" % (load, os.cpu_count(), "" if load < 0.5 else
          ": NOT quiet, so that all that is measured by the clock is too high"))


def window(mode, drives):
    env = dict(os.environ, BENCH_BEGUN=str(time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000))
    done = subprocess.run([os.environ["BENCH_WINDOW"], mode, str(drives)], env=env,
                          capture_output=True, text=True, check=True)
    return [[float(word) for word in line.split()[2:]] for line in done.stdout.splitlines()]


def first_frame():
    measured = {n: [] for n in (0, 1, 25, 64)}
    window("frame", 0)  # what is read from the disk for the first time is not measured
    for _ in range(RUNS):
        for n in measured:  # interleaved: a busy moment meets all of them
            measured[n] += window("frame", n)
    table("First frame, ms after the program was started; aims: 300 with up to 25 drives, 400 with 64",
          ["drives", "least", "median", "most", "CPU, median"],
          [[n] + spread([run[0] for run in runs]) + ["%.0f" % percentile([run[1] for run in runs], 50)]
           for n, runs in measured.items()])
    table("Memory, MB, when all drives were looked at (median)", ["drives", "resident", "at most"],
          [[n, "%.1f" % percentile([run[2] for run in runs], 50),
            "%.1f" % percentile([run[3] for run in runs], 50)] for n, runs in measured.items()])


def row():
    rows = []
    for n in (0, 25, 64):
        took = [run[0] for run in window("row", n)]
        rows.append([n, len(took)] + spread(took))
    table("From the news of a drive to the frame with its row, ms; aim: 100",
          ["drives before", "measured", "least", "median", "most"], rows)


def practice_list():
    rows = []
    # the drives' own time, for which nobody can do anything, and without it
    for what, speed in (("as fast as real drives", 1), ("the program's own time", 1000)):
        took, cpu, memory = [], [], []
        command = [os.environ["OPTIFLASHCTL"], "--practice-speed=%u" % speed, "list", "--practice"]
        for _ in range(RUNS):
            begun = time.monotonic()
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            _, _, usage = os.wait4(child.pid, 0)
            took.append((time.monotonic() - begun) * 1000)
            cpu.append((usage.ru_utime + usage.ru_stime) * 1000)
            memory.append(usage.ru_maxrss / 1000)
        rows += [[what + ", ms"] + spread(took), ["ms of CPU"] + spread(cpu), ["MB at most"] + spread(memory)]
    table("optiflashctl list --practice; aims: 50 ms, 20 MB", ["", "least", "median", "most"], rows)


def find_window():
    command = ["xdotool", "search", "--onlyvisible", "--name", "Optiflash"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return found[0] if found else None


def heartbeat():
    faults = "bu40n=hang 3c 150,bu40n=vanish-byte 1500000"
    storm = subprocess.Popen([os.environ["BENCH_STORM"], "5"], stdout=subprocess.PIPE, text=True,
                             env=dict(os.environ, OFL_PRACTICE_FAULTS=faults))
    assert storm.stdout.readline() == "begun\n"
    beats = os.path.join(os.environ["UI_WORK"], "beats")
    with open(beats, "wb") as file:
        app = subprocess.Popen([os.environ["OPTIFLASH"], "--practice", "--finder=none"],
                               env=dict(os.environ, OFL_HEARTBEAT=str(file.fileno())),
                               pass_fds=[file.fileno()])
    while find_window() is None:
        time.sleep(0.01)
    time.sleep(1)
    subprocess.run(["xdotool", "windowfocus", find_window(), "key", "ctrl+l"], check=True)
    ended = storm.stdout.readline().strip()
    time.sleep(2)
    app.terminate()
    app.wait()
    storm.kill()
    storm.wait()
    with open(beats, encoding="utf-8") as file:
        measured = json.load(file)
    table("How late the main loop was, ms, while a drive hangs and goes away, with 10 000 log lines a "
          "second (%s); aims: 16 at 99.9 %%, 50 at worst" % ended,
          ["beats", "99.9 %", "worst"],
          [[measured["beats"], "%.1f" % (measured["p999_ms"] - BEAT),
            "%.1f" % (measured["worst_ms"] - BEAT)]])


def guest_rounds(build):
    """What each round of a scenario measured: {scenario: [values]}."""
    for lacks, reason in (
            (not os.path.exists(os.path.join(build, "tests/bench/bench-ioctl")), "the build has no kernel_tests"),
            (shutil.which("qemu-system-x86_64") is None, "there is no qemu-system-x86_64")):
        if lacks:
            print("Not measured: %s." % reason)
            sys.exit(SKIPPED)
    run = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../kernel/run.sh")
    done = subprocess.run([run, build, "bench"], capture_output=True, text=True, check=False)
    if done.returncode != 0:  # not the same was done, or not all of it
        sys.exit(done.stdout + done.stderr)
    rounds = {}
    for line in done.stdout.splitlines():
        if line.startswith("# round "):
            words = line.split()[2:]
            rounds.setdefault(words[0], []).append([float(word) for word in words[1:]])
    return rounds


def guest():
    rounds = guest_rounds(sys.argv[2])

    def rows(measure, form, scenario, theirs, ours):
        """THEIRS and OURS: which of a round's values are added up; and the ratio in the same round."""
        them, us = [[sum(values[i] for i in which) for values in rounds[scenario]] for which in (theirs, ours)]
        return [[measure + ", theirs"] + spread(them, form), [measure + ", ours"] + spread(us, form),
                ["times"] + spread([b / a for a, b in zip(them, us)], "%.2f")]

    head = ["", "least", "median", "most"]
    table("A read in a guest, us, by a bare loop of SG_IO and by our transport alone", head,
          rows("CPU", "%.0f", "ioctl", [0], [2]) + rows("clock", "%.0f", "ioctl", [1], [3]))
    table("The same with executor, log and journal", head,
          rows("CPU", "%.0f", "ioctl", [0], [4]) + rows("clock", "%.0f", "ioctl", [1], [5]))
    table("The same pieces by sg_write_buffer and by optiflashctl flash, in a guest", head,
          rows("first piece to last, ms of the drive's", "%.0f", "writes", [3], [8])
          + rows("commands until then", "%.0f", "writes", [4], [9])
          + rows("whole program, s", "%.1f", "writes", [0], [5])
          + rows("whole program, s of CPU", "%.2f", "writes", [1, 2], [6, 7]))


FIGURES = {"first-frame": first_frame, "row": row, "practice-list": practice_list,
           "heartbeat": heartbeat, "guest": guest}

if __name__ == "__main__":
    begin()
    FIGURES[sys.argv[1]]()
