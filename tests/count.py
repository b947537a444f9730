#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count.py BROKEN RED JUNIT…: adds up what meson's logs say.

BROKEN builds count as failures; RED is how many runs meson itself called failed, so that a
failure which its log does not show (a time-out) is not lost.

Prints what failed and what was skipped by name, then the line "N passed, N failed"."""

import json
import os
import sys
import xml.etree.ElementTree as tree



def bad_programs(path):
    """Names of the test programs that meson did not call good, from the log beside @path."""
    with open(os.path.splitext(path)[0] + ".json") as file:
        tests = [json.loads(line) for line in file]
    return {t["name"] for t in tests if t["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")}


def shows(program, suite, case):
    """Whether a failed case is one of this program's, or the program as a whole."""
    return program in (suite.get("name").removeprefix("optiflash."), case.get("name"))


passed, skipped = 0, []
failed, red = int(sys.argv[1]), int(sys.argv[2])
for path in sys.argv[3:]:
    silent = bad_programs(path)  # those that failed and whose log shows no failed case
    for suite in tree.parse(path).getroot().iter("testsuite"):
        cases = list(suite.iter("testcase"))
        bad = 0
        for case in cases:
            name = "%s: %s" % (suite.get("name"), case.get("name"))
            if case.find("failure") is not None or case.find("error") is not None:
                bad += 1
                silent = {name for name in silent if not shows(name, suite, case)}
                print("FAILED  %s" % name)
            elif case.find("skipped") is not None:
                skipped.append(name)
            else:
                passed += 1
        failed += bad
    for name in sorted(silent):
        print("FAILED  %s: it did not come to a good end" % name)
    failed += len(silent)

for name in skipped:
    print("skipped %s" % name)
if failed == 0 and red > 0:
    print("FAILED  meson test: it ended badly, and its log does not say where")
    failed = red
if passed == 0:
    failed = max(failed, 1)
print("%d passed, %d failed" % (passed, failed))
sys.exit(1 if failed else 0)
