#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The question whether to flash: it stays as long as it is the same question, and goes, with a word,
when it is not."""

import os
import subprocess

import harness
import screen
import tools
from harness import FLASH, TITLE

HOMES = {
    "XDG_STATE_HOME": os.path.join(harness.WORK, "question-state"),
    "XDG_DATA_HOME": os.path.join(harness.WORK, "question-data"),
}


def ask():
    button = screen.wait(FLASH, "push button")
    screen.until(lambda: screen.sensitive(button), "the flash button to become sensitive")
    screen.click(FLASH)
    return screen.wait(role="dialog")


def gone(report, why):
    screen.until(lambda: not screen.find(role="dialog"), "the question to go")
    said = screen.until(lambda: harness.text_in_sight("Nothing was flashed."), "why it went")
    report.check(why in said, "it says why", said)
    report.check(not screen.find("Whole job", "progress bar"), "and nothing is flashed")


def look_again():
    """The drive is asked again, and what was found is another time's."""
    before = harness.text_in_sight("As it was at")

    def looked():
        screen.click("Look again")
        return harness.text_in_sight("As it was at") != before

    screen.until(looked, "the drive to be looked at again")


def looked_at(report):
    """Another look that finds the same is no other drive and no other file."""
    dialog = ask()
    look_again()
    look_again()
    report.check(screen.find(role="dialog"), "another look leaves the question open")
    report.check(not harness.text_in_sight("has changed"), "and nobody says that anything has changed")
    screen.click("Cancel", below=dialog)
    screen.until(lambda: not screen.find(role="dialog"), "the question to go")


def blocked(report):
    """What the backup needs goes while the question is open."""
    folder = os.path.join(HOMES["XDG_DATA_HOME"], "optiflash", "backups")
    ask()
    os.rename(folder, folder + ".away")
    with open(folder, "w") as file:
        file.write("in the way")
    screen.click("Look again")
    gone(report, folder)
    button = screen.wait(FLASH, "push button")
    report.check(not screen.sensitive(button), "and cannot be")
    harness.shot("question-blocked")
    os.unlink(folder)
    os.rename(folder + ".away", folder)
    screen.click("Look again")


def unplugged(report):
    """The drive goes while the question is open."""
    screen.focus(TITLE)
    screen.keys("ctrl+comma")
    screen.window("Preferences")
    screen.wait("Practice drives", "label")
    ask()
    tools.switch("Practice drives")
    gone(report, "The drive is unplugged.")
    harness.shot("question-unplugged")


def test(report, windows):
    # what the drive holds is kept once it was written to
    command = [harness.CTL, "--practice-speed=100", "--in-process", "backup", "practice:bu40n"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, **HOMES))
    window = harness.Window(harness.firmware("1.03"), environment=HOMES)
    windows.append(window)
    looked_at(report)
    blocked(report)
    unplugged(report)
    report.end_of(window)


harness.run(test)
