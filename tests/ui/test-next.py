#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a job that failed: each button that its sentence names does what the words say."""

import os

import harness
import screen
from harness import MODEL, TITLE


def start(report, windows, fault):
    window = harness.Window(
        harness.firmware("1.03"), speed=50, environment={"OFL_PRACTICE_FAULTS": "bu40n=" + fault}
    )
    windows.append(window)
    harness.confirm_flash()
    return window


def named(report, *buttons):
    """What is to be pressed is there to be pressed."""
    texts = "\n".join(screen.labels())
    for name in buttons:
        report.check("“%s”" % name in texts, "the sentence says “%s”" % name, texts)
        report.check(screen.find(name, "push button"), "and there is such a button")


def recovery(report, windows):
    window = start(report, windows, "power-loss-burn 300")
    screen.wait(role="heading", contains="needs recovery", timeout=120)
    named(report, "Recover…", "Write the backup again")
    report.check(not screen.find("Try again", "push button"), "what is not said is no button")
    harness.shot("next-recovery")
    screen.xdotool("windowsize", "--sync", screen.window(TITLE), 360, 640)
    screen.wait("Back to the drives", "push button")
    shape = screen.xdotool("getwindowgeometry", "--shell", screen.window(TITLE))
    report.check(int(shape.split("WIDTH=")[1].split()[0]) <= 372, "it fits 360 pixels", shape)
    harness.shot("next-recovery-narrow")
    screen.focus(TITLE)
    screen.keys("alt+c")
    screen.until(lambda: harness.text_in_sight("Report copied"), "the report to be copied")
    report.check(True, "by keyboard the report is copied")
    screen.keys("alt+r")
    screen.wait(role="heading", contains="The drive has to be reached first")
    report.check(True, "“Recover…”, by keyboard, shows what the write has left")
    report.end_of(window)


def backup(report, windows):
    """The drive comes back by itself, and runs its boot code only."""
    window = start(report, windows, "replug 00 40 1000")
    screen.wait(role="heading", contains="needs recovery", timeout=120)
    button = screen.wait("Write the backup again", "push button")
    screen.until(lambda: screen.sensitive(button), "the drive to be back")
    harness.shot("next-backup")
    screen.focus(TITLE)
    screen.keys("alt+w")
    chosen = screen.until(lambda: harness.text_in_sight("HL-DT-ST_BD-RE-BU40N_OFL00000001"), "the backup")
    report.check(chosen, "by keyboard the job’s backup is chosen")
    harness.shot("next-backup-chosen")
    harness.confirm_flash()
    screen.wait(role="heading", contains="Verified", timeout=120)
    report.check(True, "and written, and verified")
    report.end_of(window)


def again(report, windows):
    """One command fails, before anything was changed."""
    window = start(report, windows, "fail 3b 40")
    screen.wait(role="heading", contains="not touched", timeout=120)
    named(report, "Try again")
    harness.shot("next-again")
    screen.focus(TITLE)
    screen.keys("alt+t")
    dialog = screen.wait(role="dialog")
    screen.click("Flash %s" % MODEL, below=dialog)
    screen.wait(role="heading", contains="Verified", timeout=120)
    report.check(True, "“Try again”, by keyboard: same file, same drive, and verified")
    report.end_of(window)


def look(report, windows):
    window = start(report, windows, "hang 3b 5 8000")
    screen.wait(role="heading", contains="not touched", timeout=120)
    named(report, "Look again", "Try again")
    texts = "\n".join(screen.labels())
    report.check("power off" not in texts, "a drive that may be at work is not switched off", texts)
    screen.click("Look again")
    screen.until(lambda: harness.text_in_sight(": the drive answers."), "what was seen")
    report.check(
        screen.find(role="heading", contains="not touched"), "“Look again” says what it sees, and the verdict stays"
    )
    harness.shot("next-looked")
    report.end_of(window)


def look_at_silent(report, windows):
    """The drive is asked, and holds its answer back: what was known before is none."""
    held = os.path.join(harness.WORK, "held")
    window = harness.Window(
        harness.firmware("1.03"), speed=50,
        environment={
            "OFL_PRACTICE_FAULTS": "bu40n=hang 3b 5 8000",
            # more often than window and job ask who it is
            "OFL_PRACTICE_HOLD": "bu40n=12:200:" + held,
        },
    )  # fmt: skip
    windows.append(window)
    harness.confirm_flash()
    screen.wait(role="heading", contains="not touched", timeout=120)
    answers = ": the drive answers."
    while not os.path.exists(held):
        screen.click("Look again")
        screen.until(lambda: os.path.exists(held) or harness.text_in_sight(answers), "an answer, or none")
    texts = "\n".join(screen.labels())
    report.check("The drive is being looked at…" in texts, "a drive that was asked is being looked at", texts)
    report.check(answers not in texts, "and nobody says that it answers", texts)
    os.unlink(held)
    screen.until(lambda: harness.text_in_sight(answers), "its answer")
    report.check(True, "which it does when it does")
    report.end_of(window)


def test(report, windows):
    recovery(report, windows)
    backup(report, windows)
    again(report, windows)
    look(report, windows)
    look_at_silent(report, windows)


harness.run(test)
