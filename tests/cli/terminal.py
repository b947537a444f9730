# SPDX-License-Identifier: GPL-3.0-or-later
"""A job on a terminal of its own, held at one command of its practice drive until the test lets it
go. Nothing here races against time: the test waits for what it has to see, and the limits only
guard against waiting for ever."""
import fcntl
import glob
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

CTL = os.environ["OPTIFLASHCTL"]
LIMIT = int(os.environ.get("LIMIT", "120"))


def wait_until(what, condition, limit=LIMIT):
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited in vain: " + what)
        time.sleep(0.005)


class Home:
    """Folders of one test, and a firmware for its practice drive."""

    def __init__(self, drive="nd3500", revision="9.99"):
        self.dir = tempfile.mkdtemp(prefix="ofl-terminal-")
        self.drive = drive
        self.revision = revision
        self.image = self.dir + "/new.bin"
        self.held = self.dir + "/held"
        self.run("practice", "image", drive, revision, self.image)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir, ignore_errors=True)

    def command(self, *args):
        return [CTL, "--finder=none", "--practice-speed=0", "--in-process", "--state-dir",
                self.dir + "/state", "--backup-dir", self.dir + "/backups", *args]

    def run(self, *args, check=True, **more):
        done = subprocess.run(self.command(*args), capture_output=True, text=True, timeout=LIMIT,
                              stdin=subprocess.DEVNULL, **more)
        if check and done.returncode != 0:
            raise AssertionError("%s: %d\n%s%s" % (args, done.returncode, done.stdout, done.stderr))
        return done

    def drive_revision(self):
        for line in self.run("--json", "info", "practice:" + self.drive).stdout.splitlines():
            entry = json.loads(line)
            if entry.get("revision"):
                return entry["revision"]
        raise AssertionError("info tells no revision")

    def journal(self):
        lines = []
        for path in sorted(glob.glob(self.dir + "/state/journal/*.jsonl")):
            with open(path, encoding="utf-8") as file:
                lines += [json.loads(line) for line in file.read().split("\n")[:-1]]
        return lines

    def events(self):
        return [line["event"] for line in self.journal() if line["event"] != "command"]

    def verdict(self):
        ends = [line for line in self.journal() if line["event"] == "end"]
        assert len(ends) == 1, "not one end: %s" % self.events()
        return ends[0]["verdict"]

    def is_held(self):
        return os.path.exists(self.held)

    def let_go(self):
        os.unlink(self.held)


def lead(slave, command, environment, errors, report):
    """A shell in few words: leads the session, gives the terminal to the program, waits for it,
    and hands a hang-up on."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(slave, fd)
    begin, begun = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(begin, 1)
        if errors is not None:
            os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT, 0o600), 2)
        for number in (signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.closerange(3, 256)
        os.execve(command[0], command, environment)
    signal.signal(signal.SIGHUP, lambda *unused: os.kill(pid, signal.SIGHUP))
    os.setpgid(pid, pid)
    os.tcsetpgrp(0, pid)
    os.write(report, b"%d\n" % pid)
    os.write(begun, b"x")
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, lambda *unused: os.tcsetpgrp(0, os.getpgrp()))
    os.write(report, b"ready\n")
    status = os.waitpid(pid, 0)[1]
    os.write(report, b"%d\n" % status)


class Terminal:
    """optiflashctl in the foreground of a new terminal, its errors in a file when asked for.

    pid is the program's, leader that of the shell above it."""

    def __init__(self, home, *args, hold=None, errors=False, env=None, size=(30, 100)):
        self.home = home
        self.output = b""
        self.status = None
        self.errors = home.dir + "/errors"
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        environment = {**os.environ, "TERM": "xterm", **(env or {})}
        if hold is not None:
            environment["OFL_PRACTICE_HOLD"] = "%s=%s:%d:%s" % (home.drive, *hold, home.held)
        self.report, report = os.pipe()
        self.leader = os.fork()
        if self.leader == 0:
            os.close(self.master)
            os.close(self.report)
            try:
                lead(slave, home.command(*args), environment, self.errors if errors else None,
                     report)
            finally:
                os._exit(0)
        os.close(slave)
        os.close(report)
        self.pid = int(self.read_report())
        assert self.read_report() == b"ready\n"

    def read_report(self):
        """A line of the leader; nothing when it is dead."""
        line = b""
        while not line.endswith(b"\n"):
            byte = os.read(self.report, 1)
            if not byte:
                break
            line += byte
        return line

    def pump(self):
        while self.master is not None and select.select([self.master], [], [], 0)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            if not data:
                os.close(self.master)
                self.master = None
            self.output += data

    def is_over(self):
        self.pump()
        if self.status is None and select.select([self.report], [], [], 0)[0]:
            line = self.read_report()
            self.status = int(line) if line else -1
            os.waitpid(self.leader, 0)
            self.pump()
        return self.status is not None

    def wait_held(self):
        wait_until("the drive holds", lambda: self.home.is_held() or self.is_over())
        assert not self.is_over(), "ended before: " + self.text()

    def wait_text(self, text):
        wait_until("“%s” on the terminal" % text,
                   lambda: self.pump() or text in self.text() or self.is_over())
        assert text in self.text(), self.text() + self.read_errors()

    def read_errors(self):
        """What a program that has died has said, a sanitizer's report for one."""
        if not os.path.exists(self.errors):
            return ""
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_errors(self, text):
        def seen():
            return text in self.read_errors()
        wait_until("“%s” among the errors" % text, lambda: seen() or self.is_over())
        assert seen(), "“%s” was not said: %s" % (text, self.read_errors())

    def text(self):
        return self.output.decode("utf-8", "replace")

    def press(self, key):
        os.write(self.master, key)

    def close(self):
        self.pump()
        os.close(self.master)
        self.master = None

    def to_background(self):
        """The shell takes the terminal back."""
        os.kill(self.leader, signal.SIGUSR1)
        wait_until("in the background", lambda: os.tcgetpgrp(self.master) == self.leader)

    def wait_exit(self):
        wait_until("the end", self.is_over)
        return self.status

    def kill(self):
        """Not to leave anything behind after a test that failed."""
        for pid in (self.pid, self.leader) if self.status is None else (self.pid,):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.status is None:
            os.waitpid(self.leader, 0)
        if self.home.is_held():
            self.home.let_go()
        if self.master is not None:
            os.close(self.master)
        os.close(self.report)


def run_tests(tests):
    """Pairs of name and function, as TAP; with an argument only those whose name holds it."""
    number = failed = 0
    for name, test in tests:
        number += 1
        if len(sys.argv) > 1 and sys.argv[1] not in name:
            print("ok %d - %s # SKIP" % (number, name), flush=True)
            continue
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print("not ok %d - %s" % (number, name), flush=True)
            print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
    print("1..%d" % number)
    return failed != 0


def process_state(pid):
    """R, S, D, T (stopped), Z (dead), or nothing when there is no such process."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def exit_code(status):
    assert os.WIFEXITED(status), "killed by signal %d" % os.WTERMSIG(status)
    return os.WEXITSTATUS(status)
