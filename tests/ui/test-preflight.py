#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at before a write, in the window: what refuses it stands there with its word and what
to do; what could not be asked is not called fine; what is fine is folded into one row."""

import os
import subprocess

import harness
import screen
import tools

DISC = "The drive says that a disc is in it."
HOMES = {
    "XDG_STATE_HOME": os.path.join(harness.WORK, "preflight-state"),
    "XDG_DATA_HOME": os.path.join(harness.WORK, "preflight-data"),
}


def button_is_shut(report, windows):
    """What refuses a write shuts the button, in the same words, until the drive says otherwise."""
    command = [harness.CTL, "--practice-speed=100", "--in-process", "backup", "practice:bu40n"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, **HOMES))
    tools.put_disc(HOMES["XDG_STATE_HOME"], True)
    window = harness.Window(harness.firmware("1.03"), environment=HOMES)
    windows.append(window)
    screen.until(lambda: screen.labels().count(DISC) == 2, "the disc, among the checks and at the button")
    button = screen.wait(harness.FLASH, "push button")
    report.check(not screen.sensitive(button), "the button is shut, with the reason beside it")
    harness.shot("preflight-shut")
    tools.put_disc(HOMES["XDG_STATE_HOME"], False)
    screen.click("Look again")
    screen.until(lambda: DISC not in screen.labels(), "the disc to be gone")
    report.check(True, "to look again is to ask the drive again")
    screen.until(lambda: screen.sensitive(button), "the button to open")
    report.check(True, "and the button opens")
    report.end_of(window)


def test(report, windows):
    window = harness.Window(environment={"OFL_PRACTICE_DISC": "bu40n=pressed"})
    windows.append(window)
    screen.wait("Before you flash", "label")
    screen.until(lambda: harness.text_in_sight("The drive says that a disc is in it."), "the disc")
    subtitle = harness.text_in_sight("A write is refused")
    report.check(subtitle and "Take it out and try again." in subtitle, "its word, and what to do", str(subtitle))
    power = harness.text_in_sight("Whether the computer runs on a battery")
    report.check(power and "could not be asked" in power, "power that is not known is not fine")
    report.check(harness.text_in_sight("checks are fine"), "the rest is folded into one row")
    report.check(screen.find("Look again", "push button"), "it can be looked again")
    report.check(harness.text_in_sight("As it was at"), "it says of when it is")
    screen.focus(harness.TITLE)
    screen.xdotool("mousemove", "640", "500", "click", "--repeat", "30", "5")
    harness.shot("preflight")
    report.end_of(window)
    button_is_shut(report, windows)


harness.run(test)
