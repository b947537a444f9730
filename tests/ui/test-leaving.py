#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cancelling, and closing the window while a drive is written."""

import os
import signal
import subprocess
import time

import ghost
import harness
import screen
from harness import TITLE


def cancel(report, windows):
    """The drive holds its answer to the first command that is no read until it has been asked to
    cancel: on a busy machine the moment before the danger is short."""
    held = os.path.join(harness.WORK, "held")
    window = harness.Window(
        harness.firmware("1.03"), speed=1,
        environment={"OFL_PRACTICE_HOLD": "bu40n=3b 01:1:" + held},
    )  # fmt: skip
    windows.append(window)
    harness.start_flash()
    screen.until(lambda: os.path.exists(held), "the drive to hold its answer")
    screen.click("Cancel")
    screen.until(lambda: harness.text_in_sight("Cancelling"), "the cancel to be taken")
    os.unlink(held)
    screen.wait(role="heading", contains="Cancelled", timeout=30)
    report.check(True, "a cancel before writing ends as “cancelled”")
    screen.click("Back to the drive")
    screen.wait(contains="bu40n-1.03-good.bin", role="label")
    report.check(harness.text_in_sight("1.00"), "and the drive keeps its revision")
    report.end_of(window)


def close(report, windows):
    window = harness.Window(harness.firmware("1.03"), speed=2)
    windows.append(window)
    harness.start_flash()
    screen.until(lambda: harness.text_in_sight("This cannot be stopped now"), "the danger")
    screen.focus(TITLE)
    screen.keys("ctrl+w")
    dialog = screen.wait(role="dialog")
    report.check(
        harness.text_in_sight("Closing the window does not stop it"), "closing is explained"
    )
    screen.click("Close window", below=dialog)
    screen.until(lambda: not visible(), "the window to go")
    report.check(ghost.survives(window), "the program goes on without a window")
    screen.until(visible, "the window to come back", timeout=60)
    report.check(True, "it shows itself again at the end")
    screen.wait(role="heading", contains="Verified")
    report.check(True, "with the verdict")
    with open(harness.NOTES) as file:
        text = file.read()
    report.check("Verified" in text, "and a notification said so", text)
    report.end_of(window)


def terminate(report, windows):
    """SIGTERM in the middle of a write waits until the drive is safe."""
    window = harness.Window(harness.firmware("1.03"), speed=2)
    windows.append(window)
    harness.start_flash()
    screen.until(lambda: harness.text_in_sight("This cannot be stopped now"), "the danger")
    window.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    report.check(window.process.poll() is None, "SIGTERM does not end a program that writes")
    status = window.process.wait(timeout=screen.SLOW * 60)
    report.check(status == 0, "which ends by itself when the job is over", "status %s" % status)
    again = harness.Window(environment={"XDG_STATE_HOME": window.state_home})
    windows.append(again)
    screen.until(lambda: harness.text_in_sight("1.03"), "the new revision")
    report.check(
        harness.text_in_sight("never ended") is None, "and nothing is left unfinished"
    )
    report.end_of(again)


def visible():
    command = ["xdotool", "search", "--onlyvisible", "--name", TITLE]
    return subprocess.run(command, capture_output=True).returncode == 0


def test(report, windows):
    cancel(report, windows)
    close(report, windows)
    terminate(report, windows)


harness.run(test)
