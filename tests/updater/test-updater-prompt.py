#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The question of the maker's program on a terminal: what was typed before it stood there is no answer, nor is
the end of the input."""
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["SOURCE_ROOT"], "tests", "cli"))
import terminal  # noqa: E402
from missing import find_missing  # noqa: E402
from terminal import Home, Terminal, exit_code  # noqa: E402

PROMPT = "Let it write? Type yes: "


class Asked:
    """A job that asks, on a terminal; @early is typed before the program has begun."""

    def __init__(self, early=b""):
        self.home = Home(drive="standard", revision="1.01")
        image = self.home.dir + "/image.bin"  # the program looks for this name
        shutil.move(self.home.image, image)
        self.job = Terminal(
            self.home, "updater", "practice:standard", os.environ["UPDATER_EXE_X86_64"], image,
            "--argument=direct", "--argument=flash", "--argument=", "--hidden", "--accept-no-backup",
            env={"OFL_UPDATER_LIBDIR": os.environ["UPDATER_LIBDIR"]})
        self.job.wait_text("The maker's program:")
        self.job.press(early)
        self.job.wait_text(PROMPT)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.job.kill()
        shutil.rmtree(self.home.dir, ignore_errors=True)

    def assert_untouched(self):
        assert exit_code(self.job.wait_exit()) == 1, self.job.text()
        assert self.home.verdict() == "cancelled", self.home.journal()[-1]
        assert "point-of-no-return" not in self.home.events()
        assert self.home.drive_revision() == "1.00"


def test_yes():
    with Asked() as asked:
        asked.job.press(b"yes\n")
        asked.job.wait_exit()
        assert "point-of-no-return" in asked.home.events(), asked.job.text()
        assert asked.home.drive_revision() == "1.01"


def test_typed_before():
    with Asked(early=b"yes") as asked:
        asked.job.press(b"\n")
        asked.assert_untouched()
        assert "not agreed to" in asked.job.text()


def test_end_of_input():
    with Asked() as asked:
        asked.job.press(b"\x04")
        asked.job.wait_text("Not answered: the job waits")
        assert "point-of-no-return" not in asked.home.events()
        asked.job.press(b"\x03")
        asked.assert_untouched()


MISSING = find_missing()
if MISSING:
    print("1..0 # SKIP " + MISSING)
    sys.exit(0)
sys.exit(terminal.run_tests([("yes", test_yes), ("typed-before", test_typed_before),
                             ("end-of-input", test_end_of_input)]))
