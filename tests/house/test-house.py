#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/house/run: it runs on this tree and prints every section, and counts a small house right."""

import os
import subprocess
import sys
import tempfile

RUN = os.path.join(os.environ["SOURCE_ROOT"], "tests", "house", "run")
SECTIONS = ("Files and lines a folder", "Files (", "Functions", "Comments", "Duplicates", "Arrows",
            "Exported functions")
UPPER = """/* one line of comment */
#include "lower/ofl-lower.h"

static int
twice (int value, int by)
{
  int table[] = { 1, { 2 } };

  if (value > 1)
    {
      for (;;)
        {
          break; /* } */
        }
    }
  return ofl_lower ("{", '{');
}
"""
LOWER_HEADER = "int ofl_lower (const char *text, int c);\nint ofl_unused (void);\n"
LOWER = """#include "ofl-lower.h"

int
ofl_lower (const char *text, int c)
{
  return 1;
}

int
ofl_unused (void)
{
  return 2;
}
"""
ROWS = {"Functions": ["production 3; 4 / 13 / 13; 0.67, 2; 1.33, 0, 2"],
        "Files (": ["core 15 / 17 / 17; 2 / 2 / 2"],
        "Comments": ["core 3.6 %"],
        "Arrows": ["core/upper -> core/lower 1", "circles of folders 0"],
        "Exported functions": ["all 2", "used once 1",
                               "ofl_unused (core/lower/ofl-lower.c) used never"]}
ok = True
cases = 0


def check(what, good, shown=""):
    global ok, cases
    cases += 1
    ok = ok and good
    print("%sok %d %s" % ("" if good else "not ", cases, what))
    if not good:
        print("".join("# %s\n" % line for line in shown.splitlines()), end="")


def call(*words):
    done = subprocess.run((RUN,) + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    return done.returncode, done.stdout


def sections_in(said):
    """The rows below each title, without their columns' blanks."""
    found = {}
    for block in said.strip().split("\n\n"):
        title, _, rows = block.partition("\n")
        name = next((name for name in SECTIONS if title.startswith(name)), title)
        found[name] = [" ".join(row.split()) for row in rows.splitlines()]
    return found


def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


status, said = call()
found = sections_in(said)
check("it runs on this tree", status == 0, said)
for name in SECTIONS:
    check("it prints: %s" % name.rstrip(" ("), len(found.get(name, [])) > 3, said)
with tempfile.TemporaryDirectory() as root:
    write(root, "core/upper/ofl-upper.c", UPPER)
    write(root, "core/lower/ofl-lower.c", LOWER)
    write(root, "core/lower/ofl-lower.h", LOWER_HEADER)
    status, said = call("--names", "--root", root)
    small = sections_in(said)
    for name, rows in ROWS.items():
        for row in rows:
            check("a small house: %s" % row, row in small.get(name, []), said)
print("1..%d" % cases)
sys.exit(0 if ok else 1)
