#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told around a drive: its link, and who holds it."""

import harness
import screen
import tools

LINK = "Test the link"
HOLDERS = "Who holds the drive"


def link(report, windows):
    window = windows[0]
    tools.open_tool(LINK, "ctrl+t")
    screen.click("Long test")
    screen.until(lambda: harness.text_in_sight("The link is sound"), "the verdict")
    report.check(
        harness.text_in_sight("READ BUFFER, flash"), "the long test reads a part of the flash"
    )
    report.check(harness.text_in_sight("600 answers"), "what was asked, and how often")
    report.check(screen.focused().getRoleName() == "heading", "the focus is at the verdict")
    tools.picture("link", LINK)
    tools.narrow(report, LINK)
    tools.picture("link-narrow", LINK)
    tools.close_tool(LINK)


def holders(report):
    """A practice drive is held by nobody; the kernel suite makes the others."""
    tools.open_tool(HOLDERS, "ctrl+u")
    screen.wait("Nothing was found that holds the drive.", "label")
    screen.click("Look again")
    screen.wait("Nothing was found that holds the drive.", "label")
    report.check(True, "nobody holds a practice drive")
    tools.picture("holders", HOLDERS)
    tools.close_tool(HOLDERS)


def test(report, windows):
    windows.append(harness.Window(speed=100))
    holders(report)
    link(report, windows)
    report.end_of(windows[0])


harness.run(test)
