#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-new-family.py ROOT MESON NINJA: core/families/new makes, in a copy of the tree, a room that
builds without a warning and whose tests all fail and say what is to be filled in; and no room of the
tree has anything left to be filled in."""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

NAME = "zz9"
ROOM = os.path.join("core", "families", NAME)
FILES = ["README.md", "meson.build", f"ofl-practice-{NAME}.c", f"ofl-{NAME}-plan.c", f"ofl-{NAME}.c",
         f"ofl-{NAME}.h", f"tests/test-practice-{NAME}.c", f"tests/test-{NAME}.c", f"{NAME}.ini"]
TESTS = [f"tests/family/test-family-{NAME}", f"tests/family/test-practice-{NAME}"]
REFUSED = ["", "btc", "Zz9", "zz_9", "../zz9", "9z", "z", "kit", "name", "receiver"]
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"

count = 0
fine = True


def say(good, what, reasons=()):
    global count, fine
    count += 1
    fine = fine and bool(good)
    print(f"{'ok' if good else 'not ok'} {count} {what}", flush=True)
    for reason in reasons if not good else ():
        print(f"# {reason}")
    return good


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def copy_tree(root, target):
    """What is built stays behind; the build folders of a tree have any name."""
    def leave(folder, names):
        return [name for name in names if name in (".git", "__pycache__")
                or os.path.exists(os.path.join(folder, name, "build.ninja"))]
    shutil.copytree(root, target, ignore=leave, symlinks=True)


def run(command, cwd=None, **environment):
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.splitlines()


def list_files(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder)
                  for place, _, names in os.walk(folder) for name in names)


def headings(text):
    return re.findall(r"^## .*$", text, re.M)


def has_blanks(room):
    return [name for name in list_files(room) if "FILL" in read(room, name)]


def check_refusals(tree):
    before = list_files(tree)
    meson = read(tree, "meson.build")
    for name in REFUSED:
        status, output = run([os.path.join(tree, "core/families/new"), name])
        say(status != 0 and list_files(tree) == before and read(tree, "meson.build") == meson,
            f"refuses {name!r}", output)


def check_room(tree):
    meson = read(tree, "meson.build")
    status, output = run([os.path.join(tree, "core/families/new"), NAME])
    room = os.path.join(tree, ROOM)
    say(status == 0 and list_files(room) == FILES, "makes the room", [*output, *list_files(room)])
    say(all(SPDX in read(room, name) for name in FILES), "each of its files names its licence")
    marks = [name for name in FILES if re.search(r"@\w+@", read(room, name))]
    say(not marks, "nothing of the template's own is left", marks)
    btc = read(tree, "core/families/btc/README.md")
    say(headings(read(room, "README.md")) == headings(btc), "its README has btc's headings")
    changes = [line for line in difflib.ndiff(meson.splitlines(),
                                              read(tree, "meson.build").splitlines())
               if line[0] in "+-"]
    say(len(changes) == 2 and f"'{NAME}', 'standard']" in changes[1], "one line of meson.build",
        changes)
    say(run([os.path.join(tree, "core/families/new"), NAME])[0] != 0, "refuses a second time")


def build(tools, tree):
    return run([tools[1], "-C", os.path.join(tree, "build"), "core/liboptiflash-core.a", *TESTS])


def check_build(tools, tree):
    # with the options of tests/run, so that a compiler's cache has all but the room already
    status, output = run([tools[0], "setup", "build", "--werror", "-Dui=disabled"], cwd=tree)
    if not say(status == 0, "meson takes it", output[-20:]):
        return False
    status, output = build(tools, tree)
    return say(status == 0, "builds without a warning", output[-40:])


def check_test(tree, path):
    """Every test of a program is red, and its reason names something to be filled in."""
    status, output = run([os.path.join(tree, "build", path), "-k"], SOURCE_ROOT=tree,
                         LC_ALL="C.UTF-8")
    plan = [int(line[3:]) for line in output if re.fullmatch(r"1\.\.\d+", line)]
    red = [line for line in output if re.match(r"not ok \d+ \S+ - fill in: .{20}", line)]
    green = [line for line in output if line.startswith("ok ")]
    say(status != 0 and plan == [len(red)] and len(red) >= 5 and not green,
        f"{os.path.basename(path)}: {len(red)} tests are red and say why", output)
    return output


def check_tests(tree):
    output = [line for path in TESTS for line in check_test(tree, path)]
    for name in FILES:
        if "/" not in name and name != "meson.build":
            say(any(f"{ROOM}/{name}:" in line for line in output), f"lists what {name} lacks")


def check_warning(tools, tree):
    with open(os.path.join(tree, ROOM, f"ofl-{NAME}.c"), "a", encoding="utf-8") as file:
        file.write("\nstatic void\nnobody_calls (void)\n{\n}\n")
    status, output = build(tools, tree)
    say(status != 0 and any("nobody_calls" in line for line in output), "a warning would be seen")


def check_tree(root, new_room):
    families = os.path.join(root, "core", "families")
    rooms = [entry.path for entry in os.scandir(families)
             if os.path.exists(os.path.join(entry.path, "meson.build"))]
    left = [os.path.join(room, name) for room in rooms for name in has_blanks(room)]
    say(len(rooms) >= 10 and not left, f"nothing is left to fill in in {len(rooms)} rooms", left)
    say(len(has_blanks(new_room)) >= 8, "finds what a new room lacks")


def main():
    root, *tools = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        tree = os.path.join(folder, "tree")
        copy_tree(root, tree)
        check_refusals(tree)
        check_room(tree)
        check_tree(root, os.path.join(tree, ROOM))
        if check_build(tools, tree):
            check_tests(tree)
            check_warning(tools, tree)
    print(f"1..{count}")
    return 0 if fine else 1


sys.exit(main())
