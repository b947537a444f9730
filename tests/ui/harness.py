# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the window for a test, and reports in TAP."""

import json
import os
import re
import signal
import subprocess
import sys
import traceback

import screen

WORK = os.environ["UI_WORK"]
APP = os.environ["OPTIFLASH"]
CTL = os.environ["OPTIFLASHCTL"]
TITLE = "Optiflash"
MODEL = "BD-RE BU40N"
DRIVE = "HL-DT-ST BD-RE BU40N"
FLASH = "Flash %s…" % MODEL

# What GTK says of this bare display and not of the program.
HARMLESS = re.compile(r"dconf|Unable to acquire session bus|AT-SPI: Could not obtain desktop path")


def firmware(revision="1.03", variant=None, drive="bu40n"):
    """The path of a firmware file for a practice drive, made by the program itself."""
    path = os.path.join(WORK, "%s-%s-%s.bin" % (drive, revision, variant or "good"))
    command = [CTL, "practice", "image", "--overwrite", drive, revision, path] + ([variant] if variant else [])
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


class Window:
    """The program, running on practice drives that nobody has used before."""

    count = 0

    def __init__(
        self, *arguments, speed=8, environment=None, in_process=True, listed=DRIVE, practice=True,
        passed=()
    ):
        """@in_process: its jobs run in the window itself, not in a service that happens to be
        installed. @listed: what the practice BU40N is called in the list; its node while another
        program has it; None: whoever starts it waits for it. @practice: there are practice drives;
        without them there are none. @passed: file descriptors that it is given."""
        Window.count += 1
        self.name = "run-%d" % Window.count
        self.heartbeat = os.path.join(WORK, self.name + ".heartbeat")
        self.errors = open(os.path.join(WORK, self.name + ".stderr"), "w+")
        beats = open(self.heartbeat, "wb")
        env = dict(os.environ, OFL_HEARTBEAT=str(beats.fileno()), G_DEBUG="gc-friendly")
        env["XDG_STATE_HOME"] = os.path.join(WORK, self.name + "-state")
        env["XDG_DATA_HOME"] = os.path.join(WORK, self.name + "-data")
        env.update(environment or {})
        self.state_home = env["XDG_STATE_HOME"]
        self.data_home = env["XDG_DATA_HOME"]
        command = [APP, "--finder=none", "--practice-speed=%d" % speed]
        command += ["--practice"] if practice else []
        command += ["--in-process"] if in_process else []
        self.process = subprocess.Popen(
            command + list(arguments), stderr=self.errors, env=env, pass_fds=[beats.fileno(), *passed]
        )
        beats.close()
        if not listed:
            return
        if practice:
            screen.wait(contains=listed, role="list item", timeout=30)
        else:
            screen.wait("No drives", "label", timeout=30)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        """Ends it with SIGTERM; gives its exit status and its complaints."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=screen.SLOW * 60)
        self.errors.seek(0)
        complaints = [
            line.strip()
            for line in self.errors
            if re.search(r"CRITICAL|WARNING|ERROR|Sanitizer", line) and not HARMLESS.search(line)
        ]
        return status, complaints

    def beats(self):
        with open(self.heartbeat) as file:
            return json.load(file)


class Report:
    """Counts what was checked, and prints it as TAP."""

    def __init__(self):
        self.number = 0
        self.failed = 0

    def check(self, good, what, why=""):
        self.number += 1
        self.failed += not good
        print("%sok %d %s" % ("" if good else "not ", self.number, what), flush=True)
        if not good and why:
            print("# %s" % why.replace("\n", "\n# "), flush=True)

    def end_of(self, window):
        status, complaints = window.end()
        self.check(status == 0, "SIGTERM ends the program cleanly", "status %s" % status)
        self.check(not complaints, "nothing critical on stderr", "; ".join(complaints))


def shot(name):
    """A picture of the window: beside the build, or, when asked for, in place of one that the source
    tree has."""
    folder = os.environ.get("SCREENSHOTS", WORK)
    kept = os.path.join(os.environ["SOURCE_ROOT"], "data", "screenshots")
    if os.environ.get("OFL_UPDATE_SCREENSHOTS") == "1" and os.path.exists(
        os.path.join(kept, name + ".png")
    ):
        folder = kept
    os.makedirs(folder, exist_ok=True)
    screen.screenshot(os.path.join(folder, name + ".png"), TITLE)


def confirm_flash():
    """Presses the button and confirms; the job may be over before anybody looks."""
    button = screen.wait(FLASH, "push button")
    screen.until(lambda: screen.sensitive(button), "the flash button to become sensitive")
    screen.click(FLASH)
    dialog = screen.wait(role="dialog")
    screen.click("Flash %s" % MODEL, below=dialog)


def start_flash():
    """The same, and waits until the job is seen to run."""
    confirm_flash()
    return screen.wait("Whole job", "progress bar")


def text_in_sight(part):
    """A label that contains @part."""
    return next((text for text in screen.labels() if part in text), None)


NOTES = os.path.join(WORK, "notifications")


def start_notifications():
    """A notification service, as a desktop has one: it writes titles into NOTES."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notifications.py")
    listener = subprocess.Popen([sys.executable, script, NOTES])
    screen.until(lambda: os.path.exists(NOTES), "the notification service")
    return listener


def explain(error):
    """What was in sight when a test stopped."""
    for text in [traceback.format_exc(), "in sight:"] + screen.labels():
        for line in text.splitlines():
            print("# " + line)
    try:
        shot("failure-" + os.path.basename(sys.argv[0]).removesuffix(".py"))
    except Exception as no_picture:
        print("# no picture: %s" % no_picture)


def run(test):
    """Runs one test function with a report, and closes the TAP."""
    report = Report()
    windows = []
    listener = start_notifications()
    try:
        test(report, windows)
    except Exception as error:  # a test that stops is a failure, with the screen as its witness
        report.check(False, "the test came to its end", str(error))
        explain(error)
        for window in windows:
            window.kill()
            print("# stderr: " + open(window.errors.name).read()[-2000:].replace("\n", "\n# "))
    listener.terminate()
    listener.wait()
    print("1..%d" % report.number, flush=True)
    sys.exit(1 if report.failed else 0)
