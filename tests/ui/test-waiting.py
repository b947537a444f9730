#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that has no drive yet: what is said of it, and what takes its place."""

import os
import subprocess

import harness
import screen
import tools
from harness import TITLE

BACKUPS = "Backups"
HELD = os.path.join(harness.WORK, "held")
HOMES = {
    "XDG_STATE_HOME": os.path.join(harness.WORK, "waiting-state"),
    "XDG_DATA_HOME": os.path.join(harness.WORK, "waiting-data"),
}


def give(*paths):
    subprocess.run([harness.APP, *paths], check=True, timeout=60)


def in_bar(part):
    return screen.until(lambda: harness.text_in_sight(part), "“%s”" % part)


def held():
    screen.until(lambda: os.path.exists(HELD), "the drive to hold its answer")


def restored(report, windows):
    """One drive does not answer yet, and a file for it waits; a backup is chosen for the drive in sight."""
    command = [harness.CTL, "--practice-speed=100", "--in-process", "backup", "practice:bu40n"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, **HOMES))
    window = harness.Window(
        speed=50, environment=dict(HOMES, OFL_PRACTICE_HOLD="nd3500=12:1:" + HELD)
    )
    windows.append(window)
    held()
    path = harness.firmware("2.1B", drive="nd3500")
    give(path)
    in_bar("The file is read. The drives are still being looked at…")
    report.check(True, "it is said what is waited for")
    report.check(screen.find("Do not open this file", "push button"), "and its button says what it does")
    report.check(not screen.find("Close this message", "push button"), "and no less")
    tools.open_tool(BACKUPS, "ctrl+b")
    screen.mouse(screen.wait(role="label", contains=", revision 1.00"), BACKUPS)
    screen.until(lambda: screen.sensitive(screen.wait("Restore", "push button")), "the backup’s buttons")
    screen.click("Restore")
    in_bar("The backup was made of this very drive")
    screen.until(lambda: not harness.text_in_sight("The drives are still being looked at…"), "the file to go")
    report.check(True, "what is chosen later takes the place of a file that waits")
    os.unlink(HELD)
    screen.wait(contains="DVD_RW ND-3500AG", role="list item")
    report.check(harness.text_in_sight("The backup was made of this very drive"), "and stays")
    report.end_of(window)


def practise(what):
    screen.click("Practise the worst")
    screen.wait(what, "radio menu item")
    screen.click(what, "radio menu item")


def came_back(report, windows):
    """A drive for which a file was chosen comes back, and another file waits for it. No other drive takes
    either; while they wait a job runs on the drive in sight."""
    window = harness.Window(speed=50, environment={"OFL_PRACTICE_HOLD": "bu40n=3b 01:1:" + HELD})
    windows.append(window)
    first = harness.firmware("1.03", drive="uj870")
    give(first)
    screen.wait(contains=os.path.basename(first), role="label")
    practise("Unplugged")
    in_bar("is unplugged. Plug it in again")
    give(harness.firmware("1.03"))
    flash = screen.wait(harness.FLASH, "push button")
    screen.until(lambda: screen.sensitive(flash), "the flash button to become sensitive")
    harness.confirm_flash()
    held()
    give(harness.firmware("1.04", drive="uj870"))
    in_bar("No drive is here that takes it")
    screen.mouse(screen.wait(contains="UJ870BJ", role="list item"), TITLE)
    screen.click("Plug in again")
    in_bar("for which another file is chosen")
    report.check(
        os.path.basename(first) in screen.labels(), "a file that waited does not take the place of a later one"
    )
    os.unlink(HELD)
    screen.wait(contains="Verified: ", role="label", timeout=120)
    report.end_of(window)


def test(report, windows):
    restored(report, windows)
    came_back(report, windows)


harness.run(test)
