#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""report.py LINES.json: what gcovr counted, by folder of core.

Fails when less than LEAST % of core's lines were run, or one of the executor's was not: each of its
error paths decides what becomes of a drive."""

import collections
import json
import re
import sys

LEAST = 90
EVERY_LINE = re.compile(r"core/flash/ofl-executor[a-z-]*\.c$")


def read_lines(path):
    """{file: {number: how often it was run}}; what gcovr was told to leave out is not in it."""
    with open(path) as file:
        counted = json.load(file)["files"]
    return {entry["file"]: {line["line_number"]: line["count"] for line in entry["lines"]
                            if not line.get("gcovr/noncode") and not line.get("gcovr/excluded")}
            for entry in counted if entry["file"].startswith("core/")}


def folder_of(name):
    parts = name.split("/")[1:-1]
    return "/".join(["core"] + parts[:2 if parts[:1] == ["families"] else 1])


def percent(run, lines):
    return 100 * run / lines if lines else 0.0


def main():
    files = read_lines(sys.argv[1])
    lines, run = collections.Counter(), collections.Counter()
    for name, counts in files.items():
        for key in (folder_of(name), "core, all"):
            lines[key] += len(counts)
            run[key] += sum(count > 0 for count in counts.values())
    for key in sorted(lines):
        print("%6d of %6d lines  %5.1f %%  %s" % (run[key], lines[key], percent(run[key], lines[key]), key))
    good = True
    if percent(run["core, all"], lines["core, all"]) < LEAST:
        print("FAILED  fewer than %d %% of core's lines were run" % LEAST)
        good = False
    executor = [name for name in sorted(files) if EVERY_LINE.match(name)]
    missed = ["%s:%d" % (name, number) for name in executor
              for number, count in sorted(files[name].items()) if count == 0]
    if missed or not executor:
        print("FAILED  lines of the executor that nothing runs: %s" % (" ".join(missed) or "all"))
        good = False
    return 0 if good else 1


sys.exit(main())
