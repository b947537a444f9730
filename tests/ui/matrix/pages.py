# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the window, one after another, in whatever language it speaks: each is brought into sight
and given to the caller."""

import glob
import os
import shutil
import subprocess
import zipfile

import harness
import screen

# Which drive ends how: each keeps its page, so one program shows all verdicts.
FAULTS = {
    "bp60nb10": "fail 3b 40",
    "bp60nb12": "power-loss-burn 300",
    "wh16ns60": "silent",
    "ad7170": "slow 400",
    "dvr109": "scratched 20000 3000",
}
WORLD = {
    "OFL_PRACTICE_FAULTS": ",".join("%s=%s" % fault for fault in FAULTS.items()),
    "OFL_PRACTICE_DISC": "dvr109=pressed",
}
BROKEN = "nd3500"
# pages that are not in sight in each size
SIZES = {"list-narrow": ("narrow", "large-narrow")}
VERDICTS = (
    # name, drive, revision
    ("verified", "ad7240", "1.03"),
    ("confirmed", "sd616", "1.03"),
    ("unknown", "shd163", "1.00"),
    ("identical", "ad7280", "1.00"),
    ("not-touched", "bp60nb10", "1.03"),
    ("needs-recovery", "bp60nb12", "1.03"),
    ("unchanged", "wh16ns60", "1.03"),
)
MODELS = {
    "ad7240": "DVD RW AD-7240S",
    "sd616": "DVD-ROM SD-616F",
    "shd163": "DVD-ROM SH-D163B",
    "ad7280": "DVD RW AD-7280S",
    "bp60nb10": "BD-RE BP60NB10",
    "bp60nb12": "BD-RE BP60NB10",
    "wh16ns60": "BD-RE  WH16NS60",
    "ad7170": "DVD RW AD-7170A",
    "bu40n": "BD-RE BU40N",
}
ENDINGS = (
    "Verified: read back and equal",
    "Confirmed: the drive reports the new firmware",
    "Unknown: what the drive holds is not proven",
    "Identical: this firmware was already there",
    "Failed: the drive was not touched",
    "Failed: the drive needs recovery",
    "Unchanged: the drive kept its old firmware",
)


class Past:
    """What has happened before the program starts: backups, jobs, a write that was killed."""

    def __init__(self):
        self.homes = {
            "XDG_STATE_HOME": os.path.join(harness.WORK, "past-state"),
            "XDG_DATA_HOME": os.path.join(harness.WORK, "past-data"),
        }
        env = dict(os.environ, **self.homes)
        ctl = [harness.CTL, "--in-process"]
        for drive in ("bu40n", "premium"):
            subprocess.run(
                ctl + ["--practice-speed=200", "backup", "practice:" + drive],
                stdout=subprocess.DEVNULL, env=env, check=True,
            )  # fmt: skip
        write = ["--practice-speed=1", "flash", "practice:" + BROKEN, self.image(BROKEN, "2.1B"), "--yes"]
        process = subprocess.Popen(
            ctl + write, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env
        )
        screen.until(lambda: self.burns() or process.poll() is not None, "the write to be killed", 60)
        process.kill()
        process.wait()

    @staticmethod
    def image(drive, revision, variant=None):
        return harness.firmware(revision, variant, drive)

    def burns(self):
        for path in glob.glob(os.path.join(self.homes["XDG_STATE_HOME"], "optiflash", "journal", "*")):
            with open(path, errors="replace") as file:
                if file.read().partition('"event":"point-of-no-return"')[2].count("\n") > 3:
                    return True
        return False

    def copy(self, name):
        """For one program: what it does is no other's past."""
        copies = {}
        for variable, folder in self.homes.items():
            copies[variable] = os.path.join(harness.WORK, "%s-%s" % (name, variable))
            shutil.copytree(folder, copies[variable])
        return copies


class Files:
    """Firmware files, made once for all runs."""

    def __init__(self):
        self.good = harness.firmware("1.03")
        self.damaged = harness.firmware("1.03", "bad-cmac")
        self.several = harness.firmware("1.03", "other-model")
        self.zip = os.path.join(harness.WORK, "update.zip")
        with zipfile.ZipFile(self.zip, "w") as file:
            for path in (self.good, harness.firmware("1.04"), harness.firmware("1.02", drive="nd3500")):
                file.write(path, os.path.basename(path))
        self.of = {drive: harness.firmware(revision, drive=drive) for _, drive, revision in VERDICTS}
        self.running = harness.firmware("1.03", drive="ad7170")


def settings():
    """No movement, which pictures would catch half way."""
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "gtk-4.0")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "settings.ini")
    lines = open(path).read() if os.path.exists(path) else "[Settings]\n"
    if "gtk-enable-animations" not in lines:
        with open(path, "w") as file:
            file.write(lines.rstrip() + "\ngtk-enable-animations=0\n")


def flash(window, drive, path):
    """From a drive's page to the confirmed question."""
    window.go_to(drive)
    window.do("open " + path)
    flash_button = "press " + window.say("_Flash %s…") % MODELS[drive]

    def agreed():
        """Asked for somebody's word, of a file that fits by its name only or a drive that cannot be read."""
        window.told("switch-on")
        return window.told(flash_button)

    screen.until(agreed, "the question")
    window.press("_Flash %s", MODELS[drive])


def setup_pages(window, files):
    yield "list"
    window.go_to("bu40n")
    window.wait_for("Firmware file")
    yield "drive"
    window.press("What this practice drive assumes")
    yield "drive-assumes"
    window.press("What this practice drive assumes")
    window.press("Main menu")
    yield "menu"
    window.press("Main menu")
    window.press("Practise the worst")
    yield "menu-worst"
    window.press("Practise the worst")
    window.do("action win.practice-fault::cable")
    window.wait_for("_Mend")
    yield "drive-garbled"
    window.do("action win.practice-fault::unplugged")
    window.wait_for("_Plug in again")
    yield "drive-unplugged"
    window.do("action win.practice-fault::")


def file_pages(window, files):
    window.go_to("bu40n")
    window.do("open " + files.good)
    window.wait_for("Does it fit?")
    yield "file"
    for row in ("What is inside", "The file’s own checks", "Does it fit?", "Expert choices"):
        window.told("press " + window.say(row))
    yield "file-open"
    window.do("scroll 1")
    yield "file-open-end"
    window.press("_Flash %s…", MODELS["bu40n"])
    yield "question"
    window.press("_Cancel")
    window.do("open " + files.damaged)
    window.told("scroll 0")
    yield "file-refused"
    window.do("open " + files.zip)
    window.wait_for("Firmware in this file")
    window.press("Firmware in this file")
    yield "images"
    # the drive in sight would take it
    window.go_to("px716")
    window.do("open " + files.several)
    screen.until(lambda: len(window.look()) == 2, "the question for a drive")
    yield "drive-chooser"
    window.close_front()


def job_pages(window, files):
    for name, drive, _ in VERDICTS:
        flash(window, drive, files.of[drive])
    flash(window, "ad7170", files.running)
    yield "progress"
    window.do("action win.log")
    yield "progress-log"
    for name, drive, _ in VERDICTS:
        window.go_to(drive)
        window.wait_for(*ENDINGS)
        yield "verdict-" + name
    window.do("action win.log")
    yield "verdict-log"
    window.become(360, 1400)
    window.press("Back to the drives")
    window.drive = None
    yield "list-narrow"


def tool_pages(window, files):
    window.go_to("bu40n")
    window.do("action win.tool::link")
    window.press("_Short test")
    window.wait_for("What was seen")
    yield "link"
    window.close_front()
    window.go_to("dvr109")
    window.do("action win.tool::doctor")
    yield "doctor"
    window.press("_Examine the drive")
    window.wait_for("What was found")
    yield "doctor-found"
    window.do("scroll 1")
    yield "doctor-chart"
    window.close_front()
    for tool in ("holders", "backups", "history"):
        window.do("action win.tool::" + tool)
        yield tool
        window.close_front()
    window.go_to(BROKEN)
    window.wait_for("An earlier job on this drive never ended.")
    yield "unfinished"
    window.press("_Details…")
    yield "unfinished-question"
    window.press("Remind _me")
    window.do("action win.tool::recover")
    window.wait_for("Ways back")
    yield "recovery"
    window.do("scroll 1")
    yield "recovery-end"
    window.close_front()
    window.go_to("sohw812s")
    yield "drive-not-flashable"
    window.do("action win.tool::updater")
    yield "updater"
    window.press("Advanced")
    window.do("scroll 1")
    yield "updater-end"
    window.close_front()
    window.go_to("bp60nb12")
    window.press("_Back to the drive")
    yield "drive-boot-mode"


def other_pages(window, files):
    window.do("action app.preferences")
    yield "preferences"
    window.close_front()
    window.do("action app.help")
    titles = window.help_titles()
    yield "help"
    for number, title in enumerate(titles[1:], 2):
        window.do("choose " + title)
        yield "help-%d" % number
    window.close_front()
    window.do("action win.find")
    yield "search"
    window.do("type PX-716")
    yield "search-found"
    window.do("type zzz")
    yield "search-none"
    window.close_front()
    window.do("action app.shortcuts")
    yield "shortcuts"
    window.close_front()
    window.do("action app.about")
    yield "about"
    window.close_front()


PARTS = (setup_pages, file_pages, job_pages, tool_pages, other_pages)


def practice(window, files):
    for part in PARTS:
        yield from part(window, files)


def empty(window, files):
    window.wait_for("No drives")
    yield "empty"
    window.do("open " + files.good)
    name = os.path.basename(files.good)
    screen.until(lambda: any(name in text for text in window.texts()), "what is said of the file")
    yield "empty-file"


def portraits(window, files):
    """What the metainfo shows: the window as it is the first time."""
    window.go_to("bu40n")
    window.do("open " + files.good)
    window.wait_for("Before you flash")
    yield "file"
    window.press("_Flash %s…", MODELS["bu40n"])
    window.press("_Flash %s", MODELS["bu40n"])
    window.wait_for("This cannot be stopped now", part=True)
    yield "flashing"
    window.wait_for(*ENDINGS)
    yield "verdict"
