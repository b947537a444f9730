#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write that is killed while the drive burns, and the window's way back: what the job was, the state
of the drive, the image that was being written, made the firmware to write, up to the verdict."""

import glob
import os
import subprocess

import harness
import screen
import tools

RECOVER = "Recover"
HOMES = {
    "XDG_STATE_HOME": os.path.join(harness.WORK, "recovery-state"),
    "XDG_DATA_HOME": os.path.join(harness.WORK, "recovery-data"),
}


def burns():
    """Past the point of no return, and some commands beyond: parts of the flash are written."""
    for path in glob.glob(os.path.join(HOMES["XDG_STATE_HOME"], "optiflash", "journal", "*")):
        with open(path, errors="replace") as file:
            return file.read().partition('"event":"point-of-no-return"')[2].count("\n") > 20
    return False


def kill_in_burn(image):
    command = [harness.CTL, "--practice-speed=1", "--in-process", "flash", "practice:bu40n", image, "--yes"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ, **HOMES)
    )
    screen.until(burns, "the drive to be written", timeout=60)
    process.kill()
    return process.wait()


def open_by_bar():
    """The bar in the list is about any drive, the one on the page about this."""
    bar = screen.wait("An earlier job on this drive never ended.", "label")
    while screen.find("Details…", "push button", below=bar) is None:
        bar = bar.parent
    screen.click("Details…", below=bar)
    screen.click("Recover…", below=screen.wait(role="dialog"))
    screen.window(RECOVER)
    screen.focus(RECOVER)


def mend(report, windows):
    image = harness.firmware("1.03")
    report.check(kill_in_burn(image) < 0, "the program is killed while it writes")
    window = harness.Window(speed=50, environment=HOMES)
    windows.append(window)
    open_by_bar()
    screen.wait("Ways back", "label")
    tools.picture("recovery", RECOVER)
    texts = "\n".join(screen.labels())
    report.check("broken off while the drive was being written" in texts, "how far it had come", texts)
    report.check(image in texts, "which file it was", texts)
    report.check("still there, with the same SHA-256" in texts, "the image is a way", texts)
    report.check("own backup is there and whole" in texts, "and so is the backup", texts)
    report.check(screen.find("Write the backup", "push button"), "each with its button")
    report.check(not screen.find("Close the record", "push button"), "and the record stays")
    recover = screen.wait(RECOVER, "frame")
    tools.narrow(report, RECOVER)
    tools.picture("recovery-narrow", RECOVER)

    os.rename(image, image + ".away")
    screen.click("Look again", below=recover)
    screen.until(
        lambda: harness.text_in_sight("The file that was being written is not there any more"),
        "the file to be missed",
    )
    report.check(not screen.find("Write this image", "push button"), "without it there is no such way")
    os.rename(image + ".away", image)
    screen.click("Look again", below=recover)
    button = screen.wait("Write this image", "push button")
    screen.until(lambda: screen.sensitive(button), "the button to become sensitive")
    screen.click("Write this image")
    screen.until(lambda: not tools.is_open(RECOVER), "the window to go")
    screen.wait(contains=os.path.basename(image), role="label")
    harness.confirm_flash()
    screen.wait(role="heading", contains="Verified", timeout=120)
    report.check(True, "written by the way of every write, and verified")
    screen.until(lambda: not harness.text_in_sight("never ended."), "the reminder to go")
    screen.click("Flash another")
    screen.wait("Backups", "list item")
    report.check(not screen.find(RECOVER, "list item"), "nothing is left to recover")
    report.end_of(window)


JOURNAL = """{"event":"job","kind":"flash","drive":"HL-DT-ST BD-RE BU40N","drive_id":"practice:bu40n",\
"serial":"OFL00000001","revision":"1.00","family":"mt1959","image":"HL-DT-ST BD-RE BU40N 1.03"}
{"event":"write-begins"}
"""


def close_record(report, windows):
    """Broken off before the drive was changed: the record is all that is left to be done."""
    state = os.path.join(harness.WORK, "fine-state")
    folder = os.path.join(state, "optiflash", "journal")
    os.makedirs(folder, mode=0o700)
    with open(os.path.join(folder, "20260101T000000-1-0.jsonl"), "w") as file:
        file.write(JOURNAL)
    window = harness.Window(environment={"XDG_STATE_HOME": state})
    windows.append(window)
    open_by_bar()
    screen.wait(role="heading", contains="Nothing needs to be written")
    report.check(not screen.find("Ways back", "label"), "a drive that is well needs no way back")
    screen.click("Close the record")
    screen.until(lambda: harness.text_in_sight("No write to it is known"), "the record to be closed")
    screen.until(lambda: not screen.find(RECOVER, "list item"), "the row to go")
    report.check(not harness.text_in_sight("never ended"), "closed, nothing speaks of it any more")
    report.check(not screen.find("Close the record", "push button"), "and there is no more to close")
    report.end_of(window)


def ended_badly(report, windows):
    """The write has an end, and the drive answers as itself: it may need something all the same."""
    state = os.path.join(harness.WORK, "bad-state")
    folder = os.path.join(state, "optiflash", "journal")
    os.makedirs(folder, mode=0o700)
    with open(os.path.join(folder, "20260101T000000-1-0.jsonl"), "w") as file:
        file.write(JOURNAL + '{"event":"point-of-no-return"}\n{"event":"end","verdict":"failed-recovery"}\n')
    window = harness.Window(environment={"XDG_STATE_HOME": state})
    windows.append(window)
    screen.wait(RECOVER, "list item")
    report.check(not harness.text_in_sight("never ended"), "a job that ended badly has its row")
    report.end_of(window)


def test(report, windows):
    mend(report, windows)
    close_record(report, windows)
    ended_badly(report, windows)


harness.run(test)
