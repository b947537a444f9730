#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dead ends: no drive, a drive that is gone, a name that is garbled. Each says why, and has a button that
does something about it; and a practice drive can be broken and mended while the window runs."""

import os

import harness
import screen
import tools
from harness import DRIVE, TITLE

HELD = os.path.join(harness.WORK, "held")


def practise(what):
    screen.click("Practise the worst")
    screen.wait(what, "radio menu item")
    tools.picture("worst-menu", None)
    screen.click(what, "radio menu item")


def in_sight(part):
    screen.until(lambda: harness.text_in_sight(part), part)
    return True


def nothing_there(report):
    """One page says so, not two; and what is missing has its line for the terminal."""
    report.check(screen.find("No drive chosen", "label") is None, "one empty page, not two")
    tools.picture("empty", TITLE)
    missing = not os.path.isdir("/sys/class/scsi_generic")
    report.check(
        (screen.find("sudo modprobe sg", "label") is not None) == missing,
        "the line that loads sg is there when sg is not",
    )
    tools.narrow(report, TITLE)
    tools.picture("empty-narrow", TITLE)
    screen.click("Look again")
    screen.wait("No drives", "label")
    report.check(True, "looked again: there is none still")
    screen.xdotool("windowsize", "--sync", screen.window(TITLE), 980, 760)
    screen.click("Start practice")
    screen.wait(contains=DRIVE, role="list item", timeout=30)
    report.check(screen.find("No drives", "label") is None, "practice began")


def garbled(report):
    practise("Bad cable: its name arrives garbled")
    report.check(in_sight("does not arrive as it was sent"), "a garbled name says why")
    report.check(in_sight("Broken on purpose – Bad cable"), "and the bar what was done")
    screen.wait("Look again", "push button")
    tools.picture("garbled", TITLE)
    screen.click("Mend")
    screen.wait(DRIVE, "label")
    screen.until(lambda: not harness.text_in_sight("Broken on purpose"), "the bar to go")
    report.check(True, "mended: the right name again")


def unplugged(report):
    practise("Unplugged")
    report.check(in_sight("is unplugged. Plug it in again"), "an unplugged drive says so")
    tools.picture("unplugged", TITLE)
    screen.click("Plug in again")
    screen.until(lambda: not harness.text_in_sight("is unplugged"), "the drive to be back")
    screen.wait("Ready", "label")
    report.check(True, "it is plugged in again")


def open_file(revision):
    screen.focus(TITLE)
    screen.keys("ctrl+o")
    screen.choose_file(harness.firmware(revision), "Choose a firmware file")


def accepts_and_keeps(report):
    practise("Accepts all, keeps the old firmware")
    open_file("1.03")
    harness.confirm_flash()
    in_sight("holds what it held before")
    tools.picture("worst-unchanged", TITLE)
    report.check(True, "a drive that keeps its firmware: unchanged")
    screen.click("Mend")
    screen.until(lambda: not harness.text_in_sight("Broken on purpose"), "the bar to go")
    screen.click("Back to the drive")
    screen.wait(harness.FLASH, "push button")


def pulled_while_written(report):
    """The plug is pulled in the middle of a write, while the last piece is on its way."""
    open_file("1.04")
    harness.start_flash()
    screen.until(lambda: harness.text_in_sight("This cannot be stopped now"), "the point of no return", 60)
    screen.until(lambda: os.path.exists(HELD), "the drive to hold its answer")
    practise("Unplugged")
    screen.until(lambda: harness.text_in_sight("Broken on purpose – Unplugged"), "the plug to be out")
    os.unlink(HELD)
    screen.until(
        lambda: screen.find("Whole job", "progress bar") is None, "the job to end", timeout=120
    )
    tools.picture("worst-pulled", TITLE)
    report.check(in_sight("Broken on purpose – Unplugged"), "the plug was pulled in the middle")


def test(report, windows):
    window = harness.Window(speed=40, practice=False)
    windows.append(window)
    nothing_there(report)
    garbled(report)
    unplugged(report)
    accepts_and_keeps(report)
    report.end_of(window)
    window = harness.Window(environment={"OFL_PRACTICE_HOLD": "bu40n=3b 06:128:" + HELD})
    windows.append(window)
    pulled_while_written(report)
    report.end_of(window)


harness.run(test)
