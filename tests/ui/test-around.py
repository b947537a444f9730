#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told around a drive: its link, who holds it, and its past jobs."""

import os
import subprocess

import harness
import screen
import tools

LINK = "Test the link"
HISTORY = "History"
HOMES = {
    "XDG_STATE_HOME": os.path.join(harness.WORK, "around-state"),
    "XDG_DATA_HOME": os.path.join(harness.WORK, "around-data"),
}
HOLDERS = "Who holds the drive"


def link(report, windows):
    tools.open_tool(LINK, "ctrl+t")
    screen.click("Long test")
    screen.until(lambda: harness.text_in_sight("The link is sound"), "the verdict")
    report.check(
        harness.text_in_sight("READ BUFFER, flash"), "the long test reads a part of the flash"
    )
    report.check(harness.text_in_sight("600 answers"), "what was asked, and how often")
    screen.until(lambda: screen.has_focus(role="heading"), "the focus at the verdict")
    report.check(True, "the focus is at the verdict")
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


def seen(part):
    screen.until(lambda: harness.text_in_sight(part), "“%s”" % part)


def history(report):
    tools.open_tool(HISTORY, "ctrl+h")
    seen("2 jobs")
    texts = "\n".join(screen.labels())
    report.check("backup, HL-DT-ST BD-RE BU40N" in texts, "what was done", texts)
    report.check("Two reads of" in texts, "and its proof", texts)
    tools.picture("history", HISTORY)
    search = screen.wait("Search the history", "entry").queryEditableText()
    search.setTextContents("premium")
    seen("1 job")
    report.check(
        "backup, HL-DT-ST BD-RE BU40N" not in "\n".join(screen.labels()), "searched by model"
    )
    search.setTextContents("nobody’s")
    seen("No job is found by “nobody’s”.")
    search.setTextContents("BU40N")
    seen("1 job")
    report.check(jobs_serials(), "a serial is shown")
    screen.mouse(screen.wait("Mask serial numbers", "label"), HISTORY)
    screen.until(lambda: not jobs_serials(), "it to be masked")
    report.check(True, "and masked on request")
    screen.mouse(screen.wait(role="label", contains="backup, HL-DT-ST BD-RE BU40N"), HISTORY)
    screen.wait("Proof", "label")
    tools.narrow(report, HISTORY)
    tools.picture("history-narrow", HISTORY)
    screen.click("Copy as text")
    screen.wait("Report copied", "label")
    report.check(True, "copied as text")
    tools.close_tool(HISTORY)


def jobs_serials():
    """Where the serial stands, but for the drive's page below the window."""
    return [text for text in screen.labels() if "OFL00000001" in text and text != "OFL00000001"]


def ctl(*arguments):
    command = [harness.CTL, "--practice-speed=100", "--in-process"] + list(arguments)
    subprocess.run(command, stdout=subprocess.DEVNULL, env=dict(os.environ, **HOMES))


def test(report, windows):
    ctl("backup", "practice:bu40n")
    ctl("backup", "practice:premium")
    windows.append(harness.Window(speed=100, environment=HOMES))
    history(report)
    holders(report)
    link(report, windows)
    report.end_of(windows[0])


harness.run(test)
