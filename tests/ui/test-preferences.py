#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: each is kept, and each does what it says while the window runs."""

import glob
import os

import harness
import screen
import tools
from harness import TITLE

PREFERENCES = "Preferences"
USUAL = "Back to the _usual"


def open_preferences():
    screen.focus(TITLE)
    screen.keys("ctrl+comma")
    screen.window(PREFERENCES)
    screen.focus(PREFERENCES)


def choose(row, downs):
    """In a row with a list: opened by mouse, chosen by keyboard."""
    screen.mouse(screen.wait(row, "label"), PREFERENCES)
    screen.until(lambda: screen.focused() is not None, "the list of “%s”" % row)
    screen.keys(*["Down"] * downs, "Return")


def kept(report, key, value, what):
    screen.until(lambda: tools.settings().get(key) == value, "%s to be kept as %s" % (key, value))
    report.check(True, what)


def backups_in(folder):
    return glob.glob(os.path.join(folder, "practice", "*", "flash.bin"))


def folder(report, window):
    elsewhere = os.path.join(harness.WORK, "elsewhere")
    os.mkdir(elsewhere)
    screen.click(contains="_Choose… Folder")
    screen.choose_file(elsewhere, "Choose the folder for backups")
    kept(report, "backup-folder", elsewhere, "another folder for backups is kept")
    screen.wait(contains=USUAL, role="push button")
    report.check(harness.text_in_sight(elsewhere) is not None, "and shown")
    tools.picture("preferences-folder", PREFERENCES)


def back_to_usual(report):
    screen.click(contains=USUAL)
    screen.until(lambda: "backup-folder" not in tools.settings(), "the usual folder")
    report.check(
        screen.find(contains=USUAL, role="push button") is None, "the usual folder: nothing to undo"
    )


def flash(revision):
    screen.focus(TITLE)
    screen.keys("ctrl+o")
    screen.choose_file(harness.firmware(revision), "Choose a firmware file")
    harness.confirm_flash()
    screen.wait(contains="Verified: ", role="label", timeout=120)
    screen.click(contains="Flash another", role="push button")
    screen.wait(harness.FLASH, "push button")


def keeps(report, window):
    """Each write makes a backup: the first and the newest two stay."""
    elsewhere = os.path.join(harness.WORK, "elsewhere")
    for revision in ("1.03", "1.04", "1.05", "1.06"):
        flash(revision)
    stay = sorted(os.path.basename(os.path.dirname(p)).split("_")[-2] for p in backups_in(elsewhere))
    report.check(stay == ["1.00", "1.04", "1.05"], "backups: first and newest two", str(stay))
    usual = os.path.join(window.data_home, "optiflash", "backups")
    report.check(not backups_in(usual), "none in the usual folder")


def test(report, windows):
    window = harness.Window(speed=200)
    windows.append(window)
    open_preferences()
    screen.xdotool("windowsize", "--sync", screen.window(PREFERENCES), 600, 860)
    tools.picture("preferences", PREFERENCES)
    folder(report, window)
    choose("Keep of each drive", 1)
    kept(report, "keep-backups", "2", "how many backups are kept")
    screen.mouse(screen.wait("Offer experimental ways", "label"), PREFERENCES)
    kept(report, "experimental", "0", "experimental ways are not offered")
    tools.scroll_down(PREFERENCES)
    screen.mouse(screen.wait("Sound at the end", "label"), PREFERENCES)
    kept(report, "sound", "0", "no sound at the end")
    choose("Show", 2)
    kept(report, "log-level", "2", "what the log shows")
    tools.narrow(report, PREFERENCES)
    tools.picture("preferences-narrow", PREFERENCES)
    tools.close_tool(PREFERENCES)
    keeps(report, window)
    open_preferences()
    back_to_usual(report)
    screen.mouse(screen.wait("Practice drives", "label"), PREFERENCES)
    kept(report, "practice-drives", "0", "practice drives are put away")
    tools.close_tool(PREFERENCES)
    screen.wait("No drives", "label")
    report.check(screen.find(contains="BU40N", role="list item") is None, "and they are gone")
    report.end_of(window)


harness.run(test)
