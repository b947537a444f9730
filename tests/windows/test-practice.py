#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""optiflashctl.exe under Wine, as a user runs it: lists, plans, backs up, flashes and verifies practice
drives; files, journal and state are Windows' own."""

import json
import os
import subprocess
import sys
import tempfile

WINE, EXE = sys.argv[1:3]
cases = 0
ok = True


def check(what, good, shown=""):
    global cases, ok
    cases += 1
    ok = ok and good
    print("%sok %d %s" % ("" if good else "not ", cases, what), flush=True)
    if not good:
        print("".join("# %s\n" % line for line in shown.splitlines()[-40:]), end="", flush=True)


def run(folder, *words):
    """Exit status and what was printed, errors included."""
    done = subprocess.run((WINE, EXE) + words, cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=300)
    return done.returncode, done.stdout.decode("utf-8", "replace").replace("\r", "")


def events(text):
    found = []
    for line in text.splitlines():
        if line.startswith("{"):
            found.append(json.loads(line))
    return found


def verdict_of(text):
    return next((e.get("verdict") for e in reversed(events(text)) if "verdict" in e), None)


def job(folder, *words):
    return run(folder, "--json", *words, "--practice-speed=0", "--state-dir=state",
               "--backup-dir=backups")


def flash(folder, drive, revision, expected, *words):
    image = drive + ".bin"
    status, said = run(folder, "practice", "image", drive, revision, image)
    check("%s: an image is made" % drive,
          status == 0 and os.path.getsize(os.path.join(folder, image)) > 0, said)
    status, said = job(folder, "flash", "practice:" + drive, image, "--yes", *words)
    check("%s: flashed, %s" % (drive, expected), status == 0 and verdict_of(said) == expected, said)
    status, said = run(folder, "--json", "info", "practice:" + drive, "--state-dir=state")
    check("%s: names the new revision in the next program" % drive, status == 0 and revision in said, said)


def main():
    with tempfile.TemporaryDirectory() as folder:
        status, said = run(folder, "--json", "list", "--practice", "--finder=none")
        check("lists the practice drives", status == 0 and "practice:bu40n" in said, said)
        status, said = run(folder, "families", "SOHW-812S")
        check("finds a model by its name", status == 0 and "SOHW-812S" in said, said)
        flash(folder, "standard", "1.03", "confirmed", "--accept-no-backup", "--accept-warnings")
        flash(folder, "bu40n", "1.05", "verified")
        names = [name for _, _, files in os.walk(os.path.join(folder, "backups")) for name in files]
        check("bu40n: a backup with a manifest was stored",
              any(name.endswith(".json") for name in names), "\n".join(names))
        journals = os.listdir(os.path.join(folder, "state", "journal"))
        check("each write has a journal", len(journals) >= 2, "\n".join(journals))
        status, said = run(folder, "history", "--state-dir=state")
        check("history tells both", status == 0 and "verified" in said.lower()
              and "confirmed" in said.lower(), said)
        status, said = job(folder, "verify", "practice:bu40n", "bu40n.bin")
        check("verify: equal", status == 0, said)
        status, said = job(folder, "flash", "practice:bu40n", "none.bin", "--yes")
        check("a file that is not there is a usage error", status == 2, said)
        status, said = run(folder, "updater", "practice:bu40n", "x.exe")
        check("updater says that it is Linux' own", status == 2 and "Linux" in said, said)
    print("1..%d" % cases)
    return 0 if ok else 1


sys.exit(main())
