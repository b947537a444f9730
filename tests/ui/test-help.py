#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help in the window, by keyboard."""

import time

import harness
import screen
import tools
from harness import TITLE

HELP = "^Help$"


def test(report, windows):
    window = harness.Window(speed=20)
    windows.append(window)
    screen.focus(TITLE)
    screen.keys("F1")
    screen.window(HELP)
    screen.wait("Practise first", "heading")
    report.check(True, "F1 opens the help at its first page")
    tools.picture("help", HELP)
    pages = [n for n in screen.walk(screen.wait("Pages", "list")) if screen.role_of(n) == "list item"]
    report.check(len(pages) == 9, "nine pages", str(len(pages)))
    screen.focus(HELP)
    screen.keys("Down", "Down", "Down", "Down", "Down")
    screen.wait("Needs recovery", "heading")
    report.check(True, "arrows turn the pages")
    tools.picture("help-verdicts", HELP)
    tools.narrow(report, HELP)
    screen.keys("Return")
    screen.wait("Back to the pages", "push button")
    time.sleep(0.5)
    tools.picture("help-narrow", HELP)
    screen.click("Back to the pages")
    tools.close_tool(HELP)
    report.check(True, "Escape closes it")
    report.end_of(window)


harness.run(test)
