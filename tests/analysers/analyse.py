#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""analyse.py ANALYSER SOURCE BUILD [FOLDER…]: holds the tree at SOURCE against one analyser.

gcc and clang-tidy read the C files below the FOLDERs as the build in BUILD compiles them, cppcheck
reads all C files there, also those of another system; shellcheck, pyflakes and codespell read what
is theirs in the whole tree. What an analyser is not asked stands in off.ini beside this program,
each with its reason. One finding is enough to fail."""

import configparser
import json
import os
import re
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SHELL = re.compile(r"#!.*\b(?:bash|sh)\b|# shellcheck shell=|# SPDX.*\n# shellcheck shell=")
PYTHON = re.compile(r"#!.*\bpython3?\b")


def read_off(analyser):
    """What the analyser is not asked, from off.ini; without a reason nothing is switched off."""
    off = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    off.optionxform = str
    with open(os.path.join(HERE, "off.ini"), encoding="utf-8") as file:
        off.read_file(file)
    checks = dict(off[analyser]) if analyser in off else {}
    for check, reason in checks.items():
        if len(reason.split()) < 3:
            sys.exit("off.ini: %s of %s has no reason" % (check, analyser))
    return checks


def find_files(source):
    """The tree's files, as paths from its root."""
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders
                            if name != ".git" and not name.startswith("build") and name != "__pycache__")
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), source)


def read_head(path):
    with open(path, "rb") as file:
        return file.read(200).decode("utf-8", "replace")


def run(command, folder):
    """What a program wrote to both outputs, and its exit status."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, env=dict(os.environ, LC_ALL="C.UTF-8"))
    return done.stdout.decode("utf-8", "replace"), done.returncode


def is_below(path, folders):
    """Whether it is in one of the folders, or one of the files, that are named."""
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def compilations(source, build, folders):
    """(Path from the root, words of the command) of each C file below @folders but tests, each once."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    seen = set()
    for entry in entries:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), source)
        if path not in seen and "/tests/" not in path and is_below(path, folders):
            seen.add(path)
            yield path, shlex.split(entry["command"])


def drop_output(words):
    """A compile command without what it writes besides messages."""
    kept, words = [], iter(words)
    for word in words:
        if word in ("-o", "-MF", "-MQ", "-MT"):
            next(words)
        elif word not in ("-MD", "-MMD", "-Werror", "-c") and not word.startswith("-fdiagnostics-color"):
            kept.append(word)
    return kept


def ask_gcc(command, output):
    """The command as it compiles, but with the analyser. ccache knows what did not change, and
    repeats what was said of it: so it is given an output and a file of dependencies."""
    return command[:-1] + ["-fanalyzer", "-fdiagnostics-plain-output", "-O0", "-U_FORTIFY_SOURCE",
                           *("-Wno-" + name for name in sorted(read_off("gcc"))),
                           "-MD", "-MF", output + ".d", "-c", "-o", output, command[-1]]


def run_gcc(source, build, folders):
    count, findings = 0, []
    for path, words in compilations(source, build, folders):
        output = os.path.join(build, "analysed", path + ".o")
        os.makedirs(os.path.dirname(output), exist_ok=True)
        said, status = run(ask_gcc(drop_output(words), output), build)
        count += 1
        if said or status != 0:
            findings.append(said or "%s: gcc ended with %d" % (path, status))
    return count, findings


def ask_clang_tidy(path, command):
    """clang-tidy with the checks that find defects; it knows not all of gcc's warnings."""
    checks = ["-*", "bugprone-*", "cert-*", "misc-*", "performance-*", "portability-*"]
    checks += ["-" + name for name in sorted(read_off("clang-tidy"))]
    compiler = next(i for i, word in enumerate(command) if os.path.basename(word) != "ccache")
    return (["clang-tidy", "--quiet", "--config={}", "--checks=" + ",".join(checks), path, "--"]
            + [word for word in command[compiler + 1:-1] if not word.startswith("-W")])


def run_clang_tidy(source, build, folders):
    count, findings = 0, []
    for path, words in compilations(source, build, folders):
        said, status = run(ask_clang_tidy(os.path.join(source, path), drop_output(words)), build)
        count += 1
        # what it found in other people's headers is counted, but not shown
        said = re.sub(r"^\d+ warnings?(?: and \d+ errors?)? generated\.\n", "", said, flags=re.M)
        if said or status != 0:
            findings.append(said or "%s: clang-tidy ended with %d" % (path, status))
    return count, findings


def ask_cppcheck(names):
    return (["cppcheck", "-q", "--error-exitcode=1", "--enable=warning,performance,portability",
             "--inline-suppr", "--library=posix", "--library=gtk",
             "--library=" + os.path.join(HERE, "cppcheck.cfg"), "-I.", "-Icore",
             "--template={file}:{line}: {message} [{id}]", "--template-location="]
            + ["--suppress=" + name for name in sorted(read_off("cppcheck"))] + names)


def ask_shellcheck(names):
    off = ["--exclude=" + name for name in sorted(read_off("shellcheck"))]
    return ["shellcheck", "-x", "--format=gcc", *off] + names


def ask_pyflakes(names):
    return ["pyflakes3"] + names


def ask_codespell(names):
    return ["codespell", "--ignore-regex=" + "|".join(read_off("codespell"))] + names


def is_spoken(path):
    """Whether it is text in English: not a language of po, a picture, or the list of what is no mistake."""
    return not path.endswith((".png", ".po", "analysers/off.ini"))


def run_at_once(ask, wanted, source, folders):
    names = [path for path in find_files(source)
             if (not folders or is_below(path, folders)) and wanted(path)]
    said, status = run(ask(names), source)
    return len(names), [said or "it ended with %d" % status] if said or status != 0 else []


def find_left_out(source, build, folders):
    """Each of what is compiled must be in exactly one part, whose names are @folders together."""
    count, findings = 0, []
    for path, _ in compilations(source, build, ["app", "core", "ui"]):
        times = sum(is_below(path, [folder]) for folder in folders)
        count += 1
        if times != 1:
            findings.append("%s is in %d parts of tests/analysers/meson.build" % (path, times))
    return count, ["\n".join(findings)] if findings else []


def analyse(analyser, source, build, folders):
    """How many files were looked at, and what was found."""
    def begins_like(pattern):
        return lambda path: bool(pattern.match(read_head(os.path.join(source, path))))

    if analyser == "parts":
        return find_left_out(source, build, folders)
    if analyser == "gcc":
        return run_gcc(source, build, folders)
    if analyser == "clang-tidy":
        return run_clang_tidy(source, build, folders)
    ask, wanted = {
        "cppcheck": (ask_cppcheck, lambda path: path.endswith(".c")),
        "shellcheck": (ask_shellcheck, begins_like(SHELL)),
        "pyflakes": (ask_pyflakes, lambda path: path.endswith(".py") or begins_like(PYTHON)(path)),
        "codespell": (ask_codespell, is_spoken),
    }[analyser]
    return run_at_once(ask, wanted, source, folders)


def main():
    analyser, source, build = sys.argv[1], os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
    count, findings = analyse(analyser, source, build, sys.argv[4:])
    print("1..1")
    ok = count > 0 and not findings
    print("%s 1 - %s: %d files" % ("ok" if ok else "not ok", analyser, count))
    for line in "".join(findings).splitlines():
        print("# " + line)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
