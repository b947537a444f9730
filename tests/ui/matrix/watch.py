# SPDX-License-Identifier: GPL-3.0-or-later
"""A window with an eye in it (eye.c): what it shows is seen from the inside, in any language."""

import gettext
import glob
import json
import os
import re
import socket
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

import harness  # noqa: E402
import screen  # noqa: E402

FOLDER = os.environ.get("SCREENSHOTS", harness.WORK)
USUAL = 96
BORDERS = 12
DIGITS = re.compile(r"\d+")


ROOT = "/org/a11y/atspi/accessible/root"


class Readers:
    """The bus of screen readers. A level of the tree is asked for at once, and all names come in one
    message, where to walk takes thousands one after another."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        (address,) = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1
        ).unpack()
        flags = Gio.DBusConnectionFlags
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION
        )

    def ask_all(self, questions):
        """What each of (name, path, interface, method) is answered; nothing where it has gone."""
        answers = []
        waiting = len(questions)

        def on_answer(bus, result):
            nonlocal waiting
            waiting -= 1
            try:
                answers.append(bus.call_finish(result).unpack()[0])
            except GLib.Error:  # the node died while it was looked at
                pass

        for name, path, interface, method in questions:
            self.bus.call(
                name, path, "org.a11y.atspi." + interface, method, None, None, 0,
                1000 * 60 * screen.SLOW, None, on_answer,
            )  # fmt: skip
        while waiting > 0:
            GLib.MainContext.default().iteration(True)
        return answers

    def nodes(self):
        """Role, name and description of all that programs tell."""
        level = [("org.a11y.atspi.Registry", ROOT)]
        names = set()
        seen = set()
        while level:
            answers = self.ask_all([(*node, "Accessible", "GetChildren") for node in level])
            level = [node for answer in answers for node in answer if node not in seen]
            seen.update(level)
            names.update(name for name, _ in level)
        caches = self.ask_all([(name, "/org/a11y/atspi/cache", "Cache", "GetItems") for name in names])
        # what a cache has from before has gone out of sight
        return [
            (Atspi.Role(item[7]).value_nick.replace("-", " "), item[6], item[8])
            for items in caches for item in items if item[0] in seen
        ]  # fmt: skip


class Eye:
    """What is told to the eye in a program, and what it answers."""

    def open_eye(self):
        """The environment of the program, and the file descriptor that it has to be given."""
        self.eye, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.eye.settimeout(60 * screen.SLOW)
        self.readers = None
        return {"LD_PRELOAD": os.environ["EYE"], "OFL_EYE": str(self.theirs.fileno())}

    def told(self, command):
        """What the eye answers to @command: whether it could be done."""
        self.eye.send(command.encode())
        answer = self.eye.recv(16)
        if not answer:
            raise screen.NotFound("the program is gone: " + command)
        return answer.startswith(b"yes")

    def do(self, command):
        """Until it can be done."""
        screen.until(lambda: self.told(command), command)

    def look(self):
        """The windows in sight; one is in front."""
        path = os.path.join(harness.WORK, self.name + ".look")
        self.do("look " + path)
        with open(path) as file:
            return json.load(file)

    def front(self):
        return next(window for window in self.look() if window["front"])

    def become(self, width, height):
        """Asks for a size, and waits for it; a window that cannot be so narrow takes the least that it can."""

        def has_become():
            windows = self.look()
            front = next(window for window in windows if window["front"])
            if front["type"] == "AdwMessageDialog":
                front = next(window for window in windows if window["type"] == "OflUiWindow")
            # but for its border
            return abs(front["width"] - max(width, front["least-width"])) <= BORDERS

        self.do("size %d %d" % (width, height))
        screen.until(has_become, "the window to be %d wide" % width)

    def settle(self):
        """What is in sight once it stands still, but for the figures in it; what never stands still is
        looked at all the same."""
        before = None
        for _ in range(20):
            seen = self.look()
            shape = DIGITS.sub("", json.dumps(seen))
            grown = all(window["width"] >= window["least-width"] - BORDERS for window in seen)
            if shape == before and grown:
                return seen
            before = shape
            time.sleep(0.1)
        return seen

    def written(self):
        """What it tells that was never meant to be translated."""
        return set()

    def texts(self):
        return [text["text"] for window in self.look() for text in window["texts"]]

    def told_to_readers(self):
        if self.readers is None:
            self.readers = Readers()
        return screen.until(self.readers.nodes, "the window's names")


def strings_of(line):
    """All strings of a line of JSON; of one that was cut by a kill, none."""
    try:
        waiting = [json.loads(line)]
    except ValueError:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


class Watched(Eye, harness.Window):
    """The program, with an eye in it, speaking @language."""

    def __init__(self, language, *arguments, environment=None, **kw):
        self.language = language
        self.drive = None
        env = dict(environment or {}, LANGUAGE=language, LC_ALL="C.UTF-8", **self.open_eye())
        catalogue = gettext.translation(
            "optiflash", os.environ["TEXTDOMAINDIR"], [language], fallback=language == "en"
        )
        self.catalogue = catalogue
        self.state = env.get("XDG_STATE_HOME", os.environ["XDG_STATE_HOME"])
        super().__init__(
            *arguments, environment=env, listed=None, passed=[self.theirs.fileno()], **kw
        )
        self.theirs.close()
        self.told("action app.look")

    def say(self, msgid):
        """As the window says it; a sentence that the window does not have is a mistake of this test."""
        text = self.catalogue.gettext(msgid)
        if self.language != "en" and text == msgid:
            raise screen.NotFound("no translation of “%s”" % msgid)
        return text.replace("_", "")

    def press(self, msgid, *values):
        text = self.say(msgid)
        self.do("press " + (text % values if values else text))

    def wait_for(self, *msgids, part=False):
        """Until one of them is in sight."""
        wanted = [self.say(msgid) for msgid in msgids]

        def seen():
            texts = self.texts()
            return any(w == t or (part and w in t) for w in wanted for t in texts)

        screen.until(seen, " or ".join(wanted))

    def picture(self, name, folder=os.path.join(FOLDER, "matrix")):
        os.makedirs(folder, exist_ok=True)
        self.do("picture " + os.path.join(folder, name + ".png"))

    def main_in_front(self):
        return self.front()["type"] == "OflUiWindow"

    def written(self):
        """What stands in journals, which stay English, and the values of choices as one types them."""
        found = set()
        for path in glob.glob(os.path.join(self.state, "optiflash", "journal", "*.jsonl")):
            with open(path, errors="replace") as file:
                for line in file:
                    found.update(strings_of(line))
        for path in glob.glob(os.path.join(os.environ["SOURCE_ROOT"], "core", "families", "*", "*.ini")):
            with open(path) as file:
                for values in re.findall("^values=(.*);$", file.read(), re.M):
                    found.update(values.split(";"))
        return found

    def close_front(self):
        """What stands over the window, if anything does."""
        if not self.main_in_front():
            self.told("close")
            screen.until(self.main_in_front, "the window in front to go")

    def help_titles(self):
        return [
            text["text"] for text in self.front()["texts"]
            if text["kind"] == "label" and "navigation-sidebar" in text["classes"]
        ]  # fmt: skip

    def go_to(self, drive):
        self.drive = drive
        self.stay()

    def stay(self):
        """At the page of the drive, also where a window has become narrow."""
        if self.drive is not None and self.main_in_front():
            self.do("action app.show-drive::practice:" + self.drive)
