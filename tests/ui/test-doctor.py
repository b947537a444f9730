#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""“Is my drive broken?”: an examination that is broken off, and one of a drive with a bad disc, with its
chart and its numbers."""

import os

import harness
import screen
import tools

DOCTOR = "Is my drive broken?"
ALONE = "What belongs to this very drive alone"


def broken_off(report, gate):
    """The drive holds back its answer to the twentieth READ(10) until this test lets it go."""
    report.check(screen.find("What was found", "label") is None, "nothing is asked by itself")
    screen.click("Examine the drive")
    screen.until(lambda: harness.text_in_sight("Reading the disc: step"), "the read pass")
    screen.until(lambda: os.path.exists(gate), "the drive to be in the middle of it")
    flash = screen.find(harness.FLASH, "push button")
    report.check(not screen.sensitive(flash), "the drive is not flashed meanwhile")
    screen.click("Break off")
    screen.until(lambda: harness.text_in_sight("Breaking off"), "it to be said")
    os.remove(gate)
    screen.until(lambda: harness.text_in_sight("Broken off"), "the end")
    report.check(
        harness.text_in_sight("The examination was broken off."), "what was found till then stands"
    )


def scratched(report):
    """A deep look, which a first one is not."""
    report.check(not harness.text_in_sight(ALONE), "the first look was not deep")
    screen.mouse(screen.wait(contains="Look deeper", role="list item"), DOCTOR)
    screen.click("Examine the drive")
    screen.until(lambda: harness.text_in_sight("Something is not as it should be"), "the end")
    screen.until(lambda: screen.has_focus(role="heading"), "the focus where the answer stands")
    report.check(True, "the focus is where the answer stands")
    texts = "\n".join(screen.labels())
    for part in [
        "stretches of the disc that were tried could not be read",
        "Doubtful: more than one cause is left",
        "Clean the disc and try another one.",
        "✗ Not readable: ",
        ALONE,
    ]:
        report.check(part in texts, part, texts)
    chart = screen.wait("How fast the disc came, from its begin to its end", "image")
    report.check(
        chart.description in texts and "✗ Not readable: " in chart.description,
        "the chart says the same numbers to a screen reader",
        chart.description,
    )


def test(report, windows):
    gate = os.path.join(harness.WORK, "doctor-gate")
    window = harness.Window(
        speed=50,
        environment={
            "OFL_PRACTICE_DISC": "bu40n=pressed",
            "OFL_PRACTICE_FAULTS": "bu40n=unreadable 20000 3000",
            "OFL_PRACTICE_HOLD": "bu40n=28:20:%s" % gate,
        },
    )
    windows.append(window)
    tools.open_tool(DOCTOR, "ctrl+d")
    broken_off(report, gate)
    scratched(report)
    tools.picture("doctor", DOCTOR)
    tools.narrow(report, DOCTOR)
    tools.scroll_down(DOCTOR)
    tools.picture("doctor-narrow", DOCTOR)
    screen.click("Copy as text")
    screen.wait("Copied", "label")
    tools.close_tool(DOCTOR)
    report.end_of(window)


harness.run(test)
