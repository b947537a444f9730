# SPDX-License-Identifier: GPL-3.0-or-later
"""One job of the maker's program in folders of its own, and the killing of one of its processes."""
import glob
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

CTL = os.environ["OPTIFLASHCTL"]
DRIVE = "practice:standard"
SIZE = 0x10000  # of an image
PIECE = 0x8000  # as the program sends it
# so slow that the drive burns as long as all the rest takes
SPEED = "0.5"
LIMIT = 300
STEP = 0.005
EXE = "maker.exe"


def wait_until(what, condition, limit=LIMIT):
    """Only against waiting for ever; how fast a machine is decides nothing."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited in vain: " + what)
        time.sleep(STEP)


def read(path, mode="r"):
    try:
        with open(path, mode, **({} if "b" in mode else {"errors": "replace"})) as file:
            return file.read()
    except OSError:
        return b"" if "b" in mode else ""


def namespace(pid):
    try:
        return os.readlink("/proc/%d/ns/pid" % pid)
    except OSError:
        return ""


def pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def stat_of(pid):
    """Name, state, parent; nothing when it has gone."""
    stat = read("/proc/%d/stat" % pid)
    if ")" not in stat:
        return None
    name, rest = stat[stat.index("(") + 1:stat.rindex(")")], stat[stat.rindex(")") + 2:].split()
    return name, rest[0], int(rest[1])


class Base:
    """What all trials share: Wine's prefix, the temporary files' folder, the program and its image."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="ofl-kills-")
        self.cache = self.dir + "/cache"
        self.tmp = self.dir + "/tmp"
        self.image = self.dir + "/image.bin"
        self.exe = self.dir + "/" + EXE
        for folder in (self.cache, self.tmp):
            os.mkdir(folder, 0o700)
        subprocess.run([CTL, "--finder=none", "practice", "image", "standard", "1.01", self.image],
                       check=True, stdout=subprocess.DEVNULL)
        # as makers have it: the image is in the program, where Optiflash finds it
        with open(self.exe, "wb") as file:
            file.write(read(os.environ["UPDATER_EXE_X86_64"], "rb") + read(self.image, "rb"))

    def close(self, keep=False):
        if keep:
            print("# kept: " + self.dir)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)


def leftovers(base):
    return (glob.glob(base.tmp + "/optiflash-updater-*")
            + [path for path in glob.glob(base.cache + "/optiflash/wine/*")
               if os.path.basename(path) not in ("lock", "wine")])


class Place:
    """Where the job runs."""

    def __init__(self, base, name):
        self.base = base
        self.name = name


class Trial:
    def __init__(self, place, way, manner):
        self.place, self.base, self.way, self.manner = place.name, place.base, way, manner
        self.dir = tempfile.mkdtemp(prefix="trial-", dir=self.base.dir)
        self.client = self.bus = None
        self.victim = self.service_pid = None
        self.kept = False  # the job's process lives
        self.namespaces = set()
        self.environment = dict(os.environ)
        self.environment.update({
            "XDG_CACHE_HOME": self.base.cache, "TMPDIR": self.base.tmp,
            "OFL_UPDATER_LIBDIR": os.environ["UPDATER_LIBDIR"],
            "OFL_TRIAL": self.dir, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/system-bus"})
        for name in ("state", "data", "config", "run"):
            path = self.dir + "/" + name
            os.mkdir(path, 0o700)
            self.environment["XDG_RUNTIME_DIR" if name == "run" else
                             "XDG_%s_HOME" % name.upper()] = path
        self.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        for pid in self.processes():
            self.send(pid)
        for process in (self.client, self.bus):
            if process is not None:
                process.wait()
        if kind is None or "OFL_KILLS_KEEP" not in os.environ:
            shutil.rmtree(self.dir, ignore_errors=True)

    def command(self, *args):
        return [CTL, "--finder=none", "--json", *args]

    def run(self, *args):
        done = subprocess.run(self.command("--in-process", "--practice-speed=0", *args), text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, env=self.environment,
                              timeout=LIMIT)
        return done, [json.loads(line) for line in done.stdout.splitlines()]

    def start_bus(self):
        with open(self.dir + "/org.optiflash.Optiflash1.service", "w", encoding="utf-8") as file:
            file.write("[D-BUS Service]\nName=org.optiflash.Optiflash1\nExec=%s --idle-seconds=600\n"
                       % os.environ["OPTIFLASHD"])
        with open(self.dir + "/bus.conf", "w", encoding="utf-8") as file:
            file.write('<busconfig><type>session</type><listen>unix:dir=%s</listen>'
                       '<servicedir>%s</servicedir><policy context="default">'
                       '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>'
                       '<allow own="*"/></policy></busconfig>' % (self.dir, self.dir))
        self.bus = subprocess.Popen(["dbus-daemon", "--nofork", "--print-address",
                                     "--config-file=" + self.dir + "/bus.conf"], text=True,
                                    stdout=subprocess.PIPE, env=self.environment)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().strip()

    def start(self):
        place = ["--in-process"]
        if self.place == "service":
            self.start_bus()
            place = []
        with open(self.dir + "/out", "w", encoding="utf-8") as out, \
                open(self.dir + "/errors", "w", encoding="utf-8") as errors:
            self.client = subprocess.Popen(
                self.command(*place, "--practice-speed=" + SPEED, "updater", DRIVE, self.base.exe,
                             self.base.image, "--argument=" + self.way, "--argument=" + self.manner,
                             "--argument=", "--hidden", "--yes", "--accept-no-backup"),
                stdin=subprocess.DEVNULL, stdout=out, stderr=errors, env=self.environment)

    def processes(self):
        """Pid to name of every process of this trial that lives, whoever its parent is by now."""
        all_of = {pid: stat for pid, stat in ((pid, stat_of(pid)) for pid in pids())
                  if stat is not None and stat[1] not in "ZX"}
        mark = ("OFL_TRIAL=" + self.dir + "\0").encode()
        found = {pid for pid in all_of if mark in read("/proc/%d/environ" % pid, "rb")}
        grown = True
        while grown:
            more = {pid for pid, stat in all_of.items() if stat[2] in found} - found
            found |= more
            grown = bool(more)
        inside = {namespace(pid) for pid in found} - {namespace(os.getpid()), ""}
        self.namespaces |= inside
        found |= {pid for pid in all_of if namespace(pid) in self.namespaces}
        return {pid: all_of[pid][0] for pid in found}

    def find(self, victim):
        """Its processes; bubblewrap has two, and either will do."""
        wanted = {"program": EXE, "wineserver": "wineserver", "bwrap": "bwrap",
                  "keeper": "optiflash-cage", "client": "optiflashctl", "service": "optiflashd"}
        names = self.processes()
        # bubblewrap's inner process follows the outer one only from the moment at which the cage stands
        if victim == "bwrap" and "sh" not in names.values():
            return []
        # a server that starts again for a program that has gone waits for its first client (updater 5)
        if victim == "wineserver" and EXE not in names.values():
            return []
        # one with -w only waits for the server
        return [pid for pid, name in sorted(names.items())
                if name.startswith(wanted[victim])
                and not (victim == "wineserver" and b"-w" in read("/proc/%d/cmdline" % pid, "rb"))]

    @staticmethod
    def send(pid):
        try:
            fd = os.pidfd_open(pid)
            signal.pidfd_send_signal(fd, signal.SIGKILL)
            os.close(fd)
            return True
        except ProcessLookupError:
            return False

    def kill_at(self, victim, moment):
        """At that moment, or at the first after it at which there is one; whether there was."""
        time.sleep(moment)
        while self.client.poll() is None:
            found = self.find(victim)
            if found and self.send(found[-1] if moment * 1000 % 2 < 1 else found[0]):
                self.victim = victim
                return True
            time.sleep(STEP)
        return False

    def own_was_killed(self):
        """The process that has the drive and the journal"""
        return self.victim == ("client" if self.place == "in-process" else "service")

    def cage_maker_was_killed(self):
        return self.victim == ("client" if self.place == "in-process" else "keeper")

    def late(self):
        """The program had done all that it does before it was killed: it had found the drive ready."""
        last = [line["answer"] for line in self.journal() if line["event"] == "command"][-1:]
        return (last and last[0].startswith("02/3A")
                and any("sent 100 of 100" in line.get("output", "") for line in self.journal()))

    def wait_end(self):
        self.client.wait(LIMIT)
        if self.victim == "client" and self.place == "service":
            wait_until("the job's end", self.is_over)

    def is_over(self):
        """The job has an end; or none was begun, and nobody is there who would begin it."""
        if any(line.get("event") == "end" for line in self.journal()):
            return True
        found = self.processes().values()
        return not self.journal_paths() and "optiflash-cage" not in found

    def settle(self):
        """Nothing of the cage lives on."""
        stays = ("dbus-daemon", "optiflashd")
        wait_until("the end of what was started", lambda: not [
            name for name in self.processes().values() if not name.startswith(stays)], 60)
        self.cells = self.read_cells()
        self.entries = [json.loads(line) for line in
                        read(self.dir + "/out").splitlines() if line.endswith("}")]
        self.result = next((entry for entry in self.entries if entry.get("event") == "result"), None)

    def state_path(self):
        return self.dir + "/state/optiflash/practice/standard.state"

    def read_cells(self):
        """What the drive holds; nothing when it is as it came from the factory."""
        data = read(self.state_path(), "rb")
        return data[data.index(b"\n") + 1:] if b"\n" in data[:100] else b""

    def journal_paths(self):
        return sorted(glob.glob(self.dir + "/state/optiflash/journal/*.jsonl"))

    def journal(self):
        """All whole lines; a kill may have cut off the last."""
        lines = []
        for path in self.journal_paths():
            lines += [json.loads(line) for line in read(path).split("\n")[:-1] if line.strip("\0 ")]
        return lines

    def describe(self):
        return "%s; %s" % (self.result["verdict"] if self.result else "no result of a client",
                           self.result["what"] if self.result else "")
