#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/run and tests/count.py themselves (a6): a wrong name, --help, a suite of which nothing ran,
a log that is not there, a failure and its reason, what meson's XML cannot show."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.environ["SOURCE_ROOT"]
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
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def write_log(folder, name, result, stdout, cases=None):
    """Meson's two logs of one TAP program. Its cases are the inner parts of their elements, as the
    XML has them; a case that fails where the program does is meant when none is given."""
    log = os.path.join(folder, "tests")
    if cases is None:
        cases = ["" if result == "OK" else "<failure/>"]
    with open(log + ".json", "w") as file:
        json.dump({"name": name, "result": result, "stdout": stdout, "duration": 1.0,
                   "returncode": 0 if result == "OK" else 1}, file)
    with open(log + ".xml", "wb") as file:
        file.write(b'<testsuites><testsuite name="optiflash.%s">' % name.encode())
        for case in cases:
            file.write(b'<testcase name="a case">%s</testcase>' % (
                case if isinstance(case, bytes) else case.encode()))
        file.write(b"</testsuite></testsuites>")
    return log


def count(*words):
    return call(sys.executable, os.path.join(SOURCE, "tests", "count.py"), *words)


def test_names():
    run = os.path.join(SOURCE, "tests", "run")
    status, said = call(run, "famly")
    check("a6: a wrong name is refused with the list", status == 2 and "unit family" in said, said)
    status, said = call(os.path.join(SOURCE, "app", "run"), "--help")
    check("app/run answers --help, and nothing runs",
          status == 0 and "usage" in said and "==" not in said, said)
    status, said = call(run, "--help")
    check("a6: --help is answered, and nothing runs",
          status == 0 and "usage" in said and "passed" not in said, said)


def test_others(folder):
    """What another build needs and is not here skips it: with its name, and before anything is made."""
    build = os.path.join(SOURCE, "tests", "others", "build")
    os.symlink(shutil.which("dirname"), os.path.join(folder, "dirname"))
    os.symlink(shutil.which("sed"), os.path.join(folder, "sed"))
    made = os.path.join(folder, "made")
    for name, tool in (("clang", "clang"), ("i386", "i686-linux-gnu-gcc"),
                       ("s390x", "s390x-linux-gnu-gcc")):
        done = subprocess.run([shutil.which("bash"), build, name, made], env={"PATH": folder, "HOME": folder},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        check("%s: what is missing is named, and skips it" % name, done.returncode == 77
              and "%s is not installed." % tool in done.stdout and not os.path.exists(made),
              done.stdout)
    done = subprocess.run([shutil.which("bash"), build, "vax", made], env={"PATH": folder, "HOME": folder},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    check("another name is refused with the list",
          done.returncode == 2 and "s390x" in done.stdout, done.stdout)


def test_count(folder):
    log = write_log(folder, "optiflash:unit / good", "OK", "ok 1 case\n")
    status, said = count("0", "0", log + "=unit")
    check("what passed", status == 0 and said.endswith("1 passed, 0 failed\n"), said)
    status, said = count("0", "0", log + "=unit family")
    check("a6: a suite of which nothing ran has failed",
          status == 1 and "the suite family has no test" in said, said)
    status, said = count("0", "1", log + "=unit")
    check("a bad end that no log shows", status == 1 and said.endswith("1 failed\n"), said)
    status, said = count("0", "1", os.path.join(folder, "other") + "=unit")
    check("a6: a log that was not written", status == 1 and "0 passed, 1 failed" in said, said)
    log = write_log(folder, "optiflash:unit / bad", "ERROR", "ok 1 x\nnot ok 2 y\n# why not\nok 3\n")
    status, said = count("0", "1", log + "=unit")
    check("a failure comes with its reason, and with nothing else",
          status == 1 and "not ok 2 y\n    # why not\n" in said and "ok 3" not in said, said)


def test_count_of_cases(folder):
    log = write_log(folder, "optiflash:unit / mixed", "OK", "",
                    ["", "<skipped/>", "", "<skipped/>"])
    status, said = count("0", "0", log + "=unit")
    check("a skipped case is neither passed nor failed, and is named",
          status == 0 and said.endswith("2 passed, 0 failed\n") and said.count("skipped ") == 2
          and "skipped optiflash.optiflash:unit / mixed: a case\n" in said, said)
    log = write_log(folder, "optiflash:unit / mixed", "ERROR", "not ok 2\n",
                    ["", "<failure/>", "<error/>"])
    status, said = count("0", "1", log + "=unit")
    check("each failed case counts, and its program and meson's own word do not once more",
          status == 1 and said.endswith("1 passed, 2 failed\n"), said)
    log = write_log(folder, "optiflash:unit / skip", "SKIP", "", ["<skipped/>"])
    status, said = count("0", "0", log + "=unit")
    check("nothing ran: what was skipped is no success",
          status == 1 and "nothing ran" in said and said.endswith("0 passed, 1 failed\n"), said)
    status, said = count("0", "0")
    check("nothing ran: no log at all",
          status == 1 and said.endswith("0 passed, 1 failed\n"), said)
    status, said = count("2", "0", write_log(folder, "optiflash:unit / good", "OK", "") + "=unit")
    check("a build that broke is a failure", status == 1 and said.endswith("1 passed, 2 failed\n"),
          said)


def test_count_of_damage(folder):
    """What a test prints goes into the XML as it is."""
    name = "optiflash:terminal / output"
    case = b"<system-out>\x1b[31m red \x00\x01\x08 \xff\xfe \xef\xbf\xbf</system-out>"
    status, said = count("0", "0", write_log(folder, name, "OK", "", [case, case]) + "=terminal")
    check("control bytes and torn UTF-8 do not end the count",
          status == 0 and said.endswith("2 passed, 0 failed\n"), said)
    log = write_log(folder, name, "ERROR", "not ok 1 \x1b[2J gone\n", [b"<failure>\x1b</failure>"])
    status, said = count("0", "1", log + "=terminal")
    check("nor hide a failure among them", status == 1 and said.endswith("0 passed, 1 failed\n"),
          said)
    log = write_log(folder, "optiflash:unit / slow", "TIMEOUT", "ok 1 a case\n", ["", ""])
    status, said = count("0", "1", log + "=unit")
    check("a time-out that the XML does not show is one failure, by name",
          status == 1 and said.endswith("2 passed, 1 failed\n")
          and "FAILED  optiflash:unit / slow: it did not come to a good end (TIMEOUT)\n" in said,
          said)


def write_lines(folder, executor, others):
    """What gcovr writes: each number says how often a line was run."""
    path = os.path.join(folder, "lines.json")
    files = {"core/flash/ofl-executor-send.c": executor, "core/scsi/ofl-sense.c": others,
             "app/optiflashd.c": [0] * 1000}
    with open(path, "w") as file:
        json.dump({"files": [{"file": name, "lines": [{"line_number": i + 1, "count": count, "gcovr/noncode": False}
                                                      for i, count in enumerate(counts)]}
                             for name, counts in files.items()]}, file)
    return path


def report(*words):
    return call(sys.executable, os.path.join(SOURCE, "tests", "coverage", "report.py"), *words)


def test_coverage(folder):
    status, said = report(write_lines(folder, [1] * 10, [3] * 80 + [0] * 10))
    check("90 % of core, and what is not core does not count",
          status == 0 and "    90 of    100 lines   90.0 %  core, all\n" in said, said)
    status, said = report(write_lines(folder, [1] * 10, [1] * 79 + [0] * 11))
    check("less is a failure", status == 1 and "fewer than 90 %" in said and "executor" not in said, said)
    status, said = report(write_lines(folder, [1] * 9 + [0], [1] * 90))
    check("one line of the executor is, too",
          status == 1 and "nothing runs: core/flash/ofl-executor-send.c:10\n" in said
          and "fewer" not in said, said)
    status, said = report(write_lines(folder, [], []))
    check("nothing was counted", status == 1 and "fewer than 90 %" in said, said)


test_names()
with tempfile.TemporaryDirectory() as folder:
    test_others(folder)
with tempfile.TemporaryDirectory() as folder:
    test_count(folder)
    test_count_of_cases(folder)
    test_count_of_damage(folder)
    test_coverage(folder)
print("1..%d" % cases)
sys.exit(0 if ok else 1)
