#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count.py BROKEN RED JUNIT…: adds up what meson's logs say.

BROKEN builds count as failures; RED is how many runs meson itself called failed, so that a
failure which its log does not show (a time-out) is not lost.

Prints what failed and what was skipped by name, then the line "N passed, N failed"."""

import sys
import xml.etree.ElementTree as tree

passed, skipped = 0, []
failed, red = int(sys.argv[1]), int(sys.argv[2])
for path in sys.argv[3:]:
    for suite in tree.parse(path).getroot().iter("testsuite"):
        cases = list(suite.iter("testcase"))
        bad = 0
        for case in cases:
            name = "%s: %s" % (suite.get("name"), case.get("name"))
            if case.find("failure") is not None or case.find("error") is not None:
                bad += 1
                print("FAILED  %s" % name)
            elif case.find("skipped") is not None:
                skipped.append(name)
            else:
                passed += 1
        # a program that dies between two of its tests leaves no failed case behind
        said = int(suite.get("failures") or 0) + int(suite.get("errors") or 0)
        if said > bad:
            print("FAILED  %s: it did not come to its end" % suite.get("name"))
        failed += max(bad, said)

for name in skipped:
    print("skipped %s" % name)
if failed == 0 and red > 0:
    print("FAILED  meson test: it ended badly, and its log does not say where")
    failed = red
if passed == 0:
    failed = max(failed, 1)
print("%d passed, %d failed" % (passed, failed))
sys.exit(1 if failed else 0)
