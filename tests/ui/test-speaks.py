#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader is told, by the events that reach it, and where the keyboard goes."""

import os
import subprocess
import sys

import harness
import screen
from harness import DRIVE, TITLE

HEARD = os.path.join(harness.WORK, "heard")
HELD = os.path.join(harness.WORK, "held")


def start_listener():
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "listener.py")
    process = subprocess.Popen([sys.executable, script, HEARD])
    screen.until(lambda: os.path.exists(HEARD) and "ready" in open(HEARD).read(), "the listener")
    return process


def heard(kind="", role="", *parts):
    """The texts of the events of that kind and role that have all @parts, in order."""
    with open(HEARD) as file:
        events = [line.rstrip("\n").split("\t") for line in file if "\t" in line]
    return [
        e[2] for e in events if len(e) == 3 and kind in e[0] and role in e[1] and all(p in e[2] for p in parts)
    ]


def row(model):
    return screen.wait(contains=model + ", ", role="list item")


def states(report):
    screen.until(lambda: "Ready" in row(DRIVE).name, "the drive to be ready")
    report.check(True, "a row’s name says its state: %s" % row(DRIVE).name)
    screen.until(lambda: "Not flashable" in row("SOHW-812S").name, "the state of the SOHW-812S")
    report.check(True, "also that it cannot be flashed")


def in_list():
    """Whether a row of the drives has the focus."""
    node = screen.focused()
    return node is not None and screen.role_of(node) == "list item"


def one_stop(report):
    screen.focus(TITLE)
    screen.mouse(row(DRIVE), TITLE)
    screen.until(in_list, "the focus in the list")
    first = screen.focused().name
    screen.keys("Down")
    screen.until(lambda: in_list() and screen.focused().name != first, "the next row")
    report.check(True, "the arrow keys go through the list")
    here = screen.focused().name
    screen.keys("Tab")
    screen.until(lambda: not in_list(), "Tab to leave the list")
    report.check(True, "one Tab leaves it")
    screen.keys("shift+Tab")
    screen.until(in_list, "Shift+Tab to come back")
    report.check(screen.focused().name == here, "and Shift+Tab comes back to the same row", here)
    screen.keys("Up")
    screen.until(lambda: in_list() and screen.focused().name == first, "the row above")
    screen.keys("Return")
    screen.wait(harness.FLASH, "push button")


def mnemonics():
    """The letters that the controls in sight have."""
    found = []
    for root in screen.applications():
        for node in screen.walk(root):
            if screen.role_of(node) == "push button" and "_" in (node.name or ""):
                found.append(node.name.split("_", 1)[1][0].lower())
    return found


def no_clash(report, where):
    letters = mnemonics()
    report.check(letters and len(set(letters)) == len(letters), "no two letters clash " + where, str(letters))


def by_keyboard_to_flash():
    """Alt+F, and in the question Tab to the button."""
    screen.focus(TITLE)
    button = screen.wait(harness.FLASH, "push button")
    screen.until(lambda: screen.sensitive(button), "the flash button to become sensitive")
    screen.keys("alt+f")
    screen.wait(role="dialog")
    screen.keys("Tab", "Return")
    screen.wait("Whole job", "progress bar")


def flash(report):
    by_keyboard_to_flash()
    screen.until(
        lambda: heard("focused", "heading", "Flashing BD-RE BU40N"), "the focus at the heading of the job"
    )
    report.check(True, "a job begins: the focus goes to its heading")
    screen.wait(role="heading", contains="Verified: ", timeout=120)
    screen.until(lambda: heard("focused", "heading", "Verified: "), "the focus at the verdict")
    report.check(True, "it ends: the focus goes to the verdict")
    screen.until(lambda: heard("accessible-name", "list item", DRIVE, "Verified: "), "the verdict of the row")


def told(report):
    """All that was said while the job ran."""
    names = heard("accessible-name", "list item", DRIVE, " %")
    report.check(len(set(names)) > 2, "the row’s name tells its percentage, live", str(names[:5]))
    stages = heard("accessible-description", "list item")
    report.check(
        {"Back up", "Send", "Verify"} <= set(stages), "its description tells the stage, live", str(stages)
    )
    heading = heard("accessible-name", "heading", "Flashing BD-RE BU40N: ")
    report.check(len(set(heading)) > 3, "so does the heading that has the focus", str(heading))
    said = heard("accessible-description", "heading")
    report.check(
        any("This cannot be stopped now" in text for text in said), "the point of no return is told", str(said)
    )
    report.check(any("the drive is safe again" in text for text in said), "and that it is over", str(said))


def back(report):
    no_clash(report, "on the verdict")
    screen.focus(TITLE)
    screen.keys("alt+f")
    screen.wait("Choose file…", "push button")
    screen.until(
        lambda: screen.has_focus("Choose file…"),
        "the focus at the next file",
    )
    report.check(True, "back: the focus is where the next file is chosen")


def cancelled(report):
    screen.keys("ctrl+o")
    screen.choose_file(harness.firmware("1.05"), "Choose a firmware file")
    by_keyboard_to_flash()
    screen.until(lambda: os.path.exists(HELD), "the drive to hold its answer")
    no_clash(report, "while a job runs")
    screen.keys("alt+c")
    screen.until(lambda: harness.text_in_sight("Cancelling"), "the cancel to be taken")
    os.unlink(HELD)
    screen.wait(role="heading", contains="Cancelled", timeout=60)
    screen.keys("alt+b")
    screen.until(
        lambda: screen.has_focus(harness.FLASH),
        "the focus at the flash button",
    )
    report.check(True, "back from a cancelled job: the focus is at the button that began it")


def test(report, windows):
    listener = start_listener()
    window = harness.Window(
        harness.firmware("1.03"), speed=2, environment={"OFL_PRACTICE_HOLD": "bu40n=3b 01:2:" + HELD}
    )
    windows.append(window)
    states(report)
    one_stop(report)
    no_clash(report, "before a job")
    flash(report)
    told(report)
    harness.shot("speaks")
    back(report)
    cancelled(report)
    report.end_of(window)
    listener.terminate()
    listener.wait()


harness.run(test)
