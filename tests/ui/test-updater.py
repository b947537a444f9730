#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maker's own program in the window: what is missing for it is said; it is chosen, run, asked about; who
says no, or closes the window and says nothing, has a drive that was only looked at."""

import glob
import os
import shutil
import subprocess
import sys

import harness
import screen
import tools

sys.path.insert(0, os.path.join(os.environ["SOURCE_ROOT"], "tests", "updater"))

from missing import find_missing  # noqa: E402

EXE = os.environ.get("UPDATER_EXE_X86_64", "")
# a title with a letter that is not ASCII is not found by xdotool
UPDATER = "own program$"
CHOOSE = "^Choose the maker"
RUN = "Run the maker’s program…"
START = "Start the program"
DRIVE = "OPTIFLSH PRACTICE STD"
OTHER = "LITE-ON DVDRW SOHW-812S"
DRIVE_ASKS = "PRACTICE STD: the job waits for your answer"
FIRST = "HL-DT-ST BD-RE BU40N"
FIRST_ASKS = "BD-RE BU40N: the job waits for your answer"
SECOND = "HL-DT-ST BD-RE  WH16NS60"
SECOND_ASKS = "BD-RE  WH16NS60: the job waits for your answer"
HELD = os.path.join(harness.WORK, "held")
NO = "No, write nothing"
YES = "Yes"


def choose_drive(name):
    screen.wait(contains=name, role="list item", timeout=30)
    screen.focus(harness.TITLE)
    screen.until(lambda: tools.go_down_to(name), "the drive in the list")
    screen.wait(name, "label")


def open_updater():
    screen.focus(harness.TITLE)
    screen.keys("ctrl+m")
    screen.window(UPDATER)
    return screen.wait(START, "push button")


def missing(report, windows):
    """Nothing of what runs a program is there."""
    empty = os.path.join(harness.WORK, "empty")
    os.makedirs(empty)
    window = harness.Window(environment={"PATH": empty}, listed=OTHER)
    windows.append(window)
    choose_drive(OTHER)
    report.check(screen.find(RUN, "list item"), "a drive without a public way has the program on its page")
    start = open_updater()
    texts = "\n".join(screen.labels())
    report.check("“wine” is not installed" in texts, "what is missing is said", texts)
    report.check("install the package wine" in texts, "and what to install", texts)
    report.check(not screen.sensitive(start), "without it there is no start")
    tools.narrow(report, UPDATER)
    tools.picture("updater-missing", UPDATER)
    tools.close_tool(UPDATER)
    report.end_of(window)


def unreadable(report, windows):
    """A file that no program of a maker's can be is not run, and says why."""
    path = os.path.join(harness.WORK, "huge.exe")
    with open(path, "wb") as file:
        file.truncate(65 << 20)
    window = harness.Window(listed=DRIVE)
    windows.append(window)
    choose_drive(DRIVE)
    start = open_updater()
    screen.click("Choose…", below=screen.wait(contains="own program", role="frame"))
    screen.choose_file(path, CHOOSE)
    why = screen.wait(contains="“huge.exe” is ", role="label")
    report.check(why, "a file that cannot be read says so")
    report.check(not screen.sensitive(start), "and cannot be started")
    tools.picture("updater-unreadable", UPDATER)
    reasons = [text for text in screen.labels() if "“huge.exe” is " in text]
    report.check(len(reasons) == 2, "the reason stands at the button, too", "\n".join(screen.labels()))
    tools.close_tool(UPDATER)
    report.end_of(window)


def set_text(name, text):
    node = screen.wait(name, "text")
    node.queryEditableText().setTextContents(text)


def begin(report, image, choose=lambda: choose_drive(DRIVE)):
    """The program is given to the window, as by a double click, and goes the way to the job that runs."""
    choose()
    subprocess.run([harness.APP, EXE], check=True)
    screen.wait(contains="is a program for Windows", role="label")
    start = open_updater()
    screen.wait(contains=os.path.basename(EXE), role="label")
    tools.picture("updater", UPDATER)
    tools.switch("Hide the program’s windows")
    screen.click("Add…", below=screen.wait(contains="own program", role="frame"))
    screen.choose_file(image, "Choose what has to lie beside it")
    screen.wait(contains="Leave out", role="push button")
    set_text("Arguments for the program", "direct flash")
    screen.until(lambda: screen.sensitive(start), "the button to become sensitive")
    report.check(True, "a program that was opened is taken over, and can be started")
    screen.click(START)


def await_question(asked):
    """The job's first may come half a minute after its begin: Wine is made ready."""
    return screen.wait(asked, "label", timeout=60)


def journals(window):
    texts = []
    for path in glob.glob(os.path.join(window.state_home, "optiflash", "journal", "*.jsonl")):
        with open(path, errors="replace") as file:
            texts.append(file.read())
    return "\n".join(texts)


def say_no(report, windows, image):
    window = harness.Window(speed=50, listed=DRIVE)
    windows.append(window)
    begin(report, image)
    await_question("Go on without a backup?")
    report.check(True, "a missing backup is asked about first")
    harness.shot("updater-question")
    texts = "\n".join(screen.labels())
    report.check("Waits for your answer" in texts, "the list of drives says that it waits", texts)
    report.check(not screen.find("Whole job", "progress bar"), "there is no bar of the whole")
    report.check(screen.has_focus("Go on without a backup?"), "the question has the focus, and no button has")
    screen.click(NO)
    screen.wait("Cancelled: the drive was not touched", "heading", timeout=60)
    harness.shot("updater-no")
    report.check("point-of-no-return" not in journals(window), "who says no has an untouched drive")
    screen.click("Back to the drive")
    report.end_of(window)


def say_yes(report, windows, image):
    window = harness.Window(speed=50, listed=DRIVE)
    windows.append(window)
    begin(report, image)
    await_question("Go on without a backup?")
    screen.click(YES)
    await_question("Let it write?")
    report.check(harness.text_in_sight("WRITE BUFFER"), "the question names the command")
    harness.shot("updater-let-it-write")
    screen.click(YES)
    # which firmware was in the program nobody knows, so what the drive names now is all that can be said
    screen.wait("Unknown: what the drive holds is not proven", "heading", timeout=60)
    harness.shot("updater-unknown")
    texts = "\n".join(screen.labels())
    report.check("1.01" in texts, "the drive's new revision is told", texts)
    report.check("point-of-no-return" in journals(window), "the journal has the point of no return")
    report.end_of(window)


def notes():
    with open(harness.NOTES) as file:
        return file.read().splitlines()


def leave_window():
    """Nobody answers: the window is closed."""
    open(harness.NOTES, "w").close()
    screen.focus(harness.TITLE)
    screen.keys("ctrl+w")
    screen.click("Close window", below=screen.wait(role="dialog"))
    screen.until(lambda: not tools.is_open(harness.TITLE), "the window to go")


def close_window(report, windows, image):
    """Nobody answers: the window is closed, and called again."""
    window = harness.Window(speed=50, listed=DRIVE)
    windows.append(window)
    begin(report, image)
    await_question("Go on without a backup?")
    leave_window()
    screen.until(lambda: DRIVE_ASKS in notes(), "the notification")
    report.check(window.process.poll() is None, "closed, the program goes on, and says that it waits")
    subprocess.run([harness.APP], check=True)
    await_question("Go on without a backup?")
    report.check("point-of-no-return" not in journals(window), "nothing was written without an answer")
    report.check(True, "a window that comes later has the question, too")
    report.check("withdrawn: " + DRIVE_ASKS not in notes(), "while it is asked the notification stays")
    screen.click(NO)
    screen.wait("Cancelled: the drive was not touched", "heading", timeout=60)
    screen.until(lambda: "withdrawn: " + DRIVE_ASKS in notes(), "the notification to go")
    report.check(True, "answered, it is taken back")
    report.end_of(window)


def row(name):
    return screen.wait(contains=name + ",", role="list item")


def two_ask(report, windows, image):
    """Each is told of when the window is closed; and where there is none, the one that asks is brought into
    sight."""
    environment = {"OFL_PRACTICE_HOLD": "wh16ns60=3c 06:150:" + HELD}  # in its backup
    window = harness.Window(speed=50, environment=environment)
    windows.append(window)
    begin(report, image, lambda: screen.mouse(row(FIRST), harness.TITLE))
    await_question("Let it write?")
    begin(report, image, lambda: screen.mouse(row(SECOND), harness.TITLE))
    screen.until(lambda: os.path.exists(HELD), "the second drive to be backed up", timeout=60)
    leave_window()
    screen.until(lambda: FIRST_ASKS in notes(), "the first notification")
    os.unlink(HELD)
    screen.until(lambda: tools.is_open(harness.TITLE), "the window to come back", timeout=60)
    await_question("Let it write?")
    chosen = row(SECOND).getState().contains(screen.pyatspi.STATE_SELECTED)
    report.check(chosen, "the window comes back with the drive that asks")
    leave_window()
    screen.until(lambda: {FIRST_ASKS, SECOND_ASKS} <= set(notes()), "a notification of each drive")
    report.check(True, "who closes the window is told of each job that waits")
    report.end_of(window)


def kill_window(report, windows, image):
    """In the service: the window that began it is killed while it is asked, and another one answers."""
    folders = {"XDG_STATE_HOME": "served-state", "XDG_DATA_HOME": "served-data"}
    environment = {name: os.path.join(harness.WORK, folder) for name, folder in folders.items()}
    window = harness.Window(speed=50, listed=DRIVE, in_process=False, environment=environment)
    windows.append(window)
    begin(report, image)
    await_question("Go on without a backup?")
    window.kill()
    again = harness.Window(
        speed=50, listed="practice:standard", in_process=False, environment=environment
    )
    windows.append(again)
    await_question("Go on without a backup?")
    report.check("point-of-no-return" not in journals(again), "a window was killed, and nothing was written")
    report.check(True, "another one has its question")
    screen.click(YES)
    await_question("Let it write?")
    screen.click(YES)
    screen.wait("Unknown: what the drive holds is not proven", "heading", timeout=60)
    harness.shot("updater-served")
    report.check("1.01" in "\n".join(screen.labels()), "the program in its cage has outlived the window")
    report.end_of(again)


def test(report, windows):
    missing(report, windows)
    why = find_missing()
    if why:
        report.number += 1
        print("ok %d # SKIP no program can be run here: %s" % (report.number, why), flush=True)
        return
    image = os.path.join(harness.WORK, "image.bin")
    shutil.copy(harness.firmware("1.01", drive="standard"), image)
    unreadable(report, windows)
    say_no(report, windows, image)
    say_yes(report, windows, image)
    close_window(report, windows, image)
    two_ask(report, windows, image)
    kill_window(report, windows, image)


harness.run(test)
