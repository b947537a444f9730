#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job in another language: the user reads that language, its journal and its log are English.

test-languages.py SOURCE-ROOT XGETTEXT MSGFMT [ARG…]

The other language is English in brackets: a catalogue made here of all that is marked.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import glob

ROOT, XGETTEXT, MSGFMT, *ARGS = sys.argv[1:]
CTL = os.environ["OPTIFLASHCTL"]
LIMIT = int(os.environ.get("LIMIT", "300"))
HEADER = ('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
          '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n')


def bracketed(literal):
    """[…], inside the line's end."""
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literal))
    lead = re.match(r"(?:\\n)*", text).group(0)
    tail = re.search(r"(?:\\n)*$", text[len(lead):]).group(0)
    return '"%s[%s]%s"' % (lead, text[len(lead):len(text) - len(tail)], tail)


def translate(pot):
    """Every entry of @pot in brackets."""
    out = [HEADER]
    for entry in pot.split("\n\n")[1:]:
        parts = dict(re.findall(r'^(msgctxt|msgid|msgid_plural) ((?:".*"\n?)+)', entry, re.M))
        flags = "".join(re.findall(r"^#, .*\n", entry, re.M))
        if "msgid" not in parts:
            continue
        text = flags + "".join("%s %s\n" % (key, parts[key].strip())
                               for key in ("msgctxt", "msgid", "msgid_plural") if key in parts)
        if "msgid_plural" in parts:
            text += "msgstr[0] %s\nmsgstr[1] %s\n" % (bracketed(parts["msgid"]),
                                                     bracketed(parts["msgid_plural"]))
        else:
            text += "msgstr %s\n" % bracketed(parts["msgid"])
        out.append(text)
    return "\n".join(out)


def make_catalogue(folder):
    with open(ROOT + "/po/POTFILES", encoding="utf-8") as file:
        files = [line for line in file.read().split("\n") if line and not line.startswith("#")]
    subprocess.run([XGETTEXT, *ARGS, "--output=" + folder + "/all.pot", *files], cwd=ROOT,
                   check=True, capture_output=True)
    with open(folder + "/all.pot", encoding="utf-8") as file:
        text = translate(file.read())
    os.makedirs(folder + "/xx/LC_MESSAGES")
    with open(folder + "/xx.po", "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run([MSGFMT, "--check-format", "-o", folder + "/xx/LC_MESSAGES/optiflash.mo",
                    folder + "/xx.po"], check=True)


class Home:
    """Folders of one test, in the other language or in English."""

    def __init__(self, catalogue, drive="bu40n", language="xx"):
        self.dir = tempfile.mkdtemp(prefix="ofl-words-")
        self.drive = drive
        self.env = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": language,
                    "TEXTDOMAINDIR": catalogue, "HOME": self.dir}

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir, ignore_errors=True)

    def run(self, *args, faults=None):
        env = {**self.env, **({"OFL_PRACTICE_FAULTS": faults} if faults else {})}
        return subprocess.run([CTL, "--finder=none", "--practice-speed=0", "--in-process",
                               "--state-dir", self.dir + "/state", "--backup-dir",
                               self.dir + "/backups", *args], capture_output=True, text=True,
                              timeout=LIMIT, stdin=subprocess.DEVNULL, env=env, check=False)

    def image(self, revision="1.03", *variant):
        path = self.dir + "/new%s.bin" % "".join(variant)
        done = self.run("practice", "image", self.drive, revision, path, *variant)
        assert done.returncode == 0, done.stderr
        return path

    def flash(self, image, *args, faults=None):
        return self.run("flash", "practice:" + self.drive, image, "--yes", *args, faults=faults)

    def journal(self):
        lines = []
        for path in sorted(glob.glob(self.dir + "/state/journal/*.jsonl")):
            with open(path, encoding="utf-8") as file:
                lines += [json.loads(line) for line in file.read().split("\n")[:-1]]
        return lines


def assert_english(what, lines):
    """Brackets are the other language's; sense, CDBs and lists have none."""
    assert lines, "no %s" % what
    for line in lines:
        text = json.dumps(line, ensure_ascii=False)
        assert "[" not in text and "]" not in text, "%s is not English: %s" % (what, text)


def events(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_terminal_speaks_the_language(catalogue):
    with Home(catalogue) as home:
        done = home.flash(home.image())
        assert done.returncode == 0, done.stdout + done.stderr
        for words in ("[Identify the drive]", "[Back up]", "[Program]", "[Verify]",
                      "[Verified: read back and equal]",
                      "[HL-DT-ST BD-RE BU40N reports revision 1.03",
                      "[The drive holds the new firmware:", "[The drive is ready to use.",
                      "bytes read back and compared, [0 differ].]"):
            assert words in re.sub(r"\s+", " ", done.stdout), (words, done.stdout)
        end = [line for line in home.journal() if line["event"] == "end"]
        assert end and end[0]["verdict"] == "verified", end
        assert end[0]["what"].startswith("HL-DT-ST BD-RE BU40N reports revision 1.03"), end
        assert_english("the journal", home.journal())


def test_log_is_english(catalogue):
    with Home(catalogue) as home:
        done = home.flash(home.image(), "--json")
        log = [line for line in events(done) if line["event"] == "log"]
        assert len(log) > 5, len(log)
        assert_english("the log", log)
        ends = [line for line in events(done) if line["event"] == "result"]
        assert ends and ends[0]["verdict"] == "verified", ends
        assert ends[0]["what"].startswith("["), ends
        assert ends[0]["meaning"].startswith("["), ends
        assert ends[0]["next"].startswith("["), ends


def test_refusals_and_remedies(catalogue):
    with Home(catalogue) as home:
        done = home.flash(home.dir + "/missing.bin")
        assert "[The file “missing.bin” cannot be read:" in done.stderr, done.stderr
        image = home.image()
        home.flash(image)
        done = home.flash(image, "--json")
        end = [line for line in events(done) if line["event"] == "result"][0]
        assert end["verdict"] == "identical", end
        assert re.match(r"\[.*\]$", end["what"]) and re.match(r"\[.*\]", end["next"]), end
        assert_english("the log", [line for line in events(done) if line["event"] == "log"])


def practice_drives(home):
    return [line["id"] for line in events(home.run("practice", "list", "--json"))]


def revision_for(drive):
    return {"se506": "TS99", "sohw812s": "US99"}.get(drive, "9.99")


def test_judgements_and_plans(catalogue):
    """Of every practice drive: reasons and remedies are the other language's, and the plan, whose
    digest names it, is the same in each."""
    with Home(catalogue) as home:
        drives = practice_drives(home)
    assert len(drives) > 20, drives
    for drive in drives:
        digests = []
        for language in ("xx", "C"):
            with Home(catalogue, drive, language) as home:
                image = home.image(revision_for(drive))
                done = home.run("plan", "practice:" + drive, image, "--json", "--accept-warnings")
                lines = events(done)
                digests.append([(line.get("digest"), line.get("label"), line.get("text"))
                                for line in lines if line["event"] in ("plan", "step")])
                for line in lines:
                    if language == "xx" and line["event"] == "reason":
                        assert line["sentence"].startswith("["), (drive, line)
                        assert not line.get("remedy") or line["remedy"][0] in "[⟦", (drive, line)
        assert digests[0] == digests[1], drive


def test_facts(catalogue):
    """A fact that is words is shown in the language; what is recorded of it is English."""
    for drive, facts, layout in (("standard", r"\[\d+ bytes?\]", ""),
                                 ("gma4082n", r"\[0x[0-9A-F]+ bytes at [0-9A-F]{8}, header at", ""),
                                 ("sohw812s", "", r"\[(rebanked|straight)\]")):
        with Home(catalogue, drive) as home:
            done = home.run("info", "practice:" + drive)
            assert done.returncode == 0 and re.search(facts, done.stdout), (drive, done.stdout)
            inspected = home.run("inspect", home.image(revision_for(drive)))
            assert re.search(layout, inspected.stdout), (drive, inspected.stdout)
            if "[Check]" in inspected.stdout:
                assert re.search(r"\[Check\].*: \[(ok|absent|warning|changed)\], ", inspected.stdout), \
                    (drive, inspected.stdout)
            lines = events(home.run("info", "practice:" + drive, "--json"))
            assert_english("facts", [line["facts"] for line in lines if line.get("facts")]
                           or [{"none": drive}])


def test_failures(catalogue):
    for faults in ("bu40n=vanish 3b 3", "bu40n=hang 3b 4", "bu40n=fail 3b 5"):
        with Home(catalogue) as home:
            done = home.flash(home.image(), "--json", faults=faults)
            assert done.returncode != 0, (faults, done.stdout)
            end = [line for line in events(done) if line["event"] == "result"][0]
            for field in ("what", "meaning", "next"):
                assert "[" in end[field], (faults, field, end)
            assert "[" not in end.get("technical", ""), end
            assert_english("the log", [line for line in events(done) if line["event"] == "log"])
            assert_english("the journal", home.journal())


def test_english_is_unchanged(catalogue):
    with Home(catalogue, language="C") as home:
        done = home.flash(home.image())
        assert done.returncode == 0 and "[Verified" not in done.stdout, done.stdout
        assert "Verified: read back and equal" in done.stdout, done.stdout


def main():
    tests = [(name[5:].replace("_", "-"), function) for name, function in sorted(globals().items())
             if name.startswith("test_")]
    print("1..%u" % len(tests))
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        make_catalogue(folder)
        for number, (name, function) in enumerate(tests, 1):
            try:
                function(folder)
                print("ok %u %s" % (number, name), flush=True)
            except AssertionError as error:
                failed = True
                print("not ok %u %s" % (number, name))
                print("\n".join("# " + line for line in str(error).split("\n")), flush=True)
    sys.exit(failed)


main()
