#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at before a write, in the window: what refuses it stands there with its word and what
to do; what could not be asked is not called fine; what is fine is folded into one row."""

import harness
import screen


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


harness.run(test)
