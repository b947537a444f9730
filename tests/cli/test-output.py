#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is printed, and where it cannot be printed: terminals of all sizes and locales, pipes that
close or stand still, full disks (findings A1, A2, A5 and A12)."""
import json
import os
import re
import signal
import subprocess
import sys
import termios

from terminal import LIMIT, Home, Terminal, exit_code, run_tests, wait_until

ERASE = ("cb 04", 2)


class Screen:
    """As much of a terminal as the program makes use of; counts the lines that were lost above."""

    def __init__(self, text, rows, columns):
        self.lines = [""]
        self.row = 0
        self.lost = 0
        for part in re.findall(r"\x1b\[[0-9]*[A-Za-z]|[^\x1b\n\r]+|.", text, re.S):
            if part == "\r":
                continue
            if part == "\n":
                self.row += 1
            elif part.endswith("A") and part.startswith("\x1b["):
                self.row = max(self.row - int(part[2:-1]), 0)
            elif part == "\x1b[J":
                del self.lines[self.row:]
            elif part == "\x1b[K":
                continue
            else:
                assert "\x1b" not in part, repr(part)
                # a path is not broken by the program; the terminal does it
                assert len(part) <= columns or " " not in part.strip(), part
                self.lines[self.row:self.row + 1] = [
                    part[i:i + columns] for i in range(0, max(len(part), 1), columns)]
                self.row += (max(len(part), 1) - 1) // columns
            while self.row >= len(self.lines):
                self.lines.append("")
            while self.row >= rows:
                self.lost += 1
                self.row -= 1
                del self.lines[0]

    def text(self):
        return "\n".join(self.lines)


def flash(home, **more):
    return Terminal(home, "flash", "practice:" + home.drive, home.image, "--yes", **more)


def settled(text, word):
    frames = text.split("\x1b[J")
    return (len(frames) > 3 and word in frames[-2]
            and all(re.match(r"\x1b\[[0-9]+A\r.*In all", frame, re.S) for frame in frames[-3:-1]))


def looked_at(size, hold=ERASE, env=None):
    """What a held write shows: the whole output, and the last block of bars."""
    with Home() as home:
        job = flash(home, hold=hold, size=size, env=env)
        try:
            job.wait_held()
            # where there is no room for the sentence that tells of the danger, any frame will do
            word = "cannot" if size[0] >= 4 else "In all"
            # nothing else is printed while it is held: a frame that is drawn over the one before
            wait_until("a frame", lambda: job.pump() or settled(job.text(), word))
            text = job.text()
            home.let_go()
            assert exit_code(job.wait_exit()) == 0, job.text()
            frames = text.split("\x1b[J")
            return job.text(), re.sub(r"\x1b\[[0-9]*[A-Za-z]|\r", "", frames[-2])
        finally:
            job.kill()


def test_a12_low():
    for rows in (24, 8, 4, 2):
        text, frame = looked_at((rows, 80))
        lines = [line for line in frame.split("\n") if line]
        assert len(lines) <= max(rows - 1, 1), frame
        assert any("In all" in line for line in lines), frame
        if rows >= 4:
            assert any("Erase" in line for line in lines), frame
            assert "cannot be stopped now" in frame, frame
        # redrawing loses no line above the block: what the screen lost are the lines above it
        frames = text.count("\x1b[J")
        assert frames > 3
        assert Screen(text, rows, 80).lost < 40 + rows, "garbage above the block"


def test_a12_narrow():
    text, frame = looked_at((24, 40))
    Screen(text, 24, 40)
    words = " ".join(frame.split())
    assert "It cannot be stopped now. Do not switch off or unplug." in words, frame
    assert "In all" in frame
    for line in frame.split("\n"):
        assert len(line) < 40, line
        assert not line.rstrip().endswith(("about", ",")), line


def test_a12_ascii():
    for locale in ("C", "POSIX"):
        text, frame = looked_at((24, 100), env={"LC_ALL": locale, "LANG": locale})
        assert text.isascii(), [c for c in text if not c.isascii()]
        assert "?" not in text, re.findall(r".{20}\?.{20}", text)
        assert "#" in frame
    with Home() as home:
        plain = dict(os.environ, LC_ALL="C")
        done = home.run("--help", env=plain)
        assert done.stdout.isascii() and '"optiflashctl VERB --help"' in done.stdout, done.stdout
        done = subprocess.run(home.command("--json", "no-such"), capture_output=True, env=plain,
                              timeout=LIMIT)
        assert "“no-such”" in json.loads(done.stdout.decode("utf-8"))["what"], done.stdout


def test_a12_control_bytes():
    """A file's name is anybody's."""
    name = "evil\x1b]0;title\x07\x1b[2J\u009b31m\u202ename.bin"
    with Home() as home:
        job = Terminal(home, "inspect", home.dir + "/" + name)
        try:
            assert exit_code(job.wait_exit()) == 2
            assert not re.search("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202e]", job.text()), job.text()
            assert "\\x1b]0;title\\x07\\x1b[2J\\x9b31m\\u202ename" in "".join(
                job.text().split()), job.text()
        finally:
            job.kill()
        done = home.run("--json", "inspect", home.dir + "/" + name, check=False)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.stdout), done.stdout
        assert name in json.loads(done.stdout)["what"]


def test_a12_words():
    """Lines of the log and reasons break at words."""
    with Home() as home:
        job = Terminal(home, "plan", "practice:" + home.drive, home.image, size=(24, 50))
        try:
            assert exit_code(job.wait_exit()) == 0
            lines = job.text().replace("\r", "").split("\n")
            whole = home.run("plan", "practice:" + home.drive, home.image).stdout
            words = set(whole.split())
            for line in lines:
                assert len(line) <= 50 or len(line.split()) == 1, line
                for word in line.split():
                    assert word in words, "broken: %r" % word
        finally:
            job.kill()


def test_a5_failed_is_not_whole():
    env = dict(os.environ, TERM="xterm", OFL_PRACTICE_FAULTS="nd3500=hang cb 12")
    with Home() as home:
        job = flash(home, env=env)
        try:
            assert exit_code(job.wait_exit()) not in (0,), job.text()
            last = re.sub(r"\x1b\[[0-9]*[A-Za-z]|\r", "", job.text().split("\x1b[J")[-2])
            last = last[last.index("✓"):]
            whole = next(line for line in last.split("\n") if "In all" in line)
            assert "100 %" not in whole and "working" not in last, last
        finally:
            job.kill()
    with Home() as home:
        done = home.run("flash", "practice:" + home.drive, home.image, "--yes", check=False, env=env)
        shares = re.findall(r"^\[ *(\d+) %\]", done.stdout, re.M)
        assert shares and max(map(int, shares)) < 100, done.stdout
        assert shares == sorted(shares, key=int), done.stdout
    with Home() as home:
        done = home.run("--json", "flash", "practice:" + home.drive, home.image, "--yes",
                        check=False, env=env)
        shown = [json.loads(line) for line in done.stdout.splitlines()]
        shown = [line["fraction"] for line in shown if line["event"] == "progress"]
        assert shown == sorted(shown) and shown[-1] < 1, shown


def test_a5_reading_begins_at_zero():
    for verb in ("backup", "verify"):
        with Home() as home:
            job = Terminal(home, verb, "practice:" + home.drive,
                           *([home.image] if verb == "verify" else []),
                           hold=("cc 00 00 00 60", 1), env={"TERM": "dumb"})
            try:
                job.wait_held()
                job.wait_text("Check: done")
                shares = re.findall(r"^\[ *(\d+) %\]", job.text(), re.M)
                # who the drive is takes a share of its own, but nothing near a half of all
                assert max(map(int, shares)) < 25, job.text()
            finally:
                job.kill()


def test_a12_full_disk():
    with Home() as home, open("/dev/full", "w", encoding="utf-8") as full:
        for args in (["report", "practice:nd3500"], ["list", "--practice"], ["families"],
                     ["--json", "families"]):
            done = subprocess.run(home.command(*args), stdout=full, stderr=subprocess.PIPE,
                                  text=True, timeout=LIMIT)
            assert done.returncode == 1, (args, done.returncode)
            assert "No space left" in done.stderr, done.stderr
        done = subprocess.run(home.command("flash", "practice:nd3500", home.image, "--yes"),
                              stdout=full, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
        assert done.returncode == 0, done.returncode
        assert home.verdict() == "verified"
        # however quickly it was over
        assert "has ended: Verified" in done.stderr, done.stderr


def test_a1_reader_leaves():
    """“flash … | head -1”"""
    with Home() as home:
        environment = dict(os.environ, OFL_PRACTICE_HOLD="nd3500=cb 04:2:" + home.held)
        job = subprocess.Popen(home.command("-v", "flash", "practice:nd3500", home.image, "--yes"),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        job.stdout.readline()
        job.stdout.close()
        wait_until("held", home.is_held)
        said = job.stderr.readline().decode()
        assert "The job goes on; the next start of optiflashctl says how it ended" in said, said
        home.let_go()
        errors = job.stderr.read().decode()
        assert job.wait(LIMIT) == 0, errors
        assert home.verdict() == "verified"
        assert "has ended: Verified" in errors, errors
        assert "Verified" in home.run("practice", "list").stderr


def test_a1_reader_stands_still():
    """A pipe that is full in the middle of a write: the job does not wait for it."""
    with Home() as home:
        environment = dict(os.environ, OFL_PRACTICE_HOLD="nd3500=cb 04:2:" + home.held)
        read_end, write_end = os.pipe()
        job = subprocess.Popen(home.command("-v", "flash", "practice:nd3500", home.image, "--yes"),
                               stdout=write_end, stderr=subprocess.DEVNULL, env=environment)
        try:
            wait_until("held", home.is_held)
            os.set_blocking(write_end, False)
            try:
                while True:
                    os.write(write_end, b"x" * 512)
            except BlockingIOError:
                os.set_blocking(write_end, True)
            home.let_go()
            wait_until("end in the journal", lambda: "end" in home.events())
            assert home.verdict() == "verified"
            assert job.poll() is None, "it waits for its reader"
            # who does not want to wait any more says so; before the job's end is seen it means
            # the job, so it is said again, but not while the program may be ending already: a
            # sanitizer's takes its time for that
            for _ in range(30):
                os.kill(job.pid, signal.SIGTERM)
                try:
                    job.wait(20)
                    break
                except subprocess.TimeoutExpired:
                    continue
            assert job.returncode == 0, job.returncode
            assert "Verified" in home.run("practice", "list").stderr
        finally:
            job.kill()
            job.wait()
            os.close(read_end)
            os.close(write_end)


def test_a1_terminal_stands_still():
    """Ctrl-S: the write goes on, and ends in the journal; Ctrl-Q shows the end."""
    with Home() as home:
        job = flash(home, hold=ERASE)
        try:
            job.wait_held()
            termios.tcflow(job.master, termios.TCIOFF)
            job.press(b"\x13")
            home.let_go()
            wait_until("end in the journal", lambda: "end" in home.events())
            assert home.verdict() == "verified"
            job.press(b"\x11")
            termios.tcflow(job.master, termios.TCION)
            assert exit_code(job.wait_exit()) == 0
            assert "Verified" in job.text()
        finally:
            job.kill()


def test_a1_closed_descriptors():
    """A journal or a drive's node must not become the standard output."""
    for closed in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
        with Home() as home:
            environment = dict(os.environ, OFL_PRACTICE_HOLD="nd3500=cb 04:2:" + home.held)
            job = subprocess.Popen(["/bin/sh", "-c", 'exec "$@" ' + closed, "sh"]
                                   + home.command("flash", "practice:nd3500", home.image, "--yes"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   stdin=subprocess.DEVNULL, env=environment)
            try:
                wait_until("held", home.is_held)
                for fd in range(3):
                    assert os.readlink("/proc/%d/fd/%d" % (job.pid, fd)) == "/dev/null", closed
                home.let_go()
                assert job.wait(LIMIT) == 0, closed
                assert home.verdict() == "verified"
            finally:
                job.kill()
                job.wait()
            if ">&-" in closed.split()[0:1]:
                done = subprocess.run(["/bin/sh", "-c", '"$@" ' + closed, "sh"]
                                      + home.command("families"), capture_output=True,
                                      timeout=LIMIT)
                assert done.returncode == 1, done


def test_a2_background():
    """“flash … &” on a terminal with tostop set: in the write nothing that it prints stops it."""
    with Home() as home:
        job = flash(home, hold=ERASE)
        try:
            job.wait_held()
            modes = termios.tcgetattr(job.master)
            modes[3] |= termios.TOSTOP
            termios.tcsetattr(job.master, termios.TCSANOW, modes)
            job.to_background()
            job.press(b"\x1a\x03")
            home.let_go()
            wait_until("end in the journal", lambda: job.pump() or "end" in home.events())
            assert home.verdict() == "verified"
        finally:
            job.kill()


if __name__ == "__main__":
    sys.exit(run_tests((name[5:].replace("_", "-"), test) for name, test in list(globals().items())
                       if name.startswith("test_")))
