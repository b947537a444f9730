#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window of the shortcuts, twice; a screen reader asks for windows meanwhile."""

import ghost
import harness
import screen
import tools
from harness import TITLE

SHORTCUTS = "^Keyboard shortcuts$"


def test(report, windows):
    window = harness.Window(speed=20)
    windows.append(window)
    report.check(ghost.survives(window), "a window that is not there is asked for before the shortcuts were seen")
    for time in ("first", "second"):
        screen.focus(TITLE)
        screen.keys("ctrl+question")
        screen.window(SHORTCUTS)
        screen.wait("Preferences", "label")
        report.check(
            screen.find("Help", "label") is not None,
            "the shortcuts have preferences and help, the %s time" % time,
        )
        tools.picture("shortcuts", SHORTCUTS)
        report.check(ghost.survives(window), "a window that is not there is asked for while they are seen")
        tools.close_tool(SHORTCUTS)
        report.check(ghost.survives(window), "a window that is not there is asked for after they were seen")
    report.end_of(window)


harness.run(test)
