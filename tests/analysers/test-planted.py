#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-planted.py ANALYSER…: each of them finds a fault that was planted for it in a small tree, as
analyse.py asks it, and says nothing of the same tree without the fault. So none is green because it was
told to look at nothing, or for nothing."""

import json
import os
import sys
import tempfile

import analyse

# In each: where the fault stands, with it and without it, and what must be said of it.
PLANTED = {
    "gcc": ("core/a.c", "#include <stdlib.h>\nint f (int n);\nint\nf (int n)\n{\n  char *p = malloc (4);\n\n"
            "  free (p);\n  %s\n  return n;\n}\n", "free (p);", "", "-Wanalyzer-double-free"),
    "clang-tidy": ("core/a.c", "#include <string.h>\nint f (char *p);\nint\nf (char *p)\n{\n  memset (p, %s);\n  return 0;\n}\n",
                   "300, 4", "30, 4", "bugprone-suspicious-memset-usage"),
    "cppcheck": ("core/a.c", "int f (void);\nint\nf (void)\n{\n  int a[4] = { 0 };\n\n  return a[%s];\n}\n",
                 "4", "3", "arrayIndexOutOfBounds"),
    "shellcheck": ("a", "#!/bin/bash\nrm -rf \"%s/\"*\n", "$1", "${1:?}", "SC2115"),
    "pyflakes": ("a.py", "import os\n%s\n", "", "print(os.name)", "imported but unused"),
    "codespell": ("a.md", "Now it is %s.\n", "wri" + "ten", "written", "written"),
}
COMPILE = "cc -O2 -MD -MQ a -MF a.d -o a.o -c %s"


def said_of(analyser, text):
    """What @analyser finds in a tree of one file, and of how many files it tells."""
    path = PLANTED[analyser][0]
    with tempfile.TemporaryDirectory() as folder:
        source, build = os.path.join(folder, "tree"), os.path.join(folder, "out")
        os.makedirs(os.path.join(source, "core"))
        os.makedirs(build)
        with open(os.path.join(source, path), "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(build, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump([{"directory": build, "file": "../tree/" + path, "command": COMPILE % ("../tree/" + path)}], file)
        folders = ["core"] if path.endswith(".c") else []
        count, findings = analyse.analyse(analyser, source, build, folders)
        return count, "".join(findings)


def check(analyser):
    """What is wrong with how @analyser is asked; nothing when it finds the fault and nothing else."""
    _, text, fault, right, wanted = PLANTED[analyser]
    count, said = said_of(analyser, text % fault)
    if count != 1 or wanted not in said:
        return "the planted fault was not found in %d files: %s" % (count, said)
    count, said = said_of(analyser, text % right)
    if count != 1 or said:
        return "found where nothing is wrong: %s" % said
    return ""


def main():
    bad = 0
    print("1..%d" % len(sys.argv[1:]))
    for number, analyser in enumerate(sys.argv[1:], 1):
        wrong = check(analyser)
        bad += bool(wrong)
        print("%s %d - %s finds what was planted" % ("not ok" if wrong else "ok", number, analyser))
        for line in wrong.splitlines():
            print("# " + line)
    return 1 if bad else 0


sys.exit(main())
