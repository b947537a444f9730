#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count.py BROKEN RED LOG=SUITES…: adds up what meson's logs LOG.xml and LOG.json say.

BROKEN builds count as failures; RED is how many runs meson itself called failed, so that a
failure which its log does not show (a time-out) is not lost. SUITES are the names, with blanks
between them, of which something must have run.

Prints the slowest programs, what was skipped by name, what failed with its reason, and then the
line "N passed, N failed"."""

import json
import os
import re
import sys
import xml.etree.ElementTree as tree

REASON_LINES = 8
SLOWEST = 10
# what says why, in TAP, GLib's tests, the sanitizers and a shell
TELLING = re.compile(
    r"^not ok|^Bail out|ERROR|CRITICAL|Assertion|assertion|Sanitizer|runtime error:|Traceback"
    r"|^\w*(Error|Exception|NotFound)\b|stack smashing|Segmentation fault")
# … and the lines that explain one of these
EXPLAINING = re.compile(r"^\s*# |^\s+#\d+ ")
# what a GLib test says of itself though nothing is wrong
IDLE = re.compile(r"^# (Start|End) of |^# random seed|^# slow test")
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_programs(path):
    """What meson's log says of each test program."""
    with open(path) as file:
        return [json.loads(line) for line in file]


def is_bad(program):
    return program["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")


def suite_of(program):
    """The suite in "optiflash:SUITE / NAME"."""
    return program["name"].rpartition(" / ")[0].rpartition(":")[2]


def reason(program):
    """The few lines of a failed program's output that say why."""
    lines = [line for text in ("stdout", "stderr") for line in program.get(text, "").splitlines()
             if line.strip() and not IDLE.match(line)]
    telling, explains = [], False
    for line in lines:
        explains = bool(TELLING.search(line)) or (explains and bool(EXPLAINING.match(line)))
        if explains:
            telling.append(line)
    telling = telling or lines[-3:]
    left = len(telling) - REASON_LINES
    shown = ["    " + line[:200] for line in telling[:REASON_LINES]]
    return shown + (["    … and %d lines more" % left] if left > 0 else [])


def show_slowest(programs):
    if programs:
        print("The slowest:")
    programs = sorted(programs, key=lambda program: -program["duration"])
    for program in programs[:SLOWEST]:
        print("%7.1f s  %s" % (program["duration"], program["name"]))


def read_xml(path):
    """Meson writes what a test printed as it is, but XML has no place for control characters."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return tree.fromstring(NOT_XML.sub("\ufffd", file.read()).encode())


def cases_of(path):
    """(Program, case, state) for each case in meson's JUnit log."""
    for suite in read_xml(path).iter("testsuite"):
        for case in suite.iter("testcase"):
            state = "passed"
            if case.find("failure") is not None or case.find("error") is not None:
                state = "failed"
            elif case.find("skipped") is not None:
                state = "skipped"
            # a program that is no TAP test is a case of its whole suite
            names = (suite.get("name").removeprefix("optiflash."), case.get("name"))
            yield names, "%s: %s" % (suite.get("name"), case.get("name")), state


class Count:
    def __init__(self, broken):
        self.passed = 0
        self.failed = broken
        self.skipped = []

    def fail(self, what):
        self.failed += 1
        print("FAILED  %s" % what)

    def add_cases(self, path, bad):
        """Counts the cases; returns those programs in @bad of which none is said to have failed."""
        silent = set(bad)
        for names, title, state in cases_of(path):
            if state == "failed":
                self.fail(title)
                silent -= set(names)
            elif state == "skipped":
                self.skipped.append(title)
            else:
                self.passed += 1
        return silent

    def add(self, log, suites):
        if not os.path.exists(log + ".json") or not os.path.exists(log + ".xml"):
            self.fail("%s: nothing ran" % log)
            return []
        programs = read_programs(log + ".json")
        bad = {program["name"]: program for program in programs if is_bad(program)}
        for name in sorted(self.add_cases(log + ".xml", bad)):
            self.fail("%s: it did not come to a good end (%s)" % (name, bad[name]["result"]))
        for name in sorted(bad):
            print("%s ended with %s, status %s:" % (name, bad[name]["result"],
                                                    bad[name].get("returncode")))
            print(*reason(bad[name]), sep="\n")
        if bad:
            print("The whole output: %s.txt" % log)
        for suite in sorted(suites - {suite_of(program) for program in programs}):
            self.fail("%s: the suite %s has no test here" % (log, suite))
        return programs


def main():
    count = Count(int(sys.argv[1]))
    red = int(sys.argv[2])
    programs = []
    for part in sys.argv[3:]:
        log, _, suites = part.partition("=")
        programs += count.add(log, set(suites.split()))
    for name in count.skipped:
        print("skipped %s" % name)
    show_slowest(programs)
    if count.failed == 0 and red > 0:
        count.fail("meson test: it ended badly, and its log does not say where")
    if count.passed == 0 and count.failed == 0:
        count.fail("nothing ran")
    print("%d passed, %d failed" % (count.passed, count.failed))
    return 1 if count.failed else 0


sys.exit(main())
