#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stored backups: this drive's and another's, deleted, and one written back by the way of every
write."""

import json
import os
import subprocess
import time

import harness
import screen
import tools

BACKUPS = "Backups"
HOMES = {
    "XDG_STATE_HOME": os.path.join(harness.WORK, "backups-state"),
    "XDG_DATA_HOME": os.path.join(harness.WORK, "backups-data"),
}


def ctl(*arguments):
    command = [harness.CTL, "--practice-speed=100", "--in-process"] + list(arguments)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, **HOMES))


def stored():
    folder = os.path.join(HOMES["XDG_DATA_HOME"], "optiflash", "backups", "practice")
    return [n for n in os.listdir(folder) if "BU40N" in n]


WARNING = "Read by a command that nobody has confirmed on a real drive."
JOB = """{"event":"job","kind":"flash","drive":"HL-DT-ST BD-RE BU40N","drive_id":"practice:bu40n",\
"serial":"OFL00000001","revision":"1.00","family":"mt1959","image":"I"}
{"event":"backup","path":"%s"}
{"event":"write-begins"}
{"event":"point-of-no-return"}
{"event":"end","verdict":"failed-recovery"}
"""


def folders():
    folder = os.path.join(HOMES["XDG_DATA_HOME"], "optiflash", "backups", "practice")
    return [os.path.join(folder, name) for name in stored()]


def warn():
    """As the manifest of a drive whose way of reading is not proven has it."""
    for folder in folders():
        path = os.path.join(folder, "manifest.json")
        with open(path) as file:
            manifest = json.load(file)
        manifest["parts"][0]["warning"] = WARNING
        with open(path, "w") as file:
            json.dump(manifest, file)


def need():
    """A write that ended badly began with each; gives the journals."""
    journals = os.path.join(HOMES["XDG_STATE_HOME"], "optiflash", "journal")
    paths = []
    for number, folder in enumerate(folders()):
        paths.append(os.path.join(journals, "20260101T000000-1-%d.jsonl" % number))
        with open(paths[-1], "w") as file:
            file.write(JOB % os.path.join(folder, "flash.bin"))
    return paths


def open_first():
    """Opens the newest backup's row; its buttons work only in sight."""
    screen.mouse(screen.wait(role="label", contains=", revision 1.00"), BACKUPS)
    time.sleep(0.5)


def test(report, windows):
    ctl("backup", "practice:bu40n")
    ctl("backup", "practice:wh16ns60")
    ctl("backup", "practice:bu40n")
    warn()
    window = harness.Window(speed=50, environment=HOMES)
    windows.append(window)
    tools.open_tool(BACKUPS, "ctrl+b")
    screen.wait("Of this drive", "label")
    texts = "\n".join(screen.labels())
    report.check(texts.count(", revision 1.00") == 3, "each has a row", texts)
    report.check("As it was stored" in texts and "practice drive" in texts, "held against its manifest", texts)
    report.check("Not for this drive" in texts, "why another drive's does not go to this one", texts)
    report.check("The backup was made of other hardware" in texts, "in the core's words", texts)
    report.check("As it was stored, with a warning" in texts, "a warning is seen", texts)
    report.check(WARNING in texts, "and what it is", texts)
    tools.picture("backups", BACKUPS)

    before = stored()
    journals = need()
    row = screen.wait(role="label", contains=", revision 1.00")
    open_first()
    tools.picture("backups-open", BACKUPS)
    screen.click("Delete…")
    screen.wait("Delete this backup?", "label")
    screen.click("Delete")
    screen.until(lambda: harness.text_in_sight("Nothing was deleted."), "it to be refused")
    report.check(len(stored()) == len(before), "what a drive may have to be mended with stays")
    for path in journals:
        os.remove(path)
    screen.until(
        lambda: screen.wait(role="label", contains=", revision 1.00") != row, "the list to be made anew"
    )
    open_first()
    screen.click("Delete…")
    screen.wait("Delete this backup?", "label")
    screen.click("Delete")
    screen.until(lambda: len(stored()) == len(before) - 1, "it to be deleted")
    report.check(True, "deleted, after a question")
    screen.wait("Deleted", "label")
    tools.narrow(report, BACKUPS)
    open_first()
    tools.picture("backups-narrow", BACKUPS)
    screen.click("Restore")
    screen.until(lambda: not tools.is_open(BACKUPS), "the window to go")
    screen.until(
        lambda: harness.text_in_sight("The backup was made of this very drive"), "whose it is"
    )
    report.check(harness.text_in_sight("HL-DT-ST_BD-RE-BU40N"), "it is what will be written")
    harness.shot("backups-restore")
    harness.confirm_flash()
    screen.wait(role="heading", contains="Identical", timeout=60)
    report.check(True, "and goes the way of every write, which finds it in the drive already")
    report.end_of(window)


harness.run(test)
