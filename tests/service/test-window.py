#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job outlives its window: killed with -9 in the middle of a write, a new window shows the same
job and its end; a job that a command line started appears by itself."""

import os
import signal
import subprocess
import sys

import dbus

sys.path.insert(0, os.path.join(os.environ["SOURCE_ROOT"], "tests", "ui"))

import harness  # noqa: E402
import screen  # noqa: E402


def control(*arguments):
    command = [harness.CTL, "--finder=none"] + list(arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=screen.SLOW * 120)


def hold_in_danger():
    """From now on a drive of the service holds its answer to the last piece until it is released:
    on a busy machine a window may take longer to come than a drive takes to burn."""
    os.makedirs(os.path.dirname(HELD), exist_ok=True)
    bus = dbus.SessionBus().get_object("org.freedesktop.DBus", "/org/freedesktop/DBus")
    bus.UpdateActivationEnvironment({"OFL_PRACTICE_HOLD": "bu40n=3b 06:128:" + HELD})


def release():
    screen.until(lambda: os.path.exists(HELD), "the drive to hold its answer")
    os.unlink(HELD)


def choose_drive_and_file(revision="1.03"):
    """There are other practice drives, too, and one of them may come first."""
    path = harness.firmware(revision)
    screen.mouse(screen.wait(contains=harness.DRIVE, role="list item"), harness.TITLE)
    screen.wait(harness.FLASH, "push button")
    screen.focus(harness.TITLE)
    screen.keys("ctrl+o")
    screen.choose_file(path, "Choose a firmware file")
    screen.wait(contains=os.path.basename(path), role="label")


def kill_and_attach(report, windows):
    window = harness.Window(speed=4, environment={"XDG_STATE_HOME": STATE}, in_process=False)
    windows.append(window)
    choose_drive_and_file()
    harness.start_flash()
    screen.until(lambda: harness.text_in_sight("This cannot be stopped now"), "the danger")
    listed = control("log")
    report.check("practice:bu40n  running" in listed.stdout, "the job is the service's", listed.stdout)
    window.process.send_signal(signal.SIGKILL)
    window.process.wait()
    again = harness.Window(
        speed=4, environment={"XDG_STATE_HOME": STATE}, in_process=False, listed="practice:bu40n"
    )
    windows.append(again)
    screen.wait("Whole job", "progress bar", timeout=10)
    screen.until(lambda: harness.text_in_sight("This cannot be stopped now"), "the same danger")
    report.check(True, "a new window shows the job that runs")
    release()
    screen.wait(role="heading", contains="Verified", timeout=60)
    report.check(True, "and its end")
    screen.click("Flash another")
    screen.until(lambda: harness.text_in_sight("1.03"), "the new revision")
    report.check(True, "and what the drive holds now")
    screen.until(lambda: control("--json", "log").stdout == "", "the end to be seen")
    report.check(True, "an end that was read is not shown again")
    return again


def none_of_its_files(report):
    """What was chosen in the window is not the file of a job that a command line started."""
    choose_drive_and_file("1.05")
    command = [harness.CTL, "--finder=none", "--practice-speed=1", "flash", "--yes"]
    other = subprocess.Popen(
        command + ["practice:bu40n", harness.firmware("1.03")], stdout=subprocess.DEVNULL
    )
    screen.click("Write it all the same…")
    screen.window("Choose a firmware file")
    report.check(
        harness.text_in_sight("bu40n-1.05-good.bin") is None, "its end offers no other file to be written"
    )
    screen.focus("Choose a firmware file")
    screen.keys("Escape")
    other.wait(timeout=screen.SLOW * 60)


def job_of_a_command_line(report, window):
    command = [harness.CTL, "--finder=none", "--practice-speed=4", "flash", "--yes"]
    other = subprocess.Popen(
        command + ["practice:bu40n", harness.firmware("1.04")], stdout=subprocess.DEVNULL
    )
    screen.wait("Whole job", "progress bar", timeout=20)
    report.check(True, "a job of a command line appears in the window")
    # SIGTERM to the window leaves the job alone
    report.end_of(window)
    release()
    report.check(other.wait(timeout=screen.SLOW * 60) == 0, "and ends verified without the window")


def test(report, windows):
    hold_in_danger()
    window = kill_and_attach(report, windows)
    none_of_its_files(report)
    job_of_a_command_line(report, window)


# window, command line and service share their folders here
STATE = os.environ["XDG_STATE_HOME"]
HELD = os.path.join(STATE, "optiflash", "held")
harness.run(test)
